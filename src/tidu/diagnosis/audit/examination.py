"""Everything an auditor measures of an index, as numbers: the tables from which :mod:`tidu.diagnosis.audit.remarks` remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tidu.core.errors import MethodError, TiduError, UsageError, listing, messages, nearest
from tidu.core.words import word
from tidu.diagnosis.audit.coherence import (
    LIMITS,
    Components,
    IndicatorStatistics,
    Link,
    Period,
    Reliability,
    address_of,
    complete_rows,
    indicator_statistics,
    links,
    principal_components,
    reliability,
)
from tidu.diagnosis.audit.denominators import SizeLink, size_columns, size_links
from tidu.diagnosis.audit.importance import Balance, Importance, balance, importance
from tidu.diagnosis.audit.imputation import Refill, imputation_audit
from tidu.diagnosis.audit.removal import Removal, Reversal, rank_reversal, remove_each
from tidu.diagnosis.audit.switches import Switch, method_switches
from tidu.index.context import Context
from tidu.index.result import Index
from tidu.index.weight_balance import balance as balanced_weights

#: What there are too few of, by the word that says it.
FEW = {"rows": "cause_few_rows", "children": "cause_few_children"}


@dataclass(frozen=True)
class Equalising:
    """Weights under which each child of a node is as important as it is said to be, and whether there are any.

    ``weights`` come nearest to it; ``reached`` is false where none of them does, because of the children ``against``.
    """

    node: str
    weights: Mapping[str, float]
    reached: bool
    against: tuple[str, ...]


@dataclass(frozen=True)
class Inside:
    """How the children of a node hang together; nothing but ``refused``, a code of an error, where that cannot be judged.

    ``why`` is what that error says, by language.
    """

    node: str
    components: Components | None
    reliability: Reliability | None
    balance: Balance | None
    equalising: Equalising | None
    refused: str | None = None
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Examination:
    """The numbers of an audit, in an auditor's order. ``period`` is a label, or ``*`` for all periods pooled.

    ``removals`` are of every indicator and every node of the first level; ``switches``, ``removals`` and ``reversal`` are
    empty when periods are pooled, ``refills`` when nothing was to be hidden. ``not_refitted`` is the code of an error,
    ``why_not_refitted`` what it says, by language. ``sizes`` are of :func:`tidu.diagnosis.audit.denominators.size_columns`.
    """

    index: Index
    period: str
    limits: Mapping[str, float]
    coverage: tuple[Mapping[str, Any], ...]
    raw: tuple[IndicatorStatistics, ...]
    treated: tuple[IndicatorStatistics, ...]
    sizes: tuple[SizeLink, ...]
    links: tuple[Link, ...]
    nodes: tuple[Inside, ...]
    importance: tuple[Importance, ...]
    removals: tuple[Removal, ...]
    switches: tuple[Switch, ...]
    reversal: Reversal | None
    not_refitted: str | None
    refills: tuple[Refill, ...]
    why_not_refitted: Mapping[str, str] = field(default_factory=dict)


def examine(
    index: Index, period: Period = None, *, limits: Mapping[str, float] | None = None, seed: int = 0, refill: bool = True
) -> Examination:
    """The numbers of an audit: coverage, statistics, denominators, correlations, dimensions, importance, robustness, fills.

    ``limits`` puts other values in the place of :data:`tidu.diagnosis.audit.coherence.LIMITS`. ``refill`` hides known cells by
    the seed and fills them again, which takes longest. Raises ``unknown_period``, ``unknown_limit``.

    >>> from tidu.app import make
    >>> found = examine(make("city-ip-core"), 2023, refill=False)
    >>> found.period, len(found.raw), found.nodes[-1].components.kept
    ('2023', 14, 1)
    """
    for name in limits or {}:
        if name not in LIMITS:
            raise UsageError("unknown_limit", name=name, known=listing(LIMITS, 40), did_you_mean=nearest(name, LIMITS))
    bounds = {**LIMITS, **(limits or {})}
    one = period != "*"
    turned, failed = _turned(index, period) if one else (None, None)
    sizes = size_columns(index)
    return Examination(
        index=index,
        period=index.periods[index.period(period)] if one else "*",
        limits=bounds,
        coverage=tuple(index.coverage()),
        raw=indicator_statistics(index, period, "raw", bounds),
        treated=indicator_statistics(index, period, "treated", bounds),
        sizes=tuple(size_links(index, sizes, bounds["size"])) if sizes else (),
        links=links(index, period, bounds),
        nodes=tuple(inside for node in index.framework.inner if (inside := _inside(index, node.code, period)) is not None),
        importance=importance(index, None, period),
        removals=remove_each(index, _removable(index), period) if one else (),
        switches=method_switches(index, period) if one else (),
        reversal=turned,
        not_refitted=None if failed is None else failed.code,
        why_not_refitted={} if failed is None else said(failed),
        refills=_refills(index, seed) if refill else (),
    )


def _removable(index: Index) -> tuple[str, ...]:
    """Indicators, then the nodes of the first level that are no indicators."""
    first = [node.code for node in index.framework.inner if node.depth == 1]
    return (*index.framework.leaves, *first)


def said(error: TiduError) -> dict[str, str]:
    """What an error says went wrong, by language: its own sentence without the place, the mend and the full stop.

    >>> said(UsageError("coherence_few", what="rows", found=2, wanted=3))["en"]
    'Coherence needs at least 3 units with complete scores; there are 2'
    """
    made = {}
    for lang, end in (("zh", "。"), ("en", ".")):
        values = {key: word(FEW[str(value)], lang) if key == "what" else value for key, value in error.values.items()}
        made[lang] = messages()[error.code]["what"][lang].format_map({"address": error.address, **values}).removesuffix(end)
    return made


def _turned(index: Index, period: Period) -> tuple[Reversal | None, TiduError | None]:
    """What fitting again without the last unit does, or the error; nothing with fewer than three units."""
    if index.scored(period) < 3:
        return None, None
    try:
        return rank_reversal(index, period=period), None
    except TiduError as error:
        return None, error


def _inside(index: Index, node: str, period: Period) -> Inside | None:
    """How a node's children hang together; nothing where it has fewer than two."""
    try:
        parts, whole, even = (
            principal_components(index, node, period),
            reliability(index, node, period),
            balance(index, node, period),
        )
    except MethodError as error:
        if error.code == "coherence_few" and error.values["what"] == "children":
            return None
        return Inside(node, None, None, None, None, error.code, said(error))
    return Inside(node, parts, whole, even, equalising(index, node, period))


