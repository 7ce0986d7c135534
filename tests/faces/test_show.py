"""Cells and tables as text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tidu.faces import show


def test_cells() -> None:
    assert [show.cell(value) for value in (1.005, 3, None, float("nan"), True, False, "x")] == [
        "1.00",
        "3",
        "—",
        "—",
        "✓",
        "✗",
        "x",
    ]


def test_a_missing_figure_is_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    show.print_json({"a": float("nan"), "b": np.float64(2.0), "c": [np.int64(1), (None,)]})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": 2.0, "c": [1, [None]]}


def test_columns_of_wide_characters_stay_in_line(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.cells import cell_len

    show.print_table(["城市", "得分"], [["北京", 1.0], ["Ürümqi", 20.0]], right=[1])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert cell_len(lines[-1]) == cell_len(lines[-2])


def test_lines_go_where_they_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    show.print_lines("a", "b", stderr=True)
    assert capsys.readouterr().err == "a\nb\n"


def test_rank_range() -> None:
    assert show.rank_range((2, 30)) == "2–30"
