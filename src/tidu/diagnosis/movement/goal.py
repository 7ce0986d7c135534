"""What is to be reached: a rank or a score of a unit, and whether an index or a row of scores is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.stats import Array
from tidu.index.result import Index


def rank_of(index: Index, u: int, t: int) -> int:
    """The rank of a unit that is ranked, by its place and that of the period."""
    return int(index.ranks[u, t, -1])


@dataclass(frozen=True)
class Goal:
    """A rank or a score of the unit in place ``u`` in period ``t``."""

    u: int
    t: int
    rank: int | None
    score: float | None

    def asked(self, index: Index) -> float:
        """The score that the goal asks for in an index: the given one, or that of the unit now at the rank, self left out."""
        return float(self.asked_of(np.where(index.shown, index.scores[:, self.t, -1], np.nan)[None])[0])

    def rival(self, index: Index) -> int | None:
        """The place of the unit whose score a rank asks for in an index; nothing for a score, or where no unit is there."""
        scores = np.where(index.shown, index.scores[:, self.t, -1], np.nan)
        scores[self.u] = np.nan
        place = (self.rank or 0) - 1
        if self.score is not None or place >= int((~np.isnan(scores)).sum()):
            return None
        return int(np.argsort(np.where(np.isnan(scores), np.inf, -scores), kind="stable")[place])

    def asked_of(self, scores: Array) -> Array:
        """The same for rows of scores of the shown units (N, units), (N,)."""
        if self.score is not None:
            return np.full(len(scores), self.score)
        others = np.delete(scores, self.u, axis=1)
        place = (self.rank or 1) - 1
        if place >= others.shape[1]:
            return np.full(len(scores), -np.inf)
        return -np.sort(np.where(np.isnan(others), np.inf, -others), axis=1)[:, place]

    def met(self, index: Index) -> bool:
        """Whether the unit is there."""
        return bool(self.met_by(index.scores[[self.u], self.t, -1], index.ranks[[self.u], self.t, -1])[0])

    def met_by(self, scores: Array, ranks: Array) -> Any:
        """The same for scores and ranks of the unit, each (N,)."""
        if self.score is not None:
            return scores >= self.score - 1e-9 * max(1.0, abs(self.score))
        return ranks <= (self.rank or 1)
