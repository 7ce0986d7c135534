"""What would move a unit: points for a step of each printed column, and what it takes to pass the next unit.

A step is a change of a printed column, and all indicators that it feeds move with it. The unit's figures are scored again on
the parameters that were fitted (today's bounds, treatment and weights), so that it holds for any method. Only where ranks of
figures count is the next unit passed on an index fitted again, because overtaking takes from those who are overtaken. A step
that shifts a bound or a mean is another matter: build again and see :mod:`tidu.diagnosis.movement.what_if`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.diagnosis.explanation.contribution import Period, scored_place
from tidu.diagnosis.explanation.figures import figures
from tidu.diagnosis.movement.steps import HAIR, HALVINGS, HALVINGS_OF_A_SET, STEPPED, Search, lines_of
from tidu.diagnosis.movement.yardstick import direction, yardstick
from tidu.index.result import Index


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
    lines = lines_of(index, u, t, inside)
    search = Search(yard, top.code, lines)
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


def ahead(index: Index, unit: str, period: Period = None, node: str | None = None) -> str | None:
    """The shown unit with the smallest score above a unit's own at a node, the first of equals; nothing where there is none.

    Raises ``not_scored``, ``unknown_unit``, ``unknown_node``, ``unknown_period``.
    """
    t, top = index.period(period), index.framework.node(node or index.framework.code)
    u = scored_place(index, unit, t, top.code)
    scores = np.where(index.shown, index.scores[:, t, top.place], np.nan)
    above = np.flatnonzero(scores > index.scores[u, t, top.place] + HAIR)
    return index.units[int(above[np.argmin(scores[above])])] if above.size else None


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
