"""From contributions to a panel: summed as whole parts, divided once, with an account of what has no city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array
from tidu.indicators import shipped
from tidu.indicators.account import Account, told_year
from tidu.indicators.measure_file import Column, Order
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import ABROAD, CRITERIA, UNRESOLVED, Measure, Rule
from tidu.indicators.measures.records import Records, last_day
from tidu.indicators.measures.sums import Sums, collected
from tidu.indicators.panel import Panel

#: So many days may pass before an application is published (18 months), and a year is whole though its last month is not.
SECRET, GRACE = 548, 31
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Measured:
    """A panel of measured columns with the account of each, and their contributions by part where they have parts."""

    panel: Panel
    accounts: tuple[Account, ...]
    parts: tuple[Mapping[str, Any], ...] = ()


def measured(records: Records, order: Order) -> Measured:
    """The panel of an order: unit × year × column, with status, counts and lineage.

    A city without a contribution has nought in every year between the first and the last in which anybody has one; other years are
    missing: the records do not reach them. Years of which not all may be known yet are provisional (``P``). Means, and what is told
    of a city's parts, are missing where a city has nothing. Figures are rounded to 12 significant digits.
    """
    first, last = _span(order)
    made = _Table(records, order, range(first, last + 1))
    own = [column for column in order.columns if column.measure is not None]
    sums = {column.name: made.sums(column) for column in own}
    units = _units(order, sums)
    raw = {column.name: made.plain(column, units) for column in order.columns}
    values, letters, counts = [], [], []
    keep = [t for t, year in enumerate(made.years) if year in order.columns[0].rule.years]
    for column in order.columns:
        value, status, count = made.divided(column, units, raw)
        values.append(value[:, keep])
        letters.append(status[:, keep])
        counts.append(count[:, keep])
    known = {row["adcode"]: {"zh": row["name_short_zh"], "en": row["name_en"]} for row in shipped.table("gazetteer.csv")}
    accounts = tuple(made.account(column, sums[column.name], keep) for column in own)
    until = max((one.until for one in accounts), default="")
    panel = Panel.of(
        units,
        tuple(str(made.years[t]) for t in keep),
        tuple(column.name for column in order.columns),
        np.stack(values, axis=2),
        rounded=True,
        status=np.stack(letters, axis=2),
        names={unit: known[unit] for unit in units if unit in known},
        vintage=f"records until {until}" if until else None,
        lineage={column.name: _lineage(column, order, made.rule(column)) for column in order.columns},
        count=np.stack(counts, axis=2),
    )
    return Measured(panel, accounts, made.by_part(own, sums, keep))


def rows_of(panel: Panel) -> list[dict[str, Any]]:
    """A panel as one row a unit and year: names, figures, the status of each; a missing figure is nothing.

    >>> rows_of(Panel.of(["330100"], ["2023"], ["filed"], [[[2.0]]], names={"330100": {"zh": "杭州", "en": "Hangzhou"}}))
    [{'unit': '330100', 'name': '杭州', 'name_en': 'Hangzhou', 'period': '2023', 'filed': 2.0, 'filed.status': 'A'}]
    """
    letters, rows = panel.letters(), []
    for u, unit in enumerate(panel.units):
        names = {"name": panel.name(unit, "zh"), "name_en": panel.name(unit, "en")}
        for t, period in enumerate(panel.periods):
            row: dict[str, Any] = {"unit": unit, **names, "period": period}
            for k, name in enumerate(panel.columns):
                value = float(panel.values[u, t, k])
                row[name] = None if np.isnan(value) else value
                row[f"{name}.status"] = str(letters[u, t, k])
            rows.append(row)
    return rows


class _Table:
    """What is worked out once for an order: sums of measures, values of columns over all years."""

    def __init__(self, records: Records, order: Order, years: range) -> None:
        self.records, self.order, self.years = records, order, years
        self._sums: dict[tuple[str, Rule], Sums] = {}
        self._rules: dict[str, Rule] = {}

    def rule(self, column: Column) -> Rule:
        """The rule of a column over all years, settled by what the records can tell."""
        if column.name not in self._rules:
            rule = replace(column.rule, first=self.years[0], last=self.years[-1])
            own = column.measure
            self._rules[column.name] = own.settle(self.records, rule) if own is not None and own.settle else rule
        return self._rules[column.name]

    def sums(self, column: Column) -> Sums:
        """The sums of a column's measure."""
        assert column.measure is not None
        return self._summed(column.measure, self.rule(column))

    def _summed(self, own: Measure, rule: Rule) -> Sums:
        if (own.code, rule) not in self._sums:
            found = Sums({}, {}, {}, {}) if self.empty(own) else collected(self.records, own, rule)
            self._sums[own.code, rule] = found
        return self._sums[own.code, rule]

    def empty(self, own: Measure) -> tuple[str, ...]:
        """The linked tables that a measure needs and that have no row: nothing is told, which is not nought."""
        return tuple(name for name in own.needs if self.records.empty(name))

    def plain(self, column: Column, units: tuple[str, ...]) -> tuple[Array, NDArray[np.str_], NDArray[np.int64]]:
        """Values, status letters and rows of a column before it is divided by what the file names."""
        shape = (len(units), len(self.years))
        if column.measure is None:
            assert column.figure is not None
            values, letters = _figures(self.order.figures[column.figure], column.figure, units, self.years)
            return values, letters, np.zeros(shape, dtype=np.int64)
        own, sums = column.measure, self.sums(column)
        values, counts = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
        letters = np.full(shape, "O")
        place = {unit: at for at, unit in enumerate(units)}
        for t, year in enumerate(self.years):
            letter = self.letter(column, sums, year)
            if letter != "O":
                values[:, t] = np.nan if own.mean or own.finish else 0.0
                letters[:, t] = letter
        for (unit, year), rows in sums.rows.items():
            t = year - self.years[0]
            if unit in place and letters[place[unit], t] != "O":
                counts[place[unit], t] = rows
                below = sums.weight[unit, year] if own.mean else own.scale
                if not own.finish and below:
                    values[place[unit], t] = sums.share[unit, year] / below
        if own.finish:
            self._finished(column, sums, place, values)
        if own.over is not None:
            below_sums = self._summed(measure_of(own.over), self.rule(column))
            for (unit, t), value in np.ndenumerate(values):
                whole = below_sums.share.get((units[unit], self.years[t]), 0)
                values[unit, t] = value * own.scale / whole if whole else np.nan
        letters[np.isnan(values)] = "O"
        return values, letters, counts

    def _finished(self, column: Column, sums: Sums, place: Mapping[str, int], values: Array) -> None:
        own = column.measure
        assert own is not None and own.finish is not None
        for t, year in enumerate(self.years):
            rows = sorted(unit for unit, when in sums.parts if when == year)
            names = sorted({part for unit in rows for part in sums.parts[unit, year]})
            if rows:
                table = np.array([[sums.parts[unit, year].get(part, 0) / own.scale for part in names] for unit in rows])
                for unit, value in zip(rows, own.finish(table, names, column.rule), strict=True):
                    if unit in place:
                        values[place[unit], t] = value

    def letter(self, column: Column, sums: Sums, year: int) -> str:
        """The status of a year of a column: nothing told, not yet whole, or as it is."""
        own = column.measure
        assert own is not None
        seen = sorted({when for _, when in sums.rows})
        until = self.records.until(own.dated)
        if not seen or not seen[0] <= year <= seen[-1]:
            return "O"
        if own.stock and until is not None and last_day(year - 1) >= until:
            return "O"
        late = own.dated == "application" and column.rule.clock in ("filing", "priority")
        wait = SECRET if late and column.rule.kind not in ("utility_model", "design") else 0
        whole = last_day(year + own.window) + wait - GRACE
        return "A" if until is None or until >= whole else "P"

    def divided(
        self, column: Column, units: tuple[str, ...], raw: Mapping[str, tuple[Array, NDArray[np.str_], NDArray[np.int64]]]
    ) -> tuple[Array, NDArray[np.str_], NDArray[np.int64]]:
        """A column as it was asked for: over its denominator, times its scale, as growth."""
        values, letters, counts = raw[column.name]
        made, status = values.copy(), letters.copy()
        if column.per is not None:
            if column.per in raw:
                below, told = raw[column.per][:2]
            else:
                below, told = _figures(self.order.figures[column.per], column.per, units, self.years)
            if column.base == "previous":
                below, told = _before(below, np.nan), _before(told, "O")
            made = _quotient(made, below)
            status = np.where((status == "A") & ~np.isin(told, ["A", "O"]), told, status)
        if column.growth is not None:
            if column.growth == "previous":
                base, told = _before(made, np.nan), _before(status, "O")
            else:
                at = column.growth - self.years[0]
                base, told = np.repeat(made[:, [at]], len(self.years), axis=1), np.repeat(status[:, [at]], len(self.years), axis=1)
            made = _quotient(made, base) - 1
            status = np.where((status == "A") & (told == "P"), told, status)
        made = made * column.scale
        return made, np.where(np.isnan(made), "O", status), counts

    def account(self, column: Column, sums: Sums, keep: list[int]) -> Account:
        """What a column was made of, year by year."""
        own, rule = column.measure, self.rule(column)
        assert own is not None
        years = tuple(told_year(own, sums, self.years[t], self.letter(column, sums, self.years[t])) for t in keep)
        until = self.records.until(own.dated)
        asked = column.rule.criteria or CRITERIA
        lacking = tuple(one for one in asked if one not in rule.criteria) if "criteria" in own.heeds else ()
        day = "" if until is None else date.fromordinal(until + _EPOCH.toordinal()).isoformat()
        return Account(column.name, own.code, own.told(rule), years, day, lacking, own.mean, self.empty(own))

    def by_part(self, columns: list[Column], sums: Mapping[str, Sums], keep: list[int]) -> tuple[Mapping[str, Any], ...]:
        """The sums of columns that have parts: one row a unit, year and part."""
        rows: list[Mapping[str, Any]] = []
        years = {self.years[t] for t in keep}
        for column in columns:
            assert column.measure is not None
            for (unit, year), parts in sorted(sums[column.name].parts.items()):
                if year in years:
                    scale = column.measure.scale
                    rows += [
                        {"column": column.name, "unit": unit, "period": year, "part": part, "value": share / scale}
                        for part, share in sorted(parts.items())
                    ]
        return tuple(rows)


