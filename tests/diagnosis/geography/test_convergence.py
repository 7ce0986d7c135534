"""σ and β by hand and on the provinces; too short a series is refused."""

from __future__ import annotations

import csv
import math
import statistics

import numpy as np
import pytest

from tidu.core.errors import MethodError
from tidu.diagnosis.geography.convergence import LEAST, convergence, provinces
from tidu.diagnosis.geography.places import choices
from tidu.indicators import shipped

YEARS = list(range(2010, 2020))


def test_fewer_than_eight_years_are_refused() -> None:
    with pytest.raises(MethodError) as caught:
        convergence(np.ones((5, 7)), range(2017, 2024), "abcde")
    assert caught.value.code == "convergence_years" and caught.value.values == {"found": 7, "needed": LEAST}


def test_units_not_above_zero_are_left_out_and_said() -> None:
    y = np.tile(np.arange(1.0, 6.0)[:, None], (1, 10))
    y[1, 3], y[4, 0] = 0.0, np.nan
    found = convergence(y, YEARS, "abcde")
    assert found.units == ("a", "c", "d") and found.left_out == ("b", "e")
    with pytest.raises(MethodError) as caught:
        convergence(y[:3], YEARS, "abc")
    assert caught.value.code == "convergence_units"


def test_speed_and_half_life_are_those_of_the_path() -> None:
    """Logarithms that close a gap by 10 % a year: half of it is closed after ln 2 ÷ −ln 0.9 years."""
    start = np.log([1.0, 2.0, 5.0, 9.0])
    goal = start.mean()
    y = np.exp(goal + (start - goal)[:, None] * 0.9 ** np.arange(10))
    found = convergence(y, YEARS, "abcd")
    assert found.speed == pytest.approx(-math.log(0.9)) and found.half_life == pytest.approx(6.578813, abs=1e-6)
    assert found.spread[-1] == pytest.approx(found.spread[0] * 0.9**9) and found.trend.slope < 0


def test_growing_apart_has_no_half_life() -> None:
    start = np.log([1.0, 2.0, 5.0])
    found = convergence(np.exp(start[:, None] * 1.05 ** np.arange(10)), YEARS, "abc")
    assert found.growth.slope > 0 and math.isnan(found.half_life) and found.trend.slope > 0


def test_the_provinces_leave_the_nation_out() -> None:
    for found in provinces():
        assert "100000" not in (*found.units, *found.left_out)
        assert len(found.units) + len(found.left_out) == 31 and len(found.years) >= LEAST


def test_sigma_of_the_provinces_from_the_file_itself() -> None:
    text = shipped.folder().joinpath("provinces.csv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(text) if row["year"] == "2023" and row["province_adcode"] != "100000"]
    logs = [math.log(float(row["inventions_in_force"]) / float(row["rd_personnel_fte"])) for row in rows]
    found = {item.code: item for item in provinces()}["inventions_in_force_per_rd_fte"]
    assert found.spread[-1] == pytest.approx(statistics.stdev(logs))


def test_tibet_has_no_contracts_in_some_years() -> None:
    found = {item.code: item for item in provinces()}["tech_contracts_per_rd"]
    assert found.left_out == ("540000",) and found.years[0] == 2012


def test_every_series_has_labels_and_columns() -> None:
    columns = shipped.table("provinces.csv")[0]
    for item in choices()["series"].values():
        assert item["label"]["zh"] and item["label"]["en"] and item["of"] in columns and item.get("per", item["of"]) in columns
