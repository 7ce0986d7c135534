"""What the sheets of a workbook that computes itself have in common: rows, columns, nodes, looks, headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.errors import UsageError
from tidu.core.stats import Array
from tidu.core.words import dated
from tidu.diagnosis.movement.yardstick import fitted_on
from tidu.index.columns import needed
from tidu.index.result import Index
from tidu.index.structure import is_derived
from tidu.index.tree import Join
from tidu.publish.documents.sentences import said
from tidu.publish.edition import Edition
from tidu.publish.live_workbook.formulas import check, treatment_of

#: The first row of units, counted from zero: above stand title, label, code, parent or unit, and two parameters.
FIRST = 6
#: Rows of the heading: label, code, unit or parent, lower and upper parameter.
LABEL, CODE, ABOVE, LOW, HIGH = 1, 2, 3, 4, 5
#: The first column of figures: code and name stand before.
LEFT = 2
INK, MID = "#0B3C5D", "#2F7F86"
_LIVE, _FIXED, _EDIT = "#FFFFFF", "#EFEFEF", "#FFF6DF"


@dataclass(frozen=True)
class Shape:
    """What the sheets have in common: the index and its period, the units in rows (those fitted on first), the columns."""

    index: Index
    period: str
    lang: str
    rows: tuple[int, ...]
    fitted: int
    columns: tuple[str, ...]
    leaves: tuple[int, ...]
    nodes: tuple[str, ...]
    joins: dict[str, Join]

    @property
    def t(self) -> int:
        """The place of the period."""
        return self.index.period(self.period)

    @property
    def last(self) -> int:
        """The last row of units, counted from zero."""
        return FIRST + len(self.rows) - 1

    def name(self, key: str) -> str:
        """What a sheet is called."""
        return said(f"sheet_{key}", self.lang)

    def cell(self, sheet: str, row: int, column: int, still: bool = False) -> str:
        """A cell of a sheet as a formula names it; ``still`` keeps it when it is copied."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"'{self.name(sheet)}'!{xl_rowcol_to_cell(row, column, row_abs=still, col_abs=still)}"

    def down(self, sheet: str, column: int, last: int | None = None) -> str:
        """The cells of a column over the units, or over the first ones of them."""
        from xlsxwriter.utility import xl_range_abs

        return f"'{self.name(sheet)}'!{xl_range_abs(FIRST, column, self.last if last is None else last, column)}"


def shape_of(index: Index, period: str, lang: str) -> Shape:
    """The rows, columns and nodes of the workbook of a period. Raises as :func:`write_live`."""
    if index.framework.table.index.display == "bands":
        raise UsageError("live_bands", address="index.display")
    check(index, period)
    t, framework = index.period(period), index.framework
    fit = fitted_on(index)
    inside = [u for u, unit in enumerate(index.units) if unit in fit]
    rest = [u for u, unit in enumerate(index.units) if unit not in fit and index.shown[u]]
    leaves = tuple(k for k in range(len(framework.leaves)) if index.live[t, k])
    wanted: set[str] = set()
    queue = [name for k in leaves for name in (of_column(index, k), framework.table.indicator[framework.leaves[k]].per) if name]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += sorted(needed_by(index, name))
    printed = [name for name in index.panel.columns if name in wanted]
    made = [name for name, item in framework.table.column.items() if name in wanted and is_derived(item)]
    joins = {join.node: join for join in index.joins if period in join.periods}
    nodes, at = [framework.code], 0
    while at < len(nodes):
        nodes += joins[nodes[at]].children if nodes[at] in joins else ()
        at += 1
    return Shape(index, period, lang, (*inside, *rest), len(inside), (*printed, *made), leaves, tuple(nodes), joins)


def needed_by(index: Index, column: str) -> set[str]:
    """The columns that a derived column is made of; none for a printed one."""
    item = index.framework.table.column.get(column)
    if item is None or not is_derived(item):
        return set()
    parts = (item.sum, item.difference, item.ratio, item.share, item.coalesce, item.growth)
    return {name for part in parts if part is not None for name in ([part] if isinstance(part, str) else part)} & needed(
        index.framework
    )


def of_column(index: Index, k: int) -> str:
    """The column whose figures an indicator takes: that of ``of``, else the one of its own code."""
    code = index.framework.leaves[k]
    return index.framework.table.indicator[code].of or code


