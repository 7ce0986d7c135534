"""Every measure by code: the rooms that enter them, read once; what a measure still waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tidu.core.errors import UsageError, listing, nearest
from tidu.indicators.measures import counts, deals, fields, quality, registers, stock, technology
from tidu.indicators.measures.definition import ENTERED, Measure

#: The rooms of measures, in the order of the list.
ROOMS = (counts, stock, quality, fields, deals, technology, registers)


def measures() -> Mapping[str, Measure]:
    """Every measure by code.

    >>> measures()["filings"].text("label", "en")
    'Applications filed'
    """
    return {code: one for room in ROOMS for code, one in ENTERED.items() if one.make.__module__ == room.__name__}


def measure_of(code: str) -> Measure:
    """The measure of a code. Raises ``unknown_measure``."""
    known = measures()
    if code not in known:
        raise UsageError("unknown_measure", name=code, known=listing(sorted(known), 80), did_you_mean=nearest(code, known))
    return known[code]


def lacking(own: Measure, filled: Mapping[str, int] | None, supplied: Collection[str]) -> tuple[str, ...]:
    """What a measure waits for: linked tables without a row, tables that are not supplied; empty where it is ready.

    Args:
        own: the measure.
        filled: how many rows each linked table has; nothing where no records are looked at.
        supplied: the tables that are supplied.

    >>> lacking(measure_of("cases_accepted"), None, ())
    ('cases',)
    """
    empty = [] if filled is None else [name for name in own.needs if not filled.get(name)]
    return (*empty, *(name for name in own.supplied if name not in supplied))
