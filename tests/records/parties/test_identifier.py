"""The identifier on an engine, as linking takes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tidu.engine import connect
from tidu.records.parties.codes import check_letter
from tidu.records.parties.identifier import Identifier
from tidu.records.parties.verdicts import Verdict

#: A name, its credit code, its city.
Asked = tuple[str, str | None, str | None]


def code(letters: str) -> str:
    first = f"91330100{letters:0>9}"
    return first + check_letter(first)


def told(
    asked: Sequence[Asked], renamed: Sequence[tuple[str, str]] = (), verdicts: Sequence[Verdict] = ()
) -> tuple[list[str], list[str], Identifier]:
    """The entities and the groups of names in their order, and who told them."""
    engine = connect(threads=1)
    engine.execute(
        "create table q (id uhugeint, name varchar, standard varchar, credit_code varchar, country varchar,"
        " type varchar, city varchar)"
    )
    rows = [(2**127 + at, name, None, credit, "CN", None, city) for at, (name, credit, city) in enumerate(asked)]
    if rows:
        engine.executemany("insert into q values (?, ?, ?, ?, ?, ?, ?)", rows)
    engine.execute("create table r (before varchar, after varchar)")
    if renamed:
        engine.executemany("insert into r values (?, ?)", list(renamed))
    identify = Identifier(verdicts)
    found = engine.execute(f'select id, entity, "group" from ({identify(engine, "q", "r")}) order by id').fetchall()
    engine.close()
    assert [row[0] for row in found] == [row[0] for row in rows]
    return [row[1] for row in found], [row[2] for row in found], identify


def test_names_of_one_body_are_one_entity_and_a_part_of_its_own_is_of_the_group() -> None:
    entities, groups, _ = told(
        [
            ("杭州虚构科技有限公司", None, "330100"),
            ("虚构（杭州）科技股份有限公司", None, "330100"),
            ("杭州虚构科技有限公司宁波分公司", None, "330200"),
            ("虚构大学", None, "330100"),
            ("虚构大学附属医院", None, "330100"),
        ]
    )
    assert len(set(entities[:3])) == 1 and entities[0] == "杭州虚构科技有限公司"
    assert entities[3:] == ["虚构大学", "虚构大学附属医院"]
    assert groups[3] == groups[4] == "虚构大学"


def test_a_name_without_a_place_is_one_body_a_city() -> None:
    entities, _, _ = told([("虚构科技有限公司", None, "330100"), ("虚构科技股份有限公司", None, "440300")])
    assert len(set(entities)) == 2
    entities, _, _ = told([("虚构科技有限公司", None, "330100"), ("虚构科技股份有限公司", None, None)])
    assert len(set(entities)) == 1


def test_one_code_is_one_body_and_two_codes_are_two() -> None:
    one, other = code("A1"), code("A2")
    entities, _, _ = told([("虚构旧名有限公司", one, None), ("虚构新名有限公司", one, None), ("虚构新名有限公司", None, None)])
    assert len(set(entities)) == 1
    entities, _, _ = told([("杭州虚构科技有限公司", one, None), ("杭州虚构科技股份有限公司", other, None)])
    assert len(set(entities)) == 2
    entities, _, _ = told([("杭州虚构科技有限公司", one[:-1] + "?", None), ("杭州虚构科技股份有限公司", other, None)])
    assert len(set(entities)) == 1  # a code that fails its check tells nothing


def test_former_names_and_changes_of_name() -> None:
    entities, _, _ = told([("杭州虚新有限公司（原名：杭州虚旧有限公司）", None, None), ("杭州虚旧有限公司", None, None)])
    assert len(set(entities)) == 1
    asked: list[Asked] = [("杭州虚新有限公司", None, None), ("杭州虚旧有限公司", None, None)]
    assert len(set(told(asked)[0])) == 2
    assert len(set(told(asked, [("杭州虚旧有限公司", "杭州虚新有限公司")])[0])) == 1


def test_near_names_are_one_body_or_stay_open() -> None:
    entities, _, identify = told([("杭州虚构智能科技有限公司", None, None), ("杭州虚构智能枓技有限公司", None, None)])
    assert len(set(entities)) == 1 and identify.counts["misprint"] == 1
    entities, _, identify = told([("杭州虚构科技有限公司", None, "330100"), ("虚构科技有限公司", None, "330100")])
    assert len(set(entities)) == 2
    assert [(one.left, one.right, one.method) for one in identify.doubts] == [("杭州虚构科技有限公司", "虚构科技有限公司", "place")]
    entities, _, _ = told([("杭州虚构电子有限公司", None, None), ("Hangzhou Xugou Electronics Co., Ltd.", None, None)])
    assert len(set(entities)) == 1


def test_what_people_decided_is_above_all() -> None:
    asked: list[Asked] = [("杭州虚构科技有限公司", None, "330100"), ("虚构科技有限公司", None, "330100")]
    same = Verdict("虚构科技有限公司", "杭州虚构科技有限公司", True, "某人", "2024-01-01")
    entities, _, identify = told(asked, verdicts=[same])
    assert len(set(entities)) == 1 and identify.doubts == []
    asked = [
        ("杭州虚构科技有限公司", None, None),
        ("杭州市虚构科技股份有限公司", None, None),
        ("杭州虚构科技有限责任公司", None, None),
    ]
    assert len(set(told(asked)[0])) == 1
    apart = Verdict(asked[0][0], asked[1][0], False, "某人", "2024-01-01")
    entities, _, _ = told(asked, verdicts=[apart])
    assert entities[0] != entities[1] and len(set(entities)) == 2


def test_every_name_is_kept_with_the_rule_that_told_it(tmp_path: Path) -> None:
    engine = connect(threads=1)
    engine.execute("create table r (before varchar, after varchar)")
    engine.execute(
        "create table q as select row_number() over () as id, name, null::varchar as standard, null::varchar as credit_code,"
        " null::varchar as country, null::varchar as type, null::varchar as city from (values ('虚构大学'), ('虚构大学附属医院'),"
        " ('杭州虚构智能科技有限公司'), ('杭州虚构智能枓技有限公司')) x(name)"
    )
    path = tmp_path / "parties" / "names.parquet"
    engine.execute(Identifier(keep=path)(engine, "q", "r"))
    found = engine.execute(f"select name, method, group_method from read_parquet('{path}') order by name").fetchall()
    assert found == [
        ("杭州虚构智能枓技有限公司", "misprint", "self"),
        ("杭州虚构智能科技有限公司", "misprint", "self"),
        ("虚构大学", "name", "self"),
        ("虚构大学附属医院", "name", "part"),
    ]
    engine.close()


def test_no_question_is_no_answer() -> None:
    assert told([])[0] == []
