"""What pages and documents say of a unit alike: its axes, its place in its region, its target."""

from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.standing import standing
from tidu.publish.told import axes_of, extremes, region, target_said


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


def test_a_printed_column_that_moves_two_indicators_is_one_row(cities: Edition) -> None:
    plan = standing(cities, "330800").target
    assert plan is not None and [move.lever for move in plan.moves] == ["sci_expenditure_share", "sci_expenditure"]
    found = target_said(cities, plan, "en")
    assert len(found["rows"]) == 1 and "moves 2 of the indicators (printed columns: 1)" in found["verdict"]
    row = found["rows"][0]
    assert row["share"] == "42%" and row["points"] == f"{sum(move.points for move in plan.moves):+.2f}"
    assert [one["code"] for one in row["with"]] == ["sci_expenditure"]
    assert row["with"][0]["way"] == "2.471 billion yuan → 3.336 billion yuan"


def test_the_extremes_of_a_unit_are_those_of_its_ranks(cities: Edition, stranger: Edition) -> None:
    found = standing(cities, "330800")
    low, high = extremes(cities, found, best=False), extremes(cities, found, best=True)
    shares = sorted(line.percentile for line in found.profile.nodes if line.code in cities.index.framework.leaves)
    assert [line.percentile for line in low] == shares[:3] and [line.percentile for line in high] == shares[::-1][:3]
    assert not {line.code for line in low} & {line.code for line in high}
    assert len(extremes(stranger, standing(stranger, "y"), best=True)) == 1  # of two indicators one may be its highest
