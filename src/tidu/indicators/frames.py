"""Frames in and out: pandas, Polars, PyArrow or plain dictionaries become a Panel, and tables go back in the caller's kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.core.stats import Array
from tidu.core.words import UNDATED
from tidu.indicators.panel import PERIOD, STATUS, TIME, UNIT, Panel, likely_number, number_of

Names = Mapping[str, Mapping[str, str]]


def panel_of(
    data: Any,
    *,
    unit: str = "unit",
    period: str | None = "period",
    groups: Sequence[str] = (),
    name: str | None = None,
    figures: Collection[str] = (),
) -> Panel:
    """A Panel of a frame with one row a unit and period: every other numeric column becomes a column of the panel.

    A column ``NAME.se`` holds the standard errors of the column NAME, ``NAME.status`` its status letters (SDMX).

    Args:
        data: a pandas or Polars frame, a PyArrow table, or a mapping of column name → list.
        unit: column of unit codes.
        period: column of ISO periods, or ``None`` when all rows are of one period.
        groups: text columns kept as attributes of the unit.
        name: column with the unit's name.
        figures: columns that must be numbers; a text there is an error.

    Raises ``no_data_column``, ``row_twice`` with the rows, ``bad_number``, ``bad_standard_error``, ``bad_status``,
    ``status_against_value`` with row and column.

    >>> panel_of({"unit": ["a", "b"], "period": [2023, 2023], "gdp": [1.0, 2.0]}).shape
    (2, 1, 1)
    """
    columns, kind = _columns(data)
    unit, period = _alias(unit, "unit", UNIT, columns), _alias(period, "period", TIME, columns)
    for key, wanted in (("unit", unit), ("period", period), *(("groups", group) for group in groups), ("name", name)):
        if wanted is not None and wanted not in columns:
            raise DataError("no_data_column", column=wanted, key=key, known=listing(columns), did_you_mean=nearest(wanted, columns))
    unit_texts = [_text(value) for value in columns[unit]]
    period_texts = [_text(value) for value in columns[period]] if period else [UNDATED] * len(unit_texts)
    for row, (who, when) in enumerate(zip(unit_texts, period_texts, strict=True), start=2):
        if not who:
            raise DataError("empty_unit", row=row, column=unit)
        if not when:
            raise DataError("empty_period", row=row, column=period)
        if period and not PERIOD.match(when):
            raise DataError("bad_period", row=row, column=period, period=when)
    if not unit_texts:
        raise DataError("only_headings", row=1)
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
    beside = {end: {one.removesuffix(end): one for one in columns if one.endswith(end)} for end in (".se", ".status")}
    aside = {unit, period, name, *groups, *beside[".se"].values(), *beside[".status"].values()}
    chosen = [column for column in columns if column not in aside and (column in figures or _numeric(columns[column]))]
    values = np.full((len(units), len(periods), len(chosen)), np.nan)
    at = np.array(rows)
    for k, column in enumerate(chosen):
        values[at[:, 0], at[:, 1], k] = _floats(columns[column], column)
    for heading in (one for named in beside.values() for column, one in named.items() if column not in chosen):
        wanted = heading.rpartition(".")[0]
        raise DataError("status_without_column", row=1, column=heading, did_you_mean=nearest(wanted, chosen))
    errors = np.full(values.shape, np.nan)
    letters = np.where(np.isnan(values), "O", "A")
    for k, column in enumerate(chosen):
        if column in beside[".se"]:
            errors[at[:, 0], at[:, 1], k] = _errors(columns[beside[".se"][column]], beside[".se"][column])
        if column in beside[".status"]:
            heading = beside[".status"][column]
            letters[at[:, 0], at[:, 1], k] = _letters(columns[heading], heading, values[at[:, 0], at[:, 1], k], columns[column])
    members = {group: _attribute(columns[group], rows, len(units)) for group in groups}
    names: Names = (
        {} if name is None else {units[u]: {"zh": text} for u, text in enumerate(_attribute(columns[name], rows, len(units)))}
    )
    return Panel.of(
        units,
        periods,
        chosen,
        values,
        status=letters,
        groups=members,
        names=names,
        kind=kind,
        standard_error=errors if beside[".se"] else None,
    )


def _alias(name: Any, default: str, known: Sequence[str], columns: Mapping[str, Any]) -> Any:
    """The column that stands for a default name that is not there: one of the headings that files may use for it."""
    if name != default or name in columns:
        return name
    low = {column.lower(): column for column in columns}
    return next((low[other] for other in known if other in low), name)


def _columns(data: Any) -> tuple[dict[str, Sequence[Any]], str]:
    if isinstance(data, Mapping):
        if any(isinstance(values, str) or not hasattr(values, "__len__") for values in data.values()):
            raise UsageError("not_a_frame", kind="mapping without lists")
        sizes = {len(values) for values in data.values()}
        if len(sizes) > 1:
            raise DataError("ragged_columns", sizes=listing(sorted(sizes)))
        return {str(key): values for key, values in data.items()}, "dict"
    import narwhals as nw

    try:
        frame = nw.from_native(data)
    except TypeError:
        raise UsageError("not_a_frame", kind=type(data).__name__) from None
    except nw.exceptions.DuplicateError as failure:
        raise DataError("frame_columns_twice", why=str(failure).splitlines()[0]) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return {column: eager[column].to_list() for column in eager.columns}, str(eager.implementation)


def _text(value: Any) -> str:
    if _hole(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _hole(value: Any) -> bool:
    """Whether a cell is one of the ways in which frame libraries write that nothing is there."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and bool(np.isnan(value)))


