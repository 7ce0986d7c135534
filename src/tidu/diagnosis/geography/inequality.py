"""How unequal figures are, and how much of it lies between groups: Theil, Gini, Dagum's decomposition, densities.

All measures are of ratios: they need figures at or above zero, and on scores they hang on where the scale has its zero.
A measure that the figures do not allow (a value below zero, a mean of zero, the logarithm of zero) is missing, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array


@dataclass(frozen=True)
class Parts:
    """A measure as the sum of what is within groups and what is between them; ``groups`` are each group's own measure."""

    total: float
    within: float
    between: float
    groups: Mapping[str, float]

    @property
    def share_between(self) -> float:
        """The share of the total that lies between the groups; missing where the total is zero."""
        return self.between / self.total if self.total else float("nan")


@dataclass(frozen=True)
class Dagum:
    """Gini's ratio in Dagum's three parts, which add up to ``total``; ``pairs`` is (group, group) → Gini between the two.

    ``between`` is the net part that the differences of means make, ``transvariation`` that of groups which overlap.
    """

    total: float
    within: float
    between: float
    transvariation: float
    groups: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]


def theil_t(y: Array, weights: Array | None = None) -> float:
    """Theil's T of figures (N,): 0 = all equal, ln N = one has all; a zero counts as 0·ln 0 = 0.

    Missing with a figure below zero or a mean of zero. Source: Theil 1967, Economics and Information Theory, ch. 4.

    >>> round(theil_t(np.array([1.0, 3.0])), 6)  # (0.5·ln 0.5 + 1.5·ln 1.5) ÷ 2
    0.130812
    """
    w = _shares(y, weights)
    mean = float(w @ y) if y.size else 0.0
    if not y.size or np.any(y < 0) or mean <= 0:
        return float("nan")
    ratio = y / mean
    return float(w @ (ratio * np.log(np.where(ratio > 0, ratio, 1.0))))


def theil_l(y: Array, weights: Array | None = None) -> float:
    """Theil's L (mean log deviation) of figures (N,), 0 = all equal; missing unless all are above zero.

    Source: Theil 1967, ch. 4; Shorrocks 1980, Econometrica 48(3):613.

    >>> round(theil_l(np.array([1.0, 3.0])), 6)  # ln 2 − ln 3 ÷ 2
    0.143841
    """
    w = _shares(y, weights)
    if not y.size or np.any(y <= 0):
        return float("nan")
    return float(w @ np.log(float(w @ y) / y))


def theil_parts(y: Array, groups: Sequence[str], kind: str = "T", weights: Array | None = None) -> Parts:
    """Theil's T or L of figures (N,) in groups: within and between add up to the total.

    T weighs groups by their share of the sum, L by their share of the units. Source: Shorrocks 1980, Econometrica 48(3):613.

    >>> parts = theil_parts(np.array([1.0, 3.0, 2.0, 2.0]), ["a", "a", "b", "b"])
    >>> round(parts.within, 6), round(parts.between, 6), parts.groups["b"]
    (0.065406, 0.0, 0.0)
    """
    measure = theil_l if kind == "L" else theil_t
    w, label = _shares(y, weights), np.asarray(groups)
    total = measure(y, w)
    each = {name: measure(y[label == name], w[label == name]) for name in _names(label)}
    if np.isnan(total):
        return Parts(total, float("nan"), float("nan"), each)
    mean = float(w @ y)
    within = between = 0.0
    for name, own in each.items():
        inside = label == name
        size = float(w[inside].sum())
        own_mean = float(w[inside] @ y[inside]) / size
        if kind == "L":
            within += size * own
            between += size * np.log(mean / own_mean)
        elif own_mean > 0:  # a group of zeros has no share of the sum
            within += size * own_mean / mean * own
            between += size * own_mean / mean * np.log(own_mean / mean)
    return Parts(total, float(within), float(between), each)


def gini(y: Array, weights: Array | None = None) -> float:
    """Gini's ratio of figures (N,): mean absolute difference of all pairs ÷ twice the mean, each pair also with itself.

    Missing with a figure below zero or a mean of zero. Source: Gini 1914; as in Dagum 1997, Empirical Economics 22(4):515.

    >>> gini(np.array([1.0, 3.0])), gini(np.array([0.0, 0.0, 0.0, 4.0]))
    (0.25, 0.75)
    """
    w = _shares(y, weights)
    if not y.size or np.any(y < 0) or float(w @ y) <= 0:
        return float("nan")
    return _apart(y, w, y, w) / (2 * float(w @ y))


