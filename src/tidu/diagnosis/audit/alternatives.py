"""An index under other treatments, normalisations and means, held so small that a page can carry it and weigh it anew.

Each way is a full build. Its normalised figures of one period are kept as columns that ways share: a column that is another
one shifted and stretched (min–max onto 0–100 and 1–100, a z-score) is written as that column with an intercept and a slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.stats import Array
from tidu.diagnosis.audit.switches import catalogue
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index

#: The steps that may be switched, and the joins that can be made anew from figures and weights alone.
STEPS = ("treat", "normalise", "aggregate")
JOINS = ("arithmetic", "geometric")
#: At most so many figures are kept; ways that would need more are left out.
MOST = 32_000


@dataclass(frozen=True)
class Option:
    """A choice in one step: its method (``file`` as the index file has it), label by language, changes to the index file."""

    step: str
    key: str
    label: Mapping[str, str]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One option a step, its changes, each indicator as (column, intercept, slope), each inner node with how it is joined.

    ``joins`` is node → (join, missing rule, coverage).
    """

    options: tuple[str, str, str]
    changes: tuple[str, ...]
    figures: tuple[tuple[int, float, float], ...]
    joins: Mapping[str, tuple[str, str, float]]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The ways of an index in one period.

    ``leaves`` are the indicators asked for, ``units`` the shown units with a figure, ``columns`` (columns, units). ``weights``
    is node → weight among its siblings before anything is moved, ``freed`` the changes after which weights that are written
    count, where the file's own are worked out from data. ``followed`` says whether the first way is the index file's own.
    """

    period: str
    leaves: tuple[str, ...]
    units: tuple[str, ...]
    weights: Mapping[str, float]
    freed: tuple[str, ...]
    options: tuple[Option, ...]
    ways: tuple[Way, ...]
    columns: Array
    followed: bool


def alternatives(index: Index, period: str | int | None = None, most: int = MOST) -> Alternatives:
    """The ways that the switches of an audit make of an index, those that build, in one period (the last when left out).

    Raises ``unknown_period``.

    >>> from tidu.app import make
    >>> found = alternatives(make("city-ip-core"))
    >>> [option.key for option in found.options if option.step == "normalise"], found.followed
    (['file', 'z_score', 'percentile_rank'], True)
    """
    t = index.period(period)
    framework, label = index.framework, index.periods[t]
    leaves = tuple(code for k, code in enumerate(framework.leaves) if index.live[t, k])
    places = [framework.nodes[code].place for code in leaves]
    units = np.flatnonzero(index.shown & ~np.isnan(index.normalised[:, t, places]).all(axis=1))
    freed = _freed(framework)
    options = _options(framework)
    pool = _Pool(most)
    ways = []
    for treat in (one for one in options if one.step == "treat"):
        for normalise in (one for one in options if one.step == "normalise"):
            for aggregate in (one for one in options if one.step == "aggregate"):
                steps = (*treat.changes, *normalise.changes, *aggregate.changes)
                try:
                    changed = framework.put(*steps) if steps else framework
                    made = build(changed, index.panel) if steps else index
                except TiduError:
                    continue
                if [choice_at(changed, node.code) for node in framework.inner].count("") or label not in made.periods:
                    continue
                figures = pool.take(made.normalised[units][:, made.period(label)][:, places])
                if figures is not None:
                    joins = {node.code: _join(changed, node.code) for node in framework.inner}
                    ways.append(Way((treat.key, normalise.key, aggregate.key), steps, figures, joins))
    used = {(step, way.options[at]) for way in ways for at, step in enumerate(STEPS)}
    return Alternatives(
        period=label,
        leaves=leaves,
        units=tuple(index.units[u] for u in units),
        weights=_weights(index, label, bool(freed)),
        freed=freed,
        options=tuple(one for one in options if (one.step, one.key) in used),
        ways=tuple(ways),
        columns=np.array(pool.columns).reshape(len(pool.columns), len(units)),
        followed=bool(ways) and ways[0].options == ("file",) * 3,
    )


def choice_at(framework: Framework, node: str) -> str:
    """How a node joins its children, where figures and weights alone say it: ``arithmetic``, ``geometric``, else nothing."""
    name = framework.choice("aggregate", node).method.name
    return name if name in JOINS else ""


def _join(framework: Framework, node: str) -> tuple[str, str, float]:
    keys = framework.choice("aggregate", node).keys
    return choice_at(framework, node), str(keys["missing"]), float(keys["coverage"])


def _options(framework: Framework) -> list[Option]:
    """The file's own choice of each step first, then the switches that bring another method."""
    found = []
    for step in STEPS:
        nodes = framework.leaves if step != "aggregate" else tuple(node.code for node in framework.inner)
        own = {framework.choice(step, code).method.name for code in nodes}
        found.append(Option(step, "file", {}, ()))
        for kind, label, changes in catalogue():
            key = changes[-1 if step == "aggregate" else 0].partition("=")[2]
            if kind == step and own != {key} and (step != "aggregate" or key in JOINS):
                found.append(Option(step, key, label, changes))
    return found


