"""Addresses: the key path in the index file, used in changes, errors and factors alike.

``spec.pillar.output.weight`` (``spec.`` may be left out) names a key of the index file;
``data.110000.2023.gdp`` names a cell: unit (code or exact name), period, column.
A part may be ``*`` (each match separately) and is quoted when it holds a dot: ``data."St. Gallen".2023.gdp``.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tidu.core.errors import UsageError, listing, nearest

_PART = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^."\s][^."]*))\s*(\.|$)')
_RELATIVE = re.compile(r"^([+-])(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(%?)$")


@dataclass(frozen=True)
class Address:
    """A root (``spec`` or ``data``) and the parts of a path under it.

    >>> Address.parse("pillar.output.weight")
    Address(root='spec', parts=('pillar', 'output', 'weight'))
    >>> str(Address.parse('data."St. Gallen".2023.gdp'))
    'data."St. Gallen".2023.gdp'
    """

    root: str
    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that a text spells. Raises ``bad_address`` with the text when it is none."""
        parts: list[str] = []
        at = 0
        while at < len(text):
            found = _PART.match(text, at)
            if not found:
                raise UsageError("bad_address", text=text)
            quoted, bare = found.group(1), found.group(2)
            parts.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare.strip())
            at = found.end()
            if found.group(3) == "." and at == len(text):
                raise UsageError("bad_address", text=text)
        if not parts:
            raise UsageError("bad_address", text=text)
        root = "spec"
        if parts[0] in ("spec", "data") and len(parts) > 1:
            root, parts = parts[0], parts[1:]
        if root == "data" and len(parts) != 3:
            raise UsageError("bad_data_address", text=text)
        return cls(root, tuple(parts))

    def __str__(self) -> str:
        told = self.root == "data" or self.parts[0] in ("spec", "data")  # a key of that name would else be read as the root
        return ".".join(([self.root] if told else []) + [quoted(part) for part in self.parts])

    @property
    def wild(self) -> bool:
        """Whether any part holds a wildcard."""
        return any("*" in part for part in self.parts)


def quoted(part: str) -> str:
    """A part as it is written in an address: in quotes when it is empty or holds a dot, a quote or a space.

    >>> quoted("St. Gallen")
    '"St. Gallen"'
    """
    if not part or re.search(r'[."\s]', part):
        return '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return part


@dataclass(frozen=True)
class Change:
    """A value put at an address: a literal, or relative to what stands there (``"+20%"``, ``"+3"``).

    >>> Change.parse("treat.method=none")
    Change(address=Address(root='spec', parts=('treat', 'method')), value='none')
    """

    address: Address
    value: object

    @classmethod
    def parse(cls, text: str) -> Change:
        """The change that ``ADDRESS=VALUE`` spells; the value is read as TOML, a bare word as text."""
        address, sign, value = text.partition("=")
        if not sign or not value.strip():
            raise UsageError("bad_change", text=text)
        return cls(Address.parse(address.strip()), literal(value.strip()))

    def over(self, old: object) -> object:
        """The new value, given the one that stands at the address."""
        if not isinstance(self.value, str):
            return self.value
        found = _RELATIVE.match(self.value.strip())
        if not found:
            return self.value
        if isinstance(old, bool) or not isinstance(old, int | float):
            raise UsageError(
                "relative_without_number", address=str(self.address), change=self.value, value="–" if old is None else str(old)
            )
        amount = float(found.group(1) + found.group(2))
        return old * (1 + amount / 100) if found.group(3) else old + amount


def literal(text: str) -> object:
    """The value that a text spells in TOML; a bare word or a relative change stays text.

    >>> literal("0.5"), literal("[1, 100]"), literal("geometric"), literal("+20%"), literal("+3")
    (0.5, [1, 100], 'geometric', '+20%', '+3')
    """
    if _RELATIVE.match(text) and text[0] == "+":
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def matches(tree: Mapping[str, Any], address: Address) -> Iterator[tuple[str, ...]]:
    """The key paths of a tree that an address names, wildcards resolved, in the tree's order.

    The last key may be one that is not there yet; the tables above it must exist.

    >>> tree = {"pillar": {"a": {"weight": 1}, "b": {}}}
    >>> list(matches(tree, Address.parse("pillar.*.weight")))
    [('pillar', 'a', 'weight'), ('pillar', 'b', 'weight')]
    """

    def walk(node: Mapping[str, Any], done: tuple[str, ...], rest: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        head, tail = rest[0], rest[1:]
        if not tail:
            if "*" in head:
                yield from ((*done, key) for key in node if fnmatchcase(key, head))
            else:
                yield (*done, head)
            return
        for key in [key for key in node if fnmatchcase(key, head)] if "*" in head else [head]:
            below = node.get(key)
            if isinstance(below, Mapping):
                yield from walk(below, (*done, key), tail)

    yield from walk(tree, (), address.parts)


def value_at(tree: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """The value at a key path, or nothing when the path leads nowhere.

    >>> value_at({"a": {"b": 2}}, ("a", "b"))
    2
    """
    node: Any = tree
    for part in path:
        if not isinstance(node, Mapping) or part not in node:
            return None
        node = node[part]
    return node


def put(tree: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """A copy of the tree with the change made at every match of its address.

    Raises ``no_match`` when the address names nothing, with the nearest key.

    >>> put({"treat": {"method": "none"}}, Change.parse("treat.method=log"))
    {'treat': {'method': 'log'}}
    """
    found = list(matches(tree, change.address))
    if not found:
        raise UsageError("no_match", address=str(change.address), did_you_mean=_guess(tree, change.address), known=listing(tree))
    new = copy.deepcopy(dict(tree))
    for path in found:
        node = new
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = change.over(node.get(path[-1]))
    return new


def _guess(tree: Mapping[str, Any], address: Address) -> str | None:
    node: Any = tree
    for at, part in enumerate(address.parts):
        if not isinstance(node, Mapping):
            return None
        if "*" in part:
            return None
        if part not in node:
            guess = nearest(part, node)
            return ".".join(quoted(item) for item in (*address.parts[:at], guess, *address.parts[at + 1 :])) if guess else None
        node = node[part]
    return None
