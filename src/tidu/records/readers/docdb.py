"""DOCDB, the EPO's exchange files: documents whose prefix may stand undeclared, and documents that are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import document
from tidu.records.readers.exchange import application, biblio, identities, plain
from tidu.records.readers.uspto import Rows, day
from tidu.records.readers.xml import documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

_TAGS = ("exch:exchange-document", "exchange-document")
_NAMESPACES = 'xmlns:exch="http://www.epo.org/exchange"'
#: The code of the event that a deleted document makes.
DELETED = "docdb_delete"


def docdb(path: Path) -> Iterator[Document]:
    """The exchange documents of a file, cut out or in a delivery.

    The key is made as :mod:`tidu.records.foreign_numbers` says, of the office's own number for the US, else of DOCDB's. A document
    with status D is deleted by the source: it makes no patent, but an event ``docdb_delete`` that names the publication, on the day
    of the exchange. Where a deleted one prints no application, ``PUBLICATION:`` and its number stand for it.
    """
    return (document(one, _rows) for one in documents(path, _TAGS, _NAMESPACES))


def _rows(root: etree._Element) -> Rows:
    root = plain(root)
    if root.get("status") != "D":
        return biblio(root)
    head = root.find("bibliographic-data")
    appno = application(identities(head.iterfind("application-reference")))[0] if head is not None else None
    number = "".join(root.get(part, "") for part in ("country", "doc-number", "kind"))
    return {
        "event": [
            {
                "appno": appno or (f"PUBLICATION:{number}" if number else None),
                "seq": "1",
                "code": DELETED,
                "effective": day(root.get("date-of-last-exchange")),
                "detail": number or None,
            }
        ]
    }
