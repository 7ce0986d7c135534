"""Misprints, words left out, places left out."""

from __future__ import annotations

import pytest

from tidu.records.parties.chinese import parse
from tidu.records.parties.nearness import FAR, alike, near


@pytest.mark.parametrize(
    ("one", "other", "entity"),
    [
        ("杭州虚构智能科技有限公司", "杭州虚构智能枓技有限公司", True),
        ("杭州虚构智能科技有限公司", "杭州虚构智能技科有限公司", True),
        ("杭州虚构智能科技有限公司", "杭州虚构智能科有限公司", True),
        ("杭州虚构科技有限公司", "杭州虚购科技有限公司", False),
        ("杭州虚构科技有限公司", "杭州虚构技术有限公司", False),
        ("杭州虚构科技有限公司", "宁波虚构枓技有限公司", False),
        ("杭州虚构科技集团有限公司", "杭州虚构枓技有限公司", False),
        ("虚构第一人民医院", "虚构第二人民医院", False),
    ],
)
def test_pairs_of_one_place(one: str, other: str, entity: bool | None) -> None:
    assert near(parse(one), parse(other), "", "").entity is entity
    assert near(parse(other), parse(one), "", "").entity is entity


def test_a_place_that_is_left_out_is_open_where_the_city_is_the_same() -> None:
    one, other = parse("杭州虚构科技有限公司"), parse("虚构科技有限公司")
    assert near(one, other, "", "330100").entity is None
    assert near(one, other, "", "330200") == FAR
    assert near(one, other, "330100", "330200") == FAR
    assert near(one, other, "", "") == FAR


def test_characters_that_sound_alike() -> None:
    assert alike("虚", "需") and not alike("虚", "构")
