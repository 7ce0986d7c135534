from __future__ import annotations

import re

from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.data import bibtex, citation, data


def test_every_year_is_offered(cities: Edition) -> None:
    text = data(cities, "en", "en/data.html").body.decode()
    assert all(f"../data/ranking-{year}.csv" in text for year in cities.index.periods)


def test_every_file_of_the_edition_is_offered(cities: Edition) -> None:
    text = data(cities, "zh", "zh/data.html").body.decode()
    for address in addresses(cities):
        if address.startswith(("data/", "city/")) and not address.endswith(".js"):
            assert f'href="../{address}"' in text, address


def test_it_is_said_how_to_cite_and_to_rerun(cities: Edition, stranger: Edition) -> None:
    text = data(cities, "en", "en/data.html").body.decode()
    assert citation(cities, "en") in text and cities.hash in text and "tidu build index.toml --data data.csv" in text
    assert "中国城市统计年鉴" in citation(cities, "zh") and cities.hash[:12] in citation(cities, "zh")
    assert "Tidu authors" not in citation(stranger, "en") and "author" not in bibtex(stranger)
    assert "Apache-2.0" in data(stranger, "en", "en/data.html").body.decode()


def test_one_mark_names_the_edition_everywhere(cities: Edition) -> None:
    table = addresses(cities)
    for address in ("en/index.html", "zh/data.html", "en/city/330800.html"):
        marks = set(re.findall(rf">({cities.hash[:6]}[0-9a-f]*)<", table[address]().body.decode()))
        assert cities.mark in marks and marks <= {cities.mark, cities.hash}, address
    assert f"@misc{{tidu-{cities.code}-{cities.mark}," in bibtex(cities) and f"date = {{{cities.day}}}" in bibtex(cities)
    assert str(cities.day) in citation(cities, "zh")
