"""Writes the bad workbooks and Parquet files of this folder anew: ``python tests/bad_files/make_binary.py``."""

from __future__ import annotations

import csv
import datetime
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WHEN = datetime.datetime(2024, 1, 1)


def good_rows() -> list[list[Any]]:
    """The good table with its numbers as numbers."""
    with (HERE / "_good.csv").open(encoding="utf-8", newline="") as file:
        head, *body = list(csv.reader(file))
    texts = {"unit", "name_zh", "name_en", "region"}
    cells = [[value if head[k] in texts else float(value) for k, value in enumerate(row)] for row in body]
    return [head, *cells]


def workbook(name: str, sheets: dict[str, list[list[Any]]]) -> None:
    """An XLSX file with the sheets' rows."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(HERE / name)) as book:
        book.set_properties({"created": WHEN})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(r, c, value, None, "#DIV/0!")
                    elif value is not None:
                        sheet.write(r, c, value)


def spoilt(row: int, column: str, value: Any) -> list[list[Any]]:
    """The good table with one cell put; the row counts from 1, the headings."""
    rows = good_rows()
    rows[row - 1][rows[0].index(column)] = value
    return rows


def write_all() -> None:
    """Every binary bad file."""
    rows = good_rows()
    workbook("xlsx_no_data_sheet.xlsx", {"notes": [["This sheet says how the figures were collected."]], "figures": rows})
    workbook("xlsx_empty.xlsx", {"data": []})
    workbook("xlsx_title_above.xlsx", {"data": [["2022—2023 年知识产权统计表"], *rows]})
    workbook("xlsx_date_in_number.xlsx", {"data": spoilt(5, "loans", datetime.datetime(2023, 6, 6))})
    workbook("xlsx_date_in_year.xlsx", {"data": spoilt(5, "year", datetime.datetime(2023, 6, 6))})
    workbook("xlsx_bool_in_number.xlsx", {"data": spoilt(5, "loans", True)})
    workbook("xlsx_error_in_number.xlsx", {"data": spoilt(5, "loans", "=1/0")})
    workbook("xlsx_text_in_number.xlsx", {"data": spoilt(5, "loans", "6.6 亿元")})
    workbook("xlsx_half_year.xlsx", {"data": spoilt(5, "year", 2023.5)})
    workbook("xlsx_unit_merged.xlsx", {"data": spoilt(5, "unit", None)})
    (HERE / "xlsx_not_a_workbook.xlsx").write_bytes((HERE / "_good.csv").read_bytes())
    (HERE / "xlsx_encrypted.xlsx").write_bytes(encrypted())
    whole = HERE / "xlsx_whole.tmp"
    workbook(whole.name, {"data": rows})
    (HERE / "xlsx_cut_off.xlsx").write_bytes(whole.read_bytes()[:2000])
    whole.unlink()
    with zipfile.ZipFile(HERE / "xlsx_other_zip.xlsx", "w") as archive:
        archive.writestr(zipfile.ZipInfo("readme.txt", (2024, 1, 1, 0, 0, 0)), "no workbook in here")
    parquet()


def encrypted() -> bytes:
    """The first sectors of a compound file as a password makes of a workbook: a header without a directory to be read."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff0900") + bytes(480)
    return head + "EncryptedPackage".encode("utf-16-le") + bytes(480)


def parquet() -> None:
    """A Parquet file cut short, one that is text, and one with a nested column."""
    import duckdb

    with duckdb.connect() as base:
        base.read_csv(str(HERE / "_good.csv")).create("good")
        base.execute(f"copy good to '{HERE / 'parquet_cut_off.parquet'}' (format parquet)")
        nested = f"copy (select * replace ([loans] as loans) from good) to '{HERE / 'parquet_nested.parquet'}' (format parquet)"
        base.execute(nested)
    path = HERE / "parquet_cut_off.parquet"
    path.write_bytes(path.read_bytes()[:900])
    (HERE / "parquet_is_text.parquet").write_bytes((HERE / "_good.csv").read_bytes())


if __name__ == "__main__":
    write_all()
