"""The results workbook, read back."""

from __future__ import annotations

from pathlib import Path

import python_calamine as calamine

from tidu import app
from tidu.publish.workbook import write_results, write_workbook


def test_results_read_back_as_numbers_and_codes_as_text(tmp_path: Path) -> None:
    index = app.make("city-ip-core", years=[2023])
    book = calamine.CalamineWorkbook.from_path(str(write_results(tmp_path / "r.xlsx", index)))
    assert book.sheet_names[1:] == ["ranking 2023", "scores", "ranks", "weights", "coverage", "changes"]
    rows = book.get_sheet_by_name("ranking 2023").to_python()
    assert rows[0][:5] == ["rank", "unit", "name_zh", "name_en", "score"]
    assert rows[1][0] == 1.0 and rows[1][1] == "110000"
    unit, rank, score = index.top(1)[0]
    assert (rows[1][1], rows[1][0]) == (unit, rank)
    assert abs(rows[1][4] - score) < 1e-9 * score


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_workbook(tmp_path / name, {"s": [{"a": 1, "b": "x"}]}, [("n", "m")]) for name in ("1.xlsx", "2.xlsx"))
    assert one.read_bytes() == two.read_bytes()


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "f.xlsx", {"s": [{"note": "=1+1", "value": "2.5"}]})
    assert calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("s").to_python()[1] == ["=1+1", 2.5]
