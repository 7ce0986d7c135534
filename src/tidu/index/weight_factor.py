"""Principal components of a correlation matrix and their varimax rotation."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tidu.core.stats import Array, correlation


def components(x: Array) -> tuple[Array, Array]:
    """Eigenvalues, largest first, and eigenvectors (columns) of the correlation matrix of complete rows (N, C).

    Each vector is turned so that its entries sum to a positive number, or its largest entry is positive.

    >>> values, vectors = components(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]))
    >>> values.round(12).tolist(), vectors[:, 0].round(6).tolist()
    ([2.0, 0.0], [0.707107, 0.707107])
    """
    values, vectors = np.linalg.eigh(correlation(x))
    return np.maximum(values[::-1], 0.0), _upright(vectors[:, ::-1])


def _upright(vectors: Array) -> Array:
    """The columns turned so that each sums to a positive number; where it sums to nought its first largest entry is positive."""
    total, size = vectors.sum(axis=0), np.abs(vectors)
    first = (size >= size.max(axis=0) - 1e-9).argmax(axis=0)
    largest = np.take_along_axis(vectors, first[None, :], axis=0)[0]
    sign = np.sign(np.where(np.abs(total) > 1e-9, total, largest))
    return np.asarray(vectors * np.where(sign == 0, 1.0, sign))


def varimax(loadings: Array, *, kaiser: bool = True, most: int = 1000) -> Array:
    """The loadings (C, F) turned so that each factor loads high on few children (Kaiser 1958).

    With ``kaiser`` rows are brought to unit length before the rotation and back after it. Signs are those of :func:`components`.

    >>> turned = varimax(np.array([[0.8, 0.6], [0.6, -0.8]]), kaiser=False)
    >>> np.sort(np.abs(turned), axis=None).round(6).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    length = np.sqrt(np.sum(loadings**2, axis=1, keepdims=True))
    length = np.where(kaiser & (length > 0), length, 1.0)
    turned: Array = loadings / length
    size, count = turned.shape
    for _ in range(most):
        widest = 0.0
        for i, j in combinations(range(count), 2):
            a, b = turned[:, i].copy(), turned[:, j].copy()
            u, v = a * a - b * b, 2 * a * b
            across = 2 * (u @ v) - 2 * u.sum() * v.sum() / size
            along = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / size
            angle = float(np.arctan2(across, along)) / 4 if np.hypot(across, along) > 1e-12 * size else 0.0
            turned[:, i] = a * np.cos(angle) + b * np.sin(angle)
            turned[:, j] = b * np.cos(angle) - a * np.sin(angle)
            widest = max(widest, abs(angle))
        if widest < 1e-12:
            break
    return _upright(turned * length)
