"""Small statistics on arrays with holes: NaN is a missing value and is passed over, never counted as zero."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: So many figures are worked on at once, that what is made of them stays in the processor's nearest memory.
BLOCK = 30_000


def rank_high(values: Array, tolerance: float = 1e-9) -> NDArray[np.float64]:
    """Ranks along the first axis, 1 = highest; ties get the minimum rank, missing stays missing.

    Two values tie when they differ by no more than ``tolerance`` × the largest absolute value, or
    are linked by a chain of such neighbours.

    >>> rank_high(np.array([3.0, 1.0, 3.0, np.nan, 2.0])).tolist()
    [1.0, 4.0, 1.0, nan, 3.0]
    """
    flat = values.reshape(values.shape[0], -1)
    order = np.argsort(-flat, axis=0, kind="stable")  # NaN sorts last
    ordered = np.take_along_axis(flat, order, axis=0)
    with np.errstate(invalid="ignore"):
        scale = np.nanmax(np.abs(flat), axis=0, initial=0.0)
        new = np.ones(flat.shape, dtype=bool)
        new[1:] = ~(ordered[:-1] - ordered[1:] <= tolerance * scale)
    place = np.where(new, np.arange(1, flat.shape[0] + 1)[:, None], 0)
    place = np.maximum.accumulate(place, axis=0).astype(float)
    place[np.isnan(ordered)] = np.nan
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, place, axis=0)
    return ranks.reshape(values.shape)


def moments(x: Array, axis: Any = 0) -> tuple[Array, Array, Array, Array]:
    """Count, mean, sample skewness G1 and sample excess kurtosis G2 along an axis.

    The bias-corrected forms of Joanes and Gill (1998), as Excel and e1071 type 2 give them. Skewness
    needs three values, kurtosis four, and both need spread; otherwise they are missing.

    >>> n, mean, skew, kurt = moments(np.array([1.0, 2.0, 3.0, 10.0]))
    >>> float(n), float(mean), round(float(skew), 6), round(float(kurt), 6)
    (4.0, 4.0, 1.763633, 3.228)
    """
    rows = _rows(x, axis)
    n = np.full(rows.shape[:-1], float(rows.shape[-1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = rows.sum(axis=-1) / n
        if np.isnan(mean).any():
            holes = np.isnan(rows)
            n = np.sum(~holes, axis=-1, dtype=float)
            mean = np.sum(np.where(holes, 0.0, rows), axis=-1) / n
            rows = np.where(holes, mean[..., None], rows)
        _, m2, m3, m4 = (total / n for total in power_sums(rows, mean))
    return (n, mean, *skew_kurtosis(n, mean, m2, m3, m4))


def power_sums(x: Array, centre: Array) -> list[Array]:
    """Sums of the first to fourth powers of the distances from a centre, along the last axis.

    >>> [total.tolist() for total in power_sums(np.array([[1.0, 2.0, 4.0]]), np.array([2.0]))]
    [[1.0], [5.0], [7.0], [17.0]]
    """
    rows, middle = x.reshape(prod(x.shape[:-1]), x.shape[-1]), centre.reshape(-1, 1)
    found, ones = np.empty((4, len(rows))), np.ones(rows.shape[1])
    step = max(BLOCK // max(rows.shape[1], 1), 1)
    for start in range(0, len(rows), step):
        at = slice(start, start + step)
        away = rows[at] - middle[at]
        square = away * away
        np.matmul(away, ones, out=found[0, at])
        np.matmul(square, ones, out=found[1, at])
        np.vecdot(away, square, out=found[2, at])
        np.vecdot(square, square, out=found[3, at])
    return list(found.reshape(4, *x.shape[:-1]))


def _rows(x: Array, axis: Any) -> Array:
    """The array with some axes, in their order, made the last one: a view where their figures lie side by side."""
    gone = tuple(one % x.ndim for one in (axis if isinstance(axis, tuple) else (axis,)))
    kept = tuple(one for one in range(x.ndim) if one not in gone)
    return x.transpose(*kept, *gone).reshape(*(x.shape[one] for one in kept), -1)


def skew_kurtosis(n: Array, mean: Array, m2: Array, m3: Array, m4: Array) -> tuple[Array, Array]:
    """Sample skewness G1 and excess kurtosis G2 from counts, means and central moments, as :func:`moments` gives them.

    >>> skew_kurtosis(*(np.array(value) for value in (4.0, 4.0, 12.5, 45.0, 348.5)))[0].round(6).item()
    1.763633
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        flat = m2 <= (1e-14 * np.maximum(np.abs(mean), 1e-300)) ** 2
        g1 = m3 / (m2 * np.sqrt(m2))
        g2 = m4 / (m2 * m2) - 3.0
        skew = np.where((n > 2) & ~flat, g1 * np.sqrt(n * (n - 1)) / (n - 2), np.nan)
        kurt = np.where((n > 3) & ~flat, (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6), np.nan)
    return skew, kurt


