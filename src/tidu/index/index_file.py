"""The index file as nested values: read from TOML, laid over the file it extends, made ready for a change at an address."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidu.core.errors import SpecError
from tidu.index.choice import DEFAULT_METHOD
from tidu.index.spec import STEPS
from tidu.index.spec_faults import shown

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".parquet")
_SPOT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse(text: str, file: str | None) -> dict[str, Any]:
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


def read(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
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
    spec = parse(text, name)
    base = spec.pop("extends", None)
    if base is None:
        return spec
    if not isinstance(base, str):
        raise SpecError("wants_text", file=name, address="extends", value=shown(base))
    below = path.parent / base
    if not below.is_file():
        raise SpecError("extends_missing", file=name, address="extends", path=base)
    return merge(read(below, (*above, path.resolve())), spec)


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


def forget_options(spec: Mapping[str, Any], path: tuple[str, ...], method: object) -> Mapping[str, Any]:
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


def with_defaults(spec: Mapping[str, Any], parts: tuple[str, ...]) -> Mapping[str, Any]:
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
