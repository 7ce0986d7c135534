"""What every report says of the index itself: the steps, the sources of its figures, what an auditor remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import numpy as np

from tidu.diagnosis.audit.remarks import remarks
from tidu.index.catalogue import meanings
from tidu.index.spec import STEPS
from tidu.publish.columns import unit_said
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import Block, Small
from tidu.publish.documents.sentences import joined, said
from tidu.publish.edition import Edition

#: So many remarks of an audit are printed.
REMARKS = 20


def method(edition: Edition, lang: str) -> Iterator[Block]:
    """The steps with their methods and what these mean; where the ranges come from."""
    index, framework = edition.index, edition.index.framework
    yield Heading(said("head_method", lang))
    yield Text(said("method_intro", lang))
    rows = []
    for step in STEPS:
        nodes = [node for node in framework.nodes.values() if node.leaf != (step in ("weighting", "aggregate"))]
        found: dict[str, int] = {}
        for node in nodes:
            name = framework.choice(step, node.code).method.name
            found[name] = found.get(name, 0) + 1
        for name, count in found.items():
            where = said("everywhere", lang) if count == len(nodes) else said("some_of", lang, count=count)
            meaning = str(meanings()["methods"][step][name][lang])
            rows.append([said(f"step_{step}", lang), method_name(name, meaning, lang), where, meaning])
    yield Table(
        [said(f"col_{key}", lang) for key in ("step", "method", "where", "meaning")], rows, caption=said("table_steps", lang)
    )
    kept = {framework.choice("normalise", code).keys["over"] for code in framework.leaves}
    yearly = "year" in kept and len(index.periods) > 1
    if len(kept) == 1 and len(index.periods) > 1:
        yield Text(said("over_year" if yearly else "over_panel", lang))
    if edition.sure is not None:
        names = joined([one[lang] for one in edition.sure.factors], lang)
        more = said("range_assumed", lang) if edition.sure.assumed else ""
        text = said("range_made_of", lang, points=edition.sure.found.draws, names=names)
        yield Text(f"{text}{'' if lang == 'zh' else ' '}{more}".strip())
    source = framework.source(lang=lang)
    if source:
        yield Small(said("method_source", lang, source=source.rstrip("。. ")))


def method_name(name: str, meaning: str, lang: str) -> str:
    """What a method is called in a report: in Chinese the words with which its meaning begins, in English its name.

    >>> method_name("min_max", "极差标准化：把最小值到最大值线性换到 onto 区间。", "zh"), method_name("min_max", "…", "en")
    ('极差标准化', 'min max')
    """
    return re.split("[：；，。]", meaning)[0] if lang == "zh" else name.replace("_", " ")


def sources(edition: Edition, lang: str) -> Iterator[Block]:
    """Where the figures are from, how many are not as printed, and every indicator with unit, weight and source."""
    index, t = edition.index, edition.index.period(edition.last)
    leaves = [k for k in range(len(index.framework.leaves)) if index.live[t, k]]
    letters = index.status[:, t][index.shown][:, leaves]
    lacking = int(np.sum(np.isnan(index.imputed[:, t][index.shown][:, leaves])))
    known = {"cells": letters.size, "lacking": lacking, "filled": int(np.sum(letters != "A")) - lacking}
    yield Heading(said("head_sources", lang))
    yield Text(said("sources_said", lang, vintage=edition.vintage(lang) or "—", **known))
    weights, rows = index.weights(edition.last), []
    for k in leaves:
        code = index.framework.leaves[k]
        item = index.framework.table.indicator[code]
        share = f"{weights[code]:.1%}" if code in weights else "—"
        better = said(f"better_{item.better}", lang)
        rows.append(
            [edition.label(code, lang), unit_said(item.unit or "", lang), share, better, index.framework.source(code, lang) or "—"]
        )
    heads = [said(f"col_{key}", lang) for key in ("indicator", "unit", "weight", "better", "source")]
    yield Table(heads, rows, right=[2], caption=said("table_indicators", lang))


def audit(edition: Edition, lang: str) -> Iterator[Block]:
    """How many remarks an auditor has, and the faults and warnings."""
    tongue: Literal["zh", "en"] = "zh" if lang == "zh" else "en"
    yield Heading(said("head_audit", lang))
    seen = edition.examined
    if seen is None:
        yield Text(said("audit_none", lang))
        return
    found = remarks(seen)
    if not found:
        yield Text(said("audit_clear", lang))
        return
    counts = {kind: sum(item.severity == kind for item in found) for kind in ("fault", "warning", "note")}
    yield Text(said("audit_said", lang, count=len(found), most=REMARKS, **counts))
    rows = [list(item.parts(tongue)) for item in found if item.severity != "note"][:REMARKS]
    if rows:
        heads = [said(f"col_{key}", lang) for key in ("where_found", "found", "mend")]
        yield Table(heads, rows, caption=said("table_audit", lang))
