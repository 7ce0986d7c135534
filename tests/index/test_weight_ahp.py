from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, SpecError, TiduError
from tidu.index.context import Context
from tidu.index.weight_ahp import (
    Pair,
    ahp,
    consistency_ratio,
    geometric_consistency,
    pair_matrix,
    principal,
    worst_triad,
)

# Saaty (1980), The Analytic Hierarchy Process, choosing a school: learning, friends, school life, vocational
# training, college preparation, music classes; printed weights, largest eigenvalue 7.49, consistency ratio 0.24.
SCHOOL = np.array(
    [
        [1, 4, 3, 1, 3, 4],
        [1 / 4, 1, 7, 3, 1 / 5, 1],
        [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3],
        [1 / 3, 5, 5, 1, 1, 3],
        [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]
)
SCHOOL_WEIGHTS = [0.32, 0.14, 0.03, 0.13, 0.24, 0.14]


def around(count: int) -> Context:
    return Context(codes=tuple(f"c{i}" for i in range(count)), address="node.x.weighting")


def pairs_of(matrix: np.ndarray) -> list[Pair]:
    return [(f"c{i}", f"c{j}", float(matrix[i, j])) for i, j in combinations(range(matrix.shape[0]), 2)]


def run(pairs: dict[str, list[Pair]] | list[Pair], count: int, **options: object):  # type: ignore[no-untyped-def]
    return ahp(np.zeros((2, count)), context=around(count), pairs=pairs, **options)  # type: ignore[arg-type]


def test_saaty_school_example() -> None:
    found = run(pairs_of(SCHOOL), 6, tolerate=True)
    assert found.values == pytest.approx(SCHOOL_WEIGHTS, abs=0.006)
    assert found.facts["largest_eigenvalue"] == pytest.approx(7.49, abs=0.071)
    assert found.facts["consistency_ratio"] == pytest.approx(0.24, abs=0.011)
    assert found.facts["consistent"] is False


def test_an_inconsistent_expert_is_refused_by_name_with_the_worst_triad() -> None:
    good = [("c0", "c1", 2.0), ("c0", "c2", 4.0), ("c1", "c2", 2.0)]
    bad = [("c0", "c1", 2.0), ("c1", "c2", 3.0), ("c0", "c2", 1 / 6)]
    with pytest.raises(MethodError) as error:
        run({"Li": good, "Wang": bad}, 3)
    values = error.value.values
    assert error.value.code == "ahp_inconsistent" and error.value.address == "node.x.weighting"
    assert values["expert"] == "Wang"
    assert {values["a"], values["b"], values["c"]} == {"c0", "c1", "c2"}
    assert values["product"] == pytest.approx(36)
    assert values["implied"] / values["a_over_c"] == pytest.approx(36, rel=1e-3)  # type: ignore[operator]
    assert run({"Li": good, "Wang": bad}, 3, tolerate=True).facts["consistent"] is False
    assert run(bad, 3, limit=5.0).facts["consistent"] is True


def test_experts_are_joined_by_the_geometric_mean() -> None:
    found = run({"a": [("c0", "c1", 2.0)], "b": [("c0", "c1", 8.0)]}, 2)
    assert found.values.tolist() == pytest.approx([0.8, 0.2])
    assert found.facts["consistency_ratio_by_expert"] == {"a": 0.0, "b": 0.0}


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("c0", "c1", 2.0), ("c0", "c2", 2.0)], "ahp_missing_pair"),
        ([("c0", "c1", 2.0), ("c1", "c0", 2.0), ("c0", "c2", 2.0), ("c1", "c2", 1.0)], "ahp_not_reciprocal"),
        ([("c0", "c0", 2.0)], "ahp_not_reciprocal"),
        ([("c0", "c1", -2.0)], "ahp_not_positive"),
        ([("c0", "d1", 2.0)], "ahp_unknown_child"),
        ({}, "ahp_no_expert"),
    ],
)
def test_faults_in_the_comparisons(pairs: list[Pair], code: str) -> None:
    with pytest.raises(SpecError) as error:
        run(pairs, 3)
    assert error.value.code == code


def test_missing_pairs_are_named() -> None:
    with pytest.raises(TiduError) as error:
        run([("c0", "c1", 2.0)], 3)
    assert error.value.values == {"expert": "1", "count": 2, "pairs": "c0–c2, c1–c2"}


def test_a_pair_written_both_ways_may_agree() -> None:
    assert run([("c0", "c1", 3.0), ("c1", "c0", 1 / 3)], 2).values.tolist() == pytest.approx([0.75, 0.25])


def test_too_many_children() -> None:
    with pytest.raises(MethodError) as error:
        run([], 16)
    assert error.value.code == "ahp_too_many"


def test_worst_triad_of_a_consistent_matrix_has_product_one() -> None:
    weights = np.array([0.5, 0.3, 0.2])
    assert worst_triad(weights[:, None] / weights)[3] == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.02, 1.0), min_size=2, max_size=9),
    st.integers(0, 99),
    st.sampled_from(["eigenvector", "geometric_mean"]),
)
def test_consistent_comparisons_give_their_weights_back(raw: list[float], seed: int, vector: str) -> None:
    weights = np.array(raw) / sum(raw)
    matrix = weights[:, None] / weights
    found = run(pairs_of(matrix), len(raw), vector=vector)
    assert found.values == pytest.approx(weights, rel=1e-9)
    assert consistency_ratio(matrix) == pytest.approx(0, abs=1e-9)
    assert geometric_consistency(matrix) == pytest.approx(0, abs=1e-9)
    turned = np.random.default_rng(seed).permutation(len(raw))
    assert principal(matrix[np.ix_(turned, turned)])[0] == pytest.approx(weights[turned], rel=1e-9)


@pytest.mark.reference
def test_handbook_comparison_matrix(reference: Path) -> None:
    with (reference / "tai" / "ahp_matrix_table20.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = [row["indicator"] for row in rows]
    matrix = np.array([[float(row[code]) for code in codes] for row in rows])
    pairs = [(codes[i], codes[j], float(matrix[i, j])) for i in range(8) for j in range(8) if i != j]
    context = Context(codes=tuple(codes))
    assert pair_matrix(pairs, context=context) == pytest.approx(matrix)
    found = ahp(np.zeros((2, 8)), context=context, pairs=pairs)
    assert found.facts["consistent"] is True
    assert codes[int(found.values.argmax())] in ("PATENTS", "SCHOOLING")
    assert found.values[codes.index("TELEPHONES")] == pytest.approx(found.values[codes.index("ELECTRICITY")])
