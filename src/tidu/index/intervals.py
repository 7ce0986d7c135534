"""The interval beside every rank: 方法区间 (specification range), tie group and P(top k) of an index that is built.

An index file says in ``[uncertain.NAME]`` what is not certain in it. Where it says nothing, the factors of
``data/assumed.toml`` stand in, and whoever prints the range says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np

from tidu.core.errors import TiduError, UsageError
from tidu.index.bench import Bench, Progress, fitting
from tidu.index.build import build
from tidu.index.effects import overruled
from tidu.index.factors import space
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.tree_draws import compiles
from tidu.index.uncertainty import Uncertainty, enumerable, points, result
from tidu.indicators.panel import Panel

#: Points when nothing is said; a tree that must be built point by point takes :data:`SLOW` at most.
DRAWS, SLOW = 1024, 128


@dataclass(frozen=True, eq=False)
class Intervals:
    """What is known of an index's ranks: ``found`` at the points, the ``level`` of the intervals, the points asked for.

    ``assumed`` names the factors that stand in because the file names none, ``refused`` those of them that this index does
    not take, with the reason; ``overruled`` the factors that change nothing because others overrule them; ``factors`` are the
    labels of all at work.
    """

    found: Uncertainty
    level: float
    asked: int
    assumed: tuple[str, ...]
    refused: Mapping[str, TiduError] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()

    @property
    def factors(self) -> tuple[dict[str, str], ...]:
        """The labels, zh and en, of the factors at work."""
        return tuple({"zh": one.name, "en": one.name, **one.label} for one in self.found.space.factors)

    def rows(self, period: str | int | None = None, top: int = 10) -> dict[str, dict[str, Any]]:
        """Ranked unit → best and worst rank, tie group, share of points among the first ``top``, score range."""
        return {row["unit"]: row for row in self.found.rows(period, self.level, top)}

    def record(self) -> dict[str, Any]:
        """What a person must know to read the range: its level, the points, whether they are all there are, the factors."""
        return {
            "level": self.level,
            "points": self.found.draws,
            "exact": self.found.exact,
            "asked": self.asked,
            "seed": self.found.space.seed,
            "factors": list(self.factors),
            "assumed": list(self.assumed),
            "refused": {name: error.code for name, error in self.refused.items()},
            "overruled": list(self.overruled),
        }


def intervals(
    index: Index, *, draws: int = DRAWS, level: float = 0.9, seed: int = 0, progress: Progress | None = None
) -> Intervals:
    """The specification range of an index that is built, over its file's factors or, where it has none, the assumed ones.

    Args:
        index: what :func:`tidu.index.build.build` gave; scored with the parameters of its own figures.
        draws: points where the space is not enumerated; fewer where memory or a tree that is built point by point asks for it.
        level: share of the points inside the interval.
        seed: of the points and of what factors draw.
        progress: as in :func:`tidu.index.uncertainty.uncertainty`.

    Raises ``intervals_frozen`` where the index was scored with the parameters of other figures, ``intervals_none`` where no
    factor can be had, and what a point is refused with.

    >>> from tidu.app import make
    >>> found = intervals(make("city-ip-core"), draws=64)
    >>> row = found.rows(2023)["110000"]
    >>> row["rank"], row["best"] <= 1 <= row["worst"], found.assumed
    (1, True, ())
    """
    framework, panel = index.framework, index.panel
    if index.frozen.framework is not framework:
        if not same_figures(index.frozen.panel, panel):
            raise UsageError("intervals_frozen")
        framework, panel = index.frozen.framework, index.frozen.panel
    framework, assumed, refused = factors_of(framework, panel, seed)
    bench = Bench(space(framework, panel, seed=seed))
    fast = compiles(bench.space.framework, bench.node)
    count = fitting(bench, draws if fast else min(draws, SLOW))
    whole = enumerable(bench, count, None)
    levels, cube = (bench.space.grid(), None) if whole else points(bench.space, count, seed=seed)
    lost = overruled(bench) if fast else ()
    return Intervals(result(bench, levels, cube, whole, (), progress), level, draws, assumed, refused, lost)


Standing = tuple[Framework, tuple[str, ...], Mapping[str, TiduError]]


def factors_of(framework: Framework, panel: Panel, seed: int = 0) -> Standing:
    """The framework with factors: its own, or the assumed ones, their names, and those that it refuses with the reason.

    Raises what :func:`with_assumed` raises.
    """
    return (framework, (), {}) if framework.table.uncertain else with_assumed(framework, panel, seed)


def with_assumed(framework: Framework, panel: Panel, seed: int = 0) -> Standing:
    """The framework with those of the assumed factors that it takes, their names, and those it refuses with the reason.

    Raises what the index itself is refused with, and ``intervals_none`` where no factor can be had that changes anything.
    """
    build(framework, panel, seed=seed)
    tables = tomllib.loads(resources.files("tidu.data").joinpath("assumed.toml").read_text(encoding="utf-8"))["uncertain"]
    del tables["indicator_weights" if framework.table.pillar else "weights"]  # weights of pillars say it where there are pillars
    taken: dict[str, Any] = {}
    refused: dict[str, TiduError] = {}
    for name, item in tables.items():
        try:
            bench = Bench(space(_with(framework, {name: item}), panel, seed=seed))
            levels, cube = points(bench.space, 16, seed=seed)
            moved = np.abs(bench.scores(levels, cube) - bench.nominal().T[:, None, :])
        except TiduError as error:
            refused[name] = error
            continue
        if np.nanmax(moved, initial=0.0) > 0:
            taken[name] = item
    if not taken:
        raise UsageError("intervals_none")
    return _with(framework, taken), tuple(taken), refused


def _with(framework: Framework, tables: dict[str, Any]) -> Framework:
    return Framework.of({**framework.spec, "uncertain": tables}, file=framework.file)


def same_figures(one: Panel, other: Panel) -> bool:
    """Whether two panels hold the same figures of the same units, periods and columns."""
    if one is other:
        return True
    named = (one.units, one.periods, one.columns) == (other.units, other.periods, other.columns)
    return named and np.array_equal(one.values, other.values, equal_nan=True)
