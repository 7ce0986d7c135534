"""Small pictures of a unit as numbers for a template: polygon, bars, lines. Colours and sizes of type are the style sheet's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from tidu.diagnosis.explanation.contribution import Contributions
from tidu.diagnosis.explanation.history import Year
from tidu.publish.charts.change import steps
from tidu.publish.charts.radar import AXES, points, spokes
from tidu.publish.edition import Edition
from tidu.publish.told import axes_of

#: The polygon's frame, and its radius, in its own units.
RADAR, RADIUS = (460.0, 310.0), 118.0
#: The frame of a line over the years, and the room left for labels.
LINE, EDGE = (240.0, 150.0), 26.0
#: The most periods of a line that bear labels.
LABELS = 6


@dataclass(frozen=True)
class Axis:
    """An axis of a polygon: node, tip, where its label stands and how, the label's lines, share and score of each line."""

    node: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    lines: tuple[str, ...]
    shares: dict[str, float]
    scores: dict[str, float]


@dataclass(frozen=True)
class Polygon:
    """A radar: rings and lines as corner lists for ``<polygon points>``, and its axes."""

    rings: tuple[str, ...]
    lines: dict[str, str]
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Bar:
    """A bar on a row of a table: ``x`` and ``width`` in per cent of the row, ``kind`` up, down or end, its value."""

    name: str
    kind: str
    x: float
    width: float
    value: float


@dataclass(frozen=True)
class Mark:
    """A period on a line: where, its label, its light, and where its range begins and ends (nothing without one)."""

    period: str
    x: float
    y: float
    said: str
    light: str | None
    top: float | None = None
    bottom: float | None = None


def polygon(edition: Edition, unit: str, others: Sequence[str], lang: str) -> Polygon | None:
    """The polygon of a unit by rank at each node beside its peers' mean; nothing where it has fewer than three axes."""
    found = spokes(edition.index, unit, others, edition.last, axes_of(edition), by="rank")
    if len(found.nodes) < AXES:
        return None
    middle = (RADAR[0] / 2, RADAR[1] / 2)

    def at(shares: Sequence[float], far: float = 1.0) -> list[tuple[float, float]]:
        return [(round(middle[0] + far * RADIUS * x, 1), round(middle[1] - far * RADIUS * y, 1)) for x, y in points(shares)]

    def corners(shares: Sequence[float]) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in at(shares))

    whole = [1.0] * len(found.nodes)
    axes = []
    for k, (node, tip, label) in enumerate(zip(found.nodes, at(whole), at(whole, 1.1), strict=True)):
        side = label[0] - middle[0]
        anchor = "middle" if abs(side) < 6 else "start" if side > 0 else "end"
        lines = folded(edition.label(node, lang), 7 if lang == "zh" else 13)
        lift = 13.0 * (len(lines) - 1)
        base = label[1] + 4 - (lift if label[1] < middle[1] - RADIUS else lift / 2 if abs(label[1] - middle[1]) < RADIUS else 0.0)
        shares = {kind: row[k] for kind, row in found.shares.items()}
        scores = {kind: row[k] for kind, row in found.scores.items()}
        axes.append(Axis(node, *tip, label[0], round(base, 1), anchor, lines, shares, scores))
    rings = tuple(corners([ring] * len(found.nodes)) for ring in (0.25, 0.5, 0.75, 1.0))
    return Polygon(rings, {kind: corners(row) for kind, row in found.shares.items()}, tuple(axes))


def folded(label: str, most: int) -> tuple[str, ...]:
    """A label in lines of about so many letters, parted at spaces where there are any, three lines at most.

    >>> folded("Enterprise development performance", 16), folded("企业发展绩效评价", 7)
    (('Enterprise', 'development', 'performance'), ('企业发展绩效评', '价'))
    """
    lines = [""]
    for word in label.split(" ") if " " in label else [label[k : k + most] for k in range(0, len(label), most)]:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines) if len(lines) <= 3 else (*lines[:2], lines[2] + "…")


