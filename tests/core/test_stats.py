from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from tidu.core.stats import correlation, low_high, mean_sd, moments, rank_high, significant

NUMBER = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
COLUMN = st.lists(NUMBER, min_size=1, max_size=20).map(np.array)
HOLED = st.lists(NUMBER | st.just(np.nan), min_size=1, max_size=20).map(np.array)


# --- ranks --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(HOLED)
def test_ranks_are_the_minimum_ranks_of_the_seen(column: np.ndarray) -> None:
    ranks = rank_high(column, tolerance=0.0)
    seen = ~np.isnan(column)
    assert np.array_equal(np.isnan(ranks), ~seen)
    assert ranks[seen].tolist() == stats.rankdata(-column[seen], method="min").tolist()


@settings(max_examples=60, deadline=None)
@given(HOLED, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_rows(column: np.ndarray, random: object) -> None:
    order = np.array(random.sample(range(len(column)), len(column)))  # type: ignore[attr-defined]
    assert np.array_equal(rank_high(column[order]), rank_high(column)[order], equal_nan=True)


def test_scores_that_differ_in_the_last_digits_tie() -> None:
    # 0.1 + 0.2 is 0.30000000000000004: the same score for a reader. The tolerance is 1e-9 of the largest, here 1e-9.
    assert rank_high(np.array([0.1 + 0.2, 0.3, 1.0, 0.2])).tolist() == [2, 2, 1, 4]
    assert rank_high(np.array([1.0, 1.0 - 2e-9])).tolist() == [1, 2]
    assert rank_high(np.array([1.0, 1.0 - 5e-10])).tolist() == [1, 1]


def test_neighbours_tie_along_a_chain() -> None:
    assert rank_high(np.array([1.0, 0.95, 0.9, 0.5]), tolerance=0.06).tolist() == [1, 1, 1, 4]


def test_ranks_of_every_column_of_a_block() -> None:
    block = np.array([[[1.0, 5.0]], [[2.0, np.nan]], [[2.0, 6.0]]])
    assert rank_high(block)[:, 0, 0].tolist() == [3, 1, 1]
    assert np.array_equal(rank_high(block)[:, 0, 1], [2, np.nan, 1], equal_nan=True)


def test_nothing_seen_has_no_ranks() -> None:
    assert np.isnan(rank_high(np.array([np.nan, np.nan]))).all()


# --- moments ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(float, st.integers(4, 20), elements=st.floats(-1e3, 1e3).map(lambda value: round(value, 2))))
def test_skewness_and_kurtosis_are_the_bias_corrected_ones(column: np.ndarray) -> None:
    assume(np.ptp(column) > 0.1)
    n, mean, skew, kurt = moments(column)
    assert n == len(column)
    assert mean == pytest.approx(column.mean(), rel=1e-12, abs=1e-9)
    assert skew == pytest.approx(stats.skew(column, bias=False), rel=1e-6, abs=1e-6)
    assert kurt == pytest.approx(stats.kurtosis(column, bias=False), rel=1e-6, abs=1e-6)


def test_moments_by_hand() -> None:
    # 1, 2, 3, 10: mean 4, deviations −3, −2, −1, 6; m2 = 50/4 = 12.5, m3 = (−27 − 8 − 1 + 216)/4 = 45,
    # m4 = (81 + 16 + 1 + 1296)/4 = 348.5. g1 = 45/12.5^1.5 = 1.018234, G1 = g1 √(4·3)/2 = 1.763633.
    # g2 = 348.5/156.25 − 3 = −0.7696, G2 = 3/(2·1) · (5·(−0.7696) + 6) = 3.228.
    n, mean, skew, kurt = moments(np.array([1.0, 2.0, 3.0, 10.0]))
    assert (float(n), float(mean)) == (4.0, 4.0)
    assert skew == pytest.approx(45 / 12.5**1.5 * np.sqrt(12) / 2)
    assert kurt == pytest.approx(1.5 * (5 * (348.5 / 156.25 - 3) + 6))


def test_missing_values_are_passed_over_and_too_few_have_no_statistic() -> None:
    holed = moments(np.array([1.0, np.nan, 2.0, 3.0, 10.0, np.nan]))
    whole = moments(np.array([1.0, 2.0, 3.0, 10.0]))
    assert [float(value) for value in holed] == [float(value) for value in whole]
    assert np.isnan(moments(np.array([1.0, 2.0]))[2])
    assert np.isfinite(moments(np.array([1.0, 2.0, 4.0]))[2])
    assert np.isnan(moments(np.array([1.0, 2.0, 4.0]))[3])


@settings(max_examples=40, deadline=None)
@given(NUMBER, st.integers(3, 12))
def test_a_constant_column_has_no_skewness(value: float, count: int) -> None:
    _, _, skew, kurt = moments(np.full(count, value + 0.1))
    assert np.isnan(skew)
    assert np.isnan(kurt)


def test_moments_along_several_axes() -> None:
    block = np.arange(24.0).reshape(4, 3, 2) ** 2
    pooled = moments(block, (0, 1))
    for k in range(2):
        assert [float(part[k]) for part in pooled] == pytest.approx([float(part) for part in moments(block[..., k].ravel())])


# --- means, ranges, correlations ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(HOLED, st.sampled_from([0, 1]))
def test_mean_and_deviation_of_the_seen(column: np.ndarray, ddof: int) -> None:
    seen = column[~np.isnan(column)]
    mean, sd = mean_sd(column, ddof=ddof)
    if len(seen) == 0:
        assert np.isnan(mean)
    else:
        assert mean == pytest.approx(seen.mean(), rel=1e-9, abs=1e-9)
    if len(seen) <= ddof:
        assert np.isnan(sd)
    else:
        assert sd == pytest.approx(seen.std(ddof=ddof), rel=1e-9, abs=1e-6)


def test_low_and_high_pass_over_holes() -> None:
    low, high = low_high(np.array([[1.0, np.nan], [np.nan, np.nan], [-2.0, np.nan]]))
    assert np.array_equal(low, [-2.0, np.nan], equal_nan=True)
    assert np.array_equal(high, [1.0, np.nan], equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(float, st.tuples(st.integers(3, 10), st.integers(1, 4)), elements=st.integers(-50, 50).map(float)))
def test_correlations_are_pearsons(x: np.ndarray) -> None:
    assume((np.ptp(x, axis=0) > 0).all())
    wanted = np.atleast_2d(np.corrcoef(x, rowvar=False))
    assert correlation(x) == pytest.approx(wanted, abs=1e-9)
    holed = np.vstack([x, np.full(x.shape[1], np.nan)])  # a row without anything changes nothing
    assert correlation(holed) == pytest.approx(wanted, abs=1e-9)


def test_each_pair_is_correlated_over_the_rows_where_both_are_seen() -> None:
    x = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, np.nan], [np.nan, -9.0]])
    assert correlation(x)[0, 1] == pytest.approx(1.0)


