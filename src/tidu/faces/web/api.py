"""The interface for programs: typed answers about an edition, described by its OpenAPI."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from tidu.publish.edition import Edition


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
    tie_group: int | None = None
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


def router(edition: Edition) -> APIRouter:
    """The interface of an edition."""
    routes = APIRouter()

    def row(found: dict[str, object]) -> Row:
        nodes = {node: found.get(node) for node in edition.pillars}
        return Row.model_validate({**found, "nodes": nodes})

    def period(asked: str | None) -> str:
        if asked is not None and asked not in edition.index.periods:
            raise HTTPException(404, f"period: {', '.join(edition.index.periods)}")
        return asked or edition.last

    @routes.get("/about")
    def about() -> About:
        """What this edition is."""
        titles = {lang: edition.title(lang) for lang in ("zh", "en")}
        return About(index=edition.code, title=titles, **edition.sources)

    @routes.get("/ranking", responses={404: {"description": "No such period."}})
    def ranking(year: str | None = Query(default=None, description="Period; the last one when left out.")) -> Ranking:
        """Every shown unit, best first."""
        asked = period(year)
        return Ranking(index=edition.code, period=asked, hash=edition.hash, rows=[row(one) for one in edition.ranking(asked)])

    @routes.get("/unit/{code}", responses={404: {"description": "No such unit or period."}})
    def unit(code: str, year: str | None = None) -> Row:
        """One unit in a period."""
        for one in edition.ranking(period(year)):
            if one["unit"] == code:
                return row(one)
        raise HTTPException(404, f"unit: {code}")

    return routes
