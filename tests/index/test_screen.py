from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import DataError, MethodError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.screen import Screening, screen
from tidu.indicators.panel import Panel

NAN = np.nan
TREE = """
[index]
code = "d"
[aggregate]
missing = "skip"
[pillar.p]
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "higher"
[indicator.c]
parent = "q"
better = "higher"
[indicator.d1]
parent = "q"
better = "higher"
"""
#        a    b    c    d1
ROWS = [
    [1.0, 2.0, 3.0, 4.0],  # x: all four
    [2.0, 0.0, 0.0, NAN],  # y: three of four, of which two are zero
    [3.0, NAN, NAN, NAN],  # z: one of four, none of q
    [4.0, 5.0, NAN, 1.0],  # w: three of four
]
UNITS = ("x", "y", "z", "w")


def seen(rows: list[list[float]] = ROWS, active: np.ndarray | None = None, **rule: object) -> Screening:
    framework = Framework.of({**Framework.parse(TREE).spec, "screen": rule})
    x = np.array(rows)[:, None, :]
    asked = np.ones((1, x.shape[2]), dtype=bool) if active is None else active
    return screen(x, asked, framework, UNITS[: len(rows)])


def test_what_is_missing_and_what_is_zero_is_counted() -> None:
    found = seen()
    assert found.missing[:, 0].tolist() == [0, 1, 3, 1]
    assert found.zero[:, 0].tolist() == [0, 2, 0, 0]
    assert found.availability[:, 0].tolist() == [1.0, 0.75, 0.25, 0.75]
    assert found.nonzero[:, 0] == pytest.approx([1.0, 1 / 3, 1.0, 1.0])
    assert found.included.all()
    assert found.dropped == {}


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"minimum": 0.75}, ["x", "y", "w"]),
        ({"minimum": 0.76}, ["x"]),
        ({"minimum_pillar": 0.5}, ["x", "y", "w"]),
        ({"minimum_pillar": 0.25}, ["x", "y", "w"]),  # z has nothing of q
        ({"nonzero": 0.5}, ["x", "z", "w"]),
        ({"minimum": 0.75, "nonzero": 0.5}, ["x", "w"]),
        ({"minimum": 0.75, "force_in": ["z"]}, ["x", "y", "z", "w"]),
        ({"minimum": 0.75, "force_out": ["x"]}, ["y", "w"]),
    ],
)
def test_who_is_kept(rule: dict[str, object], kept: list[str]) -> None:
    found = seen(**rule)
    assert [unit for unit, stays in zip(UNITS, found.included[:, 0], strict=True) if stays] == kept


@pytest.mark.parametrize("thirds", [1, 2, 3])
def test_a_share_that_is_met_exactly_is_met(thirds: int) -> None:
    rows = [[1.0] * thirds + [NAN] * (3 - thirds) + [NAN], [1.0, 2.0, 3.0, 4.0]]
    active = np.array([[True, True, True, False]])
    assert seen(rows, active, minimum=thirds / 3).included[0, 0]


@pytest.mark.parametrize(
    ("rule", "dropped"),
    [
        ({"minimum_indicator": 0.75}, {"c": "minimum_indicator", "d1": "minimum_indicator"}),
        ({"minimum_indicator": 0.5}, {}),
        ({"unique": 1.0}, {}),
    ],
)
def test_indicators_seen_too_seldom_are_dropped_with_the_reason(rule: dict[str, object], dropped: dict[str, str]) -> None:
    assert seen(**rule).dropped == dropped


def test_indicators_that_hardly_vary_are_dropped_with_the_reason() -> None:
    rows = [[1.0, 1.0, 5.0, 1.0], [2.0, 1.0, 5.0, 1.0], [3.0, 1.0, 6.0, 2.0], [4.0, 2.0, 6.0, 2.0]]
    assert seen(rows, same=0.5).dropped == {"b": "same"}  # three of four the same
    assert seen(rows, unique=0.75).dropped == {"b": "unique", "c": "unique", "d1": "unique"}


def test_a_dropped_indicator_is_out_of_the_index_and_the_others_take_its_weight() -> None:
    rows = np.array([[1.0, 1.0, 5.0, 1.0], [2.0, 1.0, 6.0, 3.0], [3.0, 1.0, 7.0, 2.0]])
    panel = Panel.of(UNITS[:3], ["2023"], ["a", "b", "c", "d1"], rows[:, None, :])
    framework = Framework.parse(TREE).put("screen.same=0.9")
    index = build(framework, panel)
    assert index.screening.dropped == {"b": "same"}
    assert index.weights() == pytest.approx({"d": 1, "p": 0.5, "q": 0.5, "a": 0.5, "c": 0.25, "d1": 0.25})
    assert index.score("p") == pytest.approx({"x": 0, "y": 50, "z": 100})
    assert np.isnan(list(index.score("b").values())).all()


def test_the_screened_out_are_not_scored_and_set_no_bounds() -> None:
    rows = np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 5.0], [100.0, NAN, NAN, NAN]])
    panel = Panel.of(UNITS[:3], ["2023"], ["a", "b", "c", "d1"], rows[:, None, :])
    index = build(Framework.parse(TREE).put("screen.minimum=0.5"), panel)
    assert index.score() == pytest.approx({"x": 0, "y": 100, "z": NAN}, nan_ok=True)
    assert index.rank() == {"x": 2, "y": 1, "z": None}
    assert index.coverage()[0]["screened_out"] == 1


def test_only_what_is_asked_for_counts() -> None:
    active = np.array([[True, True, False, False]])
    found = seen(active=active, minimum=1.0)
    assert found.missing[:, 0].tolist() == [0, 0, 1, 0]
    assert found.included[:, 0].tolist() == [True, True, False, True]


def test_nobody_left_is_refused_and_so_is_a_forced_unit_that_is_not_there() -> None:
    with pytest.raises(MethodError) as caught:
        seen([[NAN, NAN, NAN, 1.0]], minimum=0.5)
    assert caught.value.code == "all_screened_out"
    assert caught.value.values["best"] == 0.25
    with pytest.raises(DataError) as stray:
        seen(force_in=["xx"])
    assert (stray.value.code, stray.value.address) == ("unknown_unit", "screen.force_in")
    with pytest.raises(MethodError) as none:
        seen(minimum_indicator=1.0, rows=[[NAN] * 4, [1.0] * 4])
    assert none.value.code == "all_indicators_dropped"
