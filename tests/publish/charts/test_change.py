"""Waterfalls end at the score; a gain curve is today's slope where joins are plain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tidu.diagnosis.explanation.contribution import gap_parts, score_parts
from tidu.publish.charts.change import gain_curve, gains, steps, waterfall
from tidu.publish.charts.style import svg
from tidu.publish.edition import Edition


def test_steps_lead_from_the_peers_to_the_score_by_hand(stranger: Edition) -> None:
    bars = steps(stranger.index, gap_parts(stranger.index, "x/1", ["y", "z"]))
    assert bars == [("a", 68.75, 37.5), ("b", 37.5, 0.0)]


def test_the_rest_is_one_bar_and_nothing_is_lost(cities: Edition) -> None:
    found = score_parts(cities.index, "330800")
    for most in (0, 3, 5):
        bars = steps(cities.index, found, most, leaves=True)
        assert bars[0][1] == found.baseline and abs(bars[-1][2] - found.score) < 1e-9
        assert all(one[2] == two[1] for one, two in pairwise(bars))
        assert len(bars) == (most or len(found.leaves)) and (bars[-1][0] == "…") == bool(most)


def test_gains_are_the_slope_times_the_way(stranger: Edition) -> None:
    at, gained = gains(stranger.index, "y", "a", count=4)
    np.testing.assert_allclose(at, [2, 3, 4, 5])
    np.testing.assert_allclose(gained, [0, 12.5, 25, 37.5], atol=1e-9)
    at, gained = gains(stranger.index, "y", "b", count=3)
    np.testing.assert_allclose(at, [5, 3, 1])
    np.testing.assert_allclose(gained, [0, 12.5, 25], atol=1e-9)


def test_the_pictures_in_both_languages(cities: Edition) -> None:
    found = gap_parts(cities.index, "330800", ["330100", "110000"])
    assert "衢州" in svg(waterfall(cities.index, found)) and "peers' mean" in svg(waterfall(cities.index, found, "en"))
    assert "人均地区生产总值" in svg(gain_curve(cities.index, "330800", "gdp_per_capita"))
