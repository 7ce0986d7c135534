from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.index.trend import percent_change

YEARS = np.array([2018.0, 2019, 2020, 2021, 2022])
NAN = np.nan


def test_slope_over_the_beginning_of_the_line() -> None:
    # 10, 12, 14: slope 2 a year from 10 → 20 per cent. With noise 10, 13, 13: slope 1.5, mean 12, line begins at 10.5.
    assert percent_change(np.array([10.0, 12, 14]), YEARS[:3]) == pytest.approx(20.0)
    assert percent_change(np.array([10.0, 13, 13]), YEARS[:3]) == pytest.approx(100 * 1.5 / 10.5)


def test_positive_where_the_unit_became_better() -> None:
    assert percent_change(np.array([10.0, 12, 14]), YEARS[:3], -1.0) == pytest.approx(-20.0)
    # From −10 to −8 and −6 is a rise of 2 a year, a fifth of where it began.
    assert percent_change(np.array([-10.0, -8, -6]), YEARS[:3]) == pytest.approx(20.0)


def test_missing_years_are_passed_over_and_the_first_seen_is_the_beginning() -> None:
    assert percent_change(np.array([NAN, 10, NAN, 14, NAN]), YEARS) == pytest.approx(20.0)


@pytest.mark.parametrize("series", [[NAN] * 5, [NAN, 3, NAN, NAN, NAN], [0.0, 1, 2, 3, 4]])
def test_where_there_is_no_trend_to_tell(series: list[float]) -> None:
    assert np.isnan(percent_change(np.array(series), YEARS))


def test_several_series_at_once_each_with_its_direction() -> None:
    block = np.array([[[10.0, 12, 14], [5, 5, 5]], [[20, 18, 16], [NAN, 1, 3]]])
    found = percent_change(block, YEARS[:3], np.array([1.0, -1.0]))
    assert found == pytest.approx(np.array([[20.0, 0.0], [-10.0, -200.0]]))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(1, 1000).map(lambda value: round(value, 2)), min_size=3, max_size=8),
    st.floats(0.01, 100),
    st.integers(-50, 50),
)
def test_unit_of_measurement_and_calendar_do_not_matter(values: list[float], times: float, years: int) -> None:
    x, t = np.array(values), np.arange(len(values), dtype=float) + 2000
    start = np.polyval(np.polyfit(t - 2000, x, 1), 0)
    if abs(start) < 1e-3 * np.abs(x).max():
        return
    found = percent_change(x, t)
    assert percent_change(x * times, t) == pytest.approx(found, rel=1e-6, abs=1e-9)
    assert percent_change(x, t + years) == pytest.approx(found, rel=1e-6, abs=1e-9)
    assert found == pytest.approx(100 * np.polyfit(t - 2000, x, 1)[0] / abs(start), rel=1e-5, abs=1e-6)
