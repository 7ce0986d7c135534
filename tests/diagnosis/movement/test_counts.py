"""Counts of filings and grants in a stranger's file that says nothing of levers: never a target, never advice, always told why."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import UsageError
from tidu.diagnosis.movement.counts import Count, counts, reminder
from tidu.diagnosis.movement.levers import alike, levers
from tidu.diagnosis.movement.moves import moves
from tidu.diagnosis.movement.target import target
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "strange"
[indicator.gm]
label = { zh = "每万人授权量", en = "Granted per head" }
of = "专利授权量"
per = "常住人口"
better = "higher"
[indicator.rd]
label = { zh = "研发经费", en = "R&D spending" }
of = "研发经费"
per = "常住人口"
better = "higher"
lever = "research_funding"
[indicator.deals]
label = { zh = "技术合同成交额", en = "Technology contracts" }
better = "higher"
"""


def made(text: str = SPEC) -> Index:
    """Fourteen synthetic cities in two years; each indicator grows, by another share in each city."""
    rng = np.random.default_rng(3)
    size, base, grown = rng.uniform(100, 1000, 14), rng.uniform(0.5, 2, 14), rng.uniform(1.05, 1.6, (14, 3))
    then = np.column_stack([3 * size * base, size, 20 * size * base * rng.uniform(0.8, 1.2, 14), 50 * base])
    now = then * np.column_stack([grown[:, 0], np.ones(14), grown[:, 1], grown[:, 2]])
    cells = np.stack([then, now], axis=1)
    columns = ["专利授权量", "常住人口", "研发经费", "deals"]
    return build(Framework.parse(text), Panel.of([f"c{k:02d}" for k in range(14)], ["2021", "2023"], columns, cells))


@pytest.fixture(scope="module")
def index() -> Index:
    return made()


def with_name(panel: Panel, old: str, new: str) -> Panel:
    names = [new if name == old else name for name in panel.columns]
    return Panel.of(list(panel.units), list(panel.periods), names, panel.values)


def behind(index: Index) -> str:
    return next(unit for unit, rank in index.rank().items() if rank == 8)


def test_no_target_has_it(index: Index) -> None:
    found = target(index, behind(index), rank=2)
    assert (
        found.moves
        and "gm" not in {move.code for move in found.moves}
        and "专利授权量" not in {move.column for move in found.moves}
    )
    assert found.held["gm"] == "count" and levers(index, behind(index)).held["gm"] == "count"
    assert {move.code: move.lever for move in found.moves}.items() <= {"rd": "research_funding", "deals": "deals"}.items()


def test_no_move_has_a_step_of_it(index: Index) -> None:
    found = {move.code: move for move in moves(index, behind(index))}
    held = found["gm"]
    assert (held.lever, held.name, held.held, held.step_to_pass, held.of_step) == (False, None, "count", None, None)
    assert found["rd"].name == "research_funding" and found["rd"].fed[0].lever == "research_funding" and held.fed[0].lever is None


def test_a_limit_by_hand_does_not_let_it_go(index: Index) -> None:
    with pytest.raises(UsageError) as caught:
        levers(index, behind(index), limits={"gm": 1.0})
    assert caught.value.code == "target_limit_held" and "gm" in str(caught.value)


def test_no_written_lever_makes_a_count_a_target_or_a_step() -> None:
    for lever in ("true", '"conversion"'):
        written = made(SPEC.replace('of = "专利授权量"', f'of = "专利授权量"\nlever = {lever}'))
        assert levers(written, behind(written)).held["gm"] == "count"
        assert "gm" not in {move.code for move in target(written, behind(written), rank=2).moves}
        assert next(move for move in moves(written, behind(written)) if move.code == "gm").lever is False
        assert counts(written.framework) == (Count("gm", True, True, "gm"),)
        rule, mind = reminder(written.framework, "zh")
        assert "国知发保字〔2021〕1号" in rule and "每万人授权量" in mind and "从不作为抓手" in mind
        assert reminder(written.framework, "zh", of="gm") == (rule, mind)


def test_a_number_of_rights_in_force_is_let_go_where_the_file_writes_it_and_the_policy_is_told() -> None:
    stock = SPEC.replace("专利授权量", "有效专利").replace("每万人授权量", "每万人有效专利").replace("Granted", "In force")
    held, let_go = made(stock.replace("有效专利", "专利授权量")), stock.replace('of = "有效专利"', 'of = "有效专利"\nlever = true')
    index = build(Framework.parse(let_go), with_name(held.panel, "专利授权量", "有效专利"))
    assert "gm" not in levers(index, behind(index)).held and counts(index.framework) == (Count("gm", False, True, "gm"),)
    rule, mind = reminder(index.framework, "zh")
    assert "国知发保字〔2021〕1号" in rule and "每万人有效专利" in mind and "国家政策" in mind


def test_the_reminder_stands_whatever_else_is_marked(index: Index) -> None:
    rule, held = reminder(index.framework, "en")
    assert "never a target nor advice" in rule and "Granted per head" in held and "count filings or grants" in held
    marked = made(SPEC.replace("[indicator.deals]", "[indicator.deals]\nlever = false"))
    assert reminder(marked.framework, "en") == (rule, held)
    assert reminder(Framework.parse('[index]\ncode="d"\n[indicator.a]\nbetter="higher"\nlever="a"'), "en") == (rule,)


def test_what_only_comes_close_to_a_count_is_told_how_to_be_freed() -> None:
    close = Framework.parse('[index]\ncode = "d"\n[indicator.patents]\nbetter = "higher"')
    assert [sentence.split(".")[0] for sentence in reminder(close, "en")[1:2]] == ["Held: patents"]
    assert "lever = true" in reminder(close, "en")[1] and "lever = true" in reminder(close, "zh")[1]


def test_of_one_indicator_only_what_the_file_leaves_open_is_told(index: Index) -> None:
    assert len(reminder(index.framework, "en", of="gm")) == 2 and reminder(index.framework, "en", of="rd") == ()
    assert reminder(made(SPEC.replace("[indicator.gm]", "[indicator.gm]\nlever = false")).framework, "en", of="gm") == ()


def test_peers_that_nobody_names_are_the_nearest_in_size_or_all(index: Index) -> None:
    found = alike(index, "c03")
    sizes = index.panel.column("常住人口")[:, 1]
    nearest = np.argsort(np.abs(np.log(sizes) - np.log(sizes[3])), kind="stable")[1:11]
    assert set(found.units) == {f"c{k:02d}" for k in nearest} and (found.how, found.by) == ("nearest", ("常住人口",))
    plain = build(Framework.parse('[index]\ncode="d"\n[indicator.deals]\nbetter="higher"'), index.panel)
    assert alike(plain, "c03").how == "universe" and len(alike(plain, "c03").units) == 13


def test_a_file_that_says_nothing_is_reminded() -> None:
    silent = Framework.parse('[index]\ncode = "d"\n[indicator.sq_total]\nbetter = "higher"')
    told = reminder(silent, "en")
    assert len(told) == 2 and "lever = false" in told[1] and "lever = false" in reminder(silent, "zh")[1]
    assert reminder(silent, "en", of="sq_total") == ()
    said = Framework.parse('[index]\ncode = "d"\n[indicator.sq_total]\nbetter = "higher"\nlever = false')
    assert len(reminder(said, "en")) == 1
