"""WIPO ST.96 instances: publications of patents, and registers of trade marks, designs and geographical indications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.foreign_numbers import key, office_of
from tidu.records.readers.cnipa import document
from tidu.records.readers.uspto import (
    KINDS,
    Claim,
    Row,
    Rows,
    agents,
    cited,
    classes,
    day,
    name,
    patent,
    priorities,
    publication_number,
    said,
)
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

_BASE = "http://www.wipo.int/standards/XMLSchema/ST96/"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_BASE}{part}"'
    for prefix, part in (
        ("com", "Common"),
        ("pat", "Patent"),
        ("tmk", "Trademark"),
        ("dgn", "Design"),
        ("gin", "GeographicalIndication"),
    )
)
#: Relations in which the date of an earlier application is claimed.
_PARENTS = ("Continuation", "ContinuationInPart", "Division")
#: Element of a right → its kind.
_RIGHTS = {"Trademark": "trade_mark", "Design": "design", "GeographicalIndication": "geographical_indication"}
#: What a column of a right is called in the three registers, the first that stands is taken.
_FIELDS: dict[str, tuple[str, ...]] = {
    "filed": ("ApplicationDate", "FilingDate", "DesignApplicationDate", "GIApplicationDate"),
    "registered": ("RegistrationDate", "DesignRegistrationDate", "GIRegistrationDate"),
    "expiry": ("ExpiryDate", "DesignExpiryDate", "GIExpiryDate"),
    "status": ("MarkCurrentStatusCode", "DesignCurrentStatusCode", "GICurrentStatusCode", "CurrentStatusCode"),
}
_NAMES = ("MarkVerbalElementText", "DesignTitle", "DesignTitleText", "GeographicalIndicationName", "GINameText")
_CLASSES = ("LocarnoClassification", "LocarnoClass", "LocarnoClassNumber", "GoodsClass")
_PRODUCTS = ("GoodsServicesDescriptionText", "ProductDescriptionText", "IndicationProductText", "GoodsDescriptionText")
_OWNERS = ("Holder", "Owner", "Applicant", "DesignApplicant", "GIApplicant", "ApplicantHolder")
_PLACES = ("GeographicalAreaText", "GeographicalAreaName", "GeographicOriginText")


def patents(path: Path) -> Iterator[Document]:
    """The publications of a file; the key is the office and the number, as :mod:`tidu.records.foreign_numbers` makes it.

    Of the US a document whose kind begins with B, E, P or S is a grant; other offices' grants are not told here.
    """
    return (document(one, _patent) for one in documents(path, ("pat:PatentPublication",), _NAMESPACES))


def rights(path: Path) -> Iterator[Document]:
    """The trade marks, designs and geographical indications of a file, a row of ``right`` each.

    The number is that of the registration, of the application where none is printed, behind its office unless that is China.
    Events of a register are left out: its numbers would meet those of patents.
    """
    return (
        document(one, _right) for one in documents(path, ("tmk:Trademark", "dgn:Design", "gin:GeographicalIndication"), _NAMESPACES)
    )


def _plain(root: etree._Element) -> etree._Element:
    for node in root.iter("{*}*"):
        node.tag = str(node.tag).rpartition("}")[2]
    return root


def _patent(root: etree._Element) -> Rows:
    head = root.find("{*}BibliographicData")
    if head is None:
        return {"patent": [{"appno": None}]}
    head = _plain(head)
    own = head.find("ApplicationIdentification")
    land, printed = said(own, "IPOfficeCode"), said(own, "ApplicationNumber/ApplicationNumberText")
    filing = day(said(own, "FilingDate"))
    appno = key(land, printed) if land and printed else None
    paper = head.find("PatentPublicationIdentification")
    published = _publication(appno, paper)
    earlier = [
        _publication(appno, one) for one in head.iterfind("RelatedDocumentBag/RelatedPublication//PatentPublicationIdentification")
    ]
    claims = [_identity(one) for one in head.iterfind("PriorityClaimBag/PriorityClaim")]
    for relation in _PARENTS:
        for one in head.iterfind(f"RelatedDocumentBag/{relation}/ParentDocument//ApplicationIdentification"):
            claims.append(_identity(one))
    claimed = priorities(appno, claims)
    word = said(own, "InventionSubjectMatterCategory")
    granted = published["authority"] == "US" and (published["kind"] or "")[:1] in ("B", "E", "P", "S")
    counted = root.find("{*}Claims")
    return {
        "patent": [
            patent(
                appno,
                [published, *earlier],
                claimed,
                filing,
                authority=office_of(appno) if appno else None,
                kind=KINDS.get((word or "").lower(), word),
                title=said(head, "InventionTitleBag/InventionTitle"),
                granted=published["published"] if granted else None,
                claims=said(head, "ClaimTotalQuantity") or (str(len(counted.findall("{*}Claim"))) if counted is not None else None),
            )
        ],
        "publication": [published, *earlier],
        "party": [
            *_parties(head, appno, "applicant", "ApplicantBag/Applicant"),
            *_parties(head, appno, "assignee", "AssigneeBag/Assignee"),
            *_parties(head, appno, "inventor", "InventorBag/Inventor"),
            *agents(appno, (_name(one) for one in head.iterfind("PartyBag/RegisteredPractitionerBag/RegisteredPractitioner"))),
        ],
        "class": [
            *classes(appno, "ipc", map(_symbol, head.iterfind("PatentClassificationBag/IPCRClassificationBag/IPCRClassification"))),
            *classes(appno, "cpc", map(_symbol, head.iterfind("PatentClassificationBag/CPCClassificationBag/*/CPCClassification"))),
        ],
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def _identity(one: etree._Element) -> Claim:
    return said(one, "IPOfficeCode"), said(one, "ApplicationNumber/ApplicationNumberText"), day(said(one, "FilingDate"))


def _publication(appno: str | None, paper: etree._Element | None) -> Row:
    return {
        "appno": appno,
        "authority": said(paper, "IPOfficeCode"),
        "number": publication_number(said(paper, "PublicationNumber"), said(paper, "IPOfficeCode")),
        "kind": said(paper, "PatentDocumentKindCode"),
        "published": day(said(paper, "PublicationDate")),
    }


def _symbol(one: etree._Element) -> str | None:
    section = one.findtext("Section") or one.findtext("CPCSection")
    main, sub, group, subgroup = (one.findtext(part, "") for part in ("Class", "Subclass", "MainGroup", "Subgroup"))
    return f"{section}{main}{sub}{group}/{subgroup}" if section and group else None


def _parties(head: etree._Element, appno: str | None, role: str, path: str) -> Iterator[Row]:
    for at, one in enumerate(head.iterfind("PartyBag/" + path), 1):
        yield {"appno": appno, "role": role, "seq": str(at), "name": _name(one), **_address(one)}


def _name(party: etree._Element) -> str | None:
    """The name of a party: of the body, or of the person with the family's first."""
    contact = party.find(".//Name")
    person = contact.find("PersonName/PersonStructuredName") if contact is not None else None
    if person is not None:
        return name(said(person, "LastName"), said(person, "FirstName"), said(person, "MiddleName"), said(person, "NameSuffix"))
    paths = ("EntityName", "OrganizationName/OrganizationStandardName", "PersonName/PersonFullName")
    return next(filter(None, (said(contact, path) for path in paths)), None)


