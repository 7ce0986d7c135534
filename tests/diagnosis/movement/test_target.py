"""Targets: known answers on small indices, proof by rebuilding, what is never moved, honest refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, UsageError
from tidu.core.stats import Array
from tidu.diagnosis.movement.levers import levers, with_cells
from tidu.diagnosis.movement.target import Target, target
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

TWO = """
[index]
code = "d"
[normalise]
over = "year"
onto = [1, 101]
[indicator.x]
better = "higher"
[indicator.y]
better = "higher"
"""
UNITS = ("low", "own", "next", "top")
# In 2023 a figure of 10 to 20 scores 1 to 101, so a unit is worth ten points of its indicator. All others rose by a tenth.
NOW = np.array([[10.0, 10.0], [14.0, 12.0], [15.0, 15.0], [20.0, 20.0]])


def small(spec: str = TWO, rates: tuple[float, float] = (1.1, 1.1)) -> Index:
    values = np.stack([NOW / np.array(rates), NOW], axis=1)
    return build(Framework.parse(spec), Panel.of(UNITS, ("2021", "2023"), ("x", "y"), values))


def test_the_answer_on_two_indicators_is_known() -> None:
    """Own has 41 and 21, mean 31; next has 51. It may add 1.4 of x (14 points) and 1.2 of y (12): 26 ÷ 2 = 13 of 20: too far."""
    found = target(small(), "own", rank=2)
    assert (found.reachable, found.rank, found.score) == (False, 3, pytest.approx(44.0))
    assert found.exact and found.effort == pytest.approx(2.0) and [move.share for move in found.moves] == pytest.approx([1, 1])
    found = target(small(), "own", score=40.0)  # nine points: x in full gives 7, then 2 ÷ 6 of y
    assert found.reachable and found.exact and found.method == "linear"
    assert {move.lever: move.share for move in found.moves} == pytest.approx({"x": 1.0, "y": 1 / 3})
    assert {move.lever: move.points for move in found.moves} == pytest.approx({"x": 7.0, "y": 2.0})
    assert found.score == pytest.approx(40.0) and found.effort == pytest.approx(4 / 3)
    even = target(small(), "own", score=40.0, effort="max")
    assert [move.share for move in even.moves] == pytest.approx([9 / 13, 9 / 13])


def test_a_rank_is_passed_by_a_hair() -> None:
    """With a third more in two years own may add 4 (x 14 to 18.2, y 12 to 15.6): next is at 51, and 20 points are 40 of x."""
    found = target(small(rates=(1.3, 1.3)), "own", rank=2)
    assert found.reachable and found.rank == 2 and 51.0 < found.score < 51.0 + 2e-4
    assert {move.lever: move.end for move in found.moves} == pytest.approx({"x": 18.0, "y": 12.0}, abs=1e-4) or (
        found.moves[0].lever == "x" and found.moves[0].end == pytest.approx(18.0, abs=1e-4)
    )


def test_what_is_there_already_asks_for_nothing() -> None:
    found = target(small(), "own", rank=3)
    assert found.already and found.reachable and found.moves == () and found.effort == 0.0 and found.rounds == ()


def test_a_geometric_index_agrees_with_a_grid() -> None:
    index = small(TWO + '[aggregate]\nmethod = "geometric"\n', (1.3, 1.3))
    found = target(index, "own", score=45.0)
    u, v = np.meshgrid(np.linspace(0, 1, 1001), np.linspace(0, 1, 1001))
    reached = np.sqrt((41 + 42 * u) * (21 + 36 * v)) >= 45.0
    assert found.method == "log_linear" and found.exact and found.score >= 45.0 - 1e-6
    assert found.effort == pytest.approx(float((u + v)[reached].min()), abs=2e-3)


def test_percentile_ranks_are_climbed_step_by_step_and_what_is_too_much_is_taken_back() -> None:
    """Own is third of four in both. Passing 15 in x alone (a seventh of its limit) puts own and next level: a shared rank 2.

    Under today's ranks next would keep its own, so that the first plan passes more than it needs.
    """
    index = small(TWO.replace("onto", 'method = "percentile_rank"\nonto'), (1.5, 1.5))
    found = target(index, "own", rank=2)
    assert found.reachable and found.rank == 2 and found.method == "integer"
    assert [move.lever for move in found.moves] == ["x"] and found.moves[0].end == pytest.approx(15.0, abs=1e-2)
    assert found.effort == pytest.approx(1 / 7, abs=1e-3) and found.effort < found.rounds[0].effort


def test_a_bound_that_moves_is_met_by_another_round() -> None:
    """Under z-scores every rise lifts the mean and widens the spread, so the first plan falls short and the aim is raised."""
    index = small(TWO.replace("onto = [1, 101]", 'method = "z_score"\nmean = 50\nsd = 10'), (1.4, 1.4))
    found = target(index, "own", score=50.0)
    assert found.reachable and found.rounds[0].moved == ("bounds",) and found.rounds[0].aimed < found.rounds[1].aimed
    assert found.rounds[0].score < found.rounds[0].asked == 50.0 and 50.0 <= found.score <= 50.0 + 1e-3
    assert found.method == "linear" and found.remainder < 0


def test_nothing_to_move_is_said() -> None:
    found = target(small(), "own", rank=1, fixed=["x", "y"])
    assert not found.reachable and not found.already and found.moves == () and found.rank == found.before_rank


def test_a_shared_column_moves_both_indicators() -> None:
    spec = TWO + '[column.z]\nsum = ["x", "y"]\n[indicator.z]\nbetter = "higher"\n'
    index = small(spec, (1.3, 1.3))
    found = target(index, "own", score=index.score(period=2023)["own"] + 4.0)
    z = next(move for move in found.moves if move.lever == "z")
    assert z.change == pytest.approx(sum(move.change for move in found.moves if move.lever in "xy"))
    rebuilt = build(index.framework, with_cells(index.panel, "own", "2023", {move.column: move.column_to for move in found.moves}))
    assert rebuilt.score(period=2023)["own"] == pytest.approx(found.score, abs=1e-9)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "target_one_of_two"),
        ({"rank": 1, "score": 2.0}, "target_one_of_two"),
        ({"score": float("nan")}, "target_one_of_two"),
        ({"rank": 0}, "target_rank_range"),
        ({"rank": 5}, "target_rank_range"),
        ({"rank": 1, "others": "gone"}, "target_choice"),
        ({"rank": 1, "effort": "none"}, "target_choice"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        target(small(), "own", **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_join_of_all_units_is_refused_and_so_is_a_unit_that_is_not_ranked() -> None:
    with pytest.raises(MethodError) as caught:
        target(small(TWO + '[aggregate]\nmethod = "copeland"\n'), "own", rank=1)
    assert caught.value.code == "target_set"
    hidden = small(TWO + '[units]\nshow = "some"\n[universe.some]\nmembers = ["low", "next", "top"]\n')
    with pytest.raises(UsageError) as other:
        target(hidden, "own", rank=1)
    assert other.value.code == "target_not_shown"


def test_others_on_trend_are_harder_to_pass() -> None:
    still, trend = (target(small(rates=(1.05, 1.05)), "own", score=33.0, others=others) for others in ("still", "trend"))
    assert still.start_score == still.before_score and trend.start_score < trend.before_score
    assert trend.effort > still.effort


def test_shares_of_specifications_stand_beside_the_plan() -> None:
    spec = TWO + '[uncertain.aggregation]\naddress = "aggregate.method"\namong = ["arithmetic", "geometric"]\n'
    found = target(small(spec, (1.3, 1.3)), "own", rank=2, draws=16)
    assert found.chance_before == 0.0 and found.draws == 2
    assert found.chance == 0.5  # a geometric mean of 81 and 21 stays below that of 51 and 51
    assumed = target(small(rates=(1.3, 1.3)), "own", rank=2, draws=16)  # no factors of its own: the assumed ones
    assert assumed.chance is not None and 0 <= assumed.chance <= 1 and assumed.draws == 16


# --- what must always hold ---------------------------------------------------------------------------------------------


def random_index(seed: int, method: str) -> Index:
    """Seven units, five indicators, two of them from one column, one that is no lever; synthetic."""
    rng = np.random.default_rng(seed)
    spec = f"""
