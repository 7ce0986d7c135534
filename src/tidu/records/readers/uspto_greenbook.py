"""The USPTO's grants of 1976 to 2001 as tagged text (Green Book, APS): tags in the first four places of a line, text behind."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from tidu.records.readers.uspto import (
    ASSIGNEES,
    Row,
    Rows,
    agents,
    cited,
    classes,
    country,
    day,
    ipc,
    key,
    locarno,
    patent,
    place,
    priorities,
    publication_number,
    uspc,
)
from tidu.records.readers.uspto_patdoc import kind_of
from tidu.records.readers.xml import LONGEST
from tidu.records.staging import Document

#: A section: its tag, and its lines as tag and text.
Section = tuple[str, list[tuple[str, str]]]
_RECORD = re.compile(rb"^PATN[ \t]*\r?$", re.MULTILINE)
#: The sections of running text, which follow those of the title page.
_TEXT = re.compile(rb"^(?:ABST|PARN|BSUM|DRWD|DETD|CLMS|DCLM)[ \t]*\r?$", re.MULTILINE)
_DESIGN = re.compile(r"D?\d{4}")


def greenbook(path: Path) -> Iterator[Document]:
    """The grants of a file, one by one.

    The key is ``US``, two digits of the series (SRC) and six of the number (APN); the seventh, a check digit, falls away, and so
    does the ninth place of the patent number (WKU). The form prints no kind code and no applicants: before 2012 the inventors
    were the applicants, which is left to the reader.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        line, counted = 1, 0
        head = _RECORD.search(data)
        while head is not None:
            start = head.start()
            following = _RECORD.search(data, head.end())
            end = len(data) if following is None else following.start()
            line, counted, head = line + data[counted:start].count(b"\n"), start, following
            if end - start > LONGEST:
                yield Document({}, line=line, byte=start, fault="too_long", text=_decoded(data[start : start + 200]))
                continue
            body = _TEXT.search(data, start, end)
            title_page = data[start : end if body is None else body.start()]
            if b"\0" in title_page:
                yield Document({}, line=line, byte=start, fault="broken", text=_decoded(title_page[:200].replace(b"\0", b"?")))
                continue
            yield Document(_rows(sections(_decoded(title_page))), line=line, byte=start)


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def sections(text: str) -> list[Section]:
    r"""The sections of a title page in order; lines that begin with blanks go on with the line before.

    >>> sections("PATN\nWKU  039373754\nTTL  Bumper support\n      for a loader\nINVT\nNAM  Daniels; E.\n")
    [('PATN', [('WKU', '039373754'), ('TTL', 'Bumper support for a loader')]), ('INVT', [('NAM', 'Daniels; E.')])]
    """
    found: list[Section] = []
    for line in text.splitlines():
        tag, value = line[:4].rstrip(), line[5:].rstrip()
        if not tag:
            if found and found[-1][1] and value:
                last, before = found[-1][1][-1]
                found[-1][1][-1] = (last, f"{before} {value.strip()}")
        elif len(tag) == 4 and not value:
            found.append((tag, []))
        elif found:
            found[-1][1].append((tag, value))
    return found


def _rows(parts: list[Section]) -> Rows:
    main = dict(parts[0][1])
    appno = _key(main)
    number = publication_number((main.get("WKU") or "")[:8] or None)
    published: Row = {
        "appno": appno,
        "authority": "US",
        "number": number,
        "kind": None,
        "published": day(_said(main, "ISD")),
    }
    claimed = priorities(appno, [*_priorities(parts), *_parents(parts)])
    symbols = _classes(parts, appno)
    design = main.get("APT", "").strip() == "4" or any(one["scheme"] == "locarno" for one in symbols)
    return {
        "patent": [
            patent(
                appno,
                [published],
                claimed,
                day(_said(main, "APD")),
                kind=kind_of(number, design),
                route="pct" if any(tag == "PCTA" for tag, _ in parts) else "national",
                title=_said(main, "TTL"),
                granted=published["published"],
                claims=_said(main, "NCL"),
            )
        ],
        "publication": [published],
        "party": [
            *_parties(parts, appno, "inventor", "INVT"),
            *_parties(parts, appno, "assignee", "ASSG"),
            *agents(appno, _agents(parts)),
        ],
        "class": symbols,
        "priority": claimed,
        "citation": _citations(parts, appno),
    }


def _said(lines: dict[str, str], tag: str) -> str | None:
    return lines.get(tag, "").strip() or None


def _key(main: dict[str, str]) -> str | None:
    number, series = _said(main, "APN"), _said(main, "SRC")
    if number is None or series is None:
        return None
    return key(f"{series:0>2}{number[:6]:0>6}")


def _priorities(parts: list[Section]) -> Iterator[tuple[str | None, str | None, str | None]]:
    for tag, lines in parts:
        if tag == "PRIR":
            one = dict(lines)
            yield country(_said(one, "CNT")), _said(one, "APN"), day(_said(one, "APD"))


def _parents(parts: list[Section]) -> Iterator[tuple[str | None, str | None, str | None]]:
    for tag, lines in parts:
        if tag == "RLAP":
            one = dict(lines)
            yield "US", _said(one, "APN"), day(_said(one, "APD"))


def _parties(parts: list[Section], appno: str | None, role: str, section: str) -> Iterator[Row]:
    for at, lines in enumerate((lines for tag, lines in parts if tag == section), 1):
        one = dict(lines)
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at),
            "name": _name(_said(one, "NAM")),
            "type": ASSIGNEES.get(_said(one, "COD") or "") if role == "assignee" else None,
            **place([_said(one, "STR")], _said(one, "CTY"), _said(one, "STA"), _said(one, "CNT"), _said(one, "ZIP")),
        }


def _name(text: str | None) -> str | None:
    return text.replace("; ", ", ") if text else None


def _agents(parts: list[Section]) -> list[str]:
    lines = [line for tag, group in parts if tag == "LREP" for line in group]
    firms = [text.strip() for tag, text in lines if tag == "FRM"]
    return firms or [_name(text.strip()) or "" for tag, text in lines if tag in ("FR2", "AAT", "AGT")]


def _classes(parts: list[Section], appno: str | None) -> list[Row]:
    lines = [line for tag, group in parts if tag == "CLAS" for line in group]
    international = [text for tag, text in lines if tag == "ICL"]
    design = [one for one in international if _DESIGN.fullmatch(one.strip())]
    return [
        *classes(appno, "ipc", (ipc(one) for one in international if one not in design)),
        *classes(appno, "locarno", map(locarno, design)),
        *classes(appno, "uspc", (uspc(text) for tag, text in lines if tag in ("OCL", "XCL"))),
    ]


def _citations(parts: list[Section], appno: str | None) -> list[Row]:
    found: list[Row] = []
    for tag, lines in parts:
        one = dict(lines)
        if tag in ("UREF", "FREF"):
            land = "US" if tag == "UREF" else country(_said(one, "CNT"))
            found.append({"cited": cited(land, _said(one, "PNO"), None), "published": day(_said(one, "ISD"))})
        elif tag == "OREF":
            found += [{"literature": text.strip()} for line, text in lines if line == "PAL" and text.strip()]
    return [{"appno": appno, "seq": str(at), **row} for at, row in enumerate(found, 1)]
