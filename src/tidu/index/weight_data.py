"""Weights from the data: entropy, deviation, variance, Gini, CRITIC, components, factors, regression.

The children's scores come normalised and turned, so that CRITIC's correlations already know which way is better.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing, nearest
from tidu.core.stats import Array
from tidu.index.context import Context
from tidu.index.weight import WEIGHTINGS, Weights, complete_rows, constant_columns, settle, spread_of
from tidu.index.weight_factor import components, varimax


def _not_negative(low: Array, high: Array, context: Context, method: str) -> None:
    if (low < 0).any():
        position = int(np.argmin(low))
        raise MethodError(
            "weight_data_negative",
            address=context.address,
            method=method,
            child=context.codes[position],
            value=float(low[position]),
        )
    empty = [context.codes[position] for position in np.flatnonzero(high <= 0)]
    if empty:
        raise MethodError("weight_data_zero", address=context.address, method=method, children=listing(empty))


def _some_spread(low: Array, high: Array, context: Context, method: str) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Which children do not vary, and their codes; raises ``weight_no_spread`` when none does."""
    flat = constant_columns(low, high)
    codes = tuple(context.codes[position] for position in np.flatnonzero(flat))
    if len(codes) == flat.size:
        raise MethodError("weight_no_spread", address=context.address, method=method, children=listing(codes))
    return flat, codes


def _unit_range(x: Array) -> Array:
    low = x.min(axis=0)
    width = x.max(axis=0) - low
    result: Array = (x - low) / np.where(width > 0, width, 1.0)
    return result


@WEIGHTINGS.method("entropy", source="Shannon 1948; Hwang and Yoon 1981, Multiple Attribute Decision Making, pp. 52-54")
def entropy(x: Array, *, context: Context) -> Weights:
    """Weights in proportion to 1 minus the entropy of each child's shares among the rows.

    ``x`` is (N, C) with no negative figure; rows with a hole are left out. A child with equal shares gets no weight.
    Facts: ``entropy`` by child, ``constant`` children. Raises ``weight_few_rows``, ``weight_data_negative``,
    ``weight_data_zero`` or ``weight_no_spread``.

    >>> x = np.array([[1.0, 5.0, 1.0], [3.0, 5.0, 1.0], [1.0, 5.0, 3.0]])
    >>> entropy(x, context=Context(codes=("a", "b", "c"))).values.round(12).tolist()
    [0.5, 0.0, 0.5]
    """
    rows = complete_rows(x, context=context, method="entropy")
    low, high = rows.min(axis=0), rows.max(axis=0)
    _not_negative(low, high, context, "entropy")
    flat, codes = _some_spread(low, high, context, "entropy")
    total = rows.sum(axis=0)
    # With p = x / total: -sum p ln p = ln total - sum x ln x / total, and 0 ln 0 = 0.
    part = np.log(rows if (low > 0).all() else np.maximum(rows, np.finfo(float).tiny))
    part *= rows
    amount = (np.log(total) - part.sum(axis=0) / total) / np.log(rows.shape[0])
    lack = np.where(flat, 0.0, np.maximum(0.0, 1.0 - amount))
    facts = {"entropy": dict(zip(context.codes, amount.tolist(), strict=True)), "constant": codes}
    return settle(lack, context=context, method="entropy", facts=facts)


@WEIGHTINGS.method("standard_deviation", source="Diakoulaki, Mavrotas and Papayannakis 1995, Computers & OR 22:763")
def standard_deviation(x: Array, *, context: Context, scale: Literal["given", "min_max"] = "given") -> Weights:
    """Weights in proportion to each child's population standard deviation.

    ``x`` is (N, C); rows with a hole are left out. ``scale`` takes the scores as they come, or stretched to 0–1.
    Facts: ``constant`` children. Raises ``weight_few_rows`` or ``weight_no_spread``.

    >>> standard_deviation(np.array([[0.0, 0.0], [1.0, 3.0]]), context=Context(codes=("a", "b"))).values.tolist()
    [0.25, 0.75]
    """
    rows = complete_rows(x, context=context, method="standard_deviation")
    _, codes = _some_spread(rows.min(axis=0), rows.max(axis=0), context, "standard_deviation")
    spread = spread_of(rows if scale == "given" else _unit_range(rows))
    return settle(spread, context=context, method="standard_deviation", facts={"constant": codes})


