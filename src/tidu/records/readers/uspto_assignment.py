"""The USPTO's recorded conveyances: the bulk XML (``patent-assignment``) and the answers of its assignment search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import document
from tidu.records.readers.uspto import Row, Rows, bare, country, day, key, publication_number, said
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

#: What a conveyance is by words of its text, the first that fits. What corrects an earlier record comes first whatever it corrects;
#: a release names the security interest that it ends, so it comes before that.
CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("corrective", r"CORRECT|RE-?RECORD"),
        ("release", r"RELEASE|RECONVEY|DISCHARGE|SATISFACTION|TERMINATION (AND|OF)\b(?!.*LICEN[CS]E)"),
        ("security_interest", r"SECURITY|MORTGAGE|\bLIEN\b|PLEDGE|COLLATERAL|HYPOTHEC"),
        ("confirmatory_licence", r"CONFIRMATORY|GOVERNMENT INTEREST|EXECUTIVE ORDER 9424"),
        ("merger", r"MERGE"),
        ("change_of_name", r"CHANGE OF (CORPORATE )?NAME|NAME CHANGE"),
        ("other", r"TERMINATION|ADDRESS|LEGAL FORM|CONVERSION"),
        ("licence", r"LICEN[CS]E"),
        ("assignment", r"ASSIGN|TRANSFER|\bSALE\b|QUIT ?CLAIM"),
    )
)


def conveyance(text: str | None) -> str:
    """The class of a conveyance text, by the words of the office's cover sheet and of what parties write beside them.

    It is assignment, change_of_name, security_interest, release, licence, confirmatory_licence, merger, corrective or other. A
    government interest is a licence to the government and counts as confirmatory; a change of address or legal form is other.

    >>> conveyance("ASSIGNMENT OF ASSIGNORS INTEREST (SEE DOCUMENT FOR DETAILS).")
    'assignment'
    >>> conveyance("TERMINATION AND RELEASE OF PATENT SECURITY AGREEMENT"), conveyance("TERMINATION OF LICENSE AGREEMENT")
    ('release', 'other')
    """
    plain = (text or "").upper()
    return next((name for name, pattern in CLASSES if pattern.search(plain)), "other")


def reel_frame(reel: str | None, frame: str | None) -> str | None:
    """The key of a record, as the office cites it: six digits of the reel, four of the frame.

    >>> reel_frame("19091", "278"), reel_frame("047305", "0442"), reel_frame(None, "1")
    ('019091/0278', '047305/0442', None)
    """
    return f"{reel.strip():0>6}/{frame.strip():0>4}" if reel and frame else None


def event(
    record: str | None, text: str | None, recorded: str | None, givers: Iterable[tuple[str | None, str | None]], takers: list[Row]
) -> Row:
    """A conveyance as an event without its application: givers with the day of each one's execution, takers with their places.

    It takes effect on the day on which the last giver executed it. Names that stand side by side are parted by ``; ``.
    """
    people = list(givers)
    lands = {one["country"] for one in takers}
    return {
        "code": conveyance(text),
        "effective": max((when for _, when in people if when), default=None),
        "published": recorded,
        "contract": record,
        "giver": "; ".join(filter(None, (one for one, _ in people))) or None,
        "taker": "; ".join(filter(None, (one["name"] for one in takers))) or None,
        "taker_address": "; ".join(filter(None, (one["address"] for one in takers))) or None,
        "taker_country": lands.pop() if len(lands) == 1 else None,
        "detail": text,
    }


def assignments(path: Path) -> Iterator[Document]:
    """The conveyances of a file of bulk XML, one by one, each with an event for every property.

    A property is one application, ``US`` and its eight digits (kind X0); the publication (A1) and the grant (B1, B2) beside it are
    publications of that application. A record that the office purges comes as withdrawn.
    """
    for found in documents(path, ("patent-assignment",)):
        made = document(found, _rows)
        if found.root is not None and said(found.root, "assignment-record/purge-indicator") == "Y":
            head = found.root.find("assignment-record")
            text = f"{reel_frame(said(head, 'reel-no'), said(head, 'frame-no'))} {said(head, 'conveyance-text')}"
            made = Document({}, line=found.line, byte=found.byte, fault="withdrawn", text=text)
        yield made


def _rows(root: etree._Element) -> Rows:
    head = root.find("assignment-record")
    givers = (
        (said(one, "name"), day(said(one, "execution-date/date"))) for one in root.iterfind("patent-assignors/patent-assignor")
    )
    takers = [
        _taker(
            *(said(one, part) for part in ("name", "address-1", "address-2", "city", "state", "country-name")),
        )
        for one in root.iterfind("patent-assignees/patent-assignee")
    ]
    shared = event(
        reel_frame(said(head, "reel-no"), said(head, "frame-no")),
        said(head, "conveyance-text"),
        day(said(head, "recorded-date/date")),
        givers,
        takers,
    )
    properties = [_property(one) for one in root.iterfind("patent-properties/patent-property")]
    return _events(shared, properties)


def _property(one: etree._Element) -> tuple[str | None, list[Row]]:
    number, published = None, list[Row]()
    for paper in one.iterfind("document-id"):
        kind = said(paper, "kind")
        if kind == "X0":
            number = said(paper, "doc-number")
        elif said(paper, "country") == "US":
            plain = publication_number(said(paper, "doc-number"))
            published.append({"authority": "US", "number": plain, "kind": kind, "published": day(said(paper, "date"))})
    return key(number), published


def _taker(name: str | None, first: str | None, second: str | None, city: str | None, state: str | None, land: str | None) -> Row:
    lines = ", ".join(filter(None, (first, second, city, state)))
    return {"name": name, "address": lines or None, "country": country(land, state)}


def _events(shared: Row, properties: list[tuple[str | None, list[Row]]]) -> Rows:
    """An event for each property, or one without an application where no property is told, so that none is lost."""
    numbers = [appno for appno, _ in properties] or [None]
    return {
        "event": [{"appno": appno, "seq": str(at), **shared} for at, appno in enumerate(numbers, 1)],
        "publication": [{"appno": appno, **one} for appno, published in properties for one in published],
    }


def answers(path: Path) -> Iterator[Document]:
    """The conveyances of an answer of the assignment search (``doc``), as :func:`assignments`; it prints no kind codes."""
    return (document(one, _answer) for one in documents(path, ("doc",)))


def _answer(root: etree._Element) -> Rows:
    plain = {one.get("name"): said(one) for one in root if one.tag != "arr"}
    many = {one.get("name"): [said(part) for part in one] for one in root.iterfind("arr")}
    takers = [
        _taker(*one)
        for one in _beside(
            many,
            "patAssigneeName",
            "patAssigneeAddress1",
            "patAssigneeAddress2",
            "patAssigneeCity",
            "patAssigneeState",
            "patAssigneeCountryName",
        )
    ]
    givers = ((one, day(when)) for one, when in _beside(many, "patAssignorName", "patAssignorExDate"))
    shared = event(
        reel_frame(plain.get("reelNo"), plain.get("frameNo")),
        plain.get("conveyanceText"),
        day(plain.get("recordedDate")),
        givers,
        takers,
    )
    properties = []
    for number, *papers in _beside(many, "applNum", "publNum", "publDate", "patNum", "issueDate"):
        pairs = (papers[:2], papers[2:])
        published: list[Row] = [
            {"authority": "US", "number": publication_number(one), "published": day(when)} for one, when in pairs if bare(one)
        ]
        properties.append((key(number), published))
    return _events(shared, properties)


def _beside(many: dict[str | None, list[str | None]], first: str, *more: str) -> Iterator[tuple[str | None, ...]]:
    """The values of several lists that stand side by side, as long as the first of them."""
    for at in range(len(many.get(first, ()))):
        yield tuple(part[at] if at < len(part) else None for part in (many.get(name, []) for name in (first, *more)))
