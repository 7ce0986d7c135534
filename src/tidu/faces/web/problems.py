"""What the interface answers when it cannot do what was asked: a code, the message in Chinese and English, the mend within."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from tidu.core.errors import TiduError, UsageError
from tidu.core.words import word

#: Codes of names that are not there; every other fault is one of what was sent.
LOST = frozenset({"unknown_unit", "unknown_period", "unknown_node", "no_such_address"})
BUSY = frozenset({"server_busy"})


class Message(BaseModel):
    """A message in both languages: what is wrong, where, and the mend."""

    zh: str
    en: str


class Problem(BaseModel):
    """Why there is no answer: ``code`` stands in the list of errors, ``address`` names what it is about."""

    code: str = Field(examples=["unknown_unit"])
    message: Message
    address: str | None = None
    did_you_mean: str | None = None


#: Why a request does not fit, by the kinds of pydantic's findings; any other is told without a reason.
_SHAPES: dict[str, tuple[str, ...]] = {
    "shape_missing": ("missing",),
    "shape_short_text": ("string_too_short",),
    "shape_long_text": ("string_too_long",),
    "shape_few": ("too_short",),
    "shape_many": ("too_long",),
    "shape_whole": ("int_parsing", "int_type", "int_from_float"),
    "shape_figure": ("float_parsing", "float_type", "finite_number"),
    "shape_text": ("string_type", "string_unicode"),
    "shape_least": ("greater_than_equal",),
    "shape_most": ("less_than_equal",),
    "shape_strange": ("extra_forbidden",),
    "shape_choice": ("literal_error", "enum"),
    "shape_json": ("json_invalid", "model_attributes_type", "dict_type", "list_type"),
}

#: What every route may answer beside its own: for the description of the interface.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "A unit, period or node that is not there."},
    422: {"model": Problem, "description": "What was sent does not fit."},
}


def status_of(error: TiduError) -> int:
    """The HTTP status of an error.

    >>> status_of(UsageError("unknown_unit", name="x")), status_of(UsageError("no_scenario"))
    (404, 422)
    """
    return 404 if error.code in LOST else 503 if error.code in BUSY else 405 if error.code == "wrong_method" else 422


def problem(error: TiduError) -> Response:
    """An error of the house as an answer."""
    said = Problem(
        code=error.code,
        message=Message(zh=error.text("zh"), en=error.text("en")),
        address=error.address,
        did_you_mean=error.did_you_mean,
    )
    return Response(said.model_dump_json(), status_code=status_of(error), media_type="application/json")


def why_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Why a part of a request does not fit, in Chinese and English, from what pydantic found.

    >>> why_of({"type": "missing", "msg": "Field required"})
    {'why_zh': '缺少这一项', 'why_en': 'it is missing'}
    >>> why_of({"type": "string_too_long", "ctx": {"max_length": 80}})["why_zh"]
    '文字过长（至多 80 个字符）'
    """
    kind, limits = str(found.get("type", "")), {key: str(value) for key, value in found.get("ctx", {}).items()}
    key = next((name for name, kinds in _SHAPES.items() if kind in kinds), "shape_other")
    listed = {name: limit.replace(" or ", "、") for name, limit in limits.items()}
    return {f"why_{lang}": word(key, lang, **(listed if lang == "zh" else limits)) for lang in ("zh", "en")}


def tell_problems(app: FastAPI) -> FastAPI:
    """The application, with every fault told as a :class:`Problem`: of the house, of the shape of a request, of an address."""

    async def of_the_house(request: Request, error: Exception) -> Response:
        assert isinstance(error, TiduError)
        return problem(error)

    async def of_the_shape(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return problem(UsageError("request_shape", address=place, why_zh=why_of(first)["why_zh"], why_en=why_of(first)["why_en"]))

    async def of_an_address(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error.detail, dict):  # a route's own refusal, described where the route is
            return JSONResponse({"detail": error.detail}, error.status_code)
        if error.status_code == 404:
            return problem(UsageError("no_such_address", name=request.url.path))
        if error.status_code == 405:
            allowed = (error.headers or {}).get("Allow", "POST")
            answer = problem(UsageError("wrong_method", name=request.url.path, allowed=allowed))
            answer.headers["Allow"] = allowed
            return answer
        if error.status_code == 400:
            why = why_of({"type": "json_invalid"})
            return problem(UsageError("request_shape", address="body", why_zh=why["why_zh"], why_en=why["why_en"]))
        body = Problem(code=f"http_{error.status_code}", message=Message(zh=str(error.detail), en=str(error.detail)))
        return Response(body.model_dump_json(), error.status_code, error.headers, media_type="application/json")

    app.add_exception_handler(TiduError, of_the_house)
    app.add_exception_handler(RequestValidationError, of_the_shape)
    app.add_exception_handler(HTTPException, of_an_address)
    return app
