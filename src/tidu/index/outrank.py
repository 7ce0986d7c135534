"""Rankings by pairs: the outranking matrix, Borda, Copeland, Condorcet's order and the exact Kemeny order.

Entry (i, j) of an outranking matrix is the weight of the children on which unit i stands above unit j, plus half the
weight of those on which the two are level. A child that one of the two lacks is credited to neither, so that the two
entries of a pair then sum to less than 1 and no result depends on the order of rows.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.stats import Array
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context
from tidu.index.kemeny import kemeny_order

_BLOCK = 2_000_000
_LEVEL = 1e-9


def strictly_above(x: Array, weights: Array, first: int = 0, last: int | None = None) -> Array:
    """Weight of the children on which row i of ``x`` (N, C) lies above row j, for rows ``first`` to ``last``.

    >>> strictly_above(np.array([[1.0, 2.0], [3.0, 2.0]]), np.array([0.4, 0.6])).tolist()
    [[0.0, 0.0], [0.4, 0.0]]
    """
    columns = np.ascontiguousarray(x.T)
    some = columns[:, first:last]
    total = np.zeros((some.shape[1], x.shape[0]))
    part = np.empty_like(total)
    for child, weight in enumerate(weights):
        if weight > 0:
            np.multiply(some[child][:, None] > columns[child], weight, out=part)
            total += part
    return total


def outranking(x: Array, weights: Array) -> Array:
    """The outranking matrix (N, N) of ``x`` (N, C), higher = better; its diagonal is zero.

    >>> outranking(np.array([[1.0, 2.0], [3.0, 2.0], [np.nan, 1.0]]), np.array([0.5, 0.5])).tolist()
    [[0.0, 0.25, 0.5], [0.75, 0.0, 0.5], [0.0, 0.0, 0.0]]
    """
    above = strictly_above(x, weights)
    seen = (~np.isnan(x)).astype(float)
    both = (seen * weights) @ seen.T
    result: Array = above + np.maximum(both - above - above.T, 0.0) / 2
    np.fill_diagonal(result, 0.0)
    return result


def majority(matrix: Array) -> NDArray[np.int8]:
    """+1 where the row's unit beats the column's, −1 where it loses, 0 where they are level (to 1e-9).

    >>> majority(np.array([[0.0, 0.7], [0.3, 0.0]])).tolist()
    [[0, 1], [-1, 0]]
    """
    gap = matrix - matrix.T
    return ((gap > _LEVEL).astype(np.int8) - (gap < -_LEVEL)).astype(np.int8)


def condorcet_winner(matrix: Array) -> int | None:
    """The unit that beats every other one, if there is one.

    >>> condorcet_winner(np.array([[0.0, 0.7, 0.6], [0.3, 0.0, 0.9], [0.4, 0.1, 0.0]]))
    0
    """
    wins = np.sum(majority(matrix) > 0, axis=1)
    top = int(np.argmax(wins))
    return top if wins[top] == matrix.shape[0] - 1 else None


def condorcet_order(matrix: Array) -> list[int] | None:
    """The order in which every unit beats all after it, if there is one.

    >>> condorcet_order(np.array([[0.0, 0.3, 0.6], [0.7, 0.0, 0.9], [0.4, 0.1, 0.0]]))
    [1, 0, 2]
    """
    beats = majority(matrix)
    order = np.argsort(-beats.sum(axis=1), kind="stable")
    ordered = beats[np.ix_(order, order)]
    upper = np.triu_indices(order.size, 1)
    return [int(place) for place in order] if (ordered[upper] > 0).all() else None


def _by_period(x: Array) -> list[tuple[int, NDArray[np.intp]]]:
    """Each period with the units that have every child in it."""
    whole = ~np.isnan(x.sum(axis=-1))
    return [(period, np.flatnonzero(whole[:, period])) for period in range(x.shape[1])]


def _copeland_scores(x: Array, weights: Array) -> Array:
    """Wins less losses of complete rows, in blocks of rows so that memory stays small."""
    n = x.shape[0]
    step = max(1, _BLOCK // max(n, 1))
    scores: Array = np.zeros(n)
    if step >= n:
        above = strictly_above(x, weights)
        gap = above - above.T
        scores += np.sum(gap > _LEVEL, axis=1)
        scores -= np.sum(gap < -_LEVEL, axis=1)
        return scores
    for first in range(0, n, step):
        last = min(n, first + step)
        gap = strictly_above(x, weights, first, last) - strictly_above(-x, weights, first, last)
        scores[first:last] += np.sum(gap > _LEVEL, axis=1)
        scores[first:last] -= np.sum(gap < -_LEVEL, axis=1)
    return scores


@AGGREGATIONS.method(
    "copeland",
    source="Copeland 1951; Saari and Merlin 1996, Economic Theory 8:51; OECD/JRC Handbook 2008, Table 36",
    traits=("set",),
)
def copeland(x: Array, *, context: Context) -> Array:
    """For each unit and period, the number of units it outranks less the number that outrank it.

    ``x`` is (U, T, C), the result (U, T). One unit outranks another when the children on which it is higher weigh more;
    level pairs count for neither. Each period is taken by itself; a unit that lacks a child is missing there and is
    no rival to the others.

    >>> x = np.array([[[3.0, 1.0, 2.0]], [[2.0, 3.0, 1.0]], [[np.nan, 9.0, 9.0]]])
    >>> copeland(x, context=Context(given=np.full(3, 1 / 3))).tolist()
    [[1.0], [-1.0], [nan]]
    """
    scores = np.full(x.shape[:2], np.nan)
    for period, units in _by_period(x):
        scores[units, period] = _copeland_scores(x[units, period], context.given)
    return scores


def borda_points(x: Array, weights: Array) -> Array:
    """Weighted mean over the children of the number of rows below, level rows counting one half; ``x`` is (N, C).

    >>> borda_points(np.array([[1.0], [5.0], [5.0]]), np.array([1.0])).tolist()
    [0.0, 1.5, 1.5]
    """
    points = np.zeros(x.shape[0])
    for child, weight in enumerate(weights):
        line = np.sort(x[:, child])
        below = np.searchsorted(line, x[:, child], side="left")
        upto = np.searchsorted(line, x[:, child], side="right")
        points += weight * (below + upto - 1) / 2
    return points


@AGGREGATIONS.method("borda", source="Borda 1784; OECD/JRC Handbook 2008, Table 25", traits=("set",))
def borda(x: Array, *, context: Context) -> Array:
    """For each unit and period, the weighted mean over the children of the number of units below it.

    ``x`` is (U, T, C), the result (U, T). A unit that is level with another gets half a point. Each period is taken by
    itself; a unit that lacks a child is missing there and is no rival to the others.

    >>> borda(np.array([[[3.0, 1.0]], [[2.0, 2.0]], [[1.0, 3.0]]]), context=Context(given=np.array([0.75, 0.25]))).tolist()
    [[1.5], [1.0], [0.5]]
    """
    scores = np.full(x.shape[:2], np.nan)
    for period, units in _by_period(x):
        scores[units, period] = borda_points(x[units, period], context.given)
    return scores


@AGGREGATIONS.method(
    "kemeny",
    source="Kemeny 1959, Daedalus 88:577; Young and Levenglick 1978; OECD/JRC Handbook 2008, Tables 36-37",
    traits=("set",),
)
def kemeny(x: Array, *, context: Context, seconds: Annotated[float, Field(gt=0)] = 60.0) -> Array:
    """For each unit and period, the number of units after it in the Kemeny order.

    ``x`` is (U, T, C), the result (U, T). The Kemeny order is the one that agrees with most weight over all pairs; where
    several do, Borda points break the tie, and units alike in every child share their places. The search stops after
    ``seconds`` a period with the best order found; :func:`tidu.index.kemeny.kemeny_order` says whether it is proven.
    Each period is taken by itself; a unit that lacks a child is missing there and is no rival to the others.

    >>> kemeny(np.array([[[3.0, 1.0]], [[2.0, 2.0]], [[1.0, 3.0]]]), context=Context(given=np.array([0.75, 0.25]))).tolist()
    [[2.0], [1.0], [0.0]]
    """
    scores = np.full(x.shape[:2], np.nan)
    for period, units in _by_period(x):
        if units.size == 0:
            continue
        rows = x[units, period]
        found = kemeny_order(outranking(rows, context.given), seconds=seconds)
        after = np.empty(units.size)
        after[list(found.order)] = units.size - 1 - np.arange(units.size)
        _, alike = np.unique(rows, axis=0, return_inverse=True)
        alike = alike.reshape(-1)
        shared = np.bincount(alike, weights=after) / np.bincount(alike)
        scores[units, period] = shared[alike]
    return scores
