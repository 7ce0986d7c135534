"""Benefit of the doubt: every unit is scored with the weights that favour it most, against the best units there are.

A score is the largest weighted sum of the unit's children under weights by which no reference unit exceeds 1. It is
found in the dual form — the least total of reference units that together match the unit — for many units in one sparse
linear program, with reference units brought in only as they are needed.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing
from tidu.core.registry import Fitted
from tidu.core.stats import Array
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context
from tidu.index.least_cost import least_cost

Frontier = Literal["period", "pooled"]
Share = Annotated[float, Field(ge=0, le=1)]


def _check(x: Array, context: Context, method: str) -> None:
    bad = x < 0
    if bad.any():
        unit, period, child = (int(place) for place in np.argwhere(bad)[0])
        raise MethodError(
            "frontier_negative",
            address=context.address,
            method=method,
            child=context.codes[child] if context.codes else str(child),
            unit=context.units[unit] if context.units else str(unit),
            period=context.periods[period] if context.periods else str(period),
            value=float(x[unit, period, child]),
        )


def _undominated(rows: Array) -> Array:
    """The distinct rows that no other row matches or beats in every column."""
    rows = np.unique(rows, axis=0)
    kept: list[int] = []
    for place in np.argsort(-rows.sum(axis=1), kind="stable"):
        if not kept or not (rows[kept] >= rows[place]).all(axis=1).any():
            kept.append(int(place))
    return rows[sorted(kept)]


def _fit(x: Array, *, context: Context, frontier: Frontier = "period") -> Fitted:
    size = x.shape[-1]
    if frontier == "period":
        return {"peers": np.zeros((0, size))}
    rows = x.reshape(-1, size)
    rows = rows[~np.isnan(rows).any(axis=1)]
    _check(x, context, "frontier")
    return {"peers": _undominated(rows)}


def _each(x: Array, peers: Array) -> list[tuple[int, NDArray[np.intp], Array]]:
    """Each period with its whole units and the reference rows that they are scored against."""
    found = []
    for period in range(x.shape[1]):
        units = np.flatnonzero(~np.isnan(x[:, period].sum(axis=-1)))
        if units.size:
            rows = x[units, period]
            found.append((period, units, peers if peers.size else rows))
    return found


def _score(rows: Array, peers: Array, own: Array, context: Context, method: str) -> Array:
    used = peers.max(axis=0) > 0
    if (rows[:, ~used] > 0).any():
        children = [context.codes[place] if context.codes else str(place) for place in np.flatnonzero(~used)]
        raise MethodError("frontier_no_peer", address=context.address, method=method, children=listing(children))
    return least_cost(peers, 1.0, own, np.zeros(own.shape[2]), rows)


def _surely_best(rows: Array) -> NDArray[np.bool_]:
    """Rows that some tried weights put above every other: they score 1 and need no program.

    The weights favour what the row is good at, ever more strongly, and then bear on where the closest rival is weaker.
    """
    share = rows / np.where(rows.max(axis=0) > 0, rows.max(axis=0), 1.0)
    sure = np.zeros(len(rows), dtype=bool)
    for power in (1.0, 2.0, 4.0, 8.0, 16.0):
        weights = share**power
        for _ in range(12):
            left = np.flatnonzero(~sure)
            if not left.size:
                return sure
            sums = weights[left] @ share.T
            own = sums[np.arange(left.size), left]
            best = sums.argmax(axis=1)
            won = (own > 0) & (own >= sums[np.arange(left.size), best])
            sure[left[won]] = True
            lost, rival = left[~won], best[~won]
            weights[lost] *= np.exp(3.0 * (share[lost] - share[rival]))
    return sure


@AGGREGATIONS.method(
    "benefit_of_the_doubt",
    source="Melyn and Moesen 1991; Cherchye, Moesen, Rogge and Van Puyenbroeck 2007, Social Indicators Research 82:111",
    fit=_fit,
    traits=("set", "unweighted"),
)
def benefit_of_the_doubt(x: Array, peers: Array, *, context: Context, frontier: Frontier = "period") -> Array:
    """Each unit's best weighted sum under weights by which no reference unit exceeds 1.

    ``x`` is (U, T, C) with nothing below zero, the result (U, T), at most 1 within the reference set. The reference
    units are those of the same period, or (``pooled``) of all periods of the fit, frozen: a unit beyond them scores
    above 1. A unit that lacks a child is missing and is nobody's reference. The file's weights are not used. Raises
    ``frontier_negative`` or ``frontier_no_peer``.

    >>> x = np.array([[[2.0, 1.0]], [[1.0, 2.0]], [[1.0, 1.0]]])
    >>> benefit_of_the_doubt(x, np.zeros((0, 2)), context=Context()).round(9).tolist()
    [[1.0], [1.0], [0.666666667]]
    """
    _check(x, context, "benefit_of_the_doubt")
    scores = np.full(x.shape[:2], np.nan)
    for period, units, reference in _each(x, peers):
        rows = x[units, period]
        left = np.arange(len(rows)) if peers.size else np.flatnonzero(~_surely_best(rows))
        found = np.ones(len(rows))
        if left.size:
            own = np.zeros((left.size, rows.shape[1], 0))
            found[left] = _score(rows[left], reference, own, context, "benefit_of_the_doubt")
        scores[units, period] = found
    return scores


def _limits(bound: float | dict[str, float] | None, rest: float, context: Context, size: int, key: str) -> Array:
    if bound is None or isinstance(bound, float | int):
        return np.full(size, rest if bound is None else float(bound))
    foreign = [code for code in bound if code not in context.codes]
    if foreign:
        raise SpecError("frontier_bound_child", address=context.address, key=key, children=listing(foreign))
    return np.array([bound.get(code, rest) for code in context.codes], dtype=float)


@AGGREGATIONS.method(
    "benefit_of_the_doubt_bounded",
    source="Wong and Beasley 1990, JORS 41:829; Cherchye et al. 2007, Social Indicators Research 82:111",
    fit=_fit,
    traits=("set", "unweighted"),
)
def benefit_of_the_doubt_bounded(
    x: Array,
    peers: Array,
    *,
    context: Context,
    lower: Share | dict[str, Share] | None = None,
    upper: Share | dict[str, Share] | None = None,
    on: Literal["pie", "weight"] = "pie",
    frontier: Frontier = "period",
) -> Array:
    """Each unit's best weighted sum when shares of the sum, or of the weights, must keep within bounds.

    ``x`` is (U, T, C) with nothing below zero, the result (U, T). ``pie`` bounds the part of the unit's own score that
    each child makes up (a unit with a zero in a child that has a lower bound scores 0); ``weight`` bounds each weight's
    share of all weights. ``lower`` and ``upper`` are one number or numbers by child. References and missing figures as in
    :func:`benefit_of_the_doubt`. Raises ``frontier_bounds``, ``frontier_bound_child``, ``frontier_negative`` or
    ``frontier_no_peer``.

    >>> x = np.array([[[2.0, 1.0]], [[1.0, 2.0]], [[1.0, 1.0]]])
    >>> benefit_of_the_doubt_bounded(x, np.zeros((0, 2)), context=Context(), lower=0.5).round(9).tolist()
    [[0.8], [0.8], [0.666666667]]
    """
    _check(x, context, "benefit_of_the_doubt_bounded")
    size = x.shape[-1]
    low = _limits(lower, 0.0, context, size, "lower")
    high = _limits(upper, 1.0, context, size, "upper")
    if low.sum() > 1 + 1e-9 or high.sum() < 1 - 1e-9 or (low > high).any():
        raise SpecError("frontier_bounds", address=context.address, lower=float(low.sum()), upper=float(high.sum()), count=size)
    least, most = np.flatnonzero(low > 0), np.flatnonzero(high < 1)
    scores = np.full(x.shape[:2], np.nan)
    for period, units, reference in _each(x, peers):
        rows = x[units, period]
        of = rows if on == "pie" else np.ones_like(rows)
        # The dual of low·Σ(w·of) − w·of ≤ 0 and of w·of − high·Σ(w·of) ≤ 0: one free column for each bound.
        columns = np.concatenate([of[:, None, :] * low[least][None, :, None], -of[:, None, :] * high[most][None, :, None]], 1)
        columns[:, np.arange(least.size), least] -= of[:, least]
        columns[:, least.size + np.arange(most.size), most] += of[:, most]
        own = columns.transpose(0, 2, 1)
        scores[units, period] = _score(rows, reference, own, context, "benefit_of_the_doubt_bounded")
    return scores


def _fit_directional(x: Array, *, context: Context, undesirable: list[str] | None = None, frontier: Frontier = "period") -> Fitted:
    whole = np.where(np.isnan(x.sum(axis=-1, keepdims=True)), 0.0, x).reshape(-1, x.shape[-1])
    return {**_fit(x, context=context, frontier=frontier), "top": whole.max(axis=0, initial=0.0)}


@AGGREGATIONS.method(
    "benefit_of_the_doubt_directional",
    source="Fusco 2015, directional distance; Zanella, Camanho and Dias 2015, EJOR 245:517, for undesirable outputs",
    fit=_fit_directional,
    traits=("set", "unweighted"),
)
def benefit_of_the_doubt_directional(
    x: Array,
    peers: Array,
    top: Array,
    *,
    context: Context,
    undesirable: list[str] | None = None,
    frontier: Frontier = "period",
) -> Array:
    """1 / (1 + β), β being how far each unit can move in the direction of the weights before it meets the frontier.

    ``x`` is (U, T, C) with nothing below zero, the result (U, T), 1 on the frontier; beyond a frozen one β is negative
    and the score 1 − β. The direction of a child is its ``top`` (the highest figure of the fit) times its weight in the
    file over the mean weight: a larger one says that progress is wanted there. A child named in ``undesirable`` stands
    for a bad output, higher being less of it: its distance to ``top`` must shrink by β of itself, instead of the child
    growing by β of ``top``. References are convex combinations (or less) of the units of the period, or of all periods.
    Raises ``frontier_negative``, ``frontier_bound_child`` or ``frontier_no_direction``.

    >>> x = np.array([[[2.0, 1.0]], [[1.0, 2.0]], [[1.0, 1.0]]])
    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> benefit_of_the_doubt_directional(x, np.zeros((0, 2)), np.full(2, 2.0), context=around).round(9).tolist()
    [[1.0], [1.0], [0.8]]
    """
    _check(x, context, "benefit_of_the_doubt_directional")
    foreign = [code for code in undesirable or () if code not in context.codes]
    if foreign:
        raise SpecError("frontier_bound_child", address=context.address, key="undesirable", children=listing(foreign))
    bad = np.array([code in (undesirable or ()) for code in context.codes] or [False] * x.shape[-1])
    direction = top * context.given / context.given.mean()
    if not (direction > 0).any():
        raise SpecError("frontier_no_direction", address=context.address)
    scores = np.full(x.shape[:2], np.nan)
    for period, units, reference in _each(x, peers):
        rows = x[units, period]
        ahead = np.where(bad, np.maximum(top - rows, 0.0), direction)
        # Peers carry −1 in a last row, so that their shares sum to at most 1; the own columns are β's two signs.
        wide = np.column_stack([reference, np.full(len(reference), -1.0)])
        need = np.column_stack([rows, np.full(len(rows), -1.0)])
        back = np.column_stack([ahead, np.zeros(len(rows))])[:, :, None]
        beta = -least_cost(wide, 0.0, np.concatenate([-back, back], axis=2), np.array([-1.0, 1.0]), need)
        scores[units, period] = np.where(beta < 0, 1.0 - beta, 1.0 / (1.0 + np.maximum(beta, 0.0)))
    return scores


def _fit_robust(x: Array, *, context: Context, frontier: Frontier = "period") -> Fitted:
    size = x.shape[-1]
    if frontier == "period":
        return {"peers": np.zeros((0, size))}
    rows = x.reshape(-1, size)
    rows = rows[~np.isnan(rows).any(axis=1)]
    _check(x, context, "benefit_of_the_doubt_robust")
    return {"peers": rows}


def _expected_best(rows: Array, peers: Array, m: int) -> Array:
    """How much larger, on average, the best of ``m`` drawn rows is in every child at once; exact, nothing is drawn."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.stack([np.fmin.reduce(np.where(row > 0, peers / row, np.nan), axis=1) for row in rows])
    ratio = np.sort(ratio, axis=1)
    place = np.arange(peers.shape[0] + 1) / peers.shape[0]
    result: Array = ratio @ np.diff(place**m)
    return result


