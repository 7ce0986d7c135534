"""The exchange document of the European Patent Office, which DOCDB files and OPS answers share: bibliographic data as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tidu.records.foreign_numbers import foreign_key, key, office_of
from tidu.records.readers.uspto import Row, Rows, bare, cited, classes, day, patent, said

if TYPE_CHECKING:
    from lxml import etree

#: Office, number, kind and date of a document.
Identity = tuple[str | None, str | None, str | None, str | None]
_NAMESPACES = ("{http://www.epo.org/exchange}*", "{http://ops.epo.org}*")
#: What the letter of an application's kind says.
KINDS = {"A": "invention", "W": "invention", "U": "utility_model", "F": "design"}
_SYMBOL = re.compile(r"\s*\d?\s*([A-HY])\s*(\d\d[A-Z])\s*(\d+)/\s*(\d+)")
_LAND = re.compile(r"\s*\[([A-Z]{2})\]\s*$")


def plain(root: etree._Element) -> etree._Element:
    """A document whose own elements have lost their namespaces, so that every writer's tags are one."""
    for namespace in _NAMESPACES:
        for node in root.iter(namespace):
            node.tag = str(node.tag).rpartition("}")[2]
    return root


def identities(references: Iterable[etree._Element]) -> dict[str, Identity]:
    """The forms of one reference by their mark (docdb, epodoc, original), wherever the mark stands; the first of each."""
    found: dict[str, Identity] = {}
    for reference in references:
        own = reference.get("data-format")
        for one in reference:
            if one.tag != "document-id":
                continue
            mark = own or one.get("document-id-type") or "docdb"
            if mark not in found:
                parts = {part.tag: part.text for part in one}
                number = parts.get("doc-number")
                number = " ".join(number.split()) if number else None
                found[mark] = (parts.get("country"), number or None, parts.get("kind"), day(parts.get("date")))
    return found


def application(forms: dict[str, Identity]) -> tuple[str | None, str | None, str | None]:
    """The key of an application, the letter of its kind and its filing date, from the forms of its reference.

    The US number is the office's own, of eight digits, where it is printed; else DOCDB's, whose last two digits are the year.

    >>> application({"docdb": ("US", "2366704", "A", None), "original": (None, "11023667", None, None)})
    ('US11023667', 'A', None)
    >>> application({"docdb": ("AP", "2000001988", "A", "1998-08-04"), "original": (None, "AP/P/2000/001988", None, None)})
    ('AP2000001988', 'A', '1998-08-04')
    """
    filing = next((one[3] for one in forms.values() if one[3]), None)
    land, number, kind, _ = forms.get("docdb", (None, None, None, None))
    printed = forms.get("original", (None, None, None, None))[1]
    if not land or not number:
        return foreign_key(forms.get("epodoc", (None, None, None, None))[1], filing), None, filing
    if land == "US" and kind != "W" and printed and re.fullmatch(r"\d{8}", bare(printed) or ""):
        return f"US{bare(printed)}", kind, filing
    return key(land, number, kind, filing), kind, filing


