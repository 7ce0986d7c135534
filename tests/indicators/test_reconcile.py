"""Printings side by side, by hand on made-up figures (synthetic)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tidu.core.errors import DataError, TiduError
from tidu.indicators.panel import Panel
from tidu.indicators.reconcile import Overlay, Sources, read_sources, reconciled

A, B = "330100", "330200"
PRINTED = {"yearbook": "年鉴", "province": "省反馈", "own": "本库"}


def panels() -> dict[str, Panel]:
    nan = np.nan
    return {
        "yearbook": Panel.of(
            [A, B], ["2020"], ["x", "y"], [[[100.0, nan]], [[10.0, 5.0]]], names={A: {"zh": "杭州", "en": "Hangzhou"}}
        ),
        "province": Panel.of([A], ["2020", "2021"], ["x"], [[[110.0], [7.0]]], status=np.array([[["A"], ["P"]]])),
        "own": Panel.of([A, B], ["2020"], ["x", "y"], [[[100.0, 3.0]], [[10.0, 4.0]]]),
    }


def cell(panel: Panel, unit: str, year: str, column: str) -> tuple[float, str]:
    at = panel.units.index(unit), panel.periods.index(year), panel.columns.index(column)
    return float(panel.values[at]), str(panel.letters()[at])


def test_the_first_source_that_has_a_figure_stands() -> None:
    found = reconciled(Sources(panels(), PRINTED, ("yearbook", "province", "own"), {"y": ("own", "yearbook")}))
    assert cell(found.panel, A, "2020", "x") == (100.0, "A") and found.chosen[A, "2020", "x"] == "yearbook"
    assert cell(found.panel, A, "2021", "x") == (7.0, "P") and found.chosen[A, "2021", "x"] == "province"
    assert cell(found.panel, A, "2020", "y") == (3.0, "A") and cell(found.panel, B, "2020", "y")[0] == 4.0
    assert (B, "2021", "x") not in found.chosen and found.panel.lineage["y"] == "本库 > 年鉴"
    assert found.panel.name(A, "zh") == "杭州"


def test_differences_are_listed_largest_first() -> None:
    found = reconciled(Sources(panels(), PRINTED, ("yearbook", "province", "own"), {}, 0.05))
    told = [(row["unit"], row["column"], row["yearbook"], row["province"], row["own"], row["stands"]) for row in found.differences]
    assert told == [(B, "y", 5.0, None, 4.0, "yearbook"), (A, "x", 100.0, 110.0, 100.0, "yearbook")]
    assert [row["apart"] for row in found.differences] == pytest.approx([0.2, 10 / 110])
    less = reconciled(Sources(panels(), PRINTED, ("yearbook", "province", "own"), {}, 0.1))
    assert [row["column"] for row in less.differences] == ["y"]


def test_a_figure_that_is_laid_over_stands_before_all_with_its_source() -> None:
    laid = (Overlay(A, "2020", "x", 105.0, "E", "市局核实"), Overlay("330300", "2022", "z", 1.0, "A", "市局"))
    found = reconciled(Sources(panels(), PRINTED, ("yearbook", "province", "own"), {}, 0.0, laid))
    assert cell(found.panel, A, "2020", "x") == (105.0, "E") and found.chosen[A, "2020", "x"] == "overlay"
    assert cell(found.panel, "330300", "2022", "z") == (1.0, "A")
    row = next(row for row in found.differences if row["column"] == "x")
    assert (row["overlay"], row["stands"], row["source"]) == (105.0, "overlay", "市局核实")


FILE = """order = ["a", "b"]
[source.a]
file = "a.csv"
source = "甲"
[source.b]
file = "b.csv"
source = "乙"
[overlay]
file = "o.csv"
"""


def folder(
    tmp_path: Path, text: str = FILE, overlay: str = "unit,year,column,value,status,source\n330100,2020,x,5,E,核实\n"
) -> Path:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("unit,period,x\n330100,2020,1\n", encoding="utf-8")
    (tmp_path / "o.csv").write_text(overlay, encoding="utf-8")
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    return tmp_path / "s.toml"


def test_sources_are_files_beside_it(tmp_path: Path) -> None:
    found = read_sources(folder(tmp_path))
    assert found.overlays == (Overlay("330100", "2020", "x", 5.0, "E", "核实"),) and found.printed == {"a": "甲", "b": "乙"}


@pytest.mark.parametrize(
    ("text", "code", "address"),
    [
        (FILE.replace('"b"]', '"c"]'), "unknown_source", "order"),
        (FILE.replace("[overlay]", '[column]\nx = ["d"]\n[overlay]'), "unknown_source", "column.x"),
        (FILE.replace('source = "乙"', 'source = ""'), "reconcile_file", "source.b.source"),
        ('order = ["a"]\n[source.a]\nfile = "a.csv"\nsource = "x"\n', "reconcile_file", "source"),
        ("order = [\n", "bad_toml", None),
    ],
)
def test_what_does_not_fit_is_told_with_its_address(tmp_path: Path, text: str, code: str, address: str | None) -> None:
    with pytest.raises(TiduError) as error:
        read_sources(folder(tmp_path, text))
    assert (error.value.code, error.value.address) == (code, address) and error.value.text("zh")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("330100,2020,x,5,E,", "source"),
        ("330100,2020,x,five,E,s", "value"),
        ("330100,2020,x,5,O,s", "status"),
        ("330100,2020,x,5,Z,s", "status"),
    ],
)
def test_an_own_figure_needs_a_status_and_a_source(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(DataError) as error:
        read_sources(folder(tmp_path, overlay=f"unit,year,column,value,status,source\n{row}\n"))
    assert (error.value.code, error.value.row, error.value.column) == ("overlay_cell", 2, column)


def test_columns_of_own_figures_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_sources(folder(tmp_path, overlay="unit,year,value\n330100,2020,1\n"))
    assert error.value.code == "overlay_columns"
    with pytest.raises(DataError) as error:
        read_sources(tmp_path / "none.toml")
    assert error.value.code == "no_file"
