from __future__ import annotations

import numpy as np
import pytest

from tidu.indicators import shipped
from tidu.indicators.panel import STATUS, Panel


@pytest.fixture(scope="module")
def cities() -> Panel:
    return shipped.cities()


@pytest.fixture(scope="module")
def printed() -> Panel:
    return shipped.cities(corrected=False)


def test_the_cities_of_the_yearbook(cities: Panel) -> None:
    assert cities.periods == ("2020", "2021", "2022", "2023")
    assert len(cities.units) == sum(row["in_city_yearbook"] == "1" for row in shipped.table("gazetteer.csv"))
    assert list(cities.units) == sorted(cities.units)
    assert {"gdp", "inventions_granted", "patents_granted", "hei_students"} <= set(cities.columns)
    assert (cities.name("420100"), cities.name("420100", "en")) == ("武汉", "Wuhan")


@pytest.mark.parametrize(
    ("city", "year", "column", "value"),
    [("110000", "2020", "gdp", 36103), ("110000", "2020", "inventions_granted", 63266), ("110000", "2021", "hei_students", 616978)],
)
def test_figures_as_the_yearbook_prints_them(printed: Panel, city: str, year: str, column: str, value: float) -> None:
    assert printed.column(column)[printed.units.index(city), printed.periods.index(year)] == value


def test_universes_and_attributes(cities: Panel) -> None:
    assert len(cities.universe("key36")) == 36
    assert len(cities.universe("sub15")) == 15
    assert set(cities.universe("sub15")) < set(cities.universe("key36"))
    assert "420100" in cities.universe("province_zh=湖北省")
    assert set(cities.groups) == set(shipped.ATTRIBUTES)
    for members in cities.universes.values():
        assert set(members) <= set(cities.units)
        assert len(members) == len(set(members))


def test_corrections_touch_their_cells_and_no_others(cities: Panel, printed: Panel) -> None:
    decided = shipped.corrections()
    assert decided
    cells = {(item.city, item.year, item.column) for item in decided}
    cells |= {(item.city, item.year, str(item.other)) for item in decided if item.action == "swap"}
    same = (cities.values == printed.values) | (np.isnan(cities.values) & np.isnan(printed.values))
    changed = {
        (cities.units[u], cities.periods[t], cities.columns[k])
        for u, t, k in zip(*(part.tolist() for part in np.nonzero(~same)), strict=True)
    }
    assert changed <= cells
    lettered = cities.letters() != printed.letters()
    marked = {
        (cities.units[u], cities.periods[t], cities.columns[k])
        for u, t, k in zip(*(part.tolist() for part in np.nonzero(lettered)), strict=True)
    }
    assert marked <= cells


def test_every_correction_left_its_letter_its_reason_and_its_evidence(cities: Panel) -> None:
    letters = cities.letters()
    for item in shipped.corrections():
        at = (cities.units.index(item.city), cities.periods.index(item.year), cities.position(item.column))
        assert letters[at] == item.status
        assert np.isnan(cities.values[at]) == (item.action == "missing")
        assert item.reason["zh"] and item.reason["en"] and item.evidence


def test_letters_agree_with_what_is_seen(cities: Panel) -> None:
    letters = cities.letters()
    assert set(np.unique(letters)) <= set(STATUS)
    assert np.array_equal(np.isin(letters, ["O", "L", "M"]), np.isnan(cities.values))


def test_every_column_says_where_it_was_printed(cities: Panel) -> None:
    assert set(cities.lineage) == set(cities.columns)
    assert all(cities.lineage.values())


def test_every_shipped_file_is_described(cities: Panel) -> None:
    resources = {resource["path"]: resource for resource in shipped.package()["resources"]}
    described = {field["name"] for field in resources["cities.csv"]["schema"]["fields"]}
    assert described == {"adcode", "year", *cities.columns}
    for path, resource in resources.items():
        if path.endswith(".csv"):
            assert [field["name"] for field in resource["schema"]["fields"]] == list(shipped.table(path)[0])


def test_published_ranks_name_cities_of_the_gazetteer() -> None:
    known = {row["adcode"] for row in shipped.table("gazetteer.csv")}
    for row in shipped.table("published_ranks.csv"):
        if row["level"] == "city" and row["adcode"]:
            assert row["adcode"] in known
            assert int(row["rank"]) >= 1


def test_every_evidence_is_said_in_chinese() -> None:
    """Besides addresses no English word is left over."""
    import re

    from tidu.indicators.shipped import corrections, evidence

    for one in corrections():
        said = re.sub(r"[a-z0-9.]+\.(?:com|cn)[\w./#-]*", "", evidence(one.evidence, "zh"))
        assert not re.search(r"[A-Za-z]{2,}", said), said
        assert evidence(one.evidence, "en") == one.evidence
