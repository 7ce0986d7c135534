"""Lists: delimited files and workbooks of any vendor, laid out as a profile says. Ten million lines are the engine's work.

The file is read as it stands into ``raw`` (record, line, byte, c0, c1, …); the profile then says which cells make which rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tidu.core.errors import DataError
from tidu.engine import named, quoted
from tidu.records.profiles import Group, Profile
from tidu.records.schema import TABLES
from tidu.records.staging import Staging
from tidu.records.text import BLOCK, Records, encoding, folded, records

#: A line longer than this is no line of a list.
LONGEST = 4_000_000
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")


def headings(path: Path, otherwise: str = "gb18030") -> list[str]:
    """The headings of a list: the first record of a delimited file, the first row of a workbook's first sheet that has two cells.

    Raises ``list_encoding`` where a delimited file's text cannot be told.
    """
    if path.suffix.lower() in WORKBOOKS:
        return next((row for row in _sheet(path) if sum(map(bool, row)) > 1), [])
    with path.open("rb") as file:
        head = file.read(1 << 16)
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


def stage(path: Path, profile: Profile, staging: Staging) -> list[str]:
    """Stages a list and says its headings; raises ``list_headings`` where it has none."""
    found = _workbook(path, staging) if path.suffix.lower() in WORKBOOKS else _delimited(path, profile, staging)
    _mapped(profile, found, staging)
    return found


def _delimited(path: Path, profile: Profile, staging: Staging) -> list[str]:
    name = encoding(path, profile.otherwise)
    found = records(path)
    if not len(found):
        raise DataError("list_headings", file=str(path))
    head = _cells(path, found, 0, name)
    heads, mark = next(csv.reader([head], delimiter=_delimiter(head)), []), _delimiter(head)
    plain = _recoded(path, name, staging.folder)
    if not _fast(plain, heads, mark, found, staging):
        _slow(plain, heads, mark, staging)
    staging.blank = found.blank
    return heads


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
    bounds = {"line": found.line[1:], "byte": found.start[1:]}
    staging.engine.register("bounds", bounds)
    target = staging.folder / "raw.parquet"
    read = (
        f"read_csv({quoted(str(path))}, header = true, columns = {struct}, delim = {quoted(mark)}, quote = '\"', escape = '\"',"
        f" auto_detect = false, strict_mode = true, max_line_size = {LONGEST}, null_padding = false, nullstr = '\x01')"
    )
    try:
        staging.engine.execute(
            f"copy (select row_number() over () as record, line, byte, cells.*, cast(null as varchar) as fault"
            f" from {read} as cells positional join bounds) to {quoted(str(target))} (format parquet, compression lz4)"
        )
    except duckdb.Error:
        return False
    finally:
        staging.engine.unregister("bounds")
    count, lacking = staging.engine.execute(
        f"select count(*), count(*) filter (line is null or c0 is null) from {quoted(str(target))}"
    ).fetchall()[0]
    if count != len(found) - 1 or lacking:
        return False
    staging.engine.execute(f"create view raw as select * from {quoted(str(target))}")
    return True


def _slow(path: Path, heads: Sequence[str], mark: str, staging: Staging) -> None:
    """``raw`` record by record, every record that is not laid out as the heading kept with what is wrong with it."""
    staging.engine.execute(
        "create table raw (record bigint, line bigint, byte bigint, "
        + ", ".join(f"c{at} varchar" for at in range(len(heads)))
        + ", fault varchar)"
    )
    found = records(path)
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    with path.open("rb") as file:
        for at in range(1, len(found)):
            start, end = int(found.start[at]), int(found.end[at])
            file.seek(start)
            text = file.read(min(end - start, LONGEST)).decode("utf-8", "replace").strip("\r\n")
            cells, fault = _parted(text, mark, len(heads), end - start)
            batch.append((at, int(found.line[at]), start, cells, fault))
            if len(batch) == 10_000:
                _insert(batch, len(heads), staging)
                batch = []
    _insert(batch, len(heads), staging)


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


def _sheet(path: Path) -> Iterator[list[str]]:
    """The rows of a workbook's first sheet as text."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for row in book.get_sheet_by_index(0).iter_rows():
        yield [_said(cell) for cell in row]


