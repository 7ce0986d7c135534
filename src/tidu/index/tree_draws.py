"""The way up the tree with all draws of weights at once, for nodes that are arithmetic or geometric means.

Where every node is a weighted arithmetic mean, or every node a geometric one, the tree is one matrix product with effective
weights; trees of both go up level by level. A geometric mean is refused over figures that reach zero by the figures
themselves, naming the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import MethodError, UsageError
from tidu.core.stats import Array
from tidu.index.framework import Framework, Node

Mask = NDArray[np.bool_]


def _inside(framework: Framework, node: str) -> list[Node]:
    """The inner nodes at or under a node, children before parents."""
    wanted = {node}
    for item in reversed(framework.inner):
        if item.code in wanted:
            wanted |= set(item.children)
    return [item for item in framework.inner if item.code in wanted]


def _mean_of(framework: Framework, code: str) -> str:
    """``linear`` or ``log_linear`` when a node is such a mean, else nothing."""
    traits = framework.choice("aggregate", code).method.traits
    return "linear" if "linear" in traits else "log_linear" if "log_linear" in traits else ""


def compiles(framework: Framework, node: str) -> bool:
    """Whether every node at or under a node is an arithmetic or geometric mean with weights that the figures do not make."""
    return all(
        _mean_of(framework, item.code) and framework.choice("weighting", item.code).method.name in ("given", "equal")
        for item in _inside(framework, node)
    )


@dataclass(frozen=True, eq=False)
class Way:
    """The way up to a node at some points, in periods that ask for the same children.

    ``inside`` are the inner nodes with a live child, each with those children and their ``shares``, (draws, children);
    ``effective`` (draws, leaves) the shares of the live ``leaves`` in the node.
    """

    node: str
    inside: tuple[tuple[Node, tuple[str, ...]], ...]
    shares: Mapping[str, Array]
    leaves: tuple[str, ...]
    effective: Array
    kinds: frozenset[str]
    skips: bool


def way_up(framework: Framework, node: str, weights: Array, live: Mask, places: Mapping[str, int]) -> Way | None:
    """The way up to a node under weights (draws, nodes); nothing when the node is not asked for.

    A node whose children all have no weight gets none itself; raises ``factor_drops_all`` when that is the node looked at.
    """
    if not live[framework.nodes[node].place]:
        return None
    raw: dict[str, Array] = {}
    nodes = _inside(framework, node)
    for item in nodes:
        choice = framework.choice("weighting", item.code)
        for child in item.children:
            there = weights[:, places[child]] > 0  # a weight of nought leaves a child out, whatever makes the weights
            if choice.method.name == "equal":
                raw[child] = np.where(there, 1.0, 0.0)
            elif choice.options.get("set") is not None:
                raw[child] = np.where(there, float(framework.table.weight_set[choice.options["set"]][child]), 0.0)
            else:
                raw[child] = weights[:, places[child]]
    inside: list[tuple[Node, tuple[str, ...]]] = []
    shares: dict[str, Array] = {}
    for item in nodes:
        children = tuple(child for child in item.children if live[framework.nodes[child].place])
        if not children:
            continue
        block = np.stack([raw[child] for child in children], axis=1)
        total = block.sum(axis=1, keepdims=True)
        empty = total[:, 0] <= 0
        if empty.any():
            if item.code == node:
                raise UsageError("factor_drops_all", node=node)
            raw[item.code] = np.where(empty, 0.0, raw[item.code])
            block, total = np.where(total > 0, block, 1.0), np.where(total > 0, total, float(len(children)))
        inside.append((item, children))
        shares[item.code] = block / total
    whole = {node: np.ones(len(weights))}
    leaves = []
    for item, children in reversed(inside):
        for k, child in enumerate(children):
            whole[child] = whole[item.code] * shares[item.code][:, k]
            if framework.nodes[child].leaf:
                leaves.append(child)
    return Way(
        node,
        tuple(inside),
        shares,
        tuple(leaves),
        np.stack([whole[code] for code in leaves], axis=1),
        frozenset(_mean_of(framework, item.code) for item, _ in inside),
        any(framework.choice("aggregate", item.code).keys["missing"] == "skip" for item, _ in inside),
    )


def scored(framework: Framework, way: Way, values: Array, units: Sequence[str], period: str) -> Array:
    """The scores of a node in one period at points that share a table of figures (units, indicators), (draws, units)."""
    x = values[:, [framework.nodes[code].place for code in way.leaves]]
    if len(way.kinds) == 1 and not (way.skips and np.isnan(x).any()):
        if way.kinds == {"linear"}:
            return np.asarray(way.effective @ x.T)
        logs = _logs(framework, x, way.effective.max(axis=0), way.leaves, units, period)
        return np.asarray(np.exp(way.effective @ logs.T))
    made: dict[str, Array] = {}
    for item, children in way.inside:
        made[item.code] = _up(framework, item, children, values, made, way.shares[item.code], units, period)
    return made[way.node]


def scored_each(framework: Framework, way: Way, shares: Array, tables: Array, owner: NDArray[np.intp]) -> Array | None:
    """The scores of a node in one period at points with tables of their own, (draws, units), or nothing where it cannot be at once.

    ``shares`` (draws, leaves) are those of the way's leaves at these points, ``tables`` is (tables, indicators, units), ``owner``
    (draws,) the table of each point. It cannot where the tree mixes means, passes over missing children, or takes a logarithm
    of what is not above zero.
    """
    places = [framework.nodes[code].place for code in way.leaves]
    if len(places) == tables.shape[1]:
        x, effective = tables, np.empty_like(shares)
        effective[:, places] = shares
    else:
        x, effective = tables[:, places], shares
    if len(way.kinds) != 1 or (way.skips and np.isnan(x).any()):
        return None
    if way.kinds == {"log_linear"}:
        with np.errstate(invalid="ignore"):
            if ((x <= 0).any(axis=2) & (effective.max(axis=0) > 0)).any():
                return None
        x = np.log(np.where(x <= 0, 1.0, x))
    if len(owner) == len(tables):
        made = np.matmul(effective[:, None, :], x)[:, 0]
    else:
        made = np.empty((len(owner), x.shape[2]))
        for k in range(len(tables)):
            rows = np.flatnonzero(owner == k)
            made[rows] = effective[rows] @ x[k]
    return np.asarray(np.exp(made) if way.kinds == {"log_linear"} else made)


def _logs(framework: Framework, x: Array, most: Array, codes: Sequence[str], units: Sequence[str], period: str) -> Array:
    """Logarithms of figures (units, children); one that is not above zero is refused where its child ever has weight."""
    with np.errstate(invalid="ignore"):
        bad = (x <= 0) & (most > 0)
    if bad.any():
        u, k = (int(place) for place in np.argwhere(bad)[0])
        parent = framework.nodes[codes[k]].parent
        kind = "index" if parent == framework.code else f"pillar.{quoted(str(parent))}"
        raise MethodError(
            "aggregate_not_positive",
            address=kind,
            method="geometric",
            child=codes[k],
            unit=units[u],
            period=period,
            value=float(x[u, k]),
            count=int(bad.sum()),
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.log(np.where(x <= 0, 1.0, x)))


def _up(
    framework: Framework,
    item: Node,
    children: Sequence[str],
    values: Array,
    made: Mapping[str, Array],
    shares: Array,
    units: Sequence[str],
    period: str,
) -> Array:
    """One node from its children for all draws, (draws, units); missing children as its rule says."""
    choice = framework.choice("aggregate", item.code)
    log = _mean_of(framework, item.code) == "log_linear"
    skip = choice.keys["missing"] == "skip"
    total: Any = 0.0
    weight: Any = 0.0
    seen: Any = 0.0
    for k, child in enumerate(children):
        x = made[child] if child in made else values[:, framework.nodes[child].place][None, :]
        if log:
            part = shares[:, k, None] if child in made else shares[:, k].max(keepdims=True)[:, None]
            flat = np.where(part > 0, x, np.nan)
            with np.errstate(invalid="ignore"):
                low = (flat <= 0).any(axis=0)
            if low.any():
                _logs(framework, np.where(low, np.fmin.reduce(flat, axis=0), 1.0)[:, None], np.ones(1), [child], units, period)
            with np.errstate(invalid="ignore", divide="ignore"):
                x = np.log(np.where(x <= 0, 1.0, x))
        there = ~np.isnan(x)
        if skip:
            total = total + shares[:, k, None] * np.where(there, x, 0.0)
            weight = weight + shares[:, k, None] * there
            seen = seen + there
        else:
            total = total + shares[:, k, None] * x
    if skip:
        with np.errstate(invalid="ignore", divide="ignore"):
            total = np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)
        part = seen / len(children)
        total = np.where((part > 0) & (part >= choice.keys["coverage"] - 1e-12), total, np.nan)
    return np.asarray(np.exp(total) if log else total)
