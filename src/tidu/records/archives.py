"""Files, folders and ZIPs as files to read: members are taken out one at a time under names of our own, within a limit.

No name in an archive is ever used as a path. What comes out is counted as it is unpacked, whatever the archive says of its size.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tidu.core.errors import DataError, UsageError

#: An archive may unpack to so many times its size, and to ``FLOOR`` bytes however small it is; archives may hold archives so deep.
RATIO, FLOOR, DEPTH = 300, 100_000_000, 3
BLOCK = 1 << 20


@dataclass(frozen=True)
class Item:
    """A file to read, what it is called, and whether it was named by itself (and not found in a folder or an archive)."""

    path: Path
    name: str
    named: bool


def files(paths: Sequence[Path], folder: Path, without: Path | None = None) -> Iterator[Item]:
    """The files of paths, a folder standing for what is in it and a ZIP for its members.

    Members are unpacked into ``folder`` one at a time and taken away when the next is asked for. Hidden files, and what
    is in the folder ``without`` (a store), are passed over.

    Raises ``no_file``; ``archive_unreadable`` where a ZIP is none, is locked or broken; ``archive_path`` where a member's name
    leads out of it; ``archive_size`` where it unpacks to more than the limit.
    """
    for path in paths:
        if path.is_dir():
            for one in sorted(item for item in path.rglob("*") if item.is_file()):
                inside = one.relative_to(path)
                own = without is not None and one.resolve().is_relative_to(without.resolve())
                if not own and not any(part.startswith(".") for part in inside.parts):
                    yield from _opened(one, str(inside), folder, named=False)
        elif path.is_file():
            yield from _opened(path, path.name, folder, named=True)
        else:
            raise UsageError("no_file", path=str(path))


def _opened(path: Path, name: str, folder: Path, named: bool) -> Iterator[Item]:
    if path.suffix.lower() != ".zip":
        yield Item(path, name, named)
        return
    most = max(FLOOR, RATIO * path.stat().st_size)
    yield from _members(path, name, folder, _Allowance(name, most), 1)


class _Allowance:
    """How many bytes may still be unpacked out of an archive and what is in it."""

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most, self.left = name, most, most

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise DataError("archive_size", file=self.name, most=self.most // 1_000_000)


def _members(path: Path, name: str, folder: Path, allowance: _Allowance, depth: int) -> Iterator[Item]:
    try:
        with zipfile.ZipFile(path) as archive:
            for at, member in enumerate(archive.infolist()):
                inside = PurePosixPath(_name(member).replace("\\", "/"))
                if inside.is_absolute() or ".." in inside.parts or any(":" in part for part in inside.parts[:1]):
                    raise DataError("archive_path", file=name, name=member.filename)
                if member.is_dir() or any(part.startswith((".", "__MACOSX")) for part in inside.parts):
                    continue
                target = folder / f"{depth}-{at}{inside.suffix.lower() if inside.suffix[1:].isalnum() else ''}"
                _unpack(archive, member, target, allowance)
                whole = f"{name}/{inside}"
                if target.suffix == ".zip" and depth < DEPTH:
                    yield from _members(target, whole, folder, allowance, depth + 1)
                else:
                    yield Item(target, whole, named=False)
                target.unlink()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise DataError("archive_unreadable", file=name, reason=str(error)) from error


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; where the archive does not mark it as UTF-8 it is of GBK, as Chinese systems write it, if that fits."""
    if not member.flag_bits & 0x800:
        for encoding in ("utf-8", "gbk"):
            try:
                return member.filename.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
    return member.filename


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, allowance: _Allowance) -> None:
    with archive.open(member) as source, target.open("wb") as out:
        while block := source.read(BLOCK):
            allowance.take(len(block))
            out.write(block)