def biblio(root: etree._Element) -> Rows:
    """The rows of an exchange document; the main class stands first, else the printed order.

    Names are the printed ones (``docdba``, ``original``) with DOCDB's beside them as the standardised ones.
    """
    head = root.find("bibliographic-data")
    if head is None:
        return {"patent": [{"appno": None}]}
    appno, letter, filing = application(identities(head.iterfind("application-reference")))
    published = publication(appno, root, head)
    claims = list(head.iterfind("priority-claims/priority-claim"))
    claimed = priorities(appno, claims)
    linked = any(one.findtext("priority-linkage-type") == "W" for one in claims)
    return {
        "patent": [
            patent(
                appno,
                [published],
                claimed,
                filing,
                authority=office_of(appno) if appno else None,
                kind=KINDS.get(letter or ""),
                route="international" if appno and appno.startswith("WOPCT") else "pct" if linked else None,
                title=_title(head),
                granted=_granted(head),
                family=root.get("family-id"),
            )
        ],
        "publication": [published],
        "party": [*_parties(head, appno, "applicant"), *_parties(head, appno, "inventor")],
        "class": _classes(head, appno),
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def publication(appno: str | None, root: etree._Element, head: etree._Element) -> Row:
    """The row of the published document: by its DOCDB form, else by the attributes of its root."""
    forms = identities(head.iterfind("publication-reference"))
    land, number, kind, when = forms.get("docdb", (None, None, None, None))
    return {
        "appno": appno,
        "authority": land or root.get("country"),
        "number": number or root.get("doc-number"),
        "kind": kind or root.get("kind"),
        "published": when or day(root.get("date-publ")),
    }


def priorities(appno: str | None, claims: Iterable[etree._Element]) -> list[Row]:
    """The rows of priority claims in DOCDB's form, else in epodoc's: office, number, date.

    The office of an international application is WO; the office that received it stands before its number.
    """
    found: list[Row] = []
    for claim in claims:
        if claim.get("data-format") not in (None, "docdb"):
            continue
        forms = identities([claim])
        land, number, kind, when = forms.get("docdb") or forms.get("epodoc") or (None, None, None, None)
        if number and kind == "W":
            land, number = "WO", f"{land or ''}{number}"
        elif number and land is None:
            land, number = number[:2], number[2:]
        if number:
            found.append({"appno": appno, "authority": land, "number": number, "claimed": when})
    return found


def _title(head: etree._Element) -> str | None:
    """The title in the language of publication, else the first."""
    titles = head.findall("invention-title")
    reference = head.find("publication-reference/document-id")
    language = reference.get("lang") if reference is not None else None
    language = language or head.findtext("language-of-publication")
    return said(next((one for one in titles if one.get("lang") == language), titles[0] if titles else None))


def _granted(head: etree._Element) -> str | None:
    days = head.find("dates-of-public-availability")
    if days is None:
        return None
    return next((day(said(one, "document-id/date")) for one in days if str(one.tag).endswith("-with-grant")), None)


def _parties(head: etree._Element, appno: str | None, role: str) -> Iterator[Row]:
    forms: dict[int, dict[str, etree._Element]] = {}
    for one in head.iterfind(f"parties/{role}s/{role}"):
        forms.setdefault(int(one.get("sequence", "0")), {})[one.get("data-format", "original")] = one
    for at, by_mark in sorted(forms.items()):
        standard = by_mark.get("docdb", by_mark.get("epodoc"))
        printed = by_mark.get("docdba", by_mark.get("original"))
        name, own = said(standard, f"{role}-name/name"), said(printed, f"{role}-name/name")
        land = said(standard, "residence/country") or said(printed, "residence/country")
        bracket = _LAND.search(name or "")
        if name and bracket:
            name, land = name[: bracket.start()], land or bracket[1]
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at),
            "name": (own or name or "").rstrip(", ") or None,
            "name_standard": name,
            "country": land,
            "address": said(printed, "address/text") or said(standard, "address/text"),
        }


def symbol(text: str | None) -> str | None:
    """An IPC or CPC symbol from a text of fixed width, its version and marks left out.

    >>> symbol("A61K   9/16        20060101A I20051008RMEP"), symbol(" 7A 61K   9/16   A"), symbol("F02M2700/1358 ")
    ('A61K9/16', 'A61K9/16', 'F02M2700/1358')
    """
    found = _SYMBOL.match(text or "")
    return f"{found[1]}{found[2]}{found[3]}/{found[4]}" if found else None


def _classes(head: etree._Element, appno: str | None) -> list[Row]:
    texts = [one.findtext("text") or "" for one in head.iterfind("classifications-ipcr/classification-ipcr")]
    texts.sort(key=lambda text: text[28:29] != "F")
    if not texts:
        texts = [one.text or "" for one in head.iterfind("classification-ipc/*") if str(one.tag).endswith("classification")]
    cpc: list[tuple[bool, str | None]] = []
    us: list[str | None] = []
    for one in head.iterfind("patent-classifications/patent-classification"):
        scheme = one.find("classification-scheme")
        name = scheme.get("scheme", "") if scheme is not None else ""
        if name.startswith("CPC"):
            cpc.append((one.findtext("symbol-position") != "F", symbol(one.findtext("classification-symbol")) or _parts(one)))
        elif name == "UC":
            us.append(said(one, "classification-symbol"))
    cpc.sort(key=lambda item: item[0])
    return [
        *classes(appno, "ipc", map(symbol, texts)),
        *classes(appno, "cpc", (text for _, text in cpc)),
        *classes(appno, "uspc", us),
    ]


def _parts(one: etree._Element) -> str | None:
    section, main, sub, group, subgroup = (
        one.findtext(part, "") for part in ("section", "class", "subclass", "main-group", "subgroup")
    )
    return f"{section}{main}{sub}{group}/{subgroup}" if section else None


def _citations(head: etree._Element, appno: str | None) -> list[Row]:
    found: list[Row] = []
    for one in head.iterfind("references-cited/citation"):
        paper = one.find("patcit")
        if paper is not None:
            forms = identities([paper])
            land, number, kind, when = forms.get("docdb") or forms.get("epodoc") or (None, paper.get("dnum"), None, None)
            row: Row = {"cited": cited(land, number, kind), "published": when}
        else:
            row = {"literature": said(one, "nplcit/text") or said(one, "nplcit")}
        if any(row.values()):
            category = said(one, "category") or one.get("cited-phase")
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": category})
    return found
