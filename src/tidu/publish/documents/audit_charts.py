"""The pictures of an audit: correlations as a heat map, weight beside importance, what each removal and switch moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.diagnosis.audit.examination import Examination
from tidu.publish.charts import matrix
from tidu.publish.charts.style import plain, shortened

if TYPE_CHECKING:
    import altair

_WEIGHT, _IMPORTANCE, _LINE = "#d98200", "#0b5394", "#b7b7b7"


def correlation_map(seen: Examination, lang: str) -> altair.TopLevelMixin:
    """A heat map of the correlations between the audited indicators (:func:`tidu.publish.charts.matrix.correlation_map`)."""
    return matrix.correlation_map(seen.index, [item.code for item in seen.treated], lang, seen.period)


def weight_beside_importance(seen: Examination, lang: str) -> altair.TopLevelMixin:
    """A line from the nominal weight of each child to its share of importance, grouped by node."""
    import altair as alt

    label = seen.index.framework.label
    rows: list[dict[str, Any]] = []
    for item in seen.importance:
        if item.share_main != item.share_main or item.weight >= 1 - 1e-12:
            continue
        name = f"{shortened(label(item.parent, lang), 20)} · {shortened(label(item.node, lang), 30)}"
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
    return plain(drawn.configure_legend(orient="top"), 70)


def shifts(rows: Sequence[tuple[str, float]], lang: str) -> altair.TopLevelMixin:
    """A bar for each removal or switch: by how many places ranks move on average, the most first."""
    import altair as alt

    found = sorted(((shortened(name), size) for name, size in rows if size == size), key=lambda row: -row[1])
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
    return plain(drawn, 70)
