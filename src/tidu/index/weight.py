"""Weights that people give: equal shares, weights written in the file, named sets, points from a panel of experts.

A weighting is a function ``f(x, *, context, ...) -> Weights``. ``x`` has a row for every unit and period and a
column for every child of the node, normalised and turned so that higher is better; it may have holes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing, nearest
from tidu.core.registry import Registry
from tidu.core.stats import Array, rank_high
from tidu.index.context import Context

WEIGHTINGS = Registry("weighting")


@dataclass(frozen=True)
class Weights:
    """Weights of a node's children, which are never negative and sum to 1, and the facts to be told with them.

    >>> Weights(np.array([0.25, 0.75]), {"reached": True}).facts["reached"]
    True
    """

    values: Array
    facts: Mapping[str, object] = field(default_factory=dict)


def settle(values: Array, *, context: Context, method: str, facts: Mapping[str, object] | None = None) -> Weights:
    """The weights as shares of their sum, with their facts.

    ``values`` has one entry per child. Raises ``weight_not_a_number``, ``weight_below_zero`` or ``weight_all_zero``.

    >>> settle(np.array([1.0, 3.0]), context=Context(codes=("a", "b")), method="given").values.tolist()
    [0.25, 0.75]
    """
    raw = np.asarray(values, dtype=float)
    for position, value in enumerate(raw):
        if not np.isfinite(value):
            raise SpecError("weight_not_a_number", address=context.address, method=method, child=context.codes[position])
        if value < 0:
            raise SpecError(
                "weight_below_zero",
                address=context.address,
                method=method,
                child=context.codes[position],
                value=float(value),
            )
    largest = float(raw.max(initial=0.0))
    if largest == 0.0:
        raise SpecError("weight_all_zero", address=context.address, method=method, children=listing(context.codes))
    if not 1e-280 < largest < 1e280:
        raw = raw / largest
    return Weights(raw / raw.sum(), dict(facts or {}))


def complete_rows(x: Array, *, context: Context, method: str, needed: int = 2) -> Array:
    """The rows of ``x`` (N, C) in which every child is seen; raises ``weight_few_rows`` below ``needed``.

    >>> complete_rows(np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, 5.0]]), context=Context(), method="entropy").tolist()
    [[1.0, 2.0], [4.0, 5.0]]
    """
    rows = x[~np.isnan(x).any(axis=1)] if np.isnan(x.sum()) else x
    if rows.shape[0] < needed:
        raise MethodError(
            "weight_few_rows",
            address=context.address,
            method=method,
            needed=needed,
            found=rows.shape[0],
            children=listing(context.codes),
        )
    return rows


def constant_columns(low: Array, high: Array) -> NDArray[np.bool_]:
    """Whether columns with these lowest and highest figures hold one value only, to 1e-13 of its size.

    >>> constant_columns(np.array([0.1, 1.0]), np.array([0.1, 3.0])).tolist()
    [True, False]
    """
    flat: NDArray[np.bool_] = high - low <= 1e-13 * np.maximum(np.abs(low), np.abs(high))
    return flat


def spread_of(x: Array) -> Array:
    """Population standard deviation of each column of complete rows; exactly 0 where a column is constant.

    >>> spread_of(np.array([[0.1, 1.0], [0.1, 3.0], [0.1, 5.0]])).round(6).tolist()
    [0.0, 1.632993]
    """
    return np.where(constant_columns(x.min(axis=0), x.max(axis=0)), 0.0, x.std(axis=0))


@WEIGHTINGS.method("equal", source="OECD/JRC Handbook 2008, step 6")
def equal(x: Array, *, context: Context) -> Weights:
    """The same weight for every child of the node.

    ``x`` is (N, C); its figures are not looked at.

    >>> equal(np.zeros((3, 4)), context=Context(codes=tuple("abcd"))).values.tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return settle(np.ones(x.shape[1]), context=context, method="equal")


@WEIGHTINGS.method("given", source="weights written in the index file")
def given(x: Array, *, context: Context, set: str | None = None) -> Weights:
    """The weights written in the index file, or those of a named set of it.

    ``x`` is (N, C); its figures are not looked at. ``set`` names an entry of ``context.weight_sets``. Raises
    ``weight_set_unknown``, ``weight_set_incomplete`` and what :func:`settle` raises.

    >>> around = Context(codes=("a", "b"), given=np.array([1.0, 1.0]), weight_sets={"experts": {"a": 3.0, "b": 1.0}})
    >>> given(np.zeros((2, 2)), context=around, set="experts").values.tolist()
    [0.75, 0.25]
    """
    if set is None:
        return settle(np.broadcast_to(context.given, x.shape[1]), context=context, method="given")
    if set not in context.weight_sets:
        raise SpecError(
            "weight_set_unknown",
            address=context.address,
            set=set,
            known=listing(context.weight_sets),
            did_you_mean=nearest(set, context.weight_sets),
        )
    chosen = context.weight_sets[set]
    lacking = [code for code in context.codes if code not in chosen]
    if lacking:
        raise SpecError("weight_set_incomplete", address=context.address, set=set, lacking=listing(lacking))
    values = np.array([chosen[code] for code in context.codes], dtype=float)
    return settle(values, context=context, method="given", facts={"set": set})


