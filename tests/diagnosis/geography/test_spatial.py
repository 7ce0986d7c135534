"""Distances on the globe, weights of neighbours, Moran's I on patterns whose value is known."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.diagnosis.geography.slopes import shuffles
from tidu.diagnosis.geography.spatial import EARTH, distances, inverse_weights, moran, nearest_weights, neighbours_mean

RING = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]]) / 2


def test_a_degree_of_latitude_and_of_longitude() -> None:
    away = distances(np.array([116.0, 116.0, 117.0]), np.array([60.0, 61.0, 60.0]))
    degree = EARTH * np.pi / 180
    assert away[0, 1] == pytest.approx(degree)
    assert away[0, 2] == pytest.approx(degree * np.cos(np.pi / 3), rel=1e-4)
    assert (away == away.T).all() and (np.diag(away) == 0).all()


@given(st.integers(3, 15), st.integers(0, 50))
def test_rows_of_weights_sum_to_one(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart = distances(rng.uniform(80, 130, n).round(0), rng.uniform(20, 50, n).round(0))
    for weights in (nearest_weights(apart, 2), inverse_weights(apart, 2.0)):
        assert weights.sum(axis=1) == pytest.approx(np.ones(n)) and (np.diag(weights) == 0).all() and (weights >= 0).all()
    assert ((nearest_weights(apart, 2) > 0).sum(axis=1) == 2).all()


def test_neighbours_that_cannot_be_had() -> None:
    for call in (lambda: nearest_weights(np.zeros((3, 3)), 3), lambda: inverse_weights(np.zeros((1, 1)))):
        with pytest.raises(MethodError) as caught:
            call()
        assert caught.value.code == "too_few_neighbours"


def test_points_in_one_place_do_not_divide_by_zero() -> None:
    weights = inverse_weights(np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 2.0], [2.0, 2.0, 0.0]]))
    assert weights[0] == pytest.approx([0, 2 / 3, 1 / 3])


def test_a_chessboard_is_minus_one() -> None:
    found = moran(np.array([1.0, -1.0, 1.0, -1.0]), RING, shuffles(4, 99, 0))
    assert found.value == pytest.approx(-1) and found.expected == pytest.approx(-1 / 3)


def test_the_mean_over_all_orders_is_the_expected_value() -> None:
    y = np.array([1.0, 4.0, 4.5, 9.0, 2.0])
    weights = nearest_weights(np.abs(np.arange(5)[:, None] - np.arange(5)[None, :]).astype(float), 2)
    every = [moran(y[list(order)], weights, np.arange(5)[None, :]).value for order in permutations(range(5))]
    assert np.mean(every) == pytest.approx(-1 / 4)


def test_p_counts_all_orders() -> None:
    """On a line of five with y rising, two of the 120 orders are as alike: p is near 1/60 above."""
    apart = np.abs(np.arange(5)[:, None] - np.arange(5)[None, :]).astype(float)
    line = (apart == 1).astype(float)
    y = np.arange(5.0)
    every = np.array(list(permutations(range(5))))
    values = [moran(y[order], line, every[:1]).value for order in every]
    best = moran(y, line, every)
    share = np.mean(np.array(values) >= best.value - 1e-12)
    assert best.p_upper == pytest.approx((1 + 120 * share) / 121)
    assert best.p_upper <= best.p


def test_likeness_and_its_absence() -> None:
    lon, lat = (grid.ravel().astype(float) for grid in np.meshgrid(np.arange(100, 110), np.arange(30, 40)))
    weights, drawn = nearest_weights(distances(lon, lat), 4), shuffles(100, 199, 0)
    assert moran(lon, weights, drawn).value > 0.7 and moran(lon, weights, drawn).p == 1 / 200
    assert moran(np.random.default_rng(5).normal(size=100), weights, drawn).p > 0.05
    assert np.isnan(moran(np.ones(100), weights, drawn).p)


def test_figures_of_neighbours() -> None:
    assert neighbours_mean(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 8.0], [6.0, 2.0]]), RING).tolist() == [
        [4.0, 2.0],
        [2.0, 5.0],
        [4.0, 2.0],
        [2.0, 5.0],
    ]
