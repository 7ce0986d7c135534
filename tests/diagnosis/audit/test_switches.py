"""Switches of method: the shift of ranks by hand, the same as a build of one's own, refusals kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.core.stats import rank_high
from tidu.diagnosis.audit.switches import catalogue, method_switches, shift
from tidu.index.build import build
from tidu.index.result import Index


def test_shifts_by_hand() -> None:
    before, after = np.array([4.0, 3.0, 2.0, 1.0, np.nan]), np.array([1.0, 3.0, 2.0, 4.0, 5.0])
    assert shift("abcde", before, after) == (1.5, 3, "a", -0.8, 4)
    mean, most, unit, rho, count = shift("ab", np.array([np.nan, 1.0]), np.array([1.0, np.nan]))
    assert (most, unit, count) == (0, "", 0) and np.isnan(mean) and np.isnan(rho)


def test_a_switch_is_a_build_with_that_change(index: Index) -> None:
    found = {item.label["en"]: item for item in method_switches(index)}
    again = build(index.framework.put("normalise.method=percentile_rank"), index.panel)
    old, new = rank_high(index.scores[:, -1, -1]), rank_high(again.scores[:, -1, -1])
    own = found["percentile rank"]
    assert own.mean_shift == pytest.approx(np.abs(old - new).mean()) and own.largest_shift == np.abs(old - new).max()
    assert -1 <= own.spearman <= 1 and own.scored == 30
    assert "arithmetic mean" not in found and "no treatment" not in found  # what stands already


def test_a_method_that_refuses_is_told_and_the_rest_goes_on(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    index = made(figures(), ("normalise.method=z_score",))  # figures below zero: no geometric mean, no entropy
    refused = {item.label["en"]: item.refused for item in method_switches(index) if item.refused}
    assert "geometric mean (1–100)" in refused
    kept = [item for item in method_switches(index) if item.refused is None]
    assert kept and all(item.scored == 30 for item in kept)


def test_every_switch_names_a_step_and_both_languages() -> None:
    for step, label, changes in catalogue():
        assert step in ("treat", "normalise", "weighting", "aggregate")
        assert label["zh"] and label["en"]
        assert any(change.startswith(f"{step}.method=") for change in changes)
