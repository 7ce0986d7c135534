"""Files as text: which encoding, where each record begins, headings folded so that spellings meet."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

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
    data = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.zeros(0, dtype=np.uint8)
    only_cr = _only_cr(data)
    ends: list[NDArray[np.int64]] = []
    breaks: list[NDArray[np.int64]] = []
    inside = 0
    for at in range(0, len(data), BLOCK):
        block = np.asarray(data[at : at + BLOCK])
        found = np.flatnonzero(block == (13 if only_cr else 10))
        marks = np.flatnonzero(block == quote[0]) if quote else np.zeros(0, dtype=np.intp)
        before = np.searchsorted(marks, found) + inside
        inside += len(marks)
        breaks.append(found + at)
        ends.append((found + at)[before % 2 == 0])
    end = np.concatenate([*ends, np.array([len(data)])]) if ends else np.array([len(data)])
    start = np.concatenate([[0], end[:-1] + 1])
    every = np.concatenate(breaks) if breaks else np.zeros(0, dtype=np.int64)
    line = np.searchsorted(every, start) + 1
    seen = _with_text(data, start, end)
    last_is_nothing = bool(len(start)) and start[-1] >= len(data)
    blank = int((~seen).sum()) - int(last_is_nothing)
    return Records(start[seen].astype(np.int64), end[seen].astype(np.int64), line[seen].astype(np.int64), max(blank, 0))


def _only_cr(data: NDArray[np.uint8]) -> bool:
    head = np.asarray(data[:SAMPLE])
    return bool((head == 13).any()) and not bool((head == 10).any())


def _with_text(data: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a record holds more than blanks, a byte-order mark or a carriage return."""
    length = end - start
    seen = length > 4
    for at in np.flatnonzero(~seen):
        seen[at] = bool(bytes(data[start[at] : end[at]]).removeprefix(codecs.BOM_UTF8).strip())
    return seen
