"""What every counting rule keeps: each application counts as one, whoever holds it. Rows are made up (synthetic)."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import D

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import ABROAD, UNRESOLVED, Rule
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import divided, evenly

ONE = 10**9
HOLDERS = st.lists(st.tuples(st.sampled_from(["330100", "310000", None]), st.sampled_from(["CN", "US"])), max_size=7)


@settings(max_examples=6, deadline=None)
@given(st.lists(HOLDERS, min_size=1, max_size=6))
def test_shares_of_an_application_add_up_to_one(who: list[list[tuple[str | None, str]]]) -> None:
    applications: list[dict[str, Any]] = []
    parties: list[dict[str, Any]] = []
    for at, holders in enumerate(who):
        applications.append({"appno": str(at), "kind": "invention", "filing": D("2020-05-05")})
        for seq, (city, country) in enumerate(holders, 1):
            for role in ("applicant", "inventor"):
                parties.append({"appno": str(at), "role": role, "seq": seq, "city": city, "country": country})
    engine = open_engine()
    with TemporaryDirectory() as folder:
        records = Records(engine, put(Path(folder), {"application": applications, "party": parties}))
        cities: dict[str, dict[tuple[str, str], int]] = {}
        for counting in ("first_applicant", "whole", "fractional_applicant", "fractional_inventor"):
            cells = engine.collect(measure_of("filings").make(records, Rule(2020, 2020, counting=counting)))  # type: ignore[arg-type]
            keys = list(zip(cells["key"], cells["unit"], strict=True))
            assert max(Counter(keys).values()) == 1 and set(cells["unit"]) <= {"330100", "310000", ABROAD, UNRESOLVED}
            cities[counting] = dict(zip(keys, cells["share"], strict=True))
        engine.close()
    assert cities["fractional_applicant"] == cities["fractional_inventor"]
    sums = {counting: _by_key(found) for counting, found in cities.items()}
    for at, holders in enumerate(who):
        key = str(at)
        units = {city or (ABROAD if country == "US" else UNRESOLVED) for city, country in holders} or {UNRESOLVED}
        assert sums["first_applicant"][key] == sums["fractional_applicant"][key] == ONE
        assert sums["whole"][key] == len(units) * ONE
    for cell, share in cities["fractional_applicant"].items():
        assert 0 < share <= cities["whole"][cell]


def _by_key(found: dict[tuple[str, str], int]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for (key, _), share in found.items():
        total[key] += share
    return total


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 9 * 10**17), st.integers(200, 10**12))
def test_a_quotient_of_whole_numbers_is_exact(top: int, below: int) -> None:
    engine = open_engine("polars")
    frame = engine.small({"a": [top], "b": [below]}, {"a": "BIGINT", "b": "BIGINT"})
    assert engine.collect(frame.select(c=divided(nw.col("a"), nw.col("b"))))["c"] == [top // below]


def test_what_does_not_divide_goes_to_the_least_unit() -> None:
    engine = open_engine()
    told = {"key": ["c", "c", "c", "d"], "period": [2020] * 4, "unit": ["z", "x", "y", "x"], "fen": [100, 100, 100, 7]}
    frame = engine.small(told, {"key": "VARCHAR", "period": "BIGINT", "unit": "VARCHAR", "fen": "BIGINT"})
    cells = engine.collect(evenly(frame, "fen").sort("key", "unit"))
    assert list(zip(cells["key"], cells["unit"], cells["share"], strict=True)) == [
        ("c", "x", 34),
        ("c", "y", 33),
        ("c", "z", 33),
        ("d", "x", 7),
    ]
    assert sorted(engine.collect(evenly(frame).select("share"))["share"]) == [333333333, 333333333, 333333334, ONE]
