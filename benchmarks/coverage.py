"""How often the 90 % interval of a rank holds the true rank, when the true scores are known and figures have known errors.

Units have true figures with a common factor; figures are observed once, with an error of known size; the interval is read
off draws made of the observed figures alone. The figures of one period are one replication. All data are synthetic (虚构).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tidu.core.stats import rank_high
from tidu.index.framework import Framework
from tidu.index.uncertainty import uncertainty
from tidu.indicators.panel import Panel

#: Loadings of the common factor and of what is the indicator's own, so that each true figure has variance 1.
COMMON, OWN = 0.8, 0.6


def coverage(
    error: str,
    ratio: float,
    *,
    units: int = 30,
    indicators: int = 4,
    replications: int = 500,
    draws: int = 200,
    block: int = 50,
    skewed: bool = False,
    seed: int = 20231231,
) -> tuple[float, float]:
    """The share of units × replications in which the interval holds the true rank, and the mean width of the interval.

    ``error`` is the factor's: ``standard`` or ``posterior``; ``ratio`` the standard error of a score ÷ the standard deviation
    of the true scores. ``skewed`` draws the common factor log-normal. ``block`` replications share one run.
    """
    codes = [f"x{k}" for k in range(indicators)]
    framework = Framework.of(
        {
            "index": {"code": "simulated"},
            "normalise": {"method": "none"},
            "indicator": {code: {"better": "higher"} for code in codes},
            "uncertain": {"noise": {"address": "data.*.*.*", "error": error, "draws": draws}},
        }
    )
    size = ratio * float(np.sqrt(COMMON**2 + OWN**2 / indicators)) * float(np.sqrt(indicators))
    rng, held, width = np.random.default_rng(seed), [], []
    for run in range(replications // block):
        common = rng.normal(size=(units, block, 1))
        if skewed:
            common = np.exp(common) / np.sqrt((np.e - 1) * np.e)
        truth = COMMON * common + OWN * rng.normal(size=(units, block, indicators))
        seen = truth + size * rng.normal(size=truth.shape)
        panel = Panel.of([f"u{k:03}" for k in range(units)], [str(1900 + k) for k in range(block)], codes, seen)
        found = uncertainty(framework, replace(panel, standard_error=np.full(seen.shape, size)), draws=draws, seed=run)
        ranks = rank_high(truth.mean(axis=2))
        for t, period in enumerate(found.periods):
            best, worst = found.interval(0.9, period)
            held.append(np.mean((best <= ranks[:, t] + 1e-9) & (ranks[:, t] <= worst + 1e-9)))
            width.append(np.mean(worst - best))
    return float(np.mean(held)), float(np.mean(width))


def intervals_of_ranks() -> Iterator[object]:
    from benchmarks.clock import Line

    for units in (30, 100):
        for ratio in (0.1, 0.3, 0.5, 0.7, 1.0):
            for error in ("standard", "posterior"):
                found = [coverage(error, ratio, units=units, skewed=skewed) for skewed in (False, True)]
                note = f"normal {found[0][0]:.1%} (width {found[0][1]:.1f}), skewed {found[1][0]:.1%} (width {found[1][1]:.1f})"
                yield Line(f"90 % intervals, {units} units, error ÷ spread {ratio}", f"error = {error}", None, note=note)


JOBS = (intervals_of_ranks,)
