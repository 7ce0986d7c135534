"""A unit's figures, each with its status letter and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidu.diagnosis.explanation.contribution import Period
from tidu.index.result import Index


@dataclass(frozen=True)
class FigureLine:
    """A figure of a unit with its status letter and where it comes from.

    ``value`` is missing where none was given; ``used`` is what was scored after filling and treatment. ``columns`` are the
    panel's columns it is made of, ``lineage`` what the panel says of them, ``source`` what the index file says.
    """

    code: str
    value: float
    used: float
    status: str
    unit: str | None
    source: str | None
    columns: tuple[str, ...]
    lineage: Mapping[str, str]


def figures(index: Index, unit: str, period: Period = None) -> tuple[FigureLine, ...]:
    """Every figure of a unit that is asked for in a period, with status and lineage. Raises ``unknown_unit``."""
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    found = []
    for k, code in enumerate(index.framework.leaves):
        if not index.live[t, k]:
            continue
        item = index.framework.table.indicator[code]
        columns = _columns(index, [item.of or code, *([item.per] if item.per else [])])
        found.append(
            FigureLine(
                code=code,
                value=float(index.raw[u, t, k]),
                used=float(index.treated[u, t, k]),
                status=str(index.status[u, t, k]),
                unit=item.unit,
                source=item.source,
                columns=columns,
                lineage={name: index.panel.lineage[name] for name in columns if name in index.panel.lineage},
            )
        )
    return tuple(found)


def _columns(index: Index, names: Sequence[str]) -> tuple[str, ...]:
    """The printed columns that columns are made of, each once."""
    found: dict[str, None] = {}
    queue = list(names)
    while queue:
        name = queue.pop(0)
        item: Any = index.framework.table.column.get(name)
        parts: list[str] = []
        for kind in ("sum", "difference", "ratio", "share", "coalesce", "growth"):
            value = getattr(item, kind, None)
            parts += [value] if isinstance(value, str) else list(value or ())
        if parts:
            queue += parts
        else:
            found[name] = None
    return tuple(found)
