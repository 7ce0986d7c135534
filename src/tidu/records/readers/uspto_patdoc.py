"""The USPTO's grants of 2001 to 2004 (``PATDOC``, v2.4 and v2.5): the tags are the INID codes of WIPO ST.9 behind a B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import document
from tidu.records.readers.uspto import (
    ASSIGNEES,
    Claim,
    Row,
    Rows,
    agents,
    cited,
    classes,
    day,
    ipc,
    key,
    locarno,
    name,
    patent,
    place,
    priorities,
    publication_number,
    said,
    uspc,
)
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

#: The letters before a number → the kind of grant, or its word where it is none of the three kinds.
LETTERS = {"D": "design", "PP": "plant", "RE": "invention", "H": "statutory invention registration", "T": "defensive publication"}
_PARENTS = ("B620/PARENT-US", "B630/B631/PARENT-US", "B630/B632/PARENT-US", "B660/PARENT-US")

_PAGE = re.compile(rb"<SDOBI[\s>].*?</SDOBI>", re.DOTALL)
#: Elements without content, which SGML does not close.
_EMPTY = re.compile(rb"<(CITED-BY-EXAMINER|CITED-BY-OTHER|B597US|B473US)>(?!</\1>)")


def patdoc(path: Path) -> Iterator[Document]:
    """The grants of a file, one by one.

    The key is ``US`` and the eight digits of the application. The form tells inventors and assignees and no applicants; before
    2012 the inventors were the applicants, which is left to the reader. Of SGML, whose empty elements are not closed, the title
    page alone is read.
    """
    return (document(one, _rows) for one in documents(path, ("PATDOC",), mend=_title_page))


def _title_page(text: bytes) -> bytes:
    """The title page of a document of SGML, its empty elements closed."""
    found = _PAGE.search(text)
    return b"<PATDOC>" + _EMPTY.sub(rb"<\1/>", found[0]) + b"</PATDOC>" if found else text


def kind_of(number: str | None, design: bool) -> str | None:
    """The kind that a grant's number tells by its letters: plain digits are of a utility patent, an invention.

    >>> kind_of("D435854", True), kind_of("6336130", False), kind_of("RE28567", False), kind_of("PP12345", False)
    ('design', 'invention', 'invention', 'plant')
    """
    if design:
        return "design"
    if number is None:
        return None
    return LETTERS.get(number.rstrip("0123456789"), "invention" if number.isdigit() else None)


def _rows(root: etree._Element) -> Rows:
    head = root.find("SDOBI")
    if head is None:
        return {"patent": [{"appno": None}]}
    own = said(head, "B200/B210/DNUM/PDAT")
    appno = key(own)
    office = said(head, "B100/B190/PDAT")
    main: Row = {
        "appno": appno,
        "authority": office,
        "number": publication_number(said(head, "B100/B110/DNUM/PDAT"), office),
        "kind": said(head, "B100/B130/PDAT"),
        "published": day(said(head, "B100/B140/DATE/PDAT")),
    }
    published = [main, *(_earlier(appno, one) for one in head.iterfind("B600/B650/DOC"))]
    claimed = priorities(appno, _claims(head))
    symbols = _classes(head, appno)
    design = any(one["scheme"] == "locarno" for one in symbols)
    return {
        "patent": [
            patent(
                appno,
                published,
                claimed,
                day(said(head, "B200/B220/DATE/PDAT")),
                kind=kind_of(main["number"], design),
                route="pct" if head.find("B800/B860") is not None else "national",
                title=said(head, "B500/B540"),
                granted=main["published"],
                claims=said(head, "B500/B570/B577/PDAT"),
            )
        ],
        "publication": published,
        "party": [
            *_parties(head, appno, "inventor", "B700/B720/B721/PARTY-US"),
            *_parties(head, appno, "assignee", "B700/B730/B731/PARTY-US"),
            *agents(appno, (_name(one.find("NAM")) for one in head.iterfind("B700/B740/B741/PARTY-US"))),
        ],
        "class": symbols,
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def _earlier(appno: str | None, one: etree._Element) -> Row:
    office = said(one, "CTRY/PDAT")
    number = publication_number(said(one, "DNUM/PDAT"), office or "US")
    return {
        "appno": appno,
        "authority": office or "US",
        "number": number,
        "kind": said(one, "KIND/PDAT"),
        "published": day(said(one, "DATE/PDAT")),
    }


def _claims(head: etree._Element) -> Iterator[Claim]:
    for one in head.iterfind("B300"):
        for number, when, land in zip(one.iterfind("B310"), one.iterfind("B320"), one.iterfind("B330"), strict=False):
            yield said(land), said(number), day(said(when))
    related = head.find("B600")
    if related is None:
        return
    for one in related.iterfind("B680US/DOC"):
        yield said(one, "CTRY/PDAT") or "US", said(one, "DNUM/PDAT"), day(said(one, "DATE/PDAT"))
    for path in _PARENTS:
        for parent in related.iterfind(path + "/PDOC/DOC"):
            yield said(parent, "CTRY/PDAT") or "US", said(parent, "DNUM/PDAT"), day(said(parent, "DATE/PDAT"))


def _parties(head: etree._Element, appno: str | None, role: str, path: str) -> Iterator[Row]:
    for at, one in enumerate(head.iterfind(path), 1):
        home = one.find("ADR")
        lines = [said(line) for line in home.iterfind("STR")] if home is not None else []
        code = said(one.getparent().getparent(), "B732US/PDAT") if role == "assignee" else None
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at),
            "name": _name(one.find("NAM")),
            "type": ASSIGNEES.get(code or ""),
            **place(lines, said(home, "CITY"), said(home, "STATE"), said(home, "CTRY"), said(home, "PCODE")),
        }


def _name(one: etree._Element | None) -> str | None:
    return said(one, "ONM") or name(said(one, "SNM"), said(one, "FNM"), said(one, "SFX"))


def _classes(head: etree._Element, appno: str | None) -> list[Row]:
    international = [one.findtext("PDAT") for one in head.iterfind("B500/B510/*") if one.tag in ("B511", "B512")]
    national = [one.findtext("PDAT") for one in head.iterfind("B500/B520/*") if one.tag in ("B521", "B522")]
    design = [one for one in international if one and one.strip().isdigit()]
    return [
        *classes(appno, "ipc", (ipc(one) for one in international if one not in design)),
        *classes(appno, "locarno", map(locarno, design)),
        *classes(appno, "uspc", map(uspc, national)),
    ]


def _citations(head: etree._Element, appno: str | None) -> list[Row]:
    group = head.find("B500/B560")
    if group is None:
        return []
    found: list[Row] = []
    for one in group:
        paper = one.find("PCIT/DOC")
        if paper is None:
            row: Row = {"literature": said(one, "NCIT")}
        else:
            land = said(paper, "CTRY/PDAT") or "US"
            row = {
                "cited": cited(land, said(paper, "DNUM/PDAT"), said(paper, "KIND/PDAT")),
                "published": day(said(paper, "DATE/PDAT")),
            }
        if any(row.values()):
            by = next(
                (tag.lower().replace("-", " ") for tag in ("CITED-BY-EXAMINER", "CITED-BY-OTHER") if one.find(tag) is not None),
                None,
            )
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": by})
    return found
