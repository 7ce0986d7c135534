"""What would move a unit: points for a step of each printed column, and what it takes to pass the next unit.

A step is a change of a printed column, and all indicators that it feeds move with it. The unit's figures are scored again on
the parameters that were fitted (today's bounds, treatment and weights), so that it holds for any method. Only where ranks of
figures count is the next unit passed on an index fitted again, because overtaking takes from those who are overtaken. A step
that shifts a bound or a mean is another matter: build again and see :mod:`tidu.diagnosis.movement.what_if`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array, low_high
from tidu.diagnosis.explanation.contribution import Period, scored_place
from tidu.diagnosis.explanation.figures import figures
from tidu.diagnosis.movement.feeds import Feed, feeds, moved_by
from tidu.diagnosis.movement.levers import forbidden, with_cells
from tidu.diagnosis.movement.refit import Refit
from tidu.diagnosis.movement.yardstick import Yardstick, direction, fitted_on, yardstick
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


@dataclass(frozen=True)
class Fed:
    """An indicator that a column feeds: its figure in its own ``unit``, what a unit of the column does to it, and the step.

    ``step`` is what the step that passes the next unit does to it; missing where there is none. ``lever`` is the name that
    instruments know it by, missing where it is no target.
    """

    code: str
    lever: str | None
    value: float
    unit: str | None
    rate: float
    step: float | None


@dataclass(frozen=True)
class Move:
    """What a printed column does to the score of a unit, all other columns still, on today's parameters.

    ``of`` is the column, ``of_value`` its figure, ``fed`` the indicators that move with it. ``code`` is the one that the step
    is told in: the column itself on another scale where there is such an indicator, else the first; ``value`` is its figure in
    its own ``unit``. ``slope`` are the points for one unit more of it, at the figure, on the better side, ``back`` the same
    on the worse side, ``of_slope`` the points for one unit more of the column; each is missing where no step can be made there
    (nothing worse is seen, nothing better than zero, or grades only). ``jump`` is the smallest change that is felt at all
    where the slope is zero, with its ``jump_points``; ``room`` the points to be had where all that the column feeds is at the
    best figure seen or past it. ``step_to_pass`` is the smallest change that passes the unit next ahead, ``passes``, and
    ``of_step`` the same step in the column, other columns still; none is given where the best figures seen do not do it, nor
    where the column is no ``lever``. ``step_share`` is the step in shares of the range of figures seen, ``beyond`` the
    indicators that it takes past the best figure seen; ``columns`` are all printed columns behind what it feeds.

    A figure that no printed column carries (it was filled) moves by itself, and ``of`` is missing. A column is a ``lever``
    where all that it feeds are, in one direction, and ``name`` is what instruments know it by (that of ``code``); ``held`` says
    why it is none: ``no_lever``, ``count`` (of filings or grants, of which the file says nothing), ``shared`` (it also moves an
    indicator that is none), ``conflict`` (better for one, worse for another), ``not_plain`` (by no rule that can be told).

    ``why`` tells what is odd about the indicator: ``winsorised`` (drawn in: a small change is not felt), ``capped`` (full marks
    already, or cut off at the bound), ``rank_step`` (only overtaking counts), ``grade`` (only grades count), ``sets_bound``
    (this unit sets the bound, which moves with it when the index is built again), ``best`` (nothing better than zero),
    ``no_weight``, ``not_felt`` (no small change reaches the score).
    """

    code: str
    lever: bool
    name: str | None
    held: str | None
    value: float
    unit: str | None
    slope: float
    back: float
    why: str | None
    jump: float | None
    jump_points: float | None
    room: float
    step_to_pass: float | None
    step_share: float | None
    passes: str | None
    of: str | None
    of_value: float | None
    of_slope: float | None
    of_step: float | None
    fed: tuple[Fed, ...]
    beyond: tuple[str, ...]
    columns: tuple[str, ...]


def moves(index: Index, unit: str, period: Period = None, node: str | None = None) -> tuple[Move, ...]:
    r"""What each printed column behind an indicator with a figure does to a unit's score, in the file's order.

    The score is that of ``node``, the index itself when none is named; the unit to pass is the shown one with the smallest
    higher score. Scores are those of today's parameters: bounds, treatment and weights do not move. Steps are sought between
    the figure and the best ones seen among the units fitted on or shown, in any scored period; columns that an indicator is
    divided by are not moved, but one that is also a denominator moves what it divides. Raises ``not_scored``,
    ``unknown_unit``, ``unknown_node``, ``moves_differ``.

    >>> from tidu.index.build import build
    >>> from tidu.index.framework import Framework
    >>> from tidu.indicators.panel import Panel
    >>> framework = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"')
    >>> panel = Panel.of(["x", "y", "z"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]], [[5, 1]]])
    >>> [(move.code, round(move.slope, 6), move.step_to_pass) for move in moves(build(framework, panel), "y")]
    [('a', 12.5, None), ('b', -6.25, None)]
    """
    framework, t = index.framework, index.period(period)
    top = framework.node(node or framework.code)
    u = scored_place(index, unit, t, top.code)
    yard = yardstick(index, index.units[u], period)
    under = framework.leaves_under(top.code)
    inside = np.array([leaf in under for leaf in framework.leaves])
    lines = _lines(index, u, t, inside)
    search = _Search(yard, top.code, lines)
    slopes, backs = search.slopes()
    front = ahead(index, index.units[u], period, top.code)
    place = None if front is None else index.units.index(front)
    felt = HALVINGS_OF_A_SET if yard.whole else HALVINGS
    jumps = search.first(lambda at, moved: search.score(search.rows(at, moved)) > search.own + HAIR, ~(np.abs(slopes) > 0), felt)
    levers = np.array([line.held is None for line in lines], dtype=bool)
    steps = np.full(len(lines), np.nan)
    if place is not None:
        steps = search.first(lambda at, moved: search.passed(at, moved, place), levers, search.halvings)
    known = {line.code: line for line in figures(index, index.units[u], index.periods[t])}
    weights, permits = index.weights(index.periods[t]), framework.permits
    found = []
    for at, line in enumerate(lines):
        feed, k = line.feed, int(line.feed.places[line.lead])
        code = framework.leaves[k]
        item = framework.table.indicator[code]
        rate = float(feed.slope[line.lead])
        slope, back = float(slopes[at]) / rate, float(backs[at]) / rate
        jump, step = (None if np.isnan(one[at]) else float(one[at]) for one in (jumps, steps))
        if abs(slope) > 0:
            jump = None
        after = None if step is None else feed.figures(np.array([step]))[0]
        codes = tuple(framework.leaves[place] for place in feed.places.tolist())
        best = search.best_seen[at]
        sign = search.sign[feed.places]
        past = (
            ()
            if after is None
            else tuple(
                one
                for one, gone in zip(codes, ((after - best) * sign > 1e-9 * np.maximum(1.0, np.abs(best))).tolist(), strict=True)
                if gone
            )
        )
        found.append(
            Move(
                code=code,
                lever=line.held is None,
                name=permits[code].name if line.held is None else None,
                held=line.held,
                value=float(index.imputed[u, t, k]),
                unit=item.unit,
                slope=slope,
                back=back,
                why=_why(index, u, t, k, slope, weights.get(code, 0.0)),
                jump=None if jump is None else float(feed.figures(np.array([jump]))[0, line.lead] - feed.start[line.lead]),
                jump_points=None if jump is None else float(search.score(search.rows([at], np.array([jump])))[0] - search.own),
                room=float(search.room[at]),
                step_to_pass=None if after is None else float(after[line.lead] - feed.start[line.lead]),
                step_share=None if step is None else abs(step) / float(search.span[at]),
                passes=None if step is None else front,
                of=line.column,
                of_value=None if line.column is None else feed.value,
                of_slope=None if line.column is None else float(slopes[at]),
                of_step=None if line.column is None else step,
                fed=tuple(
                    Fed(
                        code=one,
                        lever=permits[one].name if permits[one].free else None,
                        value=float(feed.start[j]),
                        unit=framework.table.indicator[one].unit,
                        rate=float(feed.slope[j]),
                        step=None if after is None else float(after[j] - feed.start[j]),
                    )
                    for j, one in enumerate(codes)
                ),
                beyond=past,
                columns=tuple(dict.fromkeys(name for one in codes for name in known[one].columns)),
            )
        )
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Line:
    """A column of the unit, what it feeds, the place of the indicator it is told in, and why it is no lever."""

    column: str | None
    feed: Feed
    lead: int
    held: str | None


def _lines(index: Index, u: int, t: int, inside: NDArray[np.bool_]) -> list[_Line]:
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
            lines.append(_Line(name, feed, lead, held if feed.plain or held else "not_plain"))
    carried = {int(place) for line in lines for place in line.feed.places}
    for k in carriers:
        if k not in carried:
            alone = Feed(leaves[k], float(row[k]), np.array([k], dtype=np.intp), row[[k]], np.ones(1), np.zeros(1), True)
            lines.append(_Line(None, alone, 0, forbidden(framework, leaves[k])))
    order = {line: min(line.feed.places.tolist()) for line in lines}
    return sorted(lines, key=lambda line: order[line])


def _held(forbids: Sequence[str | None], torn: bool) -> str | None:
    """Why a column is no lever: why none of what it feeds is, that some of it is none, that directions are at odds."""
    why = [one for one in forbids if one is not None]
    if why:
        return why[0] if len(why) == len(forbids) else "shared"
    return "conflict" if torn else None


def ahead(index: Index, unit: str, period: Period = None, node: str | None = None) -> str | None:
    """The shown unit with the smallest score above a unit's own at a node, the first of equals; nothing where there is none.

    Raises ``not_scored``, ``unknown_unit``, ``unknown_node``, ``unknown_period``.
    """
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    u = scored_place(index, unit, t, top.code)
    scores = np.where(index.shown, index.scores[:, t, top.place], np.nan)
    above = np.flatnonzero(scores > index.scores[u, t, top.place] + HAIR)
    return index.units[int(above[np.argmin(scores[above])])] if above.size else None


class _Search:
    """Figures of one unit, one column changed at a time, and what comes of it; changes are in the column's own figures."""

    def __init__(self, yard: Yardstick, node: str, lines: Sequence[_Line]) -> None:
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