def concordance(scores: Array) -> float:
    """Kendall's W of (experts, items), with the correction for ties; missing when nothing is ordered.

    >>> round(concordance(np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]])), 12)
    1.0
    """
    experts, items = scores.shape
    low = rank_high(scores.T)
    middle = (low + (items + 1 - rank_high(-scores.T))) / 2
    total = middle.sum(axis=1)
    ties = 0.0
    for column in middle.T:
        _, size = np.unique(column, return_counts=True)
        ties += float(np.sum(size**3 - size))
    free = experts**2 * (items**3 - items) - experts * ties
    return float(12 * np.sum((total - total.mean()) ** 2) / free) if free > 0 else float("nan")


def _sheet(ballots: Mapping[str, Mapping[str, float]], number: int, points: float, context: Context) -> tuple[list[str], Array]:
    """The points of a round as (experts, children), checked expert by expert."""
    for expert, sheet in ballots.items():
        lacking = [code for code in context.codes if code not in sheet]
        foreign = [code for code in sheet if code not in context.codes]
        if lacking or foreign:
            raise SpecError(
                "budget_children",
                address=context.address,
                expert=expert,
                round=number,
                lacking=listing(lacking) or "–",
                foreign=listing(foreign) or "–",
            )
        bad = [code for code, value in sheet.items() if not (np.isfinite(value) and value >= 0)]
        if bad:
            raise SpecError("budget_negative", address=context.address, expert=expert, round=number, children=listing(bad))
        total = float(sum(sheet.values()))
        if abs(total - points) > 1e-6 * points:
            raise SpecError("budget_total", address=context.address, expert=expert, round=number, total=total, points=points)
    return list(ballots), np.array([[sheet[code] for code in context.codes] for sheet in ballots.values()], dtype=float)


@WEIGHTINGS.method(
    "budget_allocation",
    source="OECD/JRC Handbook 2008, step 6, budget allocation; Dalkey and Helmer 1963, Management Science 9:458, for rounds",
)
def budget_allocation(
    x: Array,
    *,
    context: Context,
    rounds: Annotated[list[dict[str, dict[str, float]]], Field(min_length=1)],
    points: Annotated[float, Field(gt=0)] = 100.0,
) -> Weights:
    """Mean share of the points that experts handed out in the last round.

    ``x`` is (N, C) and is not looked at. ``rounds`` is a list of expert → child → points; each expert hands out
    ``points`` in every round (a Delphi exercise has two rounds or more, a plain allocation one). Facts: for each round
    the coefficient of variation by child and Kendall's W, and whether the spread shrank from the first round to the
    last. Raises ``budget_empty``, ``budget_children``, ``budget_negative`` or ``budget_total``.

    >>> ballots = {"one": {"a": 60.0, "b": 40.0}, "two": {"a": 80.0, "b": 20.0}}
    >>> around = Context(codes=("a", "b"))
    >>> budget_allocation(np.zeros((2, 2)), context=around, rounds=[ballots]).values.round(12).tolist()
    [0.7, 0.3]
    """
    variation: list[dict[str, float]] = []
    agreement: list[float] = []
    spread: list[float] = []
    experts: Sequence[str] = ()
    sheets = np.zeros((0, len(context.codes)))
    for number, ballots in enumerate(rounds, start=1):
        if not ballots:
            raise SpecError("budget_empty", address=context.address, round=number)
        experts, sheets = _sheet(ballots, number, points, context)
        mean = sheets.mean(axis=0)
        sd = sheets.std(axis=0, ddof=1) if len(experts) > 1 else np.full(mean.size, np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            cv = np.where(mean > 0, sd / mean, np.nan)
        variation.append({code: float(value) for code, value in zip(context.codes, cv, strict=True)})
        agreement.append(concordance(sheets) if len(experts) > 1 and mean.size > 1 else float("nan"))
        spread.append(float(np.nanmean(cv)) if np.isfinite(cv).any() else float("nan"))
    facts: dict[str, object] = {
        "experts": len(experts),
        "rounds": len(rounds),
        "coefficient_of_variation": tuple(variation),
        "kendall_w": tuple(agreement),
        "mean_variation": tuple(spread),
    }
    if len(rounds) > 1:
        facts["spread_shrank"] = bool(spread[-1] < spread[0])
    return settle(sheets.mean(axis=0), context=context, method="budget_allocation", facts=facts)


def effective(parents: Mapping[str, str | None], weights: Mapping[str, float]) -> dict[str, float]:
    """The weight of every element on the index: the product of shares within the parent, up the tree.

    ``parents`` maps a code to its parent, a root to nothing; ``weights`` are the raw weights, 1 where none stands. A
    root's own weight is 1. Raises ``weight_parent_unknown``, ``weight_cycle`` and what :func:`settle` raises.

    >>> effective({"index": None, "p": "index", "q": "index", "a": "p"}, {"p": 1.0, "q": 3.0})
    {'index': 1.0, 'p': 0.25, 'q': 0.75, 'a': 0.25}
    """
    families: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent is not None:
            if parent not in parents:
                raise SpecError("weight_parent_unknown", child=code, parent=parent, did_you_mean=nearest(parent, parents))
            families.setdefault(parent, []).append(code)
    shares: dict[str, float] = {}
    for parent, children in families.items():
        raw = np.array([weights.get(code, 1.0) for code in children], dtype=float)
        settled = settle(raw, context=Context(codes=tuple(children), address=parent), method="effective")
        shares.update(zip(children, settled.values.tolist(), strict=True))
    found = {code: 1.0 for code, parent in parents.items() if parent is None}
    queue = list(found)
    while queue:
        parent = queue.pop()
        for code in families.get(parent, ()):
            found[code] = found[parent] * shares[code]
            queue.append(code)
    loose = [code for code in parents if code not in found]
    if loose:
        raise SpecError("weight_cycle", children=listing(loose))
    return {code: found[code] for code in parents}