@WEIGHTINGS.method("variance", source="Rao and Patel 2010, Materials & Design 31:4738, statistical variance")
def variance(x: Array, *, context: Context, scale: Literal["given", "min_max"] = "given") -> Weights:
    """Weights in proportion to each child's population variance.

    ``x`` is (N, C); rows with a hole are left out. ``scale`` takes the scores as they come, or stretched to 0–1.
    Facts: ``constant`` children. Raises ``weight_few_rows`` or ``weight_no_spread``.

    >>> variance(np.array([[0.0, 0.0], [1.0, 3.0]]), context=Context(codes=("a", "b"))).values.round(12).tolist()
    [0.1, 0.9]
    """
    rows = complete_rows(x, context=context, method="variance")
    _, codes = _some_spread(rows.min(axis=0), rows.max(axis=0), context, "variance")
    spread = spread_of(rows if scale == "given" else _unit_range(rows))
    return settle(spread**2, context=context, method="variance", facts={"constant": codes})


@WEIGHTINGS.method("gini", source="Gini 1912; Ciommi, Gigliarano, Emili, Taralli and Chelli 2017, Ecological Indicators")
def gini(x: Array, *, context: Context) -> Weights:
    """Weights in proportion to each child's Gini coefficient among the rows.

    ``x`` is (N, C) with no negative figure; rows with a hole are left out. Facts: ``gini`` by child (the form with
    N in the denominator), ``constant`` children. Raises as :func:`entropy` does.

    >>> x = np.array([[0.0, 1.0], [1.0, 3.0]])
    >>> {code: float(g) for code, g in gini(x, context=Context(codes=("a", "b"))).facts["gini"].items()}
    {'a': 0.5, 'b': 0.25}
    """
    rows = complete_rows(x, context=context, method="gini")
    low, high = rows.min(axis=0), rows.max(axis=0)
    _not_negative(low, high, context, "gini")
    flat, codes = _some_spread(low, high, context, "gini")
    n = rows.shape[0]
    place = 2.0 * np.arange(1, n + 1) - n - 1
    value = np.maximum(0.0, place @ np.sort(rows, axis=0) / (n * rows.sum(axis=0)))
    value = np.where(flat, 0.0, value)
    facts = {"gini": dict(zip(context.codes, value.tolist(), strict=True)), "constant": codes}
    return settle(value, context=context, method="gini", facts=facts)


@WEIGHTINGS.method("critic", source="Diakoulaki, Mavrotas and Papayannakis 1995, Computers & OR 22:763")
def critic(x: Array, *, context: Context) -> Weights:
    """Weights in proportion to spread times conflict, the sum of 1 minus the correlations with the other children.

    ``x`` is (N, C), turned so that higher is better *before* correlations are taken; rows with a hole are left out.
    Spread is that of scores stretched to 0–1. Facts: ``spread``, ``conflict`` and ``information`` by child,
    ``constant`` children (no weight, and no part in the others' conflict). Raises ``weight_few_rows`` or
    ``weight_no_spread``, the latter also when all children move as one.

    >>> x = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.5, 0.5, 0.5]])
    >>> critic(x, context=Context(codes=("a", "b", "c"))).values.round(12).tolist()
    [0.25, 0.25, 0.5]
    """
    rows = complete_rows(x, context=context, method="critic")
    low, high = rows.min(axis=0), rows.max(axis=0)
    flat, codes = _some_spread(low, high, context, "critic")
    size = rows.shape[1]
    centred = rows - rows.mean(axis=0)
    width = high - low
    product = centred.T @ centred
    length = np.sqrt(np.diag(product))
    alive = ~flat
    length = np.where(alive, length, 1.0)
    link = np.clip(product / np.outer(length, length), -1.0, 1.0)
    link[~alive, :] = link[:, ~alive] = 1.0
    np.fill_diagonal(link, 1.0)
    spread = np.where(alive, length / np.sqrt(rows.shape[0]) / np.where(width > 0, width, 1.0), 0.0)
    conflict = np.sum(1.0 - link, axis=1)
    conflict[np.abs(conflict) < 1e-12 * size] = 0.0
    information = spread * conflict
    if not (information > 0).any():
        raise MethodError("weight_no_spread", address=context.address, method="critic", children=listing(context.codes))
    facts = {
        name: dict(zip(context.codes, column.tolist(), strict=True))
        for name, column in (("spread", spread), ("conflict", conflict), ("information", information))
    }
    return settle(information, context=context, method="critic", facts={**facts, "constant": codes})


