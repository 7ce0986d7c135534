"""The smoother, and weights against importance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.diagnosis.audit.importance import balance, correlation_ratio, importance, smooth
from tidu.index.result import Index

RNG = np.random.default_rng(11)


def test_a_straight_line_is_smoothed_to_itself_and_a_curve_is_found() -> None:
    x = np.sort(RNG.uniform(-2, 2, 200))
    assert np.abs(smooth(x, 4 - 2 * x) - (4 - 2 * x)).max() < 1e-10
    y = x**2 + 0.1 * RNG.normal(size=200)
    assert correlation_ratio(x, y) > 0.97
    assert correlation_ratio(x, RNG.normal(size=200)) < 0.15


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 60))
def test_the_correlation_ratio_is_never_below_r2_nor_above_one(seed: int, n: int) -> None:
    x, e = np.random.default_rng(seed).normal(size=(2, n))
    y = x + e
    found = correlation_ratio(x, y)
    assert np.corrcoef(x, y)[0, 1] ** 2 - 1e-9 <= found <= 1.0
    assert correlation_ratio(3 * x - 7, 2 * y + 1) == pytest.approx(found, abs=1e-7)
    order = np.random.default_rng(seed).permutation(n)
    assert correlation_ratio(x[order], y[order]) == pytest.approx(found, abs=1e-9)


def test_weights_are_set_against_importance(index: Index) -> None:
    found = {(item.parent, item.node): item for item in importance(index, None, "*")}
    assert {key[1] for key in found if key[0] == "p"} == {"a", "b", "c"}
    assert found["p", "a"].weight == pytest.approx(0.6)
    for parent in ("d", "p", "q"):
        inside = [item for (name, _), item in found.items() if name == parent]
        assert sum(item.share_main for item in inside) == pytest.approx(1.0)
        assert sum(item.share_r2 for item in inside) == pytest.approx(1.0)
        assert all(item.main >= item.r2 - 1e-9 for item in inside)
    assert found["s", "g"].main == pytest.approx(1.0)  # an only child is its parent


def test_a_wide_child_rules_its_parent(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=80, periods=1)
    changes = ("normalise.method=none", "indicator.b.better=higher", "indicator.a.weight=1")
    x[:, 0, 0] = 50 * RNG.normal(size=80)
    index = made(x, changes)
    found = {item.node: item for item in importance(index, "p")}
    assert found["a"].ratio > 1.5 and found["a"].main > 0.95
    even = balance(index, "p")
    assert even.widest == "a" and even.spread > 10


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(shuffled: Callable[[int], tuple[Index, Index]], seed: int) -> None:
    first, second = shuffled(seed)
    ours = {(item.parent, item.node): item.main for item in importance(first)}
    assert ours == pytest.approx({(item.parent, item.node): item.main for item in importance(second)}, abs=1e-7)
