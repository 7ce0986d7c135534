"""Blocks of a document: numbers of headings, widths of columns, the sheet of the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import OFFICIAL, Small, chinese, leading, numbered, widths

TEXTS = st.text(alphabet="ab 中文 1.", max_size=30)


def test_the_sheet_is_that_of_the_standard() -> None:
    top, bottom, left, right = OFFICIAL.margins
    assert (297 - top - bottom, 210 - left - right) == (225, 156)
    assert int((297 - top - bottom) * 72 / 25.4 / OFFICIAL.pitch) == 22
    assert int((210 - left - right) * 72 / 25.4 / (OFFICIAL.body + OFFICIAL.tight)) == 28


def test_other_blocks_keep_their_places() -> None:
    made = numbered([Text("a"), Heading("b"), Small("c")], "zh")
    assert [type(block).__name__ for block in made] == ["Text", "Heading", "Small"]


@pytest.mark.parametrize(("number", "text"), [(9, "九"), (19, "十九"), (40, "四十"), (99, "九十九")])
def test_numbers_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


def test_only_a_paragraph_before_a_table_leads() -> None:
    table = Table(["a"], [["b"]])
    assert leading([Text("x"), table, Text("y")]) == {0}


@given(st.integers(1, 7).flatmap(lambda n: st.tuples(st.lists(TEXTS, min_size=n, max_size=n), st.sets(st.integers(0, n - 1)))))
def test_widths_fill_the_line_and_none_is_lost(case: tuple[list[str], set[int]]) -> None:
    row, right = case
    found = widths(Table(row, [row, row], right=sorted(right)), 156.0, 9.0)
    assert sum(found) == pytest.approx(156.0)
    assert all(wide > 0 for wide in found)
