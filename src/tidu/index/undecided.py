"""On arrays: against how many others the order of each unit is not decided by its ranks at many points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def undecided(ranks: NDArray[np.int32], level: float = 0.9) -> NDArray[np.int64]:
    """For each unit of (points, units) the number of others that neither ranks above nor below it at ``level`` of the points.

    Equal units have the least rank of theirs, rank 0 is not ranked; only points where both are ranked count, and equal ranks count
    half. A pair that is never ranked together is not decided; a unit that is ranked nowhere is no other, and has 0. Pairs whose
    ranks at all but so few of the points lie apart are not looked at one by one.

    >>> undecided(np.array([[1, 2, 3], [2, 1, 3], [1, 2, 3]], dtype=np.int32)).tolist()
    [1, 1, 0]
    """
    known = np.flatnonzero((ranks > 0).any(axis=0))
    narrow = np.int16 if ranks.shape[1] < np.iinfo(np.int16).max else np.int32
    table = np.ascontiguousarray(ranks[:, known].T.astype(narrow))
    points, found = table.shape[1], np.zeros(known.size, dtype=np.int64)
    if not known.size:
        return np.zeros(ranks.shape[1], dtype=np.int64)
    rest = int(np.floor(points * (1.0 - level) / 2))
    ordered = np.sort(table, axis=1)
    holes = bool((ordered[:, 0] == 0).any())
    low = np.where(ordered[:, 0] > 0, ordered[:, rest], 0)
    high = np.where(ordered[:, 0] > 0, ordered[:, points - 1 - rest], np.iinfo(narrow).max)
    order = np.argsort(low, kind="stable")
    table, low, high = table[order], low[order], high[order]
    plain = not holes and bool((table.sum(axis=0, dtype=np.int64) == known.size * (known.size + 1) // 2).all())
    for u in range(known.size):
        near = u + 1 + np.flatnonzero(high[u + 1 : int(np.searchsorted(low, high[u], side="right"))] >= low[u])
        open_to = near[~_decided(table[u], table[near], level, plain)]
        found[order[u]] += open_to.size
        found[order[open_to]] += 1
    whole = np.zeros(ranks.shape[1], dtype=np.int64)
    whole[known] = found
    return whole


def _decided(own: NDArray[Any], others: NDArray[Any], level: float, plain: bool) -> NDArray[np.bool_]:
    """Whether a unit's ranks (points,) are above or below each of others' (units, points) at ``level`` of the points or more.

    ``plain`` where all are ranked at every point and none equally.
    """
    if plain:
        above = np.count_nonzero(others > own, axis=1)
        return np.asarray(np.maximum(above, own.size - above) / own.size >= level)
    both = (others > 0) & (own > 0)
    count = np.count_nonzero(both, axis=1)
    above, equal = np.count_nonzero((others > own) & both, axis=1), np.count_nonzero((others == own) & both, axis=1)
    most = np.maximum(above, count - above - equal) + 0.5 * equal
    return np.asarray((count > 0) & (most / np.maximum(count, 1) >= level))
