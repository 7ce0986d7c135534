"""A table file (CSV, XLSX, Parquet) as a Panel; every cell that does not fit is named with file, row and column.

One row is a unit in a period. The heading row names the columns:

- the unit: ``unit``, ``code``, ``adcode``, ``uCode``, 代码, 城市代码, 行政区划代码;
- the period: ``period``, ``year``, ``Time``, 年份, 时期 (left out when all rows are of one period);
- names: ``name``, ``name_zh``, ``name_en``, ``uName``, 名称, 城市;
- ``X.status``: the SDMX status letters of column ``X``; ``X.se``: the standard errors of its figures;
- every other column is a figure when its cells are numbers, and an attribute of the unit when they are text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from tidu.core.errors import DataError, TiduError, listing, nearest, raise_all
from tidu.core.words import UNDATED
from tidu.indicators.panel import PERIOD, STATUS, TIME, UNIT, Panel, likely_number, number_of

NAME_ZH = ("name", "name_zh", "uname", "名称", "城市", "单位名称")
NAME_EN = ("name_en", "英文名称")
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TOTALS = frozenset({"合计", "总计", "全国", "全省", "全市", "小计", "total", "sum", "all", "national total"})
_LONG_NAMES = ("indicator", "variable", "指标", "指标名称", "指标代码")
_LONG_VALUES = ("value", "数值", "值", "取值")
_SENTINELS = frozenset({-99.0, -999.0, -9999.0, -99999.0})
_MOST = 25  # faults told of one file; the rest is counted


@dataclass(frozen=True)
class Grid:
    """A sheet as it stands: headings, then rows of cells, each with its row number in the file (1 = first line)."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    top: int = 1


def read_panel(path: str | Path, *, figures: Collection[str] = (), sheet: str | None = None) -> Panel:
    """The panel of a table file.

    Args:
        path: a ``.csv``, ``.tsv``, ``.xlsx``, ``.xls``, ``.ods`` or ``.parquet`` file.
        figures: columns that must be numbers; a text there is an error, elsewhere it makes the column an attribute.
        sheet: which sheet of a workbook; ``data`` or the first one when left out.

    Raises :class:`~tidu.core.errors.DataError` with file, row and column; several faults at once as
    :class:`~tidu.core.errors.Problems`.
    """
    path = Path(path)
    try:
        grid = read_grid(path, sheet)
        return panel_of_grid(grid, figures)
    except TiduError as error:
        raise error.in_file(path.name) from None


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """The headings and rows of a table file, whatever its format. Raises ``unknown_format`` for an unknown ending."""
    if not path.exists():
        raise DataError("no_file", file=path.name, path=str(path))
    if path.is_dir():
        raise DataError("is_folder", file=path.name)
    ending = path.suffix.lower()
    try:
        path.open("rb").close()
    except OSError as failure:
        raise DataError("unreadable", file=path.name, why=failure.strerror or str(failure)) from None
    if ending in (".csv", ".tsv", ".txt"):
        return _grid(path.name, _csv_rows(path, "\t" if ending == ".tsv" else ","))
    if ending in (".xlsx", ".xls", ".xlsm", ".ods"):
        return _grid(path.name, _workbook_rows(path, sheet))
    if ending == ".parquet":
        return _grid(path.name, _parquet_rows(path))
    raise DataError("unknown_format", file=path.name, ending=ending or "none")


