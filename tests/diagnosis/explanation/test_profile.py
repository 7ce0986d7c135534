"""A unit's profile: peers, standing, lineage, history, readings of pillars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, UsageError
from tidu.diagnosis.explanation.profile import (
    coordination,
    coupling,
    figures,
    history,
    light,
    nearest_rows,
    obstacles,
    peers,
    profile,
    progress_index,
    reading,
    years,
)
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[column.heads]
sum = ["men", "women"]
[pillar.ip]
weight = 3
[pillar.money]
[indicator.a]
parent = "ip"
better = "higher"
source = "yearbook"
unit = "件"
of = "mass"
per = "heads"
[indicator.b]
parent = "ip"
better = "lower"
[indicator.c]
parent = "money"
better = "higher"
"""
UNITS = ("v", "w", "x", "y", "z")
COLUMNS = ("mass", "men", "women", "b", "c")


def made(seed: int = 1, *changes: str) -> Index:
    x = np.random.default_rng(seed).uniform(1, 10, size=(5, 3, 5))
    panel = Panel.of(
        UNITS,
        ["2021", "2022", "2023"],
        COLUMNS,
        x,
        groups={"region": ("e", "e", "e", "w", "w")},
        lineage={"mass": "table 1", "men": "table 2", "c": "table 3"},
        universes={"some": ("v", "y")},
    )
    return build(Framework.parse(SPEC).put(*changes), panel)


@pytest.fixture(scope="module")
def index() -> Index:
    return made()


@pytest.fixture(scope="module")
def cities() -> Index:
    return app.make("city-ip-core")


# --- on arrays ----------------------------------------------------------------------------------------------------


def test_coupling_by_hand() -> None:
    c, t, d = coupling(np.array([[0.9, 0.1, 0.4], [0.0, 0.5, 0.5], [0.0, 0.0, 0.0]]), np.array([2.0, 1.0, 1.0]))
    assert c[0] == pytest.approx((0.9 * 0.1 * 0.4) ** (1 / 3) / (1.4 / 3))
    assert t[0] == pytest.approx(0.5 * 0.9 + 0.25 * 0.1 + 0.25 * 0.4)
    assert d[0] == pytest.approx(np.sqrt(c[0] * t[0]))
    assert c[1] == c[2] == d[1] == d[2] == 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(0, 99))
def test_coordination_lies_between_nought_and_one_whatever_the_order(row: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(row))
    x, w = np.array([row]), np.arange(1.0, len(row) + 1)
    first, second = coupling(x, w), coupling(x[:, order], w[order])
    for one, other in zip(first, second, strict=True):
        assert 0 <= one[0] <= 1
        assert one == pytest.approx(other, abs=1e-12)
    stops = obstacles(x, w)
    assert stops.sum() == pytest.approx(1.0) or np.all(x == 1)
    assert obstacles(x[:, order], w[order]) == pytest.approx(stops[:, order])


def test_figures_off_the_scale_are_refused() -> None:
    for function in (coupling, obstacles):
        with pytest.raises(MethodError) as caught:
            function(np.array([[0.5, 50.0]]), np.ones(2))
        assert (caught.value.code, caught.value.values["high"]) == ("not_zero_to_one", 50.0)


def test_lights_turn_at_their_cut_offs() -> None:
    assert [light(score, 100) for score in (94.9, 95, 104.9, 105)] == ["red", "yellow", "yellow", "green"]
    assert light(80, 100, yellow=0.8, green=1.0) == "yellow"
    assert light(1, 0) is None


def test_nearest_rows_by_hand() -> None:
    x = np.array([[0, 0, 7], [10, 0, 7], [0, 2, 7], [np.nan, 0, 7], [1, 1, 7]], dtype=float)
    places, away = nearest_rows(x, 0, 10)
    sd = np.nanstd(x, axis=0, ddof=1)
    wanted = {1: 10 / sd[0], 2: 2 / sd[1], 4: np.hypot(1 / sd[0], 1 / sd[1])}
    assert set(places.tolist()) == set(wanted)
    assert away.tolist() == pytest.approx([wanted[at] for at in places.tolist()])
    assert np.all(np.diff(away) >= 0)


