"""A table of geocoded people as ranked clusters with names: read, clustered, merged by shared work, ranked, kept as a file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.indicators import shipped
from tidu.indicators.clusters import NOISE, Cluster, clusters, merged, ranked

#: Headings under which a table may give longitude and latitude, and the document that people share, in lower case.
LON = ("lon", "lng", "longitude", "经度")
LAT = ("lat", "latitude", "纬度")
DOCUMENT = ("document", "doc", "appno", "文献", "申请号")
#: Headings of the city of a point: six digits of GB/T 2260, or a name. Clusters are called by it.
CITY = ("city", "adcode", "城市", "行政区划代码")
#: Whom points stand for; applicants are not inventors and are never called so.
PEOPLE = ("inventors", "authors", "both", "applicants")
#: A city gives its name to a cluster by at least such a share of it.
PART = 0.1
#: People of one document are linked with so many that stand after them.
CHAIN = 8


@dataclass(frozen=True, eq=False)
class Points:
    """Geocoded people: longitude and latitude in degrees, what each counts by metric, the number of a shared document, a city."""

    lon: Array
    lat: Array
    metrics: Mapping[str, Array]
    document: NDArray[np.int64] | None = None
    city: NDArray[np.str_] | None = None


@dataclass(frozen=True)
class Clustering:
    """Ranked clusters, what each is called by language, and how they were made."""

    clusters: tuple[Cluster, ...]
    names: tuple[Mapping[str, str], ...]
    metrics: tuple[str, ...]
    people: str
    radius: float
    least: float
    within: float | None
    share: float
    points: int
    clustered: int
    merges: int
    source: str = ""

    def write(self, path: Path) -> Path:
        """The file it was written to, as JSON that :func:`read_clustering` reads."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def read_clustering(path: Path) -> Clustering:
    """The clusters in a file that :meth:`Clustering.write` wrote. Raises ``no_file`` and ``not_clusters``."""
    if not path.is_file():
        raise DataError("no_file", file=path.name, path=str(path))
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        found = [Cluster(**one) for one in made.pop("clusters")]
        names, metrics = tuple(made.pop("names")), tuple(made.pop("metrics"))
        return Clustering(clusters=tuple(found), names=names, metrics=metrics, **made)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError("not_clusters", file=path.name) from error


def read_points(path: Path) -> Points:
    """The points of a CSV or Parquet table: longitude, latitude, document and city where there are; every other column counts.

    Without another column every point counts one patent. Raises ``no_file``, ``no_data_column`` and ``bad_number`` with the row.
    """
    from tidu.engine import connect, named, quoted

    if not path.is_file():
        raise DataError("no_file", file=path.name, path=str(path))
    engine = connect()
    if path.suffix.lower() == ".parquet":
        table = f"read_parquet({quoted(str(path))})"
    else:
        table = f"read_csv({quoted(str(path))}, all_varchar = true, header = true, strict_mode = false)"
    headings = [str(row[0]) for row in engine.execute(f"describe select * from {table}").fetchall()]
    where = {}
    for key, known in (("lon", LON), ("lat", LAT)):
        where[key] = next((name for name in headings if name.strip().lower() in known), None)
        if where[key] is None:
            near = nearest(key, headings)
            raise DataError("no_data_column", file=path.name, column=key, key=key, known=listing(headings), did_you_mean=near)
    document, city = (next((name for name in headings if name.strip().lower() in known), None) for known in (DOCUMENT, CITY))
    counted = [name for name in headings if name not in (*where.values(), document, city)]
    numbers = [str(name) for name in (*where.values(), *counted)]
    cells = [f"try_cast({named(name)} as double)" for name in numbers]
    rows = f"(select *, row_number() over () as row_of_file from {table})"
    for name, cell in zip(numbers, cells, strict=True):
        wrong = engine.execute(f"select row_of_file, {named(name)} from {rows} where {cell} is null order by 1 limit 1").fetchone()
        if wrong is not None:
            raise DataError("bad_number", file=path.name, row=int(wrong[0]) + 1, column=name, value=str(wrong[1] or "—"))
    columns = [f"{cell} as c{at}" for at, cell in enumerate(cells)]
    columns += [f"dense_rank() over (order by cast({named(document)} as varchar)) as document"] if document else []
    columns += [f"coalesce(cast({named(city)} as varchar), '') as city"] if city else []
    found = engine.execute(f"select {', '.join(columns)} from {rows} order by row_of_file").fetchnumpy()
    lon, lat, *counts = (np.asarray(found[f"c{at}"], dtype=float) for at in range(len(numbers)))
    metrics = dict(zip(counted, counts, strict=True)) or {"patents": np.ones(len(lon))}
    shared = np.asarray(found["document"], dtype=np.int64) if document else None
    return Points(lon, lat, metrics, shared, np.asarray(found["city"], dtype=str) if city else None)


