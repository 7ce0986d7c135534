"""A unit's page: where it stands and how sure that is, against whom, why, and what would move it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.explanation.history import light_said
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.moves import Move
from tidu.publish.charts.ranks import history_spec
from tidu.publish.columns import column_label, column_unit, unit_said
from tidu.publish.documents.sentences import difference
from tidu.publish.edition import Edition
from tidu.publish.pages.briefs import brief_address
from tidu.publish.pages.drawings import LINE, RADAR, about_zero, line, polygon, waterfall, zero
from tidu.publish.pages.render import Content, called, live_address, page, specs, text
from tidu.publish.standing import Standing, amount, measured, plain_step, standing
from tidu.publish.tables import outside
from tidu.publish.told import extremes, region, target_said

#: How many bars the way from the peers' mean to the score has.
BARS = 14


def city(edition: Edition, lang: str, address: str, unit: str, printed: bool = False) -> Content:
    """The page of a unit in a language; ``printed`` says that its brief stands beside it."""
    row = next(row for row in edition.ranking() if row["unit"] == unit)
    ranked = edition.ranked
    found = standing(edition, unit)
    tongue: Language = "zh" if lang == "zh" else "en"
    ranks_of = edition.index.rank()
    order = edition.index.framework.downwards()
    levers = [lever(edition, move, tongue) for move in ordered(found.moves) if move.lever]
    values: dict[str, Any] = {"gap": None, "radar": None, "scores": [], "ranks": []}
    if ranked:
        values = {
            "gap": waterfall(edition, found.profile.gap, BARS) if found.profile.gap is not None else None,
            "radar": polygon(edition, unit, found.profile.peers.units, lang),
            "scores": line(found.years, "score"),
            "ranks": line(found.years, "rank", ranges(edition, unit)),
        }
    return page(
        edition,
        lang,
        address,
        "city.html",
        here="ranking",
        unit=unit,
        row=row,
        ranked=ranked,
        found=found,
        lines=sorted(found.profile.nodes, key=lambda line: order.index(line.code)),
        turned=[edition.label(code, lang) for code in found.profile.turned],
        figures=figures(edition, found, lang),
        stands={line.code: line for line in found.profile.nodes},
        ranks_of=ranks_of,
        spans={row["unit"]: row for row in edition.ranking() if row.get("best") is not None},
        peers_by=sorted(found.profile.peers.units, key=lambda code: (ranks_of[code] or 0, code)),
        by=by(edition, found, lang),
        region=region(edition, found, lang),
        extremes={best: extremes(edition, found, best) for best in (True, False)},
        causes=about_zero(list(found.change.parts.items())) if found.change is not None else [],
        levers=levers,
        remarks=any(one["remarks"] for one in levers),
        held=[
            edition.label(code, lang) for code, permit in edition.index.framework.permits.items() if permit.said and not permit.free
        ],
        reminder=reminder(edition.index.framework, lang),
        target=target_said(edition, found.target, lang) if found.target is not None else None,
        refused={what: error.text(tongue).partition("\n")[0] for what, error in found.refused.items()},
        frame={"radar": RADAR, "line": LINE, "zero": zero(found.years)},
        live=live_address(address),
        brief=brief_address(edition, unit, lang),
        printed=printed,
        tied=sum(one.get("tie_group") == row.get("tie_group") for one in edition.ranking()),
        amount=amount,
        column=lambda name: column_label(edition, name, lang),
        w=lambda key, **filled: word(key, lang, **filled),
        light_said=light_said,
        count=len(edition.units),
        outside=outside(row),
        **values,
    )


def city_live(edition: Edition, lang: str, unit: str) -> Content:
    """The script of a unit's page: its score and rank over the years, live."""
    return specs({"course": history_spec(edition.index, unit, lang, ranges(edition, unit))})


def ranges(edition: Edition, unit: str) -> dict[str, tuple[float, float]]:
    """Period → the specification range of a unit's rank; empty where there is none."""
    rows = {period: row for period in edition.index.periods for row in edition.ranking(period) if row["unit"] == unit}
    return {period: (float(row["best"]), float(row["worst"])) for period, row in rows.items() if row.get("best") is not None}


def figures(edition: Edition, found: Standing, lang: str) -> list[dict[str, Any]]:
    """The rows of the table of figures: code, figure as given and as used, unit, letter, percentile, and their peers' mean."""
    index, group = edition.index, found.profile.peers.units
    places = [index.units.index(code) for code in group]
    rows = []
    for one in found.profile.figures:
        k = index.framework.node(one.code).place
        around = index.imputed[places, -1, k]
        seen = around[~np.isnan(around)]
        mean = float(seen.mean()) if seen.size else float("nan")
        rows.append(
            {
                "code": one.code,
                "value": one.value,
                "used": one.used,
                "unit": unit_said(one.unit or "", lang),
                "status": one.status,
                "peers": mean,
            }
        )
    return rows


def ordered(found: tuple[Move, ...]) -> list[Move]:
    """Moves by how small a share of the range of figures passes the next unit, those that do not pass it last."""
    return sorted(found, key=lambda move: (move.step_share is None, move.step_share or 0.0, -move.room))


def lever(edition: Edition, move: Move, lang: Language) -> dict[str, Any]:
    """What a row on a column says: what it feeds, one plain step and its points, what passes the next unit, what is odd."""
    step = plain_step(move.slope) * (1 if edition.index.framework.table.indicator[move.code].better == "higher" else -1)
    remarks = [] if move.why is None else [word(f"why_{move.why}", lang)]
    if move.jump is not None and move.jump_points is not None:
        remarks.append(word("felt_from", lang, change=amount(move.jump, "+"), points=f"{move.jump_points:+.2f}"))
    if move.beyond:
        names = ("、" if lang == "zh" else ", ").join(edition.label(one, lang) for one in move.beyond)
        remarks.append(word("move_beyond", lang, names=names))
    return {
        "code": move.code,
        "with": [one.code for one in move.fed if one.code != move.code],
        "value": amount(move.value),
        "unit": unit_said(move.unit or "", lang),
        "said": measured(move.value, unit_said(move.unit or "", lang)),
        "step": f"{step:+,}" if move.slope == move.slope else "—",
        "points": f"{move.slope * step:+.3f}" if move.slope == move.slope else "—",
        "pass": "—" if move.step_to_pass is None else amount(move.step_to_pass, "+"),
        "share": move.step_share,
        "of": move.of,
        "of_step": _of_step(edition, move, lang),
        "remarks": ("；" if lang == "zh" else "; ").join(remarks),
    }


def _of_step(edition: Edition, move: Move, lang: str) -> str | None:
    """The step in the printed column; nothing where there is none, or where it is the step of the indicator itself."""
    if move.of is None or move.of_step is None or np.isclose(move.of_step, move.step_to_pass or 0.0):
        return None
    return difference(move.of_step, column_unit(edition, move.of, lang), lang)


def by(edition: Edition, found: Standing, lang: str) -> str:
    """Whom a unit is set against, in words."""
    near = found.profile.peers
    if near.units == (found.unit,):
        return text("peers_are_none", lang, **called(edition, lang))
    if near.how != "nearest":
        return text("peers_are_all", lang, count=len(near.units), **called(edition, lang))
    names = ("、" if lang == "zh" else ", ").join(column_label(edition, name, lang) for name in near.by)
    return text("peers_are_near", lang, count=len(near.units), by=names, **called(edition, lang))
