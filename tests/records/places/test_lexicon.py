"""Words of addresses by their meaning in a year."""

from __future__ import annotations

from tidu.records.places.lexicon import lexicon, province_of


def senses(word: str, year: int) -> list[tuple[str, bool]]:
    return [(one.unit, one.stands) for one in lexicon().senses(word, year)]


def test_a_name_means_what_stood_in_the_year() -> None:
    assert senses("铜仁市", 2008)[0] == ("522200", True)  # county-level city of the area
    assert not any(stands for _, stands in senses("铜仁市", 2008)[1:])
    assert ("520600", True) in senses("铜仁市", 2017)  # prefecture-level city since 2011
    assert senses("襄樊市", 2016) == [("420600", False)]  # renamed in 2010
    assert {unit for unit, stands in senses("鼓楼区", 2018) if stands} == {"320100", "320300", "350100", "410200"}


def test_a_zone_has_the_city_that_ran_it_then() -> None:
    assert senses("西咸新区", 2016) == [("610400", True)]
    assert senses("西咸新区", 2017) == [("610100", True)]
    assert senses("深汕特别合作区", 2017) == [("441500", True)]
    assert senses("深汕特别合作区", 2018) == [("440300", True)]
    assert [unit for unit, _ in senses("贵安新区", 2019)] == ["520100", "520400"]


def test_words_are_found_from_the_left_the_longest_first() -> None:
    def found(text: str) -> list[tuple[str, str]]:
        return [(one.text, one.kind) for one in lexicon().words(text)]

    assert found("江苏海安县") == [("江苏", "short"), ("海安县", "full")]
    assert found("湖北省恩施州来凤县") == [("湖北省", "full"), ("恩施州", "full"), ("来凤县", "full")]
    assert found("中山大学") == [("中山大学", "institute")]
    assert found("杭州湾上虞") == [("杭州湾", "none"), ("上虞", "short")]
    assert found("新疆巴州库尔勒市")[1] == ("巴州", "full")
    assert found("") == found("市") == []


def test_the_province_of_a_unit() -> None:
    assert [province_of(one) for one in ("330100", "429004", "110000", "810000")] == ["330000", "420000", "110000", "810000"]