def waterfall(edition: Edition, found: Contributions, most: int) -> list[Bar]:
    """The bars from the baseline to the score, indicator by indicator, both ends among them, ``most`` parts at most."""
    ways = [("baseline", 0.0, found.baseline), *steps(edition.index, found, most, leaves=True), ("score", 0.0, found.score)]
    low, high = min(min(way[1:]) for way in ways), max(max(way[1:]) for way in ways)
    wide = max(high - low, 1e-12)
    made = []
    for name, first, last in ways:
        kind = "end" if name in ("baseline", "score") else "up" if last >= first else "down"
        x, width = 100.0 * (min(first, last) - low) / wide, 100.0 * abs(last - first) / wide
        made.append(
            Bar(
                name,
                kind,
                round(x, 2),
                round(max(width, 0.4) if last != first else 0.0, 2),
                last if kind == "end" else last - first,
            )
        )
    return made


def about_zero(values: Sequence[tuple[str, float]]) -> list[Bar]:
    """Bars to both sides of one zero, each from there.

    >>> [(bar.kind, bar.x, bar.width) for bar in about_zero([("a", 3.0), ("b", -1.0)])]
    [('up', 25.0, 75.0), ('down', 0.0, 25.0)]
    """
    seen = [value for _, value in values if value == value]
    low, high = min([0.0, *seen]), max([0.0, *seen])
    wide = (high - low) or 1.0
    zero, made = -100.0 * low / wide, []
    for name, value in values:
        if value == value:
            width = max(100.0 * abs(value) / wide, 0.4) if value else 0.0
            made.append(
                Bar(
                    name,
                    "up" if value >= 0 else "down",
                    round(zero if value >= 0 else max(zero - width, 0.0), 2),
                    round(width, 2),
                    value,
                )
            )
    return made


def zero(years: Sequence[Year]) -> float | None:
    """Where the zero of a line of scores stands; nothing where scores run below it."""
    seen = [year.score for year in years if year.score == year.score]
    return LINE[1] - EDGE if seen and min(seen) >= 0 and max(seen) > 0 else None


def line(years: Sequence[Year], what: Literal["score", "rank"], ranges: dict[str, tuple[float, float]] | None = None) -> list[Mark]:
    """The marks of a line over the periods: ``score`` upwards from zero, ``rank`` with the best on top and its ranges.

    Empty without any. Of many periods at most :data:`LABELS` bear labels, the last always, so that none runs into another.
    """
    rows: list[tuple[Year, float]] = []
    for year in years:
        value = year.score if what == "score" else year.rank
        if value is not None and value == value:
            rows.append((year, float(value)))
    if not rows:
        return []
    ranges = (ranges or {}) if what == "rank" else {}
    ends = [value for _, value in rows] + [end for year, _ in rows for end in ranges.get(year.period, ())]
    low, high = min([*ends, 0.0] if what == "score" else ends), max(ends)
    wide = max(high - low, 1e-9)

    def place(value: float) -> float:
        share = (value - low) / wide if high > low else 0.5
        share = 1.0 - share if what == "score" else share
        return round(EDGE + (LINE[1] - 2 * EDGE) * share, 1)

    found, every = [], ceil(len(years) / LABELS)
    for year, value in rows:
        k = years.index(year)
        named = (len(years) - 1 - k) % every == 0
        x = EDGE + (LINE[0] - 2 * EDGE) * (k / (len(years) - 1) if len(years) > 1 else 0.5)
        own = ranges.get(year.period)
        said = f"{value:.1f}" if what == "score" else f"{value:.0f}"
        top, bottom = (place(own[0]), place(own[1])) if own else (None, None)
        label, said = (year.period, said) if named else ("", "")
        found.append(Mark(label, round(x, 1), place(value), said, year.light, top, bottom))
    return found
