"""What a method may know besides its numbers: who the rows are, when, which column, which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array


@dataclass(frozen=True)
class Context:
    """The surroundings of a block of figures of shape (units, periods, columns).

    ``direction`` is +1 where higher is better and −1 where lower is; ``given`` are the weights written in the
    file; ``groups`` are unit attributes such as a region; ``columns`` are raw columns by name, (units, periods).
    """

    units: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    address: str = ""
    direction: Array = field(default_factory=lambda: np.ones(0))
    given: Array = field(default_factory=lambda: np.ones(0))
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Array] = field(default_factory=dict)
    weight_sets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seed: int = 0

    @property
    def times(self) -> Array:
        """The periods as numbers: ISO years, year + quarter share, year + month share."""
        return np.array([time_of(period) for period in self.periods])


def time_of(period: str) -> float:
    """A period as a number: the year, plus the share of it that has gone by when a quarter or month begins.

    >>> time_of("2023"), time_of("2023-Q3"), time_of("2023-07")
    (2023.0, 2023.5, 2023.5)
    """
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return float(year) + (int(rest[1:]) - 1) / 4
    if rest:
        return float(year) + (int(rest) - 1) / 12
    return float(year)


def earlier(periods: tuple[str, ...], lag: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each period the place of the one ``lag`` years (quarters, months) before it, and whether the data have it.

    >>> places, there = earlier(("2020", "2021", "2023"), 1)
    >>> places.tolist(), there.tolist()
    ([0, 0, 0], [False, True, False])
    """
    count = {_ordinal(period): at for at, period in enumerate(periods)}
    found = [count.get(_ordinal(period) - lag, -1) for period in periods]
    places = np.array(found, dtype=np.intp)
    return np.maximum(places, 0), places >= 0


def _ordinal(period: str) -> int:
    """A running number of years, quarters or months."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return int(year) * 4 + int(rest[1:])
    return int(year) * 12 + int(rest) if rest else int(year)
