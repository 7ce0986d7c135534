"""Shades: correlations as they are, shares of ranks that add up to all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tidu.diagnosis.audit.coherence import correlations
from tidu.publish.charts.matrix import acceptability_map, correlation_map
from tidu.publish.edition import Edition


def test_every_pair_once_with_its_correlation(cities: Edition, rows_with: Callable[..., Any]) -> None:
    codes = ["gdp_per_capita", "tertiary_share", "exports"]
    rows = rows_with(correlation_map(cities.index, codes, "en"), "r")
    r = correlations(cities.index, codes)
    assert [row["r"] for row in rows] == [round(float(r[i, j]), 3) for i, j in ((1, 0), (2, 0), (2, 1))]


def test_each_units_shares_add_up_to_one(cities: Edition, rows_with: Callable[..., Any]) -> None:
    assert cities.sure is not None
    shares = cities.sure.found.acceptability()
    rows = rows_with(acceptability_map(cities.index, shares, 6, "en"), "share")
    names = {row["name"] for row in rows}
    assert len(names) == 6 and "Beijing" in names
    for name in names:
        np.testing.assert_allclose(sum(row["share"] for row in rows if row["name"] == name), 1.0, atol=1e-3)
