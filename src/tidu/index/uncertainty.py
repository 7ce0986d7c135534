"""An index under all that is not certain in it: the scores and ranks of every unit at every point of a space of factors.

Here are the runs and what they say of ranks; ``bench`` scores the points, ``effects`` tells what each factor does alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import UsageError, listing
from tidu.core.stats import Array
from tidu.index.acceptability import Counts, Ranks, rank_counts
from tidu.index.bench import Bench, Progress, check_size, fitting
from tidu.index.effects import Effect, effects, ranked
from tidu.index.factors import Levels, Space, space
from tidu.index.framework import Framework
from tidu.index.tree_draws import Mask
from tidu.index.undecided import undecided
from tidu.indicators.panel import Panel

#: The largest finite space that is enumerated when nothing else is said.
LIMIT = 20_000
#: Points where nothing is said of how many.
DRAWS = 4096


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Scores of a node at points of a space of factors, and what they say of ranks: 方法区间, the specification range.

    ``scores`` is (periods, draws, units), ``levels`` (draws, factors) the alternative of each factor at each point (−1
    where it is continuous), ``exact`` whether the points are all combinations, ``effects`` the dry run. The spread is over
    the stated choices, each equally likely: it is no confidence interval of a sample.
    """

    space: Space
    node: str
    units: tuple[str, ...]
    periods: tuple[str, ...]
    shown: Mask
    nominal_scores: Array
    scores: Array
    levels: Levels
    exact: bool
    effects: tuple[Effect, ...] = ()

    @property
    def draws(self) -> int:
        """How many points there are."""
        return int(self.scores.shape[1])

    @property
    def idle(self) -> tuple[str, ...]:
        """The factors that change nothing, by themselves or because others overrule them."""
        return tuple(effect.factor for effect in self.effects if not effect.works)

    @cached_property
    def nominal_ranks(self) -> Ranks:
        """The ranks of the index as the file says, (units, periods); 0 where not ranked."""
        return np.asarray(ranked(self.nominal_scores.T[:, None, :], self.shown)[:, 0].T)

    @cached_property
    def ranks(self) -> Ranks:
        """The ranks at every point, (periods, draws, units); 0 where not ranked."""
        return ranked(self.scores, self.shown)

    @cached_property
    def counts(self) -> tuple[Counts, ...]:
        """For each period how often each unit takes each rank, (units, units + 1); column 0 counts where it is not ranked."""
        if not self.shown.all():
            hidden = np.where(self.shown, self.scores, np.nan)
            return tuple(rank_counts(hidden[t]) for t in range(len(self.periods)))
        return tuple(rank_counts(self.scores[t]) for t in range(len(self.periods)))

    @property
    def _wide(self) -> bool:
        """Whether counts of all ranks of all units would be larger than the ranks themselves."""
        return len(self.units) > self.draws

    def place(self, period: str | int | None = None) -> int:
        """The place of a period; the last one when none is named. Raises ``unknown_period``."""
        if period is None:
            return len(self.periods) - 1
        if str(period) not in self.periods:
            raise UsageError("unknown_period", period=str(period), known=listing(self.periods))
        return self.periods.index(str(period))

    def acceptability(self, period: str | int | None = None) -> Array:
        """The share of points at which each unit takes rank 1, 2, …, (units, units); rows of ranked units sum to 1."""
        counts = self.counts[self.place(period)][:, 1:]
        total = counts.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, counts / np.maximum(total, 1), np.nan))

    def mean_rank(self, period: str | int | None = None) -> Array:
        """The mean rank of each unit, (units,); missing where it is never ranked."""
        if self._wide:
            ranks = self.ranks[self.place(period)]
            seen = (ranks > 0).sum(axis=0)
            return np.asarray(np.where(seen > 0, ranks.sum(axis=0) / np.maximum(seen, 1), np.nan))
        shares = self.acceptability(period)
        return np.asarray(shares @ np.arange(1.0, shares.shape[1] + 1))

    def rank_quantile(self, q: float, period: str | int | None = None) -> Array:
        """A quantile of each unit's rank, (units,): type 7 of Hyndman and Fan 1996, read off the counts of ranks."""
        if self._wide:
            return rank_quantiles(self.ranks[self.place(period)], q)
        counts = self.counts[self.place(period)][:, 1:]
        so_far = np.cumsum(counts, axis=1)
        n = so_far[:, -1]
        at = (n - 1) * q
        low = np.floor(at + 1e-12)
        first = (so_far <= low[:, None]).sum(axis=1) + 1.0
        second = (so_far <= np.minimum(low + 1, n - 1)[:, None]).sum(axis=1) + 1.0
        made = first + np.clip(at - low, 0.0, 1.0) * (second - first)
        return np.asarray(np.where(n > 0, made, np.nan))

    def interval(self, level: float = 0.9, period: str | int | None = None) -> tuple[Array, Array]:
        """Each unit's 方法区间 (specification range): the quantiles that leave (1 − level) / 2 of the points out at either end.

        ``level`` 1 is the whole range from best to worst. Returns (best, worst), each (units,).
        """
        out = (1.0 - level) / 2
        return self.rank_quantile(out, period), self.rank_quantile(1.0 - out, period)

    def top(self, k: int, period: str | int | None = None) -> Array:
        """The share of points that put each unit among the first ``k``, (units,)."""
        if self._wide:
            ranks = self.ranks[self.place(period)]
            seen = (ranks > 0).sum(axis=0)
            return np.asarray(np.where(seen > 0, ((ranks > 0) & (ranks <= k)).sum(axis=0) / np.maximum(seen, 1), np.nan))
        return np.asarray(self.acceptability(period)[:, :k].sum(axis=1))

    def score_quantile(self, q: float | Sequence[float], period: str | int | None = None) -> Array:
        """Quantiles (type 7) of each unit's score, (units,) or (quantiles, units); only points where it is scored count."""
        block = self.scores[self.place(period)]
        if not np.isnan(block).any():
            return np.asarray(np.quantile(block, q, axis=0))
        wanted = np.atleast_1d(np.asarray(q, dtype=float))
        made = np.full((len(wanted), len(self.units)), np.nan)
        for u in range(len(self.units)):
            seen = block[~np.isnan(block[:, u]), u]
            if seen.size:
                made[:, u] = np.quantile(seen, wanted)
        return made if np.ndim(q) else made[0]

    def above(self, unit: str, other: str, period: str | int | None = None) -> float:
        """The share of points at which a unit ranks above another, ties counted half, where both are ranked."""
        t = self.place(period)
        a, b = (self.ranks[t, :, self.units.index(self.space.panel.unit(code))] for code in (unit, other))
        both = (a > 0) & (b > 0)
        if not both.any():
            return float("nan")
        return float(np.mean((a < b)[both]) + 0.5 * np.mean((a == b)[both]))

    def tie_groups(self, period: str | int | None = None, level: float = 0.9) -> tuple[tuple[str, ...], ...]:
        """The ranked units from the top in groups inside which the points decide no order.

        The rule: units stand in the order of their mean rank (then median, then nominal rank). The first opens a group; each
        next one joins as long as every unit of the group ranks above it at fewer than ``level`` of the points and it above
        each at fewer, else it opens the next group. So no pair inside a group is decided; a pair of two groups may or may not
        be (:meth:`above` tells).
        """
        t = self.place(period)
        mean, median = self.mean_rank(period), self.rank_quantile(0.5, period)
        ranked = np.flatnonzero(~np.isnan(mean))
        order = ranked[np.lexsort((self.nominal_ranks[ranked, t], median[ranked], mean[ranked]))]
        groups: list[list[int]] = []
        table = self.ranks[t]
        for u in order.tolist():
            if groups and not self._decided(table, groups[-1], u, level):
                groups[-1].append(u)
            else:
                groups.append([u])
        return tuple(tuple(self.units[u] for u in group) for group in groups)

    @staticmethod
    def _decided(table: Ranks, group: list[int], u: int, level: float) -> bool:
        """Whether a unit's order beside any of a group is decided: one is above the other at ``level`` of the points or more."""
        for some in (group[:1], group[1:]):  # the first one settles most cases
            if not some:
                continue
            a, b = table[:, some], table[:, [u]]
            both = (a > 0) & (b > 0)
            count = np.maximum(both.sum(axis=0), 1)
            tied = 0.5 * (both & (a == b)).sum(axis=0)
            for wins in ((both & (a < b)).sum(axis=0), (both & (a > b)).sum(axis=0)):
                if (both.any(axis=0) & ((wins + tied) / count >= level)).any():
                    return True
        return False

    def undecided(self, period: str | int | None = None, level: float = 0.9) -> NDArray[np.int64]:
        """For each unit the number of others from whom ``level`` of the points do not part it (:mod:`~.undecided`), (units,)."""
        return undecided(self.ranks[self.place(period)], level)

    def shift(self) -> Array:
        """The mean absolute difference of ranks from the nominal ones, over units ranked in both, (periods, draws)."""
        return mean_shift(self.ranks, self.nominal_ranks)

    def rows(self, period: str | int | None = None, level: float = 0.9, top: int = 10) -> list[dict[str, Any]]:
        """One row a ranked unit: nominal score and rank, mean and median rank, its 方法区间, P(top), score quantiles, tie group.

        Tie groups are numbered by the best nominal rank in them; ``undecided`` is the number of units, of this group or another,
        beside which the order of a unit is not decided.
        """
        t = self.place(period)
        mean, median = self.mean_rank(period), self.rank_quantile(0.5, period)
        best, worst = self.interval(level, period)
        first, low_high = self.top(top, period), self.score_quantile([(1 - level) / 2, 0.5, (1 + level) / 2], period)
        open_to = self.undecided(period, level)
        places = dict(zip(self.units, self.nominal_ranks[:, t].tolist(), strict=True))
        first_of = sorted(self.tie_groups(period, level), key=lambda units: min(places[unit] or len(places) + 1 for unit in units))
        group = {unit: k + 1 for k, units in enumerate(first_of) for unit in units}
        out = []
        for u, unit in enumerate(self.units):
            if np.isnan(mean[u]):
                continue
            out.append(
                {
                    "unit": unit,
                    "score": float(self.nominal_scores[u, t]),
                    "rank": int(self.nominal_ranks[u, t]) or None,
                    "mean_rank": float(mean[u]),
                    "median_rank": float(median[u]),
                    "best": float(best[u]),
                    "worst": float(worst[u]),
                    f"top_{top}": float(first[u]),
                    "score_low": float(low_high[0, u]),
                    "score_median": float(low_high[1, u]),
                    "score_high": float(low_high[2, u]),
                    "group": group[unit],
                    "undecided": int(open_to[u]),
                }
            )
        out.sort(key=lambda row: (row["mean_rank"], row["rank"] or 0))
        return out


