"""Events: what codes of both eras mean, words that decide, one event told twice, their order in time."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.records.linking.conftest import Linking

from tidu.engine import connect, quoted
from tidu.records.linking.events import _data, _meant, meaning_of, meanings

A = "201010000001"


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        ("GR01", "", "grant"),
        ("C14", "", "grant"),
        ("MM4A", "", "lapse"),
        ("C41", "", "transfer"),
        ("RGAV", "", "abandoned_for_twin"),
        ("LICC", "合同备案号：2010440000123 备案日：2010.03.01", "licence"),
        ("LICC", "Enforcement, change and cancellation of record of contracts\nCancellation date: 20130506", "licence_ended"),
        ("LICC", "Enforcement, change and cancellation of record of contracts", "licence_untold"),
        ("PLDC", "专利权质押合同登记的生效、变更及注销 登记生效日：2012.01.02", "pledge"),
        ("PLDC", "解除日：2013.05.06", "pledge_ended"),
        ("RINS", "Preservation of patent right or utility model and its discharge", "preservation_untold"),
        ("RINS", "保全解除日 2012-01-02", "preservation_lifted"),
        ("C35", "宣告专利权全部无效", "invalidated"),
        ("C35", "", "invalidated_in_part"),
    ],
)
def test_what_codes_mean(code: str, text: str, meaning: str) -> None:
    assert meaning_of("CN", code, text) == meaning
    query = f"select {_meant(quoted('CN'), quoted(code), quoted(text))}"
    assert connect(threads=1).execute(query).fetchall() == [(meaning,)]


def test_every_code_has_a_meaning_and_every_meaning_two_labels() -> None:
    known = set(meanings())
    for told in _data()["office"].values():
        assert told["source"]
        for one in told["codes"].values():
            words = _data()["words"][one["words"]] if not isinstance(one, str) else None
            assert {one} <= known if words is None else {case["meaning"] for case in words["cases"]} | {words["otherwise"]} <= known
    for one in meanings().values():
        assert one.label["zh"] and one.label["en"]
        assert one.starts in (None, "in_force", "pledged", "licensed", "open_licence", "preserved") and not (
            one.starts and one.ends
        )


@pytest.mark.reference
def test_every_chinese_code_of_inpadoc_is_known_and_what_ends_a_right_is_no_grant(evidence: Path) -> None:
    with (evidence / "data" / "patents" / "inpadoc_event_codes" / "cn_event_codes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 110
    for row in rows:
        code, group = row["Event-code"].strip(), row["Event-class"]
        meaning = meaning_of("CN", code)
        assert meaning is not None, code
        if group == "H":
            assert meanings()[meaning].ends == "in_force", code
        if group == "F" and code not in ("CGPU",):
            assert meaning == "grant", code


def test_one_event_told_by_two_sources_is_one_and_events_stand_in_time(linking: Linking) -> None:
    transfer = {"appno": A, "code": "TR01", "effective": "2015-03-01", "giver": "虚构甲", "taker": "虚构乙"}
    made = linking(
        ("incopat", {"event": [transfer, {**transfer, "effective": "2014-01-01", "giver": "虚构丙"}]}),
        (
            "cnipa_legal_status",
            {
                "patent": [{"appno": A, "authority": "CN"}],
                "event": [
                    {**transfer, "giver": "虚构 甲", "published": "2015-04-01"},
                    {"appno": A, "code": "TR01 ", "effective": "2015-03-01"},
                    {"appno": A, "code": "TR01", "published": "2015-04-01"},
                    {"appno": A, "code": "PB01", "published": "2011-01-01"},
                    {"appno": A, "code": "QQ"},
                ],
            },
        ),
    )
    found = made.rows("select seq, code, meaning, effective, published, giver, taker_entity from event order by seq")
    assert found == [
        (1, "PB01", "publication", None, "2011-01-01", None, None),
        (2, "TR01", "transfer", "2014-01-01", None, "虚构丙", "虚构乙"),
        (3, "TR01", "transfer", "2015-03-01", "2015-04-01", "虚构 甲", "虚构乙"),
        (4, "QQ", "other", None, None, None, None),
    ]
    assert made.counts["unknown_codes"] == {"CN QQ": 1} and made.counts["events_without_day"] == 1
