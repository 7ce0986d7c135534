from __future__ import annotations

from tidu import app
from tidu.publish.edition import Edition
from tidu.publish.pages.home import home


def test_the_first_page_says_what_it_is_and_how_sure(cities: Edition) -> None:
    text = home(cities, "zh", "zh/index.html").body.decode()
    assert cities.title("zh") in text and "北京" in text and "方法区间" in text and cities.hash[:16] in text
    assert "Beijing" in home(cities, "en", "en/index.html").body.decode()


def test_it_stands_for_a_stranger_too(stranger: Edition) -> None:
    assert "Demo (synthetic)" in home(stranger, "en", "en/index.html").body.decode()


def test_the_map_stands_beside_the_table_where_there_are_places(cities: Edition, coastal: Edition, stranger: Edition) -> None:
    text = home(cities, "zh", "zh/index.html").body.decode()
    assert "点位分布图（未表示国界和领土范围）" in text and 'href="../zh/map.html"' in text and "2020" in text
    assert 'role="img"' in home(coastal, "en", "en/index.html").body.decode()
    assert "map.html" not in home(stranger, "en", "en/index.html").body.decode()


def test_an_index_of_classes_has_a_first_page() -> None:
    banded = Edition(app.make("city-ip-core", changes=["index.display=bands"]), None)
    assert "北京" in home(banded, "zh", "zh/index.html").body.decode()
