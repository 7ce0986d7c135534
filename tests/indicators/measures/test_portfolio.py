from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tidu.indicators.measures.portfolio import complexity, concentration, density, proximity, revealed_advantage, specialisation

TABLES = arrays(float, (4, 3), elements=st.floats(0, 100).map(round))


@given(TABLES)
def test_advantages_average_to_one_by_the_weight_of_fields(table: np.ndarray) -> None:
    found = revealed_advantage(table)
    weights = table.sum(axis=0) / max(table.sum(), 1)
    for row, own in zip(found, table, strict=True):
        if own.sum() > 0:
            assert np.nansum(row * weights) == pytest.approx(1.0)
        else:
            assert np.isnan(row).all()


@given(TABLES)
def test_what_lies_between_nought_and_one(table: np.ndarray) -> None:
    own = specialisation(table)
    near = proximity(own)
    assert ((near >= 0) & (near <= 1)).all() and (near == near.T).all()
    found = density(own)
    assert ((found >= 0) & (found <= 1 + 1e-12)).all()
    shares = concentration(table)[table.sum(axis=1) > 0]
    assert ((shares >= 1 / 3 - 1e-12) & (shares <= 1 + 1e-12)).all()


def test_proximity_by_hand() -> None:
    """Field a in cities 1, 2, 3; b in 1, 2; c in 1: both over the more frequent one."""
    own = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert proximity(own).tolist() == [[0.0, 2 / 3, 1 / 3], [2 / 3, 0.0, 0.5], [1 / 3, 0.5, 0.0]]
    # city 3 has a alone: of the proximity of b (2/3 + 1/2) it holds 2/3
    assert density(own)[2].tolist() == pytest.approx([0.0, (2 / 3) / (2 / 3 + 0.5), (1 / 3) / (1 / 3 + 0.5)])


def reflections(own: np.ndarray, steps: int) -> np.ndarray:
    """The method of reflections of Hidalgo & Hausmann as they wrote it, standardised."""
    many, rare = own.sum(axis=1), own.sum(axis=0)
    cities, fields = many.copy(), rare.copy()
    for _ in range(steps):
        cities, fields = own @ fields / many, own.T @ cities / rare
    return standard(cities)


def standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def test_complexity_is_an_eigenvector_of_the_likeness_of_cities() -> None:
    draw = np.random.default_rng(3)
    own = (draw.random((8, 10)) < np.linspace(0.9, 0.3, 8)[:, None]).astype(float)
    own[0], own[:, 0] = 1.0, 1.0
    found = complexity(own)
    assert found.mean() == pytest.approx(0, abs=1e-12) and found.std() == pytest.approx(1)
    likeness = (own / own.sum(axis=1)[:, None]) @ (own / own.sum(axis=0)).T
    assert standard(likeness @ found) == pytest.approx(found)
    assert np.corrcoef(found, own.sum(axis=1))[0, 1] > 0


def test_complexity_is_the_limit_of_the_reflections() -> None:
    own = np.tril(np.ones((5, 5)))[::-1]
    assert complexity(own) == pytest.approx(reflections(own, 40), abs=1e-3)


def test_no_complexity_where_cities_fall_apart_or_are_few() -> None:
    apart = np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0]])
    assert np.isnan(complexity(apart)).all() and np.isnan(complexity(np.ones((2, 3)))).all()
    assert np.isnan(complexity(np.ones((4, 3)))).all()  # all alike
    with_empty = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert np.isnan(complexity(with_empty)[3]) and complexity(with_empty)[:3].argmax() == 0
