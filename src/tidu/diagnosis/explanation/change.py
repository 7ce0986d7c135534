"""Why a score changed since another period: own figures, those of others, coverage, method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, TiduError, UsageError, listing
from tidu.core.stats import Array
from tidu.diagnosis.explanation.contribution import Period, scored_place
from tidu.diagnosis.explanation.parts import shapley_of
from tidu.index.build import build
from tidu.index.columns import weighting_targets
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: What a change is split into, in this order.
CAUSES = ("own", "others", "coverage", "method")

#: What :func:`change` keeps between calls on the same two ends.
Kept = dict[tuple[Any, ...], Any]


@dataclass(frozen=True)
class Change:
    """A unit's change of score between two indices, split by cause.

    Causes are the unit's ``own`` figures, those of the ``others`` (bounds moved), ``coverage`` (units and indicators that
    entered or left) and ``method`` (weights, joins, treatment). The parts are Shapley values over the causes and add up
    to ``after − before``. ``entered`` and ``left`` are codes of indicators and units; ``builds`` counts the indices built.
    """

    unit: str
    node: str
    periods: tuple[str, str]
    before: float
    after: float
    parts: Mapping[str, float]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    builds: int

    @property
    def total(self) -> float:
        """What the parts add up to."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class _Side:
    """One end of a change: an index at a period, with what it asks for there."""

    index: Index
    t: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators that are asked for in any period: data weights look at all of them."""
        return tuple(code for k, code in enumerate(self.index.framework.leaves) if self.index.live[:, k].any())

    @property
    def now(self) -> frozenset[str]:
        """The indicators that are asked for in the period itself."""
        return frozenset(code for k, code in enumerate(self.index.framework.leaves) if self.index.live[self.t, k])

    @cached_property
    def present(self) -> frozenset[str]:
        """The units that have a figure in the period itself."""
        asked = self.index.live[self.t, : len(self.index.framework.leaves)]
        seen: NDArray[np.bool_] = np.asarray(~np.isnan(self.index.imputed[:, self.t][:, asked]).all(axis=1))
        return frozenset(unit for unit, there in zip(self.index.units, seen, strict=True) if there)

    def here(self, units: Sequence[str]) -> NDArray[np.bool_]:
        """Which of some units have a figure in the period itself, as a column."""
        return np.array([[unit in self.present] for unit in units])

    @property
    def fit(self) -> frozenset[str]:
        name = self.index.framework.table.units.fit_on
        own = self.index.framework.table.universe.get(name)
        return frozenset(own.members if own is not None else self.index.panel.universe(name))

    def block(self, units: Sequence[str], codes: Sequence[str], span: range) -> tuple[Array, NDArray[np.bool_]]:
        """Imputed figures over periods counted from this one, (units, span, codes), and which (units, codes) have a place here."""
        index, own = self.index, self.codes
        targets = weighting_targets(index.framework)
        place = {unit: u for u, unit in enumerate(index.units)}
        rows = np.array([place.get(unit, -1) for unit in units])
        steps = np.array([k for k, step in enumerate(span) if 0 <= self.t + step < len(index.periods)], dtype=np.intp)
        times = self.t + span.start + steps
        out = np.full((len(units), len(span), len(codes)), np.nan)
        there = np.zeros((len(units), len(codes)), dtype=bool)
        for k, code in enumerate(codes):
            if code in own or code in targets:
                leaf = index.framework.leaves.index(code) if code in own else None
                table = index.column(code) if leaf is None else index.imputed[:, :, leaf]
                out[np.ix_(np.flatnonzero(rows >= 0), steps, np.array([k]))] = table[np.ix_(rows[rows >= 0], times)][:, :, None]
                there[:, k] = rows >= 0
        return out, there

    def years(self, code: str, span: range) -> list[str]:
        """The periods of the rebuilt panel in which an indicator is asked for."""
        if code not in self.index.framework.leaves:
            return []
        k = self.index.framework.leaves.index(code)
        there = [step for step in span if 0 <= self.t + step < len(self.index.periods)]
        return [_label(step) for step in there if self.index.live[self.t + step, k]]


def _label(step: int) -> str:
    return f"{5000 + step}"


def change(
    before: Index,
    after: Index,
    unit: str,
    period_before: Period = None,
    period_after: Period = None,
    node: str | None = None,
    *,
    kept: Kept | None = None,
) -> Change:
    """Why a unit's score changed from one index and period to another; both may be one index at two periods.

    Every combination of the four causes, each taken from before or from after, is built from the imputed figures; a
    cause in which both ends agree is left out. A figure that only one end has a place for is taken from there. Bounds
    pooled over the years stay what they were when both ends are one index. ``kept`` shares what units have in common between
    calls on the same two ends; it starts empty. Raises ``not_scored``, ``unknown_node``;
    ``change_gap`` where a figure that one end needs is missing at both; ``change_differs`` where an end cannot be built
    again from its imputed figures: parameters frozen elsewhere, or methods that count calendar years; ``change_refused``
    where a combination of causes cannot be built at all.

    Source: Shapley 1953; Shorrocks 2013, J. Economic Inequality 11:99.
    """
    t0 = before.period(period_before if period_before is not None or after is not before else _previous(before, period_after))
    ends = (_Side(before, t0), _Side(after, after.period(period_after)))
    top = node or after.framework.code
    first_top = before.framework.code if node is None else top
    code = after.panel.unit(unit)
    scores = []
    for side, name in zip(ends, (first_top, top), strict=True):
        u = scored_place(side.index, code, side.t, name)
        scores.append(float(side.index.scores[u, side.t, side.index.framework.node(name).place]))
    listed = set(before.units) != set(after.units) or ends[0].present != ends[1].present
    wide = ends[0].now != ends[1].now or listed or ends[0].fit != ends[1].fit
    changed = before.framework.spec != after.framework.spec
    causes = [cause for cause in CAUSES if {"coverage": wide, "method": changed}.get(cause, True)]
    shared = {} if kept is None else kept
    worth = {}
    for count in range(len(causes) + 1):
        for some in combinations(causes, count):
            later = {cause: cause in some for cause in CAUSES}
            if not wide:
                later["coverage"] = later["others"]
            if not changed:
                later["method"] = True
            place = first_top if not later["method"] else top
            try:
                worth[frozenset(some)] = _state(ends, later, code, place, shared)
            except TiduError as error:
                why = listing(one.code for one in getattr(error, "errors", [error]))
                raise MethodError("change_refused", address="index", unit=code, causes=listing(some) or "–", why=why) from error
            if np.isnan(worth[frozenset(some)]):
                raise MethodError("change_gap", address="index", unit=code, causes=listing(some) or "–")
    for found, wanted in ((worth[frozenset()], scores[0]), (worth[frozenset(causes)], scores[1])):
        if not abs(found - wanted) <= 1e-9 * max(1.0, abs(wanted)):
            raise MethodError("change_differs", address="index", unit=code, found=f"{found:.6g}", wanted=f"{wanted:.6g}")
    parts = {**dict.fromkeys(CAUSES, 0.0), **shapley_of(worth, causes)}
    old, new = ({*side.now, *side.present} for side in ends)
    periods = (before.periods[t0], after.periods[ends[1].t])
    return Change(code, top, periods, scores[0], scores[1], parts, tuple(sorted(new - old)), tuple(sorted(old - new)), len(worth))


def _previous(index: Index, period: Period) -> str:
    t = index.period(period)
    if t == 0:
        raise UsageError("no_earlier_period", period=index.periods[t], known=listing(index.periods))
    return index.periods[t - 1]


@dataclass(frozen=True, eq=False)
class _Stage:
    """What a combination of causes is built on, whichever unit is asked about: figures of both ends, masks, the framework."""

    units: tuple[str, ...]
    codes: tuple[str, ...]
    old: Array
    new: Array
    there: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    now: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    here: NDArray[np.bool_]
    at: int
    keep: list[int]
    asked: list[str]
    groups: Mapping[str, tuple[str, ...]]
    framework: Framework


def _state(ends: tuple[_Side, _Side], later: Mapping[str, bool], unit: str, node: str, kept: Kept) -> float:
    """The unit's score when each cause is as before or as after.

    Where its own figures and those of the others are taken from one end, every unit that is there at both ends has one answer.
    """
    own, others, coverage, _ = (ends[later[cause]] for cause in CAUSES)
    usual = unit in coverage.index.units
    key = (*(later[cause] for cause in CAUSES), "" if usual else unit)
    alike = usual and own is others and all(unit in side.present for side in ends)
    if alike and ("scores", node, *key) in kept:
        return float(kept["scores", node, *key].get(unit, np.nan))
    if key not in kept:
        kept[key] = _stage(ends, later, unit)
    stage: _Stage = kept[key]
    mine = np.array([name == unit for name in stage.units])[:, None]
    sides = np.where(mine, own is ends[0], others is ends[0])
    values = np.where(np.where(sides, stage.there[0], ~stage.there[1])[:, None, :], stage.old, stage.new)
    old, new = stage.old[:, stage.at], stage.new[:, stage.at]
    values[:, stage.at] = np.where(np.where(sides, stage.now[0], ~stage.now[1]), old, new)
    # Who has no figures at the end that coverage is taken from is not there.
    values[~stage.here & ~mine[:, 0], stage.at] = np.nan
    panel = Panel.of(stage.units, stage.asked, stage.codes, values[:, stage.keep], groups=stage.groups)
    scores = build(stage.framework, panel).score(node, _label(0))
    if alike:
        kept["scores", node, *key] = scores
    return scores[unit]


def _stage(ends: tuple[_Side, _Side], later: Mapping[str, bool], unit: str) -> _Stage:
    """The stage of a combination of causes; ``unit`` is added where coverage does not have it."""
    own, others, coverage, method = (ends[later[cause]] for cause in CAUSES)
    units = coverage.index.units if unit in coverage.index.units else (*coverage.index.units, unit)
    steps = [range(-side.t, len(side.index.periods) - side.t) for side in (own, others)]
    span = range(min(step.start for step in steps), max(step.stop for step in steps))
    years = {}
    for code in coverage.codes:
        side = others if code in others.codes else coverage
        away = [year for year in side.years(code, span) if year != _label(0)]
        years[code] = sorted([*away, _label(0)] if code in coverage.now else away)
    years = {code: asked for code, asked in years.items() if asked}
    codes = tuple(years)
    targets = [name for name in sorted(weighting_targets(method.index.framework)) if name not in codes]
    (old, there_old), (new, there_new) = (side.block(units, (*codes, *targets), span) for side in ends)
    now_old, now_new = (np.array([code in side.now or code in targets for code in (*codes, *targets)]) for side in ends)
    now_old, now_new = now_old & ends[0].here(units), now_new & ends[1].here(units)
    fit = coverage.fit
    spec = _bare(method.index.framework, coverage.index.framework, years, [name for name in units if name in fit])
    groups = {}
    for key, texts in coverage.index.panel.groups.items():
        known = dict(zip(coverage.index.units, texts, strict=True))
        groups[key] = tuple(known.get(name, "") for name in units)
    # A period in which nothing is asked for is left out of the panel.
    asked = sorted({year for some in years.values() for year in some})
    labels = [_label(step) for step in span]
    keep = [labels.index(year) for year in asked]
    return _Stage(
        units,
        (*codes, *targets),
        old,
        new,
        (there_old, there_new),
        (there_old & now_old, there_new & now_new),
        coverage.here(units)[:, 0],
        span.index(0),
        keep,
        asked,
        groups,
        Framework.of(spec),
    )


def _bare(method: Framework, coverage: Framework, years: Mapping[str, list[str]], fit: list[str]) -> dict[str, Any]:
    """An index file's content on finished figures: the steps of one framework for the indicators of another."""
    gone = ("of", "per", "per_at_least", "scale", "impute", "years")
    spec = {key: value for key, value in method.spec.items() if key not in ("uncertain", "column", "screen", "impute", "extends")}
    spec["index"] = {key: value for key, value in spec["index"].items() if key != "years"} | {"broken_series": True}
    spec["units"] = {"fit_on": "fit"}
    spec["universe"] = {"fit": {"members": fit}}
    indicators, pillars = {}, {}
    for code, asked in years.items():
        source = method if code in method.leaves else coverage
        item = {key: value for key, value in source.spec["indicator"][code].items() if key not in gone}
        if source is not method and item.get("parent") == coverage.code:
            item.pop("parent")
        indicators[code] = item | {"years": asked}
        for above in source.ancestors(code):
            owner = method if above in method.nodes else coverage
            pillars[above] = {key: value for key, value in owner.spec["pillar"][above].items() if key != "impute"}
    order = [*method.spec.get("indicator", {}), *coverage.spec.get("indicator", {})]
    spec["indicator"] = {code: indicators[code] for code in dict.fromkeys(order) if code in indicators}
    if pillars:
        order = [*method.spec.get("pillar", {}), *coverage.spec.get("pillar", {})]
        spec["pillar"] = {code: pillars[code] for code in dict.fromkeys(order) if code in pillars}
    else:
        spec.pop("pillar", None)
    if "weight_set" in spec:
        known = {*indicators, *pillars}
        spec["weight_set"] = {name: {c: w for c, w in item.items() if c in known} for name, item in spec["weight_set"].items()}
    return spec
