"""Which names are compared: those of one block that differ by a character, those that sound alike in two scripts."""

from __future__ import annotations

from tidu.engine import connect
from tidu.records.parties import nodes
from tidu.records.parties.candidates import blocked, counted, features
from tidu.records.parties.keys import key_of


def test_features() -> None:
    told = features(key_of("杭州虚构科技有限公司"), "")
    assert (told.own, told.trade, told.place, told.block, told.spelt) == ("虚构", "科技", "杭州", "330100", ["XUGOU"])
    assert features(key_of("浙江虚构科技有限公司"), "330200").block == "330200"
    assert features(key_of("浙江虚构科技有限公司"), "").block == "33"
    assert features(key_of("张三"), "330100").spelt == []
    assert "XUGOU" in features(key_of("Ningbo Xu Gou Co., Ltd."), "").spelt


def test_pairs_of_one_block() -> None:
    names = [
        "杭州虚构科技有限公司",
        "杭州虚构枓技有限公司",
        "杭州虚构技科有限公司",
        "宁波虚构枓技有限公司",
        "杭州甲构科技有限公司",
        "Hangzhou Xugou Technology Co., Ltd.",
        "杭州虚构新科技有限公司",
        "杭州虚构空间科技有限公司",
        "杭州虚构空问科技有限公司",
        "浙江虚构科技有限公司",
    ]
    engine = connect(threads=1)
    engine.execute(
        "create table q (id integer, name varchar, standard varchar, credit_code varchar, country varchar, city varchar)"
    )
    engine.executemany("insert into q values (?, ?, null, null, 'CN', null)", list(enumerate(names)))
    nodes.keyed(engine, "q")
    nodes.make(engine, [])
    blocked(engine)
    found = engine.execute(
        "select x.text, y.text from party_candidate c join party_record x on x.number = c.l join party_record y on y.number = c.r"
    ).fetchall()
    pairs = {frozenset(one) for one in found}
    assert {frozenset((names[0], names[at])) for at in (1, 2, 6)} <= pairs  # another character, two exchanged, one more
    assert frozenset((names[7], names[8])) in pairs
    assert frozenset((names[0], names[4])) not in pairs  # an own name of two characters: another body
    assert not any(names[9] in one and other in one for one in pairs for other in names[:5])  # another place
    assert frozenset((names[0], "HANGZHOU XUGOU TECHNOLOGY CO LTD")) in pairs
    assert not any(names[3] in one and names[0] in one for one in pairs)
    assert counted(engine) == {"records": len(names), "candidates": len(found)}
    engine.close()
