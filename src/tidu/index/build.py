"""Framework + Panel → Index: the steps in their order, fitted once, every intermediate table kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import MethodError, UsageError, listing, nearest
from tidu.core.stats import Array, rank_high
from tidu.index.columns import IMPUTED, raw, weighting_targets
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.policy import check, check_groups, check_series, check_values, check_years
from tidu.index.result import Index
from tidu.index.screen import screen
from tidu.index.spec import STEPS
from tidu.index.steps import Fit, Sample, apply, fit_impute, fit_normalise, fit_treat
from tidu.index.tree import Join, activity, climb
from tidu.indicators.panel import Panel


@dataclass(frozen=True, eq=False)
class Frozen:
    """Everything that was learnt from one set of units and years (``framework``, ``panel``), ready to score another."""

    framework: Framework
    panel: Panel
    periods: tuple[str, ...]
    impute: list[Fit]
    treat: list[Fit]
    normalise: list[Fit]
    joins: Mapping[tuple[str, tuple[str, ...]], Join]
    dropped: Mapping[str, str]


def build(framework: Framework, panel: Panel, *, frozen: Frozen | None = None, seed: int = 0) -> Index:
    """The index that a framework makes of a panel: scores at every node, ranks, every table on the way.

    The order is: derived columns, ``of`` ÷ ``per``, screening, imputation, treatment, orientation and
    normalisation, weighting and aggregation from the leaves to the root, ranks. Parameters are fitted on the
    universe ``units.fit_on`` in the years scored; with ``frozen`` (another index's :attr:`Index.frozen`) nothing
    is fitted and the figures are scored with those parameters.

    Raises :class:`~tidu.core.errors.SpecError` for columns that are not there and
    :class:`~tidu.core.errors.MethodError` for figures that a method cannot take.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "lower"
    ... ''')
    >>> panel = Panel.of(["x", "y", "z"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]], [[3, 1]]])
    >>> build(framework, panel).top()
    [('z', 1, 100.0), ('y', 2, 50.0), ('x', 3, 0.0)]
    """
    periods = _periods(framework, panel)
    check(framework)
    check_years(framework, panel.periods, periods)
    check_groups(framework, panel.groups)
    check_series(framework, periods)
    if frozen is not None:
        _check_frozen(frozen, framework, periods)
        if panel.periods != frozen.panel.periods and any(fit.options.get("over") == "year" for fit in frozen.impute):
            raise MethodError("frozen_periods", address="impute.over", fitted=len(frozen.panel.periods), found=len(panel.periods))
    scored = np.array([panel.periods.index(period) for period in periods])
    universes = _universes(framework, panel, ("fit_on", "show") if frozen is None else ("show",))
    base = Context(
        units=panel.units,
        periods=panel.periods,
        codes=framework.leaves,
        direction=np.array([1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in framework.leaves]),
        groups=panel.groups,
        weight_sets=framework.table.weight_set,
        seed=seed,
    )
    made = raw(framework, panel, base, _asked(framework, panel, universes, scored))
    live = activity(framework, panel.periods)
    count = len(framework.leaves)
    screening = screen(made.values[:, scored], live[scored, :count], framework, panel.units)
    dropped = dict(screening.dropped) if frozen is None else dict(frozen.dropped)
    if dropped:
        live = activity(framework, panel.periods, dropped)
    out = np.ones(panel.values.shape[:2], dtype=bool)
    out[:, scored] = screening.included
    values = np.where(live[None, :, :count], made.values, np.nan)
    fit_units = np.array([u for u, unit in enumerate(panel.units) if unit in universes.get("fit_on", panel.units)])
    if not fit_units.size:
        raise UsageError("empty_universe", address="units.fit_on", name=framework.table.units.fit_on)
    sample = Sample(fit_units, scored)

    imputations = fit_impute(framework, values, sample, base) if frozen is None else frozen.impute
    imputed = apply(imputations, values, base) if imputations else values
    imputed = np.where(live[None, :, :count], imputed, np.nan)
    grades = np.where(np.isnan(values) & ~np.isnan(imputed), IMPUTED, made.grades)
    if not out.all():
        imputed = np.where(out[:, :, None], imputed, np.nan)
    if frozen is None:
        check_values(framework, imputed[:, scored], live[scored, :count], periods)
    treatments = fit_treat(framework, imputed, sample, base) if frozen is None else frozen.treat
    treated = apply(treatments, imputed, base) if treatments else imputed
    oriented = treated * base.direction
    bounds = fit_normalise(framework, oriented, sample, base) if frozen is None else frozen.normalise
    normalised = apply(bounds, oriented, base, empty=True)

    above = Context(
        units=panel.units,
        periods=periods,
        groups=panel.groups,
        columns={name: made.columns.values[name][:, scored] for name in weighting_targets(framework)},
        weight_sets=framework.table.weight_set,
        seed=seed,
    )
    cut = Sample(fit_units, np.arange(len(scored)))
    scores, joins = climb(framework, normalised[:, scored], live[scored], cut, above, None if frozen is None else frozen.joins)
    shown = np.array([unit in universes["show"] for unit in panel.units])
    return Index(
        framework=framework,
        panel=panel,
        periods=periods,
        columns={name: array[:, scored] for name, array in made.columns.values.items()},
        filled={name: mask[:, scored] for name, mask in made.columns.filled.items()},
        raw=values[:, scored],
        imputed=imputed[:, scored],
        treated=treated[:, scored],
        normalised=normalised[:, scored],
        scores=scores,
        ranks=_ranks(scores, shown),
        grades=grades[:, scored],
        live=live[scored],
        shown=shown,
        screening=screening,
        joins=tuple(joins),
        frozen=frozen or Frozen(framework, panel, periods, imputations, treatments, bounds, by_children(joins), dropped),
    )


def _asked(
    framework: Framework, panel: Panel, universes: Mapping[str, frozenset[str]], scored: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """The cells that the index hangs on, (units, periods): fitted on or shown, not forced out, in the years scored."""
    out = set(framework.table.screen.force_out)
    inside = universes["show"] | universes.get("fit_on", frozenset())
    units = [unit in inside and unit not in out for unit in panel.units]
    found = np.zeros((len(panel.units), len(panel.periods)), dtype=bool)
    found[np.ix_(np.flatnonzero(units), scored)] = True
    return found


def _ranks(scores: Array, shown: Array) -> Array:
    if shown.all():
        return rank_high(scores)
    ranks = np.full(scores.shape, np.nan)
    ranks[shown] = rank_high(scores[shown])
    return ranks


def _periods(framework: Framework, panel: Panel) -> tuple[str, ...]:
    wanted = framework.table.index.years
    if wanted is None:
        return panel.periods
    for period in wanted:
        if period not in panel.periods:
            raise UsageError(
                "unknown_period",
                address="index.years",
                period=period,
                known=listing(panel.periods),
            )
    return tuple(period for period in panel.periods if period in wanted)


def _universes(framework: Framework, panel: Panel, keys: tuple[str, ...]) -> dict[str, frozenset[str]]:
    found = {}
    for key in keys:
        name = getattr(framework.table.units, key)
        own = framework.table.universe.get(name)
        if own is not None:
            strange = [unit for unit in own.members if unit not in panel.units]
            if strange:
                raise UsageError(
                    "universe_members",
                    address=f"universe.{quoted(name)}.members",
                    units=listing(strange),
                    did_you_mean=nearest(strange[0], panel.units),
                )
            found[key] = frozenset(own.members)
            if not own.members:
                raise UsageError("empty_universe", address=f"universe.{quoted(name)}.members", name=name)
        else:
            try:
                found[key] = frozenset(panel.universe(name))
            except UsageError as error:
                known = [*framework.table.universe, "all", *panel.universes]
                more = {"name": name, "known": listing(known), "did_you_mean": error.did_you_mean or nearest(name, known)}
                raise UsageError(error.code, address=f"units.{key}", **more) from None
    return found


def by_children(joins: Sequence[Join]) -> dict[tuple[str, tuple[str, ...]], Join]:
    """Node and its children → how they were joined."""
    return {(join.node, join.children): join for join in joins}


def _check_frozen(frozen: Frozen, framework: Framework, periods: tuple[str, ...]) -> None:
    """Nothing when the parameters were fitted by the same steps on the same tree, for these periods or all alike."""
    for step in STEPS:
        for node in framework.nodes.values():
            if node.leaf == (step in ("weighting", "aggregate")):
                continue
            known = node.code in frozen.framework.nodes and frozen.framework.nodes[node.code].leaf == node.leaf
            if not known or frozen.framework.choice(step, node.code).signature != framework.choice(step, node.code).signature:
                raise MethodError("frozen_differs", address=framework.choice(step, node.code).address, step=step, node=node.code)
    yearly = any(fit.period is not None or "yearly" in fit.method.traits for fit in (*frozen.treat, *frozen.normalise))
    strange = [period for period in periods if period not in frozen.periods]
    if yearly and strange:
        raise MethodError("frozen_period", address="normalise.over", periods=listing(strange), known=listing(frozen.periods))
