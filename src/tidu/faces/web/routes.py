"""The interface for programs: its addresses, described by OpenAPI, each answer made once and kept as bytes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from tidu.core.errors import UsageError, nearest
from tidu.faces.web import answers, api, reasons
from tidu.faces.web.problems import PROBLEMS, why_of
from tidu.faces.web.ready import Ready
from tidu.publish.edition import Edition
from tidu.publish.pages.render import JSON, Content


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

    get("/about", answers.About, api.about)
    get("/units", answers.Units, api.units)
    get("/indicators", answers.Indicators, api.indicators)
    get("/ranking", answers.Ranking, api.ranking)
    get("/scores", answers.Scores, api.scores)
    get("/unit/{code}", answers.Row, api.unit)
    get("/profile/{code}", answers.Profile, reasons.unit_profile)
    get("/contribution/{code}", answers.Contribution, reasons.contribution)
    get("/compare", answers.Compared, reasons.compare)
    get("/change/{code}", answers.Change, reasons.unit_change)
    get("/moves/{code}", answers.Moves, reasons.unit_moves)
    get("/audit", answers.Remarks, reasons.audit)
    get("/gradient", answers.Decline, reasons.gradient)
    get("/acceptability", answers.Acceptabilities, reasons.acceptability)
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
