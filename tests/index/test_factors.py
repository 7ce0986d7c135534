from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.errors import SpecError, UsageError
from tidu.index.factors import Space, space
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

HEAD = """
[index]
code = "demo"
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
weight = 3
[weight_set.ann]
p = 3.0
q = 1.0
[weight_set.ben]
p = 1.0
q = 1.0
"""
PANEL = Panel.of(list("vwxyz"), ["2022", "2023"], ["a", "b", "c"], np.random.default_rng(1).lognormal(size=(5, 2, 3)))


def made(text: str, panel: Panel = PANEL, **how: Any) -> Space:
    return space(Framework.parse(HEAD + text), panel, **how)


def test_an_alternative_that_the_index_refuses_is_told_with_its_own_address() -> None:
    with pytest.raises(SpecError) as caught:
        made("[uncertain.f]\naddress = 'treat.method'\namong = ['none', 'winsorize']\n")
    assert caught.value.code == "unknown_method"
    assert caught.value.address == "uncertain.f.among[1]: treat.method"
    assert caught.value.did_you_mean == "winsorise"


def test_a_cell_that_the_figures_lack_is_told() -> None:
    with pytest.raises(SpecError) as caught:
        made("[uncertain.f]\naddress = 'data.*.2032.a'\nerror = 0.1\n")
    assert (caught.value.code, caught.value.did_you_mean) == ("factor_address", "data.*.2023.a")


def test_standard_errors_must_be_there() -> None:
    with pytest.raises(SpecError) as caught:
        made("[uncertain.f]\naddress = 'data.*.*.a'\nerror = 'standard'\n")
    assert (caught.value.code, caught.value.address) == ("factor_no_errors", "uncertain.f.error")


def test_a_file_without_factors_and_an_unknown_name() -> None:
    with pytest.raises(UsageError) as caught:
        made("")
    assert caught.value.code == "no_factors"
    with pytest.raises(UsageError) as caught:
        made("[uncertain.weights]\ndrop = 'pillar.*'\n", names=["wieghts"])
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_factor", "weights")


def weights(found: Space, levels: list[list[int]], cube: list[list[float]] | None = None) -> dict[str, list[float]]:
    base = np.array([node.weight for node in found.framework.nodes.values()])
    table = found.weights(base, np.array(levels), None if cube is None else np.array(cube))
    return {code: table[:, place].round(12).tolist() for code, place in found.places.items()}


def test_noise_on_weights_moves_each_match_by_itself() -> None:
    found = made("[uncertain.f]\naddress = 'indicator.*.weight'\nspread = 0.5\n")
    assert (found.width, found.size, found.factors[0].nodes) == (3, None, ("a", "b", "c"))
    table = weights(found, [[-1], [-1]], [[0.0, 0.5, 1.0], [0.5, 0.5, 0.5]])
    assert (table["a"], table["b"], table["c"]) == ([0.5, 1.0], [1.0, 1.0], [4.5, 3.0])


def test_noise_together_takes_one_draw() -> None:
    found = made("[uncertain.f]\naddress = 'indicator.*.weight'\nspread = 0.5\ntogether = true\n")
    assert found.width == 1
    table = weights(found, [[-1]], [[0.0]])
    assert (table["a"], table["c"]) == ([0.5], [1.5])


def test_weights_even_on_the_simplex() -> None:
    found = made("[uncertain.f]\nsimplex = 'p'\n")
    cube = np.random.default_rng(0).random((20_000, 2))
    table = weights(found, [[-1]] * 20_000, cube.tolist())
    a = np.array(table["a"])
    assert a + np.array(table["b"]) == pytest.approx(np.ones(20_000))
    assert np.quantile(a, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.01)
    assert table["c"][0] == 3.0


def test_dirichlet_weights_lie_around_those_of_the_file() -> None:
    found = made(
        "[uncertain.f]\nsimplex = 'demo'\nconcentration = 40\n[uncertain.g]\naddress = 'pillar.q.weight'\namong = [1, 3]\n"
    )
    factor = found.factors[0]
    assert factor.alpha == (20.0, 20.0)
    shares = factor.shares(np.random.default_rng(0).random((20_000, 2)))
    assert shares.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.01)
    assert shares.var(axis=0) == pytest.approx([0.25 / 41] * 2, rel=0.05)  # a (A − a) / (A² (A + 1))


def test_named_sets_put_weights_in_place_and_noise_after_them_multiplies() -> None:
    found = made("[uncertain.s]\nsets = ['ann', 'ben']\n[uncertain.w]\naddress = 'pillar.p.weight'\nspread = 0.5\n")
    table = weights(found, [[0, -1], [1, -1]], [[0.0, 1.0], [0.9, 0.5]])
    assert (table["p"], table["q"], table["c"]) == ([4.5, 1.0], [1.0, 1.0], [3.0, 3.0])


def test_left_out_nodes_get_no_weight_one_at_a_time() -> None:
    found = made("[uncertain.f]\ndrop = 'indicator.*'\n")
    assert found.size == 4
    table = weights(found, found.grid().tolist())
    assert (table["a"], table["b"], table["c"]) == ([1, 0, 1, 1], [1, 1, 0, 1], [3, 3, 3, 0])
    assert made("[uncertain.f]\ndrop = 'indicator.*'\nkeep = false\n").size == 3


