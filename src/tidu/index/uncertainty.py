"""An index under all that is not certain in it: the scores and ranks of every unit at every point of a space of factors.

The work is shared as far as the algebra allows. Points that differ in weights only use one table of normalised figures;
where every node is a weighted arithmetic mean, or every node a geometric one, the tree is one matrix product with
effective weights; trees of both go up level by level with all draws at once; anything else is built point by point.

A geometric mean is refused over figures that reach zero, as everywhere; here by the figures themselves, naming the cell,
so that a normalisation that could reach below zero but does not (a z-score with mean 10) may stand beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import MethodError, TiduError, UsageError, listing
from tidu.core.stats import Array
from tidu.index.acceptability import Counts, Ranks, chunks, rank_counts, rank_rows
from tidu.index.build import build
from tidu.index.choice import choose
from tidu.index.factors import Levels, Space, space
from tidu.index.framework import Framework, Node
from tidu.index.result import Index
from tidu.indicators.panel import Panel

Mask = NDArray[np.bool_]
Progress = Callable[[int, int], object]

#: The largest finite space that is enumerated when nothing else is said.
LIMIT = 20_000
#: The most scores (draws × units × periods) that are held at once, so that a whole run stays below 500 MB.
CELLS = 12_000_000


@dataclass(frozen=True, eq=False)
class Table:
    """Normalised figures (units, periods, indicators) with what is asked for in each period, (periods, nodes)."""

    values: Array
    live: Mask


class Bench:
    """A place to score points of a space: it keeps the tables of figures that points have in common.

    ``index`` is the index as the file says; ``node`` the node that is looked at.
    """

    def __init__(self, found: Space, *, node: str | None = None) -> None:
        self.space = found
        self.node = found.framework.node(node or found.framework.code).code
        if found.framework.nodes[self.node].leaf:
            raise UsageError("factor_leaf", node=self.node)
        self.index = build(found.framework, found.panel, seed=found.seed)
        self.units = found.panel.units
        self.periods = self.index.periods
        self.shown = self.index.shown
        self._tables: dict[tuple[Any, ...], Table] = {}
        self._facts: dict[Framework, tuple[str, bool]] = {}
        self._upper = [
            at for at, factor in enumerate(found.factors) if factor.moves != "weights"
        ]  # what a point's table of figures depends on

    def nominal(self) -> Array:
        """The scores of the index as the file says, (units, periods)."""
        place = self.space.framework.nodes[self.node].place
        return np.asarray(self.index.scores[:, :, place])

    def scores(self, levels: Levels, cube: Array | None = None, progress: Progress | None = None, done: int = 0) -> Array:
        """The scores of the node at points, (periods, draws, units).

        Args:
            levels: (draws, factors), the alternative of each discrete factor.
            cube: (draws, width), coordinates for continuous factors.
            progress: called with (points done, points in all) after each block; what it raises ends the work.
            done: points that were done before, for the count that is told.

        Raises ``aggregate_not_positive`` with the cell, and what a combination of alternatives is refused with.
        """
        count = levels.shape[0]
        out = np.full((len(self.periods), count, len(self.units)), np.nan)
        if count == 0:
            return out
        keys, member = np.unique(levels[:, self._upper], axis=0, return_inverse=True)
        member = member.reshape(-1)
        ahead = 0
        order = np.argsort(member, kind="stable")
        ends = np.cumsum(np.bincount(member, minlength=len(keys)))
        for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            rows = order[start:end]
            try:
                self._group(levels[rows], None if cube is None else cube[rows], rows, out)
            except TiduError as error:
                where = ", ".join(self._names(levels[rows[0]]))
                for one in getattr(error, "errors", [error]):
                    one.address = f"{one.address or 'uncertain'} ({where})" if where else one.address
                raise
            ahead += len(rows)
            if progress is not None:
                progress(done + ahead, done + count)
        return out

    def _names(self, levels: Levels) -> Iterator[str]:
        for at in self._upper:
            yield f"{self.space.factors[at].name} = {self.space.label(at, int(levels[at]), 'en')}"

    # --- what points have in common -----------------------------------------------------------------------------------

    def _framework(self, levels: Levels) -> Framework:
        """The index with the changes of a point, weights left as they stand."""
        made = self.space.variant(levels.tolist())
        if set(made.nodes) != set(self.space.framework.nodes):
            raise UsageError("factor_tree", address="uncertain")
        return made if self.space.fill(levels.tolist()) is None else _single_draw(made)

    def _table(self, framework: Framework, levels: Levels) -> Table:
        """The normalised figures at a point, made once for all points that agree in what leads to them."""
        cells = tuple(
            (self.space.factors[at].name, int(levels[at])) for at in self._upper if self.space.factors[at].moves == "cells"
        )
        draw = self.space.fill(levels.tolist())
        key = (self._fact(framework)[0], cells, draw)
        if key not in self._tables:
            index = build(_without_tree(framework), self.space.figures(levels.tolist()), seed=self._seed(draw))
            self._check(index)
            self._tables[key] = Table(index.normalised, index.live)
        return self._tables[key]

    def _fact(self, framework: Framework) -> tuple[str, bool]:
        """What its normalised figures hang on, as a text, and whether its tree compiles; worked out once."""
        if framework not in self._facts:
            self._facts[framework] = (_upstream(framework), _compiles(framework, self.node))
        return self._facts[framework]

    def _seed(self, draw: int | None) -> int:
        """The seed of a build: that of the space, or one of its own for each draw of missing figures."""
        return self.space.seed if draw is None else int(np.random.default_rng([self.space.seed, draw]).integers(2**31))

    def _check(self, index: Index) -> None:
        if index.periods != self.periods:
            raise UsageError("factor_periods", address="index.years", periods=listing(index.periods))

    def _group(self, levels: Levels, cube: Array | None, rows: NDArray[np.int64], out: Array) -> None:
        """The scores of points that share a table of figures, written into their rows."""
        framework = self._framework(levels[0])
        base = np.array([framework.nodes[code].weight for code in self.space.framework.nodes])
        for part in chunks(len(rows), len(base) + len(self.units) * len(self.periods), 2_000_000):
            cut = None if cube is None else cube[part]
            weights = self.space.weights(base, levels[part], cut)
            if self._fact(framework)[1]:
                table = self._table(framework, levels[0])
                ways: dict[bytes, Way | None] = {}
                for at in range(len(self.periods)):
                    live = table.live[at]
                    if live.tobytes() not in ways:
                        ways[live.tobytes()] = _way(framework, self.node, weights, live, self.space.places)
                    way = ways[live.tobytes()]
                    if way is not None:
                        out[at, rows[part]] = _scored(framework, way, table.values[:, at], at, self)
            else:
                for row, one in zip(rows[part].tolist(), weights, strict=True):
                    made = self._built(framework, levels[0], one)
                    out[:, row] = made.T

    def _built(self, framework: Framework, levels: Levels, weights: Array) -> Array:
        """The scores of one point by a full build, (units, periods)."""
        given = dict(zip(self.space.framework.nodes, weights.tolist(), strict=True))
        for node in framework.inner:  # a node whose children all have no weight has none itself
            if sum(given[child] for child in node.children) <= 0:
                if node.code == framework.code:
                    raise UsageError("factor_drops_all", node=node.code)
                given[node.code] = 0.0
                given.update(dict.fromkeys(node.children, 1.0))
        seed = self._seed(self.space.fill(levels.tolist()))
        index = build(reweighted(framework, given), self.space.figures(levels.tolist()), seed=seed)
        self._check(index)
        return np.asarray(index.scores[:, :, framework.nodes[self.node].place])


def reweighted(framework: Framework, weights: Mapping[str, float]) -> Framework:
    r"""The framework with other weights of its nodes and everything else shared, made without reading the file again.

    >>> framework = Framework.parse('[index]\ncode="d"\n[indicator.a]\nbetter="higher"')
    >>> reweighted(framework, {"a": 3.0}).node("a").weight
    3.0
    """
    made = replace(framework)
    made.__dict__["nodes"] = {
        code: replace(node, weight=weights[code]) if code in weights else node for code, node in framework.nodes.items()
    }
    made.__dict__["_choices"] = framework._choices
    return made


def _single_draw(framework: Framework) -> Framework:
    """The framework with one draw of each missing figure instead of the mean of several."""
    made = replace(framework)
    choices = dict(framework._choices)
    for (step, code), choice in choices.items():
        if step == "impute" and choice.method.name == "multiple":
            choices[step, code] = replace(choice, options={**choice.options, "m": 1})
    made.__dict__["_choices"] = choices
    return made


def _upstream(framework: Framework) -> str:
    """A text that is equal for two frameworks that make the same normalised figures."""
    return json.dumps(_below(framework.spec), sort_keys=True, default=str)


def _below(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What of a file bears on the normalised figures: all but the labels, the weights and the way up the tree."""
    out = {key: value for key, value in spec.items() if key not in ("weighting", "aggregate", "weight_set", "uncertain", "extends")}
    gone = ("weighting", "aggregate", "label", "note", "source", "lever", "title", "description")
    out["index"] = {key: value for key, value in spec["index"].items() if key not in gone}
    for kind in ("pillar", "indicator"):
        if kind in out:
            out[kind] = {
                code: {key: value for key, value in item.items() if key not in (*gone, "weight")}
                for code, item in out[kind].items()
            }
    return out


