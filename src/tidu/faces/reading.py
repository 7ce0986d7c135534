"""Commands that read an index: what an auditor would remark on, and where a unit stands and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from tidu.faces.analysis import Seed, Source, progress
from tidu.faces.options import Data, Json, Language, Out, Sets, Universe, language


class AuditFormat(StrEnum):
    """A kind of file that an audit is written as."""

    md = "md"
    html = "html"
    json = "json"


Year = Annotated[str | None, typer.Option("--year", help="The period looked at; the last one when left out. 年份。")]


def audit(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    seed: Seed = 0,
    out: Out = None,
    formats: Annotated[
        list[AuditFormat] | None, typer.Option("--format", help="Write this kind only; may be repeated. 只写该格式。")
    ] = None,
    as_json: Json = False,
) -> None:
    """What a statistical auditor would remark on: faults, warnings, notes, each with what to do. 统计审计。"""
    from tidu import app as house
    from tidu.diagnosis.audit.examination import examine
    from tidu.diagnosis.audit.remarks import remarks
    from tidu.faces import show
    from tidu.publish.documents.audit_report import FORMATS, record, write_audit

    index = house.make(file, data, universe=universe, changes=sets or [], without_flat=True)
    seen = examine(index, year, seed=seed)
    written = [] if out is None else write_audit(seen, out, [kind.value for kind in formats or []] or FORMATS)
    found = remarks(seen)
    if as_json:
        show.print_json(record(seen, found))
        return
    text = language(lang)
    title = f"{index.framework.title(text)} {show.dated(seen.period, text)}"
    show.print_lines(f"{show.word('audit_title', text)} · {title}", "")
    for item in found:
        show.print_lines(f"[{show.word(f'severity_{item.severity}', text)}] {item.text(text)}")
    counts = {kind: sum(item.severity == kind for item in found) for kind in ("fault", "warning", "note")}
    show.print_lines("", show.word("audit_counts", text, **counts))
    if written:
        show.print_lines(f"{show.word('written', text)} {out}/ ({', '.join(path.name for path in written)})")


def profile(
    lang: Language,
    unit: Annotated[str, typer.Argument(help="Code or exact name of the unit. 单位代码或名称。")],
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    near: Annotated[
        list[str] | None,
        typer.Option(
            "--near",
            help="Peers: the --count nearest in this column, such as gdp or residents; may be repeated. When left out, the nearest "
            "in size, or all others where nothing tells the size. 按该列找相近的单位；不写则取规模最近的，无从判断时与全部比较。",
        ),
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Peers: units of the same attribute, such as region4. 同组单位。")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many peers by size. 相近单位个数。")] = 10,
    top: Annotated[int, typer.Option("--top", min=1, help="How many strengths and weaknesses. 强项、弱项个数。")] = 5,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Points behind the range of the rank; 0 = no range. 方法区间点数。")
    ] = 1024,
    shown_figures: Annotated[
        bool,
        typer.Option("--figures", help="Every figure with its status letter and where it comes from. 各指标数值、状态与出处。"),
    ] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Where a unit stands: node by node beside its peers, strengths and weaknesses, what makes the gap. 单位画像。"""
    from tidu import app as house
    from tidu.core.words import percentile_text
    from tidu.diagnosis.explanation.peers import peers
    from tidu.diagnosis.explanation.profile import profile as of
    from tidu.diagnosis.movement.levers import alike
    from tidu.faces import show
    from tidu.faces.reports import range_note

    index = house.make(file, data, universe=universe, changes=sets or [])
    chosen = near or group
    against = peers(index, unit, year, by=near or (), count=count, group=group) if chosen else alike(index, unit, year, count)
    found = of(index, unit, year, against=against, count=top)
    sure, refused = house.how_sure(index, draws, progress=progress())
    beside = standing(index, found, sure)
    written = _write_profile(found, beside, out) if out is not None else 0
    if as_json:
        show.print_json({**_record(found), **beside})
        return
    text = lang.value
    framework, name = index.framework, index.panel.name
    order = framework.downwards()
    nodes = [
        [
            "  " * node.depth + framework.label(node.code, text),
            node.score,
            node.rank,
            node.of,
            percentile_text(node.percentile),
            node.peers_mean,
            None if node.gap != node.gap else f"{node.gap:+.2f}",
            None if node.part != node.part else f"{node.part:+.2f}",
        ]
        for node in sorted(found.nodes, key=lambda node: order.index(node.code))
    ]
    keys = ("node", "score", "rank", "of_units", "percentile", "peers_mean", "gap", "gap_part")
    title = f"{name(found.unit, text)} · {framework.title(text)} {show.dated(found.period, text)}"
    join = "、" if text == "zh" else ", "
    show.print_table([show.word(key, text) for key in keys], nodes, title, right=[1, 2, 3, 4, 5, 6, 7])
    if found.turned:
        show.print_lines(show.word("parts_turned", text, names=join.join(framework.label(code, text) for code in found.turned)))
    shown = [name(code, text) for code in found.peers.units[:12]]
    more = "" if len(found.peers.units) <= 12 else f" … ({len(found.peers.units)})"
    by = {"nearest": "peers_by_size", "group": "peers_by_group"}.get(found.peers.how, "peers_all")
    how = show.word(by, text, by=join.join(show.column_name(index, code, text) for code in found.peers.by))
    show.print_lines(show.word("peers_named", text, names=join.join(shown) + more, how=how))
    for key, lines in (("strengths", found.strengths), ("weaknesses", found.weaknesses)):
        show.print_lines(show.word(key, text, names=join.join(framework.label(line.code, text) for line in lines) or "—"))
    _print_standing(index, beside, text)
    if shown_figures:
        _print_figures(index, found, text)
    if sure is not None:
        show.print_lines(range_note(sure, language(lang)))
    elif refused is not None:
        show.print_lines(show.word("no_range", text, why=refused.text(language(lang))))
    show.print_lines(show.word("not_a_target", text))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/ ({show.word('files', text, count=written)})")


