"""A unit's page: where it stands and how sure that is, against whom, why, and what would move it."""

from __future__ import annotations

from tidu.diagnosis.profile import profile
from tidu.publish.edition import Edition
from tidu.publish.pages.render import Content, page


def city(edition: Edition, lang: str, address: str, unit: str) -> Content:
    """The page of a unit in a language."""
    found = profile(edition.index, unit)
    row = next(row for row in edition.ranking() if row["unit"] == unit)
    order = downwards(edition, edition.code)
    lines = sorted(found.nodes, key=lambda line: order.index(line.code))
    return page(edition, lang, address, "city.html", here="ranking", unit=unit, row=row, lines=lines, profile=found)


def downwards(edition: Edition, code: str) -> list[str]:
    """A node and all below it, each followed by its children."""
    children = edition.index.framework.node(code).children
    return [code, *(below for child in children for below in downwards(edition, child))]