def rank_quantiles(ranks: Ranks, q: float) -> Array:
    """A quantile (type 7) of the ranks of each unit, (units,); ``ranks`` is (draws, units), 0 = not ranked and passed over.

    >>> rank_quantiles(np.array([[1, 0], [2, 0], [4, 3], [3, 4]], dtype=np.int32), 0.5).tolist()
    [2.5, 3.5]
    """
    ordered = np.sort(ranks, axis=0)  # those not ranked come first
    empty = (ordered == 0).sum(axis=0)
    n = ranks.shape[0] - empty
    at = np.maximum(n - 1, 0) * q
    low = np.floor(at + 1e-12).astype(np.int64)
    last = ranks.shape[0] - 1
    first = np.take_along_axis(ordered, np.minimum(empty + low, last)[None], axis=0)[0]
    second = np.take_along_axis(ordered, np.minimum(empty + np.minimum(low + 1, n - 1), last)[None], axis=0)[0]
    made = first + np.clip(at - low, 0.0, 1.0) * (second - first)
    return np.asarray(np.where(n > 0, made, np.nan))


def mean_shift(ranks: Ranks, nominal: Ranks) -> Array:
    """The mean absolute difference of ranks (periods, draws, units) from nominal ones (units, periods); 0 means not ranked.

    >>> mean_shift(np.array([[[1, 2], [2, 1]]], dtype=np.int32), np.array([[1], [2]], dtype=np.int32)).tolist()
    [[0.0, 1.0]]
    """
    base = nominal.T[:, None, :]
    both = (ranks > 0) & (base > 0)
    total = np.where(both, np.abs(ranks - base), 0).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        made: Array = total / np.where(both.any(axis=2), both.sum(axis=2), np.nan)
    return made


