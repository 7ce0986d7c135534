"""The printed columns that a unit is scored on, one changed at a time: slopes, and the first step at which something is reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array, low_high
from tidu.diagnosis.movement.feeds import Feed, feeds, moved_by
from tidu.diagnosis.movement.levers import forbidden, with_cells
from tidu.diagnosis.movement.refit import Refit
from tidu.diagnosis.movement.yardstick import Yardstick, direction, fitted_on
from tidu.index.result import Index

#: The step of a slope, in shares of the range of figures seen; the smallest difference of scores that counts as one.
STEP = 1e-6
HAIR = 1e-9
#: Halvings of a search: rows by themselves are cheap, joins that need the whole set are not; an index fitted again is between.
HALVINGS, HALVINGS_OF_A_SET = 60, 24
HALVINGS_OF_A_FIT = 44
#: Where a set is joined the way up may lead down again: shares of the way that are tried first.
ALONG = tuple(np.linspace(1 / 16, 1.0, 16).tolist())
#: Normalisations that go up in steps: their slope is zero between two steps.
STEPPED = ("rank", "percentile_rank", "borda", "bands", "above_below_mean")


@dataclass(frozen=True, eq=False)
class Line:
    """A column of the unit, what it feeds, the place of the indicator it is told in, and why it is no lever."""

    column: str | None
    feed: Feed
    lead: int
    held: str | None


def lines_of(index: Index, u: int, t: int, inside: NDArray[np.bool_]) -> list[Line]:
    """The columns that move what a unit is scored on, in the file's order, then figures that no column carries."""
    framework, panel = index.framework, index.panel
    leaves, table = framework.leaves, framework.table.indicator
    row = index.imputed[u, t]
    live = index.live[t, : len(leaves)] & ~np.isnan(row)
    carriers = {k: moved_by(framework, leaves[k]) for k in np.flatnonzero(live & inside).tolist()}
    names = dict.fromkeys(name for found in carriers.values() for name in found if name in panel.columns)
    values = {name: float(index.column(name)[u, t]) for name in names}
    made = feeds(framework, panel, u, panel.periods.index(index.periods[t]), values, row, live)
    lines, seen = [], set()
    for k, found in carriers.items():
        for name in found:
            feed = made.get(name)
            if feed is None or name in seen or k not in feed.places:
                continue
            seen.add(name)
            codes = [leaves[place] for place in feed.places.tolist()]
            plain = [j for j, code in enumerate(codes) if table[code].per is None and (table[code].of or code) == name]
            under = [j for j, place in enumerate(feed.places.tolist()) if inside[place]]
            lead = next((j for j in plain if j in under), under[0])
            ways = {float(np.sign(feed.slope[j])) * (1 if table[code].better == "higher" else -1) for j, code in enumerate(codes)}
            held = _held([forbidden(framework, code) for code in codes], len(ways) > 1)
            lines.append(Line(name, feed, lead, held if feed.plain or held else "not_plain"))
    carried = {int(place) for line in lines for place in line.feed.places}
    for k in carriers:
        if k not in carried:
            alone = Feed(leaves[k], float(row[k]), np.array([k], dtype=np.intp), row[[k]], np.ones(1), np.zeros(1), True)
            lines.append(Line(None, alone, 0, forbidden(framework, leaves[k])))
    order = {line: min(line.feed.places.tolist()) for line in lines}
    return sorted(lines, key=lambda line: order[line])


def _held(forbids: Sequence[str | None], torn: bool) -> str | None:
    """Why a column is no lever: why none of what it feeds is, that some of it is none, that directions are at odds."""
    why = [one for one in forbids if one is not None]
    if why:
        return why[0] if len(why) == len(forbids) else "shared"
    return "conflict" if torn else None


