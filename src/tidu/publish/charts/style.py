"""How every chart looks and how it is drawn: colours that differ in lightness, plain axes, SVG without a browser."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
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
    """The chart with the axes and frame of the house; ``left`` is room for labels, as fonts differ in width.

    In a notebook it shows itself as SVG that is drawn here, without a network, unless another renderer of Altair is enabled;
    marimo draws it live with what it brings along.

    >>> import altair as alt
    >>> made = plain(alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_point().encode(x="x:Q"))
    >>> isinstance(made, alt.Chart), made._repr_html_()[:4], list(made._repr_mimebundle_())
    (True, '<svg', ['text/html'])
    """
    chart = chart.properties(padding={"left": left, "right": 10, "top": 5, "bottom": 5})
    finished: altair.TopLevelMixin = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=11,
        titleFontSize=11,
        titleFontWeight="normal",
        gridColor="#eeeeee",
        domainColor="#999",
        tickColor="#999",
    )
    kind: Any = type(finished)
    object.__setattr__(finished, "__class__", _shown(kind))  # a plain assignment would be written into the specification
    return finished


@cache
def _shown(kind: type) -> type:
    """A kind of Altair chart that shows itself without a network."""
    import altair as alt

    class Shown(alt.TopLevelMixin):
        def _repr_html_(self) -> str:
            return svg(self)

        def _repr_mimebundle_(self, *args: Any, **how: Any) -> Any:
            chosen = alt.renderers.active != "default"
            return super()._repr_mimebundle_(*args, **how) if chosen else {"text/html": self._repr_html_()}

    return type(kind.__name__, (Shown, kind), {})


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


def quiet(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification whose parts say nothing to a screen reader: page and document say once what a picture shows.

    >>> quiet({"mark": "bar", "config": {"axis": {"grid": False}}})["config"]["axis"]
    {'grid': False, 'aria': False}
    """
    config = spec.get("config", {})
    silent = {part: {**config.get(part, {}), "aria": False} for part in ("mark", "axis", "legend", "title")}
    return {**spec, "config": {**config, **silent}}


def svg(chart: Any) -> str:
    """A chart as SVG text, drawn here without a browser or a network; texts stay texts.

    The renderer counts clips and gradients over all charts it has drawn; here they are named by the chart they are of, so that
    the same chart gives the same bytes and several charts stand in one page.
    """
    return _svg(chart.to_dict(validate=False))


def _svg(spec: dict[str, Any]) -> str:
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(quiet(spec)))
    counted = _named(drawn, "n")
    return _named(counted, f"s{sha256(counted.encode()).hexdigest()[:8]}-")


#: How wide a drawing for a phone may be, the least width of its frame, the longest label.
PHONE, _LEAST, _LABEL = 318, 90, 150


def slim(chart: Any) -> str:
    """A chart as SVG text no wider than a phone: a narrower frame, shorter labels, its panels beneath each other.

    What cannot be made narrow, such as a table of a hundred columns, comes out as narrow as it can be.
    """
    spec = chart.to_dict(validate=False)
    width, drawn = PHONE - 100, ""
    for _ in range(5):
        drawn = _svg(_narrow(spec, max(width, _LEAST)))
        found = re.search(r'<svg[^>]* width="([\d.]+)"', drawn)
        over = float(found[1]) - PHONE if found else 0.0
        if over <= 0 or width <= _LEAST:
            break
        width -= int(over) + 1
    return drawn


def _narrow(spec: Any, width: int) -> Any:
    """A specification, or a part of one, with frames of a width, panels in one column and labels cut short."""
    if isinstance(spec, list):
        return [_narrow(one, width) for one in spec]
    if not isinstance(spec, dict):
        return spec
    made = {key: _narrow(value, width) if key not in ("data", "datasets", "values") else value for key, value in spec.items()}
    if "width" in made and ("mark" in made or "layer" in made or "$schema" in made):
        made["width"] = width
    if isinstance(made.get("labelLimit"), int | float):
        made["labelLimit"] = min(made["labelLimit"], _LABEL)
    if any(_kind_of(layer) == "rect" for layer in made.get("layer", ())):  # figures in cells have no room
        made["layer"] = [layer for layer in made["layer"] if _kind_of(layer) != "text"]
    if "hconcat" in made:
        made["vconcat"] = made.pop("hconcat")
    if "facet" in made:
        made["columns"] = 1
    if "$schema" in made:
        config = made.get("config", {})
        axis = {**config.get("axis", {}), "labelLimit": _LABEL, "titleLimit": PHONE}
        legend = {**config.get("legend", {}), "orient": "top", "columns": 2, "labelLimit": 130}
        across = {**config.get("axisX", {}), "labelOverlap": "greedy"}
        made["config"] = {**config, "axis": axis, "axisX": across, "legend": legend}
        made["padding"] = {"left": 10, "right": 10, "top": 5, "bottom": 5}
    return made


def _kind_of(part: Any) -> str:
    mark = part.get("mark") if isinstance(part, dict) else None
    return str(mark.get("type") if isinstance(mark, dict) else mark)


def _named(drawn: str, mark: str) -> str:
    """The drawing with its clips and gradients named by a mark and their place."""
    own = {name: f"{mark}{k}" for k, name in enumerate(dict.fromkeys(re.findall(r'(?:\bid="|url\(#)([\w-]+)', drawn)))}
    return re.sub(r'(\bid="|url\(#)([\w-]+)', lambda found: found[1] + own[found[2]], drawn)


def write_svg(path: Path, chart: Any) -> Path:
    """The path written: a chart as SVG (:func:`svg`)."""
    path.write_text(svg(chart), encoding="utf-8")
    return path
