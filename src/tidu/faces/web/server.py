"""The application: every address of an edition's table, security headers, the interface for programs."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.middleware.gzip import GZipMiddleware

from tidu.faces.web.api import router
from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import Maker, addresses
from tidu.publish.pages.render import POLICY, Content, page

#: Sent with every answer.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Shelf:
    """Content by address, each made once; an edition does not change while it is served."""

    def __init__(self, table: Mapping[str, Maker]) -> None:
        self.table = table
        self._made: dict[str, Content] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, address: str) -> Content | None:
        """What stands at an address, or nothing."""
        if address not in self.table:
            return None
        if address not in self._made:
            with self._guard:
                lock = self._locks.setdefault(address, threading.Lock())
            with lock:
                if address not in self._made:
                    self._made[address] = self.table[address]()
        return self._made[address]


def application(edition: Edition) -> FastAPI:
    """The application that serves an edition: its pages and files, ``/api/v1/…``, ``/openapi.json``."""
    app = FastAPI(title=f"Tidu 梯度 · {edition.code}", version=edition.sources["tidu"], docs_url=None, redoc_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    shelf = Shelf(addresses(edition))
    tag = f'"{edition.hash[:32]}"'

    @app.middleware("http")
    async def headers(request: Request, call_next):  # type: ignore[no-untyped-def]
        response = await call_next(request)
        for key, value in HEADERS.items():
            response.headers.setdefault(key, value)
        return response

    @app.get("/", include_in_schema=False)
    def first(request: Request) -> Response:
        asked = request.headers.get("accept-language", "zh").lower()
        return RedirectResponse("/en/index.html" if asked.startswith("en") else "/zh/index.html", status_code=307)

    app.include_router(router(edition), prefix="/api/v1")

    @app.get("/{address:path}", include_in_schema=False)
    def content(address: str, request: Request) -> Response:
        found = shelf.get(address) or shelf.get(f"{address.rstrip('/')}/index.html")
        if found is None:
            lang = "en" if address.startswith("en/") else "zh"
            lost = page(edition, lang, f"{lang}/index.html", "lost.html", here="", wanted=address)
            return Response(lost.body, status_code=404, media_type=lost.kind)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(found.body, media_type=found.kind, headers={"ETag": tag, "Cache-Control": "no-cache"})

    return app
