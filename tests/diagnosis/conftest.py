"""Small indices that the tests of this floor share: one to be audited, one under any join."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import numpy as np
import pytest

from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

AUDITED = """
[index]
code = "d"
title = { zh = "甲", en = "D" }
[pillar.p]
weight = 2
[pillar.q]
[pillar.s]
[indicator.a]
parent = "p"
better = "higher"
weight = 3
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "p"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
[indicator.f]
parent = "q"
better = "higher"
[indicator.g]
parent = "s"
better = "higher"
"""
JOINED = """
[index]
code = "d"
[normalise]
onto = [1, 100]
[pillar.p]
weight = 2
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
weight = 3
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "p"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
[indicator.f]
parent = "q"
better = "higher"
"""
CODES = ("a", "b", "c", "e", "f", "g")


def _figures(units: int = 30, periods: int = 2, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(units, periods, 1))
    x = common * [1, -1, 1, 1, 0.2, 0.5] + rng.normal(size=(units, periods, 6))
    return np.asarray(x + 10)


def _made(values: np.ndarray | None = None, changes: tuple[str, ...] = ()) -> Index:
    x = _figures() if values is None else values
    panel = Panel.of(
        [f"u{k:02}" for k in range(x.shape[0])], [str(2020 + t) for t in range(x.shape[1])], CODES, x, groups={}, names={}
    )
    return build(Framework.parse(AUDITED).put(*changes), panel)


def _shuffled(seed: int) -> tuple[Index, Index]:
    x = _figures(units=12, periods=1, seed=seed)
    rng = np.random.default_rng(seed)
    units, codes = rng.permutation(12), rng.permutation(6)
    first = _made(x)
    spec = dict(Framework.parse(AUDITED).spec)
    spec["indicator"] = {CODES[k]: spec["indicator"][CODES[k]] for k in codes}
    names = [f"u{k:02}" for k in units]
    panel = Panel.of(names, ["2020"], [CODES[k] for k in codes], x[units][:, :, codes])
    return first, build(Framework.of(spec), panel)


def _joined(change: str = "aggregate.method=arithmetic", seed: int = 0, periods: int = 1, holes: bool = False, *more: str) -> Index:
    x = np.random.default_rng(seed).normal(size=(9, periods, 5))
    if holes:
        x[0, 0, 0] = x[1, 0, 3] = x[2, 0, 0] = np.nan
    panel = Panel.of([f"u{k}" for k in range(9)], [str(2020 + t) for t in range(periods)], CODES[:5], x)
    framework = Framework.parse(JOINED)
    if change.startswith("aggregate="):
        spec = dict(framework.spec) | {"aggregate": tomllib.loads(change)["aggregate"]}
        framework = Framework.of(spec)
    else:
        framework = framework.put(change)
    return build(framework.put(*more) if more else framework, panel)


@pytest.fixture(scope="session")
def figures() -> Callable[..., np.ndarray]:
    """Figures of an index to be audited: units, periods, seed → (units, periods, 6)."""
    return _figures


@pytest.fixture(scope="session")
def made() -> Callable[..., Index]:
    """An index to be audited, of given figures and changes."""
    return _made


@pytest.fixture(scope="session")
def index() -> Index:
    """The index to be audited as it stands."""
    return _made()


@pytest.fixture(scope="session")
def shuffled() -> Callable[[int], tuple[Index, Index]]:
    """Seed → an index, and the same one with its units and indicators in another order."""
    return _shuffled


@pytest.fixture(scope="session")
def joined() -> Callable[..., Index]:
    """An index of nine units and five indicators under a join: join, seed, periods, holes, more changes."""
    return _joined
