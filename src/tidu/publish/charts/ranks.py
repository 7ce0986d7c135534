"""Ranks with how sure they are, and a unit's ranks over the years."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.diagnosis.explanation.history import years
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
        rows.append({"unit": index.panel.name(unit, lang), "rank": rank, **bar, "score": round(score, 2)})
    order = [row["unit"] for row in rows]
    base = alt.Chart(rows_of(rows)).encode(y=alt.Y("unit:N", sort=order, title=None))
    axis = alt.X(
        "low:Q", title=word("rank", lang), scale=alt.Scale(domainMin=1, nice=False), axis=alt.Axis(tickMinStep=1, grid=True)
    )
    bars = base.mark_bar(color=PALE, height=6, cornerRadius=3).encode(x=axis, x2="high:Q")
    dots = base.mark_point(color=DEEP, filled=True, size=70, opacity=1).encode(
        x="rank:Q",
        tooltip=[
            alt.Tooltip(f"{key}:{kind}", title=word(key, lang)) for key, kind in (("unit", "N"), ("rank", "Q"), ("score", "Q"))
        ],
    )
    title = alt.TitleParams(
        f"{index.framework.title(lang)} {label}",
        subtitle=word("range_picture", lang, count=sure.found.draws, level=f"{sure.level:.0%}"),
        anchor="start",
        fontSize=13,
    )
    return plain(alt.layer(bars, dots).properties(width=520, height=alt.Step(18), title=title))


def year_said(row: dict[str, Any], lang: str) -> str:
    """What the mark of a period says: rank, with its range where there is one, and score.

    >>> year_said({"period": "2023", "score": 54.321, "rank": 5, "best": 3.2, "worst": 6.1}, "en")
    '2023: rank 5 (specification range 3–7), score 54.3'
    """
    told = {"name": row["period"], "rank": row["rank"], "score": f"{row['score']:.1f}"}
    if "best" not in row:
        return word("dot_is", lang, **told)
    return word("dot_with_range", lang, low=floor(row["best"]), high=ceil(row["worst"]), **told)


def history(
    index: Index, unit: str, node: str | None = None, lang: str = "zh", sure: Intervals | None = None
) -> altair.TopLevelMixin:
    """A unit's score and rank at a node over the periods: marks by light, ranks with their range where ``sure`` is given.

    A light compares a score with the unit's own mean so far (:func:`~tidu.diagnosis.explanation.history.light`). Ranges
    are of the index as a whole and stand beside its own rank only. Raises ``unknown_unit``, ``unknown_node``.
    """
    code, top = index.panel.unit(unit), node or index.framework.code
    own = {} if sure is None or top != index.framework.code else {period: sure.rows(period).get(code) for period in index.periods}
    ranges = {period: (floor(row["best"]), ceil(row["worst"])) for period, row in own.items() if row is not None}
    return _history_of(*_history_rows(index, code, top, lang, ranges), lang)


def history_spec(
    index: Index, unit: str, lang: str = "zh", ranges: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, Any]:
    """The same of the index as Vega-Lite values, by a chart made once for all units whose periods have the same lights.

    ``ranges`` is period → the range of the unit's rank. Raises ``unknown_unit``.
    """
    rows, title = _history_rows(index, index.panel.unit(unit), index.framework.code, lang, ranges or {})
    if not rows:
        return _history_of(rows, title, lang).to_dict()
    seen = tuple(sorted({row["light"] for row in rows}))
    spec: dict[str, Any] = json.loads(_history_form(seen, any("best" in row for row in rows), lang))
    spec["datasets"] = dict.fromkeys(spec["datasets"], rows)
    spec["title"]["text"] = title
    return spec


@lru_cache(maxsize=64)
def _history_form(seen: tuple[str, ...], ranged: bool, lang: str) -> str:
    """A history of periods with these lights, as JSON; its figures stand for others."""
    more = {"best": 1.0, "worst": 1.0} if ranged else {}
    rows = [{"period": "2000", "score": 1.0, "rank": 1, "light": light, "said": ""} | more for light in seen]
    return json.dumps(_history_of(rows, "", lang).to_dict())


def _history_rows(
    index: Index, code: str, top: str, lang: str, ranges: Mapping[str, tuple[float, float]]
) -> tuple[list[dict[str, Any]], str]:
    """One row a period with a score, and the title."""
    lights = _lights(lang)
    rows: list[dict[str, Any]] = []
    for year in years(index, code, top):
        if year.score != year.score:
            continue
        row: dict[str, Any] = {"period": year.period, "score": round(year.score, 3), "rank": year.rank}
        row["light"] = lights.get(year.light or "", "—")
        if year.period in ranges:
            row |= dict(zip(("best", "worst"), ranges[year.period], strict=True))
        rows.append(row | {"said": year_said(row, lang)})
    return rows, f"{index.panel.name(code, lang)} · {index.framework.label(top, lang)}"


def _lights(lang: str) -> dict[str, str]:
    return {light: word(f"light_mean_{light}", lang) for light in ("green", "yellow", "red")}


def _history_of(rows: list[dict[str, Any]], title: str, lang: str) -> altair.TopLevelMixin:
    import altair as alt

    axis = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0))
    base = alt.Chart(rows_of(rows), width=230, height=150).encode(x=axis)
    domain = [*_lights(lang).values(), "—"]
    seen = [light for light in domain if any(row["light"] == light for row in rows)]
    colours, shapes = [MID, SAND, WARM, SOFT], ["triangle-up", "circle", "triangle-down", "square"]
    pick = [domain.index(light) for light in seen]
    legend = None if seen == ["—"] else alt.Legend(orient="bottom")
    marks = {
        "color": alt.Color(
            "light:N",
            title=word("beside_mean", lang),
            legend=legend,
            scale=alt.Scale(domain=seen, range=[colours[k] for k in pick]),
        ),
        "shape": alt.Shape(
            "light:N", title=word("beside_mean", lang), legend=legend, scale=alt.Scale(domain=seen, range=[shapes[k] for k in pick])
        ),
    }
    panels = []
    for field, scale in (("score", alt.Scale(zero=True)), ("rank", alt.Scale(reverse=True, zero=False, nice=True))):
        axis_y = alt.Y(f"{field}:Q", title=word(field, lang), scale=scale, axis=alt.Axis(tickMinStep=1 if field == "rank" else 0.1))
        line = base.mark_line(color=SOFT).encode(y=axis_y)
        dots = base.mark_point(filled=True, size=110, opacity=1).encode(y=axis_y, tooltip="said:N", **marks)
        said = base.mark_text(dy=-13, fontSize=11, color=DEEP).encode(
            y=axis_y, text=alt.Text(f"{field}:Q", format=".1f" if field == "score" else "d")
        )
        layers = [line, dots, said]
        if field == "rank" and any("best" in row for row in rows):
            layers.insert(0, base.mark_rule(color=PALE, strokeWidth=8).encode(y=alt.Y("best:Q", scale=scale), y2="worst:Q"))
        panels.append(alt.layer(*layers))
    head = alt.TitleParams(title, anchor="start", fontSize=13)
    return plain(alt.hconcat(*panels, title=head))
