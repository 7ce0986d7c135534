"""Science and technology clusters: where inventors and authors stand close together, blind to borders.

Points are geocoded people (or, where records hold no address of inventors, applicants: then they must be called applicant points).
Density clustering (DBSCAN) by great-circle distance; neighbouring clusters whose people work together are merged; the rank is by
the sum of shares of what is counted. Radius, density and the rule of merging are inputs: those of WIPO's report are not asserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.stats import Array

#: The mean radius of the earth in kilometres.
EARTH = 6371.0088
Places = NDArray[np.int64]
#: No point belongs to a cluster with this label.
NOISE = -1


def unit_vectors(lon: Array, lat: Array) -> Array:
    """Points of the unit sphere, (points, 3), from longitude and latitude in degrees.

    >>> unit_vectors(np.array([90.0]), np.array([0.0])).round(6).tolist()
    [[0.0, 1.0, 0.0]]
    """
    x, y = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def chord(kilometres: float) -> float:
    """The straight distance on the unit sphere of two points so many kilometres apart on the ground.

    >>> round(chord(np.pi * EARTH), 12)
    2.0
    """
    return float(2.0 * np.sin(min(kilometres / EARTH, np.pi) / 2.0))


def clusters(lon: Array, lat: Array, weight: Array | None = None, *, radius: float, least: float) -> Places:
    """The cluster of each point, (points,), −1 where it belongs to none; the heaviest cluster is 0.

    Args:
        lon: longitude in degrees, (points,).
        lat: latitude.
        weight: what each point counts; one each when left out. Points at one place may be given as one with their sum.
        radius: in kilometres.
        least: the weight within the radius of a point, itself included, that makes it a core point.

    A point that is no core belongs to the cluster of its nearest core point within the radius. The order of the points changes
    nothing but their own. Cells whose diagonal is the radius are looked at whole, so that a city of a million points is no
    matter of pairs. Raises ``cluster_input``. Source: Ester et al. 1996 (KDD); cells as Gan & Tao 2015 (SIGMOD).

    >>> lon = np.array([120.0, 120.01, 120.02, 125.0])
    >>> clusters(lon, np.full(4, 30.0), radius=5.0, least=3).tolist()
    [0, 0, 0, -1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    given = np.ones(lon.shape) if weight is None else np.asarray(weight, dtype=float)
    if not (lon.shape == lat.shape == given.shape) or lon.ndim != 1:
        raise MethodError("cluster_input", address="points", why=f"{lon.shape}, {lat.shape}, {given.shape}")
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 360) & (np.abs(lat) <= 90) & (given >= 0))
    if bad.any() or not radius > 0 or not least > 0:
        raise MethodError("cluster_input", address="points", why=f"{int(bad.sum())} of {len(lon)}; {radius:g} km; {least:g}")
    if not len(lon):
        return np.zeros(0, dtype=np.int64)
    reach = chord(radius)
    points, same = np.unique(np.column_stack([lon, lat]), axis=0, return_inverse=True)
    same = same.reshape(-1)
    heavy: Array = np.bincount(same, given).astype(float)
    x = unit_vectors(points[:, 0], points[:, 1])
    _, cell = np.unique(np.floor(x / (reach / np.sqrt(3.0))).astype(np.int64), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    core = np.bincount(cell, heavy)[cell] >= least  # a whole cell lies within the radius of each of its points
    _decided(x, heavy, core, reach, least)
    cores = np.flatnonzero(core)
    label = np.full(len(points), NOISE, dtype=np.int64)
    if cores.size:
        label[cores] = _joined(x[cores], cell[cores], reach, coo_array, connected_components, cKDTree)
        rest = np.flatnonzero(~core)
        if rest.size:
            away, nearest = cKDTree(x[cores]).query(x[rest])
            label[rest] = np.where(away <= reach * (1 + 1e-12), label[cores][nearest], NOISE)
    return _by_weight(label, heavy)[same]


#: How many small cells lie along the edge of a cell whose diagonal is the radius, one level after the other.
FINER = (4, 16)


def _decided(x: Array, heavy: Array, core: NDArray[np.bool_], reach: float, least: float) -> None:
    """Makes ``core`` true at points with enough weight within reach, looking at small cells whole and at points where it must.

    Small cells that lie within reach of every point of another are enough where they are heavy enough; those that may reach it
    are not where they are too light. What neither settles is settled by smaller cells, at last by the points themselves.
    """
    from scipy.spatial import cKDTree

    open_ = np.flatnonzero(~core)
    for finer in FINER:
        if not open_.size:
            return
        side = reach / (finer * np.sqrt(3.0))
        key = np.floor(x / side).astype(np.int64)
        names, member = np.unique(key, axis=0, return_inverse=True)
        member = member.reshape(-1)
        weight: Array = np.bincount(member, heavy).astype(float)
        middle, wide = (names + 0.5) * side, side * float(np.sqrt(3.0))
        tree = cKDTree(middle)
        asked = np.unique(member[open_])
        low, high = np.zeros(len(names)), np.full(len(names), np.inf)
        for part in np.array_split(asked, max(1, len(asked) // 4096)):
            low[part] = _sums(tree.query_ball_point(middle[part], reach - wide), weight)
            high[part] = _sums(tree.query_ball_point(middle[part], reach + wide), weight)
        core[open_[low[member[open_]] >= least]] = True
        open_ = open_[(low[member[open_]] < least) & (high[member[open_]] >= least)]
    tree = cKDTree(x)
    for part in np.array_split(open_, max(1, len(open_) // 512)):
        core[part] = _sums(tree.query_ball_point(x[part], reach * (1 + 1e-12)), heavy) >= least


def _sums(lists: NDArray[np.object_], weight: Array) -> Array:
    """The sum of the weights that each list names."""
    sizes = np.array([len(found) for found in lists], dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.fromiter((at for found in lists for at in found), dtype=np.int64, count=int(ends[-1]))
    run = np.concatenate([[0.0], np.cumsum(weight[flat])])
    return np.asarray(run[ends[1:]] - run[ends[:-1]])


def _joined(x: Array, cell: Places, reach: float, coo_array: object, connected_components: object, tree_of: object) -> Places:
    """The component of each core point: its cell is joined with every cell that has a core point within reach."""
    order = np.argsort(cell, kind="stable")
    names, starts = np.unique(cell[order], return_index=True)
    groups = np.split(order, starts[1:])
    trees = [tree_of(x[group]) for group in groups]  # type: ignore[operator]
    middle = np.array([x[group].mean(axis=0) for group in groups])
    far = np.array([np.sqrt(((x[group] - middle[k]) ** 2).sum(axis=1)).max() for k, group in enumerate(groups)])
    pairs = tree_of(middle).query_pairs(reach + 2 * float(far.max()) + 1e-12, output_type="ndarray")  # type: ignore[operator]
    kept = []
    for a, b in pairs.tolist():
        small, large = (a, b) if len(groups[a]) <= len(groups[b]) else (b, a)
        if trees[large].query(x[groups[small]], distance_upper_bound=reach * (1 + 1e-12))[0].min() <= reach * (1 + 1e-12):
            kept.append((a, b))
    links = np.array(kept, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(names), len(names)))  # type: ignore[operator]
    _, found = connected_components(graph, directed=False)  # type: ignore[operator]
    out = np.empty(len(x), dtype=np.int64)
    for k, group in enumerate(groups):
        out[group] = found[k]
    return out


def _by_weight(label: Places, weight: Array) -> Places:
    """Labels numbered from the heaviest cluster down; of equal ones the one whose first point comes first."""
    inside = label >= 0
    if not inside.any():
        return label
    names, first = np.unique(label[inside], return_index=True)
    total = np.bincount(label[inside], weight[inside])[names]
    rank = np.empty(int(names.max()) + 1, dtype=np.int64)
    rank[names[np.lexsort((first, -total))]] = np.arange(len(names))
    out = label.copy()
    out[inside] = rank[label[inside]]
    return out


def merged(
    label: Places, lon: Array, lat: Array, links: NDArray[np.int64], *, within: float, share: float, weight: Array | None = None
) -> Places:
    """The clusters with neighbours merged whose people work together, heaviest first.

    Two clusters are merged where some of their points lie within ``within`` kilometres and the links between them are at least
    ``share`` of all links of the one that has fewer. ``links`` is (pairs, 2), places of points that share a patent or paper.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    count = int(label.max(initial=NOISE)) + 1
    if count < 2 or not len(links):
        return label
    ends = label[links]
    ends = ends[(ends >= 0).all(axis=1)]
    between = np.zeros((count, count))
    np.add.at(between, (ends[:, 0], ends[:, 1]), 1.0)
    between = between + between.T
    every = between.sum(axis=1) - np.diagonal(between) / 2
    x, reach = unit_vectors(lon, lat), chord(within)
    trees = [cKDTree(x[label == k]) for k in range(count)]
    kept = []
    for a in range(count):
        for b in range(a + 1, count):
            fewer = min(every[a], every[b])
            if fewer > 0 and between[a, b] >= share * fewer and trees[a].query(trees[b].data)[0].min() <= reach * (1 + 1e-12):
                kept.append((a, b))
    pairs = np.array(kept, dtype=np.int64).reshape(-1, 2)
    _, found = connected_components(
        coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count)), directed=False
    )
    whole = np.where(label >= 0, np.append(found, NOISE)[label], NOISE)
    return _by_weight(whole, np.ones(len(label)) if weight is None else weight)


@dataclass(frozen=True)
class Cluster:
    """A cluster: its rank, centre, points, what it counts of each metric, its shares of all, their sum, the label of its points."""

    rank: int
    lon: float
    lat: float
    points: int
    counts: Mapping[str, float]
    shares: Mapping[str, float]
    total: float
    label: int = 0


def ranked(
    label: Places, lon: Array, lat: Array, metrics: Mapping[str, Array], whole: Mapping[str, float] | None = None
) -> tuple[Cluster, ...]:
    """The clusters by the sum of their shares of each metric, best first; ties by the larger first metric, then by place.

    ``metrics`` is name → what each point counts, (points,); ``whole`` the totals that shares are of, of all points when left out.
    Sums of shares are taken as whole billionths, so that their order is the same on any machine.

    >>> label, lon, lat = np.array([0, 0, 1, -1]), np.array([1.0, 1.0, 5.0, 9.0]), np.zeros(4)
    >>> [(one.points, one.total) for one in ranked(label, lon, lat, {"patents": np.array([1.0, 2.0, 4.0, 1.0])})]
    [(1, 0.5), (2, 0.375)]
    """
    made = []
    for k in range(int(label.max(initial=NOISE)) + 1):
        inside = label == k
        counts = {name: float(values[inside].sum()) for name, values in metrics.items()}
        totals = {name: float(values.sum()) if whole is None else float(whole[name]) for name, values in metrics.items()}
        shares = {name: counts[name] / totals[name] if totals[name] > 0 else 0.0 for name in metrics}
        total = sum(round(share * 1e9) for share in shares.values()) / 1e9
        centre = unit_vectors(lon[inside], lat[inside]).mean(axis=0)
        east, north = np.degrees(np.arctan2(centre[1], centre[0])), np.degrees(np.arctan2(centre[2], np.hypot(*centre[:2])))
        made.append(
            (
                total,
                next(iter(shares.values()), 0.0),
                k,
                Cluster(0, float(east), float(north), int(inside.sum()), counts, shares, total, k),
            )
        )
    made.sort(key=lambda item: (-item[0], -item[1], item[2]))
    return tuple(Cluster(**{**vars(item[-1]), "rank": at}) for at, item in enumerate(made, 1))
