"""Names of persons are masked, names of bodies are not; whoever is of unknown type counts as a person."""

from __future__ import annotations

import pytest

from tidu.records.masking import masked


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("张三丰", "person", "张**"),
        ("张三", None, "张**"),
        ("Doe, Jane", "person", "D**"),
        ("Wang 王五", "person", "王**"),
        ("虚构大学", "university", "虚构大学"),
        ("Synthetic Inc.", "company", "Synthetic Inc."),
        ("  ", "person", ""),
        (None, "person", ""),
    ],
)
def test_masked(name: str | None, kind: str | None, shown: str) -> None:
    assert masked(name, kind) == shown
