"""What the interface answers: the shapes of its answers, each field said."""

from __future__ import annotations

from pydantic import BaseModel, Field


class About(BaseModel):
    """What an edition is and what it was made from."""

    index: str
    title: dict[str, str]
    vintage: str
    periods: list[str]
    units: int
    scored: dict[str, int]
    indicators: int
    tidu: str
    hash: str


class Row(BaseModel):
    """A unit in a period: rank, its specification range, score, the scores of the first-level nodes."""

    unit: str
    name_zh: str
    name_en: str
    rank: int | None = None
    best: float | None = Field(default=None, description="Upper end of the specification range.")
    worst: float | None = Field(default=None, description="Lower end of the specification range.")
    undecided: int | None = Field(
        default=None, description="Units against which its order is not decided, in its tie group or not."
    )
    tie_group: int | None = Field(default=None, description="The same number means undecided; another does not mean decided.")
    top_ten: float | None = Field(default=None, description="Share of specifications that put it among the first ten.")
    score: float | None = None
    reading: float | None = None
    nodes: dict[str, float | None]
    status: str


class Ranking(BaseModel):
    """A period's ranking, best first."""

    index: str
    period: str
    hash: str
    rows: list[Row]


class Unit(BaseModel):
    """A unit of the figures: whether it is shown and scored, and the groups it belongs to."""

    unit: str
    name_zh: str
    name_en: str
    shown: bool
    scored: bool = Field(description="Whether it has a score in the last period.")
    groups: dict[str, str]


class Units(BaseModel):
    """Every unit, in the order of the figures."""

    index: str
    rows: list[Unit]


class Indicator(BaseModel):
    """A node of the tree: label, parent, weight and share of the whole; for an indicator its unit, direction and source."""

    code: str
    label_zh: str
    label_en: str
    parent: str | None
    weight: float
    share: float | None = Field(description="Its part of the index in the last period: the product of the weights on the way up.")
    leaf: bool
    unit: str | None = None
    better: str | None = None
    lever: bool | None = Field(default=None, description="Whether it may be a target or advice.")
    lever_name: str | None = Field(default=None, description="Name that an instrument answers to.")
    counts: str | None = Field(default=None, description="Code of what shows that it counts filings or grants; nothing else does.")
    of: str | None = None
    per: str | None = None
    source: str | None = None
    figures: int = Field(description="Shown units with a score at the node in the last period.")


class Indicators(BaseModel):
    """The tree from the root down."""

    index: str
    rows: list[Indicator]


class Scored(BaseModel):
    """A unit's scores and ranks, in the order of ``nodes``."""

    unit: str
    scores: list[float | None]
    ranks: list[int | None]


class Scores(BaseModel):
    """Scores and ranks of every shown unit at every node, indicators first, the index last."""

    index: str
    period: str
    hash: str
    nodes: list[str]
    rows: list[Scored]


class Line(BaseModel):
    """A unit at a node: score, rank among ``of``, its peers' mean and how far from it in their standard deviations."""

    code: str
    depth: int
    score: float | None
    rank: int | None
    of: int
    percentile: float | None
    peers_mean: float | None
    gap: float | None
    standing: float | None
    p: float | None
    part: float | None = Field(description="What the node adds to the gap of the whole index.")


class Figure(BaseModel):
    """A figure with its status letter and where it comes from."""

    code: str
    value: float | None
    used: float | None = Field(description="What was scored, after filling and treatment.")
    status: str
    unit: str | None
    source: str | None


class Profile(BaseModel):
    """All that is said of a unit in a period, beside its peers."""

    index: str
    hash: str
    unit: str
    period: str
    peers: list[str]
    peers_how: str = Field(description="`nearest` in size, or `universe` where nothing tells the size.")
    peers_by: list[str] = Field(description="Columns in which they are the nearest, or the universe's name.")
    nodes: list[Line]
    strengths: list[str]
    weaknesses: list[str]
    figures: list[Figure]
    history: dict[str, dict[str, tuple[float | None, int | None]]] = Field(description="Node → period → score and rank.")
    ranges: dict[str, tuple[float, float]] = Field(
        default_factory=dict, description="Period → specification range of the rank in the index as a whole: best and worst."
    )


class Contribution(BaseModel):
    """The parts of a score, or of the gap to others, by node; those of the indicators and ``place`` add up to ``total``."""

    index: str
    unit: str
    others: list[str] = Field(description="Empty where the score itself is taken apart.")
    period: str
    node: str
    score: float | None
    baseline: float | None
    total: float | None
    parts: dict[str, float | None]
    place: float | None = Field(description="What being compared with others adds, where a node joins by comparison.")


