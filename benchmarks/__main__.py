"""Runs every job, or those named, and prints a Markdown table."""

from __future__ import annotations

import datetime
import platform
import sys

import numpy
import scipy

from benchmarks import coverage, growth, index, uncertainty


def main(names: list[str]) -> None:
    made_with = f"Python {platform.python_version()}, numpy {numpy.__version__}, scipy {scipy.__version__}"
    print(f"{datetime.date.today()} · {platform.machine()}, {made_with}")
    print("\n| job | who | CPU seconds | ratio to ours | note |\n|---|---|---:|---:|---|")
    for job in (*index.JOBS, *uncertainty.JOBS, *growth.JOBS, *coverage.JOBS):
        if names and job.__name__ not in names:
            continue
        for line in job():
            seconds = "" if line.seconds is None else f"{line.seconds:.4f}"
            ratio = "" if line.ratio is None else f"{line.ratio:.1f}"
            print(f"| {line.job} | {line.who} | {seconds} | {ratio} | {line.note} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
