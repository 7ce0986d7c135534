"""The report on a whole index: overview, pattern, changes and their causes, targets, method, sources, audit, all ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tidu.core.errors import TiduError
from tidu.diagnosis.geography.verdict import chance_text
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.foreseen import Move
from tidu.diagnosis.movement.target import Target, target
from tidu.publish import charts
from tidu.publish.columns import unit_said
from tidu.publish.documents.about import audit, method, sources
from tidu.publish.documents.audit_charts import weight_beside_importance
from tidu.publish.documents.brief import source_line
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import (
    OFFICIAL,
    REPORT_EN,
    Block,
    Drawing,
    Paper,
    Sheet,
    Small,
    numbered,
)
from tidu.publish.documents.sentences import called, first_line, joined, kind, said, signed, when
from tidu.publish.edition import Edition
from tidu.publish.standing import changed, measured, region_attribute
from tidu.publish.told import by_column

#: How many ranks the picture shows, how many movers and how many targets are told.
DRAWN, MOVERS, AIMED = 20, 8, 5
#: The last rank that targets aim at, where there are twice as many units.
TOP = 10


def index_report(edition: Edition, lang: str) -> Paper:
    """The report on an index in its last period."""
    made: list[Block] = [*overview(edition, lang), *pattern(edition, lang), *moved(edition, lang), *targets(edition, lang)]
    made += [*method(edition, lang), *sources(edition, lang), *audit(edition, lang), *ranking(edition, lang)]
    made.append(Small(source_line(edition, lang)))
    title = said("index_report_title", lang, title=edition.title(lang))
    return Paper(title, when(edition.last, lang), numbered(made, lang), lang, OFFICIAL if lang == "zh" else REPORT_EN)


def overview(edition: Edition, lang: str, named: bool = True) -> Iterator[Block]:
    """How many units, who comes first (``named``, where no table beside it says so), how sure that is."""
    index, t = edition.index, edition.index.period(edition.last)
    kinds, rows = kind(edition, lang), edition.ranking()
    yield Heading(said("head_first", lang))
    inner = [node for node in edition.pillars if not index.framework.node(node).leaf]
    counts = {"units": int(index.shown.sum()), "scored": len(edition.units), "nodes": len(inner), "kind": kinds}
    counts["indicators"] = int(index.live[t, : len(index.framework.leaves)].sum())
    yield Text(said("overview" if inner else "overview_flat", lang, period=when(edition.last, lang), **counts))
    if not edition.ranked:
        bands = [row["band"] for row in rows if row["band"] is not None]
        told = [said("class_count", lang, band=band, count=bands.count(band)) for band in sorted(set(bands))]
        yield Text(said("overview_classes", lang, counts=joined(told, lang)))
        return
    scores = [row["score"] for row in rows if row["rank"] is not None]
    names = joined([ranged(edition, row, lang) for row in rows[:TOP]], lang)
    ends = {"high": f"{max(scores):.2f}", "middle": f"{np.median(scores):.2f}", "low": f"{min(scores):.2f}"}
    first = said("overview_ends", lang, **ends)
    if named:
        note = "" if edition.sure is None else said("in_brackets", lang)
        first = said("overview_first", lang, names=names, note=note) + ("" if lang == "zh" else " ") + first
    yield Text(first)
    if edition.sure is None:
        yield Text(said("position_no_range", lang))
        return
    sure = edition.sure.rows(edition.last)
    wide = float(np.median([row["worst"] - row["best"] for row in sure.values()]))
    groups = len({row["group"] for row in sure.values()})
    points, level = edition.sure.found.draws, f"{edition.sure.level:.0%}"
    middle = float(np.median([row["undecided"] for row in sure.values()]))
    spread = {"wide": f"{wide:.0f}", "open": f"{middle:.0f}", "groups": groups, "kind": called(edition, lang)}
    yield Text(said("overview_sure", lang, points=points, level=level, **spread))
    count = min(DRAWN, len(edition.units))
    drawn = charts.rank_ranges(index, edition.sure, edition.last, count, lang)
    yield Drawing(lambda: charts.svg(drawn), said("ranges_said", lang, period=when(edition.last, lang), count=count), 0.76)


def ranged(edition: Edition, row: Mapping[str, Any], lang: str) -> str:
    """A unit's name, and its specification range in brackets where it has one."""
    name = edition.name(row["unit"], lang)
    return name if row.get("best") is None else said("name_ranged", lang, name=name, range=span(row))


