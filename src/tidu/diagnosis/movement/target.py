"""What a target takes: the least demanding set of changes that reaches a rank or a score, proved by building the index again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import MethodError, TiduError, UsageError, listing
from tidu.diagnosis.explanation.contribution import Period, scored_place
from tidu.diagnosis.explanation.peers import Peers
from tidu.diagnosis.movement.foreseen import Move
from tidu.diagnosis.movement.goal import Goal, rank_of
from tidu.diagnosis.movement.levers import levers, on_trend
from tidu.diagnosis.movement.plan import Round, Search
from tidu.diagnosis.movement.reach import Bend
from tidu.diagnosis.movement.refit import rebuilt
from tidu.index.build import build
from tidu.index.intervals import intervals, same_figures
from tidu.index.result import Index

#: Means whose scores are summed as powers; powers further from nought than this leave too little of a small score.
_POWERS, POWER = {"harmonic": -1.0}, 4.0


@dataclass(frozen=True)
class Target:
    """What it takes to reach a target, or how far all levers together lead.

    ``reachable`` says that a rebuilt index has the unit at the target; then ``score`` and ``rank`` are those of the plan, else
    those of all levers at their limits, the best attainable. ``method`` and ``exact`` are those of
    :func:`~tidu.diagnosis.movement.reach.least_effort`, exact under today's bounds. ``effort`` is the sum of the shares of the
    limits, column by column, ``largest`` the largest share. ``remainder`` is what the score gains or loses because bounds,
    treatment or weights moved. ``chance`` is the share of specification points (方法设定占比) at which the unit has
    ``of_rank`` or better after the plan, ``chance_before`` before it: no chance in the world.
    """

    unit: str
    period: str
    wanted_rank: int | None
    wanted_score: float | None
    reachable: bool
    already: bool
    before_score: float
    before_rank: int
    start_score: float
    start_rank: int
    score: float
    rank: int
    effort: float
    largest: float
    moves: tuple[Move, ...]
    remainder: float
    method: str
    exact: bool
    tried: int
    rounds: tuple[Round, ...]
    held: Mapping[str, str]
    peers: Peers
    window: tuple[str, str]
    quantile: float
    others: str
    of_rank: int
    chance: float | None
    chance_before: float | None
    draws: int


def target(
    index: Index,
    unit: str,
    *,
    rank: int | None = None,
    score: float | None = None,
    period: Period = None,
    fixed: Sequence[str] = (),
    quantile: float = 0.9,
    years: int | None = None,
    among: Peers | None = None,
    others: str = "still",
    effort: str = "sum",
    draws: int = 0,
    seed: int = 0,
    limits: Mapping[str, float] | None = None,
) -> Target:
    """The least demanding set of changes that brings a unit to a rank or a score, or the best attainable where nothing does.

    Each indicator moves for the better by no more than the ``quantile`` of the changes that comparable units (``among``, else
    :func:`~.levers.comparable`) achieved in ``years`` periods (two, or one where the figures do not go back so far), or than
    its limit by hand in ``limits``; ``fixed`` ones and those that are no levers (``lever = false``, counts of filings and
    grants) stay. Effort is the share of a column's limit, summed (``sum``), or the largest share (``max``). A score is planned
    under today's parameters, where min–max gives no more than the best figure of today has; then the whole index is built
    again. Where bounds moved and it falls short, or reaches too far, the score aimed at is mended by what is lacking or over,
    at most :data:`~.plan.ROUNDS` times, and the least demanding plan that was borne out is kept. Where the unit's own figures
    move bounds, treatment or those of others, a second program follows what they do to its lead over the unit at the rank
    (:mod:`~.rival`), and plans near the best are tried on the index fitted again (:mod:`~.polish`); one that no program proves
    is trimmed change by change (:mod:`~.trim`). ``others`` are ``still`` or move on by their ``trend``
    (:func:`~.levers.on_trend`); the unit itself moves by the plan only. ``draws`` specification points tell the chances; the
    assumed factors stand in where the file names none.

    Raises ``target_one_of_two``, ``target_rank_range``, ``target_not_shown``, ``target_set`` where a join looks at all units
    together, ``target_choice``, ``not_scored``, and what :func:`tidu.diagnosis.movement.levers.levers` raises.

    >>> from tidu.app import make
    >>> found = target(make("city-ip-core"), "泰州", rank=60)
    >>> found.reachable, found.before_rank, found.rank, found.method, found.exact
    (True, 62, 60, 'linear', True)
    """
    if (rank is None) == (score is None) or (score is not None and np.isnan(score)):
        raise UsageError("target_one_of_two")
    for key, value, known in (("others", others, ("still", "trend")), ("effort", effort, ("sum", "max"))):
        if value not in known:
            raise UsageError("target_choice", key=key, value=value, known=listing(known))
    index = _whole(index)
    t = index.period(period)
    root = index.framework.code
    u = scored_place(index, unit, t, root)
    code = index.units[u]
    if np.isnan(index.ranks[u, t, -1]):
        raise UsageError("target_not_shown", name=code)
    count = index.scored(index.periods[t])
    if rank is not None and not 1 <= rank <= count:
        raise UsageError("target_rank_range", value=rank, count=count)
    kind, bend = _kind(index, t, u)
    found = levers(index, code, index.periods[t], fixed=fixed, quantile=quantile, years=years, among=among, limits=limits)
    start = index
    if others == "trend" and found.window[0] == found.window[1]:
        raise UsageError("target_no_window", years=years or 2, period=index.periods[t], known=listing(index.panel.periods))
    if others == "trend":
        shown = [name for k, name in enumerate(index.units) if index.shown[k]]
        start = rebuilt(index, on_trend(index.panel, index.framework, code, index.periods[t], found.window[0], shown))
    goal = Goal(u, t, rank, score)
    run = Search(start, goal, found, kind, effort, seed, bend)
    made = run.plan()
    best = rank_of(made.index, u, t)
    aimed_rank = rank if rank is not None else best
    chance = chance_before = None
    if draws:
        chance, points = _chance(made.index, u, t, aimed_rank, draws, seed)
        chance_before, _ = _chance(start, u, t, aimed_rank, draws, seed) if made.index is not start else (chance, points)
        draws = points
    else:
        draws = 0
    return Target(
        unit=code,
        period=index.periods[t],
        wanted_rank=rank,
        wanted_score=score,
        reachable=goal.met(made.index),
        already=made.index is start and goal.met(start),
        before_score=float(index.scores[u, t, -1]),
        before_rank=rank_of(index, u, t),
        start_score=float(start.scores[u, t, -1]),
        start_rank=rank_of(start, u, t),
        score=float(made.index.scores[u, t, -1]),
        rank=best,
        effort=float(made.shares.sum()),
        largest=float(made.shares.max(initial=0.0)),
        moves=run.moves(made),
        remainder=float(made.index.scores[u, t, -1]) - run.ahead.score(made.shares),
        method=made.method,
        exact=made.exact,
        tried=run.tried,
        rounds=tuple(run.rounds),
        held=found.held,
        peers=found.peers,
        window=found.window,
        quantile=quantile,
        others=others,
        of_rank=aimed_rank,
        chance=chance,
        chance_before=chance_before,
        draws=draws,
    )


# --- the index -----------------------------------------------------------------------------------------------------------


def _whole(index: Index) -> Index:
    """The index of all the file's years, where this one shows some of them only."""
    frozen = index.frozen
    if frozen.framework is not index.framework and same_figures(frozen.panel, index.panel):
        return build(frozen.framework, index.panel)
    return index


