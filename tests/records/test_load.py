"""Nothing is lost: accounts balance, repeats are told, what was read before is not read again."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.records.load import Account, digest_of, read
from tidu.records.store import Store

HEAD = ["专利名称", "发明人", "申请人", "申请日", "公开日"]
GOOD = [f"一种装置{at}" for at in range(4)]


def written(path: Path, rows: list[list[str]], head: list[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def lines() -> list[list[str]]:
    return [[title, "张三;;李四", "甲公司;乙公司", "2020.1.5", "2021-06-01"] for title in GOOD]


def test_an_account_by_hand(tmp_path: Path) -> None:
    rows = [
        *lines(),
        lines()[0],
        HEAD,
        ["无日期", "张三", "甲公司", "2020-02-30", ""],
        ["短行", "x"],
        ["无人", "", "", "2020-01-01", ""],
    ]
    account = read([written(tmp_path / "a.csv", rows)], Store(tmp_path / "s"))[0]
    assert (account.read, account.good, account.quarantined, account.repeats, account.blank) == (9, 4, 3, 1, 1)
    assert account.balanced and account.kind == "cn_list"
    assert {code: account.reasons[code] for code in ("fields", "filing_unreadable", "no_key")} == {
        "fields": 1,
        "filing_unreadable": 1,
        "no_key": 1,
    }


def test_rows_are_typed_and_say_where_they_stood(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = written(tmp_path / "a.csv", lines())
    read([path], store)
    patent, party, source = (
        duckdb.sql(f"select * from read_parquet('{store.files(name)[0]}')") for name in ("patent", "party", "source")
    )
    assert [str(day) for (day,) in patent.project("filing").fetchall()] == ["2020-01-05"] * 4
    assert patent.project("filing_day").fetchall() == [(18266,)] * 4
    assert party.filter("record = 1").project("role, seq, name").fetchall() == [
        ("applicant", 1, "甲公司"),
        ("applicant", 2, "乙公司"),
        ("inventor", 1, "张三"),
        ("inventor", 2, "李四"),
    ]
    raw = path.read_bytes()
    for line, byte in source.project("line, byte").fetchall():
        assert raw[byte:].decode().startswith(GOOD[line - 2])


def test_what_was_read_before_is_told_and_not_read_again(tmp_path: Path) -> None:
    store, path = Store(tmp_path / "s"), written(tmp_path / "a.csv", lines())
    first, again = read([path], store)[0], read([path], store)[0]
    assert not first.before and again.before and again.good == first.good and len(store.manifest()) == 1
    more = read([written(tmp_path / "b.csv", [*lines(), ["另一种", "王五", "丙公司", "2019-01-01", ""]])], store)[0]
    assert (more.good, more.repeats) == (1, 4)


def test_secret_patents_are_refused_and_counted_and_not_stored(tmp_path: Path) -> None:
    xml = tmp_path / "a.xml"
    xml.write_text("<cn-patent-document/>", encoding="utf-8")
    account = read([xml], Store(tmp_path / "s"))[0]
    assert (account.read, account.quarantined, account.reasons["no_key"]) == (1, 1, 1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read([tmp_path / "none.csv"], Store(tmp_path / "s"))
    assert caught.value.code == "no_file"


def test_an_account_that_does_not_balance_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines())
    assert not Account("a", "k", digest_of(path), 1, read=2, good=1, quarantined=0, repeats=0, refused=0, blank=0).balanced


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, max_size=7), max_size=6))
def test_any_table_balances(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    account = read([written(folder / "a.csv", rows)], Store(folder / "s"))[0]
    assert account.balanced
