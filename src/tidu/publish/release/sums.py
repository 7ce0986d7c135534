"""Hashes of a folder's files, as ``sha256sum`` writes and reads them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

#: The file of hashes at a release's root.
SUMS = "SHA256SUMS"
_LINE = re.compile(r"^([0-9a-f]{64})  (.+)$")


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
