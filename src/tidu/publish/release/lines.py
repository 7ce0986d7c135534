"""Hashes of the rows and columns of a release's tables and texts: where one cell is changed, their crossing names it."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from tidu.publish.release.pack import SITE, member_files
from tidu.publish.release.sums import sha256
from tidu.publish.tables import csv_text

#: The table of these hashes in a release.
LINES = "data/line-hashes.csv"
#: How many letters of a hash are kept, written in base 32: enough to tell the rows of one file apart.
_LETTERS = 4
#: How many hashes stand in one cell of the table at most.
_RUN = 1000
_TEXTS = (".csv", ".json", ".toml", ".md", ".txt")
_COLUMNS = ["file", "kind", "first", "hashes"]


def cells(name: str, content: bytes) -> list[list[str]] | None:
    """The rows of a text file: cells of a ``.csv``, whole lines of any other; nothing where the bytes are no text."""
    try:
        text = content.decode("utf-8-sig")
        if name.endswith(".csv"):
            return list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    return [[line] for line in text.split("\n")]


def line_hashes(files: Mapping[str, bytes], whole: Collection[str] = ()) -> list[dict[str, Any]]:
    r"""Rows of hashes: ``file``, ``kind`` (``file``, ``row`` or ``column``), ``first`` and the ``hashes`` from that number on.

    A row's or column's hash is four letters of the SHA-256 of its cells in base 32 (RFC 4648, small), one hash after the other; a
    file's sixteen hexadecimal digits. Files come sorted by name. Tables (``.csv``) have hashes of rows and columns, other texts
    of lines; the files named in ``whole`` one of all their bytes besides.

    >>> [(row["kind"], row["first"], len(row["hashes"])) for row in line_hashes({"a.csv": b"x,y\n1,2\n3,4\n"})]
    [('row', 1, 12), ('column', 1, 8)]
    """
    made: list[dict[str, Any]] = []
    for name in sorted(files):
        found = {"file": [sha256(files[name])[:16]] if name in whole else []}
        rows = (cells(name, files[name]) or []) if name.endswith(_TEXTS) else []
        found["row"] = [_short(row) for row in rows]
        found["column"] = [_short(column) for column in (_columns(rows) if name.endswith(".csv") else [])]
        for kind, hashes in found.items():
            for at in range(0, len(hashes), _RUN):
                made.append({"file": name, "kind": kind, "first": at + 1, "hashes": "".join(hashes[at : at + _RUN])})
    return made


def hashes_text(files: Mapping[str, bytes]) -> bytes:
    """The table of hashes of files by address; of the packed site those in it, with a hash of the whole of each."""
    inner = member_files(files[SITE]) if SITE in files else {}
    plain = {address: body for address, body in files.items() if address != SITE}
    return csv_text(line_hashes({**plain, **inner}, inner)).encode("utf-8")


def read_line_hashes(content: bytes) -> dict[str, dict[str, list[str]]]:
    """File → kind → hashes, of a table that :func:`line_hashes` made; nothing where it is no such table."""
    rows = cells(LINES, content) or [[]]
    found: dict[str, dict[str, list[str]]] = {}
    if rows[0] == _COLUMNS:
        for name, kind, _, hashes in (row for row in rows[1:] if len(row) == len(_COLUMNS)):
            found.setdefault(name, {}).setdefault(kind, []).extend([hashes] if kind == "file" else wrap(hashes, _LETTERS))
    return found


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[row[at] if at < len(row) else "\0" for row in rows] for at in range(width)]


def _short(parts: Iterable[str]) -> str:
    whole = hashlib.sha256("\x1f".join(parts).encode("utf-8")).digest()
    return base64.b32encode(whole)[:_LETTERS].decode("ascii").lower()


@dataclass(frozen=True)
class Odd:
    """What does not fit in a text file: the numbers of rows and of columns (1 = first), its cells, rows and columns as stated."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cells: list[list[str]]
    stated: int

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Row and column of each cell that is changed; none where rows or columns were added or lost, or it cannot be told."""
        one = len(self.rows) == 1 or len(self.columns) == 1
        return (
            tuple((row, column) for row in self.rows for column in self.columns) if one and len(self.cells) == self.stated else ()
        )


def odd(name: str, content: bytes, hashes: Mapping[str, Sequence[str]]) -> Odd | None:
    r"""What of a file no longer fits the hashes of its rows and columns (kind → hashes); nothing without them or without text.

    >>> told = read_line_hashes(b"file,kind,first,hashes\na.csv,row,1,vw54chyf\n")
    >>> odd("a.csv", b"x,y\n1,3\n", told["a.csv"]).rows
    (2,)
    """
    stated = list(hashes.get("row", ()))
    rows = cells(name, content)
    if rows is None or not stated:
        return None
    across = _unlike(stated, [_short(row) for row in rows])
    down = _unlike(hashes["column"], [_short(column) for column in _columns(rows)]) if hashes.get("column") else ()
    return Odd(across, down, rows, len(stated))


def _unlike(told: Sequence[str], found: Sequence[str]) -> tuple[int, ...]:
    """The places where two lists differ; where their lengths do, the first place only."""
    places = tuple(at for at, (one, other) in enumerate(zip(told, found, strict=False), start=1) if one != other)
    if len(told) == len(found):
        return places
    return places[:1] or (min(len(told), len(found)) + 1,)
