"""How a series moves in time: the slope of a straight line through it, in percent of where the line begins."""

from __future__ import annotations

import numpy as np

from tidu.core.stats import Array


def percent_change(values: Array, times: Array, direction: float | Array = 1.0) -> Array:
    """Percent change per unit of time of a straight line fitted to each series, positive where the unit became better.

    Args:
        values: series along the last axis, any number of axes before it; missing values are passed over.
        times: the times of the last axis, as numbers (see :attr:`tidu.index.context.Context.times`).
        direction: +1 where higher is better, −1 where lower is; broadcast over the axes before the last.

    The slope is by least squares and is divided by the size of the line's value at the first seen time. Missing where
    fewer than two times are seen or where the line begins at zero.

    Source: COINr get_trends, prc_change (W. Becker, JOSS 10.21105/joss.04567).

    >>> float(percent_change(np.array([2.0, 3.0, 4.0]), np.array([2020.0, 2021.0, 2022.0])))
    50.0
    """
    x = np.asarray(values, dtype=float)
    seen = ~np.isnan(x)
    n = seen.sum(axis=-1)
    t = np.where(seen, times, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = t.sum(axis=-1) / n
        level = np.where(seen, x, 0.0).sum(axis=-1) / n
        away = np.where(seen, times - middle[..., None], 0.0)
        slope = (away * np.where(seen, x - level[..., None], 0.0)).sum(axis=-1) / (away * away).sum(axis=-1)
        first = np.min(np.where(seen, times, np.inf), axis=-1)
        start = level + slope * (first - middle)
        change = 100.0 * slope / np.abs(start) * direction
    out: Array = np.where((n > 1) & (start != 0), change, np.nan)
    return out
