from __future__ import annotations

import pytest

from tidu import app
from tidu.publish.edition import Edition

STRANGER = {
    "index": {"code": "demo", "title": {"zh": "示例（虚构）", "en": "Demo (synthetic)"}},
    "indicator": {"a": {"better": "higher"}, "b": {"better": "lower"}},
}
FIGURES = {"unit": ["x/1", "y", "z"], "period": ["2023"] * 3, "a": [1.0, 2.0, 5.0], "b": [9.0, 5.0, 1.0]}
#: Twelve places of one period that say themselves where they are (synthetic).
COAST = {
    "index": {"code": "shore", "title": {"zh": "海岸（虚构）", "en": "Shore (synthetic)"}},
    "pillar": {"p": {}, "q": {}},
    "indicator": {"a": {"parent": "p", "better": "higher"}, "b": {"parent": "q", "better": "higher"}},
}
PLACED = {
    "unit": [f"s{k}" for k in range(12)],
    "period": ["2024"] * 12,
    "lon": [10.0 + k for k in range(12)],
    "lat": [50.0 + (k % 3) for k in range(12)],
    "distance_to_coast_km": [100.0 * k for k in range(12)],
    "a": [24.0 - 2.0 * k for k in range(12)],
    "b": [1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 2.0, 3.0, 1.0, 4.0, 2.0, 5.0],
}


@pytest.fixture(scope="session")
def cities() -> Edition:
    """The shipped core index with few points behind its ranges."""
    return app.edition("city-ip-core", draws=32)


@pytest.fixture(scope="session")
def stranger() -> Edition:
    """An index of somebody's own: no places, one period, no pillars, a unit code that is no file name (synthetic)."""
    index = app.make(STRANGER, FIGURES)
    return Edition(index, app.how_sure(index, 16)[0])


@pytest.fixture(scope="session")
def coastal() -> Edition:
    """An index of twelve places with longitude, latitude and distance of their own; no belts, one period (synthetic)."""
    index = app.make(COAST, PLACED)
    return Edition(index, app.how_sure(index, 16)[0])


@pytest.fixture(scope="session")
def classes() -> Edition:
    """The stranger's index with classes shown instead of ranks: the upper half and the rest (synthetic)."""
    index = {**STRANGER["index"], "display": "bands", "bands": [0.5]}
    return Edition(app.make({**STRANGER, "index": index}, FIGURES), None)
