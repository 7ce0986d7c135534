"""What a score is made of: exact parts by indicator of a score and of a gap.

Inside a node whose join is a plain mean a child's part is its weight times its difference; inside a geometric mean it is
its share of the logarithm. Anywhere else it is its Shapley value, nested by node (Owen values): a child's part is what
changes in the score at the top, on average over the sets of its siblings and of its ancestors' siblings that are already
changed. So parts add up at every node, for indicators and for pillars alike.

Where a node joins by comparison (Copeland, Borda, TOPSIS, the benefit of the doubt …), a unit's score hangs on the others
too. There the other units stay as they are: only the unit's own children change, and the node is joined again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, UsageError, listing
from tidu.core.stats import Array
from tidu.diagnosis.explanation.joined import Joined, below, climbed, joins_below
from tidu.diagnosis.explanation.parts import additive_parts, log_mean, log_parts, others_in, shapley_parts
from tidu.diagnosis.explanation.set_joins import ADDITIVE
from tidu.index.result import Index

Period = str | int | None
#: What a node's score adds to the top: for row p of the pairs, values (M,) → (M,).
Curve = Callable[[int, Array], Array]
_ROWS = 1 << 18


@dataclass(frozen=True)
class Contributions:
    """The parts of ``score − baseline``, for every node below ``node``: indicators add up, and so do the children of a node.

    ``others`` are the units that the baseline is the mean of; empty where it is the zero of the scale. ``errors`` are
    standard errors, 0 where parts are exact. ``place`` is what no figure of the unit explains, 0 unless a node joins by
    comparison: the parts and the place add up to the total.
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
    place: float = 0.0

    @property
    def total(self) -> float:
        """What the parts and the place add up to: the score less the baseline."""
        return self.score - self.baseline

    @property
    def indicators(self) -> dict[str, float]:
        """Indicator → part, the largest in size first."""
        found = [(leaf, self.parts[leaf]) for leaf in self.leaves]
        return dict(sorted(found, key=lambda item: -abs(item[1])))

    def shares(self) -> dict[str, float]:
        """Indicator → its share of the total; missing where the total is zero. They sum to 1 where the place is 0."""
        return {leaf: self.parts[leaf] / self.total if self.total else float("nan") for leaf in self.leaves}


def score_parts(index: Index, unit: str, period: Period = None, node: str | None = None, *, seed: int = 0) -> Contributions:
    """The parts of a unit's score, by indicator, against the zero of the scale.

    The zero is 0; where a join below the node needs figures above zero it is the low end of each indicator's range
    (``onto``), else the smallest score seen. Where a node joins by comparison, the baseline is the score that the unit
    would have with figures of zero in its own place, all other units as they are. A missing indicator has no part.
    Raises ``not_scored``, ``contribution_set``, ``contribution_holes``, ``unknown_unit``.

    >>> from tidu.app import make
    >>> found = score_parts(make("city-ip-core"), "110000", 2023)
    >>> round(found.score, 2), bool(abs(sum(found.indicators.values()) - found.total) < 1e-9)
    (70.43, True)
    """
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    u = scored_place(index, unit, t, top.code)
    a, own = index.scores[[u], t], np.array([u])
    b = _zero(index, t, top.code, a, own)
    parts, errors = _spread(index, t, top.code, a, b, own, seed)
    return _made(index, index.units[u], (), t, top.code, float(a[0, top.place]), float(b[0, top.place]), parts, errors)


def gap_parts(
    index: Index, unit: str, others: str | Sequence[str], period: Period = None, node: str | None = None, *, seed: int = 0
) -> Contributions:
    """The parts of the gap between a unit and another one, or the mean score of a group, by indicator.

    Against a group it is the mean of the gaps to each of its units that has a score, so the baseline is the mean of
    their scores whatever the joins. A figure that only one of both has is set against the score of the other's node.

    Where a node joins by comparison, the other's figures are put in the unit's place, all other units as they are; parts
    are of the change from there. The other's own score differs from that one, because the other was never compared with
    itself but with the unit: this rest is the ``place``. In one Copeland node it is +1 where the unit beats the other, −1
    where it loses. Raises ``not_scored``, ``contribution_set``, ``contribution_holes``, ``unknown_unit``.
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
    own = np.full(len(places), u)
    joins = joins_below(index, t, top.code)
    if any(join.by_set for join in joins):
        _no_holes(index, joins, (a, np.repeat(index.scores[[u], t], len(places), axis=0)), (b, index.scores[places, t]))
        b = climbed(index, joins, b, own)
    parts, errors = _spread(index, t, top.code, a, b, own, seed)
    base = float(np.mean(index.scores[places, t, top.place]))
    rest = float(np.mean(b[:, top.place])) - base
    found = tuple(index.units[place] for place in places)
    score = float(index.scores[u, t, top.place])
    return _made(index, index.units[u], found, t, top.code, score, base, parts, errors, rest)


def score_table(index: Index, period: Period = None, node: str | None = None, *, seed: int = 0) -> Array:
    """The parts of every unit's score against the zero of the scale, (units, nodes); missing where a unit is not scored."""
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    out = np.full((len(index.units), len(index.nodes)), np.nan)
    seen = ~np.isnan(index.scores[:, t, top.place])
    if seen.any():
        a, own = index.scores[seen, t], np.flatnonzero(seen)
        out[seen] = _spread(index, t, top.code, a, _zero(index, t, top.code, a, own), own, seed)[0]
    return out


