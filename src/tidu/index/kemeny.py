"""The exact Kemeny order of an outranking matrix, by components, a good start and cuts found as they are needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from tidu.core.quiet import quiet
from tidu.core.stats import Array

_LEVEL = 1e-9
_CUTS = 4000


@dataclass(frozen=True)
class KemenyOrder:
    """An order of units, best first, its support, the proven bound on any order's support, and whether they meet."""

    order: tuple[int, ...]
    support: float
    bound: float
    exact: bool


def support_of(matrix: Array, order: list[int] | tuple[int, ...]) -> float:
    """The sum of the entries above the diagonal when rows and columns stand in this order.

    >>> support_of(np.array([[0.0, 0.7], [0.3, 0.0]]), [1, 0])
    0.3
    """
    return float(np.triu(matrix[np.ix_(order, order)], 1).sum())


def _components(matrix: Array) -> list[NDArray[np.intp]]:
    """Groups such that some best order keeps each together, earlier groups losing to no later one.

    They are the strongly connected components of "beats", in an order that follows it (extended Condorcet criterion).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    beats = (matrix - matrix.T) > _LEVEL
    count, label = connected_components(csr_array(beats), directed=True, connection="strong")
    groups = [np.flatnonzero(label == one) for one in range(count)]
    points = matrix.sum(axis=1) - matrix.sum(axis=0)
    loses = np.zeros((count, count), dtype=bool)
    rows, columns = np.nonzero(beats)
    loses[label[columns], label[rows]] = True
    np.fill_diagonal(loses, False)
    left = set(range(count))
    rivals = loses.sum(axis=1)
    result: list[NDArray[np.intp]] = []
    while left:
        free = [one for one in left if rivals[one] == 0]
        chosen = max(free, key=lambda one: (float(np.round(points[groups[one]].mean(), 9)), -int(groups[one][0])))
        left.remove(chosen)
        rivals -= loses[:, chosen]
        result.append(groups[chosen])
    return result


def _improve(gap: Array, order: list[int]) -> list[int]:
    """The order after moving single units to where they gain most, until no move gains."""
    found = np.array(order)
    n = found.size
    for _ in range(50 * n):
        ordered = gap[np.ix_(found, found)]
        # Gain of moving the unit at place i to just before place j < i, or just after j > i.
        ahead = np.cumsum(np.tril(ordered, -1)[:, ::-1], axis=1)[:, ::-1]
        behind = -np.cumsum(np.triu(ordered, 1), axis=1)
        gain = np.where(np.tri(n, k=-1, dtype=bool), ahead, np.where(np.tri(n, k=0, dtype=bool), 0.0, behind))
        i, j = (int(place) for place in np.unravel_index(int(np.argmax(gain)), gain.shape))
        if gain[i, j] <= _LEVEL:
            break
        unit = found[i]
        rest = np.delete(found, i)
        found = np.insert(rest, j, unit)
    return [int(place) for place in found]


def _triangles(above: Array, limit: int) -> NDArray[np.intp]:
    """Triples (i, j, k) with above[i, j] + above[j, k] + above[k, i] > 2, the worst first, smallest index leading."""
    n = above.shape[0]
    found: list[NDArray[np.intp]] = []
    weight: list[Array] = []
    for i in range(n - 2):
        rest = above[i + 1 :, i + 1 :]
        sums = above[i, i + 1 :, None] + rest + above[i + 1 :, i][None, :]
        j, k = np.nonzero(sums > 2 + 1e-6)
        keep = j != k
        j, k = j[keep], k[keep]
        if j.size:
            found.append(np.column_stack([np.full(j.size, i), j + i + 1, k + i + 1]))
            weight.append(sums[j, k])
    if not found:
        return np.zeros((0, 3), dtype=np.intp)
    triples, size = np.concatenate(found), np.concatenate(weight)
    order = np.lexsort((triples[:, 2], triples[:, 1], triples[:, 0], -np.round(size, 6)))
    return triples[order[:limit]]


class _Model:
    """One variable for each pair i < j, 1 when i stands before j, and the triangles found so far."""

    def __init__(self, gap: Array) -> None:
        self.n = gap.shape[0]
        self.upper = np.triu_indices(self.n, 1)
        self.gain = gap[self.upper]
        self.place = np.zeros((self.n, self.n), dtype=np.intp)
        self.place[self.upper] = np.arange(self.gain.size)
        self.place += self.place.T
        self.triples = np.zeros((0, 3), dtype=np.intp)

    def above(self, y: Array) -> Array:
        """The square of shares: entry (i, j) says how far i stands before j."""
        square = np.zeros((self.n, self.n))
        square[self.upper] = y
        square[self.upper[1], self.upper[0]] = 1 - y
        return square

    def solve(self, whole: bool, seconds: float) -> tuple[Array | None, float]:
        """Shares and bound of the model with its present triangles; no shares when time ran out before any."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows = self.triples.shape[0]
        first = self.triples
        second = np.roll(first, -1, axis=1)
        sign = np.where(first < second, 1.0, -1.0)
        constraints = []
        if rows:
            data = csr_array(
                (sign.ravel(), (np.repeat(np.arange(rows), 3), self.place[first, second].ravel())),
                shape=(rows, self.gain.size),
            )
            # y_ij + y_jk + y_ki ≤ 2, where y_ba = 1 - y_ab.
            constraints = [LinearConstraint(data, ub=2.0 - np.sum(sign < 0, axis=1))]
        with quiet() if whole else nullcontext():
            found = milp(
                -self.gain,
                integrality=np.full(self.gain.size, int(whole)),
                bounds=Bounds(0, 1),
                constraints=constraints,
                options={"time_limit": max(seconds, 1e-3), "mip_rel_gap": 0.0},
            )
        if whole:
            bound = -float(found.mip_dual_bound) if found.mip_dual_bound is not None else np.inf
        else:
            bound = -float(found.fun) if found.status == 0 else np.inf
        return (None if found.x is None else np.asarray(found.x)), bound


