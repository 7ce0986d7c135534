from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, TiduError, UsageError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

NAN = np.nan
LEAVES = {"a": ("p", "higher"), "b": ("p", "lower"), "c": ("q", "higher"), "e": ("q", "lower"), "f": ("d", "higher")}
STEPS = """
[index]
code = "d"
years = [2021, 2022]
[impute]
method = "median"
[treat]
method = "winsorise"
otherwise = "log"
[normalise]
onto = [1, 100]
[aggregate]
method = "geometric"
[pillar.p]
weight = 2
weighting = { method = "entropy" }
[pillar.q]
aggregate = { method = "arithmetic" }
"""


def framework(order: str = "abcef", text: str = STEPS) -> Framework:
    return Framework.parse(text + "".join(f"[indicator.{c}]\nparent='{LEAVES[c][0]}'\nbetter='{LEAVES[c][1]}'\n" for c in order))


def figures(seed: int = 0, units: int = 12) -> Panel:
    rng = np.random.default_rng(seed)
    x = rng.lognormal(2, 1, (units, 3, 5))
    x[rng.random(x.shape) < 0.05] = NAN
    x[:3] = np.nan_to_num(x[:3], nan=4.0)
    return Panel.of(
        [f"u{i}" for i in range(units)],
        ["2020", "2021", "2022"],
        list("abcef"),
        x,
        groups={"r": tuple("ew"[i % 2] for i in range(units))},
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.permutations(range(12)))
def test_the_order_of_units_changes_nothing(seed: int, order: list[int]) -> None:
    panel = figures(seed)
    first = build(framework(), panel)
    turned = build(framework(), panel.select([panel.units[i] for i in order]))
    assert turned.scores == pytest.approx(first.scores[order], rel=1e-9)
    assert np.array_equal(turned.ranks, first.ranks[order])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.permutations("abcef"), st.permutations("abcef"))
def test_the_order_of_indicators_in_file_and_table_changes_nothing(seed: int, file: list[str], table: list[str]) -> None:
    panel = figures(seed)
    first = build(framework(), panel)
    turned = build(framework("".join(file)), panel.select(columns=table))
    for node in (*LEAVES, "p", "q", "d"):
        assert list(turned.score(node).values()) == pytest.approx(list(first.score(node).values()), rel=1e-9)
    assert turned.rank() == first.rank()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.sampled_from("abcef"))
def test_turning_sign_and_direction_of_an_indicator_changes_nothing(seed: int, code: str) -> None:
    text = STEPS.replace('method = "winsorise"\notherwise = "log"', 'method = "none"')
    panel = figures(seed)
    better = "lower" if LEAVES[code][1] == "higher" else "higher"
    turned = panel.with_columns({code: -panel.column(code)})
    one = build(framework(text=text), panel)
    two = build(framework(text=text).put(f"indicator.{code}.better={better}"), turned)
    assert two.scores == pytest.approx(one.scores, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.floats(0.001, 1000))
def test_the_unit_of_measurement_changes_nothing(seed: int, times: float) -> None:
    panel = figures(seed)
    scaled = panel.with_columns({"a": panel.column("a") * times})
    one, two = build(framework(), panel), build(framework(), scaled)
    assert two.score() == pytest.approx(one.score(), rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500))
def test_every_score_lies_in_the_range_and_every_seen_cell_stands(seed: int) -> None:
    panel = figures(seed)
    index = build(framework(), panel)
    assert index.normalised.min() >= 1 - 1e-9
    assert index.normalised.max() <= 100 + 1e-9
    assert index.scores.min() >= 1 - 1e-9
    assert index.scores.max() <= 100 + 1e-9
    raw = panel.values[:, 1:]
    assert np.array_equal(index.raw, raw, equal_nan=True)
    seen = ~np.isnan(raw)
    assert np.array_equal(index.imputed[seen], raw[seen])
    assert np.array_equal(index.status == "I", ~seen)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500))
def test_a_build_leaves_file_and_figures_as_they_were_and_comes_out_the_same_again(seed: int) -> None:
    panel, made = figures(seed), framework()
    values, spec = panel.values.copy(), repr(made.spec)
    one, two = build(made, panel, seed=3), build(made, panel, seed=3)
    assert np.array_equal(panel.values, values, equal_nan=True)
    assert repr(made.spec) == spec
    assert np.array_equal(one.scores, two.scores)


def test_a_unit_that_is_better_in_everything_is_first_and_one_that_becomes_better_never_falls() -> None:
    panel = figures(4)
    made = framework(text=STEPS.replace('method = "winsorise"\notherwise = "log"', 'method = "none"'))
    best = panel
    for code, (_, better) in LEAVES.items():
        column = np.nan_to_num(panel.column(code), nan=4.0).copy()
        column[5] = column.max() + 1 if better == "higher" else column.min() / 2
        best = best.with_columns({code: column})
    assert build(made, best).rank()["u5"] == 1


