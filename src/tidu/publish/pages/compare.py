"""Units side by side: two to five, chosen live; without a script, the first two, with the gap between them taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.words import word
from tidu.diagnosis.explanation.contribution import Contributions, gap_parts, score_table
from tidu.publish import charts
from tidu.publish.edition import Edition
from tidu.publish.pages.render import Content, live_address, page, script, specs

#: So many units are set side by side at most.
MOST = 5


def compare(edition: Edition, lang: str, address: str) -> Content:
    """The page of comparison in a language, for an edition with scores; before anything is chosen the first two units."""
    first, order = edition.units[:2], nodes(edition)
    gap = first_gap(edition)
    return page(
        edition,
        lang,
        address,
        "compare.html",
        here="compare",
        chosen=first,
        most=MOST,
        nodes=[
            {"code": code, "depth": depth(edition, code, order), "scores": [edition.index.score(code)[unit] for unit in first]}
            | {"ranks": [edition.index.rank(code)[unit] for unit in first]}
            for code in order
        ],
        gap=gap,
        live=live_address(address),
        drawn=charts.svg(pair(edition, lang)),
        slim=charts.slim(pair(edition, lang)),
        parts=bars(edition, gap) if gap is not None else [],
        exact=additive(edition),
        spans={row["unit"]: row for row in edition.ranking() if row.get("best") is not None},
        w=lambda key, **filled: word(key, lang, **filled),
    )


def pair(edition: Edition, lang: str) -> Any:
    """The scores of the first two units beside each other, at the index and its first-level nodes."""
    return charts.dumbbell(edition.index, edition.units[0], edition.units[1], lang, edition.last, pair_nodes(edition))


def pair_nodes(edition: Edition) -> list[str]:
    """The nodes of that picture: the root and those right below it that the table shows."""
    order = nodes(edition)
    return [code for code in order if depth(edition, code, order) <= 1]


def compare_live(edition: Edition, lang: str) -> Content:
    """The script of the picture, live; the page puts the chosen units into it."""
    return specs({"pair": pair(edition, lang)})


def comparable_units(edition: Edition) -> bool:
    """Whether units can be set side by side: scores are shown, and there are two units that have one."""
    return edition.ranked and len(edition.units) > 1


def nodes(edition: Edition) -> list[str]:
    """The nodes of the last period, the root first, each followed by its children; an only child stands for its parent."""
    framework, live = edition.index.framework, edition.index.live[-1]

    def below(code: str) -> list[str]:
        children = [child for child in framework.node(code).children if live[framework.node(child).place]]
        own = [] if len(children) == 1 and code != edition.code else [code]
        return [*own, *(part for child in children for part in below(child))]

    return below(edition.code)


def depth(edition: Edition, code: str, order: list[str]) -> int:
    """How deep a node stands below the root among those shown."""
    framework = edition.index.framework
    above, at = 0, framework.node(code).parent
    while at is not None:
        above, at = above + (at in order), framework.node(at).parent
    return above


def first_gap(edition: Edition) -> Contributions | None:
    """The gap between the first two units taken apart; nothing where a join does not allow it."""
    try:
        return gap_parts(edition.index, edition.units[0], edition.units[1])
    except TiduError:
        return None


def additive(edition: Edition) -> bool:
    """Whether every join is a plain mean, so that the parts of two scores may be taken from each other for those of the gap."""
    framework, period = edition.index.framework, edition.last
    joins = [join.node for join in edition.index.joins if period in join.periods and len(join.children) > 1]
    return all("linear" in framework.choice("aggregate", node).method.traits for node in joins)


def bars(edition: Edition, found: Contributions) -> list[dict[str, Any]]:
    """One row a node below the root: its part of the gap, and a bar to one side of the middle; ``place`` where there is one."""
    order = nodes(edition)
    parts = {code: found.parts[code] for code in order if code in found.parts} | ({"place": found.place} if found.place else {})
    most = max((abs(part) for part in parts.values()), default=1.0) or 1.0
    rows = []
    for code, part in parts.items():
        width = 50.0 * abs(part) / most
        row = {"code": code, "depth": depth(edition, code, order) if code in order else 1, "value": part}
        rows.append(
            row
            | {"kind": "second" if part < 0 else "up", "x": round(50.0 - (width if part < 0 else 0.0), 2), "width": round(width, 2)}
        )
    return rows


def compare_data(edition: Edition, lang: str) -> Content:
    """The data of the page as a script: units, nodes, scores, ranks, and the parts of each score where joins are plain means.

    ``without`` are the units that have a page but no score.

    ``scores`` and ``parts`` hold one row a unit in the order of ``nodes``, rounded to five decimals.
    """
    index = edition.index
    order = nodes(edition)
    places = [index.framework.node(code).place for code in order]
    rows = {row["unit"]: row for row in edition.ranking()}
    table = score_table(index) if additive(edition) else None
    units = []
    for unit in edition.units:
        u, row = index.units.index(unit), rows[unit]
        one: dict[str, Any] = {
            "code": unit,
            "name": edition.name(unit, lang),
            "slug": edition.slugs[unit],
            "find": edition.find(unit),
        }
        one |= {"best": row.get("best"), "worst": row.get("worst")}
        one["scores"] = plain(index.scores[u, -1, places], 5)
        one["ranks"] = [None if np.isnan(rank) else int(rank) for rank in index.ranks[u, -1, places]]
        if table is not None:
            one["parts"] = plain(table[u, places], 5)
        units.append(one)
    without = [
        {"name": edition.name(unit, lang), "slug": edition.slugs[unit], "find": edition.find(unit)} for unit in edition.unscored
    ]
    told = [{"code": code, "label": edition.label(code, lang), "depth": depth(edition, code, order)} for code in order]
    return script({"nodes": told, "units": units, "without": without, "most": MOST})


def plain(values: Any, digits: int) -> list[float | None]:
    """Figures rounded, a missing one as nothing.

    >>> plain([1.23456, float("nan")], 2)
    [1.23, None]
    """
    return [None if value != value else round(float(value), digits) for value in values]
