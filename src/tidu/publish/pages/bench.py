"""The weights bench: weights and methods moved in the page, ranked anew there; its data, and ranks under all weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidu.core.address import quoted
from tidu.diagnosis.audit.alternatives import Alternatives
from tidu.publish import charts
from tidu.publish.edition import WEIGHTINGS, Edition
from tidu.publish.pages.render import Content, called, live_address, page, script, specs, text

#: How many units the picture of all weights shows.
FIRST = 15
#: The texts that the page's script fills in.
SAID = (
    "bench_rank",
    "bench_was",
    "bench_range",
    "bench_spec_range",
    "bench_up",
    "bench_down",
    "bench_same",
    "bench_none",
    "bench_told",
    "bench_untouched",
    "bench_zero",
    "bench_refused",
    "bench_agrees",
    "bench_differs",
    "bench_asking",
    "bench_no_answer",
    "bench_all_rows",
    "bench_first_rows",
    "bench_link_copied",
    "bench_link_is",
    "bench_saved",
    "bench_removed",
    "bench_read",
    "bench_unreadable",
    "bench_not_here",
    "bench_open",
    "bench_remove",
    "bench_weight_of",
    "bench_share",
    "file_way",
    "several_fit",
    "spelt_alike",
    "no_such_city",
)


def bench(edition: Edition, lang: str, address: str) -> Content:
    """The page of the weights bench in a language."""
    found = edition.alternatives
    chart = all_weights(edition, lang)
    return page(
        edition,
        lang,
        address,
        "bench.html",
        here="bench",
        found=found,
        rows=nodes(edition, found, lang),
        steps=[(step, [one for one in found.options if one.step == step]) for step in ("treat", "normalise", "aggregate")],
        option=lambda one: option(one.label, lang),
        command=f"tidu what-if {edition.code if edition.shipped else 'FILE.toml --data FIGURES.csv'}",
        example=next((row["address"] for row in nodes(edition, found, lang) if row["depth"] == 1), ""),
        drawn=None if chart is None else charts.svg(chart),
        slim=None if chart is None else charts.slim(chart),
        table=shares(edition, lang),
        said=said(edition, lang),
        live=live_address(address),
        draws=WEIGHTINGS,
    )


def bench_data(edition: Edition, lang: str) -> Content:
    """The data of the page in a language, as a script: nodes, units, ways, figures, texts."""
    found = edition.alternatives
    places = {row["unit"]: row for row in edition.ranking()}
    holes = [[None if x != x else x for x in column] for column in found.columns.tolist()]
    values = {
        "code": edition.code,
        "root": edition.code,
        "title": edition.title(lang),
        "period": found.period,
        "hash": edition.hash,
        "followed": found.followed,
        "freed": found.freed,
        "nodes": nodes(edition, found, lang),
        "inner": [node.code for node in edition.index.framework.inner],
        "leaves": found.leaves,
        "units": found.units,
        "names": [edition.name(unit, lang) for unit in found.units],
        "find": [edition.find(unit) for unit in found.units],
        "slugs": [edition.slugs[unit] if unit in edition.paged else None for unit in found.units],
        "ranks": [places.get(unit, {}).get("rank") for unit in found.units],
        "spans": [_span(places.get(unit, {})) for unit in found.units],
        "ways": [vars(way) for way in found.ways],
        "columns": holes,
        "say": {key: text(key, lang, **called(edition, lang), **{name: "{" + name + "}" for name in _PLACES}) for key in SAID},
    }
    return script({"bench": values})


def _span(row: dict[str, Any]) -> list[float] | None:
    """The ends of a unit's specification range; nothing where there is none."""
    return None if row.get("best") is None else [row["best"], row["worst"]]


def bench_live(edition: Edition, lang: str) -> Content:
    """The chart of all weights as a script, for the page to make it live; an empty one where there is no chart."""
    chart = all_weights(edition, lang)
    return specs({} if chart is None else {"all-weights": chart})


#: The places that texts of the script leave open.
_PLACES = ("rank", "was", "low", "high", "count", "name", "most", "moved", "node", "why", "share", "weight", "link", "total")


def nodes(edition: Edition, found: Alternatives, lang: str) -> list[dict[str, Any]]:
    """The nodes below the root from the top down, children after their parent: label, weight, share of siblings, address."""
    framework = edition.index.framework
    rows: list[dict[str, Any]] = []
    whole = edition.index.weights(found.period)

    def walk(code: str, top: str | None) -> None:
        children = [child for child in framework.node(code).children if child in found.weights]
        total = sum(found.weights[child] for child in children)
        for child in children:
            node = framework.nodes[child]
            rows.append(
                {
                    "id": f"w{len(rows)}",
                    "code": child,
                    "parent": code,
                    "top": top or child,
                    "depth": node.depth,
                    "leaf": node.leaf,
                    "label": edition.label(child, lang),
                    "weight": found.weights[child],
                    "share": found.weights[child] / total,
                    "alone": len(children) == 1,
                    "whole": whole.get(child),
                    "address": f"{'indicator' if node.leaf else 'pillar'}.{quoted(child)}.weight",
                }
            )
            walk(child, top or child)

    walk(framework.code, None)
    return rows


def option(label: Any, lang: str) -> str:
    """What an option is called; the file's own choice has no label of its own."""
    return str(label[lang]) if label else text("file_way", lang)


def all_weights(edition: Edition, lang: str) -> Any:
    """The chart of the first units under all weights of the first-level nodes, or nothing."""
    found = edition.under_all_weights
    return None if found is None else charts.acceptability_map(edition.index, found, FIRST, lang, edition.last)


def shares(edition: Edition, lang: str) -> list[tuple[str, int, float, int, int]]:
    """The same as a table: unit, rank, how often it is first, the ranks that nine in ten of the weights leave it between."""
    found, rows = edition.under_all_weights, []
    if found is None:
        return []
    for unit, rank, _ in edition.index.top(FIRST, edition.last):
        spread = found[edition.index.units.index(unit)]
        if not spread.any():  # a unit without all children has no rank under other weights
            continue
        low, high = (int(np.searchsorted(np.cumsum(spread), at - 1e-12)) + 1 for at in (0.05, 0.95))
        rows.append((edition.name(unit, lang), rank, float(spread[0]), low, high))
    return rows


def said(edition: Edition, lang: str) -> str:
    """What the chart shows, as a sentence on the first unit."""
    rows = shares(edition, lang)
    if not rows:
        return ""
    name, _, first, low, high = rows[0]
    return text("bench_all_weights_said", lang, name=name, share=f"{first:.0%}", low=low, high=high)
