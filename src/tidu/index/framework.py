"""The index file made into one frozen object: its tree, its indicators and, for each node, the choice of every step."""

from __future__ import annotations

import copy
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tidu.core.address import Change, put, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest, raise_all
from tidu.index.choice import DEFAULT_METHOD, Choice, choose
from tidu.index.spec import FORMULAS, STEPS, ColumnTable, IndexFile, IndicatorTable, PillarTable, errors_of, shown

#: A node's code: letters of any script, digits, ``_``, ``.`` and ``-``.
_CODE = re.compile(r"^\w[\w.\-]*$")
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".parquet")


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
        spec = _read(path, ())
        try:
            return cls.of(spec, file=path.name)
        except TiduError as error:
            raise error.in_file(path.name) from None

    @classmethod
    def parse(cls, text: str, file: str | None = None) -> Framework:
        """The framework that a TOML text defines; ``extends`` needs a file and is refused here."""
        try:
            spec = _parse(text, file)
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
                spec = _forget_options(spec, parts[:-1], change.value)
            spec = put(_with_defaults(spec, parts), change)
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

    def leaves_under(self, code: str) -> tuple[str, ...]:
        """The indicators below a node, in the file's order."""
        node = self.node(code)
        if node.leaf:
            return (code,)
        inside = {leaf for child in node.children for leaf in self.leaves_under(child)}
        return tuple(leaf for leaf in self.leaves if leaf in inside)

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
        tree = list(self._tree_faults())
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

    def _tree_faults(self) -> Iterator[TiduError]:
        pillars, indicators = self.table.pillar, self.table.indicator
        for kind, codes in (("pillar", tuple(pillars)), ("indicator", tuple(indicators))):
            for code in codes:
                if not _CODE.match(code):
                    yield SpecError("bad_code", address=f"{kind}.{quoted(code)}", value=shown(code))
                if code == self.code:
                    yield SpecError("code_of_root", address=f"{kind}.{quoted(code)}", code_=code)
                if kind == "indicator" and code in pillars:
                    yield SpecError("code_twice", address=f"indicator.{quoted(code)}", code_=code)
        tables: tuple[tuple[str, Mapping[str, PillarTable | IndicatorTable]], ...] = (
            ("pillar", pillars),
            ("indicator", indicators),
        )
        for kind, items in tables:
            for code, member in items.items():
                parent: str | None = member.parent
                if parent is None or parent == self.code:
                    continue
                if parent in indicators and parent not in pillars:
                    yield SpecError("parent_is_indicator", address=f"{kind}.{quoted(code)}.parent", name=parent)
                elif parent not in pillars:
                    yield SpecError(
                        "unknown_parent",
                        address=f"{kind}.{quoted(code)}.parent",
                        name=parent,
                        known=listing([*pillars, self.code]),
                        did_you_mean=nearest(parent, pillars),
                    )
        for code in pillars:
            chain, at = [code], pillars[code].parent
            while at in pillars and at not in chain:
                chain.append(at)
                at = pillars[at].parent
            if at in chain and at == code:
                yield SpecError("cycle", address=f"pillar.{quoted(code)}.parent", chain=" → ".join([*chain, code]))
        with_child = {item.parent for item in pillars.values()} | {item.parent for item in indicators.values()}
        for code in pillars:
            if code not in with_child:
                yield SpecError("orphan", address=f"pillar.{quoted(code)}", code_=code)
        for code, column in self.table.column.items():
            yield from _column_faults(code, column, self.table)
        for code, leaf in indicators.items():
            if leaf.scale == 0:
                yield SpecError("scale_zero", address=f"indicator.{quoted(code)}.scale")
        index = self.table.index
        if index.years == ():
            yield SpecError("list_empty", address="index.years")
        if list(index.bands) != sorted(set(index.bands)) or not all(0 < share < 1 for share in index.bands):
            yield SpecError("band_shares", address="index.bands", value=shown(index.bands))
        for unit in self.table.screen.force_in:
            if unit in self.table.screen.force_out:
                yield SpecError("forced_twice", address="screen.force_out", unit=unit)

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


def is_derived(column: ColumnTable) -> bool:
    """Whether a column is made of others; if not, its table only adds settings to a printed one."""
    return any(getattr(column, kind) is not None for kind in FORMULAS)


def _column_faults(code: str, item: ColumnTable, table: IndexFile) -> Iterator[TiduError]:
    kinds = [kind for kind in FORMULAS if getattr(item, kind) is not None]
    if item.scale == 0:
        yield SpecError("scale_zero", address=f"column.{quoted(code)}.scale")
    if not kinds:
        return  # a printed column with settings of its own
    if len(kinds) > 1:
        yield SpecError("column_kind", address=f"column.{quoted(code)}", found=listing(kinds))
        return
    address = f"column.{quoted(code)}.{kinds[0]}"
    queue = _made_of(item)
    if not queue:
        yield SpecError("list_empty", address=address)
    chain = _circle(code, table)
    if chain:
        yield SpecError("column_cycle", address=address, code_=code, chain=" → ".join(chain))
        return
    order = list(table.column)
    for name in queue:
        if name in table.column and is_derived(table.column[name]) and order.index(name) > order.index(code):
            yield SpecError("column_order", address=address, name=name)
    if kinds[0] in ("sum", "difference", "coalesce"):
        units = {name: table.column[name].unit for name in queue if name in table.column and table.column[name].unit}
        if len(set(units.values())) > 1:
            yield SpecError("unit_mismatch", address=address, units=listing(f"{name} ({unit})" for name, unit in units.items()))


