"""Many small programs at once against scipy, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tidu.index.least_cost import least_cost


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 5))
def test_each_unit_gets_the_cost_of_its_own_program(seed: int, units: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    peers, need = rng.uniform(0.1, 10, (units, columns)), rng.uniform(0, 10, (4, columns))
    found = least_cost(peers, 1.0, np.zeros((4, columns, 0)), np.zeros(0), need)
    for place in range(4):
        alone = linprog(np.ones(units), A_ub=-peers.T, b_ub=-need[place], method="highs")
        assert found[place] == pytest.approx(alone.fun, abs=1e-8)


def test_a_column_of_the_units_own_is_used_when_it_is_cheaper() -> None:
    peers, need = np.array([[1.0]]), np.array([[4.0], [4.0]])
    own = np.array([[[2.0]], [[0.5]]])
    assert least_cost(peers, 1.0, own, np.array([1.0]), need).round(9).tolist() == [2.0, 4.0]


def test_what_cannot_be_matched_is_missing() -> None:
    found = least_cost(np.array([[1.0, 0.0]]), 1.0, np.zeros((2, 2, 0)), np.zeros(0), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert found[0] == pytest.approx(1.0)
    assert np.isnan(found[1])