def mean_sd(x: Array, axis: Any = 0, ddof: int = 1) -> tuple[Array, Array]:
    """Mean and standard deviation along an axis; the deviation needs two values.

    >>> [float(value) for value in mean_sd(np.array([1.0, np.nan, 3.0]))]
    [2.0, 1.4142135623730951]
    """
    rows = _rows(np.asarray(x), axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        total, n = rows.sum(axis=-1), np.full(rows.shape[:-1], float(rows.shape[-1]))
        if np.isnan(total).any():
            seen = ~np.isnan(rows)
            n = np.sum(seen, axis=-1, dtype=float)
            mean = np.sum(np.where(seen, rows, 0.0), axis=-1) / n
            centred = np.where(seen, rows - mean[..., None], 0.0)
        else:
            mean = total / n
            centred = rows - mean[..., None]
        sd = np.sqrt(np.vecdot(centred, centred) / np.where(n > ddof, n - ddof, np.nan))
    return mean, sd


def variation(x: Array, axis: int = 0) -> Array:
    """The coefficient of variation along an axis, holes left out: standard deviation ÷ mean; missing where that is not above 0.

    >>> variation(np.array([[1.0, 3.0], [0.0, 0.0]]), axis=1).round(6).tolist()
    [0.707107, nan]
    """
    mean, sd = mean_sd(x, axis=axis)
    made: Array = sd / np.where(mean > 0, mean, np.nan)
    return made


def low_high(x: Array, axis: Any = 0) -> tuple[Array, Array]:
    """Smallest and largest value along an axis; missing where nothing is seen.

    >>> [value.tolist() for value in low_high(np.array([[1.0, np.nan], [4.0, np.nan]]))]
    [[1.0, nan], [4.0, nan]]
    """
    low = np.fmin.reduce(x, axis=axis)
    high = np.fmax.reduce(x, axis=axis)
    return low, high


def correlation(x: Array) -> Array:
    """Pearson correlations between columns, each pair over the rows where both are seen; missing where one is constant.

    >>> correlation(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])).round(12).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    if not np.isnan(x).any():
        centred = x - x.mean(axis=0)
        length = np.where(x.max(axis=0) > x.min(axis=0), np.sqrt(np.sum(centred * centred, axis=0)), 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            result: Array = (centred.T @ centred) / np.outer(length, length)
        return np.clip(result, -1.0, 1.0)
    k = x.shape[1]
    out = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i, k):
            both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            if both.sum() > 1 and np.ptp(x[both, i]) > 0 and np.ptp(x[both, j]) > 0:
                a, b = x[both, i] - x[both, i].mean(), x[both, j] - x[both, j].mean()
                size = float(np.sqrt((a @ a) * (b @ b)))
                if size > 0:
                    out[i, j] = out[j, i] = float(np.clip(a @ b / size, -1.0, 1.0))
    return out


def significant(x: Array, digits: int = 12) -> Array:
    """The values rounded to a number of significant decimal digits, so that sums taken in another order agree.

    >>> significant(np.array([0.1 + 0.2, 123456.7890123456, 0.0, np.nan])).tolist()
    [0.3, 123456.789012, 0.0, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(x)))
    size = np.where(np.isfinite(size), size, 0.0)
    power = digits - 1 - size
    up = 10.0 ** np.clip(power, 0, 22)
    down = 10.0 ** np.clip(-power, 0, 300)
    extreme = power > 22
    out = np.where(power >= 0, np.rint(x * up) / up, np.rint(x / down) * down)
    return np.where(extreme, x, out)
