from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tidu.core.errors import DataError, UsageError
from tidu.core.words import UNDATED
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.frames import panel_of, to_native
from tidu.indicators.panel import Panel

NAN = np.nan
COLUMNS: dict[str, list[Any]] = {
    "city": ["武汉", "武汉", "成都", "成都"],
    "year": [2022, 2023, 2022, 2023],
    "gdp": [18.9, 20.0, None, 22.1],
    "grants": [10, 12, 14, 16],
    "region": ["Central", "Central", "West", "West"],
    "remark": ["a", None, "b", "c"],
}
MAKE = {"dict": dict, "pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
HOW: dict[str, Any] = {"unit": "city", "period": "year", "groups": ["region"]}


@pytest.mark.parametrize("kind", list(MAKE))
def test_every_kind_of_frame_gives_the_same_panel(kind: str) -> None:
    panel = panel_of(MAKE[kind](COLUMNS), **HOW)
    assert (panel.units, panel.periods, panel.columns) == (("武汉", "成都"), ("2022", "2023"), ("gdp", "grants"))
    assert np.array_equal(panel.values[:, :, 0], [[18.9, 20.0], [NAN, 22.1]], equal_nan=True)
    assert panel.column("grants").tolist() == [[10, 12], [14, 16]]
    assert panel.groups == {"region": ("Central", "West")}
    assert panel.kind == kind


def test_a_lazy_frame_is_taken_too() -> None:
    panel = panel_of(pl.DataFrame(COLUMNS).lazy(), **HOW)
    assert panel.shape == (2, 2, 2)
    assert panel.kind == "polars"


@pytest.mark.parametrize("kind", list(MAKE))
def test_tables_go_back_in_the_kind_they_came_in(kind: str) -> None:
    framework = Framework.parse("[index]\ncode='d'\n[indicator.grants]\nbetter='higher'\n")
    index = build(framework, panel_of(MAKE[kind](COLUMNS), **HOW))
    frame = index.frame()
    wanted = {"dict": dict, "pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}[kind]
    assert isinstance(frame, wanted)
    plain = frame if kind == "dict" else {name: nw.from_native(frame)[name].to_list() for name in ("unit", "period", "d")}
    assert plain["unit"] == ["武汉", "武汉", "成都", "成都"]
    assert plain["period"] == ["2022", "2023", "2022", "2023"]
    assert plain["d"] == pytest.approx([0, 100 / 3, 200 / 3, 100])


@pytest.mark.parametrize("kind", list(MAKE))
def test_there_and_back_again(kind: str) -> None:
    panel = panel_of(MAKE[kind](COLUMNS), **HOW)
    again = panel_of(to_native(panel.units, panel.periods, panel.columns, panel.values, panel.kind))
    assert (again.units, again.periods, again.columns) == (panel.units, panel.periods, panel.columns)
    assert np.array_equal(again.values, panel.values, equal_nan=True)


@pytest.mark.parametrize("kind", list(MAKE))
def test_the_order_of_rows_is_the_order_of_units_and_years_ascend(kind: str) -> None:
    turned = {key: [values[i] for i in (3, 0, 2, 1)] for key, values in COLUMNS.items()}
    panel = panel_of(MAKE[kind](turned), **HOW)
    first = panel_of(COLUMNS, **HOW)
    assert panel.units == ("成都", "武汉")
    assert panel.periods == ("2022", "2023")
    assert np.array_equal(panel.values, first.values[::-1], equal_nan=True)


def test_rows_of_one_year_need_no_period() -> None:
    panel = panel_of({"unit": ["a", "b"], "x": [1, 2]}, period=None)
    assert panel.shape == (2, 1, 1)


def test_names_and_rows_that_are_not_there() -> None:
    panel = panel_of({"unit": ["1", "1", "2"], "period": [2022, 2023, 2023], "x": [1, 2, 3], "n": ["一", "一", "二"]}, name="n")
    assert (panel.name("1"), panel.name("2")) == ("一", "二")
    assert np.array_equal(panel.column("x"), [[1, 2], [NAN, 3]], equal_nan=True)
    assert panel.letters()[1, 0].tolist() == ["O"]


def test_codes_that_came_as_whole_floats_are_whole() -> None:
    panel = panel_of(pd.DataFrame({"unit": [110000.0, 420100.0], "period": [2023.0, 2023.0], "x": [1, 2]}))
    assert (panel.units, panel.periods) == (("110000", "420100"), ("2023",))


def test_holes_as_pandas_writes_them() -> None:
    frame = pd.DataFrame(
        {"unit": ["a", "b"], "period": ["2023", "2023"], "x": [1, 2], "y": [1, 2], "kind": ["big", None], "none": [None, None]}
    )
    frame["x"] = pd.array([1, pd.NA], dtype="Int64")
    frame["y"] = pd.array([pd.NA, 2.5], dtype="Float64")
    frame["word"] = pd.array(["w", pd.NA], dtype="string")
    panel = panel_of(frame, groups=["kind"])
    assert panel.columns == ("x", "y", "none")
    assert np.array_equal(panel.values[:, 0], [[1, NAN, NAN], [NAN, 2.5, NAN]], equal_nan=True)
    assert panel.groups == {"kind": ("big", "")}


@pytest.mark.parametrize(
    ("data", "how", "code", "row", "column"),
    [
        ({"unit": ["a"], "x": [1]}, {}, "no_data_column", None, "period"),
        ({"period": [2023], "x": [1]}, {}, "no_data_column", None, "unit"),
        ({"unit": ["a"], "period": [2023], "x": [1]}, {"groups": ["g"]}, "no_data_column", None, "g"),
        ({"unit": ["a", ""], "period": [2023, 2023], "x": [1, 2]}, {}, "empty_unit", 3, "unit"),
        ({"unit": ["a", None], "period": [2023, 2023], "x": [1, 2]}, {}, "empty_unit", 3, "unit"),
        ({"unit": ["a", "b"], "period": [2023, None], "x": [1, 2]}, {}, "empty_period", 3, "period"),
        ({"unit": ["a", "a"], "period": [2023, 2023], "x": [1, 2]}, {}, "row_twice", 3, None),
        ({"unit": ["a", "b"], "period": [2023, 2023], "x": [1, "12a"]}, {}, "bad_number", 3, "x"),
        ({"unit": ["a", "b"], "period": [2023, 2023], "x": [1, float("inf")]}, {}, "bad_number", 3, "x"),
        ({"unit": ["a"], "period": [2023, 2024], "x": [1]}, {}, "ragged_columns", None, None),
    ],
)
def test_what_does_not_fit_is_named_with_row_and_column(
    data: dict[str, list[Any]], how: dict[str, Any], code: str, row: int | None, column: str | None
) -> None:
    with pytest.raises(DataError) as caught:
        panel_of(data, **how)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, row, column)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        panel_of(object())
    assert caught.value.code == "not_a_frame"


def test_a_panel_of_one_cell() -> None:
    assert to_native(["a"], ["2023"], ["x"], np.array([[[1.0]]]), None) == {"unit": ["a"], "period": ["2023"], "x": [1.0]}
    assert isinstance(panel_of({"unit": ["a"], "period": ["2023"], "x": [1.0]}), Panel)


def test_standard_errors_and_letters_stand_beside_their_column() -> None:
    data = {"unit": ["a", "b"], "gdp": [1.0, None], "gdp.se": [0.1, None], "gdp.status": ["E", ""], "trust": [3.0, 4.0]}
    found = panel_of(data, period=None)
    assert found.columns == ("gdp", "trust") and found.periods == (UNDATED,)
    assert found.status[:, 0].tolist() == [["E", "A"], ["O", "A"]]
    assert (
        found.standard_error is not None and found.standard_error[0, 0, 0] == 0.1 and np.isnan(found.standard_error[:, 0, 1]).all()
    )


@pytest.mark.parametrize(
    ("more", "code", "row"),
    [
        ({"gdp.se": [0.1, -1.0]}, "bad_standard_error", 3),
        ({"gdp.se": [0.1, "x"]}, "bad_number", 3),
        ({"gdp.status": ["Z", ""]}, "bad_status", 2),
        ({"gdp.status": ["O", ""]}, "status_against_value", 2),
        ({"gpd.se": [0.1, 0.1]}, "status_without_column", 1),
    ],
)
def test_faults_beside_a_column_are_told(more: dict[str, list[object]], code: str, row: int) -> None:
    with pytest.raises(DataError) as caught:
        panel_of({"unit": ["a", "b"], "gdp": [1.0, 2.0], **more}, period=None)
    assert (caught.value.code, caught.value.row) == (code, row)
