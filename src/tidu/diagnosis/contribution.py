"""What a score is made of: exact parts by indicator of a score and of a gap.

Inside a node whose join is a plain mean a child's part is its weight times its difference; inside a geometric mean it is
its share of the logarithm; inside any other join it is its Shapley value. A node's part is handed on to its children in
the proportion of their parts in it, so that parts add up at every node, for indicators and for pillars alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, UsageError, listing
from tidu.core.stats import Array
from tidu.diagnosis.parts import additive_parts, log_mean, log_parts, shapley_parts
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.tree import Join

Period = str | int | None


@dataclass(frozen=True)
class Contributions:
    """The parts of ``score − baseline``, for every node below ``node``: indicators add up, and so do the children of a node.

    ``others`` are the units that the baseline is the mean of; empty where it is the zero of the scale. ``errors`` are
    standard errors, 0 where parts are exact.
    """

    unit: str
    others: tuple[str, ...]
    period: str
    node: str
    score: float
    baseline: float
    parts: Mapping[str, float]
    errors: Mapping[str, float]
    leaves: tuple[str, ...]

    @property
    def total(self) -> float:
        """What the parts add up to: the score less the baseline."""
        return self.score - self.baseline

    @property
    def indicators(self) -> dict[str, float]:
        """Indicator → part, the largest in size first."""
        found = [(leaf, self.parts[leaf]) for leaf in self.leaves]
        return dict(sorted(found, key=lambda item: -abs(item[1])))

    def shares(self) -> dict[str, float]:
        """Indicator → its share of the total; missing where the total is zero."""
        return {leaf: self.parts[leaf] / self.total if self.total else float("nan") for leaf in self.leaves}


def score_parts(index: Index, unit: str, period: Period = None, node: str | None = None, *, seed: int = 0) -> Contributions:
    """The parts of a unit's score, by indicator, against the zero of the scale.

    The zero is 0; where a join below the node needs figures above zero it is the low end of each indicator's range
    (``onto``), else the smallest score seen. A missing indicator has no part. Raises ``not_scored``,
    ``contribution_set``, ``contribution_holes``, ``unknown_unit``.
    """
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    u = scored_place(index, unit, t, top.code)
    a = index.scores[[u], t]
    b = _zero(index, t, top.code, a)
    parts, errors = _spread(index, t, top.code, a, b, seed)
    return _made(index, index.units[u], (), t, top.code, float(a[0, top.place]), float(b[0, top.place]), parts, errors)


def gap_parts(
    index: Index, unit: str, others: str | Sequence[str], period: Period = None, node: str | None = None, *, seed: int = 0
) -> Contributions:
    """The parts of the gap between a unit and another one, or the mean score of a group, by indicator.

    Against a group it is the mean of the gaps to each of its units that has a score, so the baseline is the mean of
    their scores whatever the joins. A figure that only one of both has is set against the score of the other's node.
    Raises ``not_scored``, ``contribution_set``, ``contribution_holes``, ``unknown_unit``.
    """
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    u = scored_place(index, unit, t, top.code)
    names = [others] if isinstance(others, str) else list(others)
    places = [index.units.index(index.panel.unit(name)) for name in names]
    if len(places) != 1:
        places = [place for place in places if not np.isnan(index.scores[place, t, top.place])]
    if not places:
        raise UsageError("not_scored", name=listing(names) or "–", node=top.code, period=index.periods[t])
    for place in places:
        scored_place(index, index.units[place], t, top.code)
    b = index.scores[places, t]
    a = np.repeat(index.scores[[u], t], len(places), axis=0)
    a, b = _paired(index, t, top.code, a, b)
    parts, errors = _spread(index, t, top.code, a, b, seed)
    base = float(np.mean(index.scores[places, t, top.place]))
    found = tuple(index.units[place] for place in places)
    return _made(index, index.units[u], found, t, top.code, float(index.scores[u, t, top.place]), base, parts, errors)


def score_table(index: Index, period: Period = None, node: str | None = None, *, seed: int = 0) -> Array:
    """The parts of every unit's score against the zero of the scale, (units, nodes); missing where a unit is not scored."""
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    out = np.full((len(index.units), len(index.nodes)), np.nan)
    seen = ~np.isnan(index.scores[:, t, top.place])
    if seen.any():
        a = index.scores[seen, t]
        out[seen] = _spread(index, t, top.code, a, _zero(index, t, top.code, a), seed)[0]
    return out