def _freed(framework: Framework) -> tuple[str, ...]:
    """The changes after which the weights that are written in the file are those that count at every node."""
    found: dict[str, None] = {}
    for node in framework.inner:
        choice = framework.choice("weighting", node.code)
        if choice.method.name != "given" or choice.options.get("set") is not None:
            for key in ("method", "set"):
                at = choice.whence.get(key, "default")
                found[choice.address if at == "default" else at] = None
    # `equal` first: naming another method drops the keys of the one before it
    return tuple(f"{at}.method={name}" for at in found for name in ("equal", "given"))


def _weights(index: Index, period: str, fitted: bool) -> dict[str, float]:
    """Node → weight among its siblings in a period: as written, or as worked out where the file works weights out."""
    framework, found = index.framework, {}
    for join in index.joins:
        if period in join.periods:
            for child, weight in zip(join.children, join.weights.tolist(), strict=True):
                found[child] = weight if fitted else framework.nodes[child].weight
    return found


class _Pool:
    """Columns of figures, each kept once up to shift and stretch."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.columns: list[Array] = []

    def take(self, x: Array) -> tuple[tuple[int, float, float], ...] | None:
        """Each column of ``x`` (units, indicators) as (place, intercept, slope); nothing when there is no room for it."""
        before, found = len(self.columns), []
        for column in x.T:
            known = next((line for line in map(self._line, range(len(self.columns)), [column] * len(self.columns)) if line), None)
            if known is None:
                self.columns.append(rounded(column))
                known = (len(self.columns) - 1, 0.0, 1.0)
            found.append(known)
        if before and len(self.columns) * x.shape[0] > self.most:
            del self.columns[before:]
            return None
        return tuple(found)

    def _line(self, place: int, column: Array) -> tuple[int, float, float] | None:
        """A column as intercept and slope of one that is kept, where it is one to ten digits."""
        kept = self.columns[place]
        seen = ~np.isnan(kept)
        if not np.array_equal(seen, ~np.isnan(column)) or not seen.any():
            return None
        low, high = int(np.nanargmin(kept)), int(np.nanargmax(kept))
        span = float(kept[high] - kept[low])
        slope = float(column[high] - column[low]) / span if span else 0.0
        start = float(column[low] - slope * kept[low])
        apart = np.abs(start + slope * kept[seen] - column[seen]).max()
        return (place, start, slope) if apart <= 1e-10 * np.abs(column[seen]).max() else None


def rounded(column: Array) -> Array:
    """Figures to ten digits of the largest one: a hundredth of what tells two ranks apart.

    >>> rounded(np.array([100.0, 1 / 3])).tolist()
    [100.0, 0.33333333]
    """
    largest = float(np.nanmax(np.abs(column), initial=0.0))
    made: Array = np.round(column, 10 - int(np.ceil(np.log10(largest)))) if largest > 0 else column.copy()
    return made
