from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.core.stats import moments
from tidu.index.context import Context
from tidu.index.treat import DEFAULT_LIMITS, TREATMENTS, exceeds, fit_box_cox, fit_winsorise

NAN = np.nan
METHODS = sorted(TREATMENTS)
OUTLIER = [1.0, 1, 2, 2, 3, 3, 90]


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def treat(name: str, x: np.ndarray, fit_on: np.ndarray | None = None, **options: Any) -> np.ndarray:
    method, context = TREATMENTS[name], Context(codes=tuple(f"c{k}" for k in range(x.shape[-1])))
    fitted = method.fit(x if fit_on is None else fit_on, options, context)
    found: np.ndarray = method.apply(x, fitted, options, context)
    return found


POSITIVE = st.lists(st.floats(0.01, 1e4).map(lambda value: round(value, 3)), min_size=4, max_size=25).map(
    lambda rows: column(*rows)
)


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=30, deadline=None)
@given(POSITIVE)
def test_order_is_kept_and_nothing_is_lost(name: str, x: np.ndarray) -> None:
    assume(x.max() > 1.5 and np.ptp(x) > 0.5)
    before = x.copy()
    found = treat(name, x)
    assert np.array_equal(x, before)
    assert found.shape == x.shape
    assert not np.isnan(found).any()
    order = np.argsort(x.ravel(), kind="stable")
    steps = np.diff(found.ravel()[order])
    assert (steps >= -1e-9 * max(1.0, np.abs(found).max())).all()
    same = np.diff(x.ravel()[order]) == 0
    assert steps[same] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", METHODS)
def test_holes_stay_holes(name: str) -> None:
    x = column(1, NAN, 2, 2, 3, 4, NAN, 90)
    found = treat(name, x)
    assert np.array_equal(np.isnan(found), np.isnan(x))
    assert found[~np.isnan(found)] == pytest.approx(treat(name, column(1, 2, 2, 3, 4, 90)).ravel())


@pytest.mark.parametrize("name", METHODS)
def test_columns_do_not_touch_each_other(name: str) -> None:
    rng = np.random.default_rng(1)
    x = rng.lognormal(1, 2, (20, 1, 3)) + 2
    whole = treat(name, x)
    for k in range(3):
        assert whole[..., k : k + 1] == pytest.approx(treat(name, x[..., k : k + 1]))


# --- limits -------------------------------------------------------------------------------------------------------


def test_a_column_exceeds_when_it_reaches_every_limit_named() -> None:
    x = column(*OUTLIER)
    _, _, skew, kurt = moments(x, (0, 1))
    assert skew > 2 and kurt > 3.5
    assert exceeds(x, DEFAULT_LIMITS).tolist() == [True]
    assert exceeds(x, {"skew": float(skew[0])}).tolist() == [True]
    assert exceeds(x, {"skew": float(skew[0]) + 1e-9}).tolist() == [False]
    assert exceeds(x, {"skew": 2.0, "kurtosis": 50.0}).tolist() == [False]
    assert exceeds(-x, DEFAULT_LIMITS).tolist() == [True]  # skewness counts on either side


def test_a_constant_or_tiny_column_exceeds_nothing() -> None:
    assert exceeds(column(1, 1, 1, 1), {"skew": 0.0}).tolist() == [False]
    assert exceeds(column(1, 9), {"skew": 0.0}).tolist() == [False]
    assert exceeds(column(NAN, NAN), {"skew": 0.0}).tolist() == [False]


# --- winsorising --------------------------------------------------------------------------------------------------


def test_one_point_is_drawn_in_to_its_neighbour() -> None:
    assert treat("winsorise", column(*OUTLIER)).ravel().tolist() == [1, 1, 2, 2, 3, 3, 3]
    assert treat("winsorise", -column(*OUTLIER)).ravel().tolist() == [-1, -1, -2, -2, -3, -3, -3]


def test_tied_points_move_together_and_count_as_one_step() -> None:
    # 50 and 50 stand alone at the top of twenty: one step takes both.
    x = column(*[1.0, 2, 3] * 6, 50, 50)
    fitted = fit_winsorise(x, at_most=1)
    assert fitted["high"].tolist() == [3.0]
    assert treat("winsorise", x, at_most=1).max() == 3.0


def test_no_more_steps_than_allowed_and_none_after_the_limits_are_met() -> None:
    x = column(*[1.0, 2, 3] * 6, 60, 80, 100)
    assert treat("winsorise", x, at_most=1).max() == 80.0
    assert treat("winsorise", x, at_most=2).max() == 60.0
    assert treat("winsorise", x, at_most=9).max() == 60.0  # kurtosis is below 3.5 by then
    assert treat("winsorise", x, at_most=9, when={"skew": 0.5}).max() == 3.0
    assert np.array_equal(treat("winsorise", column(1, 2, 3, 4, 5)), column(1, 2, 3, 4, 5))


def test_other_units_are_drawn_in_to_the_limits_that_were_learnt() -> None:
    x = column(*OUTLIER)
    assert treat("winsorise", column(-5, 2, 70), fit_on=x).ravel().tolist() == [1, 2, 3]


