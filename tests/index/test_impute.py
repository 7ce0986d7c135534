from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.index.context import Context
from tidu.index.impute import IMPUTATIONS
from tidu.index.methods import REGISTRIES

NAN = np.nan
OPTIONS: dict[str, dict[str, Any]] = {"group_mean": {"by": "region"}, "group_median": {"by": "region"}, "multiple": {"m": 3}}
METHODS = sorted(REGISTRIES["impute"])  # those by a model are entered from a room of their own


def around(units: int, periods: int, codes: int, direction: np.ndarray | None = None) -> Context:
    return Context(
        units=tuple(f"u{i}" for i in range(units)),
        periods=tuple(str(2020 + i) for i in range(periods)),
        codes=tuple(f"c{i}" for i in range(codes)),
        direction=np.ones(codes) if direction is None else direction,
        groups={"region": tuple("ew"[i % 2] for i in range(units))},
    )


def fill(name: str, x: object, context: Context | None = None, **options: Any) -> np.ndarray:
    array = np.array(x, dtype=float)
    here = context or around(*array.shape)
    chosen = {**OPTIONS.get(name, {}), **options}
    method = IMPUTATIONS[name]
    found: np.ndarray = method.apply(array, method.fit(array, chosen, here), chosen, here)
    return found


def column(*values: float) -> np.ndarray:
    """One indicator, one period."""
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def series(*values: float) -> np.ndarray:
    """One unit, one indicator."""
    return np.array(values, dtype=float).reshape(1, -1, 1)