def span(row: Mapping[str, Any]) -> str:
    """A specification range in whole ranks.

    >>> span({"best": 2.0, "worst": 4.5})
    '2–5'
    """
    return f"{np.floor(row['best']):.0f}–{np.ceil(row['worst']):.0f}"


def pattern(edition: Edition, lang: str) -> Iterator[Block]:
    """The first-level nodes with their first units, the regions, the distance to the coast."""
    index, t = edition.index, edition.index.period(edition.last)
    period, weights = when(edition.last, lang), index.weights(edition.last)
    if not edition.ranked:
        return
    yield Heading(said("head_pattern", lang))
    live = [node for node in edition.pillars if index.live[t, index.framework.node(node).place]]
    rows = []
    for node in live:
        first = joined([edition.name(unit, lang) for unit, _, _ in index.top(3, edition.last, node)], lang)
        column = index.scores[index.shown, t, index.framework.node(node).place]
        middle = f"{np.median(column[~np.isnan(column)]):.2f}"
        rows.append([edition.label(node, lang), f"{weights.get(node, 0.0):.1%}", middle, first])
    yield Text(said("pattern_first", lang))
    heads = [said(f"col_{key}", lang) for key in ("node", "weight", "median", "first")]
    yield Table(heads, rows, right=[1, 2], caption=said("table_pillars", lang, period=period))
    yield from _regions(edition, lang)
    found = edition.gradients.get(edition.last)
    slope = None if found is None else found.slope(found.root)
    if found is not None and slope is not None and slope.line.slope == slope.line.slope:
        text = said(
            "gradient_down" if slope.line.slope < 0 else "gradient_up", lang, slope=signed(slope.line.slope), n=slope.line.n
        )
        more = said("gradient_chance", lang, p=chance_text(slope.line.p)) if slope.line.p == slope.line.p else ""
        yield Text(f"{text}{'' if lang == 'zh' else ' '}{more}".strip())
        drawn = charts.gradient_scatter(found, None, lang)
        yield Drawing(lambda: charts.svg(drawn), said("scatter_said", lang, period=period), 0.9)


def _regions(edition: Edition, lang: str) -> Iterator[Block]:
    """Scores by region, where the figures name regions."""
    index, t = edition.index, edition.index.period(edition.last)
    name = region_attribute(index)
    if not name:
        return
    shown = index.panel.groups.get(f"{name}_{lang}", index.panel.groups[name])
    column = np.where(index.shown, index.scores[:, t, -1], np.nan)
    rows = []
    for label in sorted({text for text in index.panel.groups[name] if text}):
        inside = np.array([text == label for text in index.panel.groups[name]]) & ~np.isnan(column)
        if inside.any():
            told = shown[int(np.flatnonzero(inside)[0])]
            scores = column[inside]
            rows.append((float(scores.mean()), [told, str(scores.size), f"{scores.mean():.2f}", f"{np.median(scores):.2f}"]))
    heads = [said(f"col_{key}", lang) for key in ("region", "count", "mean", "median")]
    ordered = [row for _, row in sorted(rows, key=lambda item: -item[0])]
    yield Table(heads, ordered, right=[1, 2, 3], caption=said("regions_table", lang, period=when(edition.last, lang)))


def moved(edition: Edition, lang: str, most: int = MOVERS) -> Iterator[Block]:
    """Whose rank moved most since the period before and why; what the nodes' weights actually do."""
    index = edition.index
    if not edition.ranked:
        return
    yield Heading(said("head_moved", lang))
    if len(index.periods) < 2:
        yield Text(said("no_change", lang))
    else:
        both, rows = edition.moved(), []
        for unit, step in sorted(both.items(), key=lambda item: (-abs(item[1].up), item[1].after))[:most]:
            u = index.units.index(unit)
            own, others, total = "—", "—", signed(float(index.scores[u, -1, -1] - index.scores[u, -2, -1]))
            try:
                found = changed(edition, unit)
                own, others = signed(found.parts["own"]), signed(found.parts["others"])
            except TiduError:
                pass
            rows.append([edition.name(unit, lang), f"{step.before} → {step.after}", total, own, others])
        earlier, later = when(index.periods[-2], lang), when(index.periods[-1], lang)
        if rows:
            middle = f"{np.median([abs(step.up) for step in both.values()]):.0f}"
            yield Text(said("moved_most", lang, before=earlier, count=len(both), kind=kind(edition, lang), middle=middle))
            heads = [said(f"col_{key}", lang) for key in ("name", "ranks", "total", "own")]
            heads.append(said("col_others", lang, kind=called(edition, lang)))
            yield Table(heads, rows, right=[1, 2, 3, 4], caption=said("table_moved", lang, before=earlier, period=later))
    seen = edition.examined
    if seen is not None and any(item.share_main == item.share_main and item.weight < 1 - 1e-12 for item in seen.importance):
        yield Drawing(lambda: charts.svg(weight_beside_importance(seen, lang)), said("importance_said", lang), 1.0)


