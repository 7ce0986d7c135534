"""Imputation by a model of the indicators of a pillar: regression, nearest neighbours, EM, multiple imputation.

Entered into the same registry as the plain fills of :mod:`tidu.index.impute`, with the same shapes.
"""

from __future__ import annotations

from typing import Annotated
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, listing
from tidu.core.registry import Fitted
from tidu.core.stats import Array, mean_sd
from tidu.index.context import Context
from tidu.index.impute import IMPUTATIONS, fill


def _complete(x: Array) -> Array:
    flat = x.reshape(-1, x.shape[-1])
    return flat[~np.isnan(flat).any(axis=1)]


def fit_regression(x: Array, *, context: Context) -> Fitted:
    """Least-squares coefficients of each column on the others with an intercept, from the complete rows."""
    rows = _complete(x)
    k = x.shape[-1]
    if k < 2:
        raise MethodError("no_sibling", address="impute", method="regression", codes=listing(context.codes))
    if len(rows) < k + 1:
        raise MethodError(
            "too_few_rows", address="impute", method="regression", rows=len(rows), wanted=k + 1, codes=listing(context.codes)
        )
    table = np.zeros((k, k))  # row j: intercept, then the coefficients of the other columns in order
    for j in range(k):
        design = np.column_stack([np.ones(len(rows)), np.delete(rows, j, axis=1)])
        table[j] = np.linalg.lstsq(design, rows[:, j], rcond=None)[0]
    return {"table": table, "middle": rows.mean(axis=0)}


@IMPUTATIONS.method("regression", source="OECD/JRC Handbook 2008, 3.3", fit=fit_regression, traits=("pillar",))
def regression(x: Array, table: Array, middle: Array) -> Array:
    """Missing cells predicted from the unit's other indicators of the pillar; a missing predictor stands at its mean.

    >>> x = np.array([[[1.0, 2.0]], [[2.0, 4.0]], [[3.0, 6.0]], [[4.0, np.nan]]])
    >>> regression(x, **fit_regression(x, context=Context(codes=("a", "b"))))[3].ravel().round(9).tolist()
    [4.0, 8.0]
    """
    known = np.where(np.isnan(x), middle, x)
    guess = np.stack([table[j, 0] + np.delete(known, j, axis=-1) @ table[j, 1:] for j in range(x.shape[-1])], axis=-1)
    return fill(x, guess)


def fit_donors(x: Array, *, context: Context) -> Fitted:
    """The complete rows, and each column's mean and standard deviation by which distances are measured."""
    rows = _complete(x)
    if not len(rows):
        raise MethodError("too_few_rows", address="impute", method="nearest", rows=0, wanted=1, codes=listing(context.codes))
    spread = rows.std(axis=0)
    return {"donors": rows, "middle": rows.mean(axis=0), "spread": np.where(spread > 0, spread, 1.0)}


@IMPUTATIONS.method("nearest", source="k nearest neighbours (Troyanskaya et al. 2001)", fit=fit_donors, traits=("pillar",))
def nearest_neighbours(x: Array, donors: Array, middle: Array, spread: Array, *, k: Annotated[int, Field(ge=1)] = 5) -> Array:
    """Missing cells filled with the mean of the ``k`` complete units nearest in the indicators that are seen.

    Distance is the root mean square over the seen columns in standard deviations; the unit itself needs one seen column. Units as
    near as the last of the ``k`` count too, so that the order of units changes nothing.

    >>> x = np.array([[[1.0, 10.0]], [[2.0, 20.0]], [[9.0, 90.0]], [[1.1, np.nan]]])
    >>> nearest_neighbours(x, **fit_donors(x, context=Context()), k=1)[3].ravel().tolist()
    [1.1, 10.0]
    """
    flat = x.reshape(-1, x.shape[-1]).copy()
    scaled = (donors - middle) / spread
    for i in np.flatnonzero(np.isnan(flat).any(axis=1)).tolist():
        seen = ~np.isnan(flat[i])
        if not seen.any():
            continue
        here = (flat[i, seen] - middle[seen]) / spread[seen]
        apart = np.mean((scaled[:, seen] - here) ** 2, axis=1)
        limit = float(np.partition(apart, min(k, apart.size) - 1)[min(k, apart.size) - 1])
        flat[i, ~seen] = donors[apart <= limit * (1 + 1e-12)][:, ~seen].mean(axis=0)
    return flat.reshape(x.shape)


