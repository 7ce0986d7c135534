"""Whether the figures of an index hang together: statistics, correlations, components and reliability, node by node.

A ``period`` is a label, ``None`` for the last one, or ``"*"`` for all periods pooled. Figures are those of the units that
are shown. The bare functions on arrays are in :mod:`tidu.diagnosis.audit.measures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from tidu.core.errors import MethodError, UsageError, listing
from tidu.core.stats import Array, correlation
from tidu.diagnosis.audit.measures import cronbach, describe, p_value, sampling_adequacy, sphericity
from tidu.index.framework import Framework, Node
from tidu.index.result import STEP_TABLES, Index
from tidu.index.weight_factor import components, varimax

Period = str | int | None

#: Limits of :func:`tidu.diagnosis.audit.remarks.audit`, each of which may be given another value.
LIMITS: Mapping[str, float] = {
    "availability": 0.65,
    "nonzero": 0.5,
    "unique": 0.5,
    "skew": 2.0,
    "kurtosis": 3.5,
    "size": 0.7,
    "redundant": 0.92,
    "weak": 0.3,
    "p": 0.05,
    "alpha": 0.7,
    "alpha_rise": 0.05,
    "kmo": 0.5,
    "importance": 2.0,
    "spread": 2.0,
    "shift": 0.05,
    "refill": 1.1,
    "units": 10.0,
}

# --- rows of an index --------------------------------------------------------------------------------------------------


def rows(index: Index, period: Period = None, table: str = "scores") -> Array:
    """A table of the shown units as rows: (units, codes), or (units × periods, codes) when ``period`` is ``"*"``.

    Raises ``unknown_table`` or ``unknown_period``.
    """
    if table not in ("scores", *STEP_TABLES):
        raise UsageError("unknown_table", name=table, known=listing(("scores", *STEP_TABLES)))
    block: Array = getattr(index, table)[index.shown]
    if period == "*":
        return block.reshape(-1, block.shape[-1])
    return block[:, index.period(period)]


def asked_for(index: Index, period: Period) -> Any:
    """Which nodes are asked for in a period, (nodes,); with ``"*"``, in any period."""
    return index.live.any(axis=0) if period == "*" else index.live[index.period(period)]


def _children(index: Index, node: str, period: Period) -> tuple[str, ...]:
    """The children of a node that are asked for. Raises ``coherence_few`` when there are fewer than two."""
    live = asked_for(index, period)
    found = tuple(child for child in index.framework.node(node).children if live[index.framework.node(child).place])
    if len(found) < 2:
        raise MethodError("coherence_few", address=address_of(index.framework, node), what="children", found=len(found), wanted=2)
    return found


def complete_rows(index: Index, node: str | None, period: Period) -> tuple[str, tuple[str, ...], Array]:
    """A node, its children, and their scores in complete rows. Raises ``coherence_few`` with fewer than three rows."""
    node = node or index.framework.code
    children = _children(index, node, period)
    x = rows(index, period)[:, [index.framework.node(child).place for child in children]]
    x = x[~np.isnan(x).any(axis=1)]
    if x.shape[0] < 3:
        raise MethodError("coherence_few", address=address_of(index.framework, node), what="rows", found=x.shape[0], wanted=3)
    return node, children, x


def address_of(framework: Framework, code: str) -> str:
    """Where a node stands in an index file: ``index``, ``pillar.<code>`` or ``indicator.<code>``."""
    if code == framework.code:
        return "index"
    return f"{'indicator' if framework.node(code).leaf else 'pillar'}.{code}"


# --- figures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndicatorStatistics:
    """Statistics of an indicator's figures, and which limits they break: availability, nonzero, unique, outliers."""

    code: str
    values: Mapping[str, float]
    flags: tuple[str, ...]


def indicator_statistics(
    index: Index, period: Period = None, table: str = "raw", limits: Mapping[str, float] = LIMITS
) -> tuple[IndicatorStatistics, ...]:
    """Statistics of every indicator that is asked for, in the figures of a step, with flags.

    A column has outliers when |skewness| and excess kurtosis are both beyond their limits. Source: COINr get_stats.
    """
    live = asked_for(index, period)
    found = describe(rows(index, period, table))
    made = []
    for k, code in enumerate(index.framework.leaves):
        if not live[k]:
            continue
        values = {name: float(column[k]) for name, column in found.items()}
        broken = {
            "availability": values["availability"] < limits["availability"],
            "nonzero": values["share_nonzero"] < limits["nonzero"],
            "unique": values["share_unique"] < limits["unique"],
            "outliers": abs(values["skew"]) > limits["skew"] and values["kurtosis"] > limits["kurtosis"],
        }
        made.append(IndicatorStatistics(code, values, tuple(name for name, bad in broken.items() if bad)))
    return tuple(made)


# --- correlations ------------------------------------------------------------------------------------------------------


def correlations(
    index: Index, codes: Sequence[str] | None = None, others: Sequence[str] | None = None, period: Period = None
) -> Array:
    """Pearson correlations of the scores of nodes with those of others, (codes, others); all indicators when left out.

    Each pair is taken over the rows where both are seen. Raises ``unknown_node``. Source: COINr get_corr.
    """
    wanted = tuple(codes) if codes is not None else index.framework.leaves
    against = tuple(others) if others is not None else wanted
    places = [index.framework.node(code).place for code in (*wanted, *against)]
    return correlation(rows(index, period)[:, places])[: len(wanted), len(wanted) :]


