"""Institutes of the academy: each its own body in both scripts, and by the short forms that can mean one alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from tidu.records.parties import known
from tidu.records.parties.academy import ACADEMY, institute, stands_alone
from tidu.records.parties.keys import key_of


def test_no_two_institutes_are_one_body() -> None:
    every = known.parts_of(ACADEMY)
    assert len(every) > 70
    keys = [key_of(ACADEMY + one).key for one in every]
    assert len(set(keys)) == len(keys)
    english = [f"{one}, Chinese Academy of Sciences" for one in ("Institute of Semiconductors", "Institute of Microelectronics")]
    for one, other in combinations([*english, "Chinese Academy of Sciences"], 2):
        assert key_of(one).key != key_of(other).key
        assert key_of(one).parent == key_of(other).parent == key_of("中国科学院").key


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Institute of Semiconductors, Chinese Academy of Sciences", "中国科学院半导体研究所"),
        ("Institute of Semiconductors, CAS", "中国科学院半导体研究所"),
        ("中科院长春光机所", "中国科学院长春光学精密机械与物理研究所"),
        ("中科院沈阳金属研究所", "中国科学院金属研究所"),
        ("大连化学物理研究所", "中国科学院大连化学物理研究所"),
    ],
)
def test_short_forms(name: str, same: str) -> None:
    assert key_of(name).key == key_of(same).key


def test_what_can_mean_two_or_none_is_left_as_it_is() -> None:
    assert institute("上海光机研究所") == "上海光学精密机械研究所"
    assert institute("上海研究所") == "上海研究所"
    assert institute("昆明所") == "昆明所"
    assert key_of("中国科学院自动化研究所").key != key_of("中国科学院沈阳自动化研究所").key
    assert institute("微系统与信息技术研究所") == "上海微系统与信息技术研究所"
    assert not stands_alone("物理研究所")
    assert (institute("生物研究所"), institute("地质研究所"), institute("遗传所")) == (
        "生物研究所",
        "地质研究所",
        "遗传与发育生物学研究所",
    )
