"""What is known of a unit, in the words and rows that pages and documents share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.explanation.profile import NodeLine
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.foreseen import Move
from tidu.diagnosis.movement.target import Target
from tidu.publish.charts.radar import AXES
from tidu.publish.columns import column_label, unit_said
from tidu.publish.edition import Edition
from tidu.publish.standing import Standing, amount, measured

#: So many axes a polygon has at most.
MOST = 12


def axes_of(edition: Edition) -> tuple[str, ...]:
    """The nodes that a polygon of a unit has as axes: the first level of the tree with three to twelve nodes that says most.

    >>> from tidu import app
    >>> len(axes_of(app.edition("city-ip-core", draws=0)))
    9
    """
    framework = edition.index.framework
    levels = sorted({node.depth for node in framework.nodes.values()} - {0})
    counted = [tuple(node.code for node in framework.nodes.values() if node.depth == depth) for depth in levels]
    able = [level for level in (*counted, framework.leaves) if AXES <= len(level) <= MOST]
    return max(able, key=len) if able else framework.leaves[:MOST]


def extremes(edition: Edition, found: Standing, best: bool, count: int = 3) -> tuple[NodeLine, ...]:
    """The indicators in which a unit stands highest, or lowest, among all units, the outermost first, whether significant or not.

    ``count`` at most, and never more than half of the indicators, so that none is among both.

    >>> from tidu import app
    >>> from tidu.publish.standing import standing
    >>> one = app.edition("city-ip-core", draws=0)
    >>> [(line.code, line.rank) for line in extremes(one, standing(one, "330800"), best=False)][:2]
    [('hei_students', 243), ('hei_students_per_10k', 238)]
    """
    known = [line for line in found.profile.nodes if line.percentile == line.percentile]
    leaves = [line for line in known if edition.index.framework.nodes[line.code].leaf]
    ordered = sorted(leaves, key=lambda line: -line.percentile if best else line.percentile)
    return tuple(ordered[: min(count, len(leaves) // 2)])


def region(edition: Edition, found: Standing, lang: str) -> dict[str, Any] | None:
    """A unit's place in its region: the region's name, its rank there, and the units next to it; nothing without a region."""
    if not found.by_region or len(found.region) < 2:
        return None
    index, at = edition.index, found.region.index(found.unit)
    names = index.panel.groups.get(f"{found.by_region}_{lang}")
    name = (names or index.panel.groups[found.by_region])[index.units.index(found.unit)]
    first = max(0, min(at - 2, len(found.region) - 5))
    return {"name": name, "rank": at + 1, "of": len(found.region), "near": found.region[first : first + 5], "first": first + 1}


def by_column(moves: Sequence[Move]) -> list[list[Move]]:
    """The moves of a plan by the printed column that carries them, each column's most demanding first, in the order of the plan.

    >>> from tidu import app
    >>> from tidu.diagnosis.movement.target import target
    >>> found = target(app.make("city-ip-core"), "330800", rank=61)
    >>> [[move.code for move in one] for one in by_column(found.moves)]
    [['sci_expenditure_share', 'sci_expenditure']]
    """
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(move.column, []).append(move)
    return [sorted(one, key=lambda move: -move.share) for one in found.values()]


def _way(move: Move, lang: str) -> str:
    """From where to where an indicator moves, with its unit."""
    unit = unit_said(move.unit or "", lang)
    return f"{measured(move.start, unit)} → {measured(move.end, unit)}"


def _why(moves: Sequence[Move], lang: Language) -> str | None:
    """Why a column of a plan that shows no points is in it; nothing where it shows some."""
    move = next((one for one in moves if one.why not in (None, "along")), None)
    if move is None or any(one.why is None for one in moves):
        return None
    return word(f"plan_why_{move.why}", lang, names=move.label.get(lang, move.code))


def target_said(edition: Edition, found: Target, lang: str) -> dict[str, Any]:
    """A target in words and rows: the verdict, what moves from where to where, on what limits; the caveat that goes with it.

    A printed column is one row, that of its most demanding indicator (:func:`by_column`): limit and share are of this one, ``with``
    are the others that the column moves, ``points`` those of all.

    >>> from tidu import app
    >>> from tidu.diagnosis.movement.target import target
    >>> one = app.edition("city-ip-core", draws=0)
    >>> target_said(one, target(one.index, "330800", rank=61), "en")["verdict"][:24]
    'Quzhou can reach rank 61'
    """
    tongue: Language = "zh" if lang == "zh" else "en"
    join = "、" if lang == "zh" else ", "
    goal = (
        word("goal_rank", tongue, rank=found.wanted_rank)
        if found.wanted_rank is not None
        else word("goal_score", tongue, score=f"{found.wanted_score:g}")
    )
    start = {"before": found.before_rank, "rank": found.start_rank}
    stand = (
        word("stand_trend", tongue, start=f"{found.start_score:.2f}", **start)
        if found.others == "trend"
        else word("stand_now", tongue, start=f"{found.before_score:.2f}", **start)
    )
    reached = "target_reached" if found.exact else "target_reached_approximately"
    missed = "target_no_levers" if not found.moves else "target_unreachable" if found.exact else "target_not_found"
    known: Mapping[bool, str] = {True: reached, False: missed}
    said = {"name": edition.name(found.unit, lang), "goal": goal, "stand": stand, "rank": found.rank, "count": len(found.moves)}
    said |= {"tried": found.tried, "columns": len(by_column(found.moves))}
    verdict = word("target_already" if found.already else known[found.reachable], tongue, score=f"{found.score:.2f}", **said)
    how = {"nearest": "peers_by_size", "group": "peers_by_group"}.get(found.peers.how, "peers_all")
    names = join.join(edition.name(unit, lang) for unit in found.peers.units[:6]) + (" …" if len(found.peers.units) > 6 else "")
    limits = word(
        "target_limits",
        tongue,
        quantile=f"{found.quantile:g}",
        window="–".join(found.window),
        count=len(found.peers.units),
        how=word(how, tongue, by=join.join(column_label(edition, name, lang) for name in found.peers.by)),
        names=names,
    )
    rows = [
        {
            "why": _why([move, *others], tongue),
            "code": move.code,
            "lever": move.lever,
            "label": move.label.get(lang, move.code),
            "start": amount(move.start),
            "end": amount(move.end),
            "limit": amount(move.limit),
            "unit": unit_said(move.unit or "", lang),
            "way": _way(move, lang),
            "share": f"{move.share:.0%}",
            "points": f"{sum(one.points for one in (move, *others)):+.2f}",
            "column": column_label(edition, move.column, lang),
            "column_from": amount(move.column_from),
            "column_to": amount(move.column_to),
            "with": [{"code": one.code, "label": one.label.get(lang, one.code), "way": _way(one, lang)} for one in others],
        }
        for move, *others in by_column(found.moves)
    ]
    return {
        "reachable": found.reachable,
        "verdict": verdict,
        "limits": limits,
        "rows": rows,
        "caveat": word("target_caveat", tongue),
        "reminder": reminder(edition.index.framework, lang),
    }
