"""Treatment of outliers and skew: what is done to figures before they are put on one scale.

Every function takes ``x`` of shape (units, periods, columns) in the figures' own unit and keeps their order.
The driver decides which columns need it (``when``), in what sample (``per``) and what follows (``otherwise``).
"""

from __future__ import annotations

from copy import copy
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError
from tidu.core.registry import Fitted, Registry
from tidu.core.stats import Array, low_high, mean_sd, moments, power_sums, skew_kurtosis
from tidu.index.context import Context

TREATMENTS = Registry("treat")
_ALL = (0, 1)
Limits = dict[Literal["skew", "kurtosis"], float]
DEFAULT_LIMITS: Limits = {"skew": 2.0, "kurtosis": 3.5}


def exceeds(x: Array, limits: Limits) -> NDArray[np.bool_]:
    """Whether every listed limit is exceeded, column by column: |skewness| ≥ and excess kurtosis ≥ the limit.

    A column without spread, or with too few figures to have the statistic, exceeds nothing.

    >>> x = np.array([1.0, 1, 2, 2, 3, 3, 90]).reshape(-1, 1, 1)
    >>> exceeds(x, {"skew": 2.0, "kurtosis": 3.5}).tolist()
    [True]
    """
    _, _, skew, kurt = moments(x, _ALL)
    return _over(skew, kurt, limits)


def _over(skew: Array, kurt: Array, limits: Limits) -> NDArray[np.bool_]:
    """Whether every listed limit is exceeded, from the statistics of columns."""
    high = np.ones(skew.shape, dtype=bool)
    with np.errstate(invalid="ignore"):
        if "skew" in limits:
            high &= np.abs(skew) >= limits["skew"]
        if "kurtosis" in limits:
            high &= kurt >= limits["kurtosis"]
    return high


@TREATMENTS.method("none", source="—")
def none(x: Array) -> Array:
    """The figures as they are.

    >>> none(np.array([[[1.0]]])).tolist()
    [[[1.0]]]
    """
    return x


