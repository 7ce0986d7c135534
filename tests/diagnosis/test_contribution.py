"""Parts of scores, gaps and changes: they add up, by hand, for every join, with and without holes."""

from __future__ import annotations

import tomllib
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, TiduError, UsageError
from tidu.diagnosis.contribution import (
    CAUSES,
    additive_parts,
    change,
    gap_parts,
    log_mean,
    log_parts,
    score_parts,
    score_table,
    shapley_of,
    shapley_parts,
)
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[normalise]
onto = [1, 100]
[pillar.p]
weight = 2
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
weight = 3
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "p"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
[indicator.f]
parent = "q"
better = "higher"
"""
CODES = ("a", "b", "c", "e", "f")
UNITS = tuple(f"u{k}" for k in range(9))
JOINS = (
    "aggregate.method=arithmetic",
    "aggregate.method=geometric",
    "aggregate.method=harmonic",
    'aggregate={ method = "power_mean", p = 2.0 }',
    "aggregate.method=median",
    'aggregate={ method = "owa", orness = 0.3 }',
    'aggregate={ method = "mean_min", alpha = 0.5 }',
    "aggregate.method=mpi",
    "aggregate.method=ampi",
)


def made(change: str = JOINS[0], seed: int = 0, periods: int = 1, holes: bool = False, *more: str) -> Index:
    x = np.random.default_rng(seed).normal(size=(len(UNITS), periods, 5))
    if holes:
        x[0, 0, 0] = x[1, 0, 3] = x[2, 0, 0] = np.nan
    panel = Panel.of(UNITS, [str(2020 + t) for t in range(periods)], CODES, x)
    framework = Framework.parse(SPEC)
    if change.startswith("aggregate="):
        spec = dict(framework.spec) | {"aggregate": tomllib.loads(change)["aggregate"]}
        framework = Framework.of(spec)
    else:
        framework = framework.put(change)
    return build(framework.put(*more) if more else framework, panel)


def sound(found: object, index: Index, tolerance: float = 1e-9) -> None:
    """Fails unless parts add up at every node."""
    parts, top = found.parts, found.node  # type: ignore[attr-defined]
    assert sum(found.indicators.values()) == pytest.approx(found.total, abs=tolerance)  # type: ignore[attr-defined]
    for node in index.framework.inner:
        if node.code != top and node.code in parts:
            assert sum(parts[child] for child in node.children) == pytest.approx(parts[node.code], abs=tolerance)


# --- on arrays ----------------------------------------------------------------------------------------------------


def test_shares_of_means_by_hand() -> None:
    a, b, w = np.array([[8.0, 2.0]]), np.array([[2.0, 2.0]]), np.array([[0.25, 0.75]])
    assert additive_parts(a, b, w).tolist() == [[1.5, 0.0]]
    assert log_parts(a, b, w)[0, 1] == 0.0
    assert log_parts(a, b, w).sum() == pytest.approx(8**0.25 * 2**0.75 - 2)
    assert log_mean(np.array([3.0]), np.array([3.0 + 1e-13]))[0] == pytest.approx(3.0)


def test_shapley_values_are_the_mean_over_all_orders() -> None:
    a, b = np.array([[5.0, 1.0, 3.0, 9.0]]), np.array([[2.0, 4.0, 1.0, 0.0]])

    def join(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sort(x, axis=1)[:, 1] * 2 + x[:, 0] * x[:, 3])

    wanted = np.zeros(4)
    for order in permutations(range(4)):
        now = b.copy()
        for child in order:
            before = join(now)[0]
            now[0, child] = a[0, child]
            wanted[child] += (join(now)[0] - before) / 24
    parts, errors = shapley_parts(a, b, join)
    assert parts[0] == pytest.approx(wanted, abs=1e-12)
    assert not errors.any()


def test_sampled_values_add_up_and_lie_near_the_exact_ones() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.uniform(1, 9, (2, 8)), rng.uniform(1, 9, (2, 8))

    def join(x: np.ndarray) -> np.ndarray:
        return np.asarray(x.min(axis=1) + x.mean(axis=1))

    exact, _ = shapley_parts(a, b, join)
    parts, errors = shapley_parts(a, b, join, exact=4, seed=2)
    assert parts.sum(axis=1) == pytest.approx(join(a) - join(b), abs=1e-12)
    assert np.all(np.abs(parts - exact) <= 5 * errors + 1e-9)
    assert (errors > 0).any()
    assert shapley_parts(b, a, join, exact=4, seed=2)[0] == pytest.approx(-parts, abs=1e-12)
    assert np.array_equal(parts, shapley_parts(a, b, join, exact=4, seed=2)[0])


def test_two_causes_that_need_each_other_share_alike() -> None:
    worth = {frozenset(): 0.0, frozenset("a"): 0.0, frozenset("b"): 0.0, frozenset("ab"): 4.0}
    assert shapley_of(worth, "ab") == {"a": 2.0, "b": 2.0}


# --- scores and gaps ----------------------------------------------------------------------------------------------


def test_plain_means_are_weights_times_scores() -> None:
    index = made()
    found, weights = score_parts(index, "u3"), index.weights()
    assert found.baseline == 0.0
    for code in CODES:
        assert found.parts[code] == pytest.approx(weights[code] * index.score(code)["u3"])
    assert sum(found.shares().values()) == pytest.approx(1.0)
    gap = gap_parts(index, "u3", "u5")
    for code in (*CODES, "p", "q"):
        assert gap.parts[code] == pytest.approx(weights[code] * (index.score(code)["u3"] - index.score(code)["u5"]))
    assert list(gap.indicators) == sorted(gap.indicators, key=lambda code: -abs(gap.indicators[code]))


def test_geometric_means_have_shares_of_logarithms() -> None:
    index = made(JOINS[1])
    found = score_parts(index, "u2")
    assert found.baseline == pytest.approx(1.0)  # the low end of the range
    logs = {code: index.weights()[code] * np.log(index.score(code)["u2"]) for code in CODES}
    for code in CODES:
        assert found.shares()[code] == pytest.approx(logs[code] / sum(logs.values()))


@pytest.mark.parametrize("join", JOINS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_parts_add_up_and_a_gap_turned_round_changes_sign(join: str, seed: int) -> None:
    index = made(join, seed)
    found = gap_parts(index, "u0", "u1")
    sound(found, index)
    assert found.total == pytest.approx(index.score()["u0"] - index.score()["u1"])
    back = gap_parts(index, "u1", "u0")
    for code, part in found.parts.items():
        assert back.parts[code] == pytest.approx(-part, abs=1e-7)
    assert max(found.errors.values()) == 0.0
    group = gap_parts(index, "u0", UNITS[1:])
    sound(group, index)
    assert group.baseline == pytest.approx(np.mean([index.score()[unit] for unit in UNITS[1:]]))
    sound(score_parts(index, "u0"), index)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, codes = rng.permutation(9), rng.permutation(5)
    join = JOINS[int(rng.integers(len(JOINS)))]
    first = made(join, seed)
    spec = dict(first.framework.spec)
    spec["indicator"] = {CODES[k]: spec["indicator"][CODES[k]] for k in codes}
    x = first.panel.values[units][:, :, codes]
    second = build(Framework.of(spec), Panel.of([UNITS[k] for k in units], ["2020"], [CODES[k] for k in codes], x))
    ours, theirs = gap_parts(first, "u4", "u7"), gap_parts(second, "u4", "u7")
    assert dict(ours.parts) == pytest.approx(dict(theirs.parts), abs=1e-7)


def test_a_table_of_all_units_is_each_units_parts() -> None:
    index = made(JOINS[6])
    table = score_table(index)
    for u, unit in enumerate(UNITS):
        found = score_parts(index, unit)
        for code, part in found.parts.items():
            assert table[u, index.framework.node(code).place] == pytest.approx(part, abs=1e-9)


def test_a_node_below_the_root_and_an_indicator_itself() -> None:
    index = made()
    found = gap_parts(index, "u0", "u1", node="p")
    assert set(found.parts) == {"a", "b", "c"}
    assert found.total == pytest.approx(index.score("p")["u0"] - index.score("p")["u1"])
    assert gap_parts(index, "u0", "u1", node="a").parts == {"a": pytest.approx(index.score("a")["u0"] - index.score("a")["u1"])}


@pytest.mark.parametrize("join", JOINS[:4])
def test_what_is_missing_on_both_sides_has_no_part(join: str) -> None:
    index = made(join, 3, 1, True, "aggregate.missing=skip")
    found = score_parts(index, "u0")
    assert found.parts["a"] == 0.0
    sound(found, index)
    gap = gap_parts(index, "u0", "u2")
    assert gap.parts["a"] == 0.0
    sound(gap, index)


@pytest.mark.parametrize("join", JOINS[:4])
def test_what_one_side_lacks_is_set_against_the_others_node(join: str) -> None:
    index = made(join, 3, 1, True, "aggregate.missing=skip")
    for pair in (("u0", "u1"), ("u0", "u4"), ("u4", "u1")):
        found = gap_parts(index, *pair)
        sound(found, index)
        assert found.total == pytest.approx(index.score()[pair[0]] - index.score()[pair[1]])
    one = gap_parts(made(JOINS[0], 3, 1, True, "aggregate.missing=skip"), "u0", "u4")
    index = made(JOINS[0], 3, 1, True, "aggregate.missing=skip")
    wanted = index.weights()["a"] * (index.score("p")["u0"] - index.score("a")["u4"])
    assert one.parts["a"] == pytest.approx(wanted)


def test_a_join_that_cannot_pass_over_holes_is_refused() -> None:
    index = made(JOINS[6], 3, 1, True, "aggregate.missing=skip")
    with pytest.raises(MethodError) as caught:
        gap_parts(index, "u0", "u4")
    assert caught.value.code == "contribution_holes"


def test_a_unit_without_a_score_and_a_join_by_the_set_are_refused() -> None:
    index = made(JOINS[0], 3, 1, True)
    for call in (
        lambda: score_parts(index, "u0"),
        lambda: gap_parts(index, "u4", "u0"),
        lambda: gap_parts(index, "u4", ["u0", "u1"]),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == "not_scored"
    assert gap_parts(index, "u4", UNITS).others == tuple(unit for unit in UNITS if unit not in ("u0", "u1", "u2"))
    with pytest.raises(MethodError) as refused:
        score_parts(made("aggregate.method=borda"), "u0")
    assert (refused.value.code, refused.value.values["node"]) == ("contribution_set", "d")


def test_children_that_cancel_out_keep_their_parts() -> None:
    spec = (
        "[index]\ncode='d'\n[index.aggregate]\nmethod='mean_min'\nalpha=0.5\n[normalise]\nmethod='none'\n[pillar.p]\n[pillar.q]\n"
    )
    spec += "".join(f"[indicator.{code}]\nparent='{up}'\nbetter='higher'\n" for code, up in (("a", "p"), ("b", "p"), ("e", "q")))
    panel = Panel.of(["x", "y"], ["2023"], ["a", "b", "e"], [[[4, 2, 9]], [[2, 4, 5]]])
    index = build(Framework.parse(spec), panel)
    found = gap_parts(index, "x", "y")
    assert found.parts["p"] == pytest.approx(0.0)
    assert found.parts["a"] == pytest.approx(-found.parts["b"]) and found.parts["a"] > 0.1
    sound(found, index)


def test_many_children_are_sampled_with_errors() -> None:
    codes = [f"i{k:02}" for k in range(15)]
    spec = {
        "index": {"code": "d"},
        "aggregate": {"method": "mean_min", "alpha": 0.5},
        "indicator": {code: {"better": "higher"} for code in codes},
    }
    panel = Panel.of(UNITS, ["2020"], codes, np.random.default_rng(0).normal(size=(9, 1, 15)))
    index = build(Framework.of(spec), panel)
    found = gap_parts(index, "u0", "u1", seed=4)
    assert max(found.errors.values()) > 0
    sound(found, index)
    assert dict(gap_parts(index, "u1", "u0", seed=4).parts) == pytest.approx({k: -v for k, v in found.parts.items()}, abs=1e-9)


# --- changes ------------------------------------------------------------------------------------------------------


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


def test_pooled_bounds_are_the_same_in_both_years() -> None:
    index = made(JOINS[0], 5, 3)
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


def test_an_indicator_of_some_years_only_comes_and_goes_as_coverage() -> None:
    more = ("indicator.f.years=[2021]", "index.broken_series=true", "weighting.method=standard_deviation")
    index = made(JOINS[0], 5, 3, False, *more)
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


def test_bounds_fitted_on_some_units_only() -> None:
    index = made(JOINS[0], 5, 2, False, "normalise.over=year")
    spec = index.framework.spec | {"universe": {"few": {"members": list(UNITS[:5])}}, "units": {"fit_on": "few"}}
    index = build(Framework.of(spec), index.panel)
    found = change(index, index, "u8")
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_weights_that_change_are_method() -> None:
    before = made()
    after = build(before.framework.put("pillar.q.weight=5"), before.panel)
    found = change(before, after, "u3", "2020", "2020")
    assert found.parts["method"] == pytest.approx(found.total) and abs(found.total) > 0.1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_causes_add_up_and_turn_round(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = made(JOINS[int(rng.integers(2))], seed, 2, False, "normalise.over=year")
    wider = before.framework.spec | {"weighting": {"method": "standard_deviation"}}
    x = rng.normal(size=(7, 1, 5))
    after = build(Framework.of(wider), Panel.of(UNITS[2:], ["2021"], CODES, x))
    for unit in UNITS[2:4]:
        there, back = change(before, after, unit), change(after, before, unit)
        assert there.builds == 16 and tuple(there.parts) == CAUSES
        assert sum(there.parts.values()) == pytest.approx(there.total, abs=1e-9)
        for cause in CAUSES:
            assert back.parts[cause] == pytest.approx(-there.parts[cause], abs=1e-9)


def test_parameters_frozen_elsewhere_are_refused() -> None:
    index = made(JOINS[0], 5, 2)
    other = made(JOINS[0], 6, 2)
    frozen = build(index.framework, index.panel, frozen=other.frozen)
    with pytest.raises(MethodError) as caught:
        change(frozen, index, "u1")
    assert caught.value.code == "change_differs"


def test_the_first_period_has_none_before_it() -> None:
    index = made(JOINS[0], 5, 2)
    with pytest.raises(UsageError) as caught:
        change(index, index, "u1", None, "2020")
    assert caught.value.code == "no_earlier_period"


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-gii", "city-ip-eis"])
def test_shipped_indices(name: str) -> None:
    index = app.make(name)
    first, fiftieth = index.top(50)[0][0], index.top(50)[-1][0]
    sound(score_parts(index, first), index)
    sound(gap_parts(index, first, fiftieth), index)
    found = change(index, index, fiftieth)
    assert sum(found.parts.values()) == pytest.approx(found.total, abs=1e-9)


def test_errors_speak_both_languages() -> None:
    index = made("aggregate.method=borda")
    with pytest.raises(TiduError) as caught:
        score_parts(index, "u0")
    assert "{" not in caught.value.text("zh") + caught.value.text("en")
