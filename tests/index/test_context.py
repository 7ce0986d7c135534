from __future__ import annotations

import pytest

from tidu.index.context import Context


@pytest.mark.parametrize(
    ("period", "time"),
    [("2021", 2021.0), ("2021-Q1", 2021.0), ("2021-Q3", 2021.5), ("2021-01", 2021.0), ("2021-07", 2021.5), ("2021-10", 2021.75)],
)
def test_periods_as_numbers(period: str, time: float) -> None:
    assert Context(periods=(period,)).times.tolist() == [time]


def test_times_of_months_and_quarters_ascend() -> None:
    months = tuple(f"2021-{month:02d}" for month in range(1, 13))
    times = Context(periods=months).times
    assert (times[1:] > times[:-1]).all()
