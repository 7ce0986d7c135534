"""What the interface takes, bounded field by field, and what it answers to it: an index built anew, scenarios."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

#: The code or name of one thing, and an ``ADDRESS=VALUE``.
Name = Annotated[str, Field(min_length=1, max_length=80)]
Changed = Annotated[str, Field(min_length=3, max_length=200, examples=["pillar.output.weight=2", "aggregate.method=geometric"])]


class BuildAsked(BaseModel):
    """An index built anew: weights by node, and further changes to the index file. Figures stay as they are."""

    model_config = ConfigDict(extra="forbid")

    weights: dict[Name, Annotated[float, Field(ge=0, le=1e6)]] = Field(default_factory=dict, max_length=200)
    changes: list[Changed] = Field(default_factory=list, max_length=200)
    period: Annotated[str, Field(max_length=20)] | None = None


class BuiltRow(BaseModel):
    """A unit in an index built anew, and its rank in the edition."""

    unit: str
    score: float | None
    rank: int | None
    was: int | None


class Built(BaseModel):
    """The ranking of an index built anew. ``changes`` with the library or the command line give the same."""

    index: str
    period: str
    hash: str = Field(description="That of the edition that was changed.")
    changes: list[str]
    rows: list[BuiltRow]


class ScenarioAsked(BaseModel):
    """A named set of changes to the index file or, as ``data.UNIT.PERIOD.COLUMN=VALUE``, to figures."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    changes: Annotated[list[Changed], Field(min_length=1, max_length=40)]


class WhatIfAsked(BaseModel):
    """Scenarios to set beside the edition; ``frozen`` scores changed figures on today's parameters."""

    model_config = ConfigDict(extra="forbid")

    scenarios: Annotated[list[ScenarioAsked], Field(min_length=1, max_length=5)]
    frozen: bool = False
    period: Annotated[str, Field(max_length=20)] | None = None


class WhatIfRow(BaseModel):
    """A unit's score and rank in the edition and under each scenario; a shift above zero is a rise."""

    unit: str
    score: float | None
    rank: int | None
    scores: dict[str, float | None]
    ranks: dict[str, int | None]
    shifts: dict[str, int | None]


class Flipped(BaseModel):
    """What the new fit turned round in a scenario: a bound, a treatment, a weight, who is scored."""

    scenario: str
    kind: str
    what: str = Field(description="The indicator, node or unit.")
    period: str | None


class WhatIf(BaseModel):
    """The edition beside itself under scenarios, in one period."""

    index: str
    period: str
    hash: str
    rows: list[WhatIfRow]
    flips: list[Flipped]
