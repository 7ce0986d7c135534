from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.home import home


def test_the_first_page_says_what_it_is_and_how_sure(cities: Edition) -> None:
    text = home(cities, "zh", "zh/index.html").body.decode()
    assert cities.title("zh") in text and "北京" in text and "方法区间" in text and cities.hash[:16] in text
    assert "Beijing" in home(cities, "en", "en/index.html").body.decode()


def test_it_stands_for_a_stranger_too(stranger: Edition) -> None:
    assert "Demo (synthetic)" in home(stranger, "en", "en/index.html").body.decode()
