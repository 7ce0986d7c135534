"""Plain answers: cities printed by name or code, types by what the source says or by words of a name."""

from __future__ import annotations

import pytest

from tidu.engine import connect
from tidu.records.linking.plain import identify, locate, type_of

PLACES = [
    ("CN", None, None, "浙江省杭州市虚构路1号", "330100"),
    ("CN", None, None, "湖北省恩施土家族苗族自治州恩施市", "422800"),
    (None, "江苏省", "苏州市", None, "320500"),
    (None, None, None, "330106", "330100"),
    (None, "上海市", None, "浦东", "310000"),
    (None, None, None, "吉林省吉林市虚构街", "220200"),
    (None, None, None, "内蒙古自治区锡林郭勒盟锡林浩特市", "152500"),
    ("CN", None, None, "100000 北京市海淀区", "110000"),
    ("CN", None, "Hangzhou", None, "330100"),
    ("US", None, None, "330100", None),
    ("CN", None, None, "浙江省义乌市", None),
    ("CN", None, None, "中山路1号", None),
]


@pytest.mark.parametrize(("country", "province", "city", "address", "code"), PLACES)
def test_cities(country: str | None, province: str | None, city: str | None, address: str | None, code: str | None) -> None:
    engine = connect(threads=1)
    columns = "id integer, country varchar, province varchar, city varchar, county varchar, address varchar"
    engine.execute(f"create table q ({columns}, credit_code varchar, year integer)")
    engine.execute("insert into q values (1, ?, ?, ?, null, ?, null, 2020)", [country, province, city, address])
    found = engine.execute(locate(engine, "q", 2024)).fetchall()
    assert [row[1] for row in found] == ([code] if code else [])
    assert all(0 < row[4] <= 1 and row[3] in ("printed", "address") for row in found)


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        (None, "虚构科技有限公司", "company"),
        (None, "虚构大学附属医院", "university"),
        (None, "虚构市人民医院", "hospital"),
        (None, "虚构研究院", "institute"),
        (None, "Synthetic GmbH", "company"),
        (None, "张三", None),
        ("company", "虚构大学", "company"),
        ("大专院校", "某", "university"),
        ("个人", "张三", "person"),
        ("机关团体", "某", "government"),
    ],
)
def test_types(said: str | None, name: str, kind: str | None) -> None:
    assert connect(threads=1).execute(
        f"select {type_of('?::varchar', '?')}".replace("?::varchar", "$s").replace("?", "$n"), {"s": said, "n": name}
    ).fetchall() == [(kind,)]


def test_one_credit_code_is_one_entity() -> None:
    engine = connect(threads=1)
    from tidu.records.linking.workbench import MACROS

    for macro in MACROS:
        engine.execute(macro)
    engine.execute("create table q (id integer, name varchar, standard varchar, credit_code varchar, type varchar)")
    engine.execute(
        "insert into q values (1, '虚构旧名公司', null, 'X', null), (2, '虚构新名公司', null, 'X', null),"
        " (3, '虚构新名公司', null, null, null)"
    )
    found = {row[0]: row[1] for row in engine.execute(identify(engine, "q", "r")).fetchall()}
    assert found == {1: "虚构新名公司", 2: "虚构新名公司", 3: "虚构新名公司"}