def _address(party: etree._Element) -> Row:
    book = party.find(".//PostalStructuredAddress")
    land = said(book, "CountryCode") or said(party, ".//CountryCode") or said(party, "IncorporationCountryCode")
    if book is None:
        return {"country": land, "address": said(party, ".//PostalAddressText")}
    lines = [said(one) for one in book.iterfind("AddressLineText")]
    city, region = said(book, "CityName"), said(book, "GeographicRegionName")
    return {
        "country": land,
        "address": ", ".join(filter(None, (*lines, city, region))) or None,
        "postcode": said(book, "PostalCode"),
        "printed_province": region,
        "printed_city": city,
    }


def _citations(head: etree._Element, appno: str | None) -> list[Row]:
    found: list[Row] = []
    for one in head.iterfind("ReferenceCitationBag/ReferenceCitation"):
        paper = one.find("PatentCitation/CitedPatentDocumentIdentification")
        if paper is not None:
            whole = cited(said(paper, "IPOfficeCode"), said(paper, "DocumentNumber"), said(paper, "PatentDocumentKindCode"))
            row: Row = {"cited": whole, "published": day(said(paper, "PatentDocumentDate"))}
        else:
            row = {"literature": said(one, "NPLCitation/NPLCitationText")}
        if any(row.values()):
            by = one.get("{http://www.wipo.int/standards/XMLSchema/ST96/Patent}citingPartyCategory")
            category = f"cited by {by.lower()}" if by else None
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": category})
    return found


def _right(root: etree._Element) -> Rows:
    root = _plain(root)
    office = said(root, "RegistrationOfficeCode") or said(root, "ApplicationNumber/IPOfficeCode") or said(root, "IPOfficeCode")
    application = said(root, "ApplicationNumber/ApplicationNumberText") or said(root, "ApplicationNumber")
    number = said(root, "RegistrationNumber") or application
    owners = [one for tag in _OWNERS for one in root.iter(tag)]
    products = [said(one) for tag in _PRODUCTS for one in root.iter(tag)]
    row: Row = {
        "number": number if office in (None, "CN") or number is None else office + number,
        "kind": _RIGHTS[str(root.tag)],
        "authority": office,
        "application": application,
        "name": _first(root, _NAMES),
        "owner": _listed(_name(one) for one in owners),
        "classes": _listed(_right_classes(root)),
        "place": _first(root, _PLACES) or next(filter(None, (_address(one)["country"] for one in owners)), None),
        "product": _listed(products),
    }
    for column, tags in _FIELDS.items():
        row[column] = _first(root, tags) if column == "status" else day(_first(root, tags))
    return {"right": [row]}


def _first(root: etree._Element, tags: Iterable[str]) -> str | None:
    """The text of the first element of one of the tags, children before those further down."""
    for tag in tags:
        found = root.find(tag)
        found = found if found is not None else root.find(f".//{tag}")
        text = said(found)
        if text:
            return text
    return None


def _listed(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(filter(None, texts))) or None


def _right_classes(root: etree._Element) -> Iterator[str | None]:
    """Nice classes without the noughts before them, Locarno classes as printed; classes of an office's own are left out."""
    for one in root.iter("GoodsServicesClassification"):
        if one.findtext("ClassificationKindCode") in (None, "Nice"):
            yield (said(one, "ClassNumber") or "").lstrip("0")
    for tag in _CLASSES:
        for one in root.iter(tag):
            if not len(one):
                yield said(one)