def _drawn_best(rows: Array, peers: Array, m: int, replications: int, seed: int) -> Array:
    """The mean over draws of ``m`` rows of how much larger a combination of the drawn rows can be than each row."""
    pool = peers[np.lexsort((*peers.T[::-1], peers.max(axis=1), peers.sum(axis=1)))]
    random = np.random.default_rng(seed)
    total: Array = np.zeros(rows.shape[0])
    for _ in range(replications):
        drawn = pool[random.integers(pool.shape[0], size=m)]
        empty = drawn.max(axis=0) <= 0
        beaten = np.flatnonzero(~(rows[:, empty] > 0).any(axis=1))
        if beaten.size:
            part = rows[beaten]
            total[beaten] += 1.0 / least_cost(np.unique(drawn, axis=0), 1.0, np.zeros((*part.shape, 0)), np.zeros(0), part)
    return total / replications


@AGGREGATIONS.method(
    "benefit_of_the_doubt_robust",
    source="Cazals, Florens and Simar 2002, J. Econometrics 106:1, order-m; Vidoli and Mazziotta 2013 for composites",
    fit=_fit_robust,
    traits=("set", "unweighted"),
)
def benefit_of_the_doubt_robust(
    x: Array,
    peers: Array,
    *,
    context: Context,
    m: Annotated[int, Field(ge=1)] = 25,
    hull: Literal["convex", "free"] = "convex",
    replications: Annotated[int, Field(ge=1)] = 100,
    seed: Annotated[int, Field(ge=0)] | None = None,
    frontier: Frontier = "period",
) -> Array:
    """Each unit's benefit-of-the-doubt score against ``m`` reference units drawn at random, so that outliers weigh less.

    ``x`` is (U, T, C) with nothing below zero, the result (U, T); a score above 1 is better than what ``m`` units can
    be expected to reach. It is 1 over the mean possible expansion: over ``replications`` draws from ``seed`` (that of
    the index when left out) for the ``convex`` hull of the drawn units; for the ``free`` hull, single units as they
    stand, the mean is exact and nothing is drawn. References and missing figures as in :func:`benefit_of_the_doubt`.
    Raises ``frontier_negative``.

    >>> x = np.array([[[2.0, 1.0]], [[1.0, 2.0]], [[1.0, 1.0]]])
    >>> benefit_of_the_doubt_robust(x, np.zeros((0, 2)), context=Context(), m=1, hull="free").round(9).tolist()
    [[1.5], [1.5], [1.0]]
    """
    _check(x, context, "benefit_of_the_doubt_robust")
    scores = np.full(x.shape[:2], np.nan)
    for period, units, reference in _each(x, peers):
        rows = x[units, period]
        some = rows.max(axis=1) > 0
        found = np.zeros(units.size)
        if some.any():
            if hull == "free":
                expansion = _expected_best(rows[some], reference, m)
            else:
                expansion = _drawn_best(rows[some], reference, m, replications, context.seed if seed is None else seed)
            with np.errstate(divide="ignore"):
                found[some] = np.where(expansion > 0, 1.0 / expansion, np.nan)
        scores[units, period] = found
    return scores
