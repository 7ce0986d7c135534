"""The locator on an engine, as linking takes it."""

from __future__ import annotations

import pytest

from tidu.engine import connect
from tidu.records.places import locator
from tidu.records.places.locator import locate

TABLE = """create table asked (id uhugeint, country varchar, province varchar, city varchar, county varchar, address varchar,
credit_code varchar, year bigint)"""


@pytest.mark.parametrize("portion", [1, 2, 50_000])
def test_each_question_is_answered_once_whatever_the_portion(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locator, "PORTION", portion)
    engine = connect()
    engine.execute(TABLE)
    great = 2**128 - 1
    rows = [
        (great, None, None, None, None, "山东省莱芜市莱城区", None, 2010),
        (2, None, None, None, None, "市中区建设路88号", None, 2017),
        (3, "JP", None, None, None, "京都府", None, 2017),
        (4, "CN", "江苏", "苏州", None, None, None, None),
    ]
    engine.executemany("insert into asked values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    told = engine.execute(f"select * from ({locate(engine, 'asked', 2024)}) order by id").fetchall()
    assert [column[0] for column in engine.description or ()] == ["id", "city", "city_then", "method", "confidence"]
    assert told == [
        (3, None, None, "abroad", 1.0),
        (4, "320500", "320500", "printed", 0.97),
        (great, "370100", "371200", "address", 0.97),
    ]
    engine.close()


def test_no_question_is_no_answer() -> None:
    engine = connect()
    engine.execute(TABLE)
    assert engine.execute(locate(engine, "asked", 2024)).fetchall() == []
    engine.close()
