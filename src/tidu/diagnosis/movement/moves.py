"""What would move a unit: points for one more unit of each indicator, and what it takes to pass the next one.

A unit's figures are scored again on the parameters that were fitted (today's bounds, treatment and weights), one indicator
changed at a time, so that it holds for any method. A move that shifts a bound or a mean is another matter: build again and
see :mod:`tidu.diagnosis.movement.what_if`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array, low_high
from tidu.diagnosis.explanation.contribution import Period, scored_place
from tidu.diagnosis.explanation.profile import figures
from tidu.diagnosis.movement.yardstick import Yardstick, direction, fitted_on, yardstick
from tidu.index.result import Index

Places = NDArray[np.intp]

#: The step of a slope, in shares of the range of figures seen; the smallest difference of scores that counts as one.
STEP = 1e-6
HAIR = 1e-9
#: Halvings of a search: rows by themselves are cheap, joins that need the whole set are not.
HALVINGS, HALVINGS_OF_A_SET = 60, 24
#: Normalisations that go up in steps: their slope is zero between two steps.
STEPPED = ("rank", "percentile_rank", "borda", "bands", "above_below_mean")


@dataclass(frozen=True)
class Move:
    """What an indicator does to the score of a unit, all else still, on today's parameters.

    ``value`` is the figure in its own ``unit``; ``slope`` the points for one unit more, at the figure, on the better side,
    ``back`` the same on the worse side; each is missing where no step can be made there (nothing worse is seen, nothing better
    than zero, or grades only).
    ``jump`` is the smallest change that is felt at all where the slope is zero, with its ``jump_points``; ``room`` the points
    to be had at the best figure seen. ``step_to_pass`` is the smallest change that passes the unit next ahead, ``passes``;
    neither is given where the best figure seen does not do it, nor for an indicator that is no ``lever``. ``of_step`` is that
    step in the printed column ``of``, its denominator still, ``step_share`` in shares of the range of figures seen; ``columns``
    are all printed columns behind the indicator.

    ``why`` tells what is odd: ``winsorised`` (drawn in: a small change is not felt), ``capped`` (full marks already, or cut off
    at the bound), ``rank_step`` (only overtaking counts), ``grade`` (only grades count), ``sets_bound`` (this unit sets the
    bound, which moves with it when the index is built again), ``best`` (nothing better than zero), ``no_weight``, ``not_felt`` (no
    small change reaches the score).
    """

    code: str
    lever: bool
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
    of_step: float | None
    columns: tuple[str, ...]


def moves(index: Index, unit: str, period: Period = None, node: str | None = None) -> tuple[Move, ...]:
    r"""What each indicator with a figure does to a unit's score, in the file's order.

    The score is that of ``node``, the index itself when none is named; the unit to pass is the shown one with the smallest
    higher score. Scores are those of today's parameters: bounds, treatment and weights do not move. Steps are sought between
    the figure and the best one seen among the units fitted on or shown, in any scored period. Raises ``not_scored``,
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
    places = [
        k for k, leaf in enumerate(framework.leaves) if leaf in under and index.live[t, k] and not np.isnan(index.imputed[u, t, k])
    ]
    search = _Search(yard, top.place, np.array(places, dtype=np.intp))
    slopes, backs = search.slopes()
    front = ahead(index, index.units[u], period, top.code)
    place = None if front is None else index.units.index(front)
    jumps = search.first(lambda rows: search.score(rows) > search.own + HAIR, ~(np.abs(slopes) > 0))
    levers = np.array([framework.table.indicator[framework.leaves[k]].lever for k in places], dtype=bool)
    steps = np.full(len(places), np.nan)
    if place is not None:
        steps = search.first(lambda rows: search.passed(rows, place), levers)
    lines = {line.code: line for line in figures(index, index.units[u], index.periods[t])}
    weights = index.weights(index.periods[t])
    found = []
    for at, k in enumerate(places):
        code = framework.leaves[k]
        item = framework.table.indicator[code]
        flat = not abs(slopes[at]) > 0
        jump = None if not flat or np.isnan(jumps[at]) else float(jumps[at] - search.figure[at])
        step = None if np.isnan(steps[at]) else float(steps[at] - search.figure[at])
        of = item.of or code
        of_step = None
        if step is not None and of in index.panel.columns:
            below = 1.0 if item.per is None else float(index.columns[item.per][u, t])
            of_step = None if np.isnan(below) else step / item.scale * below
        found.append(
            Move(
                code=code,
                lever=item.lever,
                value=float(search.figure[at]),
                unit=item.unit,
                slope=float(slopes[at]),
                back=float(backs[at]),
                why=_why(index, u, t, k, float(slopes[at]), weights.get(code, 0.0)),
                jump=jump,
                jump_points=None if jump is None else float(search.score(search.rows([at], jumps[[at]]))[0] - search.own),
                room=float(search.room[at]),
                step_to_pass=step,
                step_share=None if step is None else abs(step) / float(search.span[at]),
                passes=None if step is None else front,
                of=of if of in index.panel.columns else None,
                of_step=of_step,
                columns=lines[code].columns,
            )
        )
    return tuple(found)


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
    """Figures of one unit, one indicator changed at a time, and what comes of it."""

    def __init__(self, yard: Yardstick, top: int, places: Places) -> None:
        index = yard.index
        self.yard, self.top, self.places = yard, top, places
        self.row = index.imputed[yard.u, yard.t]
        self.figure = self.row[places]
        self.own = float(index.scores[yard.u, yard.t, top])
        self.sign = direction(index)[places]
        inside = index.shown | np.isin(index.units, sorted(fitted_on(index)))
        inside[yard.u] = True
        self.low, self.high = low_high(index.imputed[inside][:, :, places], (0, 1))
        self.best = np.where(self.sign > 0, self.high, self.low)
        self.span = np.where(self.high > self.low, self.high - self.low, np.maximum(1.0, np.abs(self.figure)))
        self.grades = [_grades(index, int(k)) for k in places]
        self.graded = np.array([grades is not None for grades in self.grades], dtype=bool)
        named = [index.framework.choice("normalise", index.framework.leaves[k]).method.name for k in places.tolist()]
        self.stepped = np.array([name in STEPPED for name in named], dtype=bool)
        self.room = self.score(self.rows(np.arange(len(places)), self.best)) - self.own

    def rows(self, at: Sequence[int] | NDArray[Any], values: Array) -> Array:
        """The unit's figures, once for each indicator in ``at``, with that one changed."""
        made = np.repeat(self.row[None], len(at), axis=0)
        made[np.arange(len(at)), self.places[np.asarray(at, dtype=np.intp)]] = values
        return made

    def score(self, rows: Array) -> Array:
        """The unit's score at the node looked at."""
        found: Array = self.yard.nodes(rows)[:, self.top]
        return found

    def passed(self, rows: Array, ahead: int) -> NDArray[np.bool_]:
        """Whether the unit stands above another one."""
        found = self.yard.all_units(rows)[:, :, self.top]
        better: NDArray[np.bool_] = found[:, self.yard.u] > found[:, ahead] + HAIR
        return better

    def slopes(self) -> tuple[Array, Array]:
        """Points for one unit more, on the better and on the worse side; missing where no step may be made there.

        The best unit may go on, but not below zero where nothing below zero is seen; nobody goes below the worst one seen.
        """
        sides = []
        for way in (self.sign, -self.sign):
            step = way * STEP * self.span
            moved = self.figure + step
            shut = (moved < 0) & (self.low >= 0) if way is self.sign else (moved < self.low) | (moved > self.high)
            slope = np.full(len(self.places), np.nan)
            at = np.flatnonzero(~self.graded & ~shut)
            slope[at] = (self.score(self.rows(at, moved[at])) - self.own) / (moved[at] - self.figure[at])
            slope[(np.abs(slope) * self.span <= HAIR) | (self.stepped & ~np.isnan(slope))] = 0.0  # a step next by is no slope
            sides.append(slope)
        return sides[0], sides[1]

    def first(self, reached: Callable[[Array], NDArray[np.bool_]], among: NDArray[np.bool_]) -> Array:
        """The first figure on the better side at which something is reached, by halving; missing where the best does not do it."""
        out = np.full(len(self.places), np.nan)
        for at in np.flatnonzero(among & self.graded).tolist():
            ways = sorted(((grade - self.figure[at]) * self.sign[at], grade) for grade in self.grades[at] or ())
            better = [grade for way, grade in ways if way > 0]
            out[at] = next((grade for grade in better if reached(self.rows([at], np.array([grade])))[0]), np.nan)
        free = np.flatnonzero(among & ~self.graded)
        free = free[reached(self.rows(free, self.best[free]))]
        near, far = self.figure[free].copy(), self.best[free].copy()
        for _ in range(HALVINGS_OF_A_SET if self.yard.whole else HALVINGS):
            todo = np.flatnonzero(np.abs(far - near) > 1e-13 * self.span[free])
            if not todo.size:
                break
            middle = (near[todo] + far[todo]) / 2
            done = reached(self.rows(free[todo], middle))
            far[todo[done]], near[todo[~done]] = middle[done], middle[~done]
        out[free] = far
        return out


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