def _graded(index: Index, line: _Line) -> tuple[float, ...] | None:
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


def _why(index: Index, u: int, t: int, k: int, slope: float, weight: float) -> str | None:
    """What is odd about an indicator's slope, or nothing."""
    choice = index.framework.choice("normalise", index.framework.leaves[k])
    flat = not abs(slope) > 0
    if flat and weight <= 0:
        return "no_weight"
    if flat and choice.method.name == "rubric":
        return "grade"
    treat = _fit(index, "treat", k, t)
    if flat and treat is not None and "clips" in treat.method.traits and index.imputed[u, t, k] != index.treated[u, t, k]:
        return "winsorised"
    if flat and choice.method.name in STEPPED:
        return "rank_step"
    if flat:
        capped = choice.options.get("truncate") or choice.options.get("capped")
        return "best" if np.isnan(slope) else "capped" if capped else "not_felt"
    fit, sign = _fit(index, "normalise", k, t), direction(index)[k]
    own = float(index.treated[u, t, k] * sign)
    for key in ("low", "high", "best"):
        if fit is not None and np.ndim(fit.fitted.get(key)) == 1:
            post = float(fit.fitted[key][int(np.flatnonzero(fit.columns == k)[0])])
            if own == (post * sign if key == "best" else post):
                return "sets_bound"
    return None


def _fit(index: Index, step: str, k: int, t: int) -> Any:
    """What a step learnt for an indicator in a period, or nothing."""
    fits = (fit for fit in getattr(index.frozen, step) if k in fit.columns and fit.period in (None, index.periods[t]))
    return next(fits, None)
