"""Plans found by trying: never dearer than what they begin with, always among those tried, within the budget."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.stats import Array
from tidu.diagnosis.movement.polish import Trials, directions, least, reach


def trials(gain: object, asked: float, cost: str = "sum", budget: int = 2000) -> Trials:
    def run(plans: Array) -> tuple[np.ndarray, Array, Array]:
        over = np.array([gain(plan) for plan in plans]) - asked  # type: ignore[operator]
        return over >= 0, over, np.column_stack([np.zeros(len(plans)), -over])

    return Trials(run, cost, budget)


def test_a_straight_score_takes_the_lever_of_most_gain() -> None:
    found = least(trials(lambda plan: plan @ np.array([1.0, 4.0, 2.0]), 3.0), np.ones((1, 3)))
    assert found is not None and found == pytest.approx([0, 0.75, 0], abs=1e-4)


def test_a_product_is_shared_as_by_hand() -> None:
    """(1 + a)(1 + b) ≥ 2.25 asks for a + b = 1 at least, half of each."""
    found = least(trials(lambda plan: (1 + plan[0]) * (1 + plan[1]), 2.25), np.ones((1, 2)))
    assert found is not None and found.sum() == pytest.approx(1.0, abs=2e-3)


def test_the_largest_share_is_made_least() -> None:
    found = least(trials(lambda plan: plan @ np.array([1.0, 3.0]), 2.0, "max"), np.ones((1, 2)))
    assert found is not None and found.max() == pytest.approx(0.5, abs=5e-3)


def test_a_lever_that_harms_is_not_at_its_limit() -> None:
    tried = trials(lambda plan: plan[0] - plan[1], 0.9)
    assert reach(tried, np.ones((1, 2)))
    far = trials(lambda plan: plan[0] - (plan[1] - 0.3) ** 2, 1.5)
    assert not reach(far, np.ones((1, 2)))
    assert far.furthest is not None and far.furthest == pytest.approx([1.0, 0.3], abs=2e-3)


def test_nothing_is_found_where_nothing_reaches_and_the_budget_holds() -> None:
    tried = trials(lambda plan: plan.sum(), 9.0, budget=60)
    assert least(tried, np.ones((1, 2))) is None and tried.count <= 60
    assert not reach(tried, np.ones((1, 2))) and tried.count == 60 and tried.left == 0


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_rays_end_at_a_limit_and_stand_once(count: int) -> None:
    rays = directions(count)
    assert (rays.max(axis=1) == 1.0).all() and len(np.unique(rays, axis=0)) == len(rays)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["sum", "max"]))
def test_what_is_found_reaches_and_asks_for_no_more_than_the_start(seed: int, cost: str) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 5))
    slope, bend = rng.uniform(-0.2, 1, count), rng.uniform(0.3, 2, count)
    score = lambda plan: float((slope * plan**bend).sum())  # noqa: E731
    asked = score(np.ones(count)) * 0.6
    tried = trials(score, asked, cost, 900)
    found = least(tried, np.ones((1, count)))
    if score(np.ones(count)) >= asked:
        assert found is not None
    if found is not None:
        assert score(found) >= asked and (found >= 0).all() and (found <= 1).all() and tried.count <= 900
        if score(np.ones(count)) >= asked:
            assert tried.cost(found) <= tried.cost(np.ones(count))
