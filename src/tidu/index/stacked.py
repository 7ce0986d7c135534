"""Normalised figures of many drawn panels at once, every step made anew for each: the draws are stacked, not looped over.

Columns are made and filled unit by unit, so draws lie beneath each other as more units; treatment and normalisation learn
column by column, so there they lie beside each other as more columns, the figures of a column side by side in memory. What
looks across columns is left to the plain build.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tidu.core.stats import Array
from tidu.index.columns import needed, raw
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.steps import Sample, apply, fit_impute, fit_normalise, fit_treat
from tidu.index.structure import is_derived
from tidu.index.tree import activity
from tidu.indicators.panel import Panel


class _Stack(Panel):
    """Draws of a panel beneath each other: units come again with each draw, which a panel by itself would refuse."""

    def __post_init__(self) -> None:
        """Nothing is checked: the panels that it is made of were."""


def stackable(framework: Framework) -> bool:
    """Whether draws can be stacked: no fill that looks across columns, no screening that looks at the figures themselves."""
    rule = framework.table.screen
    screened = rule.nonzero == 0 and rule.minimum_indicator == 0 and rule.same == 1 and rule.unique == 0
    return screened and all("pillar" not in framework.choice("impute", code).method.traits for code in framework.leaves)


def stacked(framework: Framework, model: Index, figures: Sequence[Array], seed: int = 0) -> Array | None:
    """The normalised figures of drawn panels, (draws, indicators, units, periods); nothing where a draw has other holes.

    Args:
        framework: for which :func:`stackable` is true.
        model: its index on the panel that the draws come from; periods, universe and who is scored are those of it.
        figures: the values of drawn panels, each shaped as those of that one.
        seed: for methods that draw.
    """
    panel, count, leaves = model.panel, len(figures), len(framework.leaves)
    units = len(panel.units)
    scored = np.array([panel.periods.index(period) for period in model.periods])
    shown = slice(None) if len(scored) == len(panel.periods) else scored
    direction = np.array([1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in framework.leaves])
    made = _divided(framework, panel, figures) if _printed(framework) else _made(framework, panel, figures, direction, seed)
    live = activity(framework, panel.periods)[:, :leaves]
    if not live.all():
        made[:, ~live.T[:, None, :].repeat(units, axis=1)] = np.nan
    if (np.isnan(made[..., shown]) != np.isnan(model.raw).transpose(2, 0, 1)).any():
        return None
    wide = _wide(framework, count)
    beside = Context(
        units=panel.units,
        periods=panel.periods,
        codes=wide.leaves,
        direction=np.tile(direction, count),
        groups=panel.groups,
        weight_sets=framework.table.weight_set,
        seed=seed,
    )
    values = made.reshape(count * leaves, units, len(panel.periods)).transpose(1, 2, 0)
    fit_on = framework.table.units.fit_on
    own = framework.table.universe.get(fit_on)
    inside = frozenset(own.members if own is not None else panel.universe(fit_on))
    sample = Sample(np.array([u for u, unit in enumerate(panel.units) if unit in inside]), scored)
    imputations = fit_impute(wide, values, sample, beside)
    imputed = apply(imputations, values, beside) if imputations else values
    if imputations and not live.all():
        imputed[np.broadcast_to(~np.tile(live, (1, count)), imputed.shape)] = np.nan
    if not model.screening.included.all():
        imputed[:, scored] = np.where(model.screening.included[:, :, None], imputed[:, scored], np.nan)
    treatments = fit_treat(wide, imputed, sample, beside)
    oriented = apply(treatments, imputed, beside) if treatments else imputed
    if (beside.direction < 0).any():
        oriented = oriented * beside.direction
    normalised = apply(fit_normalise(wide, oriented, sample, beside), oriented, beside, empty=True)
    return normalised.transpose(2, 0, 1).reshape(count, leaves, units, len(panel.periods))[..., shown]


def _printed(framework: Framework) -> bool:
    """Whether indicators are made of printed columns alone, none of them derived or filled before."""
    derived = any(is_derived(item) for item in framework.table.column.values())
    return not derived and all(framework.column_choice(name) is None for name in needed(framework))


def _divided(framework: Framework, panel: Panel, figures: Sequence[Array]) -> Array:
    """The indicators' figures of many draws, (draws, indicators, units, periods), by ``of`` ÷ ``per`` × ``scale``."""
    items = [(code, framework.table.indicator[code]) for code in framework.leaves]
    whole = np.stack([one.transpose(2, 0, 1) for one in figures])
    places = [panel.position(item.of or code) for code, item in items]
    parts = [(k, panel.position(item.per), item.per_at_least or 0.0) for k, (_, item) in enumerate(items) if item.per is not None]
    made = whole if not parts and places == list(range(whole.shape[1])) else whole[:, places]
    if parts:
        below = whole[:, [part[1] for part in parts]]
        below = np.where((below > 0) & (below >= np.array([part[2] for part in parts])[:, None, None]), below, np.nan)
        made[:, [part[0] for part in parts]] /= below
    scale = np.array([item.scale for _, item in items])
    if (scale != 1.0).any():
        made *= scale[:, None, None]
    return made


def _made(framework: Framework, panel: Panel, figures: Sequence[Array], direction: Array, seed: int) -> Array:
    """The same through derived and filled columns: draws stand beneath each other as more units."""
    count, units = len(figures), len(panel.units)
    below = _Stack(units=panel.units * count, periods=panel.periods, columns=panel.columns, values=np.concatenate(figures))
    asked = np.zeros((count * units, len(panel.periods)), dtype=bool)  # a zero denominator is a hole here, told apart below
    many = Context(units=below.units, periods=panel.periods, codes=framework.leaves, direction=direction, seed=seed)
    made = raw(framework, below, many, asked).values.reshape(count, units, len(panel.periods), len(framework.leaves))
    return np.ascontiguousarray(made.transpose(0, 3, 1, 2))


def _wide(framework: Framework, count: int) -> Framework:
    """The framework with its indicators side by side ``count`` times, for the steps that work column by column."""
    kept: dict[int, Framework] = framework.__dict__.setdefault("_wide", {})
    if count not in kept:
        made = replace(framework)
        made.__dict__.update(leaves=framework.leaves * count, nodes=framework.nodes, _choices=framework._choices)
        kept[count] = made
    return kept[count]
