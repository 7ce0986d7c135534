"""Codes, parents and derived columns: what hangs together and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from tidu.index.structure import faults, is_derived
from tidu.index.whole_file import IndexFile


def found(**tables: Any) -> list[tuple[str, str | None]]:
    leaf = {"a": {"better": "higher"}}
    spec = {"index": {"code": "root"}, "indicator": leaf, **tables}
    return [(error.code, error.address) for error in faults(IndexFile.model_validate(spec))]


def test_a_sound_file_has_no_fault() -> None:
    tables = {"pillar": {"p": {}, "q": {"parent": "p"}}, "indicator": {"a": {"better": "higher", "parent": "q"}}}
    assert found(**tables, column={"c": {"sum": ["a", "b"]}, "d": {"ratio": ["c", "b"]}}) == []


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        ({"pillar": {"p": {"parent": "q"}, "q": {"parent": "p"}}}, ("cycle", "pillar.p.parent")),
        ({"pillar": {"p": {}}}, ("orphan", "pillar.p")),
        ({"pillar": {"root": {}}}, ("code_of_root", "pillar.root")),
        (
            {"indicator": {"a": {"better": "higher", "parent": "b"}, "b": {"better": "lower"}}},
            ("parent_is_indicator", "indicator.a.parent"),
        ),
        ({"indicator": {"a": {"better": "higher", "parent": "nobody"}}}, ("unknown_parent", "indicator.a.parent")),
        ({"column": {"c": {"sum": ["a"], "growth": "a"}}}, ("column_kind", "column.c")),
        ({"column": {"c": {"sum": ["d"]}, "d": {"sum": ["c"]}}}, ("column_cycle", "column.c.sum")),
        ({"column": {"c": {"sum": ["d"]}, "d": {"sum": ["a"]}}}, ("column_order", "column.c.sum")),
        ({"column": {"c": {"sum": []}}}, ("list_empty", "column.c.sum")),
        ({"index": {"code": "root", "reading": ["a", "b"]}}, ("unknown_node", "index.reading[1]")),
        ({"index": {"code": "root", "reading": ["a", "a"]}}, ("nodes_overlap", "index.reading[1]")),
        (
            {
                "index": {"code": "root", "reading": ["a", "p"]},
                "pillar": {"p": {}},
                "indicator": {"a": {"better": "higher", "parent": "p"}},
            },
            ("nodes_overlap", "index.reading[0]"),
        ),
    ],
)
def test_a_fault_is_named_at_its_address(tables: dict[str, Any], fault: tuple[str, str]) -> None:
    assert fault in found(**tables)


def test_a_printed_column_with_settings_is_not_derived() -> None:
    table = IndexFile.model_validate(
        {"index": {"code": "r"}, "indicator": {"a": {"better": "higher"}}, "column": {"c": {"unit": "万人"}, "d": {"growth": "c"}}}
    )
    assert not is_derived(table.column["c"])
    assert is_derived(table.column["d"])
