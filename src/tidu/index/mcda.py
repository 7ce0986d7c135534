"""Distance to the best and comparison in pairs: TOPSIS, VIKOR, PROMETHEE II and the Wrocław taxonomic measure.

``x`` is (U, T, C), normalised and turned so that higher is better; the weights stand in ``context.given``. A unit that
lacks a child is missing in that period and is no rival to the others.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing
from tidu.core.registry import Fitted
from tidu.core.stats import Array
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context

Scaling = Literal["vector", "min_max", "none"]
Preference = Literal["usual", "linear", "gaussian"]

_BLOCK = 2_000_000


def _whole_rows(x: Array) -> Array:
    """The rows (N, C) of all units and periods that have every child."""
    rows = x.reshape(-1, x.shape[-1])
    gaps = np.isnan(rows.sum(axis=1))
    return rows[~gaps] if gaps.any() else rows


def _fit_topsis(x: Array, *, context: Context, scaling: Scaling = "vector") -> Fitted:
    rows = _whole_rows(x)
    size = rows.shape[1]
    if not rows.shape[0]:
        return {"scale": np.ones(size), "best": np.full(size, np.nan), "worst": np.full(size, np.nan)}
    best, worst = rows.max(axis=0), rows.min(axis=0)
    scale = np.ones(size)
    if scaling == "vector":
        scale = np.sqrt(np.einsum("nc,nc->c", rows, rows))
    elif scaling == "min_max":
        scale = best - worst
    return {"scale": np.where(scale > 0, scale, 1.0), "best": best, "worst": worst}


@AGGREGATIONS.method(
    "topsis", source="Hwang and Yoon 1981, Multiple Attribute Decision Making, pp. 128-140", fit=_fit_topsis, traits=("set",)
)
def topsis(x: Array, scale: Array, best: Array, worst: Array, *, context: Context, scaling: Scaling = "vector") -> Array:
    """Closeness to the ideal: the distance from the worst there is, as a share of the distances from worst and best.

    ``x`` is (U, T, C), the result (U, T) from 0 to 1. Ideals and the scale of each child (its length as a vector, its
    range, or none) come from all units and periods of the fit and stay the same in other years; a unit beyond an
    ideal is measured from it all the same. Where best and worst are one, the score is 0.5.

    >>> x = np.array([[[0.0, 0.0]], [[3.0, 4.0]], [[3.0, 0.0]]])
    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> fitted = AGGREGATIONS["topsis"].fit(x, {"scaling": "none"}, around)
    >>> topsis(x, **fitted, context=around, scaling="none").round(6).tolist()
    [[0.0], [1.0], [0.428571]]
    """
    factor = (context.given / scale) ** 2
    rows = x.reshape(-1, x.shape[-1])
    step = rows - best
    np.multiply(step, step, out=step)
    above = np.sqrt(step @ factor)
    np.subtract(rows, worst, out=step)
    np.multiply(step, step, out=step)
    below = np.sqrt(step @ factor)
    both = above + below
    return np.where(both == 0, 0.5, below / np.where(both == 0, 1.0, both)).reshape(x.shape[:2])


def _fit_range(x: Array, *, context: Context) -> Fitted:
    rows = _whole_rows(x)
    size = rows.shape[1]
    if not rows.shape[0]:
        return {"best": np.full(size, np.nan), "worst": np.full(size, np.nan)}
    return {"best": rows.max(axis=0), "worst": rows.min(axis=0)}


@AGGREGATIONS.method("vikor", source="Opricovic and Tzeng 2004, EJOR 156:445", fit=_fit_range, traits=("set",))
def vikor(x: Array, best: Array, worst: Array, *, context: Context, v: Annotated[float, Field(ge=0, le=1)] = 0.5) -> Array:
    """1 − Q, Q being VIKOR's compromise between a unit's whole regret and its worst single regret in each period.

    ``x`` is (U, T, C), the result (U, T) from 0 to 1, higher is better. Regrets are shares of each child's range in the
    fit; ``v`` is the weight of the whole regret, 1 − v that of the worst. Each period is taken by itself.

    >>> x = np.array([[[1.0, 0.0]], [[0.0, 1.0]], [[0.6, 0.6]]])
    >>> vikor(x, np.ones(2), np.zeros(2), context=Context(given=np.array([0.5, 0.5]))).round(9).tolist()
    [[0.0], [0.0], [1.0]]
    """
    width = best - worst
    regret = np.where(width > 0, (best - x) / np.where(width > 0, width, 1.0), np.where(np.isnan(x), np.nan, 0.0)) * context.given
    whole = regret.sum(axis=-1)
    single = regret.max(axis=-1)
    result = np.zeros(whole.shape)
    for part, share in ((whole, v), (single, 1 - v)):
        low, high = np.fmin.reduce(part, axis=0, initial=np.inf), np.fmax.reduce(part, axis=0, initial=-np.inf)
        range_ = high - low
        result += share * np.where(range_ > 1e-12, (part - low) / np.where(range_ > 1e-12, range_, 1.0), part * 0.0)
    return 1.0 - result


def _limit(value: float | dict[str, float] | None, default: float, context: Context, size: int, key: str) -> Array:
    if value is None or isinstance(value, float | int):
        return np.full(size, default if value is None else float(value))
    foreign = [code for code in value if code not in context.codes]
    if foreign:
        raise SpecError("promethee_child", address=context.address, key=key, children=listing(foreign))
    return np.array([value.get(code, default) for code in context.codes], dtype=float)


def _flow_by_rank(column: Array) -> Array:
    """Rows below less rows above, without any comparison in pairs."""
    line = np.sort(column)
    below = np.searchsorted(line, column, side="left")
    upto = np.searchsorted(line, column, side="right")
    return (below + upto - column.size).astype(float)


def _flow(column: Array, shape: Preference, indifferent: float, strict: float) -> Array:
    """Sum over the other rows of the preference over them less theirs, in blocks of rows."""
    total = np.zeros(column.size)
    step = max(1, _BLOCK // max(column.size, 1))
    for first in range(0, column.size, step):
        gap = column[first : first + step, None] - column[None, :]
        if shape == "linear":
            size = np.clip((np.abs(gap) - indifferent) / (strict - indifferent), 0.0, 1.0)
        else:
            size = 1.0 - np.exp(-(gap**2) / (2 * strict**2))
        total[first : first + step] = np.sum(np.sign(gap) * size, axis=1)
    return total


@AGGREGATIONS.method("promethee_ii", source="Brans and Vincke 1985, Management Science 31:647, net flow", traits=("set",))
def promethee_ii(
    x: Array,
    *,
    context: Context,
    preference: Preference = "usual",
    indifference: float | dict[str, float] | None = None,
    threshold: float | dict[str, float] | None = None,
) -> Array:
    """The net flow of each unit in each period: mean preference over the others less theirs over it, from −1 to 1.

    ``x`` is (U, T, C), the result (U, T). ``usual`` prefers at any difference; ``linear`` rises from ``indifference`` to
    ``threshold``; ``gaussian`` is 1 − exp(−d²/2·threshold²). Both limits are one number or numbers by child, in the
    children's scale; ``threshold`` has no default. A unit alone in its period scores 0. Each period is taken by itself.
    Raises ``promethee_threshold`` or ``promethee_child``.

    >>> x = np.array([[[3.0, 1.0]], [[2.0, 2.0]], [[1.0, 3.0]]])
    >>> promethee_ii(x, context=Context(given=np.array([0.75, 0.25]))).tolist()
    [[0.5], [0.0], [-0.5]]
    """
    size = x.shape[-1]
    low = _limit(indifference, 0.0, context, size, "indifference")
    high = _limit(threshold, np.nan, context, size, "threshold")
    if preference != "usual" and not ((low >= 0) & (high > np.where(preference == "linear", low, 0.0))).all():
        raise SpecError("promethee_threshold", address=context.address, preference=preference)
    scores = np.full(x.shape[:2], np.nan)
    for period in range(x.shape[1]):
        units = np.flatnonzero(~np.isnan(x[:, period].sum(axis=-1)))
        flow = np.zeros(units.size)
        for child in np.flatnonzero(context.given > 0):
            column = x[units, period, child]
            if preference == "usual":
                flow += context.given[child] * _flow_by_rank(column)
            else:
                flow += context.given[child] * _flow(column, preference, float(low[child]), float(high[child]))
        scores[units, period] = flow / max(units.size - 1, 1)
    return scores


def _fit_wroclaw(x: Array, *, context: Context, standardise: bool = True) -> Fitted:
    rows = _whole_rows(x)
    size = rows.shape[1]
    if rows.shape[0] < 2:
        raise MethodError("mcda_few_rows", address=context.address, method="wroclaw", found=rows.shape[0])
    mean, sd = np.zeros(size), np.ones(size)
    if standardise:
        mean, sd = rows.mean(axis=0), rows.std(axis=0, ddof=1)
    flat = sd <= 1e-13 * np.abs(rows).max(axis=0)
    sd = np.where(flat, 1.0, sd)
    best = np.where(flat, 0.0, (rows.max(axis=0) - mean) / sd)
    z = np.where(flat, 0.0, (rows - mean) / sd)
    far = np.sqrt(((z - best) ** 2) @ context.given * size)
    limit = float(far.mean() + 2 * far.std(ddof=1))
    return {"mean": mean, "sd": np.where(flat, np.inf, sd), "best": best, "limit": np.array(limit if limit > 0 else 1.0)}


@AGGREGATIONS.method(
    "wroclaw",
    source="Hellwig 1968, Przegląd Statystyczny 15:307, taxonomic measure of development",
    fit=_fit_wroclaw,
    traits=("set",),
)
def wroclaw(x: Array, mean: Array, sd: Array, best: Array, limit: Array, *, context: Context, standardise: bool = True) -> Array:
    """1 less the distance to the ideal unit as a share of the critical distance, the mean plus two deviations.

    ``x`` is (U, T, C), the result (U, T), near 1 close to the ideal and seldom below 0. Children are standardised
    (n − 1) unless ``standardise`` is false; ideal and critical distance come from all units and periods of the fit. A
    weight counts with the square of the distance, and equal weights give Hellwig's own form. Raises ``mcda_few_rows``.

    >>> x = np.array([[[0.0]], [[1.0]], [[2.0]]])
    >>> around = Context(given=np.array([1.0]))
    >>> wroclaw(x, **AGGREGATIONS["wroclaw"].fit(x, {}, around), context=around).round(6).tolist()
    [[0.333333], [0.666667], [1.0]]
    """
    z = (x - mean) / sd
    far: Array = np.sqrt(((z - best) ** 2) @ context.given * x.shape[-1])
    return np.asarray(1.0 - far / limit)
