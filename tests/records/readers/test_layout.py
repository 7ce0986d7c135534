"""Cells of lines become rows of the canonical tables as a profile says. All numbers and names are synthetic."""

from __future__ import annotations

from pathlib import Path

from tidu.records.profiles import profile
from tidu.records.readers.layout import mapped
from tidu.records.staging import Staging

HEADS = ["申请号", "标题", "申请人", "申请日", "IPC"]
LINES = [
    ("CN202010000001.1", "一种装置", "甲公司;　乙大学", "2020.01.05", "A61N5/00; G06F1/00"),
    ("申请号", "标题", "申请人", "申请日", "IPC"),
    ("ＺＬ２０２０２００００００２．9", " - ", "丙", "2020年2月30日", "--"),
    ("", "无", "丁", "2020-01-06", ""),
    ("'=1+1", "一种方法", "戊", "2020-01-07", "G06F 1/00 (2006.01)"),
]


def staged(folder: Path, guarded: bool = False) -> Staging:
    made = Staging(folder)
    made.engine.execute(
        "create table raw (record bigint, line bigint, byte bigint, c0 varchar, c1 varchar, c2 varchar, c3 varchar,"
        " c4 varchar, fault varchar)"
    )
    for at, line in enumerate(LINES, 1):
        made.engine.execute(
            "insert into raw values (?, ?, 0, ?, ?, ?, ?, ?, ?)", [at, at + 1, *line, "fields" if at == 4 else None]
        )
    made.engine.execute("create view places as select line, byte from raw")
    mapped(profile("incopat"), HEADS, made, guarded)
    return made


def test_lines_make_rows_of_the_canonical_tables(tmp_path: Path) -> None:
    made = staged(tmp_path)
    run = made.engine.execute
    assert run("select record, appno, kind, title, filing from staged_patent order by record").fetchall() == [
        (1, "202010000001.1", "invention", "一种装置", "2020-01-05"),
        (3, "202020000002.9", "utility_model", None, "2020年2月30日"),  # no such day: as it stands, for the rules to say
        (5, "'=1+1", None, "一种方法", "2020-01-07"),
    ]
    assert run("select record, name from staged_party where role = 'applicant' order by record, seq").fetchall() == [
        (1, "甲公司"),
        (1, "乙大学"),
        (3, "丙"),
        (5, "戊"),
    ]
    assert run("select record, appno, symbol from staged_class order by record, seq").fetchall() == [
        (1, "202010000001.1", "A61N5/00"),
        (1, "202010000001.1", "G06F1/00"),
        (5, "'=1+1", "G06F1/00"),
    ]
    made.close()


def test_every_line_is_in_the_source_but_a_heading_that_stands_again(tmp_path: Path) -> None:
    made = staged(tmp_path)
    rows = made.engine.execute("select record, line, fault from source order by record").fetchall()
    assert rows == [(1, 2, None), (3, 4, None), (4, 5, "fields"), (5, 6, None)]
    assert made.blank == 1
    made.close()


def test_the_apostrophe_of_a_guarded_cell_is_taken_off(tmp_path: Path) -> None:
    made = staged(tmp_path, guarded=True)
    assert made.engine.execute("select appno from staged_patent where record = 5").fetchall() == [("=1+1",)]
    made.close()
