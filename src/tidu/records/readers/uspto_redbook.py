"""The USPTO's XML from 2005 on (v4.0 to v4.6): grants (``us-patent-grant``) and applications (``us-patent-application``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import document
from tidu.records.readers.uspto import (
    ASSIGNEES,
    KINDS,
    Claim,
    Row,
    Rows,
    agents,
    cited,
    classes,
    counted,
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

#: Relations in which the benefit of an earlier application's date is claimed.
_PARENTS = ("continuation", "continuation-in-part", "division", "substitution", "a-371-of-international")
#: The parts of a symbol of IPC or CPC.
_PARTS = ("section", "class", "subclass", "main-group", "subgroup")


def redbook(path: Path) -> Iterator[Document]:
    """The grants and applications of a file, however many stand one after the other.

    The key is ``US`` and the eight digits of the application. Before 2012 the inventor is the applicant, and stands as both; the
    company is an assignee. An application that was published before has that publication beside its own.
    """
    return (document(one, _rows) for one in documents(path, ("us-patent-grant", "us-patent-application")))


def _rows(root: etree._Element) -> Rows:
    granted = root.tag == "us-patent-grant"
    head = root.find("us-bibliographic-data-grant" if granted else "us-bibliographic-data-application")
    if head is None:
        return {"patent": [{"appno": None}]}
    reference = head.find("application-reference")
    own = said(reference, "document-id/doc-number")
    appno = key(own)
    own_publication = _publication(appno, head.find("publication-reference/document-id"))
    published = [own_publication]
    related = head.find("us-related-documents")
    if related is not None:
        published += [_publication(appno, one) for one in related.iterfind("related-publication/document-id")]
    claimed = priorities(appno, _claims(head, related, own))
    filing = day(said(reference, "document-id/date"))
    word = reference.get("appl-type", "") if reference is not None else ""
    symbols = _classes(head, appno)
    design = any(one["scheme"] == "locarno" for one in symbols)
    return {
        "patent": [
            patent(
                appno,
                published,
                claimed,
                filing,
                kind="design" if design else KINDS.get(word, word or None),
                route="pct" if head.find("pct-or-regional-filing-data") is not None else "national",
                title=said(head, "invention-title"),
                granted=own_publication["published"] if granted else None,
                claims=said(head, "number-of-claims") or _counted(root),
            )
        ],
        "publication": published,
        "party": _parties(head, appno),
        "class": symbols,
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def _publication(appno: str | None, one: etree._Element | None) -> Row:
    land = said(one, "country")
    return {
        "appno": appno,
        "authority": land,
        "number": publication_number(said(one, "doc-number"), land),
        "kind": said(one, "kind"),
        "published": day(said(one, "date")),
    }


def _claims(head: etree._Element, related: etree._Element | None, own: str | None) -> Iterator[Claim]:
    for one in head.iterfind("priority-claims/priority-claim"):
        yield said(one, "country"), said(one, "doc-number"), day(said(one, "date"))
    if related is None:
        return
    for group in related:
        if group.tag == "us-provisional-application":
            yield _identity(group.find("document-id"))
        elif group.tag in _PARENTS:
            relation = group.find("relation")
            if relation is None or (
                group.tag == "a-371-of-international" and said(relation, "child-doc/document-id/doc-number") == own
            ):
                continue
            yield _identity(relation.find("parent-doc/document-id"))


def _identity(one: etree._Element | None) -> Claim:
    return said(one, "country"), said(one, "doc-number"), day(said(one, "date"))


def _counted(root: etree._Element) -> str | None:
    """How many claims stand in the document, those that were cancelled not; nothing where there are none."""
    claims = root.find("claims")
    if claims is None:
        return None
    return str(counted(claims) or "") or None


def _parties(head: etree._Element, appno: str | None) -> list[Row]:
    group = head.find("us-parties")
    if group is None:
        group = head.find("parties")
    found: list[Row] = []
    if group is not None:
        applicants = group.findall("us-applicants/us-applicant") or group.findall("applicants/applicant")
        inventors = group.findall("inventors/*") or [one for one in applicants if one.get("app-type") == "applicant-inventor"]
        found += [_party(one, appno, "applicant", at) for at, one in enumerate(applicants, 1)]
        found += [_party(one, appno, "inventor", at) for at, one in enumerate(inventors, 1)]
        found += agents(appno, (_name(one.find("addressbook")) for one in group.iterfind("agents/agent")))
    found += [_party(one, appno, "assignee", at) for at, one in enumerate(head.iterfind("assignees/assignee"), 1)]
    return found


def _party(one: etree._Element, appno: str | None, role: str, at: int) -> Row:
    book = one.find("addressbook")
    if book is None:
        book = one
    home = book.find("address")
    lines = [said(home, part) for part in ("address-1", "address-2", "address-3", "street")] if home is not None else []
    row = place(lines, said(home, "city"), said(home, "state"), said(home, "country"), said(home, "postcode"))
    if row["country"] is None:
        row["country"] = said(one, "residence/country")
    code = said(book, "role") if role == "assignee" else None
    return {
        "appno": appno,
        "role": role,
        "seq": str(at),
        "name": _name(book),
        "type": ASSIGNEES.get(code or ""),
        **row,
    }


def _name(book: etree._Element | None) -> str | None:
    return said(book, "orgname") or name(
        said(book, "last-name"), said(book, "first-name"), said(book, "middle-name"), said(book, "suffix")
    )


def _classes(head: etree._Element, appno: str | None) -> list[Row]:
    old = head.find("classification-ipc")
    plain = [] if old is None else [ipc(one.text) for one in old if one.tag in ("main-classification", "further-classification")]
    parts = [_symbol(one) for one in head.iterfind("classifications-ipcr/classification-ipcr")]
    cpc = head.find("classifications-cpc")
    national = head.find("classification-national")
    us = [] if national is None else [uspc(one.text) for one in national if one.tag.endswith("classification")]
    return [
        *classes(appno, "ipc", [*parts, *plain]),
        *classes(appno, "cpc", [] if cpc is None else [_symbol(one) for one in cpc.iter("classification-cpc")]),
        *classes(appno, "locarno", [locarno(one.text) for one in head.iterfind("classification-locarno/main-classification")]),
        *classes(appno, "uspc", us),
    ]


def _symbol(one: etree._Element) -> str:
    section, main, sub, group, subgroup = (one.findtext(part, "").strip() for part in _PARTS)
    return f"{section}{main}{sub}{group}/{subgroup}"


def _citations(head: etree._Element, appno: str | None) -> list[Row]:
    group = head.find("us-references-cited")
    if group is None:
        group = head.find("references-cited")
    if group is None:
        return []
    found: list[Row] = []
    for one in group:
        paper = one.find("patcit/document-id")
        if paper is None:
            row: Row = {"literature": said(one, "nplcit/othercit")}
        else:
            row = {
                "cited": cited(said(paper, "country"), said(paper, "doc-number"), said(paper, "kind")),
                "published": day(said(paper, "date")),
            }
        if any(row.values()):
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": said(one, "category")})
    return found
