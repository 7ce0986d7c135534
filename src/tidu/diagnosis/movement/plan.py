"""The search for a plan: what is aimed at under today's parameters, built again, and mended until the index bears it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.stats import Array
from tidu.diagnosis.movement.foreseen import Foreseen, Move
from tidu.diagnosis.movement.goal import Goal, rank_of
from tidu.diagnosis.movement.levers import Levers, with_cells
from tidu.diagnosis.movement.polish import LESS, Trials, least, reach
from tidu.diagnosis.movement.reach import Bend, in_pieces, least_effort
from tidu.diagnosis.movement.refit import Refit, rebuilt
from tidu.diagnosis.movement.rival import Rival
from tidu.diagnosis.movement.trim import orders, trimmed
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: How often the needed score is raised when the rebuilt index falls short.
ROUNDS = 8
#: How often a plan that reaches too far is taken back.
BACK = 3
#: How many trimmed plans of one aim are built again, the cheapest first, and how often the aim is raised where none stands.
TRIED, RAISED = 4, 3
#: How many rivals are passed one after the other when bounds move along.
RIVALS = 6
#: Above a score by this share of its size (or of one) is a hair above.
HAIR = 1e-6
#: So many figures are fitted again in a search, and so many plans are tried at least and at most; fewer one by one.
FIGURES, FEWEST, MOST = 3_000_000, 240, 2400
ONE_BY_ONE = 8
#: A move that adds less than this many points shows none.
FELT = 0.005
#: A plan found by trying must ask for less by this much to be taken in the place of a program's.
GAIN = 1e-4


@dataclass(frozen=True)
class Round:
    """One rebuilding: the score aimed at, the score and rank that the rebuilt index gives, the score it asks for, the effort.

    ``moved`` names what today's bounds did not foresee: ``bounds``, ``treatment``, ``weights``; empty where nothing moved.
    """

    aimed: float
    score: float
    rank: int | None
    asked: float
    effort: float
    moved: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Made:
    """A plan with the index that it gives; ``exact`` where no plan asks for less, or none gets further, when built again."""

    shares: Array
    index: Index
    method: str
    exact: bool


@dataclass(frozen=True, eq=False)
class Aimed:
    """The cheapest plan that programs found and the rebuilt index bears out, the last one that fell short and how it was found.

    ``told`` is whether every program told whether there is a plan.
    """

    best: Made | None
    short: Array
    name: str
    told: bool


class Search:
    """One search: what is foreseen under today's parameters, and every rebuilding that it took."""

    def __init__(
        self, start: Index, goal: Goal, found: Levers, kind: str, effort: str, seed: int, bend: Bend | None = None
    ) -> None:
        self.start, self.goal, self.found, self.kind, self.effort, self.seed = start, goal, found, kind, effort, seed
        self.bend = bend or Bend()
        self.rounds: list[Round] = []
        self.tried = 0
        self.ahead = Foreseen(start, goal, found, seed)
        self.refit = Refit(start, goal.u, goal.t)

    def rebuilt(self, shares: Array) -> Index:
        """The whole index with a plan put into its figures."""
        if not shares.any():
            return self.start
        return rebuilt(self.start, self._panel(shares))

    def _panel(self, shares: Array) -> Panel:
        """The figures with a plan put in."""
        unit, period = self.start.units[self.goal.u], self.start.periods[self.goal.t]
        cells = {
            lever.column: lever.value + lever.limit * share
            for lever, share in zip(self.found.levers, shares.tolist(), strict=True)
            if share > 0
        }
        return with_cells(self.start.panel, unit, period, cells)

    def plan(self) -> Made:
        """The least demanding plan that the rebuilt index bears out, or all levers at their limits.

        A column that shows no points is left out where the goal is met without it.
        """
        made = self._plan()
        if not self.goal.met(made.index):
            return made
        for j in self._idle(made):
            fewer = np.where(np.arange(made.shares.size) == j, 0.0, made.shares)
            index = self.rebuilt(fewer)
            if self.goal.met(index):
                made = replace(made, shares=fewer, index=index)
                if self.rounds:
                    self._round(self.ahead.score(fewer), fewer)
        return made

    def moves(self, made: Made) -> tuple[Move, ...]:
        """A plan indicator by indicator, the largest gain first, and why one that shows no points is in it all the same.

        ``along``: its column moves another indicator that gains; ``bounds``: without it bounds, treatment or weights stay where
        they are and the plan stands lower; ``just``: without it the plan stands lower by what it adds; ``idle``: for nothing, in
        the best attainable that has every lever at its limit.
        """
        idle = {self.found.levers[j].column: self._why(made, j) for j in self._idle(made)}
        found = self.ahead.moves(made.shares)
        return tuple(replace(move, why=idle.get(move.column, "along")) if abs(move.points) < FELT else move for move in found)

    def _idle(self, made: Made) -> list[int]:
        """The columns of a plan that show no points, those of the largest share first."""
        gained: dict[str, float] = {}
        for move in self.ahead.moves(made.shares):
            gained[move.column] = max(gained.get(move.column, 0.0), abs(move.points))
        places = [j for j in np.argsort(-made.shares, kind="stable").tolist() if made.shares[j] > 0]
        return [j for j in places if gained.get(self.found.levers[j].column, 0.0) < FELT]

    def _why(self, made: Made, j: int) -> str:
        """Why a column that shows no points is in a plan."""
        u, t = self.goal.u, self.goal.t
        fewer = self.rebuilt(np.where(np.arange(made.shares.size) == j, 0.0, made.shares))
        loss = float(made.index.scores[u, t, -1] - fewer.scores[u, t, -1])
        worse = rank_of(fewer, u, t) > rank_of(made.index, u, t) or (self.goal.met(made.index) and not self.goal.met(fewer))
        if not worse and loss <= 1e-9:
            return "idle"
        others = np.arange(len(self.start.units)) != u
        ends = [index.scores[others, t, -1] for index in (made.index, fewer)]
        same = np.allclose(ends[0], ends[1], rtol=0.0, atol=1e-9, equal_nan=True)
        return (
            "just" if same and made.index.treatment(self.start.periods[t]) == fewer.treatment(self.start.periods[t]) else "bounds"
        )

    def _plan(self) -> Made:
        """The least demanding plan that was found, or all levers at their limits."""
        none = np.zeros(len(self.found.levers))
        if self.goal.met(self.start):
            return Made(none, self.start, self._name(), True)
        if not self.ahead.codes:
            return Made(none, self.start, self._name(), self.kind != "other")
        asked = self.goal.asked(self.start)
        hair = (HAIR if self.goal.rank is not None else HAIR / 100) * max(1.0, abs(asked))
        found = self._aimed(self.ahead.scores, asked, hair)
        best = found.best
        if best is not None and best.method == "approximate":
            best = self._trimmed(best, hair)
        if self._still():
            if best is None and self.kind != "other" and found.told and not self.rounds:
                return self._last(self.ahead.most(), found.name, True)
            if best is not None and best.exact:
                return best
        elif self.kind != "other" and self.refit.quick:
            best = self._moving(best, asked, hair)
        return self._searched(best, found.short, found.name)

    def _moving(self, best: Made | None, asked: float, hair: float) -> Made | None:
        """The cheapest of a plan and those under bounds that move along with the unit's own figures."""
        try:
            if self.goal.rank is not None and self.goal.rival(self.start) is not None:
                made = self._passing(asked, hair)
            else:
                made = self._aimed(self.ahead.moving(self.refit), asked, hair).best
        except TiduError:  # a method refuses figures on the way
            return best
        if made is None or (best is not None and self._cost(best.shares) <= self._cost(made.shares) + LESS):
            return best
        return made

    def _passing(self, asked: float, hair: float) -> Made | None:
        """The cheapest plan that passes one rival after the other, each the one at the rank when the plan before is built."""
        best, rival, told = None, self.goal.rival(self.start), set[int]()
        over = float(self.bend.of(np.array(asked + hair)) - self.bend.of(np.array(asked)))
        while rival is not None and rival not in told and len(told) < RIVALS:
            told.add(rival)
            lead, last, at = over, rival, None
            for _ in range(RAISED):
                found = Rival.of(self.ahead, self.refit, self.bend, last, self.kind, at).plan(lead, over / 2, self.effort)
                if found is None or not found.reached:
                    return best
                index, at = self._round(self.ahead.score(found.shares), found.shares), found.shares
                met = self.goal.met(index)
                if met and (best is None or self._cost(found.shares) < self._cost(best.shares)):
                    name = found.method if found.method == "integer" else self._name()
                    best = Made(found.shares, index, name, False)
                rival = self.goal.rival(index)
                if rival != last or (met and self.kind != "concave"):
                    break
                lead += 0.0 if met else lead
        return best

    def _name(self) -> str:
        """How a program of this join is called."""
        if self.kind == "power":
            return "log_linear" if self.bend.power == 0.0 else "power"
        return {"other": "approximate", "concave": "cuts"}.get(self.kind, self.kind)

    def _aimed(self, scores: Sequence[Callable[[Array], Array]], asked: float, hair: float) -> Aimed:
        """The cheapest plan of programs whose aim is mended until the rebuilt index bears them out, and the last that fell short.

        ``scores`` are the unit's own, as functions of how far it moves.
        """
        none = np.zeros(len(self.found.levers))
        top, backed, name = np.inf, 0, self._name()
        aim, short, cut_up = asked + hair, none, in_pieces(self.bend.scores(scores), self.ahead.room)
        best: Made | None = None
        told = True
        below: tuple[float, float] | None = None  # the last aim that fell short, and by how much
        for _ in range(ROUNDS):
            found = least_effort(
                self.ahead.matrix,
                self.ahead.room,
                scores,
                self.ahead.join,
                aim,
                kind=self.kind,
                effort=self.effort,
                slack=hair / 2,
                bend=self.bend,
                cut_up=cut_up,
            )
            if found is not None and not found.reached:
                name, short, told = found.method, found.shares, False
                break
            if found is None or (best is not None and np.allclose(found.shares, best.shares, rtol=0.0, atol=1e-7)):
                break
            made = self._round(aim, found.shares)
            over = self.rounds[-1].score - self.rounds[-1].asked
            if self.goal.met(made):
                if best is None or self._cost(found.shares) < self._cost(best.shares):
                    best = Made(found.shares, made, found.method, found.exact)
                    backed += 1
                if over <= 2 * hair or not self.rounds[-1].moved:
                    break
                top, lower = aim, aim - (over - hair)
                if below is not None:
                    lower = below[0] + (aim - below[0]) * (hair - below[1]) / (over - below[1])
                aim = lower
            else:
                name, short = found.method, found.shares
                reached = max(aim, found.score)
                if best is not None:
                    aim, backed = (aim + top) / 2, backed + 1
                else:
                    rate = 1.0 if below is None else (over - below[1]) / max(reached - below[0], hair)
                    aim = reached + max((hair - over) / min(max(rate, 0.1), 1.0), hair)
                below = (reached, over)
            if best is not None and (abs(top - aim) <= 2 * hair or backed > BACK):
                break
        return Aimed(best, short, name, told)

    def _cost(self, shares: Array) -> float:
        return float(shares.sum() if self.effort == "sum" else shares.max())

    def _round(self, aim: float, shares: Array) -> Index:
        made = self.rebuilt(shares)
        u, t = self.goal.u, self.goal.t
        score = float(made.scores[u, t, -1])
        asked = self.goal.asked(made)
        self.rounds.append(Round(aim, score, rank_of(made, u, t), asked, self._cost(shares), self._moved(made)))
        return made

    def _moved(self, made: Index) -> tuple[str, ...]:
        """What a rebuilding changed beside the unit's own figures."""
        t, start = self.goal.t, self.start
        others = np.arange(len(start.units)) != self.goal.u
        label = start.periods[t]
        treated = start.treatment(label) != made.treatment(label)
        same = np.allclose(start.normalised[others, t], made.normalised[others, t], rtol=0.0, atol=1e-9, equal_nan=True)
        before, after = start.weights(label), made.weights(label)
        weighed = any(abs(before[node] - after.get(node, 0.0)) > 1e-9 for node in before)
        flags = (("treatment", treated), ("bounds", not same and not treated), ("weights", weighed))
        return tuple(name for name, flag in flags if flag)

    def _trimmed(self, made: Made, hair: float) -> Made:
        """The cheapest of many trimmed plans that the rebuilt index bears out; the given one where none is cheaper.

        Plans are trimmed under the parameters of the start, from the given plan, from all levers at their limits and from all
        of them at an even share, in several orders; what falls short when it is built again raises the aim.
        """
        even, most = made.shares, self.ahead.most()
        gains = np.array([self.ahead.score(one * most) for one in np.eye(most.size)])
        tried = orders(gains, self.seed)
        aim = self.goal.asked(self.start) + hair
        best = made
        for _ in range(RAISED):

            def reached(plans: Array, aim: float = aim) -> Any:
                return self.ahead.join(self.ahead.at(plans)) >= aim

            scale = np.linspace(0.0, 1.0, 101)[:, None]
            there = np.flatnonzero(reached(scale * most))
            starts = [even, most, *([float(scale[there[0], 0]) * most] if there.size else [])]
            starts = [start for start in starts if bool(reached(start[None])[0])]
            if not starts:
                break
            found = [plan for start in starts for plan in (*trimmed(reached, start, tried), start)]
            found = sorted((plan for plan in found if self._cost(plan) < self._cost(best.shares) - 1e-6), key=self._cost)
            lacking = 0.0
            for plan in found[:TRIED]:  # the cheapest first
                index = self.rebuilt(plan)
                if self.goal.met(index):
                    best = Made(plan, index, made.method, False)
                    break
                lacking = max(lacking, self.goal.asked(index) - float(index.scores[self.goal.u, self.goal.t, -1]))
            if best is not made or not lacking > 0:
                break
            aim += lacking + hair
        if best is not made:
            self._round(self.ahead.score(best.shares), best.shares)
        return best

    def _still(self) -> bool:
        """Whether all levers at their limits leave the parameters of the start where they are, so that they hold for any plan."""
        framework = self.start.framework
        if any(framework.choice("treat", code).method.name != "none" for code in framework.leaves):
            return False  # a treatment may set in on the way to the limits and be gone there
        return not self._moved(self.rebuilt(self.ahead.most()))

    def _trials(self) -> Trials:
        """Plans tried on the index fitted again."""
        goal, start = self.goal, self.start
        refit, at = self.refit, np.array(self.ahead.places, dtype=np.intp)
        row = start.imputed[goal.u, goal.t]

        def run(plans: Array) -> tuple[Any, Array, Array]:
            change = plans @ self.ahead.matrix.T
            over = (change > self.ahead.room * (1 + 1e-9)).any(axis=1)
            rows = np.repeat(row[None], len(plans), axis=0)
            rows[:, at] += self.ahead.way * np.minimum(change, self.ahead.room)
            scores = refit.scores(rows, lambda place: self._panel(plans[place]))
            own, ranks = scores[:, goal.u], refit.ranks(scores)
            margin = own - goal.asked_of(np.where(start.shown, scores, np.nan))
            met = goal.met_by(own, ranks) & ~over
            steps = np.where(over | np.isnan(own), np.inf, ranks if goal.rank is not None else 0.0)
            return (
                met,
                np.where(over | np.isnan(margin), -np.inf, margin),
                np.column_stack([steps, np.where(np.isnan(own), np.inf, -own)]),
            )

        size = len(start.units) * len(refit.kept) * max(1, len(self.ahead.codes))
        most = int(np.clip(FIGURES // size, FEWEST, MOST))
        return Trials(run, self.effort, most if refit.quick else most // ONE_BY_ONE)

    def _searched(self, best: Made | None, short: Array, name: str) -> Made:
        """The cheapest plan that is found by trying on the index fitted again, or the one that gets furthest."""
        tried = self._trials()
        if best is None and not reach(tried, np.array([self.ahead.most(), short])):
            far = self._fewer(tried, self.ahead.most() if tried.furthest is None else tried.furthest)
            self.tried = tried.count
            return self._last(far, name, False)
        starts = [best.shares] if best is not None else [] if tried.cheapest is None else [tried.cheapest]
        plan = least(tried, np.array(starts))
        self.tried = tried.count
        if plan is not None and (best is None or self._cost(plan) < self._cost(best.shares) - GAIN):
            for up in (1e-6, 1e-5, 1e-4, 0.0):  # a hair above, where a little more is felt
                raised = np.minimum(plan * (1 + up), self.ahead.most())
                index = self.rebuilt(raised)
                score, asked = float(index.scores[self.goal.u, self.goal.t, -1]), self.goal.asked(index)
                if self.goal.met(index) and (not up or score - asked >= 1e-7 * max(1.0, abs(asked))):
                    self._round(score, raised)
                    return Made(raised, index, "search", False)
        if best is not None:
            return replace(best, exact=False)
        return self._last(short, name, False)

    def _last(self, shares: Array, name: str, proved: bool) -> Made:
        """A plan that does not reach, with the index that it gives."""
        return Made(shares, self.rebuilt(shares), name, proved)

    def _fewer(self, tried: Trials, plan: Array) -> Array:
        """A plan without the levers that neither its rank nor its score needs."""
        own = tried.distance(plan)
        for j in np.argsort(plan, kind="stable").tolist():
            fewer = np.where(np.arange(plan.size) == j, 0.0, plan)
            if plan[j] > 0 and fewer.any() and tried.distance(fewer) <= own:
                plan = fewer
        return plan
