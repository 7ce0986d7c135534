"""Words of places in names."""

from __future__ import annotations

import pytest

from tidu.records.parties.regions import NATION, PART, UNIT, WHOLE, regions


@pytest.mark.parametrize(
    ("text", "word", "name", "level", "code"),
    [
        ("杭州虚构", "杭州", "杭州", UNIT, "330100"),
        ("浙江省虚构", "浙江省", "浙江", WHOLE, "33"),
        ("北京虚构", "北京", "北京", UNIT, "110000"),
        ("昆山虚构", "昆山", "昆山", PART, "320500"),
        ("海南虚构", "海南", "海南", WHOLE, "46"),
        ("内蒙古虚构", "内蒙古", "内蒙古", WHOLE, "15"),
        ("香港虚构", "香港", "香港", UNIT, "810000"),
    ],
)
def test_the_place_that_a_name_begins_with(text: str, word: str, name: str, level: int, code: str) -> None:
    told = regions().at(text)
    assert told is not None
    assert (told[0], told[1].name, told[1].level, told[1].codes) == (word, name, level, (code,))


def test_words_of_firms_are_no_places() -> None:
    assert regions().at("东方虚构") is None
    assert regions().at("虚构") is None
    nation = regions().at("中国虚构")
    assert nation is not None and nation[1].level == NATION
    assert regions().at("虚构杭州", 2) == regions().at("杭州")
