from __future__ import annotations

from pathlib import Path

import pytest
from tests.indicators.conftest import put

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.indicators.measures.prefixes import prefixed
from tidu.indicators.measures.records import Records

SYMBOLS = ("H04N5/225", "H04N7/18", "H04N", "H04", "G06V10/00", "A61K8/02")


@pytest.mark.parametrize("engine", ["duckdb", "polars", pytest.param("spark", marks=pytest.mark.slow)])
def test_the_longest_beginning_wins(engine: str, tmp_path: Path) -> None:
    rows = [{"appno": "1", "scheme": "ipc", "symbol": symbol, "seq": seq} for seq, symbol in enumerate(SYMBOLS, 1)]
    rows += [{"appno": "2", "scheme": "ipc", "symbol": "A61K8/02", "seq": 1}, {"appno": "2", "scheme": "cpc", "symbol": "H04N9/00"}]
    told = {"symbol": ["H04N%", "h04n   5/%", "A61K", "A61K"], "field": ["2", "3", "16", "14"]}
    records = Records(open_engine(engine, threads=1), put(tmp_path, {"class": rows}), {"fields": told})
    cells = records.engine.collect(prefixed(records, "fields", "field").sort("symbol", "value"))
    assert list(zip(cells["symbol"], cells["value"], strict=True)) == [
        ("A61K8/02", "14"),
        ("A61K8/02", "16"),
        ("H04N", "2"),
        ("H04N5/225", "3"),
        ("H04N7/18", "2"),
    ]


def test_a_table_without_rows_knows_nothing_and_one_that_lacks_is_told(tmp_path: Path) -> None:
    folder = put(tmp_path, {"class": [{"appno": "1", "scheme": "ipc", "symbol": "H04N", "seq": 1}]})
    records = Records(open_engine(), folder, {"fields": {"symbol": [], "field": []}})
    assert records.engine.collect(prefixed(records, "fields", "field"))["symbol"] == []
    with pytest.raises(UsageError) as error:
        prefixed(records, "industries", "industry")
    assert error.value.code == "input_missing"
