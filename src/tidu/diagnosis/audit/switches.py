"""What another method in one step does to the ranks, one switch at a time, all else as in the index file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.stats import Array, correlation, rank_high
from tidu.index.build import build
from tidu.index.result import Index

Period = str | int | None


@dataclass(frozen=True)
class Switch:
    """What a switch of method does to the ranks: mean and largest absolute shift, whose, rank correlation (Spearman).

    ``scored`` counts the units ranked before and after; the figures are missing where there are none. ``refused`` is the
    code of the error when the index cannot be built so.
    """

    step: str
    label: Mapping[str, str]
    changes: tuple[str, ...]
    mean_shift: float
    largest_shift: int
    unit: str
    spearman: float
    scored: int
    refused: str | None = None


@cache
def catalogue() -> tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...]:
    """The switches that an audit makes: step, label by language, changes.

    >>> [label["en"] for step, label, _ in catalogue() if step == "weighting"]
    ['equal weights among siblings', 'entropy weights']
    """
    text = resources.files("tidu.data").joinpath("switches.toml").read_text(encoding="utf-8")
    return tuple((item["step"], item["label"], tuple(item["changes"])) for item in tomllib.loads(text)["switch"])


def method_switches(index: Index, period: Period = None) -> tuple[Switch, ...]:
    """The rank shifts that every switch of the catalogue makes, each a full build on the same figures.

    A switch to the methods that every node and indicator already has is left out. Ranks are among the shown units that
    have a score before and after. Source: OECD/JRC Handbook 2008, step 7.

    >>> from tidu.app import make
    >>> [found.label["en"] for found in method_switches(make("city-ip-core"), 2023) if found.step == "aggregate"]
    ['geometric mean (1–100)', 'Copeland (by pairs)']
    """
    t, made = index.period(period), []
    before = np.where(index.shown, index.scores[:, t, -1], np.nan)
    for step, label, changes in catalogue():
        if _stands(index, step, changes):
            continue
        try:
            framework = index.framework.put(*changes)
            again = build(framework, index.panel)
        except TiduError as error:
            codes = [one.code for one in getattr(error, "errors", [error])]
            made.append(Switch(step, label, changes, float("nan"), 0, "", float("nan"), 0, codes[0]))
            continue
        after = again.scores[:, again.period(index.periods[t]), -1]
        made.append(Switch(step, label, changes, *shift(index.units, before, after)))
    return tuple(made)


def _stands(index: Index, step: str, changes: tuple[str, ...]) -> bool:
    """Whether a step has the method of a switch everywhere."""
    wanted = next(text.partition("=")[2] for text in changes if text.startswith(f"{step}.method="))
    framework = index.framework
    nodes = framework.leaves if step in ("treat", "normalise") else tuple(node.code for node in framework.inner)
    return all(framework.choice(step, code).method.name == wanted for code in nodes)


def shift(units: Sequence[str], before: Array, after: Array) -> tuple[float, int, str, float, int]:
    """Mean and largest absolute shift of ranks, whose, Spearman's correlation, and how many units have both scores.

    Of several with the largest shift the one with the least code is named.

    >>> shift("xyz", np.array([3.0, 2.0, 1.0]), np.array([2.0, 3.0, 1.0]))
    (0.6666666666666666, 1, 'x', 0.5, 3)
    """
    both = ~np.isnan(before) & ~np.isnan(after)
    if not both.any():
        return float("nan"), 0, "", float("nan"), 0
    ranks = np.column_stack([rank_high(before[both]), rank_high(after[both])])
    apart = np.abs(ranks[:, 0] - ranks[:, 1])
    worst = min(
        unit for unit, away in zip(np.array(list(units))[both].tolist(), apart.tolist(), strict=True) if away == apart.max()
    )
    rho = round(float(correlation(ranks)[0, 1]), 12) if both.sum() > 1 else float("nan")
    return float(apart.mean()), int(apart.max()), worst, rho, int(both.sum())
