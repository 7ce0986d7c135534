"""Clusters are those of plain DBSCAN, whatever the order of points; borders do not matter; shares add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.indicators.clusters import EARTH, chord, clusters, merged, ranked


def distances(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Great-circle distances by the haversine, km."""
    x, y = np.radians(lon), np.radians(lat)
    h = np.sin((y[:, None] - y) / 2) ** 2 + np.cos(y[:, None]) * np.cos(y) * np.sin((x[:, None] - x) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.minimum(h, 1))))


def plain(lon: np.ndarray, lat: np.ndarray, weight: np.ndarray, radius: float, least: float) -> tuple[np.ndarray, np.ndarray]:
    """DBSCAN as it is written: which points are core, and which core points are joined."""
    near = distances(lon, lat) <= radius
    core = near @ weight >= least
    joined = near & core[:, None] & core
    for _ in range(len(lon)):
        joined = (joined.astype(float) @ joined.astype(float)) > 0
    return core, joined


def test_the_chord_is_that_of_the_haversine() -> None:
    lon, lat = np.array([120.0, 121.0]), np.array([30.0, 31.0])
    apart = distances(lon, lat)[0, 1]
    from tidu.indicators.clusters import unit_vectors

    x = unit_vectors(lon, lat)
    assert chord(float(apart)) == pytest.approx(float(np.linalg.norm(x[0] - x[1])))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6), count=st.integers(1, 70), radius=st.floats(1.0, 60.0), least=st.integers(1, 9), twice=st.booleans()
)
def test_cells_give_what_plain_dbscan_gives(seed: int, count: int, radius: float, least: int, twice: bool) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = 113 + rng.normal(0, 0.4, count), 22.5 + rng.normal(0, 0.3, count)
    if twice:
        lon[: count // 2], lat[: count // 2] = lon[0], lat[0]  # many at one place
    weight = rng.integers(1, 4, count).astype(float)
    apart = distances(lon, lat)
    if (np.abs(apart - radius) < 1e-6).any():
        return  # on the edge a last digit decides
    label = clusters(lon, lat, weight, radius=radius, least=least)
    core, joined = plain(lon, lat, weight, radius, least)
    assert (label[core] >= 0).all()
    assert np.array_equal((label[core][:, None] == label[core]), joined[np.ix_(core, core)])
    for at in np.flatnonzero(~core):
        near = core & (apart[at] <= radius)
        assert (label[at] >= 0) == near.any()
        if near.any():
            assert label[at] == label[np.flatnonzero(near)[apart[at][near].argmin()]]
    order = rng.permutation(count)
    again = clusters(lon[order], lat[order], weight[order], radius=radius, least=least)
    assert np.array_equal(again[:, None] == again, (label[order][:, None] == label[order]))


def test_a_cluster_across_a_border_is_one() -> None:
    """Synthetic points around Shenzhen and Hong Kong, a hand's breadth apart."""
    rng = np.random.default_rng(4)
    lon = np.concatenate([114.06 + rng.normal(0, 0.03, 300), 114.17 + rng.normal(0, 0.03, 200), 121.5 + rng.normal(0, 0.02, 400)])
    lat = np.concatenate([22.54 + rng.normal(0, 0.03, 300), 22.32 + rng.normal(0, 0.03, 200), 31.2 + rng.normal(0, 0.02, 400)])
    label = clusters(lon, lat, radius=15, least=50)
    assert len(set(label[:500].tolist())) == 1 and len(set(label[500:].tolist())) == 1 and label[0] != label[-1]
    assert label[0] == 0  # the heavier one


def test_neighbours_that_work_together_are_merged_and_others_are_not() -> None:
    lon = np.array([120.0] * 5 + [120.3] * 5 + [125.0] * 5)
    lat = np.full(15, 30.0)
    label = clusters(lon, lat, radius=5, least=5)
    assert label.max() == 2
    links = np.array([[0, 5], [1, 6], [2, 3], [7, 8], [10, 0], [11, 12]])  # two of the three of the second are with the first
    both = merged(label, lon, lat, links, within=40, share=0.5)
    assert both.max() == 1 and both[0] == both[5] != both[10]  # far away, whatever the links
    assert merged(label, lon, lat, links, within=40, share=0.9).max() == 2
    assert np.array_equal(merged(label, lon, lat, links[:0], within=40, share=0.1), label)


def test_ranks_are_by_the_sum_of_shares() -> None:
    label = np.array([0, 0, 1, 1, -1])
    lon, lat = np.array([10.0, 12.0, 50.0, 50.0, 0.0]), np.zeros(5)
    patents, papers = np.array([4.0, 1, 2, 1, 2]), np.array([1.0, 0, 5, 3, 1])
    first, second = ranked(label, lon, lat, {"patents": patents, "papers": papers})
    assert (first.rank, first.points, first.lon) == (1, 2, pytest.approx(50.0))
    assert first.shares == {"patents": pytest.approx(0.3), "papers": pytest.approx(0.8)} and first.total == pytest.approx(1.1)
    assert second.lon == pytest.approx(11.0) and second.total == pytest.approx(0.6)
    world = ranked(label, lon, lat, {"patents": patents}, {"patents": 100.0})
    assert [one.total for one in world] == [0.05, 0.03]


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "least"),
    [([1.0], [95.0], 5, 1), ([np.nan], [1.0], 5, 1), ([1.0], [1.0, 2.0], 5, 1), ([1.0], [1.0], 0, 1), ([1.0], [1.0], 5, 0)],
)
def test_what_cannot_be_clustered_is_told(lon: list[float], lat: list[float], radius: float, least: float) -> None:
    with pytest.raises(MethodError) as caught:
        clusters(np.array(lon), np.array(lat), radius=radius, least=least)
    assert caught.value.code == "cluster_input"


def test_nothing_is_no_cluster() -> None:
    assert clusters(np.zeros(0), np.zeros(0), radius=5, least=1).tolist() == []
    assert ranked(np.array([-1]), np.zeros(1), np.zeros(1), {"patents": np.ones(1)}) == ()
