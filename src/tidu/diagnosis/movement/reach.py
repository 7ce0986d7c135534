"""On arrays: how far comparable units moved, a score as pieces of straight lines, the least demanding set of changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.quiet import quiet
from tidu.core.stats import Array

#: A curved score is cut into straight pieces until none is off by more than this share of what it can gain.
TOLERANCE, COARSE = 1e-6, 1e-4
#: More pieces than these of a score that bends upwards are made again with the coarse tolerance.
MANY = 80
#: A piece after a jump begins by this share of the limit past it, more than the solver's tolerance.
PAST = 1e-5
#: How wide a tangent is taken, as a share of a score: as wide as the join is straight.
WIDTHS = {"linear": 1.0, "power": 0.01, "concave": 1e-5, "other": 1e-5}
_CUTS = 500
_LEVELS = 40


def observed_limit(before: Array, after: Array, own: float, direction: float, quantile: float) -> tuple[float, int, str]:
    """How far a figure may move for the better, by what comparable units did: limit, how many were seen, how.

    ``before`` and ``after`` are the figures (N,) of the comparable units at both ends of the time, ``own`` the figure to be
    moved, ``direction`` +1 where higher is better and −1 where lower is. ``how`` is ``ratio`` where every start and the own
    figure are above zero: then the limit is the quantile of the relative change, times the own figure; else ``difference``.
    The quantile is linear; the limit is in the figure's unit and never below zero.

    >>> limit, seen, how = observed_limit(np.array([10.0, 20.0]), np.array([11.0, 26.0]), 50.0, 1.0, 0.5)
    >>> round(limit, 9), seen, how
    (10.0, 2, 'ratio')
    """
    known = ~(np.isnan(before) | np.isnan(after))
    start, end = before[known], after[known]
    if not start.size:
        return 0.0, 0, "ratio"
    ratio = bool(own > 0 and (start > 0).all())
    moved = direction * (end / start - 1.0) * own if ratio else direction * (end - start)
    return max(0.0, float(np.quantile(moved, quantile))), int(start.size), "ratio" if ratio else "difference"


# --- a score as pieces -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Pieces:
    """A score over changes from 0 to some limit, as straight pieces from (``start``, ``low``) to (``end``, ``high``), each (K,).

    ``concave`` is whether the pieces join and each rises less than the one before; ``off`` the largest distance of a piece
    from the score that it stands for, 0 where the pieces are exact to rounding.
    """

    start: Array
    end: Array
    low: Array
    high: Array
    off: float

    @property
    def slope(self) -> Array:
        """What a piece gains per unit of change; 0 for a piece of no length."""
        length = self.end - self.start
        return np.where(length > 0, (self.high - self.low) / np.where(length > 0, length, 1.0), 0.0)

    @property
    def concave(self) -> bool:
        """Whether the pieces join and each rises no more than the one before."""
        size = max(float(np.ptp([*self.low, *self.high])), 1e-12)
        joined = bool((np.abs(self.low[1:] - self.high[:-1]) <= 1e-7 * size).all())
        steep = self.slope
        return joined and bool((np.diff(steep) <= 1e-6 * max(float(np.abs(steep).max()), 1e-300)).all())


def pieces(score: Callable[[Array], Array], limit: float, tolerance: float = TOLERANCE) -> Pieces:
    """A score over changes from 0 to ``limit`` as straight pieces, found by halving until each lies on the score.

    ``score`` takes changes (N,) to scores (N,). Kinks are found to within the tolerance, a jump becomes a gap between two
    pieces whose right one begins where the score is higher.

    >>> made = pieces(lambda change: np.minimum(2.0 * change, 6.0), 4.0)
    >>> made.start.round(4).tolist(), made.end.round(4).tolist(), made.high.round(4).tolist(), made.concave
    ([0.0, 3.0], [3.0, 4.0], [6.0, 6.0], True)
    """
    knots = np.linspace(0.0, limit, 33)
    values = score(knots)
    size = max(float(np.ptp(values)), 1e-12)
    found: list[tuple[float, float, float, float]] = []
    a, b, low, high = knots[:-1], knots[1:], values[:-1], values[1:]
    off = 0.0
    for level in range(_LEVELS):
        inside = np.array([0.5, 0.23, 0.81])
        at = a[:, None] + (b - a)[:, None] * inside
        there = score(at.ravel()).reshape(at.shape)
        away = np.abs(there - (low[:, None] + (high - low)[:, None] * inside)).max(axis=1)
        straight = away <= tolerance * size
        off = max(off, float(away[straight].max(initial=0.0)))
        found += zip(*(x[straight].tolist() for x in (a, b, low, high)), strict=True)
        bent = ~straight
        if not bent.any() or level == _LEVELS - 1:
            break  # what is still bent is a jump, and a jump has no piece
        mid, value = at[bent, 0], there[bent, 0]
        a, b = np.concatenate([a[bent], mid]), np.concatenate([mid, b[bent]])
        low, high = np.concatenate([low[bent], value]), np.concatenate([value, high[bent]])
    first = float(values[0])
    if not found or min(found)[0] > 0:
        found.append((0.0, 0.0, first, first))  # a jump at once: no change is a piece of its own
    return _merged(np.array(sorted(found)), limit, tolerance * size, off if off > 1e-9 * size else 0.0)


def in_pieces(scores: Sequence[Callable[[Array], Array]], room: Array) -> list[Pieces]:
    """The pieces of each indicator's score over its room; many pieces that bend upwards are made again with fewer.

    >>> [one.start.size for one in in_pieces([lambda change: change, lambda change: np.floor(change)], np.array([2.0, 2.5]))]
    [1, 3]
    """
    made = [pieces(score, far) for score, far in zip(scores, room.tolist(), strict=True)]
    return [
        pieces(score, far, COARSE) if not one.concave and one.start.size > MANY and one.off > 0 else one
        for one, score, far in zip(made, scores, room.tolist(), strict=True)
    ]


def _merged(rows: Array, limit: float, near: float, off: float) -> Pieces:
    """The pieces with neighbours that lie on one line made one, kinks set where the lines on both sides meet."""
    kept: list[list[float]] = []
    inner: list[list[float]] = []  # the knots inside the last kept piece
    for a, b, low, high in rows.tolist():
        if kept and a - kept[-1][1] <= 1e-12 * limit and abs(low - kept[-1][3]) <= near:
            start, first = kept[-1][0], kept[-1][2]
            slope = (high - first) / (b - start)
            points = [*inner, [kept[-1][1], kept[-1][3]]]
            if all(abs(first + slope * (x - start) - y) <= near for x, y in points):
                kept[-1] = [start, b, first, high]
                inner = points
                continue
        kept.append([a, b, low, high])
        inner = []
    made = np.array(kept)
    gap = np.flatnonzero(made[1:, 0] > made[:-1, 1]) + 1
    made[gap, 0] = np.minimum(made[gap, 0] + PAST * limit, made[gap, 1])
    return Pieces(made[:, 0], made[:, 1], made[:, 2], made[:, 3], off)


# --- the program -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bend:
    """Scores raised to a power, in which the power mean of that power is a weighted sum: 0 for logarithms, −1 for the harmonic.

    >>> Bend(0.0).of(np.array([1.0, 2.0])).round(3).tolist(), round(float(Bend(-1.0).back(Bend(-1.0).of(np.array(4.0)))), 9)
    ([0.0, 0.693], 4.0)
    """

    power: float = 1.0

    def of(self, score: Array) -> Array:
        """The score bent, rising where the score does."""
        p = self.power
        return score if p == 1.0 else np.asarray(np.log(score) if p == 0.0 else score**p / p)

    def back(self, bent: Array) -> Array:
        """The score of which this is the bent one."""
        p = self.power
        return bent if p == 1.0 else np.asarray(np.exp(bent) if p == 0.0 else (p * bent) ** (1.0 / p))

    def scores(self, scores: Sequence[Callable[[Array], Array]]) -> list[Callable[[Array], Array]]:
        """Scores as functions of a change, bent."""
        if self.power == 1.0:
            return list(scores)

        def bent(score: Callable[[Array], Array]) -> Callable[[Array], Array]:
            return lambda change: self.of(score(change))

        return [bent(score) for score in scores]


@dataclass(frozen=True, eq=False)
class Plan:
    """The shares (J,) of each lever's limit that are used, the score that they reach, and how they were found.

    ``method`` is ``linear``, ``integer``, ``log_linear``, ``power``, ``cuts`` or ``approximate``; ``exact`` whether no plan asks
    for less; ``reached`` is false where the search ended before it could tell whether any plan does.
    """

    shares: Array
    score: float
    method: str
    exact: bool
    reached: bool = True


def least_effort(
    moves: Array,
    room: Array,
    scores: Sequence[Callable[[Array], Array]],
    join: Callable[[Array], Array],
    needed: float,
    *,
    kind: str = "linear",
    effort: str = "sum",
    slack: float = 1e-7,
    bend: Bend | None = None,
    cut_up: Sequence[Pieces] | None = None,
) -> Plan | None:
    """The shares of each lever's limit that reach a score with the least effort, or nothing where it is proved that no plan does.

    Args:
        moves: (I, J), how far indicator i moves, in its own unit, when lever j is used in full.
        room: (I,), how far each indicator may move.
        scores: for each indicator its score as a function of how far it moved.
        join: rows (N, I) of scores to the score that is wanted, (N,); never falling in any column.
        needed: the score to be reached.
        kind: ``linear`` or ``concave`` when the join is so, ``power`` when it is a sum of bent scores, else ``other``.
        effort: ``sum`` of the shares, or the largest share (``max``), and then the sum.
        slack: how far below ``needed`` is still taken as reached.
        bend: for ``power`` the power of the means, all of one; scores are then above zero where it is zero or less.
        cut_up: the scores, bent, in pieces, where :func:`in_pieces` has made them before.

    A linear join of concave scores is one linear program, and so is a geometric, harmonic or other power mean of scores whose
    powers are concave; scores with jumps or upward bends make it a mixed-integer program.
    Curved scores are taken in straight pieces that are off by a millionth of what they can gain (:data:`TOLERANCE`); where they
    bend upwards by a ten-thousandth, and the plan is then not exact.
    Any other concave join is cut by its tangents, at the plan and where the way from it to all that the levers can give meets
    the score, until the plan reaches it. For any other join tangents prove nothing and the plan is approximate. Source: Kelley
    1960, J. SIAM 8:703 (cutting planes); Veinott 1967, Operations Research 15:147 (where they are set).

    >>> plan = least_effort(np.eye(2), np.ones(2), [lambda d: 10 * d, lambda d: 4 * d], lambda s: s.mean(axis=1), 6.0)
    >>> plan.shares.round(6).tolist(), plan.method
    ([1.0, 0.5], 'linear')
    """
    bend = Bend() if kind != "power" or bend is None else bend
    bent = bend.scores(scores)
    cut_up = in_pieces(bent, room) if cut_up is None else cut_up
    whole = all(one.concave for one in cut_up)
    sharp = all(one.off <= TOLERANCE * max(1.0, float(np.ptp([*one.low, *one.high]))) for one in cut_up)

    def of(shares: Array) -> Array:
        change = np.minimum(moves @ shares, room)
        return np.array([float(score(change[[i]])[0]) for i, score in enumerate(bent)])

    def joined(rows: Array) -> Array:
        return join(rows) if bend.power == 1.0 else bend.of(join(bend.back(rows)))

    program = _Program(moves, room, cut_up, effort)
    point, ideal = of(np.zeros(moves.shape[1])), np.array([float(np.max([*one.low, *one.high])) for one in cut_up])
    proved = kind != "other"
    method = (
        "approximate" if not proved else "integer" if not whole else _NAME.get(bend.power if kind == "power" else kind, "power")
    )
    goal, least = (float(bend.of(np.array(at))) for at in (needed, needed - slack))
    aim, shares = goal, np.zeros(moves.shape[1])
    for _ in range(_CUTS):
        value, slope = tangent(joined, point, WIDTHS[kind])
        program.cut(slope, aim - value + float(slope @ point), keep=proved)
        if kind == "concave":
            border = _border(joined, point, ideal, aim)
            if border is not None:
                value, slope = tangent(joined, border, WIDTHS[kind])
                program.cut(slope, aim - value + float(slope @ border), keep=True)
        found, optimal = program.solve()
        if found is None:
            return None if optimal else Plan(shares, float(bend.back(joined(point[None]))[0]), method, False, reached=False)
        shares, last, point = found, point, of(found)
        reached = float(joined(point[None])[0])
        if reached >= least:
            return Plan(shares, float(bend.back(np.array(reached))), method, proved and optimal and sharp)
        if np.allclose(last, point, rtol=0.0, atol=1e-9):
            aim += goal - reached  # the tangents are met, the pieces are off by their tolerance
    return Plan(shares, float(bend.back(np.array(reached))), method, False, reached=False)


_NAME: dict[str | float, str] = {"linear": "linear", 1.0: "linear", 0.0: "log_linear", "concave": "cuts"}


def _border(join: Callable[[Array], Array], low: Array, high: Array, aim: float) -> Array | None:
    """The scores on the straight way from ``low`` to ``high`` where a join reaches the aim, or nothing where none does."""
    near, far = 0.0, 1.0
    if not float(join(low[None])[0]) < aim <= float(join(high[None])[0]):
        return None
    for _ in range(4):
        scale = np.linspace(near, far, 33)
        there = join(low + scale[:, None] * (high - low)) >= aim
        first = int(np.argmax(there))
        near, far = float(scale[max(0, first - 1)]), float(scale[first])
    return np.asarray(low + far * (high - low))


def tangent(join: Callable[[Array], Array], point: Array, width: float) -> tuple[float, Array]:
    """The value of a join at a point and its slope in each column, by central differences of a relative width."""
    step = width * np.where(np.abs(point) > 0, np.abs(point), 1.0)
    rows = np.concatenate([point[None], point + np.diag(step), point - np.diag(step)])
    value = join(rows)
    count = point.size
    return float(value[0]), (value[1 : count + 1] - value[count + 1 :]) / (2.0 * step)


class _Program:
    """The mixed-integer program: shares, the scores that they make, and rows that are added as tangents."""

    def __init__(self, moves: Array, room: Array, cut_up: Sequence[Pieces], effort: str) -> None:
        count = moves.shape[1]
        self.largest = count if effort == "max" else None
        width = count + (effort == "max")
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.upper, self.whole = [1.0] * width, [0] * width
        self.score: list[tuple[dict[int, float], float]] = []
        if effort == "max":
            self.rows += [({j: 1.0, count: -1.0}, -np.inf, 0.0) for j in range(count)]
        for i, one in enumerate(cut_up):
            change = {j: float(moves[i, j]) / float(room[i]) for j in range(count) if moves[i, j]}
            self.rows.append((change, -np.inf, 1.0))
            self._indicator(change, float(room[i]), one)
        self.cost = np.zeros(len(self.upper))
        self.cost[:count] = 1.0 if effort == "sum" else 1e-6
        if effort == "max":
            self.cost[count] = 1.0
        self.fixed, self.count = len(self.rows), count

    def _new(self, upper: float, whole: int = 0) -> int:
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def _indicator(self, change: dict[int, float], room: float, one: Pieces) -> None:
        """The variables and rows that say how much an indicator's score gains by its change, in shares of its room."""
        base = float(one.low[0])
        if one.concave:
            gain = self._new(max(0.0, float(one.high.max()) - base))
            for start, low, slope in zip(one.start.tolist(), one.low.tolist(), one.slope.tolist(), strict=True):
                row = {gain: 1.0, **{j: -slope * room * part for j, part in change.items()}}
                self.rows.append((row, -np.inf, low - base - slope * start))
            self.score.append(({gain: 1.0}, base))
            return
        here: dict[int, float] = {}
        told = {j: -part for j, part in change.items()}
        one_of: dict[int, float] = {}
        for start, end, low, slope in zip(*(x.tolist() for x in (one.start, one.end, one.low, one.slope)), strict=True):
            chosen, along = self._new(1.0, 1), self._new(max(0.0, (end - start) / room))
            self.rows.append(({along: 1.0, chosen: -(end - start) / room}, -np.inf, 0.0))
            told |= {chosen: start / room, along: 1.0}
            here |= {chosen: low - base, along: slope * room}
            one_of[chosen] = 1.0
        self.rows += [(told, 0.0, 0.0), (one_of, 1.0, 1.0)]
        self.score.append((here, base))

    def cut(self, slope: Array, needed: float, keep: bool) -> None:
        """Adds the row slope · scores ≥ needed; without ``keep`` it stands in the place of those before."""
        if not keep:
            del self.rows[self.fixed :]
        size = max(float(np.abs(slope).max()), 1e-300)
        row: dict[int, float] = {}
        for part, (here, base) in zip((slope / size).tolist(), self.score, strict=True):
            needed -= part * size * base
            for at, value in here.items():
                row[at] = row.get(at, 0.0) + part * value
        self.rows.append((row, needed / size, np.inf))

    def solve(self) -> tuple[Array | None, bool]:
        """The shares of the cheapest point and whether it is proved to be so; nothing where none is found, and whether none is."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        entries = [(at, k, value) for at, (row, _, _) in enumerate(self.rows) for k, value in row.items()]
        at, k, value = (np.array(part) for part in zip(*entries, strict=True))
        matrix = csr_array((value.astype(float), (at, k)), shape=(len(self.rows), len(self.upper)))
        low, high = (np.array([row[side] for row in self.rows]) for side in (1, 2))
        with quiet() if any(self.whole) else nullcontext():
            done: Any = milp(
                self.cost,
                integrality=np.array(self.whole),
                bounds=Bounds(0.0, np.array(self.upper)),
                constraints=LinearConstraint(matrix, low, high),
                options={"mip_rel_gap": 1e-7, "time_limit": 20.0},
            )
        if done.x is None:
            return None, done.status == 2
        return np.clip(done.x[: self.count], 0.0, 1.0), done.status == 0
