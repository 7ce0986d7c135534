"""What leaving out a node or a unit does to ranks: by hand and against the rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.stats import rank_high
from tidu.diagnosis.audit import removal
from tidu.diagnosis.audit.removal import rank_reversal, removal_scores, remove_each, without
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

RNG = np.random.default_rng(11)
CODES = ("a", "b", "c", "e", "f", "g")


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("normalise.onto=[1, 100]", "aggregate.method=geometric"),
        ("normalise.onto=[1, 100]", "pillar.p.aggregate.method=geometric"),
        ("normalise.onto=[1, 100]", "aggregate.method=geometric", "pillar.p.aggregate.method=arithmetic"),
    ],
)
def test_algebra_is_the_rebuild(changes: tuple[str, ...], made: Callable[..., Index], monkeypatch: pytest.MonkeyPatch) -> None:
    index, nodes = made(None, changes), (*CODES, "p", "q", "s", "d")
    quick = removal_scores(index, nodes)
    monkeypatch.setattr(removal, "_rebuilt", None)
    assert np.array_equal(quick, removal_scores(index, nodes), equal_nan=True)  # nothing was built again
    monkeypatch.undo()
    monkeypatch.setattr(removal, "_means", lambda *_: False)
    assert quick == pytest.approx(removal_scores(index, nodes), nan_ok=True, abs=1e-9)
    assert np.isnan(quick[:, -1]).all()  # nothing is left without the root


def test_an_only_child_takes_its_parent_with_it(index: Index) -> None:
    both = removal_scores(index, ["g", "s"])
    assert both[:, 0] == pytest.approx(both[:, 1])


def test_rank_shifts_by_hand(index: Index) -> None:
    found = remove_each(index, ["a"])[0]
    after = build(without(index.framework, ["a"]) or index.framework, index.panel)
    shift = np.abs(rank_high(after.scores[:, 1, -1]) - index.ranks[:, 1, -1])
    assert found.mean_shift == pytest.approx(shift.mean())
    assert found.largest_shift == shift.max() and found.scored == 30
    assert shift[index.units.index(found.unit)] == shift.max()
    assert remove_each(index, ["d"])[0].scored == 0


def test_other_joins_and_holes_are_built_again(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    index = made(None, ("normalise.onto=[1, 100]", "aggregate.method=harmonic"))
    after = build(without(index.framework, ["b"]) or index.framework, index.panel)
    assert removal_scores(index, ["b"])[:, 0] == pytest.approx(after.scores[:, 1, -1])
    x = figures()
    x[0, 1, 0] = np.nan
    index = made(x, ("aggregate.missing=skip",))
    after = build(without(index.framework, ["b"]) or index.framework, index.panel)
    assert removal_scores(index, ["b"])[:, 0] == pytest.approx(after.scores[:, 1, -1])


def test_sixty_indicators_are_left_out_in_a_moment() -> None:
    codes = [f"i{k:02}" for k in range(60)]
    spec = {
        "index": {"code": "d"},
        "pillar": {f"p{k}": {} for k in range(6)},
        "indicator": {code: {"better": "higher", "parent": f"p{k // 10}"} for k, code in enumerate(codes)},
    }
    panel = Panel.of([f"u{k}" for k in range(300)], ["2023"], codes, RNG.normal(size=(300, 1, 60)))
    index = build(Framework.of(spec), panel)
    remove_each(index)
    times = []
    for _ in range(5):
        start = time.process_time()
        remove_each(index)
        times.append(time.process_time() - start)
    assert min(times) < 0.02


def test_dropping_a_unit_that_sets_no_bound_reverses_nothing(
    made: Callable[..., Index], figures: Callable[..., np.ndarray]
) -> None:
    x = figures(units=12, periods=1)
    x[0], x[1], x[2] = 0.0, 30.0, 10.0  # the ends belong to the first two, whatever the direction
    index = made(x)
    found = rank_reversal(index, ["u02"])
    assert (found.dropped, found.reversed, found.moved) == (("u02",), 0, {})
    assert found.pairs == 11 * 10 // 2


def test_dropping_the_worst_can_turn_others_round() -> None:
    spec = "[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'\n"
    spec += "[universe.some]\nmembers=['x','y','z']\n[screen]\nforce_in=['z']\n"
    #              a: 0–10 with z, 8–10 without it; b: 0–10 always
    panel = Panel.of(["x", "y", "z", "v"], ["2023"], ["a", "b"], [[[8, 7]], [[10, 4]], [[0, 0]], [[9, 10]]])
    found = rank_reversal(build(Framework.parse(spec), panel))
    assert found.dropped == ("z",)
    assert (found.pairs, found.reversed) == (3, 1)
    assert found.moved == {"x": (2, 3), "y": (3, 2)}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(shuffled: Callable[[int], tuple[Index, Index]], seed: int) -> None:
    first, second = shuffled(seed)
    shifts = {item.node: item.mean_shift for item in remove_each(first)}
    assert shifts == pytest.approx({item.node: item.mean_shift for item in remove_each(second)})


def test_a_node_that_the_file_reads_beside_the_total_can_be_left_out() -> None:
    index = app.make("city-ip-core", changes=["aggregate.method=borda"])
    found = remove_each(index, ["output", "potential"], 2023)
    assert index.framework.table.index.reading and all(item.refused is None and item.scored > 200 for item in found)
