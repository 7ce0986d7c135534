"""Spreads: every shown figure is there once; skewed ones stand on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tidu.publish.charts.figures import distribution, on_logs, shown_figures, strip, titled
from tidu.publish.edition import Edition


def test_counts_add_up_to_the_units(cities: Edition, rows_with: Callable[..., Any]) -> None:
    seen = shown_figures(cities.index, "inventions_granted")
    chart = distribution(cities.index, "inventions_granted", "en")
    assert sum(bar["count"] for bar in rows_with(chart, "count")) == seen.size == 295
    assert on_logs(seen) and "log axis" in chart.to_dict()["layer"][0]["encoding"]["x"]["title"]
    assert [row["at"] for row in rows_with(chart, "at")] == np.quantile(seen, (0.25, 0.5, 0.75)).tolist()


def test_a_strip_marks_the_unit(stranger: Edition, rows_with: Callable[..., Any]) -> None:
    chart = strip(stranger.index, "a", ["y"], "en")
    assert [row["figure"] for row in rows_with(chart, "figure")] == [1.0, 2.0, 5.0]
    assert rows_with(chart, "name") == [{"figure": 2.0, "name": "y"}]


def test_the_axis_says_what_is_measured(cities: Edition) -> None:
    assert titled(cities.index, "gdp_per_capita", "zh", "linear") == "人均地区生产总值 (元)"
