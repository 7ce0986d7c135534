"""What a score is made of: exact parts by indicator of a score, of a gap, of a change since last period.

Inside a node whose join is a plain mean a child's part is its weight times its difference; inside a geometric mean it is
its share of the logarithm; inside any other join it is its Shapley value. A node's part is handed on to its children in
the proportion of their parts in it, so that parts add up at every node, for indicators and for pillars alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, UsageError, listing
from tidu.core.stats import Array
from tidu.index.build import build
from tidu.index.columns import weighting_targets
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.tree import Join
from tidu.indicators.panel import Panel

Period = str | int | None

#: Up to this many children Shapley values are exact; beyond, they are sampled.
EXACT = 12
#: Pairs of antithetic permutations when they are sampled.
DRAWS = 256
_ROWS = 1 << 18

# --- on arrays ---------------------------------------------------------------------------------------------------------


def log_mean(a: Array, b: Array) -> Array:
    """The logarithmic mean of positive numbers: (a − b) ÷ ln(a ÷ b), and ``a`` where both are equal.

    >>> log_mean(np.array([np.e, 2.0]), np.array([1.0, 2.0])).round(6).tolist()
    [1.718282, 2.0]
    """
    z = np.log(a / b)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.abs(z) > 0, b * np.expm1(z) / z, b)


def additive_parts(a: Array, b: Array, weights: Array) -> Array:
    """The parts of the difference of two weighted means: weight × difference, each (P, C). Sum: mean(a) − mean(b).

    >>> additive_parts(np.array([[3.0, 1.0]]), np.array([[1.0, 2.0]]), np.array([[0.5, 0.5]])).tolist()
    [[1.0, -0.5]]
    """
    return weights * (a - b)


def log_parts(a: Array, b: Array, weights: Array) -> Array:
    """The parts of the difference of two weighted geometric means: shares of the logarithm of their ratio, each (P, C).

    A part is L × weight × ln(a ÷ b), L being the logarithmic mean of both results. Source: Ang 2004, Energy Policy
    32:1131 (LMDI), additive form.

    >>> log_parts(np.array([[4.0, 9.0]]), np.array([[1.0, 1.0]]), np.array([[0.5, 0.5]])).sum().round(9).tolist()
    5.0
    """
    one, other = (np.exp(np.sum(weights * np.log(x), axis=1)) for x in (a, b))
    return log_mean(one, other)[:, None] * weights * np.log(a / b)


def shapley_parts(
    a: Array, b: Array, join: Callable[[Array], Array], *, seed: int = 0, exact: int = EXACT, draws: int = DRAWS
) -> tuple[Array, Array]:
    """The Shapley values of the columns in join(a) − join(b), and their standard errors, each (P, C).

    ``a`` and ``b`` are (P, C), ``join`` takes rows (N, C) to (N,). Exact (errors 0) to ``exact`` columns; beyond, the mean
    over ``draws`` permutations and their reverses. Both add up to the difference. Source: Shapley 1953; Castro, Gómez
    and Tejada 2009, Computers & OR 36:1726; Mitchell, Cooper, Frank and Holmes 2022, JMLR 23:43 (antithetic).

    >>> parts, errors = shapley_parts(np.array([[2.0, 4.0]]), np.array([[0.0, 0.0]]), lambda x: x.min(axis=1))
    >>> parts.tolist(), errors.tolist()
    ([[1.0, 1.0]], [[0.0, 0.0]])
    """
    if a.shape[1] <= exact:
        return _all_subsets(a, b, join), np.zeros(a.shape)
    return _permutations(a, b, join, seed, draws)


def _all_subsets(a: Array, b: Array, join: Callable[[Array], Array]) -> Array:
    size = a.shape[1]
    masks = (np.arange(1 << size)[:, None] >> np.arange(size)) & 1 == 1
    count = masks.sum(axis=1)
    out = np.empty(a.shape)
    step = max(1, _ROWS >> size)
    for start in range(0, a.shape[0], step):
        one, other = a[start : start + step], b[start : start + step]
        rows = np.where(masks[None], one[:, None, :], other[:, None, :])
        worth = join(rows.reshape(-1, size)).reshape(one.shape[0], -1)
        for child in range(size):
            off = np.flatnonzero(~masks[:, child])
            scale = np.array([factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)])[count[off]]
            out[start : start + step, child] = (worth[:, off + (1 << child)] - worth[:, off]) @ scale
    return out


def _permutations(a: Array, b: Array, join: Callable[[Array], Array], seed: int, draws: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    size = a.shape[1]
    half = np.stack([rng.permutation(size) for _ in range(draws)])
    orders = np.stack([half, half[:, ::-1]], axis=1)  # (draws, 2, C)
    place = np.argsort(orders, axis=2)
    masks = place[:, :, None, :] < np.arange(size + 1)[None, None, :, None]  # in after k steps
    parts, errors = np.empty(a.shape), np.empty(a.shape)
    for pair in range(a.shape[0]):
        worth = join(np.where(masks, a[pair], b[pair]).reshape(-1, size)).reshape(draws, 2, size + 1)
        steps = np.empty((draws, 2, size))
        np.put_along_axis(steps, orders, np.diff(worth, axis=2), axis=2)
        each = steps.mean(axis=1)
        parts[pair], errors[pair] = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(draws)
    return parts, errors


def shapley_of(worth: Mapping[frozenset[str], float], causes: Sequence[str]) -> dict[str, float]:
    """The Shapley value of each cause, from the worth of every set of causes.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> shapley_of(worth, ["a", "b"])
    {'a': 2.0, 'b': 3.0}
    """
    size, found = len(causes), {}
    for cause in causes:
        others = [other for other in causes if other != cause]
        found[cause] = sum(
            factorial(k) * factorial(size - k - 1) / factorial(size) * (worth[frozenset({*some, cause})] - worth[frozenset(some)])
            for k in range(size)
            for some in combinations(others, k)
        )
    return found


# --- on an index -------------------------------------------------------------------------------------------------------


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
    u = _scored(index, unit, t, top.code)
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
    u = _scored(index, unit, t, top.code)
    names = [others] if isinstance(others, str) else list(others)
    places = [index.units.index(index.panel.unit(name)) for name in names]
    if len(places) != 1:
        places = [place for place in places if not np.isnan(index.scores[place, t, top.place])]
    if not places:
        raise UsageError("not_scored", name=listing(names) or "–", node=top.code, period=index.periods[t])
    for place in places:
        _scored(index, index.units[place], t, top.code)
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


def _scored(index: Index, unit: str, t: int, node: str) -> int:
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


# --- change since another period ---------------------------------------------------------------------------------------

#: What a change is split into, in this order.
CAUSES = ("own", "others", "coverage", "method")


@dataclass(frozen=True)
class Change:
    """A unit's change of score between two indices, split by cause.

    Causes are the unit's ``own`` figures, those of the ``others`` (bounds moved), ``coverage`` (units and indicators that
    entered or left) and ``method`` (weights, joins, treatment). The parts are Shapley values over the causes and add up
    to ``after − before``. ``entered`` and ``left`` are codes of indicators and units; ``builds`` counts the indices built.
    """

    unit: str
    node: str
    periods: tuple[str, str]
    before: float
    after: float
    parts: Mapping[str, float]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    builds: int

    @property
    def total(self) -> float:
        """What the parts add up to."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class _Side:
    """One end of a change: an index at a period, with what it asks for there."""

    index: Index
    t: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators that are asked for in any period: data weights look at all of them."""
        return tuple(code for k, code in enumerate(self.index.framework.leaves) if self.index.live[:, k].any())

    @property
    def now(self) -> frozenset[str]:
        """The indicators that are asked for in the period itself."""
        return frozenset(code for k, code in enumerate(self.index.framework.leaves) if self.index.live[self.t, k])

    @property
    def fit(self) -> frozenset[str]:
        name = self.index.framework.table.units.fit_on
        own = self.index.framework.table.universe.get(name)
        return frozenset(own.members if own is not None else self.index.panel.universe(name))

    def block(self, units: Sequence[str], codes: Sequence[str], span: range) -> tuple[Array, NDArray[np.bool_]]:
        """Imputed figures over periods counted from this one, (units, span, codes), and which (units, codes) have a place here."""
        index, own = self.index, self.codes
        targets = weighting_targets(index.framework)
        place = {unit: u for u, unit in enumerate(index.units)}
        rows = np.array([place.get(unit, -1) for unit in units])
        steps = np.array([k for k, step in enumerate(span) if 0 <= self.t + step < len(index.periods)], dtype=np.intp)
        times = self.t + span.start + steps
        out = np.full((len(units), len(span), len(codes)), np.nan)
        there = np.zeros((len(units), len(codes)), dtype=bool)
        for k, code in enumerate(codes):
            if code in own or code in targets:
                leaf = index.framework.leaves.index(code) if code in own else None
                table = index.column(code) if leaf is None else index.imputed[:, :, leaf]
                out[np.ix_(np.flatnonzero(rows >= 0), steps, np.array([k]))] = table[np.ix_(rows[rows >= 0], times)][:, :, None]
                there[:, k] = rows >= 0
        return out, there

    def years(self, code: str, span: range) -> list[str]:
        """The periods of the rebuilt panel in which an indicator is asked for."""
        if code not in self.index.framework.leaves:
            return []
        k = self.index.framework.leaves.index(code)
        there = [step for step in span if 0 <= self.t + step < len(self.index.periods)]
        return [_label(step) for step in there if self.index.live[self.t + step, k]]


def _label(step: int) -> str:
    return f"{5000 + step}"


def change(
    before: Index,
    after: Index,
    unit: str,
    period_before: Period = None,
    period_after: Period = None,
    node: str | None = None,
) -> Change:
    """Why a unit's score changed from one index and period to another; both may be one index at two periods.

    Every combination of the four causes, each taken from before or from after, is built from the imputed figures; a
    cause in which both ends agree is left out. A figure that only one end has a place for is taken from there. Bounds
    pooled over the years stay what they were when both ends are one index. Raises ``not_scored``, ``unknown_node``;
    ``change_gap`` where a figure that one end needs is missing at both; ``change_differs`` where an end cannot be built
    again from its imputed figures: parameters frozen elsewhere, or methods that count calendar years.

    Source: Shapley 1953; Shorrocks 2013, J. Economic Inequality 11:99.
    """
    t0 = before.period(period_before if period_before is not None or after is not before else _previous(before, period_after))
    ends = (_Side(before, t0), _Side(after, after.period(period_after)))
    top = node or after.framework.code
    first_top = before.framework.code if node is None else top
    code = after.panel.unit(unit)
    scores = []
    for side, name in zip(ends, (first_top, top), strict=True):
        u = _scored(side.index, code, side.t, name)
        scores.append(float(side.index.scores[u, side.t, side.index.framework.node(name).place]))
    wide = ends[0].now != ends[1].now or set(before.units) != set(after.units) or ends[0].fit != ends[1].fit
    changed = before.framework.spec != after.framework.spec
    causes = [cause for cause in CAUSES if {"coverage": wide, "method": changed}.get(cause, True)]
    worth = {}
    for count in range(len(causes) + 1):
        for some in combinations(causes, count):
            later = {cause: cause in some for cause in CAUSES}
            if not wide:
                later["coverage"] = later["others"]
            if not changed:
                later["method"] = True
            place = first_top if not later["method"] else top
            worth[frozenset(some)] = _state(ends, later, code, place)
            if np.isnan(worth[frozenset(some)]):
                raise MethodError("change_gap", address="index", unit=code, causes=listing(some) or "–")
    for found, wanted in ((worth[frozenset()], scores[0]), (worth[frozenset(causes)], scores[1])):
        if not abs(found - wanted) <= 1e-9 * max(1.0, abs(wanted)):
            raise MethodError("change_differs", address="index", unit=code, found=f"{found:.6g}", wanted=f"{wanted:.6g}")
    parts = {**dict.fromkeys(CAUSES, 0.0), **shapley_of(worth, causes)}
    old, new = ({*side.now, *side.index.units} for side in ends)
    periods = (before.periods[t0], after.periods[ends[1].t])
    return Change(code, top, periods, scores[0], scores[1], parts, tuple(sorted(new - old)), tuple(sorted(old - new)), len(worth))


def _previous(index: Index, period: Period) -> str:
    t = index.period(period)
    if t == 0:
        raise UsageError("no_earlier_period", period=index.periods[t], known=listing(index.periods))
    return index.periods[t - 1]


def _state(ends: tuple[_Side, _Side], later: Mapping[str, bool], unit: str, node: str) -> float:
    """The unit's score when each cause is as before or as after."""
    own, others, coverage, method = (ends[later[cause]] for cause in CAUSES)
    units = coverage.index.units if unit in coverage.index.units else (*coverage.index.units, unit)
    steps = [range(-side.t, len(side.index.periods) - side.t) for side in (own, others)]
    span = range(min(step.start for step in steps), max(step.stop for step in steps))
    years = {}
    for code in coverage.codes:
        side = others if code in others.codes else coverage
        away = [year for year in side.years(code, span) if year != _label(0)]
        years[code] = sorted([*away, _label(0)] if code in coverage.now else away)
    years = {code: asked for code, asked in years.items() if asked}
    codes = tuple(years)
    targets = [name for name in sorted(weighting_targets(method.index.framework)) if name not in codes]
    (old, there_old), (new, there_new) = (side.block(units, (*codes, *targets), span) for side in ends)
    sides = np.array([[own is ends[0] if name == unit else others is ends[0]] for name in units])
    values = np.where(np.where(sides, there_old, ~there_new)[:, None, :], old, new)
    at = span.index(0)
    now_old, now_new = (np.array([code in side.now or code in targets for code in (*codes, *targets)]) for side in ends)
    values[:, at] = np.where(np.where(sides, there_old & now_old, ~(there_new & now_new)), old[:, at], new[:, at])
    spec = _bare(method.index.framework, coverage.index.framework, years, [name for name in units if name in coverage.fit])
    groups = {}
    for key, texts in coverage.index.panel.groups.items():
        known = dict(zip(coverage.index.units, texts, strict=True))
        groups[key] = tuple(known.get(name, "") for name in units)
    # A period in which nothing is asked for is left out of the panel.
    asked = sorted({year for some in years.values() for year in some})
    labels = [_label(step) for step in span]
    keep = [labels.index(year) for year in asked]
    panel = Panel.of(units, asked, (*codes, *targets), values[:, keep], groups=groups)
    index = build(Framework.of(spec), panel)
    return index.score(node, _label(0))[unit]


