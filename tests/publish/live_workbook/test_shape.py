"""Rows, columns and nodes of the live workbook."""

from __future__ import annotations

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish.edition import Edition
from tidu.publish.live_workbook.shape import placed_once, shape_of


def test_siblings_stand_side_by_side_and_columns_before_what_is_made_of_them(cities: Edition) -> None:
    shape = shape_of(cities.index, "2023", "zh")
    for join in shape.joins.values():
        first = shape.nodes.index(join.children[0])
        assert shape.nodes[first : first + len(join.children)] == join.children
    assert shape.nodes[0] == "city-ip-core" and len(set(shape.nodes)) == len(shape.nodes) == len(cities.index.nodes)
    assert shape.columns.index("residents") > shape.columns.index("residents_implied") > shape.columns.index("gdp")


def test_units_fitted_on_come_first() -> None:
    index = app.make("city-ip-core", changes=["units.fit_on=key36"])
    shape = shape_of(index, "2023", "en")
    assert shape.fitted == 36 and len(shape.rows) == 297
    members = index.panel.universe("key36")
    assert {index.units[u] for u in shape.rows[:36]} == set(members)


def test_ties_take_one_place_after_another() -> None:
    assert placed_once([0, 1, 2, 3], np.array([2.0, 1.0, 2.0, np.nan])).tolist()[:3] == [2.0, 1.0, 3.0]


def test_classes_are_refused(classes: Edition) -> None:
    with pytest.raises(UsageError) as caught:
        shape_of(classes.index, "2023", "en")
    assert caught.value.code == "live_bands"
