"""The USPTO's applications as published 2001 to 2004 (``patent-application-publication``, v1.5 and v1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import document
from tidu.records.readers.uspto import (
    ASSIGNEES,
    Claim,
    Row,
    Rows,
    classes,
    counted,
    day,
    ipc,
    key,
    name,
    patent,
    place,
    priorities,
    publication_number,
    said,
)
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

_HEAD = "subdoc-bibliographic-information"
_ENTRY = "a-371-of-international"
_RELATIONS = ("continuation-of", "continuation-in-part-of", "division-of", "non-provisional-of-provisional", _ENTRY)


def applications(path: Path) -> Iterator[Document]:
    """The published applications of a file, one by one.

    The key is ``US`` and the eight digits of the application. An inventor who is marked as applicant stands as both. The form
    prints where mail goes and no agent.
    """
    return (document(one, _rows) for one in documents(path, ("patent-application-publication",)))


def _rows(root: etree._Element) -> Rows:
    head = root.find(_HEAD)
    if head is None:
        return {"patent": [{"appno": None}]}
    own = said(head, "domestic-filing-data/application-number/doc-number")
    appno = key(own)
    published = [_publication(appno, head.find("document-id"))]
    published += [_publication(appno, one) for one in head.iterfind("prior-publication/document-id")]
    relations = list(_relations(head))
    from_pct = any(relation == _ENTRY and child == own for relation, child, _ in relations)
    claimed = priorities(appno, _claims(head, relations, own))
    words = said(head, "publication-filing-type") or ""
    return {
        "patent": [
            patent(
                appno,
                published,
                claimed,
                day(said(head, "domestic-filing-data/filing-date")),
                kind="plant" if "plant" in words else "invention",
                route="pct" if from_pct else "national",
                title=said(head, "technical-information/title-of-invention"),
                claims=_counted(root),
            )
        ],
        "publication": published,
        "party": _parties(head, appno),
        "class": _classes(head, appno),
        "priority": claimed,
    }


def _publication(appno: str | None, one: etree._Element | None) -> Row:
    return {
        "appno": appno,
        "authority": "US",
        "number": publication_number(said(one, "doc-number")),
        "kind": said(one, "kind-code"),
        "published": day(said(one, "document-date")),
    }


def _relations(head: etree._Element) -> Iterator[tuple[str, str | None, Claim]]:
    """What each relation is, its child's number, and its parent."""
    group = head.find("continuity-data")
    if group is None:
        return
    for pair in group.iter("parent-child"):
        relation = pair.getparent()
        if relation is None or relation.tag not in _RELATIONS:
            continue
        parent = pair.find("parent/document-id")
        yield (
            relation.tag,
            said(pair, "child/document-id/doc-number"),
            (said(parent, "country-code") or "US", said(parent, "doc-number"), day(said(parent, "document-date"))),
        )


def _claims(head: etree._Element, relations: list[tuple[str, str | None, Claim]], own: str | None) -> Iterator[Claim]:
    for one in head.iterfind("foreign-priority-data"):
        yield said(one, "country-code"), said(one, "priority-application-number/doc-number"), day(said(one, "filing-date"))
    for relation, child, parent in relations:
        if relation != _ENTRY or child != own:
            yield parent


def _counted(root: etree._Element) -> str | None:
    claims = root.find("subdoc-claims")
    found = 0 if claims is None else counted(claims)
    return str(found) if found else None


def _parties(head: etree._Element, appno: str | None) -> list[Row]:
    found: list[Row] = []
    people = head.find("inventors")
    marked = 0
    for at, one in enumerate(() if people is None else people, 1):
        home = one.find("residence/*")
        if home is None:
            home = one.find("address")
        row: Row = {
            "name": name(
                said(one, "name/family-name"),
                said(one, "name/given-name"),
                said(one, "name/middle-name"),
                said(one, "name/name-suffix"),
            ),
            **place([], said(home, "city"), said(home, "state"), said(home, "country-code"), None),
        }
        found.append({"appno": appno, "role": "inventor", "seq": str(at), **row})
        if said(one, "authority-applicant") == "INV":
            marked += 1
            found.append({"appno": appno, "role": "applicant", "seq": str(marked), **row})
    for at, one in enumerate(head.iterfind("assignee"), 1):
        home = one.find("address")
        lines = [said(home, part) for part in ("address-1", "address-2")] if home is not None else []
        found.append(
            {
                "appno": appno,
                "role": "assignee",
                "seq": str(at),
                "name": said(one, "organization-name")
                or name(said(one, "name/family-name"), said(one, "name/given-name"), said(one, "name/middle-name")),
                "type": ASSIGNEES.get(said(one, "assignee-type") or ""),
                **place(
                    lines, said(home, "city"), said(home, "state"), said(home, "country/country-code"), said(home, "postalcode")
                ),
            }
        )
    return found


def _classes(head: etree._Element, appno: str | None) -> list[Row]:
    technical = head.find("technical-information")
    if technical is None:
        return []
    return [
        *classes(appno, "ipc", (ipc(one.text) for one in technical.iterfind("classification-ipc//ipc"))),
        *classes(appno, "uspc", (_uspc(one) for one in technical.iterfind("classification-us//uspc"))),
    ]


def _uspc(one: etree._Element) -> str | None:
    main, sub = said(one, "class"), said(one, "subclass")
    if not main or not sub:
        return main
    whole, decimals = sub[:3].lstrip("0"), sub[3:].rstrip("0")
    return f"{main.lstrip('0')}/{whole}{'.' + decimals if decimals else ''}"
