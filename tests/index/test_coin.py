from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import SpecError, TiduError
from tidu.index.build import build
from tidu.index.coin import check_pair, framework_of, panel_of, spec_of


def row(code: str, parent: str, kind: str, direction: str = "1", weight: str = "1", name: str = "", **more: str) -> dict[str, str]:
    told = {"Unit": "", "Target": "", "Denominator": "", **more}
    return {
        "iCode": code,
        "iName": name,
        "Level": "1",
        "Direction": direction,
        "Weight": weight,
        "Parent": parent,
        "Type": kind,
        **told,
    }


META = [
    row("a", "P", "Indicator", weight="2", name="Alpha", Unit="km", Target="9", Denominator="pop"),
    row("b", "P", "Indicator", "-1"),
    row("c", "Ind", "Indicator", name="Gamma", Unit="NA", Target="NA", Denominator="NA"),
    row("P", "Ind", "Aggregate", weight="0.5", name="Pillar"),
    row("Ind", "", "Aggregate", name="Index"),
    row("pop", "", "Denominator", "", ""),
    row("grp", "", "Group", "", ""),
]
DATA = [
    {"uCode": "y", "uName": "Why", "Time": "2021", "a": "10", "b": "3", "c": "NA", "pop": "5", "grp": "e"},
    {"uCode": "x", "uName": "Ex", "Time": "2021", "a": "8", "b": "1", "c": "4", "pop": "2", "grp": "w"},
    {"uCode": "x", "uName": "Ex", "Time": "2020", "a": "6", "b": "", "c": "2", "pop": "2", "grp": "w"},
]


def changed(rows: list[dict[str, str]], at: int, **cells: str) -> list[dict[str, str]]:
    return [{**row, **cells} if k == at else row for k, row in enumerate(rows)]


def faults(call: object) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(TiduError) as caught:
        call()  # type: ignore[operator]
    return [(error.code, error.row, error.column) for error in getattr(caught.value, "errors", [caught.value])]


def test_a_metadata_table_becomes_an_index_file() -> None:
    spec = spec_of(META)
    assert spec["index"] == {"schema": 1, "code": "Ind", "title": {"en": "Index"}}
    assert spec["pillar"] == {"P": {"weight": 0.5, "label": {"en": "Pillar"}}}
    assert spec["indicator"]["a"] == {
        "weight": 2.0,
        "label": {"en": "Alpha"},
        "parent": "P",
        "better": "higher",
        "per": "pop",
        "unit": "km",
        "note": {"en": "Target 9"},
    }
    assert spec["indicator"]["b"] == {"weight": 1.0, "parent": "P", "better": "lower"}
    assert spec["indicator"]["c"] == {"weight": 1.0, "label": {"en": "Gamma"}, "better": "higher"}
    assert spec_of(META, "other")["index"]["code"] == "other"


def test_steps_are_laid_beside_it_and_ragged_trees_are_taken() -> None:
    framework = framework_of(META, treat={"method": "log"}, normalise={"onto": [1, 10]})
    assert framework.choice("treat", "a").method.name == "log"
    assert framework.node("Ind").children == ("P", "c")
    assert framework.effective_weights() == pytest.approx({"Ind": 1, "P": 1 / 3, "c": 2 / 3, "a": 2 / 9, "b": 1 / 9})


def test_a_data_table_becomes_a_panel() -> None:
    panel = panel_of(DATA, META)
    assert (panel.units, panel.periods, panel.columns) == (("y", "x"), ("2020", "2021"), ("a", "b", "c", "pop"))
    assert np.array_equal(panel.values[0], [[np.nan] * 4, [10, 3, np.nan, 5]], equal_nan=True)
    assert panel.column("a")[1].tolist() == [6, 8]
    assert panel.groups == {"grp": ("e", "w")}
    assert panel.name("y") == "Why"
    check_pair(framework_of(META), panel)


def test_the_pair_makes_an_index() -> None:
    data = [{**row, "c": row["c"].replace("NA", "1"), "b": row["b"] or "2"} for row in DATA]
    index = build(framework_of(META), panel_of([row for row in data if row["Time"] == "2021"], META))
    assert index.raw[:, 0, 0].tolist() == [2.0, 4.0]  # 10 / 5, 8 / 2
    assert index.score() == pytest.approx({"y": 0, "x": 100})


def test_without_a_time_all_rows_are_of_one_period() -> None:
    rows = [{key: value for key, value in row.items() if key != "Time"} for row in DATA[:2]]
    assert panel_of(rows, META).shape == (2, 1, 4)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], ("coin_empty", None, None)),
        ([{k: v for k, v in row.items() if k != "Parent"} for row in META], ("coin_column", None, "Parent")),
        (changed(META, 0, Type="Indicatr"), ("coin_type", 2, "Type")),
        (changed(META, 1, iCode="a"), ("coin_twice", 3, "iCode")),
        (changed(META, 1, Weight="much"), ("bad_number", 3, "Weight")),
        (changed(META, 1, Direction="0"), ("coin_direction", 3, "Direction")),
        (changed(META, 3, Parent=""), ("coin_root", 6, "Parent")),
        (META[:3], ("coin_root", None, "Parent")),
    ],
)
def test_faults_of_a_metadata_table(rows: list[dict[str, str]], wanted: tuple[str, int | None, str | None]) -> None:
    assert wanted in faults(lambda: spec_of(rows))


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], ("coin_empty", None, None)),
        ([{k: v for k, v in row.items() if k != "pop"} for row in DATA], ("coin_column", None, "pop")),
        (changed(DATA, 1, a="1,5"), ("bad_number", 3, "a")),
        (changed(DATA, 1, uCode="y"), ("row_twice", 3, None)),
        (changed(DATA, 2, uCode=""), ("empty_unit", 4, "uCode")),
    ],
)
def test_faults_of_a_data_table(rows: list[dict[str, str]], wanted: tuple[str, int | None, str | None]) -> None:
    assert wanted in faults(lambda: panel_of(rows, META))


def test_a_denominator_that_is_not_there() -> None:
    panel = panel_of(DATA, META).select(columns=["a", "b", "c"])
    with pytest.raises(SpecError) as caught:
        check_pair(framework_of(META), panel)
    assert (caught.value.code, caught.value.address) == ("no_such_column", "indicator.a.per")
