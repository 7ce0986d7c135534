"""Owners: applicants, then whoever takes; a change of name is no change of owner; parts change hands apart."""

from __future__ import annotations

from tests.records.linking.conftest import Linking, Row

A, B, C, US = "201010000001", "201010000002", "201010000003", "US13000001"


def applicant(appno: str, *names: str, role: str = "applicant", **more: object) -> list[Row]:
    return [{"appno": appno, "role": role, "seq": at, "name": name, **more} for at, name in enumerate(names, 1)]


def event(appno: str, code: str, day: str, giver: str | None, taker: str | None, **more: object) -> Row:
    return {"appno": appno, "code": code, "effective": day, "giver": giver, "taker": taker, **more}


def test_owners_by_hand(linking: Linking) -> None:
    made = linking(
        (
            "incopat",
            {
                "patent": [
                    *({"appno": one, "authority": "CN", "filing": "2010-01-04"} for one in (A, B, C)),
                    {"appno": US, "authority": "US", "kind": "invention", "filing": "2011-01-05", "granted": "2013-03-05"},
                ],
                "party": [
                    *applicant(A, "虚构甲公司", "虚构乙大学", address="浙江省杭州市虚构路1号"),
                    *applicant(B, "虚构甲公司"),
                    *applicant(C, "虚构丙公司"),
                    *applicant(US, "Doe; Jane"),
                    *applicant(US, "Synthetic Inc.", role="assignee"),
                ],
                "event": [
                    event(A, "TR01", "2012-01-01", "虚构乙大学", "虚构丁公司; 虚构戊公司"),
                    event(A, "CP01", "2013-01-01", "虚构甲公司", "虚构甲集团"),
                    event(
                        A,
                        "TR01",
                        "2014-01-01",
                        "虚构甲集团; 虚构丁公司; 虚构戊公司",
                        "虚构己公司",
                        taker_address="江苏省南京市虚构路",
                    ),
                    event(B, "TR01", "2009-06-01", "谁也不是", "虚构庚公司"),
                    event(C, "TR01", "2012-01-01", "虚构丙公司", None),
                    event(C, "CP02", "2012-01-01", None, None),
                    event(C, "TR01", "2013-01-01", "虚构丙公司", "虚构丙 公司; 虚构辛公司"),
                    event("201010000004", "TR01", "2013-01-01", "虚构壬公司", "虚构癸公司"),
                ],
            },
        )
    )
    found = made.rows('select appno, seq, name, entity, "from", "to" from owner order by appno, from_day, seq')
    assert found == [
        (A, 1, "虚构甲公司", "虚构甲公司", "2010-01-04", "2013-01-01"),
        (A, 2, "虚构乙大学", "虚构乙大学", "2010-01-04", "2012-01-01"),
        (A, 2, "虚构丁公司", "虚构丁公司", "2012-01-01", "2014-01-01"),
        (A, 3, "虚构戊公司", "虚构戊公司", "2012-01-01", "2014-01-01"),
        (A, 1, "虚构甲集团", "虚构甲公司", "2013-01-01", "2014-01-01"),
        (A, 1, "虚构己公司", "虚构己公司", "2014-01-01", None),
        (B, 1, "虚构庚公司", "虚构庚公司", "2010-01-04", None),
        (C, 1, "虚构丙公司", "虚构丙公司", "2010-01-04", None),
        (C, 2, "虚构辛公司", "虚构辛公司", "2013-01-01", None),
        ("201010000004", 1, "虚构癸公司", "虚构癸公司", "2013-01-01", None),
        (US, 1, "Doe; Jane", "DOEJANE", "2011-01-05", "2013-03-05"),
        (US, 1, "Synthetic Inc.", "SYNTHETICINC", "2013-03-05", None),
    ]
    events = made.rows(
        f"select code, giver_entity, giver_city, taker_entity, taker_city from event where appno = '{A}' order by seq"
    )
    assert events == [
        ("TR01", "虚构乙大学", "330100", "虚构丁公司", None),
        ("CP01", "虚构甲公司", "330100", "虚构甲集团", None),
        ("TR01", "虚构甲集团", None, "虚构己公司", "320100"),
    ]


def test_every_day_since_filing_has_an_owner_and_none_twice(linking: Linking) -> None:
    rows = [
        event(A, "TR01", f"201{at}-01-01", f"虚构{at - 1}公司" if at % 2 else None, f"虚构{at}公司; 虚构{at + 1}公司")
        for at in range(1, 7)
    ]
    patent = {"appno": A, "authority": "CN", "filing": "2010-01-04"}
    made = linking(("incopat", {"patent": [patent], "party": applicant(A, "虚构0公司"), "event": rows}))
    found = made.rows("select entity, from_day, to_day from owner")
    days = sorted({at for _, first, last in found for at in (first, last)})
    for at in days[:-1]:
        held = [entity for entity, first, last in found if first <= at < last]
        assert held and len(held) == len(set(held))