def fit_em(x: Array, *, context: Context, rounds: Annotated[int, Field(ge=1)] = 200, tolerance: float = 1e-8) -> Fitted:
    """Mean and covariance of a multivariate normal by expectation–maximisation over the rows that have a seen cell."""
    flat = x.reshape(-1, x.shape[-1])
    flat = flat[~np.isnan(flat).all(axis=1)]
    n, k = flat.shape
    if n < k + 2:
        raise MethodError("too_few_rows", address="impute", method="em", rows=n, wanted=k + 2, codes=listing(context.codes))
    mu, spread = mean_sd(flat, ddof=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = (flat - mu) / scale
    m, s = np.zeros(k), np.eye(k)
    patterns, member = np.unique(np.isnan(z), axis=0, return_inverse=True)
    member = member.reshape(-1)
    for _ in range(rounds):
        filled, extra = np.where(np.isnan(z), 0.0, z), np.zeros((k, k))
        for p, gone in enumerate(patterns):
            if not gone.any():
                continue
            rows = np.flatnonzero(member == p)
            slope, left = _conditional(s, gone)
            filled[np.ix_(rows, np.flatnonzero(gone))] = m[gone] + (z[np.ix_(rows, np.flatnonzero(~gone))] - m[~gone]) @ slope.T
            extra[np.ix_(gone, gone)] += len(rows) * left
        new_m = filled.mean(axis=0)
        centred = filled - new_m
        new_s = (centred.T @ centred + extra) / n
        moved = max(np.abs(new_m - m).max(), np.abs(new_s - s).max())
        m, s = new_m, new_s
        if moved < tolerance:
            break
    return {"mu": mu + m * scale, "sigma": s * np.outer(scale, scale)}


def _conditional(s: Array, gone: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Slope and left-over covariance of the missing columns given the seen ones (a small ridge keeps it solvable)."""
    seen = ~gone
    if not seen.any():
        return np.zeros((int(gone.sum()), 0)), s[np.ix_(gone, gone)]
    size = np.sqrt(np.diag(s))
    size = np.where(size > 0, size, 1.0)
    r = s / np.outer(size, size)
    core = r[np.ix_(seen, seen)] + 1e-9 * np.eye(int(seen.sum()))
    slope = np.linalg.solve(core, r[np.ix_(seen, gone)]).T
    left = r[np.ix_(gone, gone)] - slope @ r[np.ix_(seen, gone)]
    outer = np.outer(size[gone], 1.0 / size[seen])
    return slope * outer, left * np.outer(size[gone], size[gone])


@IMPUTATIONS.method("em", source="Dempster, Laird & Rubin 1977; OECD/JRC Handbook 2008, 3.3", fit=fit_em, traits=("pillar",))
def em(x: Array, mu: Array, sigma: Array) -> Array:
    """Missing cells filled with their expectation given the unit's seen indicators of the pillar.

    >>> rng = np.random.default_rng(1)
    >>> a = rng.normal(size=200)
    >>> x = np.stack([a, 2 * a], axis=1)[:, None, :]
    >>> x[0, 0, 1] = np.nan
    >>> bool(abs(em(x, **fit_em(x, context=Context()))[0, 0, 1] - 2 * a[0]) < 1e-3)
    True
    """
    return _draw(x, mu, sigma, None)


def _draw(x: Array, mu: Array, sigma: Array, noise: Array | None) -> Array:
    """Missing cells at their expectation given the seen ones, moved by standard normal ``noise`` (rows, columns) when given."""
    flat = x.reshape(-1, x.shape[-1]).copy()
    patterns, member = np.unique(np.isnan(flat), axis=0, return_inverse=True)
    member = member.reshape(-1)
    for p, gone in enumerate(patterns):
        if not gone.any():
            continue
        rows = np.flatnonzero(member == p)
        slope, left = _conditional(sigma, gone)
        guess = mu[gone] + (flat[np.ix_(rows, np.flatnonzero(~gone))] - mu[~gone]) @ slope.T
        if noise is not None:
            size, axes = np.linalg.eigh((left + left.T) / 2)
            guess = guess + noise[np.ix_(rows, np.flatnonzero(gone))] @ (axes * np.sqrt(np.maximum(size, 0.0))).T
        flat[np.ix_(rows, np.flatnonzero(gone))] = guess
    return flat.reshape(x.shape)


def draws(x: Array, mu: Array, sigma: Array, *, m: int, seed: int, units: tuple[str, ...] = ()) -> Array:
    """``m`` completed copies of ``x``, each missing cell drawn from its distribution given the seen ones: (m, …).

    A unit's draws hang on the seed and the unit's code (its row where no codes are given), not on the order of the rows.

    >>> x = np.array([[[1.0, np.nan]]])
    >>> draws(x, np.zeros(2), np.eye(2), m=3, seed=7).shape
    (3, 1, 1, 2)
    """
    names = units or tuple(map(str, range(x.shape[0])))
    shape = (m, *x.shape[1:])
    noise = np.stack([np.random.default_rng([seed, crc32(name.encode())]).normal(size=shape) for name in names], axis=1)
    return np.stack([_draw(x, mu, sigma, one.reshape(-1, x.shape[-1])) for one in noise])


@IMPUTATIONS.method("multiple", source="Rubin 1987; OECD/JRC Handbook 2008, 3.3", fit=fit_em, traits=("pillar",))
def multiple(x: Array, mu: Array, sigma: Array, *, context: Context, m: Annotated[int, Field(ge=2)] = 5) -> Array:
    """Missing cells filled with the mean of ``m`` draws; the draws themselves are had from :func:`draws`.

    >>> x = np.array([[[1.0, np.nan]]])
    >>> bool(np.isfinite(multiple(x, np.zeros(2), np.eye(2), context=Context(seed=1))).all())
    True
    """
    return fill(x, draws(x, mu, sigma, m=m, seed=context.seed, units=context.units).mean(axis=0))


def pool(estimates: Array, variances: Array) -> tuple[Array, Array]:
    """Rubin's rules: the pooled estimate and its total variance, from ``m`` estimates along the first axis.

    >>> estimate, variance = pool(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    >>> float(estimate), float(variance)
    (2.0, 4.0)
    """
    m = estimates.shape[0]
    between = np.var(estimates, axis=0, ddof=1)
    return estimates.mean(axis=0), variances.mean(axis=0) + (1.0 + 1.0 / m) * between
