from __future__ import annotations

import csv
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.index import outrank
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context
from tidu.index.kemeny import kemeny_order, support_of
from tidu.index.outrank import (
    borda,
    borda_points,
    condorcet_order,
    condorcet_winner,
    copeland,
    kemeny,
    majority,
    outranking,
    strictly_above,
)


def equal(count: int) -> Context:
    return Context(codes=tuple(f"c{i}" for i in range(count)), given=np.full(count, 1 / count))


def voters(groups: list[tuple[int, str]]) -> tuple[np.ndarray, np.ndarray]:
    """One column for each group of voters, best option highest, and the groups' weights."""
    options = sorted(set(groups[0][1]))
    x = np.array([[-order.index(option) for _, order in groups] for option in options], dtype=float)
    size = np.array([count for count, _ in groups], dtype=float)
    return x, size / size.sum()


# OECD/JRC Handbook 2008, Table 25: 21 indicators rank four countries.
TABLE_25 = [(3, "abcd"), (5, "acbd"), (7, "bdca"), (6, "cbda")]


def test_handbook_table_25() -> None:
    x, weights = voters(TABLE_25)
    assert borda_points(x, weights) * 21 == pytest.approx([24, 44, 38, 20])
    counts = outranking(x, weights) * 21
    a, b, c, d = range(4)
    told = [counts[b, d], counts[b, a], counts[c, a], counts[c, b], counts[c, d], counts[d, a]]
    assert told == pytest.approx([21, 13, 13, 11, 14, 13])
    assert condorcet_order(outranking(x, weights)) == [c, b, d, a]
    assert condorcet_winner(outranking(x, weights)) == c
    found = kemeny_order(outranking(x, weights))
    assert found.exact and list(found.order) == [c, b, d, a]
    context = Context(given=weights)
    assert copeland(x[:, None], context=context)[:, 0].tolist() == [-3.0, 1.0, 3.0, -1.0]


def test_a_cycle_has_no_condorcet_order() -> None:
    x, weights = voters([(1, "abc"), (1, "bca"), (1, "cab")])
    matrix = outranking(x, weights)
    assert condorcet_order(matrix) is None and condorcet_winner(matrix) is None
    assert copeland(x[:, None], context=equal(3))[:, 0].tolist() == [0.0, 0.0, 0.0]
    assert kemeny_order(matrix).support == pytest.approx(5 / 3)


