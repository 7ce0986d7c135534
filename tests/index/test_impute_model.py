"""Fills by a model: what is learnt by hand, what cannot be learnt, draws and their pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.errors import MethodError
from tidu.index.context import Context
from tidu.index.impute import IMPUTATIONS
from tidu.index.impute_model import draws, fit_em, pool

NAN = np.nan


def around(units: int, periods: int, codes: int) -> Context:
    names = tuple(f"u{i}" for i in range(units))
    return Context(units=names, periods=tuple(str(2020 + i) for i in range(periods)), codes=tuple(f"c{i}" for i in range(codes)))


def fill(name: str, x: object, **options: Any) -> np.ndarray:
    array = np.array(x, dtype=float)
    method, here = IMPUTATIONS[name], around(*array.shape)
    found: np.ndarray = method.apply(array, method.fit(array, options, here), options, here)
    return found


def column(*values: float) -> np.ndarray:
    """One indicator, one period."""
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def test_regression_on_the_other_indicators() -> None:
    # b = 1 + 2a exactly on the complete rows, so a = 6 gives 13 and b = 21 gives 10.
    x = np.array([[[1.0, 3.0]], [[2.0, 5.0]], [[4.0, 9.0]], [[6.0, NAN]], [[NAN, 21.0]]])
    assert fill("regression", x)[3:].reshape(2, 2) == pytest.approx(np.array([[6.0, 13.0], [10.0, 21.0]]))


@pytest.mark.parametrize("name", ["regression", "nearest", "em"])
def test_too_few_rows_to_learn_from(name: str) -> None:
    with pytest.raises(MethodError) as caught:
        fill(name, np.array([[[1.0, NAN]], [[NAN, 2.0]]]))
    assert caught.value.code == "too_few_rows"


def test_the_mean_of_the_nearest() -> None:
    x = np.array([[[1.0, 10.0]], [[2.0, 20.0]], [[9.0, 90.0]], [[1.4, NAN]], [[NAN, NAN]]])
    assert fill("nearest", x, k=1)[3, 0, 1] == 10.0
    assert fill("nearest", x, k=2)[3, 0, 1] == 15.0
    assert fill("nearest", x, k=99)[3, 0, 1] == 40.0
    assert np.isnan(fill("nearest", x, k=1)[4]).all()  # nothing seen of the unit: no neighbour


def test_expectation_maximisation_finds_the_line_of_two_indicators() -> None:
    rng = np.random.default_rng(11)
    a = rng.normal(10, 2, 300)
    x = np.stack([a, 3 * a - 5], axis=1)[:, None, :]
    x[:40, 0, 1] = NAN
    assert fill("em", x)[:40, 0, 1] == pytest.approx(3 * a[:40] - 5, rel=1e-3)


def test_expectation_maximisation_on_independent_indicators_is_the_mean() -> None:
    # A balanced design: every a meets every b, so nothing is learnt of one from the other.
    x = np.array([[a, b] for a in (1.0, 2.0, 3.0) for b in (10.0, 20.0, 60.0)] + [[2.0, NAN]])[:, None, :]
    assert fill("em", x)[-1, 0, 1] == pytest.approx(30.0, rel=1e-3)


def test_draws_scatter_around_the_expectation_and_are_had_again_with_the_seed() -> None:
    rng = np.random.default_rng(2)
    a = rng.normal(size=200)
    x = np.stack([a, a + rng.normal(size=200)], axis=1)[:, None, :]
    x[0, 0, 1] = NAN
    fitted = fit_em(x, context=around(200, 1, 2))
    many = draws(x, **fitted, m=400, seed=7)
    assert np.array_equal(many, draws(x, **fitted, m=400, seed=7))
    cell = many[:, 0, 0, 1]
    assert cell.std() > 0.5
    assert cell.mean() == pytest.approx(fill("em", x)[0, 0, 1], abs=4 * cell.std() / 20)
    assert np.array_equal(many[:, 1:], np.broadcast_to(x[1:], many[:, 1:].shape))


def test_rubins_rules() -> None:
    # estimates 1, 2, 6: mean 3, between 7 (n − 1); within 2; total 2 + (1 + 1/3) · 7 = 11⅓.
    estimate, variance = pool(np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    assert estimate == pytest.approx(3.0)
    assert variance == pytest.approx(2 + 4 / 3 * 7)


def test_draws_hang_on_the_unit_and_not_on_its_row() -> None:
    x = np.array([[[1.0, NAN]], [[2.0, NAN]]])
    one = draws(x, np.zeros(2), np.eye(2), m=2, seed=1, units=("a", "b"))
    two = draws(x[::-1], np.zeros(2), np.eye(2), m=2, seed=1, units=("b", "a"))
    assert np.array_equal(one, two[:, ::-1])
