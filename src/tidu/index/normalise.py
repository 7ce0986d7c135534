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
from tidu.index.context import Context

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
    share = x - low
    share /= high - low
    if truncate:
        np.clip(share, 0.0, 1.0, out=share)
    share *= onto[1] - onto[0]
    share += onto[0]
    return share


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
    made = x - centre
    made *= sd
    made /= spread
    made += mean
    return made


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


def code_of(context: Context) -> str:
    """The code of the first column, for the address of an error.

    >>> code_of(Context(codes=("gdp",)))
    'gdp'
    """
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
        raise MethodError("target_behind", address=f"indicator.{code_of(context)}.normalise.target", target=target)
    share = (x - low) / (aim - low)
    if capped:
        share = np.minimum(share, 1.0)
    return onto[0] + (onto[1] - onto[0]) * share


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
    return {"low": low_high(x, _ALL)[0], "aim": aim, "when": context.periods}


@NORMALISATIONS.method(
    "distance_to_reference", source="OECD/JRC Handbook 2008, 5.4; COINr n_dist2ref", fit=fit_reference, traits=("yearly",)
)
def distance_to_reference(
    x: Array,
    low: Array,
    aim: Array,
    when: tuple[str, ...],
    *,
    context: Context,
    capped: bool = False,
    onto: tuple[float, float] = (0.0, 100.0),
) -> Array:
    """How much of the way from the worst unit to a reference unit is done, in each period that was fitted.

    >>> around = Context(periods=("2023",))
    >>> x = np.array([[[2.0]], [[4.0]]])
    >>> distance_to_reference(x, np.array([0.0]), np.array([[4.0]]), ("2023",), context=around).ravel().tolist()
    [50.0, 100.0]
    """
    there = {period: at for at, period in enumerate(when)}
    empty = np.full(x.shape[2], np.nan)
    goal = np.stack([aim[there[period]] if period in there else empty for period in context.periods])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(goal > low, (x - low) / (goal - low), np.nan)
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
