"""Linked records as measures see them: tables as lazy frames of one engine, supplied tables beside them, each made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidu.core.errors import UsageError
from tidu.indicators.measures.supplied import SUPPLIED
from tidu.records.linked import LINKED
from tidu.records.schema import TYPES

if TYPE_CHECKING:
    import narwhals as nw

    from tidu.engine.port import Engine

_EPOCH = date(1970, 1, 1)
#: The days of tables that tell until when records reach, by what dates a measure; the second day where a row lacks the first.
_LATEST: dict[str, tuple[tuple[str, ...], ...]] = {
    "application": (("application", "first_publication_day"), ("application", "granted_day")),
    "state": (
        ("application", "first_publication_day"),
        ("application", "granted_day"),
        ("event", "published_day", "effective_day"),
    ),
    "event": (("event", "published_day", "effective_day"),),
    "contract": (("contract", "signed_day"),),
    "right": (("right", "registered_day"),),
}
#: Supplied tables by name: column → cells.
Supplied = Mapping[str, Mapping[str, Sequence[Any]]]


def types_of(table: str) -> dict[str, str]:
    """The columns of a linked table and their SQL types, the day number of each date beside it.

    >>> list(types_of("state"))
    ['appno', 'state', 'from', 'from_day', 'to', 'to_day', 'contract']
    """
    found: dict[str, str] = {}
    for column in LINKED[table].columns:
        found[column.name] = TYPES[column.kind]
        if column.kind == "date":
            found[f"{column.name}_day"] = "INTEGER"
    return found


def last_day(year: int) -> int:
    """The day number of a year's 31 December.

    >>> last_day(1970)
    364
    """
    return (date(year, 12, 31) - _EPOCH).days


@dataclass(frozen=True, eq=False)
class Records:
    """The linked tables in a folder on an engine; ``supplied`` are tables of the user, checked when they were read."""

    engine: Engine
    folder: Path
    supplied: Supplied = field(default_factory=dict)
    _made: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict)
    _days: dict[str, int | None] = field(default_factory=dict)
    _empty: dict[str, bool] = field(default_factory=dict)

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """A linked table; empty where the records hold none."""
        if name not in self._made:
            one, many = self.folder / f"{name}.parquet", self.folder / name
            files = [one] if one.exists() else sorted(many.glob("*.parquet"))
            self._made[name] = self.engine.scan(files, types_of(name))
        return self._made[name]

    def once(self, name: str, make: Callable[[], nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
        """A frame that several measures use, worked out when it is first asked for."""
        if name not in self._made:
            self._made[name] = self.engine.materialise(make())
        return self._made[name]

    def given(self, name: str) -> nw.LazyFrame[Any]:
        """A supplied table, columns of its own types. Raises ``input_missing`` where the user gave none."""
        if name not in self.supplied:
            raise UsageError("input_missing", name=name)
        if f"given {name}" not in self._made:
            types = {one.name: TYPES[one.kind] for one in SUPPLIED[name].columns}
            self._made[f"given {name}"] = self.engine.small(self.supplied[name], types)
        return self._made[f"given {name}"]

    def until(self, dated: str) -> int | None:
        """The last day that the rows tell of by which something is dated (:data:`~.definition.Dated`); nothing where none does."""
        if dated not in self._days:
            found = [self._latest(table, *days) for table, *days in _LATEST.get(dated, ())]
            self._days[dated] = max((day for day in found if day is not None), default=None)
        return self._days[dated]

    def _latest(self, table: str, first: str, *second: str) -> int | None:
        import narwhals as nw

        day = nw.col(first)
        for other in second:
            day = nw.when(day.is_null()).then(nw.col(other)).otherwise(day)
        cells = self.engine.collect(self.table(table).select(day=day).select(nw.col("day").max()))["day"]
        return int(cells[0]) if cells and cells[0] is not None else None

    def empty(self, name: str) -> bool:
        """Whether a linked table has no row."""
        if name not in self._empty:
            first = LINKED[name].names[0]
            self._empty[name] = not self.engine.collect(self.table(name).select(first).head(1))[first]
        return self._empty[name]

    def ends(self, years: Sequence[int], back: int = 0) -> nw.LazyFrame[Any]:
        """The years with the day number of their last day (``end``), and of that day some years before (``then``)."""
        columns: dict[str, list[int]] = {
            "period": list(years),
            "end": [last_day(year) for year in years],
            "then": [last_day(year - back) for year in years],
        }
        return self.engine.small(columns, {"period": "BIGINT", "end": "INTEGER", "then": "INTEGER"})
