"""The application: every address of an edition's table, security headers, the interface for programs."""

from __future__ import annotations

import threading

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidu.core.errors import UsageError
from tidu.faces.web.builds import builds
from tidu.faces.web.planning import planner
from tidu.faces.web.problems import problem, tell_problems
from tidu.faces.web.ready import Ready
from tidu.faces.web.routes import router
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.finding import among
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.briefs import SERVED, able, briefs, served
from tidu.publish.pages.ranking import ranking, ranking_address
from tidu.publish.pages.render import POLICY, page

#: Sent with every answer.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Made before all other pages, as they take longest or are asked for first.
FIRST = ("zh/index.html", "en/index.html", "zh/ranking.html", "en/ranking.html", "data/score-change.js")
#: Where the interface stands.
API = "/api/v1"


class Headers:
    """The application with :data:`HEADERS` on every answer; a HEAD is answered as a GET without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers.setdefault(key, value)
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headless = scope["method"] == "HEAD"

        async def bare(message: Message) -> None:
            await sent({**message, "body": b""} if headless and message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"} if headless else scope, receive, bare)


def application(edition: Edition, *, warm: bool = False) -> FastAPI:
    """The application that serves an edition: its pages and files, ``/api/v1/…``, ``/openapi.json``.

    With ``warm`` a thread beside it makes every page before anybody asks for it.
    """
    app = FastAPI(
        title=f"Tidu 梯度 · {edition.code}",
        version=edition.sources["tidu"],
        summary=edition.title("en"),
        description="Ranks, scores, profiles and what-if of one edition. Every answer is made from the same numbers as its pages.",
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Headers)
    tell_problems(app)
    languages = able()
    table = dict(addresses(edition, languages))
    table |= {**briefs(edition, languages), SERVED: lambda: served(languages, f"{API}/")}
    rankings = {ranking_address(edition, lang, period): (lang, period) for lang in LANGUAGES for period in edition.index.periods}
    ready = Ready(f'"{edition.hash[:32]}"')
    if warm:
        pages = [address for address in table if address.endswith(".html")]
        pages = sorted(pages, key=lambda address: address.count("/") > 1 or "-" in address)  # a page of one unit comes last
        ahead = [address for address in FIRST if address in table]
        pages = list(dict.fromkeys([*ahead, *pages]))[: ready.most // 2]
        threading.Thread(target=ready.make_all, args=(table, pages), daemon=True).start()

    @app.get("/", include_in_schema=False)
    def first(request: Request) -> Response:
        asked = request.headers.get("accept-language", "zh").lower()
        return RedirectResponse("/en/index.html" if asked.startswith("en") else "/zh/index.html", status_code=307)

    # Answers of the interface are small: they do not wait for a page that is being made.
    app.include_router(router(edition, Ready(ready.tag)), prefix=API)
    app.include_router(builds(edition), prefix=API)
    app.include_router(planner(edition), prefix=API)

    @app.get(f"{API}/{{address:path}}", include_in_schema=False)
    def nothing(address: str, request: Request) -> Response:
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in app.routes):
            raise HTTPException(405, headers={"Allow": "POST"})  # every other route answers a GET
        return problem(UsageError("no_such_address", name=f"{API}/{address}"))

    @app.get("/{address:path}", include_in_schema=False)
    async def content(address: str, request: Request) -> Response:
        found = address if address in table else f"{address.rstrip('/')}/index.html"
        if found not in table:
            lang = "en" if address.startswith("en/") else "zh"
            root = f"{request.scope.get('root_path', '')}/"
            lost = page(edition, lang, f"{lang}/index.html", "lost.html", root, here="")
            return Response(lost.body, status_code=404, media_type=lost.kind)
        asked = request.query_params.get("q", "").strip()
        if asked and found in rankings:
            lang, period = rankings[found]
            units = sorted(edition.paged, key=edition.index.units.index)
            one = among([edition.find(unit) for unit in units], asked)
            if len(one) == 1:
                return RedirectResponse(f"city/{edition.slugs[units[one[0]]]}.html", status_code=303)
            made = await run_in_threadpool(ranking, edition, lang, found, period, asked)
            return Response(made.body, media_type=made.kind)
        return await ready.answer(request, found, table[found])

    return app
