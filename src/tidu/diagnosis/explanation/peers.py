"""Whom a unit is set against: the nearest in stated variables, a region, a universe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.stats import Array, mean_sd
from tidu.diagnosis.explanation.contribution import Period
from tidu.index.result import Index


def nearest_rows(x: Array, at: int, count: int) -> tuple[NDArray[np.intp], Array]:
    """The places of the ``count`` rows of (N, V) nearest to row ``at``, nearest first, and their distances.

    Distance is Euclidean on columns divided by their standard deviations (standardised Euclid); a column without spread
    says nothing; rows with holes are passed over. Ties go to the earlier row.

    >>> places, distances = nearest_rows(np.array([[0.0], [1.0], [5.0], [2.0]]), 0, 2)
    >>> places.tolist()
    [1, 3]
    """
    _, sd = mean_sd(x)
    useful = sd > 0
    z = x[:, useful] / sd[useful]
    away = np.sqrt(np.sum((z - z[at]) ** 2, axis=1))
    away[at] = np.nan
    order = np.argsort(away, kind="stable")
    order = order[: min(count, int(np.sum(~np.isnan(away))))]
    return order, away[order]


@dataclass(frozen=True)
class Peers:
    """Whom a unit is set against: ``how`` is ``nearest``, ``group`` or ``universe``, ``by`` the variables or the name."""

    how: str
    by: tuple[str, ...]
    units: tuple[str, ...]
    distances: tuple[float, ...] = ()


def peers(
    index: Index,
    unit: str,
    period: Period = None,
    *,
    by: Sequence[str] = (),
    count: int = 10,
    logs: bool = False,
    group: str | None = None,
    universe: str | None = None,
) -> Peers:
    """The peers of a unit that are shown and have a score, the unit itself left out.

    One of: ``by`` columns, the ``count`` nearest in them (``logs`` takes logarithms first, for sizes); ``group``, those of
    the same region or province; ``universe``, a named one. All units when nothing is named. Raises ``one_kind_of_peers``,
    ``unknown_column``, ``unknown_group``, ``unknown_universe``, ``unknown_unit``, ``no_peers``, ``no_others``.
    """
    t, code = index.period(period), index.panel.unit(unit)
    u = index.units.index(code)
    if (len(by) > 0) + (group is not None) + (universe is not None) > 1:
        raise UsageError("one_kind_of_peers")
    able = index.shown & ~np.isnan(index.scores[:, t, -1])
    distances: tuple[float, ...] = ()
    if by:
        known = [*index.panel.columns, *index.columns]
        for name in by:
            if name not in known:
                raise UsageError("unknown_column", name=name, known=listing(known), did_you_mean=nearest(name, known))
        x = np.column_stack([index.column(name)[:, t] for name in by])
        if logs:
            x = np.log(np.where(x > 0, x, np.nan))
        if np.isnan(x[u]).any():
            lacking = [name for name, value in zip(by, x[u], strict=True) if np.isnan(value)]
            raise UsageError("no_figure_for_peers", name=code, columns=listing(lacking), period=index.periods[t])
        able[u] = True
        inside = np.flatnonzero(able)
        near, away = nearest_rows(x[inside], int(np.searchsorted(inside, u)), count)
        how, what = "nearest", tuple(by)
        found, distances = tuple(index.units[inside[int(at)]] for at in near), tuple(away.tolist())
    elif group is not None:
        if group not in index.panel.groups:
            known = list(index.panel.groups)
            raise UsageError("unknown_group", name=group, known=listing(known), did_you_mean=nearest(group, known), address="")
        texts = index.panel.groups[group]
        found = tuple(name for k, name in enumerate(index.units) if able[k] and k != u and texts[k] == texts[u])
        how, what = "group", (group,)
    else:
        members = index.panel.universe(universe or "all")
        found = tuple(name for k, name in enumerate(index.units) if able[k] and k != u and name in members)
        how, what = "universe", (universe or "all",)
    if not found and how == "universe" and what == ("all",):
        raise UsageError("no_others", name=code)
    if not found:
        raise UsageError("no_peers", name=code, by=listing(what))
    return Peers(how, what, found, distances)
