"""The workbench: loads as rows with the number of their load, names and order in one form, finished tables of the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tidu.records.linked import OPEN
from tidu.records.linking.workbench import Workbench
from tidu.records.store import Store


@pytest.fixture
def bench(tmp_path: Path, storing: Callable[..., Store]) -> Workbench:
    one, two = ("incopat", {"patent": [{"appno": "a", "filing": "1970-01-02"}]}), ("lens", {"patent": [{"appno": "b"}]})
    return Workbench(storing(one, two), tmp_path / "bench", threads=1)


def test_rows_of_all_loads_and_tables_that_no_load_speaks_of(bench: Workbench) -> None:
    found = bench.engine.execute("select load, record, appno, filing_day from raw_patent order by load").fetchall()
    assert found == [(1, 1, "a", 1), (2, 1, "b", None)]
    assert bench.count("select count(*) from raw_event") == 0 and bench.count("select count(effective_day) from raw_event") == 0
    assert bench.engine.execute("select * from loads").fetchall() == [(1, "incopat"), (2, "lens")]


@pytest.mark.parametrize(
    ("one", "other"),
    [("虚构甲（杭州）有限公司", "虚构甲(杭州) 有限公司"), ("ＡＢＣ Co., Ltd.", "abc co ltd"), ("A·B", "A-B")],
)
def test_names_in_one_form(bench: Workbench, one: str, other: str) -> None:
    assert bench.engine.execute("select folded(?) = folded(?)", [one, other]).fetchall() == [(True,)]


def test_names_that_say_nothing_and_names_side_by_side(bench: Workbench) -> None:
    assert bench.engine.execute("select folded('--'), parted('甲; 乙；;丙 ')").fetchall() == [(None, ["甲", "乙", "丙"])]


def test_the_later_document_is_by_day_then_load_then_record(bench: Workbench) -> None:
    query = "select later(2, 1, 1) > later(1, 9, 9), later(1, 2, 1) > later(1, 1, 9), later(1, 1, 2) > later(1, 1, 1),"
    assert bench.engine.execute(query + " later(-9000, 1, 1) > later(null, 9, 9)").fetchall() == [(True,) * 4]


def test_an_open_end_is_no_date(bench: Workbench) -> None:
    row = f"""select 'a' as appno, 'pledged' as state, 0 as from_day, {OPEN} as to_day, null as contract"""
    bench.finish("state", row)
    assert [str(one) for one in bench.engine.execute("select * from linked_state").fetchall()[0]] == [
        "a", "pledged", "1970-01-01", "0", "None", str(OPEN), "None",
    ]  # fmt: skip
    assert bench.counts == {"state": 1}
