"""What a statistical auditor asks of an index: figures, correlations, components, reliability, weights against importance.

Bare functions on arrays stand first, each with its source; thin results around an index follow; :func:`audit` gathers
what is worth a sentence. A ``period`` is a label, ``None`` for the last one, or ``"*"`` for all periods pooled. Figures are
those of the units that are shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from inspect import Parameter
from itertools import combinations
from typing import Any, Literal

import numpy as np

from tidu.core.errors import MethodError, TiduError, UsageError, listing, nearest
from tidu.core.stats import Array, correlation, low_high, mean_sd, moments, rank_high
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework, Node
from tidu.index.impute import IMPUTATIONS
from tidu.index.result import STEP_TABLES, Index
from tidu.index.weight_factor import components, varimax

Severity = Literal["fault", "warning", "note"]
Period = str | int | None

#: Limits of :func:`audit`, each of which may be given another value.
LIMITS: Mapping[str, float] = {
    "availability": 0.65,
    "nonzero": 0.5,
    "unique": 0.5,
    "skew": 2.0,
    "kurtosis": 3.5,
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
}

# --- on arrays ---------------------------------------------------------------------------------------------------------


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


def _natural_basis(x: Array, knots: Array) -> Array:
    """Natural cubic splines with given knots: linear outside them, (N, count of knots)."""

    def bend(at: float) -> Array:
        right = knots[-1]
        made: Array = (np.maximum(x - at, 0.0) ** 3 - np.maximum(x - right, 0.0) ** 3) / (right - at)
        return made

    last = bend(knots[-2])
    return np.column_stack([np.ones_like(x), x, *(bend(at) - last for at in knots[:-2])])


def smooth(x: Array, y: Array, most: int = 7) -> Array:
    """The expected ``y`` given ``x``, both (N,) and complete: a natural cubic spline by least squares.

    Knots stand at quantiles of ``x``; their number, from 2 (a straight line) to ``most``, is the one with the least
    generalised cross-validation. Source: Hastie, Tibshirani and Friedman 2009, Elements of Statistical Learning, 5.2.

    >>> x = np.linspace(0, 1, 50)
    >>> float(np.abs(smooth(x, 3 * x + 1) - (3 * x + 1)).max()) < 1e-12
    True
    """
    z = (x - x.min()) / np.ptp(x)
    best, chosen = np.inf, np.full(y.shape, y.mean())
    scale = float(np.sum((y - y.mean()) ** 2))
    for count in range(2, most + 1):
        knots = np.unique(np.quantile(z, np.linspace(0.0, 1.0, count)))
        if knots.size < count or count + 2 > y.size:
            break
        basis = _natural_basis(z, knots)
        fitted = basis @ np.linalg.lstsq(basis, y, rcond=None)[0]
        rest = float(np.sum((y - fitted) ** 2)) + 1e-12 * scale
        score = rest / (1.0 - count / y.size) ** 2
        if score < best * (1.0 - 1e-9):
            best, chosen = score, fitted
    return chosen


def correlation_ratio(x: Array, y: Array, most: int = 7) -> float:
    """The share of the variance of ``y`` that goes with ``x`` alone: the variance of the expected ``y`` given ``x``.

    It is the main effect of ``x``, and the squared correlation where the link is a straight line. Rows with holes are
    passed over; missing where one does not vary. The smoother is :func:`smooth`. Source: Paruolo, Saisana and Saltelli
    2013, JRSS A 176:609.

    >>> x = np.linspace(-1, 1, 101)
    >>> round(correlation_ratio(x, x**2), 2), round(float(np.corrcoef(x, x**2)[0, 1] ** 2), 2)
    (1.0, 0.0)
    """
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if x.size < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.clip(np.var(smooth(x, y, most)) / np.var(y), 0.0, 1.0))


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


def _live(index: Index, period: Period) -> Any:
    return index.live.any(axis=0) if period == "*" else index.live[index.period(period)]


def _children(index: Index, node: str, period: Period) -> tuple[str, ...]:
    """The children of a node that are asked for. Raises ``coherence_few`` when there are fewer than two."""
    live = _live(index, period)
    found = tuple(child for child in index.framework.node(node).children if live[index.framework.node(child).place])
    if len(found) < 2:
        raise MethodError("coherence_few", address=_address(index.framework, node), what="children", found=len(found), wanted=2)
    return found


def _block(index: Index, node: str | None, period: Period) -> tuple[str, tuple[str, ...], Array]:
    """A node, its children, and their scores in complete rows. Raises ``coherence_few`` with fewer than three rows."""
    node = node or index.framework.code
    children = _children(index, node, period)
    x = rows(index, period)[:, [index.framework.node(child).place for child in children]]
    x = x[~np.isnan(x).any(axis=1)]
    if x.shape[0] < 3:
        raise MethodError("coherence_few", address=_address(index.framework, node), what="rows", found=x.shape[0], wanted=3)
    return node, children, x


def _address(framework: Framework, code: str) -> str:
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
    live = _live(index, period)
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

    A link is negative below 0 (inside a node only where p is under its limit), redundant when |r| is beyond its limit
    inside a node, weak under its limit with the parent. Source: JRC, 10-step guide; COINr get_corr_flags.
    """
    framework = index.framework
    table, live = rows(index, period), _live(index, period)
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
        if kind == "inside" and abs(value) > limits["redundant"]:
            flag = "redundant"
        elif (kind == "inside" and value < 0 and p[a.place, b.place] < limits["p"]) or (kind == "parent" and value < 0):
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
    node, children, x = _block(index, node, period)
    r = correlation(x)
    if np.isnan(r).any():
        flat = [child for k, child in enumerate(children) if np.isnan(r[k, k])]
        raise MethodError("coherence_constant", address=_address(index.framework, node), children=listing(flat))
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
        live = _live(index, period)
        children = tuple(leaf for leaf in index.framework.leaves_under(node) if live[index.framework.node(leaf).place])
        x = rows(index, period)[:, [index.framework.node(child).place for child in children]]
        x = x[~np.isnan(x).any(axis=1)]
    else:
        node, children, x = _block(index, node, period)
    without = {child: cronbach(np.delete(x, k, axis=1)) for k, child in enumerate(children)}
    return Reliability(node, children, x.shape[0], cronbach(x), cronbach(x, standardised=True), without)


