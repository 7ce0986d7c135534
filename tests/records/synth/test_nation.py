"""The synthetic nation: sizes, years, kinds and numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.records.numbers import application_number
from tidu.records.synth.nation import RESIDUES, TYPES, Nation, cities, told


def test_sizes_are_the_printed_grants_of_2023() -> None:
    sizes = {city.code: city.size for city in cities()}
    assert len(sizes) == 295
    # china/cities.csv, 2023, inventions_granted
    assert max(sizes, key=lambda code: sizes[code]) == "110000"
    assert Nation(10, 1, 2020, 2021).sizes.sum() == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(1, 3_000_000), first=st.integers(2004, 2020), years=st.integers(1, 30))
def test_years_hold_every_application_once_and_grow(rows: int, first: int, years: int) -> None:
    nation = Nation(rows, 1, first, first + years - 1)
    counts = np.diff(nation.starts)
    assert counts.sum() == rows and len(counts) == years
    assert (np.diff(counts) >= -1).all()
    if rows > 1_000 * years:
        assert counts[-1] / counts[0] == pytest.approx(1.08 ** (years - 1), rel=0.05)


def test_numbers_are_chinese_application_numbers_each_once() -> None:
    nation = Nation(5_000, 1, 2019, 2022)
    every = np.arange(5_000)
    digits, check = nation.digits(every)
    assert len(np.unique(digits)) == 5_000
    for at in range(0, 5_000, 37):
        found = application_number(f"CN{digits[at]}.{'X' if check[at] == 10 else check[at]}")
        assert found.year == nation.first + nation.year(every)[at]
        kind = {1: "invention", 8: "invention", 2: "utility_model", 3: "design"}[int(nation.type(every)[at])]
        assert (found.kind, found.route) == (kind, "pct" if nation.type(every)[at] == 8 else "national")


def test_the_largest_nation_keeps_seven_digits() -> None:
    nation = Nation(100_000_000, 1, 2010, 2024)
    last = nation.starts[1:] - 1
    digits, _ = nation.digits(np.concatenate([last, last - 1, last - 7]))
    assert {len(str(one)) for one in digits} == {12}
    assert nation.year(last).tolist() == list(range(15))


def test_kinds_come_in_turns_of_twenty() -> None:
    assert [int(np.sum(kind == TYPES)) for kind in (1, 8, 2, 3)] == [8, 1, 9, 2]


def test_fields_follow_their_shares() -> None:
    nation = Nation(100, 3, 2020, 2021)
    shares = np.array([one["share"] for one in told()["field"]])
    counts = np.bincount(nation.fields, minlength=len(shares))
    assert np.abs(counts - RESIDUES * shares / shares.sum()).max() <= 1
    assert sorted(np.concatenate(nation.places).tolist()) == list(range(RESIDUES))


def test_chances_add_up_to_the_sizes_of_cities() -> None:
    nation = Nation(100, 3, 2022, 2024)
    base = nation.chances[2023 - 2022]
    each = np.diff(base, axis=1, prepend=0)
    fields = np.bincount(nation.fields, minlength=len(each)) / RESIDUES
    assert (each >= -1e-12).all() and base[:, -1] == pytest.approx(1)
    # the year of the sizes themselves: no city has grown apart yet
    assert fields @ each == pytest.approx(nation.sizes, abs=2e-4)


def test_a_province_has_its_own_cities_alone() -> None:
    nation = Nation(100, 1, 2020, 2021, "330000")
    assert {city.code[:2] for city, own in zip(cities(), nation.own, strict=True) if own} == {"33"}
    each = np.diff(nation.chances, axis=2, prepend=0)
    assert each[:, :, ~nation.own].max() == 0


def test_records_end_when_all_is_published() -> None:
    assert Nation(1, 1, 2020, 2024).until == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("rows", "first", "last", "province", "code"),
    [
        (0, 2020, 2021, None, "synth_rows"),
        (100_000_001, 2020, 2030, None, "synth_rows"),
        (90_000_000, 2020, 2021, None, "synth_rows"),
        (10, 2021, 2020, None, "synth_years"),
        (10, 2003, 2020, None, "synth_years"),
        (10, 2020, 2021, "33", "synth_province"),
        (10, 2020, 2021, "810000", "synth_province"),
    ],
)
def test_what_cannot_be_made_is_refused(rows: int, first: int, last: int, province: str | None, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        Nation(rows, 1, first, last, province)
    assert caught.value.code == code