def _without_tree(framework: Framework) -> Framework:
    """The framework with plain means at every node, to make the normalised figures with."""
    made = reweighted(framework, dict.fromkeys(framework.nodes, 1.0))
    bare = {step: choose(step, []) for step in ("weighting", "aggregate")}
    made.__dict__["_choices"] = {key: bare.get(key[0], choice) for key, choice in framework._choices.items()}
    return made


# --- the way up, all draws at once ----------------------------------------------------------------------------------------


def _inside(framework: Framework, node: str) -> list[Node]:
    """The inner nodes at or under a node, children before parents."""
    wanted = {node}
    for item in reversed(framework.inner):
        if item.code in wanted:
            wanted |= set(item.children)
    return [item for item in framework.inner if item.code in wanted]


def _mean_of(framework: Framework, code: str) -> str:
    """``linear`` or ``log_linear`` when a node is such a mean, else nothing."""
    traits = framework.choice("aggregate", code).method.traits
    return "linear" if "linear" in traits else "log_linear" if "log_linear" in traits else ""


def _compiles(framework: Framework, node: str) -> bool:
    """Whether every node at or under a node is an arithmetic or geometric mean with weights that the figures do not make."""
    return all(
        _mean_of(framework, item.code) and framework.choice("weighting", item.code).method.name in ("given", "equal")
        for item in _inside(framework, node)
    )


