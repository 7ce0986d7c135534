"""Known cells are hidden and filled again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.diagnosis.audit.imputation import imputation_audit
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

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


def test_the_order_of_units_and_indicators_changes_nothing() -> None:
    """Which figures are hidden hangs on codes, not on places (figures are synthetic)."""
    rng = np.random.default_rng(4)
    figures = rng.lognormal(size=(12, 3))
    figures[2, 1] = np.nan
    units, codes = [f"u{at}" for at in range(12)], ["a", "b", "c"]
    found = []
    for rows, columns in ((np.arange(12), [0, 1, 2]), (rng.permutation(12), [2, 0, 1])):
        own = [codes[k] for k in columns]
        spec = {"index": {"code": "x"}, "impute": {"method": "mean"}, "indicator": {code: {"better": "higher"} for code in own}}
        panel = Panel.of([units[u] for u in rows], ["2023"], own, figures[rows][:, columns][:, None, :])
        refills = imputation_audit(build(Framework.of(spec), panel), {"mean": {}, "nearest": {}}, share=0.3)
        found.append({(row.method, row.indicator): (row.hidden, row.rmse) for row in refills})
    assert found[0].keys() == found[1].keys()
    for key, (hidden, rmse) in found[0].items():
        assert found[1][key] == (hidden, pytest.approx(rmse))
