"""Against how many the order of a unit is undecided: by hand, beside every pair one by one, holes and ties, order of units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tidu.index.acceptability import rank_rows
from tidu.index.undecided import undecided


def pair_by_pair(ranks: NDArray[np.int32], level: float) -> list[int]:
    """The same, every pair looked at by itself."""
    found = []
    for a in range(ranks.shape[1]):
        open_to = 0
        for b in range(ranks.shape[1]):
            own, other = ranks[:, a], ranks[:, b]
            if a == b or not own.any() or not other.any():
                continue
            both = (own > 0) & (other > 0)
            wins, equal = int(np.sum((own < other) & both)), int(np.sum((own == other) & both))
            losses = int(both.sum()) - wins - equal
            open_to += not both.any() or (max(wins, losses) + 0.5 * equal) / int(both.sum()) < level
        found.append(open_to)
    return found


def test_by_hand() -> None:
    """Ten points: a is above b at nine, b above c at eight, a above c at all."""
    rows = [[1, 2, 3]] * 7 + [[1, 3, 2]] * 2 + [[2, 1, 3]]
    ranks = np.array(rows, dtype=np.int32)
    assert undecided(ranks, 0.9).tolist() == [0, 1, 1]
    assert undecided(ranks, 0.95).tolist() == [1, 2, 1]
    assert undecided(ranks, 0.8).tolist() == [0, 0, 0]


def test_two_groups_may_be_undecided_between_them() -> None:
    """x and z are decided, y is beside neither: whatever groups there are, y counts both."""
    ranks = np.array([[1, 2, 3]] * 8 + [[2, 1, 3]] * 6 + [[1, 3, 2]] * 6, dtype=np.int32)
    assert undecided(ranks, 0.9).tolist() == [1, 2, 1]


def test_who_is_ranked_nowhere_is_no_other_and_equal_ranks_count_half() -> None:
    ranks = np.array([[1, 1, 0], [1, 1, 0]], dtype=np.int32)
    assert undecided(ranks).tolist() == [1, 1, 0]
    never_together = np.array([[1, 0], [0, 1]], dtype=np.int32)
    assert undecided(never_together).tolist() == [1, 1]
    assert undecided(np.zeros((2, 3), dtype=np.int32)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("level", [0.6, 0.9, 0.95])
@given(st.integers(0, 10_000))
def test_as_every_pair_by_itself_and_in_any_order(level: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, points = int(rng.integers(2, 12)), int(rng.integers(1, 60))
    scores = rng.integers(0, units + 1, size=(points, units)).astype(float)
    scores[(rng.random(scores.shape) < 0.2) & bool(seed % 2)] = np.nan
    ranks = rank_rows(scores)
    if seed % 3 == 0:
        ranks = (rng.normal(np.arange(units), 1.0, size=(points, units)).argsort(1).argsort(1) + 1).astype(np.int32)
    found = undecided(ranks, level)
    assert found.tolist() == pair_by_pair(ranks, level)
    order = rng.permutation(units)
    assert undecided(ranks[:, order], level).tolist() == found[order].tolist()
    assert int(found.sum()) % 2 == 0
