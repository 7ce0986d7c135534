from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tidu.core.errors import MethodError, SpecError, TiduError
from tidu.index.context import Context
from tidu.index.weight_data import critic, entropy, factor_analysis, gini, pca, regression, standard_deviation, variance
from tidu.index.weight_factor import components, varimax


def around(count: int, **more: object) -> Context:
    return Context(codes=tuple(f"c{i}" for i in range(count)), address="node.x", **more)  # type: ignore[arg-type]


def read(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0][1:], np.array([[float(value) for value in row[1:]] for row in rows[1:]])


def test_entropy_by_hand() -> None:
    x = np.array([[1.0, 1.0], [1.0, 3.0]])
    found = entropy(x, context=around(2))
    assert found.values.tolist() == [0.0, 1.0]
    share = np.array([0.25, 0.75])
    assert found.facts["entropy"]["c1"] == pytest.approx(-(share @ np.log(share)) / np.log(2))  # type: ignore[index]
    assert found.facts["constant"] == ("c0",)


def test_entropy_takes_zero_as_no_share() -> None:
    found = entropy(np.array([[0.0, 1.0], [2.0, 3.0], [2.0, 2.0]]), context=around(2))
    assert found.facts["entropy"]["c0"] == pytest.approx(np.log(2) / np.log(3))  # type: ignore[index]


def test_gini_by_hand() -> None:
    x = np.array([1.0, 2.0, 3.0, 10.0])
    pairs = np.abs(x[:, None] - x).sum() / (2 * 16 * x.mean())
    found = gini(np.column_stack([x, np.arange(1.0, 5.0)]), context=around(2))
    assert found.facts["gini"]["c0"] == pytest.approx(pairs)  # type: ignore[index]


def test_critic_by_hand() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(20, 4)) * np.array([1.0, 5.0, 0.2, 9.0])
    unit = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    information = unit.std(axis=0, ddof=1) * (1 - np.corrcoef(x.T)).sum(axis=1)
    assert critic(x, context=around(4)).values == pytest.approx(information / information.sum(), rel=1e-12)


def test_critic_is_told_the_direction_by_the_sign_of_the_scores() -> None:
    rng = np.random.default_rng(1)
    cost = rng.normal(size=30)
    x = np.column_stack([cost + 0.1 * rng.normal(size=30), cost, rng.normal(size=30)])
    turned = x * np.array([1.0, -1.0, 1.0])
    assert np.abs(critic(x, context=around(3)).values - critic(turned, context=around(3)).values).max() > 0.05


def test_critic_gives_a_constant_child_nothing() -> None:
    x = np.column_stack([np.arange(5.0), np.full(5, 3.0), np.arange(5.0)[::-1]])
    assert critic(x, context=around(3)).values.tolist() == pytest.approx([0.5, 0.0, 0.5])


@pytest.mark.parametrize("method", [entropy, standard_deviation, variance, gini, critic])
def test_data_that_say_nothing(method) -> None:  # type: ignore[no-untyped-def]
    for x, code in ((np.ones((5, 2)), "weight_no_spread"), (np.array([[1.0, np.nan], [1.0, 2.0]]), "weight_few_rows")):
        with pytest.raises(MethodError) as error:
            method(x, context=around(2))
        assert error.value.code == code


def test_critic_of_children_that_move_as_one() -> None:
    x = np.arange(6.0)[:, None] * np.array([1.0, 2.0, 7.0])
    with pytest.raises(MethodError) as error:
        critic(x, context=around(3))
    assert error.value.code == "weight_no_spread"


@pytest.mark.parametrize("method", [entropy, gini])
def test_shares_of_negative_scores_are_refused(method) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MethodError) as error:
        method(np.array([[1.0, 1.0], [2.0, -0.5]]), context=around(2))
    assert error.value.code == "weight_data_negative" and error.value.values["child"] == "c1"
    with pytest.raises(MethodError) as error:
        method(np.array([[1.0, 0.0], [2.0, 0.0]]), context=around(2))
    assert error.value.code == "weight_data_zero" and error.value.values["children"] == "c1"


@pytest.mark.reference
def test_objective_weights_of_the_asem_pillars(reference: Path) -> None:
    codes, x = read(reference / "asem" / "inputs" / "asem_pillars_geometric.csv")
    names, expected = read(reference / "asem" / "s15_objective_weights_pillars.csv")
    context = Context(codes=tuple(codes))
    assert entropy(x, context=context).values == pytest.approx(expected[:, names.index("entropy")], rel=1e-12)
    deviation = standard_deviation(x, context=context).values
    assert deviation == pytest.approx(expected[:, names.index("standard_deviation")], rel=1e-12)
    spread = variance(x, context=context, scale="min_max").values
    assert spread == pytest.approx(expected[:, names.index("variance")], rel=1e-12)


