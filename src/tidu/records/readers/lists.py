"""Lists: delimited files and workbooks of any vendor, laid out as a profile says. Ten million lines are the engine's work.

The file is read as it stands into ``raw`` (record, c0, c1, …) and ``places`` (line, byte); the profile then says which cells make
which rows.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from tidu.core.errors import DataError
from tidu.engine import quoted
from tidu.records.profiles import Profile, profiles
from tidu.records.readers.layout import mapped
from tidu.records.staging import Staging
from tidu.records.text import BLOCK, Records, encoding, records

#: A line longer than this is no line of a list.
LONGEST = 4_000_000
#: A list with more columns than this has no row of headings.
WIDEST = 4_000
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")


def headings(path: Path, otherwise: str = "gb18030") -> list[str]:
    """The headings of a list: the first record of a delimited file, the first row of a workbook's first sheet that has two cells.

    Raises ``list_encoding`` where a delimited file's text cannot be told.
    """
    if path.suffix.lower() in WORKBOOKS:
        return next((row for row in sheet(path) if sum(map(bool, row)) > 1), [])
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith(UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    first = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 1)[0]
    for name in ("utf-8-sig", otherwise, "latin-1"):
        try:
            text = first.decode(name)
        except UnicodeDecodeError:
            continue
        return next(csv.reader([text], delimiter=_delimiter(text)), [])
    return []


def _delimiter(heading: str) -> str:
    return max(",\t;|", key=heading.count)


def stage(path: Path, profile: Profile, staging: Staging, *, guarded: bool = False) -> list[str]:
    """Stages a list and says its headings; raises ``list_headings`` where it has none.

    In a ``guarded`` one an apostrophe stands before cells that begin like a formula; it is taken off.
    """
    found = _workbook(path, staging) if path.suffix.lower() in WORKBOOKS else _delimited(path, profile, staging)
    mapped(profile, found, staging, guarded)
    return found


def _delimited(path: Path, profile: Profile, staging: Staging) -> list[str]:
    """The headings of a delimited file that is made ``raw``; of UTF-16 no byte is said, for its copy in UTF-8 has others."""
    with ThreadPoolExecutor(1) as beside:
        bytewise = beside.submit(records, path)
        name = encoding(path, profile.otherwise)
    wide = name == "utf-16"
    plain = _recoded(path, name, staging.folder) if wide else path
    found = records(plain) if wide else bytewise.result()
    if not len(found) or found.end[0] - found.start[0] > LONGEST:
        raise DataError("list_headings", file=str(path))
    head = _cells(plain, found, 0, "utf-8" if wide else name)
    heads, mark = next(csv.reader([head], delimiter=_delimiter(head)), []), _delimiter(head)
    if len(heads) > WIDEST:
        raise DataError("list_headings", file=str(path))
    plain = plain if wide else _recoded(path, name, staging.folder)
    place = replace(found, start=np.zeros_like(found.start)) if wide else found
    if _holds_nul(plain) or not _fast(plain, heads, mark, place, staging):
        _slow(plain, heads, mark, place, staging)
    staging.blank = found.blank
    return heads


def _holds_nul(path: Path) -> bool:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\0" in block:
                return True
    return False


def _cells(path: Path, found: Records, at: int, name: str) -> str:
    with path.open("rb") as file:
        file.seek(int(found.start[at]))
        return file.read(int(found.end[at] - found.start[at])).decode(name).lstrip("\ufeff").rstrip("\r\n")


def _recoded(path: Path, name: str, folder: Path) -> Path:
    """The file as UTF-8 with line feeds: itself where it is so."""
    if name == "utf-8-sig" or name == "utf-8":
        with path.open("rb") as file:
            head = file.read(BLOCK)
        if b"\n" in head or b"\r" not in head:
            return path
    made = folder / "recoded.csv"
    with path.open(encoding=name, newline="", errors="strict") as file, made.open("w", encoding="utf-8", newline="") as out:
        first = file.read(BLOCK)
        only_cr = "\r" in first and "\n" not in first
        while first:
            out.write(first.replace("\r", "\n") if only_cr else first)
            first = file.read(BLOCK)
    return made


def _fast(path: Path, heads: Sequence[str], mark: str, found: Records, staging: Staging) -> bool:
    """Whether the engine could read the file by itself, and found as many records as there are; then ``raw`` is made."""
    import duckdb

    columns = {f"c{at}": "VARCHAR" for at in range(len(heads))}
    struct = "{" + ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items()) + "}"
    target = staging.folder / "raw.parquet"
    read = (
        f"read_csv({quoted(str(path))}, header = true, columns = {struct}, delim = {quoted(mark)}, quote = '\"', escape = '\"',"
        f" auto_detect = false, strict_mode = true, max_line_size = {LONGEST}, null_padding = false, nullstr = '\x01')"
    )
    try:
        staging.engine.execute(
            f"copy (select * from {read}) to {quoted(str(target))} (format parquet, compression lz4)"  # in the order of the file
        )
    except duckdb.Error:
        return False
    count, lacking = staging.engine.execute(f"select count(*), count(*) - count(c0) from {quoted(str(target))}").fetchall()[0]
    if count != len(found) - 1 or lacking:
        return False
    staging.engine.execute(
        f"create view raw as select file_row_number + 1 as record, * exclude (file_row_number), cast(null as varchar) as fault"
        f" from read_parquet({quoted(str(target))}, file_row_number = true)"
    )
    places = quoted(str(staging.folder / "places.parquet"))
    staging.engine.register("found", {"line": found.line[1:], "byte": found.start[1:]})
    staging.engine.execute(f"copy (from found) to {places} (format parquet, compression lz4)")
    staging.engine.unregister("found")
    staging.engine.execute(f"create view places as from {places}")
    return True


def _slow(path: Path, heads: Sequence[str], mark: str, original: Records, staging: Staging) -> None:
    """``raw`` record by record, every record that is not laid out as the heading kept with what is wrong with it.

    Lines and bytes are those of the file as it was given, where it has as many records as its copy in UTF-8.
    """
    staging.engine.execute(
        "create table raw (record bigint, line bigint, byte bigint, "
        + ", ".join(f"c{at} varchar" for at in range(len(heads)))
        + ", fault varchar)"
    )
    found = records(path)
    place = original if len(original) == len(found) else found
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    with path.open("rb") as file:
        for at in range(1, len(found)):
            start, end = int(found.start[at]), int(found.end[at])
            file.seek(start)
            text = file.read(min(end - start, LONGEST)).decode("utf-8", "replace").strip("\r\n")
            cells, fault = _parted(text, mark, len(heads), end - start)
            batch.append((at, int(place.line[at]), int(place.start[at]), cells, fault))
            if len(batch) == 10_000:
                _insert(batch, len(heads), staging)
                batch = []
    _insert(batch, len(heads), staging)
    staging.engine.execute("create view places as select line, byte from raw")


def _parted(text: str, mark: str, width: int, size: int) -> tuple[list[str | None], str | None]:
    if size > LONGEST:
        return [text[:200], *[None] * (width - 1)], "too_long"
    if "\0" in text:
        return [text.replace("\0", "\ufffd"), *[None] * (width - 1)], "broken"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        return [text, *[None] * (width - 1)], "broken"
    cells = rows[0] if len(rows) == 1 else []
    if len(cells) == width:
        return list(cells), None
    if len(cells) > width and not any(cells[width:]):
        return list(cells[:width]), None
    return [text, *[None] * (width - 1)], "fields"


def _insert(batch: Sequence[tuple[int, int, int, list[str | None], str | None]], width: int, staging: Staging) -> None:
    if not batch:
        return
    made: dict[str, object] = {
        name: np.array([row[at] for row in batch], dtype=np.int64) for at, name in enumerate(("record", "line", "byte"))
    }
    made |= {f"c{at}": np.array([row[3][at] for row in batch], dtype=object) for at in range(width)}
    made["fault"] = np.array([row[4] for row in batch], dtype=object)
    staging.engine.register("batch", made)
    staging.engine.execute("insert into raw select * from batch")
    staging.engine.unregister("batch")


def sheet(path: Path) -> Iterator[list[str]]:
    """The rows of a workbook as text: of the sheet that a profile names, else of the first."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        known = {one.sheet for one in profiles().values()}
        name = next((one for one in book.sheet_names if one in known), book.sheet_names[0])
        for row in book.get_sheet_by_name(name).iter_rows():
            yield [_said(cell) for cell in row]
    except (CalamineError, IndexError) as error:
        raise DataError("workbook_unreadable", file=str(path), reason=str(error) or "–") from error


def _said(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _workbook(path: Path, staging: Staging) -> list[str]:
    heads: list[str] = []
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    record = 0
    for line, row in enumerate(sheet(path), 1):
        if not heads:
            if sum(map(bool, row)) > 1:
                heads = row
                staging.engine.execute(
                    "create table raw (record bigint, line bigint, byte bigint, "
                    + ", ".join(f"c{at} varchar" for at in range(len(heads)))
                    + ", fault varchar)"
                )
            continue
        if not any(cell.strip() for cell in row):
            staging.blank += 1
            continue
        record += 1
        cells: list[str | None] = [*row[: len(heads)], *[None] * (len(heads) - len(row))]
        batch.append((record, line, 0, cells, None))
        if len(batch) == 10_000:
            _insert(batch, len(heads), staging)
            batch = []
    if not heads:
        raise DataError("list_headings", file=str(path))
    _insert(batch, len(heads), staging)
    staging.engine.execute("create view places as select line, byte from raw")
    return heads
