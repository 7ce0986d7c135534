"""The drivers of the three steps on indicators: who is fitted on what, in which order, and what was learnt.

What a method learnt is kept as a list of :class:`Fit`; applying the list to other figures scores another set
of units, or another year, with frozen parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.registry import Fitted, Method
from tidu.core.stats import Array
from tidu.index.choice import Choice
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.treat import exceeds

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Fit:
    """A method as fitted to some columns: ``period`` is the label it belongs to, or ``None`` when pooled over periods."""

    columns: Places
    period: str | None
    method: Method
    options: Mapping[str, Any]
    fitted: Fitted


@dataclass(frozen=True, eq=False)
class Sample:
    """The part of a block on which parameters are fitted: unit places and period places."""

    units: Places
    periods: Places

    def of(self, x: Array) -> Array:
        """The sampled part of a block."""
        whole = len(self.units) == x.shape[0] and len(self.periods) == x.shape[1]
        return x if whole else x[np.ix_(self.units, self.periods)]


@lru_cache(maxsize=128)
def groups(framework: Framework, step: str) -> list[tuple[Choice, Places]]:
    """The indicators that share a choice of a step, as column places; methods with the trait ``pillar`` also share a parent."""
    found: dict[str, tuple[Choice, list[int]]] = {}
    for k, code in enumerate(framework.leaves):
        choice = framework.choice(step, code)
        key = choice.signature
        if choice.fallbacks:
            key += " ".join(item.signature for item in choice.fallbacks)
        if "pillar" in choice.method.traits:
            key += f" in {framework.nodes[code].parent}"
        found.setdefault(key, (choice, []))[1].append(k)
    return [(choice, np.array(columns)) for choice, columns in found.values()]


def _at(context: Context, columns: Places, units: Places | None = None, periods: Places | None = None) -> Context:
    cut: dict[str, Any] = {}
    if not _all(columns, len(context.codes)):
        codes = itemgetter(*columns)(context.codes)
        cut = {"codes": codes if len(columns) > 1 else (codes,), "direction": context.direction[columns]}
    if units is not None and len(units) != len(context.units):
        cut["units"] = tuple(context.units[u] for u in units)
        cut["groups"] = {key: tuple(texts[u] for u in units) for key, texts in context.groups.items()}
    if periods is not None and len(periods) != len(context.periods):
        cut["periods"] = tuple(context.periods[t] for t in periods)
    return replace(context, **cut) if cut else context


def _all(columns: Places, count: int) -> bool:
    return len(columns) == count and columns[0] == 0 and bool((np.diff(columns) == 1).all())


def _columns(x: Array, columns: Places) -> Array:
    """Some columns of a block, each with its figures side by side; the block itself where they are all of it, in order."""
    return x if _all(columns, x.shape[2]) else x.transpose(2, 0, 1)[columns].transpose(1, 2, 0)


def fit_impute(framework: Framework, x: Array, sample: Sample, context: Context) -> list[Fit]:
    """What each imputation learns; choices on columns were made before and are left out."""
    fits = []
    everywhere = np.arange(x.shape[1])
    for choice, columns in groups(framework, "impute"):
        if choice.method.name == "none" or choice.keys["on"] == "column":
            continue
        part = Sample(sample.units, everywhere)
        here = _at(context, columns, part.units)
        try:
            fitted = choice.method.fit(_columns(part.of(x), columns), choice.options, here)
        except MethodError:
            if np.isnan(x[:, :, columns]).any():
                raise
            continue  # nothing to fill here, and too little to learn from for other figures
        fits.append(Fit(columns, None, choice.method, choice.options, fitted))
    return fits


def fit_treat(framework: Framework, x: Array, sample: Sample, context: Context) -> list[Fit]:
    """What each treatment learns: only columns whose ``when`` limits are exceeded are touched, then the chain is tried.

    A column that still exceeds the limits after a method is set back and given to the next of ``otherwise``; the
    last one stands whatever it did. Where the head works year by year and a fallback says ``per = "panel"``, a column
    that fails in any year goes to the fallback in all of them, so that its years stay on one scale.
    """
    fits: list[Fit] = []
    for choice, columns in groups(framework, "treat"):
        if choice.method.name == "none":
            continue
        chain = [choice, *choice.fallbacks]
        limits = choice.keys.get("when") or choice.options.get("when")
        yearly = choice.keys["per"] == "year"
        pooled = [
            at
            for at, item in enumerate(chain)
            if at and yearly and item.whence.get("per") != "default" and item.keys["per"] == "panel"
        ]
        head, tail = (chain[: pooled[0]], chain[pooled[0] :]) if pooled else (chain, [])
        failed = np.zeros(len(columns), dtype=bool)
        found: list[Fit] = []
        for t in sample.periods if yearly else [None]:
            periods = sample.periods if t is None else np.array([t])
            made, still = _chain(head, columns, limits, Sample(sample.units, periods), x, context, t, more=bool(tail))
            found += made
            failed |= still
        if tail and failed.any():
            back = columns[failed]
            found = [_without(fit, back) for fit in found]
            made, _ = _chain(tail, back, None, sample, x, context, None, more=False)
            found += made
        fits += [fit for fit in found if fit.columns.size]
    return fits


def _chain(
    chain: Sequence[Choice],
    columns: Places,
    limits: Any,
    sample: Sample,
    x: Array,
    context: Context,
    t: int | None,
    more: bool,
) -> tuple[list[Fit], NDArray[np.bool_]]:
    """The fits of a chain of methods on one sample, and which columns still exceed the limits when there is ``more`` to try."""
    fits: list[Fit] = []
    part = _columns(sample.of(x), columns)
    here = _at(context, columns, sample.units, sample.periods)
    tests = bool(limits) and "tests" in chain[0].method.traits and chain[0].options.get("when") == limits
    left = np.arange(len(columns)) if tests or not limits else np.flatnonzero(exceeds(part, limits))
    failed = np.zeros(len(columns), dtype=bool)
    for at, item in enumerate(chain):
        if not left.size:
            break
        inner, block = _at(here, left), _columns(part, left)
        options = dict(item.options)
        if at and limits and "when" in item.method.parameters:
            options["when"] = limits
        fitted = item.method.fit(block, options, inner)
        last = at + 1 == len(chain)
        still = np.zeros(left.size, dtype=bool)
        if limits and (more or not last):
            told = "over" in fitted and options.get("when") == limits
            still = fitted["over"] if told else exceeds(item.method.apply(block, fitted, options, inner), limits)
        keep = np.flatnonzero(~still & fitted["before"] if tests and not at else ~still)
        if keep.size:
            label = None if t is None else context.periods[t]
            fits.append(Fit(columns[left[keep]], label, item.method, options, _cut(fitted, keep, left.size)))
        if last:
            failed[left[still]] = True
        left = left[still]
    return fits, failed


def _without(fit: Fit, columns: Places) -> Fit:
    """A fit without some columns."""
    keep = np.flatnonzero(~np.isin(fit.columns, columns))
    return replace(fit, columns=fit.columns[keep], fitted=_cut(fit.fitted, keep, fit.columns.size))


def fit_normalise(framework: Framework, x: Array, sample: Sample, context: Context) -> list[Fit]:
    """What each normalisation learns from oriented figures, pooled over the periods or period by period."""
    fits: list[Fit] = []
    for choice, columns in groups(framework, "normalise"):
        yearly = choice.keys["over"] == "year" and "time" not in choice.method.traits
        for t in sample.periods if yearly else [None]:
            periods = sample.periods if t is None else np.array([t])
            label = None if t is None else context.periods[t]
            part = _columns(Sample(sample.units, periods).of(x), columns)
            live = np.flatnonzero(~np.isnan(part).all(axis=(0, 1)))
            if not live.size:
                continue
            if live.size < len(columns):
                part = _columns(part, live)
            chosen = columns[live]
            here = _at(context, chosen, sample.units, periods)
            fits.append(Fit(chosen, label, choice.method, choice.options, choice.method.fit(part, choice.options, here)))
    return fits


def _cut(fitted: Fitted, keep: Places, count: int) -> Fitted:
    if keep.size == count:
        return fitted
    return {
        key: value[..., keep] if isinstance(value, np.ndarray) and value.ndim and value.shape[-1] == count else value
        for key, value in fitted.items()
    }


def apply(fits: Sequence[Fit], x: Array, context: Context, empty: bool = False) -> Array:
    """The figures with every fit applied; with ``empty`` a column without a fit comes out missing."""
    whole = len(fits) == 1 and fits[0].period is None and _all(fits[0].columns, x.shape[2])
    every = all(fit.period is None for fit in fits) and sum(fit.columns.size for fit in fits) == x.shape[2]
    out = x if whole else np.empty_like(x) if every else np.full_like(x, np.nan) if empty else x.copy("K")
    for fit in fits:
        if fit.period is None:
            block, periods = _columns(x, fit.columns), None
        elif fit.period in context.periods:
            at = context.periods.index(fit.period)
            block, periods = _columns(x[:, at : at + 1], fit.columns), np.array([at])
        else:
            continue
        done = fit.method.apply(block, fit.fitted, fit.options, _at(context, fit.columns, None, periods))
        if periods is None:
            if block is x:
                out = done.copy("K") if done is x else np.asarray(done, dtype=float)
            else:
                out.transpose(2, 0, 1)[fit.columns] = done.transpose(2, 0, 1)
        else:
            out.transpose(2, 1, 0)[fit.columns, periods[0]] = done[:, 0].T
    return out
