"""A unit over the periods: lights at their cut-offs, progress against the year before."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.explanation.history import Year, history, light, light_said, mean_so_far, progress_index, years
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
    assert found[0].light is None and {year.light for year in found[1:]} <= {"red", "yellow", "green"}


def test_a_light_of_the_past_knows_nothing_of_later_years(cities: Index) -> None:
    """Of a series 10, 20, 18, 60 the means so far are none, 15, 16, 27: 20/15 and 18/16 are green, 60/27 too."""
    scores = np.array([10.0, 20.0, 18.0, 60.0])
    means = [float(mean_so_far(scores, t)) for t in range(4)]
    assert np.isnan(means[0]) and means[1:] == [15.0, 16.0, 27.0]
    assert float(mean_so_far(np.array([100.0, 1, 2, 3, 4, 5]), 5)) == 3.0  # five periods at most
    from dataclasses import replace

    first = replace(cities, periods=cities.periods[:2], scores=cities.scores[:, :2], ranks=cities.ranks[:, :2])
    for unit in cities.units[:40]:
        assert [year.light for year in years(first, unit)] == [year.light for year in years(cities, unit)][:2]


def test_a_green_fall_and_a_red_rise_are_told() -> None:
    told = [light_said(Year("2023", 1.0, 1, progress, colour), "en") for colour, progress in (("green", 90.0), ("red", 110.0))]
    assert told == ["green (lower than the period before)", "red (higher than the period before)"]
    plain = [light_said(Year("2023", 1.0, 1, progress, colour), "zh") for colour, progress in (("green", 110.0), ("yellow", 90.0))]
    assert plain == ["绿", "黄"]


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
