"""Which factor moves the ranks: variance-based indices of every unit's score and rank and of the mean rank shift.

Exact by enumeration where the space is finite and small enough; else estimated from scrambled Sobol points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.stats import Array
from tidu.index.acceptability import Ranks
from tidu.index.bench import Bench, Progress, check_size, fitting
from tidu.index.effects import effects, ranked
from tidu.index.factors import space
from tidu.index.framework import Framework
from tidu.index.sobol import Estimator, Indices, exact_indices, resamples_of, terms
from tidu.index.uncertainty import LIMIT, Uncertainty, enumerable, mean_shift, result, unit_points
from tidu.indicators.panel import Panel

#: An interval wider than this is told of.
WIDE = 0.2
#: Points of each set where nothing is said of how many.
DRAWS = 1024


@dataclass(frozen=True)
class Caution:
    """Something to mind in estimated indices of the mean rank shift: ``above_total`` (S > ST) or ``wide`` (its interval)."""

    kind: str
    factor: str
    period: str
    value: float
    limit: float


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices by factor: ``shift`` (periods), ``score`` and ``rank`` (units, periods), and the points they are made of.

    ``uncertainty`` holds all combinations when ``exact``, else the two independent sets of points; ``draws`` is the size of one.
    """

    factors: tuple[str, ...]
    exact: bool
    estimator: str
    draws: int
    evaluations: int
    shift: Indices
    score: Indices
    rank: Indices
    uncertainty: Uncertainty
    cautions: tuple[Caution, ...] = ()

    def rows(self, period: str | int | None = None) -> list[dict[str, Any]]:
        """One row a factor: first and total index of the mean rank shift, their intervals where estimated."""
        t = self.uncertainty.place(period)
        out = []
        for at, factor in enumerate(self.factors):
            row: dict[str, Any] = {
                "factor": factor,
                "first": float(self.shift.first[at, t]),
                "total": float(self.shift.total[at, t]),
            }
            for key in ("first_low", "first_high", "total_low", "total_high"):
                bound = getattr(self.shift, key)
                if bound is not None:
                    row[key] = float(bound[at, t])
            out.append(row)
        return out

    def pairs(self, period: str | int | None = None) -> list[dict[str, Any]]:
        """One row a pair of factors: their second-order index of the mean rank shift, largest first; empty where estimated."""
        if self.shift.second is None:
            return []
        t, count = self.uncertainty.place(period), len(self.factors)
        made = [
            {"factor": self.factors[i], "other": self.factors[j], "second": float(self.shift.second[i, j, t])}
            for i in range(count)
            for j in range(i + 1, count)
        ]
        return sorted(made, key=lambda row: -row["second"])

    def unit_rows(self, unit: str, period: str | int | None = None) -> list[dict[str, Any]]:
        """One row a factor: first and total index of a unit's own score and rank, with their intervals where estimated.

        Raises ``unknown_unit``, ``unknown_period``.
        """
        t = self.uncertainty.place(period)
        u = self.uncertainty.units.index(self.uncertainty.space.panel.unit(unit))
        out = []
        for at, factor in enumerate(self.factors):
            row: dict[str, Any] = {"factor": factor}
            for what, found in (("score", self.score), ("rank", self.rank)):
                for key in ("first", "total", "first_low", "first_high", "total_low", "total_high"):
                    table = getattr(found, key)
                    if table is not None:
                        row[f"{what}_{key}"] = float(table[at, u, t])
            out.append(row)
        return out


class _Gathered:
    """Indices of one kind of output, filled factor by factor and period by period."""

    def __init__(self, factors: int, shape: tuple[int, ...]) -> None:
        self.mean, self.variance = np.full(shape, np.nan), np.full(shape, np.nan)
        self.tables = {key: np.full((factors, *shape), np.nan) for key in ("first", "total", *_BOUNDS)}

    def indices(self) -> Indices:
        return Indices(self.mean, self.variance, **self.tables)


_BOUNDS = ("first_low", "first_high", "total_low", "total_high")


