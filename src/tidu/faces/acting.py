"""Commands on what would move a score: what if, what moves a unit, plan targets against time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces.analysis import Seed, Source
from tidu.faces.options import Data, Json, Language, Out, Sets, Universe, language
from tidu.faces.reading import Year

if TYPE_CHECKING:
    from tidu.diagnosis.movement.moves import Move

Top = Annotated[int, typer.Option("--top", min=0, help="How many rows to print; 0 = all. 显示行数。")]
Unit = Annotated[str | None, typer.Option("--unit", help="Code or exact name of one unit. 单位代码或名称。")]

#: What is odd about a slope, by the word that says it.
WHY = {
    "winsorised": "why_winsorised",
    "capped": "why_capped",
    "rank_step": "why_rank_step",
    "grade": "why_grade",
    "sets_bound": "why_sets_bound",
    "best": "why_best",
    "no_weight": "why_no_weight",
    "not_felt": "why_not_felt",
}
#: Why a column is no lever, by the word that says it.
HELD = {
    "no_lever": "moves_no_levers",
    "shared": "held_shared",
    "conflict": "held_conflict",
    "not_plain": "held_not_plain",
}
#: Where a target stands, by the word that says it.
STATE = {
    "not_begun": "plan_not_begun",
    "reached": "plan_reached",
    "on_schedule": "plan_on_schedule",
    "behind": "plan_behind",
    "missed": "plan_missed",
}


def what_if(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    sets: Sets = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="A named scenario; may be repeated to compare several. 方案名。")
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", help="File of named scenarios; --save adds to it. 方案文件。")
    ] = None,
    save: Annotated[
        str | None,
        typer.Option("--save", help="Keep the changes of --set under this name in the file of --scenarios. 另存为方案。"),
    ] = None,
    year: Year = None,
    unit: Unit = None,
    universe: Universe = None,
    top: Top = 20,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Score changed figures on the parameters fitted before. 冻结参数。")
    ] = False,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Change figures or the index file and compare: ranks before and after, and what the new fit turned round. 假设推演。"""
    from tidu import app as house
    from tidu.core.errors import UsageError
    from tidu.diagnosis.movement.what_if import Scenario, named, read_scenarios, save_scenario, shipped_scenarios
    from tidu.diagnosis.movement.what_if import what_if as built
    from tidu.faces import scenarios as told
    from tidu.faces import show
    from tidu.publish.tables import write_csv

    text = language(lang)
    framework, panel = house.prepared(file, data, universe=universe)
    known = shipped_scenarios(framework.code)
    if scenarios is not None and (scenarios.exists() or save is None):
        known |= read_scenarios(scenarios)
    chosen = [named(name, known) for name in dict.fromkeys(scenario or ())]
    if save is not None and not sets:
        raise UsageError("save_without_change", name=save)
    if sets:
        label = {} if save else {key: show.word("changes_given", key) for key in ("zh", "en")}
        chosen.append(Scenario(save or "set", label, tuple(sets)))
    found = built(framework, panel, chosen, frozen=frozen, period=year, seed=seed)
    if unit is not None:
        unit = panel.unit(unit)
    kept = None if save is None else save_scenario(scenarios or Path("scenarios.toml"), chosen[-1])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "what-if.csv", [told.flat(row, found) for row in found.rows()])
        if any(one.flips for one in found.outcomes):
            write_csv(out / "flips.csv", [told.flip_row(one.scenario.name, flip) for one in found.outcomes for flip in one.flips])
    if as_json:
        show.print_json(told.compared(found, unit, top or None, kept))
        return
    if unit is not None:
        told.print_nodes(found, unit, text)
    else:
        told.print_units(found, text, top)
    for one in found.outcomes:
        show.print_lines(f"{one.scenario.title(text)}: " + "; ".join(one.scenario.changes))
        show.print_lines("  " + told.shifted(found, one, text))
        told.print_flips(found, one, text)
    if frozen:
        show.print_lines(show.word("what_if_frozen", text))
    elif any(one.flips for one in found.outcomes):
        show.print_lines(show.word("what_if_refitted", text))
    else:
        show.print_lines(show.word("what_if_no_flips", text))
    if kept is not None:
        show.print_lines(f"{show.word('written', text)} {kept}")
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/")


