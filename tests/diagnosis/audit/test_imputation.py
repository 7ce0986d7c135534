"""Known cells are hidden and filled again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tidu.diagnosis.audit.imputation import imputation_audit
from tidu.index.result import Index

CODES = ("a", "b", "c", "e", "f", "g")


def test_known_cells_are_hidden_by_the_seed_and_filled_again(
    made: Callable[..., Index], figures: Callable[..., np.ndarray]
) -> None:
    index = made(figures(units=40, periods=3))
    first, again = imputation_audit(index, seed=5), imputation_audit(index, seed=5)
    assert repr(first) == repr(again) != repr(imputation_audit(index, seed=6))
    table = {(item.method, item.indicator): item for item in first}
    assert {item.method for item in first} >= {"mean", "median", "regression", "nearest", "em", "linear_or_constant"}
    assert all(table["mean", code].hidden == 12 == table["mean", code].filled for code in CODES)
    assert 0.6 < np.mean([table["mean", code].relative for code in CODES]) < 1.4


def test_a_copy_of_a_sibling_is_filled_best_by_regression(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=50, periods=1)
    x[:, 0, 2] = 2 * x[:, 0, 0] + 1
    table = {(item.method, item.indicator): item for item in imputation_audit(made(x), seed=1)}
    assert table["regression", "c"].relative < 0.2 < table["mean", "c"].relative


def test_a_method_that_refuses_is_told_with_its_code(made: Callable[..., Index]) -> None:
    found = imputation_audit(made(), {"group_mean": {"by": "region"}})
    assert {item.refused for item in found} == {"unknown_group"}
    assert all(item.filled == 0 and np.isnan(item.rmse) for item in found)
