"""Where units are: from the figures first, else from the gazetteer by code, else an error that tells the way in."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import DataError, UsageError
from tidu.diagnosis.geography.places import attribute_of, coastal_by_nature, places
from tidu.index.framework import Framework
from tidu.indicators import shipped
from tidu.indicators.panel import Panel

HEAD = '[index]\ncode="d"\n'


def panel(units: list[str], columns: dict[str, list[float]], **groups: tuple[str, ...]) -> Panel:
    values = np.array(list(columns.values())).T[:, None, :] if columns else np.empty((len(units), 1, 0))
    return Panel.of(units, ["2023"], list(columns), values, groups=groups)


def test_the_gazetteer_places_every_shipped_city() -> None:
    found = places(shipped.cities())
    assert not np.isnan([found.distance, found.lon, found.lat]).any()
    assert set(found.sources.values()) == {"gazetteer", "data"} and found.sources["lon"] == "gazetteer"
    assert found.labels["region4"]["东部"] == "East" and set(found.values("coastal")) == {"0", "1"}
    assert found.values("coastal")[0] == "1"


def test_own_columns_come_before_the_gazetteer() -> None:
    found = places(panel(["110000", "310000"], {"distance_to_coast_km": [7, 8]}, region4=("x", "y")))
    assert found.distance.tolist() == [7, 8] and found.groups["region4"] == ("x", "y")
    assert found.sources == {
        "distance_to_coast_km": "data",
        "lon": "gazetteer",
        "lat": "gazetteer",
        "region4": "data",
        "region7": "gazetteer",
        "coastal": "gazetteer",
    }


def test_units_that_nobody_knows_have_no_place() -> None:
    found = places(panel(["110000", "county"], {"a": [1, 2]}))
    assert np.isnan(found.distance).tolist() == [False, True] and found.groups["region4"] == ("东部", "")
    with pytest.raises(DataError) as caught:
        places(panel(["one", "two"], {"a": [1, 2]}))
    assert caught.value.code == "no_places" and caught.value.column == "distance_to_coast_km"
    for lang in ("zh", "en"):
        assert "lon" in caught.value.text(lang) and "region4" in caught.value.text(lang)


def test_a_flag_written_as_a_number_is_an_attribute() -> None:
    found = places(panel(["a", "b", "c"], {"distance_to_coast_km": [900, 1, np.nan], "coastal": [0, 1, np.nan]}))
    assert found.groups == {"coastal": ("0", "1", "")} and found.values("coastal") == ("1", "0")


@pytest.mark.parametrize(("lon", "lat"), [("lon", "lat"), ("Longitude", "Latitude"), ("经度", "纬度"), ("lng", "lat")])
def test_other_headings_of_a_place_are_known(lon: str, lat: str) -> None:
    found = places(panel(["a", "b"], {"distance_to_coast_km": [900, 1], lon: [100.5, 120.25], lat: [30.0, 31.5]}))
    assert (found.lon.tolist(), found.lat.tolist()) == ([100.5, 120.25], [30.0, 31.5])
    assert found.sources == {"distance_to_coast_km": "data", "lon": "data", "lat": "data"}


def test_the_first_figure_seen_is_the_place() -> None:
    values = np.array([[[np.nan], [5.0]], [[3.0], [3.0]]])
    found = places(Panel.of(["a", "b"], ["2022", "2023"], ["distance_to_coast_km"], values))
    assert found.distance.tolist() == [5, 3]


def test_an_unknown_attribute_is_guessed() -> None:
    assert attribute_of(shipped.cities(), "province") == "province"
    with pytest.raises(UsageError) as caught:
        attribute_of(shipped.cities(), "regin4")
    assert caught.value.code == "unknown_group" and caught.value.did_you_mean == "region4"


def test_what_is_made_of_trade_is_coastal_and_what_is_divided_by_it_is_not() -> None:
    text = HEAD + (
        '[column.trade]\nsum=["imports", "gdp"]\n[column.openness]\nratio=["trade", "gdp"]\n'
        '[column.thrift]\nratio=["gdp", "exports"]\n'
        '[indicator.openness]\nbetter="higher"\n[indicator.thrift]\nbetter="higher"\n'
        '[indicator.e]\nof="exports"\nper="gdp"\nbetter="higher"\n[indicator.g]\nof="gdp"\nper="exports"\nbetter="higher"'
    )
    assert coastal_by_nature(Framework.parse(text)) == ("openness", "e")
