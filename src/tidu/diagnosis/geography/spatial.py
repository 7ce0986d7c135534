"""Are neighbours alike: distances on the globe, weights of neighbours, Moran's I with its permutations, figures of neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.stats import Array

#: Mean radius of the earth in km (IUGG).
EARTH = 6371.0088


@dataclass(frozen=True)
class Moran:
    """Moran's I of ``n`` figures, its value were there no pattern, and p by permutation: both sides, and above only."""

    n: int
    value: float
    expected: float
    p: float
    p_upper: float


def distances(lon: Array, lat: Array) -> Array:
    """Great-circle distances in km between points in degrees (N,), (N, N), by the haversine formula.

    >>> away = distances(np.array([0.0, 90.0, 0.0]), np.array([0.0, 0.0, 90.0]))
    >>> away.round(1).tolist()  # a quarter of the way round the earth each
    [[0.0, 10007.6, 10007.6], [10007.6, 0.0, 10007.6], [10007.6, 10007.6, 0.0]]
    """
    east, north = np.radians(lon), np.radians(lat)
    up = np.sin((north[:, None] - north[None, :]) / 2) ** 2
    across = np.cos(north)[:, None] * np.cos(north)[None, :] * np.sin((east[:, None] - east[None, :]) / 2) ** 2
    found: Array = 2 * EARTH * np.arcsin(np.sqrt(np.clip(up + across, 0.0, 1.0)))
    return found


def nearest_weights(apart: Array, k: int) -> Array:
    """Row-standardised weights (N, N): 1 ÷ k for each point's k nearest, by distances (N, N); ties go to the earlier point.

    Raises ``too_few_neighbours`` unless 1 ≤ k < N.

    >>> nearest_weights(np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 5.0], [2.0, 5.0, 0.0]]), 1).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    n = apart.shape[0]
    if not 1 <= k < n:
        raise MethodError("too_few_neighbours", k=k, n=n)
    other = np.where(np.eye(n, dtype=bool), np.inf, apart)
    near = np.argsort(other, axis=1, kind="stable")[:, :k]
    weights = np.zeros((n, n))
    np.put_along_axis(weights, near, 1.0 / k, axis=1)
    return weights


def inverse_weights(apart: Array, power: float = 1.0, floor: float = 1.0) -> Array:
    """Row-standardised weights (N, N) of all other points by 1 ÷ distance to a power; nearer than ``floor`` km counts as that.

    Raises ``too_few_neighbours`` with fewer than two points.

    >>> inverse_weights(np.array([[0.0, 1.0, 3.0], [1.0, 0.0, 2.0], [3.0, 2.0, 0.0]])).round(6).tolist()
    [[0.0, 0.75, 0.25], [0.666667, 0.0, 0.333333], [0.4, 0.6, 0.0]]
    """
    n = apart.shape[0]
    if n < 2:
        raise MethodError("too_few_neighbours", k=1, n=n)
    weights = np.where(np.eye(n, dtype=bool), 0.0, np.maximum(apart, floor) ** -power)
    found: Array = weights / weights.sum(axis=1, keepdims=True)
    return found


def neighbours_mean(y: Array, weights: Array) -> Array:
    """The weighted mean of each point's neighbours (the spatial lag) of figures (N, …), with row-standardised weights (N, N).

    >>> neighbours_mean(np.array([1.0, 2.0, 4.0]), nearest_weights(np.array([[0, 1, 9], [1, 0, 2], [9, 2, 0.0]]), 1)).tolist()
    [2.0, 1.0, 2.0]
    """
    found: Array = weights @ y
    return found


def moran(y: Array, weights: Array, drawn: NDArray[np.intp]) -> Moran:
    """Moran's I of figures (N,) under weights (N, N), tested over permutations of places (count, N).

    p = (1 + as extreme) ÷ (1 + count): on both sides by the distance from −1 ÷ (N − 1), above by the value. Missing where
    the figures have no spread. Source: Moran 1950, Biometrika 37:17; Cliff and Ord 1981, Spatial Processes, ch. 2.

    >>> line = np.abs(np.arange(4)[:, None] - np.arange(4)[None, :])
    >>> found = moran(np.array([1.0, 2.0, 3.0, 4.0]), (line == 1).astype(float), np.arange(4)[None, :])
    >>> round(found.value, 6), round(found.expected, 6)  # 4/6 · 2·(0.75 − 0.25 + 0.75) ÷ 5
    (0.333333, -0.333333)
    """
    n = y.size
    expected = -1.0 / (n - 1) if n > 1 else float("nan")
    z = y - y.mean()
    size, total = float(z @ z), float(weights.sum())
    if size <= 0 or np.ptp(y) <= 0 or total <= 0:
        return Moran(n, float("nan"), expected, float("nan"), float("nan"))
    scale = n / total / size
    value = scale * float(z @ weights @ z)
    rows = z[drawn]
    free = scale * np.einsum("rn,rn->r", rows @ weights, rows)
    if not drawn.shape[0]:
        return Moran(n, value, expected, float("nan"), float("nan"))
    slack = 1e-12 * max(abs(value), 1.0)
    both = float((1 + np.sum(np.abs(free - expected) >= abs(value - expected) - slack)) / (1 + free.size))
    upper = float((1 + np.sum(free >= value - slack)) / (1 + free.size))
    return Moran(n, value, expected, both, upper)
