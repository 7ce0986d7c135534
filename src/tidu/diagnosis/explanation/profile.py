"""A unit's profile: where it stands, against whom, why, how it got there, and where each figure comes from.

Readings on pillars that Chinese reports print beside an index are here as bare functions: the coupling coordination degree
(耦合协调度), the obstacle degree (障碍度), and a light for each node against its own mean over the years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, UsageError, listing, nearest
from tidu.core.stats import Array, mean_sd, rank_high
from tidu.diagnosis.explanation.contribution import Contributions, gap_parts
from tidu.index.result import Index

Period = str | int | None

# --- on arrays ---------------------------------------------------------------------------------------------------------


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


def light(score: float, mean: float, yellow: float = 0.95, green: float = 1.05) -> str | None:
    """``red``, ``yellow`` or ``green`` by score ÷ mean against two cut-offs; nothing when one is missing or the mean not positive.

    >>> light(50, 60), light(60, 60), light(66, 60), light(1, float("nan"))
    ('red', 'yellow', 'green', None)
    """
    if np.isnan(score) or np.isnan(mean) or mean <= 0:
        return None
    ratio = score / mean
    return "green" if ratio >= green else "yellow" if ratio >= yellow else "red"


def nearest_rows(x: Array, at: int, count: int) -> tuple[NDArray[np.intp], Array]:
    """The places of the ``count`` rows of (N, V) nearest to row ``at``, nearest first, and their distances.

    Distance is Euclidean on columns divided by their standard deviations (standardised Euclid); a column without spread
    says nothing; rows with holes are passed over. Ties go to the earlier row.

    >>> places, distances = nearest_rows(np.array([[0.0], [1.0], [5.0], [2.0]]), 0, 2)
    >>> places.tolist()
    [1, 3]
    """
    _, sd = mean_sd(x)
    useful = sd > 0
    z = x[:, useful] / sd[useful]
    away = np.sqrt(np.sum((z - z[at]) ** 2, axis=1))
    away[at] = np.nan
    order = np.argsort(away, kind="stable")
    order = order[: min(count, int(np.sum(~np.isnan(away))))]
    return order, away[order]


# --- peers -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Peers:
    """Whom a unit is set against: ``how`` is ``nearest``, ``group`` or ``universe``, ``by`` the variables or the name."""

    how: str
    by: tuple[str, ...]
    units: tuple[str, ...]
    distances: tuple[float, ...] = ()


def peers(
    index: Index,
    unit: str,
    period: Period = None,
    *,
    by: Sequence[str] = (),
    count: int = 10,
    logs: bool = False,
    group: str | None = None,
    universe: str | None = None,
) -> Peers:
    """The peers of a unit that are shown and have a score, the unit itself left out.

    One of: ``by`` columns, the ``count`` nearest in them (``logs`` takes logarithms first, for sizes); ``group``, those of
    the same region or province; ``universe``, a named one. All units when nothing is named. Raises ``one_kind_of_peers``,
    ``unknown_column``, ``unknown_group``, ``unknown_universe``, ``unknown_unit``, ``no_peers``, ``no_others``.
    """
    t, code = index.period(period), index.panel.unit(unit)
    u = index.units.index(code)
    if (len(by) > 0) + (group is not None) + (universe is not None) > 1:
        raise UsageError("one_kind_of_peers")
    able = index.shown & ~np.isnan(index.scores[:, t, -1])
    distances: tuple[float, ...] = ()
    if by:
        known = [*index.panel.columns, *index.columns]
        for name in by:
            if name not in known:
                raise UsageError("unknown_column", name=name, known=listing(known), did_you_mean=nearest(name, known))
        x = np.column_stack([index.column(name)[:, t] for name in by])
        if logs:
            x = np.log(np.where(x > 0, x, np.nan))
        if np.isnan(x[u]).any():
            lacking = [name for name, value in zip(by, x[u], strict=True) if np.isnan(value)]
            raise UsageError("no_figure_for_peers", name=code, columns=listing(lacking), period=index.periods[t])
        able[u] = True
        inside = np.flatnonzero(able)
        near, away = nearest_rows(x[inside], int(np.searchsorted(inside, u)), count)
        how, what = "nearest", tuple(by)
        found, distances = tuple(index.units[inside[int(at)]] for at in near), tuple(away.tolist())
    elif group is not None:
        if group not in index.panel.groups:
            known = list(index.panel.groups)
            raise UsageError("unknown_group", name=group, known=listing(known), did_you_mean=nearest(group, known), address="")
        texts = index.panel.groups[group]
        found = tuple(name for k, name in enumerate(index.units) if able[k] and k != u and texts[k] == texts[u])
        how, what = "group", (group,)
    else:
        members = index.panel.universe(universe or "all")
        found = tuple(name for k, name in enumerate(index.units) if able[k] and k != u and name in members)
        how, what = "universe", (universe or "all",)
    if not found and how == "universe" and what == ("all",):
        raise UsageError("no_others", name=code)
    if not found:
        raise UsageError("no_peers", name=code, by=listing(what))
    return Peers(how, what, found, distances)


# --- the profile -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NodeLine:
    """A unit at a node: score, rank among ``of`` shown units, percentile (100 = best), its peers' mean and how far from it.

    ``standing`` is the gap in standard deviations of the peers; ``part`` what the node adds to the gap of the whole index;
    ``mean`` the unit's own mean over the periods and ``light`` its light against it.
    """

    code: str
    depth: int
    score: float
    rank: int | None
    of: int
    percentile: float
    peers_mean: float
    gap: float
    standing: float
    part: float
    mean: float
    light: str | None


@dataclass(frozen=True)
class FigureLine:
    """A figure of a unit with its status letter and where it comes from.

    ``value`` is missing where none was given; ``used`` is what was scored after filling and treatment. ``columns`` are the
    panel's columns it is made of, ``lineage`` what the panel says of them, ``source`` what the index file says.
    """

    code: str
    value: float
    used: float
    status: str
    unit: str | None
    source: str | None
    columns: tuple[str, ...]
    lineage: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """The mean of some nodes beside the total, by their own weights: a unit's reading of them alone, and its rank."""

    nodes: tuple[str, ...]
    score: float
    rank: int | None
    total: float
    total_rank: int | None


