"""The sheets that are read first: the ranking in order, one unit, the notes."""

from __future__ import annotations

from pathlib import Path

import python_calamine as calamine

from tidu.publish.edition import Edition
from tidu.publish.live_workbook.sheets import write_live


def test_the_ranking_is_that_of_the_edition_with_its_ranges(coastal: Edition, tmp_path: Path) -> None:
    book = calamine.CalamineWorkbook.from_path(str(write_live(tmp_path / "a.xlsx", coastal, 2024, "en")))
    rows = book.get_sheet_by_name("Ranking").to_python(skip_empty_area=False)[4:]
    told = [row for row in coastal.ranking() if row["rank"] is not None]
    assert len(rows) == len(told) == 12
    for row, own in zip(rows, told, strict=True):
        assert (row[0], row[1], row[2], row[4], row[5]) == (own["rank"], own["unit"], own["name_en"], own["rank"], 0.0)
        assert abs(row[3] - own["score"]) < 1e-9
        assert row[6] <= own["best"] < row[6] + 1 and row[7] - 1 < own["worst"] <= row[7]
    unit = book.get_sheet_by_name("Unit").to_python(skip_empty_area=False)
    assert unit[2][1] == told[0]["name_en"] and unit[3][1] == 1.0


def test_notes_say_what_is_live_and_what_is_not(coastal: Edition, tmp_path: Path) -> None:
    book = calamine.CalamineWorkbook.from_path(str(write_live(tmp_path / "a.xlsx", coastal, None, "zh")))
    text = "\n".join(str(row[0]) for row in book.get_sheet_by_name("说明").to_python())
    assert "12 个单位、2 项指标" in text and "填补值 0 个" in text and coastal.hash[:12] in text


def test_a_stranger_without_ranges_has_a_ranking(stranger: Edition, tmp_path: Path) -> None:
    path = write_live(tmp_path / "a.xlsx", Edition(stranger.index, None), None, "en")
    rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Ranking").to_python(skip_empty_area=False)
    assert rows[3][:6] == ["Rank", "Code", "Name", "Score", "Rank as published", "Places gained"]
    assert [row[1] for row in rows[4:7]] == ["z", "y", "x/1"]