class Search:
    """Figures of one unit, one column changed at a time, and what comes of it; changes are in the column's own figures."""

    def __init__(self, yard: Yardstick, node: str, lines: Sequence[Line]) -> None:
        index = yard.index
        self.yard, self.lines, self.top = yard, lines, index.framework.node(node).place
        self.row = index.imputed[yard.u, yard.t]
        self.own = float(index.scores[yard.u, yard.t, self.top])
        self.sign = direction(index)
        inside = index.shown | np.isin(index.units, sorted(fitted_on(index)))
        inside[yard.u] = True
        self.low, self.high = low_high(index.imputed[inside], (0, 1))
        best = np.where(self.sign > 0, self.high, self.low)
        self.best_seen = [best[line.feed.places] for line in lines]
        self.way, self.best, self.span = (np.zeros(len(lines)) for _ in range(3))
        for at, line in enumerate(lines):
            lead = int(line.feed.places[line.lead])
            rate = float(line.feed.slope[line.lead])
            self.way[at] = self.sign[lead] * np.sign(rate)
            ends = [line.feed.change(j, float(one)) for j, one in enumerate(self.best_seen[at])]
            ends = [end for end in ends if not np.isnan(end) and end * self.way[at] > 0]
            self.best[at] = max(ends, key=abs) if ends else 0.0
            wide = self.high[lead] - self.low[lead] if self.high[lead] > self.low[lead] else max(1.0, abs(self.row[lead]))
            self.span[at] = wide / abs(rate)
        self.marks = [_grades(index, int(line.feed.places[0])) if line.feed.places.size == 1 else None for line in lines]
        self.grades = [_graded(index, line) for line in lines]
        self.graded = np.array([grades is not None for grades in self.grades], dtype=bool)
        named = [
            [index.framework.choice("normalise", index.framework.leaves[k]).method.name for k in line.feed.places] for line in lines
        ]
        self.stepped = np.array([set(names) <= set(STEPPED) for names in named], dtype=bool)
        ranked = any(name in STEPPED for names in named for name in names) and index.frozen.framework is index.framework
        self.refit = Refit(index, yard.u, yard.t, node) if ranked else None
        self.room = self.score(self.rows(np.arange(len(lines)), self.best)) - self.own

    def rows(self, at: Sequence[int] | NDArray[Any], changes: Array) -> Array:
        """The unit's figures, once for each line in ``at``, with its column changed."""
        made = np.repeat(self.row[None], len(at), axis=0)
        for row, (line, change) in enumerate(zip(np.asarray(at).tolist(), np.asarray(changes).tolist(), strict=True)):
            if change:
                feed = self.lines[line].feed
                made[row, feed.places] = feed.figures(np.array([change]))[0]
                marks = self.marks[line]
                if marks is not None:  # a grade is met to the last digit
                    made[row, feed.places[0]] = marks[int(np.argmin(np.abs(np.array(marks) - made[row, feed.places[0]])))]
        return made

    def score(self, rows: Array) -> Array:
        """The unit's score at the node looked at."""
        found: Array = self.yard.nodes(rows)[:, self.top]
        return found

    def passed(self, at: NDArray[Any], changes: Array, ahead: int) -> NDArray[np.bool_]:
        """Whether the unit stands above another one when columns are changed."""
        rows = self.rows(at, changes)
        if self.refit is None:
            found = self.yard.all_units(rows)[:, :, self.top]
        else:
            found = self.refit.scores(rows, lambda place: self._panel(int(at[place]), float(changes[place])))
        better: NDArray[np.bool_] = found[:, self.yard.u] > found[:, ahead] + HAIR
        return better

    def _panel(self, at: int, change: float) -> Any:
        index, line = self.yard.index, self.lines[at]
        if line.column is None:
            return index.panel
        cells = {line.column: line.feed.value + change}
        return with_cells(index.panel, index.units[self.yard.u], index.periods[self.yard.t], cells)

    def slopes(self) -> tuple[Array, Array]:
        """Points for one unit more of the column, on the better and on the worse side; missing where no step may be made there.

        The best unit may go on, but not below zero where nothing below zero is seen; nobody goes below the worst one seen.
        """
        sides = []
        for way in (self.way, -self.way):
            step = way * STEP * self.span
            slope = np.full(len(self.lines), np.nan)
            at = [j for j in np.flatnonzero(~self.graded).tolist() if not self._shut(j, float(step[j]), way is self.way)]
            moved = step[at]
            slope[at] = (self.score(self.rows(at, moved)) - self.own) / moved
            slope[(np.abs(slope) * self.span <= HAIR) | (self.stepped & ~np.isnan(slope))] = 0.0  # a step next by is no slope
            sides.append(slope)
        return sides[0], sides[1]

    def _shut(self, at: int, change: float, better: bool) -> bool:
        line = self.lines[at]
        k, moved = int(line.feed.places[line.lead]), float(line.feed.figures(np.array([change]))[0, line.lead])
        low, high = float(self.low[k]), float(self.high[k])
        return (moved < 0 <= low) if better else not low <= moved <= high

    @property
    def halvings(self) -> int:
        """How often a search for what passes a unit is halved."""
        if self.refit is not None:
            return HALVINGS_OF_A_FIT if self.refit.quick else HALVINGS_OF_A_SET
        return HALVINGS_OF_A_SET if self.yard.whole else HALVINGS

    def first(self, reached: Callable[[NDArray[Any], Array], NDArray[np.bool_]], among: NDArray[np.bool_], halvings: int) -> Array:
        """The first change on the better side at which something is reached, by halving; missing where the best does not do it."""
        out = np.full(len(self.lines), np.nan)
        for at in np.flatnonzero(among & self.graded).tolist():
            better = sorted((change for change in self.grades[at] or () if change * self.way[at] > 0), key=abs)
            out[at] = next((change for change in better if reached(np.array([at]), np.array([change]))[0]), np.nan)
        free = np.flatnonzero(among & ~self.graded & (self.best != 0))
        near, far = np.zeros(len(self.lines)), self.best.copy()
        there = np.zeros(len(self.lines), dtype=bool)
        for share in ALONG if self.yard.whole else (1.0,):
            todo = free[~there[free]]
            if todo.size:
                there[todo] = reached(todo, share * self.best[todo])
                far[todo] = share * self.best[todo]
                near[todo[~there[todo]]] = far[todo[~there[todo]]]
        free = free[there[free]]
        near, far = near[free], far[free]
        for _ in range(halvings):
            todo = np.flatnonzero(np.abs(far - near) > 1e-13 * self.span[free])
            if not todo.size:
                break
            middle = (near[todo] + far[todo]) / 2
            done = reached(free[todo], middle)
            far[todo[done]], near[todo[~done]] = middle[done], middle[~done]
        out[free] = far
        return out


def _graded(index: Index, line: Line) -> tuple[float, ...] | None:
    """The changes that lead to a grade where an indicator is graded: none where other indicators are fed too."""
    found = [_grades(index, int(k)) for k in line.feed.places]
    if all(grades is None for grades in found):
        return None
    alone = found[0] if len(found) == 1 else None
    return tuple(line.feed.change(0, grade) for grade in alone or ())


def _grades(index: Index, k: int) -> tuple[float, ...] | None:
    """The grades that an indicator may have, or nothing where any figure is allowed."""
    choice = index.framework.choice("normalise", index.framework.leaves[k])
    return tuple(float(grade) for grade, _ in choice.options["scores"]) if choice.method.name == "rubric" else None
