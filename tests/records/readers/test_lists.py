"""Lists of any encoding and line end give the same rows; cells that hold several values are parted side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tidu.core.errors import DataError
from tidu.records.profiles import profile
from tidu.records.readers.lists import headings, stage
from tidu.records.staging import Staging

HEAD = ["申请号", "公开（公告）号", "标题", "申请人", "申请日", "合享价值度", "转让执行日", "转让人", "受让人", "IPC"]
#: Synthetic: the number is of no patent.
ROW = [
    "CN202010000001.1",
    "CN111000001A",
    "一种装置",
    "甲公司; 乙大学",
    "2020.01.05",
    "9",
    "2021-01-01; 2022-02-02",
    "甲公司; 丙",
    "丙; 丁",
    "A61N5/00; G06F1/00",
]


def staged(path: Path, folder: Path) -> Staging:
    folder.mkdir()
    staging = Staging(folder)
    stage(path, profile("incopat"), staging)
    return staging


def check(staging: Staging) -> None:
    run = staging.engine.execute
    assert run("select appno, title, filing from staged_patent").fetchall() == [("202010000001.1", "一种装置", "2020-01-05")]
    assert run("select role, seq, name from staged_party order by all").fetchall() == [
        ("applicant", "1", "甲公司"),
        ("applicant", "2", "乙大学"),
    ]
    assert run("select code, effective, giver, taker from staged_event order by effective").fetchall() == [
        ("TR01", "2021-01-01", "甲公司", "丙"),
        ("TR01", "2022-02-02", "丙", "丁"),
    ]
    assert run("select seq, symbol from staged_class order by seq").fetchall() == [("1", "A61N5/00"), ("2", "G06F1/00")]
    staging.close()


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_a_list_of_any_encoding(name: str, end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("".join(mark.join(row) + end for row in (HEAD, ROW)).encode(name))
    if name != "utf-16":
        assert headings(path) == HEAD
    check(staged(path, tmp_path / "w"))


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["合成示例"], HEAD, [], ROW)):
            sheet.write_row(at, 0, row)
    assert headings(path)[:2] == HEAD[:2]
    staging = staged(path, tmp_path / "w")
    assert staging.blank == 1
    check(staging)


def test_lines_of_another_width_are_kept_with_their_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEAD), ",".join(ROW), "x,y", 'a,"b', ",".join(ROW) + ",more"]) + "\n", encoding="utf-8")
    staging = staged(path, tmp_path / "w")
    assert staging.engine.execute("select line, fault from source order by record").fetchall() == [
        (2, None),
        (3, "fields"),
        (4, "broken"),
    ]
    staging.close()


def test_a_file_without_headings_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        staged(path, tmp_path / "w")
    assert caught.value.code == "list_headings"
