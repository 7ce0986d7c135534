from __future__ import annotations

from tidu.engine.polars import Polars


def test_types_are_those_asked_for_even_without_rows() -> None:
    frame = Polars().small({"a": []}, {"a": "BIGINT"})
    assert str(frame.collect_schema()["a"]) == "Int64"
