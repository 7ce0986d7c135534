"""The map: a dot for each unit at its longitude and latitude, without outline or boundary, beside its score by distance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any

import numpy as np

from tidu.core.errors import Language
from tidu.core.stats import Array
from tidu.diagnosis.geography.places import LON
from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish.edition import Edition
from tidu.publish.pages.render import Content, page, text

#: The map's width in its own units, its least and greatest height, the room around its dots, radii of the least and largest.
WIDTH, LOW, HIGH, EDGE, SMALL, LARGE = 680.0, 380.0, 760.0, 26.0, 3.0, 14.0
#: Classes of equal count by which dots are coloured, and how many units are named on the map where there is room.
SHADES, NAMED = 5, 14
#: The scatter's size in its own units and where its axes stand.
ACROSS, UP, LEFT, BELOW, TITLE = 480.0, 400.0, 40.0, 44.0, 26.0


@dataclass(frozen=True)
class Dot:
    """A unit on the map or in the scatter: where, how large, its shade (0 = not scored), its name's place and direction."""

    unit: str
    x: float
    y: float
    r: float
    shade: int
    named: tuple[float, float, str] | None = None


@dataclass(frozen=True)
class Scatter:
    """Scores by distance to the coast: dots, ticks (place and label) of both axes, and the fitted line's ends."""

    dots: tuple[Dot, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    line: tuple[float, float, float, float] | None


def albers(lon: Array, lat: Array, parallels: tuple[float, float], centre: tuple[float, float]) -> tuple[Array, Array]:
    """East and north on a plane in radii of the sphere: Albers' equal-area conic, angles in degrees, centre (lon, lat).

    Source: Snyder 1987, Map Projections – A Working Manual, USGS Professional Paper 1395, section 14; the numbers below are
    his example on the sphere.

    >>> x, y = albers(np.array([-75.0]), np.array([35.0]), (29.5, 45.5), (-96.0, 23.0))
    >>> round(x.item(), 7), round(y.item(), 7)
    (0.295272, 0.2416774)
    """
    (one, two), (middle, origin) = np.radians(parallels), np.radians(centre)
    n = (np.sin(one) + np.sin(two)) / 2.0
    c = np.cos(one) ** 2 + 2.0 * n * np.sin(one)
    away, phi = n * (np.radians(lon) - middle), np.radians(lat)
    rho, rho0 = np.sqrt(c - 2.0 * n * np.sin(phi)) / n, np.sqrt(c - 2.0 * n * np.sin(origin)) / n
    return rho * np.sin(away), rho0 - rho * np.cos(away)


def project(lon: Array, lat: Array) -> tuple[Array, Array]:
    """East and north of points on a plane fitted to them: :func:`albers`, or plain degrees about the equator.

    The standard parallels stand a sixth inside the range of latitudes.

    >>> x, y = project(np.array([100.0, 110.0]), np.array([30.0, 30.0]))
    >>> bool(abs(x[0] + x[1]) < 1e-12), bool(y[0] == y[1])
    (True, True)
    """
    low, high = float(np.nanmin(lat)), float(np.nanmax(lat))
    middle, origin = (float(np.nanmin(lon)) + float(np.nanmax(lon))) / 2.0, (low + high) / 2.0
    parallels = (low + (high - low) / 6.0, high - (high - low) / 6.0)
    if abs(np.sin(np.radians(parallels)).mean()) < 0.1:
        return np.radians(lon - middle) * np.cos(np.radians(origin)), np.radians(lat - origin)
    return albers(lon, lat, parallels, (middle, origin))


def shades(scores: Array) -> tuple[Array, list[float]]:
    """The class 1 … :data:`SHADES` of each score by quantile, 0 where missing, and the limits of the classes.

    >>> classes, limits = shades(np.array([1.0, 2, 3, 4, 5, np.nan]))
    >>> classes.astype(int).tolist(), [round(limit, 2) for limit in limits]
    ([1, 2, 3, 4, 5, 0], [1.0, 1.8, 2.6, 3.4, 4.2, 5.0])
    """
    seen = ~np.isnan(scores)
    limits = np.quantile(scores[seen], np.linspace(0.0, 1.0, SHADES + 1)) if seen.any() else np.zeros(SHADES + 1)
    place = np.clip(np.searchsorted(limits[1:-1], np.where(seen, scores, 0.0), side="right") + 1, 1, SHADES)
    return np.where(seen, place, 0), limits.tolist()


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


def scores_of(edition: Edition, node: str) -> Array:
    """The scores of a node in the last period in the order of units, missing for those that are not shown."""
    index = edition.index
    found: Array = np.where(index.shown, index.scores[:, index.period(edition.last), index.framework.node(node).place], np.nan)
    return found


def dots(edition: Edition, node: str, lang: str, named: int = NAMED) -> tuple[list[Dot], float]:
    """The shown units as dots, the largest first, so that small ones lie on top, and the map's height.

    Area goes with the score. Units that are not scored in the last period are there too, small and of shade 0.
    """
    where, scores = edition.places, scores_of(edition, node)
    if where is None:
        return [], LOW
    use = np.flatnonzero(edition.index.shown & ~np.isnan(where.lon) & ~np.isnan(where.lat))
    x, y = project(where.lon[use], where.lat[use])
    wide, tall = max(float(np.ptp(x)), 1e-9), max(float(np.ptp(y)), 1e-9)
    height = round(min(max((WIDTH - 2 * EDGE) * tall / wide + 2 * EDGE, LOW), HIGH))
    fit = min((WIDTH - 2 * EDGE) / wide, (height - 2 * EDGE) / tall)
    px = WIDTH / 2 + (x - (x.min() + x.max()) / 2) * fit
    py = height / 2 - (y - (y.min() + y.max()) / 2) * fit
    shade, _ = shades(scores[use])
    low, high = (np.nanmin(scores), np.nanmax(scores)) if (shade > 0).any() else (0.0, 1.0)
    share = np.clip((scores[use] - low) / max(high - low, 1e-12), 0.0, 1.0)
    r = np.where(shade > 0, np.sqrt(SMALL**2 + (LARGE**2 - SMALL**2) * np.nan_to_num(share)), SMALL * 0.8)
    order = np.lexsort((use, -np.nan_to_num(scores[use], nan=-np.inf)))
    placed: dict[int, tuple[float, float, str]] = {}
    taken: list[tuple[float, float, float, float]] = []
    for k in order[:named].tolist():
        if shade[k]:
            found = _name_place(edition.name(edition.index.units[use[k]], lang), px[k], py[k], r[k], height, taken)
            if found is not None:
                placed[k] = found
    made = []
    for k in order.tolist():
        at = (round(float(px[k]), 1), round(float(py[k]), 1), round(float(r[k]), 1))
        made.append(Dot(edition.index.units[use[k]], *at, int(shade[k]), placed.get(k)))
    return made, height


def _name_place(
    name: str, x: float, y: float, r: float, height: float, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float, str] | None:
    """Where a name fits beside a dot: right, left, below, above; nothing where all are taken."""
    width = sum(14.0 if ord(letter) > 0x2E7F else 7.6 for letter in name)
    choices = ((x + r + 3, y + 5, "start"), (x - r - 3, y + 5, "end"), (x, y + r + 14, "middle"), (x, y - r - 4, "middle"))
    for at, base, anchor in choices:
        left = at - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
        box = (left, base - 13.0, left + width, base + 3.0)
        inside = box[0] >= 2 and box[2] <= WIDTH - 2 and box[1] >= 2 and box[3] <= height - 2
        if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken += [box, (x - r, y - r, x + r, y + r)]
            return round(float(at), 1), round(float(base), 1), anchor
    return None


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


def said(edition: Edition, node: str, lang: str) -> dict[str, str]:
    """Unit → what a dot says: name, rank with its range, score; of a unit without a score that it has none."""
    index, found = edition.index, {}
    place, t = index.framework.node(node).place, index.period(edition.last)
    rows = {row["unit"]: row for row in edition.ranking()}
    for u, unit in enumerate(index.units):
        score, rank = index.scores[u, t, place], index.ranks[u, t, place]
        name = edition.name(unit, lang)
        if np.isnan(rank):
            found[unit] = text("dot_unscored", lang, name=name)
        elif node == edition.code and rows[unit].get("best") is not None:
            low, high = int(np.floor(rows[unit]["best"])), int(np.ceil(rows[unit]["worst"]))
            found[unit] = text("dot_with_range", lang, name=name, rank=int(rank), low=low, high=high, score=f"{score:.1f}")
        else:
            found[unit] = text("dot_is", lang, name=name, rank=int(rank), score=f"{score:.1f}")
    return found


def small_map(edition: Edition, lang: str) -> tuple[list[Dot], float]:
    """The dots of the first page's map and its height; none where nothing can be drawn."""
    return dots(edition, edition.code, lang, 10) if edition.mapped else ([], LOW)


def legend(edition: Edition, node: str, unscored: bool) -> list[tuple[int, float, float]]:
    """The shades on a map with the scores that they span, the highest first; shade 0 where a dot has no score."""
    limits = shades(scores_of(edition, node))[1]
    found = [(shade, limits[shade - 1], limits[shade]) for shade in range(SHADES, 0, -1)]
    return [*found, (0, float("nan"), float("nan"))] if unscored else found


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


def dot_map(edition: Edition, lang: str, address: str, node: str) -> Content:
    """The map page of a node in a language."""
    made, height = dots(edition, node, lang)
    tongue: Language = "zh" if lang == "zh" else "en"
    found = edition.gradients.get(edition.last)
    answer = next((one for one in verdicts(found) if one.node == node), None) if found is not None else None
    where = edition.places
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
        size=(WIDTH, height),
        legend=legend(edition, node, any(dot.shade == 0 for dot in made)),
        rows=rows_of(edition, node, made),
        scatter=scatter(edition, node),
        frame=(ACROSS, UP, LEFT, BELOW),
        checks=[check.text(tongue) for check in answer.checks if check.code in ("slope", "coast")] if answer else [],
        answer=answer.text(tongue) if answer else "",
        shipped_points=where is not None and where.sources.get(LON) == "gazetteer",
    )
