"""The test of the gradient: parts that add up, samples that are what they say, the same bytes for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.geography.gradient import LEAST, Gradient, gradient
from tidu.diagnosis.geography.places import places
from tidu.diagnosis.geography.verdict import verdicts
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators import shipped
from tidu.indicators.panel import Panel

TEXT = """
[index]
code = "d"
[normalise]
onto = [1, 100]
[pillar.p]
[pillar.q]
weight = 2
[indicator.a]
parent = "p"
better = "higher"
[indicator.exports]
parent = "p"
better = "higher"
[indicator.b]
parent = "q"
better = "lower"
"""


def made(slope: float = -1.0, units: int = 90, years: int = 1, text: str = TEXT, noise: float = 0.05, lon: bool = True) -> Index:
    """An index (synthetic) whose figures fall with distance, on points that have nothing to do with it."""
    rng = np.random.default_rng(11)
    far = np.linspace(0, 1000, units)
    x = slope * far / 1000
    columns = ["a", "exports", "b", "distance_to_coast_km", "lon", "lat", "coastal"]
    values = np.full((units, years, 7), np.nan)
    for t in range(years):
        values[:, t, :3] = x[:, None] * [1, 1, -1] + noise * rng.normal(size=(units, 3))
    values[:, :, 3], values[:, :, 6] = far[:, None], (far < 100)[:, None]
    if lon:
        values[:, :, 4], values[:, :, 5] = rng.uniform(90, 120, (units, 1)), rng.uniform(20, 40, (units, 1))
    belt = tuple("near" if d < 333 else "middle" if d < 667 else "far" for d in far)
    panel = Panel.of(
        [f"u{k:02}" for k in range(units)], [str(2010 + t) for t in range(years)], columns, values, groups={"region4": belt}
    )
    return build(Framework.parse(text), panel)


@pytest.fixture(scope="module")
def found() -> Gradient:
    return gradient(made(years=3), permutations=199)


@pytest.fixture(scope="module")
def cities() -> Gradient:
    return gradient(app.make("city-ip-core"), 2023, permutations=199)


def test_indicators_add_up_to_the_slope_of_every_sample(found: Gradient, cities: Gradient) -> None:
    for one in (found, cities):
        for sample, group in (("all", ""), ("inside", one.belts[0]), ("beyond", "")):
            whole = one.slope(one.root, "distance", sample, group)
            assert whole is not None
            parts = [force.part for force in one.forces if force.sample == sample]
            assert sum(parts) == pytest.approx(whole.line.slope, abs=1e-12) and one.rest[sample] == pytest.approx(0, abs=1e-12)
            assert sum(force.share for force in one.forces if force.sample == sample) == pytest.approx(1)


def test_parts_add_up_under_a_geometric_mean() -> None:
    one = gradient(made(text=TEXT + '[aggregate]\nmethod = "geometric"\n'), permutations=99)
    whole = one.slope("d")
    assert whole and sum(force.part for force in one.forces if force.sample == "all") == pytest.approx(whole.line.slope, abs=1e-9)


def test_a_lower_is_better_indicator_is_turned_round_first(found: Gradient) -> None:
    """b rises with distance and less of it is better, so that its score falls and makes the gradient."""
    assert all(force.part < 0 and force.r < -0.9 for force in found.forces if force.sample == "all")


def test_means_of_the_cities_are_those_of_the_gazetteer(cities: Gradient) -> None:
    score = cities.index.score(period="2023")
    east = [
        score[row["adcode"]]
        for row in shipped.table("gazetteer.csv")
        if row["region4"] == "东部" and row["in_city_yearbook"] == "1"
    ]
    east = [value for value in east if not np.isnan(value)]
    row = next(row for row in cities.means if (row.node, row.by, row.group) == (cities.root, "region4", "东部"))
    assert row.n == len(east) and row.mean == pytest.approx(np.mean(east))


def test_the_slope_of_the_cities_is_that_of_numpy(cities: Gradient) -> None:
    y = cities.index.scores[:, 2, -1]
    far = places(cities.index.panel).distance
    use = ~np.isnan(y)
    row = cities.slope(cities.root)
    assert row and row.line.slope == pytest.approx(np.polyfit(far[use] / 100, y[use], 1)[0]) and row.line.n == use.sum()


def test_samples_split_the_units(cities: Gradient) -> None:
    sizes = {(row.sample, row.group): row.line.n for row in cities.slopes if (row.node, row.on) == (cities.root, "distance")}
    assert sizes["beyond", ""] == sizes["all", ""] - sizes["inside", "东部"]
    assert sum(n for (sample, _), n in sizes.items() if sample == "inside") == sizes["within", ""] == sizes["all", ""]
    assert sizes["between", ""] == 4


def test_without_trade_is_an_index_without_trade(cities: Gradient) -> None:
    assert cities.removed == ("exports", "exports_per_gdp") and cities.without is not None
    left = cities.without.index.framework.leaves
    assert set(cities.index.framework.leaves) - set(left) == set(cities.removed)
    assert not {force.indicator for force in cities.without.forces} & set(cities.removed)
    assert cities.without.slope("output") == cities.slope("output") != cities.without.slope("performance")


def test_other_nodes_can_be_left_out() -> None:
    index = made()
    assert gradient(index, permutations=99, without=()).without is None
    one = gradient(index, permutations=99, without=["q"])
    assert one.without is not None and one.without.nodes == ("d", "p")
    nothing = gradient(index, permutations=99, without=["p", "q"])
    assert nothing.without is None and "nothing_left" in [item.code for item in nothing.left_out]
    with pytest.raises(UsageError):
        gradient(index, without=["z"])


def test_the_same_seed_gives_the_same_and_another_gives_other_orders() -> None:
    index = made(slope=-0.02)
    one, two, other = (gradient(index, permutations=199, seed=seed) for seed in (0, 0, 1))
    first, second = (repr((item.slopes, item.likeness, item.forces)) for item in (one, two))
    assert first == second
    assert [row.line.p for row in one.slopes] != [row.line.p for row in other.slopes]
    assert [row.line.slope for row in one.slopes] == [row.line.slope for row in other.slopes]


def test_no_orders_no_p_and_no_answer() -> None:
    index = made()
    bare = gradient(index, permutations=0)
    assert all(np.isnan(row.line.p) for row in bare.slopes) and all(np.isnan(row.moran.p) for row in bare.likeness)
    assert verdicts(bare)[0].answer == "untested"
    for how in ({"permutations": -1}, {"seed": -1}):
        with pytest.raises(UsageError):
            gradient(index, **how)


def test_what_cannot_be_measured_is_said_and_not_made_up() -> None:
    few = gradient(made(units=LEAST - 1), permutations=99)
    codes = [item.code for item in few.left_out]
    assert few.slopes == () and few.likeness == () and few.forces == () and few.mobility == ()
    assert {"few_units", "no_points", "one_period", "few_years"} <= set(codes)
    bare = gradient(made(lon=False), permutations=99)
    assert bare.likeness == () and {row.on for row in bare.slopes} == {"distance", "log_distance"}
    assert "no_points" in [item.code for item in bare.left_out]
    whole = bare.slope("d")
    assert whole and np.isnan(whole.effective)


def test_a_unit_without_a_distance_is_counted() -> None:
    index = made()
    lost = index.panel.values.copy()
    lost[0, 0, 3] = np.nan
    one = gradient(build(index.framework, replace(index.panel, values=lost)), permutations=99)
    assert {item.code: item.values for item in one.left_out}["no_distance"] == {"count": 1}
    whole = one.slope("d")
    assert whole and whole.line.n == 89


def test_moves_need_all_periods_and_are_counted(found: Gradient) -> None:
    one = next(item for item in found.mobility if item.node == "d")
    assert one.periods == ("2010", "2011", "2012") and one.units == 90 and one.whole.counts.sum() == 180
    assert (sum(part.counts for part in one.by_neighbours) == one.whole.counts).all()


def test_moves_without_places_have_no_neighbours_and_that_is_said() -> None:
    placed, bare = (gradient(made(years=3, lon=lon), permutations=99) for lon in (True, False))
    for one, other in zip(bare.mobility, placed.mobility, strict=True):
        assert one.by_neighbours == () and one.test is None and other.test is not None
        assert (one.whole.counts == other.whole.counts).all() and one.units == 90
    assert "no_points" in [item.code for item in bare.left_out]


def test_the_belts_are_those_that_the_index_file_names() -> None:
    index = made(text=TEXT + '[units]\nbelt="zone"\n', years=3)
    own = replace(index.panel, groups={"zone": index.panel.groups["region4"], "region4": ("x",) * 45 + ("y",) * 45})
    again = build(index.framework, own)
    assert gradient(again, permutations=99).belts == ("near", "middle", "far")
    assert gradient(again, permutations=99, belt="region4").belts == ("x", "y")
    with pytest.raises(UsageError) as caught:
        gradient(index, permutations=99)
    assert caught.value.code == "unknown_group" and "units.belt" in caught.value.text("en")


def test_convergence_is_measured_from_eight_years_on(found: Gradient) -> None:
    assert found.convergence is None
    long = gradient(made(years=8, units=20), permutations=99)
    assert long.convergence is not None and long.convergence.years[0] == 2010


def test_only_shown_units_are_measured() -> None:
    index = app.make("city-ip-core", show="key36")
    whole = gradient(index, 2023, permutations=99).slope("city-ip-core")
    assert whole and whole.line.n == index.scored(2023) < 37