def standing(index: Any, found: Any, sure: Any) -> dict[str, Any]:
    """What stands beside a profile's table: the range of the rank, the reading, coordination, imbalance and obstacles, years."""
    from dataclasses import asdict

    from tidu.core.errors import TiduError
    from tidu.diagnosis.explanation.history import years
    from tidu.diagnosis.explanation.readings import coordination, imbalance, obstacle_degrees, reading

    made: dict[str, Any] = {}
    if sure is not None:
        row = sure.rows(found.period).get(found.unit)
        made["range"] = row and {key: row[key] for key in ("best", "worst", "group", "undecided", "top_10")}
    nodes = index.framework.table.index.reading
    if nodes:
        made["reading"] = asdict(reading(index, found.unit, nodes, found.period))
    try:
        made["coordination"] = asdict(coordination(index, found.unit, period=found.period))
    except TiduError:
        made["coordination"] = None  # scores that do not lie on 0–100, or a pillar without one
    try:
        made["imbalance"] = asdict(imbalance(index, found.unit, period=found.period))
    except TiduError:
        made["imbalance"] = None
    try:
        made["obstacles"] = obstacle_degrees(index, found.unit, found.period)
    except TiduError:
        made["obstacles"] = None
    made["years"] = [asdict(year) for year in years(index, found.unit)]
    return made


def _print_standing(index: Any, made: dict[str, Any], text: str) -> None:
    from tidu.core.words import share_text
    from tidu.diagnosis.explanation import history
    from tidu.faces import show
    from tidu.publish.tables import outside

    label = index.framework.label
    join = "、" if text == "zh" else ", "
    if made.get("range"):
        row = made["range"]
        shown = {"range": show.rank_range((row["best"], row["worst"])), "group": row["group"]}
        shown |= {"open": row["undecided"], "top": share_text(row["top_10"])}
        show.print_lines(show.word("profile_range", text, **shown))
        if outside(row):
            show.print_lines(show.word("outside_note", text))
    if made.get("reading"):
        row = made["reading"]
        names = join.join(label(node, text) for node in row["nodes"])
        show.print_lines(show.word("profile_reading", text, score=f"{row['score']:.2f}", rank=row["rank"], names=names))
    if made.get("coordination"):
        row = made["coordination"]
        parts = join.join(f"{label(node, text)} {share:.0%}" for node, share in row["obstacles"].items())
        numbers = {key: f"{row[key]:.2f}" for key in ("coupling", "level", "degree")}
        show.print_lines(show.word("profile_coordination", text, **numbers, parts=parts))
    if made.get("imbalance"):
        row = made["imbalance"]
        numbers = {key: f"{row[key]:.2f}" for key in ("unevenness", "mean", "gap")}
        ends = {key: label(row[key], text) for key in ("highest", "lowest")}
        show.print_lines(show.word("profile_imbalance", text, **numbers, **ends, place=row["place"] or "—", of=row["of"]))
    if made.get("obstacles"):
        first = list(made["obstacles"].items())[:5]
        names = join.join(f"{label(code, text)} {share:.0%}" for code, share in first)
        show.print_lines(show.word("profile_obstacles", text, names=names))
    if len(made["years"]) > 1:
        keys = ("period", "score", "rank", "progress_index", "light")
        rows = [
            [
                year["period"],
                year["score"],
                year["rank"],
                None if year["progress"] is None else f"{year['progress']:.1f}",
                history.light_said(history.Year(**year), text),
            ]
            for year in made["years"]
        ]
        show.print_table([show.word(key, text) for key in keys], rows, right=[1, 2, 3])
        show.print_lines(show.word("progress_note", text))


