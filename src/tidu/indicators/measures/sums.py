"""Contributions summed: the one place where rows become numbers, as whole parts by unit and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

from tidu.indicators.measures.definition import Measure, Rule
from tidu.indicators.measures.records import Records


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of a measure by unit and year: whole parts, weights of a mean, rows; by part too where it has parts."""

    share: Mapping[tuple[str, int], int]
    weight: Mapping[tuple[str, int], int]
    rows: Mapping[tuple[str, int], int]
    parts: Mapping[tuple[str, int], Mapping[str, int]]


def collected(records: Records, own: Measure, rule: Rule) -> Sums:
    """The contributions of a measure summed by unit and year."""
    made = own.make(records, rule)
    names = made.collect_schema().names()
    part, mean = "part" in names, "weight" in names
    keys = ["unit", "period", *(["part"] if part else [])]
    added = [nw.col("share").sum().cast(nw.Int64)]
    added += [nw.col("weight").sum().cast(nw.Int64)] if mean else []
    summed = made.group_by(keys).agg(*added, nw.len().cast(nw.Int64).alias("rows"))
    cells = records.engine.collect(summed.sort(*keys))
    share: dict[tuple[str, int], int] = {}
    weight: dict[tuple[str, int], int] = {}
    rows: dict[tuple[str, int], int] = {}
    parts: dict[tuple[str, int], dict[str, int]] = {}
    for at, unit in enumerate(cells["unit"]):
        key = (str(unit), int(cells["period"][at]))
        share[key] = share.get(key, 0) + int(cells["share"][at])
        rows[key] = rows.get(key, 0) + int(cells["rows"][at])
        if mean:
            weight[key] = weight.get(key, 0) + int(cells["weight"][at])
        if part:
            parts.setdefault(key, {})[str(cells["part"][at])] = int(cells["share"][at])
    return Sums(share, weight, rows, parts)
