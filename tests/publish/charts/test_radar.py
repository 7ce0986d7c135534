"""The polygon: axes from last to first, peers as means, refused with fewer than three axes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.publish.charts.radar import points, radar, spokes
from tidu.publish.charts.style import svg
from tidu.publish.edition import Edition


def test_shares_of_scores_and_of_ranks_by_hand(stranger: Edition) -> None:
    # a: 1, 2, 5 onto 0, 25, 100; b: 9, 5, 1, lower is better, onto 0, 50, 100
    found = spokes(stranger.index, "y", ["x/1", "z"])
    assert found.nodes == ("a", "b")
    assert found.shares["unit"] == (0.25, 0.5) and found.shares["peers"] == (0.5, 0.5)
    assert found.scores["frontier"] == (100.0, 100.0)
    assert spokes(stranger.index, "y", ["x/1", "z"], by="rank").shares == {
        "unit": (0.5, 0.5),
        "frontier": (1, 1),
        "peers": (0.5, 0.5),
    }


@given(st.lists(st.floats(0, 1), min_size=3, max_size=12))
def test_corners_stand_as_far_out_as_their_shares(shares: list[float]) -> None:
    for share, (x, y) in zip(shares, points(shares), strict=True):
        assert abs((x * x + y * y) ** 0.5 - share) < 1e-9


def test_two_axes_are_no_polygon(stranger: Edition) -> None:
    with pytest.raises(UsageError, match="three axes") as caught:
        radar(stranger.index, "y")
    assert caught.value.code == "radar_axes"


def test_the_picture_names_the_unit_and_its_axes(cities: Edition) -> None:
    text = svg(radar(cities.index, "330800", ["330100"], "en"))
    assert "Quzhou" in text and "Output level" in text and "best in each" in text
