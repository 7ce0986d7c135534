"""What a unit gains on one rival, indicator by indicator, as a function of how far it moves, with bounds that move along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.stats import Array
from tidu.diagnosis.movement.foreseen import Foreseen
from tidu.diagnosis.movement.reach import Bend, Pieces, Plan, in_pieces, least_effort, tangent
from tidu.diagnosis.movement.refit import Refit


@dataclass(frozen=True, eq=False)
class Rival:
    """The lead over a rival, in scores bent by ``bend``, as a join of functions of how far each indicator moves.

    ``parts`` are the functions of a change (N,), ``cut_up`` the same in pieces, ``join`` makes their values (N, P) the lead. For
    weighted sums and means of one power a part is an indicator's whole share of the lead, and the join their sum; for other
    joins the unit's own scores come first and the rival's after them, whose score is taken as straight where ``at`` is.
    Right where each indicator is fitted by itself.
    """

    ahead: Foreseen
    kind: str
    parts: Sequence[Callable[[Array], Array]]
    cut_up: Sequence[Pieces]
    join: Callable[[Array], Array]

    @classmethod
    def of(cls, ahead: Foreseen, refit: Refit, bend: Bend, place: int, kind: str, at: Array | None = None) -> Rival:
        """The lead over the unit in ``place``; ``at`` is a plan (J,), nothing done where it is not given.

        Raises what a method raises that refuses figures on the way.
        """
        goal, start, count = ahead.goal, ahead.start, len(ahead.places)
        change = np.minimum(ahead.matrix @ at, ahead.room) if at is not None else np.zeros(count)

        def leaf(i: int, change: Array) -> Array:
            k = ahead.places[i]
            return refit.leaf(k, float(start.imputed[goal.u, goal.t, k]) + float(ahead.way[i]) * change)

        theirs = start.normalised[place, goal.t].copy()
        if change.any():
            theirs[ahead.places] = [leaf(i, change[[i]])[place, 0] for i in range(count)]

        def lines(row: Array) -> tuple[float, Array]:
            """The bent score of a row and its slope in each indicator that can move."""

            def joined(bent: Array) -> Array:
                return bend.of(ahead.join(bend.back(bent), row))

            value, slope = tangent(
                joined, bend.of(row[ahead.places]), 1.0 if kind == "linear" else 0.01 if kind == "power" else 1e-5
            )
            return value, np.nan_to_num(slope)

        value, slope = lines(theirs)
        base = np.nan_to_num(bend.of(theirs[ahead.places]))

        def lost(i: int, scores: Array) -> Array:
            return np.asarray(slope[i] * (bend.of(scores[place]) - base[i])) if slope[i] else np.zeros(scores.shape[1])

        if kind == "concave":
            own = [lambda change, i=i: leaf(i, change)[goal.u] for i in range(count)]
            parts = [*own, *(lambda change, i=i: -lost(i, leaf(i, change)) for i in range(count))]
            room = np.concatenate([ahead.room, ahead.room])
            return cls(
                ahead,
                kind,
                parts,
                in_pieces(parts, room),
                lambda rows: ahead.join(rows[:, :count]) + rows[:, count:].sum(axis=1) - value,
            )
        first, weight = lines(start.normalised[goal.u, goal.t])
        before = bend.of(start.normalised[goal.u, goal.t][ahead.places])

        def gain(i: int, change: Array) -> Array:
            scores = leaf(i, change)
            return np.asarray(weight[i] * (bend.of(scores[goal.u]) - before[i]) - lost(i, scores))

        parts = [lambda change, i=i: gain(i, change) for i in range(count)]
        return cls(ahead, "linear", parts, in_pieces(parts, ahead.room), lambda rows: rows.sum(axis=1) + first - value)

    def lead(self, shares: Array) -> float:
        """The lead of a plan."""
        change = np.minimum(self.ahead.matrix @ shares, self.ahead.room)
        changes = [*change, *change][: len(self.parts)]
        row = [float(part(np.array([x]))[0]) for part, x in zip(self.parts, changes, strict=True)]
        return float(self.join(np.array([row]))[0])

    def plan(self, lead: float, slack: float, effort: str) -> Plan | None:
        """The least demanding plan with this lead in bent scores, its score the lead; nothing where no plan has it."""
        times = 2 if self.kind == "concave" else 1
        return least_effort(
            np.concatenate([self.ahead.matrix] * times),
            np.concatenate([self.ahead.room] * times),
            self.parts,
            self.join,
            lead,
            kind=self.kind,
            effort=effort,
            slack=slack,
            cut_up=self.cut_up,
        )
