"""The report on a whole index and its brief: counts, movers, targets and all ranks as the index has them."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.publish.documents.index_report import index_report, moved, overview, targets
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import Drawing, Paper
from tidu.publish.edition import Edition


def tables(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def test_the_annex_holds_every_ranked_unit_with_its_range(cities: Edition) -> None:
    paper = index_report(cities, "zh")
    annex = tables(paper)[-1]
    assert len(annex.rows) == len(cities.units)
    assert [row[0] for row in annex.rows] == [str(row["rank"]) for row in cities.ranking() if row["rank"] is not None]
    assert all("–" in row[2] for row in annex.rows)
    assert [block.text[:2] for block in paper.blocks if isinstance(block, Heading)] == [f"{n}、" for n in "一二三四五六七八"]


def test_the_largest_moves_come_first_and_add_up(cities: Edition) -> None:
    table = next(block for block in moved(cities, "en") if isinstance(block, Table))
    steps = []
    for row in table.rows:
        before, after = (int(part) for part in row[1].split(" → "))
        steps.append(abs(before - after))
    assert steps == sorted(steps, reverse=True)
    ranks = cities.index.ranks
    assert steps[0] == max(abs(a - b) for a, b in ranks[:, -2:, -1].tolist() if a == a and b == b)


def test_targets_are_those_behind_the_first_ten(cities: Edition) -> None:
    table = next(block for block in targets(cities, "en") if isinstance(block, Table))
    assert [row[0] for row in table.rows] == [cities.name(unit, "en") for unit in cities.units[10:15]]
    assert [row[1] for row in table.rows] == ["11", "12", "13", "14", "15"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stranger_gets_a_report(stranger: Edition, lang: str) -> None:
    paper = index_report(stranger, lang)
    assert len(tables(paper)[-1].rows) == 3
    assert any(isinstance(block, Text) and "2023" in block.text for block in paper.blocks)


def test_an_index_of_classes_lists_classes_only(classes: Edition) -> None:
    paper = index_report(classes, "en")
    assert [row[2] for row in tables(paper)[-1].rows] == ["1", "1", "2"]
    assert not any(isinstance(block, Drawing) for block in paper.blocks)


def test_the_first_are_named_with_their_ranges(cities: Edition) -> None:
    told = " ".join(block.text for block in overview(cities, "en") if isinstance(block, Text))
    row = cities.ranking()[0]
    assert f"Beijing ({row['best']:.0f}–{np.ceil(row['worst']):.0f}), " in told and "specification range" in told
