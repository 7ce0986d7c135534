"""Numbers, symbols, names and countries as the USPTO prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.readers.uspto import (
    cited,
    country,
    day,
    ipc,
    key,
    locarno,
    name,
    patent,
    place,
    priorities,
    publication_number,
    uspc,
)
from tidu.records.rules import rules_of

DIGITS = st.text("0123456789", min_size=1, max_size=8)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_a_number_has_one_key_however_it_is_parted(number: str) -> None:
    written = {number, f"{number[:2]}/{number[2:]}", f"{number[:2]}/{number[2:5]},{number[5:]}", f" {number} "}
    assert {key(one) for one in written} == {f"US{number}"}


@given(st.sampled_from(["", "D", "RE", "PP", "H", "T"]), st.integers(1, 99_999_999))
def test_noughts_that_fill_up_a_patent_number_do_not_tell_two_patents_apart(letters: str, number: int) -> None:
    assert publication_number(f"{letters}{number:08d}") == publication_number(f"{letters}. {number}") == f"{letters}{number}"


@pytest.mark.parametrize(
    ("land", "number", "kind", "whole"),
    [
        ("US", "2007/0140112", "A1", "US20070140112A1"),
        ("WO", "WO99/20849", "A", "WO9920849A"),
        ("JP", "63-312435", None, "JP63312435"),
        ("EP", "0333202", None, "EP0333202"),
        (None, "12345", None, "12345"),
        ("US", None, "A", None),
        ("US", "---", "A", None),
    ],
)
def test_citations_are_written_without_blanks(land: str | None, number: str | None, kind: str | None, whole: str | None) -> None:
    assert cited(land, number, kind) == whole


@pytest.mark.parametrize(
    ("printed", "symbol"),
    [
        ("B60R  900", "B60R9/00"),
        ("A61K 31195", "A61K31/195"),
        ("C12N001/20", "C12N1/20"),
        ("A61B005/00", "A61B5/00"),
        ("H04L", "H04L"),
        ("", None),
    ],
)
def test_ipc_of_fixed_width(printed: str, symbol: str | None) -> None:
    assert ipc(printed) == symbol


@pytest.mark.parametrize(
    ("printed", "symbol"),
    [
        ("224 4207", "224/42.07"),
        ("206  15", "206/1.5"),
        ("  21615", "2/161.5"),
        ("435  6", "435/6"),
        (" 24129 R", "24/129R"),
        ("D28 93 X", "D28/93X"),
        ("002227000", "2/227"),
        ("128905000", "128/905"),
        (" 30527", "30/527"),
        (None, None),
    ],
)
def test_us_classes_of_fixed_width(printed: str | None, symbol: str | None) -> None:
    assert uspc(printed) == symbol


@given(st.text(max_size=12))
def test_symbols_of_any_text_have_no_blanks_and_fall_over_nothing(text: str) -> None:
    for read in (ipc, uspc, locarno):
        assert not any(letter == " " for letter in read(text) or "")


def test_days_names_and_countries() -> None:
    assert day("0001-01-01T00:00:00Z") is None and day("NULL") is None and day("1999") == "1999"
    assert name("Tokunaga", "Osamu", None, "Jr.") == "Tokunaga, Osamu Jr." and name(None, None) is None
    assert [country(one) for one in ("DEX", "JP", "TAIWAN", "Ruritania", "7", "")] == ["DE", "JP", "TW", None, None, None]
    assert place([None, "1 Main St."], "Ames", "IA", None, "50010") == {
        "country": "US",
        "address": "1 Main St., Ames, IA",
        "postcode": "50010",
        "printed_province": "IA",
        "printed_city": "Ames",
    }


def test_the_earliest_of_what_is_told_counts_and_nothing_is_made_up() -> None:
    claims = priorities(
        "US1", [("JP", "1-1", "1999-01-02"), ("JP", "1-1", "1999-01-02"), ("US", None, "1998-01-01"), ("US", "PCT/1", None)]
    )
    assert [(one["authority"], one["number"]) for one in claims] == [("JP", "1-1"), ("WO", "PCT/1")]
    assert patent("US1", [], claims, "2000-01-01")["earliest_priority"] == "1999-01-02"
    bare = patent(None, [{"published": None}], [], None)
    assert (bare["earliest_priority"], bare["first_publication"], bare["authority"]) == (None, None, "US")


def test_keys_of_the_us_are_not_held_to_the_chinese_form() -> None:
    assert all("= 'CN'" in rule.broken for rule in rules_of("patent") if rule.code == "number_form")
