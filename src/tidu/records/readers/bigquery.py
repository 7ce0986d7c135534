"""Google's table of publications (``patents-public-data.patents.publications``), exported as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tidu.records.foreign_numbers import key, office_of
from tidu.records.readers.exchange import KINDS
from tidu.records.readers.json_lines import json_lines, text_of
from tidu.records.readers.uspto import Row, Rows, classes, day, patent, publication_number
from tidu.records.staging import Document


def bigquery(path: Path) -> Iterator[Document]:
    """The publications of a file; the key is made of the application number (``US-201213657122-A``).

    A US number in DOCDB's form (``US-87138704-A``) says no series and keeps year and serial. Dates of 0 are none.
    """
    return json_lines(path, _rows)


def _rows(one: dict[str, Any]) -> Rows:
    filing = _day(one.get("filing_date"))
    land, number, kind = _parts(one["application_number"])
    appno = key(land, number, kind, filing) if land and number else None
    office, printed, code = _parts(one["publication_number"])
    published: Row = {
        "appno": appno,
        "authority": office,
        "number": publication_number(printed, office),
        "kind": text_of(one.get("kind_code")) or code,
        "published": _day(one.get("publication_date")),
    }
    claimed: list[Row] = []
    for claim in one.get("priority_claim") or []:
        authority, claim_number, claim_kind = _parts(claim.get("application_number"))
        if claim_number:
            if claim_kind == "W":
                authority, claim_number = "WO", f"{authority or ''}{claim_number}"
            claimed.append(
                {"appno": appno, "authority": authority, "number": claim_number, "claimed": _day(claim.get("filing_date"))}
            )
    titles = one.get("title_localized") or []
    title = next((item for item in titles if item.get("language") == "en"), titles[0] if titles else {})
    made = patent(
        appno,
        [published],
        claimed,
        filing,
        authority=office_of(appno) if appno else None,
        kind=KINDS.get(kind or ""),
        route="international" if appno and appno.startswith("WOPCT") else "pct" if text_of(one.get("pct_number")) else None,
        title=text_of(title.get("text")),
        granted=_day(one.get("grant_date")),
        family=text_of(one.get("family_id")),
    )
    return {
        "patent": [{**made, "earliest_priority": _day(one.get("priority_date")) or made["earliest_priority"]}],
        "publication": [published],
        "party": [*_parties(one, appno, "applicant", "assignee"), *_parties(one, appno, "inventor", "inventor")],
        "class": [*classes(appno, "ipc", _codes(one, "ipc")), *classes(appno, "cpc", _codes(one, "cpc"))],
        "priority": claimed,
        "citation": _citations(one, appno),
    }


def _day(value: object) -> str | None:
    return None if value == "0" else day(text_of(value))


def _parts(text: object) -> tuple[str | None, str | None, str | None]:
    """Office, number and kind of a number with hyphens between.

    >>> _parts("US-201213657122-A"), _parts("WO-2012")
    (('US', '201213657122', 'A'), ('WO', '2012', None))
    """
    parts = (text_of(text) or "").split("-")
    if len(parts) < 2:
        return None, None, None
    kind = parts[-1] if len(parts) > 2 else None
    return parts[0] or None, "".join(parts[1:-1] if kind is not None else parts[1:]) or None, kind or None


def _parties(one: dict[str, Any], appno: str | None, role: str, group: str) -> Iterator[Row]:
    """Names as printed with the harmonised ones beside them, where both lists are of one length."""
    printed, standard = one.get(group) or [], one.get(f"{group}_harmonized") or []
    same = not printed or len(printed) == len(standard)
    for at in range(max(len(printed), len(standard) if same else 0)):
        whole = standard[at] if same and at < len(standard) else {}
        name = text_of(whole.get("name"))
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at + 1),
            "name": text_of(printed[at]) if at < len(printed) else name,
            "name_standard": name,
            "country": text_of(whole.get("country_code")),
        }


def _codes(one: dict[str, Any], scheme: str) -> list[str | None]:
    """The symbols of a scheme, those marked first before the others."""
    found = sorted(one.get(scheme) or [], key=lambda item: not item.get("first"))
    return [text_of(item.get("code")) for item in found]


def _citations(one: dict[str, Any], appno: str | None) -> list[Row]:
    found: list[Row] = []
    for item in one.get("citation") or []:
        land, number, kind = _parts(item.get("publication_number"))
        whole = f"{land}{publication_number(number, land)}{kind or ''}" if number else None
        row: Row = {"cited": whole, "literature": text_of(item.get("npl_text")) if whole is None else None}
        if any(row.values()):
            category = text_of(item.get("category")) or text_of(item.get("type"))
            found.append({"appno": appno, "seq": str(len(found) + 1), **row, "category": category})
    return found
