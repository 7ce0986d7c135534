"""What the weights say beside what the figures do: correlation ratio, importance of children, balance of a node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tidu.core.stats import Array, correlation, mean_sd, variation
from tidu.diagnosis.audit.coherence import Period, asked_for, complete_rows, rows
from tidu.index.result import Index

# --- on arrays ---------------------------------------------------------------------------------------------------------


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


# --- around an index ---------------------------------------------------------------------------------------------------


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
    live = asked_for(index, period)
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
    node, children, x = complete_rows(index, node, period)
    mean, sd = mean_sd(x)
    uneven = variation(x, axis=1)
    seen = uneven[~np.isnan(uneven)]
    return Balance(
        node=node,
        spread=float(sd.max() / sd.min()) if sd.min() > 0 else float("inf"),
        widest=children[int(sd.argmax())],
        narrowest=children[int(sd.argmin())],
        gap_of_means=float(np.ptp(mean)),
        unevenness=float(seen.mean()) if seen.size else float("nan"),
    )
