"""Typed answers of the interface on what an edition holds: units, the tree, the ranking, scores."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from fastapi import Path, Query

from tidu.core.errors import UsageError
from tidu.faces.web import answers
from tidu.publish.edition import Edition

Year = Annotated[str | None, Query(max_length=20, description="Period; the last one when left out.", examples=["2023"])]
Code = Annotated[str, Path(min_length=1, max_length=80, description="Code or exact name of a unit.", examples=["330100"])]


def number(value: float | None) -> float | None:
    """A figure as it stands in JSON: nothing where there is none.

    >>> number(1.5), number(float("nan"))
    (1.5, None)
    """
    return None if value is None or not isfinite(value) else float(value)


def plain(values: Mapping[str, float]) -> dict[str, float | None]:
    """Figures by name as they stand in JSON."""
    return {name: number(value) for name, value in values.items()}


def ranks_shown(edition: Edition) -> None:
    """Nothing where an edition shows ranks and scores. Raises ``bands_only`` where it shows classes."""
    if not edition.ranked:
        raise UsageError("bands_only", name=edition.code)


def about(edition: Edition) -> answers.About:
    """What this edition is."""
    titles = {lang: edition.title(lang) for lang in ("zh", "en")}
    return answers.About(index=edition.code, title=titles, **edition.sources)


def units(edition: Edition) -> answers.Units:
    """Every unit, in the order of the figures."""
    panel, shown, scored = edition.index.panel, edition.index.shown, set(edition.units)
    rows = [
        answers.Unit(
            unit=code,
            name_zh=edition.name(code, "zh"),
            name_en=edition.name(code, "en"),
            shown=bool(shown[u]),
            scored=code in scored,
            groups={name: texts[u] for name, texts in panel.groups.items() if texts[u]},
        )
        for u, code in enumerate(panel.units)
    ]
    return answers.Units(index=edition.code, rows=rows)


def indicators(edition: Edition) -> answers.Indicators:
    """The tree: every node with its label, weight and definition, the index first, indicators last."""
    framework, weights = edition.index.framework, edition.index.weights(edition.last)
    rows = []
    for node in sorted(framework.nodes.values(), key=lambda node: (node.depth, node.place)):
        item = framework.table.indicator.get(node.code) if node.leaf else None
        own = {} if item is None else {key: getattr(item, key) for key in ("unit", "better", "of", "per", "source")}
        if item is not None:
            permit = framework.permits[node.code]
            own |= {"lever": permit.free, "lever_name": permit.name if permit.free else None, "counts": permit.count}
        rows.append(
            answers.Indicator(
                code=node.code,
                label_zh=edition.label(node.code, "zh"),
                label_en=edition.label(node.code, "en"),
                parent=node.parent,
                weight=node.weight,
                share=number(weights.get(node.code)),
                leaf=node.leaf,
                figures=edition.index.scored(edition.last, node.code),
                **own,
            )
        )
    return answers.Indicators(index=edition.code, rows=rows)


def ranking(edition: Edition, year: Year = None) -> answers.Ranking:
    """Every shown unit, best first, with its specification range and the first-level nodes."""
    rows = [_row(edition, one) for one in edition.ranking(year)]
    return answers.Ranking(index=edition.code, period=period_of(edition, year), hash=edition.hash, rows=rows)


def unit(edition: Edition, code: Code, year: Year = None) -> answers.Row:
    """One unit in a period."""
    wanted = edition.index.panel.unit(code)
    for one in edition.ranking(year):
        if one["unit"] == wanted:
            return _row(edition, one)
    raise UsageError("not_scored", name=wanted, node=edition.code, period=period_of(edition, year))


def scores(edition: Edition, year: Year = None) -> answers.Scores:
    """Scores and ranks of every shown unit at every node."""
    ranks_shown(edition)
    index, t = edition.index, edition.index.period(year)
    rows = [
        answers.Scored(
            unit=code,
            scores=[number(x) for x in index.scores[u, t].tolist()],
            ranks=[None if x != x else int(x) for x in index.ranks[u, t].tolist()],
        )
        for u, code in enumerate(index.units)
        if index.shown[u]
    ]
    return answers.Scores(index=edition.code, period=index.periods[t], hash=edition.hash, nodes=list(index.nodes), rows=rows)


def period_of(edition: Edition, year: str | None) -> str:
    """The period that is asked for; the last one when none is. Raises ``unknown_period``."""
    return edition.index.periods[edition.index.period(year)]


def _row(edition: Edition, found: Mapping[str, Any]) -> answers.Row:
    return answers.Row.model_validate({**found, "nodes": {node: found.get(node) for node in edition.pillars}})