def scored_place(index: Index, unit: str, t: int, node: str) -> int:
    """The place of a unit that has a score at a node in a period. Raises ``not_scored``, ``unknown_unit``."""
    code = index.panel.unit(unit)
    u = index.units.index(code)
    if np.isnan(index.scores[u, t, index.framework.node(node).place]):
        raise UsageError("not_scored", name=code, node=node, period=index.periods[t])
    return u


def _made(
    index: Index, unit: str, others: tuple[str, ...], t: int, node: str, score: float, base: float, parts: Array, errors: Array
) -> Contributions:
    framework = index.framework
    below = _below(framework, node)
    mean, wide = parts.mean(axis=0), np.sqrt(np.mean(errors**2, axis=0) / errors.shape[0])
    return Contributions(
        unit=unit,
        others=others,
        period=index.periods[t],
        node=node,
        score=score,
        baseline=base,
        parts={code: float(mean[framework.nodes[code].place]) for code in below},
        errors={code: float(wide[framework.nodes[code].place]) for code in below},
        leaves=framework.leaves_under(node),
    )


def _below(framework: Framework, node: str) -> tuple[str, ...]:
    found: list[str] = []
    queue = [node]
    while queue:
        children = framework.node(queue.pop(0)).children
        found += children
        queue += children
    return tuple(found) or (node,)


def _joins(index: Index, t: int, top: str) -> list[tuple[Join, Any, Callable[[Array], Array]]]:
    """The joins at and below a node in a period, from the top down, with their choice and the join as a function of rows."""
    inside = {top, *_below(index.framework, top)}
    by_node = {join.node: join for join in index.joins if index.periods[t] in join.periods}
    found: list[tuple[Join, Any, Callable[[Array], Array]]] = []
    for node in reversed(index.framework.inner):
        join = by_node.get(node.code)
        if join is None or node.code not in inside:
            continue
        choice = index.framework.choice("aggregate", node.code)
        if "set" in choice.method.traits:
            raise MethodError("contribution_set", address=choice.address, method=choice.method.name, node=node.code)
        found.append((join, choice, _function(join, choice, index.periods[t])))
    return found


def _function(join: Join, choice: Any, period: str) -> Callable[[Array], Array]:
    def rows(x: Array) -> Array:
        units = ("",) * x.shape[0]
        here = Context(units=units, periods=(period,), codes=join.children, address=choice.address, given=join.weights)
        done: Array = choice.method.apply(x[:, None, :], join.fitted, choice.options, here)[:, 0]
        return done

    return rows


def _zero(index: Index, t: int, top: str, a: Array) -> Array:
    """The scores of a unit at the zero of the scale, (P, nodes), with the holes of ``a``."""
    framework = index.framework
    joins = _joins(index, t, top)
    positive = any("positive" in choice.method.traits or choice.options.get("p", 1.0) <= 0 for _, choice, _ in joins)
    b = np.zeros(a.shape)
    if positive:
        for k, leaf in enumerate(framework.leaves):
            onto = framework.choice("normalise", leaf).options.get("onto")
            seen = index.normalised[:, :, k][index.normalised[:, :, k] > 0]
            low = float(min(onto)) if isinstance(onto, tuple) and min(onto) > 0 else float(seen.min()) if seen.size else 1.0
            b[:, k] = low
    b = np.where(np.isnan(a), np.nan, b)
    for join, _, function in reversed(joins):
        places = [framework.nodes[child].place for child in join.children]
        at = framework.nodes[join.node].place
        b[:, at] = np.where(np.isnan(a[:, at]), np.nan, function(b[:, places]))
    return b


