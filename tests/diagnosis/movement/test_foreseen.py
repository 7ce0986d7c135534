"""The score of plans under the parameters of today, and the points of their moves."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnosis.movement.test_plan import made

from tidu.diagnosis.movement.foreseen import Foreseen
from tidu.diagnosis.movement.goal import Goal
from tidu.diagnosis.movement.levers import levers
from tidu.index.result import Index


def ahead(index: Index, rank: int, unit: str = "b") -> Foreseen:
    return Foreseen(index, Goal(index.units.index(unit), 1, rank, None), levers(index, unit), 0)


def test_scores_under_todays_parameters_stop_at_the_best_figure_of_today() -> None:
    """x may go from 14 to 16.8, 28 points; y from 18 down to 15, 30 points."""
    run = ahead(made(), 3)
    assert run.codes == ["x", "y"] and run.score(np.zeros(2)) == pytest.approx(30.0)
    assert run.score(np.array([1.0, 1.0])) == pytest.approx(30.0 + (28.0 + 30.0) / 2)
    near = ahead(made(), 1, unit="d")
    assert near.score(np.ones(2)) == pytest.approx(100.0)


def test_points_of_moves_add_up() -> None:
    run = ahead(made(), 2)
    moves = run.moves(np.array([0.5, 1.0]))
    assert [(move.lever, move.points) for move in moves] == [("y", pytest.approx(15.0)), ("x", pytest.approx(7.0))]
    assert moves[0].end == pytest.approx(15.0) and moves[0].change == pytest.approx(-3.0)
