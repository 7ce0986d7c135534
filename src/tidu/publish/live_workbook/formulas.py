"""The steps of an index as spreadsheet formulas: columns, indicators, treatment, normalisation, joins.

Only functions that spreadsheets of 2007 and later know, WPS 2019 and LibreOffice among them. A cell without a figure holds an
empty text, so every formula asks for numbers first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tidu.core.errors import MethodError
from tidu.diagnosis.movement.yardstick import fitted_on
from tidu.index.framework import Framework
from tidu.index.intervals import same_figures
from tidu.index.result import Index
from tidu.index.spec import ColumnTable
from tidu.index.steps import Fit

#: Aggregations, treatments and normalisations that have a formula here.
JOINS = ("arithmetic", "geometric", "harmonic")
TREATMENTS = ("none", "winsorise", "log", "log_scaled", "square_root", "signed_log")
RANKED = ("rank", "percentile_rank", "borda")
NORMALISATIONS = ("none", "min_max", "z_score", "distance_to_max", "fraction_of_max", *RANKED)


@dataclass(frozen=True)
class Parameter:
    """A number that a column of cells is scaled with: its value, and the formula that gives it where there is one."""

    value: float
    formula: str | None


def check(index: Index, period: str) -> None:
    """Nothing when every step of a period has a formula. Raises ``live_method`` with the node that has none."""
    framework, t = index.framework, index.period(period)
    for k, code in enumerate(framework.leaves):
        if not index.live[t, k]:
            continue
        treat, norm = treatment_of(index, k, period), fit_of(index, "normalise", k, period)
        _able("treat", "none" if treat is None else treat.method.name, code, framework, TREATMENTS)
        _able("normalise", "none" if norm is None else norm.method.name, code, framework, NORMALISATIONS)
        if norm is not None and norm.method.name in RANKED and norm.period is None and not _alone(index):
            raise MethodError(
                "live_pooled", address=framework.choice("normalise", code).address, method=norm.method.name, node=code
            )
    for join in index.joins:
        if period in join.periods:
            _able("aggregate", framework.choice("aggregate", join.node).method.name, join.node, framework, JOINS)


def _able(step: str, method: str, node: str, framework: Framework, known: Sequence[str]) -> None:
    if method not in known:
        address = framework.choice(step, node).address
        raise MethodError("live_method", address=address, step=step, method=method, node=node, known=", ".join(known))


def fit_of(index: Index, step: str, k: int, period: str) -> Fit | None:
    """What a step learnt for an indicator in a period; nothing where the step leaves it alone."""
    found = [fit for fit in getattr(index.frozen, step) if k in fit.columns and fit.period in (None, period)]
    return found[-1] if found else None


def treatment_of(index: Index, k: int, period: str) -> Fit | None:
    """What treats an indicator in a period; nothing where bounds were learnt that draw no figure in."""
    fit = fit_of(index, "treat", k, period)
    if fit is None or "clips" not in fit.method.traits:
        return fit
    before, after = index.imputed[:, index.period(period), k], index.treated[:, index.period(period), k]
    return fit if bool((before[~np.isnan(before)] != after[~np.isnan(before)]).any()) else None


def _alone(index: Index) -> bool:
    """Whether the parameters were learnt from the figures of one period."""
    return len(index.frozen.periods) == 1


def numbers(cells: Sequence[str]) -> str:
    """The condition that all cells hold numbers.

    >>> numbers(["A1"]), numbers(["A1", "B1"])
    ('ISNUMBER(A1)', 'COUNT(A1,B1)=2')
    """
    return f"ISNUMBER({cells[0]})" if len(cells) == 1 else f"COUNT({','.join(cells)})={len(cells)}"


def scaled(scale: float) -> str:
    """A factor behind a formula; nothing where it is one.

    >>> scaled(1.0), scaled(1e-4)
    ('', '*0.0001')
    """
    return "" if scale == 1.0 else f"*{figure(scale)}"


def figure(value: float) -> str:
    """A number as a formula holds it.

    >>> figure(0.1), figure(1e-12), figure(100.0)
    ('0.1', '1E-12', '100')
    """
    return format(value, ".0f") if value == int(value) and abs(value) < 1e15 else repr(float(value)).upper()


def derived(item: ColumnTable, cells: Mapping[str, str]) -> str | None:
    """The formula of a derived column in one row, from the cells of the columns it is made of; none for a growth."""
    times = scaled(item.scale)
    if item.coalesce is not None:
        parts = [cells[name] for name in item.coalesce]
        return "=" + "".join(f"IF(ISNUMBER({cell}),{cell}{times}," for cell in parts) + '""' + ")" * len(parts)
    for names, sign in ((item.sum, "+"), (item.difference, "-")):
        if names is not None:
            parts = [cells[name] for name in names]
            return f'=IF({numbers(parts)},({sign.join(parts)}){times},"")'
    for names, hundred in ((item.ratio, ""), (item.share, "100*")):
        if names is not None:
            top, below = (cells[name] for name in names)
            return f'=IF({numbers([top, below])},IF({below}<>0,{hundred}{top}/{below}{times},""),"")'
    return None


def indicator(of: str, per: str | None, scale: float, least: float | None) -> str:
    """The formula of an indicator in one row: ``of`` ÷ ``per`` × ``scale``; no figure at a denominator of zero or too small.

    >>> indicator("B7", "C7", 100.0, None)
    '=IF(COUNT(B7,C7)=2,IF(C7>0,B7/C7*100,""),"")'
    """
    if per is None:
        return f'=IF(ISNUMBER({of}),{of}{scaled(scale)},"")'
    enough = f"{per}>0" if least is None or least <= 0 else f"{per}>={figure(least)}"
    return f'=IF({numbers([of, per])},IF({enough},{of}/{per}{scaled(scale)},""),"")'


def treated(fit: Fit | None, k: int, cell: str, low: str, high: str) -> str:
    """The formula of a treated figure; ``low`` and ``high`` are the cells of its parameters (:func:`treatment`)."""
    name = "none" if fit is None else fit.method.name
    made = {
        "none": cell,
        "winsorise": f"MAX({low},MIN({high},{cell}))",
        "log": f"LN(MAX({cell}-{low},0)+{high})",
        "log_scaled": f"LN(({high}-1)*MAX(({cell}-{low})/({high}-{low}),0)+1)",
        "square_root": f"SQRT({cell})",
        "signed_log": f"SIGN({cell})*LN(1+ABS({cell}))",
    }[name]
    return f'=IF(ISNUMBER({cell}),{made},"")'


def treatment(fit: Fit | None, k: int) -> tuple[Parameter | None, Parameter | None]:
    """The two parameters of a treatment, as they were learnt: bounds, or where a logarithm begins and what is added."""
    if fit is None:
        return None, None
    at = int(np.flatnonzero(fit.columns == k)[0])
    found: list[Parameter | None] = []
    for key in ("low", "add" if "add" in fit.fitted else "high"):
        value = fit.fitted.get(key)
        found.append(None if value is None else Parameter(float(np.broadcast_to(value, len(fit.columns))[at]), None))
    return found[0], found[1]


def bounds(index: Index, k: int, period: str, cells: str) -> tuple[Parameter | None, Parameter | None]:
    """The two parameters of a normalisation in the figure's own unit: lowest and highest figure, or mean and deviation.

    ``cells`` are those of the units fitted on. The parameters are formulas over them where they were learnt from this index's
    own figures; other years that were pooled stand in the formula as they are.
    """
    fit = fit_of(index, "normalise", k, period)
    if fit is None or fit.method.name == "none" or fit.method.name in RANKED:
        return None, None
    at, sign = int(np.flatnonzero(fit.columns == k)[0]), _sign(index, k)
    own = same_figures(index.frozen.panel, index.panel) and set(index.frozen.periods) <= set(index.periods)
    if fit.method.name == "z_score":
        spread = "STDEV" if fit.options.get("deviation", "sample") == "sample" else "STDEVP"
        live = own and (fit.period is not None or _alone(index))
        centre, sd = float(fit.fitted["centre"][at]) * sign, float(fit.fitted["spread"][at])
        return (
            Parameter(centre, f"=AVERAGE({cells})" if live else None),
            Parameter(sd, f"={spread}({cells})" if live else None),
        )
    if fit.method.name == "fraction_of_max":
        low, high = np.nan, float(fit.fitted["best"][at])
        if sign < 0:
            low, high = high, np.nan
    else:
        ends = sorted((float(fit.fitted["low"][at]) * sign, float(fit.fitted["high"][at]) * sign))
        low, high = ends[0], ends[1]
    rest = None if fit.period is not None else _others(index, k, period)
    made: list[Parameter | None] = []
    for value, name, end in ((low, "MIN", 0), (high, "MAX", 1)):
        more = "" if rest is None or np.isnan(rest[end]) else f",{figure(rest[end])}"
        made.append(None if np.isnan(value) else Parameter(value, f"={name}({cells}{more})" if own else None))
    return made[0], made[1]


def _others(index: Index, k: int, period: str) -> tuple[float, float]:
    """The lowest and the highest treated figure of the units fitted on in the other periods."""
    inside = np.isin(index.units, sorted(fitted_on(index)))
    rest = np.array([label != period for label in index.periods])
    seen = index.treated[inside][:, rest, k]
    seen = seen[~np.isnan(seen)]
    return (float(seen.min()), float(seen.max())) if seen.size else (float("nan"), float("nan"))


def _sign(index: Index, k: int) -> float:
    return 1.0 if index.framework.table.indicator[index.framework.leaves[k]].better == "higher" else -1.0


def normalised(index: Index, k: int, period: str, cell: str, low: str, high: str, cells: str) -> str:
    """The formula of a normalised figure; ``low`` and ``high`` are the cells of its :func:`bounds`, ``cells`` the fitted ones."""
    fit, up = fit_of(index, "normalise", k, period), _sign(index, k) > 0
    if fit is None:
        return '=""'
    options: Mapping[str, Any] = fit.options
    name = fit.method.name
    onto = options.get("onto")
    if name in ("min_max", "distance_to_max"):
        share = f"({cell}-{low})/({high}-{low})" if up else f"({high}-{cell})/({high}-{low})"
        share = f"MAX(0,MIN(1,{share}))" if options.get("truncate") else share
        made = _onto(share, onto)
    elif name == "z_score":
        away = f"({cell}-{low})/{high}" if up else f"({low}-{cell})/{high}"
        made = f"{figure(options.get('mean', 0.0))}+{figure(options.get('sd', 1.0))}*{away}"
    elif name == "fraction_of_max":
        made = f"{figure(float(onto or 100.0))}*" + (f"{cell}/{high}" if up else f"{low}/{cell}")
    elif name in RANKED:
        worse = f"SUMPRODUCT(ISNUMBER({cells})*({cells}{'<' if up else '>'}{cell}))"
        plain = {"rank": f"{worse}+1", "borda": worse}
        made = plain.get(name) or _onto(f"MIN({worse}/MAX(COUNT({cells})-1,1),1)", onto)
    else:
        made = cell if up else f"-{cell}"
    return f'=IF(ISNUMBER({cell}),{made},"")'


def _onto(share: str, onto: Any) -> str:
    low, high = (float(end) for end in onto)
    wide = f"{figure(high - low)}*{share}" if high - low != 1.0 else share
    return wide if low == 0.0 else f"{figure(low)}+{wide}"


def joined(framework: Framework, node: str, weights: Sequence[str], children: Sequence[str], ranges: tuple[str, str]) -> str:
    """The formula of a node in one row; ``ranges`` are the cells of the weights and of the children as one stretch each."""
    choice = framework.choice("aggregate", node)
    needs = len(children)
    if choice.keys["missing"] != "require":
        needs = max(1, int(np.ceil(choice.keys["coverage"] * len(children) - 1e-9)))
    wide, own = ranges
    if choice.method.name == "arithmetic":
        top = f"SUMPRODUCT({wide},{own})"
        below = f"SUM({wide})" if needs == len(children) else f"SUMPRODUCT({wide},ISNUMBER({own})*1)"
        return f'=IF(COUNT({own})>={needs},IF({below}>0,{top}/{below},""),"")'
    part, whole = ("{w}*LN({c})", "EXP({sum}/{seen})") if choice.method.name == "geometric" else ("{w}/{c}", "{seen}/({sum})")
    seen = "+".join(f"IF(ISNUMBER({c}),{w},0)" for w, c in zip(weights, children, strict=True))
    total = "+".join(f"IF(ISNUMBER({c}),IF({w}>0,{part.format(w=w, c=c)},0),0)" for w, c in zip(weights, children, strict=True))
    whole = whole.format(sum=f"({total})", seen=f"({seen})")
    return f'=IF(COUNT({own})>={needs},IF({seen}>0,{whole},""),"")'
