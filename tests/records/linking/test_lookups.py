"""Lookups: one question a distinct text, with the years and cities that tell it from others; names that changed are told."""

from __future__ import annotations

from typing import Any

from tests.records.linking.conftest import Linking

from tidu.records.linking import plain


def test_questions_are_distinct_and_names_that_changed_are_told(linking: Linking) -> None:
    asked: dict[str, Any] = {}

    def locate(engine: Any, questions: str, vintage: int) -> str:
        asked["places"] = engine.execute(f"select country, address, year from {questions} order by all").fetchall()
        asked["vintage"] = vintage
        return plain.locate(engine, questions, vintage)

    def identify(engine: Any, questions: str, renamed: str) -> str:
        asked["names"] = engine.execute(f"select name, city from {questions} order by all").fetchall()
        asked["renamed"] = engine.execute(f"select before, after from {renamed}").fetchall()
        return plain.identify(engine, questions, renamed)

    patents = [
        {"record": at, "appno": f"20101000000{at}", "authority": "CN", "filing": f"20{9 + at // 3:02}-05-05"} for at in (1, 2, 3)
    ]
    place = {"role": "applicant", "seq": 1, "name": "虚构甲公司", "address": "浙江省杭州市虚构路1号"}
    parties = [{"record": at, "appno": f"20101000000{at}", **place} for at in (1, 2, 3)]
    event = {
        "record": 1,
        "appno": "201010000001",
        "code": "CP01",
        "effective": "2015-01-01",
        "giver": "虚构甲公司",
        "taker": "虚构新公司",
    }
    made = linking(
        ("incopat", {"patent": patents, "party": parties, "event": [event, {**event, "code": "TR01", "taker": "虚构乙公司"}]}),
        locate=locate,
        identify=identify,
        vintage=2020,
    )
    assert (
        asked["places"] == [(None, "浙江省杭州市虚构路1号", 2009), (None, "浙江省杭州市虚构路1号", 2010)]
        and asked["vintage"] == 2020
    )
    assert asked["names"] == [("虚构乙公司", None), ("虚构新公司", None), ("虚构甲公司", "330100")]
    assert asked["renamed"] == [("虚构甲公司", "虚构新公司")]
    assert (made.counts["places_asked"], made.counts["places_told"], made.counts["names_asked"]) == (2, 2, 3)
