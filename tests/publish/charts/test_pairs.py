from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tidu.publish.charts.pairs import dumbbell
from tidu.publish.edition import Edition


def test_a_row_a_node_with_both_scores(stranger: Edition, rows_with: Callable[..., Any]) -> None:
    rows = rows_with(dumbbell(stranger.index, "x/1", "z", "en"), "one", "two")
    assert rows == [
        {"node": "overall", "one": 0.0, "two": 100.0},
        {"node": "a", "one": 0.0, "two": 100.0},
        {"node": "b", "one": 0.0, "two": 100.0},
    ]


def test_only_the_nodes_asked_for(cities: Edition, rows_with: Callable[..., Any]) -> None:
    rows = rows_with(dumbbell(cities.index, "110000", "440300", nodes=["potential"]), "one", "two")
    assert [row["node"] for row in rows] == ["创造潜力"]
