"""The table of addresses: what stands where, for the server and the folder alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from importlib import resources

from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.audit import audit
from tidu.publish.pages.city import city
from tidu.publish.pages.data import data
from tidu.publish.pages.files import files
from tidu.publish.pages.gradient import gradient
from tidu.publish.pages.home import home
from tidu.publish.pages.map import dot_map, drawable, map_address, nodes
from tidu.publish.pages.ranking import ranking, ranking_address
from tidu.publish.pages.render import CSV, JSON, SCRIPT, STYLE, Content
from tidu.publish.tables import Rows, csv_text

Maker = Callable[[], Content]

_KINDS = {".css": STYLE, ".js": SCRIPT, ".svg": "image/svg+xml"}


def addresses(edition: Edition) -> Mapping[str, Maker]:
    """Address under the site's root → what makes its content, in the order of a walk through the site."""
    found: dict[str, Maker] = {}
    for lang in LANGUAGES:
        found |= _pages(edition, lang)
    found |= files(edition)
    for file in sorted(resources.files("tidu.publish").joinpath("static").iterdir(), key=lambda file: file.name):
        kind = _KINDS.get(file.name[file.name.rindex(".") :])
        if kind is not None:
            found[f"static/{file.name}"] = partial(_static, kind, file.name)
    return found


def _pages(edition: Edition, lang: str) -> dict[str, Maker]:
    found: dict[str, Maker] = {f"{lang}/index.html": partial(home, edition, lang, f"{lang}/index.html")}
    found[f"{lang}/data.html"] = partial(data, edition, lang, f"{lang}/data.html")
    found[f"{lang}/audit.html"] = partial(audit, edition, lang, f"{lang}/audit.html")
    if drawable(edition):
        for node in nodes(edition):
            address = map_address(edition, lang, node)
            found[address] = partial(dot_map, edition, lang, address, node)
    if edition.placed:
        found[f"{lang}/gradient.html"] = partial(gradient, edition, lang, f"{lang}/gradient.html")
    for period in edition.index.periods:
        address = ranking_address(edition, lang, period)
        found[address] = partial(ranking, edition, lang, address, period)
    for unit in edition.units:
        address = f"{lang}/city/{edition.slugs[unit]}.html"
        found[address] = partial(city, edition, lang, address, unit)
    return found


def _static(kind: str, name: str) -> Content:
    return Content(kind, resources.files("tidu.publish").joinpath("static", name).read_bytes())
