"""An index fitted again with other figures of one unit in one period, many such figures at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import TiduError
from tidu.core.stats import Array, rank_high
from tidu.diagnosis.movement.yardstick import fitted_on
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.stacked import stackable
from tidu.index.steps import Sample, apply, fit_normalise, fit_treat
from tidu.index.tree import climb
from tidu.indicators.panel import Panel

#: Weights that do not hang on the figures.
STILL = ("equal", "given")
#: As many figures are held at once.
HELD = 2_000_000


def rebuilt(index: Index, panel: Panel) -> Index:
    """The index of other figures: fitted again, unless it was scored with the parameters of yet other figures."""
    frozen = None if index.frozen.framework is index.framework else index.frozen
    return build(index.framework, panel, frozen=frozen)


class Refit:
    """One unit in one period of an index; scores of all units when this one has other figures and all is fitted again."""

    def __init__(self, index: Index, u: int, t: int, node: str | None = None) -> None:
        self.index, self.u, self.t = index, u, t
        self.place = index.framework.node(node or index.framework.code).place
        self.quick = _at_once(index)
        framework, leaves = index.framework, index.framework.leaves
        over = [framework.choice("normalise", leaf) for leaf in leaves]
        timed = any("time" in choice.method.traits for choice in over)
        treated = [framework.choice("treat", leaf) for leaf in leaves]
        pooled = any(choice.keys["over"] != "year" for choice in over) or any(
            choice.method.name != "none" and choice.keys["per"] != "year" for choice in treated
        )
        if timed and index.periods != index.panel.periods:
            self.quick = False
        self.kept = np.arange(len(index.periods)) if pooled or timed else np.array([t])
        if any(item.keys["per"] != "year" for choice in treated for item in choice.fallbacks):
            self.kept = np.arange(len(index.periods))
        self.fitted = np.flatnonzero(np.isin(index.units, sorted(fitted_on(index))))
        self.beside: dict[tuple[str, ...], Framework] = {}

    def scores(self, rows: Array, panel: Callable[[int], Panel]) -> Array:
        """The scores of every unit at the node, (P, units), for figures ``rows`` (P, indicators) of the unit.

        ``panel`` makes the figures of a row as a panel, for indices that can only be built one by one. A row that a method
        refuses has no scores.
        """
        count = len(rows)
        out = np.full((count, len(self.index.units)), np.nan)
        if not self.quick:
            for at in range(count):
                out[at] = self._alone(panel(at))
            return out
        moved = np.flatnonzero((rows != self.index.imputed[self.u, self.t]).any(axis=0) & ~np.isnan(rows).all(axis=0))
        size = max(1, HELD // max(1, len(self.index.units) * (len(self.kept) * max(1, moved.size) + len(self.index.nodes))))
        for first in range(0, count, size):
            part = slice(first, first + size)
            try:
                out[part] = self._together(rows[part], moved)
            except TiduError:
                for at in range(*part.indices(count)):
                    out[at] = self._alone(panel(at))
        return out

    def ranks(self, scores: Array) -> Array:
        """The unit's rank among the shown units, (P,), for scores (P, units); missing where there is none."""
        shown = np.flatnonzero(self.index.shown)
        if self.u not in shown:
            return np.full(len(scores), np.nan)
        return np.asarray(rank_high(scores[:, shown].T)[int(np.flatnonzero(shown == self.u)[0])])

    def leaf(self, k: int, figures: Array) -> Array:
        """The scores of every unit in one indicator, (units, P), for figures (P,) of the unit when this indicator is fitted again.

        For indices that are ``quick``. Raises what a method raises that refuses the figures.
        """
        return self._columns(figures[:, None], np.array([k]))

    def _columns(self, rows: Array, moved: NDArray[np.intp]) -> Array:
        """The scores of every unit in some indicators, (units, P × M), fitted again for each row (P, M) of the unit's figures."""
        index, framework, count = self.index, self.index.framework, len(rows)
        here = int(np.flatnonzero(self.kept == self.t)[0])
        figures = np.tile(index.imputed[:, self.kept][:, :, moved], (1, 1, count))
        figures[self.u, here] = rows.ravel()
        codes = tuple(framework.leaves[k] for k in moved.tolist())
        signs = np.array([1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in codes])
        beside = Context(
            units=index.units,
            periods=tuple(index.periods[k] for k in self.kept.tolist()),
            codes=codes * count,
            direction=np.tile(signs, count),
            groups=index.panel.groups,
            weight_sets=framework.table.weight_set,
        )
        sample = Sample(self.fitted, np.arange(len(self.kept)))
        made = self.beside.get(codes * count)
        if made is None:
            made = self.beside[codes * count] = _among(framework, codes * count)
        fits = fit_treat(made, figures, sample, beside)
        oriented = (apply(fits, figures, beside) if fits else figures) * beside.direction
        return np.asarray(apply(fit_normalise(made, oriented, sample, beside), oriented, beside, empty=True)[:, here])

    def _alone(self, panel: Panel) -> Array:
        try:
            return np.asarray(rebuilt(self.index, panel).scores[:, self.t, self.place])
        except TiduError:
            return np.full(len(self.index.units), np.nan)

    def _together(self, rows: Array, moved: NDArray[np.intp]) -> Array:
        index, framework = self.index, self.index.framework
        count, wide, units = len(rows), moved.size, len(index.units)
        table = np.repeat(index.normalised[None, :, self.t], count, axis=0)
        if wide:
            done = self._columns(rows[:, moved], moved)
            table[:, :, moved] = done.reshape(units, count, wide).transpose(1, 0, 2)
        around = Context(
            units=index.units * count, periods=(index.periods[self.t],), groups={}, weight_sets=framework.table.weight_set
        )
        leaves = table.reshape(count * units, 1, -1)
        scores, _ = climb(
            framework, leaves, index.live[[self.t]], Sample(np.arange(len(leaves)), np.array([0])), around, index.frozen.joins
        )
        return np.asarray(scores[:, 0, self.place].reshape(count, units))


def _at_once(index: Index) -> bool:
    """Whether many sets of figures can be fitted at once: nothing looks across columns, and weights stand still."""
    framework = index.framework
    if index.frozen.framework is not framework or not stackable(framework) or index.frozen.impute:
        return False
    for node in framework.inner:
        join = framework.choice("aggregate", node.code)
        if "set" in join.method.traits or join.method.fitter or framework.choice("weighting", node.code).method.name not in STILL:
            return False
    return True


def _among(framework: Framework, codes: tuple[str, ...]) -> Framework:
    """The framework with other indicators side by side, for the steps that work column by column."""
    made = replace(framework)
    made.__dict__.update(leaves=codes, nodes=framework.nodes, _choices=framework._choices)
    return made
