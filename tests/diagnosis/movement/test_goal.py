"""What a goal asks for."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnosis.movement.test_plan import made

from tidu.diagnosis.movement.goal import Goal, rank_of


def test_a_goal_asks_for_the_score_of_the_unit_at_the_rank_itself_left_out() -> None:
    """Scores 0, 30, 50, 100 and 50 (x 20, y 80): without b the third is 50, the fourth 0."""
    index = made()
    assert index.scores[:, 1, -1].tolist() == pytest.approx([0.0, 30.0, 50.0, 100.0, 50.0])
    assert [Goal(1, 1, rank, None).asked(index) for rank in (1, 2, 3, 4)] == pytest.approx([100.0, 50.0, 50.0, 0.0])
    assert Goal(1, 1, 5, None).asked(index) == -np.inf
    assert Goal(1, 1, None, 12.5).asked(index) == 12.5 and not Goal(1, 1, None, 30.1).met(index)
    assert rank_of(index, 1, 1) == 4 and Goal(1, 1, 4, None).met(index) and not Goal(1, 1, 3, None).met(index)
