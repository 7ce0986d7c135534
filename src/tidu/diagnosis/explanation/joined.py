"""The joins of a built index as functions: what a node's score would be if one unit's children were others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array
from tidu.diagnosis.explanation.set_joins import OwnScore, own_score
from tidu.index.choice import Choice
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.tree import Join


def below(framework: Framework, node: str) -> tuple[str, ...]:
    r"""All nodes below one, level by level; an indicator itself, which has none.

    >>> below(Framework.parse('[index]\ncode="d"\n[indicator.a]\nbetter="higher"'), "d")
    ('a',)
    """
    found: list[str] = []
    queue = [node]
    while queue:
        children = framework.node(queue.pop(0)).children
        found += children
        queue += children
    return tuple(found) or (node,)


@dataclass(frozen=True, eq=False)
class Joined:
    """How a node was joined in a period, and its join as a function of rows of one unit's children.

    ``block`` are the children of all units, (units, children).
    """

    join: Join
    choice: Choice
    period: str
    block: Array
    own: dict[int, OwnScore] = field(default_factory=dict)

    @property
    def by_set(self) -> bool:
        """Whether the node joins by comparison of the units."""
        return "set" in self.choice.method.traits

    @property
    def straight(self) -> bool:
        """Whether the node is a plain or a geometric mean."""
        return bool({"linear", "log_linear"} & self.choice.method.traits)

    def worth(self, u: int, rows: Array) -> Array:
        """The node's score of a unit under rows of its children, (N, C) → (N,)."""
        if not self.by_set:
            return self._rows(rows)
        if u not in self.own:
            join = self.join
            self.own[u] = own_score(self.choice, join.fitted, join.weights, join.children, self.period, self.block, u)
        return self.own[u](rows)

    def each(self, own: NDArray[np.intp], rows: Array) -> Array:
        """The node's score of each row of another unit, (P, C) → (P,); missing where a join by comparison lacks a child."""
        if not self.by_set:
            return self._rows(rows)
        made = np.full(rows.shape[0], np.nan)
        for p in np.flatnonzero(~np.isnan(rows).any(axis=1)).tolist():
            made[p] = self.worth(int(own[p]), rows[[p]])[0]
        return made

    def _rows(self, x: Array) -> Array:
        here = Context(
            units=("",) * x.shape[0],
            periods=(self.period,),
            codes=self.join.children,
            address=self.choice.address,
            given=self.join.weights,
        )
        done: Array = self.choice.method.apply(x[:, None, :], self.join.fitted, self.choice.options, here)[:, 0]
        return done


def joins_below(index: Index, t: int, top: str) -> list[Joined]:
    """The joins at and below a node in a period, from the top down."""
    framework = index.framework
    inside = {top, *below(framework, top)}
    by_node = {join.node: join for join in index.joins if index.periods[t] in join.periods}
    found = []
    for node in reversed(framework.inner):
        join = by_node.get(node.code)
        if join is not None and node.code in inside:
            block = index.scores[:, t][:, [framework.nodes[child].place for child in join.children]]
            found.append(Joined(join, framework.choice("aggregate", node.code), index.periods[t], block))
    return found


def climbed(index: Index, joins: Sequence[Joined], b: Array, own: NDArray[np.intp]) -> Array:
    """Scores (P, nodes) with every inner node joined again from its children, in the place of the units ``own``."""
    nodes = index.framework.nodes
    out = b.copy()
    for one in reversed(joins):
        at = nodes[one.join.node].place
        places = [nodes[child].place for child in one.join.children]
        out[:, at] = np.where(np.isnan(b[:, at]), np.nan, one.each(own, out[:, places]))
    return out