@st.composite
def blocks(draw: st.DrawFn) -> np.ndarray:
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    x = rng.normal(50, 10, (draw(st.integers(10, 14)), draw(st.integers(1, 3)), 3))
    x[5:][rng.random(x[5:].shape) < 0.25] = NAN  # the first five units are complete: every method has something to learn from
    return x


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=12, deadline=None)
@given(blocks())
def test_a_cell_that_is_seen_is_never_changed(name: str, x: np.ndarray) -> None:
    before = x.copy()
    found = fill(name, x)
    assert np.array_equal(x, before, equal_nan=True)
    assert found.shape == x.shape
    seen = ~np.isnan(x)
    assert np.array_equal(found[seen], x[seen])


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=10, deadline=None)
@given(blocks(), st.integers(0, 999))
def test_the_order_of_units_changes_nothing(name: str, x: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(x))
    here = around(*x.shape)
    turned = Context(
        units=tuple(here.units[i] for i in order),
        periods=here.periods,
        codes=here.codes,
        direction=here.direction,
        groups={"region": tuple(here.groups["region"][i] for i in order)},
    )
    assert fill(name, x[order], turned) == pytest.approx(fill(name, x, here)[order], rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", METHODS)
def test_nothing_is_filled_where_nothing_is_missing(name: str) -> None:
    x = np.random.default_rng(3).normal(size=(12, 2, 3))
    assert np.array_equal(fill(name, x), x)


@pytest.mark.parametrize("name", ["mean", "median", "group_mean", "row_mean", "regression", "nearest", "em"])
def test_what_was_learnt_from_some_fills_others(name: str) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(50, 10, (12, 1, 3))
    x[11, 0, 2] = NAN
    method, chosen = IMPUTATIONS[name], OPTIONS.get(name, {})
    fitted = method.fit(x, chosen, around(12, 1, 3))
    here = around(12, 1, 3)
    alone = Context(
        units=here.units[11:],
        periods=here.periods,
        codes=here.codes,
        direction=here.direction,
        groups={"region": here.groups["region"][11:]},
    )
    assert method.apply(x[11:], fitted, chosen, alone) == pytest.approx(fill(name, x)[11:])
    assert not np.isnan(fill(name, x)).any()


# --- by hand ------------------------------------------------------------------------------------------------------


def test_mean_and_median_of_the_seen() -> None:
    x = column(1, NAN, 3, 11)
    assert fill("mean", x)[1] == pytest.approx(5.0)  # (1 + 3 + 11) / 3
    assert fill("median", x)[1] == pytest.approx(3.0)
    assert fill("median", column(1, NAN, 3, 11, 20))[1] == pytest.approx(7.0)  # (3 + 11) / 2


def test_by_year_or_over_the_panel() -> None:
    x = np.array([[[1.0], [10.0]], [[3.0], [NAN]], [[NAN], [30.0]]])
    assert fill("mean", x)[:, :, 0][[2, 1], [0, 1]].tolist() == [2.0, 20.0]
    assert fill("mean", x, over="panel")[:, :, 0][[2, 1], [0, 1]].tolist() == [11.0, 11.0]  # (1 + 3 + 10 + 30) / 4


def test_means_of_other_years_are_not_taken_for_those_of_this_one() -> None:
    x = np.array([[[1.0], [10.0], [4.0]], [[3.0], [NAN], [6.0]]])
    method = IMPUTATIONS["mean"]
    fitted = method.fit(x, {"over": "year"}, around(2, 3, 1))
    with pytest.raises(MethodError) as caught:
        method.apply(x[:, :2], fitted, {"over": "year"}, around(2, 2, 1))
    assert caught.value.code == "frozen_periods"


def test_groups_and_a_group_without_figures() -> None:
    context = Context(groups={"region": ("e", "e", "w", "w", "n")})
    x = column(2, NAN, 10, 20, NAN)
    assert fill("group_mean", x, context).ravel() == pytest.approx([2, 2, 10, 20, NAN], nan_ok=True)
    assert fill("group_median", column(2, 4, NAN, 20, 1), Context(groups={"region": ("e", "e", "e", "w", "e")})).ravel()[2] == 2.0


def test_an_unknown_group_is_refused_with_the_nearest() -> None:
    with pytest.raises(MethodError) as caught:
        fill("group_mean", column(1, NAN), around(2, 1, 1), by="regoin")
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_group", "region")


def test_from_the_other_indicators_of_the_unit() -> None:
    # a runs 0–10, b 0–100, c 0–4 with lower better. Unit 3: a = 5 → 0.5, b = 100 → 1; c: mean 0.75 → 4 · (1 − 0.75) = 1.
    x = np.array([[[0.0, 0.0, 0.0]], [[10.0, 50.0, 4.0]], [[5.0, 100.0, NAN]]])
    context = around(3, 1, 3, direction=np.array([1.0, 1.0, -1.0]))
    assert fill("row_mean", x, context)[2, 0].tolist() == [5.0, 100.0, 1.0]


def test_the_median_of_the_other_indicators_is_not_their_mean() -> None:
    # On the common scale the unit has 0, 0.1 and 1 in three indicators: median 0.1, mean 0.3667; set back onto 0–100.
    x = np.array([[[0.0, 0.0, 0.0, 0.0]], [[10.0, 10.0, 10.0, 100.0]], [[0.0, 1.0, 10.0, NAN]]])
    assert fill("row_median", x)[2, 0, 3] == pytest.approx(10.0)
    assert fill("row_mean", x)[2, 0, 3] == pytest.approx(100 * 1.1 / 3)


def test_the_latest_figure_is_carried_forward_and_never_back() -> None:
    assert fill("carry_forward", series(NAN, 1, NAN, NAN, 5)).ravel() == pytest.approx([NAN, 1, 1, 1, 5], nan_ok=True)
    assert fill("carry_forward", series(NAN, 1, NAN, NAN, 5), limit=1).ravel() == pytest.approx([NAN, 1, 1, NAN, 5], nan_ok=True)


def test_a_step_function_has_constant_ends() -> None:
    assert fill("constant", series(NAN, 1, NAN, 5, NAN)).ravel().tolist() == [1, 1, 1, 5, 5]


def test_on_the_straight_line_between_neighbours() -> None:
    x = series(NAN, 1, NAN, NAN, 7, NAN)
    assert fill("linear", x).ravel().tolist() == [1, 1, 3, 5, 7, 7]
    assert fill("linear", x, ends=False).ravel() == pytest.approx([NAN, 1, 3, 5, 7, NAN], nan_ok=True)
    # With a limit a line needs both neighbours near; where one is near it stands alone, and never from further away.
    assert fill("linear", series(0, NAN, NAN, NAN, 8), limit=1).ravel() == pytest.approx([0, 0, NAN, 8, 8], nan_ok=True)
    assert fill("linear_or_constant", series(10, NAN, NAN, 40), limit=1).ravel().tolist() == [10, 10, 40, 40]
    assert fill("linear_or_constant", series(10, NAN, 40, NAN), limit=1).ravel().tolist() == [10, 25, 40, 40]
    assert fill("linear", series(10, NAN, NAN, 40), limit=1, ends=False).ravel() == pytest.approx([10, NAN, NAN, 40], nan_ok=True)
    assert fill("linear", series(10, NAN, NAN, 40), limit=2).ravel() == pytest.approx([10, 20, 30, 40])


def test_the_line_runs_in_time_and_not_in_steps() -> None:
    context = Context(periods=("2020", "2021", "2025"))
    assert fill("linear", series(0, NAN, 10), context).ravel().tolist() == [0, 2, 10]


@pytest.mark.parametrize("name", ["linear", "linear_or_constant", "constant", "carry_forward"])
def test_series_of_one_figure_and_of_none(name: str) -> None:
    wanted = {"linear": [NAN, 4, NAN], "linear_or_constant": [4, 4, 4], "constant": [4, 4, 4], "carry_forward": [NAN, 4, 4]}
    assert fill(name, series(NAN, 4, NAN)).ravel() == pytest.approx(wanted[name], nan_ok=True)
    assert np.isnan(fill(name, series(NAN, NAN, NAN))).all()
