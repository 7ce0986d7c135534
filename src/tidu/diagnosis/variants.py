"""Declared method variants: every combination of named choices, built from one file by putting values at addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from tidu.core.errors import SpecError
from tidu.core.stats import Array, rank_high
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel


@dataclass(frozen=True)
class Variant:
    """One combination: axis → the label of its choice (in the wanted languages), and the changes that make it."""

    labels: Mapping[str, Mapping[str, str]]
    changes: tuple[str, ...]


def variants_of(table: Mapping[str, Any]) -> list[Variant]:
    """Every combination that a variants file declares, the last axis turning fastest. Raises ``missing_key``.

    >>> axes = [{"name": "a", "choice": [{"label": {"en": "x"}, "changes": ["treat.method=none"]},
    ...                                  {"label": {"en": "y"}, "changes": ["treat.method=log"]}]}]
    >>> [variant.changes for variant in variants_of({"axis": axes})]
    [('treat.method=none',), ('treat.method=log',)]
    """
    axes = table.get("axis", [])
    for at, axis in enumerate(axes):
        for key in ("name", "choice"):
            if key not in axis:
                raise SpecError("missing_key", address=f"axis[{at}].{key}", key=key, parent=f"axis[{at}]")
    always = tuple(table.get("always", []))
    found = []
    for picked in product(*(axis["choice"] for axis in axes)):
        labels = {axis["name"]: choice["label"] for axis, choice in zip(axes, picked, strict=True)}
        found.append(Variant(labels, (*always, *(change for choice in picked for change in choice["changes"]))))
    return found


@dataclass(frozen=True, eq=False)
class Spread:
    """Scores of the root under every variant: (variants, units, periods), with the variants and whom they are of."""

    variants: tuple[Variant, ...]
    units: tuple[str, ...]
    periods: tuple[str, ...]
    nodes: tuple[str, ...]
    scores: Array  # (variants, units, periods, nodes)

    def ranks(self, period: str, among: Sequence[str], node: str | None = None) -> Array:
        """Ranks among some units in a period, (variants, those units)."""
        places = [self.units.index(unit) for unit in among]
        at = self.nodes.index(node) if node else len(self.nodes) - 1
        block = self.scores[:, places, self.periods.index(period), at]
        ranks: Array = rank_high(block.T).T
        return ranks

    def rank_range(self, period: str, among: Sequence[str]) -> dict[str, tuple[int, int] | None]:
        """Unit → best and worst rank over all variants (方法区间, specification range); nothing where not scored in all."""
        ranks = self.ranks(period, among)
        return {
            unit: None if np.isnan(column).any() else (int(column.min()), int(column.max()))
            for unit, column in zip(among, ranks.T, strict=True)
        }

    def share_at(self, period: str, among: Sequence[str], unit: str, rank: int, node: str | None = None) -> float:
        """The share of variants in which a unit stands exactly at a rank; missing when it is not scored in any."""
        column = self.ranks(period, among, node)[:, list(among).index(unit)]
        seen = ~np.isnan(column)
        return float(np.mean(column[seen] == rank)) if seen.any() else float("nan")


def spread(framework: Framework, panel: Panel, variants: Sequence[Variant], nodes: Sequence[str] = ()) -> Spread:
    """The scores of the root (and further nodes) under every variant. Each is a full build; nothing is left out."""
    wanted = (*nodes, framework.code)
    tables = []
    for variant in variants:
        index = build(framework.put(*variant.changes), panel)
        tables.append(index.scores[:, :, [index.framework.node(node).place for node in wanted]])
    return Spread(tuple(variants), panel.units, index.periods, wanted, np.stack(tables))
