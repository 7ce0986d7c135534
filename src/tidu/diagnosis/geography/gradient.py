"""Does the index decline from the coast to the interior: means, slopes, likeness of neighbours, inequality, indicator by indicator.

Everything is measured for the index, for each node of its first level, and for the reading where the file names one; over
the units that are shown and scored. What cannot be measured is left out and said in ``left_out``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError, TiduError, UsageError
from tidu.core.stats import Array
from tidu.diagnosis.audit.removal import without as cut
from tidu.diagnosis.explanation.contribution import score_table
from tidu.diagnosis.explanation.readings import readings
from tidu.diagnosis.geography.belts import Curve, Difference, Mean, Unequal, curves, differences, mean, unequal
from tidu.diagnosis.geography.convergence import LEAST as YEARS
from tidu.diagnosis.geography.convergence import Convergence, convergence
from tidu.diagnosis.geography.mobility import Mobility, moves_between
from tidu.diagnosis.geography.places import COAST, REGION, Places, attribute_of, coastal_by_nature, places
from tidu.diagnosis.geography.slopes import (
    Line,
    between_line,
    correlation_p,
    effective_size,
    line,
    permuted_line,
    shuffles,
    within_line,
)
from tidu.diagnosis.geography.spatial import Moran, distances, inverse_weights, moran, nearest_weights
from tidu.index.build import build
from tidu.index.result import Index

Period = str | int | None
#: The fewest units for which a slope or the likeness of neighbours is measured, and how many neighbours a unit has.
LEAST, NEIGHBOURS = 8, 8
#: The name under which the reading of an index stands beside its nodes.
READING = "reading"
#: What a score is set against, and in what steps a slope is told: 100 km, one unit of ln(1 + km), 10 degrees.
STEPS = {"distance": 100.0, "log_distance": 1.0, "longitude": 10.0}


@dataclass(frozen=True)
class Slope:
    """The slope of a node's score ``on`` distance or longitude over a ``sample`` of units, in points a step (:data:`STEPS`).

    ``sample`` is ``all``, ``inside`` (one belt, named by ``group``), ``beyond`` (all belts but the one nearest to the coast),
    ``within`` (all belts, each one's level taken out) or ``between`` (the belts' means). ``effective`` is how many
    independent units the sample is worth when likeness of neighbours is allowed for, ``p_effective`` the p-value by it;
    both only over ``all``.
    """

    node: str
    on: str
    sample: str
    group: str
    line: Line
    effective: float = float("nan")
    p_effective: float = float("nan")


@dataclass(frozen=True)
class Likeness:
    """Moran's I of a node's score under ``nearest`` or ``inverse`` distance weights."""

    node: str
    weights: str
    moran: Moran


@dataclass(frozen=True)
class Force:
    """What an indicator does to the slope of the index on distance over a sample of units, points per 100 km.

    ``line`` is the slope of its own normalised score, ``r`` their correlation, ``part`` its part in the slope of the index
    (parts add up to it), ``share`` that part ÷ the slope of the index.
    """

    indicator: str
    sample: str
    group: str
    line: Line
    r: float
    part: float
    share: float


@dataclass(frozen=True)
class LeftOut:
    """Something that could not be measured: its code in ``data/gradient.toml`` and the values its sentence names."""

    code: str
    values: Mapping[str, str | int | float]


@dataclass(frozen=True, eq=False)
class Gradient:
    """The test of the gradient in one period, and the same ``without`` the indicators ``removed``.

    ``belts`` are the belts from the coast inwards, by the mean distance of their units.
    """

    index: Index
    period: str
    seed: int
    permutations: int
    places: Places
    belt: str
    belts: tuple[str, ...]
    nodes: tuple[str, ...]
    means: tuple[Mean, ...]
    differences: tuple[Difference, ...]
    slopes: tuple[Slope, ...]
    likeness: tuple[Likeness, ...]
    inequality: tuple[Unequal, ...]
    forces: tuple[Force, ...]
    rest: Mapping[str, float]
    curves: tuple[Curve, ...]
    mobility: tuple[Mobility, ...]
    convergence: Convergence | None
    left_out: tuple[LeftOut, ...]
    removed: tuple[str, ...] = ()
    without: Gradient | None = None

    @property
    def root(self) -> str:
        """The code of the index as a node."""
        return self.index.framework.code

    def slope(self, node: str, on: str = "distance", sample: str = "all", group: str = "") -> Slope | None:
        """One of the slopes, or nothing where it was not measured."""
        wanted = (node, on, sample, group)
        return next((row for row in self.slopes if (row.node, row.on, row.sample, row.group) == wanted), None)


def gradient(
    index: Index,
    period: Period = None,
    *,
    without: Sequence[str] | None = None,
    belt: str | None = None,
    permutations: int = 999,
    seed: int = 0,
) -> Gradient:
    """The test of the coast-to-interior gradient of an index in a period (the last when none is named).

    Args:
        index: a built index; its figures or the shipped gazetteer say where its units are (:func:`places`).
        period: which of its periods.
        without: nodes to leave out in a second round; the indicators that are coastal by nature when left out.
        belt: the attribute whose values are the belts; the index file's own (``units.belt``) when left out.
        permutations: how many random orders a p-value stands on; p is at least 1 ÷ (1 + permutations), and missing for none.
        seed: of these orders.

    Raises ``no_places``, ``unknown_group``, ``unknown_period``, ``unknown_node``, ``count_negative``, ``bad_seed``.

    >>> from tidu import app
    >>> found = gradient(app.make("city-ip-core"), 2023, permutations=99)
    >>> found.belts, found.removed
    (('东部', '东北', '中部', '西部'), ('exports', 'exports_per_gdp'))
    """
    if permutations < 0:
        raise UsageError("count_negative", value=permutations)
    if seed < 0:
        raise UsageError("bad_seed", seed=seed)
    removed = tuple(without) if without is not None else coastal_by_nature(index.framework)
    for code in removed:
        index.framework.node(code)
    own = index.framework.table.units.belt
    belt = attribute_of(index.panel, belt) if belt else attribute_of(index.panel, own, "units.belt")
    found = _measured(index, period, belt, permutations, seed)
    if not removed:
        return found
    framework = cut(index.framework, removed)
    if framework is None:
        return replace(found, removed=removed, left_out=(*found.left_out, LeftOut("nothing_left", {})))
    try:
        again = _measured(build(framework, index.panel, seed=seed), found.period, belt, permutations, seed)
    except TiduError as error:
        told = LeftOut("not_rebuilt", {"why": error.code})
        return replace(found, removed=removed, left_out=(*found.left_out, told))
    return replace(found, removed=removed, without=again)


def _measured(index: Index, period: Period, belt: str, permutations: int, seed: int) -> Gradient:
    t = index.period(period)
    where = places(index.panel, tuple(dict.fromkeys((belt, REGION, COAST))))
    targets = _targets(index, t)
    left: list[LeftOut] = []
    belts = where.values(belt)
    if len(belts) < 2:
        left.append(LeftOut("no_belts", {"attribute": belt}))
    root = targets[index.framework.code]
    lost = int(np.sum(~np.isnan(root) & np.isnan(where.distance)))
    if lost:
        left.append(LeftOut("no_distance", {"count": lost}))
    slopes = tuple(row for node, y in targets.items() for row in _slopes(node, y, where, belt, belts, permutations, seed))
    few = [" ".join(filter(None, sample)) for sample, mask in _samples(root, where, belt, belts).items() if mask.sum() < LEAST]
    if few:
        left.append(LeftOut("few_units", {"samples": ", ".join(few), "least": LEAST}))
    placed = ~np.isnan(where.lon) & ~np.isnan(where.lat)
    likeness: tuple[Likeness, ...] = ()
    if (placed & ~np.isnan(root)).sum() > LEAST:
        likeness = tuple(row for node, y in targets.items() for row in _likeness(node, y, where, permutations, seed))
    else:
        left.append(LeftOut("no_points", {"least": LEAST + 1}))
    forces, rest = _forces(index, t, where, belt, belts, permutations, seed, left)
    mobility: tuple[Mobility, ...] = ()
    if len(index.periods) < 2:
        left.append(LeftOut("one_period", {"period": index.periods[0]}))
    else:
        by_period = [_targets(index, at) for at in range(len(index.periods))]
        mobility = moves_between(by_period, index.periods, where.lon, where.lat, least=LEAST, neighbours=NEIGHBOURS)
    label = where.groups[belt] if len(belts) > 1 else ("all",) * len(index.units)
    shared = tuple(unequal(node, y, label) for node, y in targets.items())
    if any(np.isnan(row.theil_l.total) for row in shared):
        left.append(LeftOut("not_above_zero", {"count": sum(bool(np.isnan(row.theil_l.total)) for row in shared)}))
    return Gradient(
        index=index,
        period=index.periods[t],
        seed=seed,
        permutations=permutations,
        places=where,
        belt=belt,
        belts=belts,
        nodes=tuple(targets),
        means=tuple(
            mean(node, by, name, y, where) for node, y in targets.items() for by in where.groups for name in where.values(by)
        ),
        differences=tuple(row for node, y in targets.items() for row in differences(node, y, where, belt)),
        slopes=slopes,
        likeness=likeness,
        inequality=shared,
        forces=forces,
        rest=rest,
        curves=tuple(row for node, y in targets.items() for row in curves(node, y, where, belt, belts)),
        mobility=mobility,
        convergence=_convergence(index, left),
        left_out=tuple(left),
    )


def _targets(index: Index, t: int) -> dict[str, Array]:
    """Node → scores of the shown units: the index, its first level, its reading where that is more than one node."""
    framework = index.framework
    nodes = [framework.code, *(node.code for node in framework.nodes.values() if node.depth == 1 and index.live[t, node.place])]
    found = {code: np.where(index.shown, index.scores[:, t, framework.node(code).place], np.nan) for code in nodes}
    read = tuple(code for code in framework.table.index.reading if index.live[t, framework.node(code).place])
    if read:
        found[READING] = np.where(index.shown, readings(index, read, index.periods[t])[0], np.nan)
    return {code: y for code, y in found.items() if not np.isnan(y).all()}


# --- slopes -----------------------------------------------------------------------------------------------------------


Sample = tuple[str, str]


def _samples(y: Array, where: Places, belt: str, belts: Sequence[str]) -> dict[Sample, NDArray[np.bool_]]:
    """Sample and belt → the units in it, scored and with a distance; ``within`` and ``between`` take those that have a belt."""
    seen = ~np.isnan(y) & ~np.isnan(where.distance)
    found: dict[Sample, NDArray[np.bool_]] = {("all", ""): seen}
    if len(belts) > 1:
        label = np.asarray(where.groups[belt])
        found |= {("inside", name): seen & (label == name) for name in belts}
        found["beyond", ""] = seen & (label != belts[0]) & (label != "")
        found["within", ""] = found["between", ""] = seen & (label != "")
    return found


@lru_cache(maxsize=32)
def _drawn(groups: tuple[str, ...] | int, count: int, seed: int) -> NDArray[np.intp]:
    return shuffles(groups, count, seed)


def _slopes(node: str, y: Array, where: Places, belt: str, belts: Sequence[str], count: int, seed: int) -> list[Slope]:
    across = {"distance": where.distance, "log_distance": np.log1p(where.distance), "longitude": where.lon}
    made = []
    for on, x in across.items():
        for (sample, group), mask in _samples(y, where, belt, belts).items():
            use = mask & ~np.isnan(x)
            n = int(use.sum())
            if n < LEAST:
                continue
            here, score = x[use] / STEPS[on], y[use]
            if sample in ("within", "between"):
                label = tuple(np.asarray(where.groups[belt])[use].tolist())
                if sample == "within":
                    made.append(Slope(node, on, sample, group, within_line(here, score, label, _drawn(label, count, seed))))
                else:
                    made.append(Slope(node, on, sample, group, between_line(here, score, label, _drawn(n, count, seed))))
                continue
            found = permuted_line(here, score, _drawn(n, count, seed))
            size = p = float("nan")
            placed = use & ~np.isnan(where.lon) & ~np.isnan(where.lat)
            if sample == "all" and placed.sum() == n and not np.isnan(found.slope):
                size = effective_size(here, score, distances(where.lon[use], where.lat[use]))
                p = correlation_p(float(np.sign(found.slope)) * float(np.sqrt(max(found.r2, 0.0))), size)
            made.append(Slope(node, on, sample, group, found, size, p))
    return made


def _likeness(node: str, y: Array, where: Places, count: int, seed: int) -> list[Likeness]:
    use = ~np.isnan(y) & ~np.isnan(where.lon) & ~np.isnan(where.lat)
    if use.sum() <= LEAST:
        return []
    apart = distances(where.lon[use], where.lat[use])
    drawn = _drawn(int(use.sum()), count, seed)
    kinds = {"nearest": nearest_weights(apart, min(NEIGHBOURS, apart.shape[0] - 1)), "inverse": inverse_weights(apart)}
    return [Likeness(node, kind, moran(y[use], weights, drawn)) for kind, weights in kinds.items()]


# --- inequality, indicators, moves ------------------------------------------------------------------------------------


def _forces(
    index: Index, t: int, where: Places, belt: str, belts: Sequence[str], count: int, seed: int, left: list[LeftOut]
) -> tuple[tuple[Force, ...], dict[str, float]]:
    """Indicators by their part in the slope of the index on distance, and by sample what no indicator accounts for.

    The samples are all units, the belt nearest to the coast, and those beyond it.
    """
    root = index.framework.node(index.framework.code).place
    y = np.where(index.shown, index.scores[:, t, root], np.nan)
    try:
        parts = score_table(index, index.periods[t], seed=seed)
    except TiduError as error:
        left.append(LeftOut("no_parts", {"why": error.code}))
        parts = np.full((len(index.units), len(index.nodes)), np.nan)
    made: list[Force] = []
    rest: dict[str, float] = {}
    x = where.distance / STEPS["distance"]
    for (sample, group), use in _samples(y, where, belt, belts).items():
        if use.sum() < LEAST or sample in ("within", "between") or (sample == "inside" and group != belts[0]):
            continue
        total, found = line(x[use], y[use]).slope, []
        for k, leaf in enumerate(index.framework.leaves):
            seen = use & ~np.isnan(index.normalised[:, t, k])
            own = index.normalised[seen, t, k]
            if not index.live[t, k] or seen.sum() < LEAST:
                continue
            fitted = permuted_line(x[seen], own, _drawn(int(seen.sum()), count, seed))
            r = float(np.sign(fitted.slope) * np.sqrt(max(fitted.r2, 0.0)))
            part = line(x[use], parts[use, k]).slope
            found.append(Force(leaf, sample, group, fitted, r, part, part / total if total else float("nan")))
        found.sort(key=lambda force: (np.nan_to_num(force.part), force.line.slope))
        made += found
        rest[sample] = float(total - sum(force.part for force in found))
    return tuple(made), rest


def _convergence(index: Index, left: list[LeftOut]) -> Convergence | None:
    """The convergence of the index's scores where it has years enough, one period a year."""
    years = [int(period) for period in index.periods if period.isdigit()]
    if len(years) < YEARS:
        left.append(LeftOut("few_years", {"found": len(years), "least": YEARS}))
        return None
    y = np.where(index.shown[:, None], index.scores[:, :, index.framework.node(index.framework.code).place], np.nan)
    try:
        return convergence(y, years, index.units, index.framework.code)
    except MethodError:
        left.append(LeftOut("few_above_zero", {}))
        return None
