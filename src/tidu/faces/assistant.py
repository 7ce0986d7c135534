"""A server for assistants (Model Context Protocol): read-only, typed questions about an edition or a release.

Answers have the shapes of the web interface. Every rank comes with its range, every figure with its unit, status and source.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from tidu.core.errors import Language as Tongue
from tidu.core.errors import TiduError, UsageError
from tidu.core.words import word
from tidu.faces import replies
from tidu.faces.web import answers

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from tidu.faces.questions import Asked

_SAID = "Division code, Chinese or English name, such as 330800, 衢州 or Quzhou."
City = Annotated[str, Field(description=_SAID, min_length=1, max_length=80, coerce_numbers_to_str=True)]
Other = Annotated[
    str | None,
    Field(
        description="Another city, written as the first; the zero of the scale when left out.",
        max_length=80,
        coerce_numbers_to_str=True,
    ),
]
Year = Annotated[
    str | None, Field(description="A period such as 2023; the last one when left out.", max_length=20, coerce_numbers_to_str=True)
]
Cities = Annotated[list[City], Field(description="Two to five cities, the one asked about first.", min_length=2, max_length=5)]
Node = Annotated[str | None, Field(description="Code of a pillar or indicator; the whole index when left out.", max_length=80)]
Top = Annotated[int, Field(description="How many rows, and the k of the share of specifications among the first k.", ge=1, le=1000)]
Universe = Annotated[
    str | None,
    Field(
        description="Fit bounds on these units and rank these only: a universe, region or province; as published when left out.",
        max_length=80,
    ),
]
Group = Annotated[
    str | None,
    Field(description="Show units of this region, province or universe only; ranks stay those of all.", max_length=80),
]
Tongues = Annotated[Tongue | None, Field(description="Language of texts and errors: zh or en; the server's own when left out.")]


def ask(source: str | Path, data: Path | None = None, changes: Sequence[str] = ()) -> Asked:
    """What is asked: the release in a folder, its files checked first, or the edition of an index and its figures.

    Raises ``mcp_missing`` where the extra is not installed, ``release_as_it_is`` where a release is to be changed, and what
    opening the release or building the index raises.
    """
    _sdk()
    from tidu import app as house
    from tidu.faces.questions import Asked
    from tidu.publish.release.check import opened

    if not Path(source).is_dir():
        return Asked(house.edition(source, data, changes=changes))
    if data is not None or changes:
        raise UsageError("release_as_it_is", folder=Path(source).name)
    return Asked(opened(Path(source)), Path(source))


def _sdk() -> None:
    """Nothing where the protocol's library and the interface's are there. Raises ``mcp_missing``."""
    try:
        import fastapi  # noqa: F401
        import mcp.server  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError("mcp_missing") from error


def server(asked: Asked, lang: Tongue = "zh") -> MCPServer:
    """The server of what is asked: its tools and resources; texts and errors in a language unless a question names another.

    Raises ``mcp_missing`` where the extra is not installed.
    """
    _sdk()
    from mcp.server import MCPServer
    from mcp.types import ToolAnnotations

    from tidu.publish.pages.data import citation
    from tidu.publish.run_folder import spec_text

    edition = asked.edition
    told = word("assistant_instructions", lang, cited=citation(edition, lang))
    made = MCPServer(
        "tidu", title=edition.title(lang), version=str(edition.sources["tidu"]), instructions=told, log_level="WARNING"
    )
    safe = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for make in _tools(asked):
        made.tool(annotations=safe, structured_output=True)(_told(make, lang))

    @made.resource("tidu://citation", mime_type="text/plain")
    def how_to_cite() -> str:
        """How to cite this edition."""
        return citation(edition, lang)

    @made.resource("tidu://index.toml", mime_type="application/toml")
    def index_file() -> str:
        """The file that is the index: every indicator, weight and method."""
        return spec_text(edition.index.framework, edition.index.panel)

    return made


def _tools(asked: Asked) -> tuple[Callable[..., BaseModel], ...]:
    """The questions, each a function with what it takes; the first line of its description says what comes back."""
    from tidu.faces import questions
    from tidu.faces.web import api, reasons

    edition = asked.edition

    def about(lang: Tongues = None) -> replies.Facts:
        """What this edition is: title, as-of, periods, sources, licence, citation, hash, what ranges are, universes, regions."""
        return questions.facts(asked, lang or "zh")

    def find_city(text: City) -> replies.Found:
        """Cities whose code, Chinese or English name (pinyin, as official names are) holds a text."""
        return questions.found(edition, text)

    def ranking(year: Year = None, top: Top = 20, group: Group = None, universe: Universe = None) -> replies.Places:
        """The first cities of a period: rank, specification range (best–worst), tie group, score, pillars."""
        return questions.places_of(asked.on(universe), year, top, group, universe)

    def city(city: City, year: Year = None, top: Top = 10, universe: Universe = None) -> replies.Standing:
        """One city in a period: rank among how many, specification range, tie group, score, pillars."""
        on = asked.on(universe)
        return questions.standing(on, questions.one(on, city), year, top, universe)

    def profile(city: City, year: Year = None) -> answers.Profile:
        """A city node by node beside its peers, strengths and weaknesses, every figure with unit, status and source."""
        return reasons.unit_profile(edition, questions.one(edition, city), year)

    def contribution(city: City, against: Other = None, node: Node = None, year: Year = None) -> answers.Contribution:
        """What a city's score, or its gap to another city, is made of; the parts of the indicators add up to the total."""
        other = None if against is None else questions.one(edition, against)
        return reasons.contribution(edition, questions.one(edition, city), other, node, year)

    def compare(cities: Cities, year: Year = None) -> answers.Compared:
        """Two to five cities side by side, and what the gap of the first to each of the others is made of."""
        return reasons.compare(edition, [questions.one(edition, text) for text in cities], year)

    def why_changed(city: City, since: Year = None, node: Node = None, year: Year = None) -> answers.Change:
        """Why a city's score changed since another period (the one before): own figures, those of others, coverage, method."""
        return reasons.unit_change(edition, questions.one(edition, city), since, node, year)

    def what_moves(city: City, year: Year = None) -> answers.Moves:
        """Points for a step of each printed column, and what it takes to pass the next city; only levers are advice."""
        return reasons.unit_moves(edition, questions.one(edition, city), year)

    def indicators() -> answers.Indicators:
        """The tree of the index: every node with label, weight, unit, definition, source and coverage."""
        return api.indicators(edition)

    def indicator(
        code: Annotated[str, Field(description="Code of an indicator, as `indicators` gives it.", max_length=80)],
        year: Year = None,
        top: Top = 20,
        cities: Annotated[list[City] | None, Field(description="These cities; else the first ones.", max_length=50)] = None,
        lang: Tongues = None,
    ) -> replies.Measured:
        """An indicator: formula, unit, columns and where each was printed, coverage, figures with status letter, best first."""
        return questions.measured(edition, code, year, top, cities or [], lang or "zh")

    def audit(lang: Tongues = None) -> answers.Remarks:
        """What a statistical auditor remarks on in the index, the gravest first."""
        return reasons.audit(edition, lang or "zh")

    def gradient(node: Node = None, year: Year = None, lang: Tongues = None) -> answers.Decline:
        """Whether scores of the index or a pillar fall from the coast to the interior in a period, check by check."""
        return reasons.gradient(edition, node, year, lang or "zh")

    why = (profile, contribution, compare, why_changed, what_moves)
    return (about, find_city, ranking, city, *why, indicators, indicator, audit, gradient)


def _told(make: Callable[..., BaseModel], own: Tongue) -> Callable[..., BaseModel]:
    """The tool with a language to answer in, and its errors told in it: what is wrong and the mend."""
    from mcp.server.mcpserver.exceptions import ToolError

    signature = inspect.signature(make, eval_str=True)
    speaks = "lang" in signature.parameters
    lang = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Tongues)

    @wraps(make)
    def told(*, lang: Tongue | None = None, **values: Any) -> BaseModel:
        tongue: Tongue = lang or own
        try:
            return make(**values, **({"lang": tongue} if speaks else {}))
        except TiduError as error:
            raise ToolError(error.text(tongue)) from error

    others = [one for name, one in signature.parameters.items() if name != "lang"]
    told.__signature__ = signature.replace(parameters=[*others, lang])  # type: ignore[attr-defined]
    return told
