"""Jobs of the rooms of uncertainty: many draws, exact indices on a finite space, rank acceptabilities."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.clock import Line, cpu, pair
from benchmarks.index import SEED, synthetic
from tidu.core.stats import Array
from tidu.diagnosis.audit.removal import remove_each, without
from tidu.index.acceptability import acceptability
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.sensitivity import sensitivity
from tidu.index.uncertainty import uncertainty
from tidu.indicators.panel import Panel

CHOICES = {
    "treatment": {"among": [{"changes": ["treat.method=winsorise", f"treat.at_most={k}"]} for k in (1, 3, 5)]},
    "normalisation": {
        "among": [
            {"changes": ["normalise.method=min_max", "normalise.onto=[1, 100]"]},
            {"changes": ["normalise.method=z_score", "normalise.mean=100", "normalise.sd=10"]},
        ]
    },
    "aggregation": {"address": "aggregate.method", "among": ["arithmetic", "geometric"]},
    "weights": {"address": "pillar.*.weight", "spread": 0.25},
}


def _problem(units: int, indicators: int, **factors: object) -> tuple[Framework, Panel]:
    framework, panel = synthetic(units, indicators)
    return Framework.of({**framework.spec, "uncertain": factors}), panel


def uncertain_draws() -> Iterator[Line]:
    framework, panel = _problem(300, 60, **CHOICES)

    def ours() -> object:
        found = uncertainty(framework, panel, draws=10_000, seed=1, exact=False)
        return found.mean_rank(), found.interval(), found.top(10)

    yield Line("10,000 draws of 300 × 60, four levels, four factors, rank intervals", "tidu", cpu(ours, 5))
    yield Line("", "COINr 1.1.14 (quoted: 10,000 × one regeneration)", 2010.0, note="not run here")

    cells = {"address": "data.*.*.*", "error": 0.005, "draws": 10_000}
    drawn, figures = _problem(300, 60, **CHOICES, cells=cells)

    def every_step() -> object:
        found = uncertainty(drawn, figures, draws=10_000, seed=1, exact=False)
        return found.mean_rank(), found.interval(), found.top(10)

    note = "other figures in every draw: imputed, treated, normalised and joined anew each time"
    yield Line("the same, every step made anew in every draw", "tidu", cpu(every_step, 1), note=note)

    def rebuilt() -> object:
        return [build(framework, panel) for _ in range(20)]

    yield Line("10,000 builds one by one (from 20)", "tidu build", cpu(rebuilt, 3) * 500)


def exact_space() -> Iterator[Line]:
    rng = np.random.default_rng(SEED)
    framework, panel = _problem(51, 49, **{key: CHOICES[key] for key in ("normalisation", "aggregation")})
    names = [code for code in framework.nodes if code != framework.code]
    sets = {f"set_{k}": {code: float(1 + rng.uniform(-0.25, 0.25)) for code in names} for k in range(100)}
    treatment = {"address": "treat.at_most", "among": [1, 2, 3, 4, 5]}
    more = {**framework.spec["uncertain"], "treatment": treatment, "weights": {"sets": list(sets)}}
    framework = Framework.of({**framework.spec, "weight_set": sets, "uncertain": more})
    note = "5 × 2 × 2 × 100 combinations; first, total and second order of every unit"
    yield Line("exact Sobol indices, 51 × 49, 2,000 builds", "tidu", cpu(lambda: sensitivity(framework, panel), 5), note=note)
    yield Line("", "COINr 1.1.14 (quoted, 2,500 rebuilds, one output, estimated)", 235.0, note="not run here")


def removals() -> Iterator[Line]:
    framework, panel = synthetic(300, 60)
    index = build(framework, panel)
    count = len(remove_each(index, framework.leaves))

    def rebuilt() -> object:
        return [build(left, panel) for leaf in framework.leaves if (left := without(framework, [leaf])) is not None]

    mine, theirs, ratio = pair(lambda: remove_each(index, framework.leaves), rebuilt, 5)
    yield Line("300 × 60 without each indicator in turn, ranks compared", "tidu", mine, note=f"{count} removals")
    yield Line("", "an index file without it built, one by one", theirs, ratio)


def _plain_smaa(x: Array, weights: Array) -> tuple[Array, Array]:
    order = np.argsort(-(weights @ x.T), axis=1)
    n = x.shape[0]
    counts = np.bincount((order * n + np.arange(n)).reshape(-1), minlength=n * n).reshape(n, n)
    central = np.zeros(x.shape)
    np.add.at(central, order[:, 0], weights)
    return counts / len(weights), central


def smaa() -> Iterator[Line]:
    rng = np.random.default_rng(SEED)
    x, weights = rng.uniform(1, 100, (300, 60)), rng.dirichlet(np.ones(60), 10_000)
    mine, theirs, ratio = pair(lambda: acceptability(x, weights), lambda: _plain_smaa(x, weights))
    yield Line("SMAA, 300 × 60, 10,000 weights", "tidu", mine, note="with ties, central weights, confidence factors")
    yield Line("", "plain numpy, no ties", theirs, ratio)
    try:
        from importlib.metadata import version

        from pysensmcda.smaa import smaa2
    except ImportError as failure:
        sys.stderr.write(f"PySensMCDA is not run: {failure}\n")
        return

    def additive(matrix: Array, w: Array, types: Array) -> Array:
        return np.asarray(matrix @ w)

    def theirs_run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that confidence factors say nothing where figures are certain
            return smaa2(additive, x, np.ones(60), weights=weights, num_samples=10_000, reverse_ranking=True)

    apart = float(np.abs(acceptability(x, weights).acceptability - theirs_run().rank_acceptability).max())
    mine, theirs, ratio = pair(lambda: acceptability(x, weights), theirs_run)
    note = f"same weights, a plain weighted sum; acceptabilities differ by {apart:.0e} at most; ours then {mine:.4f} s"
    yield Line("", f"PySensMCDA {version('pysensmcda')} smaa2", theirs, ratio, note=note)


JOBS = (uncertain_draws, exact_space, removals, smaa)
