"""What a unit could do: single levers, each by itself and proved by building the index again, and the sentences on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from tidu.core.errors import TiduError
from tidu.core.stats import mean_sd
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.levers import levers
from tidu.diagnosis.movement.moves import Move
from tidu.diagnosis.movement.target import target
from tidu.index.framework import Framework
from tidu.index.permit import policy
from tidu.publish.columns import column_label, column_unit, unit_said
from tidu.publish.documents.page import Text
from tidu.publish.documents.paper import Block, Points, Small
from tidu.publish.documents.sentences import called, difference, joined, said
from tidu.publish.edition import Edition
from tidu.publish.standing import UPWARDS, Standing, measured

#: How many steps a brief has room for.
STEPS = 3


@dataclass(frozen=True)
class Step:
    """One printed column moved by itself, all others still: its indicators, how far, and the rebuilt index's answer.

    ``share`` is the way in shares of what comparable units did in the same time (:func:`tidu.diagnosis.movement.levers.levers`);
    ``reached`` says that the unit stands where it was meant to, ``points`` and ``rank`` are those of the rebuilt index.
    """

    column: str
    codes: tuple[str, ...]
    start: float
    end: float
    share: float
    points: float
    rank: int
    reached: bool


_KEPT: WeakKeyDictionary[Edition, dict[str, tuple[Step, ...]]] = WeakKeyDictionary()


def single_steps(edition: Edition, unit: str, count: int = STEPS) -> tuple[Step, ...]:
    """The least demanding single levers that lead five ranks up, then those that gain most; none where nothing can be planned.

    The first unit is asked for one point more. Indicators that are no levers never move.

    >>> from tidu import app
    >>> found = single_steps(app.edition("city-ip-core", draws=0), "330800")
    >>> len(found), all(step.points > 0 for step in found), "inventions_granted" in {s.column for s in found}
    (3, True, False)
    """
    kept = _KEPT.setdefault(edition, {})
    if unit not in kept:
        kept[unit] = _searched(edition, unit)
    return kept[unit][:count]


def _searched(edition: Edition, unit: str) -> tuple[Step, ...]:
    """Every lever by itself, the best first."""
    index, rank = edition.index, edition.index.rank()[unit]
    if rank is None:
        return ()
    goal: dict[str, float] = {"rank": max(1, rank - UPWARDS)} if rank > 1 else {"score": round(index.score()[unit] + 1.0, 6)}
    found = []
    try:
        known = levers(index, unit)
        for lever in known.levers:
            if any(_let_go(index.framework, code) for code in lever.moves):
                continue
            fixed = [code for code in index.framework.leaves if code not in lever.moves]
            plan = target(index, unit, fixed=fixed, among=known.peers, **goal)  # type: ignore[arg-type]
            if plan.moves:
                moved = plan.moves[0]
                ends = (moved.column_from, moved.column_to)
                gained = plan.score - plan.before_score
                found.append(Step(lever.column, tuple(lever.moves), *ends, plan.largest, gained, plan.rank, plan.reachable))
    except TiduError:
        return ()
    found.sort(key=lambda step: (not step.reached, step.share if step.reached else -step.points, step.column))
    return tuple(found)


def _let_go(framework: Framework, code: str) -> bool:
    """Whether an indicator counts filings or grants and the file lets it go all the same: no paper proposes it."""
    return framework.permits[code].remark == "count_let_go"


def plain_moves(found: Standing, count: int = STEPS) -> tuple[Move, ...]:
    """The levers that pass the next unit by the smallest share of the figures' range, then those with most room."""
    order = sorted(
        (move for move in found.moves if move.lever and (move.room > 0 or move.step_to_pass is not None)),
        key=lambda move: (move.step_share is None, move.step_share or 0.0, -move.room, move.code),
    )
    return tuple(order[:count])


