"""The map: a dot for each unit at its longitude and latitude, without outline or boundary, beside its score by distance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, log10
from typing import Any

import numpy as np

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish import charts
from tidu.publish.charts.dots import Dot, credits, dots, from_gazetteer, legend, said, scores_of, shades
from tidu.publish.charts.style import svg
from tidu.publish.edition import Edition
from tidu.publish.pages.render import SVG, Content, live_address, page, specs
from tidu.publish.projection import Sheet

#: The scatter's size in its own units and where its axes stand.
ACROSS, UP, LEFT, BELOW, TITLE = 480.0, 400.0, 40.0, 44.0, 26.0


@dataclass(frozen=True)
class Scatter:
    """Scores by distance to the coast: dots, ticks (place and label) of both axes, and the fitted line's ends."""

    dots: tuple[Dot, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    line: tuple[float, float, float, float] | None


def nodes(edition: Edition) -> tuple[str, ...]:
    """What has a map: the index and the inner nodes of its first level."""
    framework, t = edition.index.framework, edition.index.period(edition.last)
    inner = [
        code for code in edition.pillars if not framework.node(code).leaf and edition.index.live[t, framework.node(code).place]
    ]
    return (edition.code, *inner)


def map_address(edition: Edition, lang: str, node: str) -> str:
    """Where the map of a node stands."""
    if node == edition.code:
        return f"{lang}/map.html"
    return f"{lang}/map-{node if re.fullmatch(r'[A-Za-z0-9_-]+', node) else edition.index.nodes.index(node)}.html"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from the first at or above ``low`` to the last at or below ``high``, about ``count`` of them.

    >>> ticks(0, 2700), ticks(-0.2, 1.0)
    ([0.0, 500.0, 1000.0, 1500.0, 2000.0, 2500.0], [-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    raw = max(high - low, 1e-9) / count
    unit = 10.0 ** np.floor(log10(raw))
    step = float(min((m * unit for m in (1, 2, 5, 10)), key=lambda size: abs(size - raw)))
    first = ceil(round(low / step, 9))
    return [round(k * step, 9) for k in range(first, int(np.floor(round(high / step, 9))) + 1)]


def scatter(edition: Edition, node: str) -> Scatter | None:
    """Scores by distance to the coast, with the line of the gradient's test; nothing where there is no distance."""
    where, scores = edition.places, scores_of(edition, node)
    if where is None:
        return None
    use = np.flatnonzero(~np.isnan(scores) & ~np.isnan(where.distance))
    if not use.size:
        return None
    far, low, high = max(float(where.distance[use].max()), 1.0), min(0.0, float(scores[use].min())), float(scores[use].max())
    high = max(high, low + 1e-9)

    def at_x(distance: float) -> float:
        return round(LEFT + (ACROSS - LEFT - 14.0) * distance / far, 1)

    def at_y(score: float) -> float:
        return round(UP - BELOW - (UP - BELOW - TITLE) * (score - low) / (high - low), 1)

    shade, _ = shades(scores)
    made = [Dot(edition.index.units[u], at_x(where.distance[u]), at_y(scores[u]), 4.2, int(shade[u])) for u in use.tolist()]
    found = edition.gradients.get(edition.last)
    slope = found.slope(node) if found is not None else None
    line = None
    if slope is not None and slope.line.slope == slope.line.slope:
        ends = [slope.line.intercept + slope.line.slope * distance / 100.0 for distance in (0.0, far)]
        line = (at_x(0.0), at_y(ends[0]), at_x(far), at_y(ends[1]))
    across = tuple((at_x(tick), f"{tick:g}") for tick in ticks(0.0, far))
    return Scatter(tuple(made), across, tuple((at_y(tick), f"{tick:g}") for tick in ticks(low, high)), line)


def small_map(edition: Edition, lang: str) -> tuple[list[Dot], Sheet | None]:
    """The dots of the first page's map and their sheet; none where nothing can be drawn."""
    return dots(edition, edition.code, lang, 10) if edition.mapped else ([], None)


def rows_of(edition: Edition, node: str, made: Sequence[Dot]) -> list[dict[str, Any]]:
    """The same as a table: rank, unit, score, distance, longitude and latitude of each dot."""
    index, where = edition.index, edition.places
    if where is None:
        return []
    place, t = index.framework.node(node).place, index.period(edition.last)
    found = []
    for dot in made:
        u = index.units.index(dot.unit)
        rank = index.ranks[u, t, place]
        numbers = {"score": float(index.scores[u, t, place]), "distance": float(where.distance[u])}
        found.append(
            {
                "unit": dot.unit,
                "rank": None if np.isnan(rank) else int(rank),
                **numbers,
                "lon": float(where.lon[u]),
                "lat": float(where.lat[u]),
            }
        )
    return found


def map_page(edition: Edition, lang: str, address: str, node: str) -> Content:
    """The map page of a node in a language."""
    made, on = dots(edition, node, lang)
    tongue: Language = "zh" if lang == "zh" else "en"
    found = edition.gradients.get(edition.last)
    answer = next((one for one in verdicts(found) if one.node == node), None) if found is not None else None
    return page(
        edition,
        lang,
        address,
        "map.html",
        here="map",
        node=node,
        maps=[(code, map_address(edition, lang, code)) for code in nodes(edition)],
        dots=made,
        said=said(edition, node, lang),
        known=edition.paged,
        sheet=on,
        **ground(edition, on, lang),
        live=live_address(address),
        drawing=drawing_address(address),
        legend=legend(edition, node, lang, any(dot.shade == 0 for dot in made)),
        rows=rows_of(edition, node, made),
        scatter=scatter(edition, node),
        frame=(ACROSS, UP, LEFT, BELOW),
        checks=[check.text(tongue) for check in answer.checks if check.code in ("slope", "coast")] if answer else [],
        answer=answer.text(tongue) if answer else "",
    )


def ground(edition: Edition, on: Sheet | None, lang: str) -> dict[str, Any]:
    """What a page with a map says of it: kind, lacking places, and the boundaries with number and credit where there are any."""
    base = edition.basemap if on is not None else None
    return {
        "kind": word("map_kind" if base is None else "map_with_boundaries", lang),
        "lacking": word("map_lacking", lang) if from_gazetteer(edition) else "",
        "land": base.on(on) if base is not None and on is not None else None,
        "credits": () if base is None else credits(base, lang),
    }


def drawing_address(address: str) -> str:
    """Where the map of a page stands as a picture.

    >>> drawing_address("zh/map-output.html")
    'zh/map-output.svg'
    """
    return address.removesuffix(".html") + ".svg"


def drawing(edition: Edition, lang: str, node: str) -> Content:
    """The map of a node or an indicator as a picture by itself, with its title and notes."""
    return Content.text(SVG, svg(charts.dot_map(edition, None, node, lang)))


def map_live(edition: Edition, lang: str, node: str) -> Content:
    """The script of a page with a map: the same map live, its dots leading to the units."""
    made = charts.dot_map(edition, None, node, lang, link=partial(city_address, edition), bare=True)
    return specs({"map": made})


def city_address(edition: Edition, unit: str, above: str = "") -> str:
    """Where a unit's page stands, seen from a page of the same language; empty for a unit that has none.

    A unit that is not shown has none.
    """
    return f"{above}city/{edition.slugs[unit]}.html" if unit in edition.paged else ""
