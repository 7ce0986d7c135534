from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tidu.core.errors import DataError, UsageError
from tidu.indicators.measures.supplied import SUPPLIED, explained, read_supplied, sheet, supplied_of


@pytest.mark.parametrize("name", SUPPLIED)
def test_the_example_of_every_table_is_read_and_says_that_it_is_synthetic(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(sheet(name, example=True), encoding="utf-8-sig")
    found = read_supplied(name, path)
    rows = list(csv.DictReader(io.StringIO(sheet(name, example=True))))
    assert rows and all(row["note"] == "虚构 synthetic" for row in rows)
    assert set(found) == set(SUPPLIED[name].names) and all(len(cells) == len(rows) for cells in found.values())
    assert explained(name, "zh") and explained(name, "en").isascii()


def test_cells_have_their_types_and_empty_rows_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("appno,year,more\n201010000001,2016,x\n,,\n2015,,\n", encoding="utf-8")
    assert read_supplied("award", path) == {"appno": ["201010000001", "2015"], "year": [2016, None]}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("appno\n1\n", "supplied_column", None),
        ("appno,year\n1,soon\n", "supplied_cell", "year"),
        ("appno,year\n1,2016.5\n", "supplied_cell", "year"),
        ("appno,year\n,2016\n", "supplied_cell", "appno"),
    ],
)
def test_what_does_not_do_is_told(text: str, code: str, place: str | None, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_supplied("award", path)
    assert (error.value.code, error.value.column) == (code, place) and error.value.text("zh") and error.value.text("en")


def test_an_unknown_table_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError) as error:
        supplied_of("awards")
    assert error.value.code == "unknown_supplied" and error.value.did_you_mean == "award"
