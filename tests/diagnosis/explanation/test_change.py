"""Parts of changes: by hand, and under every combination of causes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, UsageError
from tidu.diagnosis.explanation.change import CAUSES, change
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

CODES = ("a", "b", "c", "e", "f")
UNITS = tuple(f"u{k}" for k in range(9))
JOINS = ("aggregate.method=arithmetic", "aggregate.method=geometric")


def test_bounds_that_do_not_move_leave_all_to_the_own_figures() -> None:
    spec = "[index]\ncode='d'\n[normalise]\nmethod='goalposts'\nlow=0\nhigh=10\n"
    spec += "[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='lower'\n"
    panel = Panel.of(["x", "y"], ["2022", "2023"], ["a", "b"], [[[2, 5], [6, 5]], [[1, 1], [9, 9]]])
    index = build(Framework.parse(spec), panel)
    found = change(index, index, "x")
    assert (found.periods, found.total) == (("2022", "2023"), pytest.approx(20.0))
    assert dict(found.parts) == pytest.approx({"own": 20.0, "others": 0.0, "coverage": 0.0, "method": 0.0}, abs=1e-9)
    assert found.builds == 4


def test_a_unit_that_stands_still_moves_by_the_others() -> None:
    spec = "[index]\ncode='d'\n[normalise]\nover='year'\n[indicator.a]\nbetter='higher'\n"
    panel = Panel.of(["x", "y", "z"], ["2022", "2023"], ["a"], [[[5], [5]], [[0], [0]], [[10], [20]]])
    index = build(Framework.parse(spec), panel)
    found = change(index, index, "x")
    assert dict(found.parts) == pytest.approx({"own": 0.0, "others": -25.0, "coverage": 0.0, "method": 0.0}, abs=1e-9)


def test_pooled_bounds_are_the_same_in_both_years(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[0], 5, 3)
    found = change(index, index, "u4", "2020", "2022")
    assert found.parts["others"] == pytest.approx(0.0, abs=1e-9)
    assert found.parts["own"] == pytest.approx(found.total)


def test_a_unit_or_an_indicator_that_enters_is_coverage() -> None:
    before = build(
        Framework.parse("[index]\ncode='d'\n[indicator.a]\nbetter='higher'"),
        Panel.of(["x", "y", "z"], ["2022"], ["a"], [[[5]], [[0]], [[10]]]),
    )
    panel = Panel.of(["x", "y", "z", "v"], ["2022"], ["a"], [[[5]], [[0]], [[10]], [[50]]])
    after = build(before.framework, panel)
    found = change(before, after, "x")
    assert found.parts["coverage"] == pytest.approx(-40.0)
    assert found.entered == ("v",) and found.left == ()
    wider = build(
        Framework.parse("[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'"),
        Panel.of(["x", "y", "z"], ["2022"], ["a", "b"], [[[5, 9]], [[0, 1]], [[10, 5]]]),
    )
    found = change(before, wider, "x")
    assert found.entered == ("b",)
    assert found.parts["coverage"] == pytest.approx(25.0)  # from 50 to the mean of 50 and 100
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_an_indicator_of_some_years_only_comes_and_goes_as_coverage(joined: Callable[..., Index]) -> None:
    more = ("indicator.f.years=[2021]", "index.broken_series=true", "weighting.method=standard_deviation")
    index = joined(JOINS[0], 5, 3, False, *more)
    for pair, entered, left in ((("2020", "2021"), ("f",), ()), (("2021", "2022"), (), ("f",))):
        found = change(index, index, "u4", *pair)
        assert (found.entered, found.left, found.builds) == (entered, left, 8)
        assert abs(found.parts["coverage"]) > 1e-6
        assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_a_hole_that_only_one_method_passes_over() -> None:
    plain = Framework.parse("[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'\n")
    old = Panel.of("xyz", ["2022"], ["a", "b"], [[[1, np.nan]], [[2, 3]], [[3, 4]]])
    new = Panel.of("xyz", ["2023"], ["a", "b"], [[[1, 5]], [[2, 3]], [[3, 4]]])
    skips = build(plain.put("aggregate.missing=skip"), old)
    found = change(skips, build(skips.framework, new), "x")
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)
    with pytest.raises(MethodError) as caught:  # the old figures under the new method have no score
        change(skips, build(plain.put("aggregate.missing=require"), new), "x")
    assert (caught.value.code, caught.value.values["causes"]) == ("change_gap", "method")


def test_bounds_fitted_on_some_units_only(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[0], 5, 2, False, "normalise.over=year")
    spec = index.framework.spec | {"universe": {"few": {"members": list(UNITS[:5])}}, "units": {"fit_on": "few"}}
    index = build(Framework.of(spec), index.panel)
    found = change(index, index, "u8")
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_weights_that_change_are_method(joined: Callable[..., Index]) -> None:
    before = joined()
    after = build(before.framework.put("pillar.q.weight=5"), before.panel)
    found = change(before, after, "u3", "2020", "2020")
    assert found.parts["method"] == pytest.approx(found.total) and abs(found.total) > 0.1


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_causes_add_up_and_turn_round(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    before = joined(JOINS[int(rng.integers(2))], seed, 2, False, "normalise.over=year")
    wider = before.framework.spec | {"weighting": {"method": "standard_deviation"}}
    x = rng.normal(size=(7, 1, 5))
    after = build(Framework.of(wider), Panel.of(UNITS[2:], ["2021"], CODES, x))
    for unit in UNITS[2:4]:
        there, back = change(before, after, unit), change(after, before, unit)
        assert there.builds == 16 and tuple(there.parts) == CAUSES
        assert sum(there.parts.values()) == pytest.approx(there.total, abs=1e-9)
        for cause in CAUSES:
            assert back.parts[cause] == pytest.approx(-there.parts[cause], abs=1e-9)


def test_parameters_frozen_elsewhere_are_refused(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[0], 5, 2)
    other = joined(JOINS[0], 6, 2)
    frozen = build(index.framework, index.panel, frozen=other.frozen)
    with pytest.raises(MethodError) as caught:
        change(frozen, index, "u1")
    assert caught.value.code == "change_differs"


def test_the_first_period_has_none_before_it(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[0], 5, 2)
    with pytest.raises(UsageError) as caught:
        change(index, index, "u1", None, "2020")
    assert caught.value.code == "no_earlier_period"


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-gii", "city-ip-eis"])
def test_shipped_indices(name: str) -> None:
    index = app.make(name)
    found = change(index, index, index.top(50)[-1][0])
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_a_city_that_enters_moves_bounds_as_coverage() -> None:
    framework = Framework.parse('[index]\ncode = "d"\n[normalise]\nover = "year"\n[indicator.a]\nbetter = "higher"\n')
    values = [[[1.0], [1.0]], [[2.0], [2.0]], [[3.0], [3.0]], [[np.nan], [9.0]]]  # z has figures in the second year only
    found = change(*[build(framework, Panel.of(list("uvwz"), ["2021", "2022"], ["a"], values))] * 2, "v")
    assert (found.before, found.after) == (50.0, 12.5)
    assert found.parts["coverage"] == pytest.approx(-37.5) and found.parts["own"] == found.parts["others"] == 0.0
    assert found.entered == ("z",) and found.left == ()


def test_what_is_shared_between_units_changes_no_answer() -> None:
    from tidu import app

    index, kept = app.make("city-ip-core"), {}
    for unit in ("110000", "330800", "530600", "110000"):
        assert change(index, index, unit, kept=kept) == change(index, index, unit)
    assert kept
