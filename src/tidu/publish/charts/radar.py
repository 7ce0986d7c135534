"""A unit against its peers and the frontier, node by node, as a polygon on equal axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tidu.core.errors import UsageError
from tidu.core.stats import mean_sd
from tidu.core.words import word
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, PALE, SAND, SOFT, WARM, plain, rows_of, told_apart

if TYPE_CHECKING:
    import altair

#: Fewer axes than these make no polygon.
AXES = 3


@dataclass(frozen=True)
class Spokes:
    """What a radar shows: the nodes; for each line (``unit``, ``peers``, ``frontier``) its share 0–1 of each axis, and scores."""

    nodes: tuple[str, ...]
    shares: Mapping[str, tuple[float, ...]]
    scores: Mapping[str, tuple[float, ...]]


def spokes(
    index: Index,
    unit: str,
    others: Sequence[str] = (),
    period: str | int | None = None,
    nodes: Sequence[str] = (),
    by: str = "score",
) -> Spokes:
    """A unit's scores at some nodes beside the mean of ``others`` (left out where there are none) and the best shown unit.

    An axis goes from the lowest to the highest score among the shown units, the frontier; ``by`` ``"rank"``, from the last to the
    first rank, which parts units better where a few stand far ahead. ``nodes`` are the root's children where these are three
    or more, else the indicators; those without a score of the unit or without spread are left out. Raises ``unknown_unit``,
    ``unknown_period``, ``unknown_node``.

    >>> from tidu import app
    >>> found = spokes(app.make("city-ip-core"), "110000", ["310000"])
    >>> found.nodes, found.shares["frontier"]
    (('output', 'performance', 'potential'), (1.0, 1.0, 1.0))
    """
    t, u = index.period(period), index.units.index(index.panel.unit(unit))
    children = index.framework.node(index.framework.code).children
    asked = tuple(nodes) or (children if len(children) >= AXES else index.framework.leaves)
    places = np.array([index.framework.node(code).place for code in asked], dtype=np.intp)
    scores = index.scores[:, t][:, places]
    shown = scores[index.shown]
    low, high = np.fmin.reduce(shown, axis=0, initial=np.inf), np.fmax.reduce(shown, axis=0, initial=-np.inf)
    keep = np.isfinite(scores[u]) & (high > low)
    rows = {"unit": scores[u], "frontier": high}
    places_of = [index.units.index(index.panel.unit(name)) for name in others]
    if others:
        rows["peers"] = mean_sd(scores[places_of])[0]
    if by == "rank":
        ranks = index.ranks[:, t][:, places]
        last = np.maximum(np.sum(~np.isnan(ranks), axis=0) - 1, 1)
        up = 1.0 - (ranks - 1.0) / last
        found = {"unit": up[u], "frontier": np.ones(len(asked))} | ({"peers": mean_sd(up[places_of])[0]} if others else {})
    else:
        found = {key: (row - low) / np.where(high > low, high - low, 1.0) for key, row in rows.items()}
    shares = {key: tuple(np.clip(np.nan_to_num(row), 0.0, 1.0)[keep].tolist()) for key, row in found.items()}
    kept = tuple(code for code, use in zip(asked, keep.tolist(), strict=True) if use)
    return Spokes(kept, shares, {key: tuple(row[keep].tolist()) for key, row in rows.items()})


def points(shares: Sequence[float]) -> list[tuple[float, float]]:
    """The corners of a polygon, the first axis upwards, then clockwise; x to the right and y upwards within −1 … 1.

    >>> [(round(x, 3) + 0.0, round(y, 3) + 0.0) for x, y in points([1.0, 0.5, 1.0, 1.0])]
    [(0.0, 1.0), (0.5, 0.0), (0.0, -1.0), (-1.0, 0.0)]
    """
    angle = 2.0 * np.pi * np.arange(len(shares)) / max(len(shares), 1)
    size = np.asarray(shares, dtype=float)
    return list(zip((size * np.sin(angle)).tolist(), (size * np.cos(angle)).tolist(), strict=True))


def radar(
    index: Index,
    unit: str,
    others: Sequence[str] = (),
    lang: str = "zh",
    period: str | int | None = None,
    nodes: Sequence[str] = (),
    by: str = "score",
) -> altair.TopLevelMixin:
    """A unit's polygon over its peers' mean and the frontier (:func:`spokes`). Raises ``radar_axes`` with fewer than three axes."""
    import altair as alt

    code = index.panel.unit(unit)
    found = spokes(index, code, others, period, nodes, by)
    if len(found.nodes) < AXES:
        raise UsageError("radar_axes", name=code, found=len(found.nodes))
    names = {"unit": index.panel.name(code, lang), "peers": word("peers_mean", lang), "frontier": word("frontier", lang)}
    kinds = [kind for kind in ("unit", "peers", "frontier") if kind in found.shares]
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        corners = points(found.shares[kind])
        for at in range(len(corners) + 1):
            x, y = corners[at % len(corners)]
            rows.append({"line": names[kind], "at": at, "x": round(x, 4), "y": round(y, 4)})
    labels = told_apart({node: index.framework.label(node, lang) for node in found.nodes}, 22)
    tips = points([1.09] * len(found.nodes))
    spoke_rows = [
        {
            "node": labels[node],
            "x": round(x / 1.09, 4),
            "y": round(y / 1.09, 4),
            "tx": round(x, 4),
            "ty": round(y, 4),
            "zero": 0,
            "score": round(score, 2),
        }
        for node, (x, y), score in zip(found.nodes, tips, found.scores["unit"], strict=True)
    ]
    ring_rows = [
        {"ring": ring, "at": at, "x": round(x, 4), "y": round(y, 4)}
        for ring in (0.25, 0.5, 0.75, 1.0)
        for at, (x, y) in enumerate([*points([ring] * len(found.nodes)), points([ring] * len(found.nodes))[0]])
    ]
    wide, scale = alt.Scale(domain=[-1.7, 1.7], nice=False), alt.Scale(domain=[-1.3, 1.3], nice=False)
    east, north = alt.X("x:Q", axis=None, scale=wide), alt.Y("y:Q", axis=None, scale=scale)
    circles = alt.Chart(rows_of(ring_rows)).mark_line(color=PALE, strokeWidth=1)
    rings = circles.encode(x=east, y=north, order="at:O", detail="ring:N")
    spoke = alt.Chart(rows_of(spoke_rows))
    axes = spoke.mark_rule(color=PALE).encode(x=east, y=north, x2=alt.datum(0), y2=alt.datum(0))
    sides: dict[Any, str] = {"left": "datum.tx > 0.1", "right": "datum.tx < -0.1", "center": "abs(datum.tx) <= 0.1"}
    said = [
        spoke.transform_filter(side)
        .mark_text(fontSize=11, color=DEEP, align=align)
        .encode(x=alt.X("tx:Q", scale=wide), y=alt.Y("ty:Q", scale=scale), text="node:N", tooltip=["node:N", "score:Q"])
        for align, side in sides.items()
    ]
    looks = {"unit": (DEEP, [1, 0]), "peers": (WARM, [5, 3]), "frontier": (SOFT, [2, 2])}
    lines = (
        alt.Chart(rows_of(rows))
        .mark_line(strokeWidth=2.2)
        .encode(
            x=east,
            y=north,
            order="at:O",
            color=alt.Color(
                "line:N", title=None, scale=alt.Scale(domain=[names[k] for k in kinds], range=[looks[k][0] for k in kinds])
            ),
            strokeDash=alt.StrokeDash(
                "line:N", title=None, scale=alt.Scale(domain=[names[k] for k in kinds], range=[looks[k][1] for k in kinds])
            ),
        )
    )
    area = (
        alt.Chart(rows_of([row for row in rows if row["line"] == names["unit"]]))
        .mark_line(fill=SAND, fillOpacity=0.25, strokeOpacity=0)
        .encode(x=east, y=north, order="at:O")
    )
    drawn: Any = alt.layer(rings, axes, area, lines, *said).properties(width=430, height=380)
    return plain(drawn.configure_legend(orient="bottom"))
