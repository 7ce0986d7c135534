"""The score of one unit in a join by comparison when its own children change and the other units stay as they are.

Copeland, Borda, PROMETHEE, VIKOR and the benefit of the doubt score each unit by all the others. Here the unit's row is
replaced by many rows, the node is joined again for the whole set each time, and the unit's score is read off. What was
fitted (ideals and scales of TOPSIS and Wrocław, a pooled frontier) stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tidu.core.errors import MethodError
from tidu.core.stats import Array
from tidu.index.context import Context

#: A unit's score under rows of its own children, (N, C) → (N,).
OwnScore = Callable[[Array], Array]

#: Joins whose score of a unit is a sum over its children once the other units are given.
ADDITIVE = frozenset({"borda", "promethee_ii"})
#: Joins that score a row by itself once they are fitted.
FITTED = frozenset({"topsis", "wroclaw"})
_FRONTIER = frozenset({"benefit_of_the_doubt", "benefit_of_the_doubt_bounded", "benefit_of_the_doubt_directional"})
_CELLS = 4_000_000
_LEVEL = 1e-9  # the slack under which two sums of weights are level in Copeland's rule


def own_score(
    choice: Any, fitted: dict[str, Any], weights: Array, codes: tuple[str, ...], period: str, block: Array, u: int
) -> OwnScore:
    """The score of unit ``u`` of ``block`` (units, children) in a join by comparison, as a function of its own row.

    ``choice`` is the framework's choice of the join, ``fitted`` and ``weights`` those of the node. Raises
    ``contribution_set`` where every row would be searched or drawn for anew (Kemeny, the order-m frontier of convex hulls).

    >>> from tidu.index.framework import Framework
    >>> spec = {"index": {"code": "d"}, "aggregate": {"method": "copeland"}, "indicator": {"a": {"better": "higher"}}}
    >>> choice = Framework.of(spec).choice("aggregate", "d")
    >>> found = own_score(choice, {}, np.ones(1), ("a",), "2023", np.array([[1.0], [2.0], [3.0]]), 0)
    >>> found(np.array([[1.0], [2.0], [2.5], [9.0]])).tolist()
    [-2.0, -1.0, 0.0, 2.0]
    """
    name = choice.method.name
    if name == "kemeny" or (name == "benefit_of_the_doubt_robust" and choice.options.get("hull") == "convex"):
        raise MethodError("contribution_set", address=choice.address, method=name)
    around = Context(codes=codes, address=choice.address, given=weights)
    pooled = bool(np.size(fitted.get("peers", ())))
    if name in FITTED or pooled:
        return _row_by_row(choice, fitted, around, period)
    others = np.delete(block, u, axis=0)
    others = others[~np.isnan(others).any(axis=1)]
    if name == "copeland":
        return _copeland(others, weights)
    if name in _FRONTIER and others.size:
        return _beside_frontier(choice, fitted, around, period, others)
    return _joined_again(choice, fitted, around, others)


def _row_by_row(choice: Any, fitted: dict[str, Any], around: Context, period: str) -> OwnScore:
    def score(rows: Array) -> Array:
        here = replace(around, units=("",) * rows.shape[0], periods=(period,))
        return np.asarray(choice.method.apply(rows[:, None, :], fitted, choice.options, here)[:, 0])

    return score


def _copeland(others: Array, weights: Array) -> OwnScore:
    """Wins less losses: rows share their figures child by child, so each distinct figure is compared once."""

    def score(rows: Array) -> Array:
        margin = np.zeros((rows.shape[0], others.shape[0]))
        for child in range(rows.shape[1]):
            values, place = np.unique(rows[:, child], return_inverse=True)
            signs = np.sign(values[:, None] - others[:, child]) * weights[child]
            pick = np.zeros((rows.shape[0], values.size))
            pick[np.arange(rows.shape[0]), place.reshape(-1)] = 1.0
            margin += pick @ signs
        return np.asarray((margin > _LEVEL).sum(axis=1) - (margin < -_LEVEL).sum(axis=1), dtype=float)

    return score


def _beside_frontier(choice: Any, fitted: dict[str, Any], around: Context, period: str, others: Array) -> OwnScore:
    """Against a frontier that the row itself is part of, its score is that against the others' frontier, at most 1."""

    def score(rows: Array) -> Array:
        unique, back = np.unique(rows, axis=0, return_inverse=True)
        try:
            found = _row_by_row(choice, {**fitted, "peers": others}, around, period)(unique)
        except MethodError as error:
            if error.code != "frontier_no_peer":
                raise
            return _joined_again(choice, fitted, around, others)(rows)
        return np.asarray(np.fmin(found, 1.0))[back.reshape(-1)]  # beyond all others: on the frontier

    return score


def _joined_again(choice: Any, fitted: dict[str, Any], around: Context, others: Array) -> OwnScore:
    """The join of the whole set, each row standing beside the same others in a period of its own."""

    def score(rows: Array) -> Array:
        count = others.shape[0] + 1
        step = max(1, _CELLS // (count * rows.shape[1]))
        made = []
        for first in range(0, rows.shape[0], step):
            part = rows[first : first + step]
            x = np.concatenate([part[None], np.repeat(others[:, None], part.shape[0], axis=1)])
            here = replace(around, units=("",) * count, periods=("",) * part.shape[0])
            made.append(choice.method.apply(x, fitted, choice.options, here)[0])
        return np.concatenate(made) if made else np.zeros(0)

    return score
