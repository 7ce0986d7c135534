"""Every engine does what the port asks, alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import narwhals as nw
import pytest

from tidu.engine import connect, quoted
from tidu.engine.choice import ENGINES, open_engine
from tidu.engine.port import Engine

TYPES = {"a": "VARCHAR", "b": "BIGINT", "d": "DATE"}
CELLS = {"a": ["x", None, "y"], "b": [1, 2, None], "d": [date(2020, 1, 31), None, date(1999, 12, 31)]}


@pytest.fixture(params=[pytest.param(one, marks=pytest.mark.slow if one == "spark" else ()) for one in ENGINES])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made = open_engine(request.param, threads=2)
    assert made.name == request.param
    yield made
    made.close()


def test_small_tables_come_back_as_they_went_in(engine: Engine) -> None:
    assert engine.collect(engine.small(CELLS, TYPES)) == CELLS
    assert engine.collect(engine.small({"a": [], "b": [], "d": []}, TYPES)) == {"a": [], "b": [], "d": []}


def test_files_are_scanned_together_and_none_is_an_empty_table(engine: Engine, tmp_path: Path) -> None:
    files = []
    for at in (1, 2):
        path = tmp_path / f"{at}.parquet"
        connect().execute(f"copy (select {at}::bigint as b, 'k' as a, 0 as more) to {quoted(str(path))} (format parquet)")
        files.append(path)
    found = engine.collect(engine.scan(files, {"a": "VARCHAR", "b": "BIGINT"}).sort("b"))
    assert found == {"a": ["k", "k"], "b": [1, 2]}
    assert engine.collect(engine.scan([], TYPES)) == {"a": [], "b": [], "d": []}


def test_what_is_materialised_can_be_used_twice(engine: Engine) -> None:
    once = engine.materialise(engine.small(CELLS, TYPES).filter(~nw.col("b").is_null()))
    both = once.join(once.select("b"), on="b", how="inner").sort("b")
    assert engine.collect(both.select("b"))["b"] == [1, 2]
