"""One thing that is not certain in an index: a choice with alternatives, or weights at points of the unit cube."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import Change
from tidu.core.stats import Array


@dataclass(frozen=True)
class Alternative:
    """One state of a discrete factor: changes of the index, or weights by node (``put`` in place, or ``times`` what stands)."""

    label: Mapping[str, str]
    changes: tuple[Change, ...] = ()
    put: Mapping[str, float] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    draw: int | None = None


@dataclass(frozen=True, eq=False)
class Factor:
    """An uncertain factor, checked against the index and the figures.

    ``moves`` says what it moves: ``index`` (the file), ``weights``, ``cells`` (figures) or ``fills``. A discrete factor has
    ``alternatives``; a continuous one has ``width`` coordinates, and is about the weights of ``nodes``.
    """

    name: str
    kind: str
    moves: str
    label: Mapping[str, str]
    alternatives: tuple[Alternative, ...] = ()
    nodes: tuple[str, ...] = ()
    width: int = 1
    spread: float = 0.0
    alpha: tuple[float, ...] = ()
    cells: NDArray[np.bool_] | None = None
    error: float | str = 0.0
    absolute: bool = False

    @property
    def count(self) -> int:
        """How many alternatives it has; 0 when it is continuous."""
        return len(self.alternatives)

    @property
    def key(self) -> int:
        """A number that hangs on the name alone, for the seeds of what it draws."""
        return zlib.crc32(self.name.encode("utf-8"))

    def multipliers(self, cube: Array) -> Array:
        """Noise on weights at points of the unit cube (draws, width): the factors 1 + u by node, (draws, nodes)."""
        return np.broadcast_to(1.0 + self.spread * (2.0 * cube - 1.0), (cube.shape[0], len(self.nodes)))

    def shares(self, cube: Array) -> Array:
        """Random shares at points of the unit cube (draws, width), by inversion of gamma variates, (draws, nodes)."""
        if self.alpha:
            from scipy.special import gammaincinv

            made = gammaincinv(np.array(self.alpha), np.clip(cube, 1e-12, 1 - 1e-12))
        else:
            made = -np.log1p(-np.clip(cube, 1e-15, 1 - 1e-15))
        total = made.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, made / np.where(total > 0, total, 1.0), 1.0 / made.shape[1]))
