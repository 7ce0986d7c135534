"""A unit's printed columns, one changed at a time: what they feed, slopes on both sides, the first step that does it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnosis.movement.test_moves import MAKERS, SHARED

from tidu.diagnosis.movement.steps import HALVINGS, Search, lines_of
from tidu.diagnosis.movement.yardstick import yardstick
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel


@pytest.fixture(scope="module")
def index() -> Index:
    """Totals 0, 2, 4, 8 tens; densities 0, 2, 2, 10; other 9, 5, 4, 1 (lower is better)."""
    panel = Panel.of(list("wxyz"), ["2023"], ["made", "people", "other"], np.array(MAKERS)[:, None])
    return build(Framework.parse(SHARED), panel)


def test_a_line_a_column_in_the_order_of_the_file(index: Index) -> None:
    made, other = lines_of(index, 1, 0, np.ones(3, dtype=bool))
    assert (made.column, made.lead, made.held, made.feed.places.tolist()) == ("made", 0, None, [0, 1])
    assert (other.column, other.held, other.feed.places.tolist()) == ("other", None, [2])
    assert [line.column for line in lines_of(index, 1, 0, np.array([False, False, True]))] == ["other"]


def test_slopes_on_both_sides_and_the_first_step_that_is_enough(index: Index) -> None:
    search = Search(yardstick(index, "x", None), index.framework.code, lines_of(index, 1, 0, np.ones(3, dtype=bool)))
    better, worse = search.slopes()
    assert better == pytest.approx([0.75, -100 / 8 / 3]) and worse == pytest.approx(better)  # no bound is near on either side
    wanted = search.own + 7.5

    def enough(at: np.ndarray, changes: np.ndarray) -> np.ndarray:
        return np.asarray(search.score(search.rows(at, changes)) >= wanted)

    steps = search.first(enough, np.array([True, False]), HALVINGS)
    assert steps[0] == pytest.approx(10.0) and np.isnan(steps[1])
    assert not enough(np.array([0]), np.array([0.999 * steps[0]]))[0]
    assert np.isnan(search.first(lambda at, changes: np.zeros(len(at), dtype=bool), np.ones(2, dtype=bool), HALVINGS)).all()


def test_figures_are_changed_in_their_own_row_only(index: Index) -> None:
    search = Search(yardstick(index, "x", None), index.framework.code, lines_of(index, 1, 0, np.ones(3, dtype=bool)))
    rows = search.rows([0, 1], np.array([10.0, -1.0]))
    assert rows == pytest.approx(np.array([[3.0, 3.0, 5.0], [2.0, 2.0, 4.0]]))
