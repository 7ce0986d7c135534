"""Tables of shares or correlations as shades: which indicators go together, which rank each unit takes how often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidu.core.stats import Array
from tidu.core.words import word
from tidu.diagnosis.audit.coherence import correlations
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, DIVERGING, plain, rows_of, told_apart

if TYPE_CHECKING:
    import altair

#: Up to this many indicators the figures are written into the map.
WRITTEN = 24


def correlation_map(
    index: Index, codes: Sequence[str] = (), lang: str = "zh", period: str | int | None = None
) -> altair.TopLevelMixin:
    """A heat map of the correlations between indicators after treatment, in the tree's order; figures in it where they fit.

    ``codes`` are all indicators where none are named; ``period`` ``"*"`` pools all. Raises what
    :func:`tidu.diagnosis.audit.coherence.correlations` raises.
    """
    import altair as alt

    asked = tuple(codes) or index.framework.leaves
    labels = told_apart({code: index.framework.label(code, lang) for code in asked})
    names = [labels[code] for code in asked]
    r = correlations(index, asked, period=period)
    rows = [
        {"row": names[i], "column": names[j], "r": round(float(r[i, j]), 3), "said": f"{r[i, j]:.2f}".replace("0.", ".")}
        for i in range(len(asked))
        for j in range(i)
        if r[i, j] == r[i, j]
    ]
    size = 30 if len(asked) <= WRITTEN else 14
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("column:N", sort=names, title=None, axis=alt.Axis(labelAngle=-50, labelLimit=260)),
        y=alt.Y("row:N", sort=names, title=None, axis=alt.Axis(labelLimit=260)),
    )
    scale = alt.Scale(domain=[-1, -0.66, -0.33, 0, 0.33, 0.66, 1], range=list(DIVERGING))
    drawn: Any = base.mark_rect(stroke="#fff").encode(
        color=alt.Color("r:Q", scale=scale, legend=alt.Legend(title="r", values=[-1, -0.5, 0, 0.5, 1], format=".1f"))
    )
    if len(asked) <= WRITTEN:
        shade = alt.condition("abs(datum.r) > 0.8", alt.value("#fff"), alt.value("#222"))
        drawn = alt.layer(drawn, base.mark_text(fontSize=10).encode(text="said:N", color=shade))
    return plain(drawn.properties(width=alt.Step(size), height=alt.Step(size)), 70)


def acceptability_map(
    index: Index, shares: Array, n: int = 15, lang: str = "zh", period: str | int | None = None
) -> altair.TopLevelMixin:
    """The first ``n`` units by rank: how often each takes each rank, as shades; darker is more often.

    ``shares`` (units, ranks), units in the order of the data, are those of specification points
    (:meth:`tidu.index.uncertainty.Uncertainty.acceptability`) or of weights (SMAA). Ranks beyond twice ``n`` are one column.
    Raises ``unknown_period``.
    """
    import altair as alt

    first = index.top(n, period)
    names = told_apart({unit: index.panel.name(unit, lang) for unit, _, _ in first})
    last = min(shares.shape[1], 2 * n)
    ranks = [str(at + 1) for at in range(last)] + ([f">{last}"] if last < shares.shape[1] else [])
    rows = []
    for unit, _, _ in first:
        own = shares[index.units.index(unit)]
        spread = [*own[:last].tolist(), *([float(own[last:].sum())] if last < shares.shape[1] else [])]
        rows += [
            {"name": names[unit], "rank": rank, "share": round(share, 4), "said": f"{share:.0%}" if share >= 0.1 else ""}
            for rank, share in zip(ranks, spread, strict=True)
            if share > 0
        ]
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("rank:O", sort=ranks, title=word("rank", lang), axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=ranks)),
        y=alt.Y("name:N", sort=list(names.values()), title=None),
        tooltip=[
            alt.Tooltip("name:N", title=word("unit", lang)),
            alt.Tooltip("rank:O", title=word("rank", lang)),
            alt.Tooltip("share:Q", title=word("share_of_points", lang), format=".0%"),
        ],
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "share:Q", title=word("share_of_points", lang), scale=alt.Scale(range=["#e8eff1", DEEP]), legend=alt.Legend(format="%")
        )
    )
    said = base.mark_text(fontSize=9).encode(
        text="said:N", color=alt.condition("datum.share > 0.45", alt.value("#fff"), alt.value("#1b2530"))
    )
    whole: Any = alt.layer(cells, said).properties(width=alt.Step(27), height=alt.Step(20))
    return plain(whole)