def test_a_choice_of_weights_is_light_and_others_change_the_index() -> None:
    text = "[uncertain.f]\namong = [{ changes = ['indicator.*.weight=2', 'pillar.q.weight=\"+50%\"'] }]\nkeep = true\n"
    found = made(text)
    assert found.factors[0].moves == "weights"
    table = weights(found, [[0], [1]])
    assert (table["c"], table["q"]) == ([3.0, 2.0], [1.0, 1.5])
    found = made("[uncertain.f]\naddress = 'treat.method'\namong = ['none', 'log']\n")
    assert found.factors[0].moves == "index"
    assert found.variant([1]).choice("treat", "a").method.name == "log"
    assert found.label(0, 1) == "log"


def test_two_factors_of_different_steps_are_put_together_as_if_both_were_written() -> None:
    found = made(
        "[uncertain.t]\namong = [{ changes = [] }, { changes = ['treat.method=log', 'treat.shift=1'] }]\n"
        "[uncertain.n]\naddress = 'normalise.onto'\namong = [{ changes = ['normalise.onto=[0, 1]'] }, "
        "{ changes = ['normalise.method=z_score', 'normalise.over=year'] }]\n"
        "[uncertain.u]\namong = [{ changes = ['units.fit_on=all'] }, { changes = ['units.show=all'] }]\n"
    )
    for levels in found.grid().tolist():
        made_of_parts = found.variant(levels)
        changes = [change for factor, k in zip(found.factors, levels, strict=True) for change in factor.alternatives[k].changes]
        written = found.framework.put(*changes)
        assert made_of_parts.spec == written.spec
        assert made_of_parts.table == written.table
        for key, choice in written._choices.items():
            assert made_of_parts._choices[key].signature == choice.signature
        assert found.variant(levels) is made_of_parts


def test_two_factors_of_the_same_step_are_put_one_after_the_other() -> None:
    found = made(
        "[uncertain.t]\naddress = 'treat.method'\namong = ['none', 'winsorise']\n"
        "[uncertain.m]\naddress = 'indicator.a.treat.method'\namong = ['none', 'log']\n"
        "[uncertain.s]\nkeep = true\namong = [{ changes = ['treat.method=log'] }]\n"
    )
    assert found.variant([1, 1, 0]).choice("treat", "b").method.name == "winsorise"
    assert found.variant([1, 1, 0]).choice("treat", "a").method.name == "log"
    assert found.variant([1, 0, 1]).choice("treat", "b").method.name == "log"


def test_a_base_year_and_a_universe_are_choices_among_values() -> None:
    found = made(
        "[normalise]\nmethod = 'fixed_base'\nbase = '2022'\n"
        "[uncertain.base]\naddress = 'normalise.base'\namong = ['2022', '2023']\n"
        "[uncertain.bounds]\naddress = 'units.fit_on'\namong = ['all', 'few']\n[universe.few]\nmembers = ['v', 'w']\n"
    )
    both = found.variant([1, 1])
    assert both.choice("normalise", "a").options["base"] == "2023" and both.table.units.fit_on == "few"
    assert found.variant([0, 0]).table == found.framework.put("units.fit_on=all").table


def test_fixed_draws_make_a_continuous_factor_finite() -> None:
    found = made("[uncertain.f]\naddress = 'pillar.*.weight'\nspread = 0.25\ndraws = 50\n")
    assert (found.size, found.width) == (50, 1)
    table = weights(found, found.grid().tolist())
    assert len(set(table["p"])) == 50 and min(table["p"]) >= 0.75 and max(table["p"]) <= 1.25
    found = made("[uncertain.f]\nsimplex = 'demo'\ndraws = 50\n")
    table = weights(found, found.grid().tolist())
    assert np.array(table["p"]) + np.array(table["q"]) == pytest.approx(np.ones(50))


def test_alternatives_are_equal_bins_of_the_unit_interval_and_not_of_the_sample() -> None:
    found = made("[uncertain.f]\naddress = 'treat.method'\namong = ['none', 'log', 'winsorise', 'signed_log', 'percentile_clip']\n")
    narrow = np.linspace(0.4, 0.599, 5)[:, None]
    assert found.levels(narrow)[:, 0].tolist() == [2, 2, 2, 2, 2]
    edges = np.array([[0.0], [0.2], [0.4], [0.6], [0.8], [np.nextafter(1.0, 0.0)], [1.0]])
    assert found.levels(edges)[:, 0].tolist() == [0, 1, 2, 3, 4, 4, 4]


def test_the_grid_holds_every_combination_once_the_last_factor_turning_fastest() -> None:
    found = made("[uncertain.f]\nsets = ['ann', 'ben']\n[uncertain.g]\ndrop = 'indicator.*'\nkeep = false\n")
    assert found.grid().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


def test_a_continuous_factor_needs_coordinates() -> None:
    found = made("[uncertain.f]\naddress = 'pillar.*.weight'\nspread = 0.25\n")
    with pytest.raises(UsageError) as caught:
        weights(found, [[-1]])
    assert (caught.value.code, caught.value.values["name"]) == ("factor_continuous", "f")


def test_the_factors_of_a_file_change_nothing_in_the_index_itself() -> None:
    from tidu.index.build import build

    plain = Framework.parse(HEAD)
    uncertain = Framework.parse(HEAD + "[uncertain.f]\ndrop = 'pillar.*'\n")
    assert np.array_equal(build(plain, PANEL).scores, build(uncertain, PANEL).scores)
