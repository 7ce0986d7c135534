"""Components and their rotation: what is conserved, and a case that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.index.weight_factor import components, varimax


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_components_rebuild_the_correlations_and_are_orthonormal(seed: int, columns: int) -> None:
    x = np.random.default_rng(seed).normal(size=(30, columns))
    values, vectors = components(x)
    assert (np.diff(values) <= 1e-12).all()
    assert values.sum() == pytest.approx(columns)
    assert vectors.T @ vectors == pytest.approx(np.eye(columns), abs=1e-9)
    assert vectors * values @ vectors.T == pytest.approx(np.corrcoef(x, rowvar=False), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 7), st.integers(1, 3), st.booleans())
def test_rotation_keeps_what_each_child_shares_and_never_lowers_the_criterion(
    seed: int, rows: int, factors: int, kaiser: bool
) -> None:
    loadings = np.random.default_rng(seed).uniform(-1, 1, (rows, factors))
    turned = varimax(loadings, kaiser=kaiser)
    assert (turned**2).sum(axis=1) == pytest.approx((loadings**2).sum(axis=1))
    if not kaiser:
        assert np.var(turned**2, axis=0).sum() >= np.var(loadings**2, axis=0).sum() - 1e-9


def test_two_pairs_of_children_come_apart() -> None:
    """A simple structure that was turned by 36° is found again, whatever the order and sign of the factors."""
    simple = np.array([[1.0, 0.0], [0.9, 0.0], [0.0, 1.0], [0.0, 0.9]])
    angle = np.pi / 5
    mixed = simple @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = np.abs(varimax(mixed, kaiser=False))
    assert np.sort(turned, axis=1)[:, 0] == pytest.approx(0.0, abs=1e-6)
    assert np.sort(turned, axis=1)[:, 1] == pytest.approx([1.0, 0.9, 1.0, 0.9], abs=1e-6)
