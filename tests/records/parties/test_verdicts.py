"""Decisions of people: taken in from a sheet, kept, the last word standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.core.errors import DataError
from tidu.records.parties.verdicts import COLUMNS, Doubt, Verdict, decide, doubts, keep_doubts, read, write_sheet

DOUBTS = [
    Doubt("虚构甲公司", "330100", "虚构乙公司", "", "place", 0.3),
    Doubt("虚构丙公司", "", "虚构丁公司", "", "misprint", 0.6),
]


def test_a_sheet_goes_out_and_comes_back(tmp_path: Path) -> None:
    assert doubts(tmp_path) == [] and read(tmp_path) == []
    keep_doubts(tmp_path, DOUBTS)
    assert doubts(tmp_path) == DOUBTS[::-1]
    sheet = tmp_path / "sheet.csv"
    write_sheet(sheet, doubts(tmp_path))
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].endswith("verdict,who,when")
    lines[1] = lines[1][: -len(",,")] + "相同,,"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    assert decide(tmp_path, sheet, "某人", "2024-01-02") == 1
    assert read(tmp_path) == [Verdict("虚构丙公司", "虚构丁公司", True, "某人", "2024-01-02")]
    assert doubts(tmp_path) == DOUBTS[:1]


def test_the_last_word_stands_whichever_name_is_first(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    rows = ["甲（虚构）公司,乙公司,same,我,2024-01-01", "乙公司,甲(虚构)公司,different,你,2024-02-01", "丙公司,丁公司,,,"]
    sheet.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    assert decide(tmp_path, sheet, "", "") == 2
    assert [(one.same, one.who) for one in read(tmp_path)] == [(False, "你")]


def test_a_sheet_that_cannot_be_read(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("left,verdict\n甲,same\n", encoding="utf-8")
    with pytest.raises(DataError) as lacking:
        decide(tmp_path, sheet, "", "")
    assert (lacking.value.code, lacking.value.values["columns"]) == ("parties_columns", "right")
    sheet.write_text("left,right,verdict\n甲,乙,maybe\n", encoding="utf-8")
    with pytest.raises(DataError) as said:
        decide(tmp_path, sheet, "", "")
    assert said.value.code == "parties_verdict"
    assert read(tmp_path) == []