# --- the runs ---------------------------------------------------------------------------------------------------------------


def points(found: Space, draws: int, *, seed: int) -> tuple[Levels, Array]:
    """Scrambled Sobol points of a space: alternatives (draws, factors) and coordinates (draws, width).

    Source: Owen 1998, Scrambling Sobol' and Niederreiter–Xing points, Journal of Complexity 14. A power of two keeps the
    points balanced.
    """
    cube = unit_points(found.width, draws, seed=seed)
    return found.levels(cube), cube


def unit_points(width: int, draws: int, *, seed: int) -> Array:
    """Scrambled Sobol points of the unit cube, (draws, width), the first ``draws`` of the next power of two."""
    from scipy.stats import qmc

    exponent = max(0, int(draws - 1).bit_length())
    made = qmc.Sobol(max(1, width), scramble=True, rng=np.random.default_rng(seed)).random_base2(exponent)
    return np.asarray(made[:draws, :width])


def uncertainty(
    framework: Framework,
    panel: Panel,
    *,
    names: Sequence[str] | None = None,
    draws: int | None = None,
    seed: int = 0,
    node: str | None = None,
    limit: int = LIMIT,
    exact: bool | None = None,
    periods: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """The scores and ranks of every unit and period over the file's uncertain factors.

    A finite space of at most ``limit`` combinations is enumerated, so that every figure is exact; else scrambled Sobol
    points are drawn. Nothing comes back unless all points are done.

    Args:
        framework: an index with ``[uncertain.NAME]`` tables.
        panel: its figures.
        names: take these factors only.
        draws: how many points when the space is not enumerated, best a power of two; :data:`DRAWS`, or as many as can be held.
        seed: of the points and of what factors draw.
        node: the inner node that is looked at; the index itself when left out.
        limit: the largest space that is enumerated.
        exact: ``True`` refuses to sample (``not_enumerable``), ``False`` to enumerate.
        periods: keep the scores of these only, so that more points fit in memory; parameters are fitted as ever.
        progress: called with (points done, points in all); what it raises ends the run.

    Raises ``uncertain_too_large`` when the scores would not fit in memory.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "higher"
    ... [uncertain.left_out]
    ... drop = "indicator.*"
    ... ''')
    >>> panel = Panel.of(["x", "y", "z"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]], [[9, 1]]])
    >>> found = uncertainty(framework, panel)
    >>> found.exact, found.draws, found.top(1).round(3).tolist()
    (True, 3, [0.667, 0.0, 0.667])
    """
    bench = Bench(space(framework, panel, names, seed=seed), node=node, periods=periods)
    told = effects(bench)
    whole = enumerable(bench, limit, exact)
    draws = fitting(bench, DRAWS) if draws is None else draws
    check_size(bench, bench.space.size or 0 if whole else draws)
    levels, cube = (bench.space.grid(), None) if whole else points(bench.space, draws, seed=seed)
    return result(bench, levels, cube, whole, told, progress)


def enumerable(bench: Bench, limit: int, exact: bool | None) -> bool:
    """Whether all combinations of a space are to be scored; with ``exact`` true raises ``not_enumerable`` where they cannot be."""
    size = bench.space.size
    if exact is True and (size is None or size > limit):
        open_ones = [factor.name for factor in bench.space.factors if not factor.count]
        raise UsageError("not_enumerable", size="∞" if size is None else str(size), limit=limit, names=listing(open_ones) or "–")
    return size is not None and size <= limit and exact is not False


def result(
    bench: Bench, levels: Levels, cube: Array | None, whole: bool, told: tuple[Effect, ...], progress: Progress | None
) -> Uncertainty:
    """What comes out at points: their scores with the index as the file says beside them."""
    made = bench.scores(levels, cube, progress)
    return Uncertainty(bench.space, bench.node, bench.units, bench.periods, bench.shown, bench.nominal(), made, levels, whole, told)


def replay(
    framework: Framework,
    panel: Panel,
    design: Sequence[Mapping[str, int]],
    *,
    seed: int = 0,
    node: str | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """The scores at points that are given: for each point, factor → place of its alternative, counted from 0.

    Only discrete factors can be replayed. Raises ``unknown_factor``, ``factor_level`` and ``factor_continuous``.
    """
    names = list(dict.fromkeys(name for row in design for name in row))
    found = space(framework, panel, names, seed=seed)
    for factor in found.factors:
        if not factor.count:
            raise UsageError("factor_continuous", address=f"uncertain.{quoted(factor.name)}", name=factor.name)
    levels = np.zeros((len(design), len(found.factors)), dtype=np.int64)
    for at, row in enumerate(design):
        for k, factor in enumerate(found.factors):
            if factor.name not in row or not 0 <= row[factor.name] < factor.count:
                level = str(row.get(factor.name, "–"))
                raise UsageError("factor_level", point=at, name=factor.name, level=level, count=factor.count)
            levels[at, k] = row[factor.name]
    bench = Bench(found, node=node)
    check_size(bench, len(levels))
    return result(bench, levels, None, False, (), progress)
