"""Several printings of one figure side by side: yearbook, feedback of the province, own records; which one stands, and why.

三口径对照: every difference is listed; what stands follows a stated order of sources, and an office may lay its own figure over it,
with its source and status.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tidu.core.errors import DataError, listing, nearest
from tidu.indicators import shipped
from tidu.indicators.panel import STATUS, TIME, UNIT, Panel, number_of
from tidu.indicators.sheet import Grid, read_grid, read_panel

#: Columns of a file of figures that an office lays over.
OVERLAY = ("column", "value", "status", "source")


class _Shut(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Shut):
    file: str
    source: str = Field(min_length=1)


class _Overlay(_Shut):
    file: str


class _File(_Shut):
    order: list[str] = Field(min_length=1)
    tolerance: float = Field(0.0, ge=0)
    column: dict[str, list[str]] = {}
    source: dict[str, _Source] = Field(min_length=2)
    overlay: _Overlay | None = None


@dataclass(frozen=True)
class Overlay:
    """A figure that an office lays over: where it stands, its status letter, its source in words."""

    unit: str
    period: str
    column: str
    value: float
    status: str
    source: str


@dataclass(frozen=True, eq=False)
class Sources:
    """What is set side by side: panels by name with their sources in words, the order in which they stand, what is laid over.

    Args:
        panels: name → figures.
        printed: name → source in words.
        order: the source that stands first, then the next; ``orders`` names other orders for single columns.
        orders: column → order.
        tolerance: a relative difference up to which two figures are the same.
        overlays: figures of the office.
    """

    panels: Mapping[str, Panel]
    printed: Mapping[str, str]
    order: tuple[str, ...]
    orders: Mapping[str, tuple[str, ...]]
    tolerance: float = 0.0
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True, eq=False)
class Reconciled:
    """The panel that stands, whence each cell is (unit, period, column → source), and the differences, the largest first."""

    panel: Panel
    chosen: Mapping[tuple[str, str, str], str]
    differences: tuple[Mapping[str, Any], ...]


def read_sources(path: Path) -> Sources:
    """The sources that a TOML file names; their tables lie beside it.

    Raises ``no_file``, ``bad_toml``, ``reconcile_file`` with the address, ``unknown_source`` for an order that names no source,
    ``overlay_cell`` with row and column.
    """
    if not path.is_file():
        raise DataError("no_file", file=path.name, path=str(path))
    try:
        made = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        raise DataError("bad_toml", file=path.name, line="", why=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        address = ".".join(str(part) for part in first["loc"])
        raise DataError("reconcile_file", file=path.name, address=address, why=str(first["msg"])) from None
    for address, names in (("order", made.order), *((f"column.{name}", names) for name, names in made.column.items())):
        for name in names:
            if name not in made.source:
                near, known = nearest(name, made.source), listing(made.source)
                raise DataError("unknown_source", file=path.name, address=address, name=name, known=known, did_you_mean=near)
    panels = {name: read_panel(path.parent / one.file) for name, one in made.source.items()}
    printed = {name: one.source for name, one in made.source.items()}
    laid = () if made.overlay is None else read_overlay(path.parent / made.overlay.file)
    orders = {name: tuple(names) for name, names in made.column.items()}
    return Sources(panels, printed, tuple(made.order), orders, made.tolerance, laid)


def read_overlay(path: Path) -> tuple[Overlay, ...]:
    """The figures of an office: a table of unit, period, column, value, status and source, one figure a row.

    Raises ``overlay_cell`` where a cell is empty, a value is no number or a status no letter that is known.
    """
    grid = read_grid(path)
    low = {name.lower(): at for at, name in enumerate(grid.headings)}
    unit, time = (next((low[name] for name in names if name in low), None) for names in (UNIT, TIME))
    if unit is None or time is None or not all(name in low for name in OVERLAY):
        raise DataError("overlay_columns", file=path.name, known=listing(grid.headings))
    at = {"unit": unit, "period": time, **{name: low[name] for name in OVERLAY}}
    return tuple(_overlay(path, grid, line, row, at) for line, row in grid.rows)


def _overlay(path: Path, grid: Grid, line: int, row: Any, at: Mapping[str, int]) -> Overlay:
    text = {name: "" if row[place] is None else str(row[place]).strip().removesuffix(".0") for name, place in at.items()}
    value = number_of(row[at["value"]])
    wrong = [name for name in at if not text[name]]
    wrong += ["value"] if value is None or np.isnan(value) else []
    wrong += ["status"] if text["status"] not in STATUS or text["status"] in ("O", "L", "M") else []
    if wrong:
        raise DataError("overlay_cell", file=path.name, row=line, column=grid.headings[at[wrong[0]]], value=text[wrong[0]])
    assert value is not None
    return Overlay(text["unit"], text["period"], text["column"], value, text["status"], text["source"])


def reconciled(sources: Sources) -> Reconciled:
    """The panel that stands by the order of the sources, and every cell in which they differ.

    A cell takes the first source in the order of its column that has a figure, with its status; what an office lays over stands
    before all. A cell differs where two sources print figures further apart than the tolerance, in shares of the larger one.
    """
    names = list(sources.panels)
    units = tuple(sorted({unit for panel in sources.panels.values() for unit in panel.units} | {o.unit for o in sources.overlays}))
    periods = tuple(
        sorted({time for panel in sources.panels.values() for time in panel.periods} | {o.period for o in sources.overlays})
    )
    columns = tuple(
        dict.fromkeys([c for panel in sources.panels.values() for c in panel.columns] + [o.column for o in sources.overlays])
    )
    shape = (len(units), len(periods), len(columns))
    figures = {name: np.full(shape, np.nan) for name in names}
    letters = {name: np.full(shape, "O") for name in names}
    for name, panel in sources.panels.items():
        at = np.ix_(
            [units.index(u) for u in panel.units],
            [periods.index(t) for t in panel.periods],
            [columns.index(c) for c in panel.columns],
        )
        figures[name][at], letters[name][at] = panel.values, panel.letters()
    values, status = np.full(shape, np.nan), np.full(shape, "O")
    chosen: dict[tuple[str, str, str], str] = {}
    for k, column in enumerate(columns):
        for name in reversed(sources.orders.get(column, sources.order)):
            there = ~np.isnan(figures[name][:, :, k])
            values[:, :, k] = np.where(there, figures[name][:, :, k], values[:, :, k])
            status[:, :, k] = np.where(there, letters[name][:, :, k], status[:, :, k])
            for u, t in zip(*np.nonzero(there), strict=True):
                chosen[units[u], periods[t], column] = name
    laid = {(o.unit, o.period, o.column): o for o in sources.overlays}
    for (unit, period, column), one in laid.items():
        cell = (units.index(unit), periods.index(period), columns.index(column))
        values[cell], status[cell] = one.value, one.status
        chosen[unit, period, column] = "overlay"
    lineage = {column: " > ".join(sources.printed[n] for n in sources.orders.get(column, sources.order)) for column in columns}
    known = {row["adcode"]: {"zh": row["name_short_zh"], "en": row["name_en"]} for row in shipped.table("gazetteer.csv")}
    told: dict[str, dict[str, str]] = {unit: known[unit] for unit in units if unit in known}
    for panel in reversed(list(sources.panels.values())):
        told |= {unit: dict(panel.names[unit]) for unit in panel.units if unit in panel.names}
    panel = Panel.of(units, periods, columns, values, status=status, names=told, lineage=lineage)
    return Reconciled(panel, chosen, tuple(_differences(sources, panel, figures, chosen, laid)))


def _differences(
    sources: Sources,
    panel: Panel,
    figures: Mapping[str, Any],
    chosen: Mapping[tuple[str, str, str], str],
    laid: Mapping[tuple[str, str, str], Overlay],
) -> list[Mapping[str, Any]]:
    """The cells in which sources differ: what each prints, which stands, how far apart they are."""
    rows = []
    for (unit, period, column), stands in chosen.items():
        cell = (panel.units.index(unit), panel.periods.index(period), panel.columns.index(column))
        printed = {name: float(table[cell]) for name, table in figures.items() if not np.isnan(table[cell])}
        over = laid.get((unit, period, column))
        compared = [*printed.values(), *([over.value] if over else [])]
        largest = max(map(abs, compared), default=0.0)
        apart = (max(compared) - min(compared)) / largest if largest else 0.0
        if apart <= sources.tolerance:
            continue
        row: dict[str, Any] = {
            "unit": unit,
            "name": panel.name(unit, "zh"),
            "name_en": panel.name(unit, "en"),
            "period": period,
            "column": column,
        }
        row |= {name: printed.get(name) for name in figures}
        row |= {"overlay": over.value if over else None, "stands": stands, "apart": apart}
        rows.append({**row, "source": over.source if over else sources.printed[stands]})
    return sorted(rows, key=lambda row: (-row["apart"], row["unit"], row["period"], row["column"]))
