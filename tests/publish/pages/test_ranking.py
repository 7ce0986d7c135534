from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.ranking import WIDTH, bars, ranking, ranking_address, table


def test_a_bar_holds_its_rank(cities: Edition) -> None:
    for place in bars(cities, "2023").values():
        assert 0 <= place["low"] <= WIDTH and 0 <= place["at"] <= WIDTH and place["low"] + place["width"] <= WIDTH + 1


def test_rows_carry_what_a_reader_filters_by(cities: Edition) -> None:
    first = table(cities, "2023", "en")[0]
    assert first["region"] == "East" and "key36" in first["inside"].split() and "beijing" in first["find"]


def test_every_year_has_its_page(cities: Edition, stranger: Edition) -> None:
    assert ranking_address(cities, "zh", "2023") == "zh/ranking.html"
    assert ranking_address(cities, "zh", "2021") == "zh/ranking-2021.html"
    assert "Ranking 2021" in ranking(cities, "en", "en/ranking-2021.html", "2021").body.decode()
    assert "x/1" in ranking(stranger, "zh", "zh/ranking.html", "2023").body.decode()
