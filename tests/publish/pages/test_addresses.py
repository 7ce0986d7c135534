"""One table of addresses: both languages, every scored unit, files that read back."""

from __future__ import annotations

import csv
import io
import json

from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses


def test_both_languages_have_the_same_pages(cities: Edition) -> None:
    table = addresses(cities)
    zh = {address[3:] for address in table if address.startswith("zh/")}
    assert zh == {address[3:] for address in table if address.startswith("en/")}
    assert {f"city/{unit}.html" for unit in cities.units} <= zh


def test_the_ranking_reads_back(cities: Edition) -> None:
    table = addresses(cities)
    rows = list(csv.DictReader(io.StringIO(table["data/ranking-2023.csv"]().body.decode("utf-8-sig"))))
    assert rows[0]["unit"] == "110000" and len(rows) == len(cities.ranking())
    assert json.loads(table["data/ranking-2023.json"]().body)[0]["rank"] == 1


def test_pages_of_places_are_there_only_with_places(cities: Edition, coastal: Edition, stranger: Edition) -> None:
    placed = {"en/map.html", "en/gradient.html"}
    assert placed <= set(addresses(cities)) and placed <= set(addresses(coastal)) and not placed & set(addresses(stranger))
    assert {"en/map-p.html", "en/map-q.html"} <= set(addresses(coastal))
    assert {"zh/audit.html", "zh/data.html"} <= set(addresses(stranger))
