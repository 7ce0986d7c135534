"""The command that plans: what a target takes, as a table of changes with its limits, its proof and its caveats."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tidu.faces.analysis import Seed
from tidu.faces.options import Data, Json, Language, Out, Sets, Universe, language
from tidu.faces.reading import Year

if TYPE_CHECKING:
    from tidu.diagnosis.movement.target import Target
    from tidu.index.result import Index

Source = Annotated[str, typer.Argument(help="Index file, or the name of a shipped index. 指数文件或内置指数名。")]
_METHODS = {
    "linear": "program_linear",
    "integer": "program_integer",
    "log_linear": "program_log_linear",
    "power": "program_power",
    "cuts": "program_cuts",
    "approximate": "program_approximate",
    "search": "program_search",
}
_HELD = {
    "no_lever": "held_no_lever",
    "fixed": "held_fixed",
    "no_figure": "held_no_figure",
    "no_history": "held_no_history",
    "no_room": "held_no_room",
    "shared": "held_shared",
    "conflict": "held_conflict",
}
#: Why an indicator of a plan shows no points, by the word that says it.
_WHY = {"along": "plan_why_along", "bounds": "plan_why_bounds", "just": "plan_why_just", "idle": "plan_why_idle"}
_MOVED = {"bounds": "moved_bounds", "treatment": "moved_treatment", "weights": "moved_weights"}
Text = Literal["zh", "en"]


class Others(StrEnum):
    """What the other units do meanwhile."""

    still = "still"
    trend = "trend"


class Effort(StrEnum):
    """What is made least: the sum of the shares of the limits, or the largest share."""

    sum = "sum"
    max = "max"


def target(
    lang: Language,
    unit: Annotated[str, typer.Argument(help="Code or exact name of the unit. 单位代码或名称。")],
    file: Source = "city-ip-core",
    rank: Annotated[int | None, typer.Option("--rank", help="Rank to be reached, or a better one. 目标名次。")] = None,
    score: Annotated[float | None, typer.Option("--score", help="Score to be reached. 目标得分。")] = None,
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    fix: Annotated[list[str] | None, typer.Option("--fix", help="Indicator that stays; may be repeated. 不动的指标。")] = None,
    quantile: Annotated[
        float, typer.Option("--quantile", help="Limit: this quantile of what comparable units achieved. 变化上限的分位数。")
    ] = 0.9,
    years: Annotated[
        int | None, typer.Option("--years", min=1, help="Over so many years of the data; two, or one, when left out. 年数。")
    ] = None,
    others: Annotated[
        Others, typer.Option("--others", help="The other units stay, or go on as they did. 其他单位。")
    ] = Others.still,
    effort: Annotated[
        Effort, typer.Option("--effort", help="Least sum of the shares of the limits, or least largest one. 最省力的含义。")
    ] = Effort.sum,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            help="INDICATOR=AMOUNT: how far it may move for the better, in its own unit; may be repeated. 手工给定变化上限。",
        ),
    ] = None,
    near: Annotated[
        list[str] | None,
        typer.Option("--near", help="Comparable: nearest in the logarithm of this column; may be repeated. 按该列找相近单位。"),
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Comparable: units of the same attribute, such as region4. 同组单位。")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many comparable units by size. 可比单位个数。")] = 30,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Points of specifications for the share; 0 = none. 方法设定点数。")
    ] = 256,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """What a target takes: the least demanding changes that reach a rank or a score, or how far they lead. 目标测算。"""
    from tidu import app as house
    from tidu.diagnosis.explanation.peers import peers
    from tidu.diagnosis.movement.levers import comparable
    from tidu.diagnosis.movement.target import target as planned
    from tidu.faces import show

    index = house.make(file, data, universe=universe, changes=sets or [])
    if near or group:
        among = peers(index, unit, year, by=near or (), count=count, logs=True, group=group)
    else:
        among = comparable(index, unit, year, count=count)
    found = planned(
        index,
        unit,
        rank=rank,
        score=score,
        period=year,
        fixed=fix or (),
        quantile=quantile,
        years=years,
        among=among,
        others=others.value,
        effort=effort.value,
        draws=draws,
        seed=seed,
        limits=limits_of(limit or ()),
    )
    written = _write(found, out) if out is not None else 0
    if as_json:
        show.print_json({**record(found), **counted(index)})
        return
    text = language(lang)
    _print(index, found, draws, text)
    if out is not None:
        show.print_lines("", f"{show.word('written', text)} {out}/ ({show.word('files', text, count=written)})")


def limits_of(texts: Sequence[str]) -> dict[str, float]:
    """Indicator → amount, as ``INDICATOR=AMOUNT`` spells it. Raises ``target_limit``.

    >>> limits_of(["patent_transfers=120", "exports = 3.5"])
    {'patent_transfers': 120.0, 'exports': 3.5}
    """
    from tidu.core.errors import UsageError

    made = {}
    for text in texts:
        code, _, amount = text.partition("=")
        try:
            made[code.strip()] = float(amount)
        except ValueError:
            raise UsageError("target_limit", text=text) from None
    return made


def counted(index: Index) -> dict[str, Any]:
    """What counts filings or grants and so is no target, and the policy that says so, as plain values."""
    from dataclasses import asdict

    from tidu.diagnosis.movement.counts import counts
    from tidu.index.permit import policy

    return {"counts": [asdict(one) for one in counts(index.framework)], "policy": {lang: policy(lang) for lang in ("zh", "en")}}


def record(found: Target) -> dict[str, Any]:
    """A target as plain values."""
    from dataclasses import asdict

    plain = asdict(found)
    plain["moves"] = [{**item, "change": move.change} for item, move in zip(plain["moves"], found.moves, strict=True)]
    plain["peers"] = list(found.peers.units)
    return plain


def _write(found: Target, folder: Any) -> int:
    """How many CSV files were written: the target, its moves, its rounds, what is held; none for a table without rows."""
    from tidu.publish.tables import write_csv

    folder.mkdir(parents=True, exist_ok=True)
    plain = record(found)
    moves = [{"unit_code": found.unit, **_flat(item)} for item in plain["moves"]]
    head = {key: value for key, value in plain.items() if not isinstance(value, list | tuple | dict)}
    tables = {
        "target.csv": [head],
        "moves.csv": moves,
        "rounds.csv": [{**item, "moved": " ".join(item["moved"])} for item in plain["rounds"]],
        "held.csv": [{"indicator": code, "why": why} for code, why in found.held.items()],
    }
    return len([write_csv(folder / name, rows) for name, rows in tables.items() if rows])


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    label = item.pop("label")
    return {"lever": item.pop("lever"), "indicator": item.pop("code"), "label_zh": label["zh"], "label_en": label["en"], **item}


def _print(index: Index, found: Target, asked: int, text: Text) -> None:
    from tidu.diagnosis.movement.counts import reminder
    from tidu.faces import show

    framework, name = index.framework, index.panel.name(found.unit, text)
    join = "、" if text == "zh" else ", "
    show.print_lines(f"{name} · {framework.title(text)} {show.dated(found.period, text)}", "", _verdict(found, name, text))
    if found.moves:
        _print_moves(found, text)
    if found.moves or not found.already:
        _print_how(index, found, text)
    for why, key in _WHY.items():
        names = [move.label.get(text, move.code) for move in found.moves if move.why == why]
        if names:
            show.print_lines(show.word(key, text, names=join.join(names)))
    if len(found.rounds) > 1:
        _print_rounds(found, text)
    if abs(found.remainder) >= 0.005:
        show.print_lines(show.word("target_remainder", text, points=f"{found.remainder:+.2f}"))
    if found.others == "trend":
        show.print_lines(show.word("target_trend", text, window="–".join(found.window)))
    if found.chance is not None and found.chance_before is not None:
        values = {"rank": found.of_rank, "after": f"{found.chance:.0%}", "before": f"{found.chance_before:.0%}", "n": found.draws}
        show.print_lines(show.word("target_chance", text, **values))
        if not found.reachable and found.wanted_rank is not None and found.chance > 0:
            show.print_lines(show.word("target_chance_missed", text, rank=found.rank))
    elif asked:
        show.print_lines(show.word("target_no_chance", text))
    for reason, key in _HELD.items():
        codes = [code for code, why in found.held.items() if why == reason]
        if codes:
            show.print_lines(show.word(key, text, names=join.join(framework.label(code, text) for code in codes)))
    show.print_lines(*reminder(framework, text), show.word("target_caveat", text), show.word("not_a_target", text))


def _verdict(found: Target, name: str, text: Text) -> str:
    """One sentence: whether the target can be reached, and how."""
    from tidu.faces import show

    if found.wanted_rank is not None:
        goal = show.word("goal_rank", text, rank=found.wanted_rank)
    else:
        goal = show.word("goal_score", text, score=f"{found.wanted_score:g}")
    values = {
        "name": name,
        "goal": goal,
        "stand": _stand(found, text),
        "rank": found.rank,
        "score": f"{found.score:.2f}",
        "count": len(found.moves),
        "columns": len({move.column for move in found.moves}),
        "tried": found.tried,
    }
    if found.already:
        return show.word("target_already", text, **values)
    if found.reachable:
        return show.word("target_reached" if found.exact else "target_reached_approximately", text, **values)
    missed = "target_unreachable" if found.exact else "target_not_found"
    return show.word(missed if found.moves else "target_no_levers", text, **values)


def _stand(found: Target, text: Text) -> str:
    """Where the unit stands without the plan."""
    from tidu.faces import show

    if found.others == "trend":
        start = f"{found.start_score:.2f}"
        return show.word("stand_trend", text, before=found.before_rank, rank=found.start_rank, start=start)
    return show.word("stand_now", text, before=found.before_rank, start=f"{found.before_score:.2f}")


def _print_moves(found: Target, text: Text) -> None:
    from tidu.faces import show

    rows = [
        [
            move.label.get(text, move.code),
            _figure(move.start),
            _figure(move.end),
            _figure(move.limit),
            move.unit,
            f"{move.share:.0%}",
            f"{move.points:+.2f}",
            move.column,
        ]
        for move in found.moves
    ]
    figures = ("figure_now", "figure_then", "figure_limit", "unit_of_figure")
    keys = ("indicator", *figures, "share_of_limit", "points_gained", "data_column")
    show.print_table([show.word(key, text) for key in keys], rows, right=[1, 2, 3, 5, 6])


def _figure(value: float) -> str:
    """A figure with two decimals, with four digits where it is below one."""
    return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}"


def _print_how(index: Index, found: Target, text: Text) -> None:
    from tidu.faces import show

    join = "、" if text == "zh" else ", "
    first = join.join(index.panel.name(code, text) for code in found.peers.units[:6])
    more = "" if len(found.peers.units) <= 6 else " …"
    if any(move.among != "given" for move in found.moves) or found.window[0] != found.window[1]:
        _print_observed(index, found, first + more, text)
    given = [move for move in found.moves if move.among == "given"]
    if given:
        show.print_lines(show.word("target_given", text, names=join.join(move.label.get(text, move.code) for move in given)))
    if found.reachable:
        exact = show.word("target_exact" if found.exact else "target_not_exact", text, tried=found.tried)
        method = show.word(_METHODS[found.method], text)
        used = {"effort": f"{found.effort:.2f}", "largest": f"{found.largest:.0%}"}
        show.print_lines(show.word("target_method", text, method=method, **used) + exact)


def _print_observed(index: Index, found: Target, names: str, text: Text) -> None:
    """What comparable units achieved, and on how many changes it rests."""
    from tidu.faces import show

    join = "、" if text == "zh" else ", "
    by = {"nearest": "peers_by_size", "group": "peers_by_group"}.get(found.peers.how, "peers_all")
    show.print_lines(
        show.word(
            "target_limits",
            text,
            quantile=f"{found.quantile:g}",
            window="–".join(found.window),
            count=len(found.peers.units),
            how=show.word(by, text, by=join.join(show.column_name(index, name, text) for name in found.peers.by)),
            names=names,
        )
    )
    thin = [move for move in found.moves if move.among == "all" and found.peers.how != "universe" and move.seen >= 10]
    if thin:
        names = join.join(move.label.get(text, move.code) for move in thin)
        show.print_lines(show.word("target_few", text, names=names))
    few = [move for move in found.moves if move.seen < 10 and move.among != "given"]
    if few:
        names = join.join(f"{move.label.get(text, move.code)} ({move.seen})" for move in few)
        show.print_lines(show.word("target_thin", text, names=names))


def _print_rounds(found: Target, text: Text) -> None:
    from tidu.faces import show

    join = "、" if text == "zh" else ", "
    moved = {part for item in found.rounds for part in item.moved}
    causes = join.join(show.word(_MOVED[part], text) for part in _MOVED if part in moved)
    if causes:
        key = "target_rounds_searched" if found.method == "search" else "target_rounds"
        show.print_lines(show.word(key, text, count=len(found.rounds), causes=causes))
    else:
        show.print_lines(show.word("target_rounds_trimmed", text, count=len(found.rounds)))
    rows = [
        [at + 1, f"{item.aimed:.4f}", f"{item.score:.4f}", f"{item.asked:.4f}", item.rank, f"{item.effort:.3f}"]
        for at, item in enumerate(found.rounds)
    ]
    keys = ("round", "score_aimed", "score_rebuilt", "score_asked", "rank", "effort_used")
    show.print_table([show.word(key, text) for key in keys], rows, right=range(6))
