"""How every chart looks and how it is drawn: colours that differ in lightness, plain axes, SVG without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair

#: The colours of the house: told apart by lightness, in print and by people who see no red or green.
DEEP, MID, SAND, WARM = "#0b3c5d", "#2f7f86", "#c9a86a", "#b4532a"
#: What stands behind, and what is written.
SOFT, PALE, INK = "#9aa5ad", "#d9dee1", "#1b2530"
#: Orange – white – blue, for what lies on two sides of zero.
DIVERGING = ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac")


def plain(chart: Any, left: int = 5) -> altair.TopLevelMixin:
    """The chart with the axes and frame of the house; ``left`` is room for labels, as fonts differ in width."""
    chart = chart.properties(padding={"left": left, "right": 10, "top": 5, "bottom": 5})
    finished: altair.TopLevelMixin = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=11,
        titleFontSize=11,
        titleFontWeight="normal",
        gridColor="#eeeeee",
        domainColor="#999",
        tickColor="#999",
    )
    return finished


def rows_of(rows: list[dict[str, Any]]) -> Any:
    """Rows as data that stand in the chart itself."""
    import altair as alt

    return alt.InlineData(values=rows)


def shortened(text: str, most: int = 34) -> str:
    """A label that fits.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def told_apart(labels: dict[str, str], most: int = 34) -> dict[str, str]:
    """Code → label that differs from every other: where two are alike the code stands beside it.

    >>> told_apart({"a": "Size", "b": "Size", "c": "Share"})
    {'a': 'Size (a)', 'b': 'Size (b)', 'c': 'Share'}
    """
    short = {code: shortened(label, most) for code, label in labels.items()}
    named = list(short.values())
    return {code: label if named.count(label) == 1 else f"{label} ({code})" for code, label in short.items()}


def svg(chart: Any) -> str:
    """A chart as SVG text, drawn here without a browser or a network; texts stay texts.

    The renderer counts clips and gradients over all charts it has drawn; here they are counted in each chart, so that the
    same chart gives the same bytes.
    """
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(chart.to_dict()))
    own = {name: f"n{k}" for k, name in enumerate(dict.fromkeys(re.findall(r'(?:\bid="|url\(#)([\w-]+)', drawn)))}
    return re.sub(r'(\bid="|url\(#)([\w-]+)', lambda found: found[1] + own[found[2]], drawn)


def write_svg(path: Path, chart: Any) -> Path:
    """The path written: a chart as SVG (:func:`svg`)."""
    path.write_text(svg(chart), encoding="utf-8")
    return path
