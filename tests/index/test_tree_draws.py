from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import MethodError, UsageError
from tidu.index.framework import Framework
from tidu.index.tree_draws import compiles, scored, way_up

INDEX = Framework.parse("""
[index]
code = "d"
[pillar.p]
weight = 3
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "higher"
[indicator.c]
better = "higher"
""")
PLACES = {code: place for place, code in enumerate(INDEX.nodes)}
LIVE = np.ones(len(PLACES), dtype=bool)


def weights(**given: float) -> np.ndarray:
    return np.array([[given.get(code, node.weight) for code, node in INDEX.nodes.items()]])


def test_effective_weights_by_hand() -> None:
    way = way_up(INDEX, "d", weights(a=3.0), LIVE, PLACES)
    assert way is not None
    shares = dict(zip(way.leaves, way.effective[0].tolist(), strict=True))
    assert shares == pytest.approx({"a": 0.75 * 0.75, "b": 0.75 * 0.25, "c": 0.25})


def test_a_node_without_weighted_children_has_none_and_the_node_looked_at_must_have_some() -> None:
    way = way_up(INDEX, "d", weights(a=0.0, b=0.0), LIVE, PLACES)
    assert way is not None
    assert dict(zip(way.leaves, way.effective[0].tolist(), strict=True))["c"] == 1.0
    with pytest.raises(UsageError) as caught:
        way_up(INDEX, "p", weights(a=0.0, b=0.0), LIVE, PLACES)
    assert caught.value.code == "factor_drops_all"


def test_only_means_with_written_weights_go_up_at_once() -> None:
    assert compiles(INDEX, "d") and compiles(INDEX.put("aggregate.method=geometric"), "d")
    assert not compiles(INDEX.put("aggregate.method=median"), "d")


def test_a_geometric_mean_names_the_cell_that_is_not_above_zero() -> None:
    index = INDEX.put("aggregate.method=geometric", "normalise.onto=[1, 100]")
    way = way_up(index, "d", weights(), LIVE, PLACES)
    assert way is not None
    values = np.array([[4.0, 9.0, 5.0], [0.0, 1.0, 1.0]])
    assert scored(index, way, values[:1], ("x",), "2022")[0, 0] == pytest.approx(6**0.75 * 5**0.25)
    with pytest.raises(MethodError) as caught:
        scored(index, way, values, ("x", "y"), "2022")
    assert (caught.value.values["unit"], caught.value.values["period"], caught.value.values["child"]) == ("y", "2022", "a")
