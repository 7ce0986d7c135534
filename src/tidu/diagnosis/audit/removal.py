"""What leaving something out does to the ranks: each node in turn, or some units with the index fitted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.stats import Array, rank_high
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index

Period = str | int | None


@dataclass(frozen=True)
class Removal:
    """What leaving out a node does to the ranks of the units that were scored: mean and largest absolute shift, and whose.

    ``scored`` counts the units that still have a score; the figures are missing where the index is gone with the node.
    ``refused`` is the code of the error when the index cannot be built without it.
    """

    node: str
    mean_shift: float
    largest_shift: int
    unit: str
    scored: int
    refused: str | None = None


def _means(index: Index, t: int, u: Any) -> bool:
    """Whether leaving out a node is a matter of algebra: means of full rows, nothing else looking at its siblings."""
    framework = index.framework
    if framework.table.screen.model_fields_set:
        return False
    for node in framework.inner:
        if framework.choice("aggregate", node.code).method.name not in ("arithmetic", "geometric"):
            return False
        if framework.choice("weighting", node.code).method.name not in ("given", "equal"):
            return False
    for leaf in framework.leaves:
        choices = [framework.choice(step, leaf) for step in ("impute", "treat", "normalise")]
        if any("pillar" in choice.method.traits for choice in choices):
            return False
    live = index.live[t]
    return not np.isnan(index.scores[u, t][:, live]).any()


def removal_scores(index: Index, codes: Sequence[str], period: Period = None) -> Array:
    """The root's scores with each node left out in turn, its siblings' weights rescaled, (units, codes).

    A node without siblings takes its parent with it; a column is missing when nothing would be left. Where all joins are
    arithmetic or geometric means of given weights and the scored rows are full this is algebra, otherwise the index is built
    again without the node. Raises ``unknown_node``.
    """
    t = index.period(period)
    framework, root = index.framework, index.framework.node(index.framework.code).place
    scored = ~np.isnan(index.scores[:, t, root])
    for code in codes:
        framework.node(code)
    if not _means(index, t, scored):
        return np.column_stack([_rebuilt(index, code, t) for code in codes]) if codes else np.empty((len(index.units), 0))
    label = index.periods[t]
    inside = {
        child: (join.node, weight)
        for join in index.joins
        if label in join.periods
        for child, weight in zip(join.children, join.weights.tolist(), strict=True)
    }
    block = index.scores[:, t]
    out = np.full((block.shape[0], len(codes)), np.nan)
    for k, code in enumerate(codes):
        at = code
        while at in inside and inside[at][1] >= 1.0 - 1e-12:
            at = inside[at][0]
        if at not in inside:
            if at != framework.code:
                out[:, k] = block[:, root]  # not asked for in this period
            continue
        parent, weight = inside[at]
        own, child = block[:, framework.node(parent).place], block[:, framework.node(at).place]
        with np.errstate(invalid="ignore", divide="ignore"):
            if framework.choice("aggregate", parent).method.name == "arithmetic":
                made = (own - weight * child) / (1.0 - weight)
            else:
                made = (own / child**weight) ** (1.0 / (1.0 - weight))
            while parent != framework.code:
                at, (parent, weight) = parent, inside[parent]
                before, above = block[:, framework.node(at).place], block[:, framework.node(parent).place]
                if framework.choice("aggregate", parent).method.name == "arithmetic":
                    made = above + weight * (made - before)
                else:
                    made = above * (made / before) ** weight
        out[:, k] = made
    return out


def without(framework: Framework, codes: Sequence[str]) -> Framework | None:
    """The framework without some nodes and all below them, and without nodes left empty; nothing when no indicator is left."""
    gone = set(codes)
    for node in reversed(framework.inner):
        if node.code in gone:
            gone |= set(node.children)
    for node in framework.inner:
        if all(child in gone for child in node.children):
            gone.add(node.code)
    if framework.code in gone:
        return None
    spec = {key: value for key, value in framework.spec.items() if key != "uncertain"}
    for kind in ("pillar", "indicator"):
        if kind in spec:
            spec[kind] = {code: item for code, item in spec[kind].items() if code not in gone}
    if spec.get("index", {}).get("reading"):
        spec["index"] = {**spec["index"], "reading": [code for code in spec["index"]["reading"] if code not in gone]}
    if "weight_set" in spec:
        sets = spec["weight_set"].items()
        spec["weight_set"] = {name: {c: w for c, w in weights.items() if c not in gone} for name, weights in sets}
    return Framework.of(spec, file=framework.file)


def _rebuilt(index: Index, code: str, t: int) -> Array:
    cut = without(index.framework, [code])
    if cut is None:
        return np.full(len(index.units), np.nan)
    again = build(cut, index.panel)
    return again.scores[:, again.period(index.periods[t]), -1]


def remove_each(index: Index, nodes: Sequence[str] | None = None, period: Period = None) -> tuple[Removal, ...]:
    """The rank shifts that leaving out each node makes (each indicator when none is named), in the given order.

    Ranks are among the shown units that have a score before and after. Source: COINr remove_elements.
    """
    codes = tuple(nodes) if nodes is not None else index.framework.leaves
    t = index.period(period)
    root = index.framework.node(index.framework.code).place
    after, refused = _tried(index, codes, period)
    before = index.scores[:, t, root]
    keep = index.shown & ~np.isnan(before)
    names = [unit for unit, stays in zip(index.units, keep, strict=True) if stays]
    after, before = after[keep], before[keep]
    seen = ~np.isnan(after)
    old = rank_high(np.where(seen, before[:, None], np.nan))
    shift = np.abs(rank_high(after) - old)
    made = []
    for k, code in enumerate(codes):
        here = shift[seen[:, k], k]
        if not here.size:
            made.append(Removal(code, float("nan"), 0, "", 0, refused.get(code)))
            continue
        worst = min(names[u] for u in np.flatnonzero(seen[:, k] & (shift[:, k] == here.max())))
        made.append(Removal(code, float(here.mean()), int(here.max()), worst, int(here.size)))
    return tuple(made)


def _tried(index: Index, codes: Sequence[str], period: Period) -> tuple[Array, dict[str, str]]:
    """The scores without each node, missing where the index cannot be built without it; and those nodes' errors."""
    for code in codes:
        index.framework.node(code)
    try:
        return removal_scores(index, codes, period), {}
    except TiduError:
        columns, refused = [], {}
        for code in codes:
            try:
                columns.append(removal_scores(index, [code], period)[:, 0])
            except TiduError as error:
                columns.append(np.full(len(index.units), np.nan))
                refused[code] = getattr(error, "errors", [error])[0].code
        return np.column_stack(columns), refused


