"""The web application under load on one machine: readers in a closed loop, each asking anew once it has its answer.

Run as ``python -m benchmarks.serve``; seconds are wall-clock, so the figures hold for this machine and what else it did.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

READY, PORT = 60.0, int(os.environ.get("PORT", "8765"))


@dataclass
class Load:
    """What readers met: seconds of every answer, bytes, and what went wrong."""

    name: str
    readers: int
    seconds: list[float] = field(default_factory=list)
    faults: int = 0
    wall: float = 0.0

    def row(self) -> str:
        """A row of the table."""
        times = sorted(self.seconds)
        p95 = times[int(0.95 * (len(times) - 1))]
        rate = len(times) / self.wall
        return (
            f"| {self.name} | {self.readers} | {len(times)} | {self.faults} | {rate:.0f} "
            f"| {1000 * statistics.median(times):.0f} | {1000 * p95:.0f} | {1000 * times[-1]:.0f} |"
        )


async def reader(addresses: Iterator[str], until: float, load: Load, packed: bool) -> None:
    """One reader on one connection."""
    come, go = await asyncio.open_connection("127.0.0.1", PORT)
    more = "Accept-Encoding: gzip\r\n" if packed else ""
    while time.perf_counter() < until:
        start = time.perf_counter()
        go.write(f"GET {next(addresses)} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode())
        head = await come.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await come.readexactly(size)
        load.seconds.append(time.perf_counter() - start)
        if not head.startswith(b"HTTP/1.1 200") or not size:
            load.faults += 1
    go.close()
    await go.wait_closed()


async def run(name: str, addresses: Iterator[str], readers: int, seconds: float, packed: bool = True) -> Load:
    """So many readers for so long."""
    load = Load(name, readers)
    start = time.perf_counter()
    done = await asyncio.gather(*(reader(addresses, start + seconds, load, packed) for _ in range(readers)), return_exceptions=True)
    load.faults += sum(isinstance(one, BaseException) for one in done)
    load.wall = time.perf_counter() - start
    return load


def main() -> None:
    """Prints the table."""
    server = subprocess.Popen([sys.executable, "-m", "tidu", "serve", "--port", str(PORT)], stderr=subprocess.DEVNULL)
    try:
        began = time.perf_counter()
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/units") as answer:
                    units = [row["unit"] for row in json.loads(answer.read())["rows"] if row["scored"]]
                break
            except OSError:
                if time.perf_counter() - began > READY or server.poll() is not None:
                    raise
                time.sleep(0.1)
        print(f"first answer {time.perf_counter() - began:.1f} s after the command\n")
        drawn = random.Random(1)
        shuffled = [f"/{lang}/city/{unit}.html" for unit in units for lang in ("zh", "en")]
        drawn.shuffle(shuffled)
        profiles = [f"/api/v1/profile/{unit}" for unit in units]
        drawn.shuffle(profiles)
        print("| what is asked for | readers | answers | faults | answers/s | median, ms | p95, ms | longest, ms |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|")
        jobs = [
            ("profiles as JSON, each for the first time and again", itertools.cycle(profiles), 20, 10.0),
            ("pages of cities, none made before", itertools.cycle(shuffled), 20, 60.0),
            ("pages of cities, made before", itertools.cycle(shuffled), 20, 20.0),
            ("pages of cities, made before", itertools.cycle(shuffled), 200, 60.0),
            ("the ranking of 297 cities as JSON", itertools.repeat("/api/v1/ranking"), 20, 10.0),
        ]
        for name, addresses, readers, seconds in jobs:
            print(asyncio.run(run(name, addresses, readers, seconds)).row(), flush=True)
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
