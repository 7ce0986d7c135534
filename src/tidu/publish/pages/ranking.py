"""The ranking: every unit with its range, tie group and pillars, to be searched and filtered."""

from __future__ import annotations

from math import sqrt
from typing import Any

from tidu.publish.edition import Edition
from tidu.publish.pages.render import Content, page

#: Width of a range bar in its own units; ranks stand at the square root of their place, so that the top is told apart.
WIDTH = 120.0


def bars(edition: Edition, period: str) -> dict[str, dict[str, float]]:
    """Unit → where its range begins and ends and where its rank stands on a bar of :data:`WIDTH` units."""
    rows = [row for row in edition.ranking(period) if row.get("best") is not None]
    last = max((float(row["worst"]) for row in edition.ranking(period) if row.get("worst") is not None), default=1.0)

    def place(rank: float) -> float:
        return round(WIDTH * (sqrt(rank) - 1.0) / max(sqrt(last) - 1.0, 1e-9), 2)

    found = {}
    for row in rows:
        low, high = place(row["best"]), place(row["worst"])
        found[row["unit"]] = {"low": low, "width": round(max(high - low, 1.0), 2), "at": place(row["rank"])}
    return found


def table(edition: Edition, period: str, lang: str) -> list[dict[str, Any]]:
    """The rows of a period with what a reader filters by: the region and the universes that a unit belongs to."""
    panel = edition.index.panel
    region = panel.groups.get("region4", ("",) * len(panel.units))
    region_en = panel.groups.get("region4_en", region)
    found = []
    for row in edition.ranking(period):
        u = panel.units.index(row["unit"])
        inside = [name for name, members in panel.universes.items() if row["unit"] in members]
        place = region[u] if lang == "zh" else region_en[u]
        found.append({**row, "region": place, "inside": " ".join(inside), "find": edition.find(row["unit"])})
    return found


def ranking(edition: Edition, lang: str, address: str, period: str) -> Content:
    """The ranking page of a period in a language."""
    rows = table(edition, period, lang)
    regions = list(dict.fromkeys(row["region"] for row in rows if row["region"]))
    universes = list(edition.index.panel.universes)
    return page(
        edition,
        lang,
        address,
        "ranking.html",
        here="ranking",
        period=period,
        rows=rows,
        regions=regions,
        universes=universes,
        bars=bars(edition, period),
        reading=any("reading" in row for row in rows),
    )


def ranking_address(edition: Edition, lang: str, period: str) -> str:
    """Where a period's ranking stands."""
    return f"{lang}/ranking.html" if period == edition.last else f"{lang}/ranking-{period}.html"
