"""The canonical tables hang together."""

from __future__ import annotations

import pytest

from tidu.records.schema import TABLES, TYPES


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_it_and_its_columns_hold(name: str) -> None:
    table = TABLES[name]
    assert table.holds and table.key and set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)
    assert all(one.holds and one.kind in TYPES for one in table.columns)
    assert table.column(table.key[0]).kind == "text"
