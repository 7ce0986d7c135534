"""Declared corrections of printed figures: each names its cell, its reason and its evidence, and leaves a status letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tidu.core.address import quoted
from tidu.core.errors import DataError, TiduError, listing, nearest, raise_all
from tidu.indicators.panel import STATUS, Panel

ACTIONS = ("missing", "value", "multiply", "swap")
_WANTED = ("column", "city", "year", "action", "status", "test", "reason", "reason_zh", "evidence")
_MAY = ("name", "printed", "printed_with", "value", "factor", "with")


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
    entries = table.get("correction", [])
    for key in table:
        if key != "correction" and nearest(key, ["correction"]):
            faults.append(DataError("correction_unknown", address=key, key=key, known="correction", did_you_mean="correction"))
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise DataError("correction_shape", address="correction", value=str(entries))
    for at, entry in enumerate(entries):
        address = f"correction[{at}]"
        faults += list(_faults(entry, address))
        if not faults:
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


def _faults(entry: Mapping[str, Any], address: str) -> Iterator[TiduError]:
    """What is wrong in one declared correction, whatever the figures."""
    for key in entry:
        if key not in (*_WANTED, *_MAY):
            yield DataError(
                "correction_unknown",
                address=f"{address}.{key}",
                key=key,
                known=listing((*_WANTED, *_MAY), 20),
                did_you_mean=nearest(key, (*_WANTED, *_MAY)),
            )
    needs = {"value": "value", "multiply": "factor", "swap": "with"}.get(str(entry.get("action")))
    lacking = [key for key in (*_WANTED, *([needs] if needs else [])) if key not in entry]
    if lacking:
        yield DataError("correction_key", address=address, keys=listing(lacking))
        return
    for key in ("printed", "value", "factor", "printed_with"):
        value = entry.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            yield DataError("correction_shape", address=f"{address}.{key}", value=repr(value))
    if entry["action"] not in ACTIONS or entry["status"] not in STATUS:
        known = nearest(str(entry["action"]), ACTIONS) if entry["action"] not in ACTIONS else None
        key = "action" if entry["action"] not in ACTIONS else "status"
        yield DataError(
            "correction_word", address=f"{address}.{key}", action=entry["action"], status=entry["status"], did_you_mean=known
        )
    elif (entry["action"] == "missing") != (entry["status"] in "OLM"):
        yield DataError("correction_status", address=f"{address}.status", action=entry["action"], status=entry["status"])


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
    seen: dict[str, int] = {}
    for number, item in enumerate(corrections):
        address = f"data.{quoted(item.city)}.{item.year}.{quoted(item.column)}"
        if item.action == "swap" and item.other not in panel.columns:
            faults.append(DataError("correction_cell", address=f"data.{quoted(item.city)}.{item.year}.{quoted(str(item.other))}"))
            continue
        if item.city not in panel.units or item.year not in panel.periods or item.column not in panel.columns:
            faults.append(DataError("correction_cell", address=address))
            continue
        at = (panel.units.index(item.city), panel.periods.index(item.year), panel.position(item.column))
        if address in seen:
            faults.append(DataError("correction_twice", address=address, first=seen[address]))
            continue
        seen[address] = number
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
