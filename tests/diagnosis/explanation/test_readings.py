"""Readings of pillars: coupling, coordination and obstacles by hand; a reading leaves the other pillars out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, UsageError
from tidu.diagnosis.explanation.readings import coordination, coupling, imbalance, obstacles, reading
from tidu.index.result import Index


def test_coupling_by_hand() -> None:
    c, t, d = coupling(np.array([[0.9, 0.1, 0.4], [0.0, 0.5, 0.5], [0.0, 0.0, 0.0]]), np.array([2.0, 1.0, 1.0]))
    assert c[0] == pytest.approx((0.9 * 0.1 * 0.4) ** (1 / 3) / (1.4 / 3))
    assert t[0] == pytest.approx(0.5 * 0.9 + 0.25 * 0.1 + 0.25 * 0.4)
    assert d[0] == pytest.approx(np.sqrt(c[0] * t[0]))
    assert c[1] == c[2] == d[1] == d[2] == 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(0, 99))
def test_coordination_lies_between_nought_and_one_whatever_the_order(row: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(row))
    x, w = np.array([row]), np.arange(1.0, len(row) + 1)
    first, second = coupling(x, w), coupling(x[:, order], w[order])
    for one, other in zip(first, second, strict=True):
        assert 0 <= one[0] <= 1
        assert one == pytest.approx(other, abs=1e-12)
    stops = obstacles(x, w)
    assert stops.sum() == pytest.approx(1.0) or np.all(x == 1)
    assert obstacles(x[:, order], w[order]) == pytest.approx(stops[:, order])


def test_figures_off_the_scale_are_refused() -> None:
    for function in (coupling, obstacles):
        with pytest.raises(MethodError) as caught:
            function(np.array([[0.5, 50.0]]), np.ones(2))
        assert (caught.value.code, caught.value.values["high"]) == ("not_zero_to_one", 50.0)


def test_a_reading_leaves_the_other_pillars_out(five: Index) -> None:
    alone = reading(five, "w", ["ip"])
    assert alone.score == pytest.approx(five.score("ip")["w"]) and alone.rank == five.rank("ip")["w"]
    both = reading(five, "w", ["money", "ip"])
    assert both.score == pytest.approx(both.total) and both.rank == both.total_rank
    with pytest.raises(UsageError) as caught:
        reading(five, "w", ["ip", "a"])
    assert caught.value.code == "nodes_overlap"
    with pytest.raises(UsageError):
        reading(five, "w", ["pi"])


def test_coordination_of_pillars(five: Index) -> None:
    found = coordination(five, "w")
    x = np.array([[five.score("ip")["w"], five.score("money")["w"]]]) / 100
    c, t, d = coupling(x, np.array([3.0, 1.0]))
    assert (found.coupling, found.level, found.degree) == pytest.approx((c[0], t[0], d[0]))
    assert sum(found.obstacles.values()) == pytest.approx(1.0)
    assert found.level == pytest.approx(five.score()["w"] / 100)
    assert list(found.obstacles.values()) == sorted(found.obstacles.values(), reverse=True)
    with pytest.raises(MethodError):
        coordination(five, "w", scale=(0, 1))


def test_imbalance_is_the_variation_of_the_pillars_as_the_audit_measures_it(five: Index) -> None:
    from tidu.diagnosis.audit.importance import balance

    found = imbalance(five, "w")
    ends = [five.score("ip")["w"], five.score("money")["w"]]
    assert found.unevenness == pytest.approx(np.std(ends, ddof=1) / np.mean(ends))
    assert found.gap == pytest.approx(abs(ends[0] - ends[1]))
    assert {found.highest, found.lowest} == {"ip", "money"} and five.score(found.highest)["w"] > five.score(found.lowest)["w"]
    assert found.mean == pytest.approx(balance(five).unevenness)
    places = sorted(one.place or 0 for one in (imbalance(five, unit) for unit in five.units))
    assert places == list(range(1, found.of + 1))
    with pytest.raises(UsageError) as caught:
        imbalance(five, "w", ["ip"])
    assert caught.value.code == "one_pillar"
