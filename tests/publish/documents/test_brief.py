"""The brief: what it says is what the index has; one page or two; classes instead of ranks where the index shows classes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish.documents.brief import brief, position, range_bar
from tidu.publish.documents.page import Table, Text
from tidu.publish.documents.paper import Paper, Points, Small, Tiles
from tidu.publish.documents.pdf import write_pdf
from tidu.publish.edition import Edition
from tidu.publish.standing import standing


def said_in(paper: Paper) -> str:
    found: list[str] = [paper.title, paper.below]
    for block in paper.blocks:
        if isinstance(block, Text | Small):
            found.append(block.text)
        elif isinstance(block, Points | Tiles):
            found += [part for item in block.items for part in item]
        elif isinstance(block, Table):
            found += [cell for row in [block.heads, *block.rows] for cell in row]
    return "\n".join(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_rank_never_stands_without_its_range(cities: Edition, lang: str) -> None:
    paper = brief(cities, "衢州", lang)
    row = cities.sure.rows()["330800"] if cities.sure is not None else {}
    tiles = next(block for block in paper.blocks if isinstance(block, Tiles))
    figures = [figure for figure, _ in tiles.items]
    assert figures[0] == str(row["rank"])
    assert figures[1] == f"{int(row['best'])}–{-int(-row['worst'] // 1)}"
    assert f"{cities.index.score()['330800']:.2f}" in said_in(paper)
    assert cities.hash[:12] in said_in(paper)


def test_causes_are_the_largest_parts_of_the_gap(cities: Edition) -> None:
    gap = standing(cities, "330800").profile.gap
    assert gap is not None
    names = [cities.label(code, "zh") for code in list(gap.indicators)[:3]]
    points = next(block for block in brief(cities, "330800", "zh").blocks if isinstance(block, Points))
    assert [lead for lead, _ in points.items] == names
    assert f"{abs(gap.indicators[next(iter(gap.indicators))]):.2f} 分" in points.items[0][1]


@pytest.mark.parametrize(("unit", "lang", "pages"), [("330800", "zh", 2), ("330800", "en", 2), ("110000", "zh", 1)])
def test_the_pdf_has_as_many_pages_as_are_asked_for(cities: Edition, tmp_path: Path, unit: str, lang: str, pages: int) -> None:
    path = write_pdf(tmp_path / "a.pdf", brief(cities, unit, lang, pages))
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    assert f"Pages:           {pages}\n" in told


def test_the_card_holds_every_indicator_with_unit_and_status(cities: Edition) -> None:
    table = [block for block in brief(cities, "330800", "zh").blocks if isinstance(block, Table)][-1]
    assert [row[0] for row in table.rows] == [cities.label(code, "zh") for code in cities.index.framework.leaves]
    assert {row[5] for row in table.rows} <= set("ABNPVUFEILMO")


def test_a_card_with_too_many_indicators_keeps_the_heaviest_and_says_so() -> None:
    codes = [f"i{k}" for k in range(60)]
    spec = {
        "index": {"code": "wide"},
        "indicator": {code: {"better": "higher", "weight": 2.0 if k < 9 else 1.0} for k, code in enumerate(codes)},
    }
    data = {"unit": ["x", "y", "z"], "period": ["2024"] * 3} | {code: [1.0, 2.0 + k, 3.0 + k] for k, code in enumerate(codes)}
    edition = Edition(app.make(spec, data), None)
    paper = brief(edition, "y", "en")
    table = [block for block in paper.blocks if isinstance(block, Table)][-1]
    names = [row[0] for row in table.rows]
    assert set(codes[:9]) < set(names) and names == [code for code in codes if code in names]
    assert f"Not shown: {60 - len(names)} indicators" in said_in(paper)


def test_a_stranger_without_ranges_is_told_so(stranger: Edition) -> None:
    bare = Edition(stranger.index, None)
    told = said_in(brief(bare, "y", "en"))
    assert "No range is given" in told and "Demo (synthetic)" in told


def test_an_index_of_classes_shows_no_rank_and_no_score(classes: Edition) -> None:
    told = said_in(brief(classes, "y", "en"))
    assert "class 1" in told and "shows classes" in told
    score = f"{classes.index.score()['y']:.2f}"
    assert score not in told and "rank " not in told.replace("ranks or scores", "")


def test_three_pages_are_refused(cities: Edition) -> None:
    with pytest.raises(UsageError) as caught:
        brief(cities, "330800", "zh", 3)
    assert caught.value.code == "brief_pages"


def test_the_change_adds_up_as_it_is_said(cities: Edition) -> None:
    text = "".join(block.text for block in position(cities, standing(cities, "330800"), "zh") if isinstance(block, Text))
    change = standing(cities, "330800").change
    assert change is not None and f"{change.total:+.2f}".replace("-", "−") in text


def test_the_bar_is_a_picture() -> None:
    assert range_bar(3, 2.0, 5.0, 10).startswith("<svg")
