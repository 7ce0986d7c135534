"""Commands on how sure a rank is: the specification range of every unit, and which choice drives it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from tidu.faces.options import Data, Json, Language, Out, Sets, Show, Universe

Source = Annotated[str, typer.Argument(help="Index file, or the name of a shipped index. 指数文件或内置指数名。")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the drawn points. 随机种子。")]
Years = Annotated[list[str] | None, typer.Option("--year", help="Show this period only; may be repeated. 只看该年。")]
Factors = Annotated[list[str] | None, typer.Option("--factor", help="Take this factor only; may be repeated. 只取该因素。")]
Draws = Annotated[int, typer.Option("--draws", min=2, help="Points when the space is not enumerated. 抽样点数。")]
Points = Annotated[
    int | None, typer.Option("--draws", min=2, help="Points when the space is not enumerated; as many as fit. 抽样点数。")
]


#: From so much on two factors' common effect is printed.
TOGETHER = 0.01


def uncertainty(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Years = None,
    universe: Universe = None,
    only: Show = None,
    sets: Sets = None,
    factor: Factors = None,
    draws: Points = None,
    level: Annotated[float, typer.Option("--level", min=0.5, max=0.999, help="Share of specifications inside. 区间水平。")] = 0.9,
    first: Annotated[int, typer.Option("--first", min=1, help="P(top k): the k of the share among the first k. 前 k 名。")] = 10,
    top: Annotated[int, typer.Option("--top", min=0, help="How many rows to print; 0 = all. 显示行数。")] = 20,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """How sure the ranks are: specification range, P(top k) and tie group of every unit. 方法区间。"""
    from tidu import app as house
    from tidu.core.words import share_text
    from tidu.faces import show
    from tidu.index.intervals import factors_of
    from tidu.index.uncertainty import uncertainty as spread
    from tidu.publish.tables import outside, write_csv

    framework, panel = house.prepared(file, data, universe=universe, show=only, changes=sets or [])
    framework, assumed, refused = factors_of(framework, panel, seed)
    found = spread(
        framework,
        panel,
        names=factor or None,
        draws=draws,
        seed=seed,
        periods=year or None,
        progress=progress(),
    )
    rows = {period: found.rows(period, level, first) for period in _periods(found, year)}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for period, table in rows.items():
            write_csv(out / f"uncertainty-{period}.csv", table)
    effects = [{"factor": item.factor, "kind": item.kind, "score": item.score, "rank": item.rank} for item in found.effects]
    if as_json:
        about = {
            "draws": found.draws,
            "exact": found.exact,
            "level": level,
            "seed": seed,
            "factors": effects,
            "assumed": list(assumed),
            "refused": {name: error.code for name, error in refused.items()},
            "idle": list(found.idle),
        }
        show.print_json({**about, "units": rows})
        return
    text = lang.value
    for period, table in rows.items():
        ranked = sorted(table, key=lambda row: (row["rank"] is None, row["rank"]))[: top or None]
        body = [
            [
                row["rank"],
                f"{row['best']:.0f}–{row['worst']:.0f}" + (" †" if outside(row) else ""),
                row["undecided"],
                row["group"],
                share_text(row[f"top_{first}"]),
                panel.name(row["unit"], text),
                row["score"],
                f"{row['score_low']:.1f}–{row['score_high']:.1f}",
            ]
            for row in ranked
        ]
        keys = ("rank", "range", "undecided", "tie_group", "top_first", "name", "score", "score_range")
        show.print_table(
            [show.word(key, text, k=first) for key in keys],
            body,
            f"{framework.title(text)} {show.dated(period, text)}",
            right=[0, 1, 2, 3, 4, 6, 7],
        )
    how = "points_exact" if found.exact else "points_drawn"
    show.print_lines(show.word(how, text, draws=found.draws, seed=seed, level=f"{level:.0%}"))
    if any(outside(row) for table in rows.values() for row in table):
        show.print_lines(show.word("outside_note", text))
    if any(
        "normalise" in change for one in found.space.factors for state in one.alternatives for change in map(str, state.changes)
    ):
        show.print_lines(show.word("score_range_note", text))
    _print_factors(framework, found, assumed, refused, text)


def sensitivity(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Years = None,
    universe: Universe = None,
    sets: Sets = None,
    factor: Factors = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="What moves this unit's own score and rank; may be repeated. 该单位自身。")
    ] = None,
    draws: Points = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Which choice moves the ranks: first-order and total Sobol indices of the mean rank shift. 敏感性。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.index.intervals import factors_of
    from tidu.index.sensitivity import sensitivity as indices

    framework, panel = house.prepared(file, data, universe=universe, changes=sets or [])
    asked = [panel.unit(name) for name in unit or ()]
    framework, assumed, refused = factors_of(framework, panel, seed)
    found = indices(framework, panel, names=factor or None, draws=draws, seed=seed, progress=progress())
    periods = _periods(found.uncertainty, year)
    rows = {period: found.rows(period) for period in periods}
    units = {own: {period: found.unit_rows(own, period) for period in periods} for own in asked}
    if as_json:
        show.print_json(
            {
                "exact": found.uncertainty.exact,
                "seed": seed,
                "factors": rows,
                "pairs": {period: found.pairs(period) for period in periods},
                "units": units,
                "assumed": list(assumed),
                "refused": {name: error.code for name, error in refused.items()},
                "idle": list(found.uncertainty.idle),
                "points": found.uncertainty.draws,
                "cautions": [asdict(item) for item in found.cautions],
            }
        )
        return
    text = lang.value
    for period, table in rows.items():
        body = [[_label(framework, row["factor"], text), _index(row, "first"), _index(row, "total")] for row in table]
        heads = [show.word(key, text) for key in ("factor", "first_order", "total_effect")]
        show.print_table(
            heads, body, f"{framework.title(text)} {show.dated(period, text)} · {show.word('mean_rank_shift', text)}", right=[1, 2]
        )
        together = [pair for pair in found.pairs(period) if pair["second"] >= TOGETHER]
        if together:
            body = [
                [*(_label(framework, pair[key], text) for key in ("factor", "other")), f"{pair['second']:.2f}"] for pair in together
            ]
            heads = [show.word(key, text) for key in ("factor", "factor", "second_order")]
            show.print_table(heads, body, show.word("together_title", text), right=[2])
        for code, own in units.items():
            cells = [
                [
                    _label(framework, row["factor"], text),
                    *(_index(row, key) for key in ("score_first", "score_total", "rank_first", "rank_total")),
                ]
                for row in own[period]
            ]
            keys = ("score_first", "score_total", "rank_first", "rank_total")
            heads = [show.word("factor", text), *(show.word(key, text) for key in keys)]
            show.print_table(heads, cells, f"{panel.name(code, text)} {show.dated(period, text)}", right=[1, 2, 3, 4])
    told = found.uncertainty
    how = "points_exact_indices" if told.exact else "points_drawn_indices"
    show.print_lines(show.word(how, text, draws=found.evaluations, seed=seed, level="90%"))
    if any(row["first"] != row["first"] for table in rows.values() for row in table):
        show.print_lines(show.word("no_variance", text))
    _print_factors(framework, told, assumed, refused, text)
    for caution in found.cautions:
        values = {"factor": _label(framework, caution.factor, text), "period": caution.period}
        show.print_lines(
            show.word(f"caution_{caution.kind}", text, **values, value=f"{caution.value:.2f}", limit=f"{caution.limit:.2f}")
        )


def acceptability(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Annotated[str | None, typer.Option("--year", help="Period; the last one when left out. 时期。")] = None,
    universe: Universe = None,
    sets: Sets = None,
    node: Annotated[str | None, typer.Option("--node", help="Whose children are weighted; the index when left out. 节点。")] = None,
    draws: Draws = 10_000,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Set one unit against its rivals, pair by pair. 与相邻单位两两比较。")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many rows to print; 0 = all. 显示行数。")] = 20,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Ranks under all weights (SMAA): how often each unit is first, among ten, its central weights. 全部权重下的名次。"""
    from tidu import app as house
    from tidu.core.words import share_text
    from tidu.faces import show
    from tidu.index.all_weights import under_all_weights
    from tidu.publish.tables import write_csv

    text = lang.value
    index = house.make(file, data, universe=universe, changes=sets or [])
    own = None if unit is None else index.panel.unit(unit)
    found = under_all_weights(index, node, year, draws=draws, seed=seed)
    rows = sorted(found.rows(), key=lambda row: (row["expected_rank"], row["unit"]))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "acceptability.csv", rows)
        table = found.pairwise
        write_csv(
            out / "pairwise.csv",
            [{"unit": a, **dict(zip(found.units, table[at].tolist(), strict=True))} for at, a in enumerate(found.units)],
        )
    pairs = [] if own is None else _rivals(found, own)
    if as_json:
        told = {"node": node or index.framework.code, "draws": found.draws, "seed": seed, "units": rows}
        show.print_json(told if own is None else {**told, "unit": own, "above": pairs})
        return
    if own is not None:
        near = sorted(pairs, key=lambda row: (abs(row["share"] - 0.5), row["unit"]))[: top or None]
        body = [[index.panel.name(row["unit"], text), f"{row['expected_rank']:.1f}", share_text(row["share"])] for row in near]
        heads = [show.word("name", text), show.word("expected_rank", text), show.word("above_share", text)]
        show.print_table(heads, body, show.word("pairs_of", text, name=index.panel.name(own, text)), right=[1, 2])
        show.print_lines(show.word("pairs_note", text, draws=found.draws, seed=seed))
        return
    heads = [
        show.word(key, text, k=10) for key in ("name", "expected_rank", "first_share", "top_first", "confidence", "central_weights")
    ]
    body = [
        [
            index.panel.name(row["unit"], text),
            f"{row['expected_rank']:.1f}",
            f"{row['rank_1']:.1%}",
            f"{row['top_10']:.1%}",
            "" if not row["rank_1"] else f"{row['confidence']:.0f}",
            "" if not row["rank_1"] else " · ".join(f"{row[f'weight_{child}']:.2f}" for child in found.children),
        ]
        for row in rows[: top or None]
    ]
    children = ("、" if text == "zh" else ", ").join(index.framework.label(child, text) for child in found.children)
    period = index.periods[index.period(year)]
    show.print_table(heads, body, f"{index.framework.title(text)} {show.dated(period, text)}", right=[1, 2, 3, 4])
    show.print_lines(show.word("smaa_note", text, draws=found.draws, seed=seed, children=children))


