"""What a score or a gap is made of, and what more of one indicator would add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tidu.core.stats import Array, low_high
from tidu.core.words import word
from tidu.diagnosis.explanation.contribution import Contributions, scored_place
from tidu.diagnosis.movement.yardstick import yardstick
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, SAND, SOFT, WARM, plain, rows_of, told_apart

if TYPE_CHECKING:
    import altair


def steps(index: Index, found: Contributions, most: int = 0, leaves: bool = False) -> list[tuple[str, float, float]]:
    """The bars of a waterfall: (node, from, to), from the baseline up to the score.

    Bars are the children of the node that was taken apart, or its indicators where it has fewer than three children or
    ``leaves`` are asked for; with ``most``, the largest so many parts and the rest as one bar named ``…``. What no figure
    explains is a bar named ``place``.

    >>> from tidu import app
    >>> from tidu.diagnosis.explanation.contribution import score_parts
    >>> index = app.make("city-ip-core")
    >>> bars = steps(index, score_parts(index, "110000"))
    >>> [bar[0] for bar in bars], round(bars[-1][2], 2)
    (['output', 'performance', 'potential'], 70.43)
    """
    children = index.framework.node(found.node).children
    names = children if len(children) > 2 and not leaves else found.leaves
    parts = [(name, found.parts[name]) for name in names if name in found.parts]
    if most and len(parts) > most:
        parts.sort(key=lambda part: -abs(part[1]))
        parts = [*parts[: most - 1], ("…", sum(size for _, size in parts[most - 1 :]))]
    if found.place:
        parts.append(("place", found.place))
    made, at = [], found.baseline
    for name, size in parts:
        made.append((name, at, at + size))
        at += size
    return made


def waterfall(index: Index, found: Contributions, lang: str = "zh", most: int = 0, leaves: bool = False) -> altair.TopLevelMixin:
    """The way from the baseline to a score as bars, each a part (:func:`steps`): of a score or of a gap.

    ``found`` is what :func:`tidu.diagnosis.explanation.contribution.score_parts` or ``gap_parts`` gave.
    """
    import altair as alt

    bars = steps(index, found, most, leaves)
    known = {name: index.framework.label(name, lang) for name, _, _ in bars if name in index.framework.nodes}
    labels = told_apart(known) | {"…": "…", "place": word("parts_place_short", lang)}
    first = index.panel.name(found.others[0], lang) if len(found.others) == 1 else word("peers_mean", lang)
    ends = [
        (first if found.others else word("zero_of_scale", lang), found.baseline),
        (index.panel.name(found.unit, lang), found.score),
    ]
    rows: list[dict[str, Any]] = [{"name": ends[0][0], "low": 0.0, "high": ends[0][1], "kind": "end", "said": f"{ends[0][1]:.2f}"}]
    for name, low, high in bars:
        kind = "up" if high >= low else "down"
        rows.append({"name": labels[name], "low": low, "high": high, "kind": kind, "said": f"{high - low:+.2f}"})
    rows.append({"name": ends[1][0], "low": 0.0, "high": ends[1][1], "kind": "end", "said": f"{ends[1][1]:.2f}"})
    for at, row in enumerate(rows):
        row |= {"at": at, "right": max(row["low"], row["high"]), "low": round(row["low"], 4), "high": round(row["high"], 4)}
    base = alt.Chart(rows_of(rows)).encode(
        y=alt.Y("at:O", title=None, axis=alt.Axis(labelExpr=f"{[row['name'] for row in rows]!r}[datum.value]", labelLimit=260))
    )
    drawn = base.mark_bar(height=14).encode(
        x=alt.X("low:Q", title=word("score", lang)),
        x2="high:Q",
        color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["end", "up", "down"], range=[SOFT, DEEP, WARM])),
    )
    said = base.mark_text(align="left", dx=4, fontSize=10).encode(x="right:Q", text="said:N")
    whole: Any = alt.layer(drawn, said).properties(width=420, height=alt.Step(22))
    return plain(whole)


def gains(index: Index, unit: str, code: str, period: str | int | None = None, count: int = 41) -> tuple[Array, Array]:
    """Figures of an indicator from a unit's own to the best one seen, and the points each gains, each (count,).

    All else stays, bounds and weights as fitted. Raises ``unknown_unit``, ``unknown_node``, ``not_scored``, ``moves_differ``.

    >>> from tidu import app
    >>> at, gained = gains(app.make("city-ip-core"), "330100", "gdp_per_capita")
    >>> float(gained[0]), bool((np.diff(gained) > 0).all())
    (0.0, True)
    """
    t = index.period(period)
    u, k = scored_place(index, unit, t, code), index.framework.node(code).place
    seen = index.imputed[index.shown][:, t, k]
    low, high = low_high(np.append(seen, index.imputed[u, t, k]), 0)
    best = high if index.framework.table.indicator[code].better == "higher" else low
    at = np.linspace(float(index.imputed[u, t, k]), float(best), count)
    rows = np.repeat(index.imputed[[u], t], count, axis=0)
    rows[:, k] = at
    scores = yardstick(index, index.units[u], period).nodes(rows)[:, -1]
    return at, scores - scores[0]


def gain_curve(index: Index, unit: str, code: str, lang: str = "zh", period: str | int | None = None) -> altair.TopLevelMixin:
    """Points gained by moving one indicator from a unit's figure to the best one seen, all else still (:func:`gains`)."""
    import altair as alt

    at, gained = gains(index, unit, code, period)
    rows = [{"figure": float(x), "gained": round(float(y), 4)} for x, y in zip(at, gained, strict=True)]
    measure = index.framework.table.indicator[code].unit
    label = index.framework.label(code, lang) + (f" ({measure})" if measure else "")
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("figure:Q", title=label, scale=alt.Scale(zero=False, nice=False)),
        y=alt.Y("gained:Q", title=word("points_gained", lang)),
    )
    start = base.transform_filter("datum.gained == 0").mark_point(filled=True, color=WARM, size=90, opacity=1)
    whole: Any = alt.layer(base.mark_area(color=SAND, opacity=0.25), base.mark_line(color=DEEP, strokeWidth=2.5), start)
    return plain(whole.properties(width=420, height=200))
