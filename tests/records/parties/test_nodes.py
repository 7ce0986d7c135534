"""Names as nodes: a code, a key, a key in a city."""

from __future__ import annotations

from tidu.engine import connect
from tidu.records.parties import nodes
from tidu.records.parties.codes import check_letter

CODE = "91330100000000000"


def test_nodes() -> None:
    engine = connect(threads=1)
    engine.execute(
        "create table q (id integer, name varchar, standard varchar, credit_code varchar, country varchar, city varchar)"
    )
    rows = [
        (1, "杭州虚构科技有限公司", None, CODE + check_letter(CODE), "CN", "330100"),
        (2, "杭州市虚构科技有限公司", None, None, "CN", None),
        (3, "虚构电子有限公司", None, None, "CN", "330100"),
        (4, "虚构电子股份有限公司", None, None, "CN", "440300"),
        (5, None, "虚构大学", None, None, None),
        (6, "虚构株式会社", None, None, "JP", None),
    ]
    engine.executemany("insert into q values (?, ?, ?, ?, ?, ?)", rows)
    nodes.keyed(engine, "q")
    nodes.make(engine, [])
    told = dict(engine.execute("select id, node from party_keyed").fetchall())
    assert told[1] == told[2] == "code " + CODE + check_letter(CODE)
    assert told[3] != told[4] and told[3].endswith("@330100") and told[6].endswith("@JP")
    assert "@" not in told[5]
    assert engine.execute("select count(distinct number), max(number) from party_node").fetchall() == [(5, 4)]
    nodes.make(engine, ["杭州虚构科技有限公司"])
    told = dict(engine.execute("select id, node from party_keyed").fetchall())
    assert told[1] == "text 杭州虚构科技有限公司" and told[2].startswith("code ")
    engine.execute("create table r as select '虚旧有限公司' as before, '虚新有限公司' as after")
    nodes.renamed_keys(engine, "r")
    assert engine.execute("select count(*) from party_renamed where before <> after").fetchall() == [(1,)]
    engine.close()
