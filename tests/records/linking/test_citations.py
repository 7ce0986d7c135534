"""Citations: found under every form of a number, each once, and not found where a number means another document."""

from __future__ import annotations

import pytest
from tests.records.linking.conftest import Linking

from tidu.engine import connect
from tidu.records.linking.workbench import MACROS


@pytest.mark.parametrize(
    ("office", "number", "one_form"),
    [
        ("US", "2005284906", "US20050284906"),
        ("US", "20050284906", "US20050284906"),
        ("US", "5950198", "US5950198"),
        ("WO", "0214184", "WO2002014184"),
        ("WO", "9625012", "WO1996025012"),
        ("WO", "200214184", "WO2002014184"),
        ("WO", "2002014184", "WO2002014184"),
        ("EP", "123456", "EP0123456"),
        ("CN", "102715206", "CN102715206"),
        ("DE", "00123", "DE123"),
    ],
)
def test_one_form_of_a_publication_number(office: str, number: str, one_form: str) -> None:
    engine = connect(threads=1)
    for macro in MACROS:
        engine.execute(macro)
    assert engine.execute("select publication_number(?, ?)", [office, number]).fetchall() == [(one_form,)]


def test_citations_by_hand(linking: Linking) -> None:
    def published(appno: str, office: str, number: str, kind: str | None, day: str = "2001-01-03") -> dict[str, object]:
        return {"appno": appno, "authority": office, "number": number, "kind": kind, "published": day}

    citing = {"appno": "201010000009"}
    made = linking(
        (
            "epo_docdb",
            {
                "publication": [
                    published("US10000001", "US", "20050284906", "A1"),
                    published("US09000001", "US", "6000001", None),
                    published("WOPCTUS0125418", "WO", "2002014184", "A1"),
                    published("98100001", "CN", "1124630", "C"),
                    published("200810000001", "CN", "101000001", "B"),
                    published("201010000009", "CN", "102000009", "A", "2011-05-04"),
                ],
                "citation": [
                    {**citing, "seq": 1, "cited": "US2005284906A1", "category": "X"},
                    {**citing, "seq": 2, "cited": "US6000001A"},
                    {**citing, "seq": 3, "cited": "WO0214184A1"},
                    {**citing, "seq": 4, "cited": "CN1124630A"},
                    {**citing, "seq": 5, "cited": "CN 101000001 A"},
                    {**citing, "seq": 6, "cited": "JP10200079A"},
                    {**citing, "seq": 7, "literature": "Synthetic, A. (2001)"},
                ],
            },
        ),
        (
            "uspto_xml",
            {
                "citation": [
                    {**citing, "seq": 1, "cited": "US20050284906A1"},
                    {**citing, "seq": 2, "literature": "synthetic, a. (2001)"},
                ]
            },
        ),
    )
    found = made.rows("select seq, cited, cited_appno, literature, published from citation order by seq")
    day = "2011-05-04"
    assert [row[1:3] for row in found] == [
        ("US20050284906A1", "US10000001"),
        ("US6000001A", "US09000001"),
        ("WO0214184A1", "WOPCTUS0125418"),
        ("CN1124630A", None),
        ("CN 101000001 A", "200810000001"),
        ("JP10200079A", None),
        (None, None),
    ]
    assert [row[0] for row in found] == list(range(1, 8)) and {row[4] for row in found} == {day}
    assert (made.counts["citations_of_patents"], made.counts["citations_found"]) == (6, 4)
