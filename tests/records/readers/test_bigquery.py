"""Google's publications on a small object made for the test (synthetic, of the documented fields)."""

from __future__ import annotations

import json
from pathlib import Path

from tidu.records.load import read
from tidu.records.readers.bigquery import bigquery
from tidu.records.store import Store

ONE = {
    "publication_number": "CN-115212463-A",
    "application_number": "CN-201510481495-A",
    "kind_code": "A",
    "application_number_formatted": "CN201510481495A",
    "pct_number": "",
    "family_id": "7",
    "title_localized": [{"text": "标题", "language": "zh"}, {"text": "Title", "language": "en"}],
    "publication_date": "20221021",
    "filing_date": "20150807",
    "grant_date": "0",
    "priority_date": 20150807,
    "priority_claim": [{"application_number": "US-2011000001-W", "filing_date": 20110101}, {"application_number": ""}],
    "inventor": ["曹凯", "许亚飞"],
    "inventor_harmonized": [{"name": "CAO KAI", "country_code": "CN"}, {"name": "XU YAFEI", "country_code": "CN"}],
    "assignee": ["公司"],
    "assignee_harmonized": [],
    "ipc": [{"code": "A61N5/10", "first": False}, {"code": "A61N5/00", "first": True}],
    "citation": [{"publication_number": "US-D209526-S", "category": "SEA"}, {"publication_number": "", "npl_text": "Paper"}],
}


def test_a_publication(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ONE, ensure_ascii=False), encoding="utf-8")
    (found,) = bigquery(path)
    (patent,) = found.rows["patent"]
    assert (patent["appno"], patent["authority"], patent["filing"], patent["granted"], patent["title"]) == (
        "201510481495",
        "CN",
        "2015-08-07",
        None,
        "Title",
    )
    assert [(one["authority"], one["number"]) for one in found.rows["priority"]] == [("WO", "US2011000001")]
    assert [(one["name"], one["name_standard"], one["country"]) for one in found.rows["party"]] == [
        ("公司", None, None),
        ("曹凯", "CAO KAI", "CN"),
        ("许亚飞", "XU YAFEI", "CN"),
    ]
    assert [one["symbol"] for one in found.rows["class"]] == ["A61N5/00", "A61N5/10"]
    assert [one["cited"] or one["literature"] for one in found.rows["citation"]] == ["USD209526S", "Paper"]


def test_it_is_told_by_its_fields(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ONE) + '\n{"publication_number": "US-1-A"}\n', encoding="utf-8")
    (account,) = read([path], Store(tmp_path / "store"))
    assert (account.kind, account.good, account.quarantined) == ("bigquery_jsonl", 1, 1)
