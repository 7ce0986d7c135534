"""The truth behind figures with errors: by hand, in its limits, and whether 90 % intervals of ranks hold the true rank."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, SpecError
from tidu.index.framework import Framework
from tidu.index.posterior import posterior
from tidu.index.uncertainty import uncertainty
from tidu.indicators.panel import Panel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def coverage() -> Callable[..., tuple[float, float]]:
    """The simulation that the benchmarks print in full."""
    spec = importlib.util.spec_from_file_location("coverage", ROOT / "benchmarks" / "coverage.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., tuple[float, float]] = module.coverage
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.floats(0.1, 2.0))
def test_one_column_is_shrunk_by_its_share_of_true_variance(seed: int, size: float) -> None:
    y = np.random.default_rng(seed).normal(5.0, 2.0, (12, 1))
    error = np.full(y.shape, size)
    share = max(0.0, 1 - size**2 / y.var(ddof=1))
    mean, root = posterior(y, error)
    assert mean == pytest.approx(y.mean() + share * (y - y.mean()), abs=1e-6)
    assert (root**2).sum(axis=2) == pytest.approx(np.full(y.shape, share * size**2), abs=1e-6)


def test_columns_that_go_together_lend_each_other_strength() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(400, 1)) * np.ones((1, 3))  # the three are one thing
    y = truth + rng.normal(size=(400, 3))
    together, _ = posterior(y, np.ones(y.shape))
    alone = np.column_stack([posterior(y[:, [k]], np.ones((400, 1)))[0][:, 0] for k in range(3)])
    assert np.mean((together - truth) ** 2) < 0.6 * np.mean((alone - truth) ** 2)
    assert np.mean((alone - truth) ** 2) < 0.6 * np.mean((y - truth) ** 2)


def test_a_figure_without_error_stays_and_a_missing_one_stays_missing() -> None:
    rng = np.random.default_rng(4)
    y, error = rng.normal(size=(20, 3)), np.full((20, 3), 0.5)
    error[2, 1], error[3, 0], y[5, 2] = 0.0, np.nan, np.nan
    mean, root = posterior(y, error)
    assert (mean[2, 1], mean[3, 0]) == (y[2, 1], y[3, 0])
    assert not root[2, 1].any() and not root[3, 0].any() and not root[5, 2].any()
    assert np.isnan(mean[5, 2]) and np.isfinite(np.delete(mean.reshape(-1), 17)).all()
    moved = 3.0 * y + np.array([0.0, 100.0, -7.0])  # other units of measure change nothing
    assert posterior(moved, 3.0 * error)[0] == pytest.approx(3.0 * mean + np.array([0.0, 100.0, -7.0]), nan_ok=True, abs=1e-6)


def test_too_few_full_rows_are_refused() -> None:
    with pytest.raises(MethodError) as caught:
        posterior(np.zeros((4, 3)), np.ones((4, 3)), "uncertain.f.error", ("a", "b", "c"))
    assert (caught.value.code, caught.value.values["wanted"]) == ("posterior_few", 5)


TEXT = "[index]\ncode='d'\n[normalise]\nmethod='none'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'\n"
FACTOR = "[uncertain.f]\naddress='data.*.*.a'\nerror='posterior'\ndraws=400\n"


def test_the_factor_draws_around_the_shrunken_mean() -> None:
    x = np.random.default_rng(1).normal(size=(15, 1, 2))
    panel = Panel.of([f"u{k:02}" for k in range(15)], ["2023"], ["a", "b"], x)
    with pytest.raises(SpecError) as caught:
        uncertainty(Framework.parse(TEXT + FACTOR), panel)
    assert caught.value.code == "factor_no_errors"
    sized = replace(panel, standard_error=np.full(x.shape, 0.6))
    found = uncertainty(Framework.parse(TEXT + FACTOR), sized, seed=3)
    mean, root = posterior(x[:, 0, :1], np.full((15, 1), 0.6))
    assert found.scores[0].mean(axis=0) == pytest.approx((mean[:, 0] + x[:, 0, 1]) / 2, abs=0.08)
    assert found.scores[0].std(axis=0) == pytest.approx(np.sqrt((root[:, 0] ** 2).sum(axis=1)) / 2, abs=0.04)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "ratio", "low", "high"),
    [
        ("standard", 0.3, 0.86, 0.94),
        ("standard", 0.5, 0.86, 0.94),
        ("posterior", 0.3, 0.86, 0.94),
        ("posterior", 1.0, 0.86, 0.94),
        ("standard", 1.0, 0.80, 0.86),  # errors as large as the differences: noise on noise holds too little
    ],
)
def test_intervals_hold_the_true_rank(
    error: str, ratio: float, low: float, high: float, coverage: Callable[..., tuple[float, float]]
) -> None:
    """500 replications of 30 units; ``ratio`` is the standard error of a score ÷ the spread of the true scores."""
    held, _ = coverage(error, ratio, draws=120, block=125)
    assert low <= held <= high
