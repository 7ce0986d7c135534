"""SMAA: how often each unit takes each rank when the weights are not known, and which weights favour it.

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998, European Journal of Operational
Research 106; Lahdelma and Salminen 2001, Operations Research 49, SMAA-2) on one table of finished figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import UsageError, listing
from tidu.core.stats import Array

Ranks = NDArray[np.int32]
Counts = NDArray[np.int64]

#: Cells of a block of draws that is worked on at a time: small enough to stay in the processor's cache.
CHUNK = 120_000
#: Cells of the scores that are made by one product: 32 MB.
PRODUCT = 4_000_000
#: Two scores under drawn weights tie within this share of the largest: narrower than elsewhere, since of millions of pairs
#: some come nearer than 1e-9 by chance.
TIE = 1e-12


def order_rows(scores: Array, tolerance: float = 1e-9) -> tuple[NDArray[np.int64], Ranks]:
    """The units of every row from the best down, and the rank at each of these places; ties get the minimum rank, 0 is unranked.

    ``scores`` is (draws, units). Two scores tie as in :func:`tidu.core.stats.rank_high`: within ``tolerance`` × the
    largest absolute score of the row, or linked by a chain of such neighbours. The score and the unit's place are
    packed into one integer, so that one plain sort gives the order; the packing keeps 1e-11 of the row's range or better.

    >>> order, place = order_rows(np.array([[3.0, 1.0, 3.0, np.nan, 2.0]]))
    >>> order.tolist(), place.tolist()
    ([[0, 2, 4, 1, 3]], [[1, 1, 3, 4, 0]])
    """
    count = scores.shape[1]
    bits = max(1, int(count - 1).bit_length())
    low = np.int64((1 << bits) - 1)
    top = scores.max(axis=1, keepdims=True, initial=-np.inf)
    holes = bool(np.isnan(top).any())
    if holes:
        top = np.fmax.reduce(scores, axis=1, initial=-np.inf, keepdims=True)
    with np.errstate(invalid="ignore"):
        behind = top - scores
    if holes:
        behind[np.isnan(behind)] = np.inf
    keys = behind.view(np.int64)
    keys &= ~low
    keys |= np.arange(count, dtype=np.int64)
    keys.sort(axis=1)
    order = keys & low
    keys &= ~low
    ordered = keys.view(np.float64)
    place = np.broadcast_to(np.arange(1, count + 1, dtype=np.int32), order.shape)
    gap = np.where(np.isfinite(ordered), ordered, 0.0).max(axis=1, keepdims=True) if holes else ordered[:, -1:]
    with np.errstate(invalid="ignore"):
        scale = np.where(np.isfinite(top), np.maximum(np.abs(top), np.abs(top - gap)), 0.0)
        tied = ordered[:, 1:] - ordered[:, :-1] <= tolerance * scale
    if tied.any():
        new = np.ones(order.shape, dtype=bool)
        new[:, 1:] = ~tied
        place = np.maximum.accumulate(np.where(new, place, np.int32(0)), axis=1)
    if holes:
        place = np.where(np.isinf(ordered), np.int32(0), place)
    return order, place


def rank_rows(scores: Array, tolerance: float = 1e-9) -> Ranks:
    """Ranks within every row, 1 = highest; ties get the minimum rank, a missing score has rank 0. ``scores`` is (draws, units).

    >>> rank_rows(np.array([[3.0, 1.0, 3.0, np.nan, 2.0]])).tolist()
    [[1, 4, 1, 0, 3]]
    """
    order, place = order_rows(scores, tolerance)
    ranks = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, place, axis=1)
    return ranks


def rank_counts(scores: Array) -> Counts:
    """How often each unit takes each rank, (units, units + 1): column 0 counts the draws in which it is not ranked.

    >>> rank_counts(np.array([[2.0, 1.0], [3.0, 1.0], [1.0, 3.0]])).tolist()
    [[0, 2, 1], [0, 1, 2]]
    """
    count = scores.shape[1]
    out = np.zeros(count * (count + 1), dtype=np.int64)
    for rows in chunks(scores.shape[0], count):
        order, place = order_rows(scores[rows])
        order *= count + 1
        order += place
        out += np.bincount(order.reshape(-1), minlength=out.size)
    return out.reshape(count, count + 1)


def chunks(rows: int, width: int, cells: int = CHUNK) -> list[slice]:
    """Slices of rows that hold no more than a number of cells each.

    >>> chunks(5, 2, 4)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    step = max(1, cells // max(1, width))
    return [slice(at, min(at + step, rows)) for at in range(0, rows, step)]


@dataclass(frozen=True, eq=False)
class Acceptability:
    """What weights that are not known leave open.

    ``acceptability`` (units, units): the share of weights that give a unit rank 1, 2, …; ``central`` (units, children):
    the mean weights that put a unit first, missing where none do; ``confidence`` (units,): 1 where a unit is first under
    its central weights, else 0 (the share of figures that put it first, where figures are certain); ``draws``: how many
    weight vectors; ``scores`` and ``weights`` are what it was made of.
    """

    units: tuple[str, ...]
    children: tuple[str, ...]
    scores: Array
    weights: Array
    acceptability: Array
    central: Array
    confidence: Array

    @property
    def draws(self) -> int:
        """How many weight vectors were drawn or given."""
        return int(self.weights.shape[0])

    @property
    def expected_rank(self) -> Array:
        """The mean rank of each unit, (units,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            total = self.acceptability.sum(axis=1)
            mean: Array = self.acceptability @ np.arange(1.0, len(self.units) + 1) / total
        return mean

    def top(self, k: int) -> Array:
        """The share of weights that put each unit among the first ``k``, (units,)."""
        return np.asarray(self.acceptability[:, :k].sum(axis=1))

    def rows(self) -> list[dict[str, Any]]:
        """One row a unit: expected rank, shares of weights by rank, holistic score, 90 % range, confidence, central weights."""
        ten, ranks, whole = self.top(10), self.expected_rank, self.holistic()
        best, worst = self.interval()
        return [
            {"unit": unit, "expected_rank": float(ranks[u]), "top_10": float(ten[u]), "confidence": float(self.confidence[u])}
            | {"holistic": float(whole[u]), "best": int(best[u]), "worst": int(worst[u])}
            | {f"weight_{child}": float(self.central[u, c]) for c, child in enumerate(self.children)}
            | {f"rank_{k + 1}": float(share) for k, share in enumerate(self.acceptability[u])}
            for u, unit in enumerate(self.units)
        ]

    def interval(self, level: float = 0.9) -> tuple[Array, Array]:
        """The best and the worst rank of each unit that a share ``level`` of the weights stays within, two of (units,).

        An equal share of weights lies beyond either end.

        >>> found = acceptability(np.array([[3.0], [2.0], [1.0]]), np.ones((4, 1)))
        >>> [end.tolist() for end in found.interval()]
        [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
        """
        run = np.cumsum(self.acceptability, axis=1)
        tail = (1.0 - level) / 2.0
        best = (run <= tail + 1e-12).sum(axis=1) + 1.0
        worst = (run < 1.0 - tail - 1e-12).sum(axis=1) + 1.0
        return np.asarray(best), np.asarray(np.minimum(worst, run.shape[1]))

    def holistic(self, meta: Sequence[float] | None = None) -> Array:
        """One number a unit from its acceptabilities: Σ over ranks of meta-weight × acceptability, (units,).

        Without ``meta`` the meta-weights fall in a straight line from 1 for the first rank to 0 for the last. Raises
        ``meta_weights`` when there is not one a rank.
        """
        n = len(self.units)
        alpha = np.linspace(1.0, 0.0, n) if meta is None else np.asarray(meta, dtype=float)
        if alpha.shape != (n,):
            raise UsageError("meta_weights", found=alpha.size, wanted=n)
        return np.asarray(self.acceptability @ alpha)

    @cached_property
    def pairwise(self) -> Array:
        """The share of weights under which the row's unit scores above the column's, (units, units); ties count half."""
        n = len(self.units)
        wins = np.zeros((n, n))
        for rows in chunks(self.draws, n * n, 16_000_000):
            made = self.weights[rows] @ self.scores.T
            slack = TIE * np.abs(made).max(axis=1, initial=0.0)[:, None, None]
            apart = made[:, :, None] - made[:, None, :]
            wins += (apart > slack).sum(axis=0) + 0.5 * (np.abs(apart) <= slack).sum(axis=0)
        return wins / self.draws


def simplex(count: int, draws: int, *, seed: int) -> Array:
    """Weight vectors drawn evenly from all that are not negative and sum to 1, (draws, count).

    Source: Devroye 1986, Non-Uniform Random Variate Generation, p. 568: exponential variates over their sum.

    >>> simplex(3, 2, seed=1).sum(axis=1).round(12).tolist()
    [1.0, 1.0]
    """
    drawn = np.random.default_rng(seed).standard_exponential((draws, count))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def acceptability(
    scores: Array,
    weights: Array | None = None,
    *,
    draws: int = 10_000,
    seed: int = 0,
    units: Sequence[str] = (),
    children: Sequence[str] = (),
) -> Acceptability:
    """Rank acceptabilities, central weights and confidence factors of units under additive scores.

    Args:
        scores: (units, children), finished figures of one period, higher is better, no holes.
        weights: (draws, children), not negative; each row is rescaled to sum to 1. Drawn evenly from the simplex when left out.
        draws: how many weight vectors are drawn when none are given.
        seed: of these draws.
        units: codes of the rows.
        children: codes of the columns.

    Raises ``smaa_shape`` when the weights do not fit, ``smaa_holes`` when a figure is missing.

    >>> found = acceptability(np.array([[1.0, 0.0], [0.0, 1.0], [0.2, 0.2]]), draws=4000, seed=1)
    >>> found.acceptability[:, 0].round(1).tolist(), found.confidence.tolist()
    ([0.5, 0.5, 0.0], [1.0, 1.0, 0.0])
    """
    x = np.asarray(scores, dtype=float)
    n, c = x.shape
    names = tuple(units) or tuple(str(at) for at in range(n))
    if np.isnan(x).any():
        lacking = [names[u] for u in np.flatnonzero(np.isnan(x).any(axis=1))]
        raise UsageError("smaa_holes", units=listing(lacking), count=len(lacking))
    given = weights is not None
    w = np.asarray(weights, dtype=float) if weights is not None else simplex(c, draws, seed=seed)
    if w.ndim != 2 or w.shape[1] != c or not w.shape[0] or not (w >= 0).all() or not (w.sum(axis=1) > 0).all():
        raise UsageError("smaa_shape", found=str(w.shape), wanted=c)
    if given:
        w = w / w.sum(axis=1, keepdims=True)
    counts = np.zeros(n * (n + 1), dtype=np.int64)
    first, central = np.zeros(n), np.zeros((n, c))
    for block in chunks(w.shape[0], n, PRODUCT):
        drawn = w[block]
        made = drawn @ x.T  # one large product: many small ones wake the threads of the library each time
        for rows in chunks(made.shape[0], n):
            order, place = order_rows(made[rows], TIE)
            if n > 1 and bool((place[:, 1] == 1).any()):  # the first rank is shared somewhere
                best = np.zeros((order.shape[0], n))
                np.put_along_axis(best, order, (place == 1).astype(float), axis=1)
                central += best.T @ drawn[rows]
                first += best.sum(axis=0)
            else:
                leader = order[:, 0]
                sorting = np.argsort(leader, kind="stable")
                seen, starts = np.unique(leader[sorting], return_index=True)
                central[seen] += np.add.reduceat(drawn[rows][sorting], starts, axis=0)
                first += np.bincount(leader, minlength=n)
            order *= n + 1
            order += place
            counts += np.bincount(order.reshape(-1), minlength=counts.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = central / np.where(first > 0, first, np.nan)[:, None]
    own = np.where(np.isnan(central), 0.0, central) @ x.T  # (unit whose weights, unit scored)
    slack = 1e-9 * np.abs(own).max(axis=1, initial=0.0)
    confidence = ((first > 0) & (np.diagonal(own) >= own.max(axis=1) - slack)).astype(float)
    shares = counts.reshape(n, n + 1)[:, 1:] / w.shape[0]
    codes = tuple(children) or tuple(str(at) for at in range(c))
    return Acceptability(names, codes, x, w, shares, central, confidence)
