"""Units as dots at their places, without outline or boundary: the numbers of a map, and it as a chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import UsageError
from tidu.core.stats import Array
from tidu.core.words import word
from tidu.diagnosis.geography.places import LON
from tidu.publish.basemap import Basemap
from tidu.publish.charts.style import plain, rows_of
from tidu.publish.columns import unit_said
from tidu.publish.edition import Edition
from tidu.publish.projection import Sheet, sheet
from tidu.publish.standing import amount

if TYPE_CHECKING:
    import altair

#: The map's width in its own units, its least and greatest height, the room around its dots, radii of the least and largest.
WIDTH, LOW, HIGH, EDGE, SMALL, LARGE = 680.0, 380.0, 760.0, 26.0, 3.0, 14.0
#: Classes of equal count by which dots are coloured, and how many units are named on the map where there is room.
SHADES, NAMED = 5, 14
#: The rim of a dot; the colours of the classes, the lowest first, each darker than the one before, so that lightness suffices.
RIM, SCALE = "#6d7780", ("#e3dcc3", "#a9c7bb", "#64a3a1", "#2f7187", "#0b3c5d")


@dataclass(frozen=True)
class Dot:
    """A unit on the map or in the scatter: where, how large, its shade (0 = not scored), its name's place and direction."""

    unit: str
    x: float
    y: float
    r: float
    shade: int
    named: tuple[float, float, str] | None = None


def shades(scores: Array) -> tuple[Array, list[float]]:
    """The class 1 … :data:`SHADES` of each score by quantile, 0 where missing, and the limits of the classes.

    >>> classes, limits = shades(np.array([1.0, 2, 3, 4, 5, np.nan]))
    >>> classes.astype(int).tolist(), [round(limit, 2) for limit in limits]
    ([1, 2, 3, 4, 5, 0], [1.0, 1.8, 2.6, 3.4, 4.2, 5.0])
    """
    seen = ~np.isnan(scores)
    limits = np.quantile(scores[seen], np.linspace(0.0, 1.0, SHADES + 1)) if seen.any() else np.zeros(SHADES + 1)
    place = np.clip(np.searchsorted(limits[1:-1], np.where(seen, scores, 0.0), side="right") + 1, 1, SHADES)
    return np.where(seen, place, 0), limits.tolist()


def scores_of(edition: Edition, node: str, period: str | int | None = None) -> Array:
    """The scores of a node in a period, the last one when left out, in the order of units; missing where a unit is not shown."""
    index = edition.index
    t = index.period(edition.last if period is None else period)
    found: Array = np.where(index.shown, index.scores[:, t, index.framework.node(node).place], np.nan)
    return found


def values_of(edition: Edition, node: str, period: str | int | None = None) -> Array:
    """What the legend of a map counts: the figures of an indicator after filling, the scores of any other node."""
    index = edition.index
    found = scores_of(edition, node, period)
    if not index.framework.node(node).leaf:
        return found
    figures = index.imputed[:, index.period(edition.last if period is None else period), index.framework.node(node).place]
    return np.where(np.isnan(found), np.nan, figures)


@lru_cache(maxsize=8)
def paper(edition: Edition) -> tuple[NDArray[np.intp], Sheet]:
    """The places in their order of the units that can be shown, and the sheet for them and for boundaries, where there are any.

    Raises ``no_map`` where no unit has a longitude and a latitude, or scores are not shown.
    """
    where = edition.places
    if where is None or not edition.mapped:
        raise UsageError("no_map", index=edition.code)
    use = np.flatnonzero(edition.index.shown & ~np.isnan(where.lon) & ~np.isnan(where.lat))
    over = [(where.lon[use], where.lat[use])]
    if edition.basemap is not None:
        over.append(edition.basemap.points)
    return use, sheet(over, WIDTH, (LOW, HIGH), EDGE)


