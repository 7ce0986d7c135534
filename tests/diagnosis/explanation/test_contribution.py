"""Parts of scores and gaps: they add up, by hand, for every join, with and without holes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, TiduError, UsageError
from tidu.diagnosis.explanation.contribution import gap_parts, score_parts, score_table
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

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


BY_SET = (
    "aggregate.method=copeland",
    "aggregate.method=borda",
    "aggregate.method=topsis",
    "aggregate.method=vikor",
    "aggregate.method=promethee_ii",
    "aggregate.method=wroclaw",
    "aggregate.method=benefit_of_the_doubt",
    "index.aggregate.method=copeland",
    "index.aggregate.method=vikor",
    'aggregate={ method = "benefit_of_the_doubt", frontier = "pooled" }',
)


def sound(found: object, index: Index, tolerance: float = 1e-9) -> None:
    """Fails unless parts, and the place in the set, add up at every node."""
    parts, top, rest = found.parts, found.node, found.place  # type: ignore[attr-defined]
    assert sum(found.indicators.values()) + rest == pytest.approx(found.total, abs=tolerance)  # type: ignore[attr-defined]
    for node in index.framework.inner:
        if node.code != top and node.code in parts:
            assert sum(parts[child] for child in node.children) == pytest.approx(parts[node.code], abs=tolerance)


def test_plain_means_are_weights_times_scores(joined: Callable[..., Index]) -> None:
    index = joined()
    found, weights = score_parts(index, "u3"), index.weights()
    assert found.baseline == 0.0
    for code in CODES:
        assert found.parts[code] == pytest.approx(weights[code] * index.score(code)["u3"])
    assert sum(found.shares().values()) == pytest.approx(1.0)
    gap = gap_parts(index, "u3", "u5")
    for code in (*CODES, "p", "q"):
        assert gap.parts[code] == pytest.approx(weights[code] * (index.score(code)["u3"] - index.score(code)["u5"]))
    assert list(gap.indicators) == sorted(gap.indicators, key=lambda code: -abs(gap.indicators[code]))


def test_geometric_means_have_shares_of_logarithms(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[1])
    found = score_parts(index, "u2")
    assert found.baseline == pytest.approx(1.0)  # the low end of the range
    logs = {code: index.weights()[code] * np.log(index.score(code)["u2"]) for code in CODES}
    for code in CODES:
        assert found.shares()[code] == pytest.approx(logs[code] / sum(logs.values()))


@pytest.mark.parametrize("join", JOINS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_parts_add_up_and_a_gap_turned_round_changes_sign(join: str, seed: int, joined: Callable[..., Index]) -> None:
    index = joined(join, seed)
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
@given(seed=st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    units, codes = rng.permutation(9), rng.permutation(5)
    join = JOINS[int(rng.integers(len(JOINS)))]
    first = joined(join, seed)
    spec = dict(first.framework.spec)
    spec["indicator"] = {CODES[k]: spec["indicator"][CODES[k]] for k in codes}
    x = first.panel.values[units][:, :, codes]
    second = build(Framework.of(spec), Panel.of([UNITS[k] for k in units], ["2020"], [CODES[k] for k in codes], x))
    ours, theirs = gap_parts(first, "u4", "u7"), gap_parts(second, "u4", "u7")
    assert dict(ours.parts) == pytest.approx(dict(theirs.parts), abs=1e-7)


def test_a_table_of_all_units_is_each_units_parts(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[6])
    table = score_table(index)
    for u, unit in enumerate(UNITS):
        found = score_parts(index, unit)
        for code, part in found.parts.items():
            assert table[u, index.framework.node(code).place] == pytest.approx(part, abs=1e-9)


def test_a_node_below_the_root_and_an_indicator_itself(joined: Callable[..., Index]) -> None:
    index = joined()
    found = gap_parts(index, "u0", "u1", node="p")
    assert set(found.parts) == {"a", "b", "c"}
    assert found.total == pytest.approx(index.score("p")["u0"] - index.score("p")["u1"])
    assert gap_parts(index, "u0", "u1", node="a").parts == {"a": pytest.approx(index.score("a")["u0"] - index.score("a")["u1"])}


@pytest.mark.parametrize("join", JOINS[:4])
def test_what_is_missing_on_both_sides_has_no_part(join: str, joined: Callable[..., Index]) -> None:
    index = joined(join, 3, 1, True, "aggregate.missing=skip")
    found = score_parts(index, "u0")
    assert found.parts["a"] == 0.0
    sound(found, index)
    gap = gap_parts(index, "u0", "u2")
    assert gap.parts["a"] == 0.0
    sound(gap, index)


@pytest.mark.parametrize("join", JOINS[:4])
def test_what_one_side_lacks_is_set_against_the_others_node(join: str, joined: Callable[..., Index]) -> None:
    index = joined(join, 3, 1, True, "aggregate.missing=skip")
    for pair in (("u0", "u1"), ("u0", "u4"), ("u4", "u1")):
        found = gap_parts(index, *pair)
        sound(found, index)
        assert found.total == pytest.approx(index.score()[pair[0]] - index.score()[pair[1]])
    one = gap_parts(joined(JOINS[0], 3, 1, True, "aggregate.missing=skip"), "u0", "u4")
    index = joined(JOINS[0], 3, 1, True, "aggregate.missing=skip")
    wanted = index.weights()["a"] * (index.score("p")["u0"] - index.score("a")["u4"])
    assert one.parts["a"] == pytest.approx(wanted)


def test_a_join_that_cannot_pass_over_holes_is_refused(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[6], 3, 1, True, "aggregate.missing=skip")
    with pytest.raises(MethodError) as caught:
        gap_parts(index, "u0", "u4")
    assert caught.value.code == "contribution_holes"


def test_a_unit_without_a_score_and_a_join_that_searches_are_refused(joined: Callable[..., Index]) -> None:
    index = joined(JOINS[0], 3, 1, True)
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
        score_parts(joined("aggregate.method=kemeny"), "u0")
    assert (refused.value.code, refused.value.values["method"]) == ("contribution_set", "kemeny")


@pytest.mark.parametrize("join", BY_SET)
def test_joins_by_comparison_add_up(join: str, joined: Callable[..., Index]) -> None:
    for seed in range(1 if "doubt" in join else 4):
        index = joined(join, seed)
        sound(score_parts(index, "u0"), index)
        assert score_parts(index, "u0").place == 0.0
        found = gap_parts(index, "u0", "u1")
        sound(found, index)
        assert found.total == pytest.approx(index.score()["u0"] - index.score()["u1"])
        group = gap_parts(index, "u0", UNITS[1:])
        sound(group, index)
        assert group.baseline == pytest.approx(np.mean([index.score()[unit] for unit in UNITS[1:]]))
        table = score_table(index)
        assert table[4, index.framework.node("a").place] == pytest.approx(score_parts(index, "u4").parts["a"], abs=1e-9)


def flat(values: list[list[float]], method: str = "copeland") -> Index:
    codes = CODES[: len(values[0])]
    spec = {"index": {"code": "d"}, "normalise": {"method": "none"}, "aggregate": {"method": method}}
    spec["indicator"] = {code: {"better": "higher"} for code in codes}
    return build(Framework.of(spec), Panel.of(UNITS[: len(values)], ["2023"], codes, [[row] for row in values]))


def test_copeland_by_hand() -> None:
    """Three units, three indicators. u0 beats both (2), u1 beats u2 (0), u2 loses twice (−2).

    u0 = (3, 3, 1) with u1's figures (2, 2, 2) in its place ties with u1 and beats u2: worth 1. Of the eight rows between,
    those with the first or the second figure of u0 alone, with the third of u1, beat u1 (2): one more win. (2, 2, 1) loses
    to u1: 0. Each of the first two is worth 1, the third −1, by Shapley's formula:
    a: (1·2 + 1·1 + 1·1 + 0·2) ÷ 6 with steps {}→a = 1, b→ab = 0, c→ac = 1, bc→abc = 1.
    """
    index = flat([[3, 3, 1], [2, 2, 2], [1, 1, 3]])
    assert index.score() == {"u0": 2.0, "u1": 0.0, "u2": -2.0}
    found = gap_parts(index, "u0", "u1")
    worth = {"": 1, "a": 2, "b": 2, "c": 0, "ab": 2, "ac": 1, "bc": 1, "abc": 2}
    first = (2 * (worth["a"] - worth[""]) + (worth["ab"] - worth["b"]) + (worth["ac"] - worth["c"])) / 6
    first += 2 * (worth["abc"] - worth["bc"]) / 6
    third = (2 * (worth["c"] - worth[""]) + (worth["ac"] - worth["a"]) + (worth["bc"] - worth["b"])) / 6
    third += 2 * (worth["abc"] - worth["ab"]) / 6
    assert (found.total, found.place) == (2.0, 1.0)
    assert dict(found.parts) == pytest.approx({"a": first, "b": first, "c": third})


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_place_under_copeland_is_the_meeting_of_the_two(seed: int) -> None:
    x = np.random.default_rng(seed).integers(0, 9, (7, 3)).astype(float)
    index = flat(x.tolist())
    apart = np.sign((x[0] > x[1]).sum() - (x[0] < x[1]).sum())
    assert gap_parts(index, "u0", "u1").place == apart


@pytest.mark.parametrize("join", ["aggregate.method=copeland", "index.aggregate.method=copeland", "aggregate.method=median"])
def test_parts_are_means_over_all_orders_that_keep_nodes_together(join: str, joined: Callable[..., Index]) -> None:
    """Owen values by definition: every order of the pillars, and of the indicators inside each."""
    index = joined(join, 3)
    framework, own = index.framework, index.units.index("u2")
    leaves, nodes = index.scores[:, 0], framework.nodes

    def worth(changed: set[str]) -> float:
        x = leaves.copy()
        for code in CODES:
            x[own, nodes[code].place] = leaves[own if code in changed else index.units.index("u5"), nodes[code].place]
        for join_ in index.joins:
            choice = framework.choice("aggregate", join_.node)
            places = [nodes[child].place for child in join_.children]
            around = Context(units=index.units, periods=index.periods, codes=join_.children, given=join_.weights)
            made = choice.method.apply(x[:, None, places], join_.fitted, choice.options, around)[:, 0]
            x[own, nodes[join_.node].place] = made[own]  # the other units stay as they are
        return float(x[own, -1])

    orders = [
        (*one, *two) if first else (*two, *one)
        for first in (True, False)
        for one in permutations(framework.node("p").children)
        for two in permutations(framework.node("q").children)
    ]
    wanted = dict.fromkeys(CODES, 0.0)
    for order in orders:
        for k, code in enumerate(order):
            wanted[code] += (worth(set(order[: k + 1])) - worth(set(order[:k]))) / len(orders)
    found = gap_parts(index, "u2", "u5")
    assert {code: found.parts[code] for code in CODES} == pytest.approx(wanted, abs=1e-9)


def test_a_missing_figure_under_a_join_by_comparison_is_refused(joined: Callable[..., Index]) -> None:
    spec = dict(joined().framework.spec) | {"aggregate": {"missing": "skip"}}
    spec["pillar"] = {"p": {"aggregate": {"method": "copeland"}}, "q": {}}
    index = build(Framework.of(spec), joined(JOINS[0], 3, 1, True, "aggregate.missing=skip").panel)
    with pytest.raises(MethodError) as caught:
        gap_parts(index, "u3", "u0")
    assert (caught.value.code, caught.value.values["node"]) == ("contribution_holes", "p")


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


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-gii", "city-ip-eis"])
def test_shipped_indices(name: str) -> None:
    index = app.make(name)
    first, fiftieth = index.top(50)[0][0], index.top(50)[-1][0]
    sound(score_parts(index, first), index)
    sound(gap_parts(index, first, fiftieth), index)


def test_errors_speak_both_languages(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=kemeny")
    with pytest.raises(TiduError) as caught:
        score_parts(index, "u0")
    assert "{" not in caught.value.text("zh") + caught.value.text("en")
