"""The numbers of an audit: every table of the auditor's list is there and says what its own function says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.audit.coherence import links, principal_components, reliability
from tidu.diagnosis.audit.examination import equalising, examine
from tidu.diagnosis.audit.importance import correlation_ratio
from tidu.diagnosis.audit.remarks import audit, remarks
from tidu.diagnosis.audit.removal import remove_each
from tidu.index.result import Index


def test_every_table_is_filled_and_is_that_of_its_own_function(index: Index) -> None:
    seen = examine(index, 2021)
    assert seen.period == "2021" and len(seen.raw) == len(seen.treated) == 6
    assert [item.node for item in seen.nodes] == ["p", "q", "d"]  # s has one child only
    assert seen.links == links(index, 2021)
    for item in seen.nodes:
        assert item.components is not None and item.reliability is not None
        assert item.components.kmo == pytest.approx(principal_components(index, item.node, 2021).kmo)
        assert item.reliability.alpha == reliability(index, item.node, 2021).alpha
    assert [item.node for item in seen.removals] == ["a", "b", "c", "e", "f", "g", "p", "q", "s"]
    assert seen.removals[:6] == remove_each(index, None, 2021)
    assert seen.switches and seen.reversal is not None and seen.refills
    assert remarks(seen) == audit(index, 2021)


def test_pooled_periods_leave_out_what_is_of_one_period(index: Index) -> None:
    seen = examine(index, "*", refill=False)
    assert seen.period == "*" and not seen.removals and not seen.switches and seen.reversal is None and not seen.refills
    assert seen.raw[0].values["seen"] == 60


def test_an_unknown_limit_is_refused(index: Index) -> None:
    with pytest.raises(UsageError) as caught:
        examine(index, limits={"sise": 0.5})
    assert caught.value.did_you_mean == "size"


def test_equalising_weights_make_importance_equal_to_the_weights(
    made: Callable[..., Index], figures: Callable[..., np.ndarray]
) -> None:
    x = figures(units=200, periods=1, seed=5)
    index = made(x)
    found = equalising(index, "p")
    assert found is not None and found.reached and sum(found.weights.values()) == pytest.approx(1.0)
    rows = index.scores[:, 0][:, [index.framework.node(code).place for code in found.weights]]
    mean = rows @ np.array(list(found.weights.values()))
    strength = np.array([correlation_ratio(rows[:, k], mean) for k in range(3)])
    assert strength / strength.sum() == pytest.approx([0.6, 0.2, 0.2], abs=0.03)  # nominal 3 : 1 : 1, smoothers differ a little
    assert equalising(made(x, ("pillar.p.aggregate.method=median",)), "p") is None


def test_no_weights_can_mend_children_that_contradict_each_other(
    made: Callable[..., Index], figures: Callable[..., np.ndarray]
) -> None:
    x = figures(units=80, periods=1)
    x[:, 0, 3] = x[:, 0, 0] * 1.0
    x[:, 0, 4] = 40 - 2 * x[:, 0, 3] + 0.05 * np.random.default_rng(0).normal(size=80)
    found = equalising(made(x), "q")
    assert found is not None and not found.reached and found.against
    codes = {item.code for item in audit(made(x), limits={"importance": 1.0001}, refill=False)}
    assert "no_weights" in codes


def test_the_new_remarks_on_size_pairs_and_methods(made: Callable[..., Index]) -> None:
    index = app.make("city-ip-core")
    found = {(item.code, item.address) for item in audit(index, 2023, refill=False, limits={"shift": 0.04, "importance": 1.15})}
    assert ("size", "indicator.exports") in found  # undivided, and it goes with GDP
    assert ("size_left", "indicator.inventions_per_gdp") in found or any(code == "size_left" for code, _ in found)
    assert any(code == "redundant_across" for code, _ in found)
    assert ("method_matters", "index") in found
    assert any(code == "weights_would" for code, _ in found)