@pytest.fixture
def five(reference: Path) -> tuple[list[str], np.ndarray]:
    """Five countries of the technology index with logarithms to three decimals (Handbook Tables A.2 and 35)."""
    with (reference / "tai" / "tai_raw.csv").open(encoding="utf-8") as file:
        raw = {row["country"]: row for row in csv.DictReader(file)}
    with (reference / "tai" / "tai_raw_five_three_decimals.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            raw[row["country"]] |= row
    names = ["Finland", "United States", "Sweden", "Japan", "Korea"]
    columns = [key for key in raw["Finland"] if key != "country"]
    return ["USA" if n == "United States" else n for n in names], np.array(
        [[float(raw[name][key]) for key in columns] for name in names]
    )


@pytest.mark.reference
def test_handbook_table_36(reference: Path, five: tuple[list[str], np.ndarray]) -> None:
    names, x = five
    with (reference / "tai" / "tai_outranking_table36.csv").open(encoding="utf-8") as file:
        rows = {row["row"]: row for row in csv.DictReader(file)}
    expected = np.array([[float(rows[i][j]) for j in names] for i in names])
    assert outranking(x, np.full(8, 1 / 8)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.reference
def test_handbook_table_37(reference: Path, five: tuple[list[str], np.ndarray]) -> None:
    names, x = five
    matrix = outranking(x, np.full(8, 1 / 8))
    with (reference / "tai" / "tai_permutations_table37.csv").open(encoding="utf-8") as file:
        table = [(row["order"].split(">"), float(row["score"])) for row in csv.DictReader(file)]
    for order, support in table:
        assert support_of(matrix, [names.index(name) for name in order]) == pytest.approx(support, abs=1e-12)
    every = [support_of(matrix, order) for order in permutations(range(5))]
    assert sum(value > 6.375 - 1e-9 for value in every) == 3
    found = kemeny_order(matrix)
    assert found.exact and found.support == pytest.approx(6.375)
    assert [names[place] for place in found.order] in [order for order, support in table if support == 6.375]


@st.composite
def tables(draw: st.DrawFn, *, holes: bool = False) -> np.ndarray:
    n, c = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    x = rng.integers(0, 5, size=(n, c)).astype(float)
    if holes:
        x[rng.random((n, c)) < 0.25] = np.nan
    return x


@settings(max_examples=60, deadline=None)
@given(tables(holes=True), st.integers(0, 999))
def test_a_missing_comparison_is_credited_to_nobody(x: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random(x.shape[1]) + 0.01
    weights /= weights.sum()
    matrix = outranking(x, weights)
    n = x.shape[0]
    for i in range(n):
        for j in range(n):
            if i != j:
                above = sum(weights[c] for c in range(x.shape[1]) if x[i, c] > x[j, c])
                level = sum(weights[c] for c in range(x.shape[1]) if x[i, c] == x[j, c])
                assert matrix[i, j] == pytest.approx(above + level / 2, abs=1e-12)
    order = rng.permutation(n)
    assert outranking(x[order], weights) == pytest.approx(matrix[np.ix_(order, order)], abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(tables(holes=True), st.integers(0, 999), st.sampled_from(["copeland", "borda"]))
def test_scores_know_no_order_even_with_holes(x: np.ndarray, seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    method, context = AGGREGATIONS[name], equal(x.shape[1])
    units, children = rng.permutation(x.shape[0]), rng.permutation(x.shape[1])
    found = method.apply(x[:, None], {}, {}, context)
    turned = method.apply(x[units][:, None, children], {}, {}, context)
    assert turned == pytest.approx(found[units], abs=1e-12, nan_ok=True)
    holed = np.isnan(x).any(axis=1)
    assert np.array_equal(np.isnan(found[:, 0]), holed)
    assert found[~holed] == pytest.approx(method.apply(x[~holed][:, None], {}, {}, context), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_borda_is_the_row_sum_and_copeland_the_majority_of_the_matrix(x: np.ndarray) -> None:
    context = equal(x.shape[1])
    matrix = outranking(x, context.given)
    assert borda(x[:, None], context=context)[:, 0] == pytest.approx(matrix.sum(axis=1), abs=1e-9)
    assert copeland(x[:, None], context=context)[:, 0].tolist() == majority(matrix).sum(axis=1).tolist()


def test_copeland_in_blocks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).integers(0, 4, size=(40, 1, 5)).astype(float)
    whole = copeland(x, context=equal(5))
    monkeypatch.setattr(outrank, "_BLOCK", 300)
    assert copeland(x, context=equal(5)).tolist() == whole.tolist()


def test_a_child_without_weight_does_not_count() -> None:
    x = np.random.default_rng(1).normal(size=(6, 3))
    weights = np.array([0.5, 0.5, 0.0])
    assert strictly_above(x, weights) == pytest.approx(strictly_above(x[:, :2], weights[:2]))


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 999))
def test_kemeny_is_the_best_of_all_orders(x: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random(x.shape[1])
    matrix = outranking(x, weights / weights.sum())
    found = kemeny_order(matrix)
    best = max(support_of(matrix, order) for order in permutations(range(x.shape[0])))
    assert found.exact and sorted(found.order) == list(range(x.shape[0]))
    assert found.support == pytest.approx(best, abs=1e-9) == found.bound
    assert support_of(matrix, found.order) == pytest.approx(found.support, abs=1e-9)


def test_kemeny_scores_by_period_with_level_units_sharing() -> None:
    x = np.array([[[3.0, 3.0], [1.0, 1.0]], [[1.0, 1.0], [2.0, np.nan]], [[1.0, 1.0], [3.0, 3.0]]])
    found = kemeny(x, context=equal(2))
    assert found[:, 0].tolist() == [2.0, 0.5, 0.5]
    assert found[:, 1] == pytest.approx([0.0, np.nan, 1.0], nan_ok=True)
    assert np.isnan(kemeny(np.full((2, 1, 2), np.nan), context=equal(2))).all()


def test_kemeny_out_of_time_says_so() -> None:
    rng = np.random.default_rng(3)
    x = 0.1 * rng.normal(size=(60, 1)) + rng.normal(size=(60, 9))
    matrix = outranking(x, np.full(9, 1 / 9))
    found = kemeny_order(matrix, seconds=1e-9)
    assert sorted(found.order) == list(range(60))
    assert not found.exact and found.bound > found.support
    assert found.support == pytest.approx(support_of(matrix, found.order))
    better = kemeny_order(matrix, seconds=0.5)
    assert found.support - 1e-9 <= better.support <= better.bound + 1e-9 <= found.bound + 1e-6


def test_kemeny_of_a_hundred_units_is_exact() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(100, 1)) + rng.normal(size=(100, 8))
    matrix = outranking(x, np.full(8, 1 / 8))
    found = kemeny_order(matrix, seconds=30)
    assert found.exact
    by_borda = [int(place) for place in np.argsort(-matrix.sum(axis=1))]
    assert found.support >= support_of(matrix, by_borda)
