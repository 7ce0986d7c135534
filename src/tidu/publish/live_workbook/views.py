"""What is read first in a workbook that computes itself: the ranking, one unit, the notes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidu.core.stats import mean_sd
from tidu.core.words import dated
from tidu.publish.documents.sentences import kind, said
from tidu.publish.live_workbook.shape import INK, LEFT, MID, Sheets, placed_once
from tidu.publish.told import axes_of

#: How many units the chart of the first ones shows.
CHARTED = 20


def ranking(sheets: Sheets) -> None:
    """The units in the order of their scores, whatever these become, beside the published rank and its range."""
    from xlsxwriter.utility import xl_range_abs

    shape, page, lang = sheets.shape, sheets.pages["ranking"], sheets.shape.lang
    page.write_string(0, 0, f"{sheets.edition.title(lang)} {dated(shape.period, lang)}", sheets.kinds["title"])
    page.write_string(1, 0, said("ranking_note", lang), sheets.kinds["code"])
    sure = sheets.edition.sure
    ranges = {} if sure is None or shape.period not in sure.found.periods else sure.rows(shape.period)
    heads = ["rank", "unit_code", "unit_name", "score", "published_rank", "moved"]
    heads += ["range_best", "range_worst"] if ranges else []
    for column, key in enumerate(heads):
        page.write_string(3, column, said(key, lang), sheets.kinds["head"])
    page.set_row(3, 32)
    order = placed_once(shape.rows, sheets.index.ranks[:, shape.t, -1])
    units = sorted((u for u in shape.rows if order[u] == order[u]), key=lambda u: float(order[u]))
    places, root = shape.down("scores", LEFT + 1), LEFT + 2
    published = {name: len(heads) + 3 + k for k, name in enumerate(("unit_code", "published_rank", "range_best", "range_worst"))}
    shown = [u for u in shape.rows if sheets.index.shown[u]]
    for k, u in enumerate(shown):  # the published figures, to be looked up
        unit = sheets.index.units[u]
        page.write_string(4 + k, published["unit_code"], unit)
        own = ranges.get(unit)
        row: dict[str, float] = {"published_rank": float(sheets.index.ranks[u, shape.t, -1])}
        row |= {"range_best": float(np.floor(own["best"])), "range_worst": float(np.ceil(own["worst"]))} if own else {}
        for key, number in row.items():
            if number == number:
                page.write_number(4 + k, published[key], number)
    end = 4 + len(shown)
    for k in range(len(shown)):
        at = 5 + k
        value = units[k] if k < len(units) else None
        rank = float("nan") if value is None else float(sheets.index.ranks[value, shape.t, -1])
        find = f"MATCH({k + 1},{places},0)"
        texts = (
            (1, 0, "" if value is None else sheets.index.units[value]),
            (2, 1, "" if value is None else sheets.edition.name(sheets.index.units[value], lang)),
        )
        sheets.put("ranking", at - 1, 0, rank, f'=IFERROR(INDEX({shape.down("scores", LEFT)},{find}),"")', "whole")
        for column, source, text in texts:
            formula = f'=IFERROR(INDEX({shape.down("scores", source)},{find}),"")'
            page.write_formula(at - 1, column, formula, sheets.kinds["text"], text)
        score = float("nan") if value is None else float(sheets.index.scores[value, shape.t, -1])
        sheets.put("ranking", at - 1, 3, score, f'=IFERROR(INDEX({shape.down("scores", root)},{find}),"")', "score")
        own = {} if value is None else ranges.get(sheets.index.units[value], {})
        ends = (float(np.floor(own["best"])), float(np.ceil(own["worst"]))) if own else (None, None)
        keys = [("published_rank", 4, rank), ("range_best", 6, ends[0]), ("range_worst", 7, ends[1])]
        for key, column, found in keys[: 3 if ranges else 1]:
            codes = xl_range_abs(4, published["unit_code"], end - 1, published["unit_code"])
            cells = xl_range_abs(4, published[key], end - 1, published[key])
            formula = f'=IFERROR(IF(ISNUMBER(INDEX({cells},MATCH(B{at},{codes},0))),INDEX({cells},MATCH(B{at},{codes},0)),""),"")'
            sheets.put("ranking", at - 1, column, float("nan") if found is None else float(found), formula, "whole")
        moved = 0.0 if rank == rank else float("nan")
        sheets.put("ranking", at - 1, 5, moved, f'=IF(COUNT(A{at},E{at})=2,E{at}-A{at},"")', "whole")
    for column in published.values():
        page.set_column(column, column, 8, None, {"hidden": True})
    page.set_column(0, 0, 8)
    page.set_column(1, 2, 16)
    page.set_column(3, 7, 11)
    page.freeze_panes(4, 3)
    lit = sheets.book.add_format({"bold": True, "font_color": "#B4532A"})
    page.conditional_format(4, 5, end - 1, 5, {"type": "cell", "criteria": "!=", "value": 0, "format": lit})
    _bars(sheets, page, len(heads) + 8)


def _bars(sheets: Sheets, page: Any, column: int) -> None:
    """The chart of the first units, over the ranking as it stands."""
    shape, count = sheets.shape, min(CHARTED, sum(bool(sheets.index.shown[u]) for u in sheets.shape.rows))
    chart = sheets.book.add_chart({"type": "bar"})
    name = shape.name("ranking")
    chart.add_series(
        {
            "name": said("score", shape.lang),
            "categories": [name, 4, 2, 3 + count, 2],
            "values": [name, 4, 3, 3 + count, 3],
            "fill": {"color": MID},
            "gap": 40,
            "data_labels": {"value": True, "num_format": "0.0"},
        }
    )
    chart.set_title({"name": said("chart_first", shape.lang, count=count), "name_font": {"size": 12, "color": INK}})
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 80 + 24 * count})
    page.insert_chart(4, column, chart, {"description": said("chart_first", shape.lang, count=count)})


def unit(sheets: Sheets) -> None:
    """One unit, chosen from a list: its rank and score, its first-level nodes beside the mean and the best of all."""
    shape, page, lang, index = sheets.shape, sheets.pages["unit"], sheets.shape.lang, sheets.index
    names = [sheets.edition.name(index.units[u], lang) for u in shape.rows]
    by = 1 if len(set(names)) == len(names) else 0
    ranks = index.ranks[:, shape.t, -1]
    first = min((u for u in shape.rows if ranks[u] == ranks[u]), key=lambda u: float(ranks[u]), default=shape.rows[0])
    own = shape.rows.index(first)
    page.write_string(0, 0, said("unit_title", lang), sheets.kinds["title"])
    page.write_string(1, 0, said("unit_note", lang), sheets.kinds["code"])
    page.write_string(2, 0, said("unit_name" if by else "unit_code", lang), sheets.kinds["head"])
    page.write_string(2, 1, names[own] if by else index.units[first], sheets.kinds["edit"])
    page.data_validation(2, 1, 2, 1, {"validate": "list", "source": "=" + shape.down("scores", by)})
    row = f"MATCH($B$3,{shape.down('scores', by)},0)"
    root, at = LEFT + 2, {node: LEFT + 2 + k for k, node in enumerate(shape.nodes)}
    for line, key, column, number, style in (
        (3, "rank", LEFT, float(ranks[first]), "whole"),
        (4, "score", root, float(index.scores[first, shape.t, -1]), "score"),
    ):
        page.write_string(line, 0, said(key, lang), sheets.kinds["head"])
        sheets.put("unit", line, 1, number, f"=INDEX({shape.down('scores', column)},{row})", style)
    nodes = [node for node in axes_of(sheets.edition) if node in shape.nodes]
    for column, key in enumerate(("node_name", "score", "mean_of_all", "best_of_all")):
        page.write_string(6, column, said(key, lang), sheets.kinds["head"])
    shown = np.array(shape.rows)
    for line, node in enumerate(nodes, start=7):
        scores, cells = index.scores[shown, shape.t, index.framework.node(node).place], shape.down("scores", at[node])
        page.write_string(line, 0, sheets.label(node), sheets.kinds["text"])
        mine = float(index.scores[first, shape.t, index.framework.node(node).place])
        sheets.put("unit", line, 1, mine, f"=INDEX({cells},{row})", "score")
        sheets.put("unit", line, 2, float(mean_sd(scores)[0]), f"=AVERAGE({cells})", "score")
        sheets.put("unit", line, 3, float(np.fmax.reduce(scores, initial=-np.inf)), f"=MAX({cells})", "score")
    chart = sheets.book.add_chart({"type": "radar", "subtype": "with_markers"} if len(nodes) > 2 else {"type": "column"})
    for column, colour in ((1, INK), (2, "#B4532A"), (3, "#9AA5AD")):
        name, last = shape.name("unit"), 6 + len(nodes)
        look = {"color": colour, "width": 2.25 if column == 1 else 1.25, "dash_type": "solid" if column == 1 else "dash"}
        series: dict[str, Any] = {"categories": [name, 7, 0, last, 0], "values": [name, 7, column, last, column]}
        series["name"] = [name, 2, 1] if column == 1 else [name, 6, column]
        series |= {"line": look} if len(nodes) > 2 else {"fill": {"color": colour}}
        chart.add_series(series)
    chart.set_legend({"position": "bottom"})
    chart.set_title({"name": said("chart_unit", lang), "name_font": {"size": 12, "color": INK}})
    chart.set_size({"width": 620, "height": 420})
    page.insert_chart(2, 5, chart, {"description": said("chart_unit", lang)})
    page.set_column(0, 0, 34)
    page.set_column(1, 3, 14)


def notes(sheets: Sheets) -> None:
    """What the workbook is, what may be changed, what is a formula and what is not."""
    shape, page, lang, index = sheets.shape, sheets.pages["notes"], sheets.shape.lang, sheets.index
    page.write_string(0, 0, f"{sheets.edition.title(lang)} {dated(shape.period, lang)}", sheets.kinds["title"])
    still = int(sum(int(mask[list(shape.rows), shape.t].sum()) for name, mask in index.filled.items() if name in shape.columns))
    filled = index.imputed[:, shape.t][list(shape.rows)]
    still += int(np.sum(np.isnan(index.raw[:, shape.t][list(shape.rows)]) & ~np.isnan(filled)))
    learnt = [sheets.label(node) for node, join in shape.joins.items() if sheets.given(join)[1]]
    years = [label for label in index.periods if label != shape.period]
    pooled = years if any(fit.period is None for fit in index.frozen.normalise) else []
    comma = "、" if lang == "zh" else ", "
    lines = [
        said(
            "live_what",
            lang,
            period=shape.period,
            units=len(shape.rows),
            kind=kind(sheets.edition, lang),
            indicators=len(shape.leaves),
        ),
        said("live_change", lang),
        said("live_colours", lang),
        said("live_filled", lang, count=still),
        said("live_bounds", lang, count=shape.fitted),
    ]
    lines += [said("live_pooled_years", lang, years=comma.join(pooled))] if pooled else []
    lines += [said("live_treated", lang)] if sheets.treats else []
    lines += [said("live_learnt", lang, nodes=comma.join(learnt))] if learnt else []
    sure = sheets.edition.sure
    if sure is not None:
        lines.append(said("live_ranges", lang, level=f"{sure.level:.0%}", count=sure.found.draws))
    lines.append(said("edition_line", lang, hash=sheets.edition.mark))
    lines.append(said("not_an_award", lang))
    for row, text in enumerate(lines, start=2):
        page.write_string(row, 0, text, sheets.kinds["wrap"])
    page.set_column(0, 0, 110)