@dataclass(frozen=True, eq=False)
class Way:
    """The way up to a node at some points, in periods that ask for the same children.

    ``inside`` are the inner nodes with a live child, each with those children and their ``shares``, (draws, children);
    ``effective`` (draws, leaves) the shares of the live ``leaves`` in the node.
    """

    node: str
    inside: tuple[tuple[Node, tuple[str, ...]], ...]
    shares: Mapping[str, Array]
    leaves: tuple[str, ...]
    effective: Array
    kinds: frozenset[str]
    skips: bool


def _way(framework: Framework, node: str, weights: Array, live: Mask, places: Mapping[str, int]) -> Way | None:
    """The way up to a node under weights (draws, nodes); nothing when the node is not asked for.

    A node whose children all have no weight gets none itself; raises ``factor_drops_all`` when that is the node looked at.
    """
    if not live[framework.nodes[node].place]:
        return None
    raw: dict[str, Array] = {}
    nodes = _inside(framework, node)
    for item in nodes:
        choice = framework.choice("weighting", item.code)
        for child in item.children:
            if choice.method.name == "equal":
                raw[child] = np.ones(len(weights))
            elif choice.options.get("set") is not None:
                raw[child] = np.full(len(weights), float(framework.table.weight_set[choice.options["set"]][child]))
            else:
                raw[child] = weights[:, places[child]]
    inside: list[tuple[Node, tuple[str, ...]]] = []
    shares: dict[str, Array] = {}
    for item in nodes:
        children = tuple(child for child in item.children if live[framework.nodes[child].place])
        if not children:
            continue
        block = np.stack([raw[child] for child in children], axis=1)
        total = block.sum(axis=1, keepdims=True)
        empty = total[:, 0] <= 0
        if empty.any():
            if item.code == node:
                raise UsageError("factor_drops_all", node=node)
            raw[item.code] = np.where(empty, 0.0, raw[item.code])
            block, total = np.where(total > 0, block, 1.0), np.where(total > 0, total, float(len(children)))
        inside.append((item, children))
        shares[item.code] = block / total
    whole = {node: np.ones(len(weights))}
    leaves = []
    for item, children in reversed(inside):
        for k, child in enumerate(children):
            whole[child] = whole[item.code] * shares[item.code][:, k]
            if framework.nodes[child].leaf:
                leaves.append(child)
    return Way(
        node,
        tuple(inside),
        shares,
        tuple(leaves),
        np.stack([whole[code] for code in leaves], axis=1),
        frozenset(_mean_of(framework, item.code) for item, _ in inside),
        any(framework.choice("aggregate", item.code).keys["missing"] == "skip" for item, _ in inside),
    )


