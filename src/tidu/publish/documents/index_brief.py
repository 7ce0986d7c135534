"""An index on one page for a leader: who comes first and how sure that is, what sets the first apart, what can be done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tidu.core.errors import Language
from tidu.core.stats import mean_sd
from tidu.diagnosis.audit.remarks import Finding, remarks
from tidu.diagnosis.geography.verdict import chance_text
from tidu.publish.columns import unit_said
from tidu.publish.documents.brief import below, source_line
from tidu.publish.documents.index_report import TOP, overview, ranks_table
from tidu.publish.documents.page import Heading
from tidu.publish.documents.paper import BRIEF, BRIEF_EN, Block, Drawing, Paper, Points, Small, Tiles, numbered
from tidu.publish.documents.sentences import joined, kind, said, signed
from tidu.publish.edition import Edition
from tidu.publish.standing import measured

#: How many causes and how many actions a brief has, and how many units without a score it names.
CAUSES, ACTIONS, NAMED = 3, 3, 8
#: A slope towards the interior is a cause where chance makes one as steep less often than this.
CHANCE = 0.05


def index_brief(edition: Edition, lang: str) -> Paper:
    """One page on an index for a leader: the first with their ranges, what sets them apart, what can be done, the source."""
    sure = edition.sure.rows(edition.last) if edition.sure is not None and edition.ranked else {}
    tiles = [(str(len(edition.units)), said("tile_units", lang, kind=kind(edition, lang)))]
    if edition.ranked and edition.units:
        tiles.append((edition.name(edition.units[0], lang), said("tile_first", lang)))
    if sure and edition.sure is not None:
        wide = float(np.median([row["worst"] - row["best"] for row in sure.values()]))
        tiles.append((f"{wide:.0f}", said("tile_width", lang)))
        tiles.append((str(len({row["group"] for row in sure.values()})), said("tile_groups", lang)))
    made: list[Block] = [block for block in overview(edition, lang, named=False) if not isinstance(block, Drawing)]
    made += [ranks_table(edition, lang, TOP), *apart(edition, lang), *to_do(edition, lang)]
    made.append(Small(source_line(edition, lang)))
    style = BRIEF if lang == "zh" else BRIEF_EN
    return Paper(said("index_brief_title", lang), below(edition, lang), (Tiles(tiles), *numbered(made, lang)), lang, style)


def apart(edition: Edition, lang: str) -> Iterator[Block]:
    """What sets the first units apart, three points at most: a first-level node, the indicators that differ most, the coast.

    The node is the one that by itself accounts for most of the differences of scores (correlation ratio). Indicators come in
    the order of how many standard deviations the mean score of the first is from that of all. The coast is named where scores
    fall towards the interior and chance makes that seldom (:data:`CHANCE`). It is description, not what made what.
    """
    count = len(edition.units)
    if not edition.ranked or count < 2:
        return
    first = edition.units[: TOP if count >= 2 * TOP else max(1, count // 2)]
    known = {"count": len(first), "kind": kind(edition, lang)}
    head, tail = _node(edition, first, known, lang), _coast(edition, lang)
    found = [*head, *_indicators(edition, first, known, lang, CAUSES - len(head) - len(tail)), *tail]
    if found:
        yield Heading(said("head_apart", lang))
        yield Points(found)


def _node(edition: Edition, first: tuple[str, ...], known: dict[str, object], lang: str) -> list[tuple[str, str]]:
    """The first-level node that alone accounts for most of the differences; nothing where none is measured."""
    seen, index = edition.examined, edition.index
    parts = () if seen is None else seen.importance
    inner = [one for one in parts if one.parent == edition.code and one.main == one.main and one.weight < 1 - 1e-12]
    inner = [one for one in inner if not index.framework.node(one.node).leaf]
    if not inner:
        return []
    best = max(inner, key=lambda one: one.main)
    column = index.scores[:, -1, index.framework.node(best.node).place]
    own = float(mean_sd(column[[index.units.index(unit) for unit in first]])[0])
    means = {"own": f"{own:.1f}", "mean": f"{float(mean_sd(column[index.shown])[0]):.1f}"}
    return [(edition.label(best.node, lang), said("apart_node", lang, share=f"{best.main:.0%}", **means, **known))]


def _indicators(edition: Edition, first: tuple[str, ...], known: dict[str, object], lang: str, most: int) -> list[tuple[str, str]]:
    """The indicators in which the first units are furthest above all, in standard deviations of scores, with mean figures."""
    index, leaves = edition.index, edition.index.framework.leaves
    places, k = [index.units.index(unit) for unit in first], len(leaves)
    scored = np.isin(index.units, edition.units)
    mean, sd = mean_sd(index.scores[scored, -1, :k])
    own = mean_sd(index.scores[places, -1, :k])[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        away = np.where(sd > 0, (own - mean) / sd, np.nan)
    found = []
    for at in [int(at) for at in np.argsort(-np.nan_to_num(away, nan=-np.inf), kind="stable")][:most]:
        if not away[at] > 0:
            break
        unit, column = unit_said(index.framework.table.indicator[leaves[at]].unit or "", lang), index.imputed[:, -1, at]
        figures = [measured(float(mean_sd(column[some])[0]), unit) for some in (places, scored)]
        told = {"own": figures[0], "mean": figures[1], "away": f"{away[at]:.1f}", **known}
        found.append((edition.label(leaves[at], lang), said("apart_indicator", lang, **told)))
    return found


def _coast(edition: Edition, lang: str) -> list[tuple[str, str]]:
    """How scores fall towards the interior, where they do and chance makes that seldom."""
    found = edition.gradients.get(edition.last)
    slope = None if found is None else found.slope(found.root)
    if slope is None or not (slope.line.slope < 0 and slope.line.p < CHANCE):
        return []
    told = said("apart_coast", lang, slope=signed(slope.line.slope), n=slope.line.n, p=chance_text(slope.line.p))
    return [(said("coast_to_interior", lang), told)]


def to_do(edition: Edition, lang: str) -> Iterator[Block]:
    """What those who keep the index can do: the audit's gravest kinds of findings with their remedies, then its gaps in figures.

    Three points at most; a kind that several nodes share is told once, with how many they are.
    """
    tongue: Language = "zh" if lang == "zh" else "en"
    found = remarks(edition.examined) if edition.examined is not None else ()
    kinds: dict[str, list[Finding]] = {}
    for item in found:
        kinds.setdefault(item.code, []).append(item)
    points = []
    for items in list(kinds.values())[: ACTIONS - bool(edition.unscored)]:
        place, what, mend = items[0].parts(tongue)
        more = said("to_do_alike", lang, count=len(items) - 1) if len(items) > 1 else ""
        points.append((place, said("to_do_point", lang, what=what, more=more, mend=mend)))
    if edition.unscored:
        names = joined([edition.name(unit, lang) for unit in edition.unscored[:NAMED]], lang)
        known = {"count": len(edition.unscored), "kind": kind(edition, lang), "names": names}
        points.append((said("to_do_gaps", lang), said("to_do_unscored", lang, **known)))
    if points:
        yield Heading(said("head_to_do", lang))
        yield Points(points)
