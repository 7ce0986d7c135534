"""A release checked: hashes first, then the changed cell named, by hashes of rows and columns or by building again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidu.core.errors import ReplayError, TiduError
from tidu.publish.edition import Edition
from tidu.publish.release.crate import CRATE
from tidu.publish.release.lines import LINES, cells, hashes_text, odd, read_line_hashes
from tidu.publish.release.pack import SITE, member_files
from tidu.publish.release.package import PACKAGE
from tidu.publish.release.sums import SUMS, inside, paths, read_sums, sha256
from tidu.publish.release.tables import INPUTS, RECORD, built, rebuilt
from tidu.publish.run_folder import TOLERANCE, Replay, distance, replayed, result_rows
from tidu.publish.tables import csv_text

#: How an address begins → the command that makes such a file anew.
_MAKERS = {
    SITE: "tidu publish site",
    "audit/": "tidu audit --out",
    "report/workbook": "tidu publish workbook",
    "report/": "tidu publish report",
    "sdmx/": "tidu publish release --sdmx",
    "": "tidu publish release",
}
#: How many cells of one file are told.
MOST = 20


@dataclass(frozen=True)
class Checked:
    """What a check found: how many files were compared, and every fault with its file and, where it can be told, its cell.

    ``edition`` is the hash that the release names as its own; nothing where its record cannot be read.
    """

    files: int
    faults: tuple[TiduError, ...]
    edition: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(folder: Path) -> Checked:
    """The check of a release folder against its own hashes.

    Files that are gone, that are too many, lines of ``SHA256SUMS`` that say nothing or the wrong thing, and files that were
    changed; of a changed table the cell and of another text the line, in the packed site too, by the hashes of rows and columns;
    of what is made from the figures also the value that comes out again. A release whose hashes were written anew after a
    change is found by :func:`rerun_release`, not here.
    Raises ``release_none`` where the folder holds no release.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ReplayError("release_none", file=SUMS, folder=folder.name)
    told = read_sums(sums.read_text(encoding="utf-8", errors="replace"))
    there = paths(folder)
    faults: list[TiduError] = [ReplayError("release_sums_line", file=SUMS, row=row) for row in told.broken]
    faults += [ReplayError("release_missing", file=path) for path in told.hashes if path not in there]
    faults += [ReplayError("release_extra", file=path) for path in there if path not in told.hashes]
    found = {path: sha256((folder / path).read_bytes()) for path in told.hashes if path in there}
    changed = [path for path, digest in found.items() if digest != told.hashes[path]]
    package = _package(folder)
    wrong = [path for path in changed if package.get(path) == found[path]]
    faults += [ReplayError("release_sums_wrong", file=SUMS, row=told.lines[path], path=path) for path in wrong]
    changed = [path for path in changed if path not in wrong]
    faults += [
        ReplayError("release_package", file=path, wanted=package[path][:12], found=digest[:12])
        for path, digest in found.items()
        if path not in changed and path in package and package[path] != digest
    ]
    faults += _changed(folder, changed)
    return Checked(len(found), tuple(faults), _edition(folder))


def _edition(folder: Path) -> str | None:
    """The hash of the edition as the release's record names it; nothing where that cannot be read."""
    try:
        named = json.loads((folder / RECORD).read_text(encoding="utf-8")).get("edition")
    except (OSError, ValueError, AttributeError):
        return None
    return str(named) if named else None


