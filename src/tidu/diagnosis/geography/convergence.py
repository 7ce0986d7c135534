"""Do units grow more alike: σ-convergence (spread by year) and absolute β-convergence (growth on the starting level).

Both ask for years enough to tell a trend from noise: fewer than :data:`LEAST` are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import MethodError
from tidu.core.stats import Array, mean_sd
from tidu.diagnosis.geography.places import choices
from tidu.diagnosis.geography.slopes import Line, line
from tidu.indicators import shipped

#: The fewest years for which convergence is answered.
LEAST = 8
_NATION = "100000"


@dataclass(frozen=True)
class Convergence:
    """σ and β of a series of ``units`` over ``years``; ``left_out`` are units with a year missing or not above zero.

    ``spread`` is the standard deviation of logarithms by year, ``variation`` standard deviation ÷ mean, ``trend`` the line
    of ``spread`` on the year; ``growth`` is the line of mean yearly log growth on the log of the first year. ``speed`` is
    the implied yearly rate of catching up and ``half_life`` the years to close half of a gap, missing unless β < 0.
    """

    code: str
    years: tuple[int, ...]
    units: tuple[str, ...]
    left_out: tuple[str, ...]
    spread: Array
    variation: Array
    trend: Line
    growth: Line
    speed: float
    half_life: float


def convergence(y: Array, years: Sequence[int], units: Sequence[str], code: str = "") -> Convergence:
    """σ- and absolute β-convergence of figures (units, years).

    A unit counts when it is above zero in every year. β is the least-squares slope b of (ln y_T − ln y_0) ÷ T on ln y_0
    with HC3 errors; speed = −ln(1 + bT) ÷ T, half-life = ln 2 ÷ speed. Raises ``convergence_years`` with fewer than eight
    years, ``convergence_units`` with fewer than three units. Source: Barro and Sala-i-Martin 1992, Journal of Political
    Economy 100(2):223.

    >>> found = convergence(np.array([[1.0] * 7 + [4.0], [2.0] * 7 + [4.0], [4.0] * 8]), range(2010, 2018), "abc")
    >>> round(found.growth.slope, 6), found.spread.round(6).tolist()[::7]  # all end at 4: b = −1 ÷ 7
    (-0.142857, [0.693147, 0.0])
    """
    if len(years) < LEAST:
        raise MethodError("convergence_years", found=len(years), needed=LEAST)
    with np.errstate(invalid="ignore"):
        able: NDArray[np.bool_] = np.all(y > 0, axis=1)
    if able.sum() < 3:
        raise MethodError("convergence_units", found=int(able.sum()), needed=3)
    kept = y[able]
    logs = np.log(kept)
    span = float(years[-1] - years[0])
    spread = mean_sd(logs)[1]
    mean, sd = mean_sd(kept)
    growth = line(logs[:, 0], (logs[:, -1] - logs[:, 0]) / span)
    inside = 1 + growth.slope * span
    speed = -np.log(inside) / span if growth.slope < 0 and inside > 0 else float("nan")
    return Convergence(
        code=code,
        years=tuple(years),
        units=tuple(unit for unit, yes in zip(units, able, strict=True) if yes),
        left_out=tuple(unit for unit, yes in zip(units, able, strict=True) if not yes),
        spread=spread,
        variation=sd / mean,
        trend=line(np.asarray(years, dtype=float), spread),
        growth=growth,
        speed=float(speed),
        half_life=float(np.log(2) / speed) if speed > 0 else float("nan"),
    )


def provinces() -> tuple[Convergence, ...]:
    """σ- and β-convergence of the series of provinces that ``data/gradient.toml`` names, one by one.

    The row of the nation is no unit. Figures: 《中国科技统计年鉴》 and 《中国统计年鉴》 as in ``provinces.csv``.

    >>> [(found.code, found.years[0], len(found.units)) for found in provinces()][:2]
    [('inventions_in_force_per_rd_fte', 2010, 31), ('rd_intensity', 2011, 31)]
    """
    rows = [row for row in shipped.table("provinces.csv") if row["province_adcode"] != _NATION]
    units = list(dict.fromkeys(row["province_adcode"] for row in rows))
    last = max(int(row["year"]) for row in rows)
    cells = {(row["province_adcode"], int(row["year"])): row for row in rows}
    made = []
    for code, item in choices()["series"].items():
        years = range(item["since"], last + 1)
        figures = np.array([[_figure(cells[unit, year], item) for year in years] for unit in units])
        made.append(convergence(figures, list(years), units, code))
    return tuple(made)


def _figure(row: dict[str, str], item: dict[str, Any]) -> float:
    """A series' figure in a row: ``of``, divided by ``per`` and multiplied by ``scale`` where they are named."""
    of = float(row[item["of"]] or "nan")
    per = float(row[item["per"]] or "nan") if "per" in item else 1.0
    return of / per * float(item.get("scale", 1)) if per != 0 else float("nan")
