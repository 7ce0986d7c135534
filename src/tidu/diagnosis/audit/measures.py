"""What is measured of columns of figures, as bare functions on arrays, each with its source.

Statistics of columns, p-values of correlations, whether columns hang together: KMO, Bartlett, Cronbach's alpha.
"""

from __future__ import annotations

import numpy as np

from tidu.core.stats import Array, correlation, low_high, mean_sd, moments


def describe(x: Array) -> dict[str, Array]:
    """Statistics of each column of (N, K), by name, each (K,): range, mean, median, shape, counts and shares.

    ``seen`` counts figures, ``nonzero`` those that are not zero, ``unique`` distinct ones, ``same`` the most frequent one;
    ``availability`` is a share of the rows, ``share_*`` are shares of the figures seen. Skewness and excess kurtosis
    are bias-corrected. Source: COINr get_stats.

    >>> found = describe(np.array([[0.0], [2.0], [2.0], [np.nan]]))
    >>> {name: round(float(found[name][0]), 3) for name in ("seen", "nonzero", "unique", "same", "availability", "median")}
    {'seen': 3.0, 'nonzero': 2.0, 'unique': 2.0, 'same': 2.0, 'availability': 0.75, 'median': 2.0}
    """
    n, mean, skew, kurtosis = moments(x)
    low, high = low_high(x)
    unique, same, median = np.zeros(x.shape[1]), np.zeros(x.shape[1]), np.full(x.shape[1], np.nan)
    for k in range(x.shape[1]):
        seen = x[~np.isnan(x[:, k]), k]
        if seen.size:
            values, counts = np.unique(seen, return_counts=True)
            unique[k], same[k], median[k] = values.size, counts.max(), np.median(seen)
    nonzero = np.sum((x != 0) & ~np.isnan(x), axis=0, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "low": low,
            "high": high,
            "mean": mean,
            "median": median,
            "sd": mean_sd(x)[1],
            "skew": skew,
            "kurtosis": kurtosis,
            "seen": n,
            "nonzero": nonzero,
            "unique": unique,
            "same": same,
            "availability": n / x.shape[0],
            "share_nonzero": nonzero / n,
            "share_unique": unique / n,
            "share_same": same / n,
        }


def p_value(r: Array, n: Array) -> Array:
    """The two-sided p-value of Pearson correlations ``r`` over ``n`` pairs, by Student's t with n − 2 degrees.

    Missing with fewer than three pairs. Source: Student 1908, Biometrika 6:302.

    >>> p_value(np.array([0.0, 0.5, 1.0]), np.array([10, 10, 10])).round(4).tolist()
    [1.0, 0.1411, 0.0]
    """
    from scipy.special import betainc

    free = np.where(n > 2, n - 2, np.nan) / 2.0
    return np.asarray(betainc(free, 0.5, np.clip(1.0 - r * r, 0.0, 1.0)))


def sampling_adequacy(r: Array) -> tuple[float, Array]:
    """Kaiser–Meyer–Olkin measure of a correlation matrix (C, C): overall and by column; missing where it is singular.

    Source: Kaiser 1974, Psychometrika 39:31.

    >>> overall, each = sampling_adequacy(np.array([[1.0, 0.6, 0.6], [0.6, 1.0, 0.6], [0.6, 0.6, 1.0]]))
    >>> round(overall, 4), each.round(4).tolist()
    (0.7191, [0.7191, 0.7191, 0.7191])
    """
    size = r.shape[0]
    if np.isnan(r).any() or size < 2 or np.linalg.eigvalsh(r)[0] < 1e-10:
        return float("nan"), np.full(size, np.nan)
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    away = ~np.eye(size, dtype=bool)
    plain, partial = np.where(away, r, 0.0) ** 2, np.where(away, inverse / np.outer(scale, scale), 0.0) ** 2
    total = plain.sum() + partial.sum()
    each = plain.sum(axis=0) + partial.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return float(plain.sum() / total) if total > 0 else float("nan"), plain.sum(axis=0) / each


def sphericity(r: Array, n: int) -> tuple[float, int, float]:
    """Bartlett's test that a correlation matrix (C, C) over ``n`` rows is the identity: chi², degrees of freedom, p-value.

    Source: Bartlett 1951, Biometrika 38:337.

    >>> chi2, free, p = sphericity(np.array([[1.0, 0.5], [0.5, 1.0]]), 20)
    >>> round(chi2, 4), free, round(p, 4)
    (5.0344, 1, 0.0248)
    """
    from scipy.special import chdtrc

    size = r.shape[0]
    sign, log = np.linalg.slogdet(r)
    free = size * (size - 1) // 2
    if np.isnan(r).any() or n < 2 or size < 2:
        return float("nan"), free, float("nan")
    chi2 = float("inf") if sign <= 0 else float(-(n - 1 - (2 * size + 5) / 6) * log)
    return chi2, free, float(chdtrc(free, chi2)) if np.isfinite(chi2) else 0.0


def cronbach(x: Array, *, standardised: bool = False) -> float:
    """Cronbach's alpha of complete rows (N, C), of covariances or, ``standardised``, of correlations; missing for one column.

    Source: Cronbach 1951, Psychometrika 16:297; OECD/JRC Handbook 2008, 4.3.

    >>> x = np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 5.0]])
    >>> round(cronbach(x), 6), round(cronbach(x, standardised=True), 6)
    (0.857143, 0.928203)
    """
    size = x.shape[1]
    if size < 2 or x.shape[0] < 2:
        return float("nan")
    table = correlation(x) if standardised else np.atleast_2d(np.cov(x, rowvar=False))
    total = table.sum()
    return float(size / (size - 1) * (1.0 - np.trace(table) / total)) if total > 0 else float("nan")
