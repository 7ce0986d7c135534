"""Trimming: known corners, and what must hold whatever the plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.diagnosis.movement.trim import orders, trimmed


def test_a_median_of_three_needs_two() -> None:
    """The median of three shares reaches 0.4 when two of them do: each order drops its first lever and keeps the others at 0.4."""
    plans = trimmed(lambda rows: np.median(rows, axis=1) >= 0.4, np.ones(3), orders(np.array([3.0, 1.0, 2.0])))
    assert plans.shape == (6, 3) and np.sort(plans, axis=1) == pytest.approx(np.tile([0.0, 0.4, 0.4], (6, 1)), abs=1e-6)
    assert plans[0][1] == 0.0  # the smallest gain is dropped first


def test_orders_are_all_of_few_and_some_of_many() -> None:
    assert len({tuple(order) for order in orders(np.arange(4.0)).tolist()}) == 24
    many = orders(np.arange(7.0)[::-1], seed=3)
    assert many.shape == (24, 7) and all(sorted(order) == list(range(7)) for order in many.tolist())
    assert many[0].tolist() == [6, 5, 4, 3, 2, 1, 0] and many[1].tolist() == many[0].tolist()[::-1]
    assert {int(order[-1]) for order in many[2:9]} == set(range(7)) and (many == orders(np.arange(7.0)[::-1], seed=3)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_what_is_trimmed_still_reaches_and_asks_for_no_more(seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    gain, start = draw.uniform(0.1, 2.0, count), draw.uniform(0.2, 1.0, count)
    needed = float(draw.uniform(0.05, 1.0) * np.sqrt(start) @ gain)

    def reached(plans: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.sqrt(plans) @ gain >= needed
        return found

    plans = trimmed(reached, start, orders(gain, seed))
    assert reached(plans).all() and (plans >= 0).all() and (plans <= start + 1e-12).all()
    less = plans - 1e-5 * (plans > 2e-5)
    assert not reached(less[(plans > 2e-5).any(axis=1)]).any()  # none can be had for less in all its levers
