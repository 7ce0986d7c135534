"""What a comparison of scenarios prints and hands on: ranks before and after, and what the new fit turned round."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from tidu.faces import show

#: A flip, by the word that says it.
FLIP = {
    "bound": "flip_bound",
    "treatment": "flip_treatment",
    "drawn_in": "flip_drawn_in",
    "weight": "flip_weight",
    "indicator_entered": "flip_indicator_entered",
    "indicator_left": "flip_indicator_left",
    "unit_entered": "flip_unit_entered",
    "unit_left": "flip_unit_left",
}


def amount(value: float, sign: str = "+") -> str:
    """A figure with as many digits as it needs: whole from a thousand on, two decimals from one on, else three digits.

    >>> amount(12345.6), amount(-2.5), amount(0.01234, sign="")
    ('+12,346', '-2.50', '0.0123')
    """
    size = abs(value)
    form = ",.0f" if size >= 1000 else ".2f" if size >= 1 or size == 0 else ".3g"
    return format(value, sign + form)


def print_units(found: Any, text: Any, top: int) -> None:
    """Prints every unit before and under each scenario: the first ``top``, and those whose own figures changed."""
    rows, names = found.rows(), [one.scenario.name for one in found.outcomes]
    shown = rows[: top or None]
    places = {row["unit"] for row in shown}
    shown += [row for row in rows if row["unit"] in found.touched() and row["unit"] not in places]
    if len(names) == 1:
        keys = ("rank", "rank_after", "rank_shift", "unit", "name", "score", "score_after", "difference")
        heads, name = [show.word(key, text) for key in keys], names[0]
        body = [
            [
                row["rank"],
                row["ranks"][name],
                _shift(row["shifts"][name]),
                row["unit"],
                found.base.panel.name(row["unit"], text),
                row["score"],
                row["scores"][name],
                f"{row['scores'][name] - row['score']:+.2f}".replace("nan", "—"),
            ]
            for row in shown
        ]
        right = [0, 1, 2, 5, 6, 7]
    else:
        heads = [show.word(key, text) for key in ("rank", "unit", "name", "score")]
        heads += [one.scenario.title(text) for one in found.outcomes]
        body = [
            [
                row["rank"],
                row["unit"],
                found.base.panel.name(row["unit"], text),
                row["score"],
                *(show.cell(row["ranks"][name]) + _in_brackets(row["shifts"][name]) for name in names),
            ]
            for row in shown
        ]
        right = [0, 3, *range(4, 4 + len(names))]
    show.print_table(heads, body, f"{found.base.framework.title(text)} {show.dated(found.period, text)}", right=right)


def print_nodes(found: Any, unit: str, text: Any) -> None:
    """Prints one unit node by node, before and under each scenario."""
    names = [one.scenario.name for one in found.outcomes]
    heads = [show.word(key, text) for key in ("node", "score", "rank")]
    for one in found.outcomes:
        title = one.scenario.title(text) if len(names) > 1 else show.word("once_changed", text)
        heads += [f"{title} · {show.word('score', text)}", f"{title} · {show.word('rank', text)}"]
    table = {row["node"]: row for row in found.nodes(unit)}
    body = []
    for code in found.base.framework.downwards():
        row = table[code]
        line: list[Any] = ["  " * row["depth"] + found.base.framework.label(code, text), row["score"], row["rank"]]
        for name in names:
            now = row["ranks"].get(name)
            moved = None if now is None or row["rank"] is None else row["rank"] - now
            line += [row["scores"].get(name), show.cell(now) + _in_brackets(moved)]
        body.append(line)
    title = f"{found.base.panel.name(unit, text)} · {found.base.framework.title(text)} {show.dated(found.period, text)}"
    show.print_table(heads, body, title, right=list(range(1, len(heads))))


def _shift(shift: int | None) -> str:
    return "—" if shift is None else f"↑{shift}" if shift > 0 else f"↓{-shift}" if shift < 0 else "="


def _in_brackets(shift: int | None) -> str:
    return "" if not shift else f" ({_shift(shift)})"


def shifted(found: Any, one: Any, text: Any) -> str:
    """How many ranks moved, by how much on average, and who rose and fell most."""
    name = one.scenario.name
    rows = [(row["unit"], row["shifts"][name]) for row in found.rows() if row["shifts"][name] is not None]
    moved = [row for row in rows if row[1]]
    if not moved:
        return show.word("no_rank_moved", text, of=len(rows))
    join = "、" if text == "zh" else ", "
    up = [row for row in sorted(moved, key=lambda row: -row[1]) if row[1] > 0][:3]
    down = [row for row in sorted(moved, key=lambda row: row[1]) if row[1] < 0][:3]
    named = [
        join.join(f"{found.base.panel.name(unit, text)} {_shift(shift)}" for unit, shift in some) or "—" for some in (up, down)
    ]
    mean = amount(sum(abs(shift) for _, shift in rows) / len(rows), sign="")
    return show.word("ranks_moved", text, moved=len(moved), of=len(rows), mean=mean, up=named[0], down=named[1])


def print_flips(found: Any, one: Any, text: Any, limit: int = 8) -> None:
    """Prints what the new fit turned round in the period looked at, the first ``limit`` of it, and how much more there is."""
    here = [flip for flip in one.flips if flip.period in (None, found.period)]
    for flip in here[:limit]:
        show.print_lines("  " + _flip(found, one, flip, text))
    more, away = len(here) - limit, len(one.flips) - len(here)
    if more > 0 or away:
        show.print_lines("  " + show.word("more_flips", text, more=max(more, 0), away=away))


def _flip(found: Any, one: Any, flip: Any, text: Any) -> str:
    """A flip as a sentence."""
    name = found.base.panel.name
    frameworks = (found.base.framework, one.index.framework)
    labels = [framework.label(flip.what, text) for framework in frameworks if flip.what in framework.nodes]
    values: dict[str, Any] = {"what": labels[0] if labels else name(flip.what, text), "before": flip.before, "after": flip.after}
    if flip.kind == "bound":
        values["side"] = show.word("bound_smallest" if flip.side == "low" else "bound_largest", text)
        for key, figure, unit in zip(("before", "after"), (flip.before, flip.after), flip.units, strict=True):
            values[key] = amount(figure, sign="") + (f" ({name(unit, text)})" if unit else "")
    elif flip.kind == "weight":
        values |= {"before": f"{flip.before:.3f}", "after": f"{flip.after:.3f}"}
    elif flip.kind == "drawn_in":
        values |= {"before": f"{flip.before:.0f}", "after": f"{flip.after:.0f}"}
    return show.word(FLIP[flip.kind], text, **values)


def flat(row: dict[str, Any], found: Any) -> dict[str, Any]:
    """A row of a comparison as one line of a table."""
    unit = row["unit"]
    line = {"unit": unit, "name_zh": found.base.panel.name(unit, "zh"), "name_en": found.base.panel.name(unit, "en")}
    line |= {"period": found.period, "score": row["score"], "rank": row["rank"]}
    for name in row["ranks"]:
        line |= {f"{name}.score": row["scores"][name], f"{name}.rank": row["ranks"][name], f"{name}.shift": row["shifts"][name]}
    return line


def flip_row(scenario: str, flip: Any) -> dict[str, Any]:
    """A flip as one line of a table."""
    return {"scenario": scenario, **asdict(flip), "units": " ".join(flip.units)}


def compared(found: Any, unit: str | None, top: int | None, kept: Path | None) -> dict[str, Any]:
    """A comparison as plain values."""
    rows = found.rows()
    touched = found.touched()
    shown = [row for at, row in enumerate(rows) if top is None or at < top or row["unit"] in touched]
    return {
        "period": found.period,
        "scenarios": [
            {
                "name": one.scenario.name,
                "label": dict(one.scenario.label),
                "changes": list(one.scenario.changes),
                "flips": [asdict(flip) for flip in one.flips],
            }
            for one in found.outcomes
        ],
        **({"units": shown} if unit is None else {"unit": unit, "nodes": found.nodes(unit)}),
        **({} if kept is None else {"saved": str(kept)}),
    }