def _made_of(item: ColumnTable) -> list[str]:
    """The columns that a derived column names, none for a printed one."""
    for kind in FORMULAS:
        used = getattr(item, kind)
        if used is not None:
            return [used] if isinstance(used, str) else list(used)
    return []


def _circle(code: str, table: IndexFile) -> list[str]:
    """The way from a derived column back to itself, or nothing."""
    ways = [[code]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in _made_of(table.column[way[-1]]):
            if name == code:
                return [*way, code]
            if name in table.column and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


_SPOT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _parse(text: str, file: str | None) -> dict[str, Any]:
    """The tables of a TOML text. Raises ``toml_twice`` or ``bad_toml`` with the line and the column in it."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        why = str(failure)
        lines = text.splitlines() or [""]
        spot = _SPOT.search(why)
        row = int(spot.group(1)) if spot and spot.group(1) else len(lines)
        column = spot.group(2) if spot and spot.group(2) else None
        twice = why.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate"))
        raise SpecError(
            "toml_twice" if twice else "bad_toml",
            file=file,
            row=row,
            column=column,
            line=lines[min(row, len(lines)) - 1].strip() or "–",
            why=_SPOT.sub("", why),
        ) from None


def _read(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    """The tables of an index file laid over those of the files it extends."""
    name = path.name
    if path.resolve() in above:
        raise SpecError("extends_cycle", file=name, address="extends", chain=" → ".join(item.name for item in (*above, path)))
    if path.suffix.lower() in _TABLES and path.is_file():
        raise SpecError("table_as_index", file=name)
    if path.is_dir():
        raise SpecError("is_folder", file=name)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise SpecError("no_file", file=name, path=str(path)) from None
    except OSError as failure:
        raise SpecError("unreadable", file=name, why=failure.strerror or str(failure)) from None
    except UnicodeDecodeError as failure:
        raise SpecError("not_utf8", file=name, row=content[: failure.start].count(b"\n") + 1, byte=failure.start + 1) from None
    spec = _parse(text, name)
    base = spec.pop("extends", None)
    if base is None:
        return spec
    if not isinstance(base, str):
        raise SpecError("wants_text", file=name, address="extends", value=shown(base))
    below = path.parent / base
    if not below.is_file():
        raise SpecError("extends_missing", file=name, address="extends", path=base)
    return merge(_read(below, (*above, path.resolve())), spec)


def merge(base: Mapping[str, Any], over: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """A file's tables laid over those it extends: key by key; a step that names another method drops the old keys.

    >>> merge({"treat": {"method": "winsorise", "at_most": 5}}, {"treat": {"method": "none"}})
    {'treat': {'method': 'none'}}
    """
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            before = old.get("method", None if path else DEFAULT_METHOD.get(key))
            if key in STEPS and value.get("method", before) != before:
                out[key] = dict(value)
            else:
                out[key] = merge(old, value, (*path, key))
        else:
            out[key] = value
    return out


def _forget_options(spec: Mapping[str, Any], path: tuple[str, ...], method: object) -> Mapping[str, Any]:
    """The spec without the old method's keys in the step tables at ``path``, when the method there changes."""
    if "*" in "".join(path) or path[-1] not in STEPS:
        return spec
    new = copy.deepcopy(dict(spec))
    node: Any = new
    for part in path:
        node = node.get(part, {}) if isinstance(node, dict) else {}
    if isinstance(node, dict) and node.get("method", None if path[1:] else DEFAULT_METHOD[path[0]]) != method:
        for key in [key for key in node if key not in ("method", "per", "over", "on", "missing", "coverage")]:
            del node[key]
    return new


def _with_defaults(spec: Mapping[str, Any], parts: tuple[str, ...]) -> Mapping[str, Any]:
    """The spec with a step's table, and the weights of all nodes, written out, so that an address finds them."""
    new = copy.deepcopy(dict(spec))
    if parts[0] in (*STEPS, "units", "screen"):
        new.setdefault(parts[0], {})
    if parts[0] == "index" and len(parts) == 3 and parts[1] in ("weighting", "aggregate"):
        new["index"].setdefault(parts[1], {})
    for kind in ("pillar", "indicator"):
        if parts[0] == kind and len(parts) >= 3:
            for item in new.get(kind, {}).values():
                if parts[2] == "weight":
                    item.setdefault("weight", 1.0)
                elif parts[2] in STEPS and len(parts) == 4 and "*" not in parts[1]:
                    item_at = new[kind].get(parts[1])
                    if item_at is not None:
                        item_at.setdefault(parts[2], {})
    return new
