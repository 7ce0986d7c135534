"""The documents of a release: made where they can be, the same bytes again, left out where they cannot."""

from __future__ import annotations

import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish.edition import Edition
from tidu.publish.release import papers as room
from tidu.publish.release.papers import papers


def test_two_makings_give_the_same_bytes(small: Edition) -> None:
    first = papers(small)
    assert {"report/report.zh.docx", "report/report.en.docx", "report/workbook.zh.xlsx"} <= set(first)
    assert papers(Edition(small.index, small.sure)) == first


def test_what_cannot_be_made_is_left_out(stranger: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object, paper: object) -> object:
        raise UsageError("no_chinese_font", known="-")

    monkeypatch.setattr(room, "write_pdf", refused)
    monkeypatch.setattr(room, "write_docx", refused)
    index = app.make(
        {**stranger.index.framework.spec}, {"unit": ["x", "y", "z"], "period": ["2023"] * 3, "a": [1, 2, 5], "b": [9, 5, 1]}
    )
    assert set(papers(Edition(index, None))) <= {"report/workbook.zh.xlsx", "report/workbook.en.xlsx"}
