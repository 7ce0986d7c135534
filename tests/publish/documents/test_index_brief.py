"""The brief on an index: ranks with ranges, what sets the first apart by numbers of the index, at most three actions, one page."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np

from tidu.publish.documents.index_brief import apart, index_brief, to_do
from tidu.publish.documents.page import Table
from tidu.publish.documents.paper import Points, Tiles
from tidu.publish.documents.pdf import write_pdf
from tidu.publish.edition import Edition


def test_the_brief_of_an_index_is_one_page(cities: Edition, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        paper = index_brief(cities, lang)
        assert isinstance(paper.blocks[0], Tiles) and paper.blocks[0].items[0][0] == str(len(cities.units))
        path = write_pdf(tmp_path / "a.pdf", paper)
        assert "Pages:           1\n" in subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout


def test_no_rank_without_its_range(cities: Edition) -> None:
    table = next(block for block in index_brief(cities, "en").blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == [str(rank) for rank in range(1, 11)]
    assert all(re.fullmatch(r"\d+–\d+", row[2]) for row in table.rows)


def test_causes_are_figures_of_the_index(cities: Edition) -> None:
    points = next(block for block in apart(cities, "en") if isinstance(block, Points)).items
    assert len(points) == 3 and points[2][0] == "From coast to interior"
    assert cities.examined is not None
    inner = {one.node: one.main for one in cities.examined.importance if one.parent == cities.code}
    best = max(inner, key=lambda node: inner[node])
    assert points[0][0] == cities.label(best, "en") and f"{inner[best]:.0%} of the differences" in points[0][1]
    index, first = cities.index, [cities.index.units.index(unit) for unit in cities.units[:10]]
    place = index.framework.node(best).place
    assert f"{np.nanmean(index.scores[first, -1, place]):.1f} on average" in points[0][1]
    assert "the first 10 cities have 29.04 billion yuan on average, all of them 2.22 billion yuan" in points[1][1]


def test_a_small_index_has_causes_of_its_own(stranger: Edition, classes: Edition) -> None:
    points = next(block for block in apart(stranger, "zh") if isinstance(block, Points)).items
    assert len(points) == 2 and "前 1个单位平均 5.00，全部平均 2.67" in dict(points)["a"]
    assert not list(apart(classes, "en")) and index_brief(classes, "zh").blocks


def test_actions_are_three_at_most_and_name_the_gaps(cities: Edition) -> None:
    points = next(block for block in to_do(cities, "en") if isinstance(block, Points)).items
    assert 1 < len(points) <= 3 and f"{len(cities.unscored)} cities have no score" in points[-1][1]
