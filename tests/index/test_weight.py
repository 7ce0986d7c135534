from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import SpecError, TiduError
from tidu.index import weight_ahp, weight_balance, weight_data
from tidu.index.context import Context
from tidu.index.weight import WEIGHTINGS, budget_allocation, concordance, effective, settle
from tidu.index.weight import equal as equal_weights
from tidu.index.weight import given as given_weights

DATA_DRIVEN = ("entropy", "standard_deviation", "variance", "gini", "critic", "pca", "factor_analysis", "balance")


def around(count: int, **more: object) -> Context:
    return Context(codes=tuple(f"c{i}" for i in range(count)), address="node.x", **more)  # type: ignore[arg-type]


def code_of(error: pytest.ExceptionInfo[TiduError]) -> str:
    return error.value.code


def test_every_method_names_its_source_and_says_what_comes_back() -> None:
    assert weight_ahp and weight_balance and weight_data
    assert set(DATA_DRIVEN) < set(WEIGHTINGS)
    for name in WEIGHTINGS:
        assert WEIGHTINGS[name].source
        assert WEIGHTINGS[name].summary.endswith(".")
        WEIGHTINGS[name].model.model_json_schema()


def test_equal_and_given() -> None:
    x = np.zeros((3, 4))
    assert equal_weights(x, context=around(4)).values.tolist() == [0.25] * 4
    written = around(4, given=np.array([1.0, 1.0, 0.0, 2.0]))
    assert given_weights(x, context=written).values.tolist() == [0.25, 0.25, 0.0, 0.5]
    assert given_weights(x, context=around(4, given=np.ones(1))).values.tolist() == [0.25] * 4


def test_named_set() -> None:
    sets = {"panel": {"c0": 3.0, "c1": 1.0, "elsewhere": 9.0}, "short": {"c0": 1.0}}
    found = given_weights(np.zeros((2, 2)), context=around(2, weight_sets=sets), set="panel")
    assert found.values.tolist() == [0.75, 0.25]
    with pytest.raises(SpecError) as error:
        given_weights(np.zeros((2, 2)), context=around(2, weight_sets=sets), set="pannel")
    assert code_of(error) == "weight_set_unknown" and error.value.did_you_mean == "panel"
    with pytest.raises(SpecError) as error:
        given_weights(np.zeros((2, 2)), context=around(2, weight_sets=sets), set="short")
    assert code_of(error) == "weight_set_incomplete" and error.value.values["lacking"] == "c1"


@pytest.mark.parametrize(
    ("values", "code"),
    [([1.0, -0.1], "weight_below_zero"), ([0.0, 0.0], "weight_all_zero"), ([1.0, np.nan], "weight_not_a_number")],
)
def test_weights_that_are_no_weights(values: list[float], code: str) -> None:
    with pytest.raises(SpecError) as error:
        given_weights(np.zeros((2, 2)), context=around(2, given=np.array(values)))
    assert code_of(error) == code and error.value.address == "node.x"


def test_settle_of_very_small_and_very_large() -> None:
    assert settle(np.array([1e-300, 3e-300]), context=around(2), method="given").values.tolist() == [0.25, 0.75]
    assert settle(np.array([1e300, 1e308]), context=around(2), method="given").values.sum() == 1.0