@dataclass(frozen=True)
class Coordination:
    """How evenly a unit's pillars stand: coupling, level, coordination degree, and each pillar's obstacle degree."""

    nodes: tuple[str, ...]
    coupling: float
    level: float
    degree: float
    obstacles: Mapping[str, float]


@dataclass(frozen=True)
class Profile:
    """All that is said of a unit in a period. ``history`` is node → period → (score, rank)."""

    unit: str
    period: str
    peers: Peers
    nodes: tuple[NodeLine, ...]
    strengths: tuple[NodeLine, ...]
    weaknesses: tuple[NodeLine, ...]
    gap: Contributions | None
    figures: tuple[FigureLine, ...]
    history: Mapping[str, Mapping[str, tuple[float, int | None]]]


def profile(
    index: Index,
    unit: str,
    period: Period = None,
    *,
    against: Peers | None = None,
    count: int = 5,
    least: float = 1.0,
    yellow: float = 0.95,
    green: float = 1.05,
) -> Profile:
    """The profile of a unit that has a score, against its peers (all other units when none are given).

    Strengths and weaknesses are the indicators, ``count`` at most, whose standing lies furthest above and below the peers, by
    ``least`` of their standard deviations at least.
    Lights turn by score ÷ own mean over the periods (``yellow``, ``green``). Where a join cannot be split there are no
    parts (``gap`` is nothing). Raises ``unknown_unit``, ``not_scored``, ``unknown_period``.
    """
    t, code = index.period(period), index.panel.unit(unit)
    u = index.units.index(code)
    if np.isnan(index.scores[u, t, -1]):
        raise UsageError("not_scored", name=code, node=index.framework.code, period=index.periods[t])
    group = against or peers(index, code, index.periods[t])
    places = [index.units.index(name) for name in group.units]
    try:
        gap: Contributions | None = gap_parts(index, code, group.units, index.periods[t])
    except MethodError:
        gap = None
    mean, sd = mean_sd(index.scores[places, t])
    own = mean_sd(index.scores[u])[0]
    lines = []
    for node in sorted(index.framework.nodes.values(), key=lambda node: (node.depth, node.place)):
        k = node.place
        score, rank = float(index.scores[u, t, k]), index.ranks[u, t, k]
        of = int(np.sum(~np.isnan(index.ranks[:, t, k])))
        away = score - float(mean[k])
        part = gap.total if gap and node.code == gap.node else gap.parts[node.code] if gap else float("nan")
        lines.append(
            NodeLine(
                code=node.code,
                depth=node.depth,
                score=score,
                rank=None if np.isnan(rank) else int(rank),
                of=of,
                percentile=float(100.0 * (of - rank) / (of - 1)) if of > 1 else float("nan"),
                peers_mean=float(mean[k]),
                gap=away,
                standing=away / float(sd[k]) if sd[k] > 0 else float("nan"),
                part=part,
                mean=float(own[k]),
                light=light(score, float(own[k]), yellow, green) if len(index.periods) > 1 else None,
            )
        )
    leaves = [line for line in lines if index.framework.nodes[line.code].leaf and not np.isnan(line.standing)]
    ordered = sorted(leaves, key=lambda line: -line.standing)
    return Profile(
        unit=code,
        period=index.periods[t],
        peers=group,
        nodes=tuple(lines),
        strengths=tuple(line for line in ordered[:count] if line.standing >= least),
        weaknesses=tuple(line for line in ordered[::-1][:count] if line.standing <= -least),
        gap=gap,
        figures=figures(index, code, index.periods[t]),
        history=history(index, code),
    )