def _rivals(found: Any, own: str) -> list[dict[str, Any]]:
    """Every other unit with the share of weights under which the own one scores above it."""
    at, ranks = found.units.index(own), found.expected_rank
    table = found.pairwise
    return [
        {"unit": other, "expected_rank": float(ranks[u]), "share": float(table[at, u])}
        for u, other in enumerate(found.units)
        if u != at
    ]


def _print_factors(framework: Any, found: Any, assumed: tuple[str, ...], refused: Mapping[str, Any], text: str) -> None:
    """Prints the factors at work, whether they are the file's own, and those that do nothing or that the index refuses."""
    from tidu.faces import show

    join = "、" if text == "zh" else ", "
    names = join.join(_label(framework, item.factor, text) for item in found.effects)
    show.print_lines(show.word("factors_assumed" if assumed else "factors_named", text, names=names))
    for name, error in refused.items():
        show.print_lines(
            show.word("factor_refused", text, name=name, why=error.text("zh" if text == "zh" else "en").partition("\n")[0])
        )
    idle = [item.factor for item in found.effects if not item.score > 0]
    lost = [item.factor for item in found.effects if item.score > 0 and item.overruled]
    for key, several in (("factors_idle", idle), ("factors_overruled", lost)):
        if several:
            show.print_lines(show.word(key, text, names=join.join(_label(framework, name, text) for name in several)))


def _index(row: dict[str, Any], key: str) -> str | None:
    """An index with its interval where it is estimated."""
    if row[key] != row[key]:
        return None
    low, high = row.get(f"{key}_low"), row.get(f"{key}_high")
    return f"{row[key]:.2f}" if low is None or high is None else f"{row[key]:.2f} ({low:.2f}–{high:.2f})"


def _periods(found: Any, year: list[str] | None) -> list[str]:
    """The periods asked for, or all. Raises ``unknown_period``."""
    return [found.periods[found.place(period)] for period in year or found.periods]


def _label(framework: Any, name: str, lang: str) -> str:
    """A factor's label in a language, or its name."""
    return getattr(framework.table.uncertain[name].label, lang) or name


def progress() -> Any:
    """A bar on a screen that a person looks at, nothing on a pipe."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(file=sys.stderr), transient=True)
    task = bar.add_task("")

    def told(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return told