def _paired(index: Index, t: int, top: str, a: Array, b: Array) -> tuple[Array, Array]:
    """Two sets of scores with the same holes: what one side lacks stands at the score of the node above it."""
    nodes = index.framework.nodes
    if not (np.isnan(a) != np.isnan(b)).any():
        return a, b
    a, b = a.copy(), b.copy()
    filled = [np.zeros(a.shape, dtype=bool), np.zeros(b.shape, dtype=bool)]
    for join, _, _ in _joins(index, t, top):
        at = nodes[join.node].place
        for child in join.children:
            k = nodes[child].place
            holes = [np.isnan(x[:, k]) | mask[:, at] for x, mask in zip((a, b), filled, strict=True)]
            only = [holes[0] & ~holes[1], holes[1] & ~holes[0]]
            both = holes[0] & holes[1]
            for x, mask, mine in zip((a, b), filled, only, strict=True):
                x[:, k] = np.where(mine, x[:, at], np.where(both, np.nan, x[:, k]))
                mask[:, k] = mine
    return a, b


def _spread(index: Index, t: int, top: str, a: Array, b: Array, seed: int) -> tuple[Array, Array]:
    """The parts of a − b at a node, handed down to every node below it, and their standard errors, each (P, nodes)."""
    nodes = index.framework.nodes
    parts, errors = np.zeros(a.shape), np.zeros(a.shape)
    rate, doubt = np.zeros(a.shape), np.zeros(a.shape)
    at = nodes[top].place
    parts[:, at], rate[:, at] = a[:, at] - b[:, at], 1.0
    for join, choice, function in _joins(index, t, top):
        places, at = [nodes[child].place for child in join.children], nodes[join.node].place
        dead = np.isnan(a[:, at]) | np.isnan(b[:, at])
        one, other = a[:, places], b[:, places]
        _check(function, one, a[:, at], dead, join.node, choice)
        _check(function, other, b[:, at], dead, join.node, choice)
        inner = [not nodes[child].leaf for child in join.children]
        inside, wide, slope = _inside(choice, join, function, one, other, inner, seed)
        live = ~(np.isnan(inside) | dead[:, None])
        inside, wide, slope = (np.where(live, x, 0.0) for x in (inside, wide, slope))
        gap = np.where(live & (one != other), np.abs(one - other), np.inf)
        parts[:, places] = rate[:, [at]] * inside
        rate[:, places] = rate[:, [at]] * slope
        errors[:, places] = np.hypot(rate[:, [at]] * wide, doubt[:, [at]] * inside)
        doubt[:, places] = np.hypot(rate[:, [at]] * wide / gap, doubt[:, [at]] * slope)
    return parts, errors


def _check(function: Callable[[Array], Array], x: Array, wanted: Array, dead: NDArray[np.bool_], node: str, choice: Any) -> None:
    """Nothing when the rows join to the node's scores; they do not where a join has no way to pass over what is missing."""
    found = function(x[~dead])
    wanted = wanted[~dead]
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    if not np.allclose(found, wanted, rtol=0.0, atol=1e-9 * scale):
        raise MethodError("contribution_holes", address=choice.address, method=choice.method.name, node=node)


def _inside(
    choice: Any, join: Join, function: Callable[[Array], Array], a: Array, b: Array, inner: list[bool], seed: int
) -> tuple[Array, Array, Array]:
    """The parts of the children in their node's difference, their standard errors, and part ÷ difference, each (P, C)."""
    traits = choice.method.traits
    if "linear" in traits or "log_linear" in traits:
        share = np.where(np.isnan(a), 0.0, join.weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = share / share.sum(axis=1, keepdims=True)
        a, b = (np.where(share > 0, x, 1.0) for x in (a, b))
        none = np.zeros(a.shape)
        if "linear" in traits:
            return additive_parts(a, b, share), none, share
        one, other = (np.exp(np.sum(share * np.log(x), axis=1, keepdims=True)) for x in (a, b))
        return log_parts(a, b, share), none, log_mean(one, other) * share / log_mean(a, b)
    parts, wide = shapley_parts(a, b, function, seed=seed)
    near = np.abs(a - b) <= 1e-8 * np.maximum(1.0, np.abs(b))
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(near, 0.0, parts / (a - b))
    for child in np.flatnonzero(inner):
        rows = np.flatnonzero(near[:, child])
        if rows.size:  # the same on both sides, though its own children may differ: what a small step would do
            step = 1e-6 * np.maximum(1.0, np.abs(b[rows, child]))
            moved = a[rows].copy()
            moved[:, child] = b[rows, child] + step
            slope[rows, child] = shapley_parts(moved, b[rows], function, seed=seed)[0][:, child] / step
    return parts, wide, slope
