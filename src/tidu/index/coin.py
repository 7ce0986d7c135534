"""A COINr pair (iMeta, iData) as a Framework and a Panel: any depth, ragged trees, denominators, groups, years.

Source: COINr (W. Becker, JOSS 10.21105/joss.04567), the metadata and data tables of ``new_coin``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tidu.core.errors import DataError, SpecError, TiduError, listing, nearest, raise_all
from tidu.core.words import UNDATED
from tidu.index.framework import Framework
from tidu.indicators.panel import PERIOD, Panel, likely_number, number_of

Row = Mapping[str, str]
_KINDS = ("Indicator", "Aggregate", "Denominator", "Group", "Other")
_META = ("iCode", "Level", "Direction", "Weight", "Parent", "Type")
_EMPTY = ("", "NA", "NaN")


def spec_of(meta: Sequence[Row], code: str | None = None) -> dict[str, Any]:
    """The content of an index file, from the rows of an iMeta table.

    The root is the aggregate without a parent. ``Direction`` 1 or −1 becomes ``better``, ``Denominator`` becomes
    ``per``, ``Target`` is kept in the note. Raises ``coin_column``, ``coin_type``, ``coin_direction``,
    ``coin_root`` with the row.
    """
    faults: list[TiduError] = []
    if not meta:
        raise DataError("coin_empty", file="iMeta")
    for name in _META:
        if name not in meta[0]:
            faults.append(
                DataError("coin_column", column=name, file="iMeta", known=listing(meta[0]), did_you_mean=nearest(name, meta[0]))
            )
    raise_all(faults)
    pillars: dict[str, Any] = {}
    indicators: dict[str, Any] = {}
    roots = [row for row in meta if row["Type"] == "Aggregate" and row["Parent"] in _EMPTY]
    if len(roots) != 1:
        again = meta.index(roots[1]) + 2 if roots else None
        raise DataError("coin_root", row=again, column="Parent", file="iMeta", roots=listing(row["iCode"] for row in roots) or "–")
    root = roots[0]["iCode"]
    codes = [row["iCode"] for row in meta]
    above = [row["iCode"] for row in meta if row["Type"] == "Aggregate"]
    seen: dict[str, int] = {}
    for at, row in enumerate(meta, start=2):
        if row["iCode"] in _EMPTY:
            faults.append(DataError("coin_code", row=at, column="iCode", file="iMeta"))
            continue
        if row["Type"] not in _KINDS:
            faults.append(
                DataError(
                    "coin_type",
                    row=at,
                    column="Type",
                    file="iMeta",
                    value=row["Type"],
                    known=listing(_KINDS),
                    did_you_mean=nearest(row["Type"], _KINDS),
                )
            )
            continue
        if row["iCode"] in seen:
            faults.append(
                DataError("coin_twice", row=at, column="iCode", file="iMeta", value=row["iCode"], first=seen[row["iCode"]])
            )
        seen[row["iCode"]] = at
        if row["Type"] not in ("Indicator", "Aggregate") or row["iCode"] == root:
            continue
        if row["Parent"] not in above:
            faults.append(_unknown("coin_parent", at, "Parent", row, above))
        if row.get("Denominator", "") not in (*_EMPTY, *codes):
            faults.append(_unknown("coin_denominator", at, "Denominator", row, codes))
        weight = number_of(row["Weight"])
        if weight is None or np.isnan(weight):
            guess = likely_number(row["Weight"])
            faults.append(
                DataError("bad_number", row=at, column="Weight", file="iMeta", value=row["Weight"] or "–", did_you_mean=guess)
            )
            continue
        item: dict[str, Any] = {"weight": weight}
        if row.get("iName", "") not in _EMPTY:
            item["label"] = {"en": row["iName"]}
        if row["Parent"] != root:
            item["parent"] = row["Parent"]
        if row["Type"] == "Aggregate":
            pillars[row["iCode"]] = item
            continue
        if row["Direction"] not in ("1", "-1"):
            faults.append(DataError("coin_direction", row=at, column="Direction", file="iMeta", value=row["Direction"]))
            continue
        item["better"] = "higher" if row["Direction"] == "1" else "lower"
        if row.get("Denominator", "") not in _EMPTY:
            item["per"] = row["Denominator"]
        if row.get("Unit", "") not in _EMPTY:
            item["unit"] = row["Unit"]
        if row.get("Target", "") not in _EMPTY:
            item["note"] = {"en": f"Target {row['Target']}"}
        indicators[row["iCode"]] = item
    raise_all(faults)
    title = next((row["iName"] for row in roots if row.get("iName")), root)
    return {
        "index": {"schema": 1, "code": root if code is None else code, "title": {"en": title}},
        "pillar": pillars,
        "indicator": indicators,
    }


def _unknown(code: str, row: int, column: str, cells: Row, among: Sequence[str]) -> DataError:
    found, known = cells[column], [name for name in among if name not in _EMPTY]
    guess = nearest(found, known)
    if code == "coin_parent":
        return DataError(
            "coin_parent",
            row=row,
            column=column,
            file="iMeta",
            code_=cells["iCode"],
            value=found or "–",
            known=listing(known),
            did_you_mean=guess,
        )
    return DataError(
        "coin_denominator",
        row=row,
        column=column,
        file="iMeta",
        code_=cells["iCode"],
        value=found,
        known=listing(known),
        did_you_mean=guess,
    )


def framework_of(meta: Sequence[Row], **steps: Mapping[str, Any]) -> Framework:
    """The framework of an iMeta table, with the tables of steps laid beside it (``treat={…}``, ``normalise={…}``)."""
    return Framework.of({**spec_of(meta), **steps}, file="iMeta")


def panel_of(data: Sequence[Row], meta: Sequence[Row]) -> Panel:
    """The panel of an iData table: indicators and denominators as columns, groups as attributes, ``Time`` as period.

    Raises ``coin_column`` for a column that iMeta names and iData lacks, ``bad_number``, ``row_twice`` with the row.
    """
    if not data:
        raise DataError("coin_empty", file="iData")
    kinds = {row["iCode"]: row["Type"] for row in meta}
    wanted = [code for code, kind in kinds.items() if kind in ("Indicator", "Denominator")]
    attributes = [code for code, kind in kinds.items() if kind == "Group"]
    faults: list[TiduError] = [
        DataError("coin_column", column=name, file="iData", known=listing(data[0]), did_you_mean=nearest(name, data[0]))
        for name in ("uCode", *wanted, *attributes)
        if name not in data[0]
    ]
    raise_all(faults)
    units = tuple(dict.fromkeys(row["uCode"] for row in data))
    periods = tuple(sorted({row.get("Time", "") or UNDATED for row in data}))
    values = np.full((len(units), len(periods), len(wanted)), np.nan)
    seen: dict[tuple[str, str], int] = {}
    members = {name: [""] * len(units) for name in attributes}
    names: dict[str, dict[str, str]] = {}
    for at, row in enumerate(data, start=2):
        time = row.get("Time", "")
        if time and not PERIOD.match(time):
            faults.append(DataError("bad_period", row=at, column="Time", file="iData", period=time))
            continue
        key = (row["uCode"], row.get("Time", "") or UNDATED)
        if not row["uCode"]:
            faults.append(DataError("empty_unit", row=at, column="uCode", file="iData"))
            continue
        if key in seen:
            faults.append(DataError("row_twice", row=at, first=seen[key], unit=key[0], period=key[1], file="iData"))
            continue
        seen[key] = at
        u, t = units.index(key[0]), periods.index(key[1])
        for k, code in enumerate(wanted):
            if row[code] in _EMPTY:
                continue
            number = number_of(row[code])
            if number is None:
                guess = likely_number(row[code])
                faults.append(DataError("bad_number", row=at, column=code, file="iData", value=row[code], did_you_mean=guess))
                continue
            values[u, t, k] = number
        for name in attributes:
            members[name][u] = row[name]
        if row.get("uName"):
            names[row["uCode"]] = {"en": row["uName"]}
    raise_all(faults)
    return Panel.of(units, periods, wanted, values, groups={name: tuple(texts) for name, texts in members.items()}, names=names)


def check_pair(framework: Framework, panel: Panel) -> None:
    """Nothing when every indicator's parent and denominator is there; :class:`Framework` and ``build`` check the rest."""
    for code in framework.leaves:
        per = framework.table.indicator[code].per
        if per is not None and per not in panel.columns:
            raise SpecError("no_such_column", address=f"indicator.{code}.per", name=per, known=listing(panel.columns))
