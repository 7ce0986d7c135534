"""The space of what is not certain in an index: its factors read from the file, and what stands at each point.

A factor stands in the index file as ``[uncertain.NAME]``. A *discrete* factor has alternatives, each equally likely;
a *continuous* one takes coordinates of the unit cube. A coordinate u in [0, 1) picks alternative ⌊u × count⌋: the bins
are equal parts of [0, 1), whatever was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import Address, Change, matches, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.index.acceptability import simplex
from tidu.index.cell_errors import CellErrors
from tidu.index.columns import needed
from tidu.index.factor import Alternative, Factor
from tidu.index.factor_faults import factor_kind
from tidu.index.framework import Framework, label
from tidu.index.spec import STEPS, UncertainTable
from tidu.indicators.panel import Panel

Levels = NDArray[np.int64]

#: Draws of cells or fills when a factor does not say how many.
DRAWS = 20


@dataclass(frozen=True, eq=False)
class Space:
    """All combinations that the factors allow, as points: ``levels`` (draws, factors) and, for continuous factors, ``cube``."""

    framework: Framework
    panel: Panel
    factors: tuple[Factor, ...]
    seed: int
    copies: dict[str, Framework] = field(default_factory=dict, repr=False)

    def variant(self, levels: Sequence[int]) -> Framework:
        """The index with the changes of one point, kept for the next time the same are asked for.

        Where no two factors touch the same step, the point's index is put together from those of the single alternatives,
        each of which was checked; else all its changes are put into the file and that is checked.
        """
        parts = self._parts(levels)
        touched = [{change.address.parts[0] for change in part} for part in parts]
        heads = set().union(*touched)
        if len(parts) < 2 or sum(map(len, touched)) != len(heads) or not heads <= {*STEPS, "units"}:
            return _copy(self.framework, [change for part in parts for change in part], self.copies)
        key = _key_of([change for part in parts for change in part])
        if key not in self.copies:
            made = {
                head: _copy(self.framework, part, self.copies) for part, own in zip(parts, touched, strict=True) for head in own
            }
            spec = {**self.framework.spec, **{head: one.spec[head] for head, one in made.items()}}
            update = {head: getattr(one.table, head) for head, one in made.items()}
            whole = replace(self.framework, spec=spec, table=self.framework.table.model_copy(update=update))
            choices = {(step, code): made.get(step, self.framework)._choices[step, code] for step, code in self.framework._choices}
            whole.__dict__.update(_choices=choices, nodes=self.framework.nodes)
            self.copies[key] = whole
        return self.copies[key]

    def _parts(self, levels: Sequence[int]) -> list[tuple[Change, ...]]:
        found = [
            factor.alternatives[level].changes
            for factor, level in zip(self.factors, levels, strict=True)
            if factor.moves in ("index", "fills")
        ]
        return [part for part in found if part]

    @property
    def size(self) -> int | None:
        """How many combinations there are; nothing when a factor is continuous."""
        return None if any(not factor.count for factor in self.factors) else prod(factor.count for factor in self.factors)

    @cached_property
    def spans(self) -> tuple[slice, ...]:
        """The coordinates of the unit cube that belong to each factor."""
        ends = np.cumsum([0, *(factor.width for factor in self.factors)]).tolist()
        return tuple(slice(start, end) for start, end in pairwise(ends))

    @property
    def width(self) -> int:
        """How many coordinates of the unit cube a point has."""
        return sum(factor.width for factor in self.factors)

    def levels(self, cube: Array) -> Levels:
        """The alternative of each discrete factor at points of the unit cube; −1 for continuous ones.

        ``cube`` is (draws, width) in [0, 1); the result (draws, factors).
        """
        out = np.full((cube.shape[0], len(self.factors)), -1, dtype=np.int64)
        for at, (factor, span) in enumerate(zip(self.factors, self.spans, strict=True)):
            if factor.count:
                out[:, at] = np.minimum((cube[:, span.start] * factor.count).astype(np.int64), factor.count - 1)
        return out

    def grid(self) -> Levels:
        """Every combination once, the last factor turning fastest, (combinations, factors)."""
        counts = [factor.count for factor in self.factors]
        return np.stack(np.unravel_index(np.arange(prod(counts)), counts), axis=1).astype(np.int64).reshape(-1, len(counts))

    def weights(self, base: Array, levels: Levels, cube: Array | None) -> Array:
        """The weight of every node at points, (draws, nodes), from the weights that stand in the index, (nodes,).

        Factors work in the file's order: a named set puts weights in place, noise multiplies what stands.
        """
        out = np.repeat(base[None, :], levels.shape[0], axis=0)
        for at, factor in enumerate(self.factors):
            if factor.moves != "weights":
                continue
            if factor.count:
                put, times = self._tables[factor.name]
                chosen = levels[:, at]
                out *= times[chosen]
                new = put[chosen]
                np.copyto(out, new, where=~np.isnan(new))
            else:
                if cube is None:
                    raise UsageError("factor_continuous", address=f"uncertain.{quoted(factor.name)}", name=factor.name)
                places = [self.places[node] for node in factor.nodes]
                part = cube[:, self.spans[at]]
                if factor.kind == "spread":
                    out[:, places] *= factor.multipliers(part)
                else:
                    out[:, places] = factor.shares(part)
        return out

    @cached_property
    def places(self) -> dict[str, int]:
        """Node → its column in a table of weights."""
        return {code: node.place for code, node in self.framework.nodes.items()}

    @cached_property
    def _tables(self) -> dict[str, tuple[Array, Array]]:
        found = {}
        for factor in self.factors:
            if factor.moves == "weights" and factor.count:
                put = np.full((factor.count, len(self.places)), np.nan)
                times = np.ones((factor.count, len(self.places)))
                for k, option in enumerate(factor.alternatives):
                    for node, value in option.put.items():
                        put[k, self.places[node]] = value
                    for node, value in option.times.items():
                        times[k, self.places[node]] = value
                found[factor.name] = (put, times)
        return found

    def figures(self, levels: Sequence[int]) -> Panel:
        """The figures at one point: the panel with the errors of cells that the point draws."""
        values = self.values(levels)
        return self.panel if values is self.panel.values else replace(self.panel, values=values)

    def values(self, levels: Sequence[int]) -> Array:
        """The values of :meth:`figures`, (units, periods, columns)."""
        return self._errors.values(levels)

    @cached_property
    def _errors(self) -> CellErrors:
        return CellErrors(self.panel, self.factors, self.seed)

    def fill(self, levels: Sequence[int]) -> int | None:
        """The number of the draw of missing figures at one point, or nothing where they are filled as the file says."""
        draws = [
            factor.alternatives[level].draw
            for factor, level in zip(self.factors, levels, strict=True)
            if factor.moves == "fills" and factor.alternatives[level].draw is not None
        ]
        return draws[-1] if draws else None

    def label(self, at: int, level: int, lang: str = "zh") -> str:
        """What an alternative of a factor is called."""
        texts = self.factors[at].alternatives[level].label
        return texts.get(lang) or next(iter(texts.values()), str(level + 1))


def _key_of(changes: Sequence[Change]) -> str:
    return "; ".join(f"{change.address}={change.value!r}" for change in changes)


def _copy(framework: Framework, changes: Sequence[Change], copies: dict[str, Framework]) -> Framework:
    key = _key_of(changes)
    if key not in copies:
        copies[key] = framework.put(*changes) if changes else framework
    return copies[key]


def space(framework: Framework, panel: Panel, names: Sequence[str] | None = None, *, seed: int = 0) -> Space:
    """The space of a file's uncertain factors, every address and alternative tried once against the index.

    Args:
        framework: an index with ``[uncertain.NAME]`` tables.
        panel: its figures (cells with errors are looked up in it).
        names: take these factors only, in the file's order.
        seed: of draws that a factor takes once and for all (``draws``).

    Raises ``no_factors``, ``unknown_factor`` with the nearest name, and what an alternative itself is refused with, its
    address led by that of the factor.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "lower"
    ... [uncertain.mean]
    ... address = "aggregate.method"
    ... among = ["arithmetic", "median"]
    ... [uncertain.weights]
    ... address = "indicator.*.weight"
    ... spread = 0.25
    ... ''')
    >>> found = space(framework, Panel.of(["x"], ["2023"], ["a", "b"], [[[1, 9]]]))
    >>> [(factor.name, factor.count, factor.width) for factor in found.factors], found.size
    ([('mean', 2, 1), ('weights', 0, 2)], None)
    """
    tables = framework.table.uncertain
    for name in names or ():
        if name not in tables:
            known = listing(tables) or "–"
            raise UsageError("unknown_factor", name=name, known=known, did_you_mean=nearest(name, tables))
    chosen = [name for name in tables if names is None or name in names]
    if not chosen:
        raise UsageError("no_factors", address="uncertain")
    bare = plain(framework)
    copies: dict[str, Framework] = {}
    return Space(bare, panel, tuple(_factor(bare, panel, name, tables[name], seed, copies) for name in chosen), seed, copies)


def plain(framework: Framework) -> Framework:
    """The framework without its uncertain factors, so that copies of it are made faster."""
    if not framework.table.uncertain:
        return framework
    return Framework.of({key: value for key, value in framework.spec.items() if key != "uncertain"}, file=framework.file)


def _factor(framework: Framework, panel: Panel, name: str, item: UncertainTable, seed: int, copies: dict[str, Framework]) -> Factor:
    """One factor of a file, of the kind that its table names.

    Its nodes stand in the order of their codes, so that the file may name its indicators in any order.
    """
    kind = factor_kind(item)[0]
    here = f"uncertain.{quoted(name)}"
    made = Factor(name, kind, "weights", label(item.label))
    keep = {"drop": True}.get(kind, False) if item.keep is None else item.keep
    own = [Alternative({"zh": "文件原设定", "en": "as in the file"})] if keep else []
    if kind == "among":
        return _among(framework, here, item, made, own, copies)
    if kind == "sets":
        sets = framework.table.weight_set
        options = [Alternative({"en": one}, put=dict(sets[one])) for one in item.sets or ()]
        return replace(made, alternatives=(*own, *options))
    if kind == "drop":
        nodes = sorted(_nodes(framework, Address.parse(str(item.drop))))
        return replace(made, alternatives=(*own, *(Alternative(dict(framework.nodes[n].label), put={n: 0.0}) for n in nodes)))
    if kind in ("spread", "simplex"):
        if kind == "spread":
            nodes = sorted(_nodes(framework, Address.parse(str(item.address))))
            width = 1 if item.together else len(nodes)
            made = replace(made, nodes=tuple(nodes), width=width, spread=float(item.spread or 0.0))
        else:
            nodes = sorted(framework.node(str(item.simplex)).children)
            alpha: tuple[float, ...] = ()
            if item.concentration is not None:
                given = np.array([framework.nodes[node].weight for node in nodes])
                alpha = tuple((item.concentration * given / given.sum()).tolist())
            made = replace(made, nodes=tuple(nodes), width=len(nodes), alpha=alpha)
        return made if item.draws is None else _fixed(made, item.draws, seed)
    count = DRAWS if item.draws is None else item.draws
    numbers = [{"zh": f"第 {k + 1} 次抽取", "en": f"draw {k + 1}"} for k in range(count)]
    if kind == "error":
        cells = _cells(panel, here, Address.parse(str(item.address)))
        cells &= np.isin(panel.columns, sorted(needed(framework)))  # a column that is not asked for has no part in the draws
        if isinstance(item.error, str) and panel.standard_error is None:
            raise SpecError("factor_no_errors", address=f"{here}.error")
        options = [Alternative(text, draw=k) for k, text in enumerate(numbers)]
        return replace(
            made, moves="cells", alternatives=tuple(options), cells=cells, error=item.error or 0.0, absolute=item.absolute
        )
    changes = (Change.parse("impute.method=multiple"), Change.parse("impute.on=indicator"))
    options = [Alternative(text, changes, draw=k) for k, text in enumerate(numbers)]
    _try(framework, f"{here}.imputation", changes, copies)
    return replace(made, moves="fills", alternatives=tuple(options))


def _among(
    framework: Framework,
    here: str,
    item: UncertainTable,
    made: Factor,
    own: list[Alternative],
    copies: dict[str, Framework],
) -> Factor:
    options = list(own)
    for at, option in enumerate(item.among or ()):
        if option.value is None:
            changes = tuple(Change.parse(text) for text in option.changes)
            texts = label(option.label) or {"en": "; ".join(option.changes)}
        else:
            changes = (Change(Address.parse(str(item.address)), option.value),)
            texts = {"en": str(option.value)}
        _try(framework, f"{here}.among[{at}]", changes, copies)
        options.append(Alternative(texts, changes))
    light = [_weights(framework, option) for option in options]
    if all(found is not None for found in light):
        return replace(made, alternatives=tuple(found for found in light if found is not None))
    return replace(made, moves="index", alternatives=tuple(options))


def _try(framework: Framework, here: str, changes: Sequence[Change], copies: dict[str, Framework]) -> None:
    """Nothing when the changes can be made; otherwise the error that refuses them, its address led by the factor's."""
    try:
        _copy(framework, changes, copies)
    except TiduError as error:
        for one in getattr(error, "errors", [error]):
            one.address = f"{here}: {one.address}" if one.address else here
        raise


def _weights(framework: Framework, option: Alternative) -> Alternative | None:
    """The alternative as weights of nodes, when its changes are about nothing else."""
    put: dict[str, float] = {}
    times: dict[str, float] = {}
    for change in option.changes:
        parts = change.address.parts
        if len(parts) != 3 or parts[0] not in ("pillar", "indicator") or parts[2] != "weight":
            return None
        for node in _nodes(framework, change.address):
            value: Any = change.value
            if isinstance(value, int | float) and not isinstance(value, bool):
                put[node] = float(value)
            elif isinstance(value, str) and value.strip().endswith("%"):
                times[node] = times.get(node, 1.0) * float(change.over(1.0))  # type: ignore[arg-type]
            else:
                return None
    return Alternative(option.label, (), put, times)


def _nodes(framework: Framework, address: Address) -> Iterator[str]:
    """The nodes that ``pillar.*`` or ``indicator.x.weight`` names, in the file's order."""
    found = (path[1] for path in matches(framework.spec, Address(address.root, (*address.parts[:2], "weight"))))
    yield from found


def _fixed(factor: Factor, draws: int, seed: int) -> Factor:
    """A continuous factor made discrete: its own draws, taken once, as alternatives."""
    rng = np.random.default_rng([seed, factor.key])
    options = []
    if factor.kind == "spread":
        table, way = factor.multipliers(rng.random((draws, factor.width))), "times"
    elif factor.alpha:
        table, way = factor.shares(rng.random((draws, factor.width))), "put"
    else:
        table, way = simplex(factor.width, draws, seed=int(rng.integers(2**31))), "put"
    for k, row in enumerate(table.tolist()):
        weights = dict(zip(factor.nodes, row, strict=True))
        texts = {"zh": f"第 {k + 1} 次抽取", "en": f"draw {k + 1}"}
        options.append(Alternative(texts, times=weights) if way == "times" else Alternative(texts, put=weights))
    return replace(factor, alternatives=tuple(options), width=1)


def _cells(panel: Panel, here: str, address: Address) -> NDArray[np.bool_]:
    """Which cells ``data.UNIT.PERIOD.COLUMN`` names, (units, periods, columns). Raises ``factor_address`` for a part unknown."""
    axes = (panel.units, panel.periods, panel.columns)
    masks = []
    for at, (part, names) in enumerate(zip(address.parts, axes, strict=True)):
        found = [fnmatchcase(name, part) for name in names]
        if not any(found):
            if at == 0 and "*" not in part:
                found = [name == panel.unit(part) for name in names]
            else:
                guess = nearest(part, names)
                whole = ".".join(["data", *(quoted(p) for p in (*address.parts[:at], guess, *address.parts[at + 1 :]) if p)])
                raise SpecError(
                    "factor_address",
                    address=f"{here}.address",
                    named=str(address),
                    known=listing(names),
                    did_you_mean=whole if guess else None,
                )
        masks.append(np.array(found))
    return np.asarray(masks[0][:, None, None] & masks[1][None, :, None] & masks[2][None, None, :])
