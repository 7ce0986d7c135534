"""Documents of XML taken out of a file one by one: no network, no DTD, no entities, whatever stands in the file.

A file may hold one document, a root around many, or many one after the other, each with its own declaration. Only the element of
a document is parsed: what stands before it (declarations, document types, entities) is never looked at.
"""

from __future__ import annotations

import html.entities
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

#: A document longer than this is put aside unread.
LONGEST = 200_000_000
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_FOREIGN = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)")


@dataclass(frozen=True)
class Found:
    """A document as it stands in a file: its first byte and line, its root where it could be parsed, else what is wrong."""

    byte: int
    line: int
    root: etree._Element | None
    fault: str | None = None
    text: str | None = None


def parsed(text: bytes, encoding: str | None = None) -> etree._Element:
    """The root of a document, with network, DTD and the expansion of entities off.

    >>> parsed(b"<a><b>1</b></a>").findtext("b")
    '1'
    """
    from lxml import etree

    return etree.fromstring(text, _parser(encoding, len(text) > 10_000_000))


@cache
def _parser(encoding: str | None, huge: bool) -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
        encoding=encoding,
    )


def documents(
    path: Path, tags: tuple[str, ...], namespaces: str = "", mend: Callable[[bytes], bytes] | None = None
) -> Iterator[Found]:
    r"""The documents of a file: each element of one of the ``tags`` (with prefix, as printed), wherever it begins.

    ``namespaces`` are declarations put around a document that lacks its own; ``mend`` is tried on the text of one that does not
    parse. What does not parse even so comes with its fault and its first letters. Where one is not closed, the next begins at its
    own tag, so that none hides another.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.xml"
    >>> _ = file.write_bytes(b"<d><t>1</t></d>\n<d><t>&unknown</d><d/>")
    >>> [(one.byte, one.line, one.fault) for one in documents(file, ("d",))]
    [(0, 1, None), (16, 2, 'broken'), (34, 2, None)]
    """
    if not path.stat().st_size:
        return
    names = b"|".join(re.escape(tag.encode()) for tag in tags)
    opening = re.compile(rb"<(" + names + rb")(?=[\s>/])[^>]*>")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        encoding = _encoding(data[:200])
        at, line, counted = 0, 1, 0
        while (head := opening.search(data, at)) is not None:
            start, end = head.start(), _end(data, head)
            line, counted = line + data[counted:start].count(b"\n"), start
            at = end if end is not None else _next(data, opening, head.end())
            if at - start > LONGEST:
                yield Found(start, line, None, "too_long", data[start : start + 200].decode("utf-8", "replace"))
                continue
            text = data[start:at]
            root = _root(text, encoding, namespaces) if end is not None else None
            if root is None and end is not None:
                other = opening.search(data, head.end(), at)
                if other is not None:
                    at = other.start()
                    text = data[start:at]
                elif mend is not None:
                    root = _root(mend(text), encoding, namespaces)
            if root is None:
                yield Found(start, line, None, "broken", text[:200].decode("utf-8", "replace"))
            else:
                yield Found(start, line, root)


def _encoding(head: bytes) -> str | None:
    found = re.search(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", head)
    return found[1].decode() if found else None


def _end(data: mmap.mmap, head: re.Match[bytes]) -> int | None:
    """The byte after a document that begins with a tag, or nothing where it is not closed."""
    if head[0].endswith(b"/>"):
        return head.end()
    close = b"</" + head[1]
    at = data.find(close, head.end())
    while at >= 0 and data[at + len(close) : at + len(close) + 1] not in (b">", b" ", b"\t", b"\n", b"\r"):
        at = data.find(close, at + 1)
    end = data.find(b">", at) if at >= 0 else -1
    return end + 1 if end >= 0 else None


def _next(data: mmap.mmap, opening: re.Pattern[bytes], at: int) -> int:
    found = opening.search(data, at)
    return found.start() if found else len(data)


def _root(text: bytes, encoding: str | None, namespaces: str) -> etree._Element | None:
    """The root of a document; its names of letters (``&eacute;``) made letters and its lacking namespaces declared where needed."""
    from lxml import etree

    if _FOREIGN.search(text) is None or b"<![CDATA[" in text:
        try:
            if not namespaces or b"xmlns" in text[: text.find(b">")]:
                return parsed(text, encoding)
            return parsed(b"<tidu " + namespaces.encode() + b">" + text + b"</tidu>", encoding)[0]
        except (etree.XMLSyntaxError, IndexError):
            pass
    plain = _ENTITY.sub(lambda one: one[0] if one[1] in _OWN else _letter(one[1]), text)
    try:
        whole = parsed(b"<tidu " + namespaces.encode() + b">" + plain + b"</tidu>", encoding)
    except etree.XMLSyntaxError:
        return None
    return whole[0] if len(whole) else None


@lru_cache(4096)
def _letter(name: bytes) -> bytes:
    letter = html.entities.html5.get(name.decode() + ";")
    return b"".join(b"&#%d;" % ord(one) for one in letter) if letter else b"?"
