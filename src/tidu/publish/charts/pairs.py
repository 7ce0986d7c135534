"""Two units beside each other, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, INK, MID, PALE, SAND, WARM, plain, rows_of, told_apart

if TYPE_CHECKING:
    import altair


#: How units are told apart, in order: by colour and by shape.
COLOURS, SHAPES = (DEEP, WARM, MID, SAND, INK), ("circle", "diamond", "square", "triangle-up", "cross")


def dot_said(who: str, node: str, score: float, lang: str) -> str:
    """What a dot says.

    >>> dot_said("Hangzhou", "overall", 54.321, "en")
    'Hangzhou, overall: 54.3'
    """
    return word("dot_of_node", lang, name=who, node=node, score=f"{score:.1f}")


def dumbbell(
    index: Index, unit: str, other: str, lang: str = "zh", period: str | int | None = None, nodes: Sequence[str] = ()
) -> altair.TopLevelMixin:
    """A line from one unit's score to another's at the index and its first-level nodes, or at ``nodes``.

    Raises ``unknown_unit``, ``unknown_node``, ``unknown_period``.
    """
    import altair as alt

    root = index.framework.code
    asked = tuple(nodes) or (root, *index.framework.node(root).children)
    units = [index.panel.unit(unit), index.panel.unit(other)]
    names = told_apart({code: index.panel.name(code, lang) for code in dict.fromkeys(units)})
    t = index.period(period)
    labels = told_apart(
        {node: word("measure_overall", lang) if node == root else index.framework.label(node, lang) for node in asked}
    )
    rows: list[dict[str, Any]] = []
    for node in asked:
        place = index.framework.node(node).place
        found = [float(index.scores[index.units.index(code), t, place]) for code in units]
        if any(score != score for score in found):
            continue
        rows.append({"node": labels[node], "one": round(found[0], 3), "two": round(found[1], 3)})
    base = alt.Chart(rows_of(rows)).encode(y=alt.Y("node:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)))
    line = base.mark_rule(color=PALE, strokeWidth=5).encode(x=alt.X("one:Q", title=word("score", lang)), x2="two:Q")
    scored = [
        {"node": row["node"], "who": names[code], "score": row[field], "said": dot_said(names[code], row["node"], row[field], lang)}
        for row in rows
        for code, field in zip(units, ("one", "two"), strict=True)
    ]
    dots = (
        alt.Chart(rows_of(scored))
        .mark_point(filled=True, size=120, opacity=1)
        .encode(
            x="score:Q",
            y=alt.Y("node:N", sort=None),
            color=alt.Color("who:N", title=None, sort=None, scale=alt.Scale(range=list(COLOURS))),
            shape=alt.Shape("who:N", title=None, sort=None, scale=alt.Scale(range=list(SHAPES))),
            tooltip="said:N",
        )
    )
    whole: Any = alt.layer(line, dots).properties(width=420, height=alt.Step(28))
    return plain(whole.configure_legend(orient="top"), left=16)
