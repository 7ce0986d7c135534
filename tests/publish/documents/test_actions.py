"""What a unit could do: only levers, each proved by a rebuilt index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidu import app
from tidu.index.build import build
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
    held = {code for code, permit in cities.index.framework.permits.items() if not permit.free}
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


@pytest.fixture(scope="module")
def unmarked() -> Edition:
    """Ten synthetic cities of somebody's own, who counts grants per resident and says nothing of levers."""
    spec = {
        "index": {"code": "own", "title": {"zh": "自有指数（虚构）", "en": "Own index (synthetic)"}},
        "indicator": {
            "gm": {"of": "专利授权量", "per": "常住人口", "better": "higher", "label": {"zh": "创新密度", "en": "Density"}},
            "rd": {"of": "研发经费", "per": "常住人口", "better": "higher", "label": {"zh": "研发强度", "en": "R&D"}},
            "deals": {"better": "higher", "label": {"zh": "技术合同", "en": "Contracts"}},
        },
    }
    rows: dict[str, list[Any]] = {key: [] for key in ("unit", "period", "专利授权量", "常住人口", "研发经费", "deals")}
    for at in range(10):
        for t, period in enumerate(("2021", "2023")):
            size, grown = 100.0 + 37 * at, 1 + 0.1 * t * (1 + at % 4)
            figures = (f"c{at}", period, size * (1 + at) * grown, size, size * (12 - at) * grown, (5 + (at * 7) % 10) * grown)
            for key, value in zip(rows, figures, strict=True):
                rows[key].append(value)
    index = app.make(spec, rows)
    return Edition(index, app.how_sure(index, 16)[0])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unmarked_count_is_nowhere_an_action(unmarked: Edition, lang: str, tmp_path: Path) -> None:
    from docx import Document

    from tidu.publish.documents.brief import brief
    from tidu.publish.documents.document import write_docx
    from tidu.publish.documents.sentences import said
    from tidu.publish.pages.city import city

    said_so = {"zh": "是申请量、授权量", "en": "they count filings or grants"}
    name, columns = unmarked.label("gm", lang), ("专利授权量", "gm")
    for unit in unmarked.units[1:4]:
        found = standing(unmarked, unit)
        assert found.moves and found.target is not None
        assert not {move.code for move in found.target.moves} & {"gm"} and not {move.column for move in found.target.moves} & {
            *columns
        }
        assert not any(column in step.codes or column == step.column for step in single_steps(unmarked, unit) for column in columns)
        assert {move.code for move in plain_moves(found)} <= {"rd", "deals"}
        page = city(unmarked, lang, f"{lang}/city/{unit}.html", unit).body.decode()
        moving = page[page.index('<section aria-labelledby="moves">') : page.index('<section aria-labelledby="figures">')]
        assert "indicator/gm.html" not in moving and "indicator/rd.html" in moving
        assert name in moving and said_so[lang] in moving and ("国知发保字〔2021〕1号" if lang == "zh" else "2021, no. 1") in moving
    path = write_docx(tmp_path / "a.docx", brief(unmarked, unmarked.units[2], lang))
    told = [line.text for line in Document(str(path)).paragraphs]
    first = next(at for at, line in enumerate(told) if said("head_actions", lang) in line)
    last = next(at for at, line in enumerate(told) if at > first and said_so[lang] in line)
    assert last - first > 2 and name in told[last]
    assert not any(name in line or "专利授权量" in line for line in told[first:last])


def test_a_number_of_rights_that_the_file_lets_go_is_in_no_paper(unmarked: Edition) -> None:
    framework = unmarked.index.framework.put("indicator.deals.label.zh=专利数").put("indicator.deals.label.en=Patents")
    index = build(framework.put("indicator.deals.lever=true"), unmarked.index.panel)
    let_go = Edition(index, app.how_sure(index, 16)[0])
    for unit in let_go.units[1:4]:
        assert "deals" in {move.code for move in standing(let_go, unit).moves if move.lever}
        assert not any("deals" in step.codes for step in single_steps(let_go, unit))
        told = " ".join(str(block) for block in actions(let_go, standing(let_go, unit), "en"))
        assert "Patents from" not in told
