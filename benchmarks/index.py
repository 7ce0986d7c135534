"""Jobs of the index engine: the full build, Copeland, benefit of the doubt, flat methods, Kemeny, the command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.clock import Line, cpu, pair, process_pair
from tidu.app import prepared
from tidu.core.stats import Array
from tidu.diagnosis.movement.moves import moves
from tidu.diagnosis.movement.what_if import Scenario, what_if
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.kemeny import kemeny_order
from tidu.index.methods import REGISTRIES
from tidu.index.outrank import outranking
from tidu.indicators.panel import Panel

SEED = 20231231


def synthetic(units: int, indicators: int, aggregate: str = "arithmetic") -> tuple[Framework, Panel]:
    """A synthetic tree of four levels (indicators, 20, 6, 1) with 5 % of the figures missing, and its figures."""
    rng = np.random.default_rng(SEED)
    spec: dict[str, dict[str, object]] = {
        "index": {"code": "bench"},
        "impute": {"method": "median"},
        "treat": {"method": "winsorise", "otherwise": "log"},
        "normalise": {"method": "min_max", "onto": [1, 100]},
        "aggregate": {"method": aggregate},
        "pillar": {f"g{g}": {} for g in range(6)} | {f"s{s}": {"parent": f"g{s % 6}"} for s in range(20)},
        "indicator": {f"x{k}": {"parent": f"s{k % 20}", "better": "higher"} for k in range(indicators)},
    }
    x = rng.lognormal(0, 1, (units, 1, indicators))
    x[rng.random(x.shape) < 0.05] = np.nan
    return Framework.of(spec), Panel.of([f"u{u}" for u in range(units)], ["2023"], list(spec["indicator"]), x)


def full_build() -> Iterator[Line]:
    framework, panel = synthetic(300, 60)
    yield Line("build 300 × 60, four levels, impute, treat, normalise, aggregate", "tidu", cpu(lambda: build(framework, panel), 21))
    yield Line("", "COINr 1.1.14 (quoted, R on a machine of this kind)", 0.201, note="not run here")


def copeland() -> Iterator[Line]:
    framework, panel = synthetic(300, 60, "copeland")
    yield Line("Copeland at all levels, 300 × 60", "tidu", cpu(lambda: build(framework, panel)))
    yield Line("", "COINr 1.1.14 (quoted)", 126.0, note="not run here")


def _one_factor(rng: np.random.Generator, units: int, columns: int) -> Array:
    """Positive figures that share one factor, as the indicators of a pillar do."""
    x = 0.7 * rng.normal(size=(units, 1)) + np.sqrt(1 - 0.49) * rng.normal(size=(units, columns))
    return np.asarray(50 + 10 * (x - x.min(axis=0)))


def bod() -> Iterator[Line]:
    from scipy.optimize import linprog

    method = REGISTRIES["aggregate"]["benefit_of_the_doubt"]
    options = {name: default for name, (_, default) in method.parameters.items()}
    around = Context(
        units=tuple(map(str, range(300))), periods=("2023",), codes=tuple(map(str, range(17))), given=np.full(17, 1 / 17)
    )
    rng = np.random.default_rng(SEED)
    for data, y in (("one-factor data", _one_factor(rng, 300, 17)), ("unrelated data", rng.uniform(1, 100, (300, 17)))):
        block = y[:, None, :]

        def ours(block: Array = block) -> Array:
            return np.asarray(method.apply(block, method.fit(block, options, around), options, around))

        def plain(y: Array = y) -> Array:
            return np.array([-linprog(-y[u], A_ub=y, b_ub=np.ones(300), method="highs").fun for u in range(300)])

        scores = ours()
        apart = float(np.abs(scores[:, 0] - plain()).max())
        note = f"{int((scores > 1 - 1e-9).sum())} of 300 efficient; differs by {apart:.0e}"
        mine, theirs, ratio = pair(ours, plain, 3)
        yield Line(f"benefit of the doubt, exact, 300 × 17, {data}", "tidu", mine, note=note)
        yield Line("", "scipy linprog, one program a unit", theirs, ratio)
    yield Line("", "Compind 3.4 ci_bod (quoted)", 0.19, note="not run here")


def _plain_topsis(x: Array) -> Array:
    low, high = x.min(axis=0), x.max(axis=0)
    v = (x - low) / (high - low) / x.shape[1]
    best, worst = v.max(axis=0), v.min(axis=0)
    to_best, to_worst = np.sqrt(((v - best) ** 2).sum(axis=1)), np.sqrt(((v - worst) ** 2).sum(axis=1))
    return np.asarray(to_worst / (to_best + to_worst))


def _plain_entropy(x: Array) -> Array:
    p = x / x.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        e = -np.where(p > 0, p * np.log(p), 0.0).sum(axis=0) / np.log(len(x))
    return np.asarray((1 - e) / (1 - e).sum())


def _plain_critic(x: Array) -> Array:
    low, high = x.min(axis=0), x.max(axis=0)
    z = (x - low) / (high - low)
    c = z.std(axis=0, ddof=1) * (1 - np.corrcoef(z, rowvar=False)).sum(axis=0)
    return np.asarray(c / c.sum())


def flat(rows: int = 100_000, columns: int = 60) -> Iterator[Line]:
    rng = np.random.default_rng(SEED)
    x = rng.uniform(1, 100, (rows, columns))
    kinds, equal = np.ones(columns), np.full(columns, 1 / columns)
    around = Context(codes=tuple(map(str, range(columns))), given=equal, units=tuple(map(str, range(rows))), periods=("2023",))

    def weights(name: str) -> Array:
        method = REGISTRIES["weighting"][name]
        return np.asarray(method.apply(x, {}, {key: default for key, (_, default) in method.parameters.items()}, around).values)

    def topsis() -> Array:
        method = REGISTRIES["aggregate"]["topsis"]
        options = {key: default for key, (_, default) in method.parameters.items()} | {"scaling": "min_max"}
        block = x[:, None, :]
        return np.asarray(method.apply(block, method.fit(block, options, around), options, around))

    jobs = {
        "TOPSIS": (topsis, lambda: _plain_topsis(x)),
        "entropy weights": (lambda: weights("entropy"), lambda: _plain_entropy(x)),
        "CRITIC weights": (lambda: weights("critic"), lambda: _plain_critic(x)),
    }
    peers = dict(_peers(x, equal, kinds))
    for job, (ours, plain) in jobs.items():
        mine, theirs, ratio = pair(ours, plain)
        yield Line(f"{job}, {rows:,} × {columns}", "tidu", mine)
        yield Line("", "plain numpy", theirs, ratio)
        for (name, kind), call in peers.items():
            if kind == job:
                _, their_time, their_ratio = pair(ours, call, 3)
                yield Line("", name, their_time, their_ratio)


def _peers(x: Array, equal: Array, kinds: Array) -> Iterator[tuple[tuple[str, str], object]]:
    """Peers on this machine, as far as they are installed (`make bench` installs them)."""
    try:
        from pymcdm.methods import TOPSIS
        from pymcdm.weights import critic_weights, entropy_weights

        yield ("pymcdm", "TOPSIS"), lambda: TOPSIS()(x, equal, kinds)
        yield ("pymcdm", "entropy weights"), lambda: entropy_weights(x)
        yield ("pymcdm", "CRITIC weights"), lambda: critic_weights(x)
    except ImportError as failure:
        sys.stderr.write(f"pymcdm is not run: {failure}\n")
    try:
        from pyDecision.algorithm import critic_method, entropy_method, topsis_method

        words = ["max"] * x.shape[1]
        yield ("pyDecision", "TOPSIS"), lambda: topsis_method(x, list(equal), words, graph=False, verbose=False)
        yield ("pyDecision", "entropy weights"), lambda: entropy_method(x, words)
        yield ("pyDecision", "CRITIC weights"), lambda: critic_method(x, words)
    except ImportError as failure:
        sys.stderr.write(f"pyDecision is not run: {failure}\n")
    try:
        from skcriteria import mkdm
        from skcriteria.agg.topsis import TOPSIS as Topsis
        from skcriteria.preprocessing.weighters import CRITIC, EntropyWeighter

        table = mkdm(x, [max] * x.shape[1], weights=equal)
        yield ("scikit-criteria", "TOPSIS"), lambda: Topsis().evaluate(table)
        yield ("scikit-criteria", "entropy weights"), lambda: EntropyWeighter().transform(table)
        yield ("scikit-criteria", "CRITIC weights"), lambda: CRITIC().transform(table)
    except ImportError as failure:
        sys.stderr.write(f"scikit-criteria is not run: {failure}\n")


def kemeny() -> Iterator[Line]:
    rng = np.random.default_rng(SEED)
    matrix = outranking(_one_factor(rng, 100, 17), np.full(17, 1 / 17))
    yield Line("exact Kemeny, n = 100, one-factor data", "tidu", cpu(lambda: kemeny_order(matrix, seconds=30), 3))
    hard = outranking(rng.normal(size=(60, 17)), np.full(17, 1 / 17))
    found = kemeny_order(hard, seconds=5)
    note = f"incumbent {found.support:.4f}, bound {found.bound:.4f}, exact: {found.exact}"
    yield Line("Kemeny on unrelated data, n = 60, stopped after 5 s", "tidu", None, note=note)


def command_line() -> Iterator[Line]:
    program = shutil.which("tidu", path=str(Path(sys.executable).parent)) or "tidu"
    mine, theirs, ratio = process_pair([program, "--help"], [sys.executable, "-c", "import typer, rich"])
    yield Line("tidu --help, whole process", "tidu", mine, note=f"{ratio:.2f} × the import")
    yield Line("", "python -c 'import typer, rich'", theirs)


def shipped_index() -> Iterator[Line]:
    """What if and what moves a unit on the shipped cities: 297 units, three years, 14 indicators."""
    framework, panel = prepared("city-ip-core")
    base = build(framework, panel)
    cell = Scenario("cell", {}, ("data.320100.2023.exports=+20%",))
    policy = Scenario("policy", {}, ("pillar.output_efficiency.weight=0",))
    for what, scenario in (("one figure changed", cell), ("one weight changed", policy)):
        seconds = cpu(lambda scenario=scenario: what_if(framework, panel, [scenario], base=base).rows(), 21)
        yield Line(f"what-if on the shipped index, {what}: built again, compared, flips named", "tidu", seconds)
    yield Line("moves of one unit: slopes and what passes the next", "tidu", cpu(lambda: moves(base, "320100"), 21))


JOBS = (full_build, shipped_index, copeland, bod, flat, kemeny, command_line)
