"""What a method may know besides its numbers: who the rows are, when, which column, which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

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
        return np.array([_time(period) for period in self.periods])


def _time(period: str) -> float:
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return float(year) + (int(rest[1:]) - 1) / 4
    if rest:
        return float(year) + (int(rest) - 1) / 12
    return float(year)
