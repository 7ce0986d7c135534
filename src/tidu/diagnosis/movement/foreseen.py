"""What plans give under today's parameters: scores of the indicators that they move, the score of the whole, points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tidu.core.stats import Array
from tidu.diagnosis.explanation.parts import shapley_parts
from tidu.diagnosis.movement.goal import Goal
from tidu.diagnosis.movement.levers import Levers
from tidu.diagnosis.movement.refit import Refit
from tidu.index.context import Context
from tidu.index.result import Index
from tidu.index.steps import Sample, apply
from tidu.index.tree import climb


@dataclass(frozen=True)
class Move:
    """One indicator of a plan: its figure from and to, its limit in the same unit, and what it adds to the score.

    ``code`` is the indicator, ``lever`` the name that an instrument answers to: what the file calls it, else the code. ``column``
    is the printed column that carries the change, ``column_from`` and ``column_to`` its figures. ``points`` are exact where the
    joins are means, else Shapley values, under the bounds of today; ``why`` says why an indicator that shows none is there
    (:meth:`~.plan.Search.moves`).
    """

    code: str
    lever: str
    label: Mapping[str, str]
    unit: str | None
    start: float
    end: float
    limit: float
    share: float
    points: float
    column: str
    column_from: float
    column_to: float
    seen: int
    among: str
    why: str | None = None

    @property
    def change(self) -> float:
        """How far the figure moves, with its sign."""
        return self.end - self.start


class Foreseen:
    """The levers of a goal as arrays, and what shares of their limits give under the parameters of the start.

    ``codes`` are the indicators that some lever moves, ``places`` theirs among the leaves, ``way`` +1 where more is better;
    ``matrix`` (indicators, levers) is how far each lever at its limit moves each for the better, ``room`` the most that each
    moves, ``scores`` their scores as functions of how far they move.
    """

    def __init__(self, start: Index, goal: Goal, found: Levers, seed: int) -> None:
        self.start, self.goal, self.found, self.seed = start, goal, found, seed
        leaves = start.framework.leaves
        self.codes = [code for code in leaves if any(code in lever.moves for lever in found.levers)]
        self.places = [leaves.index(code) for code in self.codes]
        self.way = np.array([1.0 if start.framework.table.indicator[code].better == "higher" else -1.0 for code in self.codes])
        self.step = np.array([lever.limit for lever in found.levers])
        self.matrix = np.array([[lever.moves.get(code, 0.0) * lever.limit for lever in found.levers] for code in self.codes])
        self.matrix = self.matrix.reshape(len(self.codes), len(found.levers)) * self.way[:, None]
        self.room = np.array([found.rooms[code].limit for code in self.codes])
        self.scores = [self._score_of(code, way) for code, way in zip(self.codes, self.way.tolist(), strict=True)]
        self.row = start.normalised[goal.u, goal.t]

    def _score_of(self, code: str, way: float) -> Callable[[Array], Array]:
        """An indicator's score as a function of how far it moves for the better, under the fitted parameters."""
        index, u, t, k = self.start, self.goal.u, self.goal.t, self.start.framework.leaves.index(code)
        framework = index.framework
        direction = np.array([1.0 if framework.table.indicator[leaf].better == "higher" else -1.0 for leaf in framework.leaves])
        top = self._top(k)
        treat, normalise = (
            [_alone(fit, k) for fit in fits if k in fit.columns and fit.period in (None, index.periods[t])]
            for fits in (index.frozen.treat, index.frozen.normalise)
        )
        normalise = [_beside_itself(fit, float(index.treated[u, t, k] * direction[k])) for fit in normalise]

        def scores(change: Array) -> Array:
            count = change.size
            x = np.repeat(index.imputed[[u]], count, axis=0)
            x[:, t, k] += way * change
            around = Context(
                units=(index.units[u],) * count,
                periods=index.periods,
                codes=framework.leaves,
                direction=direction,
                groups={key: (texts[u],) * count for key, texts in index.panel.groups.items()},
                weight_sets=framework.table.weight_set,
                seed=self.seed,
            )
            done = apply(normalise, apply(treat, x, around) * direction, around, empty=True)[:, t, k]
            return np.minimum(done, top)

        return scores

    def _top(self, k: int) -> float:
        """The most that an indicator scores under today's bounds where these were fitted on figures and end the scale."""
        label = self.start.periods[self.goal.t]
        for fit in self.start.frozen.normalise:
            if k in fit.columns and fit.period in (None, label) and fit.method.name in ("min_max", "distance_to_max"):
                now = float(self.start.normalised[self.goal.u, self.goal.t, k])
                return max(float(fit.options["onto"][1]), now)
        return np.inf

    def moving(self, refit: Refit) -> list[Callable[[Array], Array]]:
        """Each indicator's score as a function of how far it moves for the better, bounds and treatment fitted along with it."""

        def one(place: int, way: float) -> Callable[[Array], Array]:
            own = float(self.start.imputed[self.goal.u, self.goal.t, place])
            return lambda change: refit.leaf(place, own + way * change)[self.goal.u]

        return [one(place, way) for place, way in zip(self.places, self.way.tolist(), strict=True)]

    def join(self, rows: Array, beside: Array | None = None) -> Array:
        """The score of the root for rows of scores of the indicators that can move, (N, I) to (N,).

        ``beside`` are the scores of all indicators, those of the unit unless another's are given.
        """
        index, t = self.start, self.goal.t
        leaves = np.repeat((self.row if beside is None else beside)[None], rows.shape[0], axis=0)
        leaves[:, self.places] = rows
        around = Context(units=("",) * rows.shape[0], periods=(index.periods[t],), weight_sets=index.framework.table.weight_set)
        sample = Sample(np.arange(rows.shape[0]), np.array([0]))
        done, _ = climb(index.framework, leaves[:, None], index.live[[t]], sample, around, index.frozen.joins)
        return np.asarray(done[:, 0, -1])

    def at(self, shares: Array) -> Array:
        """The scores of the indicators under plans (..., J), (..., I)."""
        if not self.scores:
            return np.zeros((*shares.shape[:-1], 0))
        plans = np.atleast_2d(shares)
        change = np.minimum(plans @ self.matrix.T, self.room)
        made = np.column_stack([score(change[:, i]) for i, score in enumerate(self.scores)])
        return made.reshape(*shares.shape[:-1], len(self.scores))

    def score(self, shares: Array) -> float:
        """The score of a plan under the parameters of the start."""
        return float(self.join(self.at(shares)[None])[0])

    def most(self) -> Array:
        """All levers at their limits, columns of one indicator sharing its room."""
        most = np.ones(len(self.found.levers))
        full = self.matrix @ most / self.room
        for row, over in zip(self.matrix, full.tolist(), strict=True):
            if over > 1.0:
                most = np.where(row != 0, np.minimum(most, 1.0 / over), most)
        return most

    def moves(self, shares: Array) -> tuple[Move, ...]:
        """The plan indicator by indicator, the largest gain first."""
        used = [i for i in range(len(self.codes)) if (self.matrix[i] @ shares) > 0]
        if not used:
            return ()
        a, b = self.at(shares), self.at(np.zeros(shares.size))

        def some(rows: Array) -> Array:
            whole = np.repeat(b[None], rows.shape[0], axis=0)
            whole[:, used] = rows
            return self.join(whole)

        points, _ = shapley_parts(a[None][:, used], b[None][:, used], some, seed=self.seed)
        framework = self.start.framework
        found = []
        for at, i in enumerate(used):
            code = self.codes[i]
            room, change = self.found.rooms[code], float(self.matrix[i] @ shares)
            j = int(np.argmax(self.matrix[i] * shares))
            lever = self.found.levers[j]
            found.append(
                Move(
                    code=code,
                    lever=framework.permits[code].name,
                    label={lang: framework.label(code, lang) for lang in ("zh", "en")},
                    unit=framework.table.indicator[code].unit,
                    start=room.figure,
                    end=room.figure + float(self.way[i]) * change,
                    limit=_whole(room.figure, float(self.way[i]) * room.limit),
                    share=change / room.limit,
                    points=float(points[0, at]),
                    column=lever.column,
                    column_from=lever.value,
                    column_to=lever.value + lever.limit * float(shares[j]),
                    seen=room.seen,
                    among=room.among,
                )
            )
        return tuple(sorted(found, key=lambda move: -move.points))


def _whole(figure: float, change: float) -> float:
    """A figure with a change; zero where only rounding is left."""
    made = figure + change
    return 0.0 if abs(made) <= 1e-12 * abs(figure) else made


def _alone(fit: Any, k: int) -> Any:
    """A fit cut to one column."""
    at = int(np.flatnonzero(fit.columns == k)[0])
    size = fit.columns.size
    if size == 1:
        return fit
    cut = {
        key: value[..., [at]] if isinstance(value, np.ndarray) and value.ndim and value.shape[-1] == size else value
        for key, value in fit.fitted.items()
    }
    return replace(fit, columns=fit.columns[[at]], fitted=cut)


def _beside_itself(fit: Any, own: float) -> Any:
    """A fit of ranks without the unit's own figure, which moves along and so is never passed."""
    ordered = fit.fitted.get("ordered")
    if ordered is None:
        return fit
    at = np.flatnonzero(ordered[:, 0] == own)
    if not at.size:
        return fit
    left, seen = np.delete(ordered[:, 0], at[0]), int(fit.fitted["seen"][0])
    return replace(fit, fitted={**fit.fitted, "ordered": np.insert(left, seen - 1, np.inf)[:, None]})
