"""The first page: what the index is, the top of its ranking with ranges, what it was made from."""

from __future__ import annotations

from tidu.publish.charts.dots import legend
from tidu.publish.edition import Edition
from tidu.publish.pages.map import ground, map_address, small_map
from tidu.publish.pages.ranking import bars
from tidu.publish.pages.render import Content, live_address, page
from tidu.publish.tables import outside

#: How many units the first page shows.
TOP = 10


def home(edition: Edition, lang: str, address: str) -> Content:
    """The first page in a language."""
    rows = [row for row in edition.ranking() if row["unit"] in edition.units][:TOP]
    dots, on = small_map(edition, lang)
    return page(
        edition,
        lang,
        address,
        "home.html",
        here="home",
        rows=rows,
        edges={row["unit"] for row in rows if outside(row)},
        bars=bars(edition, edition.last),
        dots=dots,
        legend=legend(edition, edition.code, lang, any(dot.shade == 0 for dot in dots)) if dots else [],
        sheet=on,
        **ground(edition, on, lang),
        live=live_address(map_address(edition, lang, edition.code)),
        filling=[period for period in edition.index.panel.periods if period not in edition.index.periods],
    )
