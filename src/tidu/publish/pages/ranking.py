"""The ranking: every unit with its range, tie group and pillars, to be searched and filtered."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Any

from tidu.core.errors import TiduError
from tidu.diagnosis.explanation.change import CAUSES
from tidu.indicators import shipped
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.finding import alike, among
from tidu.publish.pages.render import Content, page, script
from tidu.publish.standing import changed
from tidu.publish.tables import Rows, outside

#: Width of a range bar in its own units; ranks stand at their logarithm, so that the top is told apart.
WIDTH = 120.0


def bars(edition: Edition, period: str) -> dict[str, dict[str, float]]:
    """Unit → where its range begins and ends and where its rank stands on a bar of :data:`WIDTH` units."""
    rows = [row for row in edition.ranking(period) if row.get("best") is not None]
    last = max((float(row["worst"]) for row in edition.ranking(period) if row.get("worst") is not None), default=1.0)

    def place(rank: float) -> float:
        return round(WIDTH * log(rank) / max(log(last), 1e-9), 2)

    found = {}
    for row in rows:
        low, high = place(row["best"]), place(row["worst"])
        found[row["unit"]] = {"low": low, "width": round(max(high - low, 1.0), 2), "at": place(row["rank"])}
    return found


def table(edition: Edition, period: str, lang: str) -> list[dict[str, Any]]:
    """The rows of a period with what a reader filters by: the region and the universes that a unit belongs to."""
    panel = edition.index.panel
    belt = edition.index.framework.table.units.belt
    region = panel.groups.get(belt, ("",) * len(panel.units))
    region_en = panel.groups.get(f"{belt}_en", region)
    found = []
    for row in edition.ranking(period):
        u = panel.units.index(row["unit"])
        inside = [name for name, members in panel.universes.items() if row["unit"] in members]
        place = region[u] if lang == "zh" else region_en[u]
        row = {"rank": None, "score": None, **row}
        found.append(
            {
                **row,
                "climbed": climbed(edition, row["unit"], period),
                "region": place,
                "inside": " ".join(inside),
                "find": edition.find(row["unit"]),
            }
        )
    return found


def climbed(edition: Edition, unit: str, period: str) -> int | None:
    """How many ranks a unit went up since the period before, among the units ranked in both; nothing where it is not in both.

    >>> from tidu import app
    >>> climbed(app.edition("city-ip-core", draws=0), "530600", "2023")
    0
    """
    own = edition.moved(period).get(unit)
    return None if own is None else own.up


def changes(edition: Edition) -> Rows:
    """One row a unit scored in the last period and the one before: change of score, and its parts by cause."""
    found: Rows = []
    for unit in edition.units:
        try:
            one = changed(edition, unit)
        except TiduError:
            continue
        names = {f"name_{lang}": edition.name(unit, lang) for lang in LANGUAGES}
        periods = {"before": one.periods[0], "after": one.periods[1]}
        found.append(
            {
                "unit": unit,
                **names,
                **periods,
                "score_before": one.before,
                "score_after": one.after,
                "change": one.total,
                **one.parts,
            }
        )
    return found


def change_script(edition: Edition) -> Content:
    """The same for the page: unit → change, own figures, figures of others, coverage and method, rounded as pages print them."""
    rows = changes(edition)
    return script({row["unit"]: [float(f"{row[key]:.2f}") + 0.0 for key in ("change", *CAUSES)] for row in rows})


def ranking(edition: Edition, lang: str, address: str, period: str, asked: str = "") -> Content:
    """The ranking page of a period in a language; of the units that a reader ``asked`` for, where there are such."""
    rows, t = table(edition, period, lang), edition.index.period(period)
    before = edition.index.periods[t - 1] if t > 0 else None
    words = [row["find"] for row in rows]
    own = among(words, asked)
    some = own or alike(words, asked)
    rows = [rows[at] for at in some] or rows
    edges = {row["unit"] for row in rows if outside(row)}
    regions = list(dict.fromkeys(row["region"] for row in rows if row["region"]))
    return page(
        edition,
        lang,
        address,
        "ranking.html",
        here="ranking",
        period=period,
        rows=rows,
        asked=asked,
        some=len(some),
        near=bool(some) and not own,
        regions=regions,
        universes=[(name, universe_label(edition, name, lang)) for name in edition.index.panel.universes],
        edges=edges,
        groups=Counter(row["tie_group"] for row in rows if row.get("tie_group")),
        compared=len(edition.moved(period)),
        bars=bars(edition, period) if edition.ranked else {},
        ranked=edition.ranked,
        known=edition.paged,
        pillars=edition.pillars if edition.ranked else (),
        reading=any("reading" in row for row in rows),
        before=before if edition.ranked else None,
        split=period == edition.last and before is not None and edition.ranked,
    )


def universe_label(edition: Edition, name: str, lang: str) -> str:
    """What a universe is called; one that nobody named by its own name.

    >>> from tidu import app
    >>> universe_label(app.edition("city-ip-core", draws=0), "sub15", "zh")
    '15个副省级城市'
    """
    known = shipped.toml("universes.toml")["universe"] if edition.shipped else {}
    return str(known[name]["label"][lang]) if name in known else name


def ranking_address(edition: Edition, lang: str, period: str) -> str:
    """Where a period's ranking stands."""
    return f"{lang}/ranking.html" if period == edition.last else f"{lang}/ranking-{period}.html"
