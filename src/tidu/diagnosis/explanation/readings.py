"""Readings of some nodes beside the total, and how evenly they stand: coupling coordination (耦合协调度), obstacles (障碍度)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import MethodError, UsageError, listing
from tidu.core.stats import Array, mean_sd, rank_high, variation
from tidu.diagnosis.explanation.contribution import Period
from tidu.index.result import Index


def coupling(x: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Coupling C, comprehensive level T and coupling coordination degree D (耦合协调度) of rows (N, C) on 0–1, each (N,).

    C = geometric mean ÷ mean (1 when all are equal), T = weighted mean, D = √(C·T). A row of zeros has C = 0.
    Raises ``not_zero_to_one``. Source: 廖重斌 1999, 热带地理 19(2):171; the traditional form as 王淑佳等 2021, 自然资源学报
    36(3):793, set it right (规范公式), not their modified one.

    >>> c, t, d = coupling(np.array([[0.5, 0.5], [0.2, 0.8]]), np.array([0.5, 0.5]))
    >>> c.round(6).tolist(), t.tolist(), d.round(6).tolist()
    ([1.0, 0.8], [0.5, 0.5], [0.707107, 0.632456])
    """
    _zero_to_one(x)
    mean = x.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.exp(np.log(np.maximum(x, 0.0)).mean(axis=1))
        c = np.where(mean > 0, np.minimum(root / mean, 1.0), np.where(np.isnan(mean), np.nan, 0.0))
    t = x @ (weights / weights.sum())
    return c, t, np.sqrt(c * t)


def obstacles(x: Array, weights: Array) -> Array:
    """The obstacle degree (障碍度) of each column in rows (N, C) on 0–1: its share of the weighted distance to 1, (N, C).

    Rows sum to 1; a row at 1 throughout has no obstacle and is 0. Raises ``not_zero_to_one``. Source: 雷勋平等 2016,
    农业工程学报 32(13):243.

    >>> obstacles(np.array([[0.5, 0.9], [1.0, 1.0]]), np.array([0.4, 0.6])).round(6).tolist()
    [[0.769231, 0.230769], [0.0, 0.0]]
    """
    _zero_to_one(x)
    short = weights / weights.sum() * (1.0 - x)
    total = short.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, short / total, np.where(np.isnan(total), np.nan, 0.0))


def _zero_to_one(x: Array) -> None:
    low, high = np.fmin.reduce(x, axis=None, initial=np.inf), np.fmax.reduce(x, axis=None, initial=-np.inf)
    if low < -1e-9 or high > 1 + 1e-9:
        raise MethodError("not_zero_to_one", address="index", low=float(low), high=float(high))


@dataclass(frozen=True)
class Reading:
    """The mean of some nodes beside the total, by their own weights: a unit's reading of them alone, and its rank."""

    nodes: tuple[str, ...]
    score: float
    rank: int | None
    total: float
    total_rank: int | None


def readings(index: Index, nodes: Sequence[str], period: Period = None) -> tuple[Array, Array]:
    """Every unit's mean over some nodes by their weights in the root, and its rank among the shown units, each (units,).

    Raises ``unknown_node``, ``nodes_overlap``, ``nodes_without_weight``.
    """
    x, weights = _pillars(index, nodes, index.period(period))
    scores = x @ weights
    return scores, rank_high(np.where(index.shown, scores, np.nan))


def reading(index: Index, unit: str, nodes: Sequence[str], period: Period = None) -> Reading:
    """A unit's mean over some nodes, by their weights in the root, beside the total: the index without the other pillars.

    It is how an index with a general performance pillar is read as intellectual property alone. Nodes must not lie inside
    each other. Ranks are among the shown units. Raises ``unknown_node``, ``unknown_unit``, ``nodes_overlap``.
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    scores, ranks = readings(index, nodes, period)
    total, place = float(index.scores[u, t, -1]), index.ranks[u, t, -1]
    return Reading(
        tuple(nodes),
        float(scores[u]),
        None if np.isnan(ranks[u]) else int(ranks[u]),
        total,
        None if np.isnan(place) else int(place),
    )


@dataclass(frozen=True)
class Coordination:
    """How evenly a unit's pillars stand: coupling, level, coordination degree, and each pillar's obstacle degree."""

    nodes: tuple[str, ...]
    coupling: float
    level: float
    degree: float
    obstacles: Mapping[str, float]


def coordination(
    index: Index, unit: str, nodes: Sequence[str] = (), period: Period = None, *, scale: tuple[float, float] = (0.0, 100.0)
) -> Coordination:
    """The coupling coordination degree and the obstacle degrees of a unit's pillars (the root's children when none named).

    ``scale`` is the range that scores are brought from onto 0–1. Raises ``not_zero_to_one`` when a score lies outside it,
    ``not_scored``, ``unknown_node``, ``nodes_overlap``. Sources: :func:`coupling`, :func:`obstacles`.
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    root = index.framework.node(index.framework.code)
    chosen = tuple(nodes) or tuple(child for child in root.children if index.live[t, index.framework.nodes[child].place])
    x, weights = _pillars(index, chosen, t)
    row = (x[[u]] - scale[0]) / (scale[1] - scale[0])
    if np.isnan(row).any():
        raise UsageError("not_scored", name=index.units[u], node=listing(chosen), period=index.periods[t])
    c, level, degree = (float(part[0]) for part in coupling(row, weights))
    stops = dict(zip(chosen, obstacles(row, weights)[0].tolist(), strict=True))
    return Coordination(chosen, c, level, degree, dict(sorted(stops.items(), key=lambda item: -item[1])))


