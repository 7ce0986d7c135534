from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import DataError, TiduError
from tidu.index.build import build
from tidu.index.columns import SEVERITY, grades, letters, needed, raw
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.indicators.panel import STATUS, Panel

YEARS = ("2021", "2022", "2023")


def one_unit(**columns: list[float]) -> Panel:
    values = np.array([list(column) for column in columns.values()]).T[None]
    return Panel.of(["x"], YEARS[: values.shape[1]], list(columns), values)


def figures(text: str, panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    framework = Framework.parse('[index]\ncode="d"\n' + text)
    made = raw(framework, panel, Context(units=panel.units, periods=panel.periods, groups=panel.groups))
    return made.values[0], letters(made.grades)[0]


def derived(formula: str, **columns: list[float]) -> list[float]:
    values, _ = figures(f"[column.c]\n{formula}\n[indicator.c]\nbetter='higher'\n", one_unit(**columns))
    return list(values[:, 0])


NAN = np.nan


@pytest.mark.parametrize(
    ("formula", "columns", "wanted"),
    [
        ("sum=['a','b']", {"a": [1, 2, NAN], "b": [10, NAN, 30]}, [11, NAN, NAN]),
        ("difference=['a','b']", {"a": [5, 2, 1], "b": [1, NAN, 3]}, [4, NAN, -2]),
        ("ratio=['a','b']", {"a": [6, 1, 0], "b": [3, 0, 5]}, [2, NAN, 0]),
        ("share=['a','b']", {"a": [1, 1, 3], "b": [4, 0, 2]}, [25, NAN, 150]),
        ("ratio=['a','b']\nscale=1e4", {"a": [6, 1, 0], "b": [3, 4, 5]}, [20000, 2500, 0]),
        ("growth='a'", {"a": [100, 110, 99]}, [NAN, 10, -10]),
        ("growth='a'\nlag=2", {"a": [100, 110, 150]}, [NAN, NAN, 50]),
        ("growth='a'", {"a": [0, 110, -5]}, [NAN, NAN, -100 * 115 / 110]),
        ("growth='a'\nlag=9", {"a": [1, 2, 3]}, [NAN, NAN, NAN]),
        ("coalesce=['a','b']", {"a": [1, NAN, NAN], "b": [9, 8, NAN]}, [1, 8, NAN]),
    ],
)
def test_derived_columns(formula: str, columns: dict[str, list[float]], wanted: list[float]) -> None:
    assert derived(formula, **columns) == pytest.approx(wanted, nan_ok=True)


def test_columns_are_derived_of_derived_ones() -> None:
    # Residents as printed, else GDP ÷ GDP per head: 2021 printed 50; 2022 implied 1200/30 = 40.
    values, _ = figures(
        "[column.implied]\nratio=['gdp','per_head']\n[column.people]\ncoalesce=['printed','implied']\n"
        "[indicator.grants]\nper='people'\nbetter='higher'\n",
        one_unit(gdp=[1000, 1200, 900], per_head=[10, 30, 0], printed=[50, NAN, NAN], grants=[100, 100, 100]),
    )
    assert list(values[:, 0]) == pytest.approx([2.0, 2.5, NAN], nan_ok=True)


def test_an_indicator_is_a_column_over_another_times_a_scale() -> None:
    values, _ = figures(
        "[indicator.share]\nof='a'\nper='b'\nscale=100\nbetter='higher'\n[indicator.a]\nbetter='lower'\n",
        one_unit(a=[1, 2, NAN], b=[4, 5, 6]),
    )
    assert values[:, 0] == pytest.approx([25, 40, NAN], nan_ok=True)
    assert values[:, 1] == pytest.approx([1, 2, NAN], nan_ok=True)  # the direction does not touch the raw figure


def test_below_the_least_denominator_the_figure_is_not_formed() -> None:
    values, marks = figures("[indicator.a]\nper='b'\nper_at_least=5\nbetter='higher'\n", one_unit(a=[8, 8, 8], b=[0, 4, 8]))
    assert values[:, 0] == pytest.approx([NAN, NAN, 1], nan_ok=True)
    assert marks[:, 0].tolist() == ["O", "O", "A"]


def test_a_denominator_of_zero_is_refused_at_its_cell() -> None:
    panel = Panel.of(["x", "y"], ["2021", "2022"], ["a", "b"], [[[1, 1], [1, 1]], [[1, 1], [1, 0]]])
    with pytest.raises(DataError) as caught:
        build(Framework.parse("[index]\ncode='d'\n[indicator.a]\nper='b'\nbetter='higher'\n"), panel)
    assert (caught.value.code, caught.value.address) == ("zero_denominator", "data.y.2022.b")


def test_columns_that_the_data_lack_are_all_named_with_the_nearest() -> None:
    framework = Framework.parse(
        "[index]\ncode='d'\n[column.c]\nsum=['aa','zzz']\n[indicator.one]\nof='gdq'\nper='c'\nbetter='higher'\n"
    )
    with pytest.raises(TiduError) as caught:
        build(framework, one_unit(gdp=[1, 2, 3], aa=[1, 2, 3]))
    faults = {error.address: error.did_you_mean for error in caught.value.errors}  # type: ignore[attr-defined]
    assert faults == {"column.c.sum": None, "indicator.one.of": "gdp"}


def test_what_an_index_needs_is_what_it_names() -> None:
    framework = Framework.parse(
        "[index]\ncode='d'\n[column.c]\nsum=['a','b']\n[indicator.one]\nof='c'\nper='p'\nbetter='higher'\n[indicator.two]\nbetter='lower'\n"
    )
    assert needed(framework) == {"a", "b", "c", "p", "two"}


# --- status letters -----------------------------------------------------------------------------------------------


def with_letters(text: str, **cells: tuple[list[float], str]) -> list[str]:
    values = np.array([numbers for numbers, _ in cells.values()]).T[None]
    status = np.array([list(marks) for _, marks in cells.values()]).T[None]
    panel = Panel.of(["x"], YEARS, list(cells), values, status=status)
    return list(figures(text, panel)[1][:, 0])


def test_a_figure_carries_the_worst_letter_of_its_parts() -> None:
    text = "[indicator.a]\nper='b'\nbetter='higher'\n"
    assert with_letters(text, a=([1, 1, 1], "AEP"), b=([1, 1, 1], "PAA")) == ["P", "E", "P"]
    assert with_letters(
        "[column.c]\nsum=['a','b']\n[indicator.c]\nbetter='higher'\n", a=([1, 1, NAN], "BIO"), b=([1, 1, 1], "VEA")
    ) == ["V", "I", "O"]


def test_a_coalesced_cell_carries_the_letter_of_the_one_that_was_taken() -> None:
    text = "[column.c]\ncoalesce=['a','b']\n[indicator.c]\nbetter='higher'\n"
    assert with_letters(text, a=([1, NAN, NAN], "AOO"), b=([2, 2, NAN], "EEO")) == ["A", "E", "O"]


def test_growth_carries_the_letter_of_both_its_years() -> None:
    text = "[column.c]\ngrowth='a'\n[indicator.c]\nbetter='higher'\n"
    assert with_letters(text, a=([1, 2, 3], "EAA")) == ["O", "E", "A"]


def test_a_cell_filled_on_its_column_is_imputed_and_so_is_what_is_made_of_it() -> None:
    text = "[impute]\nmethod='linear'\non='column'\n[indicator.a]\nper='b'\nbetter='higher'\n"
    values = [[2.0, NAN, 6.0], [1.0, 2.0, 1.0]]
    panel = one_unit(a=values[0], b=values[1])
    made, marks = figures(text, panel)
    assert made[:, 0] == pytest.approx([2, 2, 6])  # 4 on the line between 2 and 6, over 2
    assert marks[:, 0].tolist() == ["A", "I", "A"]


def test_a_column_that_is_set_apart_is_not_filled() -> None:
    text = "[impute]\nmethod='linear'\non='column'\n[column.a]\nimpute={method='none'}\n[indicator.a]\nbetter='higher'\n"
    made, marks = figures(text, one_unit(a=[2.0, NAN, 6.0]))
    assert made[:, 0] == pytest.approx([2, NAN, 6], nan_ok=True)
    assert marks[:, 0].tolist() == ["A", "O", "A"]


def test_every_letter_of_the_code_list_has_its_place() -> None:
    assert set(SEVERITY) == set(STATUS)
    assert SEVERITY[0] == "A"
    assert SEVERITY[-1] == "O"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(sorted(STATUS)), min_size=1, max_size=30))
def test_letters_and_their_places_are_one_to_one(marks: list[str]) -> None:
    places = grades(np.array(marks))
    assert letters(places).tolist() == marks
    assert letters(places.max()) == max(marks, key=SEVERITY.index)
