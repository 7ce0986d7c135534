"""What a unit could do: only levers, each proved by a rebuilt index."""

from __future__ import annotations

from typing import Any

import pytest

from tidu import app
from tidu.publish.documents.actions import actions, plain_moves, single_steps
from tidu.publish.documents.page import Text
from tidu.publish.documents.paper import Points, Small
from tidu.publish.edition import Edition
from tidu.publish.standing import standing


def points_of(blocks: list[Any]) -> list[tuple[str, str]]:
    return [item for block in blocks if isinstance(block, Points) for item in block.items]


@pytest.mark.parametrize("unit", ["330800", "110000"])
def test_a_step_is_borne_out_when_its_column_alone_is_changed(cities: Edition, unit: str) -> None:
    for step in single_steps(cities, unit):
        made = app.make("city-ip-core", changes=[f"data.{unit}.2023.{step.column}={step.end!r}"])
        assert made.rank()[unit] == step.rank
        assert made.score()[unit] - cities.index.score()[unit] == pytest.approx(step.points, abs=1e-6)


def test_what_is_no_lever_is_named_and_never_proposed(cities: Edition) -> None:
    table = cities.index.framework.table.indicator
    held = {code for code, item in table.items() if not item.lever}
    assert held
    assert not held & {code for step in single_steps(cities, "330800") for code in step.codes}
    made = list(actions(cities, standing(cities, "330800"), "zh"))
    assert len(points_of(made)) == 3
    assert isinstance(made[-1], Small) and "发明专利授权量" in made[-1].text
    assert not any("授权" in lead for lead, _ in points_of(made))


def test_one_period_has_plain_moves_one_a_column(stranger: Edition) -> None:
    assert single_steps(stranger, "y") == ()
    found = standing(stranger, "x/1")
    moves = plain_moves(found)
    assert {move.code for move in moves} == {"a", "b"}
    told = list(actions(stranger, found, "en"))
    assert isinstance(told[0], Text) and "y" in told[0].text


def test_the_first_of_all_has_something_to_do(cities: Edition) -> None:
    told = list(actions(cities, standing(cities, "110000"), "zh"))
    assert isinstance(told[0], Text) and told[0].text.startswith("已列第 1 位")


def test_a_change_of_a_percentage_is_in_points() -> None:
    from tidu.publish.documents.sentences import difference

    assert difference(2.49, "%", "zh") == "+2.49 个百分点" and difference(-3, "件", "zh") == "−3.00 件"