def _kind(index: Index, t: int, u: int) -> tuple[str, Bend]:
    """Whether the way up the tree is ``linear``, a mean of one ``power``, ``concave`` or ``other``, and the power.

    Raises ``target_set``.
    """
    kinds, powers = set(), set()
    for join in index.joins:
        if index.periods[t] not in join.periods:
            continue
        choice = index.framework.choice("aggregate", join.node)
        method, traits = choice.method.name, choice.method.traits
        if "set" in traits:
            raise MethodError("target_set", address=choice.address, method=method, node=join.node)
        if len(join.children) == 1 and ("linear" in traits or "log_linear" in traits or method == "harmonic"):
            continue
        power = 1.0 if "linear" in traits else 0.0 if "log_linear" in traits else _POWERS.get(method)
        power = choice.options.get("p") if method == "power_mean" else power
        powers.add(power)
        kinds.add("other" if (power is None and method != "mean_min") or (power is not None and power > 1.0) else "concave")
    power = powers.pop() if len(powers) == 1 else 1.0 if not powers else None
    if power == 1.0:
        return "linear", Bend()
    own = index.normalised[u, t]
    if power is not None and abs(power) <= POWER and bool((own[~np.isnan(own)] > 0).all()):
        return "power", Bend(power)
    return "other" if "other" in kinds else "concave", Bend()


def _chance(index: Index, u: int, t: int, rank: int, draws: int, seed: int) -> tuple[float | None, int]:
    """The share of specification points at which a unit has a rank or a better one, and how many points there were."""
    try:
        found = intervals(index, draws=draws, seed=seed).found
    except TiduError:
        return None, 0
    ranks = found.ranks[found.place(index.periods[t])][:, u]
    return float(np.mean((ranks > 0) & (ranks <= rank))), found.draws
