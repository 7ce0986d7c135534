"""Rights in force on 31 December, by hand on made-up records (synthetic)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, SH, Ask, D, event, span

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import CRITERIA, Rule
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.stock import computable

ONE = 10**9


def test_a_right_counts_for_its_owner_of_the_day(ask: Ask) -> None:
    found = ask("in_force", first=2011, last=2022)
    wanted = {(HZ, year) for year in (2012, 2013, 2014)} | {(SH, year) for year in range(2015, 2023)}
    assert {row[:2] for row in found if row[2] == "1"} == wanted
    assert [row[:2] for row in found if row[2] == "3"] == [(HZ, 2020)]  # it ended on the last day of 2021


def test_two_owners_share_it(ask: Ask) -> None:
    assert ask("in_force", first=2016, last=2016, counting="fractional_applicant") == [
        (SH, 2016, "1", ONE // 2),
        (HZ, 2016, "1", ONE // 2),
    ]
    assert {row[0] for row in ask("in_force", first=2016, last=2016, counting="whole")} == {HZ, SH}


def test_years_run_from_filing_or_from_grant(ask: Ask) -> None:
    """Filed on 2010-01-01 and granted on 2012-05-05: ten years are full on the last day of 2020, or of 2022."""
    assert [row[1] for row in ask("maintained")] == [2020, 2021, 2022]
    assert [row[1] for row in ask("maintained", age_from="grant")] == [2022]
    assert [row[1] for row in ask("maintained", years_kept=12)] == [2022]


def test_what_is_pledged_must_be_in_force_too(ask: Ask) -> None:
    assert ask("pledged_stock") == [(HZ, 2020, "3", ONE)]  # the pledge goes on, the right ended


@pytest.mark.parametrize(
    ("criterion", "years"),
    [
        ("emerging", range(2012, 2023)),
        ("family_abroad", range(2012, 2023)),
        ("maintained", range(2020, 2023)),
        ("pledged", range(0)),
        ("award", range(0)),
    ],
)
def test_each_criterion_of_a_high_value_invention(ask: Ask, criterion: str, years: range) -> None:
    assert [row[1] for row in sorted(ask("high_value_inventions", criteria=(criterion,)), key=lambda row: row[1])] == list(years)


def test_criteria_are_a_union_counted_once(ask: Ask) -> None:
    found = ask("high_value_inventions")
    assert len(found) == len({row[:3] for row in found}) == 11 and {row[3] for row in found} == {ONE}


def test_only_criteria_that_can_be_computed_are_asked(little: Path, tmp_path: Path) -> None:
    engine = open_engine()
    here = Records(engine, little, {"award": {"appno": ["4"], "year": [None]}})
    assert computable(here, Rule(2020, 2020)).criteria == CRITERIA
    assert computable(here, Rule(2020, 2020, criteria=("award", "pledged"))).criteria == ("pledged", "award")
    bare = Records(engine, put(tmp_path, {"application": [{"appno": "1", "filing": D("2010-01-01")}]}))
    assert computable(bare, Rule(2020, 2020)).criteria == ("maintained",)
    nothing = measure_of("high_value_inventions").make(bare, Rule(2020, 2020, criteria=()))
    assert engine.collect(nothing)["key"] == []


@pytest.fixture
def invention(tmp_path: Path) -> Callable[..., list[int]]:
    """Years in which one invention in force is of high value, by criteria (synthetic)."""

    def made(criterion: str, supplied: dict[str, Any] | None = None, **rule: Any) -> list[int]:
        rows: dict[str, list[dict[str, Any]]] = {
            "application": [{"appno": "1", "kind": "invention", "filing": D("2015-01-01"), "granted": D("2017-01-01")}],
            "state": [span("1", "2017-01-01", state="in_force"), span("1", "2018-05-05", "2019-05-05", state="pledged")],
            "class": [{"appno": "1", "scheme": "ipc", "symbol": "G06F9/44", "seq": 1}],
            "event": [event("1", 1, "pledge", "2018-05-05", amount=5e6)],
        }
        records = Records(open_engine(), put(tmp_path / "linked", rows), supplied or {})
        own = Rule(2016, 2021, criteria=(criterion,), **rule)
        return sorted(records.engine.collect(measure_of("high_value_inventions").make(records, own))["period"])

    return made


def test_an_award_counts_from_its_year_and_industries_by_symbol(invention: Callable[..., list[int]]) -> None:
    assert invention("award", {"award": {"appno": ["1"], "year": [2019]}}) == [2019, 2020, 2021]
    assert invention("award", {"award": {"appno": ["1"], "year": [None]}}) == [2017, 2018, 2019, 2020, 2021]
    assert invention("emerging", {"emerging": {"symbol": ["G06F9/"], "industry": ["1"]}}) == [2017, 2018, 2019, 2020, 2021]
    assert invention("emerging", {"emerging": {"symbol": ["G06F1/"], "industry": ["1"]}}) == []


def test_a_pledge_counts_while_it_holds_and_where_its_amount_is_high_enough(invention: Callable[..., list[int]]) -> None:
    assert invention("pledged") == [2018] == invention("pledged", threshold=5e6)
    assert invention("pledged", threshold=6e6) == []
    assert invention("maintained", years_kept=5) == [2020, 2021]
