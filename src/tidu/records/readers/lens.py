"""The Lens's records as JSON lines: its patent record, one an object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tidu.records.foreign_numbers import key, office_of
from tidu.records.readers.exchange import KINDS, symbol
from tidu.records.readers.json_lines import json_lines, text_of
from tidu.records.readers.uspto import Row, Rows, cited, classes, patent
from tidu.records.staging import Document

#: Group of parties → role, and where the Lens keeps its list.
_ROLES = (("applicant", "applicants"), ("inventor", "inventors"), ("agent", "agents"), ("assignee", "owners_all"))


def lens(path: Path) -> Iterator[Document]:
    """The patent records of a file; the key is made of the application's office, number and kind."""
    return json_lines(path, _rows)


def _rows(one: dict[str, Any]) -> Rows:
    head: dict[str, Any] = one["biblio"]
    own = head.get("application_reference") or {}
    land, number, kind, filing = _identity(own)
    appno = key(land, number, kind, filing) if land and number else None
    published: Row = {
        "appno": appno,
        "authority": text_of(one.get("jurisdiction")),
        "number": text_of(one.get("doc_number")),
        "kind": text_of(one.get("kind")),
        "published": text_of(one.get("date_published")),
    }
    claimed: list[Row] = []
    for claim in (head.get("priority_claims") or {}).get("claims") or []:
        office, claim_number, claim_kind, when = _identity(claim)
        if claim_number:
            if claim_kind == "W":
                office, claim_number = "WO", f"{office or ''}{claim_number}"
            claimed.append({"appno": appno, "authority": office, "number": claim_number, "claimed": when})
    status = one.get("legal_status") or {}
    granted = text_of(status.get("grant_date"))
    titles = head.get("invention_title") or []
    title = next((item for item in titles if item.get("lang") == one.get("lang")), titles[0] if titles else {})
    made = patent(
        appno,
        [published],
        claimed,
        filing,
        authority=office_of(appno) if appno else None,
        kind=KINDS.get(kind or ""),
        title=text_of(title.get("text")),
        granted=granted,
        expiry=text_of(status.get("discontinuation_date")) or text_of(status.get("anticipated_term_date")),
        status=text_of(status.get("patent_status")),
    )
    route = "international" if appno and appno.startswith("WOPCT") else None
    return {
        "patent": [{**made, "route": route}],
        "publication": [published],
        "party": _parties(head.get("parties") or {}, appno),
        "class": [
            *classes(appno, "ipc", _symbols(head, "classifications_ipcr")),
            *classes(appno, "cpc", _symbols(head, "classifications_cpc")),
            *classes(appno, "uspc", (text_of(item.get("symbol")) for item in _classifications(head, "classifications_national"))),
        ],
        "priority": claimed,
        "citation": _citations(head, appno),
    }


def _identity(one: dict[str, Any]) -> tuple[str | None, str | None, str | None, str | None]:
    land, number, kind, when = (text_of(one.get(part)) for part in ("jurisdiction", "doc_number", "kind", "date"))
    return land, number, kind, when


def _parties(groups: dict[str, Any], appno: str | None) -> list[Row]:
    found: list[Row] = []
    for role, group in _ROLES:
        for at, one in enumerate(groups.get(group) or [], 1):
            found.append(
                {
                    "appno": appno,
                    "role": role,
                    "seq": str(at),
                    "name": text_of((one.get("extracted_name") or {}).get("value")),
                    "country": text_of(one.get("residence")) or text_of(one.get("extracted_country")),
                    "address": text_of(one.get("extracted_address")),
                }
            )
    return found


def _classifications(head: dict[str, Any], group: str) -> list[dict[str, Any]]:
    return (head.get(group) or {}).get("classifications") or []


def _symbols(head: dict[str, Any], group: str) -> Iterator[str | None]:
    return (symbol(text_of(one.get("symbol"))) or text_of(one.get("symbol")) for one in _classifications(head, group))


def _citations(head: dict[str, Any], appno: str | None) -> list[Row]:
    found: list[Row] = []
    for one in (head.get("references_cited") or {}).get("citations") or []:
        paper = (one.get("patcit") or {}).get("document_id")
        if paper:
            land, number, kind, when = _identity(paper)
            row: Row = {"cited": cited(land, number, kind), "published": when}
        else:
            row = {"literature": text_of((one.get("nplcit") or {}).get("text"))}
        if any(row.values()):
            category = one.get("category")
            word = ", ".join(map(str, category)) if isinstance(category, list) else text_of(category)
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": word or text_of(one.get("cited_phase"))})
    return found