# --- transforms by hand -------------------------------------------------------------------------------------------


def test_logarithm_of_what_is_moved_above_zero() -> None:
    # low 2, high 12: ln(x − 2 + 0.01 · 10)
    found = treat("log", column(2, 7, 12)).ravel()
    assert found == pytest.approx([math.log(0.1), math.log(5.1), math.log(10.1)])


@pytest.mark.parametrize("low", [-0.5, 0.0, 2.0])
def test_logarithm_with_a_shift_of_ones_own(low: float) -> None:
    x = column(low, low + 3, low + 10)
    assert treat("log", x, shift=1.0).ravel() == pytest.approx([math.log(value + 1) for value in x.ravel()])


def test_a_shift_that_does_not_reach_above_zero_is_refused() -> None:
    with pytest.raises(MethodError) as caught:
        treat("log", column(-1, 2, 3), shift=1.0)
    assert caught.value.code == "log_shift"
    assert caught.value.address == "indicator.c0.treat"


def test_figures_below_the_fitted_minimum_count_as_the_minimum() -> None:
    fit_on = column(2, 7, 12)
    assert treat("log", column(-4, 2), fit_on=fit_on).ravel().tolist() == [math.log(0.1)] * 2
    assert treat("log_scaled", column(-4, 2), fit_on=fit_on).ravel().tolist() == [0.0, 0.0]


def test_the_logarithm_of_the_global_innovation_index() -> None:
    # ln((max − 1)(x − min)/(max − min) + 1), min 0, max 10: ln 1, ln(9 · 0.5 + 1), ln 10
    assert treat("log_scaled", column(0, 5, 10)).ravel() == pytest.approx([0, math.log(5.5), math.log(10)])
    with pytest.raises(MethodError) as caught:
        treat("log_scaled", column(0, 0.5, 1))
    assert caught.value.code == "log_scaled_range"


def test_signed_logarithm_and_square_root() -> None:
    assert treat("signed_log", column(-9, 0, 9)).ravel() == pytest.approx([-math.log(10), 0, math.log(10)])
    assert treat("square_root", column(0, 4, 9)).ravel().tolist() == [0, 2, 3]
    with pytest.raises(MethodError) as caught:
        treat("square_root", np.concatenate([column(1, 4), column(-1, 4)], axis=2))
    assert (caught.value.code, caught.value.address) == ("root_negative", "indicator.c1.treat")


def test_box_cox_with_a_given_exponent() -> None:
    assert treat("box_cox", column(1, 4, 9), lam=0.5).ravel() == pytest.approx([0, 2, 4])  # (√x − 1) / 0.5
    assert treat("box_cox", column(1, math.e), lam=0.0).ravel() == pytest.approx([0, 1])
    assert treat("box_cox", column(1, 4, 9), lam=1.0).ravel() == pytest.approx([0, 3, 8])


def test_box_cox_finds_the_logarithm_of_a_lognormal_column() -> None:
    x = np.exp(np.random.default_rng(4).normal(3, 1, 4000)).reshape(-1, 1, 1)
    assert fit_box_cox(x)["lam_"][0] == pytest.approx(0.0, abs=0.05)
    _, _, skew, _ = moments(treat("box_cox", x), (0, 1))
    assert abs(skew[0]) < 0.1


def test_figures_that_are_not_positive_are_moved_before_box_cox() -> None:
    found = treat("box_cox", column(-3, 0, 7), lam=0.5).ravel()  # moved by 3.1, the last to 10.1
    assert found[2] == pytest.approx(2 * (math.sqrt(10.1) - 1))


def test_drawn_in_to_two_quantiles() -> None:
    assert treat("percentile_clip", column(*range(5)), low=0.25, high=0.75).ravel().tolist() == [1, 1, 2, 3, 3]
    with pytest.raises(MethodError) as caught:
        treat("percentile_clip", column(1, 2), low=0.9, high=0.1)
    assert caught.value.code == "percentile_order"


def test_beyond_so_many_deviations_the_nearest_within_is_taken() -> None:
    x = column(*[1.0] * 6, *[2.0] * 6, 50)
    assert treat("exclude_outliers", x).ravel().tolist() == [1.0] * 6 + [2.0] * 6 + [2.0]
    assert np.array_equal(treat("exclude_outliers", x, deviations=99), x)


def test_around_the_median() -> None:
    # median 3, deviations 2, 1, 0, 1, 97 → median 1; limits 3 ± 3.5 · 1.4826
    assert treat("robust_z", column(1, 2, 3, 4, 100)).max() == pytest.approx(3 + 3.5 * 1.4826)
    assert treat("robust_z", column(1, 1, 1, 1, 100)).max() == 100  # half the column is alike: no scale to measure by


@settings(max_examples=60)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_winsorise_tests_its_limits_as_exceeds_does(rows: int, holes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.lognormal(0, 1.5, (rows + 1, 1, 3)).round(1)
    x[rng.permutation(rows + 1)[:holes], 0, 0] = np.nan
    assert fit_winsorise(x)["before"].tolist() == exceeds(x, DEFAULT_LIMITS).tolist()
