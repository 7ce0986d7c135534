"""Do units change place: transitions between classes from one period to the next, and whether neighbours bear on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.stats import Array
from tidu.diagnosis.geography.spatial import distances, nearest_weights, neighbours_mean


@dataclass(frozen=True, eq=False)
class Transitions:
    """Counts and shares of moves from class to class, (C, C) each, and the shares the classes would settle at.

    A row of shares is missing where no unit started; ``ergodic`` is missing where there is no single such state.
    """

    counts: NDArray[np.int64]
    shares: Array
    ergodic: Array

    @property
    def stayed(self) -> float:
        """The share of all moves that ended in the class where they began; missing where there are none."""
        total = int(self.counts.sum())
        return float(np.trace(self.counts)) / total if total else float("nan")


@dataclass(frozen=True, eq=False)
class Mobility:
    """Moves of ``units`` between quartiles of a node's score over ``periods``, all and by the quartile of their neighbours.

    ``test`` is whether they are the same whatever the neighbours: chi², degrees of freedom, p; without neighbours where too few
    units have a longitude and a latitude. Quartiles are of each
    period, so the state that all units settle at is even by construction; that beside a class of neighbours is not.
    """

    node: str
    periods: tuple[str, ...]
    units: int
    whole: Transitions
    by_neighbours: tuple[Transitions, ...]
    test: tuple[float, int, float] | None


def classes(y: Array, count: int = 4) -> NDArray[np.intp]:
    """The class 0 … count − 1 of each figure by quantiles of its own period, low first, for figures (units, periods).

    A figure at a cut belongs below it. Units must be seen in all periods. Raises ``classes_of_holes``.

    >>> classes(np.array([[1.0, 9.0], [2.0, 8.0], [3.0, 7.0], [4.0, 6.0]])).tolist()
    [[0, 3], [1, 2], [2, 1], [3, 0]]
    """
    if np.isnan(y).any():
        raise MethodError("classes_of_holes", units=int(np.isnan(y).any(axis=1).sum()))
    cuts = np.quantile(y, np.arange(1, count) / count, axis=0)
    found: NDArray[np.intp] = (y[None, :, :] > cuts[:, None, :]).sum(axis=0)
    return found


def transitions(place: NDArray[np.intp], count: int = 4, starts: NDArray[np.bool_] | None = None) -> Transitions:
    """The moves of units between classes (units, periods) of neighbouring periods; of ``starts`` (units, periods − 1) only.

    Source: Quah 1993, European Economic Review 37(2–3):426.

    >>> found = transitions(np.array([[0, 0, 1], [1, 1, 1], [1, 0, 0]]), 2)
    >>> found.counts.tolist(), found.ergodic.round(6).tolist()  # 2/3 stay low, 2/3 stay high
    ([[2, 1], [1, 2]], [0.5, 0.5])
    """
    before, after = place[:, :-1], place[:, 1:]
    use = np.ones(before.shape, dtype=bool) if starts is None else starts
    counts = np.bincount(before[use] * count + after[use], minlength=count * count).reshape(count, count).astype(np.int64)
    total = counts.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(total > 0, counts / total, np.nan)
    return Transitions(counts, shares, ergodic(shares))


def spatial_transitions(
    place: NDArray[np.intp], lag: NDArray[np.intp], count: int = 4, lags: int | None = None
) -> tuple[Transitions, ...]:
    """The moves of units apart by the class of their neighbours at the start, lowest class first.

    ``lag`` is the class of the mean of each unit's neighbours (units, periods). Source: Rey 2001, Geographical Analysis
    33(3):195.

    >>> found = spatial_transitions(np.array([[0, 1], [0, 0]]), np.array([[1, 1], [0, 0]]), 2)
    >>> [one.counts.tolist() for one in found]
    [[[1, 0], [0, 0]], [[0, 1], [0, 0]]]
    """
    return tuple(transitions(place, count, lag[:, :-1] == at) for at in range(count if lags is None else lags))


def ergodic(shares: Array) -> Array:
    """The state that a matrix of shares (C, C) settles at, (C,); missing where a row is missing or there are several states.

    >>> ergodic(np.array([[0.9, 0.1], [0.3, 0.7]])).round(6).tolist()
    [0.75, 0.25]
    >>> ergodic(np.eye(2)).tolist()
    [nan, nan]
    """
    size = shares.shape[0]
    if np.isnan(shares).any():
        return np.full(size, np.nan)
    system = np.vstack([shares.T - np.eye(size), np.ones(size)])
    if np.linalg.matrix_rank(system[:-1], tol=1e-10) < size - 1:
        return np.full(size, np.nan)
    found: Array = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0].clip(0.0, 1.0)
    return found


def same_as_whole(parts: Sequence[Transitions], whole: Transitions) -> tuple[float, int, float]:
    """Whether moves are the same whatever the neighbours: Pearson's chi², degrees of freedom, p-value; missing without moves.

    A class from which or to which nobody moves takes no degree. With many small cells p is a rough one. Source: Anderson
    and Goodman 1957, Annals of Mathematical Statistics 28(1):89.

    >>> one = transitions(np.array([[0, 0], [0, 0], [0, 1]]), 2)
    >>> chi2, free, p = same_as_whole([one, one], transitions(np.array([[0, 0], [0, 0], [0, 1]] * 2), 2))
    >>> chi2, free, p
    (0.0, 1, 1.0)
    """
    from scipy.special import chdtrc

    chi2, free = 0.0, 0
    for row in range(whole.counts.shape[0]):
        total = int(whole.counts[row].sum())
        starts = [(part.counts[row], int(part.counts[row].sum())) for part in parts]
        starts = [(counts, n) for counts, n in starts if n]
        reached = whole.counts[row] > 0
        if total == 0 or len(starts) < 2:
            continue
        free += (len(starts) - 1) * (int(reached.sum()) - 1)
        for counts, n in starts:
            wanted = n * whole.counts[row][reached] / total
            chi2 += float(np.sum((counts[reached] - wanted) ** 2 / wanted))
    return chi2, free, float(chdtrc(free, chi2)) if free else float("nan")


def moves_between(
    scores: Sequence[Mapping[str, Array]], periods: Sequence[str], lon: Array, lat: Array, *, least: int = 8, neighbours: int = 8
) -> tuple[Mobility, ...]:
    """The moves between quartiles over all periods of each node that is scored in all of them, node by node.

    ``scores`` is node → scores (units,) period by period. Units that are scored in all periods are taken, of these the placed
    ones where more than ``least`` have a longitude and a latitude; a node with no more than ``least`` units is left out.

    >>> rising = [{"d": np.arange(12.0)}, {"d": np.arange(12.0)[::-1]}]
    >>> nowhere = np.full(12, np.nan)
    >>> [(one.node, one.units, one.whole.stayed, one.by_neighbours) for one in moves_between(rising, ["1", "2"], nowhere, nowhere)]
    [('d', 12, 0.0, ())]
    """
    placed = ~np.isnan(lon) & ~np.isnan(lat)
    made = []
    for node in scores[-1]:
        if not all(node in found for found in scores):
            continue
        y = np.column_stack([found[node] for found in scores])
        seen = ~np.isnan(y).any(axis=1)
        use = seen & placed
        if seen.sum() <= least:
            continue
        if use.sum() <= least:
            made.append(Mobility(node, tuple(periods), int(seen.sum()), transitions(classes(y[seen])), (), None))
            continue
        weights = nearest_weights(distances(lon[use], lat[use]), min(neighbours, int(use.sum()) - 1))
        own, around = classes(y[use]), classes(neighbours_mean(y[use], weights))
        whole, by = transitions(own), spatial_transitions(own, around)
        made.append(Mobility(node, tuple(periods), int(use.sum()), whole, by, same_as_whole(by, whole)))
    return tuple(made)
