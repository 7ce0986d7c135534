from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.tree import activity
from tidu.indicators.panel import Panel

NAN = np.nan
TREE = """
[index]
code = "d"
[normalise]
method = "none"
[pillar.p]
weight = 3
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
weight = 2
[indicator.b]
parent = "p"
better = "higher"
[indicator.c]
parent = "q"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
"""
CODES = ("a", "b", "c", "e")


def scored(rows: object, text: str = TREE, *changes: str, years: tuple[str, ...] = ("2023",)) -> Index:
    values = np.array(rows, dtype=float)
    if values.ndim == 2:
        values = values[:, None, :]
    units = tuple(f"u{i}" for i in range(len(values)))
    return build(Framework.parse(text).put(*changes), Panel.of(units, years, CODES, values))


def node(index: Index, code: str, period: str | None = None) -> list[float]:
    return list(index.score(code, period).values())


def test_the_way_up_by_hand() -> None:
    # p = (2·a + b)/3, q = (c + e)/2, d = (3p + q)/4
    index = scored([[3, 6, 10, 20], [9, 0, 4, 0]])
    assert node(index, "p") == pytest.approx([4, 6])
    assert node(index, "q") == pytest.approx([15, 2])
    assert node(index, "d") == pytest.approx([6.75, 5])
    assert index.weights() == pytest.approx({"d": 1, "p": 0.75, "q": 0.25, "a": 0.5, "b": 0.25, "c": 0.125, "e": 0.125})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=4, max_size=4), st.floats(0.01, 100))
def test_weights_are_shares_so_their_scale_does_not_matter(weights: list[float], times: float) -> None:
    rows = np.random.default_rng(3).normal(50, 10, (5, 4))
    one = scored(rows, TREE, *[f"indicator.{code}.weight={weight!r}" for code, weight in zip(CODES, weights, strict=True)])
    two = scored(rows, TREE, *[f"indicator.{code}.weight={weight * times!r}" for code, weight in zip(CODES, weights, strict=True)])
    assert one.scores == pytest.approx(two.scores)
    leaves = np.array([one.weights()[code] for code in CODES])
    assert leaves.sum() == pytest.approx(1.0)
    assert one.scores[:, 0, -1] == pytest.approx(rows @ leaves)  # a tree of arithmetic means is one weighted sum


def test_a_weight_of_zero_leaves_a_child_out() -> None:
    index = scored([[3, 6, 10, 20]], TREE, "indicator.a.weight=0", "pillar.q.weight=0")
    assert node(index, "d") == pytest.approx([6])
    assert index.weights()["a"] == 0


@pytest.mark.parametrize(
    ("changes", "p", "d"),
    [
        # u0 lacks b; u1 lacks a and b; u2 has all: p = (2·3 + 6)/3 = 4, q = 15, d = (3·4 + 15)/4 = 6.75
        (("aggregate.missing=require",), [NAN, NAN, 4], [NAN, NAN, 6.75]),
        (("aggregate.missing=skip",), [3, NAN, 4], [(3 * 3 + 15) / 4, 15, 6.75]),
        (("aggregate.missing=skip", "aggregate.coverage=0.5"), [3, NAN, 4], [6, 15, 6.75]),
        (("aggregate.missing=skip", "aggregate.coverage=0.6"), [NAN, NAN, 4], [NAN, NAN, 6.75]),
        (("aggregate.missing=skip", "pillar.p.aggregate.coverage=1.0"), [NAN, NAN, 4], [15, 15, 6.75]),
        (("aggregate.missing=skip", "pillar.p.aggregate.missing=require"), [NAN, NAN, 4], [15, 15, 6.75]),
    ],
)
def test_the_rule_for_missing_children(changes: tuple[str, ...], p: list[float], d: list[float]) -> None:
    index = scored([[3, NAN, 10, 20], [NAN, NAN, 10, 20], [3, 6, 10, 20]], TREE, *changes)
    assert node(index, "p") == pytest.approx(p, nan_ok=True)
    assert node(index, "d") == pytest.approx(d, nan_ok=True)


def test_a_child_not_asked_for_in_a_year_is_not_missing_in_it() -> None:
    text = TREE.replace('[indicator.b]\nparent = "p"', '[indicator.b]\nparent = "p"\nyears = [2023]').replace(
        'method = "none"', 'method = "none"\nover = "year"'
    )
    index = scored([[[3, NAN, 10, 20], [3, 6, 10, 20]]], text, years=("2022", "2023"))
    assert (node(index, "p", "2022"), node(index, "p", "2023")) == ([3], [4])
    assert index.weights("2022") == pytest.approx({"d": 1, "p": 0.75, "q": 0.25, "a": 0.75, "c": 0.125, "e": 0.125})
    assert index.live[:, 1].tolist() == [False, True]
    assert np.isnan(index.raw[0, 0, 1])


def test_a_pillar_without_a_live_child_is_left_out_of_the_year() -> None:
    text = TREE.replace('method = "none"', 'method = "none"\nover = "year"')
    for code in ("c", "e"):
        text = text.replace(f'[indicator.{code}]\nparent = "q"', f'[indicator.{code}]\nparent = "q"\nyears = ["2023"]')
    index = scored([[[3, 6, 5, 5], [3, 6, 10, 20]]], text, years=("2022", "2023"))
    assert node(index, "d", "2022") == pytest.approx([4])
    assert node(index, "d", "2023") == pytest.approx([6.75])
    assert node(index, "q", "2022") == pytest.approx([NAN], nan_ok=True)
    assert index.coverage()[0]["q"] is None


def test_what_is_asked_for_in_which_year() -> None:
    framework = Framework.parse(TREE).put('indicator.c.years=["2022"]')
    live = activity(framework, ("2022", "2023"), {"e": "same"})
    place = {code: item.place for code, item in framework.nodes.items()}
    assert live[:, place["c"]].tolist() == [True, False]
    assert live[:, place["e"]].tolist() == [False, False]
    assert live[:, place["q"]].tolist() == [True, False]
    assert live[:, place["p"]].tolist() == [True, True]


def test_a_year_that_asks_only_for_children_without_weight_is_refused() -> None:
    text = TREE.replace('method = "none"', 'method = "none"\nover = "year"')
    with pytest.raises(MethodError) as caught:
        scored([[[3, 6, 5, 5], [3, 6, 10, 20]]], text, "indicator.c.weight=0", "indicator.e.years=[2023]", years=("2022", "2023"))
    assert caught.value.code == "weights_zero"
    assert caught.value.address == "pillar.q"


def test_a_method_for_each_parent() -> None:
    # p: geometric of 4 (twice) and 32 → (4·4·32)^(1/3) = 8; q: the median of 1 and 9 = 5; d: harmonic 4/(3/8 + 1/5)
    index = scored(
        [[4, 32, 1, 9]],
        TREE,
        "pillar.p.aggregate.method=geometric",
        "pillar.q.aggregate.method=median",
        "index.aggregate.method=harmonic",
    )
    assert node(index, "p") == pytest.approx([8])
    assert node(index, "q") == pytest.approx([5])
    assert node(index, "d") == pytest.approx([4 / (3 / 8 + 1 / 5)])
