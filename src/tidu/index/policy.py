"""What is refused before anything runs: one documented policy for zeros, constants, missing data, weights and series.

================================  =====================================================================================
case                              policy
================================  =====================================================================================
zero or negative under a          refused at load when a child is put onto a range that touches zero, and when figures
geometric or harmonic mean        below zero arise on the way; the mend is a range that starts above zero
column without spread             refused when bounds are fitted, naming the indicator (``constant_column``)
missing data                      a node with a missing child is not scored, unless ``aggregate.missing = "skip"``
column or year with no figure     refused, naming the indicator and the year (``empty_column``)
ties                              the minimum rank; two scores tie within 1e-9 of the largest
weights                           never negative; rescaled to sum to one within each parent; all zero is refused
unknown code, orphan, cycle       refused at load, with the nearest known name
pooled bounds over a broken       refused when the indicators under a node differ between years, unless
series                            ``index.broken_series = true``; the break is printed
a year, a unit, a column or an    refused, with what there is and the nearest name; so is a year in which no indicator
attribute that the data lack      is asked for (``empty_year``) and a scale for one unit alone (``one_unit``)
a derived column under a          refused (``column_taken``): it would hide the printed figures
printed one's name
================================  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import MethodError, SpecError, TiduError, listing, nearest, raise_all
from tidu.core.stats import Array
from tidu.index.choice import Choice
from tidu.index.framework import Framework


def check(framework: Framework) -> None:
    r"""Nothing when the framework's choices agree with each other; otherwise raises every fault found.

    >>> check(Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"'))
    """
    raise_all([*_positive_faults(framework), *_fill_faults(framework)])


def check_years(framework: Framework, known: tuple[str, ...], periods: tuple[str, ...]) -> None:
    """Nothing when every indicator's years are in the data and every period scored asks for one; else tells of all."""
    faults: list[TiduError] = []
    for code in framework.leaves:
        years = framework.table.indicator[code].years
        if years is not None and not set(years) & set(known):
            address = f"indicator.{quoted(code)}.years"
            faults.append(SpecError("unknown_period", address=address, period=listing(years) or "–", known=listing(known)))
    faults += [
        SpecError("empty_year", address="index.years", period=period)
        for period in periods
        if not faults and not any(_asked(framework, code, period) for code in framework.leaves)
    ]
    raise_all(faults)


def check_groups(framework: Framework, groups: Mapping[str, tuple[str, ...]]) -> None:
    """Nothing when every attribute that a fill goes by is one of the data's; otherwise raises ``unknown_group``."""
    faults: dict[str, TiduError] = {}
    choices = [framework.choice("impute", code) for code in framework.leaves]
    choices += [choice for name in framework.table.column if (choice := framework.column_choice(name)) is not None]
    for choice in choices:
        by = choice.options.get("by")
        if isinstance(by, str) and by not in groups:
            address = f"{choice.whence['by']}.by"
            known = listing(groups) or "–"
            faults[address] = SpecError("unknown_group", address=address, name=by, known=known, did_you_mean=nearest(by, groups))
    raise_all(list(faults.values()))


def check_series(framework: Framework, periods: tuple[str, ...]) -> None:
    """Nothing when every period asks for the same indicators; else refuses bounds pooled over them, unless allowed."""
    odd = series_break(framework, periods)
    if not odd or framework.table.index.broken_series:
        return
    pooled = [code for code in framework.leaves if framework.choice("normalise", code).keys["over"] == "panel"]
    if pooled:
        raise SpecError("broken_series", address="index.broken_series", codes=listing(odd), periods=listing(periods))


def series_break(framework: Framework, periods: tuple[str, ...]) -> tuple[str, ...]:
    r"""The indicators that some of the periods ask for and others do not; none where the series is whole.

    >>> text = '[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n[indicator.b]\nbetter="higher"\nyears=[2023]'
    >>> series_break(Framework.parse(text), ("2022", "2023"))
    ('b',)
    """
    asked = [frozenset(code for code in framework.leaves if _asked(framework, code, period)) for period in periods]
    if not asked:
        return ()
    return tuple(sorted(frozenset.union(*asked) - frozenset.intersection(*asked)))


def _asked(framework: Framework, code: str, period: str) -> bool:
    years = framework.table.indicator[code].years
    return years is None or period in years


def check_values(framework: Framework, x: Array, live: NDArray[np.bool_], periods: tuple[str, ...]) -> None:
    """Nothing when every indicator has a figure in every period that asks for it; otherwise raises ``empty_column``.

    ``x`` is (units, periods, indicators), ``live`` (periods, indicators) says what is asked for.
    """
    faults: list[TiduError] = []
    empty: NDArray[np.bool_] = np.asarray(np.isnan(x).all(axis=0))
    for k, code in enumerate(framework.leaves):
        gone = [period for t, period in enumerate(periods) if empty[t, k] and live[t, k]]
        if gone:
            faults.append(MethodError("empty_column", address=f"indicator.{quoted(code)}", code_=code, periods=listing(gone)))
    raise_all(faults)


def _fill_faults(framework: Framework) -> Iterator[TiduError]:
    """One fault for each fill on columns that would borrow from other units: a column is filled from a unit's own series."""
    told: set[str] = set()
    for name in ("", *framework.table.column):
        choice = framework.column_choice(name)
        if choice is not None and choice.method.name != "none" and "time" not in choice.method.traits:
            address = f"{choice.whence.get('method', 'default')}.method"
            if address not in told:
                told.add(address)
                yield SpecError("column_fill", address=address, method=choice.method.name)


def _lowest(choice: Choice) -> float | None:
    """The lowest value that a normalisation surely gives or may give; nothing when only the figures can tell."""
    name, options = choice.method.name, choice.options
    if name in ("z_score", "growth", "above_below_mean"):
        return -np.inf
    if name == "borda":
        return 0.0
    if name == "bands":
        return min(options["scores"]) if options["scores"] else 0.0
    if name == "rubric":
        return float(min(score for _, score in options["scores"]))
    onto = options.get("onto")
    return float(min(onto)) if isinstance(onto, tuple) else None


def _positive_faults(framework: Framework) -> Iterator[TiduError]:
    """One fault for each place in the file where a range touches zero under a mean that needs values above it."""
    told: set[str] = set()
    for node in framework.inner:
        choice = framework.choice("aggregate", node.code)
        if "positive" not in choice.method.traits and choice.options.get("p", 1.0) > 0:  # a power mean needs it for p ≤ 0
            continue
        for child in node.children:
            if not framework.nodes[child].leaf:
                continue
            below = framework.choice("normalise", child)
            low = _lowest(below)
            if low is not None and low <= 0:
                written = below.whence.get("onto", "default")
                at = written if written != "default" else below.whence.get("method", "default")
                address = ("normalise" if at == "default" else at) + (".onto" if "onto" in below.options else ".method")
                if address in told:
                    continue
                told.add(address)
                yield SpecError(
                    "needs_positive",
                    address=address,
                    method=choice.method.name,
                    node=node.code,
                    indicator=child,
                    normalisation=below.method.name,
                )
