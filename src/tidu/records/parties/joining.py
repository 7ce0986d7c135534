"""Nodes joined by pairs into entities, the surest pairs first, so that what must stay apart does.

Two credit codes are two bodies, and so are two names that people decided are; a pair that would join them is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from tidu.records.linking.components import least_of_each


class Pair(NamedTuple):
    """Two nodes that are one, by their numbers, how surely and by which rule."""

    left: int
    right: int
    confidence: float
    method: str = ""


def joined(count: int, pairs: Sequence[Pair], codes: Sequence[int], apart: Iterable[tuple[int, int]]) -> np.ndarray:
    """The least node of each node's entity: int array of ``count`` nodes.

    Args:
        count: how many nodes there are, numbered from 0.
        pairs: which are one.
        codes: the nodes that are each a credit code.
        apart: which must not be one.

    >>> joined(4, [Pair(0, 1, 0.9), Pair(1, 2, 0.8), Pair(2, 3, 0.7)], (0, 2), ()).tolist()
    [0, 0, 2, 2]
    >>> joined(3, [Pair(0, 1, 0.7), Pair(1, 2, 0.9)], (), [(0, 2)]).tolist()
    [0, 1, 1]
    """
    left = np.array([one.left for one in pairs], dtype=np.int64)
    right = np.array([one.right for one in pairs], dtype=np.int64)
    least = least_of_each(count, left, right).astype(np.int64) if count else np.empty(0, dtype=np.int64)
    barred: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        barred[one].add(other)
        barred[other].add(one)
    coded = np.zeros(count, dtype=np.int64)
    coded[list(codes)] = 1
    wrong = set(np.flatnonzero(np.bincount(least, weights=coded, minlength=count) > 1).tolist()) if count else set()
    wrong |= {int(least[one]) for one, others in barred.items() for other in others if least[one] == least[other]}
    if not wrong:
        return least
    inside = np.isin(least, list(wrong))
    least[inside] = np.flatnonzero(inside)
    members: dict[int, set[int]] = {int(one): {int(one)} for one in np.flatnonzero(inside)}
    owner = {one: one for one in members}
    chosen = [one for one in pairs if inside[one.left]]
    for pair in sorted(chosen, key=lambda one: (-one.confidence, min(one.left, one.right), max(one.left, one.right))):
        one, other = owner[pair.left], owner[pair.right]
        if one == other:
            continue
        both = members[one] | members[other]
        if coded[list(both)].sum() > 1 or any(barred[node] & members[other] for node in members[one] if node in barred):
            continue
        for node in members.pop(other):
            owner[node] = one
        members[one] = both
    for nodes in members.values():
        least[list(nodes)] = min(nodes)
    return least
