"""What an assistant is answered beyond the web interface's shapes: facts of an edition, places, indicators, audit, gradient."""

from __future__ import annotations

from pydantic import BaseModel, Field

from tidu.faces.web import answers


class Range(BaseModel):
    """What the range beside a rank is: the share of specification points inside it, how many there are, what differs in them."""

    level: float
    points: int
    exact: bool = Field(description="Whether the points are all combinations there are.")
    factors: list[str]
    assumed: list[str] = Field(description="Factors that stand in because the index file names none.")


class Facts(answers.About):
    """What an edition is and what it was made from, its licence and how to cite it, what can be asked of it."""

    as_of: str = Field(description="Edition of the figures.")
    sources: list[str]
    licence: list[str]
    citation: str
    range: Range | None = Field(description="Nothing where ranks have no range.")
    universes: list[str] = Field(description="Named universes; `all` and every name in `groups` are universes too.")
    groups: dict[str, list[str]] = Field(description="Attribute → its values, such as regions and provinces.")
    release: str | None = Field(description="SHA-256 of the release's SHA256SUMS; nothing where no release was opened.")
    shipped: list[str] = Field(description="Indices that come with the program; `tidu mcp NAME` opens another.")


class Found(BaseModel):
    """Units that a text may mean, at most twenty."""

    rows: list[dict[str, str]]


class Placed(answers.Row):
    """A unit's place: rank with its range, tie group, score, how often it is among the first so many."""

    p_top: float | None = Field(default=None, description="Share of specifications that put it among the first `top`.")


class Places(BaseModel):
    """The first units of a period, best first. ``top`` is the k of ``p_top`` and the most rows."""

    index: str
    period: str
    hash: str
    universe: str | None
    group: str | None
    top: int
    ranked: int = Field(description="How many units are ranked in all.")
    rows: list[Placed]


class Standing(Placed):
    """A unit's place in a period among ``ranked`` units."""

    index: str
    period: str
    hash: str
    universe: str | None
    ranked: int


class Column(BaseModel):
    """A column that an indicator is made of: what it is, how it is derived, where it was printed."""

    code: str
    label: str
    unit: str
    derivation: str
    printed: list[str]


class Covered(BaseModel):
    """A period's coverage: shown units, those with a figure as given, those with a figure in the end, other status letters."""

    period: str
    units: int
    given: int
    used: int
    other: dict[str, int]


class Value(BaseModel):
    """A unit's figure with its status letter, and its score and rank at the indicator alone."""

    unit: str
    name_zh: str
    name_en: str
    value: float | None
    used: float | None = Field(description="After filling, before treatment.")
    status: str
    score: float | None
    rank: int | None


class Measured(answers.Indicator):
    """An indicator: what it is made of, who has it, what was corrected, its figures in a period, best first."""

    index: str
    period: str
    hash: str
    formula: str
    note: str
    columns: list[Column]
    coverage: list[Covered]
    corrected: int = Field(description="Declared corrections of the columns it is made of.")
    values: list[Value]