def equalising(index: Index, node: str, period: Period = None) -> Equalising | None:
    """The weights that would make each child of a plain mean as important as its nominal weight; nothing for other joins.

    Importance is the correlation ratio by a cubic. Raises ``coherence_few``, ``unknown_node``. Source: Becker et al. 2017,
    Ecological Indicators 80:12.

    >>> from tidu.app import make
    >>> found = equalising(make("city-ip-core"), "potential", 2023)
    >>> found.reached, {code: round(weight, 2) for code, weight in found.weights.items()}
    (True, {'capital_input': 0.56, 'talent_input': 0.44})
    """
    if "linear" not in index.framework.choice("aggregate", node).method.traits:
        return None
    label = index.periods[-1] if period == "*" else index.periods[index.period(period)]
    join = next((join for join in index.joins if join.node == node and label in join.periods), None)
    _, children, x = complete_rows(index, node, period)
    if join is None or set(children) != set(join.children) or not (join.weights > 0).all():
        return None
    weights = dict(zip(join.children, join.weights.tolist(), strict=True))
    given = np.array([weights[child] for child in children])
    around = Context(codes=children, given=given, address=address_of(index.framework, node))
    try:
        found = balanced_weights(x, context=around, target="given", measure="correlation_ratio")
    except MethodError:
        return None
    against = tuple(dict.fromkeys((*found.facts["against"], *found.facts["at_zero"])))
    return Equalising(node, dict(zip(children, found.values.tolist(), strict=True)), bool(found.facts["reached"]), against)


def _refills(index: Index, seed: int) -> tuple[Refill, ...]:
    """The error of each imputation on hidden cells: those without options, and those of the index file."""
    methods: dict[str, Mapping[str, Any]] = {name: {} for name in ("mean", "median", "row_mean", "regression", "nearest", "em")}
    if len(index.periods) > 1:
        methods |= {"carry_forward": {}, "linear_or_constant": {}}
    own = [index.framework.choice("impute", code) for code in index.framework.leaves]
    methods |= {choice.method.name: choice.options for choice in own if choice.method.name != "none"}
    return imputation_audit(index, methods, seed=seed)
