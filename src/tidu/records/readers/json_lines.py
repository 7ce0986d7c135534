"""Documents of JSON, one object a line: taken out one by one, whatever stands in a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tidu.records.readers.uspto import Rows
from tidu.records.staging import Document

#: A line longer than this is put aside unread.
LONGEST = 100_000_000


def json_lines(path: Path, rows_of: Callable[[dict[str, Any]], Rows]) -> Iterator[Document]:
    r"""A document for each line that is not blank; with its fault where it is no object, or not one of the kind that is asked for.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.jsonl"
    >>> _ = file.write_bytes(b'{"a": 1}\n\n[1]\n{"a"')
    >>> [(one.byte, one.line, one.fault) for one in json_lines(file, lambda one: {"patent": [{"appno": str(one["a"])}]})]
    [(0, 1, None), (10, 3, 'broken'), (14, 4, 'broken')]
    """
    byte = 0
    with path.open("rb") as file:
        for line, text in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            start, byte = byte, byte + len(text)
            plain = text.removeprefix(b"\xef\xbb\xbf").strip()
            if plain:
                yield _document(plain, line, start, rows_of)


def _document(text: bytes, line: int, byte: int, rows_of: Callable[[dict[str, Any]], Rows]) -> Document:
    if len(text) >= LONGEST - 1:
        return Document({}, line=line, byte=byte, fault="too_long", text=text[:200].decode("utf-8", "replace"))
    try:
        found = json.loads(text)
        rows = rows_of(found)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Document({}, line=line, byte=byte, fault="broken", text=text[:200].decode("utf-8", "replace"))
    return Document(rows, line=line, byte=byte)


def text_of(value: object) -> str | None:
    """A value as text without blanks at its ends, nothing where it is none or empty.

    >>> text_of(20120319), text_of(" a "), text_of(0), text_of(None)
    ('20120319', 'a', None, None)
    """
    if value is None or value == 0 or isinstance(value, dict | list):
        return None
    return " ".join(str(value).split()) or None
