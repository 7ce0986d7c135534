"""A unit's profile: standing beside its peers adds up, strengths differ significantly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.core.errors import UsageError
from tidu.diagnosis.explanation.peers import peers
from tidu.diagnosis.explanation.profile import difference, profile
from tidu.diagnosis.explanation.readings import coordination, reading
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel


def test_a_profile_adds_up(five: Index) -> None:
    group = peers(five, "v", group="region")
    found = profile(five, "v", against=group, count=2)
    lines = {line.code: line for line in found.nodes}
    assert [line.depth for line in found.nodes] == sorted(line.depth for line in found.nodes)
    assert lines["d"].score == five.score()["v"] and lines["d"].rank == five.rank()["v"]
    assert lines["d"].peers_mean == pytest.approx(np.mean([five.score()["w"], five.score()["x"]]))
    assert lines["d"].part == pytest.approx(lines["d"].gap)
    assert lines["ip"].part + lines["money"].part == pytest.approx(lines["d"].gap)
    assert lines["a"].part == pytest.approx(lines["a"].gap * five.weights()["a"])
    assert lines["d"].percentile == pytest.approx(100 * (5 - lines["d"].rank) / 4)  # type: ignore[operator]
    assert lines["a"].mean == pytest.approx(np.mean([five.score("a", t)["v"] for t in five.periods]))
    assert all(line.standing > 0 for line in found.strengths) and all(line.standing < 0 for line in found.weaknesses)
    assert {line.code for line in (*found.strengths, *found.weaknesses)} <= {"a", "b", "c"}


def test_a_join_that_cannot_be_split_still_has_a_profile(yearly: Callable[..., Index]) -> None:
    found = profile(yearly(1, "aggregate.method=kemeny"), "v")
    assert found.gap is None and np.isnan(found.nodes[0].part) and found.nodes[0].rank is not None


def test_a_unit_without_a_score_is_refused(yearly: Callable[..., Index]) -> None:
    index = yearly()
    panel = index.panel.with_value("v", "2023", "b", float("nan"))
    with pytest.raises(UsageError) as caught:
        profile(build(index.framework, panel), "v")
    assert caught.value.code == "not_scored"


def test_a_shipped_city(cities: Index) -> None:
    near = peers(cities, "长沙", by=["residents", "gdp_per_capita"], logs=True, count=8)
    found = profile(cities, "长沙", against=near)
    assert len(near.units) == 8 and "430100" not in near.units
    assert found.gap is not None
    assert sum(found.gap.indicators.values()) == pytest.approx(found.nodes[0].gap, abs=1e-9)
    assert all(line.source and line.lineage for line in found.figures)
    assert {line.light for line in found.nodes} <= {"red", "yellow", "green", None}
    ip = reading(cities, "长沙", ["output", "potential"])
    assert ip.score == pytest.approx(np.mean([cities.score(node)["430100"] for node in ("output", "potential")]))
    assert 0 < coordination(cities, "长沙").degree < 1


def test_strengths_and_weaknesses_are_what_differs_significantly(cities: Index) -> None:
    from scipy import stats

    near = peers(cities, "330800", by=["residents", "gdp_per_capita"], logs=True, count=10)
    found = profile(cities, "330800", against=near, count=99)
    t, u = len(cities.periods) - 1, cities.units.index("330800")
    places = [cities.units.index(unit) for unit in near.units]
    wanted: dict[str, float] = {}
    for code in cities.framework.leaves:
        k = cities.framework.nodes[code].place
        others = cities.scores[places, t, k]
        away = (cities.scores[u, t, k] - others.mean()) / (others.std(ddof=1) * np.sqrt(1.1))
        wanted[code] = 2 * stats.t.sf(abs(away), 9)
    assert {line.code: line.p for line in found.nodes if line.code in wanted} == pytest.approx(wanted)
    assert {line.code for line in (*found.strengths, *found.weaknesses)} == {code for code, p in wanted.items() if p < 0.1}
    assert all(line.gap > 0 for line in found.strengths) and all(line.gap < 0 for line in found.weaknesses)


def test_without_spread_or_company_nothing_is_significant() -> None:
    assert np.isnan(difference(np.array([3.0, 1.0]), np.array([[2.0, 1.0], [2.0, np.nan]]))).all()


def test_a_part_of_another_sign_than_its_gap_is_named() -> None:
    framework = Framework.parse(
        '[index]\ncode = "d"\n[normalise]\nonto = [1, 100]\n[aggregate]\nmethod = "geometric"\n'
        '[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n'
    )
    panel = Panel.of(["u", "v", "w", "x", "y"], ["2023"], ["a", "b"], [[[20, 50]], [[1, 40]], [[1, 60]], [[100, 0]], [[3, 100]]])
    found = profile(build(framework, panel), "u")
    lines = {line.code: line for line in found.nodes}
    assert lines["a"].gap < 0 < lines["a"].part  # 20 is below the mean of the others and a multiple of most of them
    assert found.turned == ("a",)
    assert profile(build(framework.put("aggregate.method=arithmetic"), panel), "u").turned == ()
