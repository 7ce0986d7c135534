"""Ranks under all weights of an index's pillars: by hand for two, refused where it makes no sense."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import MethodError, UsageError
from tidu.index.all_weights import under_all_weights
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

FILE = """
[index]
code = "demo"
[pillar.p]
[pillar.q]
weight = 3
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "q"
better = "higher"
"""


def made(*changes: str) -> Index:
    return made_of(FILE, *changes)


def made_of(text: str, *changes: str) -> Index:
    figures = [[[0.0, 10.0]], [[10.0, 0.0]], [[6.0, 6.0]], [[np.nan, 3.0]]]
    return build(Framework.parse(text).put(*changes), Panel.of(list("wxyz"), ["2023"], ["a", "b"], figures))


def test_two_pillars_by_hand() -> None:
    """With weight u on p: w scores 100 (1 − u), x 100 u, y 60; y is first while u is between 0.4 and 0.6."""
    found = under_all_weights(made(), draws=40_000, seed=3)
    rows = {row["unit"]: row for row in found.rows()}
    assert set(rows) == {"w", "x", "y"}  # z lacks a pillar
    assert [rows[unit]["rank_1"] for unit in "wxy"] == pytest.approx([0.4, 0.4, 0.2], abs=0.01)
    assert rows["y"]["rank_2"] == pytest.approx(0.8, abs=0.01) and rows["y"]["rank_3"] == 0
    assert rows["x"]["weight_p"] == pytest.approx(0.8, abs=0.01) and rows["w"]["weight_q"] == pytest.approx(0.8, abs=0.01)
    assert rows["y"]["confidence"] == 1 and rows["y"]["top_10"] == pytest.approx(1.0)
    assert rows["y"]["expected_rank"] == pytest.approx(1.8, abs=0.02)


def test_a_geometric_mean_by_hand() -> None:
    """On 1 to 100 w is (1, 100), x (100, 1), y (60.4, 60.4); y = 100 ** 0.8905, so it is first while u is in 0.1095 to 0.8905."""
    found = under_all_weights(made("aggregate.method=geometric", "normalise.onto=[1, 100]"), draws=40_000, seed=3)
    rows = {row["unit"]: row for row in found.rows()}
    edge = np.log(60.4) / np.log(100)
    assert [rows[unit]["rank_1"] for unit in "wxy"] == pytest.approx([1 - edge, 1 - edge, 2 * edge - 1], abs=0.01)


def test_the_order_of_children_changes_nothing() -> None:
    index, other = made(), made_of(FILE.replace("[pillar.p]\n", "").replace("weight = 3\n", "weight = 3\n[pillar.p]\n"))
    assert index.framework.node("demo").children != other.framework.node("demo").children
    one, two = (under_all_weights(some, draws=500, seed=1) for some in (index, other))
    assert one.acceptability.tolist() == two.acceptability.tolist()


@pytest.mark.parametrize(
    ("changes", "node", "code"),
    [
        (("aggregate.method=median",), None, "smaa_mean"),
        ((), "p", "smaa_children"),
        ((), "a", "smaa_mean"),
    ],
)
def test_where_it_makes_no_sense_it_is_refused(changes: tuple[str, ...], node: str | None, code: str) -> None:
    with pytest.raises(MethodError) as caught:
        under_all_weights(made(*changes), node)
    assert caught.value.code == code


def test_an_unknown_node_is_told() -> None:
    with pytest.raises(UsageError):
        under_all_weights(made(), "pp")
