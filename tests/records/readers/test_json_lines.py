"""Lines of JSON: every one is a record, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.json_lines import json_lines, text_of


def test_hostile_lines_are_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [b'\xef\xbb\xbf{"a": "x"}', b'{"a": ', b"\xff\xfe", b"[" * 100_000, b"7", b'{"b": 1}', b'{"a": "y"}']
    path.write_bytes(b"\r\n".join(lines))
    found = list(json_lines(path, lambda one: {"patent": [{"appno": one["a"]}]}))
    assert [one.fault for one in found] == [None, "broken", "broken", "broken", "broken", "broken", None]
    assert [one.line for one in found] == list(range(1, 8)) and found[6].byte == path.read_bytes().rfind(b'{"a"')


def test_text() -> None:
    assert text_of([1]) is None and text_of({}) is None and text_of("  ") is None and text_of(7) == "7"