def _print_figures(index: Any, found: Any, text: str) -> None:
    """The table of figures: indicator, figure, unit, status letter, where it comes from."""
    from tidu.faces import show
    from tidu.faces.scenarios import amount

    rows = [
        [
            index.framework.label(line.code, text),
            None if line.value != line.value else amount(line.value, sign=""),
            None if line.used != line.used else amount(line.used, sign=""),
            line.unit,
            line.status,
            _whence(line),
        ]
        for line in found.figures
    ]
    keys = ("indicator", "figure_given", "figure_used", "unit_of_figure", "status", "source")
    show.print_table([show.word(key, text) for key in keys], rows, show.word("profile_figures", text), right=[1, 2])
    show.print_lines(show.word("profile_figures_note", text))


def _whence(line: Any) -> str:
    """Where a figure comes from: what the index file says, else what the data say of its columns, and the columns' names."""
    return f"{line.source or _lineage(line) or '—'} [{', '.join(line.columns)}]"


def _lineage(line: Any) -> str:
    """What the data say of a figure's columns, each source once."""
    return "; ".join(dict.fromkeys(part for text in line.lineage.values() for part in text.split("; ") if part))


def _write_profile(found: Any, beside: dict[str, Any], folder: Any) -> int:
    """How many CSV files were written: nodes, figures, history, obstacle degrees, peers; none for a table without rows."""
    from dataclasses import asdict

    from tidu.publish.tables import write_csv

    folder.mkdir(parents=True, exist_ok=True)
    about = {"unit_code": found.unit, "period": found.period}
    strong = {line.code: "strength" for line in found.strengths} | {line.code: "weakness" for line in found.weaknesses}
    away = found.peers.distances or (None,) * len(found.peers.units)
    tables = {
        "nodes.csv": [{**about, **asdict(node), "mark": strong.get(node.code)} for node in found.nodes],
        "figures.csv": [
            {**about, **asdict(line), "columns": " ".join(line.columns), "lineage": _lineage(line)} for line in found.figures
        ],
        "history.csv": [
            {"unit_code": found.unit, "node": node, "period": period, "score": score, "rank": rank}
            for node, periods in found.history.items()
            for period, (score, rank) in periods.items()
        ],
        "obstacles.csv": [
            {**about, "indicator": code, "obstacle_degree": share} for code, share in (beside["obstacles"] or {}).items()
        ],
        "peers.csv": [
            {**about, "peer": peer, "distance": distance, "how": found.peers.how, "by": " ".join(found.peers.by)}
            for peer, distance in zip(found.peers.units, away, strict=True)
        ],
    }
    return len([write_csv(folder / name, rows) for name, rows in tables.items() if rows])


def _record(found: Any) -> dict[str, Any]:
    """A profile as plain values."""
    from dataclasses import asdict

    return {
        "unit": found.unit,
        "period": found.period,
        "peers": list(found.peers.units),
        "peers_how": found.peers.how,
        "peers_by": list(found.peers.by),
        "nodes": [asdict(node) for node in found.nodes],
        "strengths": [line.code for line in found.strengths],
        "weaknesses": [line.code for line in found.weaknesses],
        "figures": [{**asdict(line), "lineage": dict(line.lineage)} for line in found.figures],
        "history": {period: dict(nodes) for period, nodes in found.history.items()},
    }
