"""The steps as formulas: texts by hand, parameters against what the index learnt, refusals with the node."""

from __future__ import annotations

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import MethodError
from tidu.index.spec import ColumnTable
from tidu.publish.edition import Edition
from tidu.publish.live_workbook.formulas import bounds, check, derived, figure, indicator, joined, normalised

CELLS = {"a": "B7", "b": "C7"}


def test_derived_columns_by_hand() -> None:
    assert derived(ColumnTable(ratio=("a", "b"), scale=100.0), CELLS) == '=IF(COUNT(B7,C7)=2,IF(C7<>0,B7/C7*100,""),"")'
    assert derived(ColumnTable(share=("a", "b")), CELLS) == '=IF(COUNT(B7,C7)=2,IF(C7<>0,100*B7/C7,""),"")'
    assert derived(ColumnTable(sum=("a", "b")), CELLS) == '=IF(COUNT(B7,C7)=2,(B7+C7),"")'
    assert derived(ColumnTable(difference=("a", "b")), CELLS) == '=IF(COUNT(B7,C7)=2,(B7-C7),"")'
    assert derived(ColumnTable(coalesce=("a", "b")), CELLS) == '=IF(ISNUMBER(B7),B7,IF(ISNUMBER(C7),C7,""))'
    assert derived(ColumnTable(growth="a"), CELLS) is None


def test_an_indicator_has_no_figure_at_too_small_a_denominator() -> None:
    assert indicator("B7", "C7", 1.0, 100.0) == '=IF(COUNT(B7,C7)=2,IF(C7>=100,B7/C7,""),"")'
    assert indicator("B7", None, 1e-4, None) == '=IF(ISNUMBER(B7),B7*0.0001,"")'


@pytest.mark.parametrize("value", [0.1, 1e-12, 123456789.0, 2.0 / 3.0, -5.5])
def test_a_number_in_a_formula_is_the_number(value: float) -> None:
    assert float(figure(value)) == value


def test_bounds_are_formulas_with_other_years_as_they_are() -> None:
    yearly, pooled = app.make("city-ip-core"), app.make("city-ip-core", changes=["normalise.over=panel"])
    low, high = bounds(yearly, 4, "2023", "X")
    assert low is not None and high is not None and (low.formula, high.formula) == ("=MIN(X)", "=MAX(X)")
    low, high = bounds(pooled, 4, "2023", "X")
    rest = pooled.treated[:, :2, 4]
    assert low is not None and low.formula == f"=MIN(X,{figure(float(np.nanmin(rest)))})"
    assert low.value == np.nanmin(pooled.treated[:, :, 4])


def test_frozen_parameters_of_other_figures_are_values() -> None:
    whole = app.make("city-ip-core")
    own = app.make("city-ip-core", changes=["data.330800.2023.gdp=9999"], frozen=whole.frozen)
    low, _ = bounds(own, 4, "2023", "X")
    assert low is not None and low.formula is None


def test_lower_is_better_turns_the_share() -> None:
    spec = {"index": {"code": "d"}, "indicator": {"a": {"better": "lower"}}}
    index = app.make(spec, {"unit": ["x", "y"], "period": ["2023"] * 2, "a": [1.0, 3.0]})
    assert normalised(index, 0, "2023", "A1", "L", "H", "R") == '=IF(ISNUMBER(A1),100*(H-A1)/(H-L),"")'


def test_joins_require_all_children_or_skip(cities: Edition) -> None:
    framework = cities.index.framework
    made = joined(framework, "output", ["W1", "W2"], ["C1", "C2"], ("W1:W2", "C1:C2"))
    assert made == '=IF(COUNT(C1:C2)>=2,IF(SUM(W1:W2)>0,SUMPRODUCT(W1:W2,C1:C2)/SUM(W1:W2),""),"")'
    skip = framework.put("aggregate.missing=skip")
    assert "ISNUMBER(C1:C2)*1" in joined(skip, "output", ["W1", "W2"], ["C1", "C2"], ("W1:W2", "C1:C2"))


@pytest.mark.parametrize(
    ("changes", "code", "node"),
    [
        (["pillar.output_scale.aggregate.method=copeland"], "live_method", "output_scale"),
        (["indicator.exports.treat.method=box_cox"], "live_method", "exports"),
        (["normalise.method=percentile_rank", "normalise.over=panel"], "live_pooled", "inventions_granted"),
    ],
)
def test_what_has_no_formula_is_refused_with_its_node(changes: list[str], code: str, node: str) -> None:
    index = app.make("city-ip-core", changes=[*changes, "index.years=[2022, 2023]"])
    with pytest.raises(MethodError) as caught:
        check(index, "2023")
    assert (caught.value.code, caught.value.values["node"]) == (code, node)
