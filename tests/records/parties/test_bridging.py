"""One name in two scripts, by sound and translation."""

from __future__ import annotations

import pytest

from tidu.records.parties.bridging import bridged, sounds
from tidu.records.parties.chinese import parse
from tidu.records.parties.latin import parse as latin


@pytest.mark.parametrize(
    ("chinese", "english", "one"),
    [
        ("杭州虚构电子科技有限公司", "Hangzhou Xugou Electronic Technology Co., Ltd.", True),
        ("杭州虚构电子科技有限公司", "HANGZHOU XU GOU ELECTRONICS TECH CO LTD", True),
        ("虚构（杭州）电子科技有限公司", "Xugou (Hangzhou) Electronic Technology Co., Ltd.", True),
        ("西安虚构机械制造有限公司", "Xi'an Xugou Machinery Manufacturing Co., Ltd.", True),
        ("虚构大学", "Xugou University", True),
        ("虚构师范大学", "Xugou Normal University", True),
        ("杭州虚构电子科技有限公司", "Xugou Electronic Technology Co., Ltd.", None),
        ("杭州虚构电子科技有限公司", "Hangzhou Xugou Machinery Co., Ltd.", False),
        ("杭州虚构电子科技有限公司", "Ningbo Xugou Electronic Technology Co., Ltd.", False),
        ("虚构师范大学", "Xugou University", False),
        ("虚构大学", "Xugou Normal University", False),
        ("虚构电子集团有限公司", "Xugou Electronic Co., Ltd.", False),
    ],
)
def test_names(chinese: str, english: str, one: bool | None) -> None:
    assert bridged(parse(chinese), latin(english)) is one


def test_sounds() -> None:
    told = sounds("重庆")
    assert told is not None and told.fullmatch("CHONGQING") and told.fullmatch("ZHONGQING") and not told.fullmatch("CHENGDU")
    assert sounds("ABC") is None
