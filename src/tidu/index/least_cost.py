"""Many small linear programs of one shape at once: matching each unit from shared reference units at least cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array

_NEED = 1e-9
_BATCH = 6000


def _batch(peers: Array, cost: float, own: Array, own_cost: Array, need: Array) -> tuple[Array, Array] | None:
    """The programs of some units at once: value (U,) and prices (U, M); nothing when no solution exists."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    units, rows = need.shape
    many, extra = peers.shape[0], own.shape[2]
    wide = many + extra
    block = np.concatenate([np.broadcast_to(peers.T, (units, rows, many)), own], axis=2)
    unit, row, column = np.nonzero(block)
    matrix = coo_array(
        (-block[unit, row, column], (unit * rows + row, unit * wide + column)), shape=(units * rows, units * wide)
    ).tocsc()
    found = linprog(
        np.tile(np.concatenate([np.full(many, cost), own_cost]), units),
        A_ub=matrix,
        b_ub=-need.reshape(-1),
        method="highs-ds",
        options={"presolve": False, "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.x is None or found.status != 0:
        return None
    value = found.x.reshape(units, wide) @ np.concatenate([np.full(many, cost), own_cost])
    return value, -found.ineqlin.marginals.reshape(units, rows)


def least_cost(peers: Array, cost: float, own: Array, own_cost: Array, need: Array) -> Array:
    """For each unit the least ``cost``·Σλ + ``own_cost``·μ with ``peers``ᵀλ + ``own``·μ ≥ ``need`` and λ, μ ≥ 0.

    ``peers`` is (R, M), ``own`` (U, M, K) are columns of the unit alone, ``need`` (U, M). Exact to the solver's 1e-10:
    a unit is done when no reference unit left out could lower its cost. Missing where no solution exists.

    >>> peers, need = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[1.0, 1.0]])
    >>> least_cost(peers, 1.0, np.zeros((1, 2, 0)), np.zeros(0), need).round(9).tolist()
    [0.666666667]
    """
    scale = np.abs(peers).max(axis=0, initial=0.0)
    scale = np.where(scale > 0, scale, 1.0)
    peers, own, need = peers / scale, own / scale[:, None], need / scale
    active = np.unique(np.concatenate([peers.argmax(axis=0), np.argsort(-peers.sum(axis=1), kind="stable")[:20]]))
    values = np.full(need.shape[0], np.nan)
    todo = np.arange(need.shape[0])
    while todo.size:
        size = max(1, _BATCH // need.shape[1])
        again: list[NDArray[np.intp]] = []
        fresh: list[NDArray[np.intp]] = []
        for first in range(0, todo.size, size):
            units = todo[first : first + size]
            for part, answer in _answers(peers[active], cost, own, own_cost, need, units):
                if answer is None:
                    if active.size < peers.shape[0]:
                        again.append(part)
                        fresh.append(np.arange(peers.shape[0]))
                    continue
                value, prices = answer
                worth = prices @ peers.T - cost
                worth[:, active] = -np.inf
                short = worth.max(axis=1) > _NEED
                values[part] = value
                again.append(part[short])
                fresh.append(worth[short].argmax(axis=1))
        todo = np.concatenate(again) if again else todo[:0]
        active = np.union1d(active, np.concatenate(fresh)) if fresh else active
    return values


def _answers(
    peers: Array, cost: float, own: Array, own_cost: Array, need: Array, units: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], tuple[Array, Array] | None]]:
    """The answer of a batch; unit by unit when the batch as a whole has none."""
    answer = _batch(peers, cost, own[units], own_cost, need[units])
    if answer is not None or units.size == 1:
        return [(units, answer)]
    alone = [units[place : place + 1] for place in range(units.size)]
    return [(one, _batch(peers, cost, own[one], own_cost, need[one])) for one in alone]
