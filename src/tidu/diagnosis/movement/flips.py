"""What a new fit turned round between two builds: bounds, treatments, drawn-in cells, weights from data, who is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tidu.diagnosis.movement.yardstick import fitted_on
from tidu.index.result import Index

#: Kinds of flips, in the order in which they are told.
KINDS = ("bound", "treatment", "drawn_in", "weight", "indicator_entered", "indicator_left", "unit_entered", "unit_left")

#: Weightings that the file gives: their weights move by a change of the file only, which is no flip.
GIVEN = ("given", "equal", "budget_allocation", "ahp")


@dataclass(frozen=True)
class Flip:
    """One thing that differs between two fits.

    ``kind`` is one of :data:`KINDS`; ``what`` the indicator, node or unit; ``period`` the one it belongs to, or nothing where
    it holds for all. For a ``bound`` ``side`` is ``low`` or ``high`` in the figure's own unit, ``before`` and ``after`` are the
    figures that set it, ``units`` whose they are (empty where none stands there). For a ``treatment`` they are names of methods,
    for ``drawn_in`` counts of cells, for a ``weight`` shares of the node above.
    """

    kind: str
    what: str
    period: str | None = None
    side: str | None = None
    before: float | str | None = None
    after: float | str | None = None
    units: tuple[str, ...] = ()


def flips(before: Index, after: Index) -> tuple[Flip, ...]:
    r"""What the second build fitted otherwise than the first, by kind and then in the file's order.

    Bounds are compared where both normalise an indicator by the same method with a smallest, largest or best figure; a mean
    or standard deviation moves with every figure and is not named. Weights are compared where they come from the data.

    >>> from tidu.index.build import build
    >>> from tidu.index.framework import Framework
    >>> from tidu.indicators.panel import Panel
    >>> framework = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"')
    >>> old, new = (
    ...     build(framework, Panel.of(["x", "y", "z"], ["2023"], ["a"], [[[1]], [[2]], [[top]]])) for top in (5, 9)
    ... )
    >>> [(flip.kind, flip.side, flip.before, flip.after, flip.units) for flip in flips(old, new)]
    [('bound', 'high', 5.0, 9.0, ('z', 'z'))]
    """
    found = [*_bounds(before, after), *_treatments(before, after), *_drawn_in(before, after)]
    found += [*_weights(before, after), *_indicators(before, after), *_units(before, after)]
    return tuple(sorted(found, key=lambda flip: KINDS.index(flip.kind)))


def _bounds(before: Index, after: Index) -> Iterator[Flip]:
    old, new = (_posts(index) for index in (before, after))
    setters = [partial(_setter, index, np.isin(index.units, sorted(fitted_on(index)))) for index in (before, after)]
    for key, (method, value) in old.items():
        code, period, side = key
        other, now = new.get(key, ("", value))
        if other != method or abs(now - value) <= 1e-12 * abs(value):
            continue
        figures, units = zip(*(setter(*key, bound) for setter, bound in zip(setters, (value, now), strict=True)), strict=True)
        yield Flip("bound", code, period, side, figures[0], figures[1], units)


def _posts(index: Index) -> dict[tuple[str, str | None, str], tuple[str, float]]:
    """(indicator, period, side) → method and fitted bound in the figure's own direction, after treatment."""
    found = {}
    for fit in index.frozen.normalise:
        for key in ("low", "high", "best"):
            if np.ndim(fit.fitted.get(key)) != 1:
                continue
            for k, value in zip(fit.columns.tolist(), fit.fitted[key].tolist(), strict=True):
                code = index.framework.leaves[k]
                up = index.framework.table.indicator[code].better == "higher"
                side = "high" if (key == "low") != up else "low"
                found[code, fit.period, side] = (fit.method.name, value if up or key == "best" else -value)
    return found


