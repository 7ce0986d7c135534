"""The account of a measured column: what it was made of year by year, what has no city, what could not be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import ABROAD, UNRESOLVED, Measure
from tidu.indicators.measures.sums import Sums


@dataclass(frozen=True)
class Year:
    """What one year of a column was made of: rows, their sum (of a mean: the mean), what has no city and what is abroad."""

    year: int
    status: str
    rows: int
    total: float
    unresolved: float
    abroad: float


@dataclass(frozen=True)
class Account:
    """What a column was made of: its measure and rule, years, and what could not be told.

    Args:
        column, measure: their names.
        rule: the parameters that it stands by.
        years: one by one.
        until: the last day that its records tell of; empty where none is told.
        lacking: criteria that were asked for and cannot be computed.
        empty: linked tables without a row that it needs; it has no figure then.
        mean: whether the sums of the years are means, and what is without a city a share of what was averaged.
    """

    column: str
    measure: str
    rule: Mapping[str, Any]
    years: tuple[Year, ...]
    until: str
    lacking: tuple[str, ...] = ()
    mean: bool = False
    empty: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many contributions it has."""
        return sum(one.rows for one in self.years)

    @property
    def total(self) -> float:
        """The sum of its contributions; of a mean or a stock, which are not added, that of the last year that has any."""
        return self._last(lambda one: one.total) if self.mean or self.stock else sum(one.total for one in self.years)

    @property
    def stock(self) -> bool:
        """Whether it counts what there is at the end of a year."""
        return measure_of(self.measure).stock

    @property
    def unresolved(self) -> float:
        """The share of it that has no city."""
        return self._share(lambda one: one.unresolved)

    @property
    def abroad(self) -> float:
        """The share of it that is abroad."""
        return self._share(lambda one: one.abroad)

    def told(self) -> dict[str, Any]:
        """The account as plain values, years as rows."""
        shares = {"rows": self.rows, "total": self.total, "unresolved": self.unresolved, "abroad": self.abroad}
        return {**asdict(self), **shares, "years": [asdict(one) for one in self.years]}

    def rows_by_year(self) -> list[dict[str, Any]]:
        """One row a year, with the rule that the numbers stand by."""
        rule = ", ".join(f"{key} = {value}" for key, value in self.rule.items())
        told = {"column": self.column, "measure": self.measure, "rule": rule, "records_until": self.until}
        return [{**told, **asdict(one), "lacking": "; ".join((*self.lacking, *self.empty))} for one in self.years]

    def _last(self, of: Any) -> float:
        return float(next((of(one) for one in reversed(self.years) if one.rows), 0.0))

    def _share(self, of: Any) -> float:
        if self.mean:
            rows = sum(one.rows for one in self.years)
            return sum(of(one) * one.rows for one in self.years) / rows if rows else 0.0
        whole = sum(one.total for one in self.years)
        return sum(of(one) for one in self.years) / whole if whole else 0.0


def told_year(own: Measure, sums: Sums, year: int, letter: str) -> Year:
    """What one year of a measure was made of, with its status letter."""
    units = {unit for unit, when in sums.rows if when == year}
    share = {unit: sums.share[unit, year] for unit in units}
    rows = sum(sums.rows[unit, year] for unit in units)
    if own.mean:
        weight = {unit: sums.weight[unit, year] for unit in units}
        all_ = sum(weight.values())
        total = sum(share.values()) / all_ if all_ else 0.0
        aside = [weight.get(unit, 0) / all_ if all_ else 0.0 for unit in (UNRESOLVED, ABROAD)]
    else:
        total = sum(share.values()) / own.scale
        aside = [share.get(unit, 0) / own.scale for unit in (UNRESOLVED, ABROAD)]
    return Year(year, letter, rows, total, aside[0], aside[1])
