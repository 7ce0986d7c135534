"""Weights from comparisons in pairs: the analytic hierarchy process, with its consistency looked into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing, nearest
from tidu.core.stats import Array
from tidu.index.context import Context
from tidu.index.weight import WEIGHTINGS, Weights, settle

Pair = tuple[str, str, float]

# Mean consistency index of random matrices of order 1 to 15: Saaty (1980), The Analytic Hierarchy Process, p. 21.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


def pair_matrix(pairs: Iterable[Pair], *, context: Context, expert: str = "1") -> Array:
    """The reciprocal matrix (C, C) of an expert's comparisons: entry (i, j) says how many times i outweighs j.

    Each pair must be there once; it may be there in both directions if the two agree. Raises ``ahp_unknown_child``,
    ``ahp_not_positive``, ``ahp_not_reciprocal`` or ``ahp_missing_pair``.

    >>> pair_matrix([("a", "b", 4.0)], context=Context(codes=("a", "b"))).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    place = {code: position for position, code in enumerate(context.codes)}
    size = len(place)
    matrix = np.full((size, size), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for first, second, ratio in pairs:
        for code in (first, second):
            if code not in place:
                raise SpecError(
                    "ahp_unknown_child",
                    address=context.address,
                    expert=expert,
                    child=code,
                    known=listing(place),
                    did_you_mean=nearest(code, place),
                )
        if not (np.isfinite(ratio) and ratio > 0):
            raise SpecError("ahp_not_positive", address=context.address, expert=expert, first=first, second=second, ratio=ratio)
        i, j = place[first], place[second]
        if not np.isnan(matrix[i, j]) and abs(np.log(matrix[i, j] / ratio)) > 1e-6:
            raise SpecError(
                "ahp_not_reciprocal",
                address=context.address,
                expert=expert,
                first=first,
                second=second,
                ratio=ratio,
                earlier=float(matrix[i, j]),
            )
        if i != j:
            matrix[i, j], matrix[j, i] = ratio, 1.0 / ratio
    lacking = [f"{context.codes[i]}–{context.codes[j]}" for i, j in combinations(range(size), 2) if np.isnan(matrix[i, j])]
    if lacking:
        raise SpecError("ahp_missing_pair", address=context.address, expert=expert, count=len(lacking), pairs=listing(lacking))
    return matrix


def principal(matrix: Array) -> tuple[Array, float]:
    """The eigenvector of a positive reciprocal matrix, summing to 1, and its largest eigenvalue.

    >>> vector, largest = principal(np.array([[1.0, 2.0], [0.5, 1.0]]))
    >>> vector.round(12).tolist(), round(largest, 12)
    ([0.666666666667, 0.333333333333], 2.0)
    """
    values, vectors = np.linalg.eig(matrix)
    top = int(np.argmax(values.real))
    vector = np.abs(vectors[:, top].real)
    return vector / vector.sum(), float(values[top].real)


def consistency_ratio(matrix: Array) -> float:
    """Saaty's ratio of the matrix's inconsistency to that of random matrices; 0 up to order 2.

    >>> round(consistency_ratio(np.array([[1.0, 2.0, 8.0], [0.5, 1.0, 2.0], [0.125, 0.5, 1.0]])), 4)
    0.0462
    """
    size = matrix.shape[0]
    if size < 3:
        return 0.0
    index = (principal(matrix)[1] - size) / (size - 1)
    return float(max(0.0, index / RANDOM_INDEX[size - 1]))


def geometric_consistency(matrix: Array) -> float:
    """The index of Aguarón and Moreno-Jiménez (2003): mean squared log error of the geometric-mean weights.

    >>> geometric_consistency(np.array([[1.0, 2.0], [0.5, 1.0]]))
    0.0
    """
    size = matrix.shape[0]
    if size < 3:
        return 0.0
    logs = np.log(matrix)
    level = logs.mean(axis=1)
    error = logs - (level[:, None] - level[None, :])
    return float(np.sum(np.triu(error, 1) ** 2) * 2 / ((size - 1) * (size - 2)))


def worst_triad(matrix: Array) -> tuple[int, int, int, float]:
    """The three children whose comparisons clash most, and the product a_ij · a_jk · a_ki (1 = no clash).

    The order is turned so that the product is at least 1.

    >>> worst_triad(np.array([[1.0, 2.0, 8.0], [0.5, 1.0, 2.0], [0.125, 0.5, 1.0]]))
    (0, 2, 1, 2.0)
    """
    logs = np.log(matrix)
    clash = logs[:, :, None] + logs[None, :, :] + logs.T[:, None, :]
    i, j, k = (int(v) for v in np.unravel_index(int(np.argmax(np.round(clash, 12))), clash.shape))
    return i, j, k, round(float(np.exp(clash[i, j, k])), 9)


def _by_expert(pairs: Mapping[str, list[Pair]] | list[Pair]) -> dict[str, list[Pair]]:
    return dict(pairs) if isinstance(pairs, Mapping) else {"1": list(pairs)}


def _check(matrix: Array, expert: str, limit: float, tolerate: bool, context: Context) -> float:
    ratio = consistency_ratio(matrix)
    if ratio > limit and not tolerate:
        i, j, k, product = worst_triad(matrix)
        a, b, c = context.codes[i], context.codes[j], context.codes[k]
        raise MethodError(
            "ahp_inconsistent",
            address=context.address,
            expert=expert,
            ratio=round(ratio, 4),
            limit=limit,
            a=a,
            b=b,
            c=c,
            a_over_b=round(float(matrix[i, j]), 4),
            b_over_c=round(float(matrix[j, k]), 4),
            a_over_c=round(float(matrix[i, k]), 4),
            implied=round(float(matrix[i, j] * matrix[j, k]), 4),
            product=product,
        )
    return ratio


@WEIGHTINGS.method(
    "ahp",
    source="Saaty 1980, pp. 17-21; Crawford and Williams 1985, J. Math. Psychology 29:387; OECD/JRC Handbook 2008, Table 20",
)
def ahp(
    x: Array,
    *,
    context: Context,
    pairs: dict[str, list[Pair]] | list[Pair],
    vector: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    limit: Annotated[float, Field(ge=0)] = 0.1,
    tolerate: bool = False,
) -> Weights:
    """Weights from comparisons of the children in pairs, one expert's or several experts'.

    ``x`` is (N, C) and is not looked at. ``pairs`` holds ``[first, second, ratio]`` rows, "first counts ratio times as
    much as second", for one expert or by expert; several are joined by the geometric mean of their ratios. Facts:
    consistency ratio of the joint matrix and of each expert, geometric consistency index, largest eigenvalue,
    ``consistent``, and the worst triad. Raises ``ahp_inconsistent`` above ``limit`` unless ``tolerate``,
    ``ahp_too_many`` above 15 children, ``ahp_no_expert``, and what :func:`pair_matrix` raises.

    >>> answers = [("a", "b", 2.0), ("a", "c", 4.0), ("b", "c", 2.0)]
    >>> found = ahp(np.zeros((2, 3)), context=Context(codes=("a", "b", "c")), pairs=answers)
    >>> found.values.round(6).tolist(), found.facts["consistent"]
    ([0.571429, 0.285714, 0.142857], True)
    """
    size = len(context.codes)
    if size > len(RANDOM_INDEX):
        raise MethodError("ahp_too_many", address=context.address, count=size, most=len(RANDOM_INDEX))
    experts = _by_expert(pairs)
    if not experts:
        raise SpecError("ahp_no_expert", address=context.address)
    matrices = {name: pair_matrix(rows, context=context, expert=name) for name, rows in experts.items()}
    ratios = {name: _check(matrix, name, limit, tolerate, context) for name, matrix in matrices.items()}
    joint = np.exp(np.mean([np.log(matrix) for matrix in matrices.values()], axis=0))
    values, largest = principal(joint)
    if vector == "geometric_mean":
        values = np.exp(np.log(joint).mean(axis=1))
    ratio = consistency_ratio(joint)
    facts: dict[str, object] = {
        "consistency_ratio": ratio,
        "geometric_consistency_index": geometric_consistency(joint),
        "largest_eigenvalue": largest,
        "consistent": max([ratio, *ratios.values()]) <= limit,
        "experts": len(experts),
    }
    if len(experts) > 1:
        facts["consistency_ratio_by_expert"] = ratios
    if size > 2 and ratio > 0:
        i, j, k, product = worst_triad(joint)
        facts["worst_triad"] = (context.codes[i], context.codes[j], context.codes[k])
        facts["worst_triad_product"] = product
    return settle(values, context=context, method="ahp", facts=facts)
