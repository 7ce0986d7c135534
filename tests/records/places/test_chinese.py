"""Chinese addresses: streets named for cities, shared names, branches, two places; what no reading may do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.records.places.chinese import read
from tidu.records.places.divisions import CITY, COUNTY, PROVINCE, divisions
from tidu.records.places.lexicon import lexicon
from tidu.records.places.wording import worded

COUNTIES = {year: [one for one in divisions().all if one.stands(year) and one.level == COUNTY] for year in (1990, 2005, 2018, 2024)}
NAMES = {(one.code, year): one.name for year in COUNTIES for one in divisions().all if one.stands(year) and one.level == CITY}
PROVINCES = {one.province: one.name for one in divisions().all if one.level == PROVINCE}


def told(text: str, year: int = 2015) -> str:
    ready = worded(text)
    found = read(ready.text, ready.postcodes, year, lexicon())
    return found.unit or found.country


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("北京东路168号", ""),
        ("上海路88号", ""),
        ("苏州河路88号", ""),
        ("广州大道中1268号", ""),
        ("台州路桥区螺洋街道", "331000"),
        ("南京新街口", "320100"),
        ("江西省南昌市南京西路", "360100"),
        ("吉林吉林高新区深圳街", "220200"),
        ("青海省海南州共和县", "632500"),
        ("陕西省杨凌示范区", "610400"),
        ("江苏恒瑞虚构有限公司", ""),
        ("中国东方虚构有限公司", ""),
        ("深圳市虚构有限公司", "440300"),
        ("南京虚构有限公司深圳分公司", "440300"),
        ("虚构（江阴）有限公司", "320200"),
        ("哈尔滨工业大学（威海）", "371000"),
        ("中国石油大学", ""),
        ("中国石油大学（北京）", "110000"),
        ("温州市人民政府驻北京办事处", "110000"),
        ("南京市江宁区1号与合肥市蜀山区2号", ""),
        ("市中区建设路88号", ""),
        ("江苏省", ""),
        ("德国慕尼黑", "DE"),
        ("美国路12号", ""),
        ("中国香港新界沙田", "810000"),
        ("", ""),
    ],
)
def test_what_a_text_tells(text: str, city: str) -> None:
    assert told(text) == city


@pytest.mark.parametrize(
    ("text", "year", "city"),
    [
        ("湖北省荆州潜江市园林", 2018, "429005"),  # the former parent before a county
        ("安徽省巢湖市和县", 2015, "340500"),
        ("四川省重庆市沙坪坝区", 1995, "510200"),
        ("湖北省襄樊市", 2016, "420600"),  # the old name after the change
        ("湖北省襄阳市", 2005, "420600"),  # the new name before it
    ],
)
def test_the_year_decides(text: str, year: int, city: str) -> None:
    assert told(text, year) == city


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(COUNTIES)), st.data(), st.sampled_from(["建设路88号", "北京东路1号", "上海大厦", "中山街道广州路3号"])
)
def test_full_names_give_the_unit_of_their_year_whatever_street_follows(year: int, data: st.DataObject, street: str) -> None:
    county = data.draw(st.sampled_from(COUNTIES[year]))
    text = PROVINCES[county.province] + NAMES.get((county.unit, year), "") + county.name + street
    assert told(text, year) == county.unit
    spaced = " ".join(text)
    assert told(spaced, year) == county.unit


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(COUNTIES)), st.data())
def test_a_county_alone_is_its_unit_or_nothing(year: int, data: st.DataObject) -> None:
    county = data.draw(st.sampled_from(COUNTIES[year]))
    assert told(county.name + "虚构路88号", year) in (county.unit, "")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="北京市南山区路（）江苏省中驻大学公司与,1ab街鼓楼 ", max_size=24), st.sampled_from(sorted(COUNTIES)))
def test_any_text_gives_a_unit_that_stands_in_the_year_or_nothing(text: str, year: int) -> None:
    units = {one.unit for one in divisions().all if one.stands(year)}
    assert told(text, year) in units | {""}
