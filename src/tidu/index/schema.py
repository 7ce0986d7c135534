"""The JSON Schema of the index file: the tables of the file, each step with the keys of each of its methods."""

from __future__ import annotations

from typing import Any

from tidu.index.choice import DEFAULT_METHOD, KEYS
from tidu.index.methods import REGISTRIES
from tidu.index.spec import STEPS
from tidu.index.whole_file import IndexFile

#: Tables of the file that hold a step, by the definition that pydantic gives them.
_HOLDERS = {
    "IndexFile": STEPS,
    "IndexTable": ("weighting", "aggregate"),
    "PillarTable": STEPS,
    "IndicatorTable": ("impute", "treat", "normalise"),
    "ColumnTable": ("impute",),
}


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) that an editor uses to complete and check an index file.

    >>> schema = json_schema()
    >>> "winsorise" in schema["$defs"]["treat"]["properties"]["method"]["enum"]
    True
    """
    schema = IndexFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    definitions.pop("StepTable", None)
    for step in STEPS:
        definitions[step] = _step(step, definitions)
    for holder, steps in _HOLDERS.items():
        properties = (schema if holder == "IndexFile" else definitions[holder])["properties"]
        for step in steps:
            properties[step] = {"$ref": f"#/$defs/{step}"}
    for name in ("LabelTable",):
        definitions[name] = {"anyOf": [{"type": "string"}, definitions[name]]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Tidu index file"
    schema["required"] = []  # a file that extends another may leave everything out
    definitions["IndexTable"]["required"] = []
    definitions["IndicatorTable"]["required"] = []
    definitions["PillarTable"].pop("required", None)
    return schema


def _step(step: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """A step's table: any of the step's own keys, and for each method its parameters and no others."""
    registry = REGISTRIES[step]
    own = KEYS[step].model_json_schema()["properties"]
    properties: dict[str, Any] = {"method": {"enum": list(registry), "default": DEFAULT_METHOD[step]}, **own}
    rules = []
    for name in registry:
        method = registry[name]
        made = method.model.model_json_schema(ref_template="#/$defs/{model}")
        for key, value in made.pop("$defs", {}).items():
            definitions.setdefault(key, value)
        parameters = made.get("properties", {})
        for key, value in parameters.items():
            known = properties.get(key)
            if known is None:
                properties[key] = value
            elif known != value and key not in own:
                options = known.get("anyOf", [known])
                properties[key] = {"anyOf": [*options, *([value] if value not in options else [])]}
        rules.append(
            {
                "if": {"properties": {"method": {"const": name}}, "required": ["method"]},
                "then": {"propertyNames": {"enum": ["method", *own, *parameters]}},
            }
        )
    return {"type": "object", "properties": properties, "allOf": rules, "additionalProperties": False}
