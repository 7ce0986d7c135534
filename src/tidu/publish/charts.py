"""Charts as Altair objects: one specification for a picture drawn here and for a page that is alive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.index.intervals import Intervals
from tidu.index.result import Index

if TYPE_CHECKING:
    import altair

#: Blue for the rank, grey for the range: told apart by people who see no red or green, and in print.
_RANK, _RANGE = "#0b5394", "#b7b7b7"


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
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("name:N", sort=order, title=None))
    axis = alt.X(
        "low:Q", title=word("rank", lang), scale=alt.Scale(domainMin=1, nice=False), axis=alt.Axis(tickMinStep=1, grid=True)
    )
    bars = base.mark_bar(color=_RANGE, height=6, cornerRadius=3).encode(x=axis, x2="high:Q")
    dots = base.mark_point(color=_RANK, filled=True, size=70, opacity=1).encode(
        x="rank:Q", tooltip=[alt.Tooltip("name:N"), alt.Tooltip("rank:Q"), alt.Tooltip("score:Q")]
    )
    title = alt.TitleParams(
        f"{index.framework.title(lang)} {label}",
        subtitle=word("range_picture", lang, count=sure.found.draws, level=f"{sure.level:.0%}"),
        anchor="start",
        fontSize=13,
    )
    chart: Any = alt.layer(bars, dots).properties(width=520, height=alt.Step(18), title=title)
    finished: altair.TopLevelMixin = chart.configure_view(stroke=None).configure_axis(labelFontSize=11, gridColor="#eeeeee")
    return finished


def svg(chart: Any) -> str:
    """A chart as SVG text, drawn here without a browser or a network; texts stay texts."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def write_svg(path: Path, chart: Any) -> Path:
    """The path written: a chart as SVG (:func:`svg`)."""
    path.write_text(svg(chart), encoding="utf-8")
    return path