def scored_place(index: Index, unit: str, t: int, node: str) -> int:
    """The place of a unit that has a score at a node in a period. Raises ``not_scored``, ``unknown_unit``."""
    code = index.panel.unit(unit)
    u = index.units.index(code)
    if np.isnan(index.scores[u, t, index.framework.node(node).place]):
        raise UsageError("not_scored", name=code, node=node, period=index.periods[t])
    return u


def _made(
    index: Index,
    unit: str,
    others: tuple[str, ...],
    t: int,
    node: str,
    score: float,
    base: float,
    parts: Array,
    errors: Array,
    rest: float = 0.0,
) -> Contributions:
    framework = index.framework
    inside = below(framework, node)
    mean, wide = parts.mean(axis=0), np.sqrt(np.mean(errors**2, axis=0) / errors.shape[0])
    return Contributions(
        unit=unit,
        others=others,
        period=index.periods[t],
        node=node,
        score=score,
        baseline=base,
        parts={code: float(mean[framework.nodes[code].place]) for code in inside},
        errors={code: float(wide[framework.nodes[code].place]) for code in inside},
        leaves=framework.leaves_under(node),
        place=rest if abs(rest) > 1e-12 * max(1.0, abs(base)) else 0.0,
    )


def _zero(index: Index, t: int, top: str, a: Array, own: NDArray[np.intp]) -> Array:
    """The scores of units at the zero of the scale, (P, nodes), with the holes of ``a``."""
    framework = index.framework
    joins = joins_below(index, t, top)
    positive = any("positive" in one.choice.method.traits or one.choice.options.get("p", 1.0) <= 0 for one in joins)
    b = np.zeros(a.shape)
    if positive:
        for k, leaf in enumerate(framework.leaves):
            onto = framework.choice("normalise", leaf).options.get("onto")
            seen = index.normalised[:, :, k][index.normalised[:, :, k] > 0]
            low = float(min(onto)) if isinstance(onto, tuple) and min(onto) > 0 else float(seen.min()) if seen.size else 1.0
            b[:, k] = low
    return climbed(index, joins, np.where(np.isnan(a), np.nan, b), own)


def _no_holes(index: Index, joins: Sequence[Joined], *sides: tuple[Array, Array]) -> None:
    """Nothing when no join by comparison had to borrow a figure. Raises ``contribution_holes``."""
    nodes = index.framework.nodes
    for one in joins:
        places = [nodes[code].place for code in (one.join.node, *one.join.children)]
        if one.by_set and any((np.isnan(new[:, places]) != np.isnan(old[:, places])).any() for new, old in sides):
            method, node = one.choice.method.name, one.join.node
            raise MethodError("contribution_holes", address=one.choice.address, method=method, node=node)


def _paired(index: Index, t: int, top: str, a: Array, b: Array) -> tuple[Array, Array]:
    """Two sets of scores with the same holes: what one side lacks stands at the score of the node above it."""
    nodes = index.framework.nodes
    if not (np.isnan(a) != np.isnan(b)).any():
        return a, b
    a, b = a.copy(), b.copy()
    filled = [np.zeros(a.shape, dtype=bool), np.zeros(b.shape, dtype=bool)]
    for one in joins_below(index, t, top):
        at = nodes[one.join.node].place
        for child in one.join.children:
            k = nodes[child].place
            holes = [np.isnan(x[:, k]) | mask[:, at] for x, mask in zip((a, b), filled, strict=True)]
            only = [holes[0] & ~holes[1], holes[1] & ~holes[0]]
            both = holes[0] & holes[1]
            for x, mask, mine in zip((a, b), filled, only, strict=True):
                x[:, k] = np.where(mine, x[:, at], np.where(both, np.nan, x[:, k]))
                mask[:, k] = mine
    return a, b


