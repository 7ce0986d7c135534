"""Files as text: which encoding, where each record begins, headings folded so that spellings meet."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import DataError

#: So many bytes are looked at to tell an encoding, and are read at a time.
SAMPLE, BLOCK = 1 << 20, 1 << 24
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BRACKETS = str.maketrans("［］【】〔〕｛｝", "[][][][]")


def encoding(path: Path, otherwise: str = "gb18030") -> str:
    """The encoding of a file: by its mark, UTF-8 where its whole text is, else ``otherwise`` where that fits.

    Raises ``list_encoding`` with the byte where neither fits.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_bytes("申请号".encode("gb18030"))
    >>> encoding(file)
    'gb18030'
    """
    with path.open("rb") as file:
        head = file.read(4)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
    for name in ("utf-8", otherwise):
        fault = _first_fault(path, name)
        if fault is None:
            return name
    raise DataError("list_encoding", file=str(path), address=f"byte {fault}", name=otherwise)


def _first_fault(path: Path, name: str) -> int | None:
    decoder, done = codecs.getincrementaldecoder(name)(), 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                decoder.decode(block, not block)
            except UnicodeDecodeError as error:
                return done + error.start
            if not block:
                return None
            done += len(block)


def folded(heading: str) -> str:
    """A heading as it is compared: NFKC, brackets of one kind, no blanks, small letters; a vendor's mark ``[标]`` stays.

    >>> folded(" 公开（公告）号 ") == folded("公开(公告)号"), folded("ＩＰＣ 分类号")
    (True, 'ipc分类号')
    """
    return re.sub(r"[\s\ufeff\u200b]+", "", unicodedata.normalize("NFKC", heading).translate(_BRACKETS)).lower()


@dataclass(frozen=True, eq=False)
class Records:
    """Where the records of a delimited file are: first byte and line of each, heading included, and of the blank ones.

    ``start`` and ``line`` (records,) are of those with text, ``end`` the byte after each; ``blank`` is how many have none.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    line: NDArray[np.int64]
    blank: int

    def __len__(self) -> int:
        """How many records have text."""
        return len(self.start)


def records(path: Path, quote: bytes = b'"') -> Records:
    r"""Where each record of a delimited file begins, line ends inside quotes passed over; CR, LF and CRLF all end a line.

    The bytes are looked at as they are: UTF-8, GB18030 and one-byte encodings have line ends and quotes nowhere else.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_bytes(b'h\r\n"a\nb"\r\n\r\nc')
    >>> found = records(file)
    >>> found.start.tolist(), found.line.tolist(), found.blank
    ([0, 3, 12], [1, 2, 5], 1)
    """
    size = path.stat().st_size
    only_cr = _only_cr(path)
    ends: list[NDArray[np.int64]] = []
    breaks: list[NDArray[np.int64]] = []
    inside, parted = 0, False
    with path.open("rb") as file:
        for at in range(0, size, BLOCK):
            block = np.frombuffer(file.read(BLOCK), dtype=np.uint8)  # no map: what was read would count as held
            found = np.flatnonzero(block == (13 if only_cr else 10))
            marks = np.flatnonzero(block == quote[0]) if quote else np.zeros(0, dtype=np.intp)
            ended = (np.searchsorted(marks, found) + inside) % 2 == 0
            inside += len(marks)
            breaks.append(found + at)
            ends.append(breaks[-1] if ended.all() else breaks[-1][ended])
            parted = parted or not ended.all()
        end = np.concatenate([*ends, np.array([size])])
        ends.clear()
        start = np.empty_like(end)
        start[0], start[1:] = 0, end[:-1] + 1
        line = np.arange(1, len(end) + 1) if not parted else np.searchsorted(np.concatenate(breaks), start) + 1
        seen = _with_text(file, start, end)
    last_is_nothing = bool(start[-1] >= size)
    blank = int((~seen).sum()) - int(last_is_nothing)
    if not seen.all():
        start, end, line = start[seen], end[seen], line[seen]
    return Records(start, end, line.astype(np.int64, copy=False), max(blank, 0))


def _only_cr(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    return b"\r" in head and b"\n" not in head


def _with_text(file: BinaryIO, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a record holds more than blanks, a byte-order mark or a carriage return."""
    seen = end - start > 4
    for at in np.flatnonzero(~seen):
        file.seek(int(start[at]))
        seen[at] = bool(file.read(max(0, int(end[at] - start[at]))).removeprefix(codecs.BOM_UTF8).strip())
    return seen
