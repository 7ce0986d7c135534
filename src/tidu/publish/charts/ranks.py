"""Ranks with how sure they are, and a unit's ranks over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.diagnosis.explanation.profile import years
from tidu.index.intervals import Intervals
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, MID, PALE, SAND, SOFT, WARM, plain, rows_of

if TYPE_CHECKING:
    import altair


def rank_ranges(
    index: Index,
    sure: Intervals,
    period: str | None = None,
    n: int = 20,
    lang: str = "zh",
) -> altair.TopLevelMixin:
    """A dot for each of the first ``n`` units at its rank, on a bar over its specification range.

    Args:
        index: the index whose ranks are shown.
        sure: the ranges of those ranks; a unit without one has no bar.
        period: the period; the last one when left out.
        n: how many units.
        lang: ``zh`` or ``en``.
    """
    import altair as alt

    rows: list[dict[str, Any]] = []
    label = index.periods[index.period(period)]
    ranges = sure.rows(label)
    for unit, rank, score in index.top(n, label):
        own = ranges.get(unit, {"best": rank, "worst": rank})
        bar = {"low": float(own["best"]), "high": float(own["worst"])}
        rows.append({"name": index.panel.name(unit, lang), "rank": rank, **bar, "score": round(score, 2)})
    order = [row["name"] for row in rows]
    base = alt.Chart(rows_of(rows)).encode(y=alt.Y("name:N", sort=order, title=None))
    axis = alt.X(
        "low:Q", title=word("rank", lang), scale=alt.Scale(domainMin=1, nice=False), axis=alt.Axis(tickMinStep=1, grid=True)
    )
    bars = base.mark_bar(color=PALE, height=6, cornerRadius=3).encode(x=axis, x2="high:Q")
    dots = base.mark_point(color=DEEP, filled=True, size=70, opacity=1).encode(
        x="rank:Q", tooltip=[alt.Tooltip("name:N"), alt.Tooltip("rank:Q"), alt.Tooltip("score:Q")]
    )
    title = alt.TitleParams(
        f"{index.framework.title(lang)} {label}",
        subtitle=word("range_picture", lang, count=sure.found.draws, level=f"{sure.level:.0%}"),
        anchor="start",
        fontSize=13,
    )
    return plain(alt.layer(bars, dots).properties(width=520, height=alt.Step(18), title=title))


def history(
    index: Index, unit: str, node: str | None = None, lang: str = "zh", sure: Intervals | None = None
) -> altair.TopLevelMixin:
    """A unit's score and rank at a node over the periods: marks by light, ranks with their range where ``sure`` is given.

    A light compares a score with the unit's own mean over the periods (:func:`~tidu.diagnosis.explanation.profile.light`). Ranges
    are of the index as a whole and stand beside its own rank only. Raises ``unknown_unit``, ``unknown_node``.
    """
    import altair as alt

    code, top = index.panel.unit(unit), node or index.framework.code
    lights = {"green": word("light_green", lang), "yellow": word("light_yellow", lang), "red": word("light_red", lang)}
    rows: list[dict[str, Any]] = []
    for year in years(index, code, top):
        if year.score != year.score:
            continue
        row: dict[str, Any] = {"period": year.period, "score": round(year.score, 3), "rank": year.rank}
        row["light"] = lights.get(year.light or "", "—")
        own = sure.rows(year.period).get(code) if sure is not None and top == index.framework.code else None
        if own is not None:
            row |= {"best": float(own["best"]), "worst": float(own["worst"])}
        rows.append(row)
    axis = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0))
    base = alt.Chart(rows_of(rows), width=230, height=150).encode(x=axis)
    domain = [*lights.values(), "—"]
    seen = [light for light in domain if any(row["light"] == light for row in rows)]
    colours, shapes = [MID, SAND, WARM, SOFT], ["triangle-up", "circle", "triangle-down", "square"]
    pick = [domain.index(light) for light in seen]
    legend = None if seen == ["—"] else alt.Legend(orient="bottom")
    marks = {
        "color": alt.Color(
            "light:N", title=word("light", lang), legend=legend, scale=alt.Scale(domain=seen, range=[colours[k] for k in pick])
        ),
        "shape": alt.Shape(
            "light:N", title=word("light", lang), legend=legend, scale=alt.Scale(domain=seen, range=[shapes[k] for k in pick])
        ),
    }
    panels = []
    for field, scale in (("score", alt.Scale(zero=False)), ("rank", alt.Scale(reverse=True, zero=False, nice=True))):
        axis_y = alt.Y(f"{field}:Q", title=word(field, lang), scale=scale, axis=alt.Axis(tickMinStep=1 if field == "rank" else 0.1))
        line = base.mark_line(color=SOFT).encode(y=axis_y)
        dots = base.mark_point(filled=True, size=110, opacity=1).encode(y=axis_y, **marks)
        said = base.mark_text(dy=-13, fontSize=11, color=DEEP).encode(
            y=axis_y, text=alt.Text(f"{field}:Q", format=".1f" if field == "score" else "d")
        )
        layers = [line, dots, said]
        if field == "rank" and any("best" in row for row in rows):
            layers.insert(0, base.mark_rule(color=PALE, strokeWidth=8).encode(y=alt.Y("best:Q", scale=scale), y2="worst:Q"))
        panels.append(alt.layer(*layers))
    title = alt.TitleParams(f"{index.panel.name(code, lang)} · {index.framework.label(top, lang)}", anchor="start", fontSize=13)
    return plain(alt.hconcat(*panels, title=title))