def dots(edition: Edition, node: str, lang: str, named: int = NAMED, period: str | int | None = None) -> tuple[list[Dot], Sheet]:
    """The shown units as dots, the largest first, so that small ones lie on top, and the sheet that they lie on.

    Area goes with the score. Units that are not scored in the period are there too, small and of shade 0. An indicator is
    shaded by its figures, those that are better the darker. Raises ``no_map`` where no unit has a longitude and a latitude.
    """
    use, on = paper(edition)
    where, scores = edition.places, scores_of(edition, node, period)
    px, py = on.at(where.lon[use], where.lat[use]) if where is not None else (np.array([]), np.array([]))
    shade, _ = shades((values_of(edition, node, period) * _sign(edition, node))[use])
    low, high = (np.nanmin(scores), np.nanmax(scores)) if (shade > 0).any() else (0.0, 1.0)
    share = np.clip((scores[use] - low) / max(high - low, 1e-12), 0.0, 1.0)
    r = np.where(shade > 0, np.sqrt(SMALL**2 + (LARGE**2 - SMALL**2) * np.nan_to_num(share)), SMALL * 0.8)
    order = np.lexsort((use, -np.nan_to_num(scores[use], nan=-np.inf)))
    placed: dict[int, tuple[float, float, str]] = {}
    taken: list[tuple[float, float, float, float]] = []
    for k in order[:named].tolist():
        if shade[k]:
            found = _name_place(edition.name(edition.index.units[use[k]], lang), px[k], py[k], r[k], on.height, taken)
            if found is not None:
                placed[k] = found
    made = []
    for k in order.tolist():
        at = (round(float(px[k]), 1), round(float(py[k]), 1), round(float(r[k]), 1))
        made.append(Dot(edition.index.units[use[k]], *at, int(shade[k]), placed.get(k)))
    return made, on


def _sign(edition: Edition, node: str) -> float:
    """−1 for an indicator of which less is better, so that the better half is the darker one."""
    item = edition.index.framework.table.indicator.get(node)
    return -1.0 if item is not None and item.better == "lower" else 1.0


def _name_place(
    name: str, x: float, y: float, r: float, height: float, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float, str] | None:
    """Where a name fits beside a dot: right, left, below, above; nothing where all are taken."""
    width = sum(14.0 if ord(letter) > 0x2E7F else 7.6 for letter in name)
    choices = ((x + r + 3, y + 5, "start"), (x - r - 3, y + 5, "end"), (x, y + r + 14, "middle"), (x, y - r - 4, "middle"))
    for at, base, anchor in choices:
        left = at - {"start": 0.0, "end": width, "middle": width / 2}[anchor]
        box = (left, base - 13.0, left + width, base + 3.0)
        inside = box[0] >= 2 and box[2] <= WIDTH - 2 and box[1] >= 2 and box[3] <= height - 2
        if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken += [box, (x - r, y - r, x + r, y + r)]
            return round(float(at), 1), round(float(base), 1), anchor
    return None


def from_gazetteer(edition: Edition) -> bool:
    """Whether places are those of the shipped gazetteer, which has no figures for Hong Kong, Macao and Taiwan beside it."""
    return edition.places is not None and edition.places.sources.get(LON) == "gazetteer"


def said(edition: Edition, node: str, lang: str, period: str | int | None = None) -> dict[str, str]:
    """Unit → what a dot says: name, rank with its range, score or figure; of a unit without a score that it has none."""
    index, found = edition.index, {}
    label = index.periods[index.period(edition.last if period is None else period)]
    place, t, leaf = index.framework.node(node).place, index.period(label), index.framework.node(node).leaf
    rows, values = {row["unit"]: row for row in edition.ranking(label)}, values_of(edition, node, label)
    unit_of = unit_said(index.framework.table.indicator[node].unit or "", lang) if leaf else ""
    for u, unit in enumerate(index.units):
        score, rank = index.scores[u, t, place], index.ranks[u, t, place]
        name = edition.name(unit, lang)
        if np.isnan(rank):
            found[unit] = word("dot_unscored", lang, name=name)
        elif leaf:
            figure = f"{amount(float(values[u]))}{unit_of if unit_of == '%' else f' {unit_of}' if unit_of else ''}"
            found[unit] = word("dot_figure", lang, name=name, rank=int(rank), figure=figure)
        elif node == edition.code and rows[unit].get("best") is not None:
            low, high = int(np.floor(rows[unit]["best"])), int(np.ceil(rows[unit]["worst"]))
            found[unit] = word("dot_with_range", lang, name=name, rank=int(rank), low=low, high=high, score=f"{score:.1f}")
        else:
            found[unit] = word("dot_is", lang, name=name, rank=int(rank), score=f"{score:.1f}")
    return found


