"""The exact Kemeny order against brute force, and what is said when time runs out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.index.kemeny import kemeny_order, support_of

MATRICES = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.integers(0, 8), min_size=n * n, max_size=n * n).map(lambda row: square(row, n))
)


def square(row: list[int], n: int) -> np.ndarray:
    matrix = np.array(row, dtype=float).reshape(n, n)
    np.fill_diagonal(matrix, 0.0)
    return matrix


@settings(max_examples=40, deadline=None)
@given(MATRICES)
def test_no_order_has_more_support(matrix: np.ndarray) -> None:
    found = kemeny_order(matrix, seconds=20)
    best = max(support_of(matrix, order) for order in permutations(range(len(matrix))))
    assert found.exact
    assert found.support == pytest.approx(best) == pytest.approx(support_of(matrix, found.order))
    assert sorted(found.order) == list(range(len(matrix)))


def test_the_handbook_example_of_five_countries() -> None:
    """OECD/JRC Handbook 2008, Tables 36 and 37: the best support of the outranking matrix is 6.375."""
    matrix = np.array(
        [
            [0.0, 0.5, 0.375, 0.75, 0.625],
            [0.5, 0.0, 0.5, 0.625, 0.625],
            [0.625, 0.5, 0.0, 0.75, 0.625],
            [0.25, 0.375, 0.25, 0.0, 0.75],
            [0.375, 0.375, 0.375, 0.25, 0.0],
        ]
    )
    found = kemeny_order(matrix, seconds=20)
    assert found.support == pytest.approx(6.375)
    assert found.bound == pytest.approx(6.375)


def test_when_time_runs_out_the_incumbent_and_a_true_bound_are_given() -> None:
    rng = np.random.default_rng(3)
    votes = rng.normal(size=(70, 15))
    matrix = (votes[:, None, :] > votes[None, :, :]).mean(axis=2)
    np.fill_diagonal(matrix, 0.0)
    found = kemeny_order(matrix, seconds=0.2)
    assert found.support == pytest.approx(support_of(matrix, found.order))
    assert found.bound >= found.support - 1e-9
    assert found.bound <= np.triu(np.maximum(matrix, matrix.T), 1).sum() + 1e-9
    assert found.exact == (found.bound - found.support < 1e-6)
