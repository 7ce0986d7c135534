"""A unit scored again with other figures on the parameters that were fitted: today's bounds, treatment and weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tidu.core.errors import MethodError
from tidu.core.stats import Array
from tidu.diagnosis.explanation.contribution import Period
from tidu.index.columns import raw
from tidu.index.context import Context
from tidu.index.result import Index
from tidu.index.steps import Fit, Sample, apply
from tidu.index.tree import activity, climb


@dataclass(frozen=True, eq=False)
class Yardstick:
    """Today's parameters of an index, ready to score a unit in a period with other figures. Make one by :func:`yardstick`."""

    index: Index
    u: int
    t: int
    figures: Array  # (panel periods, indicators): the unit's figures after imputation
    normalise: tuple[Fit, ...]
    whole: bool  # whether a join needs all units at once

    def nodes(self, rows: Array) -> Array:
        """The unit's scores with other figures: ``rows`` (P, indicators) in their own units → (P, nodes)."""
        return self._climbed(rows)[1] if not self.whole else self.all_units(rows)[:, self.u]

    def normalised(self, rows: Array) -> Array:
        """The figures of ``rows`` (P, indicators) on the scale, (P, indicators)."""
        index, panel = self.index, self.index.panel
        at = panel.periods.index(index.periods[self.t])
        block = np.repeat(self.figures[None], len(rows), axis=0)
        block[:, at] = rows
        here = self._context(len(rows))
        treated = apply(index.frozen.treat, block, here) if index.frozen.treat else block
        done: Array = apply(self.normalise, treated * here.direction, here, empty=True)[:, at]
        return done

    def all_units(self, rows: Array) -> Array:
        """The scores of every unit when this one has other figures, (P, units, nodes); others have their own."""
        index = self.index
        if not self.whole:
            found = np.repeat(index.scores[None, :, self.t], len(rows), axis=0)
            found[:, self.u] = self._climbed(rows)[1]
            return found
        leaves = self.normalised(rows)
        context = Context(units=index.units, periods=index.periods, weight_sets=index.framework.table.weight_set)
        sample = Sample(np.arange(len(index.units)), np.arange(len(index.periods)))
        tables = []
        for row in leaves:
            block = index.normalised.copy()
            block[self.u, self.t] = row
            done, _ = climb(index.framework, block, index.live, sample, context, index.frozen.joins)
            tables.append(done[:, self.t])
        return np.stack(tables) if tables else np.empty((0, len(index.units), len(index.nodes)))

    def _climbed(self, rows: Array) -> tuple[Array, Array]:
        index, t = self.index, self.t
        leaves = self.normalised(rows)
        here = Context(
            units=(index.units[self.u],) * len(rows), periods=(index.periods[t],), weight_sets=index.framework.table.weight_set
        )
        sample = Sample(np.arange(len(rows)), np.arange(1))
        scores, _ = climb(index.framework, leaves[:, None], index.live[[t]], sample, here, index.frozen.joins)
        return leaves, scores[:, 0]

    def _context(self, count: int) -> Context:
        framework = self.index.framework
        return Context(
            units=(self.index.units[self.u],) * count,
            periods=self.index.panel.periods,
            codes=framework.leaves,
            direction=direction(self.index),
            weight_sets=framework.table.weight_set,
        )


def yardstick(index: Index, unit: str, period: Period = None) -> Yardstick:
    r"""Today's parameters, ready to score a unit with other figures in a period.

    Raises ``unknown_unit``, ``unknown_period``; ``moves_differ`` where the unit's own figures do not come out
    with its own score (a method that looks beyond the unit's row).

    >>> from tidu.index.build import build
    >>> from tidu.index.framework import Framework
    >>> from tidu.indicators.panel import Panel
    >>> framework = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"')
    >>> made = build(framework, Panel.of(["x", "y", "z"], ["2023"], ["a"], [[[1]], [[2]], [[5]]]))
    >>> yardstick(made, "y").nodes(np.array([[2.0], [3.0], [6.0]]))[:, -1].tolist()
    [25.0, 50.0, 125.0]
    """
    framework, t = index.framework, index.period(period)
    u = index.units.index(index.panel.unit(unit))
    joins = [framework.choice("aggregate", node.code) for node in framework.inner]
    whole = any("set" in choice.method.traits for choice in joins)
    made = Yardstick(index, u, t, _history(index, u), _without_own(index, u, t), whole)
    found, own = made.nodes(index.imputed[[u], t])[0], index.scores[u, t]
    if not np.allclose(found, own, rtol=1e-9, atol=1e-9, equal_nan=True):
        at = int(np.flatnonzero(~np.isclose(found, own, rtol=1e-9, atol=1e-9, equal_nan=True))[0])
        raise MethodError("moves_differ", address="index", unit=index.units[u], node=index.nodes[at])
    return made


def fitted_on(index: Index) -> frozenset[str]:
    """The units on which an index's parameters were fitted."""
    framework, panel = index.frozen.framework, index.frozen.panel
    name = framework.table.units.fit_on
    own = framework.table.universe.get(name)
    return frozenset(own.members if own is not None else panel.universe(name))


def direction(index: Index) -> Array:
    """+1 for each indicator where higher is better, −1 where lower is, (indicators,)."""
    table = index.framework.table.indicator
    return np.array([1.0 if table[code].better == "higher" else -1.0 for code in index.framework.leaves])


def _history(index: Index, u: int) -> Array:
    """A unit's figures after imputation in all periods of the data, (panel periods, indicators)."""
    panel, framework = index.panel, index.framework
    out = np.full((len(panel.periods), len(framework.leaves)), np.nan)
    timed = any("time" in framework.choice("normalise", leaf).method.traits for leaf in framework.leaves)
    if timed and panel.periods != index.periods:
        context = Context(panel.units, panel.periods, framework.leaves, direction=direction(index), groups=panel.groups)
        made = raw(framework, panel, context, np.zeros(panel.values.shape[:2], dtype=bool))
        live = activity(framework, panel.periods, index.frozen.dropped)[None, :, : len(framework.leaves)]
        values = np.where(live, made.values, np.nan)
        values = apply(index.frozen.impute, values, context) if index.frozen.impute else values
        out = np.where(live, values, np.nan)[u]
    for t, period in enumerate(index.periods):
        out[panel.periods.index(period)] = index.imputed[u, t]
    return out


def _without_own(index: Index, u: int, t: int) -> tuple[Fit, ...]:
    """The fitted normalisations; where figures are ranked the unit's own one is no rival any more, their count stays."""
    if index.units[u] not in fitted_on(index) or index.frozen.panel is not index.panel:
        return tuple(index.frozen.normalise)
    own = index.treated[u, t] * direction(index)
    made = []
    for fit in index.frozen.normalise:
        if "ordered" in fit.fitted and fit.period in (None, index.periods[t]):
            ordered = fit.fitted["ordered"].copy()
            for at, k in enumerate(fit.columns.tolist()):
                mine = np.flatnonzero(ordered[:, at] == own[k])
                if mine.size:
                    count = int(fit.fitted["seen"][at])
                    rest = np.delete(ordered[:count, at], int(mine[0]))
                    ordered[:count, at] = np.append(rest, np.inf)
            fit = replace(fit, fitted={**fit.fitted, "ordered": ordered})
        made.append(fit)
    return tuple(made)
