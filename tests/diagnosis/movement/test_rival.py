"""The lead over a rival as a sum of its parts, against the index built again; plans that pass it against a greedy search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.stats import Array
from tidu.diagnosis.movement.foreseen import Foreseen
from tidu.diagnosis.movement.goal import Goal
from tidu.diagnosis.movement.levers import Levers, levers, with_cells
from tidu.diagnosis.movement.reach import Bend
from tidu.diagnosis.movement.refit import Refit, rebuilt
from tidu.diagnosis.movement.rival import Rival
from tidu.diagnosis.movement.target import target
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}


def made(method: str, seed: int, size: int = 8, units: int = 24, more: str = "", pillars: str = "") -> Index:
    """Some units on indicators of wide spread, two pillars, in 2021 and 2023; the fifth indicator is better low."""
    rng = np.random.default_rng(seed)
    before = np.exp(rng.normal(0, 0.5, (units, 1)) + rng.normal(0, 0.6, (units, size)))
    after = before * np.exp(rng.normal(0.08, 0.15, (units, size)))
    codes = [f"i{k}" for k in range(size)]
    spec = f'[index]\ncode = "d"\n{more}\n[normalise]\nover = "year"\nonto = [1, 101]\n[aggregate]\nmethod = "{method}"\n'
    spec += "".join(f"[pillar.p{k}]\n{pillars}\n" for k in range(2))
    for k, code in enumerate(codes):
        spec += f'[indicator.{code}]\nparent = "p{k % 2}"\nbetter = "{"lower" if k == 4 else "higher"}"\n'
    panel = Panel.of([f"u{k}" for k in range(units)], ("2021", "2023"), codes, np.stack([before, after], axis=1))
    return build(Framework.parse(spec), panel)


def put(index: Index, unit: str, found: Levers, shares: Array) -> Index:
    cells = {lever.column: lever.value + lever.limit * share for lever, share in zip(found.levers, shares.tolist(), strict=True)}
    return rebuilt(index, with_cells(index.panel, unit, "2023", cells))


def greedy(index: Index, unit: str, rank: int, found: Levers) -> float:
    """The effort of the step that gains most on the unit at the rank, again and again, then of each share halved down."""
    count, goal = len(found.levers), Goal(index.units.index(unit), 1, rank, None)

    def lead(shares: Array) -> float:
        there = put(index, unit, found, shares)
        return float(there.scores[goal.u, 1, -1]) - goal.asked(there) if not goal.met(there) else np.inf

    plan, step = np.zeros(count), 0.25
    while plan.sum() < count - 1e-9 and lead(plan) < np.inf:
        tried = [np.minimum(plan + step * one, 1.0) for one in np.eye(count)]
        gains = [lead(other) - 1e9 * (other.sum() <= plan.sum()) for other in tried]
        plan = tried[int(np.argmax(gains))]
    if lead(plan) < np.inf:
        return np.inf
    for j in np.argsort(plan).tolist():
        far, near = float(plan[j]), 0.0
        for _ in range(12):
            plan[j] = (far + near) / 2
            far, near = (float(plan[j]), near) if lead(plan) == np.inf else (far, float(plan[j]))
        plan[j] = far
    return float(plan.sum())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(POWERS)))
def test_the_parts_make_up_the_lead_of_the_index_built_again(seed: int, method: str) -> None:
    """The unit at the lowest figure of all moves everybody's bounds: the lead is right all the same."""
    index = made(method, seed)
    u, rival = seed % 24, (seed + 7) % 24
    found = levers(index, f"u{u}")
    ahead, bend = Foreseen(index, Goal(u, 1, 1, None), found, 0), Bend(POWERS[method])
    one = Rival.of(ahead, Refit(index, u, 1), bend, rival, "linear" if method == "arithmetic" else "power")
    shares = np.random.default_rng(seed).uniform(0, 1, len(found.levers))
    lead = one.lead(shares)
    there = put(index, f"u{u}", found, shares).scores[:, 1, -1]
    assert lead == pytest.approx(float(bend.of(there[u]) - bend.of(there[rival])), abs=1e-9)


@pytest.mark.parametrize(
    ("method", "more", "pillars"),
    [
        ("arithmetic", "", ""),
        ("geometric", "", ""),
        ("harmonic", "", ""),
        ("arithmetic", "", 'aggregate.method = "geometric"'),
        ("geometric", '[treat]\nmethod = "winsorise"', ""),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_greedy_search_finds_less(method: str, more: str, pillars: str, seed: int) -> None:
    index = made(method, seed, more=more, pillars=pillars)
    order = np.argsort(index.ranks[:, 1, -1])
    passed = 0
    for start, rank in ((14, 11), (8, 4), (5, 2)):
        unit = index.units[order[start - 1]]
        found = target(index, unit, rank=rank)
        least = greedy(index, unit, rank, levers(index, unit))
        assert not np.isfinite(least) or (found.reachable and found.effort <= least * 1.002 + 1e-3), (
            unit,
            rank,
            found.effort,
            least,
        )
        passed += found.reachable
    assert passed


def test_a_bound_that_the_unit_itself_sets_is_moved_where_that_is_cheapest() -> None:
    """Own has the highest x, so 101 of it, and 41 of y; next has 96 and 47. A higher x takes next down and own never up."""
    spec = '[index]\ncode = "d"\n[normalise]\nover = "year"\nonto = [1, 101]\n[indicator.x]\nbetter = "higher"\n'
    now = np.array([[10.0, 10.0], [20.0, 14.0], [19.5, 14.6], [11.0, 20.0]])
    values = np.stack([now / np.array([1.3, 1.0]), now], axis=1)
    both = Framework.parse(spec + '[indicator.y]\nbetter = "higher"')
    index = build(both, Panel.of(["low", "own", "next", "y"], ("2021", "2023"), ("x", "y"), values))
    assert index.rank(period=2023) == {"low": 4, "own": 2, "next": 1, "y": 3}
    found = target(index, "own", rank=1)
    assert found.reachable and [move.lever for move in found.moves] == ["x"]
    assert 9.5 / (found.moves[0].end - 10) + 0.46 == pytest.approx(1.4, abs=1e-3)
