"""Scores by distance to the coast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tidu.core.words import word
from tidu.diagnosis.geography.gradient import Gradient
from tidu.diagnosis.geography.places import places
from tidu.publish.charts.style import DEEP, MID, WARM, plain, rows_of

if TYPE_CHECKING:
    import altair


def gradient_scatter(
    found: Gradient, node: str | None = None, lang: str = "zh", named: int = 8, link: Callable[[str], str] | None = None
) -> altair.TopLevelMixin:
    """A dot for each unit at its distance to the coast and its score, with the line of the test; the first ``named`` are named.

    ``link`` gives the address that a unit's dot leads to. Raises ``unknown_node``.
    """
    import altair as alt

    index, top = found.index, node or found.root
    t, place = index.period(found.period), index.framework.node(top).place
    where = places(index.panel)
    first = {unit for unit, _, _ in index.top(named, found.period, top)}
    rows: list[dict[str, Any]] = []
    for u, unit in enumerate(index.units):
        score, away = float(index.scores[u, t, place]), float(where.distance[u])
        if index.shown[u] and score == score and away == away:
            name = index.panel.name(unit, lang)
            tip = word("dot_by_coast", lang, name=name, away=f"{away:.0f}", score=f"{score:.1f}")
            row = {"away": round(away, 1), "score": round(score, 3), "tip": tip, "said": name if unit in first else ""}
            rows.append(row if link is None else row | {"to": link(unit)})
    _parted(rows)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("away:Q", title=word("distance_to_coast", lang)), y=alt.Y("score:Q", title=word("score", lang))
    )
    dots = base.mark_point(filled=True, color=MID, size=38, opacity=0.65).encode(
        tooltip="tip:N", **({} if link is None else {"href": "to:N"})
    )
    said = base.mark_text(align="left", dx=6, fontSize=10, color=DEEP).encode(text="said:N")
    layers = [dots, said]
    slope = found.slope(top)
    if slope is not None and slope.line.slope == slope.line.slope and rows:
        far = max(row["away"] for row in rows)
        ends = [{"away": x, "score": slope.line.intercept + slope.line.slope * x / 100.0} for x in (0.0, far)]
        layers.append(alt.Chart(rows_of(ends)).mark_line(color=WARM, strokeWidth=2.2).encode(x="away:Q", y="score:Q"))
    whole: Any = alt.layer(*layers).properties(width=480, height=300)
    return plain(whole)


def _parted(rows: list[dict[str, Any]]) -> None:
    """Takes away the names that would lie on another: the higher one of two is kept."""
    far, high = max((row["away"] for row in rows), default=1.0) or 1.0, max((row["score"] for row in rows), default=1.0) or 1.0
    kept: list[tuple[float, float]] = []
    for row in sorted((row for row in rows if row["said"]), key=lambda row: -row["score"]):
        at = (row["away"] / far, row["score"] / high)
        if any(abs(at[0] - x) < 0.16 and abs(at[1] - y) < 0.045 for x, y in kept):
            row["said"] = ""
        else:
            kept.append(at)