def dagum(y: Array, groups: Sequence[str], weights: Array | None = None) -> Dagum:
    """Gini's ratio of figures (N,) in groups, as within + net between + transvariation.

    All parts are missing where the ratio is. Source: Dagum 1997, Empirical Economics 22(4):515.

    >>> found = dagum(np.array([1.0, 3.0, 2.0, 6.0]), ["a", "a", "b", "b"])
    >>> [round(part, 6) for part in (found.total, found.within, found.between, found.transvariation)]
    [0.333333, 0.125, 0.166667, 0.041667]
    """
    w, label = _shares(y, weights), np.asarray(groups)
    total = gini(y, w)
    names = _names(label)
    own = {name: gini(y[label == name], w[label == name]) for name in names}
    missing = float("nan")
    if np.isnan(total):
        return Dagum(missing, missing, missing, missing, own, {})
    mean = float(w @ y)
    size = {name: float(w[label == name].sum()) for name in names}
    means = {name: float(w[label == name] @ y[label == name]) / size[name] for name in names}
    share = {name: size[name] * means[name] / mean for name in names}
    within = sum(own[name] * size[name] * share[name] for name in names if means[name] > 0)
    between = over = 0.0
    pairs: dict[tuple[str, str], float] = {}
    for k, one in enumerate(names):
        for two in names[:k]:
            high, low = (one, two) if means[one] >= means[two] else (two, one)
            both = means[high] + means[low]
            if both <= 0:
                continue
            a, b = label == high, label == low
            apart = _apart(y[a], w[a] / size[high], y[b], w[b] / size[low])
            ratio = apart / both
            pairs[two, one] = ratio
            push = ratio * (size[high] * share[low] + size[low] * share[high])
            gap = min((means[high] - means[low]) / apart, 1.0) if apart > 0 else 0.0  # (d − p) ÷ (d + p), d − p = gap of means
            between += push * gap
            over += push * (1.0 - gap)
    return Dagum(total, float(within), float(between), float(over), own, pairs)


def bandwidth(y: Array) -> float:
    """Silverman's bandwidth 0.9 · min(sd, IQR ÷ 1.34) · N^(−1/5); missing with fewer than two figures or no spread.

    Source: Silverman 1986, Density Estimation, eq. 3.31.

    >>> round(bandwidth(np.array([1.0, 2.0, 3.0, 4.0, 5.0])), 6)
    0.973585
    """
    if y.size < 2:
        return float("nan")
    low, high = np.quantile(y, [0.25, 0.75])
    sizes = [size for size in (float(np.std(y, ddof=1)), float(high - low) / 1.34) if size > 0]
    return 0.9 * min(sizes) * y.size**-0.2 if sizes else float("nan")


def density(y: Array, grid: Array, width: float | None = None) -> Array:
    """The Gaussian kernel density of figures (N,) on a grid (M,), by Silverman's bandwidth unless one is given.

    It is not cut off at the ends of a scale. Missing throughout where the figures have no spread.

    >>> density(np.array([0.0, 1.0]), np.array([0.5]), 1.0).round(6).tolist()  # φ(0.5)
    [0.352065]
    """
    h = bandwidth(y) if width is None else width
    if np.isnan(h):
        return np.full(grid.shape, np.nan)
    z = (grid[:, None] - y[None, :]) / h
    found: Array = np.exp(-0.5 * z * z).mean(axis=1) / (h * np.sqrt(2 * np.pi))
    return found


def _shares(y: Array, weights: Array | None) -> Array:
    w = np.ones(y.shape) if weights is None else np.asarray(weights, dtype=float)
    return w / w.sum() if y.size else w


def _names(label: NDArray[np.str_]) -> list[str]:
    return list(dict.fromkeys(label.tolist()))


def _apart(a: Array, v: Array, b: Array, w: Array) -> float:
    """The mean absolute difference of two sets of figures with weights that sum to one each."""
    return float(v @ np.abs(a[:, None] - b[None, :]) @ w)
