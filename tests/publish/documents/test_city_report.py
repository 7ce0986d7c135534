"""The report on one unit: its sections in order, numbers from the index, a stranger's unit, classes."""

from __future__ import annotations

import pytest

from tidu.publish.documents.city_report import city_report
from tidu.publish.documents.page import Heading, Table
from tidu.publish.documents.paper import OFFICIAL, REPORT_EN, Drawing, Paper
from tidu.publish.edition import Edition
from tidu.publish.standing import standing


def heads(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 2]


def test_the_sections_stand_in_order(cities: Edition) -> None:
    paper = city_report(cities, "衢州", "zh")
    assert heads(paper) == [
        "一、总体判断",
        "二、画像",
        "三、成因分析",
        "四、目标与路径",
        "五、方法说明",
        "六、数据来源",
        "七、审计要点",
    ]
    assert paper.style is OFFICIAL and city_report(cities, "衢州", "en").style is REPORT_EN
    assert all(block.drawn().startswith("<svg") for block in paper.blocks if isinstance(block, Drawing))
    assert len([block for block in paper.blocks if isinstance(block, Drawing)]) == 3


def test_the_plan_is_that_of_the_target(cities: Edition) -> None:
    found = standing(cities, "330800").target
    tables = [block for block in city_report(cities, "330800", "en").blocks if isinstance(block, Table)]
    table = next(block for block in tables if "least demanding" in block.caption)
    assert found is not None and len(table.rows) == len({move.column for move in found.moves})
    assert {name for row in table.rows for name in row[0].split("; ")} == {move.label["en"] for move in found.moves}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stranger_gets_a_report_that_says_what_cannot_be_had(stranger: Edition, lang: str) -> None:
    paper = city_report(stranger, "x/1", lang)
    assert len(heads(paper)) == 7


def test_classes_have_no_targets_and_no_pictures_of_scores(classes: Edition) -> None:
    paper = city_report(classes, "y", "en")
    assert not any(isinstance(block, Drawing) for block in paper.blocks)
