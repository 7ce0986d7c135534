"""Imputation: figures for cells that have none. Every filled cell carries the status I and its method.

Every function takes ``x`` of shape (units, periods, columns) in the figures' own unit and returns the same shape;
cells that the method cannot fill stay missing. A cell that is seen is never changed.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, listing, nearest
from tidu.core.registry import Fitted, Registry
from tidu.core.stats import Array, low_high
from tidu.index.context import Context

IMPUTATIONS = Registry("impute")
Over = Literal["year", "panel"]
Limit = Annotated[int, Field(ge=1)]


def fill(x: Array, guess: Array) -> Array:
    """The figures, with a guess where one is missing; a seen figure is never changed.

    >>> fill(np.array([1.0, np.nan]), np.array([9.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    return np.where(np.isnan(x), guess, x)


def _centre(x: Array, kind: str, over: Over) -> Array:
    """Mean or median of each column over units (and periods), (1 or periods, columns); missing where none is seen."""
    flat = x if over == "year" else x.reshape(1, -1, x.shape[-1]).transpose(1, 0, 2)
    if kind == "mean":
        seen = ~np.isnan(flat)
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = np.where(seen, flat, 0.0).sum(axis=0) / seen.sum(axis=0)
        return out
    ordered = np.sort(np.moveaxis(flat, 0, -1), axis=-1)  # the missing ones last
    count = np.where(np.isnan(ordered[..., -1]), np.isnan(ordered).argmax(axis=-1), flat.shape[0])
    lower = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[..., None], axis=-1)[..., 0]
    upper = np.take_along_axis(ordered, np.minimum(count // 2, flat.shape[0] - 1)[..., None], axis=-1)[..., 0]
    return np.where(count > 0, (lower + upper) / 2.0, np.nan)


@IMPUTATIONS.method("none", source="—")
def none(x: Array) -> Array:
    """The figures as they are: a missing value stays missing.

    >>> none(np.array([[[np.nan]]])).tolist()
    [[[nan]]]
    """
    return x


def fit_mean(x: Array, *, over: Over = "year") -> Fitted:
    """Mean of each column, per period or pooled."""
    return {"centre": _centre(x, "mean", over)}


def fit_median(x: Array, *, over: Over = "year") -> Fitted:
    """Median of each column, per period or pooled."""
    return {"centre": _centre(x, "median", over)}


def _same_periods(x: Array, centre: Array) -> None:
    if centre.shape[-2] not in (1, x.shape[1]):
        raise MethodError("frozen_periods", address="impute.over", fitted=centre.shape[-2], found=x.shape[1])


@IMPUTATIONS.method("mean", source="OECD/JRC Handbook 2008, 3.2", fit=fit_mean)
def mean(x: Array, centre: Array) -> Array:
    """Missing cells filled with the column's mean over the units.

    >>> x = np.array([[[1.0]], [[np.nan]], [[3.0]]])
    >>> mean(x, **fit_mean(x)).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    _same_periods(x, centre)
    return fill(x, centre)


@IMPUTATIONS.method("median", source="OECD/JRC Handbook 2008, 3.2", fit=fit_median)
def median(x: Array, centre: Array) -> Array:
    """Missing cells filled with the column's median over the units.

    >>> x = np.array([[[1.0]], [[np.nan]], [[9.0]], [[2.0]]])
    >>> median(x, **fit_median(x)).ravel().tolist()
    [1.0, 2.0, 9.0, 2.0]
    """
    _same_periods(x, centre)
    return fill(x, centre)


def _members(context: Context, by: str) -> tuple[str, ...]:
    if by not in context.groups:
        raise MethodError(
            "unknown_group", address="impute.by", name=by, known=listing(context.groups), did_you_mean=nearest(by, context.groups)
        )
    return context.groups[by]


def _fit_group(x: Array, context: Context, by: str, over: Over, kind: str) -> Fitted:
    members = np.array(_members(context, by))
    names = sorted(set(members.tolist()))
    return {"names": names, "centre": np.stack([_centre(x[members == name], kind, over) for name in names])}


def fit_group_mean(x: Array, *, context: Context, by: str, over: Over = "year") -> Fitted:
    """Mean of each column within each group."""
    return _fit_group(x, context, by, over, "mean")


def fit_group_median(x: Array, *, context: Context, by: str, over: Over = "year") -> Fitted:
    """Median of each column within each group."""
    return _fit_group(x, context, by, over, "median")


def _from_group(x: Array, names: list[str], centre: Array, context: Context, by: str) -> Array:
    _same_periods(x, centre)
    place = {name: at for at, name in enumerate(names)}
    members = _members(context, by)
    empty = np.full(centre.shape[1:], np.nan)
    guess = np.stack([centre[place[name]] if name in place else empty for name in members])
    return fill(x, np.broadcast_to(guess, (x.shape[0], max(guess.shape[1], 1), x.shape[2])))


@IMPUTATIONS.method("group_mean", source="OECD/JRC Handbook 2008, 3.2; COINr i_mean_grp", fit=fit_group_mean)
def group_mean(x: Array, names: list[str], centre: Array, *, context: Context, by: str) -> Array:
    """Missing cells filled with the mean of the unit's group, the attribute that ``by`` names.

    >>> x = np.array([[[1.0]], [[np.nan]], [[9.0]]])
    >>> where = Context(groups={"region": ("e", "e", "w")})
    >>> group_mean(x, **fit_group_mean(x, context=where, by="region"), context=where, by="region").ravel().tolist()
    [1.0, 1.0, 9.0]
    """
    return _from_group(x, names, centre, context, by)


@IMPUTATIONS.method("group_median", source="OECD/JRC Handbook 2008, 3.2; COINr i_median_grp", fit=fit_group_median)
def group_median(x: Array, names: list[str], centre: Array, *, context: Context, by: str) -> Array:
    """Missing cells filled with the median of the unit's group, the attribute that ``by`` names.

    >>> x = np.array([[[1.0]], [[np.nan]], [[5.0]], [[9.0]]])
    >>> where = Context(groups={"region": ("e", "e", "e", "w")})
    >>> group_median(x, **fit_group_median(x, context=where, by="region"), context=where, by="region").ravel().tolist()
    [1.0, 3.0, 5.0, 9.0]
    """
    return _from_group(x, names, centre, context, by)


def fit_range(x: Array) -> Fitted:
    """Smallest and largest value of each column, pooled."""
    low, high = low_high(x, (0, 1))
    return {"low": low, "high": high}


def _within_row(x: Array, low: Array, high: Array, context: Context, kind: str) -> Array:
    spread = np.where(high > low, high - low, np.nan)
    share = (x - low) / spread
    share = np.where(context.direction > 0, share, 1.0 - share)
    flat = share.reshape(-1, share.shape[-1]).T[:, None, :]  # columns as rows, so that the centre is taken across them
    middle = _centre(flat, kind, "year")[0].reshape(x.shape[:2])[..., None]
    back = np.where(context.direction > 0, middle, 1.0 - middle)
    return fill(x, low + spread * back)


@IMPUTATIONS.method(
    "row_mean", source="COINr i_mean over a unit's own pillar (normalised, then set back)", fit=fit_range, traits=("pillar",)
)
def row_mean(x: Array, low: Array, high: Array, *, context: Context) -> Array:
    """Missing cells filled from the unit's other indicators of the pillar: their mean on a common 0–1 scale, set back.

    >>> x = np.array([[[0.0, 0.0]], [[10.0, 100.0]], [[5.0, np.nan]]])
    >>> row_mean(x, **fit_range(x), context=Context(direction=np.ones(2)))[2].ravel().tolist()
    [5.0, 50.0]
    """
    return _within_row(x, low, high, context, "mean")


@IMPUTATIONS.method(
    "row_median", source="COINr i_median over a unit's own pillar (normalised, then set back)", fit=fit_range, traits=("pillar",)
)
def row_median(x: Array, low: Array, high: Array, *, context: Context) -> Array:
    """Missing cells filled from the unit's other indicators of the pillar: their median on a common 0–1 scale, set back.

    >>> x = np.array([[[0.0, 0.0]], [[10.0, 100.0]], [[5.0, np.nan]]])
    >>> row_median(x, **fit_range(x), context=Context(direction=np.ones(2)))[2].ravel().tolist()
    [5.0, 50.0]
    """
    return _within_row(x, low, high, context, "median")


@IMPUTATIONS.method("carry_forward", source="last observation carried forward; COINr impute_panel, latest", traits=("time",))
def carry_forward(x: Array, *, limit: Limit | None = None) -> Array:
    """Missing cells filled with the unit's latest earlier figure, at most ``limit`` periods old.

    >>> carry_forward(np.array([[[1.0], [np.nan], [np.nan]]]), limit=1).ravel().tolist()
    [1.0, 1.0, nan]
    """
    seen = ~np.isnan(x)
    steps = np.arange(x.shape[1])[None, :, None]
    last = np.maximum.accumulate(np.where(seen, steps, -1), axis=1)
    guess = np.take_along_axis(x, np.maximum(last, 0), axis=1)
    usable = (last >= 0) & ((steps - last) <= (limit if limit is not None else x.shape[1]))
    return fill(x, np.where(usable, guess, np.nan))


def _between(x: Array, times: Array, ends: bool, limit: int | None, least: int) -> Array:
    """Linear interpolation in time of each unit's own series; beyond its ends the end value when ``ends``."""
    holes = np.isnan(x)
    rows, columns = np.nonzero(holes.any(axis=1))
    series = x[rows, :, columns]  # those with a hole, (series, periods)
    seen = ~np.isnan(series)
    left, right = _neighbours(seen)
    count = series.shape[1]
    a, b = np.maximum(left, 0), np.minimum(right, count - 1)
    low, high = (np.take_along_axis(series, at, axis=1) for at in (a, b))
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(b > a, (high - low) / (times[b] - times[a]), 0.0)
    guess = np.where(left < 0, high, np.where(right >= count, low, slope * (times - times[a]) + low))
    usable = ~seen & (seen.sum(axis=1, keepdims=True) >= least) & (ends | ((left >= 0) & (right < count)))
    if limit is not None:
        steps = np.arange(count)
        near_left, near_right = steps - left <= limit, right - steps <= limit
        one = usable & (near_left != near_right)  # a line needs both ends near; else the near one stands alone
        guess = np.where(one, np.where(near_left, low, high), guess)
        usable &= near_left | near_right if ends else near_left & near_right
    out = x.copy()
    out[rows, :, columns] = np.where(usable, guess, series)
    return out


def _neighbours(seen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each step of series (series, periods) the nearest seen one at or before and at or after it; far outside where none."""
    count = seen.shape[1]
    steps, far = np.arange(count), 10 * count
    left = np.maximum.accumulate(np.where(seen, steps, -far), axis=1)
    right = np.minimum.accumulate(np.where(seen, steps, far)[:, ::-1], axis=1)[:, ::-1]
    return left, right


@IMPUTATIONS.method("linear", source="COINr impute_panel, linear (constant ends)", traits=("time",))
def linear(x: Array, *, context: Context, ends: bool = True, limit: Limit | None = None) -> Array:
    """Missing cells filled on the straight line between the unit's neighbouring figures; constant beyond the ends.

    Needs two figures in the series. With ``limit`` a line is drawn only between neighbours that are both at most so
    many periods away; where one of them is, its figure is taken as it stands (not when ``ends`` is false).

    >>> where = Context(periods=("2020", "2021", "2022"))
    >>> linear(np.array([[[1.0], [np.nan], [3.0]]]), context=where).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    return _between(x, context.times, ends, limit, 2)


@IMPUTATIONS.method("linear_or_constant", source="COINr impute_panel, linear-constant", traits=("time",))
def linear_or_constant(x: Array, *, context: Context, limit: Limit | None = None) -> Array:
    """As ``linear``; a series with one figure keeps it in all periods.

    >>> where = Context(periods=("2020", "2021", "2022"))
    >>> linear_or_constant(np.array([[[np.nan], [2.0], [np.nan]]]), context=where).ravel().tolist()
    [2.0, 2.0, 2.0]
    """
    return _between(x, context.times, True, limit, 1)


@IMPUTATIONS.method("constant", source="COINr impute_panel, constant (step function, constant ends)", traits=("time",))
def constant(x: Array, *, limit: Limit | None = None) -> Array:
    """Missing cells filled with the unit's last figure, or before the first with the first.

    >>> constant(np.array([[[np.nan], [2.0], [np.nan]]])).ravel().tolist()
    [2.0, 2.0, 2.0]
    """
    forward = carry_forward(x, limit=limit)
    backward: Array = carry_forward(forward[:, ::-1], limit=limit)[:, ::-1]
    return backward
