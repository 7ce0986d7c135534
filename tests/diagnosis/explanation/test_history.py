"""A unit over the periods: lights at their cut-offs, progress against the year before."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.explanation.history import history, light, progress_index, years
from tidu.index.result import Index


def test_lights_turn_at_their_cut_offs() -> None:
    assert [light(score, 100) for score in (94.9, 95, 104.9, 105)] == ["red", "yellow", "yellow", "green"]
    assert light(80, 100, yellow=0.8, green=1.0) == "yellow"
    assert light(1, 0) is None


def test_history_has_every_node_and_period(five: Index) -> None:
    found = history(five, "x")
    assert set(found) == set(five.nodes) and set(found["d"]) == set(five.periods)
    assert found["ip"]["2021"] == (five.score("ip", "2021")["x"], five.rank("ip", "2021")["x"])


def test_years_have_progress_and_a_light(cities: Index) -> None:
    found = years(cities, "330100")
    assert [year.period for year in found] == list(cities.periods) and found[0].progress is None
    assert found[1].progress == pytest.approx(100 * found[1].score / found[0].score)
    assert {year.light for year in found} <= {"red", "yellow", "green"}


def test_progress_is_missing_beside_a_missing_or_empty_score() -> None:
    made = progress_index(np.array([0.0, 50.0, np.nan, 40.0, 44.0]))
    assert np.isnan(made[:4]).all() and made[4] == pytest.approx(110.0)


def test_nobody_climbs_where_others_drop_out() -> None:
    """Three units, the second leaves: the third stays last of those that are ranked in both."""
    from tidu import app
    from tidu.diagnosis.explanation.history import Moved, moved

    figures = {"unit": ["a", "b", "c"] * 2, "period": ["2022"] * 3 + ["2023"] * 3, "x": [3.0, 2.0, 1.0, 3.0, None, 1.0]}
    figures["y"] = figures["x"]
    index = app.make({"index": {"code": "left"}, "indicator": {"x": {"better": "higher"}, "y": {"better": "higher"}}}, figures)
    assert index.rank(period="2022")["c"] == 3 and index.rank(period="2023")["c"] == 2
    assert moved(index, "2022", "2023") == {"a": Moved(1, 1, 2), "c": Moved(2, 2, 2)}
