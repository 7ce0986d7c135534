"""Indices of an index: of every unit's score and rank, exact and drawn, with what to mind in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.index.test_sobol import by_definition

from tidu.index.framework import Framework
from tidu.index.sensitivity import Sensitivity, cautions, sensitivity
from tidu.index.sobol import Estimator, Indices
from tidu.indicators.panel import Panel

INDEX = """
[index]
code = "demo"
[normalise]
onto = [1, 100]
[pillar.p]
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "q"
better = "higher"
[indicator.d]
parent = "q"
better = "higher"
[uncertain.treatment]
address = "treat.method"
among = ["none", "signed_log", "percentile_clip"]
[uncertain.mean]
address = "aggregate.method"
among = ["arithmetic", "geometric"]
[uncertain.left_out]
drop = "indicator.*"
[uncertain.idle]
address = "normalise.truncate"
among = [false, true]
"""
UNITS = [f"u{k}" for k in range(8)]
PANEL = Panel.of(UNITS, ["2021", "2022"], list("abcd"), np.random.default_rng(6).lognormal(size=(8, 2, 4)))
FRAMEWORK = Framework.parse(INDEX)


@pytest.fixture(scope="module")
def exact() -> Sensitivity:
    return sensitivity(FRAMEWORK, PANEL)


@pytest.fixture(scope="module")
def drawn() -> Sensitivity:
    return sensitivity(FRAMEWORK, PANEL, exact=False, draws=2048, seed=1)


def test_every_output_of_an_enumerated_space(exact: Sensitivity) -> None:
    assert exact.exact and exact.estimator == "enumeration" and exact.evaluations == 3 * 2 * 5 * 2
    assert exact.factors == ("treatment", "mean", "left_out", "idle")
    assert exact.score.first.shape == exact.rank.total.shape == (4, 8, 2)
    assert exact.score.second is not None and exact.score.second.shape == (4, 4, 8, 2)
    found = exact.uncertainty
    for t in range(2):
        assert exact.shift.first[2, t] == pytest.approx(by_definition(found.shift()[t], (3, 2, 5, 2), 2)[0])
        for u in (0, 5):
            first, total = by_definition(found.scores[t, :, u], (3, 2, 5, 2), 1)
            assert (exact.score.first[1, u, t], exact.score.total[1, u, t]) == pytest.approx((first, total))
            if np.ptp(found.ranks[t, :, u]):
                assert exact.rank.total[0, u, t] == pytest.approx(by_definition(found.ranks[t, :, u] * 1.0, (3, 2, 5, 2), 0)[1])


def test_a_factor_that_does_nothing_has_indices_of_zero(exact: Sensitivity, drawn: Sensitivity) -> None:
    for found in (exact, drawn):
        assert found.uncertainty.idle == ("idle",)
        for table in (found.shift, found.score, found.rank):
            for part in (table.first[3], table.total[3]):
                assert not np.nan_to_num(part).any()
                assert np.array_equal(np.isnan(part), np.isnan(table.first[0]))


def test_an_output_that_never_varies_has_no_indices() -> None:
    panel = Panel.of(["x", "y"], ["2021"], list("abcd"), [[[9, 1, 9, 9]], [[1, 9, 1, 1]]])
    found = sensitivity(FRAMEWORK, panel, names=["mean", "idle"])
    assert np.isnan(found.rank.first).all() and not found.rank.variance.any()


def test_the_order_of_units_changes_nothing(exact: Sensitivity) -> None:
    order = [3, 1, 7, 0, 2, 6, 5, 4]
    found = sensitivity(FRAMEWORK, PANEL.select(units=[UNITS[k] for k in order]))
    assert found.shift.first == pytest.approx(exact.shift.first)
    assert found.rank.total == pytest.approx(exact.rank.total[:, order], nan_ok=True)


# --- estimated --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", ["azzini", "janon_monod", "saltelli"])
def test_estimates_come_near_to_the_exact_indices(exact: Sensitivity, estimator: Estimator) -> None:
    found = sensitivity(FRAMEWORK, PANEL, exact=False, draws=4096, seed=1, estimator=estimator, resamples=2)
    within = 0.03 if estimator == "azzini" else 0.08
    assert found.shift.first == pytest.approx(exact.shift.first, abs=within)
    assert found.shift.total == pytest.approx(exact.shift.total, abs=within)
    assert found.shift.variance == pytest.approx(exact.shift.variance, rel=0.1)
    assert found.evaluations == 4096 * (10 if estimator == "azzini" else 6)


def test_the_estimates_of_every_unit_come_near_too(exact: Sensitivity, drawn: Sensitivity) -> None:
    for kind in ("score", "rank"):
        wanted, got = getattr(exact, kind), getattr(drawn, kind)
        seen = ~np.isnan(wanted.first)
        assert np.abs(got.first - wanted.first)[seen].max() < 0.08
        assert np.abs(got.total - wanted.total)[seen].max() < 0.08


def test_ninety_percent_intervals_hold_most_exact_indices(exact: Sensitivity, drawn: Sensitivity) -> None:
    table = drawn.score
    assert table.first_low is not None and table.first_high is not None
    seen = ~np.isnan(exact.score.first) & (exact.score.first > 0.01)
    inside = (table.first_low <= exact.score.first) & (exact.score.first <= table.first_high)
    assert inside[seen].mean() > 0.8
    assert (table.first_low[seen] <= table.first[seen]).all() and (table.first[seen] <= table.first_high[seen]).all()


def test_the_seed_decides_everything() -> None:
    one, two = (sensitivity(FRAMEWORK, PANEL, exact=False, draws=32, seed=3, resamples=20) for _ in range(2))
    other = sensitivity(FRAMEWORK, PANEL, exact=False, draws=32, seed=4, resamples=20)
    for key in ("first", "total", "first_low", "total_high"):
        assert np.array_equal(getattr(one.shift, key), getattr(two.shift, key))
    assert not np.array_equal(one.shift.first, other.shift.first)


def test_few_points_are_told_of() -> None:
    few = sensitivity(FRAMEWORK, PANEL, exact=False, draws=16, seed=3, estimator="janon_monod")
    assert {caution.kind for caution in few.cautions} <= {"above_total", "wide"}
    assert any(caution.kind == "wide" and caution.value > caution.limit for caution in few.cautions)


def test_a_first_index_above_its_total_is_told_of() -> None:
    first, total = np.array([[0.6], [0.1]]), np.array([[0.5], [0.2]])
    made = Indices(np.zeros(1), np.ones(1), first, total, None, first, first, total, total)
    assert [(c.kind, c.factor, c.period, c.value, c.limit) for c in cautions(["x", "y"], ["2021"], made)] == [
        ("above_total", "x", "2021", 0.6, 0.5)
    ]


def test_rows_of_a_period(exact: Sensitivity, drawn: Sensitivity) -> None:
    assert [row["factor"] for row in exact.rows()] == list(exact.factors)
    assert set(exact.rows(2021)[0]) == {"factor", "first", "total"}
    row = drawn.rows("2022")[1]
    assert row["first_low"] <= row["first"] <= row["first_high"] and row["total_low"] <= row["total"] <= row["total_high"]


def test_continuous_factors_are_moved_as_one_and_progress_is_told() -> None:
    text = INDEX + '[uncertain.weights]\naddress = "indicator.*.weight"\nspread = 0.4\n'
    told: list[tuple[int, int]] = []
    found: Any = sensitivity(
        Framework.parse(text),
        PANEL,
        names=["mean", "weights"],
        draws=128,
        seed=1,
        progress=lambda done, count: told.append((done, count)),
    )
    assert not found.exact and found.evaluations == 128 * 6
    assert told[-1] == (768, 768) and [done for done, _ in told] == sorted(done for done, _ in told)
    assert (found.shift.total > 0).all() and found.uncertainty.draws == 256
