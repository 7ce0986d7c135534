"""Variance-based sensitivity indices of outputs (Sobol' 1993): exact on a whole grid, estimated from sets of points.

What is scored at the points is not known here: outputs are arrays whose first axis are the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tidu.core.errors import UsageError
from tidu.core.stats import Array

Estimator = Literal["azzini", "janon_monod", "saltelli"]


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of some outputs: ``first`` and ``total`` are (factors, …), ``mean`` and ``variance`` (…).

    ``second`` (factors, factors, …) is there for exact indices; ``first_low`` … ``total_high`` for estimated ones. An output
    that does not vary, or is missing at some point, has missing indices.
    """

    mean: Array
    variance: Array
    first: Array
    total: Array
    second: Array | None = None
    first_low: Array | None = None
    first_high: Array | None = None
    total_low: Array | None = None
    total_high: Array | None = None


# --- exact ------------------------------------------------------------------------------------------------------------------


def exact_indices(y: Array, counts: Sequence[int]) -> Indices:
    """First-order, total and second-order indices of a function known at every point of a grid.

    Args:
        y: (points, …), the points in the order of :meth:`Space.grid`, the last factor turning fastest.
        counts: how many alternatives each factor has, all equally likely.

    The decomposition of variance is that of Sobol' 1993; variances are over the whole space, not of a sample. A factor that
    changes nothing has indices of 0.

    >>> made = exact_indices(np.array([0.0, 1.0, 2.0, 3.0]), [2, 2])
    >>> made.first.tolist(), made.total.tolist(), float(made.variance)
    ([0.8, 0.2], [0.8, 0.2], 1.25)
    """
    k = len(counts)
    tail = y.shape[1:]
    grid = y.reshape(*counts, *tail)
    axes = tuple(range(k))
    mean = np.asarray(grid.mean(axis=axes))
    centred = grid - mean
    variance = np.asarray((centred * centred).mean(axis=axes))
    scale = np.asarray(np.abs(grid).max(axis=axes))
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.where(variance > (1e-12 * scale) ** 2, variance, np.nan)
        first = np.full((k, *tail), np.nan)
        total = np.full((k, *tail), np.nan)
        for i in axes:
            own = centred.mean(axis=tuple(a for a in axes if a != i))
            first[i] = (own * own).mean(axis=0) / known
            apart = centred - centred.mean(axis=i, keepdims=True)
            total[i] = (apart * apart).mean(axis=axes) / known
        second = np.full((k, k, *tail), np.nan)
        for i in axes:
            for j in range(i + 1, k):
                both = centred.mean(axis=tuple(a for a in axes if a not in (i, j)))
                second[i, j] = second[j, i] = (both * both).mean(axis=(0, 1)) / known - first[i] - first[j]
    tiny = 1e-12
    first, total, second = (np.where(np.abs(part) < tiny, 0.0, part) for part in (first, total, second))
    return Indices(mean, variance, first, total, second)


# --- estimated --------------------------------------------------------------------------------------------------------------


def estimate(
    a: Array, b: Array, ab: Array, ba: Array | None = None, *, estimator: Estimator = "azzini"
) -> tuple[Array, Array, Array]:
    """First-order index, total index and variance of one factor, from outputs at three or four sets of points.

    Args:
        a: (draws, …), outputs at the first points.
        b: at the second, independent ones.
        ab: at the first points, with the factor's coordinates taken from the second.
        ba: at the second points, with the factor's coordinates taken from the first; needed by ``azzini``.
        estimator: ``azzini`` (Azzini, Mara and Rosati 2021, Reliability Engineering & System Safety 206; the default: its first
            index never exceeds its total, and is 0 where a factor does nothing), ``janon_monod`` (Janon, Klein, Lagnoux,
            Nodet and Prieur 2014, ESAIM P&S 18) or ``saltelli`` (Saltelli et al. 2010, Computer Physics Communications 181),
            the latter two with the total index of Jansen 1999.

    Raises ``estimator_points`` when ``azzini`` lacks its fourth set.

    >>> points = np.array([[0.1, 0.9], [0.6, 0.3], [0.8, 0.5], [0.3, 0.7]])
    >>> first, total, _ = estimate(points[:, 0], points[:, 1], points[:, 1], points[:, 0])
    >>> float(first), float(total)
    (1.0, 1.0)
    """
    rows = np.full((1, a.shape[0]), 1.0 / a.shape[0])
    first, total = terms(a, b, ab, ba, rows, estimator)
    return first[0], total[0], np.var(np.concatenate([a, b]), axis=0, ddof=1)


def terms(a: Array, b: Array, ab: Array, ba: Array | None, rows: Array, estimator: Estimator) -> tuple[Array, Array]:
    """First and total index for several weightings of the points, (weightings, draws): the sample and resamples of it."""
    shape = (rows.shape[0], *a.shape[1:])
    n = a.shape[0]
    a, b, ab = (part.reshape(n, -1) for part in (a, b, ab))
    middle = 0.5 * (a.mean(axis=0) + b.mean(axis=0))
    least = (1e-12 * np.abs(middle)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        if estimator == "azzini":
            if ba is None:
                raise UsageError("estimator_points", estimator=estimator)
            ba = ba.reshape(n, -1)
            below = rows @ ((a - b) ** 2 + (ba - ab) ** 2)
            below = np.where(below > least, below, np.nan)
            first = rows @ (2 * (ba - b) * (a - ab)) / below
            total = rows @ ((b - ba) ** 2 + (a - ab) ** 2) / below
            return first.reshape(shape), total.reshape(shape)
        mean = 0.5 * (rows @ (a - middle) + rows @ (b - middle))
        variance = 0.5 * (rows @ ((a - middle) ** 2 + (b - middle) ** 2)) - mean * mean
        known = np.where(variance > least, variance * (2 * n / (2 * n - 1)), np.nan)
        total = rows @ ((a - ab) ** 2) / (2 * known)
        if estimator == "saltelli":
            first = rows @ (b * (ab - a)) / known
        else:
            one, two = b - middle, ab - middle
            half = 0.5 * (rows @ (one + two))
            below = 0.5 * (rows @ (one * one + two * two)) - half * half
            first = (rows @ (one * two) - half * half) / np.where(below > least, below, np.nan)
    return first.reshape(shape), total.reshape(shape)


def resamples_of(n: int, count: int, seed: int) -> Array:
    """Rows that weigh the points as drawn with replacement, (count, n); one draw for all outputs and all terms (joint)."""
    drawn = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1.0 / n), size=count)
    return drawn / n
