"""Theil, Gini and Dagum by hand, parts that add up, densities that integrate to one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tidu.diagnosis.geography.inequality import bandwidth, dagum, density, gini, theil_l, theil_parts, theil_t

FIGURES = arrays(float, st.integers(2, 30), elements=st.floats(0.01, 100.0))


def labels(n: int, seed: int) -> list[str]:
    return [f"g{k}" for k in np.random.default_rng(seed).integers(0, 3, n)]


@given(FIGURES, st.integers(0, 5), st.sampled_from("TL"))
def test_theil_within_and_between_add_up(y: np.ndarray, seed: int, kind: str) -> None:
    parts = theil_parts(y, labels(y.size, seed), kind)
    assert parts.within + parts.between == pytest.approx(parts.total, abs=1e-12)
    assert parts.between >= -1e-12


def test_theil_parts_by_hand() -> None:
    """1, 3 against 4, 4: shares of the sum 4/12 and 8/12, means 2 and 4 around 3."""
    parts = theil_parts(np.array([1.0, 3.0, 4.0, 4.0]), ["a", "a", "b", "b"])
    inside = (0.5 * math.log(0.5) + 1.5 * math.log(1.5)) / 2
    assert parts.within == pytest.approx(inside / 3)
    assert parts.between == pytest.approx(math.log(2 / 3) / 3 + 2 * math.log(4 / 3) / 3)
    other = theil_parts(np.array([1.0, 3.0, 4.0, 4.0]), ["a", "a", "b", "b"], "L")
    assert other.between == pytest.approx((math.log(3 / 2) + math.log(3 / 4)) / 2)
    assert other.within == pytest.approx(0.5 * (math.log(2) - math.log(3) / 2))


def test_one_has_all_and_all_are_equal() -> None:
    one = np.array([0.0, 0.0, 0.0, 8.0])
    assert theil_t(one) == pytest.approx(math.log(4)) and gini(one) == pytest.approx(3 / 4)
    assert theil_t(np.ones(5)) == pytest.approx(0) and theil_l(np.ones(5)) == pytest.approx(0) and gini(np.ones(5)) == 0


def test_what_ratios_cannot_measure_is_missing() -> None:
    assert np.isnan([theil_t(np.array([-1.0, 2.0])), theil_l(np.array([0.0, 2.0])), gini(np.zeros(3)), gini(np.array([]))]).all()
    parts = theil_parts(np.array([0.0, 2.0]), ["a", "b"], "L")
    assert np.isnan([parts.total, parts.within, parts.between]).all()
    assert np.isnan(dagum(np.array([-1.0, 2.0]), ["a", "b"]).within)


def test_a_group_of_zeros_has_no_share_of_the_sum() -> None:
    y = np.array([0.0, 0.0, 1.0, 3.0])
    parts, split = theil_parts(y, ["a", "a", "b", "b"]), dagum(y, ["a", "a", "b", "b"])
    assert parts.within + parts.between == pytest.approx(parts.total, abs=1e-12)
    assert split.within + split.between + split.transvariation == pytest.approx(gini(y), abs=1e-12)


@given(FIGURES, st.integers(0, 5))
def test_dagums_parts_add_up_to_gini(y: np.ndarray, seed: int) -> None:
    found = dagum(y, labels(y.size, seed))
    assert found.within + found.between + found.transvariation == pytest.approx(gini(y), abs=1e-12)
    assert min(found.within, found.between, found.transvariation) >= -1e-12


def test_dagum_by_hand() -> None:
    """1, 3 against 2, 6: Gini 16/48, inside 0.25 each, between 2.5/6 of which four fifths are net."""
    found = dagum(np.array([1.0, 3.0, 2.0, 6.0]), ["a", "a", "b", "b"])
    assert found.groups == pytest.approx({"a": 0.25, "b": 0.25}) and found.pairs == pytest.approx({("a", "b"): 2.5 / 6})
    assert (found.within, found.between, found.transvariation) == pytest.approx((1 / 8, 1 / 6, 1 / 24))


def test_groups_that_do_not_overlap_have_no_transvariation() -> None:
    found = dagum(np.array([1.0, 2.0, 5.0, 7.0]), ["a", "a", "b", "b"])
    assert found.transvariation == pytest.approx(0, abs=1e-15) and found.between > 0


@given(FIGURES, st.floats(0.1, 50))
def test_a_unit_of_measure_changes_nothing(y: np.ndarray, scale: float) -> None:
    assert [theil_t(y * scale), theil_l(y * scale), gini(y * scale)] == pytest.approx([theil_t(y), theil_l(y), gini(y)], abs=1e-9)


def test_weights_are_repetitions() -> None:
    y, weights = np.array([1.0, 4.0, 9.0]), np.array([3.0, 1.0, 2.0])
    again, group = np.repeat(y, [3, 1, 2]), ["a", "a", "a", "a", "b", "b"]
    for measure in (theil_t, theil_l, gini):
        assert measure(y, weights) == pytest.approx(measure(again))
    one, two = dagum(y, ["a", "a", "b"], weights), dagum(again, group)
    assert (one.within, one.between, one.transvariation) == pytest.approx((two.within, two.between, two.transvariation))


def test_a_density_integrates_to_one() -> None:
    y = np.array([1.0, 2.0, 2.5, 7.0])
    grid = np.linspace(-20, 30, 2001)
    assert float(np.trapezoid(density(y, grid), grid)) == pytest.approx(1, abs=1e-6)
    assert np.isnan(density(np.ones(4), grid)).all() and np.isnan(bandwidth(np.array([1.0])))


def test_silverman_takes_the_smaller_of_deviation_and_quartiles() -> None:
    y = np.array([0.0, 1.0, 2.0, 3.0, 1000.0])
    assert bandwidth(y) == pytest.approx(0.9 * 2 / 1.34 * 5**-0.2)
