"""Credit codes: the check letter of GB 32100-2015."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.parties.codes import LETTERS, check_letter, tidied, valid
from tidu.records.synth.texts import CREDIT

FIRST = st.tuples(
    st.text(LETTERS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(LETTERS, min_size=9, max_size=9),
).map("".join)


@pytest.mark.parametrize("code", ["91350200MA2XRE4H00", "91350200-MA2XRE4H-00", " 91350200ma2xre4h00"])
def test_a_code_as_it_is_written(code: str) -> None:
    assert valid(code)
    assert tidied(code) == "91350200MA2XRE4H00"


@pytest.mark.parametrize("code", [None, "", "91350200MA2XRE4H01", "9135020OMA2XRE4H00", "91350200MA2XRE4H0", "350200"])
def test_what_is_none(code: str | None) -> None:
    assert not valid(code)


def test_the_letters_are_those_of_the_synthetic_nation() -> None:
    assert LETTERS == CREDIT
    assert len(LETTERS) == 31


@given(FIRST, st.integers(0, 16), st.integers(1, 30))
def test_one_letter_that_changes_is_noticed(first: str, at: int, by: int) -> None:
    code = first + check_letter(first)
    assert valid(code)
    if 2 <= at < 8:
        other = first[:at] + str((int(first[at]) + 1 + by % 9) % 10) + first[at + 1 :]
    else:
        other = first[:at] + LETTERS[(LETTERS.index(first[at]) + by) % 31] + first[at + 1 :]
    assert valid(other + code[17]) == (other == first)