def legend(edition: Edition, node: str, lang: str, unscored: bool, period: str | int | None = None) -> list[tuple[int, str]]:
    """The shades on a map with the scores or figures that they span, the best first; shade 0 where a dot has no score."""
    sign = _sign(edition, node)
    limits = shades(values_of(edition, node, period) * sign)[1]
    say: Callable[[float], str] = amount if edition.index.framework.node(node).leaf else "{:.1f}".format
    found = []
    for shade in range(SHADES, 0, -1):
        low, high = sorted((sign * limits[shade - 1], sign * limits[shade]))
        found.append((shade, f"{say(low)}–{say(high)}"))
    return [*found, (0, word("dot_none", lang))] if unscored else found


def dot_map(
    edition: Edition,
    year: str | int | None = None,
    node: str | None = None,
    lang: str = "zh",
    named: int = NAMED,
    link: Callable[[str], str] | None = None,
    bare: bool = False,
) -> altair.TopLevelMixin:
    """The units as dots at their places: colour by class of score or figure, area with the score, the first ones named.

    No coastline and no boundary, unless the edition has a basemap with its map-review number.

    Args:
        edition: whose units, scores and places.
        year: the period; the last one when left out.
        node: a node or an indicator; the index when left out.
        lang: ``zh`` or ``en``.
        named: how many units are named where there is room.
        link: unit → the address that its dot leads to; an empty one leads nowhere.
        bare: leave out title and notes, for a page that says them itself.

    Raises ``no_map``, ``unknown_node``, ``unknown_period``.
    """
    import altair as alt

    top = node or edition.code
    label = edition.index.periods[edition.index.period(edition.last if year is None else year)]
    made, on = dots(edition, top, lang, named, label)
    told = said(edition, top, lang, label)
    shown = legend(edition, top, lang, any(dot.shade == 0 for dot in made), label)
    labels = "{" + ", ".join(f"'{shade}': '{text}'" for shade, text in shown) + "}[datum.label]"
    rows: list[dict[str, Any]] = []
    for dot in made:
        row: dict[str, Any] = {"x": dot.x, "y": dot.y, "size": round(np.pi * dot.r**2, 1), "class": str(dot.shade)}
        to = link(dot.unit) if link is not None else ""
        rows.append(row | {"said": told[dot.unit]} | ({"to": to} if to else {}))
    x, y = _axes(on)
    shaded = alt.Scale(
        domain=[str(shade) for shade, _ in shown], range=[SCALE[shade - 1] if shade else "#ffffff" for shade, _ in shown]
    )
    key = None if bare else alt.Legend(orient="bottom", columns=6, symbolStrokeColor=RIM, symbolStrokeWidth=0.8, labelExpr=labels)
    fill = alt.Color("class:N", title=edition.label(top, lang) + _measure(edition, top, lang), scale=shaded, legend=key)
    encoded: dict[str, Any] = {"x": x, "y": y, "color": fill, "size": alt.Size("size:Q", scale=None), "tooltip": "said:N"}
    circles = alt.Chart(rows_of(rows)).mark_circle(opacity=1, stroke=RIM, strokeWidth=0.5, aria=False)
    layers: list[Any] = [circles.encode(**encoded, **({"href": "to:N"} if link is not None else {}))]
    sides: tuple[tuple[str, Any], ...] = (("start", "left"), ("end", "right"), ("middle", "center"))
    for anchor, align in sides:
        texts = [
            {"x": dot.named[0], "y": dot.named[1], "name": edition.name(dot.unit, lang)}
            for dot in made
            if dot.named is not None and dot.named[2] == anchor
        ]
        styles: list[dict[str, Any]] = [{"stroke": "#fff", "strokeWidth": 3.5}, {"fill": "#1b2530"}] if texts else []
        for k, style in enumerate(styles):
            font: dict[str, Any] = {"fontSize": 14, "fontWeight": 600, "baseline": "alphabetic", "aria": False, **style}
            written = alt.Chart(rows_of(texts), name=f"name_{anchor}_{k}").mark_text(align=align, **font)
            layers.append(written.encode(x=x, y=y, text="name:N"))
    if edition.basemap is not None:
        layers = [*_boundaries(edition.basemap, on, lang), *layers]
    whole: Any = alt.layer(*layers).properties(width=on.width, height=on.height)
    if not bare:
        whole = whole.properties(title=_title(edition, f"{edition.label(top, lang)} {label}", lang))
    return plain(whole.configure_legend(labelLimit=260, titleLimit=520))


