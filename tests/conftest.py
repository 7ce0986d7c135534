"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def evidence() -> Path:
    """The folder of real data and published answers; tests marked ``reference`` fail without it."""
    folder = Path(os.environ.get("TIDU_REFERENCE", ROOT.parent / "shared"))
    if not (folder / "reference").is_dir():
        pytest.fail(f"no reference folder at {folder}: set TIDU_REFERENCE", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def reference(evidence: Path) -> Path:
    """The folder of published answers."""
    return evidence / "reference"
