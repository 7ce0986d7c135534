"""Where units are: longitude, latitude, distance to the coast, belts and regions, from the figures or the gazetteer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.index.framework import Framework
from tidu.index.spec import FORMULAS
from tidu.indicators import shipped
from tidu.indicators.panel import Panel

#: The names under which a table of figures, or else the gazetteer, says where a unit is.
DISTANCE, LON, LAT = "distance_to_coast_km", "lon", "lat"
#: The attributes by which units are grouped: belts, regions, on the coast (1) or not (0).
BELT, REGION, COAST = "region4", "region7", "coastal"


@cache
def choices() -> dict[str, Any]:
    """What the test of the gradient takes as given and the sentences it answers with, from ``data/gradient.toml``.

    >>> choices()["coastal"]["columns"]
    ['imports', 'exports']
    """
    return tomllib.loads(resources.files("tidu.data").joinpath("gradient.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, eq=False)
class Places:
    """Where units are, in their order: degrees, km to the coast, one label a unit and attribute; missing is NaN or empty.

    ``labels`` is attribute → value → English name; ``sources`` is attribute → ``data`` or ``gazetteer``.
    """

    units: tuple[str, ...]
    distance: Array
    lon: Array
    lat: Array
    groups: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str]

    def values(self, attribute: str) -> tuple[str, ...]:
        """The values of an attribute, those nearest to the coast on average first; of one distance by name.

        >>> places(shipped.cities()).values("region4")
        ('东部', '东北', '中部', '西部')
        """
        label = np.asarray(self.groups.get(attribute, ()))
        seen = ~np.isnan(self.distance)
        found = []
        for value in dict.fromkeys(label.tolist()):
            inside = (label == value) & seen if value else np.zeros(seen.shape, dtype=bool)
            if inside.any():
                found.append((float(self.distance[inside].mean()), value))
        return tuple(value for _, value in sorted(found))


def places(panel: Panel, attributes: Sequence[str] = (BELT, REGION, COAST)) -> Places:
    """Where the units of a panel are: as its own columns and attributes say, else the shipped gazetteer by unit code.

    The columns are ``distance_to_coast_km``, ``lon`` and ``lat`` or what else ``data/gradient.toml`` calls them, attributes go by
    their own names. The gazetteer knows the
    six-digit codes of Chinese cities. Raises ``no_places`` when neither gives a distance to the coast.

    >>> found = places(shipped.cities())
    >>> found.distance[0].item(), found.sources["distance_to_coast_km"]
    (160.0, 'gazetteer')
    """
    known = {row["adcode"]: row for row in shipped.table("gazetteer.csv")}
    rows = [known.get(unit, {}) for unit in panel.units]
    sources: dict[str, str] = {}
    numbers = {name: _numbers(panel, name, rows, sources) for name in (DISTANCE, LON, LAT)}
    if np.isnan(numbers[DISTANCE]).all():
        raise DataError("no_places", column=DISTANCE, units=len(panel.units))
    groups, labels = {}, {}
    for name in attributes:
        texts = _texts(panel, name, rows, sources)
        if any(texts):
            groups[name] = texts
            english = _texts(panel, f"{name}_en", rows, {})
            labels[name] = {text: other for text, other in zip(texts, english, strict=True) if text and other}
    return Places(panel.units, numbers[DISTANCE], numbers[LON], numbers[LAT], groups, labels, sources)


def attribute_of(panel: Panel, name: str, address: str = "") -> str:
    """The name itself where it is an attribute of a panel or of the gazetteer. Raises ``unknown_group``."""
    known = sorted({*panel.groups, *shipped.ATTRIBUTES} | ({COAST} & set(panel.columns)))
    if name not in known:
        raise UsageError("unknown_group", address=address, name=name, known=listing(known, 20), did_you_mean=nearest(name, known))
    return name


def coastal_by_nature(framework: Framework) -> tuple[str, ...]:
    r"""The indicators whose figure is made of a column that is coastal by nature (``data/gradient.toml``).

    A denominator does not count.

    >>> text = '[index]\ncode="d"\n[indicator.exports]\nbetter="higher"\n[indicator.b]\nbetter="higher"\nof="sales"\nper="exports"'
    >>> coastal_by_nature(Framework.parse(text))
    ('exports',)
    """
    columns = set(choices()["coastal"]["columns"])
    found = []
    for leaf in framework.leaves:
        queue, seen = [framework.table.indicator[leaf].of or leaf], set()
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += _made_of(framework, name)
        if seen & columns:
            found.append(leaf)
    return tuple(found)


def _made_of(framework: Framework, column: str) -> list[str]:
    """The columns that a derived column is made of, its denominator left out; none for a printed one."""
    item = framework.table.column.get(column)
    for kind in FORMULAS if item is not None else ():
        found = getattr(item, kind)
        if found is not None:
            names = [found] if isinstance(found, str) else list(found)
            return names[:1] if kind in ("ratio", "share") else names
    return []


def _numbers(panel: Panel, name: str, rows: Sequence[Mapping[str, str]], sources: dict[str, str]) -> Array:
    """A number for each unit: the first one seen in the panel's column, else the gazetteer's."""
    heading = _heading(panel, name)
    if heading is not None:
        column = panel.column(heading)
        seen = ~np.isnan(column)
        if seen.any():
            sources[name] = "data"
            first = column[np.arange(len(panel.units)), seen.argmax(axis=1)]
            return np.where(seen.any(axis=1), first, np.nan)
    found = np.array([float(row.get(name) or "nan") for row in rows])
    if not np.isnan(found).all():
        sources[name] = "gazetteer"
    return found


def _heading(panel: Panel, name: str) -> str | None:
    """The panel's column of a name, or of another way of writing it (``data/gradient.toml``)."""
    ways = [name, *choices()["headings"].get(name, ())]
    return next((column for way in ways for column in panel.columns if column.lower() == way), None)


def _texts(panel: Panel, name: str, rows: Sequence[Mapping[str, str]], sources: dict[str, str]) -> tuple[str, ...]:
    """A text for each unit: the panel's attribute, its column where the attribute is written as a number, else the gazetteer's."""
    if name in panel.groups and any(panel.groups[name]):
        sources[name] = "data"
        return panel.groups[name]
    if name in panel.columns:
        sources[name] = "data"
        figures = _numbers(panel, name, rows, {})
        return tuple("" if np.isnan(value) else f"{value:g}" for value in figures)
    column = shipped.ATTRIBUTES.get(name, name)
    found = tuple(row.get(column, "") for row in rows)
    if any(found):
        sources[name] = "gazetteer"
    return found
