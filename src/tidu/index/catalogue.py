"""What the methods and the keys of an index file mean, in Chinese and English, and how a file's tables apply to each node."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from tidu.core.errors import UsageError, listing, nearest
from tidu.index.framework import Framework
from tidu.index.methods import REGISTRIES
from tidu.index.spec import STEPS


@cache
def meanings() -> dict[str, dict[str, Any]]:
    """The catalogue of meanings: ``methods`` by step and name, ``keys`` by table and key, each with zh and en."""
    return tomllib.loads(resources.files("tidu.data").joinpath("meanings.toml").read_text(encoding="utf-8"))


def method_rows(step: str | None = None, lang: str = "en") -> list[dict[str, str]]:
    """One row a method: step, method, meaning, keys with their defaults, source. Raises ``unknown_step``.

    >>> [row["method"] for row in method_rows("normalise")][:3]
    ['none', 'min_max', 'z_score']
    """
    if step is not None and step not in REGISTRIES:
        raise UsageError("unknown_step", name=step, known=listing(REGISTRIES), did_you_mean=nearest(step, REGISTRIES))
    rows = []
    for name in [step] if step else REGISTRIES:
        for method in REGISTRIES[name]:
            found = REGISTRIES[name][method]
            keys = [
                key if default is inspect.Parameter.empty else f"{key} = {_shown(default)}"
                for key, (_, default) in found.parameters.items()
            ]
            rows.append(
                {
                    "step": name,
                    "method": method,
                    "meaning": meanings()["methods"][name][method][lang],
                    "keys": ", ".join(keys),
                    "source": found.source,
                }
            )
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_shown(item)}" for key, item in value.items()) + " }"
    return "—" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def explain(framework: Framework, lang: str = "en") -> dict[str, list[dict[str, str]]]:
    """What a file says and what it comes to.

    ``keys``: one row a key written in the file, with its value and meaning. ``steps``: one row a key of each step at
    each node, with the method, the value in force and the table where it was written (``default`` where nowhere).
    """
    keys = [
        {"key": address, "value": _shown(value), "meaning": _meaning(address, lang)} for address, value in _written(framework.spec)
    ]
    steps = []
    for step in STEPS:
        between = step in ("weighting", "aggregate")
        for node in framework.nodes.values():
            if node.leaf == between:
                continue
            choice = framework.choice(step, node.code)
            own = ((key, value) for key, value in choice.keys.items() if key not in choice.options)
            rows = [("method", choice.method.name), *choice.options.items(), *own]
            for key, value in rows:
                steps.append(
                    {
                        "node": node.code,
                        "step": step,
                        "method": choice.method.name,
                        "key": key,
                        "value": _shown(value),
                        "whence": choice.whence.get(key, "default"),
                    }
                )
    return {"keys": keys, "steps": steps}


def _written(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        label = isinstance(value, Mapping) and set(value) <= {"zh", "en"} and bool(value)
        if isinstance(value, Mapping) and not label and key not in ("when",):
            yield from _written(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def _meaning(address: str, lang: str) -> str:
    """The meaning of a key by its table: ``indicator.x.per`` is looked up as ``indicator.per``, a step's key by the step."""
    parts = address.split(".")
    keys = meanings()["keys"]
    for at in range(len(parts) - 1):
        if parts[at] in STEPS:
            found = keys.get(parts[at], {}).get(parts[-1]) or keys["parameters"].get(parts[-1])
            return found[lang] if found else ""
    table = parts[0] if len(parts) > 1 else "file"
    found = keys.get(table, {}).get(parts[-1])
    return str(found[lang] if found else keys.get("file", {}).get(table, {}).get(lang, ""))
