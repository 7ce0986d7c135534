"""CNIPA's publication XML: the form of 2006 (``cn-patent-document``) and the new one (``business:PatentDocumentAndRelated``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.core.errors import DataError
from tidu.records.numbers import application_number, stage
from tidu.records.readers.xml import Found, documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
_BUSINESS = "{http://www.sipo.gov.cn/XMLSchema/business}"
_BASE = "{http://www.sipo.gov.cn/XMLSchema/base}"
#: The new form writes these where it has nothing to say.
FILLERS = frozenset(("", "0", "0000000000", "00000000"))
_KINDS = {
    "发明专利": "invention",
    "实用新型": "utility_model",
    "外观设计": "design",
    "10": "invention",
    "20": "utility_model",
    "30": "design",
}


def said(node: etree._Element | None, path: str = ".") -> str | None:
    """The text of a node below another, blanks made one; nothing where it lacks or holds a filler."""
    found = node.find(path) if node is not None and path != "." else node
    if found is None:
        return None
    text = " ".join("".join(found.itertext()).split())
    return None if text in FILLERS else text


def day(text: str | None) -> str | None:
    """A date of eight digits as 2017-10-01; what is no such date stays as it stands.

    >>> day("20171001"), day("2017")
    ('2017-10-01', '2017')
    """
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text and len(text) == 8 and text.isdigit() else text


def number(text: str | None) -> tuple[str | None, str | None, str | None]:
    """An application number as staged (with its check digit where one was printed), the kind and the route that it tells."""
    if text is None:
        return None, None, None
    try:
        found = application_number(text)
    except DataError:
        return text, None, None
    return (str(found) if found.printed else found.digits), found.kind, found.route


def old_documents(path: Path) -> Iterator[Document]:
    """The documents of a file in the form of 2006, one by one."""
    return (document(one, _old) for one in documents(path, ("cn-patent-document",)))


def new_documents(path: Path) -> Iterator[Document]:
    """The documents of a file in the new form, one by one."""
    namespaces = f'xmlns:business="{_BUSINESS[1:-1]}" xmlns:base="{_BASE[1:-1]}"'
    return (document(one, _new) for one in documents(path, ("business:PatentDocumentAndRelated",), namespaces))


def document(found: Found, rows_of: Callable[[etree._Element], Rows]) -> Document:
    """A document that was found in a file, taken apart; with its fault where it could not be parsed."""
    if found.root is None:
        return Document({}, line=found.line, byte=found.byte, fault=found.fault, text=found.text)
    return Document(rows_of(found.root), line=found.line, byte=found.byte)


def _patent(appno: str | None, published: Row, **more: str | None) -> Row:
    when, kind = published["published"], published["kind"]
    row: Row = {"appno": appno, "authority": "CN", "first_publication": when, "provisional": "false", **more}
    if when and kind and _is_grant(kind, when):
        row |= {"granted": when, "first_publication": when if kind[:1] in "UYSD" else None}
    return row


def _is_grant(kind: str, when: str) -> bool:
    from datetime import date

    try:
        return stage(kind, date.fromisoformat(when)) == "granted"
    except ValueError:
        return False


def _old(root: etree._Element) -> Rows:
    head = root.find("cn-bibliographic-data")
    if head is None:
        return {"patent": [{"appno": None}]}
    reference = head.find("application-reference")
    printed = said(reference, "document-id/doc-number")
    appno, kind, route = number(printed)
    document = head.find("cn-publication-reference/document-id")
    published: Row = {
        "appno": appno,
        "authority": said(document, "country"),
        "number": said(document, "doc-number"),
        "kind": said(document, "kind"),
        "published": day(said(document, "date")),
    }
    priorities: list[Row] = [
        {"appno": appno, "authority": said(one, "country"), "number": said(one, "doc-number"), "claimed": day(said(one, "date"))}
        for one in head.iterfind("priority-claims/priority-claim")
    ]
    filing = day(said(reference, "document-id/date"))
    parties = [
        *_old_parties(head, appno, "applicant", "cn-parties/cn-applicants/cn-applicant"),
        *_old_parties(head, appno, "assignee", "cn-parties/cn-assignees/cn-assignee"),
        *_old_parties(head, appno, "inventor", "cn-parties/cn-inventors/cn-inventor"),
    ]
    agencies = [said(one, "cn-agency/name") for one in head.iterfind("cn-parties/cn-agents/cn-agent")]
    parties += _agents(appno, agencies)
    symbols = [said(one, "text") for one in head.iterfind("classifications-ipcr/classification-ipcr")]
    word = reference.get("appl-type", "") if reference is not None else ""
    return {
        "patent": [
            _patent(
                appno,
                published,
                kind=_KINDS.get(word) or kind,
                route=route,
                title=said(head, "invention-title"),
                filing=filing,
                earliest_priority=_earliest(priorities, filing),
            )
        ],
        "publication": [published],
        "party": parties,
        "class": _classes(appno, symbols),
        "priority": priorities,
    }


def _old_parties(head: etree._Element, appno: str | None, role: str, path: str) -> Iterator[Row]:
    for at, one in enumerate(head.iterfind(path), 1):
        book = one.find("addressbook")
        yield {
            "appno": appno,
            "role": role,
            "seq": one.get("sequence") or str(at),
            "name": said(one, "name") if book is None else said(book, "name"),
            "address": said(book, "address/text") if book is not None else None,
        }


def _new(root: etree._Element) -> Rows:
    head = root.find(f"{_BUSINESS}BibliographicData")
    if head is None:
        return {"patent": [{"appno": None}]}
    reference = _original(head, "ApplicationReference")
    appno, kind, route = number(said(reference, f"{_BASE}DocumentID/{_BASE}DocNumber"))
    document = _original(head, "PublicationReference")
    inner = f"{_BASE}DocumentID/{_BASE}"
    published: Row = {
        "appno": appno,
        "authority": said(document, inner + "WIPOST3Code"),
        "number": said(document, inner + "DocNumber"),
        "kind": said(document, inner + "Kind"),
        "published": day(said(document, inner + "Date")),
    }
    priorities: list[Row] = [
        {
            "appno": appno,
            "authority": said(one, f"{_BASE}WIPOST3Code"),
            "number": said(one, f"{_BASE}DocNumber"),
            "claimed": day(said(one, f"{_BASE}Date")),
        }
        for one in head.iterfind(f"{_BUSINESS}Priorities/{_BUSINESS}Priority")
        if one.get("dataFormat") != "standard"
    ]
    filing = day(said(reference, inner + "Date"))
    parties = [
        *_new_parties(head, appno, "applicant", "ApplicantDetails", "Applicant"),
        *_new_parties(head, appno, "assignee", "AssigneeDetails", "Assignee"),
        *_new_parties(head, appno, "inventor", "InventorDetails", "Inventor"),
    ]
    agencies = [
        said(one, f"{_BUSINESS}Agency//{_BASE}OrganizationName")
        for one in head.iterfind(f"{_BUSINESS}Parties/{_BUSINESS}AgentDetails/{_BUSINESS}Agent")
    ]
    parties += _agents(appno, agencies)
    symbols = [
        said(one, f"{_BASE}Text") for one in head.iterfind(f"{_BUSINESS}ClassificationIPCRDetails/{_BUSINESS}ClassificationIPCR")
    ]
    word = reference.get("applType", "") if reference is not None else ""
    cited: list[Row] = []
    for at, one in enumerate(head.iterfind(f"{_BUSINESS}ReferencesCited/{_BUSINESS}Citation"), 1):
        paper = one.find(f".//{_BASE}DocumentID")
        whole = "".join(filter(None, (said(paper, f"{_BASE}{part}") for part in ("WIPOST3Code", "DocNumber", "Kind")))) or None
        cited.append(
            {
                "appno": appno,
                "seq": str(at),
                "cited": whole,
                "literature": said(one, f"{_BUSINESS}NPLCitation") if whole is None else None,
                "published": day(said(paper, f"{_BASE}Date")),
                "category": said(one, f"{_BUSINESS}Category"),
            }
        )
    return {
        "patent": [
            _patent(
                appno,
                published,
                kind=_KINDS.get(word) or kind,
                route=route,
                title=said(head, f"{_BUSINESS}InventionTitle"),
                filing=filing,
                earliest_priority=_earliest(priorities, filing),
            )
        ],
        "publication": [published],
        "party": parties,
        "class": _classes(appno, symbols),
        "priority": priorities,
        "citation": cited,
    }


def _original(head: etree._Element, tag: str) -> etree._Element | None:
    """The form of a reference that the office printed, by its mark and never by its place."""
    found = head.findall(f"{_BUSINESS}{tag}")
    return next((one for one in found if one.get("dataFormat") == "original"), found[0] if found else None)


def _new_parties(head: etree._Element, appno: str | None, role: str, group: str, tag: str) -> Iterator[Row]:
    path = f"{_BUSINESS}Parties/{_BUSINESS}{group}/{_BUSINESS}{tag}"
    for at, one in enumerate((one for one in head.iterfind(path) if one.get("dataFormat") != "standard"), 1):
        book = one.find(f".//{_BASE}AddressBook")
        place = book.find(f"{_BASE}Address") if book is not None else None
        yield {
            "appno": appno,
            "role": role,
            "seq": one.get("sequence") or str(at),
            "name": said(book, f"{_BASE}Name"),
            "credit_code": said(one, f"{_BUSINESS}OrganizationCode"),
            "country": said(place, f"{_BASE}WIPOST3Code"),
            "address": said(place, f"{_BASE}Text"),
            "postcode": said(place, f"{_BASE}PostCode"),
            "printed_province": said(place, f"{_BASE}Province"),
            "printed_city": said(place, f"{_BASE}City"),
            "printed_county": said(place, f"{_BASE}County"),
        }


def _agents(appno: str | None, agencies: list[str | None]) -> list[Row]:
    """Each agency once, in the order in which its agents are printed."""
    return [
        {"appno": appno, "role": "agent", "seq": str(at), "name": name}
        for at, name in enumerate(dict.fromkeys(filter(None, agencies)), 1)
    ]


def _classes(appno: str | None, symbols: list[str | None]) -> list[Row]:
    made = [symbol.split("(")[0].replace(" ", "") for symbol in symbols if symbol]
    return [{"appno": appno, "scheme": "ipc", "symbol": symbol, "seq": str(at)} for at, symbol in enumerate(made, 1)]


def _earliest(priorities: list[Row], filing: str | None) -> str | None:
    return min((one["claimed"] for one in priorities if one["claimed"]), default=filing)
