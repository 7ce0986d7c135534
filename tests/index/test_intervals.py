"""The range beside every rank: by hand on two indicators, assumed factors, frozen parameters, memory, order of cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tidu.core.errors import MethodError, UsageError
from tidu.index import bench as room
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.intervals import SLOW, intervals, same_figures, with_assumed
from tidu.indicators.panel import Panel

FLAT = """
[index]
code = "demo"
[indicator.a]
better = "higher"
[indicator.b]
better = "higher"
"""
OUT = FLAT + "[uncertain.left_out]\ndrop = 'indicator.*'\n"
PANEL = Panel.of(["x", "y", "z"], ["2023"], ["a", "b"], [[[0, 10]], [[4, 9]], [[10, 0]]])


def test_three_points_by_hand() -> None:
    found = intervals(build(Framework.parse(OUT), PANEL), level=0.999)
    assert (found.found.exact, found.found.draws, found.assumed) == (True, 3, ())
    rows = found.rows(2023)
    # as in the file x 50, y 65, z 50; without a: x 100, y 90, z 0; without b: x 0, y 40, z 100
    assert [rows[unit]["rank"] for unit in "xyz"] == [2, 1, 2]
    assert [round(rows[unit]["worst"]) for unit in "xyz"] == [3, 2, 3]
    assert [round(rows[unit]["best"]) for unit in "xyz"] == [1, 1, 1]
    assert {rows[unit]["group"] for unit in "xyz"} == {1}


def test_a_file_without_factors_gets_the_assumed_ones_and_says_so() -> None:
    found = intervals(build(Framework.parse(FLAT), PANEL), draws=64)
    assert found.assumed == ("indicator_weights", "left_out")
    assert found.record()["assumed"] == ["indicator_weights", "left_out"]
    tree = Framework.parse(
        FLAT.replace(
            "[indicator.a]", "[pillar.p]\n[pillar.q]\n[indicator.c]\nparent='q'\nbetter='higher'\n[indicator.a]\nparent='p'"
        )
    )
    panel = Panel.of(["x", "y", "z"], ["2023"], ["a", "b", "c"], [[[0, 10, 3]], [[4, 9, 1]], [[10, 0, 2]]])
    assert with_assumed(tree, panel)[1] == ("weights", "left_out")


def test_one_indicator_cannot_be_left_out_and_has_no_weight_to_move() -> None:
    lone = Framework.parse('[index]\ncode = "demo"\n[indicator.a]\nbetter = "higher"\n')
    with pytest.raises(UsageError) as caught:
        intervals(build(lone, Panel.of(["x", "y"], ["2023"], ["a"], [[[1]], [[2]]])))
    assert caught.value.code == "intervals_none"


def test_parameters_of_other_figures_are_refused_those_of_the_whole_are_not() -> None:
    framework = Framework.parse(OUT)
    panel = Panel.of(["x", "y", "z"], ["2022", "2023"], ["a", "b"], np.random.default_rng(0).random((3, 2, 2)))
    whole = build(framework, panel)
    one = framework.put("index.years=['2023']")
    kept = intervals(build(one, panel, frozen=whole.frozen))
    assert kept.rows(2023) == intervals(whole).rows(2023)
    other = replace(panel, values=panel.values + 1.0)
    with pytest.raises(UsageError) as caught:
        intervals(build(one, other, frozen=whole.frozen))
    assert caught.value.code == "intervals_frozen"
    assert not same_figures(panel, other) and same_figures(panel, replace(panel, values=panel.values.copy()))


def test_points_are_fewer_where_memory_or_a_slow_tree_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spread = FLAT + "[uncertain.weights]\naddress = 'indicator.*.weight'\nspread = 0.25\n"
    index = build(Framework.parse(spread), PANEL)
    assert intervals(index, draws=1000).found.draws == 512
    monkeypatch.setattr(room, "CELLS", 300)
    assert intervals(index, draws=1000).found.draws == 64
    monkeypatch.undo()
    compared = build(Framework.parse(spread + "[aggregate]\nmethod = 'copeland'\n"), PANEL)
    assert intervals(compared, draws=1000).found.draws == SLOW


def test_errors_of_cells_hang_on_their_codes_not_on_their_place() -> None:
    text = FLAT + "[uncertain.cells]\naddress = 'data.*.*.*'\nerror = 0.3\ndraws = 8\n"
    index = build(Framework.parse(text), PANEL)
    wider = Panel.of(["z", "x", "y"], ["2023"], ["other", "b", "a"], [[[7, 0, 10]], [[7, 10, 0]], [[7, 9, 4]]])
    assert intervals(build(Framework.parse(text), wider)).rows() == intervals(index).rows()


def test_a_fault_of_the_index_itself_is_told_and_not_that_of_its_factors() -> None:
    flat = Panel.of(list("xyz"), ["2023"], ["a", "b"], [[[1, 9]], [[1, 5]], [[1, 1]]])
    text = "[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'\n"
    with pytest.raises(MethodError) as caught:
        with_assumed(Framework.parse(text), flat)
    assert caught.value.code == "constant_column"


def test_an_assumed_factor_that_is_refused_is_named_with_its_reason() -> None:
    x = np.random.default_rng(0).lognormal(size=(6, 1, 2))
    panel = Panel.of(list("uvwxyz"), ["2023"], ["a", "b"], x)
    text = "[index]\ncode='d'\n[pillar.p]\n[pillar.q]\n[indicator.a]\nparent='p'\nbetter='higher'\n"
    text += "[indicator.b]\nparent='q'\nbetter='higher'\n"
    _, taken, refused = with_assumed(Framework.parse(text), panel)
    assert taken and set(refused).isdisjoint(taken)
    assert all(error.code for error in refused.values())
