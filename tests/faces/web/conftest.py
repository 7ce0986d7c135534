"""One edition, its site as a folder and as a server, and one browser for every test of the web."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tidu import app
from tidu.faces.web.server import application
from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.site import write_site

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking",
    "--disable-component-update --disable-sync",
)
#: The unit whose pages and files stand for all of their kind.
UNIT = "330100"


def kinds(table: object) -> dict[str, str]:
    """Kind of page → one address of it without the language, of everything that the table of addresses holds."""
    found: dict[str, str] = {}
    for address in table:  # type: ignore[attr-defined]
        if address.startswith("zh/") and address.endswith(".html"):
            own = address[3:]
            folder, _, name = own.rpartition("/")
            kind = f"{folder}/" if folder else re.split(r"[-.]", name)[0]
            if kind not in found or UNIT in name or (not folder and len(own) < len(found[kind])):
                found[kind] = own
    return found


@dataclass
class Site:
    """Where the edition's pages stand, in a folder and on a server."""

    edition: Edition
    folder: Path
    server: str
    kinds: dict[str, str] = field(default_factory=dict)

    def place(self, way: str, address: str) -> str:
        return f"{self.server}/{address}" if way == "http" else f"{self.folder.as_uri()}/{address}"


@pytest.fixture(scope="session")
def cities() -> Edition:
    """The shipped core index with few points behind its ranges."""
    return app.edition("city-ip-core", draws=32)


@pytest.fixture(scope="session")
def site(cities: Edition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, table = tmp_path_factory.mktemp("site"), addresses(cities)
    chosen = kinds(table)
    pages = {f"{lang}/{own}" for lang in ("zh", "en") for own in chosen.values()}
    write_site(cities, folder, only=lambda address: address in pages)
    needed = {f"city/{UNIT}.{kind}" for kind in ("csv", "json", "xlsx", "svg", "png")}
    for page in pages:
        for target in re.findall(
            r'(?:\ssrc|data-spec|<link[^>]* href)="([^"#?]+\.(?:css|js|svg|png))"', (folder / page).read_text(encoding="utf-8")
        ):
            needed.add(normpath(join(dirname(page), target)))
    needed |= {address for address in table if address.startswith("static/")}
    write_site(cities, folder, only=lambda address: address in needed)
    server = uvicorn.Server(uvicorn.Config(application(cities), port=0, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        assert thread.is_alive(), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(cities, folder, f"http://127.0.0.1:{port}", chosen)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"no browser at {CHROMIUM}: python tools/system_packages.py installs or names what is missing", pytrace=False)
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=str(CHROMIUM), args=" ".join(SWITCHES).split())
        yield made
        made.close()


@dataclass
class Seen:
    """A page with everything that went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Faults so far, those of the content policy among them."""
        return self.faults + self.page.evaluate("window.__barred || []")

    def open(self, address: str) -> None:
        """Goes to an address; what is asked for elsewhere is a fault from then on."""
        start = address.split("/")[2] if address.startswith("http") else "file:"

        def asked(request: Request) -> None:
            if start not in request.url and not request.url.startswith(("data:", "blob:")):
                self.faults.append(f"asks {request.url}")

        self.page.on("request", asked)
        self.page.goto(address)


@pytest.fixture
def look(browser: Browser) -> Iterator[object]:
    """Opens an address in a window of some width and keeps what goes wrong."""
    contexts = []

    def opened(address: str, width: int = 1280, lang: str = "zh-CN") -> Seen:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=lang, accept_downloads=True)
        contexts.append(context)
        context.add_init_script(
            "window.__barred = []; document.addEventListener('securitypolicyviolation',"
            " event => window.__barred.push('barred: ' + event.violatedDirective + ' ' + event.blockedURI));"
        )
        page = context.new_page()
        seen = Seen(page)
        page.on("console", lambda said: seen.faults.append(f"console: {said.text}") if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.faults.append(f"script: {error}"))
        if address == "about:blank":
            return seen
        seen.open(address)
        return seen

    yield opened
    for context in contexts:
        context.close()
