"""Quarantined records go out as a sheet, come back mended, and are never counted twice."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tidu.core.errors import DataError, UsageError
from tidu.engine import connect, quoted
from tidu.records.load import Account, read
from tidu.records.quarantine import aside, guarded, kind_of, source, write
from tidu.records.store import Store

HEAD = ["专利名称", "发明人", "申请人", "申请日", "公开日"]
#: Synthetic lines: two are wrong in their dates, one looks like a formula.
LINES = [
    ["一种装置", "张三", "合成甲公司", "2020-01-05", "2021-06-01"],
    ["=HYPERLINK(1)", "-李四", "合成乙公司", "2020-02-30", ""],
    ["另一种装置", "@王五", "合成丙公司", "某日", ""],
]


def listed(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def loaded(folder: Path) -> Store:
    store = Store(folder / "s")
    read([listed(folder / "a.csv", [HEAD, *LINES])], store)
    return store


def cells(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        return [[str(cell) for cell in row] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def one(path: Path, store: Store) -> Account:
    return read([path], store)[0]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_says_why_and_where_and_holds_no_formula(suffix: str, lang: Literal["zh", "en"], tmp_path: Path) -> None:
    out = tmp_path / f"q{suffix}"
    assert write(loaded(tmp_path), out, lang) == [(out, 2)]
    head, first, second = cells(out)
    assert head[6:] == HEAD and len(head) == 11
    assert first[1] == "filing_unreadable" and ("日期" if lang == "zh" else "date") in first[2]
    assert first[3:5] == ["a.csv", "3"]
    start = int(first[5])
    assert (tmp_path / "a.csv").read_bytes()[start:].decode().startswith("=HYPERLINK")
    mark = "" if suffix == ".xlsx" else "'"
    assert (first[6], first[7], second[7]) == (f"{mark}=HYPERLINK(1)", f"{mark}-李四", f"{mark}@王五")
    assert kind_of(out) == "cn_list" and source(out) is not None


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_mended_rows_are_good_and_known_as_mended(suffix: str, tmp_path: Path) -> None:
    store, out = loaded(tmp_path), tmp_path / f"q{suffix}"
    write(store, out)
    head, first, second = cells(out)
    first[9] = "2020-02-20"
    mended = tmp_path / "m.csv"
    listed(mended, [head, [guarded(cell) for cell in first] if suffix == ".xlsx" else first, second])
    account = one(mended, store)
    assert (account.kind, account.read, account.good, account.quarantined, account.mended) == ("cn_list", 2, 1, 1, 1)
    assert account.headings == tuple(HEAD)
    assert [(item.cells[0], item.stands_for is not None) for item in aside(store)] == [("另一种装置", True)]
    titles = store.files("patent")
    found = connect().execute(f"select title from read_parquet({quoted(str(titles[-1]))})").fetchall()
    assert found == [("=HYPERLINK(1)",)]


def test_reading_a_sheet_again_changes_nothing(tmp_path: Path) -> None:
    store, out = loaded(tmp_path), tmp_path / "q.csv"
    write(store, out)
    head, first, second = cells(out)
    first[9] = "2020-02-20"
    assert one(listed(tmp_path / "m.csv", [head, first, second]), store).mended == 1
    again = one(listed(tmp_path / "m.csv", [head, first, second]), store)
    assert again.before and len(store.manifest()) == 2
    other = one(listed(tmp_path / "n.csv", [head, first, second], "gb18030"), store)
    assert (other.good, other.repeats, other.quarantined, other.mended) == (0, 1, 1, 0)
    assert [item.cells[0] for item in aside(store)] == ["另一种装置"]
    second[9] = "2020-03-01"
    assert one(listed(tmp_path / "o.csv", [head, second]), store).mended == 1
    assert list(aside(store)) == []
    with pytest.raises(UsageError) as caught:
        write(store, out)
    assert caught.value.code == "nothing_aside"


def test_the_same_store_writes_the_same_bytes(tmp_path: Path) -> None:
    store = loaded(tmp_path)
    for suffix in (".xlsx", ".csv"):
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        write(store, first)
        write(store, second)
        assert first.read_bytes() == second.read_bytes()


def test_a_sheet_for_each_reader_and_documents_are_mended_in_their_file(tmp_path: Path) -> None:
    store = loaded(tmp_path)
    xml = tmp_path / "a.xml"
    xml.write_text("<cn-patent-document><x></cn-patent-document>", encoding="utf-8")
    read([xml], store)
    made = write(store, tmp_path / "q.csv")
    assert [(path.name, count) for path, count in made] == [("q.csv", 2), ("q-2.csv", 1)]
    assert "<cn-patent-document>" in made[1][0].read_text(encoding="utf-8-sig")
    with pytest.raises(DataError) as caught:
        one(made[1][0], store)
    assert caught.value.code == "quarantine_documents"


def test_marks_that_are_gone_or_mixed_are_told(tmp_path: Path) -> None:
    store, out = loaded(tmp_path), tmp_path / "q.csv"
    write(store, out)
    head, first, second = cells(out)
    for marks in (("x", "y"), (first[0], second[0].replace("cn_list", "incopat"))):
        bad = listed(tmp_path / "bad.csv", [head, [marks[0], *first[1:]], [marks[1], *second[1:]]])
        with pytest.raises(DataError) as caught:
            one(bad, store)
        assert caught.value.code == "quarantine_marks"


def test_what_a_sheet_cannot_hold_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    read([listed(tmp_path / "a.csv", [HEAD, ["长" * 32_768, "张三", "合成甲公司", "某日", ""]])], store)
    with pytest.raises(UsageError) as caught:
        write(store, tmp_path / "q.xlsx")
    assert caught.value.code == "sheet_too_small"
    assert cells(write(store, tmp_path / "q.csv")[0][0])[1][6] == "长" * 32_768
    with pytest.raises(UsageError) as caught:
        write(store, tmp_path / "q.pdf")
    assert caught.value.code == "sheet_suffix"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_guarded_cell_comes_back(cell: str) -> None:
    pattern = r"'^''(''*[=+\-@\t\r])', '\1'"
    if "\0" not in cell:
        assert connect().execute(f"select regexp_replace(?, {pattern})", [guarded(cell)]).fetchall() == [(cell,)]
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
