"""What hangs together: the connected components of a table of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench


def least_of_each(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The least member of each node's component: int array of ``count`` nodes, joined by pairs of node numbers.

    Args:
        count: how many nodes there are, numbered from 0.
        left: one node of each pair.
        right: the other one.

    >>> least_of_each(5, np.array([0, 3]), np.array([2, 4])).tolist()
    [0, 1, 0, 3, 3]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    found: np.ndarray = first[labels]
    return found


def components(bench: Workbench, name: str, pairs: str) -> None:
    """Keeps a table ``node``, ``least`` under a name: each node of a query of pairs (``a``, ``b``), the least it hangs with."""
    bench.keep(f"{name}_pairs", f"select distinct a, b from ({pairs}) where a is not null and b is not null and a <> b")
    bench.keep(
        f"{name}_nodes",
        f"select node, cast(row_number() over (order by node) - 1 as integer) as id"
        f" from (select a as node from {name}_pairs union select b from {name}_pairs)",
    )
    ids = bench.engine.sql(
        f"select x.id as a, y.id as b from {name}_pairs join {name}_nodes x on x.node = a join {name}_nodes y on y.node = b"
    ).fetchnumpy()
    count = bench.count(f"select count(*) from {name}_nodes")
    least = least_of_each(count, np.asarray(ids["a"]), np.asarray(ids["b"])) if count else np.empty(0, dtype=np.int64)
    bench.engine.register("found", {"id": np.arange(count, dtype=np.int64), "least": least.astype(np.int64)})
    bench.keep(
        name,
        f"select x.node, y.node as least from {name}_nodes x join found on found.id = x.id"
        f" join {name}_nodes y on y.id = found.least",
    )
    bench.engine.unregister("found")
