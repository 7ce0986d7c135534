"""Hashes of a folder's files, as ``sha256sum`` writes and reads them, and hashes of a text's rows and columns."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

#: The file of hashes at a release's root.
SUMS = "SHA256SUMS"
_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$")
#: How many hexadecimal digits of a row's or column's hash are kept: enough to tell rows of one file apart.
_SHORT = 16


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal.

    >>> sha256(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


def paths(folder: Path) -> tuple[str, ...]:
    """Every file under a folder by its path from there, sorted; the file of hashes itself is left out."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return tuple(sorted(name for name in found if name != SUMS))


def sums_text(hashes: Mapping[str, str]) -> str:
    """Path → hash as the text of a file that ``sha256sum --check`` reads, sorted by path.

    >>> sums_text({"b": "2" * 64, "a": "1" * 64}).splitlines()[0][60:]
    '1111  a'
    """
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))


@dataclass(frozen=True)
class Sums:
    """What a file of hashes says: path → hash, path → its line, and the lines that say nothing (1 = first line)."""

    hashes: Mapping[str, str]
    lines: Mapping[str, int]
    broken: tuple[int, ...]


def read_sums(text: str) -> Sums:
    r"""The hashes of a text. A line is broken when it is no hash and path, leads out of the folder or names a path again.

    >>> found = read_sums("0" * 64 + "  a.csv\n" + "0" * 64 + "  ../b\n")
    >>> sorted(found.hashes), found.broken
    (['a.csv'], (2,))
    """
    hashes: dict[str, str] = {}
    lines: dict[str, int] = {}
    broken = []
    for at, line in enumerate(text.splitlines(), start=1):
        match = _LINE.match(line)
        if match is None or not inside(match.group(2)) or match.group(2) in hashes:
            broken.append(at)
            continue
        hashes[match.group(2)], lines[match.group(2)] = match.group(1), at
    return Sums(hashes, lines, tuple(broken))


def inside(path: str) -> bool:
    """Whether a path stays inside the folder that it is read from.

    >>> inside("data/a.csv"), inside("../a"), inside("/etc/hosts"), inside("C:x")
    (True, False, False, False)
    """
    parts = PurePosixPath(path).parts
    return bool(parts) and path == PurePosixPath(path).as_posix() and not {"..", "/"} & set(parts) and not set("\\:") & set(path)


# --- rows and columns ----------------------------------------------------------------------------------------------------


def cells(name: str, content: bytes) -> list[list[str]] | None:
    """The rows of a text file: cells of a ``.csv``, whole lines of any other; nothing where the bytes are no text."""
    try:
        text = content.decode("utf-8-sig")
        if name.endswith(".csv"):
            return list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    return [[line] for line in text.split("\n")]


def line_hashes(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """One row a row of each file, and one a column of each table: file, ``row`` or ``column``, its number, its hash.

    Where one cell is changed, one row and one column no longer fit, and their crossing names it.
    """
    made: list[dict[str, Any]] = []
    for name, content in files.items():
        rows = cells(name, content) or []
        for kind, parts in (("row", rows), ("column", _columns(rows) if name.endswith(".csv") else [])):
            made += [{"file": name, "kind": kind, "at": at, "hash": _short(part)} for at, part in enumerate(parts, start=1)]
    return made


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[row[at] if at < len(row) else "\0" for row in rows] for at in range(width)]


def _short(parts: Iterable[str]) -> str:
    return sha256("\x1f".join(parts).encode("utf-8"))[:_SHORT]


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


def odd(name: str, content: bytes, hashes: Sequence[Mapping[str, str]]) -> Odd | None:
    r"""What of a file no longer fits the hashes of its rows and columns; nothing where it has none or is no text.

    >>> told = [{key: str(value) for key, value in row.items()} for row in line_hashes({"a.csv": b"x,y\n1,2\n"})]
    >>> odd("a.csv", b"x,y\n1,3\n", told).places
    ((2, 2),)
    """
    own = {kind: [row["hash"] for row in hashes if row["file"] == name and row["kind"] == kind] for kind in ("row", "column")}
    rows = cells(name, content)
    if rows is None or not own["row"]:
        return None
    now = {"row": rows, "column": _columns(rows) if own["column"] else []}
    found = {kind: _unlike(own[kind], [_short(part) for part in now[kind]]) for kind in now}
    return Odd(found["row"], found["column"], rows, len(own["row"]))


def _unlike(told: Sequence[str], found: Sequence[str]) -> tuple[int, ...]:
    """The places where two lists differ; where their lengths do, the first place only."""
    places = tuple(at for at, (one, other) in enumerate(zip(told, found, strict=False), start=1) if one != other)
    if len(told) == len(found):
        return places
    return places[:1] or (min(len(told), len(found)) + 1,)
