"""Plan targets against time: how far, how far it should be by now, and what is needed a year from here (时序进度)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import UsageError
from tidu.diagnosis.explanation.contribution import Period
from tidu.index.context import time_of
from tidu.index.result import Index

METHOD = "progress_against_time"
#: Where a target stands: not begun, reached, on schedule (or ahead), behind, missed (the time is over).
STATES = ("not_begun", "reached", "on_schedule", "behind", "missed")


@dataclass(frozen=True)
class Progress:
    """A unit's plan target in a period, in the indicator's own ``measure``.

    ``done`` is the share of the way from ``baseline`` to ``target`` that is behind it, below zero where it went the wrong way;
    ``gone`` the share of the time; ``expected`` the figure that is just on schedule; ``state`` one of :data:`STATES`. ``pace``
    is the change a year so far, missing before the time has begun; ``needed`` the change a year from here to the end, and
    ``needed_growth`` the same as compound growth (0.05 = 5 % a year), neither given once the target is reached or the time is
    over, growth only between figures above zero; ``at_this_pace`` the figure at the end if each year goes as the mean year so
    far, an assumption and no forecast. ``lever`` is false where the indicator is no lever: how far the plan's own target is
    reached is shown, what would be needed is not.
    """

    unit: str
    code: str
    period: str
    start: str
    end: str
    baseline: float
    target: float
    actual: float
    status: str
    measure: str | None
    lever: bool
    done: float
    gone: float
    expected: float
    state: str
    pace: float | None
    needed: float | None
    needed_growth: float | None
    at_this_pace: float | None


def progress(index: Index, unit: str | None = None, period: Period = None) -> tuple[Progress, ...]:
    """Every target of an index that is scored by ``progress_against_time``, for one unit or all that are shown.

    Time runs from the period ``start`` to the period ``end``, as the method counts it; figures are those after imputation and
    before treatment. Units without a figure are left out. Raises ``no_time_targets``, ``unknown_unit``, ``unknown_period``.

    >>> from tidu.index.build import build
    >>> from tidu.index.framework import Framework
    >>> from tidu.indicators.panel import Panel
    >>> framework = Framework.of({
    ...     "index": {"code": "plan"},
    ...     "normalise": {"method": METHOD, "baseline": 6.0, "target": 12.0, "start": "2020", "end": "2025"},
    ...     "indicator": {"a": {"better": "higher"}},
    ... })
    >>> found = progress(build(framework, Panel.of(["x"], ["2022"], ["a"], [[[9.0]]])))[0]
    >>> found.state, found.done, found.gone, found.expected, found.pace, found.needed
    ('on_schedule', 0.5, 0.4, 8.4, 1.5, 1.0)
    """
    t = index.period(period)
    codes = targets(index)
    if not codes:
        raise UsageError("no_time_targets", name=index.framework.code, method=METHOD)
    wanted = None if unit is None else index.panel.unit(unit)
    found = []
    for u, name in enumerate(index.units):
        if name == wanted or (wanted is None and index.shown[u]):
            found += list(_of(index, u, t, codes))
    return tuple(found)


def targets(index: Index) -> tuple[str, ...]:
    """The indicators that are scored by progress against time, in the file's order."""
    framework = index.framework
    return tuple(leaf for leaf in framework.leaves if framework.choice("normalise", leaf).method.name == METHOD)


def _of(index: Index, u: int, t: int, codes: tuple[str, ...]) -> Iterator[Progress]:
    for code in codes:
        k = index.framework.leaves.index(code)
        actual = float(index.imputed[u, t, k])
        if np.isnan(actual) or not index.live[t, k]:
            continue
        options, item = index.framework.choice("normalise", code).options, index.framework.table.indicator[code]
        base, aim = float(options["baseline"]), float(options["target"])
        period, start, end = index.periods[t], str(options["start"]), str(options["end"])
        way = schedule(actual, base, aim, time_of(period), time_of(start), time_of(end))
        free = index.framework.permits[code].free
        yield Progress(
            unit=index.units[u],
            code=code,
            period=period,
            start=start,
            end=end,
            baseline=base,
            target=aim,
            actual=actual,
            status=str(index.status[u, t, k]),
            measure=item.unit,
            lever=free,
            done=way.done,
            gone=way.gone,
            expected=base + (aim - base) * way.gone,
            state=way.state,
            pace=way.pace,
            needed=way.needed if free else None,
            needed_growth=way.needed_growth if free else None,
            at_this_pace=None if way.pace is None else actual + way.pace * max(time_of(end) - time_of(period), 0.0),
        )


@dataclass(frozen=True)
class Schedule:
    """A figure between a baseline and a target, at a moment: see :class:`Progress`."""

    done: float
    gone: float
    state: str
    pace: float | None
    needed: float | None
    needed_growth: float | None


def schedule(actual: float, baseline: float, target: float, now: float, start: float, end: float) -> Schedule:
    """How a figure stands on the way from a baseline to a target; times are in years, as :func:`tidu.index.context.time_of` gives.

    Falling targets lie below their baseline; what is needed is then below zero.

    >>> found = schedule(80.0, 100.0, 60.0, now=2022, start=2020, end=2025)
    >>> found.state, found.pace, round(found.needed, 3), round(found.needed_growth, 4)
    ('on_schedule', -10.0, -6.667, -0.0914)
    """
    done = (actual - baseline) / (target - baseline)
    gone = float(np.clip((now - start) / (end - start), 0.0, 1.0))
    reached, over, left = done >= 1.0, now >= end, end - max(now, start)
    state = "behind"
    if gone <= 0:
        state = "not_begun"
    elif reached:
        state = "reached"
    elif over:
        state = "missed"
    elif done >= gone - 1e-12:
        state = "on_schedule"
    pace = (actual - baseline) / (now - start) if now > start else None
    if reached or over:
        return Schedule(done, gone, state, pace, None, None)
    with np.errstate(over="ignore"):
        growth = float((np.float64(target) / actual) ** (1.0 / left)) - 1.0 if actual > 0 and target > 0 else np.inf
    return Schedule(done, gone, state, pace, (target - actual) / left, growth if np.isfinite(growth) else None)
