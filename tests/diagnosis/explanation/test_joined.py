"""The joins of an index as functions: they give back the index's own scores, and a unit's score under other children."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.diagnosis.explanation.joined import below, climbed, joins_below
from tidu.index.result import Index

JOINS = ("aggregate.method=median", "aggregate.method=copeland", "aggregate.method=benefit_of_the_doubt", "aggregate.method=topsis")


@pytest.mark.parametrize("join", JOINS)
def test_the_tree_climbs_to_the_scores_it_has(join: str, joined: Callable[..., Index]) -> None:
    index = joined(join, 2)
    joins, own = joins_below(index, 0, "d"), np.arange(len(index.units))
    assert [one.join.node for one in joins] == ["d", "q", "p"] or [one.join.node for one in joins] == ["d", "p", "q"]
    assert {one.by_set for one in joins} == {"median" not in join}
    bare = index.scores[:, 0].copy()
    inner = [index.framework.node(code).place for code in ("p", "q", "d")]
    bare[:, inner] = 0.0
    assert climbed(index, joins, bare, own) == pytest.approx(index.scores[:, 0], abs=1e-9)


def test_a_units_own_children_move_its_own_score(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=borda", 2)
    one = next(item for item in joins_below(index, 0, "p") if item.join.node == "p")
    best = np.full((1, 3), 1e9)
    assert one.worth(0, best)[0] == pytest.approx(8.0)  # above all eight others in every child
    assert one.worth(0, -best)[0] == pytest.approx(0.0)
    assert below(index.framework, "q") == ("e", "f") and below(index.framework, "e") == ("e",)
