"""The pictures of the test of the gradient: means by belt, slopes with intervals, parts by indicator, densities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.geography.gradient import Gradient
from tidu.diagnosis.geography.verdict import SURE, belt_name, sample_name
from tidu.publish.charts.style import plain
from tidu.publish.documents.gradient_tables import label

if TYPE_CHECKING:
    import altair

#: From the coast inwards: told apart by lightness, in print and by people who see no red or green.
BELTS = ("#0b3c5d", "#2f7f86", "#c9a86a", "#b4532a", "#6b4c7a", "#7f8c8d")
DASHES = ([1, 0], [8, 3], [4, 3], [2, 2])
#: A part that makes the gradient, and one that runs against it.
_MAKES, _AGAINST = "#0b3c5d", "#b4532a"


def node_label(found: Gradient, node: str, lang: Language) -> str:
    """A node's label; the index itself is told in one word.

    >>> from tidu import app
    >>> from tidu.diagnosis.geography.gradient import gradient
    >>> node_label(gradient(app.make("city-ip-core"), 2023, permutations=0), "city-ip-core", "en")
    'overall'
    """
    return word("measure_overall", lang) if node == found.root else label(found, node, lang)


def belt_means(found: Gradient, lang: Language) -> altair.TopLevelMixin:
    """The mean of each belt with its 95 % interval, one panel a node, belts from the coast inwards."""
    import altair as alt

    names = {group: belt_name(found, group, lang) for group in found.belts}
    rows = []
    for row in found.means:
        if row.by == found.belt and row.group in names:
            interval = {} if row.low != row.low else {"low": round(row.low, 3), "high": round(row.high, 3)}
            rows.append(
                {
                    "node": node_label(found, row.node, lang),
                    "belt": names[row.group],
                    "mean": round(row.mean, 3),
                    "said": f"{row.mean:.1f}",
                    **interval,
                }
            )
    order = list(names.values())
    base = alt.Chart(alt.InlineData(values=rows), height=alt.Step(24), width=240).encode(
        y=alt.Y("belt:N", sort=order, title=None), color=alt.Color("belt:N", sort=order, scale=_scale(order), legend=None)
    )
    axis = alt.X("mean:Q", title=None, axis=alt.Axis(tickCount=4))
    bars = base.mark_rule(strokeWidth=4, opacity=0.45).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(x=axis)
    said = base.mark_text(dy=-10, fontSize=10, color="#333").encode(x="mean:Q", text="said:N", color=alt.value("#333"))
    nodes = [node_label(found, node, lang) for node in found.nodes]
    drawn: Any = (
        alt.layer(bars, dots, said)
        .facet(
            facet=alt.Facet("node:N", sort=nodes, title=None, header=alt.Header(labelFontSize=12, labelFontWeight="bold")),
            columns=3,
        )
        .resolve_axis(x="independent")
    )
    return plain(drawn, 60)


def slopes(found: Gradient, lang: Language) -> altair.TopLevelMixin:
    """The slope of the index on distance over each sample with its 95 % interval, as it stands and without what is coastal.

    The permutation test decides, not the interval: a dot is filled where its p is below :data:`SURE`, else hollow on a faint bar.
    """
    import altair as alt

    rounds = [(found, word("as_it_stands", lang))]
    if found.without is not None:
        rounds.append((found.without, word("without_coastal", lang)))
    rows, order = [], []
    for one, kind in rounds:
        for row in one.slopes:
            if (row.node, row.on) != (one.root, "distance"):
                continue
            name = sample_name(one, row.sample, row.group, lang)
            order.append(name)
            fit = row.line
            rows.append({"sample": name, "kind": kind, "slope": round(fit.slope, 4), "sure": bool(fit.p < SURE)})
            if fit.low == fit.low and row.sample != "between":  # four belts give no interval that fits on a page
                rows[-1] |= {"low": round(fit.low, 4), "high": round(fit.high, 4)}
    kinds = [kind for _, kind in rounds]
    colours = alt.Scale(domain=kinds, range=[_MAKES, "#c08a2e"][: len(kinds)])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("sample:N", sort=list(dict.fromkeys(order)), title=None, axis=alt.Axis(grid=True, labelLimit=220)),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=alt.Color("kind:N", sort=kinds, title=None, scale=colours),
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color="#666", strokeDash=[4, 3]).encode(x="zero:Q")
    told = alt.condition("datum.sure", alt.value(1), alt.value(0))
    faint = alt.condition("datum.sure", alt.value(0.9), alt.value(0.3))
    bars = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", opacity=faint)
    dots = base.mark_point(filled=True, size=70, opacity=1, strokeWidth=1.8).encode(
        fillOpacity=told,
        stroke=alt.Stroke("kind:N", sort=kinds, title=None, scale=colours, legend=None),
        x=alt.X("slope:Q", title=word("points_per_100_km", lang)),
        shape=alt.Shape("kind:N", sort=kinds, title=None, scale=alt.Scale(domain=kinds, range=["circle", "diamond"][: len(kinds)])),
    )
    drawn: Any = alt.layer(zero, bars, dots).properties(width=560, height=alt.Step(16))
    return plain(drawn.configure_legend(orient="top"), 60)


def parts(found: Gradient, lang: Language) -> altair.TopLevelMixin:
    """What each indicator adds to the slope of the index over all units: bars below zero make the gradient."""
    import altair as alt

    own = sorted((row for row in found.forces if row.sample == "all" and row.part == row.part), key=lambda row: row.part)
    order = [found.index.framework.label(row.indicator, lang) for row in own]
    rows = [{"name": name, "part": round(row.part, 5)} for name, row in zip(order, own, strict=True)]
    drawn: Any = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(height=12)
        .encode(
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
            x=alt.X("part:Q", title=word("points_per_100_km", lang)),
            color=alt.condition("datum.part < 0", alt.value(_MAKES), alt.value(_AGAINST)),
        )
        .properties(width=460, height=alt.Step(20))
    )
    return plain(drawn, 60)


def densities(found: Gradient, lang: Language) -> altair.TopLevelMixin:
    """The kernel density of the index's score in each belt, on one axis."""
    import altair as alt

    names = [belt_name(found, group, lang) for group in found.belts]
    rows = [
        {"belt": belt_name(found, row.group, lang), "score": round(float(x), 3), "density": round(float(y), 6)}
        for row in found.curves
        if row.node == found.root and row.group in found.belts
        for x, y in zip(row.grid.tolist(), row.values.tolist(), strict=True)
    ]
    drawn: Any = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("score:Q", title=word("score", lang), axis=alt.Axis(tickCount=8)),
            y=alt.Y("density:Q", title=None, axis=alt.Axis(labels=False, ticks=False, grid=False)),
            color=alt.Color("belt:N", sort=names, title=None, scale=_scale(names)),
            strokeDash=alt.StrokeDash(
                "belt:N",
                sort=names,
                title=None,
                scale=alt.Scale(domain=names, range=[DASHES[k % len(DASHES)] for k in range(len(names))]),
            ),
        )
        .properties(width=620, height=220)
    )
    return plain(drawn.configure_legend(orient="top"), 60)


def _scale(order: list[str]) -> Any:
    import altair as alt

    return alt.Scale(domain=order, range=[BELTS[k % len(BELTS)] for k in range(len(order))])