def _varying(x: Array, context: Context, method: str) -> Array:
    rows = complete_rows(x, context=context, method=method, needed=3)
    flat = [context.codes[position] for position in np.flatnonzero(constant_columns(rows.min(axis=0), rows.max(axis=0)))]
    if flat:
        raise MethodError("weight_constant_child", address=context.address, method=method, children=listing(flat))
    return rows


@WEIGHTINGS.method("pca", source="OECD/JRC Handbook 2008, steps 4 and 6, Tables 7 and 8 (squared loadings)")
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
    "factor_analysis", source="Nicoletti, Scarpetta and Boylaud 2000, OECD WP 226; OECD/JRC Handbook 2008, step 6, Table 22"
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


@WEIGHTINGS.method(
    "regression",
    source="OECD/JRC Handbook 2008, step 6; Lawson and Hanson 1974, Solving Least Squares Problems, ch. 23, for the bound",
)
def regression(x: Array, *, context: Context, target: str) -> Weights:
    """Weights in proportion to the least-squares coefficients, held at or above zero, of a target column.

    ``x`` is (N, C) and ``context.columns[target]`` has the N figures in the same order (unit by unit, period within);
    rows with a hole in either are left out, and both are centred. Facts: ``r2``, ``rows``, ``coefficients`` by child,
    ``at_zero`` (children that the bound holds at zero). Raises ``weight_target_unknown``, ``weight_target_shape``,
    ``weight_few_rows``, ``weight_target_constant`` or ``weight_target_unrelated``.

    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]])
    >>> around = Context(codes=("a", "b"), columns={"growth": x @ np.array([3.0, 1.0]) + 7.0})
    >>> regression(x, context=around, target="growth").values.round(9).tolist()
    [0.75, 0.25]
    """
    from scipy.optimize import nnls

    if target not in context.columns:
        raise SpecError(
            "weight_target_unknown",
            address=context.address,
            target=target,
            known=listing(context.columns),
            did_you_mean=nearest(target, context.columns),
        )
    aim = np.asarray(context.columns[target], dtype=float).reshape(-1)
    if aim.size != x.shape[0]:
        raise MethodError("weight_target_shape", address=context.address, target=target, found=aim.size, needed=x.shape[0])
    both = complete_rows(np.column_stack([x, aim]), context=context, method="regression", needed=x.shape[1] + 2)
    if spread_of(both[:, -1:])[0] == 0:
        raise MethodError("weight_target_constant", address=context.address, target=target)
    centred = both - both.mean(axis=0)
    coefficients, rest = nnls(centred[:, :-1], centred[:, -1])
    if not (coefficients > 0).any():
        raise MethodError("weight_target_unrelated", address=context.address, target=target)
    facts = {
        "r2": 1.0 - float(rest) ** 2 / float(centred[:, -1] @ centred[:, -1]),
        "rows": both.shape[0],
        "coefficients": dict(zip(context.codes, coefficients.tolist(), strict=True)),
        "at_zero": tuple(code for code, value in zip(context.codes, coefficients, strict=True) if value == 0),
    }
    return settle(coefficients, context=context, method="regression", facts=facts)