def _said(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _workbook(path: Path, staging: Staging) -> list[str]:
    heads: list[str] = []
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    record = 0
    for line, row in enumerate(_sheet(path), 1):
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
    return heads


def _mapped(profile: Profile, heads: Sequence[str], staging: Staging) -> None:
    """Makes ``source`` and the staged tables of a profile as views over ``raw``."""
    place = profile.place(heads)
    formats, missing = _array(profile.dates), _array(profile.missing)
    used = sorted({at for group in profile.groups for at in _places(group, place).values()})
    told = ", ".join(f"coalesce(c{at}, '')" for at in used)
    same = " and ".join(f"coalesce(c{at}, '') = {quoted(head)}" for at, head in enumerate(heads) if head.strip()) or "false"
    run = staging.engine.execute
    run(f"create view again as select record from raw where {same}")
    run(
        "create view source as select record, line, byte, fault,"
        f" md5_number(coalesce(fault || cast(record as varchar), '') || concat_ws(chr(31), {told})) as digest"
        " from raw where record not in (from again)"
    )
    staging.blank += int(run("select count(*) from again").fetchall()[0][0])
    key, printed = _key(profile, place, formats, missing)
    run(f"create view lined as select *, {key} as key from raw where fault is null and record not in (from again)")
    made: dict[str, list[str]] = {}
    for group in profile.groups:
        at = _places(group, place)
        if at:
            made.setdefault(group.table, []).append(_rows(group, at, formats, missing, printed))
    for table, queries in made.items():
        run(f"create view staged_{table} as " + " union all ".join(queries))
        staging.tables.append(table)


def _array(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def _places(group: Group, place: dict[str, int]) -> dict[str, int]:
    """Canonical column of a group → the cell that holds it, where the file has one of its headings."""
    found = {
        column: next((place[folded(one)] for one in names if folded(one) in place), None)
        for column, names in group.headings.items()
    }
    return {column: at for column, at in found.items() if at is not None}


def _key(profile: Profile, place: dict[str, int], formats: str, missing: str) -> tuple[str, bool]:
    """The expression of a record's key, and whether the file prints one.

    Where it prints none the key is a hash of title, applicants and filing date, all of which must be there.
    """
    cells: dict[str, int] = {}
    for group in profile.groups:
        at = _places(group, place)
        if group.table in ("patent", "contract"):
            cells |= {name: at[name] for name in ("appno", "number", "title", "filing") if name in at}
        elif group.table == "party" and group.fixed.get("role") == "applicant" and "name" in at:
            cells["applicant"] = at["name"]
    for printed in ("appno", "number"):
        if printed in cells:
            text = f"plain(c{cells[printed]}, {missing})"
            return (f"number_of({text})" if printed == "appno" else text), True
    if not {"title", "applicant", "filing"} <= set(cells):
        return "cast(null as varchar)", False
    title, applicant, filing = (f"plain(c{cells[name]}, {missing})" for name in ("title", "applicant", "filing"))
    return f"'P:' || md5({title} || chr(31) || {applicant} || chr(31) || iso({filing}, {formats}))", False


def _rows(group: Group, at: dict[str, int], formats: str, missing: str, printed: bool) -> str:
    """The rows of a group as a query over ``lined``, cells that hold several values parted side by side."""
    chosen = []
    for column in TABLES[group.table].columns:
        name = column.name
        if name in at:
            text = f"plain({'p' if group.split else 'c'}{at[name]}, {missing})"
            if name in group.pattern:
                text = f"nullif(regexp_extract({text}, {quoted(group.pattern[name])}, 1), '')"
            wrap = {"appno": "number_of({})", "symbol": "symbol_of({})", "kind": "kind_of({})" if group.table == "patent" else "{}"}
            text = f"iso({text}, {formats})" if column.kind == "date" else wrap.get(name, "{}").format(text)
        elif name in group.fixed:
            text = quoted(group.fixed[name])
        elif name == "seq":
            text = "cast(seq as varchar)" if group.split else "'1'"
        elif name == "appno":
            text = "key"
        elif name == "provisional":
            text = "'false'" if printed else "'true'"
        else:
            text = "cast(null as varchar)"
        chosen.append(f"{text} as {named(name)}")
    columns = ", ".join(chosen)
    if not group.split:
        return f"select record, {columns} from lined"
    cells = sorted(set(at.values()))
    lists = ", ".join(f"regexp_split_to_array(coalesce(c{k}, ''), {quoted(group.split)}) as l{k}" for k in cells)
    longest = f"greatest({', '.join(f'len(l{k})' for k in cells)})" if len(cells) > 1 else f"len(l{cells[0]})"
    said = " or ".join(f"plain(p{k}, {missing}) is not null" for k in cells)
    return (
        f"select record, {columns} from (select record, key, seq, {', '.join(f'l{k}[seq] as p{k}' for k in cells)}"
        f" from (select *, unnest(range(1, {longest} + 1)) as seq from (select record, key, {lists} from lined))) where {said}"
    )
