"""Does an indicator still hang on size? Correlations of indicators with the columns that could be denominators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.stats import correlation
from tidu.index.result import Index


@dataclass(frozen=True)
class SizeLink:
    """The correlation of an indicator's raw figures with a column of size, over ``n`` cells of units and scored periods."""

    indicator: str
    column: str
    divided: bool
    correlation: float
    flagged: bool
    n: int = 0


def size_columns(index: Index) -> tuple[str, ...]:
    r"""The columns of size of an index: those that divide at least two different figures and are none of its figures themselves.

    A denominator of one figure only may be the whole of which that figure is a part (patents, of which inventions), and a
    column that an indicator scores is what is measured, not a size to divide by.

    >>> from tidu.app import make
    >>> size_columns(make("city-ip-core"))
    ('residents', 'gdp')
    """
    items = index.framework.table.indicator
    divided: dict[str, set[str]] = {}
    for code, item in items.items():
        if item.per is not None:
            divided.setdefault(item.per, set()).add(item.of or code)
    scored = {item.of or code for code, item in items.items()}
    return tuple(name for name, figures in divided.items() if len(figures) > 1 and name not in scored)


def size_links(index: Index, columns: Sequence[str] = (), threshold: float = 0.7) -> list[SizeLink]:
    r"""Every indicator against every column of size, strongest first.

    ``columns`` are the candidates; those that the index itself divides by when left out. A link is flagged when
    |r| reaches the threshold: an undivided indicator then measures size, a divided one is over- or under-corrected.
    Raises ``unknown_column``. Source: COINr get_denom_corr; OECD/JRC Handbook 2008, step 2 (scaling).

    >>> from tidu.index.framework import Framework
    >>> from tidu.index.build import build
    >>> from tidu.indicators.panel import Panel
    >>> text = '[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n[indicator.b]\nbetter="higher"\nper="people"'
    >>> figures = [[[1, 3, 1]], [[2, 2, 2]], [[3, 9, 3]]]
    >>> panel = Panel.of("xyz", ["2023"], ["a", "b", "people"], figures)
    >>> [(link.indicator, round(link.correlation, 2), link.flagged) for link in size_links(build(Framework.parse(text), panel))]
    [('a', 1.0, True), ('b', 0.0, False)]
    """
    own = [item.per for item in index.framework.table.indicator.values() if item.per is not None]
    wanted = list(columns) or list(dict.fromkeys(own))
    known = [*index.panel.columns, *index.framework.table.column]
    for name in wanted:
        if name not in known:
            raise UsageError("unknown_column", name=name, known=listing(known), did_you_mean=nearest(name, known))
    found = []
    for k, code in enumerate(index.framework.leaves):
        x = index.raw[:, :, k].reshape(-1)
        for name in wanted:
            size = index.column(name).reshape(-1)
            r = correlation(np.column_stack([x, size]))[0, 1]
            if not np.isnan(r):
                per = index.framework.table.indicator[code].per
                found.append(
                    SizeLink(code, name, per == name, float(r), bool(abs(r) >= threshold), int(np.sum(~np.isnan(x + size))))
                )
    return sorted(found, key=lambda link: -abs(link.correlation))
