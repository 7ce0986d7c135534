"""The pictures of an audit: correlations as a heat map, weight beside importance, what each removal and switch moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.diagnosis.coherence import correlations
from tidu.diagnosis.examination import Examination

if TYPE_CHECKING:
    import altair

#: Orange – white – blue: told apart by people who see no red or green, and by lightness in print.
_DIVERGING = ["#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac"]
_WEIGHT, _IMPORTANCE, _LINE = "#d98200", "#0b5394", "#b7b7b7"
#: Up to this many indicators the figures are written into the map.
_WRITTEN = 24


def _shortened(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _labels(seen: Examination, codes: Sequence[str], lang: str) -> list[str]:
    """Labels that differ: where two nodes have the same one, the code stands beside it."""
    named = [_shortened(seen.index.framework.label(code, lang)) for code in codes]
    return [name if named.count(name) == 1 else f"{name} ({code})" for name, code in zip(named, codes, strict=True)]


def correlation_map(seen: Examination, lang: str) -> altair.TopLevelMixin:
    """A heat map of the correlations between indicators, in the tree's order; the figures stand in it where they fit."""
    import altair as alt

    codes = [item.code for item in seen.treated]
    names, period = _labels(seen, codes, lang), None if seen.period == "*" else seen.period
    r = correlations(seen.index, codes, period="*" if period is None else period)
    rows = [
        {"row": names[i], "column": names[j], "r": round(float(r[i, j]), 3), "said": f"{r[i, j]:.2f}".replace("0.", ".")}
        for i in range(len(codes))
        for j in range(i)
        if r[i, j] == r[i, j]
    ]
    size = 30 if len(codes) <= _WRITTEN else 14
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("column:N", sort=names, title=None, axis=alt.Axis(labelAngle=-50, labelLimit=260)),
        y=alt.Y("row:N", sort=names, title=None, axis=alt.Axis(labelLimit=260)),
    )
    scale = alt.Scale(domain=[-1, -0.66, -0.33, 0, 0.33, 0.66, 1], range=_DIVERGING)
    drawn: Any = base.mark_rect(stroke="#fff").encode(
        color=alt.Color("r:Q", scale=scale, legend=alt.Legend(title="r", values=[-1, -0.5, 0, 0.5, 1]))
    )
    if len(codes) <= _WRITTEN:
        shade = alt.condition("abs(datum.r) > 0.8", alt.value("#fff"), alt.value("#222"))
        drawn = alt.layer(drawn, base.mark_text(fontSize=10).encode(text="said:N", color=shade))
    drawn = drawn.properties(width=alt.Step(size), height=alt.Step(size))
    return _plain(drawn)


def weight_beside_importance(seen: Examination, lang: str) -> altair.TopLevelMixin:
    """A line from the nominal weight of each child to its share of importance, grouped by node."""
    import altair as alt

    label = seen.index.framework.label
    rows: list[dict[str, Any]] = []
    for item in seen.importance:
        if item.share_main != item.share_main or item.weight >= 1 - 1e-12:
            continue
        name = f"{_shortened(label(item.parent, lang), 20)} · {_shortened(label(item.node, lang), 30)}"
        rows.append({"name": name, "weight": item.weight, "share": item.share_main})
    order = list(dict.fromkeys(row["name"] for row in rows))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=420, grid=True, gridColor="#f0f0f0"))
    )
    axis = alt.X("weight:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0))
    kinds = [word("nominal_weight", lang), word("importance_share", lang)]
    lines = base.mark_rule(color=_LINE, strokeWidth=3).encode(x=axis, x2="share:Q")
    dots = [
        base.transform_calculate(kind=f"'{kind}'")
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            x=field,
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[_WEIGHT, _IMPORTANCE]), title=None),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["diamond", "circle"]), title=None),
        )
        for kind, field in ((kinds[0], "weight:Q"), (kinds[1], "share:Q"))
    ]
    drawn: Any = alt.layer(lines, *dots).properties(width=420, height=alt.Step(19))
    return _plain(drawn.configure_legend(orient="top"))


def shifts(rows: Sequence[tuple[str, float]], lang: str) -> altair.TopLevelMixin:
    """A bar for each removal or switch: by how many places ranks move on average, the most first."""
    import altair as alt

    found = sorted(((_shortened(name), size) for name, size in rows if size == size), key=lambda row: -row[1])
    values = [{"name": name, "shift": round(size, 3)} for name, size in found]
    order = [name for name, _ in found]
    drawn: Any = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=_IMPORTANCE)
        .encode(
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)),
            x=alt.X("shift:Q", title=word("mean_shift", lang)),
        )
        .properties(width=420, height=alt.Step(17))
    )
    return _plain(drawn)


def _plain(chart: Any) -> altair.TopLevelMixin:
    chart = chart.properties(padding={"left": 70, "right": 10, "top": 5, "bottom": 5})  # fonts differ in width
    finished: altair.TopLevelMixin = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=11, titleFontSize=11, titleFontWeight="normal", gridColor="#eeeeee", domainColor="#999", tickColor="#999"
    )
    return finished
