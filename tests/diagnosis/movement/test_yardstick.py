"""A unit scored again on today's parameters: its own score comes out, others stand, a rank loses its own rival."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, UsageError
from tidu.diagnosis.movement.yardstick import fitted_on, yardstick
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

JOINS = ("arithmetic", "geometric", "harmonic", "median", "mpi", "topsis", "borda", "copeland", "benefit_of_the_doubt")


def small(text: str, values: object, periods: tuple[str, ...] = ("2023",)) -> Index:
    """An index of three units x, y, z and one indicator a."""
    framework = Framework.parse(f'[index]\ncode = "d"\n{text}\n[indicator.a]\nbetter = "higher"')
    return build(framework, Panel.of(["x", "y", "z"], periods, ["a"], values))


@pytest.mark.parametrize("join", JOINS)
def test_own_figures_give_the_own_scores(join: str, joined: Callable[..., Index]) -> None:
    index = joined(f"aggregate.method={join}", 4, 2)
    for unit in ("u0", "u5"):
        yard = yardstick(index, unit)
        row = index.imputed[yard.u, yard.t]
        assert np.allclose(yard.nodes(row[None])[0], index.scores[yard.u, yard.t], rtol=0, atol=1e-9)
        assert np.allclose(yard.all_units(row[None])[0], index.scores[:, yard.t], rtol=0, atol=1e-9)
        assert yard.all_units(np.empty((0, 5))).shape[0] == 0


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_it_scores_as_a_build_with_frozen_parameters_does(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    index = joined(f"aggregate.method={JOINS[int(rng.integers(len(JOINS)))]}", seed, 2)
    u, k = int(rng.integers(9)), int(rng.integers(5))
    low, high = index.imputed[:, :, k].min(), index.imputed[:, :, k].max()
    row = index.imputed[u, -1].copy()
    row[k] = rng.uniform(low, high)
    changed = index.panel.with_value(index.units[u], "2021", index.panel.columns[k], float(row[k]))
    rebuilt = build(index.framework, changed, frozen=index.frozen)
    found = yardstick(index, index.units[u]).all_units(row[None])[0]
    assert np.allclose(found, rebuilt.scores[:, -1], rtol=0, atol=1e-9)


def test_where_figures_are_ranked_the_own_old_one_is_no_rival() -> None:
    index = small('[normalise]\nmethod = "percentile_rank"', [[[1.0]], [[2.0]], [[5.0]]])
    rows = np.array([[2.0], [2.1], [4.9], [5.0], [5.1], [0.5]])
    assert yardstick(index, "y").nodes(rows)[:, -1].tolist() == [50.0, 50.0, 50.0, 50.0, 100.0, 0.0]


def test_growth_is_counted_from_the_units_own_year_before_though_that_is_not_scored() -> None:
    text = 'years = [2023]\n[normalise]\nmethod = "growth"'
    index = small(text, [[[10.0], [11.0]], [[10.0], [12.0]], [[10.0], [15.0]]], ("2022", "2023"))
    assert index.periods == ("2023",)
    assert yardstick(index, "y").nodes(np.array([[12.0], [13.0], [20.0]]))[:, -1].tolist() == pytest.approx([20.0, 30.0, 100.0])


def test_whom_parameters_were_fitted_on() -> None:
    text = '[units]\nfit_on = "two"\n[universe.two]\nmembers = ["x", "y"]'
    index = small(text, [[[1.0]], [[2.0]], [[5.0]]])
    assert fitted_on(index) == {"x", "y"}
    assert fitted_on(small("", [[[1.0]], [[2.0]], [[5.0]]])) == {"x", "y", "z"}


def test_an_index_that_does_not_come_out_again_is_refused() -> None:
    one, other = (small("", [[[1.0]], [[2.0]], [[top]]]) for top in (5.0, 9.0))
    with pytest.raises(MethodError) as caught:
        yardstick(replace(one, frozen=other.frozen), "y")
    assert caught.value.code == "moves_differ" and caught.value.values["unit"] == "y"
    with pytest.raises(UsageError) as unknown:
        yardstick(one, "q")
    assert unknown.value.code == "unknown_unit"
