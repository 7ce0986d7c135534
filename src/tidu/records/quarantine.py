"""Quarantined records as a spreadsheet that a person mends, and that sheet read again.

Six columns stand before those of the original file: which record it is, why it was put aside (codes, words), and where it stood
(file, line, byte). A sheet that is read again is told by its first heading; each row says which record it stands for, so a store
knows what is mended, what is still wrong, and never counts a record twice.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Literal

from tidu.core.errors import DataError, UsageError
from tidu.core.words import word
from tidu.engine import connect, quoted
from tidu.records.profiles import Profile, profile
from tidu.records.readers import lists
from tidu.records.rules import reasons, severity
from tidu.records.staging import Staging
from tidu.records.store import Store
from tidu.records.text import encoding, folded

#: The columns that stand before those of the original file: keys of words.
COLUMNS = ("quarantined_record", "reason_codes", "reason", "file", "source_line", "source_byte")
#: What a cell of a workbook holds at most, and how many rows a sheet.
LONGEST, MOST = 32_767, 1_048_575
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Aside:
    """A quarantined record: its load and place in it, the reader, why, where it stood, and what stood there.

    ``stands_for`` is the record of an earlier load that it was to mend, where a sheet said so.
    """

    load: str
    record: int
    kind: str
    file: str
    line: int
    byte: int
    reasons: tuple[str, ...]
    headings: tuple[str, ...]
    cells: tuple[str, ...]
    stands_for: tuple[str, int] | None = None

    @property
    def mark(self) -> str:
        """Which record it is, as the first column says it: load, number in it, reader."""
        return f"{self.load}/{self.record}/{self.kind}"


def aside(store: Store) -> Iterator[Aside]:
    """The quarantined records of a store that no later sheet mended or put aside anew, load by load."""
    loads = {load["load"]: load for load in store.manifest()}
    found = [(name, store.loads / name) for name in loads]
    parts = [
        f"select {at} as step, {quoted(name)} as load, * from read_parquet({quoted(str(folder / 'quarantine.parquet'))})"
        for at, (name, folder) in enumerate(found)
        if (folder / "quarantine.parquet").exists()
    ]
    if not parts:
        return
    con = connect()
    con.execute("create view aside as " + " union all ".join(parts))
    con.execute(f"create view links as {links(store)}")
    query = (
        "select a.load, a.record, a.line, a.byte, a.reasons, a.cells, own.of_load, own.of_record from aside a left join links own"
        " on own.load = a.load and own.record = a.record"
        " where not exists (from links l where l.of_load = a.load and l.of_record = a.record)"
        " and not exists (from links l where l.of_load = own.of_load and l.of_record = own.of_record and l.step > a.step)"
        " order by a.step, a.record"
    )
    for name, record, line, byte, codes, cells, of_load, of_record in con.execute(query).fetchall():
        load = loads[name]
        texts = tuple(cell or "" for cell in cells or ())
        before = None if of_load is None else (of_load, of_record)
        yield Aside(name, record, load["kind"], load["file"], line, byte, tuple(codes), tuple(load["headings"]), texts, before)


def links(store: Store) -> str:
    """The query of which record of a load stands for which earlier one: ``step, load, record, of_load, of_record, fate``."""
    parts = [
        f"select {at} as step, {quoted(load['load'])} as load, * from read_parquet({quoted(str(path))})"
        for at, load in enumerate(store.manifest())
        if (path := store.loads / load["load"] / "mended.parquet").exists()
    ]
    lacking = "select -1 as step, '' as load, 0::bigint as record, '' as of_load, 0::bigint as of_record, '' as fate where false"
    return " union all ".join([*parts, lacking])


def write(store: Store, out: Path, lang: Literal["zh", "en"] = "zh") -> list[tuple[Path, int]]:
    """The files written with how many records stand in each: one for each reader and set of headings, ``out`` the first.

    The suffix of ``out`` says whether they are workbooks or CSV. A cell that a spreadsheet would take for a formula is written as
    text. Raises ``sheet_suffix`` for another suffix, ``nothing_aside`` where there is none, ``sheet_too_small`` where a
    workbook cannot hold them.
    """
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("sheet_suffix", path=str(out), suffix=out.suffix or "–")
    rows = sorted(aside(store), key=lambda one: (one.kind, one.headings))
    if not rows:
        raise UsageError("nothing_aside", folder=str(store.folder))
    made = []
    out.parent.mkdir(parents=True, exist_ok=True)
    for at, ((_, headings), group) in enumerate(groupby(rows, key=lambda one: (one.kind, one.headings)), 1):
        path = out if at == 1 else out.with_name(f"{out.stem}-{at}{out.suffix}")
        each = sorted(group, key=lambda one: (one.load, one.record))
        heads = [*(word(key, lang) for key in COLUMNS), *(headings or (word("quarantined_text", lang),))]
        (_write_xlsx if out.suffix.lower() == ".xlsx" else _write_csv)(path, heads, [_row(one, lang) for one in each])
        made.append((path, len(each)))
    return made


def _row(one: Aside, lang: Literal["zh", "en"]) -> list[str]:
    errors = [code for code in one.reasons if severity(code) == "error"] or list(one.reasons)
    told = " ".join(reasons()[code][lang] for code in errors)
    return [one.mark, " ".join(errors), told, one.file, str(one.line), str(one.byte), *one.cells]


def _write_csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([[guarded(cell) for cell in row] for row in (heads, *rows)])


def _write_xlsx(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    import xlsxwriter

    if len(rows) > MOST or any(len(cell) > LONGEST for row in rows for cell in row):
        raise UsageError("sheet_too_small", path=str(path), rows=len(rows), most=MOST, longest=LONGEST)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet()
        bold, text = book.add_format({"bold": True, "bg_color": "#F2F2F2"}), book.add_format({"num_format": "@"})
        sheet.set_column(0, 1, 18)
        sheet.set_column(2, 2, 50)
        sheet.set_column(len(COLUMNS), max(len(heads) - 1, len(COLUMNS)), 20, text)
        sheet.freeze_panes(1, 0)
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        for down, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                if cell:
                    sheet.write_string(down, at, cell, text)


def guarded(cell: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula: an apostrophe before it where it begins like one.

    >>> guarded("=1+1"), guarded("-"), guarded("'=1"), guarded("甲")
    ("'=1+1", "'-", "''=1", '甲')
    """
    return "'" + cell if _DANGEROUS.match(cell) else cell


