"""Means of children: arithmetic, geometric, power, median, ordered, and means less a penalty for imbalance.

An aggregation is a function ``f(x, *fitted, *, context, ...) -> (U, T)``. ``x`` is (U, T, C): units, periods and the
node's children, normalised and turned so that higher is better; the weights stand in ``context.given``, (C,), and sum
to 1. A missing child is passed over and the other weights of that row are rescaled to 1; a row without any child that
has weight is missing.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing
from tidu.core.registry import Fitted, Registry
from tidu.core.stats import Array
from tidu.index.context import Context

AGGREGATIONS = Registry("aggregate")

Penalty = Literal["minus", "plus"]
Deviation = Literal["sample", "population"]


def _bad_cell(x: Array, bad: NDArray[np.bool_], code: str, method: str, context: Context) -> MethodError:
    """The error that names the first cell at fault."""
    unit, period, child = (int(place) for place in np.argwhere(bad)[0])
    return MethodError(
        code,
        address=context.address,
        method=method,
        child=context.codes[child] if context.codes else str(child),
        unit=context.units[unit] if context.units else str(unit),
        period=context.periods[period] if context.periods else str(period),
        value=float(x[unit, period, child]),
        count=int(bad.sum()),
    )


def row_weights(x: Array, weights: Array) -> Array:
    """Weights (U, T, C) that are 0 where ``x`` is missing and sum to 1 over each row; missing in an empty row.

    >>> row_weights(np.array([[[1.0, np.nan, 3.0]]]), np.array([0.25, 0.5, 0.25])).tolist()
    [[[0.5, 0.0, 0.5]]]
    """
    seen = np.where(np.isnan(x), 0.0, weights)
    total = seen.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return seen / np.where(total > 0, total, np.nan)


def _mean(x: Array, weights: Array) -> Array:
    """Weighted mean over the last axis: one matrix product, and a second one only where there are holes."""
    result: Array = x @ weights
    if np.isnan(result).any():
        seen = ~np.isnan(x)
        total = seen @ weights
        with np.errstate(invalid="ignore", divide="ignore"):
            result = np.where(seen, x, 0.0) @ weights / np.where(total > 0, total, np.nan)
    return result


def _no_holes_but(x: Array, weights: Array) -> tuple[Array, Array]:
    """The children that have weight, and their weights."""
    kept = weights > 0
    return (x, weights) if kept.all() else (x[..., kept], weights[kept])


@AGGREGATIONS.method("arithmetic", source="OECD/JRC Handbook 2008, step 6, additive aggregation", traits=("skips", "linear"))
def arithmetic(x: Array, *, context: Context) -> Array:
    """The weighted mean of each unit's children in each period.

    ``x`` is (U, T, C), the result (U, T); missing children are passed over.

    >>> around = Context(given=np.array([0.5, 0.25, 0.25]))
    >>> arithmetic(np.array([[[1.0, 2.0, 4.0]], [[1.0, np.nan, 4.0]]]), context=around).tolist()
    [[2.0], [2.0]]
    """
    return _mean(x, context.given)


def _logs(x: Array, context: Context, method: str) -> tuple[Array, Array]:
    """Logarithms of the children that have weight, and the weights; refuses a figure that is not above zero."""
    weights = context.given
    kept = weights > 0
    used = x if kept.all() else np.where(kept, x, np.nan)
    low = np.fmin.reduce(used, axis=None, initial=np.inf)
    if low <= 0:
        raise _bad_cell(x, used <= 0, "aggregate_not_positive", method, context)
    chosen, weights = _no_holes_but(x, weights)
    return np.log(chosen), weights


@AGGREGATIONS.method(
    "geometric", source="OECD/JRC Handbook 2008, step 6, geometric aggregation", traits=("skips", "positive", "log_linear")
)
def geometric(x: Array, *, context: Context) -> Array:
    """The weighted geometric mean of each unit's children in each period.

    ``x`` is (U, T, C), the result (U, T); missing children are passed over. Raises ``aggregate_not_positive`` when a
    child that has weight is zero or below.

    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> geometric(np.array([[[2.0, 8.0]], [[np.nan, 8.0]]]), context=around).round(12).tolist()
    [[4.0], [8.0]]
    """
    logs, weights = _logs(x, context, "geometric")
    result: Array = np.exp(_mean(logs, weights))
    return result


def _power(x: Array, p: float, context: Context, method: str) -> Array:
    """The power mean by logarithms, so that a large exponent does not overflow."""
    if p > 0:
        chosen, weights = _no_holes_but(x, context.given)
        if np.fmin.reduce(chosen, axis=None, initial=np.inf) < 0:
            bad = np.where(context.given > 0, x, np.nan) < 0
            raise _bad_cell(x, bad, "aggregate_negative", method, context)
        with np.errstate(divide="ignore"):
            logs = np.log(chosen)
    else:
        logs, weights = _logs(x, context, method)
    scaled = p * logs
    top = np.fmax.reduce(scaled, axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        result: Array = np.exp((np.log(_mean(np.exp(scaled - top), weights)) + top[..., 0]) / p)
    return result


@AGGREGATIONS.method("harmonic", source="Hardy, Littlewood and Pólya 1934, Inequalities, p. 12", traits=("skips", "positive"))
def harmonic(x: Array, *, context: Context) -> Array:
    """The weighted harmonic mean of each unit's children in each period.

    ``x`` is (U, T, C), the result (U, T); missing children are passed over. Raises ``aggregate_not_positive``.

    >>> harmonic(np.array([[[2.0, 6.0]]]), context=Context(given=np.array([0.5, 0.5]))).round(12).tolist()
    [[3.0]]
    """
    used = np.where(context.given > 0, x, np.nan)
    if np.fmin.reduce(used, axis=None, initial=np.inf) <= 0:
        raise _bad_cell(x, used <= 0, "aggregate_not_positive", "harmonic", context)
    chosen, weights = _no_holes_but(x, context.given)
    result: Array = 1.0 / _mean(1.0 / chosen, weights)
    return result


@AGGREGATIONS.method("power_mean", source="Hardy, Littlewood and Pólya 1934, Inequalities, p. 12", traits=("skips",))
def power_mean(x: Array, *, context: Context, p: Annotated[float, Field(ge=-1000, le=1000)]) -> Array:
    """The weighted power mean with exponent ``p`` of each unit's children in each period.

    ``x`` is (U, T, C), the result (U, T); 1 is the arithmetic, 0 the geometric, −1 the harmonic mean. Missing children
    are passed over. Raises ``aggregate_not_positive`` for p ≤ 0 and ``aggregate_negative`` for other p but 1.

    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> power_mean(np.array([[[1.0, 7.0]]]), context=around, p=2.0).round(12).tolist()
    [[5.0]]
    """
    if p == 1:
        return _mean(x, context.given)
    if abs(p) < 1e-8:
        logs, weights = _logs(x, context, "power_mean")
        result: Array = np.exp(_mean(logs, weights))
        return result
    return _power(x, p, context, "power_mean")


@AGGREGATIONS.method("median", source="Edgeworth 1888, On a new method of reducing observations", traits=("skips",))
def median(x: Array, *, context: Context) -> Array:
    """The weighted median of each unit's children in each period.

    ``x`` is (U, T, C), the result (U, T). Where a range of values halves the weight, its middle is taken, so that equal
    weights give the common median. Missing children are passed over.

    >>> around = Context(given=np.array([0.25, 0.25, 0.25, 0.25]))
    >>> median(np.array([[[1.0, 9.0, 3.0, 4.0]], [[1.0, 9.0, np.nan, 4.0]]]), context=around).tolist()
    [[3.5], [4.0]]
    """
    x, weights = _no_holes_but(x, context.given)
    shares = row_weights(x, weights)
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    so_far = np.cumsum(np.take_along_axis(shares, order, axis=-1), axis=-1)
    lower = np.argmax(so_far >= 0.5 - 1e-12, axis=-1)[..., None]
    upper = np.argmax(so_far > 0.5 + 1e-12, axis=-1)[..., None]
    pair = np.take_along_axis(ordered, lower, axis=-1) + np.take_along_axis(ordered, upper, axis=-1)
    return np.where(np.isnan(so_far[..., -1]), np.nan, pair[..., 0] / 2)


def orness(order_weights: Array) -> float:
    """How near an ordered mean is to the best child (1) or the worst (0); 0.5 is the plain mean.

    >>> orness(np.array([1.0, 0.0, 0.0])), orness(np.array([0.25, 0.25, 0.25, 0.25]))
    (1.0, 0.5)
    """
    n = order_weights.size
    return float((n - np.arange(1, n + 1)) @ order_weights / (n - 1)) if n > 1 else 0.5


@AGGREGATIONS.method(
    "owa", source="Yager 1988, IEEE SMC 18:183; Torra 1997, IJIS 12:153, for weights of importance", traits=("skips",)
)
def owa(
    x: Array,
    *,
    context: Context,
    order_weights: list[Annotated[float, Field(ge=0)]] | None = None,
    orness: Annotated[float, Field(gt=0, lt=1)] | None = None,
) -> Array:
    """The ordered weighted mean: weights go to places, from the best child of the unit to its worst.

    ``x`` is (U, T, C), the result (U, T). Give either ``order_weights``, best place first, or ``orness`` (near 1 looks
    at the best children, near 0 at the worst, 0.5 is the weighted mean), which weighs by the curve r^(1/orness − 1).
    The children's own weights set how much of the curve each takes; a missing child is passed over and the curve spans
    the rest. Raises ``owa_one_of_two`` or ``owa_count``.

    >>> around = Context(codes=("a", "b"), given=np.array([0.5, 0.5]))
    >>> owa(np.array([[[1.0, 3.0]]]), context=around, order_weights=[0.25, 0.75]).tolist()
    [[1.5]]
    """
    if (order_weights is None) == (orness is None):
        raise SpecError("owa_one_of_two", address=context.address)
    if order_weights is not None and (len(order_weights) != x.shape[-1] or sum(order_weights) <= 0):
        raise SpecError("owa_count", address=context.address, found=len(order_weights), needed=x.shape[-1])
    shares = row_weights(x, context.given)
    order = np.argsort(-x, axis=-1, kind="stable")
    so_far = np.cumsum(np.take_along_axis(shares, order, axis=-1), axis=-1)
    so_far = np.minimum(so_far, 1.0)
    if order_weights is not None:
        bends = np.concatenate([[0.0], np.cumsum(order_weights)]) / sum(order_weights)
        curve = np.interp(so_far, np.linspace(0, 1, bends.size), bends)
        curve = np.where(np.isnan(so_far), np.nan, curve)
    else:
        curve = so_far ** ((1 - orness) / orness) if orness is not None else so_far
    place = np.diff(curve, axis=-1, prepend=0.0)
    ordered = np.take_along_axis(x, order, axis=-1)
    return np.where(np.isnan(so_far[..., -1]), np.nan, np.sum(np.where(np.isnan(ordered), 0.0, ordered) * place, axis=-1))


@AGGREGATIONS.method("mean_min", source="Casadio Tarabusi and Guarini 2013, Social Indicators Research 112:19", traits=("skips",))
def mean_min(
    x: Array,
    *,
    context: Context,
    alpha: Annotated[float, Field(ge=0, le=1)] = 1.0,
    beta: Annotated[float, Field(ge=0, le=1e100)] = 0.0,
) -> Array:
    """The weighted mean less a penalty for the distance from the mean down to the worst child.

    ``x`` is (U, T, C), the result (U, T): M − alpha·(√((M − min)² + beta²) − beta). ``alpha`` 0 is the mean; 1 with
    ``beta`` 0 is the worst child; a larger ``beta`` is milder. Missing children are passed over.

    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> mean_min(np.array([[[1.0, 3.0]]]), context=around, alpha=0.5).tolist()
    [[1.5]]
    """
    x, weights = _no_holes_but(x, context.given)
    mean = _mean(x, weights)
    gap = mean - np.fmin.reduce(x, axis=-1)
    result: Array = mean - alpha * (np.sqrt(gap**2 + beta**2) - beta)
    return result


def _less_penalty(z: Array, weights: Array, penalty: Penalty, deviation: Deviation) -> Array:
    """Row mean minus or plus row variance over row mean."""
    z, weights = _no_holes_but(z, weights)
    mean = _mean(z, weights)
    variance = _mean((z - mean[..., None]) ** 2, weights)
    if deviation == "sample":
        seen = np.sum(~np.isnan(z), axis=-1)
        variance = variance * seen / np.maximum(seen - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = variance / np.where(mean != 0, mean, np.nan)
    return mean - part if penalty == "minus" else mean + part


def _fit_mpi(x: Array, *, context: Context, standardise: bool = True, deviation: Deviation = "sample") -> Fitted:
    size = x.shape[-1]
    if not standardise:
        return {"mean": np.zeros(size), "sd": np.ones(size)}
    rows = x.reshape(-1, size)
    seen = np.sum(~np.isnan(rows), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(rows, axis=0) / seen
        square = np.nansum((rows - mean) ** 2, axis=0)
        sd = np.sqrt(square / (seen - (1 if deviation == "sample" else 0)))
    flat = ~(sd > 1e-13 * np.abs(mean))
    if flat.any():
        children = [context.codes[place] if context.codes else str(place) for place in np.flatnonzero(flat)]
        raise MethodError("aggregate_no_spread", address=context.address, method="mpi", children=listing(children))
    return {"mean": mean, "sd": sd}


@AGGREGATIONS.method(
    "mpi", source="De Muro, Mazziotta and Pareto 2011, Social Indicators Research 104:1", fit=_fit_mpi, traits=("skips",)
)
def mpi(
    x: Array,
    mean: Array,
    sd: Array,
    *,
    context: Context,
    penalty: Penalty = "minus",
    standardise: bool = True,
    deviation: Deviation = "sample",
) -> Array:
    """The Mazziotta–Pareto index: the mean of standardised children less (or plus) a penalty for their imbalance.

    ``x`` is (U, T, C), the result (U, T). Children are brought to mean 100 and deviation 10 over all units and periods
    of the fit (unless ``standardise`` is false), and the row's variance over its mean is taken off. ``minus`` is for
    indices where more is better, ``plus`` where less is. ``deviation`` divides by n − 1 or n, in both places. Missing
    children are passed over. Raises ``aggregate_no_spread``.

    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> x = np.array([[[90.0, 110.0]]])
    >>> mpi(x, np.zeros(2), np.ones(2), context=around, standardise=False, deviation="population").tolist()
    [[99.0]]
    """
    z = 100 + 10 * (x - mean) / sd if standardise else x
    return _less_penalty(z, context.given, penalty, deviation)


def _fit_ampi(
    x: Array, *, context: Context, reference: Literal["middle", "mean", "first_mean"] | dict[str, float] = "middle"
) -> Fitted:
    rows = x.reshape(-1, x.shape[-1])
    low, high = np.fmin.reduce(rows, axis=0), np.fmax.reduce(rows, axis=0)
    half = (high - low) / 2
    names = context.codes or tuple(str(place) for place in range(rows.shape[1]))
    flat = [names[place] for place in np.flatnonzero(~(half > 0))]
    if flat:
        raise MethodError("aggregate_no_spread", address=context.address, method="ampi", children=listing(flat))
    if isinstance(reference, dict):
        lacking = [code for code in names if code not in reference]
        if lacking:
            raise SpecError("ampi_reference", address=context.address, lacking=listing(lacking))
        middle = np.array([reference[code] for code in names], dtype=float)
    elif reference == "middle":
        middle = low + half
    else:
        block = rows if reference == "mean" else x[:, 0, :]
        seen = np.sum(~np.isnan(block), axis=0)
        lacking = [names[place] for place in np.flatnonzero(seen == 0)]
        if lacking:
            raise MethodError("ampi_reference", address=context.address, lacking=listing(lacking))
        middle = np.nansum(block, axis=0) / seen
    return {"low": middle - half, "high": middle + half}


@AGGREGATIONS.method(
    "ampi", source="Mazziotta and Pareto 2016, Social Indicators Research 127:983", fit=_fit_ampi, traits=("skips",)
)
def ampi(
    x: Array,
    low: Array,
    high: Array,
    *,
    context: Context,
    penalty: Penalty = "minus",
    deviation: Deviation = "population",
    reference: Literal["middle", "mean", "first_mean"] | dict[str, float] = "middle",
) -> Array:
    """The adjusted Mazziotta–Pareto index, comparable over time: children between goalposts, less a penalty.

    ``x`` is (U, T, C), the result (U, T). Goalposts (``low``, ``high``) come from all units and periods of the fit:
    half the range on either side of the ``reference``, which scores 100 — the middle of the range, the mean, the mean
    of the first period, or a figure by child. The low goalpost scores 70, the high one 130. ``deviation`` divides by n − 1 or
    n. Missing children are passed over. Raises ``aggregate_no_spread`` or ``ampi_reference``.

    >>> around = Context(given=np.array([0.5, 0.5]))
    >>> ampi(np.array([[[0.5, 0.5]], [[1.0, 1.0]]]), np.zeros(2), np.ones(2), context=around).tolist()
    [[100.0], [130.0]]
    """
    z = (x - low) / (high - low) * 60 + 70
    return _less_penalty(z, context.given, penalty, deviation)
