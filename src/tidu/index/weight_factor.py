"""Weights from principal components and rotated factors."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tidu.core.errors import MethodError, listing
from tidu.core.stats import Array, correlation
from tidu.index.context import Context
from tidu.index.weight import WEIGHTINGS, Weights, complete_rows, settle, spread_of


def components(x: Array) -> tuple[Array, Array]:
    """Eigenvalues, largest first, and eigenvectors (columns) of the correlation matrix of complete rows (N, C).

    Each vector is turned so that its entries sum to a positive number, or its largest entry is positive.

    >>> values, vectors = components(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]))
    >>> values.round(12).tolist(), vectors[:, 0].round(6).tolist()
    ([2.0, 0.0], [0.707107, 0.707107])
    """
    values, vectors = np.linalg.eigh(correlation(x))
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    total = vectors.sum(axis=0)
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], axis=0)[0]
    sign = np.sign(np.where(np.abs(total) > 1e-9, total, largest))
    return values, vectors * sign


def varimax(loadings: Array, *, kaiser: bool = True, most: int = 1000) -> Array:
    """The loadings (C, F) turned so that each factor loads high on few children (Kaiser 1958).

    With ``kaiser`` rows are brought to unit length before the rotation and back after it.

    >>> turned = varimax(np.array([[0.8, 0.6], [0.6, -0.8]]), kaiser=False)
    >>> np.sort(np.abs(turned), axis=None).round(6).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    length = np.sqrt(np.sum(loadings**2, axis=1, keepdims=True))
    length = np.where(kaiser & (length > 0), length, 1.0)
    turned: Array = loadings / length
    size, count = turned.shape
    for _ in range(most):
        widest = 0.0
        for i, j in combinations(range(count), 2):
            a, b = turned[:, i].copy(), turned[:, j].copy()
            u, v = a * a - b * b, 2 * a * b
            across = 2 * (u @ v) - 2 * u.sum() * v.sum() / size
            along = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / size
            angle = float(np.arctan2(across, along)) / 4 if np.hypot(across, along) > 1e-15 else 0.0
            turned[:, i] = a * np.cos(angle) + b * np.sin(angle)
            turned[:, j] = b * np.cos(angle) - a * np.sin(angle)
            widest = max(widest, abs(angle))
        if widest < 1e-12:
            break
    return turned * length


def _varying(x: Array, context: Context, method: str) -> Array:
    rows = complete_rows(x, context=context, method=method, needed=3)
    flat = [context.codes[position] for position in np.flatnonzero(spread_of(rows) == 0)]
    if flat:
        raise MethodError("weight_constant_child", address=context.address, method=method, children=listing(flat))
    return rows


@WEIGHTINGS.method("pca", source="OECD/JRC Handbook (2008), pp. 63-69 and 89-91 (squared loadings)")
def pca(
    x: Array,
    *,
    context: Context,
    components_kept: Annotated[int, Field(ge=1)] = 1,
    form: Literal["squared", "loading"] = "squared",
) -> Weights:
    """Weights from the loadings of the first principal components of the correlation matrix.

    ``x`` is (N, C); rows with a hole are left out. ``squared`` weighs the squared entries of the eigenvectors, which
    sum to 1, by the components' variances; ``loading`` takes the first vector's entries and refuses mixed signs.
    Facts: ``explained`` share of variance, ``eigenvalues``, ``loadings`` on the first component, ``opposed`` children
    (those whose sign on it is negative: a squared loading hides that they pull the other way). Raises
    ``weight_few_rows``, ``weight_constant_child`` or ``pca_mixed_signs``.

    >>> x = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
    >>> pca(x, context=Context(codes=("a", "b"))).values.round(9).tolist()
    [0.5, 0.5]
    """
    rows = _varying(x, context, "pca")
    values, vectors = components(rows)
    kept = min(components_kept, rows.shape[1]) if form == "squared" else 1
    first = vectors[:, 0]
    opposed = tuple(context.codes[position] for position in np.flatnonzero(first < -1e-9))
    if form == "loading":
        if opposed:
            raise MethodError("pca_mixed_signs", address=context.address, children=listing(opposed))
        weights = np.maximum(first, 0.0)
    else:
        weights = vectors[:, :kept] ** 2 @ values[:kept]
    facts = {
        "explained": float(values[:kept].sum() / values.sum()),
        "eigenvalues": tuple(values.tolist()),
        "loadings": dict(zip(context.codes, (first * np.sqrt(values[0])).tolist(), strict=True)),
        "opposed": opposed,
    }
    return settle(weights, context=context, method="pca", facts=facts)


@WEIGHTINGS.method(
    "factor_analysis", source="Nicoletti, Scarpetta and Boylaud (2000); OECD/JRC Handbook (2008), pp. 89-91"
)
def factor_analysis(
    x: Array,
    *,
    context: Context,
    factors: Annotated[int, Field(ge=1)] | None = None,
    least_share: Annotated[float, Field(gt=0, le=1)] = 0.1,
    rotation: Literal["varimax", "none"] = "varimax",
    kaiser: bool = True,
) -> Weights:
    """Weights from rotated factors: each child's largest share of a factor, times that factor's share of variance.

    ``x`` is (N, C); rows with a hole are left out. Factors are principal components of the correlation matrix: as many
    as ``factors`` says, else those that explain at least ``least_share`` of the variance. Squared loadings are scaled
    to sum 1 within a factor; each child belongs to the factor on which that figure is largest. Facts: ``factors``,
    ``explained``, ``loadings`` and ``factor`` by child, ``eigenvalues``. Raises ``weight_few_rows`` or
    ``weight_constant_child``.

    >>> x = np.array([[0.0, 0.0, 5.0], [1.0, 1.0, 2.0], [2.0, 2.0, 4.0], [3.0, 3.0, 3.0]])
    >>> factor_analysis(x, context=Context(codes=("a", "b", "c")), factors=2).values.round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    rows = _varying(x, context, "factor_analysis")
    values, vectors = components(rows)
    size = rows.shape[1]
    kept = min(factors, size) if factors is not None else max(1, int(np.sum(values / size >= least_share)))
    loadings = vectors[:, :kept] * np.sqrt(values[:kept])
    if rotation == "varimax" and kept > 1:
        loadings = varimax(loadings, kaiser=kaiser)
    square = loadings**2
    load = square.sum(axis=0)
    share = square / np.where(load > 0, load, 1.0)
    own = np.argmax(np.round(share, 12), axis=1)
    weights = share[np.arange(size), own] * load[own] / load.sum()
    facts = {
        "factors": kept,
        "explained": float(load.sum() / size),
        "explained_by_factor": tuple((load / size).tolist()),
        "eigenvalues": tuple(values.tolist()),
        "loadings": {code: tuple(row) for code, row in zip(context.codes, loadings.tolist(), strict=True)},
        "factor": {code: int(place) + 1 for code, place in zip(context.codes, own, strict=True)},
    }
    return settle(weights, context=context, method="factor_analysis", facts=facts)
