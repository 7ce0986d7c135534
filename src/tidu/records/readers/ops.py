"""OPS, the EPO's answers over the net: bibliographic data, and families with their legal events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.foreign_numbers import key, office_of
from tidu.records.readers.cnipa import document
from tidu.records.readers.exchange import KINDS, application, biblio, identities, plain, priorities, publication
from tidu.records.readers.uspto import Row, Rows, day, patent, said
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

_TAGS = ("exchange-document", "ops:family-member")
_NAMESPACES = 'xmlns:ops="http://ops.epo.org" xmlns:xlink="http://www.w3.org/1999/xlink"'
#: INPADOC's number of a field → the column that holds it.
_FIELDS = {"L509EP": "taker", "L513EP": "taker"}


def ops(path: Path) -> Iterator[Document]:
    """The exchange documents and family members of an answer.

    Keys are made as :mod:`tidu.records.foreign_numbers` says. An event has INPADOC's code; it is published on the gazette date
    (L007EP) and effective on L525EP where that stands; its detail holds what the code means and every field as printed.
    """
    return (document(one, _rows) for one in documents(path, _TAGS, _NAMESPACES))


def _rows(root: etree._Element) -> Rows:
    root = plain(root)
    if root.tag == "exchange-document":
        return biblio(root)
    inner = root.find("exchange-document")
    appno, letter, filing = application(identities(root.iterfind("application-reference")))
    if inner is not None:
        rows = biblio(inner)
    else:
        claimed = priorities(appno, root.iterfind("priority-claim"))
        published = publication(appno, root, root)
        made = patent(appno, [published], claimed, filing, authority=office_of(appno) if appno else None)
        rows = {
            "patent": [{**made, "kind": KINDS.get(letter or ""), "family": root.get("family-id")}],
            "publication": [published],
            "priority": claimed,
        }
    rows["event"] = [_event(one, at, appno) for at, one in enumerate(root.iterfind("legal"), 1)]
    return rows


def _event(one: etree._Element, at: int, appno: str | None) -> Row:
    texts = {str(field.tag): said(field) for field in one if not len(field)}
    land, number, kind = texts.get("L001EP"), texts.get("L003EP"), texts.get("L004EP")
    if texts.get("L002EP") == "F" and land and number and appno is None:
        appno = key(land, number, kind)
    fields = list(one.iterfind("L500EP/*"))
    lines = [" ".join(one.get("desc", "").split())]
    found: Row = {}
    effective: str | None = None
    for field in fields:
        text = said(field)
        if text:
            effective = text if field.tag == "L525EP" else effective
            lines.append(f"{field.get('desc') or field.tag}: {text}")
            if field.tag in _FIELDS and "taker" not in found:
                found["taker"] = text
    return {
        "appno": appno,
        "seq": str(at),
        "code": one.get("code", "").strip() or texts.get("L008EP"),
        "effective": day(effective),
        "published": day(texts.get("L007EP")),
        **found,
        "detail": "\n".join(filter(None, lines)) or None,
    }