@pytest.mark.reference
def test_components_of_the_asem_pillars(reference: Path) -> None:
    _, x = read(reference / "asem" / "inputs" / "asem_pillars_geometric.csv")
    values, vectors = components(x)
    assert np.corrcoef(x.T) @ vectors == pytest.approx(vectors * values, abs=1e-12)
    assert (vectors**2).sum(axis=0) == pytest.approx(1)


@pytest.mark.reference
def test_handbook_factor_weights(reference: Path) -> None:
    """OECD/JRC Handbook 2008, Tables 7 and 22, column FA: printed with two decimals from data not printed in full."""
    codes, x = read(reference / "tai" / "tai_raw.csv")
    _, table = read(reference / "tai" / "tai_weights_table22.csv")
    _, eigen = read(reference / "tai" / "tai_eigenvalues_table7.csv")
    found = factor_analysis(x, context=Context(codes=tuple(codes)))
    assert found.facts["factors"] == 4
    assert np.array(found.facts["eigenvalues"]) / 8 * 100 == pytest.approx(eigen[:, 1], abs=0.12)
    assert found.values == pytest.approx(table[:, 1], abs=0.0115)
    own = found.facts["factor"]
    assert own["INTERNET"] == own["ELECTRICITY"] == own["SCHOOLING"]  # type: ignore[index]
    assert own["ROYALTIES"] == own["TELEPHONES"] and own["PATENTS"] == own["EXPORTS"]  # type: ignore[index]


def test_varimax_keeps_communalities_and_finds_simple_structure() -> None:
    rng = np.random.default_rng(0)
    simple = np.kron(np.eye(3), np.array([[0.9], [0.8], [0.7]]))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    found = varimax(simple @ turn)
    assert (found**2).sum(axis=1) == pytest.approx((simple**2).sum(axis=1))
    assert np.sort(np.abs(found).max(axis=1)) == pytest.approx(np.sort(simple.max(axis=1)), abs=1e-6)


def test_pca_sign_is_fixed_and_mixed_signs_are_told() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(size=(40, 1))
    x = common * np.array([1.0, 1.0, -1.0]) + 0.4 * rng.normal(size=(40, 3))
    found = pca(x, context=around(3))
    assert (found.values > 0).all()
    assert found.facts["opposed"] == ("c2",)
    with pytest.raises(MethodError) as error:
        pca(x, context=around(3), form="loading")
    assert error.value.code == "pca_mixed_signs" and error.value.values["children"] == "c2"
    turned = x * np.array([1.0, 1.0, -1.0])
    assert (pca(turned, context=around(3), form="loading").values > 0).all()
    assert pca(-turned, context=around(3)).facts["opposed"] == ()
    assert pca(turned, context=around(3), components_kept=3).values == pytest.approx(1 / 3)


@pytest.mark.parametrize("method", [pca, factor_analysis])
def test_components_refuse_a_constant_child(method) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MethodError) as error:
        method(np.column_stack([np.arange(5.0), np.full(5, 0.1)]), context=around(2))
    assert error.value.code == "weight_constant_child" and error.value.values["children"] == "c1"


def test_regression_never_goes_below_zero() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(30, 3))
    aim = x @ np.array([2.0, -1.0, 1.0]) + 5
    context = around(3, columns={"gdp": aim.reshape(10, 3)})
    found = regression(x, context=context, target="gdp")
    assert found.values[1] == 0 and found.facts["at_zero"] == ("c1",)
    assert 0 < found.facts["r2"] < 1  # type: ignore[operator]
    exact = regression(x[:, [0, 2]], context=around(2, columns={"gdp": x[:, 0] * 3 + x[:, 2]}), target="gdp")
    assert exact.values == pytest.approx([0.75, 0.25]) and exact.facts["r2"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"gpd": np.arange(6.0)}, "weight_target_unknown"),
        ({"gdp": np.arange(5.0)}, "weight_target_shape"),
        ({"gdp": np.ones(6)}, "weight_target_constant"),
        ({"gdp": -np.arange(6.0)}, "weight_target_unrelated"),
        ({"gdp": np.array([1.0, 2.0, 3.0, np.nan, np.nan, np.nan])}, "weight_few_rows"),
    ],
)
def test_regression_faults(columns: dict[str, np.ndarray], code: str) -> None:
    x = np.column_stack([np.arange(6.0), np.arange(6.0) ** 2])
    with pytest.raises(TiduError) as error:
        regression(x, context=around(2, columns=columns), target="gdp")
    assert error.value.code == code
    assert isinstance(error.value, SpecError | MethodError)
