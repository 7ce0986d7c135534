"""The page of science and technology clusters: those of an edition on a map and in a table, beside what is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from tidu.indicators.clustering import Clustering, published
from tidu.publish.edition import Edition
from tidu.publish.pages.files import csv
from tidu.publish.pages.render import Content, page
from tidu.publish.projection import Sheet, sheet

#: The map's width in its own units, its least and greatest height, the room around it, the radius of the largest cluster.
WIDTH, HEIGHTS, EDGE, LARGE = 680.0, (300.0, 760.0), 30.0, 22.0
#: How many clusters are named on the map, and how wide a Chinese letter of their names is.
NAMED, LETTER = 12, 16.0


@dataclass(frozen=True)
class Spot:
    """A cluster on the map: where, how large, what it is called, what is said of it; its name's place where there is room."""

    x: float
    y: float
    r: float
    name: str
    said: str
    at: tuple[float, float, str] | None = None


def rows(found: Clustering, lang: str) -> list[dict[str, object]]:
    """The clusters as rows: rank, name, points, count and share by metric, sum of shares, centre."""
    made: list[dict[str, object]] = []
    for one, name in zip(found.clusters, found.names, strict=True):
        row: dict[str, object] = {"rank": one.rank, "cluster": name[lang], "points": one.points}
        for metric in found.metrics:
            row |= {metric: one.counts[metric], f"{metric}_share": one.shares[metric]}
        made.append({**row, "sum_of_shares": one.total, "lon": round(one.lon, 4), "lat": round(one.lat, 4)})
    return made


def spots(edition: Edition, found: Clustering, lang: str) -> tuple[list[Spot], list[tuple[float, float]], Sheet | None]:
    """The clusters at their places, the edition's units around them as points for orientation, and their sheet."""
    if not found.clusters:
        return [], [], None
    lon, lat = (np.array([getattr(one, axis) for one in found.clusters]) for axis in ("lon", "lat"))
    where, over = edition.places, [(lon, lat)]
    if where is not None:
        known = ~np.isnan(where.lon)
        over.append((where.lon[known], where.lat[known]))
    on = sheet(over, WIDTH, HEIGHTS, EDGE)
    most = max(one.total for one in found.clusters) or 1.0
    made: list[Spot] = []
    taken: list[tuple[float, float, float, float]] = []
    for one, name, x, y in zip(found.clusters, found.names, *on.at(lon, lat), strict=True):
        size = round(4 + (LARGE - 4) * sqrt(one.total / most), 1)
        spot = Spot(round(float(x), 1), round(float(y), 1), size, name[lang], f"{one.rank} {name[lang]}: {one.total:.4f}")
        made.append(replace(spot, at=_room(spot, taken)) if one.rank <= NAMED else spot)
    around = [] if where is None else [(round(float(x), 1), round(float(y), 1)) for x, y in zip(*on.at(*over[1]), strict=True)]
    return made, around, on


def _room(spot: Spot, taken: list[tuple[float, float, float, float]]) -> tuple[float, float, str] | None:
    """Where the name of a cluster has room beside those that stand there: to its right, its left, above or below; or nowhere."""
    wide = sum(LETTER if ord(letter) > 0x2E80 else LETTER * 0.58 for letter in spot.name)
    ways = (
        (spot.x + spot.r + 4, spot.y + 5, "start", spot.x + spot.r + 4),
        (spot.x - spot.r - 4, spot.y + 5, "end", spot.x - spot.r - 4 - wide),
        (spot.x, spot.y - spot.r - 5, "middle", spot.x - wide / 2),
        (spot.x, spot.y + spot.r + LETTER, "middle", spot.x - wide / 2),
    )
    for x, y, anchor, left in ways:
        box = (left, y - LETTER, left + wide, y + 4)
        free = all(box[2] < one[0] or box[0] > one[2] or box[3] < one[1] or box[1] > one[3] for one in taken)
        if free and box[0] >= 0 and box[2] <= WIDTH:
            taken.append(box)
            return round(x, 1), round(y, 1), anchor
    return None


def clusters(edition: Edition, lang: str, address: str) -> Content:
    """The page of clusters in a language."""
    found = edition.clusters
    made, around, on = ([], [], None) if found is None else spots(edition, found, lang)
    return page(
        edition,
        lang,
        address,
        "clusters.html",
        here="clusters",
        found=found,
        rows=[] if found is None else rows(found, lang),
        spots=made,
        around=around,
        sheet=on,
        published=list(reversed(published())) if edition.shipped or found is not None else [],
    )


def clusters_file(edition: Edition) -> Content:
    """The clusters of an edition that has some as a table, named in both languages."""
    found = edition.clusters
    if found is None:
        return csv([])
    english = [name["en"] for name in found.names]
    return csv([{**row, "cluster_en": name} for row, name in zip(rows(found, "zh"), english, strict=True)])