def targets(edition: Edition, lang: str) -> Iterator[Block]:
    """What the units just behind the first ten would need to be among them."""
    count = len(edition.units)
    aim = TOP if count >= 2 * TOP else max(1, count // 2)
    behind = edition.units[aim : aim + AIMED]
    if not edition.ranked or not behind:
        return
    yield Heading(said("head_targets", lang))
    rows, found = [], None
    try:
        for unit in behind:
            found = target(edition.index, unit, rank=aim)
            told = said("can" if found.reachable else "cannot", lang, rank=found.rank)
            rows.append([edition.name(unit, lang), str(found.before_rank), told, _plan(found, lang)])
    except TiduError as error:
        yield Text(said("none_of_it", lang, why=first_line(error, lang)))
        return
    known = {"aim": aim, "count": len(behind), "kind": kind(edition, lang), "years": 2}
    yield Text(said("targets_near", lang, **known))
    heads = [said(f"col_{key}", lang) for key in ("name", "now", "verdict", "plan")]
    yield Table(heads, rows, right=[1], caption=said("table_targets", lang))
    yield Small(
        ("" if lang == "zh" else " ").join([said("actions_caveat", lang), *reminder(edition.index.framework, lang, short=True)])
    )


def _plan(found: Target, lang: str) -> str:
    parts = []
    for move, *others in by_column(found.moves):
        known = {"label": move.label.get(lang, move.code), "start": _measured(move.start, move, lang)}
        parts.append(said("plan_part", lang, end=_measured(move.end, move, lang), **known))
        if others:
            names = joined([one.label.get(lang, one.code) for one in others], lang)
            parts[-1] += said("plan_with", lang, names=names)
    return ("；" if lang == "zh" else "; ").join(parts) or "—"


def _measured(figure: float, move: Move, lang: str) -> str:
    return measured(figure, unit_said(move.unit or "", lang))


def ranking(edition: Edition, lang: str) -> Iterator[Block]:
    """Every shown unit that is scored: rank, range, tie group and score, or its class."""
    yield Sheet()
    yield Heading(said("head_ranking", lang))
    yield ranks_table(edition, lang)


def ranks_table(edition: Edition, lang: str, most: int | None = None) -> Table:
    """The first ``most`` units, or all: rank, range, tie group, score and first-level nodes, or the class."""
    caption = said("table_ranking", lang, period=when(edition.last, lang))
    if not edition.ranked:
        heads = [said(key, lang) for key in ("unit_name", "unit_code", "tile_class")]
        banded = [row for row in edition.ranking() if row["band"] is not None][:most]
        told = [[edition.name(row["unit"], lang), row["unit"], str(row["band"])] for row in banded]
        return Table(heads, told, right=[0, 2], caption=caption)
    sure, live = edition.sure is not None, [node for node in edition.pillars if node in edition.ranking()[0]][:4]
    heads = [said("rank", lang), said("unit_name", lang)]
    heads += [said("col_range", lang), said("col_group", lang)] if sure else []
    heads += [said("score", lang), *(edition.label(node, lang) for node in live)]
    rows = []
    for row in [row for row in edition.ranking() if row["rank"] is not None][:most]:
        cells = [str(row["rank"]), edition.name(row["unit"], lang)]
        if sure:
            known = row.get("best") is not None
            cells += [span(row), str(row["tie_group"])] if known else ["—", "—"]
        cells += ["—" if row[key] is None else f"{row[key]:.2f}" for key in ("score", *live)]
        rows.append(cells)
    return Table(heads, rows, right=[at for at in range(len(heads)) if at != 1], caption=caption)
