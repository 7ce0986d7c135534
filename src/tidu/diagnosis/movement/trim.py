"""On arrays: a plan that reaches, trimmed lever by lever to the smallest that still does; for joins that no program proves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array

#: How often a share is halved, how many orders of levers are tried, and how many passes over them are made.
HALVINGS, ORDERS, PASSES = 24, 24, 3
Orders = NDArray[np.intp]


def orders(gains: Array, seed: int = 0) -> Orders:
    """Orders in which J levers are trimmed, (K, J): all of them up to four levers, else some.

    The first drops the lever of the smallest gain first, the second that of the largest; then each lever is kept to the last
    once, and the rest are drawn by the seed.

    >>> orders(np.array([2.0, 1.0])).tolist()
    [[1, 0], [0, 1]]
    """
    rising = np.argsort(gains, kind="stable")
    if gains.size <= 4:
        return np.array([rising[list(order)] for order in permutations(range(gains.size))], dtype=np.intp)
    draw = np.random.default_rng(seed)
    found = [rising, rising[::-1], *(np.append(rising[rising != last], last) for last in rising.tolist())]
    while len(found) < ORDERS:
        found.append(draw.permutation(rising.size))
    return np.array(found, dtype=np.intp)


def trimmed(reached: Callable[[Array], NDArray[np.bool_]], start: Array, tried: Orders) -> Array:
    """Plans (K, J) that reach, one for each order (K, J), each lever in its turn as small as can be; start (J,) must reach.

    ``reached`` takes plans (N, J) to whether each is there. A lever is dropped whole where the plan stands without it, else
    halved down; :data:`PASSES` passes are made. No plan found asks for more of any lever than the start does. The smallest of
    one lever at a time is a corner, not the least of all.

    >>> trimmed(lambda plans: plans @ np.array([1.0, 3.0]) >= 3.0, np.ones(2), np.array([[0, 1], [1, 0]])).round(6).tolist()
    [[0.0, 1.0], [1.0, 0.666667]]
    """
    plans = np.repeat(np.asarray(start, dtype=float)[None], tried.shape[0], axis=0)
    rows = np.arange(tried.shape[0])
    for _ in range(PASSES):
        before = plans.copy()
        for column in tried.T:
            far, near = plans[rows, column], np.zeros(rows.size)
            for level in range(HALVINGS + 1):
                middle = near if level == 0 else (near + far) / 2
                trial = plans.copy()
                trial[rows, column] = middle
                there = reached(trial)
                if level == 0:
                    far, near = np.where(there, 0.0, far), np.zeros(rows.size)
                    if there.all():
                        break
                else:
                    far, near = np.where(there, middle, far), np.where(there, near, middle)
            plans[rows, column] = far
        if np.allclose(before, plans, rtol=0.0, atol=1e-6):
            break
    return plans
