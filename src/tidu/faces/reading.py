"""Commands that read an index: what an auditor would remark on, and where a unit stands and why."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tidu.faces.analysis import Seed, Source
from tidu.faces.options import Data, Json, Language, Sets, Universe, language

Year = Annotated[str | None, typer.Option("--year", help="The period looked at; the last one when left out. 年份。")]


def audit(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """What a statistical auditor would remark on: faults, warnings, notes, each with what to do. 统计审计。"""
    from tidu import app as house
    from tidu.diagnosis.audit import audit as remarks
    from tidu.faces import show

    index = house.make(file, data, universe=universe, changes=sets or [])
    found = remarks(index, year, seed=seed)
    if as_json:
        show.print_json(
            [
                {
                    "code": item.code,
                    "severity": item.severity,
                    "address": item.address,
                    "numbers": dict(item.numbers),
                    "text": {"zh": item.text("zh"), "en": item.text("en")},
                }
                for item in found
            ]
        )
        return
    text = language(lang)
    title = f"{index.framework.title(text)} {index.periods[index.period(year)]}"
    show.print_lines(f"{show.word('audit_title', text)} · {title}", "")
    for item in found:
        show.print_lines(f"[{show.word(f'severity_{item.severity}', text)}] {item.text(text)}")
    counts = {kind: sum(item.severity == kind for item in found) for kind in ("fault", "warning", "note")}
    show.print_lines("", show.word("audit_counts", text, **counts))


def profile(
    lang: Language,
    unit: Annotated[str, typer.Argument(help="Code or exact name of the unit. 单位代码或名称。")],
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    near: Annotated[
        list[str] | None, typer.Option("--near", help="Peers: nearest in this column; may be repeated. 按该列找相近单位。")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Peers: units of the same attribute, such as region4. 同组单位。")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many peers and indicators. 个数。")] = 5,
    as_json: Json = False,
) -> None:
    """Where a unit stands: node by node beside its peers, strengths and weaknesses, what makes the gap. 单位画像。"""
    from tidu import app as house
    from tidu.diagnosis.profile import peers
    from tidu.diagnosis.profile import profile as of
    from tidu.faces import show

    index = house.make(file, data, universe=universe, changes=sets or [])
    against = peers(index, unit, year, by=near or (), count=count, group=group) if near or group else None
    found = of(index, unit, year, against=against, count=count)
    if as_json:
        show.print_json(_record(found))
        return
    text = lang.value
    framework, name = index.framework, index.panel.name
    order = _downwards(framework, framework.code)
    nodes = [
        [
            "  " * node.depth + framework.label(node.code, text),
            node.score,
            node.rank,
            node.of,
            f"{node.percentile:.0%}" if node.percentile <= 1 else f"{node.percentile:.0f}%",
            node.peers_mean,
            f"{node.gap:+.2f}",
            None if node.part != node.part else f"{node.part:+.2f}",
        ]
        for node in sorted(found.nodes, key=lambda node: order.index(node.code))
    ]
    keys = ("node", "score", "rank", "of_units", "percentile", "peers_mean", "gap", "gap_part")
    title = f"{name(found.unit, text)} · {framework.title(text)} {found.period}"
    show.print_table([show.word(key, text) for key in keys], nodes, title, right=[1, 2, 3, 4, 5, 6, 7])
    join = "、" if text == "zh" else ", "
    shown = [name(code, text) for code in found.peers.units[:12]]
    more = "" if len(found.peers.units) <= 12 else f" … ({len(found.peers.units)})"
    show.print_lines(show.word("peers_named", text, names=join.join(shown) + more))
    for key, lines in (("strengths", found.strengths), ("weaknesses", found.weaknesses)):
        show.print_lines(show.word(key, text, names=join.join(framework.label(line.code, text) for line in lines)))
    show.print_lines(show.word("not_a_target", text))


def _downwards(framework: Any, code: str) -> list[str]:
    """A node and all below it, each followed by its children."""
    return [code, *(below for child in framework.node(code).children for below in _downwards(framework, child))]


def _record(found: Any) -> dict[str, Any]:
    """A profile as plain values."""
    from dataclasses import asdict

    return {
        "unit": found.unit,
        "period": found.period,
        "peers": list(found.peers.units),
        "nodes": [asdict(node) for node in found.nodes],
        "strengths": [line.code for line in found.strengths],
        "weaknesses": [line.code for line in found.weaknesses],
        "figures": [{**asdict(line), "lineage": dict(line.lineage)} for line in found.figures],
        "history": {period: dict(nodes) for period, nodes in found.history.items()},
    }