@dataclass(frozen=True)
class Reversal:
    """What refitting without some units does to the order of the others: pairs that change places, units whose rank changes.

    ``moved`` is unit → rank among the remaining before and after.
    """

    dropped: tuple[str, ...]
    pairs: int
    reversed: int
    moved: Mapping[str, tuple[int, int]]


def rank_reversal(index: Index, drop: Sequence[str] | None = None, count: int = 1, period: Period = None) -> Reversal:
    """The index fitted again without some units (the ``count`` worst when none are named), compared on the others.

    Raises ``unknown_unit``. Source: Wang and Triantaphyllou 2008, Omega 36:45, test criterion 1.
    """
    label = index.periods[index.period(period)]
    table = index.top(None, label)
    out = [index.panel.unit(unit) for unit in drop] if drop is not None else [unit for unit, _, _ in table[-count:]]
    kept = [unit for unit in index.units if unit not in out]
    spec = dict(index.framework.spec)
    if "universe" in spec:
        spec["universe"] = {
            name: {**item, "members": [unit for unit in item["members"] if unit not in out]}
            for name, item in spec["universe"].items()
        }
    if "screen" in spec:
        cut = {key: [unit for unit in spec["screen"].get(key, []) if unit not in out] for key in ("force_in", "force_out")}
        spec["screen"] = {**spec["screen"], **{key: units for key, units in cut.items() if units or key in spec["screen"]}}
    again = build(Framework.of(spec, file=index.framework.file), index.panel.select(units=kept))
    first, second = index.score(period=label), again.score(period=label)
    inside = {unit for unit, _, _ in table}
    both = [unit for unit in kept if unit in inside and not np.isnan(second[unit])]
    before = rank_high(np.array([first[unit] for unit in both]))
    after = rank_high(np.array([second[unit] for unit in both]))
    swapped = np.sum((before[:, None] < before[None, :]) & (after[:, None] > after[None, :]))
    moved = {unit: (int(a), int(b)) for unit, a, b in zip(both, before, after, strict=True) if a != b}
    return Reversal(tuple(out), len(both) * (len(both) - 1) // 2, int(swapped), moved)