def _span(order: Order) -> tuple[int, int]:
    """The years that must be worked out: those asked for, and earlier ones that bases name."""
    first = min(column.rule.first for column in order.columns)
    last = max(column.rule.last for column in order.columns)
    early = [first]
    for column in order.columns:
        back = int(column.base == "previous") + int(column.growth == "previous")
        named = column.growth if isinstance(column.growth, int) else first
        early.append(min(first, named) - back)
        last = max(last, named)
    return min(early), last


def _units(order: Order, sums: Mapping[str, Sums]) -> tuple[str, ...]:
    if isinstance(order.units, tuple):
        return order.units
    if order.units == "gazetteer":
        return tuple(sorted(row["adcode"] for row in shipped.table("gazetteer.csv") if row["in_city_yearbook"] == "1"))
    seen = {unit for one in sums.values() for unit, _ in one.rows}
    seen |= {unit for column in order.columns if column.figure for unit in order.figures[column.figure].units}
    return tuple(sorted(seen - {UNRESOLVED, ABROAD}))


def _figures(panel: Panel, column: str, units: tuple[str, ...], years: range) -> tuple[Array, NDArray[np.str_]]:
    """A column of a table of figures with its status, for units and years."""
    figures, status = panel.column(column), panel.letters()[:, :, panel.position(column)]
    made, letters = np.full((len(units), len(years)), np.nan), np.full((len(units), len(years)), "O")
    at_unit = {unit: at for at, unit in enumerate(panel.units)}
    at_year = {period: at for at, period in enumerate(panel.periods)}
    for u, unit in enumerate(units):
        for t, year in enumerate(years):
            if unit in at_unit and str(year) in at_year:
                made[u, t] = figures[at_unit[unit], at_year[str(year)]]
                letters[u, t] = status[at_unit[unit], at_year[str(year)]]
    return made, letters


def _before(table: Any, empty: Any) -> Any:
    """A table of units by years, each year holding what the year before held."""
    made = np.full(table.shape, empty)
    made[:, 1:] = table[:, :-1]
    return made


def _quotient(top: Array, below: Array) -> Array:
    """One over the other; nothing where what stands below is nought."""
    with np.errstate(divide="ignore", invalid="ignore"):
        made: Array = top / np.where(below != 0, below, np.nan)
    return made


def _lineage(column: Column, order: Order, rule: Rule) -> str:
    if column.measure is None:
        text = f"figure: {column.figure}"
    else:
        told = ", ".join(f"{key} = {value}" for key, value in column.measure.told(rule).items())
        text = f"records: {column.measure.code}" + (f" ({told})" if told else "")
    if column.per is not None:
        text += f" per {column.per} ({column.base} year) × {column.scale:g}"
    if column.growth is not None:
        text += f", growth on {column.growth}"
    sources = [said for said in dict.fromkeys((order.sources or {}).values()) if said]
    from_table = column.figure is not None or column.per in order.figures
    return text + (f"; {'; '.join(sources)}" if sources and from_table else "")
