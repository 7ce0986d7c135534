"""A unit over the periods: scores and ranks, lights against its own mean, a progress index.

The published series (中国知识产权指数报告 2014) lists its red and green lights by a mean of five years. Here the light of a period
turns by its score ÷ the unit's mean over that period and those before it, :data:`FIVE` at most: what comes later changes no light
of the past. It says where a score stands beside its own mean, not whether it rises; where the two differ, a word says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tidu.core.stats import Array, mean_sd
from tidu.core.words import word
from tidu.index.result import Index

#: So many periods a light looks back over, its own included.
FIVE = 5


def light(score: float, mean: float, yellow: float = 0.95, green: float = 1.05) -> str | None:
    """``red``, ``yellow`` or ``green`` by score ÷ mean against two cut-offs; nothing when one is missing or the mean not positive.

    >>> light(50, 60), light(60, 60), light(66, 60), light(1, float("nan"))
    ('red', 'yellow', 'green', None)
    """
    if np.isnan(score) or np.isnan(mean) or mean <= 0:
        return None
    ratio = score / mean
    return "green" if ratio >= green else "yellow" if ratio >= yellow else "red"


def mean_so_far(scores: Array, t: int) -> Array:
    """The mean of scores (periods, …) over period ``t`` and those before it, :data:`FIVE` at most; missing of fewer than two.

    >>> mean_so_far(np.array([10.0, 20.0, 30.0]), 1).tolist(), mean_so_far(np.array([10.0, 20.0]), 0).tolist()
    (15.0, nan)
    """
    back = scores[max(0, t + 1 - FIVE) : t + 1]
    return np.where((~np.isnan(back)).sum(axis=0) > 1, mean_sd(back)[0], np.nan)


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
class Moved:
    """A unit's rank in two periods among the units that have one in both, and how many those are; ``up`` is positive upwards."""

    before: int
    after: int
    of: int

    @property
    def up(self) -> int:
        """Ranks gained."""
        return self.before - self.after


def moved(index: Index, before: str, after: str) -> dict[str, Moved]:
    """Unit → its ranks in two periods among the units that are ranked in both, so that nobody climbs where others drop out.

    Raises ``unknown_period``.

    >>> from tidu.app import make
    >>> found = moved(make("city-ip-core"), "2022", "2023")
    >>> found["530600"], found["530600"].up
    (Moved(before=290, after=290, of=290), 0)
    """
    table = index.ranks[:, [index.period(before), index.period(after)], -1]
    both = np.flatnonzero(~np.isnan(table).any(axis=1))
    places = [1 + np.sum(table[both, k][None, :] < table[both, k][:, None], axis=1) for k in (0, 1)]
    return {index.units[u]: Moved(int(first), int(last), both.size) for u, first, last in zip(both.tolist(), *places, strict=True)}


@dataclass(frozen=True)
class Year:
    """A unit in a period: score, rank, the progress index against the period before, the light against its mean so far."""

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

    The light of a period turns by score ÷ the unit's mean over that period and those before it, five at most (:func:`light`);
    the first has none. Raises ``unknown_unit``, ``unknown_node``.
    """
    u, k = index.units.index(index.panel.unit(unit)), index.framework.node(node or index.framework.code).place
    scores, ranks = index.scores[u, :, k], index.ranks[u, :, k]
    moved = progress_index(scores)
    return tuple(
        Year(
            period,
            float(scores[t]),
            None if np.isnan(ranks[t]) else int(ranks[t]),
            None if np.isnan(moved[t]) else float(moved[t]),
            light(float(scores[t]), float(mean_so_far(scores, t)), yellow, green),
        )
        for t, period in enumerate(index.periods)
    )


def light_said(year: Year, lang: str) -> str:
    """A period's light in words, with a word more where a green score fell since the period before, or a red one rose.

    >>> light_said(Year("2023", 18.0, 3, 90.0, "green"), "en"), light_said(Year("2021", 18.0, 3, None, None), "en")
    ('green (lower than the period before)', '—')
    """
    if year.light is None:
        return "—"
    told, moved = word(f"light_{year.light}", lang), year.progress
    if moved is None or not ((year.light == "green" and moved < 100.0) or (year.light == "red" and moved > 100.0)):
        return told
    return word("light_but_lower" if moved < 100.0 else "light_but_higher", lang, light=told)
