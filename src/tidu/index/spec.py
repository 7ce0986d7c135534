"""The keys of an index file, as pydantic models: what is allowed where, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tidu.core.address import quoted
from tidu.core.errors import SpecError, TiduError, listing, nearest

STEPS = ("impute", "treat", "normalise", "weighting", "aggregate")
FORMULAS = ("sum", "difference", "ratio", "share", "growth", "coalesce")
CODE = r"^[A-Za-z_][A-Za-z0-9_.\-]*$"


def _label(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


def _period(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Period = Annotated[str, BeforeValidator(_period), Field(pattern=r"^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$")]
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
    per_at_least: Annotated[float | None, Field(description="Below this denominator the figure is not formed.")] = None
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


def errors_of(failure: ValidationError, tree: Mapping[str, Any], model: type[BaseModel], at: str = "") -> list[TiduError]:
    """Our errors for what pydantic found: each with its address, what was expected and the nearest known key."""
    return [_translate(item, tree, model, at) for item in failure.errors(include_url=False)]


def _translate(item: Any, tree: Mapping[str, Any], model: type[BaseModel], at: str) -> SpecError:
    path = [str(part) for part in item["loc"]]
    kind = item["type"]
    address = ".".join([*([at] if at else []), *(quoted(part) for part in path)])
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        return SpecError(
            "unknown_key", address=address, key=path[-1], known=listing(known, 40), did_you_mean=nearest(path[-1], known)
        )
    if kind == "missing":
        return SpecError("missing_key", address=address, key=path[-1], parent=".".join(path[:-1]) or at or "the file")
    value = item.get("input")
    if kind == "literal_error":
        choices = [part.strip().strip("'") for part in item["ctx"]["expected"].replace(" or ", ",").split(",")]
        return SpecError(
            "not_a_choice", address=address, value=str(value), known=listing(choices), did_you_mean=nearest(str(value), choices)
        )
    if kind == "too_short" and path == ["indicator"]:
        return SpecError("no_indicators", address="indicator")
    return SpecError("wrong_value", address=address, value=repr(value), why=item["msg"])


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
