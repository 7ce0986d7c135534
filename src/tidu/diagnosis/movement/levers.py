"""What a unit could move and how far: the printed columns behind its indicators, each with what comparable units achieved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.diagnosis.explanation.contribution import Period
from tidu.diagnosis.explanation.peers import Peers, peers
from tidu.diagnosis.movement.reach import observed_limit
from tidu.index.columns import IMPUTED, needed, raw
from tidu.index.context import Context, earlier
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: Fewer observed changes than these among the peers, and those of all shown units are taken.
FEW = 10
#: How many peers are taken where they are chosen by size.
NEAR = 30
#: How many peers a unit is set beside where nobody names them.
ALIKE = 10
#: Why an indicator is held: ``data/words.toml`` says it in both languages.
HELD = ("no_lever", "count", "fixed", "no_figure", "no_history", "no_room", "shared", "conflict")


@dataclass(frozen=True)
class Room:
    """How far an indicator may move for the better, in its own unit: the stated quantile of ``seen`` observed changes.

    ``how`` is ``ratio`` or ``difference``; ``among`` is ``peers``, or ``all`` where too few peers had figures. Both are
    ``given`` where the limit was given by hand, and nothing was seen.
    """

    code: str
    figure: float
    limit: float
    seen: int
    how: str
    among: str


@dataclass(frozen=True)
class Lever:
    """A printed column that can be moved: its value, how far (with sign), and what one unit of it does to each indicator."""

    column: str
    value: float
    limit: float
    moves: Mapping[str, float]


@dataclass(frozen=True)
class Levers:
    """All that a unit can move, in what time, measured on whom; ``held`` is indicator → why it stays.

    Both ends of ``window`` are the period itself where limits were given by hand and the data reach no further back.
    """

    levers: tuple[Lever, ...]
    rooms: Mapping[str, Room]
    held: Mapping[str, str]
    peers: Peers
    window: tuple[str, str]


def forbidden(framework: Framework, code: str) -> str | None:
    r"""Why an indicator is never a target nor advice: ``no_lever`` as the file says so, ``count`` as it counts filings or grants.

    >>> text = '[index]\ncode="d"\n[indicator.patents_granted]\nbetter="higher"\n[indicator.deals]\nbetter="higher"'
    >>> framework = Framework.parse(text)
    >>> [forbidden(framework, code) for code in framework.leaves]
    ['count', None]
    """
    permit = framework.permits[code]
    return None if permit.free else "no_lever" if permit.remark is None else "count"


def comparable(index: Index, unit: str, period: Period = None, count: int = NEAR) -> Peers:
    """The units nearest in size: in the logarithms of what the levers' figures are divided by; all units where nothing is.

    Raises ``unknown_unit``, ``unknown_period``, ``no_peers``.
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    found: dict[str, None] = {}
    for code in index.framework.leaves:
        item = index.framework.table.indicator[code]
        if item.per is not None and index.framework.permits[code].free and index.column(item.per)[u, t] > 0:
            found[item.per] = None
    if not found:
        return peers(index, unit, period)
    return peers(index, unit, period, by=tuple(found), count=count, logs=True)


def alike(index: Index, unit: str, period: Period = None, count: int = ALIKE) -> Peers:
    """The peers that a unit is set beside where nobody names them: the nearest in size, all others where nothing tells the size.

    Raises ``unknown_unit``, ``unknown_period``, ``no_others``.

    >>> from tidu.app import make
    >>> found = alike(make("city-ip-core"), "泰州")
    >>> found.how, len(found.units), found.by
    ('nearest', 10, ('residents', 'gdp', 'budget_expenditure'))
    """
    try:
        return comparable(index, unit, period, count)
    except UsageError as error:
        if error.code not in ("no_figure_for_peers", "no_peers"):
            raise
        return peers(index, unit, period)


