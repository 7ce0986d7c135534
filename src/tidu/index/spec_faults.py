"""What pydantic finds wrong in an index file, told as our errors: the address, what was expected, the nearest known key."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from tidu.core.address import quoted
from tidu.core.errors import SpecError, TiduError, listing, nearest

#: What an office may write for a direction, beside the nearest spelling.
DIRECTIONS = {
    "higher": (
        "up",
        "high",
        "more",
        "max",
        "positive",
        "+",
        "1",
        "+1",
        "benefit",
        "高",
        "越高越好",
        "越大越好",
        "正",
        "正向",
        "正指标",
        "效益型",
    ),
    "lower": (
        "down",
        "low",
        "less",
        "min",
        "negative",
        "-",
        "-1",
        "cost",
        "低",
        "越低越好",
        "越小越好",
        "负",
        "负向",
        "逆",
        "逆向",
        "逆指标",
        "成本型",
    ),
}
_PLAIN = {
    "float_type": "wants_number",
    "float_parsing": "wants_number",
    "finite_number": "wants_finite",
    "int_type": "wants_whole",
    "int_parsing": "wants_whole",
    "int_from_float": "wants_whole",
    "string_type": "wants_text",
    "bool_type": "wants_true_or_false",
    "bool_parsing": "wants_true_or_false",
    "list_type": "wants_list",
    "tuple_type": "wants_list",
    "dict_type": "wants_table",
    "model_type": "wants_table",
    "model_attributes_type": "wants_table",
}
_LIMITS = {"greater_than_equal": "≥ {ge}", "greater_than": "> {gt}", "less_than_equal": "≤ {le}", "less_than": "< {lt}"}


def shown(value: object) -> str:
    """A value as it stands in the index file.

    >>> shown("0.5"), shown(True), shown([1, 2])
    ('"0.5"', 'true', '[1, 2]')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def errors_of(failure: ValidationError, tree: Mapping[str, Any], model: type[BaseModel], at: str = "") -> list[TiduError]:
    """Our errors for what pydantic found: each with its address, what was expected and the nearest known key.

    Where a value may have one of several shapes, pydantic tells of each; only the fault that lies deepest is told.
    """
    faults: dict[tuple[str, ...], tuple[int, TiduError]] = {}
    for item in failure.errors(include_url=False):
        path, union = _path(item["loc"], tree)
        if item["type"] in ("missing", "too_long", "too_short") and path and _inside_list(tree, path, item["type"]):
            path = path[:-1] if item["type"] == "missing" else path
        key = union or tuple(path)
        if key not in faults or (union and len(path) > faults[key][0]):
            faults[key] = (len(path), _translate(item, path, model, at))
    return [fault for _, fault in faults.values()]


def _path(loc: tuple[int | str, ...], tree: Any) -> tuple[list[str], tuple[str, ...]]:
    """The keys that lead to a fault, without the names of types that pydantic puts between; and where these began."""
    path: list[str] = []
    union: tuple[str, ...] = ()
    here: Any = tree
    for k, part in enumerate(loc):
        found = (isinstance(here, Mapping) and part in here) or (
            isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)
        )
        if found:
            here = here[part]
        elif k < len(loc) - 1 or (isinstance(part, str) and "[" in part) or not isinstance(here, Mapping | list | tuple):
            union = union or tuple(path)
            continue
        path.append(str(part))
    return path, () if loc[-1:] == ("[key]",) else union


def _inside_list(tree: Any, path: list[str], kind: str) -> bool:
    here: Any = tree
    for part in path[:-1] if kind == "missing" else path:
        here = here[int(part)] if isinstance(here, list | tuple) else here[part]
    return isinstance(here, list | tuple)


def _translate(item: Any, path: list[str], model: type[BaseModel], at: str) -> SpecError:
    kind, value = item["type"], item.get("input")
    address = ".".join([*([at] if at else []), *(quoted(part) for part in path)])
    context = item.get("ctx", {})
    last = path[-1] if path else ""
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        return SpecError("unknown_key", address=address, key=last, known=listing(known, 40), did_you_mean=nearest(last, known))
    if kind == "missing" and isinstance(value, list | tuple):
        return SpecError("list_length", address=address, value=shown(value), found=len(value), wanted=int(item["loc"][-1]) + 1)
    if kind == "too_long":
        return SpecError(
            "list_length", address=address, value=shown(value), found=context["actual_length"], wanted=context["max_length"]
        )
    if (kind == "too_short" or kind == "missing") and path == ["indicator"]:
        return SpecError("no_indicators", address="indicator")
    if kind == "too_short":
        return SpecError(
            "list_length", address=address, value=shown(value), found=context["actual_length"], wanted=context["min_length"]
        )
    if kind == "missing" and path == ["index"]:
        return SpecError("missing_table", address="index", table="index")
    if last == "better":
        if kind == "missing":
            return SpecError("missing_better", address=address, code_=path[-2])
        word = str(value).strip().lower()
        guess = next((way for way, words in DIRECTIONS.items() if word in words), None) or nearest(word, DIRECTIONS)
        return SpecError("bad_direction", address=address, value=shown(value), did_you_mean=guess)
    if kind == "missing":
        return SpecError("missing_key", address=address, key=last, parent=".".join(path[:-1]) or at or "index.toml")
    if kind == "literal_error":
        choices = [part.strip().strip("'") for part in context["expected"].replace(" or ", ",").split(",")]
        guess = nearest(str(value), choices)
        if item["loc"][-1] == "[key]":
            return SpecError("unknown_key", address=address, key=last, known=listing(choices), did_you_mean=guess)
        return SpecError("not_a_choice", address=address, value=shown(value), known=listing(choices), did_you_mean=guess)
    if "years" in path and kind in ("string_type", "string_pattern_mismatch"):
        return SpecError("bad_period", address=address, period=shown(value))
    if kind == "string_pattern_mismatch" and path == ["index", "code"]:
        return SpecError("bad_index_code", address=address, value=shown(value))
    if last == "weight" and kind == "greater_than_equal":
        return SpecError("weight_negative", address=address, weight=value)
    if kind in _LIMITS:
        return SpecError("out_of_range", address=address, value=shown(value), limit=_LIMITS[kind].format(**context))
    if last in ("label", "title", "description", "note") and kind in ("model_type", "model_attributes_type"):
        return SpecError("wants_text", address=address, value=shown(value))
    if kind in _PLAIN:
        return SpecError(_PLAIN[kind], address=address, value=shown(value))
    return SpecError("wrong_value", address=address, value=shown(value), why=item["msg"])


def _keys_at(model: type[BaseModel], path: list[str]) -> list[str]:
    here: Any = model
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            found = {(f.alias or name): f.annotation for name, f in here.model_fields.items()}
            here = _table_in(found.get(part))
        else:
            here = _table_in(here)
        if here is None:
            return []
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [f.alias or name for name, f in here.model_fields.items()]
    return []


def _table_in(annotation: Any) -> Any:
    """The table model inside an annotation such as ``X | None``; for a dictionary of tables, a stand-in for one of them."""
    if isinstance(annotation, _Entry):
        return annotation.model
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments: tuple[Any, ...] = getattr(annotation, "__args__", ())
    if getattr(annotation, "__origin__", None) is dict:
        return _Entry(_table_in(arguments[1]))
    for argument in arguments:
        found = _table_in(argument)
        if found is not None:
            return found
    return None


class _Entry:
    """The next step of a path is a name, and below it stands this model."""

    def __init__(self, model: Any) -> None:
        self.model = model
