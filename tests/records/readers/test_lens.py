"""The Lens's records on a small object made for the test (synthetic, of the documented fields)."""

from __future__ import annotations

import json
from pathlib import Path

from tidu.records.load import read
from tidu.records.readers.lens import lens
from tidu.records.store import Store

ONE = {
    "lens_id": "000-000-000-000-000",
    "jurisdiction": "US",
    "doc_number": "8000000",
    "kind": "B2",
    "date_published": "2014-01-07",
    "lang": "en",
    "biblio": {
        "application_reference": {"jurisdiction": "US", "doc_number": "201213657122", "kind": "A", "date": "2012-10-22"},
        "priority_claims": {"claims": [{"jurisdiction": "IB", "doc_number": "2011000001", "kind": "W", "date": "2011-10-24"}]},
        "invention_title": [{"text": "T", "lang": "en"}],
        "parties": {
            "applicants": [{"residence": "US", "extracted_name": {"value": "FIRM"}, "extracted_address": "1 Street"}],
            "inventors": [{"extracted_name": {"value": "DOE JANE"}}],
        },
        "classifications_cpc": {"classifications": [{"symbol": "A23L1/0067"}]},
        "references_cited": {
            "citations": [
                {"patcit": {"document_id": {"jurisdiction": "US", "doc_number": "5", "kind": "A"}}, "category": ["X", "Y"]},
                {"nplcit": {"text": "Paper"}},
            ]
        },
    },
    "legal_status": {"granted": True, "grant_date": "2014-01-07", "patent_status": "ACTIVE", "anticipated_term_date": "2032-10-22"},
}


def test_a_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ONE), encoding="utf-8")
    (found,) = lens(path)
    (patent,) = found.rows["patent"]
    assert (patent["appno"], patent["kind"], patent["granted"], patent["expiry"]) == (
        "US13657122",
        "invention",
        "2014-01-07",
        "2032-10-22",
    )
    assert patent["earliest_priority"] == "2011-10-24" and found.rows["priority"][0]["authority"] == "WO"
    assert [(one["role"], one["name"], one["country"]) for one in found.rows["party"]] == [
        ("applicant", "FIRM", "US"),
        ("inventor", "DOE JANE", None),
    ]
    assert [one.get("cited") or one.get("literature") for one in found.rows["citation"]] == ["US5A", "Paper"]


def test_what_is_no_record_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ONE) + '\n{"lens_id": 1}\n{"lens_id": 1, "biblio": {}}\n{"biblio": []}\n', encoding="utf-8")
    (account,) = read([path], Store(tmp_path / "store"))
    assert (account.kind, account.read, account.good, account.quarantined) == ("lens_jsonl", 4, 1, 3)
    assert account.reasons == {"broken": 2, "no_key": 1, "filing_lacking": 1, "title_lacking": 1, "publication_number_lacking": 1}