def sensitivity(
    framework: Framework,
    panel: Panel,
    *,
    names: Sequence[str] | None = None,
    draws: int | None = None,
    seed: int = 0,
    node: str | None = None,
    limit: int = LIMIT,
    exact: bool | None = None,
    estimator: Estimator = "azzini",
    resamples: int = 200,
    level: float = 0.9,
    progress: Progress | None = None,
) -> Sensitivity:
    """Indices of every unit's score and rank, and of the mean absolute rank shift against the index as the file says.

    A finite space of at most ``limit`` combinations is enumerated: first, total and second-order indices are exact.
    Else ``draws`` × (2 × factors + 2) points are scored, or × (factors + 2) with another estimator than ``azzini``; a factor of
    several coordinates is moved as one. Intervals are percentile intervals of a joint bootstrap: the same resampled points for
    every term and output. Scrambled points are more even than independent ones, so the intervals err on the wide side.

    Args:
        framework: an index with ``[uncertain.NAME]`` tables.
        panel: its figures.
        names: take these factors only.
        draws: points of each of the two sets, best a power of two; :data:`DRAWS`, or as many as can be held.
        seed: of the points, of what factors draw, and of the bootstrap.
        node: the inner node that is looked at; the index itself when left out.
        limit: the largest space that is enumerated.
        exact: ``True`` refuses to sample, ``False`` to enumerate.
        estimator: of the first-order index, see :func:`tidu.index.sobol.estimate`.
        resamples: of the bootstrap.
        level: of its intervals.
        progress: called with (points done, points in all); what it raises ends the run.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "higher"
    ... [uncertain.a]
    ... address = "indicator.a.weight"
    ... among = [1, 4]
    ... [uncertain.nothing]
    ... address = "normalise.truncate"
    ... among = [false, true]
    ... ''')
    >>> panel = Panel.of(["x", "y", "z"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]], [[9, 1]]])
    >>> found = sensitivity(framework, panel)
    >>> found.exact, found.score.first[:, 1, 0].tolist(), found.uncertainty.idle
    (True, [1.0, 0.0], ('nothing',))
    """
    bench = Bench(space(framework, panel, names, seed=seed), node=node)
    told = effects(bench)
    factors = tuple(factor.name for factor in bench.space.factors)
    if enumerable(bench, limit, exact):
        check_size(bench, bench.space.size or 0)
        levels = bench.space.grid()
        found = result(bench, levels, None, True, told, progress)
        counts = [factor.count for factor in bench.space.factors]
        shift = exact_indices(found.shift().T, counts)
        score = _by_period([exact_indices(found.scores[t], counts) for t in range(len(found.periods))])
        rank = _by_period([exact_indices(_as_float(found.ranks[t]), counts) for t in range(len(found.periods))])
        return Sensitivity(factors, True, "enumeration", len(levels), len(levels), shift, score, rank, found)
    draws = fitting(bench, DRAWS, 4) if draws is None else draws
    check_size(bench, 4 * draws)
    width, count = bench.space.width, len(factors)
    cube = unit_points(2 * width, draws, seed=seed)
    sets = (cube[:, :width], cube[:, width:])
    both_ways = estimator == "azzini"
    whole_count = draws * (2 + count * (2 if both_ways else 1))

    def tell(done: int, _: int) -> None:
        if progress is not None:
            progress(done, whole_count)

    both = np.concatenate(sets)
    levels = bench.space.levels(both)
    scores = bench.scores(levels, both, tell)
    found = Uncertainty(
        bench.space, bench.node, bench.units, bench.periods, bench.shown, bench.nominal(), scores, levels, False, told
    )
    units, periods = len(found.units), len(found.periods)
    gathered = {
        "shift": _Gathered(count, (periods,)),
        "score": _Gathered(count, (units, periods)),
        "rank": _Gathered(count, (units, periods)),
    }
    weightings = np.concatenate([np.full((1, draws), 1.0 / draws), resamples_of(draws, resamples, seed)])
    tails = [(1 - level) / 2, (1 + level) / 2]
    done = 2 * draws
    for at, span in enumerate(bench.space.spans):
        swapped = [sets[0].copy(), sets[1].copy()][: 1 + both_ways]
        for k, moved in enumerate(swapped):
            moved[:, span] = sets[1 - k][:, span]
        points = np.concatenate(swapped)
        made = bench.scores(bench.space.levels(points), points, tell, done=done)
        done += len(points)
        ranks = ranked(made, bench.shown)
        outputs: dict[str, tuple[Any, Any]] = {
            "shift": (found.shift(), mean_shift(ranks, found.nominal_ranks)),
            "score": (found.scores, made),
            "rank": (found.ranks, ranks),
        }
        for kind, (before, after) in outputs.items():
            table = gathered[kind]
            for t in range(periods):
                old, new = _as_float(before[t]), _as_float(after[t])
                own: Any = (t,) if kind == "shift" else (slice(None), t)
                other = new[draws:] if both_ways else None
                first, total = terms(old[:draws], old[draws:], new[:draws], other, weightings, estimator)
                table.mean[own], table.variance[own] = old.mean(axis=0), old.var(axis=0, ddof=1)
                for key, drawn in (("first", first), ("total", total)):
                    table.tables[key][(at, *own)] = drawn[0]
                    low, high = np.quantile(drawn[1:], tails, axis=0)
                    table.tables[f"{key}_low"][(at, *own)], table.tables[f"{key}_high"][(at, *own)] = low, high
    shift = gathered["shift"].indices()
    return Sensitivity(
        factors,
        False,
        estimator,
        draws,
        whole_count,
        shift,
        gathered["score"].indices(),
        gathered["rank"].indices(),
        found,
        tuple(cautions(factors, found.periods, shift)),
    )


def _as_float(part: Array | Ranks) -> Array:
    """Outputs as numbers; a rank of 0 is no rank."""
    return np.where(part > 0, part, np.nan) if part.dtype == np.int32 else np.asarray(part, dtype=float)


def _by_period(parts: Sequence[Indices]) -> Indices:
    """Indices of each period put side by side, the periods last."""
    keys = ("mean", "variance", "first", "total", "second")
    return Indices(**{key: np.stack([getattr(part, key) for part in parts], axis=-1) for key in keys})


def cautions(factors: Sequence[str], periods: Sequence[str], shift: Indices) -> list[Caution]:
    """What to mind in estimated indices: first above total, and intervals wider than :data:`WIDE`.

    >>> one = np.array([[0.5]])
    >>> made = Indices(one[0], one[0], one, one * 0.5, None, one, one, one * 0.0, one * 1.6)
    >>> [(found.kind, found.factor, found.value) for found in cautions(["a"], ["2023"], made)]
    [('above_total', 'a', 0.5), ('wide', 'a', 0.8)]
    """
    found = []
    for at, factor in enumerate(factors):
        for t, period in enumerate(periods):
            first, total = float(shift.first[at, t]), float(shift.total[at, t])
            if first > total + 1e-9:
                found.append(Caution("above_total", factor, period, first, total))
            for low, high in ((shift.first_low, shift.first_high), (shift.total_low, shift.total_high)):
                if low is not None and high is not None and float(high[at, t] - low[at, t]) > WIDE:
                    found.append(Caution("wide", factor, period, float(high[at, t] - low[at, t]), WIDE))
                    break
    return found