def _scored(framework: Framework, way: Way, values: Array, at: int, bench: Bench) -> Array:
    """The scores of a node in one period at points that share a table of figures (units, indicators), (draws, units)."""
    x = values[:, [framework.nodes[code].place for code in way.leaves]]
    if len(way.kinds) == 1 and not (way.skips and np.isnan(x).any()):
        if way.kinds == {"linear"}:
            return np.asarray(way.effective @ x.T)
        logs = _logs(framework, x, way.effective.max(axis=0), way.leaves, at, bench)
        return np.asarray(np.exp(way.effective @ logs.T))
    made: dict[str, Array] = {}
    for item, children in way.inside:
        made[item.code] = _up(framework, item, children, values, made, way.shares[item.code], at, bench)
    return made[way.node]


def _logs(framework: Framework, x: Array, most: Array, codes: Sequence[str], at: int, bench: Bench) -> Array:
    """Logarithms of figures (units, children); one that is not above zero is refused where its child ever has weight."""
    with np.errstate(invalid="ignore"):
        bad = (x <= 0) & (most > 0)
    if bad.any():
        u, k = (int(place) for place in np.argwhere(bad)[0])
        parent = framework.nodes[codes[k]].parent
        kind = "index" if parent == framework.code else f"pillar.{quoted(str(parent))}"
        raise MethodError(
            "aggregate_not_positive",
            address=kind,
            method="geometric",
            child=codes[k],
            unit=bench.units[u],
            period=bench.periods[at],
            value=float(x[u, k]),
            count=int(bad.sum()),
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.log(np.where(x <= 0, 1.0, x)))


def _up(
    framework: Framework,
    item: Node,
    children: Sequence[str],
    values: Array,
    made: Mapping[str, Array],
    shares: Array,
    at: int,
    bench: Bench,
) -> Array:
    """One node from its children for all draws, (draws, units); missing children as its rule says."""
    choice = framework.choice("aggregate", item.code)
    log = _mean_of(framework, item.code) == "log_linear"
    skip = choice.keys["missing"] == "skip"
    total: Any = 0.0
    weight: Any = 0.0
    seen: Any = 0.0
    for k, child in enumerate(children):
        x = made[child] if child in made else values[:, framework.nodes[child].place][None, :]
        if log:
            part = shares[:, k, None] if child in made else shares[:, k].max(keepdims=True)[:, None]
            flat = np.where(part > 0, x, np.nan)
            with np.errstate(invalid="ignore"):
                low = (flat <= 0).any(axis=0)
            if low.any():
                _logs(framework, np.where(low, np.fmin.reduce(flat, axis=0), 1.0)[:, None], np.ones(1), [child], at, bench)
            with np.errstate(invalid="ignore", divide="ignore"):
                x = np.log(np.where(x <= 0, 1.0, x))
        there = ~np.isnan(x)
        if skip:
            total = total + shares[:, k, None] * np.where(there, x, 0.0)
            weight = weight + shares[:, k, None] * there
            seen = seen + there
        else:
            total = total + shares[:, k, None] * x
    if skip:
        with np.errstate(invalid="ignore", divide="ignore"):
            total = np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)
        part = seen / len(children)
        total = np.where((part > 0) & (part >= choice.keys["coverage"] - 1e-12), total, np.nan)
    return np.asarray(np.exp(total) if log else total)