# --- years --------------------------------------------------------------------------------------------------------


def test_only_the_years_named_are_scored_in_the_order_of_the_data() -> None:
    index = build(framework().put('index.years=["2022", "2021"]'), figures())
    assert index.periods == ("2021", "2022")
    assert index.scores.shape == (12, 2, 8)
    assert build(framework().put("index.years=[2022]"), figures()).periods == ("2022",)


def test_years_that_are_not_scored_still_serve_to_derive_and_to_fill() -> None:
    panel = Panel.of(["x", "y"], ["2020", "2021"], ["a"], [[[10.0], [12.0]], [[10.0], [15.0]]])
    head = "[index]\ncode='d'\nyears=[2021]\n"
    growth = build(Framework.parse(head + "[column.g]\ngrowth='a'\n[indicator.g]\nbetter='higher'\n"), panel)
    assert growth.raw[:, 0, 0] == pytest.approx([20.0, 50.0])
    carried = Framework.parse(head + "[impute]\nmethod='carry_forward'\n[indicator.a]\nbetter='higher'\n")
    assert build(carried, panel.with_value("x", "2021", "a", NAN, "O")).imputed[0, 0, 0] == 10.0


def test_bounds_come_from_the_years_scored() -> None:
    panel = Panel.of(["x", "y"], ["2020", "2021"], ["a"], [[[-90.0], [1.0]], [[90.0], [2.0]]])
    index = build(Framework.parse("[index]\ncode='d'\nyears=[2021]\n[indicator.a]\nbetter='higher'\n"), panel)
    assert index.score() == {"x": 0.0, "y": 100.0}


def test_a_year_that_the_data_lack_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        build(framework().put("index.years=[2025]"), figures())
    assert (caught.value.code, caught.value.address) == ("unknown_period", "index.years")


# --- whom it is of ------------------------------------------------------------------------------------------------

FLAT = "[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n"
FOUR = Panel.of(
    ["w", "x", "y", "z"], ["2021"], ["a"], [[[0.0]], [[10.0]], [[20.0]], [[40.0]]], groups={"r": ("e", "e", "e", "west")}
)


def test_bounds_are_of_one_universe_and_ranks_of_another() -> None:
    index = build(Framework.parse(FLAT + "[units]\nfit_on='core'\nshow='r=e'\n[universe.core]\nmembers=['x','y']\n"), FOUR)
    assert index.score() == {"w": -100.0, "x": 0.0, "y": 100.0, "z": 300.0}
    assert index.rank() == {"w": 3, "x": 2, "y": 1, "z": None}
    assert index.scored() == 3


@pytest.mark.parametrize(
    ("text", "code", "address"),
    [
        ("[units]\nfit_on='ee'\n", "unknown_universe", "units.fit_on"),
        ("[units]\nshow='nobody'\n", "unknown_universe", "units.show"),
        ("[units]\nshow='u'\n[universe.u]\nmembers=['x','q']\n", "universe_members", "universe.u.members"),
        ("[units]\nfit_on='u'\n[universe.u]\nmembers=[]\n", "empty_universe", "universe.u.members"),
    ],
)
def test_universes_that_are_not_there(text: str, code: str, address: str) -> None:
    with pytest.raises(UsageError) as caught:
        build(Framework.parse(FLAT + text), FOUR)
    assert (caught.value.code, caught.value.address) == (code, address)


def test_a_column_that_does_not_vary_is_refused_by_name() -> None:
    with pytest.raises(MethodError) as caught:
        build(Framework.parse(FLAT), FOUR.with_columns({"a": np.full((4, 1), 7.0)}))
    assert (caught.value.code, caught.value.address) == ("constant_column", "indicator.a")


def test_a_column_without_any_figure_is_refused_with_the_year() -> None:
    holes = figures().values.copy()
    holes[:, 1, 0] = NAN
    panel = Panel.of(figures().units, figures().periods, figures().columns, holes)
    with pytest.raises(TiduError) as caught:
        build(framework().put("impute.method=none"), panel)
    assert (caught.value.code, caught.value.address, caught.value.values["periods"]) == ("empty_column", "indicator.a", "2021")


def test_one_unit_alone_can_be_shown_without_bounds_being_asked_of_it() -> None:
    index = build(Framework.parse(FLAT + "[normalise]\nmethod='none'\n"), FOUR.select(["x"]))
    assert index.top() == [("x", 1, 10.0)]