@dataclass(frozen=True)
class Link:
    """The correlation of two nodes: with a parent or a further ancestor, or between indicators inside or across nodes.

    ``kind`` is ``parent``, ``ancestor``, ``inside`` (children of one node) or ``across`` (indicators of two nodes);
    ``flag`` is ``negative``, ``redundant``, ``weak`` or nothing.
    """

    node: str
    other: str
    kind: str
    r: float
    p: float
    n: int
    flag: str | None


def links(index: Index, period: Period = None, limits: Mapping[str, float] = LIMITS) -> tuple[Link, ...]:
    """Every correlation that coherence is judged by, nodes in the tree's order.

    A link is negative below 0 (between two siblings or indicators only where p is under its limit), redundant when the |r| of
    such a pair is beyond its limit, weak under its limit with the parent. Over fewer rows than the limit of units nothing is
    flagged. Source: JRC, 10-step guide; COINr get_corr_flags.
    """
    framework = index.framework
    table, live = rows(index, period), asked_for(index, period)
    nodes = [node for node in framework.nodes.values() if live[node.place]]
    r, seen = correlation(table), (~np.isnan(table)).astype(float)
    pairs = seen.T @ seen
    p = p_value(r, pairs)
    found: list[Link] = []

    def enter(a: Node, b: Node, kind: str) -> None:
        value = float(r[a.place, b.place])
        if np.isnan(value):
            return
        flag = None
        pair = kind in ("inside", "across")
        if pairs[a.place, b.place] < limits["units"]:
            pass
        elif pair and abs(value) > limits["redundant"]:
            flag = "redundant"
        elif (pair and value < 0 and p[a.place, b.place] < limits["p"]) or (kind == "parent" and value < 0):
            flag = "negative"
        elif kind == "parent" and value < limits["weak"]:
            flag = "weak"
        found.append(Link(a.code, b.code, kind, value, float(p[a.place, b.place]), int(pairs[a.place, b.place]), flag))

    for node in nodes:
        parent = node.parent
        kind = "parent"
        while parent is not None:
            enter(node, framework.node(parent), kind)
            parent, kind = framework.node(parent).parent, "ancestor"
    for a, b in combinations(nodes, 2):
        if a.parent is not None and a.parent == b.parent:
            enter(a, b, "inside")
        elif a.leaf and b.leaf:
            enter(a, b, "across")
    return tuple(found)


# --- components and reliability ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of a node's children: eigenvalues, shares of the variance, vectors and loadings (children, PCs).

    ``kept`` counts eigenvalues above one (Kaiser); ``kmo`` and ``bartlett`` (chi², degrees, p) say whether the children
    hang together enough for it; ``rotated`` are varimax loadings of the factors kept.
    """

    node: str
    children: tuple[str, ...]
    n: int
    eigenvalues: Array
    shares: Array
    vectors: Array
    loadings: Array
    kept: int
    kmo: float
    kmo_each: Mapping[str, float]
    bartlett: tuple[float, int, float]
    rotated: Array


def principal_components(index: Index, node: str | None = None, period: Period = None, factors: int | None = None) -> Components:
    """The principal components and varimax factors of a node's children (the root's when none is named), standardised.

    ``factors`` are rotated; as many as have an eigenvalue above one when left out. Signs: each vector sums to a positive
    number. Raises ``unknown_node``, ``coherence_few``. Source: OECD/JRC Handbook 2008, 4.2 and Tables 6–8.
    """
    node, children, x = complete_rows(index, node, period)
    r = correlation(x)
    if np.isnan(r).any():
        flat = [child for k, child in enumerate(children) if np.isnan(r[k, k])]
        raise MethodError("coherence_constant", address=address_of(index.framework, node), children=listing(flat))
    values, vectors = components(x)
    loadings = vectors * np.sqrt(values)
    kept = int(np.sum(values > 1.0 + 1e-9))
    overall, each = sampling_adequacy(r)
    return Components(
        node=node,
        children=children,
        n=x.shape[0],
        eigenvalues=values,
        shares=values / values.sum(),
        vectors=vectors,
        loadings=loadings,
        kept=kept,
        kmo=overall,
        kmo_each=dict(zip(children, each.tolist(), strict=True)),
        bartlett=sphericity(r, x.shape[0]),
        rotated=varimax(loadings[:, : max(factors or kept, 1)]),
    )


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a node's children, of covariances and of correlations, and alpha when each one is left out."""

    node: str
    children: tuple[str, ...]
    n: int
    alpha: float
    standardised: float
    without: Mapping[str, float]


def reliability(
    index: Index, node: str | None = None, period: Period = None, *, of: Literal["children", "indicators"] = "children"
) -> Reliability:
    """Cronbach's alpha of a node's children, or of all indicators below it, in normalised scores.

    ``without`` is the covariance form. Raises ``coherence_few``. Source: Cronbach 1951; OECD/JRC Handbook 2008, 4.3.
    """
    if of == "indicators":
        node = node or index.framework.code
        live = asked_for(index, period)
        children = tuple(leaf for leaf in index.framework.leaves_under(node) if live[index.framework.node(leaf).place])
        x = rows(index, period)[:, [index.framework.node(child).place for child in children]]
        x = x[~np.isnan(x).any(axis=1)]
    else:
        node, children, x = complete_rows(index, node, period)
    without = {child: cronbach(np.delete(x, k, axis=1)) for k, child in enumerate(children)}
    return Reliability(node, children, x.shape[0], cronbach(x), cronbach(x, standardised=True), without)
