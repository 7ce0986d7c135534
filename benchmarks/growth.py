"""How cost grows with cities and draws: build, draws with rank intervals, SMAA; CPU seconds and peak memory of a process each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.clock import Line
from benchmarks.index import SEED, synthetic

CITIES = (300, 3_000, 30_000, 100_000)
DRAWS = (1_000, 10_000)
#: Scores that a case may hold here: 8 bytes each, with ranks and copies about three times as much.
MOST = 300_000_000


def _build(cities: int, draws: int) -> Callable[[], object]:
    from tidu.index.build import build

    framework, panel = synthetic(cities, 60)
    return lambda: build(framework, panel)


def _draws(cities: int, draws: int) -> Callable[[], object]:
    """Four factors as in the other jobs; the guard of 12 million scores (500 MB) is lifted here."""
    from benchmarks.uncertainty import CHOICES
    from tidu.index import bench
    from tidu.index.framework import Framework
    from tidu.index.uncertainty import uncertainty

    framework, panel = synthetic(cities, 60)
    framework = Framework.of({**framework.spec, "uncertain": CHOICES})
    bench.CELLS = MOST

    def work() -> object:
        found = uncertainty(framework, panel, draws=draws, seed=1, exact=False)
        return found.mean_rank(), found.interval(), found.top(10)

    return work


def _smaa(cities: int, draws: int) -> Callable[[], object]:
    from tidu.index.acceptability import acceptability

    rng = np.random.default_rng(SEED)
    x, weights = rng.uniform(1, 100, (cities, 60)), rng.dirichlet(np.ones(60), draws)
    return lambda: acceptability(x, weights)


WORK = {"build": _build, "draws": _draws, "smaa": _smaa}
NAMES = {
    "build": "build, {n:,} × 60",
    "draws": "{d:,} draws of {n:,} × 60, rank intervals",
    "smaa": "SMAA, {n:,} × 60, {d:,} weights",
}


def measured(kind: str, cities: int, draws: int) -> tuple[float, float]:
    """CPU seconds of one call after the data are made, and the peak memory (GB) of the process, in a process of its own."""
    code = f"from benchmarks.growth import one; one({kind!r}, {cities}, {draws})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def one(kind: str, cities: int, draws: int) -> None:
    work = WORK[kind](cities, draws)
    start = time.process_time()
    work()
    spent = time.process_time() - start
    told = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage would begin with what the parent held
    most = next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM"))
    print(spent, most / 2**20)


def growth() -> Iterator[Line]:
    cases = [("build", cities, 0) for cities in CITIES]
    cases += [("draws", cities, draws) for cities in CITIES for draws in DRAWS if cities * draws <= MOST]
    cases += [("smaa", cities, draws) for cities in CITIES[:2] for draws in DRAWS]
    for kind, cities, draws in cases:
        seconds, memory = measured(kind, cities, draws)
        yield Line(NAMES[kind].format(n=cities, d=draws), "tidu", seconds, note=f"peak memory {memory:.2f} GB")


JOBS = (growth,)
