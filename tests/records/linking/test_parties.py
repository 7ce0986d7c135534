"""Parties: of the earliest document, completed from others, with the city of most filings where none is told."""

from __future__ import annotations

from tests.records.linking.conftest import Linking

A, B, C = "201010000001", "201010000002", "201010000003"


def party(
    appno: str, name: str | None, seq: int = 1, role: str = "applicant", record: int = 1, **more: object
) -> dict[str, object]:
    return {"record": record, "appno": appno, "role": role, "seq": seq, "name": name, **more}


def test_applicants_as_they_filed_and_assignees_as_they_are(linking: Linking) -> None:
    def published(day: str, kind: str) -> list[dict[str, object]]:
        return [{"appno": A, "authority": "CN", "number": "102000001", "kind": kind, "published": day}]

    early = (
        "cnipa_xml",
        {
            "publication": published("2011-07-06", "A"),
            "party": [
                party(A, "虚构甲公司"),
                party(A, "虚构乙大学", 2),
                party(A, "张三", 1, "inventor"),
                party(A, "虚构旧", 1, "assignee"),
            ],
        },
    )
    late = (
        "cnipa_xml",
        {
            "publication": published("2013-05-01", "B"),
            "party": [
                party(A, "虚构丙公司"),
                party(A, "虚构甲 公司", 2, address="浙江省杭州市虚构路1号"),
                party(A, "虚构新公司", 1, "assignee"),
            ],
        },
    )
    expected = [
        ("applicant", 1, "虚构甲公司", "company", "330100", "address"),
        ("applicant", 2, "虚构乙大学", "university", None, "unresolved"),
        ("assignee", 1, "虚构新公司", "company", None, "unresolved"),
        ("inventor", 1, "张三", "person", None, "unresolved"),
    ]
    query = "select role, seq, name, type, city, method from party order by role, seq"
    assert linking(early, late).rows(query) == expected == linking(late, early).rows(query)


def test_the_city_of_most_filings_abroad_and_regions(linking: Linking) -> None:
    made = linking(
        (
            "incopat",
            {
                "patent": [{"record": at, "appno": one, "authority": "CN"} for at, one in enumerate((A, B, C), 1)],
                "party": [
                    party(A, "虚构甲公司", printed_city="杭州市"),
                    party(B, "虚构甲公司", record=2, printed_city="330200"),
                    party(C, "虚构甲公司", record=3, printed_city="杭州"),
                    party(C, "虚构甲公司", 2, record=3),
                    party(C, "Synthetic Inc.", 3, record=3, country="US"),
                    party(C, "虚构港公司", 4, record=3, country="HK"),
                    party(C, "李四", 5, record=3, type="person"),
                ],
            },
        )
    )
    found = made.rows("select appno, seq, city, method, round(confidence, 3), entity from party order by appno, seq")
    assert found == [
        (A, 1, "330100", "printed", 0.95, "虚构甲公司"),
        (B, 1, "330200", "printed", 1.0, "虚构甲公司"),
        (C, 1, "330100", "printed", 0.95, "虚构甲公司"),
        (C, 2, "330100", "modal", 0.667, "虚构甲公司"),
        (C, 3, None, "abroad", 0.0, "SYNTHETICINC"),
        (C, 4, "810000", "printed", 1.0, "虚构港公司"),
        (C, 5, None, "unresolved", 0.0, "李四"),
    ]
    assert made.counts["cities"] == {"applicant": {"abroad": 1, "modal": 1, "printed": 4, "unresolved": 1}}


def test_a_source_that_gives_each_party_a_record_of_its_own(linking: Linking) -> None:
    made = linking(
        ("patstat_persons", {"person": [{"person": "PATSTAT:1", "name": "SYNTH CO", "country": "CN"}]}),
        (
            "patstat_parties",
            {
                "party": [
                    party("PATSTAT:7", None, person="PATSTAT:1"),
                    party("PATSTAT:7", None, 2, record=2, person="PATSTAT:2"),
                    party("PATSTAT:7", "SOLO", 3, record=3),
                ]
            },
        ),
    )
    assert made.rows("select seq, name, country from party order by seq") == [
        (1, "SYNTH CO", "CN"),
        (2, None, None),
        (3, "SOLO", None),
    ]