def _component_order(matrix: Array, left: Callable[[], float]) -> tuple[list[int], float, bool]:
    """Best order found of one component, a bound on the gain of any, and whether the bound is met."""
    gap = matrix - matrix.T
    points = np.round(gap.sum(axis=1), 9)
    best = _improve(gap, [int(place) for place in np.argsort(-points, kind="stable")])

    def gain_of(order: list[int]) -> float:
        return float(np.triu(gap[np.ix_(order, order)], 1).sum())

    model = _Model(gap)
    base = float(gap[np.tril_indices(model.n, -1)].sum())
    value = gain_of(best)
    bound = float(np.abs(np.triu(gap, 1)).sum())
    y: Array | None = (model.gain > 0).astype(float)
    whole = False
    while bound > value + _LEVEL and left() > 0:
        if y is None:
            return best, bound, False
        square = model.above(y)
        order = _improve(gap, [int(place) for place in np.argsort(-np.round(square.sum(axis=1), 9), kind="stable")])
        if gain_of(order) > value + _LEVEL:
            best, value = order, gain_of(order)
        fresh = _triangles(square, _CUTS)
        if fresh.size:
            model.triples = np.concatenate([model.triples, fresh])
        elif whole or np.all(np.minimum(y, 1 - y) < 1e-6):
            break
        else:
            whole = True
        y, reached = model.solve(whole, left())
        bound = min(bound, 2 * reached + base)
    return best, max(bound, value), bound <= value + 1e-7


def _settle_level(gap: Array, order: list[int], points: Array) -> list[int]:
    """The order with level neighbours put in the order of their points; its support stays the same."""
    order = list(order)
    for _ in range(len(order)):
        moved = False
        for place in range(len(order) - 1):
            a, b = order[place], order[place + 1]
            if abs(gap[a, b]) <= _LEVEL and points[b] > points[a]:
                order[place], order[place + 1] = b, a
                moved = True
        if not moved:
            break
    return order


def kemeny_order(matrix: Array, *, seconds: float = 60.0) -> KemenyOrder:
    """The order with the most support in the outranking matrix (N, N), proven unless time runs out.

    The support of an order is the sum of the entries of every unit over each unit after it. Where several orders have
    the most, neighbours that are level stand by Borda points, then by row. After ``seconds`` the best order found comes
    back with the bound proven so far, and ``exact`` is false unless the two meet.

    >>> kemeny_order(np.array([[0.0, 0.7, 0.4], [0.3, 0.0, 0.8], [0.6, 0.2, 0.0]]))
    KemenyOrder(order=(0, 1, 2), support=1.9, bound=1.9, exact=True)
    """
    end = monotonic() + seconds
    matrix = np.where(np.isnan(matrix), 0.0, matrix)
    gap = matrix - matrix.T
    order: list[int] = []
    slack, exact = 0.0, True
    for group in _components(matrix):
        if group.size <= 2:
            order += [int(unit) for unit in group]
            continue
        block = matrix[np.ix_(group, group)]
        found, bound, proven = _component_order(block, lambda: end - monotonic())
        inner = block - block.T
        slack += max(0.0, bound - float(np.triu(inner[np.ix_(found, found)], 1).sum())) / 2
        exact = exact and proven
        order += [int(group[place]) for place in found]
    order = _settle_level(gap, order, np.round(gap.sum(axis=1), 9))
    support = round(support_of(matrix, order), 12)
    return KemenyOrder(tuple(order), support, support if exact else round(support + slack, 12), exact)
