"""Places on a plane: areas are kept, north is up, everything has its place on the sheet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.projection import albers, project, sheet

DEGREES = st.tuples(st.floats(70, 140), st.floats(3, 55))


def test_the_projection_keeps_areas() -> None:
    """A cell of one degree keeps its share of the sphere wherever it lies: cos φ · dφ · dλ."""
    step = 1e-4
    for lon, lat in ((80.0, 20.0), (105.0, 36.0), (130.0, 50.0)):
        x, y = albers(np.array([lon, lon + step, lon]), np.array([lat, lat, lat + step]), (25.0, 47.0), (105.0, 36.0))
        area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        assert abs(area / (np.radians(step) ** 2 * np.cos(np.radians(lat))) - 1.0) < 1e-4


def test_about_the_equator_degrees_stay_degrees() -> None:
    x, y = project(np.array([-10.0, 10.0]), np.array([-5.0, 5.0]))
    assert np.allclose(y, np.radians([-5.0, 5.0])) and np.allclose(x, np.radians([-10.0, 10.0]))


@given(st.lists(DEGREES, min_size=2, max_size=40))
def test_everything_lies_on_the_sheet_inside_its_edge(points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    found = sheet([(lon, lat)], 680.0, (380.0, 760.0), 26.0)
    x, y = found.at(lon, lat)
    assert 380.0 <= found.height <= 760.0
    assert x.min() >= 26.0 - 1e-6 and x.max() <= 654.0 + 1e-6
    assert y.min() >= 26.0 - 1e-6 and y.max() <= found.height - 26.0 + 1e-6


def test_points_keep_their_place_when_more_is_drawn_beside_them() -> None:
    """What is placed later lies on the same plane as what the sheet was made for."""
    lon, lat = np.array([100.0, 120.0, 110.0]), np.array([20.0, 45.0, 30.0])
    found = sheet([(lon[:2], lat[:2])], 680.0, (380.0, 760.0), 26.0)
    whole, alone = found.at(lon, lat), found.at(lon[2:], lat[2:])
    assert whole[0][2] == pytest.approx(alone[0][0]) and whole[1][2] == pytest.approx(alone[1][0])


def test_two_sets_of_points_share_a_sheet() -> None:
    one, two = (np.array([110.0]), np.array([30.0])), (np.array([80.0, 130.0]), np.array([10.0, 50.0]))
    both = sheet([one, two], 680.0, (380.0, 760.0), 26.0)
    alone = sheet([two], 680.0, (380.0, 760.0), 26.0)
    assert both.at(*two)[0].tolist() == alone.at(*two)[0].tolist()