# --- weight against importance -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Importance:
    """A child's nominal weight in its parent beside what it does: r² and correlation ratio, and their shares.

    ``ratio`` is the share of the correlation ratios ÷ the weight: 1 means that the child counts as much as it is said to,
    0.5 half as much. ``sd`` and ``mean`` are those of the child's scores.
    """

    node: str
    parent: str
    weight: float
    r2: float
    main: float
    share_r2: float
    share_main: float
    ratio: float
    mean: float
    sd: float


def importance(index: Index, node: str | None = None, period: Period = None) -> tuple[Importance, ...]:
    """Nominal weights against actual importance for the children of a node; of every node when none is named.

    The correlation ratio is the share of the parent's variance that would go if the child were known (a main effect),
    smoothed by :func:`smooth`. Source: Paruolo, Saisana and Saltelli 2013, JRSS A 176:609.
    """
    table, found = rows(index, period), []
    live = _live(index, period)
    inner = index.framework.inner if node is None else (index.framework.node(node),)
    label = index.periods[-1] if period == "*" else index.periods[index.period(period)]
    joins = {join.node: join for join in index.joins if label in join.periods}
    for parent in inner:
        join = joins.get(parent.code)
        if join is None:
            continue
        y = table[:, parent.place]
        children = [index.framework.node(child) for child in join.children]
        children = [child for child in children if live[child.place]]
        weights = dict(zip(join.children, join.weights.tolist(), strict=True))
        r = [correlation(np.column_stack([table[:, child.place], y]))[0, 1] for child in children]
        main = np.array([correlation_ratio(table[:, child.place], y) for child in children])
        r2 = np.array(r) ** 2
        with np.errstate(invalid="ignore", divide="ignore"):
            share_r2, share_main = r2 / np.nansum(r2), main / np.nansum(main)
        for k, child in enumerate(children):
            weight = weights[child.code]
            mean, sd = mean_sd(table[:, child.place])
            ratio = float(share_main[k] / weight) if weight > 0 else float("nan")
            values = (float(r2[k]), float(main[k]), float(share_r2[k]), float(share_main[k]), ratio, float(mean), float(sd))
            found.append(Importance(child.code, parent.code, weight, *values))
    return tuple(found)


