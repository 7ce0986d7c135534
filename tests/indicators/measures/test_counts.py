"""Counts of applications, worked out by hand on four made-up applications (synthetic), equal on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, NB, SH, Ask, D, applicant

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records

ONE = 10**9
THIRD = ONE // 3


@pytest.mark.parametrize(
    ("counting", "wanted"),
    [
        ("first_applicant", [(HZ, 2010, "1", ONE)]),
        ("whole", [(HZ, 2010, "1", ONE), (NB, 2010, "1", ONE)]),
        ("fractional_applicant", [(HZ, 2010, "1", 2 * THIRD + 1), (NB, 2010, "1", THIRD)]),
        ("fractional_inventor", [(SH, 2010, "1", ONE)]),
    ],
)
def test_an_application_counts_by_the_rule(ask: Ask, counting: str, wanted: list[object]) -> None:
    found = ask("filings", kind="invention", counting=counting)
    assert [row for row in found if row[2] == "1"] == wanted


def test_what_has_no_city_is_kept(ask: Ask) -> None:
    found = ask("filings")
    assert ("abroad", 2010, "2", ONE) in found and ("unresolved", 2010, "4", ONE) in found and len(found) == 4
    assert ("unresolved", 2010, "2", ONE) in ask("filings", counting="fractional_inventor")


def test_the_clock_says_the_year(ask: Ask) -> None:
    clocks = {"filing": 2010, "priority": 2009, "publication": 2011, "grant": 2012}
    assert {clock: ask("filings", clock=clock, kind="invention")[0][1] for clock in clocks} == clocks
    assert ask("grants") == [(HZ, 2012, "1", ONE), (HZ, 2020, "3", ONE)]


def test_of_a_family_the_first_application_counts_alone(ask: Ask) -> None:
    assert [row[2] for row in ask("filings", unit="family")] == ["1", "3", "4"]
    assert [row[2] for row in ask("filings", unit="family", clock="priority")] == ["1", "3", "4"]


def test_cities_of_the_filing_year_and_years_outside(ask: Ask) -> None:
    assert ("330200", 2010, "1", ONE) in ask("filings", vintage="then")
    assert ask("filings", first=2011, last=2019) == []


def test_international_and_joint_applications(ask: Ask) -> None:
    assert ask("international_filings") == [("abroad", 2010, "2", ONE)]
    assert ask("industry_research_filings") == [(HZ, 2010, "1", ONE)] == ask("filings_between_cities")


def test_entities_that_differ_file_together(ask: Ask) -> None:
    assert [row[2] for row in ask("joint_filings")] == []  # no entity is told
    assert [row[2] for row in ask("research_filings")] == ["1"]
    assert ask("filings_with_abroad") == []


def test_of_the_year_of_filing_what_was_granted(ask: Ask) -> None:
    assert [row[1:3] for row in ask("grant_rate")] == [(2010, "1"), (2020, "3")]


def test_who_files_together_with_whom(tmp_path: Path) -> None:
    rows = {
        "application": [{"appno": str(at), "kind": "invention", "filing": D("2020-01-01")} for at in range(4)],
        "party": [
            applicant("0", 1, HZ, entity="a"),
            applicant("0", 2, HZ, entity="b"),
            applicant("1", 1, HZ, entity="a"),
            applicant("1", 2, HZ, entity="a"),
            applicant("2", 1, HZ, entity="a"),
            applicant("2", 2, None, country="US", entity="c"),
            applicant("3", 1, None, entity="d"),
            applicant("3", 2, None, country="US", entity="c"),
        ],
    }
    records = Records(open_engine(), put(tmp_path, rows))
    found = {}
    for code in ("joint_filings", "filings_with_abroad", "filings_between_cities"):
        found[code] = sorted(records.engine.collect(measure_of(code).make(records, Rule(2020, 2020)))["key"])
    assert found == {"joint_filings": ["0", "2", "3"], "filings_with_abroad": ["2"], "filings_between_cities": []}
