"""Application numbers of both eras, their check digits, and what kind codes meant when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.errors import DataError
from tidu.records.numbers import application_number, check_digit, stage


@pytest.mark.parametrize(
    ("text", "digits", "check", "year", "kind", "route", "printed"),
    [
        ("200880114428.1", "200880114428", "1", 2008, "invention", "pct", True),
        ("201510481495.9", "201510481495", "9", 2015, "invention", "national", True),
        ("102015000481495", "201510481495", "9", 2015, "invention", "national", False),
        ("ZL 2015 1 0481495.9", "201510481495", "9", 2015, "invention", "national", True),
        ("ＣＮ２０１５１０４８１４９５．９", "201510481495", "9", 2015, "invention", "national", True),
        ("85100001", "85100001", check_digit("85100001"), 1985, "invention", "national", False),
    ],
)
def test_printed_numbers(text: str, digits: str, check: str, year: int, kind: str, route: str, printed: bool) -> None:
    found = application_number(text)
    assert (found.digits, found.check, found.year, found.kind, found.route, found.printed) == (
        digits,
        check,
        year,
        kind,
        route,
        printed,
    )


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    with pytest.raises(DataError) as caught:
        application_number("200880114428.2")
    assert (caught.value.code, caught.value.values["right"]) == ("check_digit", "1")


@pytest.mark.parametrize("text", ["", "PCT/US2008/081493", "20088011442", "200870114428.1", "JP2008-123456", "0"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(DataError) as caught:
        application_number(text)
    assert caught.value.code == "application_number"


@given(st.integers(2004, 2026), st.sampled_from("12389"), st.integers(0, 9_999_999))
def test_any_number_reads_back(year: int, kind: str, serial: int) -> None:
    digits = f"{year}{kind}{serial:07}"
    whole = application_number(f"{digits}.{check_digit(digits)}")
    assert str(application_number(digits)) == str(whole) == str(application_number(f"cn{whole}".lower()))


@given(st.integers(2004, 2026), st.integers(0, 9_999_999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(year: int, serial: int, place: int, more: int) -> None:
    """Every weight and 11 have no common divisor, so a single wrong digit changes the remainder."""
    digits = f"{year}1{serial:07}"
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert check_digit(wrong) != check_digit(digits)


def test_kinds_change_their_meaning_on_their_days() -> None:
    assert stage("A", date(2009, 1, 1)) == "published"
    assert stage("U", date(1992, 6, 1)) == "examined" and stage("U", date(2011, 1, 5)) == "granted"
    assert stage("B", date(2010, 4, 6)) == "" and stage("B", date(2010, 4, 7)) == "granted"
    assert stage("B8", date(2015, 1, 1)) == "granted" and stage("Q", date(2015, 1, 1)) == ""
