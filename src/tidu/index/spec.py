"""The keys of an index file, as pydantic models: what is allowed where, checked before anything runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator

from tidu.core.address import Address, Change, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest, raise_all

STEPS = ("impute", "treat", "normalise", "weighting", "aggregate")
FORMULAS = ("sum", "difference", "ratio", "share", "growth", "coalesce")
CODE = r"^[A-Za-z_][A-Za-z0-9_.\-]*$"


def _label(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


def _period(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_PERIOD = r"^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$"
_PERIOD_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 1000, "maximum": 9999}, {"type": "string", "pattern": _PERIOD}]}
Period = Annotated[str, BeforeValidator(_period), Field(pattern=_PERIOD), WithJsonSchema(_PERIOD_SCHEMA)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class LabelTable(_Table):
    """A text in Chinese and English; a bare text is taken as English."""

    zh: str | None = None
    en: str | None = None


Label = Annotated[LabelTable, BeforeValidator(_label)]


class StepTable(BaseModel):
    """A step's choice: a method, the step's own keys and the method's parameters (checked against the registry)."""

    model_config = ConfigDict(extra="allow", frozen=True)
    method: str | None = None


class IndexTable(_Table):
    """What the index is called, of which years, in which form it is shown."""

    schema_: Annotated[Literal[1], Field(alias="schema", description="Version of the index file's grammar.")] = 1
    code: Annotated[str, Field(pattern=CODE, description="Short name; also the code of the tree's root.")]
    title: Label = LabelTable()
    description: Label = LabelTable()
    source: str | None = None
    years: Annotated[tuple[Period, ...] | None, Field(description="Periods scored; all of the data when left out.")] = None
    display: Annotated[Literal["ranks", "bands"], Field(description="bands shows classes without ranks (分档).")] = "ranks"
    bands: Annotated[tuple[Number, ...], Field(description="Upper-tail shares that part the classes.")] = (0.1, 0.3, 0.6)
    broken_series: Annotated[bool, Field(description="Allow pooled bounds although indicators differ between years.")] = False
    aggregate: StepTable | None = None
    weighting: StepTable | None = None


class UnitsTable(_Table):
    """Which units set the bounds and which are shown."""

    kind: str = "unit"
    fit_on: Annotated[str, Field(description="Universe on which bounds and parameters are fitted.")] = "all"
    show: Annotated[str, Field(description="Universe that is ranked and shown.")] = "all"


class UniverseTable(_Table):
    """A named set of units, by code."""

    label: Label = LabelTable()
    members: tuple[str, ...]
    source: str | None = None


class ColumnTable(_Table):
    """A column derived from others by one of sum, difference, ratio, share, growth, coalesce; without one, a printed column."""

    sum: tuple[str, ...] | None = None
    difference: tuple[str, str] | None = None
    ratio: tuple[str, str] | None = None
    share: Annotated[tuple[str, str] | None, Field(description="100 × first ÷ second.")] = None
    growth: Annotated[str | None, Field(description="Percent change against `lag` periods before.")] = None
    coalesce: tuple[str, ...] | None = None
    lag: Annotated[int, Field(ge=1)] = 1
    scale: Number = 1.0
    label: Label = LabelTable()
    unit: str | None = None
    source: str | None = None
    impute: StepTable | None = None


class ScreenTable(_Table):
    """Which units have figures enough to be scored, and which indicators vary enough to say anything."""

    minimum: Annotated[float, Field(ge=0, le=1, description="Least share of indicators seen, by unit and period.")] = 0.0
    minimum_pillar: Annotated[float, Field(ge=0, le=1, description="Least share seen inside each node.")] = 0.0
    minimum_indicator: Annotated[float, Field(ge=0, le=1, description="Least share of units seen, by indicator.")] = 0.0
    nonzero: Annotated[float, Field(ge=0, le=1, description="Least share of seen figures that are not zero, by unit.")] = 0.0
    same: Annotated[float, Field(gt=0, le=1, description="Largest share of one repeated value, by indicator.")] = 1.0
    unique: Annotated[float, Field(ge=0, le=1, description="Least share of distinct values, by indicator.")] = 0.0
    force_in: tuple[str, ...] = ()
    force_out: tuple[str, ...] = ()


class PillarTable(_Table):
    """An inner node of the tree: its parent (the index itself when left out), weight and own choices of steps."""

    parent: str | None = None
    label: Label = LabelTable()
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    note: Label = LabelTable()
    source: str | None = None
    impute: StepTable | None = None
    treat: StepTable | None = None
    normalise: StepTable | None = None
    weighting: StepTable | None = None
    aggregate: StepTable | None = None


