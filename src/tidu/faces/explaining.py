"""Commands that explain a score: what it is made of, what makes a gap, why it changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces.analysis import Seed, Source
from tidu.faces.options import Data, Json, Language, Out, Sets, Universe
from tidu.faces.reading import Year

if TYPE_CHECKING:
    from tidu.diagnosis.explanation.contribution import Contributions
    from tidu.index.result import Index

Unit = Annotated[str, typer.Argument(help="Code or exact name of the unit. 单位代码或名称。")]
Node = Annotated[str | None, typer.Option("--node", help="Node whose score is explained; the index when left out. 节点。")]


def contribution(
    lang: Language,
    unit: Unit,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    node: Node = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Another unit; repeated, the mean of them. 对照单位，可多次给出。")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Against the units of the same attribute, such as region4. 同组单位。")
    ] = None,
    near: Annotated[
        list[str] | None, typer.Option("--near", help="Against the nearest in this column; may be repeated. 按该列找相近单位。")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many near units. 相近单位个数。")] = 5,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """What a score, or the gap to others, is made of: parts by pillar and indicator that add up exactly. 得分与差距的构成。"""
    from tidu import app as house
    from tidu.core.errors import UsageError
    from tidu.diagnosis.explanation.contribution import gap_parts, score_parts
    from tidu.diagnosis.explanation.peers import peers
    from tidu.faces import show
    from tidu.publish.tables import contributions, write_csv

    if bool(against) + bool(group) + bool(near) > 1:
        raise UsageError("one_kind_of_peers")
    index = house.make(file, data, universe=universe, changes=sets or [])
    others = list(peers(index, unit, year, by=near or (), count=count, group=group).units) if group or near else against
    found = gap_parts(index, unit, others, year, node, seed=seed) if others else score_parts(index, unit, year, node, seed=seed)
    rows = contributions(index, found)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "contribution.csv", rows)
    if as_json:
        about = {"unit": found.unit, "others": list(found.others), "period": found.period, "node": found.node}
        sums = {"score": found.score, "baseline": found.baseline, "total": found.total, "place": found.place}
        show.print_json({**about, **sums, "parts": rows})
        return
    _print_parts(index, found, rows, lang.value)
    if out is not None:
        show.print_lines(f"{show.word('written', lang.value)} {out}/")


def _print_parts(index: Index, found: Contributions, rows: list[dict[str, Any]], text: str) -> None:
    from tidu.faces import show

    framework, name = index.framework, index.panel.name
    by_code = {row["code"]: row for row in rows}
    order = [code for code in framework.downwards(found.node) if code in by_code]
    top = framework.node(found.node).depth
    sampled = max(found.errors.values(), default=0.0) > 0
    body = []
    for code in order:
        row = by_code[code]
        error = [f"± {row['standard_error']:.3f}"] if sampled else []
        share = f"{row['share']:.0%}" if row["share"] is not None else None
        indent = "  " * (framework.node(code).depth - top - 1)
        compared = [row["compared"]] if found.others else []
        body.append([indent + row[f"label_{text}"], row["score"], *compared, f"{row['part']:+.2f}", *error, share])
    keys = ["node", "score", *(["compared"] if found.others else []), "part", *(["standard_error"] if sampled else []), "share"]
    whole = framework.label(found.node, text) if found.node != framework.code else framework.title(text)
    title = f"{name(found.unit, text)} · {whole} {show.dated(found.period, text)}"
    show.print_table([show.word(key, text) for key in keys], body, title, right=list(range(1, len(keys))))
    total = sum(found.parts[leaf] for leaf in found.leaves)
    numbers = {"score": f"{found.score:.2f}", "baseline": f"{found.baseline:.2f}", "total": f"{found.total:+.2f}"}
    if found.others:
        join = "、" if text == "zh" else ", "
        shown = join.join(name(code, text) for code in found.others[:12])
        more = "" if len(found.others) <= 12 else f" … ({len(found.others)})"
        show.print_lines(show.word("parts_of_gap", text, names=shown + more, **numbers))
    else:
        show.print_lines(show.word("parts_of_score", text, **numbers))
    show.print_lines(show.word("parts_sum", text, parts=f"{total:+.2f}"))
    if found.place:
        show.print_lines(show.word("parts_place", text, place=f"{found.place:+.2f}"))
    if sampled:
        show.print_lines(show.word("parts_sampled", text))


def change(
    lang: Language,
    unit: Unit,
    file: Source = "city-ip-core",
    data: Data = None,
    start: Annotated[
        str | None, typer.Option("--from", help="The earlier period; the one before --to when left out. 起始年份。")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="The later period; the last one when left out. 终止年份。")] = None,
    earlier: Annotated[
        Path | None, typer.Option("--before", help="Index file of the earlier end, where it had another. 起始端的指数文件。")
    ] = None,
    earlier_sets: Annotated[
        list[str] | None, typer.Option("--before-set", help="ADDRESS=VALUE at the earlier end only. 只在起始端改值。")
    ] = None,
    universe: Universe = None,
    sets: Sets = None,
    node: Node = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Why a score changed: own figures, those of others, coverage, method. 得分变化的原因。"""
    from tidu import app as house
    from tidu.diagnosis.explanation.change import change as of
    from tidu.faces import show
    from tidu.publish.tables import changed, write_csv

    index = house.make(file, data, universe=universe, changes=sets or [])
    before = index
    if earlier is not None or earlier_sets:
        before = house.make(earlier or file, data, universe=universe, changes=[*(sets or []), *(earlier_sets or [])])
    found = of(before, index, unit, start, end, node)
    rows = changed(found)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "change.csv", rows)
    if as_json:
        about = {"unit": found.unit, "node": found.node, "periods": list(found.periods)}
        moved = {"before": found.before, "after": found.after, "total": found.total, "parts": dict(found.parts)}
        show.print_json({**about, **moved, "entered": list(found.entered), "left": list(found.left)})
        return
    text = lang.value
    body = [[show.word(f"cause_{cause}", text), f"{part:+.2f}"] for cause, part in found.parts.items()]
    whole = index.framework.label(found.node, text) if found.node != index.framework.code else index.framework.title(text)
    title = f"{index.panel.name(found.unit, text)} · {whole} {found.periods[0]} → {found.periods[1]}"
    show.print_table([show.word("cause", text), show.word("part", text)], body, title, right=[1])
    numbers = {"before": f"{found.before:.2f}", "after": f"{found.after:.2f}", "total": f"{found.total:+.2f}"}
    show.print_lines(show.word("change_sum", text, **numbers))
    for key, codes in (("change_entered", found.entered), ("change_left", found.left)):
        if codes:
            names = [
                index.framework.label(code, text) if code in index.framework.nodes else index.panel.name(code, text)
                for code in codes
            ]
            show.print_lines(show.word(key, text, names=("、" if text == "zh" else ", ").join(names)))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/")
