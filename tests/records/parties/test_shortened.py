"""A bare name, a former form: one body only where nothing else can be meant."""

from __future__ import annotations

import pytest
from tests.records.parties.test_identifier import told

from tidu.records.parties.chinese import parse
from tidu.records.parties.shortened import names, shortened


@pytest.mark.parametrize(
    ("left", "right", "city", "other", "entity"),
    [
        ("杭州虚构机械厂", "杭州虚构机械有限公司", "", "", True),
        ("杭州虚构仪表总厂", "杭州虚构仪表总厂有限公司", "", "", True),
        ("虚构机械厂", "虚构机械有限公司", "330100", "330100", True),
        ("虚构机械厂", "虚构机械有限公司", "330100", "", None),
        ("虚构机械厂", "虚构机械有限公司", "330100", "440300", None),
        ("杭州虚构机械厂", "宁波虚构机械有限公司", "", "", None),
        ("杭州虚构机械厂", "杭州虚构电子有限公司", "", "", None),
        ("杭州虚构厂", "杭州虚构有限公司", "", "", None),
        ("虚构星辰", "杭州虚构星辰科技有限公司", "330100", "330100", True),
        ("虚构股份", "杭州虚构科技股份有限公司", "330100", "330100", True),
        ("虚构股份", "杭州虚构科技有限公司", "330100", "330100", None),
        ("虚构星辰", "杭州虚构星辰科技有限公司", "", "", None),
        ("虚构星", "杭州虚构星科技有限公司", "330100", "330100", None),
        ("欧阳虚构", "杭州欧阳虚构科技有限公司", "330100", "330100", None),
    ],
)
def test_short_and_former_forms(left: str, right: str, city: str, other: str, entity: bool | None) -> None:
    found = shortened(parse(left), parse(right), city, other)
    assert (found.entity if found else None) is entity
    assert shortened(parse(right), parse(left), other, city) == found


def test_short_names_are_long_enough_to_be_no_persons() -> None:
    assert names(parse("杭州虚构科技有限公司")) == ("杭州虚构", "虚构科技", "杭州虚构科技")
    assert names(parse("虚科技有限公司")) == ()


def test_in_a_table_a_bare_name_is_the_one_company_of_its_city_that_is_called_so() -> None:
    company = ("杭州虚构星辰科技有限公司", None, "330100")
    assert len(set(told([company, ("虚构星辰", None, "330100")])[0])) == 1
    assert len(set(told([company, ("虚构星辰", None, "440300")])[0])) == 2
    # two companies are called so: nobody can tell which is meant
    entities, _, _ = told([company, ("杭州虚构星辰软件有限公司", None, "330100"), ("虚构星辰", None, "330100")])
    assert len(set(entities)) == 3
    assert len(set(told([("杭州虚构机械厂", None, "330100"), ("杭州虚构机械有限公司", None, "330100")])[0])) == 1
