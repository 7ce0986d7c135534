from __future__ import annotations

import pytest

from tidu import app
from tidu.publish.edition import Edition

STRANGER = {
    "index": {"code": "demo", "title": {"zh": "示例（虚构）", "en": "Demo (synthetic)"}},
    "indicator": {"a": {"better": "higher"}, "b": {"better": "lower"}},
}
FIGURES = {"unit": ["x/1", "y", "z"], "period": ["2023"] * 3, "a": [1.0, 2.0, 5.0], "b": [9.0, 5.0, 1.0]}


@pytest.fixture(scope="session")
def cities() -> Edition:
    """The shipped core index with few points behind its ranges."""
    return app.edition("city-ip-core", draws=32)


@pytest.fixture(scope="session")
def stranger() -> Edition:
    """An index of somebody's own: no places, one period, no pillars, a unit code that is no file name (synthetic)."""
    index = app.make(STRANGER, FIGURES)
    return Edition(index, app.how_sure(index, 16)[0])
