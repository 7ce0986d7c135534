"""Groups by stated rules, pair by pair and for a whole table alike."""

from __future__ import annotations

from itertools import combinations

import pytest

from tidu.engine import connect
from tidu.records.parties.groups import PART, PATTERN, STEM, grouped
from tidu.records.parties.identifier import Identifier
from tidu.records.parties.keys import key_of


@pytest.mark.parametrize(
    ("one", "other", "sure"),
    [
        ("虚构大学", "虚构大学附属医院", PART),
        ("虚构大学附属第一医院", "虚构大学附属第二医院", PART),
        ("中国科学院", "中国科学院虚构研究所", PART),
        ("国网虚构省电力有限公司", "国家电网有限公司", PATTERN),
        ("虚构集团有限公司", "杭州虚构科技有限公司", STEM),
        ("杭州虚构集团有限公司", "杭州虚构科技有限公司", STEM),
        ("宁波虚构集团有限公司", "杭州虚构科技有限公司", 0),
        ("杭州虚构电子有限公司", "杭州虚构科技有限公司", 0),
        ("虚构大学", "虚构医院", 0),
    ],
)
def test_pairs(one: str, other: str, sure: float) -> None:
    assert grouped(key_of(one), key_of(other)) == grouped(key_of(other), key_of(one)) == sure


def test_a_whole_table_says_what_its_pairs_say() -> None:
    names = [
        "虚构大学",
        "虚构大学附属医院",
        "国网虚构省电力有限公司",
        "国家电网有限公司",
        "甲乙集团有限公司",
        "杭州甲乙科技有限公司",
        "宁波甲乙科技有限公司",
        "宁波丙丁集团有限公司",
        "杭州丙丁科技有限公司",
    ]
    engine = connect(threads=1)
    engine.execute(
        "create table q (id integer, name varchar, standard varchar, credit_code varchar, country varchar,"
        " type varchar, city varchar)"
    )
    engine.executemany("insert into q values (?, ?, null, null, 'CN', null, null)", list(enumerate(names)))
    engine.execute("create table r (before varchar, after varchar)")
    told = dict(engine.execute(f'select id, "group" from ({Identifier()(engine, "q", "r")})').fetchall())
    for one, other in combinations(range(len(names)), 2):
        direct = grouped(key_of(names[one]), key_of(names[other])) > 0
        assert not direct or told[one] == told[other], (names[one], names[other])
    assert len(set(told.values())) == 5
    methods = dict(engine.execute("select entity, method from party_group").fetchall())
    assert (methods["虚构大学"], methods["虚构大学附属医院"], methods["杭州甲乙科技有限公司"]) == ("self", "part", "stem")
    engine.close()
