from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tidu.diagnosis.geography.gradient import gradient
from tidu.publish.charts.coast import gradient_scatter
from tidu.publish.edition import Edition


def test_every_scored_unit_and_the_line_of_the_test(cities: Edition, rows_with: Callable[..., Any]) -> None:
    found = gradient(cities.index, 2023, permutations=0)
    chart = gradient_scatter(found, lang="en")
    dots = rows_with(chart, "away", "said")
    line = rows_with(chart, "away", "score", only=True)
    assert len(dots) == len(cities.units)
    slope = found.slope(cities.code)
    assert slope is not None
    assert line[0]["score"] == pytest.approx(slope.line.intercept)
    assert (line[1]["score"] - line[0]["score"]) / line[1]["away"] * 100 == pytest.approx(slope.line.slope)
    said = [row["said"] for row in dots if row["said"]]
    assert "Beijing" in said and len(said) == len(set(said)) <= 8
