"""Normalisation: figures of any unit onto one scale, higher always better.

Every function takes ``x`` of shape (units, periods, columns), oriented (multiplied by −1 where lower is better),
and returns the same shape. What is written in the figure's own unit (goalposts, targets, bands) is oriented here.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tidu.core.address import quoted
from tidu.core.errors import MethodError, listing, nearest
from tidu.core.registry import Fitted, Registry
from tidu.core.stats import Array, low_high, mean_sd
from tidu.index.context import Context, earlier, time_of

NORMALISATIONS = Registry("normalise")
Positive = Annotated[float, Field(gt=0)]
_ALL = (0, 1)


def _spread(low: Array, high: Array, context: Context) -> Array:
    """High minus low, or an error that names the columns that do not vary."""
    with np.errstate(invalid="ignore"):
        flat = ~(high - low > 1e-12 * np.maximum(np.abs(high), np.abs(low)))
    if flat.any():
        at = int(np.flatnonzero(flat)[0])
        code, periods = context.codes[at], listing(context.periods) or "–"
        if len(context.units) == 1:
            raise MethodError("one_unit", address="units.fit_on", unit=context.units[0], periods=periods)
        value = float(low[at] * context.direction[at]) if context.direction.size > at else float(low[at])
        raise MethodError("constant_column", address=f"indicator.{quoted(code)}", column_=code, value=f"{value:g}", periods=periods)
    spread: Array = high - low
    return spread


def fit_bounds(x: Array, *, context: Context) -> Fitted:
    """Smallest and largest oriented value of each column."""
    low, high = low_high(x, _ALL)
    _spread(low, high, context)
    return {"low": low, "high": high}


@NORMALISATIONS.method("none", source="—")
def none(x: Array) -> Array:
    """The oriented figures as they are.

    >>> none(np.array([[[1.0]]])).tolist()
    [[[1.0]]]
    """
    return x


@NORMALISATIONS.method("min_max", source="OECD/JRC Handbook 2008, 5.3", fit=fit_bounds)
def min_max(x: Array, low: Array, high: Array, *, onto: tuple[float, float] = (0.0, 100.0), truncate: bool = False) -> Array:
    """The figures mapped linearly so that the fitted range becomes ``onto``; outside it they run on unless truncated.

    >>> min_max(np.array([[[2.0]], [[4.0]], [[3.0]]]), np.array([2.0]), np.array([4.0])).ravel().tolist()
    [0.0, 100.0, 50.0]
    """
    share = (x - low) / (high - low)
    if truncate:
        share = np.clip(share, 0.0, 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


def fit_mean_sd(x: Array, *, context: Context, deviation: Literal["sample", "population"] = "sample") -> Fitted:
    """Mean and standard deviation of each column."""
    centre, spread = mean_sd(x, _ALL, ddof=1 if deviation == "sample" else 0)
    low, high = low_high(x, _ALL)
    _spread(low, high, context)
    return {"centre": centre, "spread": spread}


@NORMALISATIONS.method("z_score", source="OECD/JRC Handbook 2008, 5.2", fit=fit_mean_sd)
def z_score(x: Array, centre: Array, spread: Array, *, mean: float = 0.0, sd: Positive = 1.0) -> Array:
    """Standard scores with the wanted mean and standard deviation.

    >>> z_score(np.array([[[1.0]], [[3.0]]]), np.array([2.0]), np.array([1.0]), mean=100, sd=10).ravel().tolist()
    [90.0, 110.0]
    """
    return mean + sd * (x - centre) / spread


def fit_sorted(x: Array, *, context: Context) -> Fitted:
    """The seen values of each column in ascending order, missing ones last, and how many were seen."""
    flat = x.reshape(-1, x.shape[-1])
    return {"ordered": np.sort(flat, axis=0), "seen": np.sum(~np.isnan(flat), axis=0)}


def _below(x: Array, ordered: Array, seen: Array) -> Array:
    """How many fitted values lie below each figure."""
    out = np.full(x.shape, np.nan)
    for k in range(x.shape[-1]):
        here = x[..., k]
        known = ~np.isnan(here)
        out[known, k] = np.searchsorted(ordered[: int(seen[k]), k], here[known], side="left")
    return out


@NORMALISATIONS.method("rank", source="OECD/JRC Handbook 2008, 5.1", fit=fit_sorted)
def rank(x: Array, ordered: Array, seen: Array) -> Array:
    """Ranks with 1 = worst; ties get the minimum rank.

    >>> x = np.array([[[5.0]], [[1.0]], [[5.0]]])
    >>> rank(x, **fit_sorted(x, context=Context())).ravel().tolist()
    [2.0, 1.0, 2.0]
    """
    return _below(x, ordered, seen) + 1.0


@NORMALISATIONS.method("percentile_rank", source="OECD/JRC Handbook 2008, 5.1", fit=fit_sorted)
def percentile_rank(x: Array, ordered: Array, seen: Array, *, onto: tuple[float, float] = (0.0, 100.0)) -> Array:
    """The share of the other units that lie below, on the wanted scale.

    >>> x = np.array([[[5.0]], [[1.0]], [[3.0]]])
    >>> percentile_rank(x, **fit_sorted(x, context=Context())).ravel().tolist()
    [100.0, 0.0, 50.0]
    """
    share = np.minimum(_below(x, ordered, seen) / np.maximum(seen - 1.0, 1.0), 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


@NORMALISATIONS.method("borda", source="Borda 1781; OECD/JRC Handbook 2008, 6.9", fit=fit_sorted)
def borda(x: Array, ordered: Array, seen: Array) -> Array:
    """Borda points: how many units lie below.

    >>> x = np.array([[[5.0]], [[1.0]], [[3.0]]])
    >>> borda(x, **fit_sorted(x, context=Context())).ravel().tolist()
    [2.0, 0.0, 1.0]
    """
    return _below(x, ordered, seen)


@NORMALISATIONS.method("goalposts", source="UNDP, Human Development Report, technical note 1")
def goalposts(
    x: Array,
    *,
    context: Context,
    low: float,
    high: float,
    onto: tuple[float, float] = (0.0, 100.0),
    truncate: bool = True,
    log: bool = False,
) -> Array:
    """The figures' place between two fixed posts in their own unit, cut off at the posts unless told otherwise.

    Raises ``goalposts_order`` when ``low`` is not below ``high``, ``log_needs_positive`` when logs are asked of
    posts or figures at or below zero.

    >>> life = np.array([[[81.6]]])
    >>> goalposts(life, context=Context(direction=np.ones(1)), low=20, high=85, onto=(0, 1)).round(4).item()
    0.9477
    """
    if not low < high:
        raise MethodError("goalposts_order", address=f"indicator.{_code(context)}.normalise", low=low, high=high)
    natural = x * context.direction
    if log:
        if low <= 0 or np.nanmin(natural, initial=np.inf) <= 0:
            raise MethodError("log_needs_positive", address=f"indicator.{_code(context)}.normalise", low=low)
        natural, low, high = np.log(natural), float(np.log(low)), float(np.log(high))
    share = (natural - low) / (high - low)
    share = np.where(context.direction > 0, share, 1.0 - share)
    if truncate:
        share = np.clip(share, 0.0, 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


def _code(context: Context) -> str:
    return context.codes[0] if context.codes else "?"


def fit_low(x: Array, *, context: Context) -> Fitted:
    """Smallest oriented value of each column."""
    return {"low": low_high(x, _ALL)[0]}


@NORMALISATIONS.method("distance_to_target", source="OECD/JRC Handbook 2008, 5.4; COINr n_dist2targ", fit=fit_low)
def distance_to_target(
    x: Array,
    low: Array,
    *,
    context: Context,
    target: float,
    capped: bool = True,
    onto: tuple[float, float] = (0.0, 100.0),
) -> Array:
    """How much of the way from the worst unit to the target is done; full marks at the target when capped.

    Raises ``target_behind`` when the target is no better than the worst unit.

    >>> x = np.array([[[2.0]], [[4.0]], [[7.0]]])
    >>> distance_to_target(x, np.array([2.0]), context=Context(direction=np.ones(1)), target=6).ravel().tolist()
    [0.0, 50.0, 100.0]
    """
    aim = target * context.direction
    if not np.all(aim > low):
        raise MethodError("target_behind", address=f"indicator.{_code(context)}.normalise.target", target=target)
    share = (x - low) / (aim - low)
    if capped:
        share = np.minimum(share, 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


@NORMALISATIONS.method("share_of_target", source="plan indicators: actual ÷ target (完成度)")
def share_of_target(x: Array, *, context: Context, target: Positive, capped: bool = True, onto: Positive = 100.0) -> Array:
    """The figure as a share of its target (target ÷ figure where lower is better), full marks at the target when capped.

    >>> share_of_target(np.array([[[6.0]], [[15.3]]]), context=Context(direction=np.ones(1)), target=12).ravel().tolist()
    [50.0, 100.0]
    """
    natural = x * context.direction
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(context.direction > 0, natural / target, target / natural)
    if capped:
        share = np.minimum(share, 1.0)
    return onto * share


@NORMALISATIONS.method("distance_to_max", source="OECD/JRC Handbook 2008, 5.4; COINr n_dist2max", fit=fit_bounds)
def distance_to_max(x: Array, low: Array, high: Array, *, onto: tuple[float, float] = (0.0, 1.0)) -> Array:
    """One minus the distance to the best unit in shares of the range.

    >>> distance_to_max(np.array([[[2.0]], [[3.0]]]), np.array([2.0]), np.array([4.0])).ravel().tolist()
    [0.0, 0.5]
    """
    return onto[0] + (onto[1] - onto[0]) * (1.0 - (high - x) / (high - low))


def fit_reference(x: Array, *, context: Context, unit: str) -> Fitted:
    """The worst value of each column and the value of the reference unit, period by period."""
    if unit not in context.units:
        raise MethodError("reference_unit", address="normalise.unit", unit=unit, did_you_mean=nearest(unit, context.units))
    aim = x[context.units.index(unit)]
    return {"low": low_high(x, _ALL)[0], "aim": aim}


@NORMALISATIONS.method("distance_to_reference", source="OECD/JRC Handbook 2008, 5.4; COINr n_dist2ref", fit=fit_reference)
def distance_to_reference(
    x: Array, low: Array, aim: Array, *, capped: bool = False, onto: tuple[float, float] = (0.0, 100.0)
) -> Array:
    """How much of the way from the worst unit to a reference unit is done.

    >>> distance_to_reference(np.array([[[2.0]], [[4.0]]]), np.array([0.0]), np.array([[4.0]])).ravel().tolist()
    [50.0, 100.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(aim > low, (x - low) / (aim - low), np.nan)
    if capped:
        share = np.minimum(share, 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


def fit_best(x: Array, *, context: Context) -> Fitted:
    """The best figure of each column in its own unit, which must be above zero with no figure below."""
    low, high = low_high(x * context.direction, _ALL)
    best = np.where(context.direction > 0, high, low)
    wrong = (low < 0) | (best <= 0)
    if wrong.any():
        codes = [code for code, bad in zip(context.codes, wrong.tolist(), strict=True) if bad]
        raise MethodError("fraction_needs_positive", address="normalise", codes=", ".join(codes))
    return {"best": best}


@NORMALISATIONS.method("fraction_of_max", source="定标比超 (benchmark to the best); OECD/JRC Handbook 2008, 5.4", fit=fit_best)
def fraction_of_max(x: Array, best: Array, *, context: Context, onto: Positive = 100.0) -> Array:
    """The figure as a share of the best one; where lower is better, the best one as a share of the figure.

    >>> x = np.array([[[-2.0]], [[-4.0]]])
    >>> fraction_of_max(x, np.array([2.0]), context=Context(direction=-np.ones(1))).ravel().tolist()
    [100.0, 50.0]
    """
    natural = x * context.direction
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(context.direction > 0, natural / best, best / natural)
    return onto * share


def fit_mean(x: Array, *, context: Context) -> Fitted:
    """Mean of each column in its own unit."""
    centre, _ = mean_sd(x * context.direction, _ALL)
    if np.any(~(centre > 0)):
        raise MethodError("mean_needs_positive", address="normalise", codes=", ".join(context.codes))
    return {"centre": centre}


@NORMALISATIONS.method("above_below_mean", source="OECD/JRC Handbook 2008, 5.5", fit=fit_mean)
def above_below_mean(x: Array, centre: Array, *, context: Context, threshold: Annotated[float, Field(ge=0, lt=1)] = 0.2) -> Array:
    """1, 0 or −1: clearly better than the mean, around it, or clearly worse.

    >>> x = np.array([[[5.0]], [[10.0]], [[15.0]]])
    >>> above_below_mean(x, np.array([10.0]), context=Context(direction=np.ones(1))).ravel().tolist()
    [-1.0, 0.0, 1.0]
    """
    ratio = x * context.direction / centre
    with np.errstate(invalid="ignore"):
        mark = np.where(ratio > 1 + threshold, 1.0, np.where(ratio < 1 - threshold, -1.0, 0.0))
    return np.where(np.isnan(x), np.nan, mark * context.direction)


def fit_cuts(x: Array, *, context: Context, cuts: tuple[float, ...], of: Literal["values", "percentiles"] = "values") -> Fitted:
    """The cut points of the bands in the figure's own unit, one row a column."""
    if list(cuts) != sorted(set(cuts)) or not cuts:
        raise MethodError("cuts_order", address=f"indicator.{_code(context)}.normalise.cuts", cuts=str(cuts))
    natural = (x * context.direction).reshape(-1, x.shape[-1])
    if of == "values":
        return {"edges": np.tile(np.asarray(cuts, dtype=float), (x.shape[-1], 1))}
    return {"edges": np.nanpercentile(natural, cuts, axis=0).T}


@NORMALISATIONS.method("bands", source="OECD/JRC Handbook 2008, 5.5 (categorical scale)", fit=fit_cuts)
def bands(x: Array, edges: Array, *, context: Context, scores: tuple[float, ...] | None = None) -> Array:
    """The score of the band a figure falls in; bands are closed below and ascend in the figure's own unit.

    Without ``scores`` they run in equal steps from 0 to 100, the better end high.

    >>> x = np.array([[[1.0]], [[5.0]], [[9.0]]])
    >>> bands(x, np.array([[3.0, 9.0]]), context=Context(direction=np.ones(1)), scores=(0, 60, 100)).ravel().tolist()
    [0.0, 60.0, 100.0]
    """
    count = edges.shape[1] + 1
    if scores is not None and len(scores) != count:
        raise MethodError("scores_count", address=f"indicator.{_code(context)}.normalise.scores", wanted=count, found=len(scores))
    out = np.full(x.shape, np.nan)
    for k in range(x.shape[-1]):
        up = np.linspace(0.0, 100.0, count)
        marks = np.asarray(scores, dtype=float) if scores is not None else (up if context.direction[k] > 0 else up[::-1])
        natural = x[..., k] * context.direction[k]
        known = ~np.isnan(natural)
        out[known, k] = marks[np.searchsorted(edges[k], natural[known], side="right")]
    return out


@NORMALISATIONS.method("rubric", source="graded questions, e.g. US Chamber International IP Index (0, ½, 1)")
def rubric(x: Array, *, context: Context, scores: tuple[tuple[float, float], ...]) -> Array:
    """The score that a table gives to each allowed grade. Raises ``not_a_grade`` for any other figure.

    >>> x = np.array([[[0.5]], [[1.0]]])
    >>> rubric(x, context=Context(direction=np.ones(1)), scores=((0, 0), (0.5, 50), (1, 100))).ravel().tolist()
    [50.0, 100.0]
    """
    natural = x * context.direction
    out = np.full(x.shape, np.nan)
    for grade, score in scores:
        out[natural == grade] = score
    strange = ~np.isnan(natural) & np.isnan(out)
    if strange.any():
        u, t, k = (int(part[0]) for part in np.nonzero(strange))
        raise MethodError(
            "not_a_grade",
            address=f"data.{context.units[u]}.{context.periods[t]}.{context.codes[k]}",
            value=float(natural[u, t, k]),
            known=", ".join(f"{grade:g}" for grade, _ in scores),
        )
    return out


@NORMALISATIONS.method("fixed_base", source="CNIPA 知识产权发展状况评价 (base year = 100)", traits=("time",))
def fixed_base(x: Array, *, context: Context, base: str, to: Positive = 100.0) -> Array:
    """Each unit's figure relative to its own in a base period, which is ``to``; missing where the base is not positive.

    >>> x = np.array([[[2.0], [3.0]]])
    >>> fixed_base(x, context=Context(periods=("2020", "2021"), direction=np.ones(1)), base="2020").ravel().tolist()
    [100.0, 150.0]
    """
    if base not in context.periods:
        raise MethodError("base_period", address="normalise.base", base=base, known=", ".join(context.periods))
    at = context.periods.index(base)
    natural = x * context.direction
    start = natural[:, at : at + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(context.direction > 0, natural / start, start / natural)
        usable = (start > 0) & ((natural > 0) | ((natural == 0) & (context.direction > 0)))
        return np.where(usable, to * ratio, np.nan)


@NORMALISATIONS.method("progress_against_time", source="plan indicators: progress ÷ time elapsed (时序进度)")
def progress_against_time(
    x: Array,
    *,
    context: Context,
    baseline: float,
    target: float,
    start: str,
    end: str,
    capped: float | None = None,
    onto: Positive = 100.0,
) -> Array:
    """The share of the way from a baseline to a target that is done, per share of the time that has gone by.

    100 is just on schedule, whatever the direction; ``capped`` is the most that counts. ``start`` and ``end`` are the
    periods of the baseline and of the target. Missing before the time has begun to run. Raises ``target_is_base`` when the
    target is no better than the baseline, ``plan_order`` when the end is not after the start.

    >>> around = Context(periods=("2021", "2022"), direction=np.ones(1))
    >>> x = np.array([[[7.0, 9.0]]]).reshape(1, 2, 1)
    >>> progress_against_time(x, context=around, baseline=6, target=12, start="2020", end="2025").round(2).ravel().tolist()
    [83.33, 125.0]
    """
    first, last = time_of(start), time_of(end)
    if not last > first:
        raise MethodError("plan_order", address=f"indicator.{_code(context)}.normalise", start=start, end=end)
    if np.any((target - baseline) * context.direction <= 0):
        raise MethodError(
            "target_is_base", address=f"indicator.{_code(context)}.normalise.target", baseline=baseline, target=target
        )
    done = (x * context.direction - baseline) / (target - baseline)
    gone = np.clip((context.times - first) / (last - first), 0.0, 1.0)[None, :, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(gone > 0, onto * done / gone, np.nan)
    return pace if capped is None else np.minimum(pace, capped)


@NORMALISATIONS.method("growth", source="OECD/JRC Handbook 2008, 5.7", traits=("time",))
def growth(x: Array, *, context: Context, lag: Annotated[int, Field(ge=1)] = 1) -> Array:
    """Percent growth against ``lag`` periods before, positive where the unit became better.

    Missing where the earlier period is not in the data or its figure is not positive.

    >>> x = np.array([[[2.0], [3.0]]])
    >>> growth(x, context=Context(periods=("2022", "2023"), direction=np.ones(1))).ravel().tolist()
    [nan, 50.0]
    """
    natural = x * context.direction
    before, there = earlier(context.periods, lag)
    start = np.where(there[None, :, None], natural[:, before], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(start > 0, 100.0 * (natural / start - 1.0), np.nan) * context.direction
