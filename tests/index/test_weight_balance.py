from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, SpecError
from tidu.index import weight_ahp, weight_data
from tidu.index.context import Context
from tidu.index.weight_balance import balance, combined, importance_forms

assert weight_ahp and weight_data


def around(count: int, **more: object) -> Context:
    return Context(codes=tuple(f"c{i}" for i in range(count)), address="node.x", **more)  # type: ignore[arg-type]


def shares(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    strength = np.array([np.corrcoef(x[:, j], x @ w)[0, 1] ** 2 for j in range(x.shape[1])])
    return strength / strength.sum()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.integers(2, 6))
def test_what_it_says_of_importance_is_true(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    x = (rng.normal(size=(40, count)) + 0.8 * rng.normal(size=(40, 1))) * rng.uniform(0.5, 20, count)
    found = balance(x, context=around(count))
    told = np.array(list(found.facts["share"].values()))  # type: ignore[attr-defined]
    assert told == pytest.approx(shares(x, found.values), abs=1e-9)
    assert found.facts["distance"] == pytest.approx(np.abs(told - 1 / count).max(), abs=1e-12)
    assert (found.values >= 0).all() and found.values.sum() == pytest.approx(1)
    if found.facts["reached"]:
        assert shares(x, found.values) == pytest.approx(1 / count, abs=1.1e-4)


def test_reached_on_children_that_agree() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(60, 5)) + rng.normal(size=(60, 1))
    assert balance(x, context=around(5)).facts["reached"] is True
    aim = {"c0": 0.24, "c1": 0.19, "c2": 0.19, "c3": 0.19, "c4": 0.19}
    found = balance(x, context=around(5), target=aim)
    assert found.facts["reached"] is True
    assert shares(x, found.values)[0] == pytest.approx(0.24, abs=1e-4)
    by_file = balance(x, context=around(5, given=np.array([24.0, 19, 19, 19, 19])), target="given")
    assert by_file.values == pytest.approx(found.values, abs=1e-6)


def test_an_unreachable_target_is_told_and_no_weight_is_negative() -> None:
    rng = np.random.default_rng(5)
    common = rng.normal(size=(80, 1))
    x = np.column_stack([common + 0.2 * rng.normal(size=(80, 4)), -common + 0.2 * rng.normal(size=(80, 1))])
    found = balance(x, context=around(5))
    assert found.facts["reached"] is False
    assert (found.values >= 0).all()
    assert found.facts["against"] or found.facts["distance"] > 1e-4  # type: ignore[operator]


@pytest.mark.reference
def test_asem_pillars_cannot_be_balanced_and_no_weight_is_negative(reference: Path) -> None:
    """A search without bounds finds negative weights here and calls it success; no weights of zero or more will do."""
    with (reference / "asem" / "inputs" / "asem_pillars_geometric.csv").open(encoding="utf-8") as file:
        x = np.array([[float(value) for value in row[1:]] for row in list(csv.reader(file))[1:]])
    found = balance(x, context=around(8))
    assert (found.values >= 0).all()
    assert found.facts["reached"] is False
    reached = np.sum((shares(x, found.values) - 1 / 8) ** 2)
    for weights in np.random.default_rng(0).dirichlet(np.full(8, 0.5), size=3000):
        assert np.sum((shares(x, weights) - 1 / 8) ** 2) >= reached * (1 - 1e-6)


def test_correlation_ratio_sees_a_bent_link() -> None:
    x = np.linspace(-1, 1, 41)
    both = np.column_stack([x, x**2])
    w = np.array([0.0, 1.0])
    for measure, expected in (("r2", 0.0), ("correlation_ratio", 1.0)):
        forms, total = importance_forms(both, measure)  # type: ignore[arg-type]
        assert w @ forms[0] @ w / (w @ total @ w) == pytest.approx(expected, abs=1e-9)
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(60, 3)) + rng.normal(size=(60, 1))
    found = balance(mixed, context=around(3), measure="correlation_ratio")
    assert found.facts["reached"] is True and found.facts["measure"] == "correlation_ratio"


def test_balance_refuses_what_it_cannot_weigh() -> None:
    x = np.column_stack([np.arange(5.0), np.ones(5)])
    with pytest.raises(MethodError) as error:
        balance(x, context=around(2))
    assert error.value.code == "weight_constant_child"
    with pytest.raises(SpecError) as spec_error:
        balance(x * x[:, :1], context=around(2), target={"c0": 1.0})
    assert spec_error.value.code == "weight_set_incomplete"


X = np.array([[1.0, 4.0, 2.0], [3.0, 1.0, 2.5], [2.0, 9.0, 9.0], [5.0, 2.0, 1.0]])
PAIRS = [["c0", "c1", 2.0], ["c0", "c2", 4.0], ["c1", "c2", 2.0]]


def test_linear_and_product() -> None:
    experts = {"method": "ahp", "pairs": PAIRS}
    context = around(3)
    data = weight_data.entropy(X, context=context).values
    people = np.array([4, 2, 1]) / 7
    linear = combined(X, context=context, of=[experts, "entropy"], coefficients=[3.0, 1.0])
    assert linear.values == pytest.approx(0.75 * people + 0.25 * data)
    product = combined(X, context=context, of=[experts, "entropy"], by="product")
    assert product.values == pytest.approx(people * data / (people @ data))
    assert [name for name, _ in linear.facts["parts"]] == ["ahp", "entropy"]  # type: ignore[attr-defined]


def test_game_solves_its_equations() -> None:
    context = around(3)
    found = combined(X, context=context, of=["equal", "entropy"], by="game")
    parts = np.array([values for _, values in found.facts["parts"]])  # type: ignore[attr-defined]
    solved = np.linalg.solve(parts @ parts.T, np.diag(parts @ parts.T))
    if (solved >= 0).all():
        assert found.facts["coefficients"] == pytest.approx(solved / solved.sum())
        assert found.values == pytest.approx(solved / solved.sum() @ parts)


def test_game_refuses_a_negative_coefficient() -> None:
    sets = {"mild": {"c0": 5.0, "c1": 3.0, "c2": 2.0}, "steep": {"c0": 8.0, "c1": 1.0, "c2": 1.0}}
    context = around(3, weight_sets=sets)
    named = [{"method": "given", "set": name} for name in sets]
    mild, steep = (np.array(list(values.values())) / sum(values.values()) for values in sets.values())
    parts = np.array([mild, steep])
    solved = np.linalg.solve(parts @ parts.T, np.diag(parts @ parts.T))
    assert (solved < 0).any()
    with pytest.raises(MethodError) as error:
        combined(X, context=context, of=named, by="game")  # type: ignore[arg-type]
    assert error.value.code == "combined_game_negative"


@pytest.mark.parametrize(
    ("of", "more", "code"),
    [
        (["equal", "combined"], {}, "combined_part"),
        (["equal", {"pairs": PAIRS}], {}, "combined_part"),
        (["equal", {"method": "ahp", "pears": PAIRS}], {}, "combined_key"),
        (["equal", {"method": "ahp", "pairs": 3}], {}, "combined_value"),
        (["equal", "ahp"], {}, "combined_value"),
        (["equal", "entrpy"], {}, "unknown_method"),
        (["equal", "entropy"], {"coefficients": [1.0]}, "combined_count"),
        (["equal", "entropy"], {"coefficients": [1.0, 1.0], "by": "game"}, "combined_count"),
    ],
)
def test_faults_in_the_parts(of: list[object], more: dict[str, object], code: str) -> None:
    with pytest.raises(SpecError) as error:
        combined(X, context=around(3), of=of, **more)  # type: ignore[arg-type]
    assert error.value.code == code
