"""Means, steps and inequality by belt against numbers worked out by hand or by scipy."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.geography.belts import curves, differences, mean, unequal
from tidu.diagnosis.geography.places import Places

NONE = np.zeros(6)
WHERE = Places(
    tuple("abcdef"),
    np.array([0.0, 10, 500, 600, 2000, np.nan]),
    NONE,
    NONE,
    {"belt": ("E", "E", "M", "M", "W", ""), "coastal": ("1", "1", "0", "0", "0", "")},
    {},
    {},
)
Y = np.array([9.0, 5.0, 4.0, 2.0, 1.0, 100.0])


def test_a_mean_has_its_interval_and_leaves_out_what_is_missing() -> None:
    found = mean("d", "belt", "M", Y, WHERE)
    assert (found.n, found.mean, found.median) == (2, 3.0, 3.0) and found.sd == pytest.approx(np.sqrt(2))
    assert (found.low, found.high) == pytest.approx((3 - 12.7062047, 3 + 12.7062047))
    one = mean("d", "belt", "W", Y, WHERE)
    assert one.n == 1 and np.isnan([one.low, one.sd]).all()
    assert mean("d", "belt", "M", np.where(Y == 4, np.nan, Y), WHERE).mean == 2


def test_steps_go_inwards_and_are_welchs() -> None:
    from scipy.stats import ttest_ind

    found = differences("d", Y, WHERE, "belt")
    assert [(row.by, row.group, row.other) for row in found] == [("belt", "E", "M"), ("belt", "M", "W"), ("coastal", "1", "0")]
    assert found[0].difference == 4 and np.isnan(found[1].p)
    coast = ttest_ind(Y[:2], Y[2:5], equal_var=False)
    low, high = coast.confidence_interval(0.95)
    assert (found[2].p, found[2].low, found[2].high) == pytest.approx((coast.pvalue, low, high))


def test_units_without_a_belt_are_not_in_the_inequality() -> None:
    found = unequal("d", Y, WHERE.groups["belt"])
    assert set(found.gini.groups) == {"E", "M", "W"}
    assert found.theil_t.within + found.theil_t.between == pytest.approx(found.theil_t.total, abs=1e-12)


def test_curves_share_a_grid() -> None:
    found = curves("d", Y, WHERE, "belt", ("E", "M", "W"))
    assert [curve.group for curve in found] == ["all", "E", "M", "W"] and all((one.grid == found[0].grid).all() for one in found)
    area = float(np.trapezoid(found[0].values, found[0].grid))
    assert area == pytest.approx(1, abs=0.02) and np.isnan(found[3].values).all()
