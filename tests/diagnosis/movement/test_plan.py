"""The search itself: what a goal asks for, the score of today's parameters, joins that no program proves."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.movement.goal import Goal, rank_of
from tidu.diagnosis.movement.levers import levers
from tidu.diagnosis.movement.plan import Made, Search
from tidu.diagnosis.movement.refit import rebuilt
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[normalise]
over = "year"
[indicator.x]
better = "higher"
[indicator.y]
better = "lower"
"""
NOW = np.array([[10.0, 20.0], [14.0, 18.0], [15.0, 15.0], [20.0, 10.0], [12.0, 12.0]])


def made(spec: str = SPEC) -> Index:
    values = np.stack([NOW * np.array([1 / 1.2, 1.2]), NOW], axis=1)
    return build(Framework.parse(spec), Panel.of(("a", "b", "c", "d", "e"), ("2021", "2023"), ("x", "y"), values))


def search(index: Index, rank: int, kind: str = "linear", effort: str = "sum", unit: str = "b") -> Search:
    goal = Goal(index.units.index(unit), 1, rank, None)
    return Search(index, goal, levers(index, unit), kind, effort, 0)


def test_a_plan_is_borne_out_by_the_index_that_is_built_again() -> None:
    """It asks for 20 points more, 40 over both: y is the cheaper one, 30 points for one limit, then 10 of 28 of x."""
    run = search(made(), 2)
    found = run.plan()
    assert found.shares == pytest.approx([10 / 28, 1.0], abs=1e-5) and found.exact
    assert rank_of(found.index, 1, 1) == 2 and len(run.rounds) == 1 and run.rounds[0].effort == found.shares.sum()


def test_all_levers_at_their_limits_stand_where_nothing_reaches() -> None:
    run = search(made(), 1)
    found = run.plan()
    assert found.shares.tolist() == [1.0, 1.0] and rank_of(found.index, 1, 1) == 2 and found.exact


def test_a_join_that_no_program_proves_is_searched_and_called_approximate() -> None:
    index = made(SPEC.replace("[normalise]", '[aggregate]\nmethod = "mpi"\n[normalise]\nonto = [1, 101]'))
    found = search(index, 3, "other").plan()
    assert found.method in ("approximate", "search") and not found.exact and rank_of(found.index, 1, 1) <= 3


def test_parameters_of_other_figures_stay_what_they_are() -> None:
    index = made()
    moved = index.panel.with_value("b", "2023", "x", 40.0)
    assert rebuilt(index, moved).scores[1, 1, 0] == pytest.approx(100.0)
    thawed = build(Framework.parse(SPEC), moved, frozen=index.frozen)
    assert rebuilt(thawed, index.panel.with_value("b", "2023", "x", 30.0)).scores[1, 1, 0] == pytest.approx(200.0)


def test_a_median_is_reached_by_two_of_three_and_not_by_an_even_share_of_all() -> None:
    """The even share of all three was the plan before it is trimmed: its cost is more, and both are borne out."""
    spec = SPEC + '[indicator.z]\nbetter = "higher"\n[aggregate]\nmethod = "median"\n'
    now = np.column_stack([NOW, [9.0, 11.0, 14.0, 18.0, 13.0]])
    values = np.stack([now * np.array([1 / 1.2, 1.2, 1 / 1.2]), now], axis=1)
    index = build(Framework.parse(spec), Panel.of(("a", "b", "c", "d", "e"), ("2021", "2023"), ("x", "y", "z"), values))
    run = search(index, 3, kind="other")
    found = run.plan()
    assert run.goal.met(found.index) and not found.exact
    assert (found.shares < 1e-9).any() and run.goal.met(run.rebuilt(found.shares))
    even = next(share for share in np.linspace(0, 1, 201) if run.goal.met(run.rebuilt(np.full(3, share))))
    assert found.shares.sum() < 3 * even


def three(spec: str, figures: list[list[float]], columns: str = "xyz") -> Index:
    """Three units in one period (synthetic)."""
    cells = np.array(figures)[:, None, :]
    return build(Framework.parse(spec), Panel.of(("own", "rival", "third"), ("2023",), tuple(columns), cells))


def searched(index: Index, rank: int, limits: dict[str, float]) -> Search:
    goal = Goal(index.units.index("own"), 0, rank, None)
    return Search(index, goal, levers(index, "own", limits=limits), "linear", "sum", 0)


TWO = '[index]\ncode = "d"\n[indicator.x]\nbetter = "higher"\n[indicator.y]\nbetter = "higher"\n'
BESIDE = TWO + '[indicator.z]\nbetter = "higher"\nweight = 0\n'


def test_the_best_in_x_gains_nothing_by_more_of_it_but_moves_the_bound() -> None:
    """own 100 and 20, rival 80 and 50: 60 against 65. At 20 in x the rival has 40 and 50, 45."""
    run = searched(three(TWO, [[10, 2], [8, 5], [0, 10]], "xy"), 1, {"x": 10.0})
    made = run.plan()
    (move,) = run.moves(made)
    assert run.goal.met(made.index) and move.points == pytest.approx(0.0, abs=1e-9) and move.why == "bounds"


def test_what_shows_no_points_is_left_out_where_the_goal_is_met_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = searched(three(BESIDE, [[2, 2, 1], [4, 4, 2], [0, 0, 0]]), 1, {"x": 4.0, "y": 4.0, "z": 1.0})
    shares = np.array([1.0, 1.0, 0.5])
    monkeypatch.setattr(run, "_plan", lambda: Made(shares, run.rebuilt(shares), "linear", False))
    made = run.plan()
    assert made.shares.tolist() == [1.0, 1.0, 0.0] and run.goal.met(made.index)
    assert {move.code: move.why for move in run.moves(made)} == {"x": None, "y": None}


def test_in_the_best_attainable_what_adds_nothing_is_called_idle() -> None:
    run = searched(three(BESIDE, [[2, 2, 1], [4, 4, 2], [0, 0, 0]]), 1, {"x": 0.5, "z": 1.0})
    made = run.plan()
    assert not run.goal.met(made.index)
    assert {move.code: move.why for move in run.moves(made)}["x"] is None
    assert all(move.why == "idle" for move in run.moves(made) if move.code == "z")


def test_an_indicator_that_its_column_carries_along_is_told() -> None:
    spec = TWO + '[indicator.twice]\nof = "x"\nscale = 2\nbetter = "higher"\nweight = 0\n'
    run = searched(three(spec, [[2, 2], [4, 4], [0, 0]], "xy"), 1, {"x": 8.0, "twice": 16.0, "y": 8.0})
    found = {move.code: move.why for move in run.moves(run.plan())}
    assert found["x"] is None and found["twice"] == "along"
