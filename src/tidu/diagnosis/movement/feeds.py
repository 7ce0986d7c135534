"""What a change of a printed column does to the figures of a unit: every indicator that the column feeds moves with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array
from tidu.index.columns import raw
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.structure import is_derived
from tidu.indicators.panel import Panel

#: Steps by which a column is tried, in hundredths of its figure, and by how much a curve may miss the last of them.
STEPS, NEAR = (1.0, 40.0, 7.0), 1e-7


def with_column(framework: Framework, panel: Panel, u: int, t: int, cells: Sequence[tuple[str, float]]) -> Array:
    r"""A unit's figures in a period with one printed figure changed at a time, (N, indicators), before any filling of indicators.

    ``cells`` are N columns with their new values. The unit stands alone here: columns that are filled from other units' figures
    come out missing.

    >>> text = '[index]\ncode="d"\n[indicator.x]\nbetter="higher"\n[indicator.y]\nof="x"\nper="m"\nbetter="higher"'
    >>> framework = Framework.parse(text)
    >>> panel = Panel.of(["a"], ["2023"], ["x", "m"], [[[6.0, 2.0]]])
    >>> with_column(framework, panel, 0, 0, [("x", 8.0), ("m", 3.0)]).tolist()
    [[8.0, 4.0], [6.0, 2.0]]
    """
    count = len(cells)
    values = np.repeat(panel.values[[u]], count, axis=0)
    for at, (name, value) in enumerate(cells):
        values[at, t, panel.position(name)] = value
    units = tuple(str(at) for at in range(count))
    groups = {key: (texts[u],) * count for key, texts in panel.groups.items()}
    many = Panel(units=units, periods=panel.periods, columns=panel.columns, values=values, groups=groups)
    around = Context(units=units, periods=panel.periods, codes=framework.leaves, groups=groups)
    return np.asarray(raw(framework, many, around, np.zeros(values.shape[:2], dtype=bool)).values[:, t])


def moved_by(framework: Framework, code: str) -> tuple[str, ...]:
    r"""The printed columns that carry an indicator: what it is made of, without what it is divided by.

    >>> framework = Framework.parse(
    ...     '[index]\ncode="d"\n[column.s]\nsum=["p", "q"]\n[indicator.y]\nof="s"\nper="m"\nbetter="higher"'
    ... )
    >>> moved_by(framework, "y")
    ('p', 'q')
    """
    item = framework.table.indicator[code]
    found: dict[str, None] = {}
    queue = [item.of or code]
    while queue:
        name = queue.pop(0)
        column = framework.table.column.get(name)
        if column is None or not is_derived(column):
            found[name] = None
            continue
        for kind in ("sum", "difference", "coalesce"):
            queue += getattr(column, kind) or ()
        for kind in ("ratio", "share"):
            queue += (getattr(column, kind) or ())[:1]
        queue += [column.growth] if column.growth else []
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Feed:
    """A printed column of a unit, its figure, and what it does: indicators in ``places`` (K,) as (start + rise·d) ÷ (1 + bend·d).

    ``d`` is how far the column is moved; ``plain`` says that every indicator moves so, ``bend`` is 0 where it is in proportion.
    """

    column: str
    value: float
    places: NDArray[np.intp]
    start: Array
    rise: Array
    bend: Array
    plain: bool

    def figures(self, changes: Array) -> Array:
        """The indicators' figures when the column is moved by ``changes`` (N,), (N, K)."""
        way = np.asarray(changes, dtype=float)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((self.start + self.rise * way) / (1.0 + self.bend * way))

    def change(self, at: int, figure: float) -> float:
        """How far the column is moved when the indicator in place ``at`` of ``places`` has a figure; missing where it cannot."""
        slope = float(self.rise[at] - self.bend[at] * figure)
        return (figure - float(self.start[at])) / slope if slope else float("nan")

    @property
    def slope(self) -> Array:
        """What one unit of the column does to each indicator at the start, (K,)."""
        return np.asarray(self.rise - self.bend * self.start)


def feeds(
    framework: Framework, panel: Panel, u: int, t: int, values: Mapping[str, float], figures: Array, asked: NDArray[np.bool_]
) -> dict[str, Feed]:
    """Column → what a change of it does to the figures of a unit; columns that move nothing are left out.

    Args:
        framework: the index file.
        panel: its figures.
        u: the place of the unit.
        t: the place of the period in the panel.
        values: the columns to be moved, with the unit's figures; filled ones too.
        figures: the unit's figures of all indicators (indicators,); those that do not come out of its own columns stay.
        asked: which indicators count, (indicators,).
    """
    known = {name: value for name, value in values.items() if not np.isnan(value)}
    if not known:
        return {}
    names = list(known)
    size = np.array([0.01 * abs(known[name]) or 1.0 for name in names])
    cells = [(name, known[name] + times * step) for times in (0.0, *STEPS) for name, step in zip(names, size.tolist(), strict=True)]
    table = with_column(framework, panel, u, t, cells).reshape(1 + len(STEPS), len(names), -1)
    found = {}
    for at, name in enumerate(names):
        base, probes = table[0, at], table[1:, at]
        scale = np.maximum(np.abs(base), 1e-12)
        able = asked & np.isclose(base, figures, rtol=1e-9, atol=0.0) & ~np.isnan(probes).any(axis=0)
        moved = np.flatnonzero(able & (np.abs(probes - base) > 1e-11 * scale).any(axis=0))
        if not moved.size:
            continue
        start, one, two, last = base[moved], probes[0, moved], probes[1, moved], probes[2, moved]
        near, far = (one - start) / (STEPS[0] * size[at]), (two - start) / (STEPS[1] * size[at])
        apart = np.where(two == one, 1.0, two - one)
        bend = np.where(np.abs(near - far) <= NEAR * np.maximum(np.abs(near), np.abs(far)), 0.0, (near - far) / apart)
        rise = np.where(bend == 0, far, near + one * bend)
        feed = Feed(name, known[name], moved, figures[moved], rise, bend, True)
        off = np.abs(feed.figures(STEPS[2] * size[[at]])[0] - last)
        plain = bool((off <= NEAR * np.maximum(np.abs(last), np.abs(start))).all())
        holes = asked & ~np.isnan(base) & np.isnan(probes).any(axis=0)
        found[name] = Feed(name, known[name], moved, figures[moved], rise, bend, plain and not holes.any())
    return found
