"""The planner for programs and for the page of a unit: what a rank or a score takes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tidu.core.errors import UsageError
from tidu.diagnosis.movement.target import target as planned
from tidu.faces.planning import limits_of
from tidu.faces.web.problems import PROBLEMS
from tidu.publish.edition import Edition
from tidu.publish.told import target_said


class Moved(BaseModel):
    """An indicator that moves with another, as the same printed column feeds both."""

    code: str
    label: str
    way: str = Field(description="From where to where, with the unit.")


class Step(BaseModel):
    """One printed column of a plan by its most demanding indicator, as it is read: figures, share of the limit, points of all."""

    code: str
    lever: str = Field(description="Name that an instrument answers to.")
    label: str
    start: str
    end: str
    limit: str = Field(description="As far as comparable units went in the time.")
    unit: str
    way: str = Field(description="From where to where, with the unit.")
    share: str = Field(description="Share of the limit that is used.")
    points: str
    column: str = Field(description="Printed column that carries the change.")
    column_from: str
    column_to: str
    why: str | None = Field(description="Why it is in the plan although it shows no points.")
    others: list[Moved] = Field(alias="with", description="Further indicators that the same column moves.")


class Plan(BaseModel):
    """What a rank or a score takes: whether it can be reached within the limits, in words, and the indicators that move."""

    unit: str
    period: str
    wanted_rank: int | None
    wanted_score: float | None
    reachable: bool
    already: bool
    rank: int = Field(description="Rank of the plan in the index built again, or the best that all levers lead to.")
    score: float
    effort: float = Field(description="Sum of the shares of the limits, column by column.")
    exact: bool = Field(description="No plan within the limits asks for less, or gets further; else the best of those tried.")
    tried: int = Field(description="Plans tried on the index built again.")
    verdict: str
    limits: str
    caveat: str
    reminder: list[str] = Field(description="That counts of filings and grants are no targets, and which are held here.")
    rows: list[Step]


def planner(edition: Edition) -> APIRouter:
    """The planner of an edition: ``/target``."""
    routes, last = APIRouter(responses=PROBLEMS), max(len(edition.units), 1)

    @routes.get("/target")
    def target(
        unit: str = Query(description="Code of the unit.", examples=[edition.units[0]] if edition.units else None),
        rank: int | None = Query(default=None, ge=1, le=last, description="Rank that is wanted; this or a score."),
        score: float | None = Query(default=None, allow_inf_nan=False, description="Score that is wanted."),
        fix: Annotated[list[str] | None, Query(description="Indicators that stay.")] = None,
        limit: Annotated[list[str] | None, Query(description="Limits by hand: INDICATOR=AMOUNT, in its own unit.")] = None,
        quantile: float = Query(default=0.9, gt=0, lt=1, description="Limit: this quantile of what comparable units achieved."),
        years: int | None = Query(default=None, ge=1, le=100, description="Over so many years; two, or one, when left out."),
        others: Literal["still", "trend"] = Query(default="still", description="The other units stay, or go on as they did."),
        effort: Literal["sum", "max"] = Query(default="sum", description="Least sum of shares of limits, or least largest one."),
        lang: Literal["zh", "en"] = "zh",
    ) -> Plan:
        """The least demanding changes that bring a unit to a rank or a score, proved by building the index again."""
        if not edition.ranked:
            raise UsageError("target_not_shown", name=unit)
        found = planned(
            edition.index,
            unit,
            rank=rank,
            score=score,
            fixed=fix or (),
            quantile=quantile,
            years=years,
            others=others,
            effort=effort,
            limits=limits_of(limit) if limit else None,
        )
        said = target_said(edition, found, lang)
        return Plan(
            unit=found.unit,
            period=found.period,
            wanted_rank=rank,
            wanted_score=score,
            reachable=found.reachable,
            already=found.already,
            rank=found.rank,
            score=found.score,
            effort=found.effort,
            exact=found.exact,
            tried=found.tried,
            verdict=said["verdict"],
            limits=said["limits"],
            caveat=said["caveat"],
            reminder=list(said["reminder"]),
            rows=[Step.model_validate(row) for row in said["rows"]],
        )

    return routes