class Side(BaseModel):
    """A unit in a comparison; its rank with the specification range."""

    unit: str
    name_zh: str
    name_en: str
    rank: int | None
    best: float | None = None
    worst: float | None = None
    undecided: int | None = Field(
        default=None, description="Units against which its order is not decided, in its tie group or not."
    )
    tie_group: int | None = Field(default=None, description="The same number means undecided; another does not mean decided.")
    scores: dict[str, float | None]


class Compared(BaseModel):
    """Two to five units side by side, and the gap of the first to each of the others, by node."""

    index: str
    period: str
    units: list[Side]
    gaps: dict[str, dict[str, float | None]]


class Fed(BaseModel):
    """An indicator that moves with a printed column: its figure, what a unit of the column does to it, and what the step does."""

    code: str
    lever: str | None = Field(description="Name that an instrument answers to; missing where it is no target.")
    value: float | None
    unit: str | None
    rate: float | None
    step: float | None


class Move(BaseModel):
    """What a printed column does to a unit's score on today's parameters, and what it takes to pass the next unit."""

    code: str = Field(description="The indicator that the step is told in; those in `fed` move with it.")
    lever: bool
    name: str | None = Field(description="Name that an instrument answers to; missing where the column is no lever.")
    held: str | None = Field(description="Why the column is no lever; `count` counts filings or grants, as its words show.")
    value: float | None
    unit: str | None
    slope: float | None = Field(description="Points for one unit more, on the better side, all of `fed` moving.")
    why: str | None
    room: float | None = Field(description="Points to be had at the best figure seen.")
    step_to_pass: float | None
    passes: str | None
    of: str | None = Field(description="The printed column; missing where the figure was filled.")
    of_value: float | None
    of_slope: float | None = Field(description="Points for one unit more of the column.")
    of_step: float | None = Field(description="The step that passes the next unit, in the column.")
    fed: list[Fed]
    beyond: list[str] = Field(description="Indicators that the step takes past the best figure seen.")


class Moves(BaseModel):
    """What would move a unit, printed column by printed column."""

    index: str
    unit: str
    period: str
    rows: list[Move]
    reminder: dict[str, list[str]] = Field(description="That counts of filings and grants are no targets, zh and en.")


class Change(BaseModel):
    """Why a score changed between two periods: parts by cause that add up to ``after`` − ``before``."""

    index: str
    unit: str
    node: str
    periods: list[str]
    before: float
    after: float
    parts: dict[str, float | None] = Field(
        description="`own` figures, those of `others`, `coverage` (who and what entered or left), `method`."
    )
    entered: list[str] = Field(description="Codes of indicators and units that are there since.")
    left: list[str] = Field(description="Codes of indicators and units that are gone.")


class Remark(BaseModel):
    """What an auditor would remark on: how grave, where, about what, in words, with what to do."""

    code: str
    severity: str
    address: str
    about: str
    said: str
    mend: str


class Remarks(BaseModel):
    """An audit's remarks, the gravest first."""

    index: str
    period: str
    hash: str
    rows: list[Remark]


class Check(BaseModel):
    """One check of the gradient: whether it holds (nothing where it was not tested), in words with its numbers."""

    name: str
    holds: bool | None
    said: str


class Decline(BaseModel):
    """The test of the coast-to-interior gradient in a period: supported, partly or not, in words, and each check."""

    index: str
    period: str
    hash: str
    node: str
    answer: str
    said: str
    checks: list[Check]


class Acceptable(BaseModel):
    """A unit's ranks under all weights: how often it takes each, and the mean weights that put it first."""

    unit: str
    expected_rank: float
    first: float = Field(description="Share of weights that put it first.")
    top_10: float = Field(description="Share of weights that put it among the first ten.")
    best: int = Field(description="Better end of the 90 % range.")
    worst: int
    holistic: float = Field(description="Σ of shares, weighted from 1 for the first rank down to 0 for the last.")
    confidence: float | None = Field(description="1 where first under its central weights, else 0; nothing where never first.")
    central: dict[str, float | None] | None = Field(description="Mean of the weights that put it first; nothing where none do.")
    shares: list[float] = Field(description="Share of weights at rank 1, 2, …")


class Acceptabilities(BaseModel):
    """Ranks under weights of a node's children drawn evenly from all, the lowest expected rank first."""

    index: str
    period: str
    hash: str
    node: str
    draws: int
    children: list[str]
    rows: list[Acceptable]