def _csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError("utf16", file=path.name)
    if b"\0" in content:
        if content[1:2] == b"\0" or content[:1] == b"\0":
            raise DataError("utf16", file=path.name)
        raise DataError("nul_byte", file=path.name, row=content[: content.index(b"\0")].count(b"\n") + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as failure:
            line = content[: failure.start].count(b"\n") + 1
            raise DataError("bad_encoding", file=path.name, row=line) from None
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if not any(delimiter in line for line in lines):
        names = {";": ";", "\t": "TAB", "，": "，", "|": "|", ",": ","}
        for other, name in names.items():
            if lines and other in lines[-1]:
                raise DataError("wrong_delimiter", file=path.name, row=1, found=name, wanted=names[delimiter])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, list(row)
            line = reader.line_num + 1
    except csv.Error as failure:
        raise DataError("bad_csv", file=path.name, row=line, why=str(failure)) from None


def _workbook_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[Any]]]:
    import python_calamine as calamine

    content = path.read_bytes()
    if content.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") in content:
        raise DataError("workbook_locked", file=path.name)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
    except Exception as failure:  # the reader raises its own error for each fault of the container
        raise DataError("bad_workbook", file=path.name, why=str(failure) or type(failure).__name__) from None
    if sheet is not None and sheet not in names:
        raise DataError("no_sheet", file=path.name, name=sheet, known=listing(names), did_you_mean=nearest(sheet, names))
    if not names:
        raise DataError("empty_table", file=path.name)
    chosen = sheet or next((name for name in names if name.strip().lower() in ("data", "数据")), None)
    if chosen is None and len(names) > 1:
        raise DataError("no_data_sheet", file=path.name, known=listing(names))
    chosen = chosen or names[0]
    try:
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except Exception as failure:
        raise DataError("bad_workbook", file=path.name, why=str(failure) or type(failure).__name__) from None
    if content.startswith(b"PK"):
        for row, column, text in _error_cells(path, chosen):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text  # the reader leaves such a cell empty, as if its figure were missing
    yield from ((at, list(row)) for at, row in enumerate(rows, start=1))


def _error_cells(path: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row, column (from 0) and text of the cells of an XLSX sheet that hold an error such as ``#DIV/0!``."""
    with zipfile.ZipFile(path) as book:
        try:
            links = {
                item.get("Id"): item.get("Target", "") for item in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
            }
            for item in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_SHEET}sheet"):
                if item.get("name") == sheet:
                    target = links[item.get(f"{_LINK}id")]
                    content = book.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
                    break
            else:
                return
        except (KeyError, ElementTree.ParseError):
            return
    if b't="e"' not in content:
        return
    for cell in ElementTree.fromstring(content).iter(f"{_SHEET}c"):
        found = re.match(r"([A-Z]+)([0-9]+)$", cell.get("r", ""))
        if cell.get("t") == "e" and found:
            column = 0
            for letter in found.group(1):
                column = column * 26 + ord(letter) - 64
            yield int(found.group(2)) - 1, column - 1, cell.findtext(f"{_SHEET}v") or "#ERROR!"


def _parquet_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    import duckdb

    try:
        found = duckdb.connect().execute("select * from read_parquet(?)", [str(path)])
        yield 1, [item[0] for item in found.description]
        yield from ((at, list(row)) for at, row in enumerate(found.fetchall(), start=2))
    except duckdb.Error as failure:
        raise DataError("bad_parquet", file=path.name, why=str(failure).splitlines()[0]) from None