def _bare(method: Framework, coverage: Framework, years: Mapping[str, list[str]], fit: list[str]) -> dict[str, Any]:
    """An index file's content on finished figures: the steps of one framework for the indicators of another."""
    gone = ("of", "per", "per_at_least", "scale", "impute", "years")
    spec = {key: value for key, value in method.spec.items() if key not in ("uncertain", "column", "screen", "impute", "extends")}
    spec["index"] = {key: value for key, value in spec["index"].items() if key != "years"} | {"broken_series": True}
    spec["units"] = {"fit_on": "fit"}
    spec["universe"] = {"fit": {"members": fit}}
    indicators, pillars = {}, {}
    for code, asked in years.items():
        source = method if code in method.leaves else coverage
        item = {key: value for key, value in source.spec["indicator"][code].items() if key not in gone}
        if source is not method and item.get("parent") == coverage.code:
            item.pop("parent")
        indicators[code] = item | {"years": asked}
        for above in source.ancestors(code):
            owner = method if above in method.nodes else coverage
            pillars[above] = {key: value for key, value in owner.spec["pillar"][above].items() if key != "impute"}
    order = [*method.spec.get("indicator", {}), *coverage.spec.get("indicator", {})]
    spec["indicator"] = {code: indicators[code] for code in dict.fromkeys(order) if code in indicators}
    if pillars:
        order = [*method.spec.get("pillar", {}), *coverage.spec.get("pillar", {})]
        spec["pillar"] = {code: pillars[code] for code in dict.fromkeys(order) if code in pillars}
    else:
        spec.pop("pillar", None)
    if "weight_set" in spec:
        known = {*indicators, *pillars}
        spec["weight_set"] = {name: {c: w for c, w in item.items() if c in known} for name, item in spec["weight_set"].items()}
    return spec