class IndicatorTable(_Table):
    """A leaf of the tree: which column it is made of, per what, which way is better."""

    parent: str | None = None
    label: Label = LabelTable()
    of: Annotated[str | None, Field(description="Column it is made of; its own code when left out.")] = None
    per: Annotated[str | None, Field(description="Column it is divided by.")] = None
    per_at_least: Annotated[Number | None, Field(description="Below this denominator the figure is not formed.")] = None
    scale: Number = 1.0
    better: Literal["higher", "lower"]
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    lever: Annotated[bool, Field(description="Whether it may be a target or advice; counts of filings and grants may not.")] = True
    unit: str | None = None
    source: str | None = None
    note: Label = LabelTable()
    years: tuple[Period, ...] | None = None
    impute: StepTable | None = None
    treat: StepTable | None = None
    normalise: StepTable | None = None


class AlternativeTable(_Table):
    """One alternative of an uncertain choice: the changes that make it and what it is called, or a bare value."""

    label: Label = LabelTable()
    changes: list[str] = []
    value: Any = None


def _alternative(value: object) -> object:
    return value if isinstance(value, Mapping) else {"value": value}


_ALTERNATIVE_SCHEMA = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "array"]},
        {
            "type": "object",
            "properties": {
                "label": {"anyOf": [{"type": "string"}, {"type": "object"}]},
                "changes": {"type": "array", "items": {"type": "string"}, "description": "ADDRESS=VALUE, each put into the index."},
            },
            "required": ["changes"],
            "additionalProperties": False,
        },
    ]
}
Alternatives = Annotated[AlternativeTable, BeforeValidator(_alternative), WithJsonSchema(_ALTERNATIVE_SCHEMA)]


class UncertainTable(_Table):
    """An uncertain factor of the index: one of among, spread, simplex, sets, drop, error, imputation."""

    label: Label = LabelTable()
    address: Annotated[str | None, Field(description="What among, spread or error is about.")] = None
    among: Annotated[tuple[Alternatives, ...] | None, Field(description="Values at the address, or tables of changes.")] = None
    spread: Annotated[float | None, Field(gt=0, le=1, description="Weight × (1 + u), u uniform in ± spread.")] = None
    together: Annotated[bool, Field(description="One draw for all matches instead of one for each.")] = False
    simplex: Annotated[str | None, Field(description="Node whose children get random shares that sum to one.")] = None
    concentration: Annotated[
        float | None, Field(gt=0, allow_inf_nan=False, description="Dirichlet around the written weights; uniform when left out.")
    ] = None
    sets: Annotated[tuple[str, ...] | None, Field(description="Named weight sets.")] = None
    drop: Annotated[str | None, Field(description="Nodes left out one at a time: their weight is set to zero.")] = None
    error: Annotated[
        Literal["standard"] | float | None, Field(description="Relative rounding error of cells, or their standard errors.")
    ] = None
    imputation: Annotated[bool, Field(description="Draws of the missing figures (multiple imputation).")] = False
    draws: Annotated[int | None, Field(ge=2, le=10_000, description="Take this many fixed draws as equal alternatives.")] = None
    keep: Annotated[bool | None, Field(description="Whether the file's own state is one more alternative.")] = None


class IndexFile(_Table):
    """A whole index file."""

    extends: Annotated[str | None, Field(description="Another index file that this one changes, relative to this file.")] = None
    index: IndexTable
    units: UnitsTable = UnitsTable()
    universe: dict[str, UniverseTable] = {}
    column: dict[str, ColumnTable] = {}
    screen: ScreenTable = ScreenTable()
    impute: StepTable = StepTable()
    treat: StepTable = StepTable()
    normalise: StepTable = StepTable()
    weighting: StepTable = StepTable()
    aggregate: StepTable = StepTable()
    weight_set: dict[str, dict[str, float]] = {}
    pillar: dict[str, PillarTable] = {}
    indicator: Annotated[dict[str, IndicatorTable], Field(min_length=1)]
    uncertain: dict[str, UncertainTable] = {}

    @model_validator(mode="after")
    def _uncertain_points_somewhere(self) -> Self:
        raise_all([fault for name, item in self.uncertain.items() for fault in uncertain_faults(self, name, item)])
        return self


#: What makes an uncertain factor; a table names exactly one.
FACTOR_KINDS = ("among", "spread", "simplex", "sets", "drop", "error", "imputation")
_KEYS_OF_FACTORS = {
    "address": ("among", "spread", "error"),
    "together": ("spread",),
    "concentration": ("simplex",),
    "draws": ("spread", "simplex", "error", "imputation"),
    "keep": ("among", "sets", "drop"),
}


def factor_kind(item: UncertainTable) -> list[str]:
    """The kinds that a factor's table names; exactly one when it is sound.

    >>> factor_kind(UncertainTable(spread=0.25, address="pillar.*.weight"))
    ['spread']
    """
    return [kind for kind in FACTOR_KINDS if getattr(item, kind) not in (None, False)]


