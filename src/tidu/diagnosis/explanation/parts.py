"""The exact parts of a difference of two joined rows, on arrays: weights, shares of the logarithm, Shapley values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array

#: Up to this many children Shapley values are exact; beyond, they are sampled.
EXACT = 12
#: Pairs of antithetic permutations when they are sampled.
DRAWS = 256
_ROWS = 1 << 18


def log_mean(a: Array, b: Array) -> Array:
    """The logarithmic mean of positive numbers: (a − b) ÷ ln(a ÷ b), and ``a`` where both are equal.

    >>> log_mean(np.array([np.e, 2.0]), np.array([1.0, 2.0])).round(6).tolist()
    [1.718282, 2.0]
    """
    z = np.log(a / b)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.abs(z) > 0, b * np.expm1(z) / z, b)


def additive_parts(a: Array, b: Array, weights: Array) -> Array:
    """The parts of the difference of two weighted means: weight × difference, each (P, C). Sum: mean(a) − mean(b).

    >>> additive_parts(np.array([[3.0, 1.0]]), np.array([[1.0, 2.0]]), np.array([[0.5, 0.5]])).tolist()
    [[1.0, -0.5]]
    """
    return weights * (a - b)


def log_parts(a: Array, b: Array, weights: Array) -> Array:
    """The parts of the difference of two weighted geometric means: shares of the logarithm of their ratio, each (P, C).

    A part is L × weight × ln(a ÷ b), L being the logarithmic mean of both results. Source: Ang 2004, Energy Policy
    32:1131 (LMDI), additive form.

    >>> log_parts(np.array([[4.0, 9.0]]), np.array([[1.0, 1.0]]), np.array([[0.5, 0.5]])).sum().round(9).tolist()
    5.0
    """
    one, other = (np.exp(np.sum(weights * np.log(x), axis=1)) for x in (a, b))
    return log_mean(one, other)[:, None] * weights * np.log(a / b)


def shapley_parts(
    a: Array, b: Array, join: Callable[[Array], Array], *, seed: int = 0, exact: int = EXACT, draws: int = DRAWS
) -> tuple[Array, Array]:
    """The Shapley values of the columns in join(a) − join(b), and their standard errors, each (P, C).

    ``a`` and ``b`` are (P, C), ``join`` takes rows (N, C) to (N,). Exact (errors 0) to ``exact`` columns; beyond, the mean
    over ``draws`` permutations and their reverses. Both add up to the difference. Source: Shapley 1953; Castro, Gómez
    and Tejada 2009, Computers & OR 36:1726; Mitchell, Cooper, Frank and Holmes 2022, JMLR 23:43 (antithetic).

    >>> parts, errors = shapley_parts(np.array([[2.0, 4.0]]), np.array([[0.0, 0.0]]), lambda x: x.min(axis=1))
    >>> parts.tolist(), errors.tolist()
    ([[1.0, 1.0]], [[0.0, 0.0]])
    """
    if a.shape[1] <= exact:
        return _all_subsets(a, b, join), np.zeros(a.shape)
    return _permutations(a, b, join, seed, draws)


def _all_subsets(a: Array, b: Array, join: Callable[[Array], Array]) -> Array:
    size = a.shape[1]
    masks = (np.arange(1 << size)[:, None] >> np.arange(size)) & 1 == 1
    count = masks.sum(axis=1)
    out = np.empty(a.shape)
    step = max(1, _ROWS >> size)
    for start in range(0, a.shape[0], step):
        one, other = a[start : start + step], b[start : start + step]
        rows = np.where(masks[None], one[:, None, :], other[:, None, :])
        worth = join(rows.reshape(-1, size)).reshape(one.shape[0], -1)
        for child in range(size):
            off = np.flatnonzero(~masks[:, child])
            scale = np.array([factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)])[count[off]]
            out[start : start + step, child] = (worth[:, off + (1 << child)] - worth[:, off]) @ scale
    return out


def others_in(size: int, child: int, *, seed: int = 0, exact: int = EXACT, draws: int = DRAWS) -> tuple[NDArray[np.bool_], Array]:
    """The sets of other columns that a column is added to in :func:`shapley_parts`, (S, C), and the weight of each, (S,).

    >>> masks, weights = others_in(2, 0)
    >>> masks.tolist(), weights.tolist()
    ([[False, False], [False, True]], [0.5, 0.5])
    """
    if size <= exact:
        masks = (np.arange(1 << size)[:, None] >> np.arange(size)) & 1 == 1
        masks = masks[~masks[:, child]]
        scale = np.array([factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)])
        return masks, scale[masks.sum(axis=1)]
    place = np.argsort(_orders(size, seed, draws), axis=2).reshape(-1, size)
    return place < place[:, [child]], np.full(2 * draws, 1.0 / (2 * draws))


def _orders(size: int, seed: int, draws: int) -> NDArray[np.intp]:
    """Permutations and their reverses, (draws, 2, C)."""
    rng = np.random.default_rng(seed)
    half = np.stack([rng.permutation(size) for _ in range(draws)])
    return np.stack([half, half[:, ::-1]], axis=1)


def _permutations(a: Array, b: Array, join: Callable[[Array], Array], seed: int, draws: int) -> tuple[Array, Array]:
    size = a.shape[1]
    orders = _orders(size, seed, draws)
    place = np.argsort(orders, axis=2)
    masks = place[:, :, None, :] < np.arange(size + 1)[None, None, :, None]  # in after k steps
    parts, errors = np.empty(a.shape), np.empty(a.shape)
    for pair in range(a.shape[0]):
        worth = join(np.where(masks, a[pair], b[pair]).reshape(-1, size)).reshape(draws, 2, size + 1)
        steps = np.empty((draws, 2, size))
        np.put_along_axis(steps, orders, np.diff(worth, axis=2), axis=2)
        each = steps.mean(axis=1)
        parts[pair], errors[pair] = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(draws)
    return parts, errors


def shapley_of(worth: Mapping[frozenset[str], float], causes: Sequence[str]) -> dict[str, float]:
    """The Shapley value of each cause, from the worth of every set of causes.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> shapley_of(worth, ["a", "b"])
    {'a': 2.0, 'b': 3.0}
    """
    size, found = len(causes), {}
    for cause in causes:
        others = [other for other in causes if other != cause]
        found[cause] = sum(
            factorial(k) * factorial(size - k - 1) / factorial(size) * (worth[frozenset({*some, cause})] - worth[frozenset(some)])
            for k in range(size)
            for some in combinations(others, k)
        )
    return found