def _numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds a number, or nothing at all."""
    seen = [value for value in values if not _hole(value)]
    return not seen or any(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in seen)


def _floats(values: Sequence[Any], column: str) -> Array:
    out = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if _hole(value):
            continue
        number = number_of(value.item() if isinstance(value, np.generic) else value)
        if number is None:
            raise DataError("bad_number", row=row + 2, column=column, value=str(value), did_you_mean=likely_number(value))
        out[row] = number
    return out


def _errors(values: Sequence[Any], column: str) -> Array:
    """Standard errors of a column; one below zero raises ``bad_standard_error``."""
    out = _floats(values, column)
    for row in np.flatnonzero(out < 0).tolist():
        raise DataError("bad_standard_error", row=row + 2, column=column, value=str(values[row]))
    return out


def _letters(values: Sequence[Any], column: str, figures: Array, printed: Sequence[Any]) -> NDArray[np.str_]:
    """Status letters of a column of figures: as given, or plain and missing as the figures are."""
    out = np.where(np.isnan(figures), "O", "A")
    for row, value in enumerate(values):
        said = _text(value).upper()
        if not said:
            continue
        if said not in STATUS:
            raise DataError("bad_status", row=row + 2, column=column, value=said, known=listing(STATUS))
        if (said in "OLM") != bool(np.isnan(figures[row])):
            raise DataError("status_against_value", row=row + 2, column=column, letter=said, value=_text(printed[row]) or "–")
        out[row] = said
    return out


def _attribute(values: Sequence[Any], rows: Sequence[tuple[int, int]], count: int) -> tuple[str, ...]:
    found = [""] * count
    for value, (u, _) in zip(values, rows, strict=True):
        found[u] = found[u] or _text(value)
    return tuple(found)


def to_native(units: Sequence[str], periods: Sequence[str], codes: Sequence[str], table: Array, kind: str | None) -> Any:
    """A (units, periods, codes) table as a frame with columns ``unit``, ``period`` and the codes.

    ``kind`` is ``pandas``, ``polars``, ``pyarrow`` or ``dict``. Raises ``unknown_frame_kind``.
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
    if kind not in ("pandas", "polars", "pyarrow", "modin", "cudf"):
        known = ("dict", "pandas", "polars", "pyarrow")
        raise UsageError("unknown_frame_kind", name=kind, known=listing(known), did_you_mean=nearest(kind, known))
    import narwhals as nw

    return nw.from_dict(columns, backend=cast(Any, kind)).to_native()
