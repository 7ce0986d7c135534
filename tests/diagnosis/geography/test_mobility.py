"""Moves between classes: counted by hand, conserved, and settled where they settle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.diagnosis.geography.mobility import classes, ergodic, moves_between, same_as_whole, spatial_transitions, transitions


@given(st.integers(0, 200))
def test_neighbours_split_the_moves_and_lose_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place, lag = rng.integers(0, 4, (20, 3)), rng.integers(0, 4, (20, 3))
    whole, parts = transitions(place), spatial_transitions(place, lag)
    assert (sum(part.counts for part in parts) == whole.counts).all() and whole.counts.sum() == 40
    for row in whole.shares:
        assert np.isnan(row).all() or row.sum() == pytest.approx(1)


def test_moves_by_hand() -> None:
    place = np.array([[0, 1, 1], [1, 1, 0], [2, 2, 2], [3, 3, 3]])
    found = transitions(place)
    assert found.counts.tolist() == [[0, 1, 0, 0], [1, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]]
    assert found.stayed == 6 / 8
    assert np.isnan(found.ergodic).all()  # 2 and 3 are never left: three states, not one
    lag = np.array([[0, 0, 0], [0, 3, 0], [3, 3, 3], [3, 3, 3]])
    low, _, _, high = spatial_transitions(place, lag)
    assert low.counts[0, 1] == 1 and low.counts[1].tolist() == [0, 2, 0, 0] and high.counts[1].tolist() == [1, 0, 0, 0]


def test_the_settled_state_does_not_move() -> None:
    rng = np.random.default_rng(3)
    shares = rng.random((4, 4))
    shares /= shares.sum(axis=1, keepdims=True)
    state = ergodic(shares)
    assert state @ shares == pytest.approx(state) and state.sum() == pytest.approx(1)
    assert np.isnan(ergodic(np.array([[np.nan, np.nan], [0.5, 0.5]]))).all()
    assert ergodic(np.array([[0.0, 1.0], [0.0, 1.0]])) == pytest.approx([0, 1])


def test_classes_are_quarters_and_ties_go_down() -> None:
    place = classes(np.arange(8.0)[:, None])
    assert np.bincount(place[:, 0]).tolist() == [2, 2, 2, 2]
    assert classes(np.ones((5, 1))).ravel().tolist() == [0] * 5
    with pytest.raises(MethodError) as caught:
        classes(np.array([[1.0, np.nan], [1.0, 2.0]]))
    assert caught.value.code == "classes_of_holes" and caught.value.values["units"] == 1


def test_the_test_is_that_of_contingency_tables() -> None:
    from scipy.stats import chi2_contingency

    rng = np.random.default_rng(4)
    place, lag = rng.integers(0, 3, (60, 3)), rng.integers(0, 3, (60, 3))
    whole, parts = transitions(place, 3), spatial_transitions(place, lag, 3)
    tables = [np.array([part.counts[row] for part in parts]) for row in range(3)]
    wanted = [chi2_contingency(table, correction=False) for table in tables]
    chi2, free, p = same_as_whole(parts, whole)
    assert chi2 == pytest.approx(sum(one[0] for one in wanted)) and free == sum(one[2] for one in wanted)
    assert 0 < p < 1


def test_no_moves_no_test() -> None:
    whole = transitions(np.array([[0, 0]]), 2)
    assert np.isnan(same_as_whole([whole], whole)[2])


def test_moves_are_of_units_and_nodes_seen_in_every_period() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.random(20), rng.random(20)
    first[3] = np.nan
    lon, lat = rng.uniform(100, 120, 20), rng.uniform(20, 40, 20)
    lon[0] = np.nan
    seen = [{"d": first, "new": first}, {"d": second}]
    (one,) = moves_between([*seen[:1], seen[1]], ["1", "2"], lon, lat)
    assert (one.node, one.units, one.periods) == ("d", 18, ("1", "2")) and one.test is not None
    assert (sum(part.counts for part in one.by_neighbours) == one.whole.counts).all() and one.whole.counts.sum() == 18
    (bare,) = moves_between(seen, ["1", "2"], np.full(20, np.nan), lat)
    assert (bare.units, bare.by_neighbours, bare.test) == (19, (), None)
    assert moves_between(seen, ["1", "2"], lon, lat, least=19) == ()
