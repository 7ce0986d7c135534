"""What the rules leave open, weighed by Splink on the names at hand."""

from __future__ import annotations

import random

import pytest

from tidu.engine import connect
from tidu.records.parties import probable
from tidu.records.parties.identifier import Identifier
from tidu.records.synth.nation import cities

CITIES = {one.short: one.code for one in cities()[5:45]}
TRADES = ["科技", "电子", "机械", "化工", "新材料", "食品", "纺织", "医药", "物流", "照明", "软件", "陶瓷"]


def run(count: int, seed: int = 1) -> tuple[dict[int, str], Identifier]:
    """Made-up firms of forty cities, every fourth written in several ways, one without its place."""
    engine = connect(threads=1)
    engine.execute(
        "create table q (id integer, name varchar, standard varchar, credit_code varchar, country varchar,"
        " type varchar, city varchar)"
    )
    draw = random.Random(7)
    rows = []
    for at in range(count):
        city = draw.choice(list(CITIES))
        own = "".join(chr(0x4E00 + draw.randrange(2000, 12000)) for _ in range(2))
        trade = draw.choice(TRADES)
        names = [f"{city}{own}{trade}有限公司"]
        if at % 4 == 0:
            names += [f"{city}市{own}{trade}有限公司", f"{own}（{city}）{trade}有限公司"]
        if at == 0:
            names.append(f"{own}{trade}有限公司")
        rows += [(len(rows) + step, name, CITIES[city]) for step, name in enumerate(names)]
    engine.executemany("insert into q values (?, ?, null, null, 'CN', null, ?)", rows)
    engine.execute("create table r (before varchar, after varchar)")
    identify = Identifier(seed=seed)
    told = dict(engine.execute(f"select id, entity from ({identify(engine, 'q', 'r')})").fetchall())
    engine.close()
    return told, identify


@pytest.mark.slow
def test_a_rare_name_without_its_place_is_likely_the_one_of_its_city() -> None:
    pytest.importorskip("splink")
    told, identify = run(600)
    assert identify.counts["probable"] >= 1
    assert told[0] == told[1] == told[2] == told[3]
    assert run(600)[0] == told


def test_with_few_names_nothing_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    told, identify = run(20)
    assert told[0] == told[2] != told[3]
    assert [one.method for one in identify.doubts] == ["place"] * 3
    monkeypatch.setattr(probable, "LEAST", 1)
    monkeypatch.setattr(probable, "available", lambda: False)
    assert run(20)[0] == told
