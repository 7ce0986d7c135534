"""The first page: what the index is, the top of its ranking with ranges, what it was made from."""

from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.map import WIDTH, small_map
from tidu.publish.pages.ranking import bars
from tidu.publish.pages.render import Content, page

#: How many units the first page shows.
TOP = 10


def home(edition: Edition, lang: str, address: str) -> Content:
    """The first page in a language."""
    rows = [row for row in edition.ranking() if row["unit"] in edition.units][:TOP]
    dots, height = small_map(edition, lang)
    return page(
        edition,
        lang,
        address,
        "home.html",
        here="home",
        rows=rows,
        bars=bars(edition, edition.last),
        dots=dots,
        size=(WIDTH, height),
        filling=[period for period in edition.index.panel.periods if period not in edition.index.periods],
    )
