"""An indicator's page: what it is and is made of, who has it, what was corrected, how it is spread, where each figure is from."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tidu.core.errors import MethodError
from tidu.core.words import word
from tidu.diagnosis.audit.coherence import correlations
from tidu.diagnosis.movement.counts import reminder
from tidu.indicators import shipped
from tidu.indicators.corrections import Correction
from tidu.publish.charts import distribution, dot_map, slim, svg
from tidu.publish.charts.dots import dots, legend, scores_of
from tidu.publish.charts.figures import shown_figures
from tidu.publish.columns import column_label, column_unit, derivation, field, printed_in, unit_said
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.drawings import about_zero
from tidu.publish.pages.map import city_address, drawing_address, ground
from tidu.publish.pages.render import Content, live_address, page, specs
from tidu.publish.standing import amount
from tidu.publish.tables import Rows

#: Fewer figures than these are not drawn.
FEW = 4


def indicators(edition: Edition, lang: str, address: str) -> Content:
    """The list of indicators in a language, in the tree's order."""
    index = edition.index
    weights = index.weights(edition.last)
    rows = []
    for node in edition.index.framework.downwards()[1:]:
        leaf = index.framework.nodes[node].leaf
        row: dict[str, Any] = {"code": node, "depth": index.framework.nodes[node].depth, "leaf": leaf}
        row["weight"] = weights.get(node, float("nan"))
        if leaf:
            item = index.framework.table.indicator[node]
            seen = shown_figures(index, node)
            row |= {"unit": unit_said(item.unit or "", lang), "better": item.better, "lever": index.framework.permits[node].free}
            row |= {"seen": seen.size, "middle": float(np.median(seen)) if seen.size else float("nan")}
        rows.append(row)
    return page(edition, lang, address, "indicators.html", here="indicators", rows=rows, amount=amount)


