"""Ranks of an index under all weights of a node's children (SMAA): what holds whatever one thinks of their worth."""

from __future__ import annotations

import numpy as np

from tidu.core.address import quoted
from tidu.core.errors import MethodError
from tidu.index.acceptability import Acceptability, acceptability
from tidu.index.result import Index


def under_all_weights(
    index: Index, node: str | None = None, period: str | int | None = None, *, draws: int = 10_000, seed: int = 0
) -> Acceptability:
    """The rank acceptabilities of the shown units under weights drawn evenly from all, at a node of arithmetic means.

    Args:
        index: what :func:`tidu.index.build.build` gave.
        node: whose children are weighted; the index itself when left out.
        period: the last one when left out.
        draws: how many weights.
        seed: of them.

    Units that lack a child are left out. Raises ``smaa_mean`` where the node joins otherwise, ``smaa_children`` where it has
    fewer than two live children, or two units have not all of them; ``unknown_node``. Source: Lahdelma & Salminen 2001,
    Operations Research 49(3):444 (SMAA-2).

    >>> from tidu.app import make
    >>> found = under_all_weights(make("city-ip-core"), draws=500)
    >>> found.units[int(found.expected_rank.argmin())]
    '110000'
    """
    framework, t = index.framework, index.period(period)
    top = framework.node(node or framework.code)
    method = framework.choice("aggregate", top.code).method.name if not top.leaf else "none"
    where = f"pillar.{quoted(top.code)}.aggregate" if top.code != framework.code else "aggregate"
    if method != "arithmetic":
        raise MethodError("smaa_mean", address=where, node=top.code, method=method)
    children = [child for child in top.children if index.live[t, framework.nodes[child].place]]
    scores = index.scores[:, t][:, [framework.nodes[child].place for child in children]]
    whole = index.shown & ~np.isnan(scores).any(axis=1)
    if len(children) < 2 or whole.sum() < 2:
        raise MethodError("smaa_children", address=where, node=top.code, children=len(children), units=int(whole.sum()))
    units = [unit for unit, there in zip(index.units, whole, strict=True) if there]
    return acceptability(scores[whole], draws=draws, seed=seed, units=units, children=children)
