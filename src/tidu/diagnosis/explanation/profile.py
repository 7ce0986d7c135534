"""A unit's profile: where it stands, against whom, why, how it got there, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import MethodError, UsageError
from tidu.core.stats import Array, mean_sd
from tidu.diagnosis.explanation.contribution import Contributions, Period, gap_parts
from tidu.diagnosis.explanation.figures import FigureLine, figures
from tidu.diagnosis.explanation.history import history, light, mean_so_far
from tidu.diagnosis.explanation.peers import Peers, peers
from tidu.index.result import Index


@dataclass(frozen=True)
class NodeLine:
    """A unit at a node: score, rank among ``of`` shown units, percentile (100 = best), its peers' mean and how far from it.

    ``standing`` is the gap in standard deviations of the peers, ``p`` its two-sided p-value; ``part`` what the node adds to the gap
    of the whole index; ``mean`` the unit's own mean over this period and those before it (five at most; missing
    in the first) and ``light`` its light against it.
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
    p: float
    part: float
    mean: float
    light: str | None


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

    @property
    def turned(self) -> tuple[str, ...]:
        """The nodes whose part has another sign than the gap it stands beside, both at least half a hundredth.

        A part is the mean of the parts against each peer, a gap that to the mean of their scores: where nodes are not joined by
        plain means the two need not agree.
        """
        shown = [node for node in self.nodes if min(abs(node.part), abs(node.gap)) >= 0.005]
        return tuple(node.code for node in shown if node.part * node.gap < 0)


def difference(own: Array, others: Array) -> Array:
    """The two-sided p-value that a unit is one of its peers, column by column: ``own`` (columns,), ``others`` (peers, columns).

    t = (own − mean) ÷ (sd · √(1 + 1/n)) with n − 1 degrees of freedom, of the n peers that have a figure; missing where fewer than
    two have one or they do not differ. Source: Crawford & Howell 1998, The Clinical Neuropsychologist 12(4).

    >>> difference(np.array([3.0]), np.array([[0.0], [1.0], [2.0]])).round(4).tolist()
    [0.2254]
    """
    from scipy.special import stdtr

    n = np.sum(~np.isnan(others), axis=0)
    mean, sd = mean_sd(others)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (own - mean) / (sd * np.sqrt(1.0 + 1.0 / n))
        return np.where(sd > 0, 2.0 * stdtr(n - 1, -np.abs(t)), np.nan)


def profile(
    index: Index,
    unit: str,
    period: Period = None,
    *,
    against: Peers | None = None,
    count: int = 5,
    level: float = 0.1,
    yellow: float = 0.95,
    green: float = 1.05,
) -> Profile:
    """The profile of a unit that has a score, against its peers (all other units when none are given).

    Strengths and weaknesses are the indicators, ``count`` at most, in which it lies significantly above or below its peers, those
    furthest away first: the two-sided p-value (:func:`difference`) is below ``level``, as that of one indicator in 1 ÷ ``level`` is
    by chance.
    Lights turn by score ÷ own mean so far (``yellow``, ``green``). Where a join cannot be split there are no
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
    own = mean_so_far(index.scores[u], t)
    chance = difference(index.scores[u, t], index.scores[places, t])
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
                p=float(chance[k]),
                part=part,
                mean=float(own[k]),
                light=light(score, float(own[k]), yellow, green),
            )
        )
    leaves = [line for line in lines if index.framework.nodes[line.code].leaf and not np.isnan(line.standing)]
    ordered = sorted(leaves, key=lambda line: -line.standing)
    return Profile(
        unit=code,
        period=index.periods[t],
        peers=group,
        nodes=tuple(lines),
        strengths=tuple(line for line in ordered[:count] if line.standing > 0 and line.p < level),
        weaknesses=tuple(line for line in ordered[::-1][:count] if line.standing < 0 and line.p < level),
        gap=gap,
        figures=figures(index, code, index.periods[t]),
        history=history(index, code),
    )