def kind_of(path: Path) -> str | None:
    """The reader of the records that a sheet of quarantined ones holds; nothing where the file is no such sheet.

    Raises ``quarantine_marks`` where the first column no longer says which records they are, or records of several readers stand
    in one sheet; ``quarantine_documents`` where they were documents, which are mended in their own file.
    """
    heads = lists.headings(path)
    if not heads or folded(heads[0]) not in _marks():
        return None
    kinds = {_kind(row[0]) for row in _first_rows(path) if row and row[0].strip()}
    if len(kinds) != 1 or None in kinds:
        raise DataError("quarantine_marks", file=str(path), heading=heads[0])
    kind = kinds.pop()
    if len(heads) == len(COLUMNS) + 1 and folded(heads[-1]) in {folded(word("quarantined_text", lang)) for lang in ("zh", "en")}:
        raise DataError("quarantine_documents", file=str(path), kind=kind or "")
    return kind


def _marks() -> set[str]:
    return {folded(word(COLUMNS[0], lang)) for lang in ("zh", "en")}


def _kind(mark: str) -> str | None:
    found = re.fullmatch(r"'?[\w-]+/\d+/(\w+)", mark.strip())
    return found[1] if found else None


def _first_rows(path: Path) -> list[list[str]]:
    if path.suffix.lower() in lists.WORKBOOKS:
        return list(islice(lists.sheet(path), 1, 1000))
    with path.open(encoding=encoding(path), newline="") as file:
        return list(islice(csv.reader(file), 1, 1000))


@dataclass(frozen=True)
class MendedSource:
    """A sheet of quarantined records, read as their own reader reads."""

    profile: Profile

    @property
    def code(self) -> str:
        """The name of the reader."""
        return self.profile.code

    @property
    def title(self) -> dict[str, str]:
        """What the reader is called."""
        return dict(self.profile.title)

    @property
    def proven(self) -> bool:
        """Whether the reader was tried on real files."""
        return self.profile.proven

    def stage(self, path: Path, staging: Staging) -> tuple[str, ...]:
        """Stages a sheet, says which earlier record each row stands for (``mends``), and the headings of the original file."""
        heads = lists.stage(path, self.profile, staging, guarded=path.suffix.lower() not in lists.WORKBOOKS)
        staging.engine.execute(
            "create table mends as select record, split_part(c0, '/', 1) as of_load,"
            " try_cast(split_part(c0, '/', 2) as bigint) as of_record from marked where c0 is not null and contains(c0, '/')"
        )
        return tuple(heads[len(COLUMNS) :])

    def printed(self, staging: Staging) -> str:
        """The cells of each row under the original headings; a row that is not laid out as the heading as it stands."""
        names = [row[0] for row in staging.engine.execute("describe raw").fetchall()]
        cells = [name for name in names if name[0] == "c" and name[1:].isdigit()]
        return (
            f"select record, case when fault is null then [{', '.join(cells[len(COLUMNS) :])}] else [c0] end as cells from marked"
        )


def source(path: Path) -> MendedSource | None:
    """The reader of a sheet of quarantined records; nothing where the file is none. Raises as :func:`kind_of` does."""
    kind = kind_of(path)
    return None if kind is None else MendedSource(profile(kind))


def mended(staging: Staging, store: Store, out: Path) -> int:
    """How many quarantined records of earlier loads are good now; writes which row of this file stands for which of them."""
    if ("mends",) not in staging.engine.execute("select table_name from duckdb_tables()").fetchall():
        return 0
    run = staging.engine.execute
    target = out / "mended.parquet"
    run(
        "copy (select record, of_load, of_record, fate from mends join fate using (record) where of_record is not null"
        f" order by record) to {quoted(str(target))} (format parquet, compression zstd)"
    )
    waiting = {place for one in aside(store) for place in ((one.load, one.record), one.stands_for)}
    good = run(f"select distinct of_load, of_record from read_parquet({quoted(str(target))}) where fate in ('good', 'repeat')")
    return sum(tuple(place) in waiting for place in good.fetchall())