[index]
code = "d"
[normalise]
over = "year"
onto = [1, 100]
[aggregate]
method = "{method}"
[pillar.p]
[pillar.q]
weight = 2
[indicator.a]
parent = "p"
better = "higher"
[indicator.a_per_m]
parent = "q"
of = "a"
per = "m"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "q"
better = "higher"
[indicator.n]
parent = "q"
better = "higher"
lever = false
"""
    then = rng.uniform(5, 20, (7, 5))
    now: Array = then * rng.uniform(0.8, 1.4, (7, 5))
    panel = Panel.of([f"u{k}" for k in range(7)], ("2021", "2023"), ("a", "m", "b", "c", "n"), np.stack([then, now], axis=1))
    return build(Framework.parse(spec), panel)


def some_target(seed: int, method: str, others: str = "still") -> tuple[Index, Target]:
    index = random_index(seed, method)
    unit = f"u{seed % 7}"
    rank = index.rank(period=2023)[unit] or 1
    return index, target(index, unit, rank=max(1, rank - 1 - seed % 3), others=others)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.sampled_from(["arithmetic", "geometric", "harmonic", "mpi"]))
def test_what_is_said_to_be_reached_is_reached_when_built_again(seed: int, method: str) -> None:
    index, found = some_target(seed, method)
    cells = {move.column: move.column_to for move in found.moves}
    rebuilt = build(index.framework, with_cells(index.panel, found.unit, "2023", cells)) if cells else index
    rank = rebuilt.rank(period=2023)[found.unit]
    assert rank == found.rank and found.wanted_rank is not None
    assert found.reachable == (found.rank <= found.wanted_rank)
    assert all(0 < move.share <= 1 + 1e-9 for move in found.moves) and found.largest <= 1 + 1e-9
    total = sum(move.points for move in found.moves)
    assert found.start_score + total + found.remainder == pytest.approx(found.score, abs=1e-8)
    if found.exact and found.reachable and not found.already:
        assert found.method in ("linear", "integer", "log_linear", "power", "cuts")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.sampled_from(["arithmetic", "geometric"]), st.sampled_from(["still", "trend"]))
def test_what_is_no_lever_never_moves(seed: int, method: str, others: str) -> None:
    index, found = some_target(seed, method, others)
    assert found.held["n"] == "no_lever"
    assert not {"n", "m"} & {move.column for move in found.moves} and "n" not in {move.lever for move in found.moves}
    fixed = target(index, found.unit, rank=1, fixed=["a"])
    assert not {"a", "a_per_m"} & {move.lever for move in fixed.moves}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5000))
def test_no_plan_drawn_at_random_reaches_it_with_less(seed: int) -> None:
    """Plans within the limits, each built again; a bound that moves may help a drawn plan, so those are left aside."""
    index, found = some_target(seed, "arithmetic")
    if not found.reachable or found.already or len(found.rounds) > 1 or abs(found.remainder) > 1e-9:
        return
    free = levers(index, found.unit).levers
    u, t = index.units.index(found.unit), 1
    rng = np.random.default_rng(seed)
    others = np.arange(len(index.units)) != u
    for shares in rng.uniform(0, 1, (25, len(free))) * rng.uniform(0, 1, (25, 1)):
        cells = {lever.column: lever.value + lever.limit * share for lever, share in zip(free, shares.tolist(), strict=True)}
        rebuilt = build(index.framework, with_cells(index.panel, found.unit, "2023", cells))
        same = np.allclose(rebuilt.normalised[others, t], index.normalised[others, t], equal_nan=True)
        if same and rebuilt.ranks[u, t, -1] <= (found.wanted_rank or 1):
            assert shares.sum() >= found.effort - 1e-6


def test_the_shipped_cities_are_borne_out_or_told_that_they_cannot() -> None:
    index = app.make("city-ip-core")
    ranked = [unit for unit, _, _ in index.top(None)]
    for place in range(7, len(ranked), 60):
        found = target(index, ranked[place], rank=place + 1 - 5)
        assert found.reachable == (found.rank <= place - 4) and found.exact
        assert not {"inventions_granted", "patents_granted"} & {move.column for move in found.moves}


# --- where bounds move -------------------------------------------------------------------------------------------------

#: Synthetic: five units whose figures the treatment draws in, so that all levers at their limits are not the best point.
DRAWN = '[index]\ncode = "t"\n[treat]\nmethod = "winsorise"\nat_most = 1\n' + "".join(
    f'[indicator.{code}]\nbetter = "higher"\nweight = {weight}\n' for code, weight in zip("abc", (1, 3, 2), strict=True)
)


def by_a_grid(index: Index, unit: str, found: Target, limits: dict[str, float], points: int) -> tuple[int, float]:
    """The best rank on a grid of shares of all limits, and the least sum of shares that reaches the rank wanted."""
    share = np.linspace(0, 1, points)
    best, least = len(index.units), np.inf
    start = {code: float(index.panel.column(code)[index.units.index(unit), -1]) for code in limits}
    for plan in np.stack(np.meshgrid(*[share] * len(limits)), axis=-1).reshape(-1, len(limits)).tolist():
        cells = {code: start[code] + part * limits[code] for code, part in zip(limits, plan, strict=True)}
        rank = build(index.framework, with_cells(index.panel, unit, index.periods[-1], cells)).rank()[unit] or 99
        best = min(best, rank)
        least = min(least, sum(plan)) if rank <= (found.wanted_rank or 1) else least
    return best, least


@pytest.mark.parametrize("seed", [3, 7, 21, 26])
def test_no_grid_of_plans_gets_further_or_asks_for_less_where_a_treatment_moves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.round(np.exp(rng.normal(1, 1.0, (5, 1, 3))), 2)
    index = build(Framework.parse(DRAWN), Panel.of([f"u{k}" for k in range(5)], ["2023"], list("abc"), values))
    unit = index.top(None)[-1][0]
    limits = {code: float(np.round(1.2 * values[:, 0, k].std(), 3)) for k, code in enumerate("abc")}
    found = target(index, unit, rank=2, limits=limits)
    best, least = by_a_grid(index, unit, found, limits, 7)
    assert found.reachable == (found.rank <= 2) and (found.reachable or found.rank <= best)
    assert not found.reachable or found.effort <= least + 0.02
    assert not found.exact and found.tried > 0


def test_one_lever_is_enough_where_it_moves_the_bound_that_holds_others_up() -> None:
    """Synthetic: lowering c alone lifts the bottom of c away from the unit, which the program of today's bounds does not see."""
    spec = '[index]\ncode = "t"\n[normalise]\nonto = [1, 100]\n' + "".join(
        f'[indicator.{code}]\nbetter = "{better}"\nweight = {weight}\n'
        for code, better, weight in (("a", "higher", 1), ("b", "higher", 1), ("c", "lower", 2))
    )
    values = np.array([[[1.9, 4.0, 2.1]], [[2.6, 3.0, 0.9]], [[1.2, 2.0, 2.6]]])
    index = build(Framework.parse(spec), Panel.of(["u0", "u1", "u2"], ["2023"], list("abc"), values))
    found = target(index, "u0", rank=1, limits={"a": 0.4, "c": 2.5})
    least = next(
        share
        for share in np.linspace(0, 1, 401)
        if build(index.framework, index.panel.with_value("u0", "2023", "c", 2.1 * (1 - share))).rank()["u0"] == 1
    )
    assert found.reachable and found.effort <= least + 1e-6
    (move,) = [move for move in found.moves if move.lever == "c"]
    assert move.limit == 0.0  # 2.1 less 2.5 stops at nothing


def test_a_plan_of_levers_that_move_no_bound_is_proved() -> None:
    found = target(small(rates=(1.3, 1.3)), "own", rank=2)
    assert found.exact and found.tried == 0
    first = target(small(rates=(1.6, 1.6)), "next", rank=1)
    assert not first.exact and first.tried > 0 and first.reachable
