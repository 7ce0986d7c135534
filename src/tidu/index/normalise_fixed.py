"""Normalisation against what stands outside the sample: goalposts, targets, bands, rubrics, a base year, earlier years.

Entered into the same registry as the scales of :mod:`tidu.index.normalise`, with the same shapes and orientation.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tidu.core.errors import MethodError
from tidu.core.registry import Fitted
from tidu.core.stats import Array
from tidu.index.context import Context, earlier, time_of
from tidu.index.normalise import NORMALISATIONS, Positive, code_of


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
        raise MethodError("goalposts_order", address=f"indicator.{code_of(context)}.normalise", low=low, high=high)
    natural = x * context.direction
    if log:
        if low <= 0 or np.nanmin(natural, initial=np.inf) <= 0:
            raise MethodError("log_needs_positive", address=f"indicator.{code_of(context)}.normalise", low=low)
        natural, low, high = np.log(natural), float(np.log(low)), float(np.log(high))
    share = (natural - low) / (high - low)
    share = np.where(context.direction > 0, share, 1.0 - share)
    if truncate:
        share = np.clip(share, 0.0, 1.0)
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


def fit_cuts(x: Array, *, context: Context, cuts: tuple[float, ...], of: Literal["values", "percentiles"] = "values") -> Fitted:
    """The cut points of the bands in the figure's own unit, one row a column."""
    if list(cuts) != sorted(set(cuts)) or not cuts:
        raise MethodError("cuts_order", address=f"indicator.{code_of(context)}.normalise.cuts", cuts=str(cuts))
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
        raise MethodError("scores_count", address=f"indicator.{code_of(context)}.normalise.scores", wanted=count, found=len(scores))
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
        raise MethodError("plan_order", address=f"indicator.{code_of(context)}.normalise", start=start, end=end)
    if np.any((target - baseline) * context.direction <= 0):
        raise MethodError(
            "target_is_base", address=f"indicator.{code_of(context)}.normalise.target", baseline=baseline, target=target
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
