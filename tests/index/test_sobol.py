"""Sobol' indices of plain outputs: by their definition, of a function whose indices are known, and what estimates never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.index.sobol import Estimator, estimate, exact_indices, resamples_of
from tidu.index.uncertainty import unit_points


def by_definition(y: np.ndarray, counts: tuple[int, ...], i: int) -> tuple[float, float]:
    """First and total index of a factor, by conditional means and variances written out."""
    grid = y.reshape(counts)
    along = np.moveaxis(grid, i, 0).reshape(counts[i], -1)
    return float(np.var(along.mean(axis=1)) / np.var(y)), float(np.mean(np.var(along, axis=0)) / np.var(y))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_exact_indices_are_those_of_the_definition(seed: int, counts: list[int]) -> None:
    y = np.random.default_rng(seed).normal(size=(int(np.prod(counts)), 2))
    found = exact_indices(y, counts)
    if len(y) == 1:
        assert np.isnan(found.first).all() and not found.variance.any()
        return
    for out in range(2):
        for i in range(len(counts)):
            first, total = by_definition(y[:, out], tuple(counts), i)
            assert found.first[i, out] == pytest.approx(first, abs=1e-11)
            assert found.total[i, out] == pytest.approx(total, abs=1e-11)
            assert found.first[i, out] <= found.total[i, out] + 1e-12
    assert (found.first.sum(axis=0) <= 1 + 1e-9).all() and (found.total.sum(axis=0) >= 1 - 1e-9).all()


def test_an_additive_function_has_no_second_order() -> None:
    a, b = np.meshgrid([0.0, 1.0, 5.0], [0.0, 2.0], indexing="ij")
    found = exact_indices((a + b).reshape(-1), [3, 2])
    assert found.first.sum() == pytest.approx(1.0)
    assert found.second is not None and found.second[0, 1] == 0.0


def test_a_pure_interaction_is_all_second_order() -> None:
    a, b = np.meshgrid([-1.0, 1.0], [-1.0, 1.0], indexing="ij")
    found = exact_indices((a * b).reshape(-1), [2, 2])
    assert found.first.tolist() == [0.0, 0.0] and found.total.tolist() == [1.0, 1.0]
    assert found.second is not None and found.second[0, 1] == found.second[1, 0] == 1.0


def test_all_orders_of_two_factors_make_up_the_variance() -> None:
    y = np.random.default_rng(0).normal(size=12)
    found = exact_indices(y, [3, 4])
    assert found.second is not None
    assert found.first.sum() + found.second[0, 1] == pytest.approx(1.0)


def ishigami(z: np.ndarray) -> np.ndarray:
    x = 2 * np.pi * z - np.pi
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


@pytest.mark.parametrize("estimator", ["azzini", "janon_monod", "saltelli"])
def test_the_indices_of_the_ishigami_function(estimator: Estimator) -> None:
    cube = unit_points(6, 8192, seed=0)
    a, b = cube[:, :3], cube[:, 3:]
    first, total = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]
    for at in range(3):
        ab, ba = a.copy(), b.copy()
        ab[:, at], ba[:, at] = b[:, at], a[:, at]
        s, st_, variance = estimate(ishigami(a), ishigami(b), ishigami(ab), ishigami(ba), estimator=estimator)
        assert s == pytest.approx(first[at], abs=0.02) and st_ == pytest.approx(total[at], abs=0.02)
        assert variance == pytest.approx(13.8446, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_first_index_of_the_default_never_exceeds_its_total(seed: int) -> None:
    a, b, ab, ba = np.random.default_rng(seed).normal(size=(4, 16))
    first, total, _ = estimate(a, b, ab, ba)
    assert first <= total + 1e-12


def test_the_default_needs_its_fourth_set() -> None:
    with pytest.raises(UsageError) as caught:
        estimate(np.ones(3), np.ones(3), np.ones(3))
    assert caught.value.code == "estimator_points"


def test_estimates_do_not_hang_on_where_zero_is() -> None:
    a, b, ab, ba = np.random.default_rng(0).normal(size=(4, 64))
    for estimator in ("azzini", "janon_monod"):
        one = estimate(a, b, ab, ba, estimator=estimator)
        two = estimate(a + 1000, b + 1000, ab + 1000, ba + 1000, estimator=estimator)
        assert two == pytest.approx(one, rel=1e-6)


def test_resamples_weigh_every_point_and_add_up() -> None:
    rows = resamples_of(16, 50, seed=3)
    assert rows.shape == (50, 16) and rows.sum(axis=1) == pytest.approx(1.0) and (rows == resamples_of(16, 50, seed=3)).all()
    assert not (rows == 1 / 16).all() and rows.mean(axis=0) == pytest.approx(1 / 16, abs=0.04)