def clustering(
    points: Points,
    *,
    radius: float,
    least: float,
    people: str,
    within: float | None = None,
    share: float = 0.1,
    source: str = "",
) -> Clustering:
    """The clusters of points, merged with neighbours that work together where documents are given and ``within`` is.

    Args:
        points: who stands where.
        radius: kilometres within which neighbours count.
        least: the weight (of the sum of all metrics) that makes a core.
        people: whom points stand for, one of :data:`PEOPLE`.
        within: kilometres between two clusters that may be merged; none are when left out.
        share: the least share of links of the one with fewer.
        source: where the points come from, in words.

    Raises ``unknown_people`` and ``cluster_input``.

    >>> lon, cities = np.array([116.4, 116.41, 116.42, 90.0]), np.array(["110000", "110000", "110000", ""])
    >>> here = Points(lon, np.full(4, 39.9), {"patents": np.ones(4)}, city=cities)
    >>> made = clustering(here, radius=5.0, least=3, people="applicants")
    >>> made.names[0]["en"], made.clusters[0].points, made.clustered
    ('Beijing', 3, 3)
    """
    if people not in PEOPLE:
        raise UsageError("unknown_people", name=people, known=listing(PEOPLE), did_you_mean=nearest(people, PEOPLE))
    weight = np.sum(list(points.metrics.values()), axis=0)
    label = clusters(points.lon, points.lat, weight, radius=radius, least=least)
    before = int(label.max(initial=NOISE)) + 1
    if within is not None and points.document is not None:
        label = merged(label, points.lon, points.lat, _links(points.document, label), within=within, share=share, weight=weight)
    after = int(label.max(initial=NOISE)) + 1
    found = ranked(label, points.lon, points.lat, points.metrics)
    names = _names(points, label, found)
    inside = int((label >= 0).sum())
    return Clustering(
        found, names, tuple(points.metrics), people, radius, least, within, share, len(label), inside, before - after, source
    )


def published() -> tuple[dict[str, Any], ...]:
    """What is published of the world's list: edition, source, clusters of China in the first hundred, order by name.

    >>> [(one["edition"], one["order"][0]["en"]) for one in published()]
    [('2024', 'Tokyo–Yokohama'), ('2025', 'Shenzhen–Hong Kong–Guangzhou')]
    """
    return tuple(_data()["published"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("tidu.data").joinpath("clusters.toml").read_text(encoding="utf-8"))


def _links(document: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of people of one document, each with the next few in the order of clusters."""
    order = np.lexsort((label, document))
    sorted_ = document[order]
    pairs = []
    for step in range(1, CHAIN + 1):
        same = np.flatnonzero(sorted_[step:] == sorted_[:-step])
        if not same.size:
            break
        pairs.append(np.column_stack([order[same], order[same + step]]))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)


def _names(points: Points, label: NDArray[np.int64], found: tuple[Cluster, ...]) -> tuple[Mapping[str, str], ...]:
    """What each cluster is called: up to three cities of its points, by their share of them; its centre where none is known."""
    made: list[Mapping[str, str]] = []
    for one in found:
        where = f"{abs(one.lat):.1f}°{'N' if one.lat >= 0 else 'S'} {abs(one.lon):.1f}°{'E' if one.lon >= 0 else 'W'}"
        name = {"zh": where, "en": where}
        if points.city is not None:
            inside = label == one.label
            weight = np.sum([values[inside] for values in points.metrics.values()], axis=0)
            cities, place = np.unique(points.city[inside], return_inverse=True)
            parts = np.bincount(place.reshape(-1), weight) / max(float(weight.sum()), 1e-300)
            first = [str(cities[at]) for at in np.argsort(-parts, kind="stable")[:3] if parts[at] >= PART and cities[at]]
            if first:
                name = {lang: join.join(_city(city, lang) for city in first) for lang, join in (("zh", "—"), ("en", "–"))}
        made.append(name)
    return tuple(made)


def _city(city: str, lang: str) -> str:
    """A city's name: the gazetteer's where it is six digits of GB/T 2260, else as printed."""
    row = _gazetteer().get(city)
    return city if row is None else row["name_short_zh" if lang == "zh" else "name_en"].removesuffix(", China")


@cache
def _gazetteer() -> dict[str, dict[str, str]]:
    return {row["adcode"]: row for row in shipped.table("gazetteer.csv")}
