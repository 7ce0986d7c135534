"""Everything about an index that a statistical auditor would remark on, as sentences in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np

from tidu.core.errors import MethodError, TiduError, UsageError, listing, nearest
from tidu.diagnosis.coherence import LIMITS, Period, address_of, indicator_statistics, links, principal_components, reliability
from tidu.diagnosis.importance import balance, importance
from tidu.diagnosis.imputation import imputation_audit
from tidu.diagnosis.removal import rank_reversal, remove_each
from tidu.index.result import Index

Severity = Literal["fault", "warning", "note"]


@cache
def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """The catalogue of findings: code → ``what`` and ``mend`` → language → sentence.

    >>> sorted(sentences()["redundant"]["mend"])
    ['en', 'zh']
    """
    return tomllib.loads(resources.files("tidu.data").joinpath("findings.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Finding:
    """Something an auditor would remark on: its code, how bad it is, where, the numbers, and the sentence in a language.

    ``numbers`` hold figures and codes; ``names`` say what the codes (and the ``place``) are called, by language. The
    sentences stand in ``data/findings.toml``.

    >>> one = Finding("redundant", "warning", "indicator.a", {"other": "b", "r": 0.97}, {"place": {"en": "A"}})
    >>> one.text("en").startswith("A: It says the same as b (r = 0.97).")
    True
    """

    code: str
    severity: Severity
    address: str
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, lang: Literal["zh", "en"] = "en") -> str:
        """The finding in one language: the place, what was found, what to do."""
        entry = sentences()[self.code]
        called = {key: label[lang] for key, label in self.names.items() if label.get(lang)}
        name = called.get("place", self.address)
        what, mend = (entry[part][lang].format_map({**self.numbers, **called}) for part in ("what", "mend"))
        return f"{name}: {what} {mend}" if lang == "en" else f"{name}：{what}{mend}"


_ORDER = {"fault": 0, "warning": 1, "note": 2}


def audit(
    index: Index, period: Period = None, *, limits: Mapping[str, float] | None = None, seed: int = 0, refill: bool = True
) -> tuple[Finding, ...]:
    """Everything about an index that an auditor would remark on, faults first, then warnings, then notes.

    ``limits`` puts other values in the place of :data:`LIMITS`. ``refill`` hides known cells by the seed and fills them
    again, which takes longest. Raises ``unknown_period``, ``unknown_limit``.
    """
    for name in limits or {}:
        if name not in LIMITS:
            raise UsageError("unknown_limit", name=name, known=listing(LIMITS, 40), did_you_mean=nearest(name, LIMITS))
    bounds = {**LIMITS, **(limits or {})}
    found = [*_figure_findings(index, period, bounds), *_link_findings(index, period, bounds)]
    found += [*_node_findings(index, period, bounds), *_weight_findings(index, period, bounds)]
    if period != "*":
        found += _shift_findings(index, period, bounds)
    if refill:
        found += _refill_findings(index, period, bounds, seed)
    return tuple(sorted(found, key=lambda item: _ORDER[item.severity]))


def _finding(index: Index, code: str, severity: Severity, node: str, **numbers: float | str) -> Finding:
    """A finding at a node; numbers that are codes of nodes or units get their names beside them."""
    framework, panel = index.framework, index.panel
    names = {"place": {lang: framework.label(node, lang) for lang in ("zh", "en")}}
    for key, value in numbers.items():
        if isinstance(value, str) and value in framework.nodes:
            names[key] = {lang: framework.label(value, lang) for lang in ("zh", "en")}
        elif isinstance(value, str) and value in panel.names:
            names[key] = {lang: panel.name(value, lang) for lang in ("zh", "en")}
    return Finding(code, severity, address_of(framework, node), numbers, names)


def _figure_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    treated = {item.code: item for item in indicator_statistics(index, period, "treated", bounds)}
    for item in indicator_statistics(index, period, "raw", bounds):
        v = item.values
        if "availability" in item.flags:
            yield _finding(index, "availability", "warning", item.code, seen=v["seen"], share=100 * v["availability"])
        if "nonzero" in item.flags:
            yield _finding(index, "zeros", "warning", item.code, share=100 * (1 - v["share_nonzero"]))
        if "unique" in item.flags:
            yield _finding(index, "few_values", "note", item.code, unique=v["unique"], share=100 * v["share_same"])
        after = treated[item.code]
        if "outliers" in after.flags:
            yield _finding(index, "outliers", "warning", item.code, skew=after.values["skew"], kurtosis=after.values["kurtosis"])


def _link_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for link in links(index, period, bounds):
        numbers: dict[str, float | str] = {"other": link.other, "r": link.r, "p": link.p}
        if link.flag == "redundant":
            yield _finding(index, "redundant", "warning", link.node, **numbers)
        elif link.flag == "negative" and link.kind == "parent":
            yield _finding(index, "against_parent", "fault", link.node, **numbers)
        elif link.flag == "negative":
            yield _finding(index, "against_sibling", "warning", link.node, **numbers)
        elif link.flag == "weak":
            yield _finding(index, "weak_in_parent", "note", link.node, **numbers)


def _node_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for node in index.framework.inner:
        try:
            parts, whole = principal_components(index, node.code, period), reliability(index, node.code, period)
            even = balance(index, node.code, period)
        except MethodError as error:
            if error.code == "coherence_few" and error.values["what"] == "children":
                continue
            yield _finding(index, "not_judged", "note", node.code, why=error.code)
            continue
        if parts.kept > 1:
            first = 100 * float(parts.shares[0])
            yield _finding(index, "several_components", "warning", node.code, count=parts.kept, share=first)
        if whole.alpha < 0:
            yield _finding(index, "alpha_negative", "fault", node.code, alpha=whole.alpha)
        elif whole.alpha < bounds["alpha"]:
            yield _finding(index, "alpha_low", "warning", node.code, alpha=whole.alpha, limit=bounds["alpha"])
        for child, alpha in whole.without.items():
            if alpha > whole.alpha + bounds["alpha_rise"] and len(whole.children) > 2:
                yield _finding(index, "alpha_rises", "note", child, other=node.code, before=whole.alpha, after=alpha)
        if parts.kmo < bounds["kmo"] and len(parts.children) > 2:  # of two children it is always one half
            yield _finding(index, "kmo_low", "note", node.code, kmo=parts.kmo, limit=bounds["kmo"])
        if parts.bartlett[2] > bounds["p"]:
            yield _finding(index, "not_connected", "warning", node.code, chi2=parts.bartlett[0], p=parts.bartlett[2])
        if even.spread > bounds["spread"]:
            numbers: dict[str, float | str] = {"spread": even.spread, "widest": even.widest, "narrowest": even.narrowest}
            yield _finding(index, "uneven_spread", "note", node.code, **numbers)


def _weight_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    for item in importance(index, None, period):
        numbers: dict[str, float | str] = {
            "other": item.parent,
            "weight": 100 * item.weight,
            "share": 100 * item.share_main,
            "r2": item.r2,
        }
        if item.ratio < 1 / bounds["importance"]:
            yield _finding(index, "counts_less", "warning", item.node, **numbers)
        elif item.ratio > bounds["importance"]:
            yield _finding(index, "counts_more", "warning", item.node, **numbers)


def _shift_findings(index: Index, period: Period, bounds: Mapping[str, float]) -> Iterator[Finding]:
    count = index.scored(period)
    for item in remove_each(index, None, period):
        if item.mean_shift > bounds["shift"] * count:
            numbers: dict[str, float | str] = {"shift": item.mean_shift, "most": item.largest_shift, "unit": item.unit}
            yield _finding(index, "leans_on_one", "note", item.node, **numbers)
    if count < 3:
        return
    try:
        turned = rank_reversal(index, period=period)
    except TiduError as error:
        yield _finding(index, "not_refitted", "note", index.framework.code, why=error.code)
        return
    if turned.reversed:
        numbers = {"pairs": turned.reversed, "moved": len(turned.moved), "unit": listing(turned.dropped)}
        yield _finding(index, "rank_reversal", "warning", index.framework.code, **numbers)


def _refill_findings(index: Index, period: Period, bounds: Mapping[str, float], seed: int) -> Iterator[Finding]:
    """One note for each indicator with filled cells whose method does worse on hidden cells than the best one."""
    times = slice(None) if period == "*" else index.period(period)
    filled = np.isnan(index.raw[:, times]) & ~np.isnan(index.imputed[:, times])
    touched = [code for k, code in enumerate(index.framework.leaves) if filled[..., k].any()]
    if not touched:
        return
    own = {code: index.framework.choice("impute", code) for code in touched}
    all_methods: dict[str, Mapping[str, Any]] = {name: {} for name in ("mean", "median", "row_mean", "regression", "nearest", "em")}
    if len(index.periods) > 1:
        all_methods |= {"carry_forward": {}, "linear_or_constant": {}}
    all_methods |= {choice.method.name: choice.options for choice in own.values()}
    table = {(item.indicator, item.method): item for item in imputation_audit(index, all_methods, seed=seed)}
    for code in touched:
        mine = table[code, own[code].method.name]
        rivals = [table[code, name] for name in all_methods if table[code, name].filled == mine.hidden]
        best = min(rivals, key=lambda item: item.rmse, default=mine)
        if mine.rmse > bounds["refill"] * best.rmse:
            numbers: dict[str, float | str] = {"method": mine.method, "error": mine.relative, "best": best.method}
            yield _finding(index, "fill_worse", "note", code, **numbers, least=best.relative)
