"""The report on one unit: where it stands, its profile, causes, targets, then method, sources and audit of the index."""

from __future__ import annotations

from collections.abc import Iterator

from tidu.publish import charts
from tidu.publish.documents.about import audit, method, sources
from tidu.publish.documents.actions import actions
from tidu.publish.documents.brief import against, below, causes, figure_table, node_table, position, radar, source_line
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import OFFICIAL, REPORT_EN, Block, Drawing, Paper, Small, Tiles, numbered
from tidu.publish.documents.sentences import called, first_line, joined, kind, said
from tidu.publish.edition import Edition
from tidu.publish.standing import Standing, standing
from tidu.publish.told import extremes, region, target_said

#: How many causes a report names, and how many bars its waterfall has.
CAUSES, BARS = 6, 12


def city_report(edition: Edition, unit: str, lang: str) -> Paper:
    """The report on a unit in the last period. Raises ``unknown_unit``, ``not_scored``."""
    code = edition.index.panel.unit(unit)
    found = standing(edition, code)
    made: list[Block] = [*overall(edition, found, lang), *profile(edition, found, lang), *why(edition, found, lang)]
    made += [*targets(edition, found, lang), *method(edition, lang), *sources(edition, lang), *audit(edition, lang)]
    made.append(Small(source_line(edition, lang)))
    title = said("city_report_title", lang, name=edition.name(code, lang))
    return Paper(title, below(edition, lang), numbered(made, lang), lang, OFFICIAL if lang == "zh" else REPORT_EN)


def overall(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """Rank, range, ties, change, place in the region, and the line over the periods."""
    yield Heading(said("head_overall", lang))
    many = edition.ranked and len(edition.index.periods) > 1
    told = [block for block in position(edition, found, lang, heading=False) if not isinstance(block, Tiles)]
    yield from (block for block in told if isinstance(block, Text))
    own = region(edition, found, lang) if edition.ranked else None
    if own is not None:
        known = {"region": own["name"], "rank": own["rank"], "of": own["of"], "kind": kind(edition, lang)}
        yield Text(said("region_place", lang, **known))
    if not many:
        yield from (block for block in told if isinstance(block, Drawing))
    else:
        name = edition.name(found.unit, lang)
        drawn = charts.history(edition.index, found.unit, None, lang, edition.sure)
        yield Drawing(lambda: charts.svg(drawn), said("history_said", lang, name=name), 0.95)


def profile(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """Strong and weak indicators, the polygon, the nodes and the figures."""
    yield Heading(said("head_profile", lang))
    marked = (("strong", "no_strong", True, found.profile.strengths), ("weak", "no_weak", False, found.profile.weaknesses))
    for key, none, best, lines in marked:
        names = joined([edition.label(line.code, lang) for line in lines], lang)
        if lines:
            yield Text(said(key, lang, names=names))
            continue
        own = extremes(edition, found, best) if edition.ranked else ()
        told = [said("own_rank", lang, label=edition.label(one.code, lang), rank=one.rank, of=one.of) for one in own]
        more = said("own_highest" if best else "own_lowest", lang, kind=called(edition, lang), names=joined(told, lang))
        yield Text(said(none, lang) + (("" if lang == "zh" else " ") + more if own else ""))
    if edition.ranked:
        yield from radar(edition, found, lang)
        yield node_table(edition, found, lang, depth=2)
    yield figure_table(edition, found, lang)
    yield Small(said("status_note", lang))


def why(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """The largest parts of the gap to the units of like size, and the way from their mean to the score."""
    yield Heading(said("head_why", lang))
    yield from causes(edition, found, lang, CAUSES)
    gap = found.profile.gap
    if gap is not None and edition.ranked and against(edition, found, lang) is not None:
        drawn = charts.waterfall(edition.index, gap, lang, BARS)
        said_of = said("waterfall_said", lang, name=edition.name(found.unit, lang))
        yield Drawing(lambda: charts.svg(drawn), said_of, 0.95)


def targets(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """What five ranks more take, proved by building again; then levers by themselves."""
    yield Heading(said("head_targets", lang))
    if not edition.ranked:
        yield Text(said("no_targets_bands", lang))
    elif found.target is not None:
        told = target_said(edition, found.target, lang)
        yield Text(told["verdict"])
        if told["rows"]:
            rows = [
                [
                    ("；" if lang == "zh" else "; ").join([row["label"], *(one["label"] for one in row["with"])]),
                    f"{row['start']} → {row['end']}",
                    row["unit"],
                    f"{row['column_from']} → {row['column_to']}",
                    row["share"],
                    row["points"].replace("-", "−"),
                ]
                for row in told["rows"]
            ]
            heads = [said(f"col_{key}", lang) for key in ("indicator", "from_to", "unit", "change", "share", "gain")]
            yield Table(heads, rows, right=[1, 3, 4, 5], caption=said("table_plan", lang))
        whys = [row["why"] for row in told["rows"] if row["why"] is not None]
        yield Small(("" if lang == "zh" else " ").join([told["limits"], *whys, told["caveat"]]))
    elif "target" in found.refused:
        yield Text(said("none_of_it", lang, why=first_line(found.refused["target"], lang)))
    else:
        yield Text(said("already_first", lang, name=edition.name(found.unit, lang)))
    yield Heading(said("head_actions", lang), 3)
    yield from actions(edition, found, lang)
