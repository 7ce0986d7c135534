"""Reading of published answers, and the example index that most of them were made with."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tidu.index.coin import framework_of, panel_of
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

Rows = list[dict[str, str]]

#: What the example coin does by default: group means, winsorising with a logarithm behind it, min–max, plain means.
STEPS = {
    "impute": {"method": "group_mean", "by": "EurAsia_group"},
    "treat": {"method": "winsorise", "at_most": 5, "when": {"skew": 2.0, "kurtosis": 3.5}, "otherwise": "log"},
    "normalise": {"method": "min_max", "onto": [0, 100]},
    "aggregate": {"method": "arithmetic"},
}


def read_rows(path: Path) -> Rows:
    """A CSV file as rows of texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text) if text not in ("", "NA") else np.nan


class Answers:
    """A folder of published tables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> Rows:
        return read_rows(self.folder / f"{name}.csv")

    def table(self, name: str, units: Sequence[str], codes: Sequence[str], key: str = "uCode") -> np.ndarray:
        """The figures of a table of one year as (units, codes), in the wanted order; a unit that is not there is missing."""
        found = {row[key]: row for row in self.rows(name)}
        assert set(found) <= set(units)
        empty = dict.fromkeys(codes, "")
        return np.array([[number(found.get(unit, empty)[code]) for code in codes] for unit in units])

    def cube(self, name: str, units: Sequence[str], periods: Sequence[str], codes: Sequence[str]) -> np.ndarray:
        """The figures of a table with ``Time`` as (units, periods, codes); a row that is not there is missing."""
        out = np.full((len(units), len(periods), len(codes)), np.nan)
        for row in self.rows(name):
            out[units.index(row["uCode"]), periods.index(row["Time"])] = [number(row[code]) for code in codes]
        return out


def near(found: object, wanted: np.ndarray, rel: float = 1e-9) -> None:
    """Fails unless both have the same holes and agree within a relative (near zero: absolute, in the column's size) tolerance."""
    got = np.asarray(found, dtype=float)
    assert got.shape == wanted.shape
    assert np.array_equal(np.isnan(got), np.isnan(wanted))
    seen = ~np.isnan(wanted)
    assert seen.any()
    floor = 1e-3 * np.abs(wanted[seen]).max()
    error = np.abs(got[seen] - wanted[seen]) / np.maximum(np.abs(wanted[seen]), floor)
    assert error.max() <= rel, f"off by {error.max():.3g}"


@pytest.fixture(scope="session")
def agree() -> Callable[..., None]:
    return near


@pytest.fixture(scope="session")
def asem(reference: Path) -> Answers:
    return Answers(reference / "asem")


@pytest.fixture(scope="session")
def tai(reference: Path) -> Answers:
    return Answers(reference / "tai")


@pytest.fixture(scope="session")
def facts(evidence: Path) -> Answers:
    return Answers(evidence / "data" / "facts")


@pytest.fixture(scope="session")
def meta(asem: Answers) -> Rows:
    return asem.rows("inputs/asem_imeta")


@pytest.fixture(scope="session")
def undivided(meta: Rows) -> Rows:
    """The metadata without denominators: indicators as they stand in the raw table."""
    return [{**row, "Denominator": ""} for row in meta]


@pytest.fixture(scope="session")
def panel(asem: Answers, meta: Rows) -> Panel:
    return panel_of(asem.rows("inputs/asem_idata"), meta)


@pytest.fixture(scope="session")
def years(asem: Answers, meta: Rows) -> Panel:
    return panel_of(asem.rows("inputs/asem_idata_panel"), meta)


@pytest.fixture(scope="session")
def framework(meta: Rows) -> Framework:
    return framework_of(meta, **STEPS)


@pytest.fixture(scope="session")
def raw_framework(undivided: Rows) -> Framework:
    return framework_of(
        undivided, **{**STEPS, "impute": {"method": "none"}, "aggregate": {"method": "arithmetic", "missing": "skip"}}
    )


@pytest.fixture(scope="session")
def flat() -> Callable[..., tuple[Framework, Panel]]:
    """A one-level index of finished figures, nothing done to them but the join: ``(framework, panel)``."""

    def make(
        units: Sequence[str], codes: Sequence[str], values: np.ndarray, lower: Sequence[str] = (), **steps: object
    ) -> tuple[Framework, Panel]:
        spec = {
            "index": {"code": "flat"},
            "normalise": {"method": "none"},
            "indicator": {code: {"better": "lower" if code in lower else "higher"} for code in codes},
            **steps,
        }
        return Framework.of(spec), Panel.of(units, ["2018"], codes, np.asarray(values, dtype=float)[:, None, :])

    return make