def placed_once(rows: Sequence[int], ranks: Array) -> Array:
    """Ranks with ties parted by row, so that every place is taken once."""
    out = np.full(ranks.shape, np.nan)
    taken: dict[float, int] = {}
    for u in rows:
        rank = float(ranks[u])
        if rank == rank:
            out[u] = rank + taken.get(rank, 0)
            taken[rank] = taken.get(rank, 0) + 1
    return out


class Sheets:
    """Writes the sheets one by one; every cell with a formula carries the value that the index has."""

    def __init__(self, book: Any, shape: Shape, edition: Edition) -> None:
        self.book, self.shape, self.edition, self.index = book, shape, edition, shape.index
        self.pages: dict[str, Any] = {}
        self.treats = any(treatment_of(self.index, k, shape.period) is not None for k in shape.leaves)
        self.seen = "treated" if self.treats else "indicators"
        self.kinds: dict[str, Any] = {}
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 14, "font_color": INK},
            "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "font_color": "#FFFFFF", "bg_color": INK},
            "code": {"font_color": "#56616C", "font_size": 9},
            "live": {"num_format": "#,##0.00##", "bg_color": _LIVE},
            "score": {"num_format": "0.00", "bg_color": _LIVE},
            "whole": {"num_format": "0", "bg_color": _LIVE},
            "still": {"num_format": "#,##0.00##", "bg_color": _FIXED, "italic": True},
            "edit": {"num_format": "#,##0.####", "bg_color": _EDIT},
            "share": {"num_format": "0.0000"},
            "text": {},
            "wrap": {"text_wrap": True, "valign": "top"},
        }
        for key, look in looks.items():
            self.kinds[key] = book.add_format(look)

    def put(self, sheet: str, row: int, column: int, value: float, formula: str | None, kind: str = "live") -> None:
        """A cell: its formula with the value that the index has, or the value alone; a missing one is empty."""
        own = None if np.isnan(value) else float(value)
        if formula is not None:
            self.pages[sheet].write_formula(row, column, formula, self.kinds[kind], "" if own is None else own)
        elif own is None:
            self.pages[sheet].write_blank(row, column, None, self.kinds[kind])
        else:
            self.pages[sheet].write_number(row, column, own, self.kinds[kind])

    def heading(self, sheet: str, columns: Sequence[tuple[str, str, str]], low: str = "", high: str = "") -> None:
        """The title, the columns' label, code and unit or parent, what the two parameters are, and the units' names."""
        page, lang = self.pages[sheet], self.shape.lang
        title = f"{self.edition.title(lang)} {dated(self.shape.period, lang)} · {said(f'sheet_{sheet}', lang)}"
        page.write_string(0, 0, title, self.kinds["title"])
        for row, text in ((LABEL, said("unit_name", lang)), (CODE, ""), (ABOVE, ""), (LOW, low), (HIGH, high)):
            page.write_string(row, 1, text, self.kinds["head" if row == LABEL else "code"])
        page.write_string(LABEL, 0, said("unit_code", lang), self.kinds["head"])
        for at, (label, code, above) in enumerate(columns):
            page.write_string(LABEL, LEFT + at, label, self.kinds["head"])
            page.write_string(CODE, LEFT + at, code, self.kinds["code"])
            page.write_string(ABOVE, LEFT + at, above, self.kinds["code"])
        for at, u in enumerate(self.shape.rows):
            page.write_string(FIRST + at, 0, self.index.units[u], self.kinds["text"])
            page.write_string(FIRST + at, 1, self.edition.name(self.index.units[u], lang), self.kinds["text"])
        page.set_row(LABEL, 46)
        page.set_column(0, 0, 10)
        page.set_column(1, 1, 16)
        page.set_column(LEFT, LEFT + max(len(columns), 1) - 1, 14)
        page.freeze_panes(FIRST, LEFT)

    def label(self, node: str) -> str:
        """What a node is called."""
        return self.edition.label(node, self.shape.lang)

    def given(self, join: Join) -> tuple[Array, bool]:
        """The weights of a node's children: those of the file where they give the same shares, else those learnt from figures."""
        given = np.array([self.index.framework.nodes[child].weight for child in join.children])
        same = bool(given.sum() > 0 and np.allclose(given / given.sum(), join.weights, rtol=0.0, atol=1e-12))
        return (given, False) if same else (join.weights, True)
