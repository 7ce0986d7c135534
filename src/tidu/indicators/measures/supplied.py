"""Tables that only the user can supply: what columns they have, how they are read, sheets to fill and examples."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.indicators.panel import number_of
from tidu.indicators.sheet import read_grid
from tidu.records.schema import Table, table

#: Every table that a user may supply, by name.
SUPPLIED: dict[str, Table] = {
    one.name: one
    for one in (
        table(
            "award",
            "applications that won a national science and technology award or a China Patent Award",
            "appno",
            ("appno", "text", "application number"),
            ("year", "whole", "year of the award; may be empty"),
        ),
        table(
            "emerging",
            "symbols of the IPC of strategic emerging industries",
            "symbol",
            ("symbol", "text", "symbol of the IPC or what it begins with"),
            ("industry", "text", "emerging industry"),
        ),
        table(
            "fields",
            "symbols of the IPC as technical fields, such as WIPO's 35",
            "symbol",
            ("symbol", "text", "symbol of the IPC or what it begins with"),
            ("field", "text", "number or code of the field"),
        ),
        table(
            "industries",
            "symbols of the IPC as industries",
            "symbol industry",
            ("symbol", "text", "symbol of the IPC or what it begins with"),
            ("industry", "text", "code of the industry"),
        ),
        table(
            "intensive",
            "industries that are patent-intensive",
            "industry",
            ("industry", "text", "code of the industry, or what it begins with"),
        ),
        table(
            "cases",
            "cases of protection, administrative or in court",
            "key",
            ("key", "text", "number of the case"),
            ("unit", "text", "city, six digits"),
            ("accepted", "whole", "year in which it was accepted"),
            ("closed", "whole", "year in which it was closed; empty while it is open"),
        ),
        table(
            "services_abroad",
            "services to firms in disputes and filings abroad",
            "key",
            ("key", "text", "number of the service"),
            ("unit", "text", "city, six digits"),
            ("year", "whole", "year"),
        ),
        table(
            "indication_users",
            "firms allowed to use the special sign of geographical indications, and output value",
            "key year",
            ("key", "text", "firm"),
            ("unit", "text", "city, six digits"),
            ("year", "whole", "year"),
            ("value", "number", "output value in yuan; may be empty"),
        ),
    )
}
#: Columns whose cells may be empty.
_MAY_BE_EMPTY = {("award", "year"), ("cases", "closed"), ("indication_users", "value")}


def supplied_of(name: str) -> Table:
    """A supplied table by name. Raises ``unknown_supplied``."""
    if name not in SUPPLIED:
        raise UsageError("unknown_supplied", name=name, known=listing(SUPPLIED), did_you_mean=nearest(name, SUPPLIED))
    return SUPPLIED[name]


def read_supplied(name: str, path: Path) -> dict[str, list[Any]]:
    """The cells of a supplied table, column by column; rows that are wholly empty are left out.

    Raises ``unknown_supplied``, ``supplied_column`` for a column that lacks, ``supplied_cell`` with row and column for a cell that
    is empty or no number.
    """
    own, grid = supplied_of(name), read_grid(path)
    found: dict[str, list[Any]] = {}
    rows = [(line, row) for line, row in grid.rows if any(str(cell or "").strip() for cell in row)]
    for column in own.columns:
        if column.name not in grid.headings:
            known = listing(grid.headings)
            near = nearest(column.name, grid.headings)
            raise DataError("supplied_column", file=path.name, name=name, lacking=column.name, known=known, did_you_mean=near)
        at = grid.headings.index(column.name)
        cells = []
        for line, row in rows:
            cell = _cell(row[at], column.kind)
            if cell is None and (str(row[at] or "").strip() or (name, column.name) not in _MAY_BE_EMPTY):
                raise DataError("supplied_cell", file=path.name, row=line, column=column.name, value=str(row[at] or ""))
            cells.append(cell)
        found[column.name] = cells
    return found


def _cell(cell: Any, kind: str) -> Any:
    if kind == "text":
        text = "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        return text.strip() or None
    number = number_of(cell)
    if number is None or number != number or (kind == "whole" and number != int(number)):
        return None
    return int(number) if kind == "whole" else number


@cache
def _examples() -> dict[str, Any]:
    return tomllib.loads(resources.files("tidu.data").joinpath("supplied.toml").read_text(encoding="utf-8"))


def explained(name: str, lang: str) -> str:
    """What a supplied table is and where an office gets it, in a language.

    >>> explained("award", "zh")
    '获国家科学技术奖或中国专利奖的专利清单；由使用者据授奖公告整理。'
    """
    supplied_of(name)
    return str(_examples()[name]["about"][lang])


def sheet(name: str, *, example: bool = False) -> str:
    r"""A supplied table as CSV to be filled: its heading, with an example a few rows that are synthetic and say so.

    >>> sheet("award")
    'appno,year\n'
    """
    own = supplied_of(name)
    file = io.StringIO()
    rows: Sequence[Sequence[Any]] = _examples()[name]["synthetic"] if example else ()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*own.names, "note"] if example else own.names)
    writer.writerows([*row, "虚构 synthetic"] for row in rows)
    return file.getvalue()