def rerun_release(folder: Path) -> Replay:
    """The replay of a release: its figures and spec are read again, built again, and every table made from them compared.

    The site, the documents and the audit are not made again. Raises ``release_none``, ``run_missing``, ``run_unreadable``,
    ``run_changed`` where spec or figures no longer fit their hash, ``run_differs`` with the first cell that leaves the
    tolerance of 1e-9.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ReplayError("release_none", file=SUMS, folder=folder.name)
    told = read_sums(sums.read_text(encoding="utf-8", errors="replace"))
    for path in (*INPUTS.values(), RECORD):
        if path in told.hashes:
            if not (folder / path).is_file():
                raise ReplayError("run_missing", file=path, folder=folder.name)
            digest = sha256((folder / path).read_bytes())
            if digest != told.hashes[path]:
                raise ReplayError("run_changed", file=path, wanted=told.hashes[path][:12], found=digest[:12])
    made = {address: text.encode("utf-8") for address, text in rebuilt(folder).items()}
    return replayed(folder, made)


def opened(folder: Path) -> Edition:
    """The edition that a release holds: its files checked, its spec and figures built again, the results compared with its own.

    Raises ``release_none``, the first fault that :func:`verify` finds, what the rebuilding raises, and ``run_differs`` where
    this version of the program comes to other scores, ranks or ranges.
    """
    for fault in verify(folder).faults:
        raise fault
    index, sure, _ = built(folder)
    made = result_rows(index, sure)
    replayed(folder, {f"results/{name}": csv_text(rows).encode("utf-8") for name, rows in made.items() if rows})
    try:
        named = str(json.loads((folder / PACKAGE).read_text(encoding="utf-8"))["tidu"]["edition"])
    except (OSError, ValueError, KeyError, TypeError):
        named = None
    return Edition(index, sure, known_as=named)


def _package(folder: Path) -> dict[str, str]:
    """Path → hash as the Data Package says; nothing where it cannot be read."""
    try:
        resources = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))["resources"]
        told = {str(one["path"]): str(one["hash"]).removeprefix("sha256:") for one in resources}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {path: digest for path, digest in told.items() if inside(path)}


def _changed(folder: Path, changed: Sequence[str]) -> list[TiduError]:
    """Every changed file as a fault, with the cells that can be named."""
    if not changed:
        return []
    kept = {} if LINES in changed or not (folder / LINES).is_file() else read_line_hashes((folder / LINES).read_bytes())
    again: Mapping[str, str] = {}
    if not {*INPUTS.values(), RECORD} & set(changed):
        try:
            again = rebuilt(folder)
        except TiduError:
            again = {}
    if LINES in changed:
        sound = [path for path in paths(folder) if path not in (PACKAGE, CRATE, LINES)]
        again = {**again, LINES: hashes_text({path: (folder / path).read_bytes() for path in sound}).decode("utf-8")}
    faults: list[TiduError] = []
    for path in changed:
        content = (folder / path).read_bytes()
        if path == SITE:
            named = _packed(content, {name: told for name, told in kept.items() if name.startswith(f"{SITE}/")})
        else:
            named = _compared(path, content, again[path]) if path in again else []
            named = named or _crossed(path, content, kept.get(path, {}))
        faults += named or [_whole(path)]
    return faults


def _whole(path: str) -> TiduError:
    """A changed file as a fault, with the command that makes such a file anew."""
    command = next(made for start, made in _MAKERS.items() if path.startswith(start))
    return ReplayError("release_changed", file=path, command=command)


def _packed(content: bytes, kept: Mapping[str, Mapping[str, Sequence[str]]]) -> list[TiduError]:
    """The files of a packed site that are gone, too many or changed, with the cells that can be named."""
    found = member_files(content)
    if not found or not kept:
        return []
    faults: list[TiduError] = [ReplayError("release_missing", file=name) for name in kept if name not in found]
    faults += [ReplayError("release_extra", file=name) for name in found if name not in kept]
    for name in (name for name in found if name in kept):
        if [sha256(found[name])[:16]] != list(kept[name].get("file", ())):
            faults += (_crossed(name, found[name], kept[name]) if found[name] else []) or [_whole(name)]
    return faults


def _crossed(path: str, content: bytes, hashes: Mapping[str, Sequence[str]]) -> list[TiduError]:
    """The cells of a file whose rows and columns no longer fit their hashes; the row where a line was added or lost."""
    found = odd(path, content, hashes)
    if found is None or not (found.rows or found.columns):
        return []
    table = found.cells
    if not path.endswith(".csv") or not found.places:
        return [ReplayError("release_row", file=path, row=row) for row in found.rows[:MOST]]
    return [
        ReplayError("release_cell", file=path, row=row, column=_heading(table, column - 1, row), stands=_at(table, row, column))
        for row, column in found.places[:MOST]
    ]


def _compared(path: str, content: bytes, text: str) -> list[TiduError]:
    """The cells of a file that differ from those made anew, beyond the tolerance."""
    mine, theirs = cells(path, content), cells(path, text.encode("utf-8"))
    if mine is None or theirs is None:
        return []
    if len(mine) != len(theirs):
        row = next(
            (at for at, (a, b) in enumerate(zip(mine, theirs, strict=False), start=1) if a != b), min(len(mine), len(theirs)) + 1
        )
        return [ReplayError("release_row", file=path, row=row)]
    faults: list[TiduError] = []
    for row, (a, b) in enumerate(zip(mine, theirs, strict=True), start=1):
        for at in range(max(len(a), len(b))):
            x, y = (line[at] if at < len(line) else "" for line in (a, b))
            if x != y and not distance(x, y) <= TOLERANCE:
                column = _heading(theirs, at, row)
                where: dict[str, Any] = {"file": path, "row": row, "column": column}
                faults.append(ReplayError("run_differs", **where, stands=x or "–", rebuilt=y or "–"))
    return faults[:MOST]


def _heading(table: Sequence[Sequence[str]], at: int, row: int) -> str:
    """What a column is called; in the heading line itself, and where there is none, its number."""
    return table[0][at] if row > 1 and at < len(table[0]) else str(at + 1)


def _at(table: Sequence[Sequence[str]], row: int, column: int) -> str:
    line = table[row - 1]
    return (line[column - 1] if column <= len(line) else "") or "–"
