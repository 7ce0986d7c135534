"""Transfers, pledges and licences by hand on made-up records (synthetic)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, SH, Ask

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records

ONE = 10**9


def test_a_transfer_has_two_sides_and_may_stay_in_a_group(ask: Ask) -> None:
    assert ask("transfers_out") == [(HZ, 2015, "1", ONE), (HZ, 2021, "3", ONE)]
    assert ask("transfers_in") == [(SH, 2015, "1", ONE), (HZ, 2021, "3", ONE)]
    assert ask("transfers_out", internal="exclude") == [(HZ, 2015, "1", ONE)]
    assert ask("transfers_out", kind="utility_model") == [(HZ, 2021, "3", ONE)]


def test_a_pledge_of_two_rights_is_one_contract_of_one_amount(ask: Ask) -> None:
    assert [row[2] for row in ask("pledged_rights")] == ["1", "3"]
    assert ask("pledge_contracts") == [(HZ, 2020, "P1", ONE)]
    assert ask("pledge_amount") == [(HZ, 2020, "P1", 10025)]


def test_licences(ask: Ask) -> None:
    assert ask("licences_out") == [(HZ, 2016, "1", ONE)] and ask("licence_contracts_out") == [(HZ, 2016, "L1", ONE)]
    assert ask("open_licences") == [(SH, 2021, "1", ONE)]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def deals(tmp_path: Path) -> Callable[..., list[tuple[str, int, str, int]]]:
    """Contributions of a measure over made-up events (synthetic)."""

    def made(code: str, events: list[dict[str, Any]], first: int = 2018, **rule: Any) -> list[tuple[str, int, str, int]]:
        records = Records(open_engine(), put(tmp_path / "linked", {"event": events}))
        cells = records.engine.collect(measure_of(code).make(records, Rule(first, 2022, **rule)))
        return sorted(zip(cells["unit"], cells["period"], cells["key"], cells["share"], strict=True))

    return made


def pledge(appno: str, on: str, city: str | None, contract: str | None = "P", **more: Any) -> dict[str, Any]:
    return {"appno": appno, "seq": 1, "meaning": "pledge", "effective": day(on), "giver_city": city, "contract": contract, **more}


def test_a_contract_of_several_cities_is_split_and_counts_in_its_first_year(deals: Callable[..., Any]) -> None:
    events = [pledge("1", "2019-05-01", HZ, amount=10.0), pledge("2", "2020-05-01", SH, amount=10.0), pledge("3", "2020-05-01", HZ)]
    assert deals("pledge_contracts", events) == [(SH, 2019, "P", ONE // 2), (HZ, 2019, "P", ONE // 2)]
    assert deals("pledge_contracts", events, first=2020) == []
    assert deals("pledge_amount", events) == [(SH, 2019, "P", 500), (HZ, 2019, "P", 500)]
    assert [row[1] for row in deals("pledged_rights", events)] == [2020, 2019, 2020]


def test_an_event_without_a_number_is_a_contract_of_its_own(deals: Callable[..., Any]) -> None:
    events = [
        pledge("1", "2019-05-01", HZ, None),
        pledge("2", "2019-05-01", HZ, ""),
        pledge("3", "2019-05-01", HZ, None, amount=5.0),
    ]
    assert [row[2] for row in deals("pledge_contracts", events)] == ["1#1", "2#1", "3#1"]
    assert deals("pledge_amount", events) == []


def test_a_pledgor_counts_once_a_year(deals: Callable[..., Any]) -> None:
    events = [
        pledge("1", "2019-05-01", HZ, giver_entity="e"),
        pledge("2", "2019-06-01", HZ, "Q", giver_entity="e"),
        pledge("3", "2019-06-01", SH, "R", giver_entity="f"),
        pledge("4", "2020-06-01", SH, "S", giver_entity="f"),
        pledge("5", "2020-06-01", SH, "T"),
    ]
    assert deals("pledge_firms", events) == [(SH, 2019, "f", ONE), (SH, 2020, "f", ONE), (HZ, 2019, "e", ONE)]


def test_small_pledges_over_those_with_an_amount(deals: Callable[..., Any]) -> None:
    events = [
        pledge("1", "2019-05-01", HZ, amount=1e7),
        pledge("2", "2019-05-01", HZ, "Q", amount=1e7 + 1),
        pledge("3", "2019-05-01", HZ, "R"),
    ]
    assert [row[2] for row in deals("inclusive_pledge_share", events, threshold=1e7)] == ["P"]
    assert [row[2] for row in deals("valued_pledges", events)] == ["P", "Q"]


def move(appno: str, giver: str | None, taker: str | None, **more: Any) -> dict[str, Any]:
    told = {
        "appno": appno,
        "seq": 1,
        "meaning": "transfer",
        "effective": day("2020-01-01"),
        "giver_city": giver,
        "taker_city": taker,
    }
    return told | more


def test_what_goes_from_city_to_city_and_abroad(deals: Callable[..., Any]) -> None:
    events = [
        move("1", HZ, SH),
        move("2", HZ, HZ),
        move("3", SH, HZ),
        move("4", HZ, None),
        move("5", HZ, None, taker_country="US"),
        move("6", None, SH),
    ]
    assert deals("transfers_to_cities", events) == [(SH, 2020, "3", ONE), (HZ, 2020, "1", ONE)]
    assert deals("transfers_from_cities", events) == [(SH, 2020, "1", ONE), (HZ, 2020, "3", ONE)]
    assert deals("transfers_abroad", events) == [(HZ, 2020, "5", ONE)]
    assert {row[0] for row in deals("transfers_in", events)} == {HZ, SH, "abroad", "unresolved"}


def test_only_groups_that_are_both_known_stay_inside(deals: Callable[..., Any]) -> None:
    groups = [("a", "a"), ("a", "b"), ("a", None), (None, None)]
    events = [move(str(at), HZ, SH, giver_group=one, taker_group=other) for at, (one, other) in enumerate(groups)]
    assert [row[2] for row in deals("transfers_out", events, internal="exclude")] == ["1", "2", "3"]
    assert len(deals("transfers_out", events)) == 4
