"""States: intervals by hand, and as-of by intervals equal to replaying the log event by event."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.records.linking.conftest import Linking, Row, Tables, day, written

from tidu.records.linked import OPEN
from tidu.records.linking.events import meaning_of, meanings
from tidu.records.linking.states import as_of

INVENTION, OTHER, OLD, DESIGN = "201010000001", "201010000002", "98100001", "202130000001"


def event(appno: str, code: str, effective: str, **more: Any) -> Row:
    return {"appno": appno, "code": code, "effective": effective, **more}


def patent(appno: str, filing: str, granted: str | None, **more: Any) -> Row:
    return {"appno": appno, "authority": "CN", "filing": filing, "granted": granted, **more}


def test_intervals_by_hand(linking: Linking) -> None:
    made = linking(
        (
            "incopat",
            {
                "patent": [
                    patent(INVENTION, "2010-01-04", "2012-05-02"),
                    patent(OTHER, "2010-01-04", "2012-05-02", expiry="2016-07-01"),
                    patent(OLD, "1998-03-02", "2001-04-04"),
                    patent(DESIGN, "2021-06-01", "2021-12-03"),
                    patent("201010000003", "2010-01-04", None),
                    patent("201010000004", "2010-01-04", "2012-05-02"),
                ],
                "event": [
                    event(INVENTION, "CF01", "2015-01-04", published="2015-08-05"),
                    event(INVENTION, "RR01", "2016-03-09"),
                    event(INVENTION, "PE01", "2013-01-01", contract="Y1", taker="虚构银行"),
                    event(INVENTION, "PE01", "2013-06-01", contract="Y2", taker="虚构银行"),
                    event(INVENTION, "PC01", "2014-01-01", contract="Y1", giver="虚构甲"),
                    event(OTHER, "PE01", "2013-01-01", contract="Y1", taker="虚构银行"),
                    event(OTHER, "EE01", "2013-01-01", contract="L1", taker="虚构乙"),
                    event(OTHER, "EC01", "2014-01-01", giver="虚构甲", taker="虚构乙"),
                    event(OTHER, "PP01", "2013-02-01"),
                    event(OTHER, "PD01", "2013-02-01"),
                    event("201010000003", "RJ01", "2014-09-03"),
                    event("201010000004", "TG01", "2020-01-01"),
                ],
            },
        )
    )
    found = made.rows('select appno, state, "from", "to", contract from state order by appno, state, from_day')
    assert found == [
        (INVENTION, "in_force", "2012-05-02", "2015-01-04", None),
        (INVENTION, "in_force", "2016-03-09", "2030-01-04", None),
        (INVENTION, "pledged", "2013-01-01", "2013-06-01", "Y1"),
        (INVENTION, "pledged", "2013-06-01", "2014-01-01", "Y1; Y2"),
        (INVENTION, "pledged", "2014-01-01", None, "Y2"),
        (OTHER, "in_force", "2012-05-02", "2016-07-01", None),
        (OTHER, "licensed", "2013-01-01", "2014-01-01", "L1"),
        (OTHER, "pledged", "2013-01-01", None, "Y1"),
        ("201010000004", "in_force", "2012-05-02", None, None),
        (DESIGN, "in_force", "2021-12-03", "2036-06-01", None),
        (OLD, "in_force", "2001-04-04", "2018-03-02", None),
    ]
    assert made.rows(f"select to_day from state where appno = '{OTHER}' and state = 'pledged'") == [(OPEN,)]
    # the loads know of nothing later than 2020-01-01, so a term that ends in 2030 has not ended the application
    ended = dict(made.rows("select appno, ended from application where ended is not null"))
    assert ended == {OTHER: "2016-07-01", OLD: "2018-03-02", "201010000003": "2014-09-03"}


def test_a_stray_second_grant_does_not_bring_back_what_lapsed(linking: Linking) -> None:
    made = linking(
        (
            "incopat",
            {
                "patent": [patent(INVENTION, "2010-01-04", "2012-05-02")],
                "event": [event(INVENTION, "CF01", "2013-01-04"), event(INVENTION, "GR01", "2014-01-04")],
            },
        )
    )
    assert made.rows('select "from", "to" from state') == [("2012-05-02", "2013-01-04")]


def test_as_of_takes_frames_of_any_sort_and_leaves_out_the_last_day() -> None:
    table = pa.table({"appno": ["a", "b"], "from_day": [0, 3], "to_day": [3, OPEN]})
    assert [as_of(table, one)["appno"].to_pylist() for one in (-1, 0, 2, 3)] == [[], ["a"], ["a"], ["b"]]
    import duckdb

    assert as_of(duckdb.from_arrow(table), 3).fetchall() == [("b", 3, OPEN)]


CODES = ("CF01", "IW01", "RR01", "GR01", "PE01", "PM01", "PC01", "EE01", "EC01", "OL01", "OL02", "PP01", "PD01", "SE01")
FIRST = date(2010, 1, 1)
LOGS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(CODES), st.integers(0, 9), st.sampled_from([None, "Y1", "Y2"]), st.sampled_from(["A", "B"])),
        max_size=8,
    ),
    min_size=25,
    max_size=25,
)
GRANTED = 3
MEANT = {code: meanings()[meaning_of("CN", code) or ""] for code in CODES}


def replayed(log: list[tuple[str, int, str | None, str]], at: int) -> dict[str, str | None]:
    """The states on a day, by taking the events up to it one by one in their order; contracts as text."""
    steps = sorted({(when, MEANT[code].rank, code, contract or "", party) for code, when, contract, party in log})
    force = False
    begun: dict[str, list[tuple[str, str]]] = defaultdict(list)
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    granted = False
    for when, _, code, contract, party in [*steps, (99, 0, "SE01", "", "")]:
        if not granted and when >= GRANTED and at >= GRANTED:
            granted = force = True
        if when > at:
            break
        told = MEANT[code]
        if told.ends == "in_force":
            force = False
        elif told.code == "restored" and when > GRANTED:
            force = True
        elif told.starts and told.starts != "in_force":
            begun[told.starts].append((contract, party))
            held[told.starts].append((contract, party))
        elif told.ends:
            before = begun[told.ends]
            if contract and any(one == contract for one, _ in before):
                gone = [one for one in before if one[0] == contract]
            elif any(one == party for _, one in before):
                gone = [one for one in before if one[1] == party]
            else:
                gone = before
            held[told.ends] = [one for one in held[told.ends] if one not in gone]
    states: dict[str, str | None] = {
        name: "; ".join(sorted({one for one, _ in held[name] if one})) or None for name in held if held[name]
    }
    return states | ({"in_force": None} if force else {})


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(logs=LOGS)
def test_as_of_by_intervals_is_as_of_by_replaying(
    logs: list[list[tuple[str, int, str | None, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    numbers = [f"2010100{at:05}" for at in range(len(logs))]
    # whoever starts is named as the one who takes, whoever ends as the one who gives, so that rows of one day are not folded
    rows = [
        {
            "appno": number,
            "code": code,
            "effective": FIRST + timedelta(when),
            "contract": contract,
            "taker" if code in ("PE01", "EE01", "OL01", "PP01") else "giver": party,
        }
        for number, log in zip(numbers, logs, strict=True)
        for code, when, contract, party in log
    ]
    patents = [patent(number, "2010-01-01", str(FIRST + timedelta(GRANTED))) for number in numbers]
    store = written(tmp_path_factory.mktemp("log"), [("incopat", {"patent": patents, "event": rows})])
    made = Tables(store)
    found = made.rows("select appno, state, from_day, to_day, contract from state order by appno, state, from_day")
    for (a, s, _, until, _), (b, t, start, _, _) in pairwise(found):
        assert (a, s) != (b, t) or until <= start
    assert all(start < until for _, _, start, until, _ in found)
    start = day(str(FIRST))
    for at in range(-1, 11):
        held: dict[str, dict[str, str | None]] = defaultdict(dict)
        for appno, state, first, until, contract in found:
            if first <= start + at < until:
                held[appno][state] = contract
        for number, log in zip(numbers, logs, strict=True):
            assert held[number] == replayed(log, at), (number, at, log)
