"""A place to score the points of a space of factors: the work is shared as far as the algebra allows.

Points that differ in weights only use one table of normalised figures and go up the tree together (``tree_draws``); a tree
that is not made of such means is built point by point.

A geometric mean is refused over figures that reach zero, as everywhere; here by the figures themselves, naming the cell,
so that a normalisation that could reach below zero but does not (a z-score with mean 10) may stand beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import TiduError, UsageError, listing
from tidu.core.stats import Array
from tidu.index.acceptability import chunks
from tidu.index.build import build
from tidu.index.choice import choose
from tidu.index.factors import Levels, Space
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.stacked import stackable, stacked
from tidu.index.tree_draws import Mask, Way, compiles, scored, scored_each, way_up

Progress = Callable[[int, int], object]

#: The most scores (draws × units × periods) that are held at once, so that a whole run stays below 500 MB.
CELLS = 24_000_000
#: The most normalised figures that are held for the next time they are asked for.
HELD = 16_000_000
#: The most figures (draws × units × periods × indicators) that are stacked at once: small enough to stay near the processor.
STACK = 280_000
#: Bytes of a block that is asked for and given back once, the largest that glibc learns from.
_LEARNT = 32 * 1024 * 1024 - 65_536


@dataclass(frozen=True, eq=False)
class Table:
    """Normalised figures (units, periods, indicators) with what is asked for in each period, (periods, nodes)."""

    values: Array
    live: Mask


@dataclass(frozen=True, eq=False)
class Shared:
    """What points that differ only in the errors of cells have in common: the index, its ways up in each period, all their weights.

    ``ends`` are where the points of each group end in the draws of a way.
    """

    framework: Framework
    model: Index
    ways: tuple[Way | None, ...]
    ends: NDArray[np.intp]


class Bench:
    """A place to score points of a space: it keeps the tables of figures that points have in common.

    ``index`` is the index as the file says; ``node`` the node that is looked at, ``periods`` those whose scores are kept, all of
    the index when left out. Raises ``unknown_period``.
    """

    def __init__(self, found: Space, *, node: str | None = None, periods: Sequence[str] | None = None) -> None:
        _keep_given_back()
        self.space = found
        self.node = found.framework.node(node or found.framework.code).code
        if found.framework.nodes[self.node].leaf:
            raise UsageError("factor_leaf", node=self.node)
        self.index = build(found.framework, found.panel, seed=found.seed)
        self.units = found.panel.units
        self.places = [self.index.period(period) for period in self.index.periods if periods is None or period in periods]
        for period in periods or ():
            self.index.period(period)
        self.periods = tuple(self.index.periods[place] for place in self.places)
        self.shown = self.index.shown
        self._tables: dict[tuple[Any, ...], Table] = {}
        self._facts: dict[Framework, tuple[str, bool]] = {}
        self._models: dict[str, Index] = {}
        self._upper = [
            at for at, factor in enumerate(found.factors) if factor.moves != "weights"
        ]  # what a point's table of figures depends on

    def nominal(self) -> Array:
        """The scores of the index as the file says, (units, periods)."""
        place = self.space.framework.nodes[self.node].place
        return np.asarray(self.index.scores[:, self.places, place])

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
        groups = [order[start:end] for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]
        size = len(self.units) * len(self.space.panel.periods) * max(len(self.space.framework.leaves), 1)
        for alike in self._alike(levels, groups):
            shared = self._shared(levels, cube, alike) if len(alike) > 1 else None
            for part in chunks(len(alike), size, STACK):
                batch = alike[part]
                if shared is None or len(batch) == 1 or not self._together(levels, batch, part.start, shared, out):
                    for rows in batch:
                        self._alone(levels, cube, rows, out)
                ahead += sum(map(len, batch))
                if progress is not None:
                    progress(done + ahead, done + count)
        return out

    def _alone(self, levels: Levels, cube: Array | None, rows: NDArray[np.int64], out: Array) -> None:
        """The scores of points that share a table of figures, by themselves; an error says at which alternatives."""
        try:
            self._group(levels[rows], None if cube is None else cube[rows], rows, out)
        except TiduError as error:
            where = ", ".join(self._names(levels[rows[0]]))
            for one in getattr(error, "errors", [error]):
                one.address = f"{one.address or 'uncertain'} ({where})" if where else one.address
            raise

    def _alike(self, levels: Levels, groups: list[NDArray[np.int64]]) -> Iterator[list[NDArray[np.int64]]]:
        """Groups of points that differ only in the errors of cells, as many at a time as memory allows for their weights."""
        same = [at for at in self._upper if self.space.factors[at].moves != "cells"]
        kept: dict[bytes, list[NDArray[np.int64]]] = {}
        for rows in groups:
            kept.setdefault(levels[rows[0], same].tobytes(), []).append(rows)
        for found in kept.values():
            most = max(map(len, found))
            for part in chunks(len(found), most * len(self.space.framework.nodes), 2_000_000):
                yield found[part]

    def _shared(self, levels: Levels, cube: Array | None, alike: list[NDArray[np.int64]]) -> Shared | None:
        """What points that differ in the errors of cells have in common; nothing where their scores cannot be made at once.

        They can where the tree is one kind of mean and no child is passed over; whatever is refused is left to be told by the
        points themselves.
        """
        first = levels[alike[0][0]]
        if self.space.fill(first.tolist()) is not None:
            return None
        try:
            framework = self._framework(first)
            if not (self._fact(framework)[1] and stackable(framework)):
                return None
            model = self._model(framework)
            rows = np.concatenate(alike)
            base = np.array([framework.nodes[code].weight for code in self.space.framework.nodes])
            weights = self.space.weights(base, levels[rows], None if cube is None else cube[rows])
            ways = tuple(way_up(framework, self.node, weights, live, self.space.places) for live in model.live)
        except TiduError:
            return None
        return Shared(framework, model, ways, np.cumsum([0, *map(len, alike)]))

    def _together(self, levels: Levels, batch: list[NDArray[np.int64]], first: int, shared: Shared, out: Array) -> bool:
        """Whether some groups, from the ``first`` that share so much, could be scored at once; then their scores are written."""
        rows = np.concatenate(batch)
        try:
            figures = [self.space.values(levels[one[0]].tolist()) for one in batch]
            tables = stacked(shared.framework, shared.model, figures, self.space.seed)
            if tables is None:
                return False
            owner = np.repeat(np.arange(len(batch)), list(map(len, batch)))
            start, end = shared.ends[first], shared.ends[first + len(batch)]
            for at, place in enumerate(self.places):
                way = shared.ways[place]
                if way is not None:
                    made = scored_each(shared.framework, way, way.effective[start:end], tables[..., place], owner)
                    if made is None:
                        return False
                    out[at, rows] = made
        except TiduError:
            return False
        return True

    def _model(self, framework: Framework) -> Index:
        """The index of a framework's figures as they stand, for what its draws have in common; made once."""
        key = self._fact(framework)[0]
        if key not in self._models:
            model = build(_without_tree(framework), self.space.panel, seed=self.space.seed)
            self._check(model)
            self._models[key] = model
        return self._models[key]

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
            if (len(self._tables) + 1) * index.normalised.size > HELD:
                self._tables.clear()  # what is not asked for again need not be held
            self._tables[key] = Table(index.normalised, index.live)
        return self._tables[key]

    def _fact(self, framework: Framework) -> tuple[str, bool]:
        """What its normalised figures hang on, as a text, and whether its tree compiles; worked out once."""
        if framework not in self._facts:
            self._facts[framework] = (_upstream(framework), compiles(framework, self.node))
        return self._facts[framework]

    def _seed(self, draw: int | None) -> int:
        """The seed of a build: that of the space, or one of its own for each draw of missing figures."""
        return self.space.seed if draw is None else int(np.random.default_rng([self.space.seed, draw]).integers(2**31))

    def _check(self, index: Index) -> None:
        if index.periods != self.index.periods:
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
                for at, place in enumerate(self.places):
                    live = table.live[place]
                    if live.tobytes() not in ways:
                        ways[live.tobytes()] = way_up(framework, self.node, weights, live, self.space.places)
                    way = ways[live.tobytes()]
                    if way is not None:
                        out[at, rows[part]] = scored(framework, way, table.values[:, place], self.units, self.periods[at])
            else:
                for row, one in zip(rows[part].tolist(), weights, strict=True):
                    made = self._built(framework, levels[0], one)
                    out[:, row] = made.T[self.places]

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


def check_size(bench: Bench, count: int) -> None:
    """Nothing when the scores of so many points can be held; otherwise raises ``uncertain_too_large``."""
    cells = count * len(bench.units) * len(bench.periods)
    if cells > CELLS:
        raise UsageError("uncertain_too_large", points=count, cells=cells, limit=CELLS)


def fitting(bench: Bench, most: int, each: int = 1) -> int:
    """The largest power of two of points, ``most`` at the utmost, whose scores can be held; each point stands for so many."""
    count = min(most, CELLS // max(1, each * len(bench.units) * len(bench.periods)))
    return max(2, 1 << (count.bit_length() - 1))


def _keep_given_back() -> None:
    """Nothing; from here on memory that tables give back is kept for the next tables, not returned to the system each time.

    The first block of a size that glibc is given back tells it to keep blocks of that size (mallopt(3), ``M_MMAP_THRESHOLD``);
    no page of it is touched. Without, a long run of draws faults every table in anew. Other allocators take no notice.
    """
    np.empty(_LEARNT, dtype=np.uint8)
