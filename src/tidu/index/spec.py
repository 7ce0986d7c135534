"""The keys of an index file, as pydantic models: what is allowed where, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticKnownError as Known

STEPS = ("impute", "treat", "normalise", "weighting", "aggregate")
FORMULAS = ("sum", "difference", "ratio", "share", "growth", "coalesce")
CODE = r"^[A-Za-z_][A-Za-z0-9_.\-]*$"
#: The name of a lever.
NAME = r"^[a-z][a-z0-9_]*$"


def _label(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


def _lever(value: object) -> object:
    if isinstance(value, str) and value.casefold() in {"true", "false", "yes", "no", "on", "off"}:
        raise Known("bool_type")
    return value


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


Source = Annotated[Label, Field(alias="source", description="Where it is from: a text, or one a language.")]


class _Sourced(_Table):
    if TYPE_CHECKING:
        source_: LabelTable

    @property
    def source(self) -> str | None:
        """The source as it is titled: the Chinese text where there is one, else the other."""
        return self.source_.zh or self.source_.en


class StepTable(BaseModel):
    """A step's choice: a method, the step's own keys and the method's parameters (checked against the registry)."""

    model_config = ConfigDict(extra="allow", frozen=True)
    method: str | None = None


class IndexTable(_Sourced):
    """What the index is called, of which years, in which form it is shown."""

    schema_: Annotated[Literal[1], Field(alias="schema", description="Version of the index file's grammar.")] = 1
    code: Annotated[str, Field(pattern=CODE, description="Short name; also the code of the tree's root.")]
    title: Label = LabelTable()
    description: Label = LabelTable()
    source_: Source = LabelTable()
    years: Annotated[tuple[Period, ...] | None, Field(description="Periods scored; all of the data when left out.")] = None
    display: Annotated[Literal["ranks", "bands"], Field(description="bands shows classes without ranks (分档).")] = "ranks"
    bands: Annotated[tuple[Number, ...], Field(description="Upper-tail shares that part the classes.")] = (0.1, 0.3, 0.6)
    reading: Annotated[tuple[str, ...], Field(description="Nodes whose weighted mean is printed beside the total.")] = ()
    broken_series: Annotated[bool, Field(description="Allow pooled bounds although indicators differ between years.")] = False
    aggregate: StepTable | None = None
    weighting: StepTable | None = None


class UnitsTable(_Table):
    """Which units set the bounds and which are shown."""

    kind: str = "unit"
    fit_on: Annotated[str, Field(description="Universe on which bounds and parameters are fitted.")] = "all"
    show: Annotated[str, Field(description="Universe that is ranked and shown.")] = "all"
    belt: Annotated[str, Field(description="Attribute whose values are the belts from the coast inwards.")] = "region4"


class UniverseTable(_Sourced):
    """A named set of units, by code."""

    label: Label = LabelTable()
    members: tuple[str, ...]
    source_: Source = LabelTable()


class ColumnTable(_Sourced):
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
    source_: Source = LabelTable()
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


class PillarTable(_Sourced):
    """An inner node of the tree: its parent (the index itself when left out), weight and own choices of steps."""

    parent: str | None = None
    label: Label = LabelTable()
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    note: Label = LabelTable()
    source_: Source = LabelTable()
    impute: StepTable | None = None
    treat: StepTable | None = None
    normalise: StepTable | None = None
    weighting: StepTable | None = None
    aggregate: StepTable | None = None


class IndicatorTable(_Sourced):
    """A leaf of the tree: which column it is made of, per what, which way is better."""

    parent: str | None = None
    label: Label = LabelTable()
    of: Annotated[str | None, Field(description="Column it is made of; its own code when left out.")] = None
    per: Annotated[str | None, Field(description="Column it is divided by.")] = None
    per_at_least: Annotated[Number | None, Field(description="Below this denominator the figure is not formed.")] = None
    scale: Number = 1.0
    better: Literal["higher", "lower"]
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    lever: Annotated[
        Annotated[bool, Field(strict=True)] | Annotated[str, Field(pattern=NAME)] | None,
        BeforeValidator(_lever),
        Field(
            description="Whether it may be a target or advice, or the name that an instrument answers to; unsaid: true, but false "
            "for what its words or columns show to count filings or grants, which may not and which `true` does not free."
        ),
    ] = None
    unit: str | None = None
    source_: Source = LabelTable()
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
        Literal["standard", "posterior"] | float | None,
        Field(description="Relative rounding error of cells, or their standard errors (posterior: around a shrunken mean)."),
    ] = None
    absolute: Annotated[bool, Field(description="The error is in the column's own unit, not a share of the cell.")] = False
    imputation: Annotated[bool, Field(description="Draws of the missing figures (multiple imputation).")] = False
    draws: Annotated[int | None, Field(ge=2, le=10_000, description="Take this many fixed draws as equal alternatives.")] = None
    keep: Annotated[bool | None, Field(description="Whether the file's own state is one more alternative.")] = None


class FileTables(_Table):
    """The tables of an index file, each sound by itself; ``whole_file.IndexFile`` looks at them together."""

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