def _grid(file: str, rows: Iterator[tuple[int, list[Any]]]) -> Grid:
    kept = [(at, row) for at, row in rows if any(not _blank(cell) for cell in row)]
    if not kept:
        raise DataError("empty_table", file=file)
    at, head = kept[0]
    while head and _blank(head[-1]):
        head.pop()
    most = max(sum(not _blank(cell) for cell in row) for _, row in kept[1:3]) if len(kept) > 1 else 0
    if len([cell for cell in head if not _blank(cell)]) == 1 and most > 2:
        title = next(_heading(cell) for cell in head if not _blank(cell))
        raise DataError("title_above", file=file, row=at, title=title, found=most)
    headings = tuple(_heading(cell) for cell in head)
    faults: list[TiduError] = []
    seen: dict[str, int] = {}
    for k, name in enumerate(headings):
        if not name:
            faults.append(DataError("empty_heading", file=file, row=at, position=k + 1))
        elif name in seen:
            faults.append(DataError("heading_twice", file=file, row=at, column=name, first=seen[name], second=k + 1))
        seen.setdefault(name, k + 1)
    body: list[tuple[int, tuple[Any, ...]]] = []
    for line, row in kept[1:]:
        extra = row[len(headings) :]
        if any(not _blank(cell) for cell in extra):
            faults.append(DataError("long_row", file=file, row=line, wanted=len(headings), found=len(row)))
        elif len(row) < len(headings):
            faults.append(DataError("short_row", file=file, row=line, wanted=len(headings), found=len(row)))
        else:
            body.append((line, tuple(row[: len(headings)])))
    raise_all(faults[:_MOST])
    if not body:
        raise DataError("only_headings", file=file, row=at)
    return Grid(file, headings, tuple(body), at)


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _heading(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if _blank(cell):
        return ""
    text = unicodedata.normalize("NFKC", str(cell))
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def panel_of_grid(grid: Grid, figures: Collection[str] = ()) -> Panel:
    """The panel of a sheet already read. Raises as :func:`read_panel`."""
    low = {name.lower(): name for name in reversed(grid.headings)}
    unit = next((low[name] for name in UNIT if name in low), None)
    if unit is None:
        raise DataError("no_unit_column", row=grid.top, known=listing(grid.headings), wanted=listing(UNIT))
    rivals = [low[name] for name in UNIT if name in low]
    if len(rivals) > 1:
        raise DataError("two_unit_columns", row=grid.top, columns=listing(rivals))
    if any(name in low for name in _LONG_NAMES) and any(name in low for name in _LONG_VALUES):
        raise DataError("long_table", row=grid.top, columns=listing(grid.headings))
    time = next((low[name] for name in TIME if name in low and low[name] != unit), None)
    name_zh = next((low[name] for name in NAME_ZH if name in low), None)
    name_en = next((low[name] for name in NAME_EN if name in low), None)
    aside = {unit, time, name_zh, name_en}
    status_of = {name.removesuffix(".status"): name for name in grid.headings if name.endswith(".status")}
    error_of = {name.removesuffix(".se"): name for name in grid.headings if name.endswith(".se")}
    beside = {*status_of.values(), *error_of.values()}
    rest = [name for name in grid.headings if name not in aside and name not in beside]
    place = {name: k for k, name in enumerate(grid.headings)}
    faults: list[TiduError] = [
        DataError("status_without_column", row=grid.top, column=name, did_you_mean=nearest(of, rest))
        for of, name in [*status_of.items(), *error_of.items()]
        if of not in rest
    ]
    numeric = [name for name in rest if name in figures or _all_numbers(grid, place[name])]
    texts = [name for name in rest if name not in numeric]

    who = [_text(row[place[unit]]) for _, row in grid.rows]
    when = [_period(row[place[time]]) for _, row in grid.rows] if time else [UNDATED] * len(who)
    for (line, row), code, period in zip(grid.rows, who, when, strict=True):
        if not code:
            faults.append(DataError("empty_unit", row=line, column=unit))
        named = [code, *(_text(row[place[column]]) for column in (name_zh, name_en) if column is not None)]
        total = next((name for name in named if name.lower() in _TOTALS), None)
        if total is not None:
            faults.append(DataError("total_row", row=line, column=unit, name=total))
        if time and not period:
            faults.append(DataError("empty_period", row=line, column=time))
        elif time and not PERIOD.match(period):
            faults.append(DataError("bad_period", row=line, column=time, period=_text(row[place[time]])))
    first: dict[tuple[str, str], int] = {}
    for (line, _), code, period in zip(grid.rows, who, when, strict=True):
        if (code, period) in first and code and not time:
            faults = [DataError("no_period_column", row=line, unit=code, first=first[code, period])]
            break
        if (code, period) in first and code:
            faults.append(DataError("row_twice", row=line, unit=code, period=period, first=first[code, period]))
        first.setdefault((code, period), line)
    kinds = {len(period) for period in when if PERIOD.match(period)} if time else set()
    if len(kinds) > 1 and not faults:
        odd = next(line for (line, _), period in zip(grid.rows, when, strict=True) if len(period) != len(when[0]))
        faults.append(DataError("mixed_periods", row=odd, column=time, periods=listing(sorted(set(when)))))
    if faults:
        raise_all(faults[:_MOST])

    units = tuple(dict.fromkeys(who))
    alike: dict[str, str] = {}
    for (line, _), code in zip(grid.rows, who, strict=True):
        other = alike.setdefault(code.casefold(), code)
        if other != code:
            raise DataError("unit_case", row=line, column=unit, unit=code, other=other)
    periods = tuple(sorted(set(when)))
    u = {code: at for at, code in enumerate(units)}
    t = {period: at for at, period in enumerate(periods)}
    values = np.full((len(units), len(periods), len(numeric)), np.nan)
    letters = np.full(values.shape, "O", dtype="<U1")
    errors = np.full(values.shape, np.nan)
    for (line, row), code, period in zip(grid.rows, who, when, strict=True):
        for k, name in enumerate(numeric):
            cell = row[place[name]]
            value = number_of(cell)
            if value is None:
                faults.append(DataError("bad_number", row=line, column=name, value=_text(cell), did_you_mean=likely_number(cell)))
                continue
            letter = "O" if np.isnan(value) else "A"
            if name in status_of:
                said = _text(row[place[status_of[name]]]).upper() or letter
                if said not in STATUS:
                    faults.append(DataError("bad_status", row=line, column=status_of[name], value=said, known=listing(STATUS)))
                elif (said in "OLM") != bool(np.isnan(value)):
                    stands = _text(row[place[name]]) or "–"
                    faults.append(DataError("status_against_value", row=line, column=status_of[name], letter=said, value=stands))
                letter = said
            if name in error_of:
                size = number_of(row[place[error_of[name]]])
                if size is None or size < 0:
                    said = _text(row[place[error_of[name]]])
                    faults.append(DataError("bad_standard_error", row=line, column=error_of[name], value=said))
                    continue
                errors[u[code], t[period], k] = size
            values[u[code], t[period], k] = value
            letters[u[code], t[period], k] = letter
    faults += _sentinels(grid, numeric, place)
    raise_all(faults[:_MOST])
    groups = {name: _attribute(grid, place[name], who, units, name) for name in texts}
    names: dict[str, dict[str, str]] = {code: {} for code in units}
    for lang, column in (("zh", name_zh), ("en", name_en)):
        if column is not None:
            for (_, row), code in zip(grid.rows, who, strict=True):
                names[code].setdefault(lang, _text(row[place[column]]) or code)
    known = errors if error_of else None
    return Panel.of(units, periods, numeric, values, status=letters, groups=groups, names=names, standard_error=known)


def _sentinels(grid: Grid, numeric: Sequence[str], place: Mapping[str, int]) -> list[TiduError]:
    """A fault for each −999, −9999 … in a column that has no other figure below zero."""
    found: list[TiduError] = []
    for name in numeric:
        below = [(line, row[place[name]]) for line, row in grid.rows if (number_of(row[place[name]]) or 0.0) < 0]
        if below and all(number_of(cell) in _SENTINELS for _, cell in below):
            found += [DataError("sentinel", row=line, column=name, value=_text(cell)) for line, cell in below]
    return found


def _all_numbers(grid: Grid, k: int) -> bool:
    return all(number_of(row[k]) is not None for _, row in grid.rows)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "".join(sign for sign in str(cell) if unicodedata.category(sign) != "Cf").strip()  # zero-width signs join nothing
    return text.removesuffix(".0") if text.endswith(".0") and text[:-2].isdigit() else text


def _period(cell: Any) -> str:
    text = unicodedata.normalize("NFKC", _text(cell))
    if hasattr(cell, "year") and hasattr(cell, "isoformat"):
        return text
    return text.removesuffix("年").strip()


def _attribute(grid: Grid, k: int, who: Sequence[str], units: Sequence[str], name: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for (line, row), code in zip(grid.rows, who, strict=True):
        text = _text(row[k])
        if text and found.setdefault(code, text) != text:
            raise DataError("attribute_changes", row=line, column=name, unit=code, before=found[code], after=text)
    return tuple(found.get(code, "") for code in units)
