"""Citations within windows, by families, on made-up rows (synthetic)."""

from __future__ import annotations

from pathlib import Path

from tests.indicators.conftest import put
from tests.indicators.measures.conftest import D

from tidu.engine.choice import open_engine
from tidu.indicators.measures import signals
from tidu.indicators.measures.records import Records


def test_two_members_of_a_family_cite_once_and_none_cites_itself(tmp_path: Path) -> None:
    application = [
        {"appno": one, "family": family, "first_publication": D("2010-01-01")} for one, family in ("Aa", "B1", "C1", "D2")
    ]
    cited = [("B", "A", "2012-01-01"), ("C", "A", "2014-12-30"), ("D", "A", "2015-01-05"), ("A", "A", "2010-01-01")]
    citation = [{"appno": one, "seq": 1, "cited_appno": other, "published": D(day)} for one, other, day in cited]
    records = Records(open_engine(), put(tmp_path, {"application": application, "citation": citation}))
    found = records.engine.collect(signals.citing(signals.Pool(records)).sort("days"))
    assert list(zip(found["appno"], found["citer"], found["days"], strict=True)) == [("A", "B", 730), ("A", "D", 1830)]
    assert records.engine.collect(signals.forward(signals.Pool(records), 5)) == {"appno": ["A"], "forward_5": [1]}
    assert records.engine.collect(signals.forward(signals.Pool(records), 7)) == {"appno": ["A"], "forward_7": [2]}


def test_the_day_on_which_a_window_closes_is_inside(tmp_path: Path) -> None:
    application = [{"appno": one, "family": one, "first_publication": D("2010-01-01")} for one in "ABC"]
    days = {"B": "2015-01-01", "C": "2015-01-02"}  # 1826 and 1827 days
    citation = [{"appno": one, "seq": 1, "cited_appno": "A", "published": D(day)} for one, day in days.items()]
    records = Records(open_engine(), put(tmp_path, {"application": application, "citation": citation}))
    assert records.engine.collect(signals.forward(signals.Pool(records), 5))["forward_5"] == [1]