@dataclass(frozen=True)
class Balance:
    """How even the children of a node are: their widest ÷ narrowest spread, their highest − lowest mean, and both children.

    ``unevenness`` is the mean over units of the coefficient of variation across the children.
    """

    node: str
    spread: float
    widest: str
    narrowest: str
    gap_of_means: float
    unevenness: float


def balance(index: Index, node: str | None = None, period: Period = None) -> Balance:
    """The balance of a node's children. Raises ``unknown_node``, ``coherence_few``."""
    node, children, x = _block(index, node, period)
    mean, sd = mean_sd(x)
    across, apart = mean_sd(x, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        uneven = apart / np.where(across > 0, across, np.nan)
    seen = uneven[~np.isnan(uneven)]
    return Balance(
        node=node,
        spread=float(sd.max() / sd.min()) if sd.min() > 0 else float("inf"),
        widest=children[int(sd.argmax())],
        narrowest=children[int(sd.argmin())],
        gap_of_means=float(np.ptp(mean)),
        unevenness=float(seen.mean()) if seen.size else float("nan"),
    )


# --- taking something away ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Removal:
    """What leaving out a node does to the ranks of the units that were scored: mean and largest absolute shift, and whose.

    ``scored`` counts the units that still have a score; the figures are missing where the index is gone with the node.
    ``refused`` is the code of the error when the index cannot be built without it.
    """

    node: str
    mean_shift: float
    largest_shift: int
    unit: str
    scored: int
    refused: str | None = None


def _linear(index: Index, t: int, u: Any) -> bool:
    """Whether leaving out a node is a matter of algebra: plain means of full rows, nothing else looking at its siblings."""
    framework = index.framework
    if framework.table.screen.model_fields_set:
        return False
    for node in framework.inner:
        if framework.choice("aggregate", node.code).method.name != "arithmetic":
            return False
        if framework.choice("weighting", node.code).method.name not in ("given", "equal"):
            return False
    for leaf in framework.leaves:
        choices = [framework.choice(step, leaf) for step in ("impute", "treat", "normalise")]
        if any("pillar" in choice.method.traits for choice in choices):
            return False
    live = index.live[t]
    return not np.isnan(index.scores[u, t][:, live]).any()


def removal_scores(index: Index, codes: Sequence[str], period: Period = None) -> Array:
    """The root's scores with each node left out in turn, its siblings' weights rescaled, (units, codes).

    A node without siblings takes its parent with it; a column is missing when nothing would be left. Where all joins
    are plain means of given weights and the scored rows are full this is algebra, otherwise the index is built again
    without the node. Raises ``unknown_node``.
    """
    t = index.period(period)
    framework, root = index.framework, index.framework.node(index.framework.code).place
    scored = ~np.isnan(index.scores[:, t, root])
    for code in codes:
        framework.node(code)
    if not _linear(index, t, scored):
        return np.column_stack([_rebuilt(index, code, t) for code in codes]) if codes else np.empty((len(index.units), 0))
    label = index.periods[t]
    share = index.weights(label)
    inside = {
        child: (join.node, weight)
        for join in index.joins
        if label in join.periods
        for child, weight in zip(join.children, join.weights.tolist(), strict=True)
    }
    child_at, parent_at = np.zeros(len(codes), dtype=np.intp), np.zeros(len(codes), dtype=np.intp)
    factor = np.full(len(codes), np.nan)
    for k, code in enumerate(codes):
        at = code
        while at in inside and inside[at][1] >= 1.0 - 1e-12:
            at = inside[at][0]
        if at in inside:
            parent, weight = inside[at]
            child_at[k], parent_at[k] = framework.node(at).place, framework.node(parent).place
            factor[k] = share[parent] * weight / (1.0 - weight)
        elif code not in share:
            factor[k] = 0.0  # not asked for in this period
    block = index.scores[:, t]
    with np.errstate(invalid="ignore"):
        moved = factor * (block[:, parent_at] - block[:, child_at])
    out: Array = block[:, [root]] + np.where(factor == 0.0, 0.0, moved)
    return out


def without(framework: Framework, codes: Sequence[str]) -> Framework | None:
    """The framework without some nodes and all below them, and without nodes left empty; nothing when no indicator is left."""
    gone = set(codes)
    for node in reversed(framework.inner):
        if node.code in gone:
            gone |= set(node.children)
    for node in framework.inner:
        if all(child in gone for child in node.children):
            gone.add(node.code)
    if framework.code in gone:
        return None
    spec = {key: value for key, value in framework.spec.items() if key != "uncertain"}
    for kind in ("pillar", "indicator"):
        if kind in spec:
            spec[kind] = {code: item for code, item in spec[kind].items() if code not in gone}
    if "weight_set" in spec:
        sets = spec["weight_set"].items()
        spec["weight_set"] = {name: {c: w for c, w in weights.items() if c not in gone} for name, weights in sets}
    return Framework.of(spec, file=framework.file)


def _rebuilt(index: Index, code: str, t: int) -> Array:
    cut = without(index.framework, [code])
    if cut is None:
        return np.full(len(index.units), np.nan)
    again = build(cut, index.panel)
    return again.scores[:, again.period(index.periods[t]), -1]


def remove_each(index: Index, nodes: Sequence[str] | None = None, period: Period = None) -> tuple[Removal, ...]:
    """The rank shifts that leaving out each node makes (each indicator when none is named), in the given order.

    Ranks are among the shown units that have a score before and after. Source: COINr remove_elements.
    """
    codes = tuple(nodes) if nodes is not None else index.framework.leaves
    t = index.period(period)
    root = index.framework.node(index.framework.code).place
    after, refused = _tried(index, codes, period)
    before = index.scores[:, t, root]
    keep = index.shown & ~np.isnan(before)
    names = [unit for unit, stays in zip(index.units, keep, strict=True) if stays]
    after, before = after[keep], before[keep]
    seen = ~np.isnan(after)
    old = rank_high(np.where(seen, before[:, None], np.nan))
    shift = np.abs(rank_high(after) - old)
    made = []
    for k, code in enumerate(codes):
        here = shift[seen[:, k], k]
        if not here.size:
            made.append(Removal(code, float("nan"), 0, "", 0, refused.get(code)))
            continue
        worst = int(np.where(seen[:, k], shift[:, k], -1.0).argmax())
        made.append(Removal(code, float(here.mean()), int(here.max()), names[worst], int(here.size)))
    return tuple(made)


def _tried(index: Index, codes: Sequence[str], period: Period) -> tuple[Array, dict[str, str]]:
    """The scores without each node, missing where the index cannot be built without it; and those nodes' errors."""
    for code in codes:
        index.framework.node(code)
    try:
        return removal_scores(index, codes, period), {}
    except MethodError:
        columns, refused = [], {}
        for code in codes:
            try:
                columns.append(removal_scores(index, [code], period)[:, 0])
            except MethodError as error:
                columns.append(np.full(len(index.units), np.nan))
                refused[code] = error.code
        return np.column_stack(columns), refused


@dataclass(frozen=True)
class Reversal:
    """What refitting without some units does to the order of the others: pairs that change places, units whose rank changes.

    ``moved`` is unit → rank among the remaining before and after.
    """

    dropped: tuple[str, ...]
    pairs: int
    reversed: int
    moved: Mapping[str, tuple[int, int]]


def rank_reversal(index: Index, drop: Sequence[str] | None = None, count: int = 1, period: Period = None) -> Reversal:
    """The index fitted again without some units (the ``count`` worst when none are named), compared on the others.

    Raises ``unknown_unit``. Source: Wang and Triantaphyllou 2008, Omega 36:45, test criterion 1.
    """
    label = index.periods[index.period(period)]
    table = index.top(None, label)
    out = [index.panel.unit(unit) for unit in drop] if drop is not None else [unit for unit, _, _ in table[-count:]]
    kept = [unit for unit in index.units if unit not in out]
    spec = dict(index.framework.spec)
    if "universe" in spec:
        spec["universe"] = {
            name: {**item, "members": [unit for unit in item["members"] if unit not in out]}
            for name, item in spec["universe"].items()
        }
    if "screen" in spec:
        cut = {key: [unit for unit in spec["screen"].get(key, []) if unit not in out] for key in ("force_in", "force_out")}
        spec["screen"] = {**spec["screen"], **{key: units for key, units in cut.items() if units or key in spec["screen"]}}
    again = build(Framework.of(spec, file=index.framework.file), index.panel.select(units=kept))
    first, second = index.score(period=label), again.score(period=label)
    inside = {unit for unit, _, _ in table}
    both = [unit for unit in kept if unit in inside and not np.isnan(second[unit])]
    before = rank_high(np.array([first[unit] for unit in both]))
    after = rank_high(np.array([second[unit] for unit in both]))
    swapped = np.sum((before[:, None] < before[None, :]) & (after[:, None] > after[None, :]))
    moved = {unit: (int(a), int(b)) for unit, a, b in zip(both, before, after, strict=True) if a != b}
    return Reversal(tuple(out), len(both) * (len(both) - 1) // 2, int(swapped), moved)


# --- imputation --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refill:
    """How well a method fills known figures of an indicator that were hidden; errors are in the figures' own unit.

    ``relative`` is the root mean square error ÷ the indicator's standard deviation: the column's own mean has about 1.
    ``refused`` is the code of the error when the method could not be used.
    """

    method: str
    indicator: str
    hidden: int
    filled: int
    rmse: float
    relative: float
    refused: str | None = None


def imputation_audit(
    index: Index,
    methods: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    share: float = 0.1,
    seed: int = 0,
    period: Period = "*",
) -> tuple[Refill, ...]:
    """The error of each imputation on known cells that were hidden by chance, method by indicator.

    ``methods`` is name → options; when left out, those that can be used without options: mean, median, row_mean,
    regression, nearest, em, and with several periods carry_forward and linear_or_constant. Each indicator loses the
    ``share`` of its figures (at least one; two stay). Methods that look at siblings do so within the node. Raises
    ``unknown_method``. Source: OECD/JRC Handbook 2008, step 3 (hold-out validation).
    """
    times = slice(None) if period == "*" else slice(index.period(period), index.period(period) + 1)
    known: Array = index.raw[:, times]
    if methods is None:
        names = ["mean", "median", "row_mean", "regression", "nearest", "em"]
        names += ["carry_forward", "linear_or_constant"] if known.shape[1] > 1 else []
        methods = {name: {} for name in names}
    hidden = _hidden(known, share, seed)
    bare = np.where(hidden, np.nan, known)
    framework = index.framework
    base = Context(
        units=index.units,
        periods=index.periods[times],
        codes=framework.leaves,
        direction=np.array([1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in framework.leaves]),
        groups=index.panel.groups,
        seed=seed,
    )
    found = []
    spread = mean_sd(known, axis=(0, 1))[1]
    for name, options in methods.items():
        guess, refused = _refilled(name, options, bare, base, framework)
        for k, code in enumerate(framework.leaves):
            mask = hidden[:, :, k]
            error = guess[:, :, k][mask] - known[:, :, k][mask]
            error = error[~np.isnan(error)]
            rmse = float(np.sqrt(np.mean(error**2))) if error.size else float("nan")
            relative = rmse / float(spread[k]) if spread[k] > 0 else float("nan")
            found.append(Refill(name, code, int(mask.sum()), int(error.size), rmse, relative, refused.get(k)))
    return tuple(found)


def _hidden(known: Array, share: float, seed: int) -> Any:
    """Which known cells are hidden: the stated share of each column, chosen by the seed."""
    rng = np.random.default_rng(seed)
    hidden = np.zeros(known.shape, dtype=bool)
    for k in range(known.shape[2]):
        cells = np.argwhere(~np.isnan(known[:, :, k]))
        count = min(max(1, round(share * len(cells))), max(len(cells) - 2, 0))
        chosen = cells[rng.permutation(len(cells))[:count]]
        hidden[chosen[:, 0], chosen[:, 1], k] = True
    return hidden


def _refilled(
    name: str, options: Mapping[str, Any], bare: Array, base: Context, framework: Framework
) -> tuple[Array, dict[int, str]]:
    """The figures as a method fills them, and column → code of the error where it refused."""
    method = IMPUTATIONS[name]
    defaults = {key: default for key, (_, default) in method.parameters.items() if key not in options}
    chosen = {**{key: value for key, value in defaults.items() if value is not Parameter.empty}, **options}
    out = bare.copy()
    refused: dict[int, str] = {}
    together: dict[str | None, list[int]] = {}
    for k, code in enumerate(framework.leaves):
        together.setdefault(framework.nodes[code].parent if "pillar" in method.traits else None, []).append(k)
    for columns in together.values():
        block = bare[:, :, columns]
        here = Context(
            units=base.units,
            periods=base.periods,
            codes=tuple(base.codes[k] for k in columns),
            direction=base.direction[columns],
            groups=base.groups,
            seed=base.seed,
        )
        try:
            out[:, :, columns] = method.apply(block, method.fit(block, chosen, here), chosen, here)
        except TiduError as error:
            refused |= dict.fromkeys(columns, error.code)
    return out, refused


# --- the audit ---------------------------------------------------------------------------------------------------------


@cache
def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """The catalogue of findings: code → ``what`` and ``mend`` → language → sentence.

    >>> sorted(sentences()["redundant"]["mend"])
    ['en', 'zh']
    """
    return tomllib.loads(resources.files("tidu.data").joinpath("findings.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Finding:
    """Something an auditor would remark on: its code, how bad it is, where, the numbers, and the sentence in a language.

    ``numbers`` hold figures and codes; ``names`` say what the codes (and the ``place``) are called, by language. The
    sentences stand in ``data/findings.toml``.

    >>> one = Finding("redundant", "warning", "indicator.a", {"other": "b", "r": 0.97}, {"place": {"en": "A"}})
    >>> one.text("en").startswith("A: It says the same as b (r = 0.97).")
    True
    """

    code: str
    severity: Severity
    address: str
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, lang: Literal["zh", "en"] = "en") -> str:
        """The finding in one language: the place, what was found, what to do."""
        entry = sentences()[self.code]
        called = {key: label[lang] for key, label in self.names.items() if label.get(lang)}
        name = called.get("place", self.address)
        what, mend = (entry[part][lang].format_map({**self.numbers, **called}) for part in ("what", "mend"))
        return f"{name}: {what} {mend}" if lang == "en" else f"{name}：{what}{mend}"


_ORDER = {"fault": 0, "warning": 1, "note": 2}


def audit(
    index: Index, period: Period = None, *, limits: Mapping[str, float] | None = None, seed: int = 0, refill: bool = True
) -> tuple[Finding, ...]:
    """Everything about an index that an auditor would remark on, faults first, then warnings, then notes.

    ``limits`` puts other values in the place of :data:`LIMITS`. ``refill`` hides known cells by the seed and fills them
    again, which takes longest. Raises ``unknown_period``, ``unknown_limit``.
    """
    for name in limits or {}:
        if name not in LIMITS:
            raise UsageError("unknown_limit", name=name, known=listing(LIMITS, 40), did_you_mean=nearest(name, LIMITS))
    bounds = {**LIMITS, **(limits or {})}
    found = [*_figure_findings(index, period, bounds), *_link_findings(index, period, bounds)]
    found += [*_node_findings(index, period, bounds), *_weight_findings(index, period, bounds)]
    if period != "*":
        found += _shift_findings(index, period, bounds)
    if refill:
        found += _refill_findings(index, period, bounds, seed)
    return tuple(sorted(found, key=lambda item: _ORDER[item.severity]))


def _finding(index: Index, code: str, severity: Severity, node: str, **numbers: float | str) -> Finding:
    """A finding at a node; numbers that are codes of nodes or units get their names beside them."""
    framework, panel = index.framework, index.panel
    names = {"place": {lang: framework.label(node, lang) for lang in ("zh", "en")}}
    for key, value in numbers.items():
        if isinstance(value, str) and value in framework.nodes:
            names[key] = {lang: framework.label(value, lang) for lang in ("zh", "en")}
        elif isinstance(value, str) and value in panel.names:
            names[key] = {lang: panel.name(value, lang) for lang in ("zh", "en")}
    return Finding(code, severity, _address(framework, node), numbers, names)


def _figure_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    treated = {item.code: item for item in indicator_statistics(index, period, "treated", bounds)}
    for item in indicator_statistics(index, period, "raw", bounds):
        v = item.values
        if "availability" in item.flags:
            yield _finding(index, "availability", "warning", item.code, seen=v["seen"], share=100 * v["availability"])
        if "nonzero" in item.flags:
            yield _finding(index, "zeros", "warning", item.code, share=100 * (1 - v["share_nonzero"]))
        if "unique" in item.flags:
            yield _finding(index, "few_values", "note", item.code, unique=v["unique"], share=100 * v["share_same"])
        after = treated[item.code]
        if "outliers" in after.flags:
            yield _finding(index, "outliers", "warning", item.code, skew=after.values["skew"], kurtosis=after.values["kurtosis"])


def _link_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for link in links(index, period, bounds):
        numbers: dict[str, float | str] = {"other": link.other, "r": link.r, "p": link.p}
        if link.flag == "redundant":
            yield _finding(index, "redundant", "warning", link.node, **numbers)
        elif link.flag == "negative" and link.kind == "parent":
            yield _finding(index, "against_parent", "fault", link.node, **numbers)
        elif link.flag == "negative":
            yield _finding(index, "against_sibling", "warning", link.node, **numbers)
        elif link.flag == "weak":
            yield _finding(index, "weak_in_parent", "note", link.node, **numbers)


def _node_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for node in index.framework.inner:
        try:
            parts, whole = principal_components(index, node.code, period), reliability(index, node.code, period)
            even = balance(index, node.code, period)
        except MethodError as error:
            if error.code == "coherence_few" and error.values["what"] == "children":
                continue
            yield _finding(index, "not_judged", "note", node.code, why=error.code)
            continue
        if parts.kept > 1:
            first = 100 * float(parts.shares[0])
            yield _finding(index, "several_components", "warning", node.code, count=parts.kept, share=first)
        if whole.alpha < 0:
            yield _finding(index, "alpha_negative", "fault", node.code, alpha=whole.alpha)
        elif whole.alpha < bounds["alpha"]:
            yield _finding(index, "alpha_low", "warning", node.code, alpha=whole.alpha, limit=bounds["alpha"])
        for child, alpha in whole.without.items():
            if alpha > whole.alpha + bounds["alpha_rise"] and len(whole.children) > 2:
                yield _finding(index, "alpha_rises", "note", child, other=node.code, before=whole.alpha, after=alpha)
        if parts.kmo < bounds["kmo"] and len(parts.children) > 2:  # of two children it is always one half
            yield _finding(index, "kmo_low", "note", node.code, kmo=parts.kmo, limit=bounds["kmo"])
        if parts.bartlett[2] > bounds["p"]:
            yield _finding(index, "not_connected", "warning", node.code, chi2=parts.bartlett[0], p=parts.bartlett[2])
        if even.spread > bounds["spread"]:
            numbers: dict[str, float | str] = {"spread": even.spread, "widest": even.widest, "narrowest": even.narrowest}
            yield _finding(index, "uneven_spread", "note", node.code, **numbers)


def _weight_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for item in importance(index, None, period):
        numbers: dict[str, float | str] = {
            "other": item.parent,
            "weight": 100 * item.weight,
            "share": 100 * item.share_main,
            "r2": item.r2,
        }
        if item.ratio < 1 / bounds["importance"]:
            yield _finding(index, "counts_less", "warning", item.node, **numbers)
        elif item.ratio > bounds["importance"]:
            yield _finding(index, "counts_more", "warning", item.node, **numbers)


def _shift_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    count = index.scored(period)
    for item in remove_each(index, None, period):
        if item.mean_shift > bounds["shift"] * count:
            numbers: dict[str, float | str] = {"shift": item.mean_shift, "most": item.largest_shift, "unit": item.unit}
            yield _finding(index, "leans_on_one", "note", item.node, **numbers)
    if count < 3:
        return
    try:
        turned = rank_reversal(index, period=period)
    except TiduError as error:
        yield _finding(index, "not_refitted", "note", index.framework.code, why=error.code)
        return
    if turned.reversed:
        numbers = {"pairs": turned.reversed, "moved": len(turned.moved), "unit": listing(turned.dropped)}
        yield _finding(index, "rank_reversal", "warning", index.framework.code, **numbers)


def _refill_findings(index: Index, period: Period, bounds: Mapping[str, float], seed: int) -> Iterator[Finding]:
    """One note for each indicator with filled cells whose method does worse on hidden cells than the best one."""
    times = slice(None) if period == "*" else index.period(period)
    filled = np.isnan(index.raw[:, times]) & ~np.isnan(index.imputed[:, times])
    touched = [code for k, code in enumerate(index.framework.leaves) if filled[..., k].any()]
    if not touched:
        return
    own = {code: index.framework.choice("impute", code) for code in touched}
    all_methods: dict[str, Mapping[str, Any]] = {name: {} for name in ("mean", "median", "row_mean", "regression", "nearest", "em")}
    if len(index.periods) > 1:
        all_methods |= {"carry_forward": {}, "linear_or_constant": {}}
    all_methods |= {choice.method.name: choice.options for choice in own.values()}
    table = {(item.indicator, item.method): item for item in imputation_audit(index, all_methods, seed=seed)}
    for code in touched:
        mine = table[code, own[code].method.name]
        rivals = [table[code, name] for name in all_methods if table[code, name].filled == mine.hidden]
        best = min(rivals, key=lambda item: item.rmse, default=mine)
        if mine.rmse > bounds["refill"] * best.rmse:
            numbers: dict[str, float | str] = {"method": mine.method, "error": mine.relative, "best": best.method}
            yield _finding(index, "fill_worse", "note", code, **numbers, least=best.relative)
