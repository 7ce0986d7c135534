"""The way up the tree: weights of the children of each node, their aggregation, the rule for missing children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.registry import Fitted
from tidu.core.stats import Array
from tidu.index.context import Context
from tidu.index.framework import Framework, Node
from tidu.index.steps import Sample

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Join:
    """How a node's children were brought together in some periods: weights that sum to one, and what was fitted."""

    node: str
    children: tuple[str, ...]
    periods: tuple[str, ...]
    weights: Array
    facts: Mapping[str, object]
    fitted: Fitted


def activity(framework: Framework, periods: tuple[str, ...], dropped: Mapping[str, str] = {}) -> Mask:
    """Which node is asked for in which period, (periods, nodes): an indicator in its ``years``, a node with a live child."""
    nodes = framework.nodes
    live = np.zeros((len(periods), len(nodes)), dtype=bool)
    for code in framework.leaves:
        years = framework.table.indicator[code].years
        if code not in dropped:
            live[:, nodes[code].place] = True if years is None else np.isin(periods, years)
    for node in framework.inner:
        live[:, node.place] = live[:, [nodes[child].place for child in node.children]].any(axis=1)
    return live


def climb(
    framework: Framework,
    leaves: Array,
    live: Mask,
    sample: Sample,
    context: Context,
    frozen: Mapping[tuple[str, tuple[str, ...]], Join] | None = None,
) -> tuple[Array, list[Join]]:
    """The scores of every node, (units, periods, nodes), and how each node was joined.

    ``leaves`` are the normalised indicators (units, periods, indicators). A node is scored where its missing rule
    is met; a period in which a child is not asked for does not count it as missing.
    """
    nodes = framework.nodes
    scores = np.full((*leaves.shape[:2], len(nodes)), np.nan)
    scores[:, :, : len(framework.leaves)] = np.where(live[None, :, : len(framework.leaves)], leaves, np.nan)
    joins: list[Join] = []
    for node in framework.inner:
        places = np.array([nodes[child].place for child in node.children])
        for periods, chosen in _patterns(live[:, places]):
            if not chosen.size:
                continue
            whole = len(periods) == leaves.shape[1]
            inside = places[chosen]
            block = scores[:, :, inside] if whole else scores[:, periods][:, :, inside]
            join, done = _join(framework, node, block, chosen, periods, sample, context, frozen)
            joins.append(join)
            if whole:
                scores[:, :, node.place] = done
            else:
                scores[:, periods, node.place] = done
    return scores, joins


def _patterns(live: Mask) -> list[tuple[Places, Places]]:
    """Periods that ask for the same children, with those children."""
    if live.all():
        return [(np.arange(live.shape[0]), np.arange(live.shape[1]))]
    rows, member = np.unique(live, axis=0, return_inverse=True)
    member = member.reshape(-1)
    return [(np.flatnonzero(member == at), np.flatnonzero(row)) for at, row in enumerate(rows)]


def _join(
    framework: Framework,
    node: Node,
    block: Array,
    chosen: Places,
    periods: Places,
    sample: Sample,
    context: Context,
    frozen: Mapping[tuple[str, tuple[str, ...]], Join] | None,
) -> tuple[Join, Array]:
    children = tuple(node.children[k] for k in chosen)
    given = np.array([framework.nodes[child].weight for child in children])
    if given.sum() <= 0:
        raise MethodError("weights_zero", address=f"pillar.{node.code}", children=", ".join(children))
    if (given == 0).any() and _blind(framework, node):  # a weight of nought leaves a child out, whatever makes the weights
        keep = np.flatnonzero(given > 0)
        children, given, block = tuple(children[k] for k in keep), given[keep], block[:, :, keep]
    whole = len(periods) == len(context.periods)
    kind = "index" if node.code == framework.code else f"pillar.{node.code}"
    here = replace(
        context,
        codes=children,
        address=kind,
        direction=np.ones(len(children)),
        given=given,
        periods=context.periods if whole else tuple(context.periods[t] for t in periods),
        columns={name: values[:, periods] for name, values in context.columns.items()},
    )
    if frozen is not None:
        join = _thawed(frozen, node.code, children, here.periods)
    else:
        inside = np.arange(len(periods)) if whole else np.flatnonzero(np.isin(periods, sample.periods))
        part = Sample(sample.units, inside).of(block)
        join = _fit(framework, node, part, here, sample.units)
    choice = framework.choice("aggregate", node.code)
    here = replace(here, given=join.weights)
    done = choice.method.apply(block, join.fitted, choice.options, here)
    hole = np.isnan(block)
    if hole.any():
        if choice.keys["missing"] == "require":
            done = np.where(hole.any(axis=2), np.nan, done)
        else:
            seen = 1.0 - hole.mean(axis=2)
            done = np.where((seen > 0) & (seen >= choice.keys["coverage"] - 1e-12), done, np.nan)
    return join, done


def _blind(framework: Framework, node: Node) -> bool:
    """Whether a node's join would not see the weights that are written: they are made otherwise, or it takes none."""
    weighting = framework.choice("weighting", node.code)
    written = weighting.method.name == "given" and weighting.options.get("set") is None
    return not written or "unweighted" in framework.choice("aggregate", node.code).method.traits


def _fit(framework: Framework, node: Node, part: Array, here: Context, units: Places) -> Join:
    weighting = framework.choice("weighting", node.code)
    inside = here
    if len(units) != len(here.units):
        columns = {name: values[units] for name, values in here.columns.items()}
        inside = replace(here, units=tuple(here.units[u] for u in units), columns=columns)
    made = weighting.method.apply(part.reshape(-1, part.shape[-1]), {}, weighting.options, inside)
    choice = framework.choice("aggregate", node.code)
    fitted = choice.method.fit(part, choice.options, replace(inside, given=made.values)) if choice.method.fitter else {}
    return Join(node.code, here.codes, here.periods, made.values, made.facts, fitted)


def _thawed(
    frozen: Mapping[tuple[str, tuple[str, ...]], Join], node: str, children: tuple[str, ...], periods: tuple[str, ...]
) -> Join:
    found = frozen.get((node, children))
    if found is None:
        raise MethodError("frozen_children", address=f"pillar.{node}", children=", ".join(children), periods=", ".join(periods))
    return replace(found, periods=periods)


def effective(framework: Framework, joins: list[Join], period: str) -> dict[str, float]:
    """The share of each node in the root in a period: the product of the weights on the way up."""
    share: dict[str, float] = {framework.code: 1.0}
    by_node = {join.node: join for join in joins if period in join.periods}
    for node in reversed(framework.inner):
        join: Any = by_node.get(node.code)
        if join is not None and node.code in share:
            for child, weight in zip(join.children, join.weights.tolist(), strict=True):
                share[child] = share[node.code] * weight
    return share
