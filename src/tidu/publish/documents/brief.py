"""A unit on one page for a leader, and its card on a second: position and how sure it is, causes, actions, source."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil, floor

from tidu.core.errors import TiduError, UsageError
from tidu.core.stats import mean_sd
from tidu.core.words import percentile_text
from tidu.publish import charts
from tidu.publish.charts.style import DEEP, PALE, plain, rows_of
from tidu.publish.columns import column_label, unit_said
from tidu.publish.documents.actions import actions, own_figures
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import BRIEF, BRIEF_EN, Block, Drawing, Paper, Points, Sheet, Small, Tiles, numbered
from tidu.publish.documents.sentences import called, joined, kind, said, signed, when
from tidu.publish.edition import Edition
from tidu.publish.standing import Standing, amount, changed, standing
from tidu.publish.tables import outside
from tidu.publish.told import axes_of

#: How many causes a brief names.
CAUSES = 3
#: Parts of a gap below this many points are no causes.
FELT = 0.005
#: Millimetres that a row of a card's tables takes, and all that is neither row nor picture.
ROW, AROUND = 5.8, 52.0


def brief(edition: Edition, unit: str, lang: str, pages: int = 2) -> Paper:
    """The brief of a unit in the last period: one page, and its card where there are two ``pages``.

    Raises ``unknown_unit``, ``not_scored``, ``brief_pages``.
    """
    if pages not in (1, 2):
        raise UsageError("brief_pages", value=pages)
    code = edition.index.panel.unit(unit)
    found = standing(edition, code)
    made = list(position(edition, found, lang))
    made += [Heading(said("head_causes", lang)), *causes(edition, found, lang)]
    made += [Heading(said("head_actions", lang)), *actions(edition, found, lang)]
    made.append(Small(source_line(edition, lang)))
    whole = list(numbered(made, lang))
    if pages == 2:
        whole += [Sheet(), Heading(said("head_card", lang, name=edition.name(code, lang))), *card(edition, found, lang)]
    title = said("brief_title", lang, name=edition.name(code, lang))
    return Paper(title, below(edition, lang), tuple(whole), lang, BRIEF if lang == "zh" else BRIEF_EN)


def below(edition: Edition, lang: str) -> str:
    """The line below a title: which index, of which period."""
    return said("below", lang, title=edition.title(lang), period=when(edition.last, lang))


def position(edition: Edition, found: Standing, lang: str, heading: bool = True) -> Iterator[Block]:
    """Rank, range and score as tiles, then in sentences with ties and the change since the period before."""
    index, unit = edition.index, found.unit
    row = next(row for row in edition.ranking() if row["unit"] == unit)
    known = {"period": when(edition.last, lang), "name": edition.name(unit, lang), "kind": kind(edition, lang)}
    known["count"] = str(len(edition.units))
    title = [Heading(said("head_position", lang))] if heading else []
    if not edition.ranked:
        yield Tiles([(said("class_of", lang, band=row["band"]), said("tile_class", lang))])
        yield from title
        yield Text(said("position_class", lang, band=row["band"], **known))
        return
    score, sure = f"{row['score']:.2f}", edition.sure.rows(edition.last).get(unit) if edition.sure is not None else None
    tiles = [(str(row["rank"]), said("tile_rank", lang, count=known["count"], kind=known["kind"]))]
    sentences = [said("position", lang, score=score, rank=row["rank"], **known)]
    if sure is not None and edition.sure is not None:
        best, worst, level = floor(sure["best"]), ceil(sure["worst"]), f"{edition.sure.level:.0%}"
        tiles.append((f"{best}–{worst}", said("tile_range", lang, level=level)))
        names = joined([one[lang] for one in edition.sure.factors], lang)
        points = edition.sure.found.draws
        sentences.append(said("position_range", lang, names=names, points=points, level=level, best=best, worst=worst))
        if outside(row):
            sentences.append(said("position_outside", lang))
        if sure["undecided"] > 0:
            sentences.append(said("position_ties", lang, others=sure["undecided"], kind=known["kind"]))
    else:
        sentences.append(said("position_no_range", lang))
    tiles.append((score, said("tile_score", lang)))
    between = edition.moved().get(unit)
    before = when(index.periods[-2], lang) if len(index.periods) > 1 else ""
    if between is not None:
        key = "places_same" if between.up == 0 else "places_up" if between.up > 0 else "places_down"
        tiles.append((said(key, lang, count=abs(between.up)), said("tile_moved", lang, before=before)))
    yield Tiles(tiles)
    if sure is not None and edition.sure is not None:
        bar = said("bar_said", lang, level=f"{edition.sure.level:.0%}", count=known["count"], kind=known["kind"])
        yield Drawing(partial(range_bar, int(row["rank"]), sure["best"], sure["worst"], len(edition.units)), bar, 1.0)
    yield from title
    yield Text(("" if lang == "zh" else " ").join(sentences))
    moved = None
    if len(index.periods) > 1:
        try:
            moved = changed(edition, unit)
        except TiduError:
            moved = None
    if moved is not None and between is not None:
        parts = [(cause, size) for cause, size in moved.parts.items() if abs(size) >= 0.005]
        sizes = [said(f"part_{cause}", lang, size=signed(size), kind=called(edition, lang)) for cause, size in parts]
        placed: dict[str, object] = {"last": between.after, "count": between.of, "kind": known["kind"]}
        placed |= {} if between.up == 0 else {"first": between.before}
        rank = said("rank_stayed" if between.up == 0 else "rank_moved", lang, **placed)
        if sizes:
            spoken = {"before": before, "total": signed(moved.total), "parts": joined(sizes, lang)}
            yield Text(said("position_moved", lang, rank=rank, **spoken))


def range_bar(rank: int, best: float, worst: float, count: int) -> str:
    """A rank as a dot on a bar over its range, from the first to the last, as SVG text."""
    import altair as alt

    x = alt.X("a:Q", title=None, scale=alt.Scale(domain=[1, count], nice=False), axis=alt.Axis(values=[1, count], domain=False))
    whole = alt.Chart(rows_of([{"a": 1, "b": count}])).mark_rule(color=PALE, strokeWidth=2).encode(x=x, x2="b:Q")
    span = alt.Chart(rows_of([{"a": best, "b": worst}])).mark_bar(color="#9db8bd", height=12, cornerRadius=6)
    dot = alt.Chart(rows_of([{"a": rank}])).mark_point(color=DEEP, filled=True, size=120, opacity=1)
    drawn = alt.layer(whole, span.encode(x=x, x2="b:Q"), dot.encode(x=x)).properties(width=640, height=24)
    return charts.svg(plain(drawn))


def against(edition: Edition, found: Standing, lang: str) -> str | None:
    """Whom a unit is compared with, in words; nothing where there is nobody."""
    near, kinds = found.profile.peers, kind(edition, lang)
    if near.units == (found.unit,):
        return None
    if near.how != "nearest":
        return said("peers_all", lang, count=len(near.units), kind=kinds)
    names = joined([column_label(edition, name, lang) for name in near.by], lang)
    return said("peers_near", lang, count=len(near.units), kind=kinds, by=names)


def causes(edition: Edition, found: Standing, lang: str, count: int = CAUSES) -> Iterator[Block]:
    """The largest parts of the gap to the units of like size; figures beside their mean where the gap has no parts."""
    whom, gap = against(edition, found, lang), found.profile.gap
    if whom is None:
        yield Text(said("causes_none", lang))
        return
    if gap is not None and edition.ranked:
        name, size = edition.name(found.unit, lang), f"{abs(gap.total):.2f}"
        turned = said("higher" if gap.total >= 0 else "lower", lang)
        yield Text(said("causes_gap", lang, peers=whom, mean=f"{gap.baseline:.2f}", name=name, higher=turned, gap=size))
        rows = []
        felt = [(code, points) for code, points in gap.indicators.items() if abs(points) >= FELT]
        for code, points in felt[:count]:
            turned = said("higher" if points >= 0 else "lower", lang)
            known = own_figures(edition, found, code, lang)
            rows.append((edition.label(code, lang), said("cause", lang, higher=turned, points=f"{abs(points):.2f}", **known)))
        if rows:
            yield Points(rows)
        return
    stand = sorted((*found.profile.strengths, *found.profile.weaknesses), key=lambda line: -abs(line.standing))[:count]
    yield Text(said("causes_standing", lang, peers=whom) if stand else said("causes_none", lang))
    if stand:
        told = [(line.code, own_figures(edition, found, line.code, lang)) for line in stand]
        yield Points([(edition.label(code, lang), said("cause_plain", lang, **known)) for code, known in told])


def source_line(edition: Edition, lang: str) -> str:
    """Where the figures are from and which edition it is."""
    source = edition.vintage(lang) or edition.index.framework.source(lang=lang) or "—"
    known = {"edition": said("edition_line", lang, hash=edition.mark), "award": said("not_an_award", lang)}
    return said("source_line", lang, source=source.rstrip("。. "), **known)


def card(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """The radar, the first-level nodes and the figures of a unit on one page; the heaviest indicators where not all have room."""
    style = BRIEF if lang == "zh" else BRIEF_EN
    nodes = node_table(edition, found, lang, depth=1)
    whole = figure_table(edition, found, lang)
    room = 297.0 - style.margins[0] - style.margins[1] - AROUND - (ROW * len(nodes.rows) if edition.ranked else 0.0)
    kept = min(len(whole.rows), int(room / ROW))
    share = min((room - ROW * kept) / (210.0 - style.margins[2] - style.margins[3]), 0.72)
    if edition.ranked:
        yield from radar(edition, found, lang, share) if share >= 0.3 else ()
        yield nodes
    note = said("status_note", lang)
    if kept < len(whole.rows):
        weights = edition.index.weights(edition.last)
        codes = [line.code for line in found.profile.figures]
        heavy = sorted(range(len(codes)), key=lambda at: (-weights.get(codes[at], 0.0), at))[:kept]
        whole = Table(whole.heads, [whole.rows[at] for at in sorted(heavy)], whole.right, whole.caption)
        note += ("" if lang == "zh" else " ") + said("rest_in_report", lang, count=len(codes) - kept)
    yield whole
    yield Small(note)


def figure_table(edition: Edition, found: Standing, lang: str) -> Table:
    """Every figure of a unit: value, unit, the mean of the units compared with, percentile, status."""
    index, lines = edition.index, {line.code: line for line in found.profile.nodes}
    peers = () if found.profile.peers.units == (found.unit,) else found.profile.peers.units
    heads = [said(f"col_{key}", lang) for key in ("indicator", "value", "unit", "peers", "percentile", "status")]
    rows = []
    for figure in found.profile.figures:
        k, line = index.framework.node(figure.code).place, lines[figure.code]
        around = index.imputed[[index.units.index(name) for name in peers], -1, k]
        mean = float(mean_sd(around)[0]) if around.size else float("nan")
        share = percentile_text(line.percentile)
        own = float(index.imputed[index.units.index(found.unit), -1, k])
        unit = unit_said(figure.unit or "", lang)
        rows.append([edition.label(figure.code, lang), amount(own), unit, amount(mean), share, figure.status])
    if not edition.ranked:
        heads, rows = [*heads[:4], heads[5]], [[*row[:4], row[5]] for row in rows]
    right = [1, 3, 4] if edition.ranked else [1, 3]
    return Table(heads, rows, right=right, caption=said("table_figures", lang, period=when(edition.last, lang)))


def radar(edition: Edition, found: Standing, lang: str, share: float = 0.72) -> Iterator[Block]:
    """The unit's polygon, where there are nodes enough for one; ``share`` is how much of the line it takes."""
    index, unit = edition.index, found.unit
    peers = () if found.profile.peers.units == (unit,) else found.profile.peers.units
    try:
        chart = charts.radar(index, unit, peers, lang, edition.last, axes_of(edition), by="rank")
    except UsageError:
        return
    yield Drawing(lambda: charts.svg(chart), said("radar_said", lang, name=edition.name(unit, lang)), round(share, 2))


def node_table(edition: Edition, found: Standing, lang: str, depth: int) -> Table:
    """The unit at the inner nodes down to a depth: score, rank among how many, percentile, the mean of the units compared with."""
    rows = []
    for line in found.profile.nodes:
        if line.depth > depth or edition.index.framework.nodes[line.code].leaf:
            continue
        rank = "—" if line.rank is None else f"{line.rank}/{line.of}"
        figures = [f"{value:.2f}" if value == value else "—" for value in (line.score, line.peers_mean)]
        share = percentile_text(line.percentile)
        rows.append([edition.label(line.code, lang), figures[0], rank, share, figures[1]])
    heads = [said(key, lang) for key in ("col_node", "score", "col_rank_of", "col_percentile", "col_peers")]
    return Table(heads, rows, right=[1, 2, 3, 4], caption=said("table_nodes", lang, period=when(edition.last, lang)))
