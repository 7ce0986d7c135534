"""What a column does to every indicator that it feeds: by hand, and against a build."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.diagnosis.movement.feeds import Feed, feeds, moved_by, with_column
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[column.both]
sum = ["x", "y"]
[column.part]
share = ["x", "both"]
[indicator.x]
better = "higher"
scale = 2
[indicator.density]
of = "x"
per = "m"
better = "higher"
[indicator.part]
better = "higher"
[indicator.inverse]
of = "m"
per = "x"
better = "lower"
[indicator.alone]
better = "higher"
"""
COLUMNS = ("x", "y", "m", "alone")
CODES = ("x", "density", "part", "inverse", "alone")


def fed(values: list[float]) -> tuple[dict[str, Feed], Framework, Panel]:
    framework = Framework.parse(SPEC)
    panel = Panel.of(["a", "b", "c"], ["2023"], COLUMNS, [[values], [[1.0, 2.0, 3.0, 4.0]], [[2.0, 2.0, 5.0, 6.0]]])
    index = build(framework, panel)
    known = dict(zip(COLUMNS, values, strict=True))
    return feeds(framework, panel, 0, 0, known, index.imputed[0, 0], np.ones(5, dtype=bool)), framework, panel


def test_numerators_and_shares_and_denominators_by_hand() -> None:
    """x = 6, y = 2, m = 3: 12, 2, 6 of 8 = 75, and 3 ÷ 6 = 0.5; two more of x: 16, 8 ÷ 3, 80, 3 ÷ 8."""
    found, framework, _ = fed([6.0, 2.0, 3.0, 1.0])
    assert [framework.leaves[k] for k in found["x"].places] == ["x", "density", "part", "inverse"] and found["x"].plain
    assert found["x"].figures(np.array([2.0]))[0] == pytest.approx([16.0, 8 / 3, 80.0, 0.375])
    assert found["x"].slope == pytest.approx([2.0, 1 / 3, 100 * 2 / 64, -3 / 36])
    assert [framework.leaves[k] for k in found["alone"].places] == ["alone"]
    assert found["x"].change(2, 80.0) == pytest.approx(2.0)
    assert np.isnan(Feed("k", 1.0, np.array([0]), np.ones(1), np.zeros(1), np.zeros(1), True).change(0, 5.0))


def test_what_carries_an_indicator_is_not_what_it_is_divided_by() -> None:
    framework = Framework.parse(SPEC)
    assert {code: moved_by(framework, code) for code in CODES} == {
        "x": ("x",),
        "density": ("x",),
        "part": ("x",),
        "inverse": ("m",),
        "alone": ("alone",),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.5, 50), min_size=4, max_size=4), st.sampled_from(COLUMNS), st.floats(-0.4, 3.0))
def test_a_feed_is_what_the_columns_give(values: list[float], name: str, share: float) -> None:
    found, framework, panel = fed(values)
    at = COLUMNS.index(name)
    change = share * values[at]
    table = with_column(framework, panel, 0, 0, [(name, values[at] + change)])[0]
    assert found[name].plain
    assert found[name].figures(np.array([change]))[0] == pytest.approx(table[found[name].places], rel=1e-6)
    still = np.setdiff1d(np.arange(5), found[name].places)
    assert table[still] == pytest.approx(with_column(framework, panel, 0, 0, [(name, values[at])])[0][still], rel=1e-9)