def indicator(edition: Edition, lang: str, address: str, code: str) -> Content:
    """The page of an indicator in a language."""
    index, item = edition.index, edition.index.framework.table.indicator[code]
    columns = columns_of(edition, code)
    seen = shown_figures(index, code)
    quarters = np.quantile(seen, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist() if seen.size else []
    note = item.note.zh if lang == "zh" else item.note.en
    drawn, mapped = drawings(edition, code, lang)
    plane = dots(edition, code, lang)[1] if mapped is not None else None
    unscored = any(np.isnan(scores_of(edition, code)[edition.index.shown]))
    return page(
        edition,
        lang,
        address,
        "indicator.html",
        here="indicators",
        code=code,
        item=item,
        permit=index.framework.permits[code],
        counted=reminder(index.framework, lang, of=code),
        note=note,
        ranked=edition.ranked,
        formula=formula(edition, code, lang),
        columns=[
            {"code": name, "label": column_label(edition, name, lang), "unit": column_unit(edition, name, lang)}
            | {"made": derivation(edition, name, lang), "printed": printed(edition, name, lang)}
            for name in columns
        ],
        weights={period: index.weights(period).get(code, float("nan")) for period in index.periods},
        coverage=coverage(edition, code),
        corrections=corrections(edition, columns),
        evidence=shipped.evidence,
        titled=lambda name: column_label(edition, name, lang),
        unit=unit_said(item.unit or "", lang),
        source=index.framework.source(code, lang),
        drawn="" if drawn is None else svg(drawn),
        slim="" if drawn is None else slim(drawn),
        mapped="" if mapped is None else svg(mapped),
        legend=legend(edition, code, lang, bool(unscored)) if mapped is not None else [],
        live=live_address(address),
        drawing=drawing_address(address),
        **ground(edition, plane, lang),
        quarters=quarters,
        linked=linked(edition, code),
        rows=rows(edition, code),
        linked_units=edition.paged,
        amount=amount,
        w=lambda key, **filled: word(key, lang, **filled),
    )


def drawings(edition: Edition, code: str, lang: str, linked: bool = False) -> tuple[Any, Any]:
    """The charts of an indicator in the last period: how its figures are spread, and where they are; nothing for too few.

    With ``linked`` the dots of the map lead to the units' pages.
    """
    seen = shown_figures(edition.index, code)
    if seen.size < FEW or seen.min() == seen.max():
        return None, None
    link = partial(city_address, edition, above="../") if linked else None
    mapped = dot_map(edition, None, code, lang, 8, link, bare=True) if edition.mapped and edition.ranked else None
    return distribution(edition.index, code, lang, edition.last), mapped


def indicator_live(edition: Edition, lang: str, code: str) -> Content:
    """The script of an indicator's page: its charts, live."""
    drawn = dict(zip(("spread", "map"), drawings(edition, code, lang, linked=True), strict=True))
    return specs({name: chart for name, chart in drawn.items() if chart is not None})


def formula(edition: Edition, code: str, lang: str) -> str:
    """How an indicator is made of columns, in one line.

    >>> from tidu import app
    >>> formula(app.edition("city-ip-core", draws=0), "invention_share", "en")
    'Invention patents granted ÷ Patents granted, three types × 100'
    """
    item = edition.index.framework.table.indicator[code]
    text = column_label(edition, item.of or code, lang)
    if item.per is not None:
        text += f" ÷ {column_label(edition, item.per, lang)}"
    return text + (f" × {item.scale:,g}" if item.scale != 1 else "")


def columns_of(edition: Edition, code: str) -> tuple[str, ...]:
    """The columns that an indicator is made of, derived ones before what they are derived from, each once."""
    table = edition.index.framework.table
    item = table.indicator[code]
    found: dict[str, None] = {}
    queue = [item.of or code, *([item.per] if item.per is not None else [])]
    while queue:
        name = queue.pop(0)
        if name in found:
            continue
        found[name] = None
        made = table.column.get(name)
        for kind in ("sum", "difference", "ratio", "share", "coalesce", "growth"):
            parts = getattr(made, kind, None)
            queue += [parts] if isinstance(parts, str) else list(parts or ())
    return tuple(found)


def printed(edition: Edition, column: str, lang: str) -> list[dict[str, Any]]:
    """Where a column was printed: data year, publication, table, heading; of another's figures what their lineage says."""
    told = field(edition, column)
    if told:
        return [
            {"year": one["data_year"], "title": printed_in(one, lang), "table": one["table"], "heading": one["printed_heading"]}
            for one in told.get("sources", [])
        ]
    said = edition.index.panel.lineage.get(column, "")
    return [{"year": "", "title": said, "table": "", "heading": ""}] if said else []


def coverage(edition: Edition, code: str) -> list[dict[str, Any]]:
    """One row a period: shown units, those with a figure as given, and how many there are of each other status letter."""
    index, k = edition.index, edition.index.framework.node(code).place
    found = []
    for t, period in enumerate(index.periods):
        if not index.live[t, k]:
            found.append({"period": period, "asked": False})
            continue
        letters = index.status[index.shown, t, k].tolist()
        other = {letter: letters.count(letter) for letter in sorted(set(letters) - {"A", ""})}
        used = int(np.sum(~np.isnan(index.imputed[index.shown, t, k])))
        found.append(
            {"period": period, "asked": True, "units": len(letters), "given": letters.count("A"), "used": used, "other": other}
        )
    return found


def corrections(edition: Edition, columns: tuple[str, ...]) -> list[Correction]:
    """The declared corrections of the shipped figures that touch some columns, by column, unit and year."""
    if not edition.shipped:
        return []
    found = [one for one in shipped.corrections() if one.column in columns or one.other in columns]
    return sorted(found, key=lambda one: (columns.index(one.column) if one.column in columns else 99, one.city, one.year))


def linked(edition: Edition, code: str) -> list[Any]:
    """Bars of the correlation with every other indicator in the last period, the largest first; none where they cannot be had."""
    leaves = [leaf for leaf in edition.index.framework.leaves if edition.index.live[-1, edition.index.framework.node(leaf).place]]
    if code not in leaves or len(leaves) < 2:
        return []
    try:
        table = correlations(edition.index, leaves, period=edition.last)
    except MethodError:
        return []
    row = table[leaves.index(code)]
    pairs = [(leaf, float(r)) for leaf, r in zip(leaves, row, strict=True) if leaf != code and r == r]
    return about_zero(sorted(pairs, key=lambda pair: -pair[1]))


def rows(edition: Edition, code: str) -> list[dict[str, Any]]:
    """One row a shown unit: rank and percentile in the last period, figure and letter of each period, best first."""
    index, k = edition.index, edition.index.framework.node(code).place
    ranks = index.ranks[:, -1, k]
    of = int(np.sum(~np.isnan(ranks)))
    found = []
    for u in np.flatnonzero(index.shown).tolist():
        rank = ranks[u]
        cells = [
            {"value": float(index.raw[u, t, k]), "used": float(index.imputed[u, t, k]), "status": str(index.status[u, t, k])}
            for t in range(len(index.periods))
        ]
        found.append(
            {
                "unit": index.units[u],
                "rank": None if np.isnan(rank) else int(rank),
                "percentile": float(100.0 * (of - rank) / (of - 1)) if of > 1 else float("nan"),
                "cells": cells,
                "find": edition.find(index.units[u]),
            }
        )
    return sorted(found, key=lambda row: (row["rank"] is None, row["rank"] or 0))


def file_rows(edition: Edition, code: str) -> Rows:
    """The same as a file: one row a shown unit and period, with the figure as given, as used, on the scale, and its letter."""
    index, k = edition.index, edition.index.framework.node(code).place
    found: Rows = []
    for t, period in enumerate(index.periods):
        if not index.live[t, k]:
            continue
        for u in np.flatnonzero(index.shown).tolist():
            unit = index.units[u]
            row: dict[str, Any] = {
                "unit": unit,
                **{f"name_{lang}": edition.name(unit, lang) for lang in LANGUAGES},
                "period": period,
            }
            for name, table in (
                ("figure", index.raw),
                ("used", index.imputed),
                ("treated", index.treated),
                ("score", index.normalised),
            ):
                value = float(table[u, t, k])
                row[name] = None if value != value else value
            rank = index.ranks[u, t, k]
            row |= {"rank": None if np.isnan(rank) else int(rank), "status": str(index.status[u, t, k])}
            if index.framework.table.index.display == "bands":
                row |= {"score": None, "rank": None}
            found.append(row)
    return found
