"""The audit of an index as a document: the findings with what to do first, then every number they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tidu.core.words import dated, word
from tidu.diagnosis.audit.coherence import LIMITS
from tidu.diagnosis.audit.examination import Examination, Inside
from tidu.diagnosis.audit.remarks import Finding, remarks
from tidu.publish.charts import slim, svg
from tidu.publish.documents.audit_charts import correlation_map, shifts, weight_beside_importance
from tidu.publish.documents.page import Block, Heading, Picture, Table, Text, html, markdown

Lang = Literal["zh", "en"]
FORMATS = ("md", "html", "json")


def blocks(seen: Examination, lang: Lang, found: Sequence[Finding] | None = None) -> list[Block]:
    """The document's blocks in one language, in an auditor's order."""
    findings = remarks(seen) if found is None else found
    made: list[Block] = [Text(_subtitle(seen, lang)), *_summary(findings, lang)]
    made += [*_coverage(seen, lang), *_figures(seen, lang), *_sizes(seen, lang)]
    made += [*_correlations(seen, lang), *_dimensions(seen, lang), *_importance(seen, lang)]
    return [*made, *_robustness(seen, lang), *_fills(seen, lang), *_limits(seen, lang)]


def record(seen: Examination, found: Sequence[Finding] | None = None) -> dict[str, Any]:
    """The audit as plain values: the findings in both languages, then every table; missing figures are ``None``.

    >>> from tidu.app import make
    >>> from tidu.diagnosis.audit.examination import examine
    >>> made = record(examine(make("city-ip-core"), 2023, refill=False))
    >>> made["period"], sorted(made["findings"][0])
    ('2023', ['address', 'code', 'numbers', 'severity', 'text'])
    """
    findings = remarks(seen) if found is None else found
    made: dict[str, Any] = {"index": seen.index.framework.code, "period": seen.period}
    made["counts"] = {kind: sum(item.severity == kind for item in findings) for kind in ("fault", "warning", "note")}
    made["findings"] = [
        {
            "code": item.code,
            "severity": item.severity,
            "address": item.address,
            "numbers": dict(item.numbers),
            "text": {"zh": item.text("zh"), "en": item.text("en")},
        }
        for item in findings
    ]
    for part in fields(seen):
        if part.name not in ("index", "period"):
            made[part.name] = _values(getattr(seen, part.name))
    return dict(_values(made))


def write_audit(seen: Examination, folder: Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """The files written: ``audit.zh`` and ``audit.en`` as Markdown and as HTML, ``audit.json`` in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    found, texts = remarks(seen), {}
    both: tuple[Lang, Lang] = ("zh", "en")
    for lang in both:
        made = blocks(seen, lang, found)
        title = f"{word('audit_title', lang)} · {seen.index.framework.title(lang)}"
        if "md" in formats:
            texts[f"audit.{lang}.md"] = markdown(title, made)
        if "html" in formats:
            texts[f"audit.{lang}.html"] = html(title, made, lang, word("contents", lang))
    if "json" in formats:
        texts["audit.json"] = json.dumps(record(seen, found), ensure_ascii=False, indent=2) + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _values(value: Any) -> Any:
    """Plain values: mappings, lists, numbers, texts; what is missing or not finite is ``None``."""
    if isinstance(value, Mapping):
        return {str(key): _values(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return _values(asdict(value))
    if isinstance(value, np.ndarray | np.generic):
        return _values(value.tolist())
    if isinstance(value, list | tuple):
        return [_values(item) for item in value]
    if isinstance(value, float):
        return float(format(value, ".12g")) if np.isfinite(value) else None
    return value


# --- cells -------------------------------------------------------------------------------------------------------------


def number(value: float | None, digits: int = 2) -> str:
    """A figure for a table: whole numbers and large ones without decimals, a missing one as a dash.

    >>> number(0.126), number(12345.6), number(float("nan")), number(0.00012)
    ('0.13', '12,346', '—', '0.00')
    """
    if value is None or value != value:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"


def _share(value: float) -> str:
    return "—" if value != value else f"{value:.0%}"


def _chance(p: float) -> str:
    return "< 0.001" if p < 0.0005 else number(p, 3)


def _refusable(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], caption: str) -> Table:
    """A table whose last column says what was refused; without that column where nothing was."""
    if any(row[-1] for row in rows):
        return Table(heads, rows, right=right, caption=caption)
    return Table(heads[:-1], [row[:-1] for row in rows], right=right, caption=caption)


def _heads(keys: Sequence[str], lang: Lang) -> list[str]:
    return [word(key, lang) for key in keys]


def _flags(flags: Sequence[str | None], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(word(f"flag_{flag}", lang) for flag in flags if flag)


def _subtitle(seen: Examination, lang: Lang) -> str:
    index = seen.index
    period = word("all_periods", lang) if seen.period == "*" else dated(seen.period, lang)
    values = {"code": index.framework.code, "period": period, "units": int(index.shown.sum())}
    cities = word("called_city" if index.framework.table.units.kind == "city" else "called_unit", lang)
    return word("audit_subtitle", lang, **values, cities=cities, indicators=len(seen.raw), nodes=len(index.framework.inner))


# --- sections ----------------------------------------------------------------------------------------------------------


def _summary(found: Sequence[Finding], lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_summary", lang))
    counts = {kind: sum(item.severity == kind for item in found) for kind in ("fault", "warning", "note")}
    yield Text(word("audit_counts", lang, **counts))
    rows = [[word(f"severity_{item.severity}", lang), *item.parts(lang)] for item in found]
    if rows:
        yield Table(_heads(("severity", "where", "found", "to_do"), lang), rows, kinds=[item.severity for item in found])


def _coverage(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_coverage", lang))
    named = {
        key: word(key, lang) for key in ("period", "listed", "with_data", "screened_out", "scored", "indicators", "filled_cells")
    }
    keys = list(seen.coverage[0]) if seen.coverage else []
    heads = [named.get(key) or seen.index.framework.label(key, lang) for key in keys]
    rows = [["—" if row[key] is None else dated(str(row[key]), lang) for key in keys] for row in seen.coverage]
    yield Table(heads, rows, right=range(1, len(keys)), caption=word("coverage_caption", lang))


def _figures(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_figures", lang))
    yield Text(word("figures_note", lang))
    after, label = {item.code: item for item in seen.treated}, seen.index.framework.label
    rows = []
    for item in seen.raw:
        v, w = item.values, after[item.code].values
        cells = [f"{v['seen']:.0f}", _share(v["availability"]), _share(1 - v["share_nonzero"])]
        cells += [number(v[key]) for key in ("low", "median", "mean", "high", "sd", "skew", "kurtosis")]
        cells += [number(w["skew"]), number(w["kurtosis"])]
        flags = [flag for flag in item.flags if flag != "outliers"] + ["outliers"] * ("outliers" in after[item.code].flags)
        rows.append([label(item.code, lang), *cells, _flags(flags, lang)])
    keys = ("indicator", "seen", "availability", "zeros", "low", "median", "mean", "high", "sd", "skew", "kurtosis")
    yield Table(_heads((*keys, "skew_after", "kurtosis_after", "flags"), lang), rows, right=range(1, 13))


def _sizes(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_sizes", lang))
    best = {link.indicator: link for link in reversed(seen.sizes)}  # strongest first, so the last one put in stays
    if not best:
        yield Text(word("no_denominators", lang))
        return
    yield Text(word("sizes_note", lang, limit=number(seen.limits["size"])))
    rows = [
        [
            seen.index.framework.label(item.code, lang),
            best[item.code].column,
            word("yes" if best[item.code].divided else "no", lang),
            number(best[item.code].correlation),
            _flags(["size"] if best[item.code].flagged else [], lang),
        ]
        for item in seen.raw
        if item.code in best
    ]
    yield Table(_heads(("indicator", "size_column", "divided", "correlation", "flags"), lang), rows, right=[3])


def _correlations(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_correlations", lang))
    label = seen.index.framework.label
    if len(seen.treated) > 1:
        yield Picture(lambda: svg(correlation_map(seen, lang)), word("map_said", lang), lambda: slim(correlation_map(seen, lang)))
    heads = _heads(("node", "other_node", "kind", "correlation", "p_value", "n_rows", "flags"), lang)
    for key, some in (
        ("flagged_links", [link for link in seen.links if link.flag and link.kind != "parent"]),
        ("parent_links", [link for link in seen.links if link.kind == "parent"]),
    ):
        rows = [
            [
                label(link.node, lang),
                label(link.other, lang),
                word(f"kind_{link.kind}", lang),
                number(link.r),
                _chance(link.p),
                str(link.n),
                _flags([link.flag], lang),
            ]
            for link in some
        ]
        if rows:
            yield Table(heads, rows, right=[3, 4, 5], caption=word(key, lang))


def _dimensions(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_dimensions", lang))
    label, rows, details = seen.index.framework.label, [], []
    for item in seen.nodes:
        parts, whole = item.components, item.reliability
        if parts is None or whole is None:
            rows.append([label(item.node, lang), *["—"] * 10])
            continue
        chi2, free, p = parts.bartlett
        kmo = "—" if len(parts.children) < 3 else number(parts.kmo)  # of two children it is always one half
        cells = [str(parts.n), str(len(parts.children)), str(parts.kept), _share(float(parts.shares[0])), kmo]
        cells += [number(chi2, 1), str(free), _chance(p), number(whole.alpha), number(whole.standardised)]
        rows.append([label(item.node, lang), *cells])
        details.append(item)
    keys = ("node", "n_rows", "children", "components_kept", "first_component", "kmo", "chi_square", "degrees", "p_value")
    yield Table(_heads((*keys, "alpha", "alpha_standardised"), lang), rows, right=range(1, 11))
    yield Text(word("dimensions_note", lang))
    for item in details:
        yield from _loadings(seen, item, lang)


def _loadings(seen: Examination, item: Inside, lang: Lang) -> Iterator[Block]:
    """Components, varimax factors, KMO and alpha-if-deleted of the children of one node."""
    parts, whole, label = item.components, item.reliability, seen.index.framework.label
    if parts is None or whole is None:
        return
    shown, factors = min(len(parts.children), max(parts.kept, 2)), parts.rotated.shape[1]
    rows = []
    for k, child in enumerate(parts.children):
        cells = [number(float(value)) for value in (*parts.loadings[k, :shown], *parts.rotated[k])]
        adequacy = number(parts.kmo_each[child]) if len(parts.children) > 2 else "—"
        rows.append([label(child, lang), *cells, adequacy, number(whole.without[child])])
    rows.append([word("eigenvalue", lang), *[number(float(v)) for v in parts.eigenvalues[:shown]], *[""] * (factors + 2)])
    heads = [word("indicator_or_node", lang), *(word("component", lang, count=k + 1) for k in range(shown))]
    heads += [*(word("varimax_factor", lang, count=k + 1) for k in range(factors)), *_heads(("kmo", "alpha_without"), lang)]
    yield Table(heads, rows, right=range(1, len(heads)), caption=label(item.node, lang))


def _importance(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_importance", lang))
    yield Text(word("importance_note", lang))
    label = seen.index.framework.label
    if any(item.weight < 1 - 1e-12 and item.share_main == item.share_main for item in seen.importance):
        yield Picture(
            lambda: svg(weight_beside_importance(seen, lang)),
            word("dumbbell_said", lang),
            lambda: slim(weight_beside_importance(seen, lang)),
        )
    equal = {item.node: item.equalising for item in seen.nodes if item.equalising is not None}
    rows = []
    for one in seen.importance:
        if one.weight >= 1 - 1e-12:
            continue  # an only child
        would = equal.get(one.parent)
        text = "—" if would is None else _share(would.weights[one.node]) if would.reached else word("none_can", lang)
        cells = [_share(one.weight), number(one.r2), number(one.main), _share(one.share_main), number(one.ratio), text]
        rows.append([label(one.parent, lang), label(one.node, lang), *cells, number(one.mean, 1), number(one.sd, 1)])
    keys = ("node", "indicator_or_node", "nominal_weight", "r_squared", "correlation_ratio", "importance_share", "ratio")
    yield Table(_heads((*keys, "equalising_weight", "mean", "sd"), lang), rows, right=range(2, 10))
    uneven = [item.balance for item in seen.nodes if item.balance is not None]
    if uneven:
        body = [
            [
                label(item.node, lang),
                number(item.spread),
                label(item.widest, lang),
                label(item.narrowest, lang),
                number(item.gap_of_means, 1),
                number(item.unevenness),
            ]
            for item in uneven
        ]
        heads = _heads(("node", "spread_ratio", "widest", "narrowest", "gap_of_means", "unevenness"), lang)
        yield Table(heads, body, right=[1, 4, 5], caption=word("balance_caption", lang))


def _robustness(seen: Examination, lang: Lang) -> Iterator[Block]:
    if seen.period == "*":
        return
    yield Heading(word("section_robustness", lang))
    label, name = seen.index.framework.label, seen.index.panel.name
    moved = [(label(item.node, lang), item.mean_shift) for item in seen.removals]
    if any(size == size for _, size in moved):
        yield Picture(lambda: svg(shifts(moved, lang)), word("removals_said", lang), lambda: slim(shifts(moved, lang)))
    rows = [
        [
            label(item.node, lang),
            number(item.mean_shift),
            str(item.largest_shift) if item.scored else "—",
            name(item.unit, lang) if item.unit else "",
            str(item.scored),
            item.refused or "",
        ]
        for item in seen.removals
    ]
    heads = _heads(("left_out", "mean_shift", "largest_shift", "whose", "scored", "refused"), lang)
    yield _refusable(heads, rows, [1, 2, 4], word("removals_caption", lang))
    rows = [
        [
            one.label[lang],
            word(f"step_{one.step}", lang),
            number(one.mean_shift),
            str(one.largest_shift) if one.scored else "—",
            name(one.unit, lang) if one.unit else "",
            number(one.spearman, 3),
            str(one.scored),
            one.refused or "",
        ]
        for one in seen.switches
    ]
    heads = _heads(("switched_to", "step", "mean_shift", "largest_shift", "whose", "spearman", "scored", "refused"), lang)
    yield _refusable(heads, rows, [2, 3, 5, 6], word("switches_caption", lang))
    if seen.reversal is not None:
        join = "、" if lang == "zh" else ", "
        dropped = join.join(name(unit, lang) for unit in seen.reversal.dropped)
        counts = {"pairs": seen.reversal.pairs, "reversed": seen.reversal.reversed, "moved": len(seen.reversal.moved)}
        yield Text(word("reversal_line", lang, units=dropped, **counts))
    elif seen.not_refitted is not None:
        yield Text(word("reversal_refused", lang, why=seen.why_not_refitted.get(lang, seen.not_refitted)))


def _fills(seen: Examination, lang: Lang) -> Iterator[Block]:
    if not seen.refills:
        return
    yield Heading(word("section_imputation", lang))
    yield Text(word("imputation_note", lang))
    methods = list(dict.fromkeys(item.method for item in seen.refills))
    table = {(item.indicator, item.method): item for item in seen.refills}
    codes = list(dict.fromkeys(item.indicator for item in seen.refills))
    rows = []
    for code in codes:
        cells = [table[code, method] for method in methods]
        texts = [number(item.relative) + " *" * (0 < item.filled < item.hidden) for item in cells]
        own = seen.index.framework.choice("impute", code).method.name
        rows.append([seen.index.framework.label(code, lang), str(cells[0].hidden), *texts, own])
    heads = [*_heads(("indicator", "hidden"), lang), *methods, word("own_method", lang)]
    yield Table(heads, rows, right=range(1, len(methods) + 2))


def _limits(seen: Examination, lang: Lang) -> Iterator[Block]:
    yield Heading(word("section_limits", lang))
    yield Text(word("limits_note", lang))
    rows = [[f"{key}", f"{seen.limits[key]:g}", word(f"limit_{key}", lang)] for key in LIMITS]
    yield Table(_heads(("limit", "value", "meaning"), lang), rows, right=[1])
