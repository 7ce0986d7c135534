"""Measures of columns, by hand and against plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.audit.measures import cronbach, describe, p_value, sampling_adequacy, sphericity

RNG = np.random.default_rng(11)


def test_statistics_by_hand() -> None:
    found = describe(np.array([[0.0, 5.0], [1.0, np.nan], [1.0, 5.0], [6.0, 5.0]]))
    assert found["mean"].tolist() == [2.0, 5.0]
    assert found["median"].tolist() == [1.0, 5.0]
    assert found["sd"][0] == pytest.approx(np.std([0, 1, 1, 6], ddof=1))
    assert (found["seen"].tolist(), found["nonzero"].tolist()) == ([4, 3], [3, 3])
    assert (found["unique"].tolist(), found["same"].tolist()) == ([3, 1], [2, 3])
    assert found["availability"].tolist() == [1.0, 0.75]
    assert np.isnan(found["skew"][1])


def test_a_column_without_figures_is_described_by_counts_only() -> None:
    found = describe(np.full((3, 1), np.nan))
    assert found["availability"][0] == found["unique"][0] == 0
    assert all(np.isnan(found[name][0]) for name in ("mean", "median", "low", "share_nonzero"))


def test_p_values_are_those_of_students_t() -> None:
    from scipy import stats

    x, y = RNG.normal(size=(2, 17))
    r, p = stats.pearsonr(x, y)
    assert p_value(np.array([r]), np.array([17]))[0] == pytest.approx(p, rel=1e-10)
    assert np.isnan(p_value(np.array([0.5]), np.array([2]))[0])


def test_kmo_of_an_identity_and_of_a_singular_matrix() -> None:
    assert np.isnan(sampling_adequacy(np.eye(3))[0])
    assert np.isnan(sampling_adequacy(np.ones((3, 3)))[0])
    r = np.array([[1, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1]])
    inverse = np.linalg.inv(r)
    partial = [-inverse[i, j] / np.sqrt(inverse[i, i] * inverse[j, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    plain = 0.25 + 0.09 + 0.04
    assert sampling_adequacy(r)[0] == pytest.approx(plain / (plain + np.sum(np.square(partial))))


def test_bartlett_by_hand_and_on_collinear_columns() -> None:
    from scipy import stats

    r = np.array([[1, 0.4], [0.4, 1]])
    chi2, free, p = sphericity(r, 25)
    assert chi2 == pytest.approx(-(24 - 9 / 6) * np.log(0.84))
    assert (free, p) == (1, pytest.approx(stats.chi2.sf(chi2, 1)))
    assert sphericity(np.ones((2, 2)), 25) == (np.inf, 1, 0.0)


def test_alpha_of_parallel_columns_is_one_and_of_opposed_ones_missing_or_negative() -> None:
    x = RNG.normal(size=(40, 1))
    assert cronbach(np.hstack([x, x, x])) == pytest.approx(1.0)
    assert np.isnan(cronbach(x))
    assert cronbach(np.hstack([x, -x + 0.1 * RNG.normal(size=(40, 1))])) < 0
