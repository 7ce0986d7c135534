"""Pairs made entities, the surest first, with codes and decisions against some."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.parties.joining import Pair, joined


def test_a_pair_that_would_join_two_codes_is_passed_over() -> None:
    pairs = [Pair(0, 1, 0.9), Pair(1, 2, 0.95), Pair(3, 4, 0.5)]
    assert joined(5, pairs, (0, 2), ()).tolist() == [0, 1, 1, 3, 3]
    assert joined(5, pairs, (), ()).tolist() == [0, 0, 0, 3, 3]
    assert joined(0, [], (), ()).tolist() == []


def test_what_people_decided_apart_stays_apart_through_others() -> None:
    pairs = [Pair(0, 1, 0.9), Pair(1, 2, 0.9), Pair(2, 3, 0.99)]
    assert joined(4, pairs, (), [(0, 3)]).tolist() == [0, 0, 2, 2]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1)), max_size=30),
    st.sets(st.integers(0, 9), max_size=4),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda x: x[0] != x[1]), max_size=4),
)
def test_what_must_stay_apart_does_and_nothing_is_joined_without_a_pair(
    told: list[tuple[int, int, float]], codes: set[int], apart: list[tuple[int, int]]
) -> None:
    pairs = [Pair(*one) for one in told]
    least = joined(10, pairs, sorted(codes), apart)
    assert all(least[one] != least[other] for one, other in apart)
    assert len({int(least[one]) for one in codes}) == len(codes)
    assert all(least[int(one)] == one for one in np.unique(least))
    free = joined(10, pairs, (), ())
    assert all(free[at] == free[int(least[at])] for at in range(10))
