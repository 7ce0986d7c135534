"""What pages and documents say of a unit alike: its axes, its place in its region, its target."""

from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.standing import standing
from tidu.publish.told import axes_of, region, target_said


def test_the_axes_are_the_level_that_says_most(cities: Edition) -> None:
    assert len(axes_of(cities)) == 9


def test_a_place_in_a_region(cities: Edition, stranger: Edition) -> None:
    found = region(cities, standing(cities, "330800"), "en")
    assert found is not None and found["name"] == "East" and "330800" in found["near"]
    assert found["near"].index("330800") + found["first"] == found["rank"]
    assert region(stranger, standing(stranger, "y"), "en") is None


def test_a_target_out_of_reach_is_said_to_be_so(cities: Edition) -> None:
    from tidu.diagnosis.movement.target import target

    found = target_said(cities, target(cities.index, "330800", rank=5), "zh")
    assert not found["reachable"] and "达不到第 5 名" in found["verdict"] and len(found["rows"]) > 3
