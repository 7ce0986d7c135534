"""Indicators without spread: named by the audit, which judges the rest; other faults still stop it."""

from __future__ import annotations

import pytest

from tidu.core.errors import MethodError
from tidu.diagnosis.audit.examination import examine
from tidu.diagnosis.audit.remarks import remarks
from tidu.diagnosis.audit.spread import auditable
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

FILE = """
[index]
code = "d"
[indicator.a]
better = "higher"
[indicator.k]
better = "higher"
[indicator.b]
better = "lower"
"""


def figures(periods: int = 1) -> Panel:
    cells = [[[float(u), 5.0, float(u * u % 7)]] * periods for u in range(12)]
    return Panel.of([f"u{u:02d}" for u in range(12)], [str(2020 + t) for t in range(periods)], ["a", "k", "b"], cells)


def test_it_is_named_and_the_rest_is_judged() -> None:
    with pytest.raises(MethodError):
        build(Framework.parse(FILE), figures())
    index = auditable(Framework.parse(FILE), figures())
    without = build(Framework.parse(FILE.replace('[indicator.k]\nbetter = "higher"\n', "")), figures())
    assert index.rank() == without.rank()
    found = [item for item in remarks(examine(index)) if item.code == "constant"]
    assert [(item.severity, item.address) for item in found] == [("fault", "indicator.k")]
    assert "cannot be built" in found[0].text("en") and "无法测算" in found[0].text("zh")


def test_what_the_file_screens_is_a_note() -> None:
    index = auditable(Framework.parse(FILE).put("screen.same=0.9"), figures())
    assert [(item.code, item.severity) for item in remarks(examine(index)) if item.address == "indicator.k"] == [
        ("left_out", "note")
    ]


def test_a_whole_index_is_left_as_it_is() -> None:
    framework = Framework.parse(FILE.replace("indicator.k", "indicator.c").replace("[indicator.c]", '[indicator.c]\nof = "a"'))
    assert auditable(framework, figures()).screening.dropped == {}


def test_what_leaving_out_does_not_mend_is_refused() -> None:
    only = Framework.parse('[index]\ncode = "d"\n[indicator.k]\nbetter = "higher"')
    with pytest.raises(MethodError) as caught:
        auditable(only, figures())
    assert caught.value.code == "constant_column"
