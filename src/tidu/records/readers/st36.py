"""WIPO ST.36 as the EPO writes it: ``ep-patent-document`` with the numbered tags of ST.36's SDOBI (B100 to B900)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.foreign_numbers import key, office_of
from tidu.records.readers.cnipa import document
from tidu.records.readers.exchange import symbol
from tidu.records.readers.uspto import Row, Rows, agents, cited, classes, day, patent, said
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree


def st36(path: Path) -> Iterator[Document]:
    """The documents of a file; the key is ``EP`` and the eight digits of the application, its check digit left out.

    A document of grant (B450) names its holders (B730): they stand as assignees. Claims are counted in the language of the
    document.
    """
    return (document(one, _rows) for one in documents(path, ("ep-patent-document",)))


def _rows(root: etree._Element) -> Rows:
    head = root.find("SDOBI")
    if head is None:
        return {"patent": [{"appno": None}]}
    land = said(head, "B100/B190") or root.get("country") or "EP"
    printed = said(head, "B200/B210")
    appno = key(land, printed) if printed else None
    filing = day(said(head, "B200/B220/date"))
    published: Row = {
        "appno": appno,
        "authority": land,
        "number": said(head, "B100/B110") or root.get("doc-number"),
        "kind": said(head, "B100/B130") or root.get("kind"),
        "published": day(said(head, "B100/B140/date") or root.get("date-publ")),
    }
    claimed = _priorities(head.find("B300"), appno)
    made = patent(
        appno,
        [published],
        claimed,
        filing,
        authority=office_of(appno) if appno else None,
        kind="invention",
        route="pct" if head.find("B800/B860") is not None else "national",
        title=_title(head, root.get("lang")),
        granted=day(said(head, "B400/B450/date")),
        claims=_claims(root),
    )
    first = day(said(head, "B400/B430/date"))
    return {
        "patent": [{**made, "first_publication": first or made["first_publication"]}],
        "publication": [published],
        "party": [
            *_parties(head, appno, "applicant", "B700/B710/B711"),
            *_parties(head, appno, "assignee", "B700/B730/B731"),
            *_parties(head, appno, "inventor", "B700/B720/B721"),
            *agents(appno, (said(one, "snm") for one in head.iterfind("B700/B740/B741"))),
        ],
        "class": _classes(head, appno),
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def _priorities(group: etree._Element | None, appno: str | None) -> list[Row]:
    """Number, date and office stand one after the other, a number beginning each claim."""
    found: list[Row] = []
    for one in group if group is not None else ():
        if one.tag == "B310":
            found.append({"appno": appno, "number": said(one), "authority": None, "claimed": None})
        elif found and one.tag == "B320":
            found[-1]["claimed"] = day(said(one, "date"))
        elif found and one.tag == "B330":
            found[-1]["authority"] = said(one, "ctry")
    return found


def _title(head: etree._Element, language: str | None) -> str | None:
    group = head.find("B500/B540")
    titles: dict[str | None, str | None] = {}
    at: str | None = None
    for one in group if group is not None else ():
        if one.tag == "B541":
            at = said(one)
        elif one.tag == "B542":
            titles.setdefault(at, said(one))
    return titles.get(language) or next(iter(titles.values()), None)


def _claims(root: etree._Element) -> str | None:
    groups = root.findall("claims")
    own = next((one for one in groups if one.get("lang") == root.get("lang")), groups[0] if groups else None)
    return str(len(own.findall("claim"))) if own is not None else None


def _parties(head: etree._Element, appno: str | None, role: str, path: str) -> Iterator[Row]:
    for at, one in enumerate(head.iterfind(path), 1):
        text = ", ".join(filter(None, (said(one, "adr/str"), said(one, "adr/city"))))
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at),
            "name": said(one, "snm"),
            "country": said(one, "adr/ctry"),
            "address": text or None,
            "printed_city": said(one, "adr/city"),
        }


def _classes(head: etree._Element, appno: str | None) -> list[Row]:
    ipc = [one.findtext("text") or "" for one in head.iterfind("B500/B510EP/classification-ipcr")]
    ipc.sort(key=lambda text: text[28:29] != "F")
    old = [one.text or "" for one in head.iterfind("B500/B510/*") if one.tag in ("B511", "B512")]
    cpc = [one.findtext("text") or "" for one in head.iterfind("B500/B520EP/classifications-cpc/classification-cpc")]
    cpc.sort(key=lambda text: text[28:29] != "F")
    return [*classes(appno, "ipc", map(symbol, ipc or old)), *classes(appno, "cpc", map(symbol, cpc))]


def _citations(head: etree._Element, appno: str | None) -> list[Row]:
    found: list[Row] = []
    for one in head.iterfind("B500/B560/*"):
        paper = one.find(".//document-id")
        if paper is not None:
            row: Row = {
                "cited": cited(said(paper, "country"), said(paper, "doc-number"), said(paper, "kind")),
                "published": day(said(paper, "date")),
            }
        elif one.tag == "B561":
            text = said(one, "text")
            row = {"cited": "".join(text.replace("-", "").split()) if text else None}
        else:
            row = {"literature": said(one, "text") or said(one)}
        if any(row.values()):
            found.append({"appno": appno, "seq": str(len(found) + 1), **row})
    return found
