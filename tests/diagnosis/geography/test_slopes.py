"""Lines by hand, permutations that stay in their groups, the effective size against its sum written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.diagnosis.geography.slopes import (
    between_line,
    chance,
    correlation_p,
    effective_size,
    line,
    permuted_line,
    shuffles,
    within_line,
)


def test_hc3_by_hand() -> None:
    """x 0, 1, 2 and y 0, 1, 0: residuals −1/3, 2/3, −1/3, leverages 5/6, 1/3, 5/6, so pushed ones are −2, 1, −2."""
    found = line(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]))
    assert (found.slope, found.r2) == pytest.approx((0, 0), abs=1e-15)
    assert found.error == pytest.approx(np.sqrt(8) / 2)
    assert found.high == pytest.approx(12.7062047 * np.sqrt(2)) and found.low == pytest.approx(-found.high)


def test_no_line_without_spread_or_points() -> None:
    for x, y in ((np.ones(5), np.arange(5.0)), (np.arange(2.0), np.arange(2.0))):
        assert np.isnan([line(x, y).slope, permuted_line(x, y, shuffles(x.size, 9, 0)).p]).all()
    flat = permuted_line(np.arange(5.0), np.ones(5), shuffles(5, 9, 0))
    assert flat.slope == 0 and np.isnan(flat.p) and np.isnan(flat.r2)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20), st.integers(0, 99))
def test_shuffles_are_permutations_inside_groups(groups: list[str], seed: int) -> None:
    label = np.array(groups)
    for row in shuffles(groups, 5, seed):
        assert sorted(row.tolist()) == list(range(len(groups))) and (label[row] == label).all()


def test_shuffles_hang_on_the_seed_alone() -> None:
    assert (shuffles(30, 20, 7) == shuffles(30, 20, 7)).all() and (shuffles(30, 20, 7) != shuffles(30, 20, 8)).any()


def test_p_is_near_the_share_of_all_orders() -> None:
    """Of the 24 orders of 0, 1, 2, 3 two are as steep as the steepest: p = 1/12."""
    x = np.arange(4.0)
    assert permuted_line(x, x, shuffles(4, 4999, 0)).p == pytest.approx(1 / 12, abs=0.012)
    assert chance(3.0, np.array([1.0, -3.0, 3.0])) == 0.75
    assert np.isnan(chance(1.0, np.array([])))


@given(st.integers(0, 200))
def test_within_and_between_make_up_the_whole_slope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = [f"g{k}" for k in rng.integers(0, 3, 12)] + ["g0", "g1", "g2"]
    x, y = rng.normal(size=15), rng.normal(size=15)
    drawn = shuffles(15, 3, 0)
    level = np.array([x[[g == one for g in groups]].mean() for one in groups]) - x.mean()
    share = float(level @ level / ((x - x.mean()) @ (x - x.mean())))
    parts = share * between_line(x, y, groups, drawn).slope + (1 - share) * within_line(x, y, groups, drawn).slope
    assert parts == pytest.approx(line(x, y).slope, abs=1e-9)


def test_a_slope_inside_groups_is_not_taken_for_one_between_them() -> None:
    rng = np.random.default_rng(0)
    groups = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    x = np.concatenate([rng.random(20) + at for at in (0, 10, 20)])
    y = np.repeat([30.0, 20.0, 10.0], 20) + rng.normal(size=60)
    assert permuted_line(x, y, shuffles(60, 199, 0)).p == 1 / 200
    assert between_line(x, y, groups, shuffles(60, 199, 0)).p == pytest.approx(1 / 6)  # three groups have six orders
    assert within_line(x, y, groups, shuffles(groups, 199, 0)).p > 0.05


def test_two_means_have_a_slope_but_nothing_to_explain() -> None:
    found = between_line(np.array([0.0, 0, 1, 1]), np.array([3.0, 3, 1, 1]), "aabb", shuffles(4, 99, 0))
    assert found.slope == -2 and np.isnan(found.r2) and found.n == 2 and np.isnan(found.p)
    assert np.isnan(between_line(np.ones(4), np.arange(4.0), "aabb", shuffles(4, 9, 0)).slope)


def test_the_effective_size_is_its_sum_written_out() -> None:
    rng = np.random.default_rng(1)
    n, classes = 25, 5
    at = rng.random((n, 2))
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    x, y = at[:, 0] + 0.1 * rng.normal(size=n), at[:, 0] ** 2 + 0.1 * rng.normal(size=n)
    a, b = x - x.mean(), y - y.mean()
    pairs: dict[int, list[tuple[int, int]]] = {}
    for i in range(n):
        for j in range(n):
            k = -1 if i == j else min(int(apart[i, j] / apart.max() * classes), classes - 1)
            pairs.setdefault(k, []).append((i, j))
    variance = 0.0
    for inside in pairs.values():
        one, two = (np.mean([z[i] * z[j] for i, j in inside]) for z in (a, b))
        variance += len(inside) * one * two
    variance /= n**2 * np.var(x) * np.var(y)
    found = effective_size(x, y, apart, classes)
    assert found == pytest.approx(1 + 1 / variance) and 2 < found < n


def test_smooth_columns_are_worth_fewer_points_than_rough_ones() -> None:
    rng = np.random.default_rng(2)
    at = np.linspace(0, 1, 80)
    apart = np.abs(at[:, None] - at[None, :])
    assert effective_size(at, np.sin(3 * at), apart) < 15 < 60 < effective_size(rng.normal(size=80), rng.normal(size=80), apart)
    assert np.isnan(effective_size(at, np.ones(80), apart))


def test_p_of_a_correlation() -> None:
    assert correlation_p(1.0, 9) == 0.0 and np.isnan(correlation_p(float("nan"), 9))
    assert correlation_p(0.3, 1000) < 1e-6 < correlation_p(0.3, 10)
