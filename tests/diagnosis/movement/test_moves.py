"""What would move a unit: slopes by hand, what passes the next unit, what is no lever, and that better is never worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import UsageError
from tidu.diagnosis.movement.moves import Move, ahead, moves
from tidu.diagnosis.movement.yardstick import yardstick
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: Joins in which a better child never lowers the node.
MONOTONE = (
    "aggregate.method=arithmetic",
    "aggregate.method=geometric",
    "aggregate.method=harmonic",
    "aggregate={method='power_mean', p=0.5}",
    "aggregate.method=median",
    "aggregate.method=mean_min",
)
HAND = """
[index]
code = "d"
[indicator.a]
better = "higher"
weight = 3
of = "made"
per = "people"
scale = 10
unit = "per ten"
[indicator.b]
better = "lower"
[indicator.count]
better = "higher"
lever = false
"""
#         made people  b  count
FIGURES = [
    [10.0, 100, 9, 1],  # a = 1
    [40.0, 100, 5, 2],  # a = 4
    [10.0, 50, 7, 3],  # a = 2
    [55.0, 50, 1, 5],  # a = 11
]


def by_code(index: Index, unit: str, **more: str) -> dict[str, Move]:
    return {move.code: move for move in moves(index, unit, **more)}


@pytest.fixture(scope="module")
def hand() -> Index:
    panel = Panel.of(list("wxyz"), ["2023"], ["made", "people", "b", "count"], np.array(FIGURES)[:, None])
    return build(Framework.parse(HAND), panel)


def test_slopes_by_hand(hand: Index) -> None:
    """Weights 3, 1, 1 of 5; ranges 1–11, 1–9, 1–5: 0.6 × 100 ÷ 10, 0.2 × 100 ÷ 8 the other way, 0.2 × 100 ÷ 4."""
    found = by_code(hand, "x")
    assert {code: (round(move.slope, 6), round(move.back, 6)) for code, move in found.items()} == {
        "a": (6.0, 6.0),
        "b": (-2.5, -2.5),
        "count": (5.0, 5.0),
    }
    assert found["a"].value == 4.0 and found["a"].unit == "per ten"
    assert found["a"].room == pytest.approx(42.0) and found["b"].room == pytest.approx(10.0)
    assert found["a"].columns == ("made", "people") and found["a"].of == "made"
    assert {move.why for move in found.values()} == {None}


def test_what_passes_the_next_unit_by_hand(hand: Index) -> None:
    """y has 0.6 × 10 + 0.2 × 25 + 0.2 × 50 = 21, x 0.6 × 30 + 0.2 × 50 + 0.2 × 25 = 33: y is 12 points behind."""
    assert hand.score()["y"] == pytest.approx(21.0) and hand.score()["x"] == pytest.approx(33.0)
    found = by_code(hand, "y")
    assert ahead(hand, "y") == "x"
    assert found["a"].step_to_pass == pytest.approx(2.0) and found["a"].passes == "x"
    assert found["a"].of_step == pytest.approx(10.0)  # 2 per ten people, of 50 people
    assert found["a"].step_share == pytest.approx(0.2)
    assert found["b"].step_to_pass == pytest.approx(-4.8)
    assert found["b"].of_step == pytest.approx(-4.8)


@pytest.mark.parametrize("code", ["a", "b"])
def test_the_step_does_pass_and_a_little_less_does_not(hand: Index, code: str) -> None:
    move = by_code(hand, "y")[code]
    column = move.of or ""
    old = float(hand.panel.column(column)[2, 0])
    for share, rank in ((1.0, 2), (0.999, 3)):
        changed = hand.panel.with_value("y", "2023", column, old + share * (move.of_step or 0.0))
        assert build(hand.framework, changed).rank()["y"] == rank


def test_what_is_no_lever_has_a_slope_and_no_step(hand: Index) -> None:
    for unit in "wxy":
        move = by_code(hand, unit)["count"]
        assert not move.lever and move.slope > 0
        assert (move.step_to_pass, move.step_share, move.passes, move.of_step) == (None, None, None, None)


def test_nobody_is_ahead_of_the_first_and_a_bound_is_named(hand: Index) -> None:
    found = by_code(hand, "z")
    assert ahead(hand, "z") is None
    assert {move.step_to_pass for move in found.values()} == {None}
    assert {code: move.why for code, move in found.items()} == {"a": "sets_bound", "b": "sets_bound", "count": "sets_bound"}
    assert by_code(hand, "w")["a"].why == "sets_bound"  # the worst sets the other bound
    assert np.isnan(by_code(hand, "w")["a"].back)  # and nothing worse is seen


def test_a_unit_too_far_behind_cannot_pass_by_one_indicator(hand: Index) -> None:
    index = build(hand.framework.put("indicator.b.weight=0.01"), hand.panel)
    found = by_code(index, "y")
    assert found["b"].step_to_pass is None and found["a"].step_to_pass is not None


def test_units_that_are_not_shown_are_not_there_to_be_passed(hand: Index) -> None:
    framework = hand.framework.put("units.show=some")
    spec = dict(framework.spec) | {"universe": {"some": {"members": ["w", "y", "z"]}}}
    index = build(Framework.of(spec), hand.panel)
    assert ahead(index, "y") == "z"


def single(text: str, values: list[float], better: str = "higher", unit: str = "y") -> Move:
    framework = Framework.parse(f'[index]\ncode = "d"\n{text}\n[indicator.a]\nbetter = "{better}"')
    units = [f"u{k}" for k in range(len(values) - 1)]
    units.insert(1, "y")
    index = build(framework, Panel.of(units, ["2023"], ["a"], np.array(values).reshape(-1, 1, 1)))
    return moves(index, unit)[0]


def test_a_figure_drawn_in_is_said_to_be_so() -> None:
    move = single('[treat]\nmethod = "percentile_clip"\nlow = 0.0\nhigh = 0.5', [1.0, 9.0, 2.0, 3.0, 4.0])
    assert (move.slope, move.why, move.jump) == (0.0, "winsorised", None)
    below = single('[treat]\nmethod = "percentile_clip"\nlow = 0.5\nhigh = 1.0', [1.0, 2.0, 4.0, 5.0, 6.0])
    assert (below.slope, below.why) == (0.0, "winsorised")
    assert below.jump == pytest.approx(2.0, abs=1e-6)  # felt beyond the lower limit, the median 4


def test_a_figure_beyond_a_post_is_capped() -> None:
    move = single('[normalise]\nmethod = "goalposts"\nlow = 0\nhigh = 5', [1.0, 6.0, 9.0])
    assert (move.slope, move.why) == (0.0, "capped")
    assert single('[normalise]\nmethod = "share_of_target"\ntarget = 5', [1.0, 6.0, 3.0]).why == "capped"


def test_ranks_move_only_by_overtaking() -> None:
    move = single('[normalise]\nmethod = "percentile_rank"', [1.0, 2.0, 5.0])
    assert (move.slope, move.why) == (0.0, "rank_step")
    move = single('[normalise]\nmethod = "percentile_rank"', [1.0, 2.0, 5.0, 6.0])
    assert move.jump == pytest.approx(3.0) and move.jump_points == pytest.approx(100 / 3)


def test_a_rival_next_by_is_a_step_and_no_slope() -> None:
    move = single('[normalise]\nmethod = "percentile_rank"', [1.0, 2.0, 2.0000001, 6.0])
    assert (move.slope, move.why) == (0.0, "rank_step")
    assert move.jump == pytest.approx(1e-7, rel=1e-3) and move.jump_points == pytest.approx(100 / 3)


def test_grades_move_from_one_to_the_next() -> None:
    text = '[normalise]\nmethod = "rubric"\nscores = [[0, 0], [0.5, 50], [1, 100]]'
    move = single(text, [0.0, 0.0, 1.0, 0.5])
    assert np.isnan(move.slope) and (move.why, move.jump, move.jump_points, move.step_to_pass) == ("grade", 0.5, 50.0, 1.0)


def test_grades_are_met_to_the_last_digit_and_lower_may_be_better() -> None:
    text = '[normalise]\nmethod = "rubric"\nscores = [[0.1, 100], [0.3, 60], [0.7, 0]]'
    move = single(text, [0.1, 0.7, 0.3], better="lower")
    assert (move.why, move.jump_points, move.room) == ("grade", 60.0, 100.0)
    assert move.jump == pytest.approx(-0.4) and move.step_to_pass == pytest.approx(-0.6)


def test_nothing_is_better_than_zero_days() -> None:
    move = single('[treat]\nmethod = "square_root"', [9.0, 0.0, 4.0], better="lower")
    assert np.isnan(move.slope) and (move.why, move.jump, move.room) == ("best", None, 0.0)


def test_weight_zero_and_joins_that_do_not_feel(joined: Callable[..., Index]) -> None:
    found = by_code(joined("indicator.c.weight=0"), "u3")
    assert (found["c"].slope, found["c"].why) == (0.0, "no_weight")
    found = by_code(joined("aggregate.method=median"), "u3")
    assert "not_felt" in {move.why for move in found.values()}


def test_a_join_that_needs_all_units_is_climbed_whole(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=topsis", 2)
    ranks = {rank: unit for unit, rank in index.rank().items()}
    found = [move for move in moves(index, ranks[4]) if move.step_to_pass is not None]
    assert found
    for move in found:
        yard = yardstick(index, ranks[4])
        row = index.imputed[yard.u, yard.t].copy()
        row[index.framework.leaves.index(move.code)] += move.step_to_pass or 0.0
        after = yard.all_units(row[None])[0, :, -1]
        assert after[yard.u] > after[index.units.index(ranks[3])]


def test_a_node_is_looked_at_by_itself(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=arithmetic")
    found = by_code(index, "u2", node="p")
    assert set(found) == {"a", "b", "c"}
    assert found["a"].slope == pytest.approx(1.5 * by_code(index, "u2")["a"].slope)  # p weighs 2 of 3
    with pytest.raises(UsageError) as caught:
        moves(index, "u2", node="pp")
    assert caught.value.code == "unknown_node"


def test_a_unit_without_a_score_and_a_missing_figure(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.missing=skip", 1, 1, True)
    assert "a" not in by_code(index, "u0")
    with pytest.raises(UsageError) as caught:
        moves(joined("aggregate.missing=require", 1, 1, True), "u0")
    assert caught.value.code == "not_scored"


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6), share=st.floats(0, 3))
def test_better_never_lowers_the_score_with_parameters_frozen(seed: int, share: float, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    index = joined(MONOTONE[int(rng.integers(len(MONOTONE)))], seed % 50, 1)
    u, k = int(rng.integers(9)), int(rng.integers(5))
    spread = float(np.ptp(index.imputed[:, :, k]))
    up = share * spread * (1 if index.framework.table.indicator["abcef"[k]].better == "higher" else -1)
    row = index.imputed[u, 0].copy()
    row[k] += up
    assert yardstick(index, index.units[u]).nodes(row[None])[0, -1] >= index.scores[u, 0, -1] - 1e-9
    changed = index.panel.with_value(index.units[u], "2020", "abcef"[k], float(row[k]))
    assert build(index.framework, changed, frozen=index.frozen).scores[u, 0, -1] >= index.scores[u, 0, -1] - 1e-9


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_a_slope_is_the_difference_of_a_frozen_build_over_a_small_step(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    index = joined(MONOTONE[int(rng.integers(4))], seed % 50, 1)
    unit = index.units[int(rng.integers(9))]
    move = moves(index, unit)[int(rng.integers(5))]
    step = (1 if move.code != "b" else -1) * 1e-5
    changed = index.panel.with_value(unit, "2020", move.code, move.value + step)
    moved = build(index.framework, changed, frozen=index.frozen).score()[unit] - index.score()[unit]
    assert moved == pytest.approx(move.slope * step, rel=1e-3, abs=1e-9)
    assert move.room >= -1e-9


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_a_step_passes_on_todays_parameters_and_is_the_smallest(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    index = joined(MONOTONE[int(rng.integers(len(MONOTONE)))], seed % 50, 1)
    unit = index.units[int(rng.integers(9))]
    for move in moves(index, unit):
        if move.step_to_pass is None:
            continue
        scores = []
        for share in (1.0, 0.99):
            changed = index.panel.with_value(unit, "2020", move.code, move.value + share * move.step_to_pass)
            scores.append(build(index.framework, changed, frozen=index.frozen).score()[unit])
        goal = index.score()[move.passes or ""]
        assert scores[0] > goal >= scores[1] - 2e-9


def test_plain_values_of_a_move(hand: Index) -> None:
    assert set(asdict(moves(hand, "x")[0])) >= {"code", "lever", "slope", "step_to_pass", "passes", "why"}


# --- a column that feeds two indicators -----------------------------------------------------------------------------------

SHARED = """
[index]
code = "d"
[indicator.total]
of = "made"
scale = 0.1
better = "higher"
unit = "tens"
[indicator.density]
of = "made"
per = "people"
better = "higher"
[indicator.other]
better = "lower"
"""
#             made people other
MAKERS = [[0.0, 10, 9], [20.0, 10, 5], [40.0, 20, 4], [80.0, 8, 1]]


@pytest.fixture(scope="module")
def shared() -> Index:
    """Totals 0, 2, 4, 8 tens; densities 0, 2, 2, 10; other 9, 5, 4, 1."""
    panel = Panel.of(list("wxyz"), ["2023"], ["made", "people", "other"], np.array(MAKERS)[:, None])
    return build(Framework.parse(SHARED), panel)


def test_one_line_a_column_with_all_that_it_feeds(shared: Index) -> None:
    """Weights of a third: a unit made is 0.1 of 8 tens and 0.1 of 10, so 100 × (0.0125 + 0.01) ÷ 3 = 0.75 points."""
    made, other = moves(shared, "x")
    assert (made.code, made.of, [one.code for one in made.fed]) == ("total", "made", ["total", "density"])
    assert made.of_slope == pytest.approx(0.75) and made.slope == pytest.approx(7.5) and made.unit == "tens"
    assert [one.rate for one in made.fed] == pytest.approx([0.1, 0.1]) and made.columns == ("made", "people")
    assert other.of == "other" and [one.code for one in other.fed] == ["other"]


def test_the_step_of_a_shared_column_is_what_a_frozen_build_passes_with(shared: Index) -> None:
    """x has (25 + 20 + 50) ÷ 3 points and y (50 + 20 + 62.5) ÷ 3: 12.5 points, at 0.75 a unit 50 ÷ 3 made."""
    made = by_code(shared, "x")["total"]
    assert made.passes == "y" and made.of_step == pytest.approx(50 / 3) and made.step_to_pass == pytest.approx(5 / 3)
    assert [one.step for one in made.fed] == pytest.approx([5 / 3, 5 / 3]) and made.beyond == ()
    for share, passed in ((1.0 + 1e-9, True), (0.9, False)):
        panel = shared.panel.with_value("x", "2023", "made", 20.0 + share * (made.of_step or 0.0))
        score = build(shared.framework, panel, frozen=shared.frozen).score()
        assert ((score["x"] or 0.0) > (score["y"] or 0.0)) == passed


def test_a_column_that_also_moves_what_is_no_lever_is_none(shared: Index) -> None:
    index = build(shared.framework.put("indicator.density.lever=false"), shared.panel)
    made = by_code(index, "x")["total"]
    assert (made.lever, made.held, made.of_step, made.step_to_pass) == (False, "shared", None, None)
    at_odds = build(shared.framework.put("indicator.density.better=lower"), shared.panel)
    assert by_code(at_odds, "x")["total"].held == "conflict"
    assert by_code(build(index.framework.put("indicator.total.lever=false"), shared.panel), "x")["total"].held == "no_lever"


def test_a_step_past_the_best_figure_seen_says_so() -> None:
    """Totals 10, 20, 30, densities 5, 1, 1 (of people 2, 20, 30); x passes y only with a density that nobody has."""
    panel = Panel.of(list("xyz"), ["2023"], ["made", "people", "other"], [[[10, 2, 8]], [[20, 20, 2]], [[30, 30, 1]]])
    framework = Framework.parse(SHARED).put("indicator.density.weight=0.1").put("indicator.other.weight=0.2")
    made = by_code(build(framework, panel), "x")["total"]
    assert made.of_step is not None and made.beyond == ("density",)


def test_where_ranks_count_those_who_are_overtaken_fall_back() -> None:
    """Synthetic. On ranks that stand still the next unit would keep its points; built again it loses what it is passed in."""
    rng = np.random.default_rng(7)
    framework = Framework.parse(
        '[index]\ncode="i"\n[normalise]\nmethod="rank"\n' + "".join(f'[indicator.{c}]\nbetter="higher"\n' for c in "abcd")
    )
    count = 0
    for _ in range(6):
        panel = Panel.of([f"u{k}" for k in range(8)], ["2023"], list("abcd"), np.exp(rng.normal(1, 0.7, (8, 1, 4))))
        index = build(framework, panel)
        for move in moves(index, "u3"):
            for share, passed in ((1.0 + 1e-9, True), (0.995, False)) if move.of_step is not None else ():
                changed = panel.with_value("u3", "2023", move.of or "", move.value + share * (move.of_step or 0.0))
                score = build(framework, changed).score()
                assert ((score["u3"] or 0.0) > (score[move.passes or ""] or 0.0) + 1e-9) == passed
                count += 1
    assert count > 10


def test_a_figure_that_no_column_carries_moves_by_itself() -> None:
    panel = Panel.of(list("xyz"), ["2023"], ["made", "people", "other"], [[[10, 2, 8]], [[20, 20, 2]], [[30, 30, np.nan]]])
    spec = SHARED + '[impute]\nmethod = "mean"\n'
    other = by_code(build(Framework.parse(spec), panel), "z")["other"]
    assert (other.of, other.of_value, other.of_slope, other.of_step) == (None, None, None, None)
    assert other.value == pytest.approx(5.0) and other.slope < 0