def own_figures(edition: Edition, found: Standing, code: str, lang: str) -> dict[str, str]:
    """An indicator's figure after filling and the mean of the units compared with, each with its unit."""
    index = edition.index
    k, unit = index.framework.node(code).place, unit_said(index.framework.table.indicator[code].unit or "", lang)
    around = index.imputed[[index.units.index(name) for name in found.profile.peers.units], -1, k]
    own = float(index.imputed[index.units.index(found.unit), -1, k])
    return {"value": measured(own, unit), "mean": measured(float(mean_sd(around)[0]), unit)}


def actions(edition: Edition, found: Standing, lang: str) -> Iterator[Block]:
    """Up to three levers, each by itself; what is only measured is named and never proposed."""
    framework = edition.index.framework
    steps = single_steps(edition, found.unit) if edition.ranked else ()
    plain = (
        () if steps else tuple(move for move in plain_moves(found, len(found.moves)) if not _let_go(framework, move.code))[:STEPS]
    )
    if steps:
        rank = edition.index.rank()[found.unit] or 1
        aim, reach = max(1, rank - UPWARDS), all(step.reached for step in steps)
        key = "actions_first" if rank == 1 else "actions_pass" if reach else "actions_gain"
        yield Text(said(key, lang, rank=rank, aim=aim, kind=called(edition, lang)))
        yield Points([_step_said(edition, step, lang) for step in steps])
    elif plain:
        yield from _plain_said(edition, found, plain, lang)
    else:
        yield Text(said("actions_none", lang))
    held = [code for code, permit in framework.permits.items() if permit.said and not permit.free]
    names = joined([edition.label(code, lang) for code in held], lang)
    rule, *told = reminder(framework, lang, short=True)
    rule = said("actions_held", lang, names=names, policy=policy(lang, short=True)) if held else rule
    yield Small(("" if lang == "zh" else " ").join([rule, *told, said("actions_caveat", lang)]))


def _step_said(edition: Edition, step: Step, lang: str) -> tuple[str, str]:
    """A step as a point: its indicators, then the column from where to where and what comes of it."""
    unit = column_unit(edition, step.column, lang)
    known = {
        "column": column_label(edition, step.column, lang),
        "column_from": measured(step.start, unit),
        "column_to": measured(step.end, unit),
        "verb": said("up_to" if step.end >= step.start else "down_to", lang),
        "change": difference(step.end - step.start, unit, lang),
        "points": f"{step.points:.2f}",
        "rank": step.rank,
        "kind": called(edition, lang),
    }
    lead = ("、" if lang == "zh" else "; ").join(edition.label(code, lang) for code in step.codes)
    key = "action_short" if step.share > 1.0 - 1e-6 else "action"
    return lead, said(key, lang, share=f"{step.share:.0%}", **known)


def _plain_said(edition: Edition, found: Standing, plain: Sequence[Move], lang: str) -> Iterator[Block]:
    """Levers where nothing can be planned: what passes the next unit, all else still, or how much room there is."""
    passed = [move for move in plain if move.step_to_pass is not None] if edition.ranked else []
    if edition.ranked:
        ahead = edition.name(found.ahead, lang) if found.ahead else ""
        yield Text(said("actions_slope", lang, ahead=ahead) if passed else said("actions_room", lang))
    rows = []
    for move in passed or plain:
        codes = [move.code, *(one.code for one in move.fed if one.code != move.code)]
        label = ("、" if lang == "zh" else "; ").join(edition.label(one, lang) for one in codes)
        unit = unit_said(move.unit or "", lang)
        value, step = measured(move.value, unit), move.step_to_pass
        if not edition.ranked:
            rows.append((label, said("action_class", lang, **own_figures(edition, found, move.code, lang))))
        elif step is None:
            rows.append((label, said("action_room", lang, value=value, room=f"{move.room:.2f}")))
        else:
            known = {"value": value, "to": measured(move.value + step, unit), "change": difference(step, unit, lang)}
            verb, share = said("up_to" if step >= 0 else "down_to", lang), f"{move.step_share or 0:.1%}"
            rows.append((label, said("action_step", lang, verb=verb, share=share, kind=called(edition, lang), **known)))
    yield Points(rows)
