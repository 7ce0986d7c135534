from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.city import city, downwards


def test_a_city_finds_its_rank_and_range(cities: Edition) -> None:
    text = city(cities, "zh", "zh/city/330100.html", "330100").body.decode()
    assert "杭州" in text and "Hangzhou" in text and "方法区间" in text
    assert 'href="../../en/city/330100.html"' in text


def test_nodes_stand_under_their_parents(cities: Edition) -> None:
    order = downwards(cities, cities.code)
    assert order[0] == cities.code and set(order) == set(cities.index.nodes)
    assert order.index("output") < order.index("output_scale") < order.index("performance")


def test_a_unit_of_a_stranger_has_a_page(stranger: Edition) -> None:
    assert "x/1" in city(stranger, "en", "en/city/u0.html", "x/1").body.decode()
