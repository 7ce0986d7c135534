"""Uncertainty, sensitivity and acceptability against the ASEM example: replayed designs and exact enumerations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tidu.index.acceptability import acceptability
from tidu.index.framework import Framework
from tidu.index.sensitivity import sensitivity
from tidu.index.sobol import estimate
from tidu.index.uncertainty import Uncertainty, replay, uncertainty
from tidu.indicators.panel import Panel

pytestmark = pytest.mark.reference

NORMS = ("n_minmax", "n_zscore")
MEANS = ("a_amean", "a_gmean")


@pytest.fixture(scope="module")
def uncertain(framework: Framework, asem: Any) -> Framework:
    """The example index with the four assumptions that are varied."""
    rows = asem.rows("s09_ua_weight_sets")
    names = [f"set_{k}" for k in range(1, 101)]
    sets = {name: {row["iCode"]: float(row[name]) for row in rows} for name in names}
    factors = {
        "Winmax": {"address": "treat.at_most", "among": [1, 2, 3, 4, 5]},
        "Normalisation": {
            "among": [
                {"changes": ["normalise.method=min_max", "normalise.onto=[1, 100]"]},
                {"changes": ["normalise.method=z_score", "normalise.mean=10", "normalise.sd=2"]},
            ]
        },
        "Weights": {"sets": names},
        "Aggregation": {"address": "aggregate.method", "among": ["arithmetic", "geometric"]},
    }
    return Framework.of({**framework.spec, "weight_set": sets, "uncertain": factors})


@pytest.fixture(scope="module")
def replayed(uncertain: Framework, panel: Panel, asem: Any) -> Uncertainty:
    design = [
        {
            "Winmax": int(row["winmax"]) - 1,
            "Normalisation": NORMS.index(row["norm"]),
            "Weights": int(row["weight_set"]) - 1,
            "Aggregation": MEANS.index(row["agg"]),
        }
        for row in asem.rows("s09_ua_design")
    ]
    return replay(uncertain, panel, design)


@pytest.fixture(scope="module")
def exact(uncertain: Framework, panel: Panel) -> Any:
    return sensitivity(uncertain, panel)


CODES = ["Nominal", *(f"r_{k}" for k in range(1, 201))]


def test_scores_of_the_200_replications(replayed: Uncertainty, asem: Any, agree: Callable[..., None]) -> None:
    wanted = asem.table("s09_ua_scores", replayed.units, CODES)
    agree(replayed.nominal_scores[:, 0], wanted[:, 0])
    agree(replayed.scores[0].T, wanted[:, 1:])


def test_ranks_of_the_200_replications(replayed: Uncertainty, asem: Any) -> None:
    wanted = asem.table("s09_ua_ranks", replayed.units, CODES)
    assert np.array_equal(replayed.nominal_ranks[:, 0], wanted[:, 0])
    assert np.array_equal(replayed.ranks[0].T, wanted[:, 1:])


def statistics(found: Uncertainty) -> np.ndarray:
    return np.stack([found.mean_rank(), *(found.rank_quantile(q) for q in (0.5, 0.05, 0.95))], axis=1)


def test_rank_statistics_of_the_200_replications(replayed: Uncertainty, asem: Any, agree: Callable[..., None]) -> None:
    agree(statistics(replayed), asem.table("s09_ua_rankstats", replayed.units, ["Mean", "Median", "Q5", "Q95"]))


def test_exact_rank_statistics(exact: Any, asem: Any, agree: Callable[..., None]) -> None:
    found = exact.uncertainty
    assert (found.exact, found.draws, found.idle) == (True, 2000, ())
    agree(statistics(found), asem.table("s09_ua_exact_rankstats", found.units, ["mean", "median", "q5", "q95"]))


def test_exact_indices_of_the_mean_absolute_rank_shift(exact: Any, asem: Any) -> None:
    assert exact.exact
    for at, row in enumerate(asem.rows("s09_sa_exact_indices_ua_space")):
        assert exact.factors[at] == row["Variable"]
        for found, key in ((exact.shift.first[at, 0], "Si"), (exact.shift.total[at, 0], "STi")):
            assert found == pytest.approx(float(row[key]), rel=1e-9)
        assert exact.shift.variance[0] == pytest.approx(float(row["Variance"]), rel=1e-9)
        assert exact.shift.mean[0] == pytest.approx(float(row["Mean"]), rel=1e-9)


def test_the_estimator_of_the_reference(asem: Any) -> None:
    y = np.array([float(row["y"]) for row in asem.rows("s09_sa_estimator_sample")]).reshape(5, 256)
    for at, row in enumerate(asem.rows("s09_sa_estimator_indices")):
        first, total, variance = estimate(y[0], y[1], y[2 + at], estimator="saltelli")
        assert first == pytest.approx(float(row["Si"]), rel=1e-9)
        assert total == pytest.approx(float(row["STi"]), rel=1e-9)
        assert variance == pytest.approx(float(row["Variance"]), rel=1e-9)


def test_each_pillar_removed(framework: Framework, panel: Panel, asem: Any, agree: Callable[..., None]) -> None:
    shifts = {row["element"]: float(row["MeanAbsRankShift"]) for row in asem.rows("s10_remove_pillars_meanabs")}
    pillars = [code for code in shifts if code != "Nominal"]
    among = [{"changes": [f"pillar.{code}.weight=0"]} for code in pillars]
    spec = {**framework.spec, "uncertain": {"left_out": {"among": among, "keep": True}}}
    found = uncertainty(Framework.of(spec), panel)
    agree(found.scores[0].T, asem.table("s10_remove_pillars_scores", found.units, ["Nominal", *pillars]))
    assert found.shift()[0] == pytest.approx([shifts[code] for code in ("Nominal", *pillars)], rel=1e-9)


def test_rank_acceptabilities_and_mean_ranks(asem: Any, panel: Panel, agree: Callable[..., None]) -> None:
    weights = asem.rows("inputs/smaa_weights_5000x8")
    codes = list(weights[0])
    figures = asem.table("inputs/asem_pillars_geometric", panel.units, codes)
    found = acceptability(figures, np.array([[float(row[code]) for code in codes] for row in weights]), units=panel.units)
    made = np.stack([found.top(1), found.top(5), found.expected_rank], axis=1)
    agree(made, asem.table("s14_smaa_holistic", panel.units, ["first_rank_share", "top5_share", "expected_rank"]))
