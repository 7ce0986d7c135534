from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.core.stats import rank_high
from tidu.index.acceptability import acceptability, chunks, order_rows, rank_counts, rank_rows, simplex

X = np.random.default_rng(3).uniform(1, 100, (12, 5))


# --- ranks of many rows -------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(1, 40),
    st.integers(1, 25),
    st.sampled_from([-1e6, -3.0, 0.0, 1e-9, 0.7, 1e6]),
    st.booleans(),
)
def test_ranks_of_rows_are_those_of_the_house(seed: int, draws: int, units: int, scale: float, holes: bool) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 8, (draws, units)) * scale + rng.choice([0.0, 1e-13], (draws, units)) * scale
    if holes:
        scores[rng.random(scores.shape) < 0.2] = np.nan
    wanted = np.nan_to_num(rank_high(scores.T).T).astype(int)
    assert np.array_equal(rank_rows(scores), wanted)


def test_ranks_of_many_units_without_ties() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 5000))
    assert np.array_equal(rank_rows(scores), rank_high(scores.T).T)


def test_the_order_is_from_the_best_down() -> None:
    order, place = order_rows(np.array([[1.0, 5.0, 3.0]]))
    assert (order.tolist(), place.tolist()) == ([[1, 2, 0]], [[1, 2, 3]])


def test_a_row_without_any_score_has_no_ranks() -> None:
    assert rank_rows(np.array([[np.nan, np.nan], [1.0, 2.0]])).tolist() == [[0, 0], [2, 1]]


def test_counts_are_the_ranks_counted_in_blocks() -> None:
    scores = np.random.default_rng(1).normal(size=(50_000, 7))
    ranks = rank_rows(scores)
    wanted = [[int(np.sum(ranks[:, u] == r)) for r in range(8)] for u in range(7)]
    assert rank_counts(scores).tolist() == wanted


def test_chunks_cover_all_rows_once() -> None:
    assert [row for part in chunks(11, 3, 7) for row in range(part.start, part.stop)] == list(range(11))
    assert chunks(0, 3) == []


# --- acceptability ------------------------------------------------------------------------------------------------


def test_rows_and_columns_of_acceptability_sum_to_one() -> None:
    found = acceptability(X, draws=3000, seed=2)
    assert found.acceptability.sum(axis=1) == pytest.approx(np.ones(12))
    assert found.acceptability.sum(axis=0) == pytest.approx(np.ones(12))
    assert found.draws == 3000


def test_central_weights_by_hand() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 0.1]])
    weights = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]])
    found = acceptability(scores, weights)
    assert found.acceptability[:, 0] == pytest.approx([2 / 3, 1 / 3, 0])
    assert found.central[:2] == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8]]))
    assert np.isnan(found.central[2]).all()
    assert found.confidence.tolist() == [1.0, 1.0, 0.0]
    assert found.expected_rank == pytest.approx([4 / 3, 5 / 3, 8 / 3])


def test_central_weights_when_the_first_rank_is_shared() -> None:
    scores = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    weights = np.array([[0.9, 0.1], [0.2, 0.8]])
    found = acceptability(scores, weights)
    assert found.acceptability[:, 0].tolist() == [0.5, 0.5, 0.5]
    assert found.central.tolist() == [[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]]
    assert found.pairwise[0, 1] == 0.5


def test_pairwise_winning_is_one_against_the_other() -> None:
    found = acceptability(X, draws=500, seed=4)
    assert found.pairwise + found.pairwise.T == pytest.approx(np.ones((12, 12)))
    made = found.weights @ X.T
    assert found.pairwise[3, 7] == pytest.approx(np.mean(made[:, 3] > made[:, 7]))


def test_the_mean_rank_is_one_more_than_the_lost_pairs() -> None:
    found = acceptability(X, draws=500, seed=4)
    lost = found.pairwise.T.sum(axis=1) - 0.5
    assert found.expected_rank == pytest.approx(1 + lost)


def test_a_unit_that_dominates_is_always_first() -> None:
    x = np.vstack([X, X.max(axis=0) + 1])
    found = acceptability(x, draws=500, seed=0)
    assert found.acceptability[12, 0] == 1.0
    assert found.holistic()[12] == 1.0
    assert found.central[12] == pytest.approx(found.weights.mean(axis=0))


def test_two_units_share_the_weights_as_geometry_says() -> None:
    found = acceptability(np.array([[1.0, 0.0], [0.0, 3.0]]), draws=200_000, seed=5)
    assert found.acceptability[0, 0] == pytest.approx(0.25, abs=0.005)  # the first leads where its own weight is above 3/4
    assert found.top(2).tolist() == [1, 1]


def test_the_order_of_units_changes_nothing() -> None:
    mixed = np.random.default_rng(9).permutation(12)
    one, two = acceptability(X, draws=400, seed=1), acceptability(X[mixed], draws=400, seed=1)
    assert np.array_equal(one.acceptability[mixed], two.acceptability)
    assert one.central[mixed] == pytest.approx(two.central, nan_ok=True)


def test_weights_are_rescaled_and_the_seed_decides() -> None:
    weights = simplex(5, 300, seed=8)
    assert np.array_equal(acceptability(X, weights * 7).acceptability, acceptability(X, weights).acceptability)
    assert np.array_equal(acceptability(X, draws=300, seed=8).acceptability, acceptability(X, weights).acceptability)
    assert weights.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.03)


def test_holistic_scores_take_meta_weights() -> None:
    found = acceptability(X, draws=300, seed=1)
    first = [1.0, *([0.0] * 11)]
    assert np.array_equal(found.holistic(first), found.acceptability[:, 0])
    with pytest.raises(UsageError) as caught:
        found.holistic([1.0, 0.5])
    assert (caught.value.code, caught.value.values) == ("meta_weights", {"found": 2, "wanted": 12})


@pytest.mark.parametrize("weights", [np.ones((3, 4)), np.ones(5), -np.ones((2, 5)), np.zeros((2, 5)), np.ones((0, 5))])
def test_weights_that_do_not_fit_are_refused(weights: np.ndarray) -> None:
    with pytest.raises(UsageError) as caught:
        acceptability(X, weights)
    assert caught.value.code == "smaa_shape"


def test_holes_are_refused_by_name() -> None:
    x = X.copy()
    x[2, 1] = np.nan
    with pytest.raises(UsageError) as caught:
        acceptability(x, units=[f"u{k}" for k in range(12)])
    assert (caught.value.code, caught.value.values["units"]) == ("smaa_holes", "u2")