def figures(index: Index, unit: str, period: Period = None) -> tuple[FigureLine, ...]:
    """Every figure of a unit that is asked for in a period, with status and lineage. Raises ``unknown_unit``."""
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    found = []
    for k, code in enumerate(index.framework.leaves):
        if not index.live[t, k]:
            continue
        item = index.framework.table.indicator[code]
        columns = _columns(index, [item.of or code, *([item.per] if item.per else [])])
        found.append(
            FigureLine(
                code=code,
                value=float(index.raw[u, t, k]),
                used=float(index.treated[u, t, k]),
                status=str(index.status[u, t, k]),
                unit=item.unit,
                source=item.source,
                columns=columns,
                lineage={name: index.panel.lineage[name] for name in columns if name in index.panel.lineage},
            )
        )
    return tuple(found)


def _columns(index: Index, names: Sequence[str]) -> tuple[str, ...]:
    """The printed columns that columns are made of, each once."""
    found: dict[str, None] = {}
    queue = list(names)
    while queue:
        name = queue.pop(0)
        item: Any = index.framework.table.column.get(name)
        parts: list[str] = []
        for kind in ("sum", "difference", "ratio", "share", "coalesce", "growth"):
            value = getattr(item, kind, None)
            parts += [value] if isinstance(value, str) else list(value or ())
        if parts:
            queue += parts
        else:
            found[name] = None
    return tuple(found)


def history(index: Index, unit: str) -> dict[str, dict[str, tuple[float, int | None]]]:
    """Node → period → (score, rank) of a unit; missing where it is not scored. Raises ``unknown_unit``."""
    u = index.units.index(index.panel.unit(unit))
    found: dict[str, dict[str, tuple[float, int | None]]] = {}
    for node in index.framework.nodes.values():
        series = {}
        for t, period in enumerate(index.periods):
            rank = index.ranks[u, t, node.place]
            series[period] = (float(index.scores[u, t, node.place]), None if np.isnan(rank) else int(rank))
        found[node.code] = series
    return found


@dataclass(frozen=True)
class Year:
    """A unit in a period: score, rank, the progress index against the period before, the light against its own mean."""

    period: str
    score: float
    rank: int | None
    progress: float | None
    light: str | None


def progress_index(scores: Array) -> Array:
    """A series of scores (N,) as progress: 100 × score ÷ the score before; missing at the first and where that is not positive.

    The published series names a progress index (进步指数) and does not define it; this is the plain ratio. Where bounds are
    those of each period it is progress beside the others, not progress in itself.

    >>> progress_index(np.array([50.0, 55.0, 44.0, float("nan")])).tolist()
    [nan, 110.0, 80.0, nan]
    """
    out = np.full(scores.shape, np.nan)
    before = scores[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        out[1:] = np.where(before > 0, 100.0 * scores[1:] / before, np.nan)
    return out


def years(index: Index, unit: str, node: str | None = None, *, yellow: float = 0.95, green: float = 1.05) -> tuple[Year, ...]:
    """A unit's periods at a node (the index itself when none is named): scores, ranks, progress index, lights.

    The light of a period turns by score ÷ the unit's mean over all periods (:func:`light`). Raises ``unknown_unit``,
    ``unknown_node``.
    """
    u, k = index.units.index(index.panel.unit(unit)), index.framework.node(node or index.framework.code).place
    scores, ranks = index.scores[u, :, k], index.ranks[u, :, k]
    moved, mean = progress_index(scores), float(mean_sd(scores)[0])
    return tuple(
        Year(
            period,
            float(scores[t]),
            None if np.isnan(ranks[t]) else int(ranks[t]),
            None if np.isnan(moved[t]) else float(moved[t]),
            light(float(scores[t]), mean, yellow, green) if len(index.periods) > 1 else None,
        )
        for t, period in enumerate(index.periods)
    )


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
