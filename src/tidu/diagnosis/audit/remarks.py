"""Everything about an index that a statistical auditor would remark on, as sentences in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np

from tidu.core.errors import Language, listing
from tidu.core.words import word
from tidu.diagnosis.audit.coherence import Period, address_of
from tidu.diagnosis.audit.examination import Examination, examine
from tidu.diagnosis.audit.imputation import Refill
from tidu.diagnosis.audit.spread import SAME
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators import shipped
from tidu.indicators.panel import Panel

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

    def parts(self, lang: Literal["zh", "en"] = "en") -> tuple[str, str, str]:
        """The finding in one language: the place, what was found, what to do."""
        entry = sentences()[self.code]
        called = {key: label[lang] for key, label in self.names.items() if label.get(lang)}
        what, mend = (
            entry[part][lang].format_map({"cities": word("called_unit", lang), **self.numbers, **called})
            for part in ("what", "mend")
        )
        return called.get("place", self.address), what, mend

    def text(self, lang: Literal["zh", "en"] = "en") -> str:
        """The finding in one language as one line."""
        name, what, mend = self.parts(lang)
        return f"{name}: {what} {mend}" if lang == "en" else f"{name}：{what}{mend}"


_ORDER = {"fault": 0, "warning": 1, "note": 2}


def audit(
    index: Index, period: Period = None, *, limits: Mapping[str, float] | None = None, seed: int = 0, refill: bool = True
) -> tuple[Finding, ...]:
    """Everything about an index that an auditor would remark on, faults first, then warnings, then notes.

    ``limits`` puts other values in the place of :data:`tidu.diagnosis.audit.coherence.LIMITS`. ``refill`` hides known cells by
    the seed and fills them again, which takes longest. Raises ``unknown_period``, ``unknown_limit``.
    """
    return remarks(examine(index, period, limits=limits, seed=seed, refill=refill))


def remarks(seen: Examination) -> tuple[Finding, ...]:
    """The findings that the numbers of an audit give rise to, faults first, then warnings, then notes.

    >>> from tidu.app import make
    >>> [item.code for item in remarks(examine(make("city-ip-core"), 2023, refill=False)) if item.severity == "fault"]
    []
    """
    found = [*_figure_findings(seen), *_size_findings(seen), *_link_findings(seen), *_node_findings(seen)]
    found += [*_weight_findings(seen), *_shift_findings(seen), *_refill_findings(seen)]
    return tuple(sorted(found, key=lambda item: _ORDER[item.severity]))


def _finding(index: Index, code: str, severity: Severity, node: str, **numbers: float | str) -> Finding:
    """A finding at a node; numbers that are codes of nodes or units get their names beside them."""
    framework, panel = index.framework, index.panel
    names = {"place": {lang: framework.label(node, lang) for lang in ("zh", "en")}}
    names["cities"] = {
        lang: word("called_city" if framework.table.units.kind == "city" else "called_unit", lang) for lang in ("zh", "en")
    }
    for key, value in numbers.items():
        if isinstance(value, str) and value in framework.nodes:
            names[key] = {lang: framework.label(value, lang) for lang in ("zh", "en")}
        elif isinstance(value, str) and value in panel.names:
            names[key] = {lang: panel.name(value, lang) for lang in ("zh", "en")}
        elif isinstance(value, str) and key == "column":
            names[key] = {lang: column_title(framework, panel, value, lang) for lang in ("zh", "en")}
    return Finding(code, severity, address_of(framework, node), numbers, names)


def column_title(framework: Framework, panel: Panel, column: str, lang: Language) -> str:
    """What a column of figures is called: as the index file or the shipped figures name it, else its code.

    >>> from tidu.app import make
    >>> one = make("city-ip-core")
    >>> column_title(one.framework, one.panel, "gdp", "en"), column_title(one.framework, one.panel, "residents", "zh")
    ('Gross regional product', '常住人口')
    """
    item = framework.table.column.get(column)
    own = (item.label.zh if lang == "zh" else item.label.en) if item is not None else None
    printed = shipped.title(column, lang) if panel.vintage == shipped.cities().vintage else ""
    return own or printed or column


def _figure_findings(seen: Examination) -> Iterator[Finding]:
    index, treated = seen.index, {item.code: item for item in seen.treated}
    for code, reason in index.screening.dropped.items():
        if index.framework.table.screen.same == SAME:
            yield _finding(index, "constant", "fault", code)
        else:
            yield _finding(index, "left_out", "note", code, key=reason)
    for item in seen.raw:
        v = item.values
        if "availability" in item.flags:
            yield _finding(index, "availability", "warning", item.code, seen=v["seen"], share=100 * v["availability"])
        if "nonzero" in item.flags:
            yield _finding(index, "zeros", "warning", item.code, share=100 * (1 - v["share_nonzero"]))
        if "unique" in item.flags:
            yield _finding(index, "few_values", "note", item.code, unique=v["unique"], share=100 * v["share_same"])
        after = treated[item.code]
        if "outliers" in after.flags:
            numbers: dict[str, float | str] = {"skew": after.values["skew"], "kurtosis": after.values["kurtosis"]}
            if index.framework.choice("treat", item.code).method.name == "none":
                yield _finding(index, "outliers_untreated", "warning", item.code, **numbers)
            else:
                yield _finding(index, "outliers", "warning", item.code, **numbers)


def _size_findings(seen: Examination) -> Iterator[Finding]:
    """One note for each undivided indicator that hangs on a column of size, or divided one that hangs on its own denominator.

    Columns of size are those of :func:`tidu.diagnosis.audit.denominators.size_columns`; too few cells say nothing.
    """
    told: set[str] = set()
    for link in seen.sizes:  # strongest first
        per = seen.index.framework.table.indicator[link.indicator].per
        if not link.flagged or link.n < seen.limits["units"] or link.indicator in told or (per is not None and not link.divided):
            continue
        told.add(link.indicator)
        numbers: dict[str, float | str] = {"column": link.column, "r": link.correlation}
        if link.divided:
            yield _finding(seen.index, "size_left", "note", link.indicator, **numbers)
        else:
            yield _finding(seen.index, "size", "note", link.indicator, **numbers)


def _link_findings(seen: Examination) -> Iterator[Finding]:
    index, opposed = seen.index, [link for link in seen.links if link.kind == "across" and link.flag == "negative"]
    for link in seen.links:
        numbers: dict[str, float | str] = {"other": link.other, "r": link.r, "p": link.p}
        if link.flag == "redundant" and link.kind == "inside":
            yield _finding(index, "redundant", "warning", link.node, **numbers)
        elif link.flag == "redundant":
            yield _finding(index, "redundant_across", "note", link.node, **numbers)
        elif link.flag == "negative" and link.kind == "parent":
            yield _finding(index, "against_parent", "fault", link.node, **numbers)
        elif link.flag == "negative" and link.kind == "inside":
            yield _finding(index, "against_sibling", "warning", link.node, **numbers)
        elif link.flag == "weak":
            yield _finding(index, "weak_in_parent", "note", link.node, **numbers)
    if opposed:
        worst = min(opposed, key=lambda link: link.r)
        numbers = {"pairs": len(opposed), "one": worst.node, "other": worst.other, "r": worst.r}
        yield _finding(index, "against_across", "note", index.framework.code, **numbers)


def _node_findings(seen: Examination) -> Iterator[Finding]:
    index, bounds = seen.index, seen.limits
    few: list[int] = []
    for item in seen.nodes:
        parts, whole, even = item.components, item.reliability, item.balance
        if parts is None or whole is None or even is None:
            made = _finding(index, "not_judged", "note", item.node, why=item.refused or "")
            yield replace(made, names={**made.names, "why": item.why})
            continue
        if parts.n < bounds["units"]:
            few.append(parts.n)
            continue
        if parts.kept > 1:
            first = 100 * float(parts.shares[0])
            yield _finding(index, "several_components", "warning", item.node, count=parts.kept, share=first)
        if whole.alpha < 0:
            yield _finding(index, "alpha_negative", "fault", item.node, alpha=whole.alpha)
        elif whole.alpha < bounds["alpha"]:
            below: dict[str, float | str] = {"alpha": whole.alpha, "limit": bounds["alpha"]}
            if len(whole.children) > 2:
                yield _finding(index, "alpha_low", "warning", item.node, **below)
            else:  # no alpha of what is left of two
                yield _finding(index, "alpha_low_two", "warning", item.node, **below)
        for child, alpha in whole.without.items():
            if alpha > whole.alpha + bounds["alpha_rise"] and len(whole.children) > 2:
                yield _finding(index, "alpha_rises", "note", child, other=item.node, before=whole.alpha, after=alpha)
        if parts.kmo < bounds["kmo"] and len(parts.children) > 2:  # of two children it is always one half
            yield _finding(index, "kmo_low", "note", item.node, kmo=parts.kmo, limit=bounds["kmo"])
        if parts.bartlett[2] > bounds["p"]:
            yield _finding(index, "not_connected", "warning", item.node, chi2=parts.bartlett[0], p=parts.bartlett[2])
        if even.spread > bounds["spread"]:
            numbers: dict[str, float | str] = {"spread": even.spread, "widest": even.widest, "narrowest": even.narrowest}
            yield _finding(index, "uneven_spread", "note", item.node, **numbers)
    if few:
        numbers = {"nodes": len(few), "seen": min(few), "limit": bounds["units"]}
        yield _finding(index, "too_few", "note", index.framework.code, **numbers)


def _weight_findings(seen: Examination) -> Iterator[Finding]:
    index, bounds, told = seen.index, seen.limits, []
    judged = {item.node for item in seen.nodes if item.components is not None and item.components.n >= bounds["units"]}
    for item in seen.importance:
        if item.parent not in judged:
            continue
        numbers: dict[str, float | str] = {
            "other": item.parent,
            "weight": 100 * item.weight,
            "share": 100 * item.share_main,
            "r2": item.r2,
        }
        if item.ratio < 1 / bounds["importance"]:
            yield _finding(index, "counts_less", "warning", item.node, **numbers)
            told.append(item.parent)
        elif item.ratio > bounds["importance"]:
            yield _finding(index, "counts_more", "warning", item.node, **numbers)
            told.append(item.parent)
    for inside in seen.nodes:
        equal = inside.equalising
        if equal is None or inside.node not in told:
            continue
        if equal.reached:
            yield _weights_finding(index, "weights_would", "note", inside.node, equal.weights)
        else:
            yield _weights_finding(index, "no_weights", "warning", inside.node, dict.fromkeys(equal.against or equal.weights))


def _weights_finding(index: Index, code: str, severity: Severity, node: str, weights: Mapping[str, float | None]) -> Finding:
    """A finding at a node that lists its children by name, each with a share where there is one."""
    label = index.framework.label

    def named(lang: str) -> str:
        texts = [label(child, lang) + ("" if share is None else f" {100 * share:.0f}%") for child, share in weights.items()]
        return ("、" if lang == "zh" else ", ").join(texts)

    numbers: dict[str, float | str] = {child: share for child, share in weights.items() if share is not None}
    names = {"place": {lang: label(node, lang) for lang in ("zh", "en")}, "children": {lang: named(lang) for lang in ("zh", "en")}}
    return Finding(code, severity, address_of(index.framework, node), {**numbers, "children": listing(weights)}, names)


def _shift_findings(seen: Examination) -> Iterator[Finding]:
    index = seen.index
    if seen.period == "*":
        return
    most = seen.limits["shift"] * index.scored(seen.period)
    for item in seen.removals:
        if item.mean_shift > most and index.framework.node(item.node).leaf:
            numbers: dict[str, float | str] = {"shift": item.mean_shift, "most": item.largest_shift, "unit": item.unit}
            yield _finding(index, "leans_on_one", "note", item.node, **numbers)
    for switch in seen.switches:
        if switch.mean_shift > most:
            numbers = {"shift": switch.mean_shift, "most": switch.largest_shift, "unit": switch.unit, "method": switch.changes[-1]}
            made = _finding(index, "method_matters", "note", index.framework.code, **numbers)
            yield replace(made, names={**made.names, "method": dict(switch.label)})
    if seen.not_refitted is not None:
        refused = _finding(index, "not_refitted", "note", index.framework.code, why=seen.not_refitted)
        yield replace(refused, names={**refused.names, "why": seen.why_not_refitted})
    if seen.reversal is not None and seen.reversal.reversed:
        turned = seen.reversal
        numbers = {"pairs": turned.reversed, "moved": len(turned.moved), "unit": listing(turned.dropped)}
        yield _finding(index, "rank_reversal", "warning", index.framework.code, **numbers)


def _refill_findings(seen: Examination) -> Iterator[Finding]:
    """One note for each indicator with filled cells whose method does worse on hidden cells than the best one."""
    index = seen.index
    times = slice(None) if seen.period == "*" else index.period(seen.period)
    filled = np.isnan(index.raw[:, times]) & ~np.isnan(index.imputed[:, times])
    table: dict[str, list[Refill]] = {}
    for item in seen.refills:
        table.setdefault(item.indicator, []).append(item)
    for k, (code, rows) in enumerate((code, table.get(code, [])) for code in index.framework.leaves):
        own = index.framework.choice("impute", code).method.name
        mine = next((row for row in rows if row.method == own), None)
        if mine is None or not filled[..., k].any():
            continue
        rivals = [row for row in rows if row.filled == mine.hidden]
        best = min(rivals, key=lambda row: row.rmse, default=mine)
        if mine.rmse > seen.limits["refill"] * best.rmse:
            numbers: dict[str, float | str] = {"method": mine.method, "error": mine.relative, "best": best.method}
            yield _finding(index, "fill_worse", "note", code, **numbers, least=best.relative)
