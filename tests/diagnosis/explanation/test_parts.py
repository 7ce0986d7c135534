"""The parts of a difference: by hand, over all orders, sampled."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tidu.diagnosis.explanation.parts import additive_parts, log_mean, log_parts, others_in, shapley_of, shapley_parts


def test_shares_of_means_by_hand() -> None:
    a, b, w = np.array([[8.0, 2.0]]), np.array([[2.0, 2.0]]), np.array([[0.25, 0.75]])
    assert additive_parts(a, b, w).tolist() == [[1.5, 0.0]]
    assert log_parts(a, b, w)[0, 1] == 0.0
    assert log_parts(a, b, w).sum() == pytest.approx(8**0.25 * 2**0.75 - 2)
    assert log_mean(np.array([3.0]), np.array([3.0 + 1e-13]))[0] == pytest.approx(3.0)


def test_shapley_values_are_the_mean_over_all_orders() -> None:
    a, b = np.array([[5.0, 1.0, 3.0, 9.0]]), np.array([[2.0, 4.0, 1.0, 0.0]])

    def join(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sort(x, axis=1)[:, 1] * 2 + x[:, 0] * x[:, 3])

    wanted = np.zeros(4)
    for order in permutations(range(4)):
        now = b.copy()
        for child in order:
            before = join(now)[0]
            now[0, child] = a[0, child]
            wanted[child] += (join(now)[0] - before) / 24
    parts, errors = shapley_parts(a, b, join)
    assert parts[0] == pytest.approx(wanted, abs=1e-12)
    assert not errors.any()


def test_sampled_values_add_up_and_lie_near_the_exact_ones() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.uniform(1, 9, (2, 8)), rng.uniform(1, 9, (2, 8))

    def join(x: np.ndarray) -> np.ndarray:
        return np.asarray(x.min(axis=1) + x.mean(axis=1))

    exact, _ = shapley_parts(a, b, join)
    parts, errors = shapley_parts(a, b, join, exact=4, seed=2)
    assert parts.sum(axis=1) == pytest.approx(join(a) - join(b), abs=1e-12)
    assert np.all(np.abs(parts - exact) <= 5 * errors + 1e-9)
    assert (errors > 0).any()
    assert shapley_parts(b, a, join, exact=4, seed=2)[0] == pytest.approx(-parts, abs=1e-12)
    assert np.array_equal(parts, shapley_parts(a, b, join, exact=4, seed=2)[0])


def test_two_causes_that_need_each_other_share_alike() -> None:
    worth = {frozenset(): 0.0, frozenset("a"): 0.0, frozenset("b"): 0.0, frozenset("ab"): 4.0}
    assert shapley_of(worth, "ab") == {"a": 2.0, "b": 2.0}


@pytest.mark.parametrize("exact", [12, 2])
def test_the_sets_a_column_is_added_to_give_its_part(exact: int) -> None:
    a, b = np.array([5.0, 1.0, 3.0, 9.0]), np.array([2.0, 4.0, 1.0, 0.0])
    for child in range(4):
        masks, weights = others_in(4, child, exact=exact, seed=3)
        assert weights.sum() == pytest.approx(1.0) and not masks[:, child].any()
        rows = np.where(masks, a, b)
        high, low = rows.copy(), rows.copy()
        high[:, child], low[:, child] = a[child], b[child]
        found = weights @ (high.min(axis=1) - low.min(axis=1))
        parts, _ = shapley_parts(a[None], b[None], lambda x: x.min(axis=1), exact=exact, seed=3)
        assert found == pytest.approx(parts[0, child], abs=1e-12)
