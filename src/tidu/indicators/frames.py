"""Frames in and out: pandas, Polars, PyArrow or plain dictionaries become a Panel, and tables go back in the caller's kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.indicators.panel import Panel

Names = Mapping[str, Mapping[str, str]]


def panel_of(
    data: Any,
    *,
    unit: str = "unit",
    period: str | None = "period",
    groups: Sequence[str] = (),
    name: str | None = None,
) -> Panel:
    """A Panel of a frame with one row a unit and period: every other numeric column becomes a column of the panel.

    Args:
        data: a pandas or Polars frame, a PyArrow table, or a mapping of column name → list.
        unit: column of unit codes.
        period: column of ISO periods, or ``None`` when all rows are of one period.
        groups: text columns kept as attributes of the unit.
        name: column with the unit's name.

    Raises ``no_such_column``, ``row_twice`` with the rows, ``bad_number`` with row and column.

    >>> panel_of({"unit": ["a", "b"], "period": [2023, 2023], "gdp": [1.0, 2.0]}).shape
    (2, 1, 1)
    """
    columns, kind = _columns(data)
    for key, wanted in (("unit", unit), ("period", period), *(("groups", group) for group in groups), ("name", name)):
        if wanted is not None and wanted not in columns:
            raise DataError("no_data_column", column=wanted, key=key, known=listing(columns), did_you_mean=nearest(wanted, columns))
    unit_texts = [_text(value) for value in columns[unit]]
    period_texts = [_text(value) for value in columns[period]] if period else ["0000"] * len(unit_texts)
    for row, (who, when) in enumerate(zip(unit_texts, period_texts, strict=True), start=2):
        if not who:
            raise DataError("empty_unit", row=row, column=unit)
        if not when:
            raise DataError("empty_period", row=row, column=period)
    units = tuple(dict.fromkeys(unit_texts))
    periods = tuple(sorted(set(period_texts)))
    place_u = {code: at for at, code in enumerate(units)}
    place_t = {code: at for at, code in enumerate(periods)}
    rows = [(place_u[who], place_t[when]) for who, when in zip(unit_texts, period_texts, strict=True)]
    first: dict[tuple[int, int], int] = {}
    for row, key_ in enumerate(rows, start=2):
        if key_ in first:
            raise DataError("row_twice", row=row, first=first[key_], unit=units[key_[0]], period=periods[key_[1]])
        first[key_] = row
    aside = {unit, period, name, *groups}
    figures = [column for column in columns if column not in aside and _numeric(columns[column])]
    values = np.full((len(units), len(periods), len(figures)), np.nan)
    at = np.array(rows)
    for k, column in enumerate(figures):
        values[at[:, 0], at[:, 1], k] = _floats(columns[column], column)
    members = {group: _attribute(columns[group], rows, len(units)) for group in groups}
    names: Names = (
        {} if name is None else {units[u]: {"zh": text} for u, text in enumerate(_attribute(columns[name], rows, len(units)))}
    )
    return Panel.of(units, periods, figures, values, groups=members, names=names, kind=kind)


def _columns(data: Any) -> tuple[dict[str, Sequence[Any]], str]:
    if isinstance(data, Mapping):
        sizes = {len(values) for values in data.values()}
        if len(sizes) > 1:
            raise DataError("ragged_columns", sizes=listing(sorted(sizes)))
        return {str(key): values for key, values in data.items()}, "dict"
    import narwhals as nw

    try:
        frame = nw.from_native(data)
    except TypeError:
        raise UsageError("not_a_frame", kind=type(data).__name__) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return {column: eager[column].to_list() for column in eager.columns}, str(eager.implementation)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _numeric(values: Sequence[Any]) -> bool:
    return any(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values) or all(
        value is None for value in values
    )


def _floats(values: Sequence[Any], column: str) -> Array:
    out = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if value is None:
            continue
        try:
            out[row] = float(value)
        except (TypeError, ValueError):
            raise DataError("bad_number", row=row + 2, column=column, value=str(value)) from None
        if np.isinf(out[row]):
            raise DataError("bad_number", row=row + 2, column=column, value=str(value))
    return out


def _attribute(values: Sequence[Any], rows: Sequence[tuple[int, int]], count: int) -> tuple[str, ...]:
    found = [""] * count
    for value, (u, _) in zip(values, rows, strict=True):
        found[u] = found[u] or _text(value)
    return tuple(found)


def to_native(units: Sequence[str], periods: Sequence[str], codes: Sequence[str], table: Array, kind: str | None) -> Any:
    """A (units, periods, codes) table as a frame with columns ``unit``, ``period`` and the codes.

    ``kind`` is ``pandas``, ``polars``, ``pyarrow`` or ``dict``; anything else gives plain lists.
    """
    columns: dict[str, list[Any]] = {
        "unit": [unit for unit in units for _ in periods],
        "period": [period for _ in units for period in periods],
    }
    flat = table.reshape(-1, len(codes))
    for k, code in enumerate(codes):
        columns[code] = flat[:, k].tolist()
    if kind is None or kind == "dict":
        return columns
    import narwhals as nw

    return nw.from_dict(columns, backend=cast(Any, kind)).to_native()