def _setter(index: Index, members: NDArray[np.bool_], code: str, period: str | None, side: str, bound: float) -> tuple[float, str]:
    """The figure that set a bound and whose it is: the innermost one at it; the bound itself where there is none."""
    k = index.framework.leaves.index(code)
    at = np.argwhere(np.abs(index.treated[:, :, k] - bound) <= 1e-12 * abs(bound))
    at = at[members[at[:, 0]] & np.array([period in (None, index.periods[t]) for t in at[:, 1]], dtype=bool)]
    if not at.size:
        return bound, ""
    places = [tuple(place) for place in at.tolist()]
    figures = [float(index.imputed[u, t, k]) for u, t in places]
    first = figures.index(min(figures) if side == "high" else max(figures))  # others at it were drawn in to it
    return figures[first], index.units[places[first][0]]


def _treatments(before: Index, after: Index) -> Iterator[Flip]:
    both = [period for period in before.periods if period in after.periods]
    tables = [{period: index.treatment(period) for period in both} for index in (before, after)]
    for code in _shared(before, after):
        old, new = ([table[period][code] for period in both] for table in tables)
        if old != new and len(set(old)) == 1 and len(set(new)) == 1:
            yield Flip("treatment", code, None, None, old[0], new[0])
            continue
        for period, first, last in zip(both, old, new, strict=True):
            if first != last:
                yield Flip("treatment", code, period, None, first, last)


def _drawn_in(before: Index, after: Index) -> Iterator[Flip]:
    """Counts that differ where the treatment itself is the same: another treatment is told by itself."""
    old, new = (_clipped(index) for index in (before, after))
    for (code, period), (method, count) in old.items():
        other, now = new.get((code, period), (method, count))
        if other == method and now != count:
            yield Flip("drawn_in", code, period, None, count, now)


def _clipped(index: Index) -> dict[tuple[str, str], tuple[str, float]]:
    """(indicator, period) → the treatment there and how many cells it drew in, where it is one that draws in."""
    found = {}
    moved = ~np.isnan(index.imputed) & (index.imputed != index.treated)
    for fit in index.frozen.treat:
        if "clips" in fit.method.traits:
            for k in fit.columns.tolist():
                for t, period in enumerate(index.periods):
                    if fit.period in (None, period):
                        found[index.framework.leaves[k], period] = (fit.method.name, float(moved[:, t, k].sum()))
    return found


def _weights(before: Index, after: Index) -> Iterator[Flip]:
    old, new = (_from_data(index) for index in (before, after))
    for (child, period), weight in old.items():
        now = new.get((child, period))
        if now is not None and abs(now - weight) > 1e-9:
            yield Flip("weight", child, period, None, weight, now)


def _from_data(index: Index) -> dict[tuple[str, str], float]:
    """(node, period) → its weight in the node above, where that weighting looks at the data."""
    found: dict[tuple[str, str], float] = {}
    for join in index.joins:
        if index.framework.choice("weighting", join.node).method.name not in GIVEN:
            for child, weight in zip(join.children, join.weights.tolist(), strict=True):
                found |= {(child, period): weight for period in join.periods}
    return found


def _indicators(before: Index, after: Index) -> Iterator[Flip]:
    old, new = (_asked(index) for index in (before, after))
    for code in dict.fromkeys([*old, *new]):
        gone, come = (old.get(code, ()), new.get(code, ()))
        for period in gone:
            if period not in come and period in after.periods:
                yield Flip("indicator_left", code, period)
        for period in come:
            if period not in gone and period in before.periods:
                yield Flip("indicator_entered", code, period)


def _asked(index: Index) -> Mapping[str, tuple[str, ...]]:
    """Indicator → the periods in which it is asked for."""
    return {
        code: tuple(period for t, period in enumerate(index.periods) if index.live[t, k])
        for k, code in enumerate(index.framework.leaves)
    }


def _units(before: Index, after: Index) -> Iterator[Flip]:
    for period in before.periods:
        if period not in after.periods:
            continue
        old, new = before.rank(period=period), after.rank(period=period)
        for unit in before.units:
            if (old[unit] is None) != (new.get(unit) is None):
                yield Flip("unit_left" if new.get(unit) is None else "unit_entered", unit, period)


def _shared(before: Index, after: Index) -> list[str]:
    return [code for code in before.framework.leaves if code in after.framework.leaves]