def uncertain_faults(file: IndexFile, name: str, item: UncertainTable) -> Iterator[TiduError]:
    """What is wrong in an uncertain factor as far as the file alone tells: its kind, its keys, and every address it names."""
    here = f"uncertain.{quoted(name)}"
    kinds = factor_kind(item)
    if len(kinds) != 1:
        yield SpecError("factor_kind", address=here, found=listing(kinds) or "–", known=listing(FACTOR_KINDS))
        return
    kind = kinds[0]
    for key, allowed in _KEYS_OF_FACTORS.items():
        if key in item.model_fields_set and kind not in allowed:
            yield SpecError("factor_key", address=f"{here}.{key}", key=key, kind=kind, allowed=listing(allowed))
    if kind == "among":
        yield from _among_faults(file, here, item)
    elif kind in ("spread", "error"):
        if item.address is None:
            yield SpecError("missing_key", address=f"{here}.address", key="address", parent=here)
        elif kind == "spread":
            yield from _weight_faults(file, f"{here}.address", item.address, "weight")
        else:
            yield from _cell_faults(f"{here}.address", item.address)
        if isinstance(item.error, float) and not 0 < item.error < 1:
            yield SpecError("out_of_range", address=f"{here}.error", value=shown(item.error), limit="> 0, < 1")
    elif kind == "simplex":
        nodes = [file.index.code, *file.pillar]
        if item.simplex not in nodes:
            guess = nearest(str(item.simplex), nodes)
            yield SpecError("unknown_node", address=f"{here}.simplex", name=item.simplex, known=listing(nodes), did_you_mean=guess)
    elif kind == "sets":
        for at, one in enumerate(item.sets or ()):
            if one not in file.weight_set:
                guess, known = nearest(one, file.weight_set), listing(file.weight_set) or "–"
                yield SpecError("weight_set_unknown", address=f"{here}.sets[{at}]", set=one, known=known, did_you_mean=guess)
        if not item.sets:
            yield SpecError("list_empty", address=f"{here}.sets")
    elif kind == "drop":
        yield from _weight_faults(file, f"{here}.drop", str(item.drop), None)


def _among_faults(file: IndexFile, here: str, item: UncertainTable) -> Iterator[TiduError]:
    options = item.among or ()
    if len(options) + (item.keep is True) < 2:
        yield SpecError("factor_alternatives", address=f"{here}.among", found=len(options))
    for at, option in enumerate(options):
        if option.value is not None:
            if item.address is None:
                yield SpecError("missing_key", address=f"{here}.address", key="address", parent=here)
                return
            continue
        if "changes" not in option.model_fields_set:
            yield SpecError("missing_key", address=f"{here}.among[{at}].changes", key="changes", parent=f"{here}.among[{at}]")
        for text in option.changes:
            try:
                yield from _place_faults(file, f"{here}.among[{at}]", Change.parse(text).address)
            except UsageError as error:
                error.address = f"{here}.among[{at}]"
                yield error
    if item.address is not None:
        address = _parsed(item.address)
        if isinstance(address, TiduError):
            address.address = f"{here}.address"
            yield address
        else:
            yield from _place_faults(file, f"{here}.address", address)


def _parsed(text: str) -> Address | TiduError:
    try:
        return Address.parse(text)
    except UsageError as error:
        return error


def _place_faults(file: IndexFile, at: str, address: Address) -> Iterator[TiduError]:
    """One fault when an address of a change leads nowhere in the file: its table, its entry."""
    head, *rest = address.parts
    tables = [key for key in type(file).model_fields if key not in ("extends", "uncertain")]
    if address.root != "spec":
        yield SpecError("factor_address", address=at, named=str(address), known=listing(tables, 20))
        return
    if head not in tables:
        guess = nearest(head, tables)
        whole = None if guess is None else ".".join(quoted(part) for part in (guess, *rest))
        yield SpecError("factor_address", address=at, named=str(address), known=listing(tables, 20), did_you_mean=whole)
        return
    entries = getattr(file, head)
    if isinstance(entries, dict) and rest and not any(fnmatchcase(code, rest[0]) for code in entries):
        guess = nearest(rest[0], entries)
        whole = None if guess is None else ".".join(quoted(part) for part in (head, guess, *rest[1:]))
        yield SpecError("factor_address", address=at, named=str(address), known=listing(entries) or "–", did_you_mean=whole)


def _weight_faults(file: IndexFile, at: str, text: str, last: str | None) -> Iterator[TiduError]:
    """One fault unless a text names nodes (``pillar.*``), with ``.weight`` behind it where that is asked for."""
    address = _parsed(text)
    if isinstance(address, TiduError):
        address.address = at
        yield address
        return
    parts = address.parts
    if parts[0] not in ("pillar", "indicator") or len(parts) != (2 if last is None else 3) or (last and parts[-1] != last):
        wanted = "pillar.NAME, indicator.*" if last is None else "pillar.NAME.weight, indicator.*.weight"
        guess = nearest(text, [f"{kind}.*" + (f".{last}" if last else "") for kind in ("pillar", "indicator")])
        yield SpecError("factor_nodes", address=at, named=text, wanted=wanted, did_you_mean=guess)
    else:
        yield from _place_faults(file, at, address)


def _cell_faults(at: str, text: str) -> Iterator[TiduError]:
    address = _parsed(text)
    if isinstance(address, TiduError):
        address.address = at
        yield address
    elif address.root != "data":
        yield SpecError("factor_cells", address=at, named=text)


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
