"""The index file made into one frozen object: its tree, its indicators and, for each node, the choice of every step."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tidu.core.address import Change, put, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest, raise_all
from tidu.index.choice import Choice, choose
from tidu.index.index_file import forget_options, parse, read, with_defaults
from tidu.index.permit import Permit, permits
from tidu.index.spec import STEPS, IndicatorTable, PillarTable
from tidu.index.spec_faults import errors_of
from tidu.index.structure import faults, is_derived
from tidu.index.whole_file import IndexFile


@dataclass(frozen=True)
class Node:
    """A node of the tree: an indicator (a leaf) or an inner node with children.

    ``depth`` counts from the root (0); ``place`` is the node's column in every table of scores.
    """

    code: str
    parent: str | None
    children: tuple[str, ...]
    weight: float
    depth: int
    place: int
    label: Mapping[str, str]

    @property
    def leaf(self) -> bool:
        """Whether it is an indicator."""
        return not self.children


@dataclass(frozen=True, eq=False)
class Framework:
    """A frozen index definition. Make one by :meth:`load`, :meth:`parse` or :meth:`of`.

    ``spec`` is the file's content as plain values (``extends`` resolved); ``file`` where it was read.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "lower"
    ... ''')
    >>> framework
    Framework demo: 2 indicators under 1 node, 1 level
    >>> framework.put("indicator.a.weight=2").node("a").weight
    2.0
    """

    spec: Mapping[str, Any]
    table: IndexFile = field(repr=False)
    file: str | None = None

    # --- making one ---------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: str | Path) -> Framework:
        """The framework that an index file defines. Raises :class:`~tidu.core.errors.SpecError` with file and address."""
        path = Path(path)
        spec = read(path)
        try:
            return cls.of(spec, file=path.name)
        except TiduError as error:
            raise error.in_file(path.name) from None

    @classmethod
    def parse(cls, text: str, file: str | None = None) -> Framework:
        """The framework that a TOML text defines; ``extends`` needs a file and is refused here."""
        try:
            spec = parse(text, file)
            if "extends" in spec:
                raise SpecError("extends_needs_file", address="extends")
            return cls.of(spec, file=file)
        except TiduError as error:
            raise error.in_file(file) if file else error from None

    @classmethod
    def of(cls, spec: Mapping[str, Any], file: str | None = None) -> Framework:
        """The framework of plain nested values, checked whole: every fault is reported, not the first only."""
        spec = copy.deepcopy(dict(spec))
        try:
            table = IndexFile.model_validate_json(json.dumps(spec, default=str), strict=True)
        except ValidationError as failure:
            raise_all(errors_of(failure, spec, IndexFile))
            raise
        made = cls(spec, table, file)
        raise_all(list(made._faults()))
        return made

    def put(self, *changes: str | Change) -> Framework:
        """A copy with values put at addresses, checked again. Wildcards change each match.

        Raises ``no_match`` when an address names nothing in the file.
        """
        spec: Mapping[str, Any] = self.spec
        for item in changes:
            change = Change.parse(item) if isinstance(item, str) else item
            if change.address.root != "spec":
                raise UsageError("data_address_here", address=str(change.address))
            parts = change.address.parts
            if parts[-1] == "method" and len(parts) > 1:
                spec = forget_options(spec, parts[:-1], change.value)
            spec = put(with_defaults(spec, parts), change)
        return Framework.of(spec, file=self.file)

    # --- the tree -----------------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """The index's short name, also the code of the root."""
        return self.table.index.code

    def title(self, lang: str = "zh") -> str:
        """The index's title in a language, or its code."""
        return label(self.table.index.title).get(lang) or next(iter(label(self.table.index.title).values()), self.code)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by code: indicators in the file's order, then inner nodes from the deepest up, the root last."""
        parents = {code: (item.parent or self.code) for code, item in self.table.pillar.items()}
        leaves = {code: (item.parent or self.code) for code, item in self.table.indicator.items()}
        children: dict[str, list[str]] = {self.code: []}
        for code in parents:
            children[code] = []
        for code, parent in [*parents.items(), *leaves.items()]:
            children[parent].append(code)
        depth = {self.code: 0}

        def deep(code: str) -> int:
            if code not in depth:
                depth[code] = deep(parents.get(code) or leaves[code]) + 1
            return depth[code]

        inner = sorted([*parents, self.code], key=lambda code: -deep(code))
        found: dict[str, Node] = {}
        for place, code in enumerate([*leaves, *inner]):
            item: PillarTable | IndicatorTable | None = self.table.indicator.get(code) or self.table.pillar.get(code)
            found[code] = Node(
                code=code,
                parent=leaves.get(code) or parents.get(code),
                children=tuple(children.get(code, ())),
                weight=1.0 if item is None else item.weight,
                depth=deep(code),
                place=place,
                label=label(self.table.index.title if item is None else item.label),
            )
        return found

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The indicators' codes, in the file's order."""
        return tuple(self.table.indicator)

    @cached_property
    def inner(self) -> tuple[Node, ...]:
        """The inner nodes, children before parents, the root last."""
        return tuple(node for node in self.nodes.values() if not node.leaf)

    def node(self, code: str) -> Node:
        """One node. Raises ``unknown_node`` with the nearest code."""
        try:
            return self.nodes[code]
        except KeyError:
            raise UsageError("unknown_node", name=code, known=listing(self.nodes), did_you_mean=nearest(code, self.nodes)) from None

    def label(self, code: str, lang: str = "zh") -> str:
        """A node's label in a language, or its code."""
        labels = self.node(code).label
        return labels.get(lang) or next(iter(labels.values()), code)

    def source(self, code: str | None = None, lang: str = "zh") -> str:
        """Where the figures of an indicator are from, or of the index as a whole; empty where the file does not say.

        >>> index = {"code": "x", "source": {"zh": "年鉴", "en": "Yearbook"}}
        >>> Framework.of({"index": index, "indicator": {"a": {"better": "higher"}}}).source(lang="en")
        'Yearbook'
        """
        told = label(self.table.index.source_ if code is None else self.table.indicator[code].source_)
        return told.get(lang) or next(iter(told.values()), "")

    @cached_property
    def permits(self) -> Mapping[str, Permit]:
        """Indicator → whether it may be a target or advice, and by which name (:mod:`tidu.index.permit`)."""
        return permits(self.table)

    def leaves_under(self, code: str) -> tuple[str, ...]:
        """The indicators below a node, in the file's order."""
        node = self.node(code)
        if node.leaf:
            return (code,)
        inside = {leaf for child in node.children for leaf in self.leaves_under(child)}
        return tuple(leaf for leaf in self.leaves if leaf in inside)

    def downwards(self, code: str | None = None) -> tuple[str, ...]:
        r"""A node (the index itself when none is named) and all below it, each followed by its children, as a reader goes.

        >>> framework = Framework.parse('[index]\ncode="d"\n[pillar.p]\n[indicator.a]\nparent="p"\nbetter="higher"')
        >>> framework.downwards()
        ('d', 'p', 'a')
        """
        top = self.code if code is None else code
        return (top, *(below for child in self.node(top).children for below in self.downwards(child)))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The inner nodes above a node, from the root down, the root left out."""
        chain: list[str] = []
        parent = self.node(code).parent
        while parent is not None and parent != self.code:
            chain.append(parent)
            parent = self.nodes[parent].parent
        return tuple(reversed(chain))

    def effective_weights(self) -> dict[str, float]:
        """The share of each node in the root: the product of the given weights, normalised within each parent."""
        share = {self.code: 1.0}
        for node in reversed(self.inner):
            total = sum(self.nodes[child].weight for child in node.children)
            for child in node.children:
                share[child] = share[node.code] * self.nodes[child].weight / total
        return share

    # --- the choice of each step --------------------------------------------------------------------------------

    def choice(self, step: str, code: str) -> Choice:
        r"""The effective choice of a step for a node or indicator, and where each of its keys was written.

        The nearest table wins key by key; a table that names another method drops what it would have inherited
        of that step. ``aggregate`` and ``weighting`` of a node say how its children are brought together.

        >>> text = '[index]\ncode="d"\n[treat]\nmethod="log"\n[indicator.a]\nbetter="higher"'
        >>> text += '\n[indicator.a.treat]\nmethod="none"'
        >>> Framework.parse(text).choice("treat", "a").method.name
        'none'
        """
        return self._choices[step, code]

    def column_choice(self, name: str) -> Choice | None:
        """The imputation of a raw or derived column, or nothing when columns are not filled before indicators are made."""
        own = self.table.column.get(name)
        if own is not None and (own.impute is not None or is_derived(own)):
            return self._choices["impute", f"column.{name}"] if own.impute is not None else None
        top = self._column_choice
        return top if top.keys["on"] == "column" and top.method.name != "none" else None

    @cached_property
    def _column_choice(self) -> Choice:
        return choose("impute", [("impute", self.table.impute.model_dump(exclude_unset=True))])

    @cached_property
    def _choices(self) -> dict[tuple[str, str], Choice]:
        found: dict[tuple[str, str], Choice] = {}
        for step in STEPS:
            between = step in ("weighting", "aggregate")
            for node in self.nodes.values():
                if node.leaf != between:
                    found[step, node.code] = self._choose(step, node.code)
        for code in self.table.column:
            found["impute", f"column.{code}"] = self._choose("impute", f"column.{code}")
        return found

    def _layers(self, step: str, code: str) -> list[tuple[str, Mapping[str, Any]]]:
        layers = [(step, getattr(self.table, step).model_dump(exclude_unset=True))]
        if code.startswith("column."):
            own: Any = self.table.column[code.removeprefix("column.")]
            chain = [(f"column.{quoted(code.removeprefix('column.'))}.{step}", getattr(own, step))]
        elif code == self.code:
            chain = [(f"index.{step}", getattr(self.table.index, step, None))]
        else:
            chain = [(f"pillar.{quoted(up)}.{step}", getattr(self.table.pillar[up], step)) for up in self.ancestors(code)]
            kind = "indicator" if code in self.table.indicator else "pillar"
            chain.append((f"{kind}.{quoted(code)}.{step}", getattr(getattr(self.table, kind)[code], step)))
        layers += [(address, item.model_dump(exclude_unset=True)) for address, item in chain if item is not None]
        return layers

    def _choose(self, step: str, code: str) -> Choice:
        return choose(step, self._layers(step, code))

    # --- checks -------------------------------------------------------------------------------------------------

    def _faults(self) -> Iterator[TiduError]:
        tree = list(faults(self.table))
        yield from tree
        if tree:
            return
        yield from self._weight_faults()
        seen: set[str] = set()
        for step in STEPS:
            between = step in ("weighting", "aggregate")
            places = [node.code for node in self.nodes.values() if node.leaf != between]
            places += [f"column.{code}" for code in self.table.column] if step == "impute" else []
            for place in places:
                try:
                    choice = self._choose(step, place)
                    if step == "weighting":
                        self._check_set(choice, self.nodes[place])
                except TiduError as error:
                    for one in getattr(error, "errors", [error]):
                        key = f"{one.code}{one.address}"
                        if key not in seen:
                            seen.add(key)
                            yield one

    def _check_set(self, choice: Choice, node: Node) -> None:
        """Nothing when the set of weights that a node names is there and knows its children."""
        name = choice.options.get("set")
        if choice.method.name != "given" or name is None:
            return
        sets, address = self.table.weight_set, f"{choice.whence['set']}.set"
        if name not in sets:
            raise SpecError(
                "weight_set_unknown", address=address, set=name, known=listing(sets) or "–", did_you_mean=nearest(name, sets)
            )
        lacking = [child for child in node.children if child not in sets[name]]
        if lacking:
            raise SpecError("weight_set_incomplete", address=f"weight_set.{quoted(name)}", set=name, lacking=listing(lacking))

    def _weight_faults(self) -> Iterator[TiduError]:
        for node in self.inner:
            if sum(self.nodes[child].weight for child in node.children) <= 0:
                yield SpecError("weights_zero", address=_address(self, node.children[0], "weight"), children=listing(node.children))
        for name, weights in self.table.weight_set.items():
            for code, weight in weights.items():
                if code not in self.nodes:
                    yield SpecError(
                        "unknown_node",
                        address=f"weight_set.{quoted(name)}.{quoted(code)}",
                        name=code,
                        known=listing(self.nodes),
                        did_you_mean=nearest(code, self.nodes),
                    )
                elif not math.isfinite(weight):
                    yield SpecError("wants_finite", address=f"weight_set.{quoted(name)}.{quoted(code)}", value=str(weight))
                elif weight < 0:
                    yield SpecError("weight_negative", address=f"weight_set.{quoted(name)}.{quoted(code)}", weight=weight)

    def __repr__(self) -> str:
        levels = max(node.depth for node in self.nodes.values())
        count, inner = len(self.leaves), len(self.inner)
        plural = ("s" if count > 1 else "", "s" if inner > 1 else "", "s" if levels > 1 else "")
        return f"Framework {self.code}: {count} indicator{plural[0]} under {inner} node{plural[1]}, {levels} level{plural[2]}"


def label(table: Any) -> dict[str, str]:
    """A label's texts by language, those left out left out."""
    return {lang: text for lang, text in (("zh", table.zh), ("en", table.en)) if text}


def _address(framework: Framework, code: str, key: str) -> str:
    kind = "indicator" if code in framework.table.indicator else "pillar"
    return f"{kind}.{quoted(code)}.{key}"