def moves(
    lang: Language,
    unit: Annotated[str, typer.Argument(help="Code or exact name of the unit. 单位代码或名称。")],
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    node: Annotated[
        str | None, typer.Option("--node", help="The score of this node instead of the total. 看某一节点得分。")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """What moves a unit: points for a step of each data column, and what it takes to pass the next one. 提升抓手。"""
    from tidu import app as house
    from tidu.diagnosis.movement.counts import reminder
    from tidu.diagnosis.movement.moves import ahead
    from tidu.diagnosis.movement.moves import moves as of
    from tidu.faces import show
    from tidu.faces.planning import counted
    from tidu.faces.scenarios import amount
    from tidu.publish.tables import write_csv

    text = language(lang)
    index = house.make(file, data, universe=universe, changes=sets or [])
    found = of(index, unit, year, node)
    code, period = index.panel.unit(unit), index.periods[index.period(year)]
    score, rank = index.score(node, period), index.rank(node, period)
    nxt = ahead(index, code, period, node)
    levers = [move for move in found if move.lever]
    ordered = sorted(levers, key=lambda move: (move.step_share is None, move.step_share or 0.0))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "moves.csv", [_flat(move) for move in found])
    if as_json:
        about = {"unit": code, "period": period, "score": score[code], "rank": rank[code], "next": nxt}
        about["gap"] = None if nxt is None else score[nxt] - score[code]
        show.print_json({**about, "moves": [asdict(move) for move in found], **counted(index)})
        return
    rows = []
    join = "、" if text == "zh" else "; "
    for move in ordered:
        better = 1 if index.framework.table.indicator[move.code].better == "higher" else -1
        size = _size(move.slope)
        measure = move.unit or ""
        note = [] if move.why is None else [show.word(WHY[move.why], text)]
        if move.jump is not None and move.jump_points is not None:
            note.append(show.word("felt_from", text, change=amount(move.jump), points=f"{move.jump_points:+.2f}"))
        if move.beyond:
            note.append(show.word("move_beyond", text, names=join.join(index.framework.label(one, text) for one in move.beyond)))
        rows.append(
            [
                join.join(index.framework.label(one, text) for one in _together(move)),
                f"{amount(move.value, sign='')} {measure}".strip(),
                f"{'+' if better > 0 else '-'}{size:,} {measure}".strip(),
                f"{move.slope * better * size:+.3g}" if move.slope == move.slope else "—",
                "—" if move.step_to_pass is None else f"{amount(move.step_to_pass)} {measure}".strip(),
                (move.of or "—") + ("" if move.of_step is None else f" {amount(move.of_step)}"),
                ("；" if text == "zh" else "; ").join(note),
            ]
        )
    keys = ("move_indicator", "move_value", "move_more", "move_points", "move_to_pass", "data_column", "move_remark")
    title = (
        f"{index.panel.name(code, text)} · {index.framework.label(node or index.framework.code, text)} {show.dated(period, text)}"
    )
    show.print_table([show.word(key, text) for key in keys], rows, title, right=[1, 2, 3, 4])
    if nxt is None:
        show.print_lines(show.word("nobody_ahead", text, score=f"{score[code]:.2f}", rank=rank[code] or "—"))
    else:
        gap = {"next": index.panel.name(nxt, text), "gap": f"{score[nxt] - score[code]:.2f}"}
        show.print_lines(show.word("next_ahead", text, score=f"{score[code]:.2f}", rank=rank[code] or "—", **gap))
    listed = "、" if text == "zh" else ", "
    for why, key in HELD.items():
        codes = [one for move in found if move.held == why for one in (_together(move) if why == "no_lever" else [move.code])]
        others = [index.framework.label(one, text) for one in codes]
        if others:
            show.print_lines(show.word(key, text, names=listed.join(others)))
    show.print_lines(show.word("moves_note", text), *reminder(index.framework, text), show.word("not_a_target", text))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/")


def progress(
    lang: Language,
    file: Annotated[str, typer.Argument(help="Index file with plan targets. 含规划目标的指数文件。")],
    data: Data = None,
    year: Year = None,
    unit: Unit = None,
    sets: Sets = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Plan targets against time: done, time gone, and what is needed a year until the end. 规划指标时序进度。"""
    from tidu import app as house
    from tidu.diagnosis.movement.progress import progress as of
    from tidu.diagnosis.movement.progress import targets
    from tidu.faces import show
    from tidu.faces.scenarios import amount
    from tidu.publish.tables import write_csv

    text = language(lang)
    index = house.make(file, data, changes=sets or [])
    found = of(index, unit, year)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "progress.csv", [asdict(item) for item in found])
    if as_json:
        show.print_json([asdict(item) for item in found])
        return
    framework, period = index.framework, index.periods[index.period(year)]
    rows = []
    for item in found:
        growth = "" if item.needed_growth is None else f" ({item.needed_growth:+.1%})"
        rows.append(
            [
                index.panel.name(item.unit, text),
                framework.label(item.code, text) + ("" if item.lever else " *"),
                item.measure or "",
                *(amount(value, sign="") for value in (item.baseline, item.actual, item.expected, item.target)),
                f"{item.done:.0%}",
                f"{item.gone:.0%}",
                show.word(STATE[item.state], text),
                "—" if item.needed is None else amount(item.needed) + growth,
            ]
        )
    keys = ("name", "plan_indicator", "plan_measure", "plan_baseline", "plan_actual", "plan_expected", "plan_target")
    heads = [show.word(key, text) for key in (*keys, "plan_done", "plan_gone", "plan_state", "plan_needed")]
    show.print_table(heads, rows, f"{framework.title(text)} {show.dated(period, text)}", right=[3, 4, 5, 6, 7, 8, 10])
    for item in found:
        if item.lever and item.state == "behind" and item.needed is not None and item.pace is not None:
            values = {"unit": index.panel.name(item.unit, text), "indicator": framework.label(item.code, text)}
            values |= {"needed": amount(item.needed), "pace": amount(item.pace), "measure": item.measure or ""}
            end = {"end": item.end, "reached": amount(item.at_this_pace or 0.0, sign=""), "target": amount(item.target, sign="")}
            show.print_lines(show.word("plan_advice", text, **values, **end))
    if any(not item.lever for item in found):
        show.print_lines("* " + show.word("plan_no_lever", text))
    others = [framework.label(leaf, text) for leaf in framework.leaves if leaf not in targets(index)]
    if others:
        show.print_lines(show.word("plan_without_time", text, names=("、" if text == "zh" else ", ").join(others)))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/")


# --- how it is shown --------------------------------------------------------------------------------------------------


def _together(move: Move) -> list[str]:
    """The indicators that a column moves, the one that the step is told in first."""
    return [move.code, *(one.code for one in move.fed if one.code != move.code)]


def _flat(move: Move) -> dict[str, Any]:
    """A move as the row of a table."""
    plain = {key: " ".join(value) if isinstance(value, tuple) else value for key, value in vars(move).items() if key != "fed"}
    return {**plain, "fed": " ".join(_together(move))}


def _size(slope: float) -> int:
    """The power of ten of units that is worth a hundredth of a point at least; one where one unit is, or where none is."""
    size = 1
    while 0 < abs(slope) * size < 0.01 and size < 10**9:
        size *= 10
    return size
