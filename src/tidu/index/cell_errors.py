"""The errors of cells as drawn: what a panel's figures could be as well.

A cell's error hangs on the codes of its unit and column, not on their places: figures in another order get the same errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.stats import Array
from tidu.index.factor import Factor
from tidu.index.posterior import posterior
from tidu.indicators.panel import Panel


@dataclass(frozen=True, eq=False)
class CellErrors:
    """The errors that some factors draw for the cells of a panel."""

    panel: Panel
    factors: tuple[Factor, ...]
    seed: int

    def values(self, levels: Sequence[int]) -> Array:
        """The panel's values with the errors that a point of the space draws, (units, periods, columns)."""
        values = self.panel.values
        for factor, level in zip(self.factors, levels, strict=True):
            draw = factor.alternatives[level].draw if factor.moves == "cells" else None
            if draw is None or factor.cells is None:
                continue
            if not isinstance(factor.error, str):
                new = self._even(factor, draw)
                width = 2.0 * float(factor.error)
                if values is self.panel.values:
                    low, wide = self._bounds(factor)
                else:
                    size = width if factor.absolute else width * values
                    low, wide = values - size / 2.0, size
                new *= wide
                new += low
            else:
                noise = self._normal(factor, draw)
                if factor.error == "standard":
                    size = np.zeros(values.shape) if self.panel.standard_error is None else self.panel.standard_error
                    new = values + noise * np.where(np.isnan(size), 0.0, size)
                else:
                    mean, root = self._posteriors[factor.name]
                    new = mean + np.einsum("utcd,utd->utc", root, noise)
            values = new if factor.cells.all() else np.where(factor.cells, new, values)
        return values

    @cached_property
    def _posteriors(self) -> dict[str, tuple[Array, Array]]:
        """Factor → mean and root of the true figures, each period by itself, over the columns that the factor moves."""
        found = {}
        for factor in self.factors:
            if factor.error != "posterior" or factor.cells is None or self.panel.standard_error is None:
                continue
            columns = np.flatnonzero(factor.cells.any(axis=(0, 1)))
            names, here = tuple(self.panel.columns[k] for k in columns), f"uncertain.{quoted(factor.name)}.error"
            mean = self.panel.values.copy()
            root = np.zeros((*mean.shape, mean.shape[2]))
            for t in np.flatnonzero(factor.cells.any(axis=(0, 2))):
                block = (slice(None), t, columns)
                made = posterior(self.panel.values[block], self.panel.standard_error[block], here, names)
                mean[block], root[:, t, columns[:, None], columns] = made
            found[factor.name] = (mean, root)
        return found

    def _bounds(self, factor: Factor) -> tuple[Array, Any]:
        """The least value of each cell of the panel under a factor of even errors, and how far its values reach from there."""
        if factor.name not in self._reach:
            values, width = self.panel.values, 2.0 * float(factor.error)
            size: Any = width if factor.absolute else width * values
            self._reach[factor.name] = values - size / 2.0, size
        return self._reach[factor.name]

    @cached_property
    def _reach(self) -> dict[str, tuple[Array, Any]]:
        """Factor → the bounds of its errors, filled when they are first asked for."""
        return {}

    def _even(self, factor: Factor, draw: int) -> Array:
        """One draw between 0 and 1 for every cell, (units, periods, columns); in the middle where the factor moves nothing."""
        places, count = self._noisy[factor.name]
        if places is None:
            return self._random(factor, draw).random(self.panel.values.shape)
        drawn = np.empty(count + 1)
        self._random(factor, draw).random(out=drawn[:count])
        drawn[count] = 0.5
        return np.asarray(drawn.take(places))

    def _normal(self, factor: Factor, draw: int) -> Array:
        """One standard normal draw for every cell; nought where the factor moves nothing."""
        places, count = self._noisy[factor.name]
        if places is None:
            return self._random(factor, draw).standard_normal(self.panel.values.shape)
        drawn = np.empty(count + 1)
        self._random(factor, draw).standard_normal(out=drawn[:count])
        drawn[count] = 0.0
        return np.asarray(drawn.take(places))

    def _random(self, factor: Factor, draw: int) -> np.random.Generator:
        """The numbers of one draw: a cell's hangs on its codes, not on its place."""
        return np.random.default_rng([self.seed, factor.key, draw])

    @cached_property
    def _noisy(self) -> dict[str, tuple[NDArray[np.intp] | None, int]]:
        """Factor → which draw each cell takes, in the order of the codes of units and columns, and how many are drawn.

        Nothing where every cell takes the draw of its own place.
        """
        shape = self.panel.values.shape
        units = np.argsort(np.argsort(np.array(self.panel.units), kind="stable"), kind="stable")
        order = sorted(range(shape[2]), key=lambda k: self.panel.columns[k])
        found: dict[str, tuple[NDArray[np.intp] | None, int]] = {}
        for one in self.factors:
            if one.cells is None:
                continue
            moved = np.asarray(one.cells.any(axis=(0, 1)))
            columns = [k for k in order if moved[k]]
            count = shape[0] * shape[1] * len(columns)
            places = np.full(shape, count, dtype=np.intp)
            at = (units[:, None] * shape[1] + np.arange(shape[1]))[..., None] * len(columns)
            places[..., columns] = at + np.arange(len(columns))
            own = bool((places.ravel() == np.arange(places.size)).all())
            found[one.name] = None if own else places, count
        return found
