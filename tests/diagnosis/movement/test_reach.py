"""Observed limits, scores as pieces, and the least demanding plan against what is known by hand and by brute force."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.stats import Array
from tidu.diagnosis.movement.reach import Bend, Plan, in_pieces, least_effort, observed_limit, pieces


def mean(rows: Array) -> Array:
    return np.asarray(rows.mean(axis=1))


def geometric(rows: Array) -> Array:
    return np.asarray(np.exp(np.log(rows).mean(axis=1)))


def test_a_limit_is_the_quantile_of_what_others_did() -> None:
    """Ratios 1.1, 1.2, 1.3 in the middle: a fifth of 50; where lower is better a fall counts; below zero, differences."""
    start, end = np.array([10.0, 10.0, 10.0, np.nan]), np.array([11.0, 12.0, 13.0, 5.0])
    assert observed_limit(start, end, 50.0, 1.0, 0.5) == (pytest.approx(10.0), 3, "ratio")
    assert observed_limit(end, start, 60.0, -1.0, 0.5) == (pytest.approx(60.0 * (1 - 10 / 12)), 3, "ratio")
    assert observed_limit(start - 10, end, 50.0, 1.0, 0.5) == (pytest.approx(12.0), 3, "difference")
    assert observed_limit(start, end, 0.0, 1.0, 1.0 - 1e-12)[2] == "difference"
    assert observed_limit(start, end, 50.0, -1.0, 0.5)[0] == 0.0  # all went the wrong way: no room, never less than none
    assert observed_limit(start[3:], end[3:], 50.0, 1.0, 0.5) == (0.0, 0, "ratio")


def test_a_line_is_one_piece_a_clip_two_and_a_jump_leaves_a_gap() -> None:
    assert pieces(lambda change: 3.0 * change + 1.0, 7.0).slope.tolist() == pytest.approx([3.0])
    clipped = pieces(lambda change: np.minimum(2.0 * change, 6.0), 4.0)
    assert clipped.concave and clipped.end[0] == pytest.approx(3.0, abs=1e-5)
    late = pieces(lambda change: np.maximum(0.0, change - 1.0), 4.0)
    assert not late.concave
    jumps = pieces(lambda change: np.searchsorted(np.array([0.5, 2.2]), change, side="left") * 1.0, 5.0)
    assert jumps.low.tolist() == [0.0, 1.0, 2.0] and jumps.end[:2] == pytest.approx([0.5, 2.2])
    assert (jumps.start[1:] > jumps.end[:-1]).all() and not jumps.concave


def test_a_jump_at_once_leaves_no_change_a_piece_of_its_own() -> None:
    made = pieces(lambda change: (change > 0) * 1.0, 5.0)
    assert (made.start[0], made.low[0]) == (0.0, 0.0) and made.low[1] == 1.0


@pytest.mark.parametrize("curve", [np.log1p, np.sqrt, lambda change: change**2])
def test_pieces_of_a_curve_lie_on_it(curve: Callable[[Array], Array]) -> None:
    made = pieces(curve, 5.0)
    x = np.linspace(0.0, 5.0, 777)
    at = np.clip(np.searchsorted(made.start, x, side="right") - 1, 0, None)
    assert np.abs(made.low[at] + made.slope[at] * (x - made.start[at]) - curve(x)).max() < 1e-4
    assert made.concave == (curve(np.array([2.5]))[0] > 0.5 * curve(np.array([5.0]))[0])


def test_many_pieces_that_bend_upwards_are_made_with_fewer() -> None:
    up, down = in_pieces([lambda change: change**2, np.log1p], np.array([5.0, 5.0]))
    assert up.start.size < pieces(lambda change: change**2, 5.0).start.size
    assert down.start.size == pieces(np.log1p, 5.0).start.size


def test_the_cheaper_lever_is_used_first() -> None:
    """Mean 7 of (10 u, 4 v): u in full gives 5, v in full 2; 6 takes u whole and half of v. The largest share: 6 ÷ 7 of both."""
    scores = [lambda d: 10.0 * d, lambda d: 4.0 * d]
    plan = least_effort(np.eye(2), np.ones(2), scores, mean, 6.0)
    assert plan is not None and plan.exact and plan.method == "linear"
    assert plan.shares == pytest.approx([1.0, 0.5]) and plan.score == pytest.approx(6.0)
    even = least_effort(np.eye(2), np.ones(2), scores, mean, 6.0, effort="max")
    assert even is not None and even.shares == pytest.approx([6 / 7, 6 / 7])
    assert least_effort(np.eye(2), np.ones(2), scores, mean, 7.01) is None


def test_one_lever_behind_two_indicators_moves_both_within_the_tighter_room() -> None:
    """In full it moves the first by 2 of 2 and the second by 6 of 12; both gain a point a unit, so 8 ÷ 2 points in all."""
    matrix, room = np.array([[2.0], [6.0]]), np.array([2.0, 12.0])
    plan = least_effort(matrix, room, [lambda d: d, lambda d: d], mean, 3.0)
    assert plan is not None and plan.shares == pytest.approx([0.75])
    assert least_effort(matrix, room, [lambda d: d, lambda d: d], mean, 4.1) is None


def test_two_levers_of_one_indicator_share_its_room() -> None:
    plan = least_effort(np.array([[3.0, 3.0]]), np.array([3.0]), [lambda d: d], mean, 2.0)
    assert plan is not None and plan.shares.sum() == pytest.approx(2 / 3)
    assert least_effort(np.array([[3.0, 3.0]]), np.array([3.0]), [lambda d: d], mean, 3.1) is None


def test_steps_are_climbed_whole() -> None:
    """Steps at 1, 2, 3, 4 (of 5) beside a line to 5: mean 2.2 asks for 4.4 = step 1 and 3.4, effort 0.2 + 0.68."""
    steps = [lambda d: np.floor(d) * 1.0, lambda d: d]
    plan = least_effort(5.0 * np.eye(2), np.full(2, 5.0), steps, mean, 2.2)
    assert plan is not None and plan.method == "integer" and plan.exact
    best = min(k / 5 + (4.4 - k) / 5 for k in range(5) if 4.4 - k <= 5)
    assert plan.shares.sum() == pytest.approx(best, abs=1e-4)


def brute(scores: list[Callable[[Array], Array]], join: Callable[[Array], Array], needed: float) -> float:
    """The least sum on a grid of two levers."""
    u, v = np.meshgrid(np.linspace(0, 1, 801), np.linspace(0, 1, 801))
    reached = join(np.column_stack([scores[0](u.ravel()), scores[1](v.ravel())]))
    return float(np.min((u + v).ravel()[reached >= needed], initial=np.inf))


def harmonic(rows: Array) -> Array:
    return np.asarray(2 / (1 / rows).sum(axis=1))


def square(rows: Array) -> Array:
    return np.asarray(np.sqrt((rows**2).mean(axis=1)))


@pytest.mark.parametrize(
    ("method", "join", "power"),
    [
        ("log_linear", geometric, 0.0),
        ("cuts", geometric, None),
        ("power", harmonic, -1.0),
        ("cuts", harmonic, None),
        ("integer", square, 2.0),
    ],
)
@pytest.mark.parametrize("needed", [3.0, 5.0, 6.2])
def test_curved_joins_agree_with_a_grid(method: str, join: Callable[[Array], Array], power: float | None, needed: float) -> None:
    """The harmonic mean of 10 and 5 is 6.67; a mean square of scores is a sum of squares, which bend upwards."""
    scores = [lambda d: 1.0 + 9.0 * d, lambda d: 3.0 + 2.0 * d]
    kind, bend = ("concave", None) if power is None else ("power", Bend(power))
    plan = least_effort(np.eye(2), np.ones(2), scores, join, needed, kind=kind, bend=bend)
    assert plan is not None and plan.method == method and plan.exact == (method != "integer")
    assert plan.score >= needed - 1e-6
    assert brute(scores, join, needed) - 3 / 800 <= plan.shares.sum() <= brute(scores, join, needed) + 1e-5


def test_a_join_of_many_scores_that_start_low_is_not_given_up() -> None:
    """Sixteen scores of 1 to 2 that rise by 0.2 to 3: one program of powers and some of tangents come to the same effort."""
    rng = np.random.default_rng(2)
    low, rise = rng.uniform(1, 2, 16), rng.uniform(0.2, 3, 16)
    scores = [lambda d, a=a, b=b: a + b * d for a, b in zip(low.tolist(), rise.tolist(), strict=True)]
    for join, power in ((geometric, 0.0), (lambda rows: 16 / (1 / rows).sum(axis=1), -1.0)):
        needed = 0.6 * float(join((low + rise)[None])[0]) + 0.4 * float(join(low[None])[0])
        bent = least_effort(np.eye(16), np.ones(16), scores, join, needed, kind="power", bend=Bend(power))
        cut = least_effort(np.eye(16), np.ones(16), scores, join, needed, kind="concave")
        assert bent is not None and cut is not None and bent.exact and cut.exact
        assert bent.shares.sum() == pytest.approx(cut.shares.sum(), abs=1e-4)
        beyond = float(join((low + rise)[None])[0]) + 1e-3
        assert least_effort(np.eye(16), np.ones(16), scores, join, beyond, kind="power", bend=Bend(power)) is None


@given(st.sampled_from([-4.0, -1.0, 0.0, 0.5, 1.0, 2.0]), st.floats(0.01, 1000))
def test_a_bent_score_comes_back_and_rises_with_the_score(power: float, score: float) -> None:
    bend, two = Bend(power), np.array([score, 1.01 * score])
    assert bend.back(bend.of(two)) == pytest.approx(two, rel=1e-6) and np.diff(bend.of(two))[0] > 0


def test_a_curved_score_that_bends_upwards_agrees_with_a_grid_and_says_that_it_is_not_exact() -> None:
    scores = [lambda d: 6.0 * d**2, lambda d: 3.0 * d]
    plan = least_effort(np.eye(2), np.ones(2), scores, mean, 2.0)
    assert plan is not None and (plan.method, plan.exact) == ("integer", False)
    assert plan.shares.sum() == pytest.approx(brute(scores, mean, 2.0), abs=2 / 800)


def test_a_join_of_which_nothing_is_known_is_approximate() -> None:
    plan = least_effort(np.eye(2), np.ones(2), [lambda d: d, lambda d: d], lambda x: np.median(x, axis=1), 0.5, kind="other")
    assert isinstance(plan, Plan) and (plan.method, plan.exact) == ("approximate", False) and plan.score >= 0.5 - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from(["sum", "max"]))
def test_no_plan_drawn_at_random_asks_for_less(seed: int, size: int, effort: str) -> None:
    rng = np.random.default_rng(seed)
    slope, weights = rng.uniform(0.1, 9.0, size), rng.dirichlet(np.ones(size))
    scores = [lambda d, s=s: s * np.minimum(d, 0.8) for s in slope.tolist()]
    needed = float(rng.uniform(0.1, 0.9) * 0.8 * slope @ weights)
    plan = least_effort(np.eye(size), np.ones(size), scores, lambda rows: rows @ weights, needed, effort=effort)
    assert plan is not None and plan.score >= needed - 1e-6 and plan.exact
    drawn = rng.uniform(0, 1, (300, size))
    feasible = drawn[np.minimum(drawn, 0.8) @ (slope * weights) >= needed]
    measure = np.sum if effort == "sum" else np.max
    assert all(measure(plan.shares) <= measure(row) + 1e-5 for row in feasible)