# --- peers --------------------------------------------------------------------------------------------------------


def test_peers_by_columns_group_and_universe(index: Index) -> None:
    assert peers(index, "v").units == ("w", "x", "y", "z")
    assert peers(index, "v", group="region").units == ("w", "x")
    assert peers(index, "v", universe="some").units == ("y",)
    assert peers(index, "v", universe="region=w").units == ("y", "z")
    near = peers(index, "v", by=["men", "c"], count=2)
    x = index.panel.values[:, 2][:, [1, 4]]
    z = x / x.std(axis=0, ddof=1)
    away = np.sqrt(((z - z[0]) ** 2).sum(axis=1))
    assert near.units == tuple(UNITS[k] for k in np.argsort(away)[1:3])
    assert near.distances == pytest.approx(np.sort(away)[1:3])
    assert (near.how, near.by) == ("nearest", ("men", "c"))
    assert peers(index, "v", by=["heads"], logs=True, count=1).units[0] in UNITS[1:]


def test_peers_that_cannot_be_had_are_told(index: Index) -> None:
    for how, code in (
        ({"by": ["men"], "group": "region"}, "one_kind_of_peers"),
        ({"by": ["mne"]}, "unknown_column"),
        ({"group": "regoin"}, "unknown_group"),
        ({"universe": "nowhere"}, "unknown_universe"),
    ):
        with pytest.raises(UsageError) as caught:
            peers(index, "v", **how)  # type: ignore[arg-type]
        assert caught.value.code == code
        assert "{" not in caught.value.text("zh") + caught.value.text("en")
    with pytest.raises(UsageError) as caught:
        peers(made(1, "units.show=some"), "y", group="region")  # the other one of its region is not shown
    assert caught.value.code == "no_peers"


def test_a_hole_in_the_own_figure_leaves_nobody_near() -> None:
    index = made()
    panel = index.panel.with_value("v", "2023", "men", float("nan"))
    spec = "[index]\ncode='d'\n[indicator.b]\nbetter='higher'\n"
    with pytest.raises(UsageError) as caught:
        peers(build(Framework.parse(spec), panel), "v", by=["men", "c"])
    assert (caught.value.code, caught.value.values["columns"]) == ("no_figure_for_peers", "men")


# --- the profile --------------------------------------------------------------------------------------------------


def test_a_profile_adds_up(index: Index) -> None:
    group = peers(index, "v", group="region")
    found = profile(index, "v", against=group, count=2)
    lines = {line.code: line for line in found.nodes}
    assert [line.depth for line in found.nodes] == sorted(line.depth for line in found.nodes)
    assert lines["d"].score == index.score()["v"] and lines["d"].rank == index.rank()["v"]
    assert lines["d"].peers_mean == pytest.approx(np.mean([index.score()["w"], index.score()["x"]]))
    assert lines["d"].part == pytest.approx(lines["d"].gap)
    assert lines["ip"].part + lines["money"].part == pytest.approx(lines["d"].gap)
    assert lines["a"].part == pytest.approx(lines["a"].gap * index.weights()["a"])
    assert lines["d"].percentile == pytest.approx(100 * (5 - lines["d"].rank) / 4)  # type: ignore[operator]
    assert lines["a"].mean == pytest.approx(np.mean([index.score("a", t)["v"] for t in index.periods]))
    assert all(line.standing > 0 for line in found.strengths) and all(line.standing < 0 for line in found.weaknesses)
    assert {line.code for line in (*found.strengths, *found.weaknesses)} <= {"a", "b", "c"}


def test_history_has_every_node_and_period(index: Index) -> None:
    found = history(index, "x")
    assert set(found) == set(index.nodes) and set(found["d"]) == set(index.periods)
    assert found["ip"]["2021"] == (index.score("ip", "2021")["x"], index.rank("ip", "2021")["x"])