def test_budget_allocation_rounds() -> None:
    first = {"e1": {"c0": 70.0, "c1": 30.0}, "e2": {"c0": 30.0, "c1": 70.0}, "e3": {"c0": 50.0, "c1": 50.0}}
    second = {"e1": {"c0": 60.0, "c1": 40.0}, "e2": {"c0": 55.0, "c1": 45.0}, "e3": {"c0": 65.0, "c1": 35.0}}
    found = budget_allocation(np.zeros((2, 2)), context=around(2), rounds=[first, second])
    assert found.values.tolist() == pytest.approx([0.6, 0.4])
    assert found.facts["spread_shrank"] is True
    assert found.facts["kendall_w"] == pytest.approx((0.0, 1.0))
    assert found.facts["coefficient_of_variation"][0]["c0"] == pytest.approx(20 / 50)  # type: ignore[index]
    back = budget_allocation(np.zeros((2, 2)), context=around(2), rounds=[second, first])
    assert back.facts["spread_shrank"] is False


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ({"c0": 50.0, "c1": 49.0}, "budget_total"),
        ({"c0": 110.0, "c1": -10.0}, "budget_negative"),
        ({"c0": 100.0}, "budget_children"),
        ({"c0": 50.0, "c1": 50.0, "c9": 0.0}, "budget_children"),
    ],
)
def test_budget_faults_name_the_expert_and_the_round(sheet: dict[str, float], code: str) -> None:
    good = {"e1": {"c0": 50.0, "c1": 50.0}}
    with pytest.raises(SpecError) as error:
        budget_allocation(np.zeros((2, 2)), context=around(2), rounds=[good, {"e1": {"c0": 50.0, "c1": 50.0}, "e2": sheet}])
    assert code_of(error) == code
    assert (error.value.values["expert"], error.value.values["round"]) == ("e2", 2)


def test_concordance_with_ties() -> None:
    # Three judges, four items; hand count with the correction for ties (Kendall and Gibbons 1990, ch. 6).
    ranks = np.array([[1.0, 2.5, 2.5, 4.0], [1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 3.0, 4.0]])
    total = ranks.sum(axis=0)
    expected = 12 * np.sum((total - total.mean()) ** 2) / (9 * 60 - 3 * 6)
    assert concordance(-ranks) == pytest.approx(expected)


def test_effective_weights_of_a_ragged_tree() -> None:
    parents = {"i": None, "p": "i", "q": "i", "a": "p", "b": "p"}
    assert effective(parents, {"a": 2.0, "p": 3.0}) == pytest.approx({"i": 1, "p": 0.75, "q": 0.25, "a": 0.5, "b": 0.25})
    with pytest.raises(SpecError) as error:
        effective({"a": "b", "b": "a"}, {})
    assert code_of(error) == "weight_cycle"
    with pytest.raises(SpecError) as error:
        effective({"a": "index"}, {})
    assert code_of(error) == "weight_parent_unknown"


@pytest.mark.reference
def test_effective_weights_of_asem(reference: Path) -> None:
    with (reference / "asem" / "inputs" / "asem_imeta.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Type"] in ("Indicator", "Aggregate")]
    found = effective({row["iCode"]: row["Parent"] or None for row in rows}, {row["iCode"]: float(row["Weight"]) for row in rows})
    with (reference / "asem" / "s07_effective_weights.csv").open(encoding="utf-8") as file:
        expected = {row["iCode"]: float(row["EffWeight"]) for row in csv.DictReader(file)}
    assert found == pytest.approx(expected, rel=1e-12)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    n, c = draw(st.integers(6, 25)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    common = rng.normal(size=(n, 1))
    return np.exp(rng.normal(size=(n, c)) + draw(st.floats(-1, 1)) * common) + 1.0


@settings(max_examples=25, deadline=None)
@given(tables(), st.integers(0, 1000))
def test_data_driven_weights_are_shares_and_know_no_order(x: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(x.shape[0]), rng.permutation(x.shape[1])
    for name in DATA_DRIVEN:
        context = around(x.shape[1])
        found = WEIGHTINGS[name].apply(x, {}, {}, context)
        assert (found.values >= 0).all() and found.values.sum() == pytest.approx(1, abs=1e-12)
        assert json.loads(json.dumps(found.facts))  # plain values only
        holed = np.vstack([x, np.full((1, x.shape[1]), np.nan)])
        holed[-1, 0] = 5.0
        again = WEIGHTINGS[name].apply(holed, {}, {}, context)
        assert again.values == pytest.approx(found.values, abs=1e-12), name
        if name == "balance" and not found.facts["reached"]:
            continue  # the nearest weights to an unreachable target need not be unique
        turned = WEIGHTINGS[name].apply(x[rows][:, columns], {}, {}, context)
        assert turned.values == pytest.approx(found.values[columns], abs=1e-5 if name == "balance" else 1e-9), name