def _spread(index: Index, t: int, top: str, a: Array, b: Array, own: NDArray[np.intp], seed: int) -> tuple[Array, Array]:
    """The parts of a − b at a node, handed down to every node below it, and their standard errors, each (P, nodes)."""
    nodes = index.framework.nodes
    parts, errors, rate = np.zeros(a.shape), np.zeros(a.shape), np.zeros(a.shape)
    curves: dict[str, Curve] = {}
    at = nodes[top].place
    parts[:, at], rate[:, at] = a[:, at] - b[:, at], 1.0
    for one in joins_below(index, t, top):
        join = one.join
        places, at = [nodes[child].place for child in join.children], nodes[join.node].place
        dead = np.isnan(a[:, at]) | np.isnan(b[:, at])
        x, y = a[:, places], b[:, places]
        for rows, wanted in ((x, a[:, at]), (y, b[:, at])):
            _check(one, own, rows, wanted, dead)
        if one.straight and join.node not in curves:
            inside, slope = _straight(one, x, y)
            live = ~(np.isnan(inside) | dead[:, None])
            parts[:, places] = rate[:, [at]] * np.where(live, inside, 0.0)
            rate[:, places] = rate[:, [at]] * np.where(live, slope, 0.0)
            continue
        worth = _Worth(one, own, x, y, curves.get(join.node), rate[:, at], seed)
        for p in np.flatnonzero(~dead).tolist():
            found, wide = worth.parts(p)
            size = np.abs(found).sum()
            parts[p, places] = found
            errors[p, places] = np.hypot(wide, errors[p, at] * np.abs(found) / size) if size > 0 else wide
        for k, child in enumerate(join.children):
            if not nodes[child].leaf:
                curves[child] = worth.curve(k)
    return parts, errors


@dataclass(frozen=True, eq=False)
class _Worth:
    """What rows of a node's children are worth at the top: its join, then the curve (or the plain rate) of the node."""

    joined: Joined
    own: NDArray[np.intp]
    a: Array
    b: Array
    above: Curve | None
    rate: Array
    seed: int

    def of(self, p: int, rows: Array) -> Array:
        """Rows of children (N, C) of pair ``p`` → (N,)."""
        made = self.joined.worth(int(self.own[p]), rows)
        return self.rate[p] * made if self.above is None else self.above(p, made)

    def parts(self, p: int) -> tuple[Array, Array]:
        """The Shapley values of the children and their standard errors, each (C,)."""
        one, other = self.a[[p]], self.b[[p]]
        if self.above is None and self.joined.choice.method.name in ADDITIVE:  # each child alone: C + 1 rows, no sets
            rows = np.repeat(other, one.shape[1] + 1, axis=0)
            at = np.arange(one.shape[1])
            rows[at, at] = one[0]
            made = self.of(p, rows)
            return made[:-1] - made[-1], np.zeros(one.shape[1])
        found, wide = shapley_parts(one, other, lambda rows: self.of(p, rows), seed=self.seed)
        return np.nan_to_num(found[0]), np.nan_to_num(wide[0])

    def curve(self, child: int) -> Curve:
        """What a child's score is worth at the top, on average over the sets of its siblings."""

        def worth(p: int, values: Array) -> Array:
            masks, weights = others_in(self.a.shape[1], child, seed=self.seed)
            rows = np.where(masks, self.a[p], self.b[p])
            distinct, place = np.unique(values, return_inverse=True)
            step, made = max(1, _ROWS // len(rows)), []
            for first in range(0, distinct.size, step):
                some = distinct[first : first + step]
                block = np.repeat(rows[None], some.size, axis=0)
                block[:, :, child] = some[:, None]
                made.append(self.of(p, block.reshape(-1, rows.shape[1])).reshape(some.size, -1) @ weights)
            return np.concatenate(made)[place.reshape(-1)]

        return worth


def _check(one: Joined, own: NDArray[np.intp], x: Array, wanted: Array, dead: NDArray[np.bool_]) -> None:
    """Nothing when the rows join to the node's scores; they do not where a join has no way to pass over what is missing."""
    found = one.each(own[~dead], x[~dead])
    wanted = wanted[~dead]
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    if not np.allclose(found, wanted, rtol=0.0, atol=1e-9 * scale):
        raise MethodError("contribution_holes", address=one.choice.address, method=one.choice.method.name, node=one.join.node)


def _straight(one: Joined, a: Array, b: Array) -> tuple[Array, Array]:
    """The parts of the children in the difference of two plain or geometric means, and part ÷ difference, each (P, C)."""
    share = np.where(np.isnan(a), 0.0, one.join.weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = share / share.sum(axis=1, keepdims=True)
    a, b = (np.where(share > 0, x, 1.0) for x in (a, b))
    if "linear" in one.choice.method.traits:
        return additive_parts(a, b, share), share
    top, base = (np.exp(np.sum(share * np.log(x), axis=1, keepdims=True)) for x in (a, b))
    return log_parts(a, b, share), log_mean(top, base) * share / log_mean(a, b)
