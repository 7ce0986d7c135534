"""Statistics, correlations, components and reliability: by hand, against plain formulas, and under permutation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, UsageError
from tidu.diagnosis.audit.coherence import (
    LIMITS,
    correlations,
    indicator_statistics,
    links,
    principal_components,
    reliability,
    rows,
)
from tidu.diagnosis.audit.measures import cronbach
from tidu.index.result import Index

RNG = np.random.default_rng(11)
CODES = ("a", "b", "c", "e", "f", "g")


def test_rows_of_one_period_or_of_all(index: Index) -> None:
    assert rows(index, "2020").shape == (30, 10)
    assert rows(index, "*", "raw").shape == (60, 6)
    assert np.array_equal(rows(index), index.scores[:, 1])
    with pytest.raises(UsageError) as caught:
        rows(index, table="scroes")
    assert caught.value.code == "unknown_table"


def test_flags_follow_the_limits(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=20, periods=1)
    x[:14, 0, 0] = 0.0  # mostly zero and few values
    x[:9, 0, 1] = np.nan
    x[0, 0, 2] = 1e4
    found = {item.code: item.flags for item in indicator_statistics(made(x, ("aggregate.missing=skip",)))}
    assert found["a"] == ("nonzero", "unique")
    assert found["b"][0] == "availability"
    assert found["c"] == ("outliers",)
    assert found["e"] == ()
    loose = indicator_statistics(made(x, ("aggregate.missing=skip",)), limits={**LIMITS, "availability": 0.5})
    assert "availability" not in loose[1].flags


def test_links_have_their_kinds_and_flags(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=60, periods=1)
    x[:, 0, 4] = 20 - x[:, 0, 3] + 0.01 * RNG.normal(size=60)  # f against e
    x[:, 0, 2] = x[:, 0, 0] + 0.01 * RNG.normal(size=60)  # c is a again
    found = {(link.node, link.other): link for link in links(made(x))}
    assert found["a", "c"].flag == "redundant" and found["a", "c"].kind == "inside"
    assert found["e", "f"].flag == "redundant"  # |r| is what is looked at first
    assert found["a", "e"].kind == "across" and found["a", "e"].flag is None
    assert found["a", "p"].kind == "parent" and found["a", "d"].kind == "ancestor"
    assert found["p", "q"].kind == "inside"
    assert found["a", "p"].n == 60 and found["a", "p"].p < 1e-6


def test_correlations_of_chosen_nodes(index: Index) -> None:
    ours = correlations(index, ["a", "p"], ["d"], "*")
    for row, code in zip(ours, ("a", "p"), strict=True):
        x = rows(index, "*")
        k = index.framework.node(code).place
        assert row[0] == pytest.approx(np.corrcoef(x[:, k], x[:, -1])[0, 1])


def test_components_hang_together(index: Index) -> None:
    found = principal_components(index, "p", "*")
    assert found.children == ("a", "b", "c") and found.n == 60
    assert found.eigenvalues.sum() == pytest.approx(3.0)
    assert found.loadings @ found.loadings.T == pytest.approx(correlations(index, ("a", "b", "c"), None, "*"))
    assert np.all(np.sum(found.rotated**2, axis=1) <= 1 + 1e-9)
    assert 0.5 < found.kmo < 1 and found.bartlett[1] == 3
    two = principal_components(index, "p", "*", factors=2)
    assert np.sum(two.rotated**2, axis=1) == pytest.approx(np.sum(found.loadings[:, :2] ** 2, axis=1))


def test_a_node_with_one_child_and_too_few_rows_are_refused(
    index: Index, made: Callable[..., Index], figures: Callable[..., np.ndarray]
) -> None:
    with pytest.raises(MethodError) as caught:
        principal_components(index, "s")
    assert (caught.value.code, caught.value.address) == ("coherence_few", "pillar.s")
    x = figures(units=4, periods=1)
    x[:2, 0, 0] = np.nan
    with pytest.raises(MethodError) as caught:
        reliability(made(x), "p")
    assert caught.value.values["what"] == "rows"
    with pytest.raises(UsageError):
        reliability(index, "zz")


def test_alpha_when_a_child_is_left_out(index: Index) -> None:
    found = reliability(index, "p", "*")
    x = rows(index, "*")[:, [0, 1, 2]]
    assert found.alpha == pytest.approx(cronbach(x))
    assert found.without["b"] == pytest.approx(cronbach(x[:, [0, 2]]))
    assert reliability(index, of="indicators").children == CODES


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(shuffled: Callable[[int], tuple[Index, Index]], seed: int) -> None:
    first, second = shuffled(seed)
    for node in ("p", "q", "d"):
        assert reliability(first, node).alpha == pytest.approx(reliability(second, node).alpha, rel=1e-9)
        ours, theirs = principal_components(first, node), principal_components(second, node)
        assert ours.eigenvalues == pytest.approx(theirs.eigenvalues, abs=1e-9)
