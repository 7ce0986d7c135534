"""Ranks of an index under all weights of a node's children (SMAA): what holds whatever one thinks of their worth."""

from __future__ import annotations

import numpy as np

from tidu.core.address import quoted
from tidu.core.errors import MethodError
from tidu.index.acceptability import Acceptability, acceptability, simplex
from tidu.index.result import Index


def under_all_weights(
    index: Index, node: str | None = None, period: str | int | None = None, *, draws: int = 10_000, seed: int = 0
) -> Acceptability:
    """The rank acceptabilities of the shown units under weights drawn evenly from all, at an arithmetic or geometric mean.

    A geometric mean ranks as the arithmetic mean of logarithms does; ``scores`` of the result are then logarithms. A child's
    weights hang on its code, not on its place in the file.

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
    choice = None if top.leaf else framework.choice("aggregate", top.code).method
    method = "none" if choice is None else choice.name
    where = f"pillar.{quoted(top.code)}.aggregate" if top.code != framework.code else "aggregate"
    if choice is None or not {"linear", "log_linear"} & choice.traits:
        raise MethodError("smaa_mean", address=where, node=top.code, method=method)
    children = [child for child in top.children if index.live[t, framework.nodes[child].place]]
    scores = index.scores[:, t][:, [framework.nodes[child].place for child in children]]
    whole = index.shown & ~np.isnan(scores).any(axis=1)
    if "log_linear" in choice.traits:
        whole &= (scores > 0).all(axis=1)
        scores = np.log(scores, out=np.full_like(scores, np.nan), where=scores > 0)
    if len(children) < 2 or whole.sum() < 2:
        raise MethodError("smaa_children", address=where, node=top.code, children=len(children), units=int(whole.sum()))
    units = [unit for unit, there in zip(index.units, whole, strict=True) if there]
    order = np.argsort(np.argsort(np.array(children), kind="stable"), kind="stable")
    drawn = simplex(len(children), draws, seed=seed)[:, order]
    return acceptability(scores[whole], drawn, units=units, children=children)
