"""How belts differ: means with intervals, steps from belt to belt, inequality within and between, densities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array, mean_sd
from tidu.diagnosis.geography.inequality import Dagum, Parts, bandwidth, dagum, density, theil_parts
from tidu.diagnosis.geography.places import COAST, Places

_GRID = 181


@dataclass(frozen=True)
class Mean:
    """The mean of ``n`` units of a group with its 95 % interval by Student's t, their standard deviation and median."""

    node: str
    by: str
    group: str
    n: int
    mean: float
    low: float
    high: float
    sd: float
    median: float


@dataclass(frozen=True)
class Difference:
    """The mean of one group less that of another with its 95 % interval and p, by Welch's t."""

    node: str
    by: str
    group: str
    other: str
    difference: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Unequal:
    """Theil's T and L and Gini's ratio of a node's score in parts by belt."""

    node: str
    theil_t: Parts
    theil_l: Parts
    gini: Dagum


@dataclass(frozen=True, eq=False)
class Curve:
    """The kernel density of a node's score in a group, on the grid that all groups share."""

    node: str
    group: str
    n: int
    width: float
    grid: Array
    values: Array


def _group(where: Places, by: str, name: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.asarray(where.groups[by]) == name
    return found


def mean(node: str, by: str, name: str, y: Array, where: Places) -> Mean:
    """The mean of the scores (N,) of a group, missing scores passed over; no interval for fewer than two.

    >>> where = Places(tuple("abcd"), np.array([0.0, 10, 500, 600]), *[np.zeros(4)] * 2, {"belt": ("E", "E", "W", "W")}, {}, {})
    >>> found = mean("d", "belt", "E", np.array([1.0, 3.0, 0.0, 0.0]), where)
    >>> found.n, found.mean, round(found.high, 3)  # 2 + 12.706 · √2 ÷ √2
    (2, 2.0, 14.706)
    """
    from scipy.special import stdtrit

    inside = y[_group(where, by, name) & ~np.isnan(y)]
    n = inside.size
    mean, sd = (float(value) for value in mean_sd(inside))
    away = float(stdtrit(n - 1, 0.975) * sd / np.sqrt(n)) if n > 1 else float("nan")
    return Mean(node, by, name, n, mean, mean - away, mean + away, sd, float(np.median(inside)) if n else float("nan"))


def differences(node: str, y: Array, where: Places, belt: str) -> list[Difference]:
    """Each belt less the next one inwards, and the coast less the rest, by Welch's t.

    Source: Welch 1947, Biometrika 34:28.

    >>> where = Places(tuple("abcd"), np.array([0.0, 10, 500, 600]), *[np.zeros(4)] * 2, {"belt": ("E", "E", "W", "W")}, {}, {})
    >>> [(row.group, row.other, row.difference) for row in differences("d", np.array([5.0, 3.0, 1.0, 0.0]), where, "belt")]
    [('E', 'W', 3.5)]
    """
    pairs = list(zip(where.values(belt), where.values(belt)[1:]))
    made = [_welch(node, belt, one, two, y, where) for one, two in pairs]
    if COAST in where.groups and len(where.values(COAST)) == 2:
        one, two = where.values(COAST)
        made.append(_welch(node, COAST, one, two, y, where))
    return made


def _welch(node: str, by: str, one: str, two: str, y: Array, where: Places) -> Difference:
    from scipy.special import stdtr, stdtrit

    a, b = (y[_group(where, by, name) & ~np.isnan(y)] for name in (one, two))
    nan = float("nan")
    if not a.size or not b.size:
        return Difference(node, by, one, two, nan, nan, nan, nan)
    gap = float(a.mean() - b.mean())
    if min(a.size, b.size) < 2 or np.ptp(a) + np.ptp(b) <= 0:
        return Difference(node, by, one, two, gap, nan, nan, nan)
    u, v = float(np.var(a, ddof=1)) / a.size, float(np.var(b, ddof=1)) / b.size
    free = (u + v) ** 2 / (u * u / (a.size - 1) + v * v / (b.size - 1))
    error = float(np.sqrt(u + v))
    away = float(stdtrit(free, 0.975)) * error
    return Difference(node, by, one, two, gap, gap - away, gap + away, float(2 * stdtr(free, -abs(gap) / error)))


def unequal(node: str, y: Array, groups: Sequence[str]) -> Unequal:
    """Theil's T and L and Gini's ratio of scores (N,) in parts by group; units without a score or a group are left out.

    >>> round(unequal("d", np.array([1.0, 1.0, 3.0, 3.0, np.nan]), ["a", "a", "b", "b", "b"]).theil_t.share_between, 6)
    1.0
    """
    label = np.asarray(groups)
    use = ~np.isnan(y) & (label != "")
    inside = label[use].tolist()
    return Unequal(node, theil_parts(y[use], inside), theil_parts(y[use], inside, "L"), dagum(y[use], inside))


def curves(node: str, y: Array, where: Places, belt: str, belts: Sequence[str]) -> list[Curve]:
    """The densities of the scores (N,) of all units and of each belt, on one grid that reaches three bandwidths beyond them.

    >>> where = Places(tuple("abcd"), np.array([0.0, 10, 500, 600]), *[np.zeros(4)] * 2, {"belt": ("E", "E", "W", "W")}, {}, {})
    >>> [(curve.group, curve.n) for curve in curves("d", np.array([1.0, 2.0, 3.0, 5.0]), where, "belt", ("E", "W"))]
    [('all', 4), ('E', 2), ('W', 2)]
    """
    sets = {name: y[_group(where, belt, name) & ~np.isnan(y)] for name in belts} if len(belts) > 1 else {}
    sets = {"all": y[~np.isnan(y)], **sets}
    widths = {name: bandwidth(inside) for name, inside in sets.items()}
    most = np.nan_to_num(np.array(list(widths.values()))).max()
    grid = np.linspace(float(sets["all"].min() - 3 * most), float(sets["all"].max() + 3 * most), _GRID)
    return [Curve(node, name, inside.size, widths[name], grid, density(inside, grid)) for name, inside in sets.items()]