def levers(
    index: Index,
    unit: str,
    period: Period = None,
    *,
    fixed: Sequence[str] = (),
    quantile: float = 0.9,
    years: int | None = None,
    among: Peers | None = None,
    limits: Mapping[str, float] | None = None,
) -> Levers:
    """What a unit could move in so many years, each limit a quantile of what comparable units did in that time.

    Without ``years`` two, or one where the figures do not go back so far.

    A column is a lever when a step of it moves figures of indicators only that may be moved, in proportion and all for the better
    or all for the worse. Denominators are never moved. An indicator with ``lever = false``, and one that counts filings or grants
    of which the file says nothing (``count``), is held, whatever is asked, and so is a column that moves one. Figures that were
    filled are no observed changes. Years are quarters or months where the periods are. ``limits`` gives indicators a limit by
    hand, in their own unit, above zero: how far they may move for the better; then data of one period will do, where all others
    are held. Raises ``unknown_node``, ``target_quantile``, ``target_years``, ``target_limit``, ``target_limit_held``,
    ``target_no_window``.

    >>> from tidu.app import make
    >>> found = levers(make("city-ip-core"), "泰州")
    >>> found.held["inventions_granted"], found.window
    ('no_lever', ('2021', '2023'))
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    framework, panel = index.framework, index.panel
    limits = limits or {}
    for code in (*fixed, *limits):
        if code not in framework.leaves:
            raise UsageError(
                "unknown_node", name=code, known=listing(framework.leaves), did_you_mean=nearest(code, framework.leaves)
            )
    if not 0 < quantile < 1:
        raise UsageError("target_quantile", value=f"{quantile:g}")
    label = index.periods[t]
    now = panel.periods.index(label)
    if years is None:
        years = next((span for span in (2, 1) if earlier(panel.periods, span)[1][now]), 2)
    if years < 1:
        raise UsageError("target_years", value=years)
    places, there = earlier(panel.periods, years)
    for code, value in limits.items():
        if not (np.isfinite(value) and value > 0):
            raise UsageError("target_limit", text=f"{code}={value:g}")
    if not there[now] and not limits:
        raise UsageError("target_no_window", years=years, period=label, known=listing(panel.periods))
    start = int(places[now]) if there[now] else now
    among = among or comparable(index, unit, period)
    leaves = framework.leaves
    held = {code: why for code, why in ((code, forbidden(framework, code)) for code in leaves) if why is not None}
    barred = [code for code in limits if code in held]
    if barred:
        raise UsageError("target_limit_held", names=listing(barred))
    held |= {code: "fixed" for code in fixed if code not in held}
    live = [code for k, code in enumerate(leaves) if index.live[t, k]]
    rooms: dict[str, Room] = {}
    figures, observed = _figures(framework, panel)
    before, after = observed[:, start] if there[now] else np.full_like(observed[:, now], np.nan), observed[:, now]
    for code in live:
        k = leaves.index(code)
        own = float(figures[u, now, k])
        if code in held:
            continue
        if np.isnan(own) or np.isnan(index.normalised[u, t, k]):
            held[code] = "no_figure"
            continue
        if code in limits:
            rooms[code] = Room(code, own, float(limits[code]), 0, "given", "given")
            continue
        direction = 1.0 if framework.table.indicator[code].better == "higher" else -1.0
        rows = np.array([index.units.index(name) for name in among.units])
        limit, seen, how = observed_limit(before[rows, k], after[rows, k], own, direction, quantile)
        who = "peers" if among.how != "universe" else "all"
        if seen < FEW and who == "peers":
            shown = index.shown.copy()
            shown[u] = False
            limit, seen, how = observed_limit(before[shown, k], after[shown, k], own, direction, quantile)
            who = "all"
        if seen == 0:
            held[code] = "no_history"
            continue
        rooms[code] = Room(code, own, limit, seen, how, who)
        if not limit > 0:
            held[code] = "no_room"
    found = _levers(index, u, now, figures[u, now], {code: rooms[code] for code in rooms if code not in held}, held)
    moved = {code for lever in found for code in lever.moves}
    rooms |= _to_zero(found, rooms)
    held |= {code: "shared" for code in live if code not in held and code not in moved}
    return Levers(tuple(found), {c: r for c, r in rooms.items() if c in moved}, held, among, (panel.periods[start], label))


def _figures(framework: Framework, panel: Panel) -> tuple[Array, Array]:
    """Every figure of every period of a panel, and those alone that were not filled, each (units, periods, indicators)."""
    around = Context(units=panel.units, periods=panel.periods, codes=framework.leaves, groups=panel.groups)
    made = raw(framework, panel, around, np.zeros(panel.values.shape[:2], dtype=bool))
    observed = np.where(made.grades == IMPUTED, np.nan, made.values)
    for k, code in enumerate(framework.leaves):
        asked = framework.table.indicator[code].years
        if asked is not None:
            observed[:, ~np.isin(panel.periods, asked), k] = np.nan
    return made.values, observed


def _levers(index: Index, u: int, now: int, own: Array, rooms: Mapping[str, Room], held: dict[str, str]) -> list[Lever]:
    """The columns that move figures with room only, each with its limit; says in ``held`` where directions are at odds."""
    framework, panel = index.framework, index.panel
    leaves = framework.leaves
    asked = [k for k, code in enumerate(leaves) if index.live[index.periods.index(panel.periods[now]), k]]
    found = []
    for name, value, slopes in _slopes(index, u, now):
        scale = np.maximum(np.abs(own), 1e-12) / max(abs(value), 1e-12)
        even = np.abs(slopes[0] - slopes[1]) <= 1e-7 * np.maximum(scale, np.abs(slopes[1]))
        moved = [k for k in asked if not (np.abs(slopes[0][k]) <= 1e-10 * scale[k] and even[k])]
        if not moved or any(leaves[k] not in rooms for k in moved) or not all(even[k] for k in moved):
            continue
        moves = {leaves[k]: float(slopes[1][k]) for k in moved}
        better = [1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in moves]
        signs = {float(np.sign(slope) * way) for slope, way in zip(moves.values(), better, strict=True)}
        if len(signs) > 1:
            held |= dict.fromkeys(moves, "conflict")
            continue
        sign = signs.pop()
        limit = min(rooms[code].limit / abs(slope) for code, slope in moves.items())
        if sign < 0 <= value:
            limit = min(limit, value)
        if limit > 0:
            found.append(Lever(name, value, sign * limit, moves))
    return found


@lru_cache(maxsize=8)
def _slopes(index: Index, u: int, now: int) -> list[tuple[str, float, list[Array]]]:
    """Each column that indicators are made of, its value, and what one more of it adds to each figure at two distances."""
    framework, panel = index.framework, index.panel
    unit, period = panel.units[u], panel.periods[now]
    own = _figures(framework, panel)[0][u, now]
    found = []
    for name in panel.columns:
        if name not in needed(framework):
            continue
        value = float(index.column(name)[u, index.periods.index(period)])
        if np.isnan(value):
            continue
        step = 0.01 * abs(value) or 1.0
        slopes = []
        for times in (1.0, 40.0):
            there, _ = _figures(framework, with_cells(panel, unit, period, {name: value + times * step}))
            slopes.append((there[u, now] - own) / (times * step))
        found.append((name, value, slopes))
    return found


def _to_zero(found: Sequence[Lever], rooms: Mapping[str, Room]) -> dict[str, Room]:
    """The rooms of indicators whose columns end at zero, no further than the columns lead."""
    ended = {code for lever in found if lever.limit < 0 and lever.limit == -lever.value for code in lever.moves}
    led = {code: sum(abs(lever.moves.get(code, 0.0) * lever.limit) for lever in found) for code in ended}
    return {code: replace(rooms[code], limit=min(rooms[code].limit, led[code])) for code in ended}


def with_cells(panel: Panel, unit: str, period: str, cells: Mapping[str, float], letter: str = "E") -> Panel:
    """The panel with figures of one unit and period put in, each with a status letter."""
    values, status = panel.values.copy(), panel.letters().copy()
    u, t = panel.units.index(unit), panel.periods.index(period)
    for name, value in cells.items():
        values[u, t, panel.position(name)], status[u, t, panel.position(name)] = value, letter
    return replace(panel, values=values, status=status)


def on_trend(panel: Panel, framework: Framework, keep: str, period: str, start: str, shown: Sequence[str]) -> Panel:
    r"""The panel with every other unit's figures of a period moved on by its own observed ratio since ``start``.

    Only figures above zero at both ends move; a ratio outside the 5th to 95th percentile of the shown units is drawn in to
    it, so that one jump from next to nothing is not carried on. Status F (forecast).

    >>> panel = Panel.of(["a", "b"], ["2021", "2023"], ["x"], [[[1.0], [2.0]], [[10.0], [15.0]]])
    >>> framework = Framework.parse('[index]\ncode="d"\n[indicator.x]\nbetter="higher"')
    >>> on_trend(panel, framework, "a", "2023", "2021", ["a", "b"]).column("x")[:, 1].round(9).tolist()
    [2.0, 22.875]
    """
    t, s = panel.periods.index(period), panel.periods.index(start)
    values, status = panel.values.copy(), panel.letters().copy()
    others = np.array([name != keep for name in panel.units])
    seen = np.isin(panel.units, list(shown))
    for name in needed(framework):
        if name not in panel.columns:
            continue
        k = panel.position(name)
        now, then = panel.values[:, t, k], panel.values[:, s, k]
        able = (now > 0) & (then > 0)
        ratio = np.divide(now, then, out=np.ones_like(now), where=able)
        if not (able & seen).any():
            continue
        low, high = np.quantile(ratio[able & seen], [0.05, 0.95])
        able &= others
        values[able, t, k] = now[able] * np.clip(ratio[able], low, high)
        status[able, t, k] = "F"
    return replace(panel, values=values, status=status)
