"""A unit is found by code, characters, official name, pinyin with and without ü, initials and province."""

from __future__ import annotations

import pytest

from tidu.indicators.shipped import cities
from tidu.publish.finding import alike, among, find_words, pinyin, plain


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("330100", ["330100", "杭州", "杭州市", "hangzhou", "hz", "@浙江省"]),
        ("230100", ["哈尔滨", "haerbin", "harbin"]),
        ("150100", ["呼和浩特市", "huhehaote"]),
        ("650100", ["wulumuqi"]),
        ("540100", ["lasa", "lhasa"]),
        ("141100", ["lvliang", "luliang"]),
        ("610100", ["西安", "xian"]),
        ("500000", ["重庆市"]),
    ],
)
def test_what_people_type_finds_the_city(unit: str, typed: list[str]) -> None:
    words = find_words(cities(), unit).split()
    assert set(typed) <= set(words)


def test_apostrophes_marks_and_full_width_fall_away() -> None:
    assert plain("Xi'an") == plain("XI’AN") == plain("ｘｉａｎ") == "xian"
    assert pinyin("Paris") == [] and "lvliang" in pinyin("吕梁")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_city_is_found_by_the_name_that_pages_print(lang: str) -> None:
    panel = cities()
    words = [find_words(panel, unit) for unit in panel.units]
    assert [among(words, panel.name(unit, lang)) for unit in panel.units] == [[at] for at in range(len(panel.units))]
    assert len(among(words, "Suzhou")) == 2


@pytest.mark.parametrize(("typed", "unit"), [("Quzhuo", "330800"), ("Zhangjakou", "130700"), ("harbn", "230100")])
def test_a_name_spelt_nearly_right_is_offered(typed: str, unit: str) -> None:
    panel = cities()
    words = [find_words(panel, one) for one in panel.units]
    assert among(words, typed) == [] and unit in [panel.units[at] for at in alike(words, typed)]
    assert alike(words, "qz") == [] and [panel.units[at] for at in among(words, "ningbo shi")] == ["330200"]