def test_figures_name_their_columns_sources_and_status() -> None:
    index = made()
    panel = index.panel.with_value("v", "2023", "women", 3.0, "E")
    found = {line.code: line for line in figures(build(index.framework, panel), "v")}
    assert found["a"].columns == ("mass", "men", "women")
    assert found["a"].lineage == {"mass": "table 1", "men": "table 2"}
    assert (found["a"].source, found["a"].unit, found["a"].status) == ("yearbook", "件", "E")
    assert found["c"].status == "A" and found["c"].columns == ("c",)
    values = panel.values[0, 2]
    assert found["a"].value == pytest.approx(values[0] / (values[1] + 3.0))


def test_a_filled_figure_is_shown_as_missing_and_used() -> None:
    index = made()
    panel = index.panel.with_value("v", "2023", "b", float("nan"), "O")
    index = build(index.framework.put("impute.method=mean"), panel)
    line = {line.code: line for line in figures(index, "v")}["b"]
    assert np.isnan(line.value) and not np.isnan(line.used) and line.status == "I"


def test_a_join_that_cannot_be_split_still_has_a_profile() -> None:
    found = profile(made(1, "aggregate.method=kemeny"), "v")
    assert found.gap is None and np.isnan(found.nodes[0].part) and found.nodes[0].rank is not None


def test_a_unit_without_a_score_is_refused() -> None:
    index = made()
    panel = index.panel.with_value("v", "2023", "b", float("nan"))
    with pytest.raises(UsageError) as caught:
        profile(build(index.framework, panel), "v")
    assert caught.value.code == "not_scored"


# --- readings of pillars ------------------------------------------------------------------------------------------


def test_a_reading_leaves_the_other_pillars_out(index: Index) -> None:
    alone = reading(index, "w", ["ip"])
    assert alone.score == pytest.approx(index.score("ip")["w"]) and alone.rank == index.rank("ip")["w"]
    both = reading(index, "w", ["money", "ip"])
    assert both.score == pytest.approx(both.total) and both.rank == both.total_rank
    with pytest.raises(UsageError) as caught:
        reading(index, "w", ["ip", "a"])
    assert caught.value.code == "nodes_overlap"
    with pytest.raises(UsageError):
        reading(index, "w", ["pi"])


def test_coordination_of_pillars(index: Index) -> None:
    found = coordination(index, "w")
    x = np.array([[index.score("ip")["w"], index.score("money")["w"]]]) / 100
    c, t, d = coupling(x, np.array([3.0, 1.0]))
    assert (found.coupling, found.level, found.degree) == pytest.approx((c[0], t[0], d[0]))
    assert sum(found.obstacles.values()) == pytest.approx(1.0)
    assert found.level == pytest.approx(index.score()["w"] / 100)
    assert list(found.obstacles.values()) == sorted(found.obstacles.values(), reverse=True)
    with pytest.raises(MethodError):
        coordination(index, "w", scale=(0, 1))


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


def test_the_same_region_of_a_shipped_city(cities: Index) -> None:
    attribute = next(iter(cities.panel.groups))
    group = peers(cities, "430100", group=attribute)
    inside = dict(zip(cities.units, cities.panel.groups[attribute], strict=True))
    assert {inside[unit] for unit in group.units} == {inside["430100"]}


def test_years_have_progress_and_a_light(cities: Index) -> None:
    found = years(cities, "330100")
    assert [year.period for year in found] == list(cities.periods) and found[0].progress is None
    assert found[1].progress == pytest.approx(100 * found[1].score / found[0].score)
    assert {year.light for year in found} <= {"red", "yellow", "green"}


def test_progress_is_missing_beside_a_missing_or_empty_score() -> None:
    made = progress_index(np.array([0.0, 50.0, np.nan, 40.0, 44.0]))
    assert np.isnan(made[:4]).all() and made[4] == pytest.approx(110.0)
