"""A factor by itself: noise and shares at points of the unit cube."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.index.factor import Factor


def factor(**how: object) -> Factor:
    return Factor("f", "simplex", "weights", {}, nodes=("a", "b", "c"), width=3, **how)  # type: ignore[arg-type]


def test_noise_runs_from_one_less_to_one_more_spread() -> None:
    cube = np.array([[0.0, 0.5, 1.0]])
    assert factor(spread=0.25).multipliers(cube).tolist() == [[0.75, 1.0, 1.25]]
    assert factor(spread=0.25).multipliers(np.array([[0.0]])).tolist() == [[0.75] * 3]


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.sampled_from([(), (2.0, 3.0, 5.0)]))
def test_shares_are_a_point_of_the_simplex(point: list[float], alpha: tuple[float, ...]) -> None:
    shares = factor(alpha=alpha).shares(np.array([point]))
    assert shares.min() >= 0 and shares.sum() == pytest.approx(1.0)


def test_shares_by_hand_where_the_simplex_is_even() -> None:
    shares = factor().shares(1 - np.exp(-np.array([[1.0, 2.0, 5.0]])))  # exponentials 1, 2, 5
    assert shares[0] == pytest.approx([0.125, 0.25, 0.625])


def test_the_key_hangs_on_the_name_alone() -> None:
    assert factor().key == factor(spread=0.5).key == 1993550816  # CRC-32 of the letter f
