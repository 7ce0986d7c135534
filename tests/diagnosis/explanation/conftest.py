"""An index of five units and three years that the tests of this folder share, and the shipped one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu import app
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[column.heads]
sum = ["men", "women"]
[pillar.ip]
weight = 3
[pillar.money]
[indicator.a]
parent = "ip"
better = "higher"
source = "yearbook"
unit = "件"
of = "mass"
per = "heads"
[indicator.b]
parent = "ip"
better = "lower"
[indicator.c]
parent = "money"
better = "higher"
"""
UNITS = ("v", "w", "x", "y", "z")
COLUMNS = ("mass", "men", "women", "b", "c")


def _made(seed: int = 1, *changes: str) -> Index:
    x = np.random.default_rng(seed).uniform(1, 10, size=(5, 3, 5))
    panel = Panel.of(
        UNITS,
        ["2021", "2022", "2023"],
        COLUMNS,
        x,
        groups={"region": ("e", "e", "e", "w", "w")},
        lineage={"mass": "table 1", "men": "table 2", "c": "table 3"},
        universes={"some": ("v", "y")},
    )
    return build(Framework.parse(SPEC).put(*changes), panel)


@pytest.fixture(scope="session")
def yearly() -> Callable[..., Index]:
    """The index of seed and changes."""
    return _made


@pytest.fixture(scope="session")
def five() -> Index:
    """The index as it stands."""
    return _made()


@pytest.fixture(scope="session")
def cities() -> Index:
    """The shipped index of basic indicators."""
    return app.make("city-ip-core")
