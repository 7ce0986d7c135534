"""A straight line through figures: its slope with a robust interval, and whether chance alone would make it as steep.

Permutations are drawn once for a sample and serve every column of it, so that columns are tested alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array


@dataclass(frozen=True)
class Line:
    """A line y = a + slope·x over ``n`` points: its robust standard error, 95 % interval, R², two-sided p by permutation.

    ``p`` is missing where no permutations were asked for.
    """

    n: int
    intercept: float
    slope: float
    error: float
    low: float
    high: float
    r2: float
    p: float = float("nan")


def line(x: Array, y: Array) -> Line:
    """The least-squares line through points (N,) with the HC3 standard error and its 95 % interval by Student's t.

    Missing with fewer than three points or an x without spread. Source: MacKinnon and White 1985, Journal of Econometrics
    29(3):305.

    >>> found = line(np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 5.0, 7.0]))
    >>> found.slope, found.intercept, round(found.r2, 12), round(found.error, 12)
    (2.0, 1.0, 1.0, 0.0)
    """
    from scipy.special import stdtrit

    n = x.size
    nan = float("nan")
    if n < 3 or np.ptp(x) <= 0:
        return Line(n, nan, nan, nan, nan, nan, nan)
    xc, yc = x - x.mean(), y - y.mean()
    spread = float(xc @ xc)
    slope = float(xc @ yc) / spread
    rest = yc - slope * xc
    hat = 1.0 / n + xc * xc / spread
    with np.errstate(divide="ignore", invalid="ignore"):
        pushed = np.where(hat < 1 - 1e-12, rest / (1 - hat), 0.0)  # a point that makes the line by itself has no rest
    error = float(np.sqrt(np.sum((xc * pushed) ** 2)) / spread)
    away = float(stdtrit(n - 2, 0.975)) * error
    total = float(yc @ yc)
    r2 = 1.0 - float(rest @ rest) / total if total > 0 else nan
    return Line(n, float(y.mean() - slope * x.mean()), slope, error, slope - away, slope + away, r2)


def shuffles(groups: Sequence[str] | int, count: int, seed: int) -> NDArray[np.intp]:
    """``count`` permutations of places (count, N); with groups every place stays inside its group.

    ``groups`` is a label for each place, or their number when all may change with all.

    >>> found = shuffles(["a", "b", "a", "b"], 5, 0)
    >>> found.shape, set(found[:, 0].tolist()) <= {0, 2}
    ((5, 4), True)
    """
    label = (
        np.zeros(groups, dtype=np.intp) if isinstance(groups, int) else np.unique(np.asarray(list(groups)), return_inverse=True)[1]
    )
    order = np.argsort(label, kind="stable")
    drawn = np.argsort(label + np.random.default_rng(seed).random((count, label.size)), axis=1)
    out = np.empty_like(drawn)
    out[:, order] = drawn
    return out


def chance(seen: float, drawn: Array) -> float:
    """The two-sided p-value of a statistic among its permutations: (1 + as far from zero) ÷ (1 + count).

    Source: Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9(1):39.

    >>> chance(2.0, np.array([-2.0, 1.0, 0.5]))
    0.5
    """
    if np.isnan(seen) or not drawn.size:
        return float("nan")
    return float((1 + np.sum(np.abs(drawn) >= abs(seen) * (1 - 1e-12))) / (1 + drawn.size))


def permuted_line(x: Array, y: Array, drawn: NDArray[np.intp]) -> Line:
    """The line through points (N,) with the p-value of its slope over permutations of y (count, N).

    >>> x = np.arange(12.0)
    >>> round(permuted_line(x, -x, shuffles(12, 999, 0)).p, 3)
    0.001
    """
    found = line(x, y)
    if np.isnan(found.slope) or np.ptp(y) <= 0:
        return found
    xc = x - x.mean()
    p = chance(found.slope, (y - y.mean())[drawn] @ xc / float(xc @ xc))
    return Line(found.n, found.intercept, found.slope, found.error, found.low, found.high, found.r2, p)


def within_line(x: Array, y: Array, groups: Sequence[str], drawn: NDArray[np.intp]) -> Line:
    """The common slope inside groups (each group's own level taken out), tested over permutations inside the groups.

    The interval takes the levels as known. With :func:`between_line` it makes up the slope over all points, weighted by
    the spread of x within and between.

    >>> found = within_line(np.array([0.0, 1.0, 10.0, 11.0]), np.array([5.0, 4.0, 9.0, 8.0]), "aabb", shuffles("aabb", 9, 0))
    >>> round(found.slope, 12)
    -1.0
    """
    return permuted_line(x - _levels(x, groups), y - _levels(y, groups), drawn)


#: Up to so many groups every order of their means is tried; above, as many as there are drawn orders.
ORDERED = 6


def between_line(x: Array, y: Array, groups: Sequence[str], drawn: NDArray[np.intp]) -> Line:
    """The slope of the groups' means, weighted by their size, tested over the orders of the groups' means of y; no interval.

    The groups are what is exchanged, not their points: with four of them no p-value is below 1/24, and with two there is none.

    >>> x, y = np.array([0.0, 1.0, 10.0, 11.0, 20.0]), np.array([5.0, 4.0, 9.0, 8.0, 30.0])
    >>> found = between_line(x, y, "aabbc", shuffles("aabbc", 9, 0))
    >>> round(found.slope, 6), round(found.p, 6)
    (1.165548, 0.5)
    """
    nan = float("nan")
    names, member = np.unique(np.array(list(groups)), return_inverse=True)
    size = np.bincount(member).astype(float)
    across, level = np.bincount(member, x) / size, np.bincount(member, y) / size
    away = across - x.mean()
    spread, count = float(size @ (away * away)), len(names)
    if spread <= 0:
        return Line(count, nan, nan, nan, nan, nan, nan)
    slope = float((size * away) @ level) / spread
    total = float(size @ (level - y.mean()) ** 2)
    if count > 2 and len(drawn):
        orders = np.array(list(permutations(range(count)))) if count <= ORDERED else np.argsort(drawn[:, :count], axis=1)
        made = level[orders] @ (size * away)
        far = np.abs(made) >= abs(slope) * spread * (1 - 1e-12)
        p = float(far.mean()) if count <= ORDERED else float((far.sum() + 1) / (len(far) + 1))
    else:
        p = nan
    r2 = slope * slope * spread / total if total > 0 and count > 2 else nan  # a line always fits two means
    return Line(count, float(y.mean() - slope * x.mean()), slope, nan, nan, nan, r2, p)


def effective_size(x: Array, y: Array, apart: Array, classes: int = 13) -> float:
    """How many independent points two spatially smooth columns (N,) are worth, by distances ``apart`` (N, N).

    The variance of their correlation is estimated from the autocovariances of both in classes of distance of equal
    width; M = 1 + 1 ÷ variance, at least 2 and at most N. It is strict where one column follows the other, for that alone
    makes both smooth. Source: Clifford, Richardson and Hémon 1989, Biometrics 45(1):123.

    >>> round(effective_size(np.array([1.0, -1.0, 1.0, -1.0]), np.array([1.0, 1.0, -1.0, -1.0]), np.ones((4, 4))), 6)
    4.0
    """
    n = x.size
    xc, yc = x - x.mean(), y - y.mean()
    size = float(xc @ xc) * float(yc @ yc)
    if n < 4 or size <= 0:
        return float("nan")
    off = ~np.eye(n, dtype=bool)
    top = float(apart[off].max())
    place = np.minimum((apart / top * classes).astype(np.intp), classes - 1) if top > 0 else np.zeros((n, n), dtype=np.intp)
    place[~off] = classes  # a point with itself is a class of its own
    count = np.bincount(place.ravel(), minlength=classes + 1)
    one = np.bincount(place.ravel(), np.outer(xc, xc).ravel(), classes + 1)
    two = np.bincount(place.ravel(), np.outer(yc, yc).ravel(), classes + 1)
    seen = count > 0
    variance = float(np.sum(one[seen] * two[seen] / count[seen])) / size
    return float(np.clip(1.0 + 1.0 / variance, 2.0, n)) if variance > 0 else float(n)


def correlation_p(r: float, size: float) -> float:
    """The two-sided p-value of a correlation worth ``size`` points, by Student's t with size − 2 degrees of freedom.

    >>> round(correlation_p(0.5, 10), 4), correlation_p(0.5, 2.0)
    (0.1411, nan)
    """
    from scipy.special import stdtr

    if not size > 2 or np.isnan(r):
        return float("nan")
    if abs(r) >= 1:
        return 0.0
    return float(2 * stdtr(size - 2, -abs(r) * np.sqrt((size - 2) / (1 - r * r))))


def _levels(x: Array, groups: Sequence[str]) -> Array:
    """The mean of each point's group, (N,)."""
    place = np.unique(np.asarray(list(groups)), return_inverse=True)[1]
    found: Array = (np.bincount(place, x) / np.bincount(place))[place]
    return found
