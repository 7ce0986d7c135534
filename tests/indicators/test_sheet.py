from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tidu.core.errors import TiduError
from tidu.indicators.panel import Panel
from tidu.indicators.sheet import read_grid, read_panel

NAN = np.nan
HEAD = ["城市代码", "年份", "名称", "name_en", "gdp", "people", "region"]
ROWS: list[list[Any]] = [
    ["420100", 2022, "武汉", "Wuhan", 18866.43, 1373.9, "Central"],
    ["420100", 2023, "武汉", "Wuhan", 20011.65, None, "Central"],
    ["510100", 2023, "成都", "Chengdu", 22074.7, 2140.3, "West"],
    ["510100", 2022, "成都", "Chengdu", 20817.5, 2126.8, "West"],
]


def text(rows: list[list[Any]] = ROWS, head: list[str] = HEAD, delimiter: str = ",") -> str:
    cells = [head, *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    return "\n".join(delimiter.join(row) for row in cells) + "\n"


def write_utf8(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(text().encode("utf-8"))
    return folder / "a.csv"


def write_bom(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(text().encode("utf-8-sig"))
    return folder / "a.csv"


def write_gb18030(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(text().encode("gb18030"))
    return folder / "a.csv"


def write_crlf(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(text().replace("\n", "\r\n").encode("utf-8"))
    return folder / "a.csv"


def write_tsv(folder: Path) -> Path:
    (folder / "a.tsv").write_bytes(text(delimiter="\t").encode("utf-8"))
    return folder / "a.tsv"


def write_xlsx(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        book.add_worksheet("notes").write(0, 0, "nothing here")
        sheet = book.add_worksheet("data")
        for at, row in enumerate([HEAD, *ROWS]):
            for k, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, k, cell)
    return folder / "a.xlsx"


def write_parquet(folder: Path) -> Path:
    columns = {name: [row[k] for row in ROWS] for k, name in enumerate(HEAD)}
    pq.write_table(pa.table(columns), folder / "a.parquet")
    return folder / "a.parquet"


FORMATS: list[Callable[[Path], Path]] = [write_utf8, write_bom, write_gb18030, write_crlf, write_tsv, write_xlsx, write_parquet]


@pytest.mark.parametrize("write", FORMATS)
def test_every_format_gives_the_same_panel(write: Callable[[Path], Path], tmp_path: Path) -> None:
    panel = read_panel(write(tmp_path))
    assert (panel.units, panel.periods, panel.columns) == (("420100", "510100"), ("2022", "2023"), ("gdp", "people"))
    assert np.array_equal(panel.column("gdp"), [[18866.43, 20011.65], [20817.5, 22074.7]])
    assert np.array_equal(panel.column("people"), [[1373.9, NAN], [2126.8, 2140.3]], equal_nan=True)
    assert panel.letters()[0, 1].tolist() == ["A", "O"]
    assert panel.groups == {"region": ("Central", "West")}
    assert (panel.name("420100"), panel.name("420100", "en")) == ("武汉", "Wuhan")


def panel_of(folder: Path, content: str, **how: Any) -> Panel:
    (folder / "t.csv").write_text(content, encoding="utf-8")
    return read_panel(folder / "t.csv", **how)


def faults(folder: Path, content: str, **how: Any) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(TiduError) as caught:
        panel_of(folder, content, **how)
    found = getattr(caught.value, "errors", [caught.value])
    assert {error.file for error in found} == {"t.csv"}
    return [(error.code, error.row, error.column) for error in found]


@pytest.mark.parametrize("unit", ["unit", "code", "ADCODE", "uCode", "代码", "行政区划代码"])
@pytest.mark.parametrize("time", ["period", "Year", "年份", "时期"])
def test_headings_by_which_units_and_periods_are_known(unit: str, time: str, tmp_path: Path) -> None:
    panel = panel_of(tmp_path, f"{unit},{time},x\na,2022,1\na,2023,2\n")
    assert (panel.units, panel.periods, panel.columns) == (("a",), ("2022", "2023"), ("x",))


def test_rows_of_one_period_need_no_column_for_it(tmp_path: Path) -> None:
    assert panel_of(tmp_path, "unit,x\na,1\nb,2\n").shape == (2, 1, 1)


@pytest.mark.parametrize(("cell", "period"), [("2023年", "2023"), ("2023-Q4", "2023-Q4"), (" 2023-11 ", "2023-11")])
def test_periods_as_they_are_written(cell: str, period: str, tmp_path: Path) -> None:
    assert panel_of(tmp_path, f"unit,year,x\na,{cell},1\n").periods == (period,)


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "-", "—", "…", "..", "缺"])
def test_the_ways_in_which_tables_say_that_a_figure_is_missing(cell: str, tmp_path: Path) -> None:
    panel = panel_of(tmp_path, f"unit,x\na,{cell}\nb,0\n")
    assert np.array_equal(panel.column("x").ravel(), [NAN, 0.0], equal_nan=True)
    assert panel.letters().ravel().tolist() == ["O", "A"]


@pytest.mark.parametrize(("cell", "value"), [("12", 12.0), ("-3.5", -3.5), ("1e3", 1000.0), ("+.5", 0.5), (" 7 ", 7.0)])
def test_numbers(cell: str, value: float, tmp_path: Path) -> None:
    assert panel_of(tmp_path, f"unit,x\na,{cell}\nb,1\n").column("x")[0, 0] == value


def test_status_letters_stand_beside_their_column(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, "unit,x,x.status,y\na,1,E,1\nb,2,,2\nc,,M,3\n")
    assert panel.columns == ("x", "y")
    assert panel.letters()[:, 0, 0].tolist() == ["E", "A", "M"]


def test_standard_errors_stand_beside_their_column(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, "unit,x,x.se,y\na,1,0.5,1\nb,2,,2\n")
    assert panel.columns == ("x", "y") and panel.standard_error is not None
    assert panel.standard_error[:, 0].tolist()[0][0] == 0.5 and np.isnan(panel.standard_error).sum() == 3


def test_a_column_of_words_is_an_attribute_unless_figures_are_asked_of_it(tmp_path: Path) -> None:
    content = "unit,x,kind\na,1,big\nb,2,small\n"
    assert panel_of(tmp_path, content).groups == {"kind": ("big", "small")}
    assert faults(tmp_path, content, figures=["kind"]) == [("bad_number", 2, "kind"), ("bad_number", 3, "kind")]


def test_blank_lines_and_trailing_columns_do_not_matter(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, "\nunit,year,x,,\n\na,2023,1,,\n,,,,\nb,2023,2,,\n")
    assert panel.column("x").ravel().tolist() == [1, 2]


def test_cells_with_commas_and_line_breaks_in_quotes(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, 'unit,name_en,x\n"a","Xi\'an, ""old""\ncapital",1\nb,B,2\n')
    assert panel.name("a", "en") == 'Xi\'an, "old"\ncapital'


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("unit,x\na,1\na,2\n", None),
        ("unit,year,x\na,2023,1\na,2023,2\n", ("row_twice", 3, None)),
        ("unit,year,x\n,2023,1\n", ("empty_unit", 2, "unit")),
        ("unit,year,x\na,,1\n", ("empty_period", 2, "year")),
        ("unit,year,x\na,23,1\n", ("bad_period", 2, "year")),
        ("unit,x,x\na,1,2\n", ("heading_twice", 1, "x")),
        ("unit,,x\na,1,2\n", ("empty_heading", 1, None)),
        ("unit,x\na,1,2\n", ("long_row", 2, None)),
        ("unit,x,y\na,1\n", ("short_row", 2, None)),
        ("unit,x,x.status\na,1,Z\n", ("bad_status", 2, "x.status")),
        ("unit,x,x.se\na,1,-2\n", ("bad_standard_error", 2, "x.se")),
        ("unit,x,z.se\na,1,2\n", ("status_without_column", 1, "z.se")),
        ("unit,x,x.status\na,1,O\n", ("status_against_value", 2, "x.status")),
        ("unit,x,x.status\na,,A\n", ("status_against_value", 2, "x.status")),
        ("unit,year,x,kind\na,2022,1,big\na,2023,1,small\n", ("attribute_changes", 3, "kind")),
        ("unit,x\n", ("only_headings", 1, None)),
        ("", ("empty_table", None, None)),
        ("unit;x\na;1\n", ("wrong_delimiter", 1, None)),
    ],
)
def test_what_does_not_fit_is_named_with_file_row_and_column(
    content: str, wanted: tuple[str, int | None, str | None] | None, tmp_path: Path
) -> None:
    found = faults(tmp_path, content)
    assert found
    if wanted is not None:
        assert wanted in found


def test_all_bad_cells_are_told_in_one_pass(tmp_path: Path) -> None:
    found = faults(tmp_path, "unit,x,y\na,1,1\nb,o,2\nc,3,p\n", figures=["x", "y"])
    assert found == [("bad_number", 3, "x"), ("bad_number", 4, "y")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.docx", b"x", "unknown_format"),
        ("a.csv", "unit,x\na,1\n".encode("utf-16"), "utf16"),
        ("a.csv", b"unit,x\na,\x00\n", "nul_byte"),
        ("a.csv", b"unit,x\n\xff\xff,1\n", "bad_encoding"),
        ("a.xlsx", b"no workbook", "bad_workbook"),
        ("a.parquet", b"no parquet", "bad_parquet"),
    ],
)
def test_files_that_cannot_be_read(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TiduError) as caught:
        read_panel(tmp_path / name)
    assert (caught.value.code, caught.value.file) == (code, name)


def test_files_and_sheets_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(TiduError) as caught:
        read_panel(tmp_path / "none.csv")
    assert caught.value.code == "no_file"
    with pytest.raises(TiduError) as caught:
        read_panel(tmp_path)
    assert caught.value.code == "is_folder"
    with pytest.raises(TiduError) as caught:
        read_panel(write_xlsx(tmp_path), sheet="dta")
    assert (caught.value.code, caught.value.did_you_mean) == ("no_sheet", "data")


def test_a_sheet_is_read_as_it_stands(tmp_path: Path) -> None:
    grid = read_grid(write_xlsx(tmp_path), sheet="data")
    assert grid.headings == tuple(HEAD)
    assert [line for line, _ in grid.rows] == [2, 3, 4, 5]
