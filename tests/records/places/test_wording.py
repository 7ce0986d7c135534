"""Addresses made ready to be read."""

from __future__ import annotations

import pytest

from tidu.records.places.wording import worded


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("吉林省\t长春 市绿园区\n皓月大路4号", "吉林省长春市绿园区皓月大路4号"),
        ("遼寧省錦州市", "辽宁省锦州市"),
        ("１００１９０　北京市", "北京市"),
        ("四川省（成都）【高新区】", "四川省(成都)(高新区)"),
        ("地址：江苏省苏州市", "江苏省苏州市"),
        ("注册地址：上海市嘉定区安亭镇1号 通讯地址：江苏省昆山市2号", "上海市嘉定区安亭镇1号"),
        ("CN;江苏;苏州", "江苏;苏州"),
    ],
)
def test_width_script_spaces_brackets_and_labels(text: str, ready: str) -> None:
    assert worded(text).text == ready


def test_postcodes_are_kept_apart_and_longer_numbers_are_none() -> None:
    assert worded("116023辽宁省大连市 510000").postcodes == ("116023", "510000")
    assert worded("电话13812345678 北京").postcodes == ()


def test_the_script_is_told_by_most_of_the_letters() -> None:
    assert worded("Nanshan District, Shenzhen").latin
    assert not worded("深圳市 TCL 大厦B座").latin
    assert not worded("12345").latin