@pytest.mark.parametrize("hole", [False, True])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 + 0.1])
def test_a_constant_column_correlates_with_nothing(value: float, hole: bool) -> None:
    x = np.array([[value, 1.0], [value, 2.0], [value, 4.0], [np.nan if hole else value, 8.0]])
    found = correlation(x)
    assert np.isnan(found[0, 1])
    assert np.isnan(found[0, 0])
    assert found[1, 1] == pytest.approx(1.0)


# --- significant digits -------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.floats(-1e15, 1e15, allow_nan=False, allow_subnormal=False), st.integers(3, 15))
def test_significant_digits_are_those_of_the_printed_form(value: float, digits: int) -> None:
    found = float(significant(np.array([value]), digits)[0])
    assert found == pytest.approx(float(f"{value:.{digits - 1}e}"), rel=2 * 10.0 ** -(digits - 1), abs=1e-300)
    assert float(significant(np.array([found]), digits)[0]) == pytest.approx(found, rel=1e-15)


def test_sums_in_another_order_agree_after_rounding() -> None:
    assert significant(np.array([0.1 + 0.2])).tolist() == significant(np.array([0.3])).tolist()
    assert np.isnan(significant(np.array([np.nan]))[0])
    assert significant(np.array([0.0])).tolist() == [0.0]
