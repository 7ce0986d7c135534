"""How well each imputation fills figures that are known: some are hidden by the seed and filled again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any
from zlib import crc32

import numpy as np

from tidu.core.errors import TiduError
from tidu.core.stats import Array, mean_sd
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.impute import IMPUTATIONS
from tidu.index.result import Index

Period = str | int | None


@dataclass(frozen=True)
class Refill:
    """How well a method fills known figures of an indicator that were hidden; errors are in the figures' own unit.

    ``relative`` is the root mean square error ÷ the indicator's standard deviation: the column's own mean has about 1.
    ``refused`` is the code of the error when the method could not be used.
    """

    method: str
    indicator: str
    hidden: int
    filled: int
    rmse: float
    relative: float
    refused: str | None = None


def imputation_audit(
    index: Index,
    methods: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    share: float = 0.1,
    seed: int = 0,
    period: Period = "*",
) -> tuple[Refill, ...]:
    """The error of each imputation on known cells that were hidden by chance, method by indicator.

    ``methods`` is name → options; when left out, those that can be used without options: mean, median, row_mean,
    regression, nearest, em, and with several periods carry_forward and linear_or_constant. Each indicator loses the
    ``share`` of its figures (at least one; two stay). Methods that look at siblings do so within the node. Raises
    ``unknown_method``. Source: OECD/JRC Handbook 2008, step 3 (hold-out validation).
    """
    times = slice(None) if period == "*" else slice(index.period(period), index.period(period) + 1)
    known: Array = index.raw[:, times]
    if methods is None:
        names = ["mean", "median", "row_mean", "regression", "nearest", "em"]
        names += ["carry_forward", "linear_or_constant"] if known.shape[1] > 1 else []
        methods = {name: {} for name in names}
    hidden = _hidden(known, share, seed, index.units, index.framework.leaves)
    bare = np.where(hidden, np.nan, known)
    framework = index.framework
    base = Context(
        units=index.units,
        periods=index.periods[times],
        codes=framework.leaves,
        direction=np.array([1.0 if framework.table.indicator[code].better == "higher" else -1.0 for code in framework.leaves]),
        groups=index.panel.groups,
        seed=seed,
    )
    found = []
    spread = mean_sd(known, axis=(0, 1))[1]
    for name, options in methods.items():
        guess, refused = _refilled(name, options, bare, base, framework)
        for k, code in enumerate(framework.leaves):
            mask = hidden[:, :, k]
            error = guess[:, :, k][mask] - known[:, :, k][mask]
            error = error[~np.isnan(error)]
            rmse = float(np.sqrt(np.mean(error**2))) if error.size else float("nan")
            relative = rmse / float(spread[k]) if spread[k] > 0 else float("nan")
            found.append(Refill(name, code, int(mask.sum()), int(error.size), rmse, relative, refused.get(k)))
    return tuple(found)


def _hidden(known: Array, share: float, seed: int, units: Sequence[str], codes: Sequence[str]) -> Any:
    """Which known cells are hidden: the stated share of each column, chosen by the seed and by codes, whatever their order."""
    hidden = np.zeros(known.shape, dtype=bool)
    order = np.argsort(np.array(units), kind="stable")
    for k, code in enumerate(codes):
        rng = np.random.default_rng([seed, crc32(code.encode("utf-8"))])
        cells = np.argwhere(~np.isnan(known[order, :, k]))
        count = min(max(1, round(share * len(cells))), max(len(cells) - 2, 0))
        chosen = cells[rng.permutation(len(cells))[:count]]
        hidden[order[chosen[:, 0]], chosen[:, 1], k] = True
    return hidden


def _refilled(
    name: str, options: Mapping[str, Any], bare: Array, base: Context, framework: Framework
) -> tuple[Array, dict[int, str]]:
    """The figures as a method fills them, and column → code of the error where it refused."""
    method = IMPUTATIONS[name]
    defaults = {key: default for key, (_, default) in method.parameters.items() if key not in options}
    chosen = {**{key: value for key, value in defaults.items() if value is not Parameter.empty}, **options}
    out = bare.copy()
    refused: dict[int, str] = {}
    together: dict[str | None, list[int]] = {}
    for k, code in enumerate(framework.leaves):
        together.setdefault(framework.nodes[code].parent if "pillar" in method.traits else None, []).append(k)
    for columns in together.values():
        block = bare[:, :, columns]
        here = Context(
            units=base.units,
            periods=base.periods,
            codes=tuple(base.codes[k] for k in columns),
            direction=base.direction[columns],
            groups=base.groups,
            seed=base.seed,
        )
        try:
            out[:, :, columns] = method.apply(block, method.fit(block, chosen, here), chosen, here)
        except TiduError as error:
            refused |= dict.fromkeys(columns, error.code)
    return out, refused
