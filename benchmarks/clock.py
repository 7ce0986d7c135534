"""CPU time of a function or a process, as the median of several runs after a warm-up."""

from __future__ import annotations

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One row of the table: the job, who did it, CPU seconds, and the ratio to ours (above 1 = we are faster)."""

    job: str
    who: str
    seconds: float | None
    ratio: float | None = None
    note: str = ""


def cpu(work: Callable[[], object], runs: int = 5) -> float:
    """Median CPU seconds of a call."""
    work()
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def pair(ours: Callable[[], object], other: Callable[[], object], runs: int = 5) -> tuple[float, float, float]:
    """Median CPU seconds of two calls run in turn, and the median of the ratios other ÷ ours pair by pair."""
    ours(), other()
    mine, theirs, ratios = [], [], []
    for _ in range(runs):
        for work, times in ((ours, mine), (other, theirs)):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        ratios.append(theirs[-1] / max(mine[-1], 1e-9))
    return statistics.median(mine), statistics.median(theirs), statistics.median(ratios)


def process_cpu(command: Sequence[str]) -> float:
    """CPU seconds of one finished process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def process_pair(ours: Sequence[str], other: Sequence[str], runs: int = 9) -> tuple[float, float, float]:
    """As :func:`pair`, of whole processes; the ratio is ours ÷ other."""
    process_cpu(ours), process_cpu(other)
    mine, theirs, ratios = [], [], []
    for _ in range(runs):
        mine.append(process_cpu(ours))
        theirs.append(process_cpu(other))
        ratios.append(mine[-1] / theirs[-1])
    return statistics.median(mine), statistics.median(theirs), statistics.median(ratios)
