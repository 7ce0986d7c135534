"""Keys: names with one key are one body."""

from __future__ import annotations

import pytest

from tidu.records.parties.keys import key_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州虚构科技有限公司", "杭州市虚构科技有限责任公司"),
        ("杭州虚构科技有限公司", "浙江省杭州市虚构科技有限公司"),
        ("杭州虚构科技有限公司", "杭州虚构科技股份有限公司"),
        ("虚构科技有限公司", "虚构科技有限公司上海分公司"),
        ("虚构大学", "虚构大学机械工程学院"),
        ("虚构大学", "虚构大学（杭州）"),
        ("虚构大学附属第一医院", "虚构大学医学院附属第一医院"),
        ("虚构集团公司第三十八研究所", "虚构集团公司第38研究所"),
        ("虛構電子有限公司", "虚构电子有限公司"),
        ("Fictitious Tech Co., Ltd.", "FICTITIOUS TECHNOLOGY CO LTD"),
    ],
)
def test_one_body(one: str, other: str) -> None:
    assert key_of(one).key == key_of(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州虚构科技有限公司", "宁波虚构科技有限公司"),
        ("杭州虚构科技有限公司", "杭州虚构电子有限公司"),
        ("虚构集团有限公司", "虚构有限公司"),
        ("虚构大学", "虚构大学附属医院"),
        ("虚构集团公司第38研究所", "虚构集团公司第58研究所"),
        ("中国石油大学（华东）", "中国石油大学（北京）"),
        ("Fictitious (China) Co., Ltd.", "Fictitious Co., Ltd."),
        ("虚构市第一人民医院", "虚构市第二人民医院"),
        ("中国科学院虚构甲研究所", "中国科学院虚构乙研究所"),
    ],
)
def test_two_bodies(one: str, other: str) -> None:
    assert key_of(one).key != key_of(other).key


def test_parents_branches_and_groups() -> None:
    hospital, university = key_of("虚构大学附属医院"), key_of("虚构大学")
    assert hospital.parent == university.key and not hospital.branch
    branch = key_of("虚构科技有限公司上海分公司")
    assert branch.branch and branch.key == branch.parent
    assert key_of("国网虚构省电力有限公司").group == key_of("国家电网有限公司").group == "国家电网"
    assert key_of("杭州虚构科技有限公司").placed and not key_of("虚构科技有限公司").placed
    assert key_of("虚构甲公司（原名：虚构乙公司）").former == ("虚构乙公司",)
