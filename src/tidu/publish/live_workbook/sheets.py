"""An index as a workbook that computes itself: change a figure or a weight, and scores and ranks follow."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tidu.core.words import dated
from tidu.index.structure import is_derived
from tidu.publish.columns import column_label, column_unit
from tidu.publish.documents.sentences import said
from tidu.publish.edition import Edition
from tidu.publish.live_workbook.formulas import (
    Parameter,
    bounds,
    derived,
    indicator,
    joined,
    normalised,
    treated,
    treatment,
    treatment_of,
)
from tidu.publish.live_workbook.shape import FIRST, HIGH, LABEL, LEFT, LOW, Sheets, of_column, placed_once, shape_of
from tidu.publish.live_workbook.views import notes, ranking, unit

_STAMP = datetime.datetime(2000, 1, 1)


def write_live(path: Path, edition: Edition, period: str | int | None = None, lang: str = "zh") -> Path:
    """The path written: a workbook in which scores and ranks of a period are formulas over the sheet of figures.

    Cells that no formula can give (gaps that were filled, growth over years, what treatments learnt) hold their values and are
    marked. Raises ``live_method``, ``live_pooled`` with the node whose method has no formula, ``live_bands`` where the index
    shows classes, ``unknown_period``.
    """
    import xlsxwriter

    index = edition.index
    shape = shape_of(index, index.periods[index.period(period)], lang)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False})
    book.set_properties({"created": _STAMP, "author": "", "title": edition.title(lang), "comments": ""})
    book.set_size(2400, 1400)
    sheets = Sheets(book, shape, edition)
    for sheet in ("notes", "ranking", "unit", "scores", "weights", "normalised", "treated", "indicators", "data"):
        if sheet != "treated" or sheets.treats:
            sheets.pages[sheet] = book.add_worksheet(shape.name(sheet))
    data(sheets)
    indicators(sheets)
    if sheets.treats:
        treatments(sheets)
    normalisation(sheets)
    weights(sheets)
    scores(sheets)
    ranking(sheets)
    unit(sheets)
    notes(sheets)
    for page in sheets.pages.values():
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
    sheets.pages["ranking"].activate()
    book.close()
    return path


def data(sheets: Sheets) -> None:
    """The figures as scored: printed ones to be changed, derived ones as formulas."""
    shape, table = sheets.shape, sheets.index.framework.table.column
    edition, lang = sheets.edition, shape.lang
    heads = [(column_label(edition, name, lang), name, column_unit(edition, name, lang)) for name in shape.columns]
    sheets.heading("data", heads)
    at = {name: LEFT + k for k, name in enumerate(shape.columns)}
    for row, u in enumerate(shape.rows, start=FIRST):
        cells = {name: shape.cell("data", row, column).partition("!")[2] for name, column in at.items()}
        for name, column in at.items():
            value = float(sheets.index.column(name)[u, shape.t])
            filled = name in sheets.index.filled and bool(sheets.index.filled[name][u, shape.t])
            item = table.get(name)
            own = item is None or not is_derived(item)
            formula = None if own or filled or item is None else derived(item, cells)
            kind = "live" if formula else "edit" if own and not filled else "still"
            sheets.put("data", row, column, value, formula, kind)


def indicators(sheets: Sheets) -> None:
    """Every indicator from its columns; a figure that was filled stands as it is, a unit that was screened out is empty."""
    shape, index = sheets.shape, sheets.index
    sheets.heading("indicators", _leaf_heads(sheets))
    at = {name: LEFT + k for k, name in enumerate(shape.columns)}
    for place, k in enumerate(shape.leaves):
        item = index.framework.table.indicator[index.framework.leaves[k]]
        for row, u in enumerate(shape.rows, start=FIRST):
            value, raw = float(index.imputed[u, shape.t, k]), float(index.raw[u, shape.t, k])
            out = not bool(index.screening.included[u, shape.t])
            of = shape.cell("data", row, at[of_column(index, k)])
            per = None if item.per is None else shape.cell("data", row, at[item.per])
            as_printed = not out and (np.isnan(value) or value == raw)
            formula = indicator(of, per, item.scale, item.per_at_least) if as_printed else None
            sheets.put("indicators", row, LEFT + place, value, formula, "live" if formula else "still")


def treatments(sheets: Sheets) -> None:
    """Indicators after treatment, with the parameters that were learnt above them."""
    shape, lang = sheets.shape, sheets.shape.lang
    sheets.heading("treated", _leaf_heads(sheets), said("treat_low", lang), said("treat_high", lang))
    for place, k in enumerate(shape.leaves):
        fit, column = treatment_of(sheets.index, k, shape.period), LEFT + place
        _parameters(sheets, "treated", column, treatment(fit, k))
        low, high = (shape.cell("treated", row, column, still=True).partition("!")[2] for row in (LOW, HIGH))
        for row, u in enumerate(shape.rows, start=FIRST):
            formula = treated(fit, k, shape.cell("indicators", row, column), low, high)
            sheets.put("treated", row, column, float(sheets.index.treated[u, shape.t, k]), formula)


def normalisation(sheets: Sheets) -> None:
    """Indicators on one scale, with their bounds as formulas over the units fitted on."""
    shape, lang = sheets.shape, sheets.shape.lang
    sheets.heading("normalised", _leaf_heads(sheets), said("norm_low", lang), said("norm_high", lang))
    for place, k in enumerate(shape.leaves):
        column = LEFT + place
        cells = shape.down(sheets.seen, column, FIRST + shape.fitted - 1)
        _parameters(sheets, "normalised", column, bounds(sheets.index, k, shape.period, cells))
        low, high = (shape.cell("normalised", row, column, still=True).partition("!")[2] for row in (LOW, HIGH))
        for row, u in enumerate(shape.rows, start=FIRST):
            own = shape.cell(sheets.seen, row, column)
            formula = normalised(sheets.index, k, shape.period, own, low, high, cells)
            sheets.put("normalised", row, column, float(sheets.index.normalised[u, shape.t, k]), formula)


def _leaf_heads(sheets: Sheets) -> list[tuple[str, str, str]]:
    framework = sheets.index.framework
    codes = [framework.leaves[k] for k in sheets.shape.leaves]
    return [(sheets.label(code), code, framework.table.indicator[code].unit or "") for code in codes]


def _parameters(sheets: Sheets, sheet: str, column: int, found: Sequence[Parameter | None]) -> None:
    for row, one in zip((LOW, HIGH), found, strict=True):
        if one is not None:
            sheets.put(sheet, row, column, one.value, one.formula, "live" if one.formula else "still")


def weights(sheets: Sheets) -> None:
    """The weight of every node beside its siblings, to be changed; shares among siblings and in the whole."""
    shape, page, lang = sheets.shape, sheets.pages["weights"], sheets.shape.lang
    page.write_string(
        0, 0, f"{sheets.edition.title(lang)} {dated(shape.period, lang)} · {shape.name('weights')}", sheets.kinds["title"]
    )
    heads = ("node_code", "node_name", "node_parent", "weight", "share_of_siblings", "share_of_whole", "node_join")
    for column, key in enumerate(heads):
        page.write_string(LABEL, column, said(key, lang), sheets.kinds["head"])
    shares = sheets.index.weights(shape.period)
    for at, node in enumerate(shape.nodes):
        row, parent = at + 2, sheets.index.framework.node(node).parent
        page.write_string(row, 0, node, sheets.kinds["text"])
        page.write_string(row, 1, sheets.label(node), sheets.kinds["text"])
        if node in shape.joins:
            page.write_string(row, 6, sheets.index.framework.choice("aggregate", node).method.name, sheets.kinds["text"])
        if parent is None:
            sheets.put("weights", row, 5, 1.0, None, "share")
            continue
        page.write_string(row, 2, parent, sheets.kinds["text"])
        join = shape.joins[parent]
        given, fitted = sheets.given(join)
        own = join.children.index(node)
        first = 2 + shape.nodes.index(join.children[0])
        stretch = f"D${first + 1}:D${first + len(join.children)}"
        sheets.put("weights", row, 3, float(given[own]), None, "still" if fitted else "edit")
        sheets.put("weights", row, 4, float(join.weights[own]), f"=D{row + 1}/SUM({stretch})", "share")
        above = 3 + shape.nodes.index(parent)
        sheets.put("weights", row, 5, shares[node], f"=E{row + 1}*F{above}", "share")
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 40)
    page.set_column(2, 2, 26)
    page.set_column(3, 6, 13)
    page.freeze_panes(2, 2)


def scores(sheets: Sheets) -> None:
    """Every node's score in every row, from its children to the right of it, and the rank of the whole."""
    shape, index, lang = sheets.shape, sheets.index, sheets.shape.lang
    framework, first = index.framework, LEFT + 2
    heads = [(said("rank", lang), "", ""), (said("order", lang), "", "")]
    parents = [framework.node(node).parent for node in shape.nodes]
    heads += [
        (sheets.label(node), node, "" if parent is None else sheets.label(parent))
        for node, parent in zip(shape.nodes, parents, strict=True)
    ]
    sheets.heading("scores", heads, said("weight", lang), said("rounded", lang))
    at = {node: first + k for k, node in enumerate(shape.nodes)}
    for node in shape.nodes[1:]:
        row = 2 + shape.nodes.index(node)
        join = shape.joins[framework.node(node).parent or ""]
        weight = float(sheets.given(join)[0][join.children.index(node)])
        sheets.put("scores", LOW, at[node], weight, f"={shape.cell('weights', row, 3, still=True)}", "share")
    helper = first + len(shape.nodes)
    sheets.pages["scores"].write_string(LABEL, helper, said("rounded", lang), sheets.kinds["head"])
    ranks = index.ranks[:, shape.t, -1]
    placed = placed_once(shape.rows, ranks)
    for row, u in enumerate(shape.rows, start=FIRST):
        for node, column in at.items():
            place = framework.node(node).place
            sheets.put("scores", row, column, float(index.scores[u, shape.t, place]), _join(sheets, node, row, at), "score")
        root = _here(sheets, row, at[framework.code])
        shown = bool(index.shown[u])
        value = float(index.scores[u, shape.t, -1])
        formula = f'=IF(ISNUMBER({root}),ROUND({root},9),"")' if shown else None
        sheets.put("scores", row, helper, round(value, 9) if shown else float("nan"), formula, "score")
        even, whole = _here(sheets, row, helper), shape.down("scores", helper).partition("!")[2]
        sheets.put("scores", row, LEFT, float(ranks[u]), f'=IF(ISNUMBER({even}),RANK({even},{whole}),"")', "whole")
        above = f"{_here(sheets, FIRST, LEFT, still=True)}:{_here(sheets, row, LEFT)}"
        rank = _here(sheets, row, LEFT)
        order = f'=IF(ISNUMBER({rank}),{rank}+COUNTIF({above},{rank})-1,"")'
        sheets.put("scores", row, LEFT + 1, float(placed[u]), order, "whole")
    sheets.pages["scores"].set_column(helper, helper, 12, None, {"level": 1, "hidden": True})
    sheets.pages["scores"].conditional_format(
        FIRST, at[framework.code], shape.last, at[framework.code], {"type": "data_bar", "bar_color": "#9DB8BD", "bar_solid": True}
    )


def _here(sheets: Sheets, row: int, column: int, still: bool = False) -> str:
    return sheets.shape.cell("scores", row, column, still).partition("!")[2]


def _join(sheets: Sheets, node: str, row: int, at: dict[str, int]) -> str:
    """The formula of a node's score in a row: its normalised figure, or the join of its children."""
    framework = sheets.index.framework
    if framework.node(node).leaf:
        column = LEFT + sheets.shape.leaves.index(framework.node(node).place)
        cell = sheets.shape.cell("normalised", row, column)
        return f'=IF(ISNUMBER({cell}),{cell},"")'
    columns = [at[child] for child in sheets.shape.joins[node].children]
    weights = [_here(sheets, LOW, column, still=True) for column in columns]
    children = [_here(sheets, row, column) for column in columns]
    return joined(framework, node, weights, children, (f"{weights[0]}:{weights[-1]}", f"{children[0]}:{children[-1]}"))
