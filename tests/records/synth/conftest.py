"""A small synthetic nation, and engines that its rooms work on."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tidu.engine import connect
from tidu.records.synth import citing, deeds, loads, texts
from tidu.records.synth.draws import Drawn, drawn
from tidu.records.synth.nation import Nation


@pytest.fixture(scope="session")
def nation() -> Nation:
    return Nation(4000, 7, 2015, 2022)


@pytest.fixture(scope="session")
def facts(nation: Nation) -> Drawn:
    return drawn(nation, 0)


@pytest.fixture(scope="session")
def engine(nation: Nation, facts: Drawn) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine on which the chunk is composed."""
    made = connect(threads=1)
    texts.prepare(made)
    texts.compose(made, facts)
    loads.cited(made, nation, facts, citing.citations(nation, facts, 0))
    deeds.compose(made, deeds.contracts(nation, 0))
    yield made
    made.close()
