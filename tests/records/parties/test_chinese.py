"""Chinese names taken apart: place, own name, trade, form, part."""

from __future__ import annotations

import pytest

from tidu.records.parties.chinese import parse, trades


@pytest.mark.parametrize(
    ("name", "place", "own", "trade", "form", "part"),
    [
        ("杭州市虚构智能科技有限公司", "杭州", "虚构", "智能科技", "有限公司", ""),
        ("浙江省杭州虚构电子股份有限公司", "杭州", "虚构", "电子", "股份有限公司", ""),
        ("虚构（苏州）电子有限责任公司", "苏州", "虚构", "电子", "有限责任公司", ""),
        ("虚构科技有限公司上海分公司", "", "虚构", "科技", "有限公司", "上海分公司"),
        ("虚构电子集团公司第三十八研究所", "", "虚构", "电子", "集团公司", "第38研究所"),
        ("杭州大学", "", "杭州", "", "大学", ""),
        ("虚构大学（杭州）", "", "虚构", "", "大学", ""),
        ("虚构大学机械工程学院", "", "虚构", "", "大学", "机械工程学院"),
        ("杭州虚构企业管理合伙企业（有限合伙）", "杭州", "虚构", "企业管理", "有限合伙", ""),
        ("杭州虚构科技有限公可", "杭州", "虚构", "科技", "有限公司", ""),
        ("张三", "", "张三", "", "", ""),
    ],
)
def test_parts(name: str, place: str, own: str, trade: str, form: str, part: str) -> None:
    told = parse(name)
    found = told.place.name if told.place is not None else ""
    assert (found, told.own, told.trade, told.form, told.part) == (place, own, trade, form, part)


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("虚构科技有限公司杭州分公司", False),
        ("虚构大学深圳研究生院", False),
        ("虚构大学电子工程系", False),
        ("虚构大学医学院附属第一医院", True),
        ("虚构大学宁波理工学院", True),
        ("虚构大学出版社", True),
        ("中国科学院虚构研究所", True),
        ("虚构集团公司第七〇二研究所", True),
        ("虚构有限公司虚构路营业部", False),
    ],
)
def test_which_part_is_a_body_of_its_own(name: str, apart: bool) -> None:
    assert parse(name).part
    assert parse(name).apart is apart


def test_kind_and_group() -> None:
    assert parse("虚构集团有限公司").group and parse("虚构（集团）有限公司").group and not parse("虚构有限公司").group
    kinds = {name: parse(name).kind for name in ("虚构大学", "虚构医院", "虚构研究院", "虚构机械厂", "虚构市公安局", "李四")}
    assert list(kinds.values()) == ["university", "hospital", "institute", "plant", "office", ""]
    assert parse("虚构电子科技有限公司").core == "虚构电子科技"
    assert {"科技", "机械"} <= trades()
