"""Declared corrections of printed figures: each names its cell, its reason and its evidence, and leaves a status letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tidu.core.errors import DataError, TiduError, listing, raise_all
from tidu.indicators.panel import STATUS, Panel

ACTIONS = ("missing", "value", "multiply", "swap")


@dataclass(frozen=True)
class Correction:
    """One decided cell. ``printed`` is the figure that must stand there, ``None`` where the cell is blank."""

    column: str
    city: str
    year: str
    action: str
    status: str
    test: str
    reason: Mapping[str, str]
    evidence: str
    name: str = ""
    printed: float | None = None
    value: float | None = None
    factor: float | None = None
    other: str | None = None


def corrections_of(table: Mapping[str, Any]) -> list[Correction]:
    """The corrections that a ``corrections.toml`` declares, checked. Raises ``correction_key`` naming the entry.

    >>> corrections_of({"correction": [{"column": "gdp", "city": "1", "year": 2023, "action": "missing", "status": "O",
    ...     "test": "inspection", "reason": "r", "reason_zh": "由", "evidence": "e"}]})[0].action
    'missing'
    """
    found: list[Correction] = []
    faults: list[TiduError] = []
    for at, entry in enumerate(table.get("correction", [])):
        address = f"correction[{at}]"
        needs = {"value": "value", "multiply": "factor", "swap": "with"}.get(entry.get("action", ""))
        wanted = [
            "column",
            "city",
            "year",
            "action",
            "status",
            "test",
            "reason",
            "reason_zh",
            "evidence",
            *([needs] if needs else []),
        ]
        lacking = [key for key in wanted if key not in entry]
        if lacking:
            faults.append(DataError("correction_key", address=address, keys=listing(lacking)))
        elif entry["action"] not in ACTIONS or entry["status"] not in STATUS:
            faults.append(DataError("correction_word", address=address, action=entry["action"], status=entry["status"]))
        else:
            found.append(
                Correction(
                    column=entry["column"],
                    city=str(entry["city"]),
                    year=str(entry["year"]),
                    action=entry["action"],
                    status=entry["status"],
                    test=entry["test"],
                    reason={"en": entry["reason"], "zh": entry["reason_zh"]},
                    evidence=entry["evidence"],
                    name=entry.get("name", ""),
                    printed=entry.get("printed"),
                    value=entry.get("value"),
                    factor=entry.get("factor"),
                    other=entry.get("with"),
                )
            )
    raise_all(faults)
    return found


def correct(panel: Panel, corrections: Sequence[Correction]) -> Panel:
    """The panel with every correction made and its status letter set.

    A correction whose ``printed`` figure is not what stands in the cell is refused (``correction_stale``): the
    table was changed after the decision. A swap exchanges two columns of the cell's city and year, both get the letter.

    >>> panel = Panel.of(["x"], ["2023"], ["a"], [[[30.0]]])
    >>> wrong = Correction("a", "x", "2023", "multiply", "E", "power_of_ten", {}, "", printed=30.0, factor=0.1)
    >>> done = correct(panel, [wrong]); done.values.item(), done.status.item()
    (3.0, 'E')
    """
    values, letters = panel.values.copy(), panel.letters().copy()
    faults: list[TiduError] = []
    for item in corrections:
        address = f"data.{item.city}.{item.year}.{item.column}"
        if item.city not in panel.units or item.year not in panel.periods or item.column not in panel.columns:
            faults.append(DataError("correction_cell", address=address))
            continue
        at = (panel.units.index(item.city), panel.periods.index(item.year), panel.position(item.column))
        stands = panel.values[at]
        if (item.printed is None) != bool(np.isnan(stands)) or (
            item.printed is not None and abs(stands - item.printed) > 1e-9 * abs(stands)
        ):
            faults.append(DataError("correction_stale", address=address, printed=str(item.printed), stands=f"{stands:g}"))
            continue
        if item.action == "missing":
            values[at] = np.nan
        elif item.action == "value":
            values[at] = float(item.value or 0.0)
        elif item.action == "multiply":
            values[at] = stands * float(item.factor or 1.0)
        else:
            other = (*at[:2], panel.position(str(item.other)))
            values[at], values[other] = panel.values[other], panel.values[at]
            letters[other] = item.status
        letters[at] = item.status
    raise_all(faults)
    return replace(panel, values=values, status=letters)
