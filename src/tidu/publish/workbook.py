"""Results as an XLSX workbook, and the template that a person fills without programming."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tidu.core.words import word
from tidu.index.result import Index
from tidu.publish import tables

#: Columns that hold texts even where they look like numbers (an adcode, a year).
_TEXTS = frozenset(
    {"unit", "code", "parent", "name_zh", "name_en", "label_zh", "label_en", "period", "indicator", "step", "reason"}
)

#: Stamped into every workbook, so that the same rows give the same bytes on any day.
_STAMP = datetime.datetime(2000, 1, 1)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]], notes: Sequence[Sequence[str]] = ()) -> Path:
    """The path written: one sheet a table, numbers as numbers, the heading row frozen; ``notes`` come first."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False})
    book.set_properties({"created": _STAMP, "author": "", "comments": ""})
    head = book.add_format({"bold": True, "bottom": 1})
    if notes:
        sheet = book.add_worksheet("说明 notes")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 3, 60)
        for at, line in enumerate(notes):
            for column, text in enumerate(line):
                sheet.write_string(at, column, text, head if at == 0 else None)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for column, key in enumerate(rows[0] if rows else ()):
            sheet.write_string(0, column, str(key), head)
            sheet.set_column(column, column, 14)
        for at, row in enumerate(rows, start=1):
            for column, (key, value) in enumerate(row.items()):
                _write(sheet, at, column, key, value)
    book.close()
    return path


def _write(sheet: Any, row: int, column: int, key: str, value: Any) -> None:
    """One cell: codes, names and reasons as text, figures as numbers, a missing one left empty."""
    if value is None or value == "":
        return
    if key in _TEXTS:
        sheet.write_string(row, column, str(value))
        return
    try:
        sheet.write_number(row, column, float(value))
    except ValueError:
        sheet.write_string(row, column, str(value))


def write_results(path: Path, index: Index) -> Path:
    """The path written: ranking of each period, scores, ranks, weights, coverage and changed cells, one sheet each."""
    sheets: dict[str, Sequence[Mapping[str, Any]]] = {}
    for period in index.periods:
        sheets[f"ranking {period}"] = tables.ranking(index, period)
    sheets |= {
        "scores": tables.by_unit(index, "scores"),
        "ranks": tables.by_unit(index, "ranks"),
        "weights": tables.weights(index),
        "coverage": index.coverage(),
        "changes": tables.changes(index),
    }
    notes = [
        ("Tidu 梯度", ""),
        (index.framework.title("zh"), index.framework.title("en")),
        (word("workbook_notes", "zh"), word("workbook_notes", "en")),
    ]
    return write_workbook(path, sheets, notes)
