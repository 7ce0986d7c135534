from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tidu.core.errors import MethodError, SpecError, TiduError
from tidu.index import frontier, least_cost
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context

assert frontier

BASIC, BOUNDED = "benefit_of_the_doubt", "benefit_of_the_doubt_bounded"
DIRECTIONAL, ROBUST = "benefit_of_the_doubt_directional", "benefit_of_the_doubt_robust"


def run(
    name: str, x: np.ndarray, weights: np.ndarray | None = None, fit_on: np.ndarray | None = None, **options: object
) -> np.ndarray:
    count = x.shape[-1]
    context = Context(
        codes=tuple(f"c{i}" for i in range(count)),
        given=np.full(count, 1 / count) if weights is None else weights,
        address="node.x",
    )
    method = AGGREGATIONS[name]
    found: np.ndarray = method.apply(x, method.fit(x if fit_on is None else fit_on, options, context), options, context)
    return found


def read(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0][1:], np.array([[float(value) for value in row[1:]] for row in rows[1:]])


def by_hand(x: np.ndarray, unit: int, more: np.ndarray | None = None) -> float:
    """The textbook form: choose weights, one program for one unit."""
    rows = [x] if more is None else [x, more]
    limit = np.concatenate([np.ones(len(x)), np.zeros(0 if more is None else len(more))])
    return float(-linprog(-x[unit], A_ub=np.vstack(rows), b_ub=limit).fun)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    n, c = draw(st.integers(2, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    x = rng.integers(1, 9, size=(n, c)) + (rng.random((n, c)) if draw(st.booleans()) else 0.0)
    if draw(st.booleans()):
        x[rng.random((n, c)) < 0.2] = 0.0
    return np.asarray(x, dtype=float)


@settings(max_examples=25, deadline=None)
@given(tables(), st.integers(0, 999))
def test_basic_score_is_the_textbook_program(x: np.ndarray, seed: int) -> None:
    found = run(BASIC, x[:, None])[:, 0]
    used = x[:, x.max(axis=0) > 0]
    if used.shape[1]:
        assert found == pytest.approx([by_hand(used, unit) for unit in range(len(x))], abs=1e-8)
        assert found.max() == pytest.approx(1.0, abs=1e-9)
    assert (found <= 1 + 1e-9).all() and (found >= 0).all()
    rng = np.random.default_rng(seed)
    units, children = rng.permutation(x.shape[0]), rng.permutation(x.shape[1])
    turned = run(BASIC, x[units][:, None, children])[:, 0]
    assert turned == pytest.approx(found[units], abs=1e-9)
    assert run(BASIC, x[:, None] * 1e6)[:, 0] == pytest.approx(found, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(tables(), st.sampled_from([0.0, 0.01, 0.05, 0.1, 0.2]), st.floats(0.5, 1.0), st.sampled_from(["pie", "weight"]))
def test_bounds_only_lower_a_score_and_are_the_textbook_program(x: np.ndarray, low: float, high: float, on: str) -> None:
    count = x.shape[1]
    x = x + 0.5
    high = max(high, 1 / count)
    found = run(BOUNDED, x[:, None], lower=low, upper=high, on=on)[:, 0]
    assert (found <= run(BASIC, x[:, None])[:, 0] + 1e-9).all()
    for unit in range(min(4, len(x))):
        of = x[unit] if on == "pie" else np.ones(count)
        more = np.vstack([low * of - np.diag(of), np.diag(of) - high * of])
        assert found[unit] == pytest.approx(by_hand(x, unit, more), abs=1e-8)
    assert run(BOUNDED, x[:, None], on=on)[:, 0] == pytest.approx(run(BASIC, x[:, None])[:, 0], abs=1e-9)


def test_bounds_by_child_and_their_faults() -> None:
    x = np.array([[[4.0, 1.0]], [[1.0, 4.0]], [[2.0, 2.0]]])
    fixed = run(BOUNDED, x, lower={"c0": 0.5}, upper={"c0": 0.5}, on="weight")[:, 0]
    assert fixed == pytest.approx([1.0, 1.0, 0.8])
    for options, code in (
        ({"lower": 0.6}, "frontier_bounds"),
        ({"upper": 0.4}, "frontier_bounds"),
        ({"lower": {"c0": 0.5}, "upper": {"c0": 0.3}}, "frontier_bounds"),
        ({"lower": {"c7": 0.5}}, "frontier_bound_child"),
    ):
        with pytest.raises(SpecError) as error:
            run(BOUNDED, x, **options)
        assert error.value.code == code
    zero = np.array([[[0.0, 4.0]], [[1.0, 1.0]]])
    assert run(BOUNDED, zero, lower=0.1)[0, 0] == pytest.approx(0.0, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(tables(), st.integers(0, 99))
def test_directional_score(x: np.ndarray, seed: int) -> None:
    n, count = x.shape
    if not x.any():
        return  # no direction to move in, which is refused by name
    weights = np.random.default_rng(seed).random(count) + 0.1
    weights /= weights.sum()
    found = run(DIRECTIONAL, x[:, None], weights)[:, 0]
    go = weights * count * x.max(axis=0)
    if not go.any():
        return
    for unit in range(min(4, n)):
        # maximise b with Σ λ x ≥ x_u + b·go and Σ λ ≤ 1
        above = np.hstack([go[:, None], -x.T])
        answer = linprog(
            np.r_[-1.0, np.zeros(n)],
            A_ub=np.vstack([above, np.r_[0.0, np.ones(n)]]),
            b_ub=np.r_[-x[unit], 1.0],
        )
        assert found[unit] == pytest.approx(1 / (1 - answer.fun), abs=1e-8)
    assert (found <= 1 + 1e-9).all() and found.max() == pytest.approx(1.0, abs=1e-9)


def test_directional_with_an_undesirable_output() -> None:
    # Tops 4 and 10. The second unit may gain 4β in the good output and must cut β of its distance 4 to no bad at all:
    # toward the first unit (4, no bad) both bind at β = 0.5 and β = 1, so β = 0.5; as a good output it gains 10β.
    x = np.array([[[4.0, 10.0]], [[2.0, 6.0]], [[2.0, 10.0]]])
    found = run(DIRECTIONAL, x, undesirable=["c1"])[:, 0]
    assert found == pytest.approx([1.0, 1 / 1.5, 1 / 1.5])
    assert run(DIRECTIONAL, x)[:, 0] == pytest.approx([1.0, 1 / 1.4, 1.0])
    with pytest.raises(SpecError) as error:
        run(DIRECTIONAL, x, undesirable=["smoke"])
    assert error.value.code == "frontier_bound_child"


def test_periods_by_themselves_pooled_and_frozen() -> None:
    x = np.array([[[2.0, 1.0], [4.0, 2.0]], [[1.0, 2.0], [2.0, 4.0]], [[1.0, 1.0], [1.0, np.nan]]])
    own = run(BASIC, x)
    assert own[:2].tolist() == pytest.approx(np.ones((2, 2))) and own[2, 0] == pytest.approx(2 / 3)
    assert np.isnan(own[2, 1])
    pooled = run(BASIC, x, frontier="pooled")
    assert pooled[:, 0] == pytest.approx([0.5, 0.5, 1 / 3])
    frozen = run(BASIC, x, fit_on=x[:, :1], frontier="pooled")
    assert frozen[:2, 1] == pytest.approx([2.0, 2.0])
    assert run(DIRECTIONAL, x, fit_on=x[:, :1], frontier="pooled")[0, 1] == pytest.approx(2.0)


@pytest.mark.parametrize("name", [BASIC, BOUNDED, DIRECTIONAL, ROBUST])
def test_a_negative_child_is_refused_by_name(name: str) -> None:
    x = np.ones((3, 2, 2))
    x[2, 1, 1] = -1.0
    with pytest.raises(MethodError) as error:
        run(name, x)
    assert error.value.code == "frontier_negative"
    assert (error.value.values["unit"], error.value.values["child"]) == ("2", "c1")


def test_a_child_that_no_reference_unit_has() -> None:
    x = np.array([[[1.0, 0.0]], [[2.0, 0.0]]])
    with pytest.raises(TiduError) as error:
        run(BASIC, x + np.array([0.0, 1.0]), fit_on=x, frontier="pooled")
    assert error.value.code == "frontier_no_peer" and error.value.values["children"] == "c1"


def test_units_left_out_for_missing_are_nobodys_reference() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((20, 1, 4))
    wide = np.concatenate([x, np.full((1, 1, 4), 9.0)])
    wide[-1, 0, 2] = np.nan
    for name, options in ((BASIC, {}), (BOUNDED, {"lower": 0.05}), (DIRECTIONAL, {}), (ROBUST, {"replications": 3, "m": 5})):
        assert run(name, wide, **options)[:-1] == pytest.approx(run(name, x, **options), abs=1e-9)
        assert np.isnan(run(name, wide, **options)[-1, 0])


def test_robust_score() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(1, 5, size=(15, 1, 3))
    plain = run(BASIC, x)
    convex = run(ROBUST, x, m=400, replications=4, seed=1)
    assert convex == pytest.approx(plain, abs=1e-9)  # nearly every draw holds every unit
    few = run(ROBUST, x, m=4, replications=30, seed=1)
    assert (few >= plain - 1e-9).all() and few.max() > 1
    assert run(ROBUST, x, m=4, replications=30, seed=1).tolist() == few.tolist()
    assert run(ROBUST, x, m=4, replications=30, seed=2).tolist() != few.tolist()
    order = rng.permutation(15)
    assert run(ROBUST, x[order], m=4, replications=30, seed=1) == pytest.approx(few[order], abs=1e-9)


def test_robust_free_hull_is_the_mean_over_all_draws() -> None:
    x = np.array([[[2.0, 1.0]], [[1.0, 3.0]], [[1.0, 1.0]]])
    rows = x[:, 0]
    for unit in range(3):
        reach = (rows / rows[unit]).min(axis=1)
        mean = np.mean([max(reach[i], reach[j]) for i in range(3) for j in range(3)])
        assert run(ROBUST, x, m=2, hull="free")[unit, 0] == pytest.approx(1 / mean)
    assert run(ROBUST, np.array([[[0.0, 0.0]], [[1.0, 1.0]]]), m=2, hull="free")[0, 0] == 0.0


def test_units_are_taken_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(5).random((30, 1, 3))
    whole = run(BASIC, x)
    monkeypatch.setattr(least_cost, "_BATCH", 12)
    assert run(BASIC, x) == pytest.approx(whole, abs=1e-10)


@pytest.mark.reference
def test_asem_pillars(reference: Path) -> None:
    _, x = read(reference / "asem" / "inputs" / "asem_pillars_geometric.csv")
    _, expected = read(reference / "asem" / "s14_bod_pillars.csv")
    assert run(BASIC, x[:, None]) == pytest.approx(expected, abs=1e-9)
    _, expected = read(reference / "asem" / "s14_bod_pie_low010_pillars.csv")
    assert run(BOUNDED, x[:, None], lower=0.1) == pytest.approx(expected, abs=1e-9)