class _Ends:
    """Sorted columns whose ends are drawn in step by step.

    The figures that no step reaches unless others equal them are summed once; the ``reach`` outermost on each side are summed
    anew as they are drawn in, so that a far end leaves nothing behind. Columns with holes, and those whose equal figures lead
    further in, are summed whole.
    """

    def __init__(self, part: Array, reach: int) -> None:
        """``part`` is (columns, figures), each row ascending, the missing ones last."""
        self.part, self.rows, figures = part, np.arange(part.shape[0]), part.shape[1]
        self.count = figures - np.isnan(part).sum(axis=1) if np.isnan(part[:, -1]).any() else np.full(part.shape[0], figures)
        self.bottom, self.top = np.zeros(part.shape[0], dtype=np.intp), self.count - 1
        self.reach = min(reach, (figures - 1) // 2)
        self.centre = self.at(self.count // 2)
        self.outside = np.concatenate([part[:, : self.reach], part[:, figures - self.reach :]], axis=1) - self.centre[:, None]
        self.sums = power_sums(part[:, self.reach : figures - self.reach], self.centre)

    def at(self, place: NDArray[np.intp]) -> Array:
        """The figure at a place of each row."""
        return np.asarray(self.part[self.rows, place])

    def some(self, keep: NDArray[np.bool_]) -> _Ends:
        """Some of the columns, as far as they were drawn in."""
        made = copy(self)
        for key in ("rows", "count", "bottom", "top", "centre", "outside"):
            setattr(made, key, getattr(self, key)[keep])
        made.sums = [kept[keep] for kept in self.sums]
        return made

    def draw_in(self, up: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Draws the upper end (``up``) or the lower one in to the next figure; true where there is none."""
        end = np.where(up, self.top, self.bottom)
        step = np.where(up, -1, 1)
        value, place = self.at(end), np.clip(end + step, self.bottom, self.top)
        tied = np.flatnonzero(self.at(place) == value)
        if tied.size:  # past every figure that equals the end
            equal = (self.part[self.rows[tied]] == value[tied, None]).sum(axis=1)
            place[tied] = np.clip(end[tied] + step[tied] * equal, self.bottom[tied], self.top[tied])
        alone: NDArray[np.bool_] = self.at(place) == value
        self.top = np.where(up & ~alone, place, self.top)
        self.bottom = np.where(~up & ~alone, place, self.bottom)
        return alone

    def shape(self) -> tuple[Array, Array]:
        """Skewness and excess kurtosis of the columns as drawn in."""
        figures = self.part.shape[1]
        low, high = self.at(self.bottom) - self.centre, self.at(self.top) - self.centre
        ends = np.clip(self.outside, low[:, None], high[:, None])
        n = self.count.astype(float)
        with np.errstate(invalid="ignore"):
            more = power_sums(ends, np.zeros(len(ends)))
            d, s2, s3, s4 = ((kept + one) / n for kept, one in zip(self.sums, more, strict=True))
            m2 = s2 - d * d
            m3 = s3 - 3 * d * s2 + 2 * d**3
            m4 = s4 - 4 * d * s3 + 6 * d * d * s2 - 3 * d**4
        skew, kurt = skew_kurtosis(n, self.centre + d, np.maximum(m2, 0.0), m3, m4)
        whole = np.flatnonzero((self.count < figures) | (self.bottom > self.reach) | (self.top < figures - 1 - self.reach))
        if whole.size:
            drawn = np.clip(self.part[self.rows[whole]] - self.centre[whole, None], low[whole, None], high[whole, None])
            _, _, skew[whole], kurt[whole] = moments(drawn, 1)
        return skew, kurt


def fit_winsorise(x: Array, *, at_most: Annotated[int, Field(ge=1)] = 5, when: Limits = DEFAULT_LIMITS) -> Fitted:
    """The limits to which each column is drawn in, one tied group of points at a time on the side of the skew.

    ``before`` says which columns exceed the limits of ``when``, ``over`` which exceed them even so.
    """
    ends = _Ends(np.sort(x.transpose(2, 0, 1).reshape(x.shape[2], -1), axis=1), at_most)
    low, high = ends.at(ends.bottom), ends.at(ends.top)
    skew, kurt = ends.shape()
    before = _over(skew, kurt, when)
    over = before.copy()
    on, todo = before.copy(), np.arange(x.shape[2])
    for _ in range(at_most):
        if not on.any():
            break
        if not on.all():
            todo, skew, ends = todo[on], skew[on], ends.some(on)
        alone = ends.draw_in(skew >= 0)  # nothing else to draw in to: leave the column as it is
        low[todo], high[todo] = ends.at(ends.bottom), ends.at(ends.top)
        skew, kurt = ends.shape()
        over[todo] = still = _over(skew, kurt, when)
        on = still & ~alone & (high[todo] > low[todo])
    return {"low": low, "high": high, "before": before, "over": over}


@TREATMENTS.method(
    "winsorise", source="GII technical notes; COINr winsorise (limits 2 and 3.5)", fit=fit_winsorise, traits=("clips", "tests")
)
def winsorise(
    x: Array, low: Array, high: Array, before: NDArray[np.bool_] | None = None, over: NDArray[np.bool_] | None = None
) -> Array:
    """The figures drawn in to the fitted limits: at most ``at_most`` steps, until a limit of ``when`` is met.

    >>> x = np.array([1.0, 1, 2, 2, 3, 3, 90]).reshape(-1, 1, 1)
    >>> winsorise(x, **fit_winsorise(x)).ravel().tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0]
    """
    return np.clip(x, low, high)


def fit_shift(x: Array, *, context: Context, shift: float | None = None) -> Fitted:
    """The smallest value of each column and the value that the logarithm is taken of there."""
    low, high = low_high(x, _ALL)
    if shift is None and np.any(high <= low):
        at = int(np.flatnonzero(high <= low)[0])
        code = context.codes[at] if context.codes else "?"
        periods = ", ".join(context.periods)
        raise MethodError("constant_column", address=f"indicator.{code}", column_=code, value=float(low[at]), periods=periods)
    return {"low": low, "add": low + shift if shift is not None else 0.01 * (high - low)}


@TREATMENTS.method("log", source="COINr log_CT: ln(x − min + 0.01 (max − min))", fit=fit_shift)
def log(x: Array, low: Array, add: Array, *, context: Context) -> Array:
    """Natural logarithm of the figure moved above zero; with ``shift`` it is ln(x + shift).

    Figures below the fitted minimum (of other units or years) count as the minimum.

    >>> x = np.array([2.0, 3.0, 10.0]).reshape(-1, 1, 1)
    >>> log(x, **fit_shift(x, shift=1.0, context=Context()), context=Context()).ravel().round(4).tolist()
    [1.0986, 1.3863, 2.3979]
    """
    if np.any(add <= 0):
        at = int(np.flatnonzero(~(add > 0))[0])
        code = context.codes[at] if context.codes else "?"
        raise MethodError("log_shift", address=f"indicator.{code}.treat", code_=code, low=float(low[at]))
    above = x - low
    np.maximum(above, 0.0, out=above)
    above += add
    return np.asarray(np.log(above, out=above))


def fit_range(x: Array, *, context: Context) -> Fitted:
    """Smallest and largest value of each column."""
    low, high = low_high(x, _ALL)
    return {"low": low, "high": high}


@TREATMENTS.method("log_scaled", source="GII: ln((max − 1)(x − min)/(max − min) + 1)", fit=fit_range)
def log_scaled(x: Array, low: Array, high: Array, *, context: Context) -> Array:
    """The logarithm the Global Innovation Index takes, for columns whose largest value is above one.

    >>> x = np.array([0.0, 5.0, 10.0]).reshape(-1, 1, 1)
    >>> log_scaled(x, **fit_range(x, context=Context()), context=Context()).ravel().round(4).tolist()
    [0.0, 1.7047, 2.3026]
    """
    if np.any(high <= 1):
        at = int(np.flatnonzero(~(high > 1))[0])
        code = context.codes[at] if context.codes else "?"
        raise MethodError("log_scaled_range", address=f"indicator.{code}.treat", code_=code, high=float(high[at]))
    share = np.clip((x - low) / np.where(high > low, high - low, 1.0), 0.0, None)
    return np.log((high - 1.0) * share + 1.0)


@TREATMENTS.method("signed_log", source="John & Draper 1980 (modulus, λ = 0)")
def signed_log(x: Array) -> Array:
    """The sign of the figure times ln(1 + its size): for columns with losses and gains.

    >>> signed_log(np.array([[[-9.0]], [[0.0]], [[9.0]]])).ravel().round(4).tolist()
    [-2.3026, 0.0, 2.3026]
    """
    return np.sign(x) * np.log1p(np.abs(x))


@TREATMENTS.method("square_root", source="European Innovation Scoreboard, technical annex")
def square_root(x: Array, *, context: Context) -> Array:
    """The square root. Raises ``root_negative`` for a figure below zero.

    >>> square_root(np.array([[[9.0]]]), context=Context()).item()
    3.0
    """
    if np.nanmin(x, initial=0.0) < 0:
        k = int(np.flatnonzero(np.nanmin(x, axis=_ALL, initial=0.0) < 0)[0])
        code = context.codes[k] if context.codes else "?"
        raise MethodError("root_negative", address=f"indicator.{code}.treat", code_=code)
    return np.sqrt(x)


def fit_box_cox(x: Array, *, lam: Annotated[float, Field(ge=-10, le=10)] | None = None) -> Fitted:
    """λ of each column, given or by maximum likelihood, and the shift that makes every figure positive."""
    low, high = low_high(x, _ALL)
    add = np.where(low > 0, 0.0, 0.01 * (high - low) - low)
    if lam is not None:
        return {"add": add, "lam_": np.full(low.shape, lam)}
    from scipy.optimize import minimize_scalar

    found = np.empty(low.shape)
    for k in range(x.shape[-1]):
        column = x[..., k][~np.isnan(x[..., k])] + add[k]
        logs = np.log(column)

        def loss(power: float, column: Array = column, logs: Array = logs) -> float:
            y = logs if abs(power) < 1e-12 else (column**power - 1.0) / power
            return float(0.5 * len(column) * np.log(np.var(y)) - (power - 1.0) * logs.sum())

        found[k] = (
            minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded", options={"xatol": 1e-10}).x if np.ptp(column) > 0 else 1.0
        )
    return {"add": add, "lam_": found}


@TREATMENTS.method("box_cox", source="Box & Cox 1964", fit=fit_box_cox)
def box_cox(x: Array, add: Array, lam_: Array) -> Array:
    """The Box–Cox transform with λ given as ``lam`` or estimated from the column.

    >>> x = np.array([1.0, 4.0]).reshape(-1, 1, 1)
    >>> box_cox(x, **fit_box_cox(x, lam=0.5)).ravel().tolist()
    [0.0, 2.0]
    """
    moved = np.maximum(x + add, np.finfo(float).tiny)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(lam_) < 1e-12, np.log(moved), (moved**lam_ - 1.0) / lam_)


Share = Annotated[float, Field(ge=0, le=1)]


def fit_percentiles(x: Array, *, low: Share = 0.025, high: Share = 0.975) -> Fitted:
    """The two quantiles (linear) of each column."""
    if not low < high:
        raise MethodError("percentile_order", address="treat", low=low, high=high)
    flat = x.reshape(-1, x.shape[-1])
    return {"floor": np.nanquantile(flat, low, axis=0), "ceiling": np.nanquantile(flat, high, axis=0)}


@TREATMENTS.method(
    "percentile_clip",
    source="Environmental Sustainability Index 2005 (2.5 and 97.5 per cent)",
    fit=fit_percentiles,
    traits=("clips",),
)
def percentile_clip(x: Array, floor: Array, ceiling: Array) -> Array:
    """The figures drawn in to two quantiles of their column.

    >>> x = np.arange(5.0).reshape(-1, 1, 1)
    >>> percentile_clip(x, **fit_percentiles(x, low=0.25, high=0.75)).ravel().tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    return np.clip(x, floor, ceiling)


def fit_exclude(x: Array, *, deviations: Annotated[float, Field(gt=0)] = 3.0) -> Fitted:
    """The smallest and largest value that lie within ``deviations`` standard deviations of the mean."""
    centre, spread = mean_sd(x, _ALL)
    with np.errstate(invalid="ignore"):
        inside = np.where(np.abs(x - centre) <= deviations * spread, x, np.nan)
    low, high = low_high(inside, _ALL)
    first, last = low_high(x, _ALL)
    return {"floor": np.where(np.isnan(low), first, low), "ceiling": np.where(np.isnan(high), last, high)}


@TREATMENTS.method(
    "exclude_outliers", source="European Innovation Scoreboard, technical annex (mean ± k sd)", fit=fit_exclude, traits=("clips",)
)
def exclude_outliers(x: Array, floor: Array, ceiling: Array) -> Array:
    """Figures beyond mean ± k standard deviations do not set the bounds: they get the nearest value that does.

    >>> x = np.array([1.0] * 6 + [2.0] * 6 + [50.0]).reshape(-1, 1, 1)
    >>> exclude_outliers(x, **fit_exclude(x)).max().item()
    2.0
    """
    return np.clip(x, floor, ceiling)


def fit_mad(x: Array, *, deviations: Annotated[float, Field(gt=0)] = 3.5) -> Fitted:
    """Median ± ``deviations`` × 1.4826 × median absolute deviation; no limits where that deviation is zero."""
    flat = x.reshape(-1, x.shape[-1])
    centre = np.nanmedian(flat, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(flat - centre), axis=0)
    reach = np.where(spread > 0, deviations * spread, np.inf)
    return {"floor": centre - reach, "ceiling": centre + reach}


@TREATMENTS.method("robust_z", source="Iglewicz & Hoaglin 1993 (median, MAD, 3.5)", fit=fit_mad, traits=("clips",))
def robust_z(x: Array, floor: Array, ceiling: Array) -> Array:
    """The figures drawn in to the median ± k robust standard deviations.

    >>> x = np.array([1.0, 2.0, 3.0, 4.0, 100.0]).reshape(-1, 1, 1)
    >>> robust_z(x, **fit_mad(x)).max().round(4).item()
    8.1891
    """
    return np.clip(x, floor, ceiling)