def credits(found: Basemap, lang: str) -> tuple[str, str]:
    """What stands on a map with boundaries: its number, and whose the boundaries are."""
    return word("map_number", lang, number=found.number), word("map_credit", lang, version=found.version)


def _axes(on: Sheet) -> tuple[Any, Any]:
    """Rightwards and downwards on a sheet, a unit of it a pixel."""
    import altair as alt

    return (
        alt.X("x:Q", scale=alt.Scale(domain=[0, on.width], nice=False), axis=None),
        alt.Y("y:Q", scale=alt.Scale(domain=[0, on.height], nice=False, reverse=True), axis=None),
    )


def _boundaries(found: Basemap, on: Sheet, lang: str) -> list[Any]:
    """Land, provinces, lines and islets under the dots, the number and the credit in the lower left corner."""
    import altair as alt

    drawn = found.on(on)
    kinds: tuple[tuple[str, tuple[Array, ...], dict[str, Any]], ...] = (
        ("Polygon", drawn.land, {"fill": "#f4f1e8", "stroke": "#7d868c", "strokeWidth": 0.8}),
        ("Polygon", drawn.provinces, {"fill": None, "stroke": "#b9bfc3", "strokeWidth": 0.6}),
        ("LineString", drawn.apart, {"fill": None, "stroke": "#7d868c", "strokeWidth": 0.8, "strokeDash": [3, 2]}),
        ("LineString", drawn.dashes, {"fill": None, "stroke": "#7d868c", "strokeWidth": 1.6}),
    )
    layers: list[Any] = []
    for kind, lines, style in kinds:
        shapes = [line.tolist() for line in lines]
        shapes = [[line] for line in shapes] if kind == "Polygon" else shapes
        geometry = {"type": f"Multi{kind}", "coordinates": shapes}
        data = alt.InlineData(values=[{"type": "Feature", "properties": {}, "geometry": geometry}])
        flat = alt.Chart(data).mark_geoshape(aria=False, **style)
        layers.append(flat.project(type="identity", scale=1, translate=[0, 0]))
    islets = alt.Chart(rows_of([{"x": x, "y": y} for x, y in drawn.islets]))
    x, y = _axes(on)
    layers.append(islets.mark_circle(size=3, color="#7d868c", opacity=1, aria=False).encode(x=x, y=y))
    told = [{"x": 2.0, "y": on.height - 4.0 - 14.0 * k, "text": text} for k, text in enumerate(reversed(credits(found, lang)))]
    layers.append(alt.Chart(rows_of(told)).mark_text(align="left", fontSize=10, color="#56616c").encode(x=x, y=y, text="text:N"))
    return layers


def _measure(edition: Edition, node: str, lang: str) -> str:
    """The unit of an indicator in brackets; nothing for a node."""
    item = edition.index.framework.table.indicator.get(node)
    unit = unit_said(item.unit, lang) if item is not None and item.unit else ""
    return ("" if not unit else f"（{unit}）" if lang == "zh" else f" ({unit})") if unit else ""


def _title(edition: Edition, of: str, lang: str) -> Any:
    """What the map is, of what, and which places it has no figures for."""
    import altair as alt

    kind = word("map_kind" if edition.basemap is None else "map_with_boundaries", lang)
    notes = [of, *([word("map_lacking", lang)] if from_gazetteer(edition) else [])]
    return alt.TitleParams(kind, subtitle=notes, anchor="start", fontSize=14, subtitleFontSize=11, offset=10)