def obstacle_degrees(
    index: Index, unit: str, period: Period = None, *, scale: tuple[float, float] = (0.0, 100.0)
) -> dict[str, float]:
    """Indicator → its obstacle degree (障碍度) for a unit, the largest first, by the indicators' shares in the whole index.

    Indicators that the unit has no score of, or that have no weight, are left out. Raises what :func:`coordination` raises.

    >>> from tidu.app import make
    >>> found = obstacle_degrees(make("city-ip-core"), "泰州")
    >>> round(sum(found.values()), 9), list(found)[0]
    (1.0, 'sci_expenditure')
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    share = index.weights(index.periods[t])
    seen = [leaf for k, leaf in enumerate(index.framework.leaves) if index.live[t, k] and not np.isnan(index.scores[u, t, k])]
    chosen = [leaf for leaf in seen if share.get(leaf, 0.0) > 0]
    return dict(coordination(index, unit, chosen, period, scale=scale).obstacles) if chosen else {}


@dataclass(frozen=True)
class Imbalance:
    """How unevenly a unit's pillars stand: the coefficient of variation of their scores (``unevenness``), highest and lowest.

    ``unevenness`` is missing where the mean is not above zero. ``gap`` is the highest less the lowest score; ``mean`` the mean
    unevenness of the shown units, ``place`` the unit's among them (1 = the most even) and ``of`` how many those are.
    """

    nodes: tuple[str, ...]
    unevenness: float
    gap: float
    highest: str
    lowest: str
    mean: float
    place: int | None
    of: int


def imbalance(index: Index, unit: str, nodes: Sequence[str] = (), period: Period = None) -> Imbalance:
    """The imbalance of a unit's pillars (the root's children when none named), as the audit measures it of all units together.

    Raises ``unknown_unit``, ``unknown_period``, ``unknown_node``, ``nodes_overlap``, ``not_scored``, and ``one_pillar`` where
    there are not two to compare.

    >>> from tidu.app import make
    >>> found = imbalance(make("city-ip-core"), "北京")
    >>> found.highest, found.lowest, round(found.gap, 2)
    ('output', 'potential', 50.3)
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    root = index.framework.node(index.framework.code)
    chosen = tuple(nodes) or tuple(child for child in root.children if index.live[t, index.framework.nodes[child].place])
    if len(chosen) < 2:
        raise UsageError("one_pillar", nodes=listing(chosen) or "–")
    x, _ = _pillars(index, chosen, t)
    uneven = variation(x, axis=1)
    own = x[u]
    if np.isnan(own).any():
        raise UsageError("not_scored", name=index.units[u], node=listing(chosen), period=index.periods[t])
    seen = np.where(index.shown & ~np.isnan(x).any(axis=1), uneven, np.nan)
    places = rank_high(-seen)
    return Imbalance(
        nodes=chosen,
        unevenness=float(uneven[u]),
        gap=float(np.ptp(own)),
        highest=chosen[int(own.argmax())],
        lowest=chosen[int(own.argmin())],
        mean=float(mean_sd(seen)[0]),
        place=None if np.isnan(places[u]) else int(places[u]),
        of=int((~np.isnan(seen)).sum()),
    )


def _pillars(index: Index, nodes: Sequence[str], t: int) -> tuple[Array, Array]:
    """The scores of some nodes, (units, nodes), and their shares in the root brought to a sum of one."""
    places = [index.framework.node(node).place for node in nodes]
    for node in nodes:
        above, at = set(), index.framework.nodes[node].parent
        while at is not None:
            above.add(at)
            at = index.framework.nodes[at].parent
        inside = [other for other in nodes if other in above]
        if inside or list(nodes).count(node) > 1:
            raise UsageError("nodes_overlap", name=node, other=listing(inside) or node)
    share = index.weights(index.periods[t])
    weights = np.array([share.get(node, 0.0) for node in nodes])
    if not weights.sum() > 0:
        raise UsageError("nodes_without_weight", nodes=listing(nodes) or "–", period=index.periods[t])
    return index.scores[:, t][:, places], weights / weights.sum()