# --- does each factor do anything -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What one factor does by itself: the largest change of a score and of a rank.

    ``beside`` says where the others stand: as in the ``file``; or, where an alternative cannot be had beside the file's own
    state, at their ``first`` alternatives (changes are then from the factor's own first). ``tried`` is how many of its
    states were looked at. A factor whose ``score`` is 0 changes nothing; it is infinite where units lose their score.
    """

    factor: str
    kind: str
    alternatives: int
    tried: int
    score: float
    rank: int
    beside: str = "file"

    @property
    def works(self) -> bool:
        """Whether it changes any score."""
        return self.score > 0


def dry_run(
    framework: Framework, panel: Panel, *, names: Sequence[str] | None = None, seed: int = 0, node: str | None = None
) -> tuple[Effect, ...]:
    """What each factor does by itself, in the file's order: the proof that it is wired to something.

    Every alternative of a discrete factor is tried, up to 256; a continuous factor is tried at 16 points. A change is
    counted from 1e-9 of the largest score on. Where an alternative cannot stand beside the file's own state (a geometric mean
    over figures that reach zero), the others are set to their first alternatives.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "lower"
    ... [uncertain.range]
    ... address = "normalise.onto"
    ... among = [{ changes = ["normalise.onto=[0, 100]"] }, { changes = ["normalise.onto=[0, 10]"] }]
    ... ''')
    >>> panel = Panel.of(["x", "y"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]]])
    >>> [(effect.factor, effect.score, effect.rank) for effect in dry_run(framework, panel)]
    [('range', 90.0, 0)]
    """
    return effects(Bench(space(framework, panel, names, seed=seed), node=node))


def effects(bench: Bench) -> tuple[Effect, ...]:
    """As :func:`dry_run`, at a bench that is there already."""
    found = bench.space
    out = []
    for at, factor in enumerate(found.factors):
        if factor.count:
            states = np.unique(np.linspace(0, factor.count - 1, min(256, factor.count)).round().astype(np.int64))
            cube = None
        else:
            states = np.full(16, -1, dtype=np.int64)
            cube = np.random.default_rng([found.seed, at]).random((16, factor.width))
        beside, base = "file", bench.nominal().T[:, None, :]
        try:
            alone = Space(found.framework, found.panel, (factor,), found.seed, found.copies)
            made = _beside(bench, alone).scores(states[:, None], cube)
        except MethodError:
            if len(found.factors) == 1:
                raise
            beside, made = "first", _among_firsts(bench, at, states, cube)
            base = made[:, :1]
        slack = 1e-9 * float(np.nanmax(np.abs(base), initial=0.0))
        moved = float(np.nanmax(np.abs(made - base), initial=0.0))
        gone = bool((np.isnan(made) != np.isnan(base)).any())
        before, after = ranked(base, bench.shown), ranked(made, bench.shown)
        both = (after > 0) & (before > 0)
        shift = int(np.max(np.where(both, np.abs(after - before), 0), initial=0))
        score = np.inf if gone else moved if moved > slack else 0.0
        out.append(Effect(factor.name, factor.kind, factor.count, len(states), score, shift, beside))
    return tuple(out)


def _among_firsts(bench: Bench, at: int, states: Levels, cube: Array | None) -> Array:
    """The scores at states of one factor, all others at their first alternatives, continuous ones in the middle."""
    found = bench.space
    levels = np.array([[0 if factor.count else -1 for factor in found.factors]]).repeat(len(states), axis=0)
    levels[:, at] = states
    whole = np.full((len(states), found.width), 0.5)
    if cube is not None:
        whole[:, found.spans[at]] = cube
    return bench.scores(levels, whole)


def _beside(bench: Bench, alone: Space) -> Bench:
    """A bench for other factors of the same index, with what is known already."""
    made = Bench.__new__(Bench)
    made.__dict__.update(bench.__dict__)
    made.space = alone
    made._upper = [at for at, factor in enumerate(alone.factors) if factor.moves != "weights"]
    return made


def ranked(scores: Array, shown: Mask) -> Ranks:
    """Ranks among the shown units, 0 where not ranked; ``scores`` is (periods, draws, units).

    >>> ranked(np.array([[[3.0, 1.0, 2.0]]]), np.array([True, False, True])).tolist()
    [[[1, 0, 2]]]
    """
    out = np.zeros(scores.shape, dtype=np.int32)
    among = np.flatnonzero(shown)
    for t in range(scores.shape[0]):
        for rows in chunks(scores.shape[1], scores.shape[2]):
            block = scores[t, rows]
            if among.size == scores.shape[2]:
                out[t, rows] = rank_rows(block)
            else:
                out[t, rows][:, among] = rank_rows(block[:, among])
    return out


# --- the result -------------------------------------------------------------------------------------------------------------


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
        """The factors that change nothing by themselves."""
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
        shares = self.acceptability(period)
        return np.asarray(shares @ np.arange(1.0, shares.shape[1] + 1))

    def rank_quantile(self, q: float, period: str | int | None = None) -> Array:
        """A quantile of each unit's rank, (units,): type 7 of Hyndman and Fan 1996, read off the counts of ranks."""
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
        """The ranked units from the top in groups whose order the points do not decide.

        The rule: units stand in the order of their mean rank (then median, then nominal rank). The first opens a group; each
        next one joins as long as the group's first unit ranks above it at fewer than ``level`` of the points, else it opens
        the next group. So the first unit of a group is above the first of the next at ``level`` of the points or more.
        """
        t = self.place(period)
        mean, median = self.mean_rank(period), self.rank_quantile(0.5, period)
        ranked = np.flatnonzero(~np.isnan(mean))
        order = ranked[np.lexsort((self.nominal_ranks[ranked, t], median[ranked], mean[ranked]))]
        groups: list[list[int]] = []
        for u in order.tolist():
            if groups:
                a, b = self.ranks[t, :, groups[-1][0]], self.ranks[t, :, u]
                both = (a > 0) & (b > 0)
                if not both.any() or np.mean((a < b)[both]) + 0.5 * np.mean((a == b)[both]) < level:
                    groups[-1].append(u)
                    continue
            groups.append([u])
        return tuple(tuple(self.units[u] for u in group) for group in groups)

    def shift(self) -> Array:
        """The mean absolute difference of ranks from the nominal ones, over units ranked in both, (periods, draws)."""
        return mean_shift(self.ranks, self.nominal_ranks)

    def rows(self, period: str | int | None = None, level: float = 0.9, top: int = 10) -> list[dict[str, Any]]:
        """One row a ranked unit: nominal score and rank, mean and median rank, its 方法区间, P(top), score quantiles, tie group."""
        t = self.place(period)
        mean, median = self.mean_rank(period), self.rank_quantile(0.5, period)
        best, worst = self.interval(level, period)
        first, low_high = self.top(top, period), self.score_quantile([(1 - level) / 2, 0.5, (1 + level) / 2], period)
        group = {unit: k + 1 for k, units in enumerate(self.tie_groups(period, level)) for unit in units}
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
                }
            )
        out.sort(key=lambda row: (row["mean_rank"], row["rank"] or 0))
        return out


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


def check_size(bench: Bench, count: int) -> None:
    """Nothing when the scores of so many points can be held; otherwise raises ``uncertain_too_large``."""
    cells = count * len(bench.units) * len(bench.periods)
    if cells > CELLS:
        raise UsageError("uncertain_too_large", points=count, cells=cells, limit=CELLS)


def uncertainty(
    framework: Framework,
    panel: Panel,
    *,
    names: Sequence[str] | None = None,
    draws: int = 4096,
    seed: int = 0,
    node: str | None = None,
    limit: int = LIMIT,
    exact: bool | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """The scores and ranks of every unit and period over the file's uncertain factors.

    A finite space of at most ``limit`` combinations is enumerated, so that every figure is exact; else scrambled Sobol
    points are drawn. Nothing comes back unless all points are done.

    Args:
        framework: an index with ``[uncertain.NAME]`` tables.
        panel: its figures.
        names: take these factors only.
        draws: how many points when the space is not enumerated; best a power of two.
        seed: of the points and of what factors draw.
        node: the inner node that is looked at; the index itself when left out.
        limit: the largest space that is enumerated.
        exact: ``True`` refuses to sample (``not_enumerable``), ``False`` to enumerate.
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
    bench = Bench(space(framework, panel, names, seed=seed), node=node)
    told = effects(bench)
    whole = enumerable(bench, limit, exact)
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
