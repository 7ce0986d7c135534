"""Our ranks beside every published rank: what agrees, what does not, and how far that hangs on the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tidu.core.stats import rank_high
from tidu.diagnosis.variants import Spread
from tidu.index.result import Index

#: Published measure → node of the shipped index; the others have no counterpart.
MEASURES = {
    "overall": None,
    "产出水平": "output",
    "流动水平": "flow",
    "综合绩效": "performance",
    "创造潜力": "potential",
    "L2 产出效率": "output_efficiency",
    "L2 资本投入": "capital_input",
}

#: The index year of an edition that states none, by the pattern of the editions before it (edition year minus one).
ASSUMED_YEAR = {"2025": "2024"}


@dataclass(frozen=True)
class Row:
    """One published rank beside ours; ``ours`` is nothing where we have no such node, year or city, and ``why`` says so."""

    edition: str
    index_year: str
    data_year: str
    universe: str
    place: str
    unit: str
    measure: str
    published: int
    ours: int | None
    share: float | None = None
    why: str = ""

    @property
    def difference(self) -> int | None:
        """Our rank minus the published one."""
        return None if self.ours is None else self.ours - self.published


@dataclass(frozen=True)
class Overlap:
    """How many of the published first ``n`` are among our first ``n``, and who is only in one of the two."""

    edition: str
    index_year: str
    data_year: str
    universe: str
    n: int
    shared: int
    only_published: tuple[str, ...]
    only_ours: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """All rows and overlaps, the units in our first ten that no published city list contains, and what is not comparable."""

    rows: tuple[Row, ...]
    overlaps: tuple[Overlap, ...]
    never_published: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    not_comparable: Mapping[str, int] = field(default_factory=dict)


def compare(
    published: Sequence[Mapping[str, str]],
    core: Mapping[str, Index],
    full: Mapping[str, Index],
    core_spread: Spread | None = None,
    full_spread: Spread | None = None,
) -> Comparison:
    """The comparison of an index with published city ranks, at the stated data year t and at t − 1.

    Args:
        published: rows of the published ranks (edition, index_year, level, adcode, measure, rank).
        core: universe → our index of several years, its bounds fitted on that universe.
        full: universe → an index that also scores the flow pillar, asked where the core has no such node.
        core_spread: scores of the core under the declared variants.
        full_spread: scores of the full index under the declared variants.

    A rank correlation over a published top ten is range-restricted and therefore not given.
    """
    rows: list[Row] = []
    overlaps: list[Overlap] = []
    left: dict[str, int] = {}
    cities = [row for row in published if row["level"] == "city"]
    for row in published:
        if row["level"] != "city":
            left[row["level"]] = left.get(row["level"], 0) + 1
    listed = {row["adcode"] for row in cities if row["adcode"]}
    never: dict[str, dict[str, int]] = {}
    for edition in sorted({row["edition"] for row in cities}):
        mine = [row for row in cities if row["edition"] == edition]
        stated = mine[0]["index_year"] or ASSUMED_YEAR.get(edition, "")
        for data_year in (stated, str(int(stated) - 1)):
            for universe, index in core.items():
                among = index.panel.universe(universe)
                rows += [
                    _row(row, stated, data_year, universe, among, index, full.get(universe), core_spread, full_spread)
                    for row in mine
                ]
                found = _overlap(mine, stated, data_year, universe, among, index)
                if found is not None:
                    overlaps.append(found)
    for universe, index in core.items():
        for period in index.periods:
            first = _ranks(index, index.panel.universe(universe), period, None)
            strange = {unit: rank for unit, rank in first.items() if rank is not None and rank <= 10 and unit not in listed}
            never[f"{period} {universe}"] = dict(sorted(strange.items(), key=lambda item: item[1]))
    return Comparison(tuple(rows), tuple(overlaps), never, left)


def _ranks(index: Index, among: Sequence[str], period: str, node: str | None) -> dict[str, int | None]:
    scores = index.score(node, period)
    column = rank_high(np.array([scores[unit] for unit in among]))
    return {unit: None if np.isnan(rank) else int(rank) for unit, rank in zip(among, column.tolist(), strict=True)}


def _row(
    row: Mapping[str, str],
    stated: str,
    data_year: str,
    universe: str,
    among: Sequence[str],
    index: Index,
    full: Index | None,
    core_spread: Spread | None,
    full_spread: Spread | None,
) -> Row:
    base = {
        "edition": row["edition"],
        "index_year": row["index_year"],
        "data_year": data_year,
        "universe": universe,
        "place": row["place_zh"],
        "unit": row["adcode"],
        "measure": row["measure"],
        "published": int(row["rank"]),
    }
    if row["measure"] not in MEASURES:
        return Row(**base, ours=None, why="no_node")  # type: ignore[arg-type]
    node = MEASURES[row["measure"]]
    source, spreads = index, core_spread
    if node is not None and node not in index.framework.nodes:
        if full is None or data_year not in full.periods:
            return Row(**base, ours=None, why="no_data_for_pillar")  # type: ignore[arg-type]
        source, spreads = full, full_spread
    if data_year not in source.periods:
        return Row(**base, ours=None, why="no_data_year")  # type: ignore[arg-type]
    if row["adcode"] not in among:
        return Row(**base, ours=None, why="not_in_universe")  # type: ignore[arg-type]
    ours = _ranks(source, among, data_year, node)[row["adcode"]]
    share = None
    if spreads is not None and (node is None or node in spreads.nodes):
        share = spreads.share_at(data_year, among, row["adcode"], int(row["rank"]), node)
    return Row(**base, ours=ours, share=share, why="" if ours is not None else "not_scored")  # type: ignore[arg-type]


def _overlap(
    mine: Sequence[Mapping[str, str]], stated: str, data_year: str, universe: str, among: Sequence[str], index: Index
) -> Overlap | None:
    first = {row["adcode"]: int(row["rank"]) for row in mine if row["measure"] == "overall"}
    if data_year not in index.periods or not first:
        return None
    n = len(first)
    ranks = _ranks(index, among, data_year, None)
    ours = [unit for unit, rank in ranks.items() if rank is not None and rank <= n]
    return Overlap(
        mine[0]["edition"],
        mine[0]["index_year"],
        data_year,
        universe,
        n,
        len(set(ours) & set(first)),
        tuple(unit for unit in first if unit not in ours),
        tuple(sorted((unit for unit in ours if unit not in first), key=lambda unit: ranks[unit] or 0)),
    )
