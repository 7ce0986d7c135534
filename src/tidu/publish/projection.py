"""Places on a plane: an equal-area projection fitted to points, and where it puts them on a sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.stats import Array


def albers(lon: Array, lat: Array, parallels: tuple[float, float], centre: tuple[float, float]) -> tuple[Array, Array]:
    """East and north on a plane in radii of the sphere: Albers' equal-area conic, angles in degrees, centre (lon, lat).

    Source: Snyder 1987, Map Projections – A Working Manual, USGS Professional Paper 1395, section 14; the numbers below are
    his example on the sphere.

    >>> x, y = albers(np.array([-75.0]), np.array([35.0]), (29.5, 45.5), (-96.0, 23.0))
    >>> round(x.item(), 7), round(y.item(), 7)
    (0.295272, 0.2416774)
    """
    (one, two), (middle, origin) = np.radians(parallels), np.radians(centre)
    n = (np.sin(one) + np.sin(two)) / 2.0
    c = np.cos(one) ** 2 + 2.0 * n * np.sin(one)
    away, phi = n * (np.radians(lon) - middle), np.radians(lat)
    rho, rho0 = np.sqrt(c - 2.0 * n * np.sin(phi)) / n, np.sqrt(c - 2.0 * n * np.sin(origin)) / n
    return rho * np.sin(away), rho0 - rho * np.cos(away)


def project(lon: Array, lat: Array, over: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
    """East and north of points on a plane fitted to them, or to ``over`` (lon, lat): :func:`albers`, or degrees about the equator.

    The standard parallels stand a sixth inside the range of latitudes.

    >>> x, y = project(np.array([100.0, 110.0]), np.array([30.0, 30.0]))
    >>> bool(abs(x[0] + x[1]) < 1e-12), bool(y[0] == y[1])
    (True, True)
    """
    wide, tall = (lon, lat) if over is None else over
    low, high = float(np.nanmin(tall)), float(np.nanmax(tall))
    middle, origin = (float(np.nanmin(wide)) + float(np.nanmax(wide))) / 2.0, (low + high) / 2.0
    parallels = (low + (high - low) / 6.0, high - (high - low) / 6.0)
    if abs(np.sin(np.radians(parallels)).mean()) < 0.1:
        return np.radians(lon - middle) * np.cos(np.radians(origin)), np.radians(lat - origin)
    return albers(lon, lat, parallels, (middle, origin))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet of paper, ``width`` by ``height``, on which everything in ``over`` (lon, lat) has its place, north upwards."""

    over: tuple[Array, Array]
    width: float
    height: float
    scale: float
    middle: tuple[float, float]

    def at(self, lon: Array, lat: Array) -> tuple[Array, Array]:
        """Where points lie: rightwards and downwards from the upper left corner."""
        x, y = project(lon, lat, self.over)
        return self.width / 2 + (x - self.middle[0]) * self.scale, self.height / 2 - (y - self.middle[1]) * self.scale


def sheet(over: Sequence[tuple[Array, Array]], width: float, heights: tuple[float, float], edge: float) -> Sheet:
    """The sheet on which some sets of points (lon, lat) lie with ``edge`` around them, as high as they need within ``heights``.

    >>> ends = np.array([100.0, 120.0]), np.array([20.0, 50.0])
    >>> found = sheet([ends], 680.0, (380.0, 760.0), 26.0)
    >>> found.height, found.at(*ends)[1].round(6).tolist()
    (760.0, [734.0, 26.0])
    """
    lon, lat = (np.concatenate([points[axis] for points in over]) for axis in (0, 1))
    x, y = project(lon, lat)
    wide, tall = max(float(np.ptp(x)), 1e-9), max(float(np.ptp(y)), 1e-9)
    height = float(round(min(max((width - 2 * edge) * tall / wide + 2 * edge, heights[0]), heights[1])))
    scale = min((width - 2 * edge) / wide, (height - 2 * edge) / tall)
    return Sheet((lon, lat), width, height, scale, (float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2))
