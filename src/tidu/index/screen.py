"""Screening: which units have figures enough to be scored, which indicators vary enough to say anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import DataError, MethodError, listing, nearest
from tidu.core.stats import Array
from tidu.index.framework import Framework
from tidu.index.spec import ScreenTable

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Screening:
    """What was seen of each unit, and who stays.

    ``missing``, ``zero``, ``availability`` and ``nonzero`` are (units, periods); ``included`` likewise, true where
    the unit is scored. ``dropped`` names the indicators that vary too little or are seen too seldom, each with its reason.
    """

    missing: NDArray[np.int64]
    zero: NDArray[np.int64]
    availability: Array
    nonzero: Array
    included: Mask
    dropped: dict[str, str]


def screen(x: Array, active: Mask, framework: Framework, units: tuple[str, ...]) -> Screening:
    """The screening of raw figures (units, periods, indicators); ``active`` (periods, indicators) says which are asked for.

    Raises ``unknown_unit`` for a forced unit that the data lack, ``all_screened_out`` when nobody is left.

    Source: COINr Screen (byNA) and get_data_avail; JRC COIN Tool FAQ.
    """
    rule: ScreenTable = framework.table.screen
    asked = active[None, :, :]
    hole = np.isnan(x) & asked
    missing = hole.sum(axis=2)
    zero = ((x == 0) & asked).sum(axis=2)
    wanted = np.maximum(active.sum(axis=1), 1)[None, :]
    seen = wanted - missing
    availability = seen / wanted
    with np.errstate(invalid="ignore", divide="ignore"):
        nonzero = np.where(seen > 0, 1.0 - zero / seen, 0.0)
    included = availability >= rule.minimum - 1e-12
    if rule.nonzero > 0:
        included &= nonzero >= rule.nonzero - 1e-12
    if rule.minimum_pillar > 0:
        place = {code: k for k, code in enumerate(framework.leaves)}
        for node in framework.inner:
            under = [place[code] for code in framework.leaves_under(node.code)]
            count = np.maximum(active[:, under].sum(axis=1), 1)[None, :]
            included &= 1.0 - hole[:, :, under].sum(axis=2) / count >= rule.minimum_pillar - 1e-12
    for key, value in (("force_in", True), ("force_out", False)):
        for unit in getattr(rule, key):
            if unit not in units:
                raise DataError("unknown_unit", address=f"screen.{key}", name=unit, did_you_mean=nearest(unit, units))
            included[units.index(unit)] = value
    if not included.any():
        key = "force_out" if rule.force_out else max(("minimum", "minimum_pillar", "nonzero"), key=lambda key: getattr(rule, key))
        best = float((nonzero if key == "nonzero" else availability).max(initial=0.0))
        raise MethodError("all_screened_out", address=f"screen.{key}", key=key, best=best)
    return Screening(missing, zero, availability, nonzero, included, _dropped(x, active, included, framework, rule))


def _dropped(x: Array, active: Mask, included: Mask, framework: Framework, rule: ScreenTable) -> dict[str, str]:
    found: dict[str, str] = {}
    if rule.minimum_indicator == 0 and rule.same == 1 and rule.unique == 0:
        return found
    for k, code in enumerate(framework.leaves):
        here = x[:, active[:, k], k][included[:, active[:, k]]]
        seen = here[~np.isnan(here)]
        if here.size and seen.size / here.size < rule.minimum_indicator:
            found[code] = "minimum_indicator"
            continue
        values, counts = np.unique(seen, return_counts=True)
        if seen.size and counts.max() / seen.size > rule.same:
            found[code] = "same"
        elif seen.size and values.size / seen.size < rule.unique:
            found[code] = "unique"
    if len(found) == len(framework.leaves):
        raise MethodError("all_indicators_dropped", address="screen", codes=listing(found))
    return found
