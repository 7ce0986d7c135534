"""The interface for programs: typed answers about an edition, described by its OpenAPI, each made once and kept as bytes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from tidu.core.errors import UsageError, nearest
from tidu.diagnosis.explanation.contribution import Contributions, gap_parts, score_parts
from tidu.diagnosis.explanation.profile import profile
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.levers import alike
from tidu.diagnosis.movement.moves import moves
from tidu.faces.web import answers
from tidu.faces.web.problems import PROBLEMS, why_of
from tidu.faces.web.ready import Ready
from tidu.publish.edition import Edition
from tidu.publish.pages.render import JSON, Content

Year = Annotated[str | None, Query(max_length=20, description="Period; the last one when left out.", examples=["2023"])]
Code = Annotated[str, Path(min_length=1, max_length=80, description="Code or exact name of a unit.", examples=["330100"])]
Top = Annotated[str | None, Query(max_length=80, description="Code of a node; the whole index when left out.")]


def router(edition: Edition, ready: Ready) -> APIRouter:
    """The interface of an edition: what can be read."""
    routes = APIRouter(responses=PROBLEMS)

    def get(path: str, shape: type[BaseModel], make: Callable[..., BaseModel]) -> Callable[..., Any]:
        """The route that answers with what ``make`` gives, kept as bytes under the address and what was asked."""

        async def answer(request: Request, **asked: Any) -> Response:
            strange = [name for name in request.query_params if name not in asked]
            if strange:
                why = why_of({"type": "extra_forbidden"})
                near = nearest(strange[0], [name for name in asked if name not in request.path_params])
                raise UsageError(
                    "request_shape", address=f"query.{strange[0]}", did_you_mean=near, why_zh=why["why_zh"], why_en=why["why_en"]
                )
            key = f"{path}?{sorted(asked.items())!r}"
            return await ready.answer(request, key, lambda: Content(JSON, make(edition, **asked).model_dump_json().encode()))

        answer.__signature__ = _asked(make)  # type: ignore[attr-defined]
        answer.__name__, answer.__doc__ = make.__name__.strip("_"), make.__doc__
        routes.get(path, response_model=shape)(answer)
        return answer

    get("/about", answers.About, about)
    get("/units", answers.Units, units)
    get("/indicators", answers.Indicators, indicators)
    get("/ranking", answers.Ranking, ranking)
    get("/scores", answers.Scores, scores)
    get("/unit/{code}", answers.Row, unit)
    get("/profile/{code}", answers.Profile, unit_profile)
    get("/contribution/{code}", answers.Contribution, contribution)
    get("/compare", answers.Compared, compare)
    get("/moves/{code}", answers.Moves, unit_moves)
    return routes


def _asked(make: Callable[..., Any]) -> Any:
    """The parameters of a route: the request, then those of its maker without the edition."""
    hints = get_type_hints(make, include_extras=True)
    own = [
        one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for one in list(inspect.signature(make).parameters.values())[1:]
    ]
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    return inspect.Signature([request, *own])


def number(value: float | None) -> float | None:
    """A figure as it stands in JSON: nothing where there is none.

    >>> number(1.5), number(float("nan"))
    (1.5, None)
    """
    return None if value is None or not isfinite(value) else float(value)


def plain(values: Mapping[str, float]) -> dict[str, float | None]:
    """Figures by name as they stand in JSON."""
    return {name: number(value) for name, value in values.items()}


def ranks_shown(edition: Edition) -> None:
    """Nothing where an edition shows ranks and scores. Raises ``bands_only`` where it shows classes."""
    if not edition.ranked:
        raise UsageError("bands_only", name=edition.code)


def about(edition: Edition) -> answers.About:
    """What this edition is."""
    titles = {lang: edition.title(lang) for lang in ("zh", "en")}
    return answers.About(index=edition.code, title=titles, **edition.sources)


def units(edition: Edition) -> answers.Units:
    """Every unit, in the order of the figures."""
    panel, shown, scored = edition.index.panel, edition.index.shown, set(edition.units)
    rows = [
        answers.Unit(
            unit=code,
            name_zh=edition.name(code, "zh"),
            name_en=edition.name(code, "en"),
            shown=bool(shown[u]),
            scored=code in scored,
            groups={name: texts[u] for name, texts in panel.groups.items() if texts[u]},
        )
        for u, code in enumerate(panel.units)
    ]
    return answers.Units(index=edition.code, rows=rows)


def indicators(edition: Edition) -> answers.Indicators:
    """The tree: every node with its label, weight and definition, the index first, indicators last."""
    framework, weights = edition.index.framework, edition.index.weights(edition.last)
    rows = []
    for node in sorted(framework.nodes.values(), key=lambda node: (node.depth, node.place)):
        item = framework.table.indicator.get(node.code) if node.leaf else None
        own = {} if item is None else {key: getattr(item, key) for key in ("unit", "better", "of", "per", "source")}
        if item is not None:
            permit = framework.permits[node.code]
            own |= {"lever": permit.free, "lever_name": permit.name if permit.free else None, "counts": permit.count}
        rows.append(
            answers.Indicator(
                code=node.code,
                label_zh=edition.label(node.code, "zh"),
                label_en=edition.label(node.code, "en"),
                parent=node.parent,
                weight=node.weight,
                share=number(weights.get(node.code)),
                leaf=node.leaf,
                figures=edition.index.scored(edition.last, node.code),
                **own,
            )
        )
    return answers.Indicators(index=edition.code, rows=rows)


def ranking(edition: Edition, year: Year = None) -> answers.Ranking:
    """Every shown unit, best first, with its specification range and the first-level nodes."""
    rows = [_row(edition, one) for one in edition.ranking(year)]
    return answers.Ranking(index=edition.code, period=_period(edition, year), hash=edition.hash, rows=rows)


def unit(edition: Edition, code: Code, year: Year = None) -> answers.Row:
    """One unit in a period."""
    wanted = edition.index.panel.unit(code)
    for one in edition.ranking(year):
        if one["unit"] == wanted:
            return _row(edition, one)
    raise UsageError("not_scored", name=wanted, node=edition.code, period=_period(edition, year))


def scores(edition: Edition, year: Year = None) -> answers.Scores:
    """Scores and ranks of every shown unit at every node."""
    ranks_shown(edition)
    index, t = edition.index, edition.index.period(year)
    rows = [
        answers.Scored(
            unit=code,
            scores=[number(x) for x in index.scores[u, t].tolist()],
            ranks=[None if x != x else int(x) for x in index.ranks[u, t].tolist()],
        )
        for u, code in enumerate(index.units)
        if index.shown[u]
    ]
    return answers.Scores(index=edition.code, period=index.periods[t], hash=edition.hash, nodes=list(index.nodes), rows=rows)


def unit_profile(edition: Edition, code: Code, year: Year = None) -> answers.Profile:
    """Where a unit stands, beside the ten nearest to it in size: node by node, figures with their sources, history."""
    ranks_shown(edition)
    wanted = edition.index.panel.unit(code)
    found = profile(edition.index, wanted, year, against=alike(edition.index, wanted, year))
    return answers.Profile(
        index=edition.code,
        hash=edition.hash,
        unit=found.unit,
        period=found.period,
        peers=list(found.peers.units),
        peers_how=found.peers.how,
        peers_by=list(found.peers.by),
        nodes=[answers.Line.model_validate(_fields(line)) for line in found.nodes],
        strengths=[line.code for line in found.strengths],
        weaknesses=[line.code for line in found.weaknesses],
        figures=[answers.Figure.model_validate(_fields(figure)) for figure in found.figures],
        history={node: {t: (number(score), rank) for t, (score, rank) in series.items()} for node, series in found.history.items()},
        ranges={
            period: (row["best"], row["worst"])
            for period in edition.index.periods
            for row in edition.ranking(period)
            if row["unit"] == wanted and row.get("best") is not None
        },
    )


def contribution(
    edition: Edition,
    code: Code,
    against: Annotated[str | None, Query(max_length=80, description="Another unit; the zero of the scale when left out.")] = None,
    node: Top = None,
    year: Year = None,
) -> answers.Contribution:
    """What a score, or the gap to another unit, is made of."""
    ranks_shown(edition)
    index = edition.index
    found = score_parts(index, code, year, node) if against is None else gap_parts(index, code, against, year, node)
    return _contribution(edition, found)


def compare(
    edition: Edition,
    unit: Annotated[list[str], Query(min_length=2, max_length=5, description="Two to five units, by code or exact name.")],
    year: Year = None,
) -> answers.Compared:
    """Two to five units side by side, and what the gap of the first to each of the others is made of."""
    ranks_shown(edition)
    index, t = edition.index, edition.index.period(year)
    codes = list(dict.fromkeys(index.panel.unit(text) for text in unit))
    ranks = index.rank(None, index.periods[t])
    ranges = {
        row["unit"]: {key: row.get(key) for key in ("best", "worst", "undecided", "tie_group")} for row in edition.ranking(year)
    }
    sides = [
        answers.Side(
            **ranges.get(code, {}),
            unit=code,
            name_zh=edition.name(code, "zh"),
            name_en=edition.name(code, "en"),
            rank=ranks[code],
            scores=plain(dict(zip(index.nodes, index.scores[index.units.index(code), t].tolist(), strict=True))),
        )
        for code in codes
    ]
    gaps = {other: plain(gap_parts(index, codes[0], other, year).parts) for other in codes[1:]}
    return answers.Compared(index=edition.code, period=index.periods[t], units=sides, gaps=gaps)


def unit_moves(edition: Edition, code: Code, year: Year = None) -> answers.Moves:
    """What would move a unit: points for a step of each printed column, and what it takes to pass the next one."""
    ranks_shown(edition)
    wanted = edition.index.panel.unit(code)
    rows = [
        answers.Move.model_validate({**_fields(move), "fed": [_fields(one) for one in move.fed], "beyond": list(move.beyond)})
        for move in moves(edition.index, wanted, year)
    ]
    told = {lang: list(reminder(edition.index.framework, lang)) for lang in ("zh", "en")}
    return answers.Moves(index=edition.code, unit=wanted, period=_period(edition, year), rows=rows, reminder=told)


def _fields(found: object) -> dict[str, Any]:
    """The fields of a thing as they stand in JSON."""
    return {key: number(value) if isinstance(value, float) else value for key, value in vars(found).items()}


def _period(edition: Edition, year: str | None) -> str:
    return edition.index.periods[edition.index.period(year)]


def _row(edition: Edition, found: Mapping[str, Any]) -> answers.Row:
    return answers.Row.model_validate({**found, "nodes": {node: found.get(node) for node in edition.pillars}})


def _contribution(edition: Edition, found: Contributions) -> answers.Contribution:
    return answers.Contribution(
        index=edition.code,
        unit=found.unit,
        others=list(found.others),
        period=found.period,
        node=found.node,
        score=number(found.score),
        baseline=number(found.baseline),
        total=number(found.total),
        parts=plain(found.parts),
        place=number(found.place),
    )
