"""How the figures of an indicator are spread over the units, and where one unit stands among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tidu.core.stats import Array
from tidu.core.words import word
from tidu.index.result import Index
from tidu.publish.charts.style import DEEP, MID, SOFT, WARM, plain, rows_of
from tidu.publish.columns import unit_said
from tidu.publish.standing import amount

if TYPE_CHECKING:
    import altair

#: Above this ratio of the largest figure to the median, figures above zero stand on a logarithmic axis.
SKEWED = 12.0


def shown_figures(index: Index, code: str, period: str | int | None = None) -> Array:
    """An indicator's figures of the shown units after filling, before treatment, missing ones left out, (n,).

    Raises ``unknown_node``, ``unknown_period``.
    """
    column = index.imputed[index.shown][:, index.period(period), index.framework.node(code).place]
    found: Array = column[~np.isnan(column)]
    return found


def on_logs(figures: Array) -> bool:
    """Whether figures are so skewed that they are looked at on a logarithmic axis.

    >>> on_logs(np.array([1.0, 2, 3])), on_logs(np.array([1.0, 2, 300])), on_logs(np.array([0.0, 2, 300]))
    (False, True, False)
    """
    return bool(figures.size and figures.min() > 0 and figures.max() > SKEWED * np.median(figures))


def _scale(kind: Any) -> Any:
    """The scale of figures: linear from wherever they begin, or logarithmic."""
    import altair as alt

    return alt.Scale(type=kind) if kind == "log" else alt.Scale(type=kind, zero=False)


def strip(
    index: Index, code: str, units: Sequence[str] = (), lang: str = "zh", period: str | int | None = None
) -> altair.TopLevelMixin:
    """A thin line for each shown unit's figure of an indicator, the named units marked; a logarithmic axis where skewed.

    Raises ``unknown_unit``, ``unknown_node``, ``unknown_period``.
    """
    import altair as alt

    figures = shown_figures(index, code, period)
    kind: Any = "log" if on_logs(figures) else "linear"
    axis = alt.X("figure:Q", title=titled(index, code, lang, kind), scale=_scale(kind))
    ticks = (
        alt.Chart(rows_of([{"figure": float(x)} for x in figures]))
        .mark_tick(color=MID, opacity=0.35, thickness=1.2, height=26)
        .encode(x=axis)
    )
    t, k = index.period(period), index.framework.node(code).place
    marked = []
    for unit in units:
        own = index.panel.unit(unit)
        value = float(index.imputed[index.units.index(own), t, k])
        if value == value:
            marked.append({"figure": value, "name": index.panel.name(own, lang)})
    base = alt.Chart(rows_of(marked)).encode(x=axis)
    dots = base.mark_point(filled=True, color=WARM, size=110, opacity=1)
    said = base.mark_text(dy=-22, fontSize=11, color=WARM).encode(text="name:N")
    whole: Any = alt.layer(ticks, dots, said).properties(width=520, height=56)
    return plain(whole)


def distribution(
    index: Index, code: str, lang: str = "zh", period: str | int | None = None, bins: int = 24
) -> altair.TopLevelMixin:
    """A histogram of an indicator's figures over the shown units, with lines at the quartiles; logarithmic where skewed.

    Raises ``unknown_node``, ``unknown_period``.
    """
    import altair as alt

    figures = shown_figures(index, code, period)
    kind: Any = "log" if on_logs(figures) else "linear"
    scaled = np.log10(figures) if kind == "log" else figures
    counts, edges = np.histogram(scaled, bins=bins)
    edges = 10.0**edges if kind == "log" else edges
    rows = [
        {"low": float(low), "high": float(high), "count": int(count), "said": bar_said(float(low), float(high), int(count), lang)}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        if count
    ]
    axis = alt.X("low:Q", title=titled(index, code, lang, kind), scale=_scale(kind))
    bars = (
        alt.Chart(rows_of(rows))
        .mark_bar(color=DEEP, stroke="#fff")
        .encode(
            x=axis,
            x2="high:Q",
            y=alt.Y("count:Q", title=word("count_of_units", lang), axis=alt.Axis(tickMinStep=1)),
            y2=alt.datum(0),
            tooltip="said:N",
        )
    )
    cuts = [{"at": float(value)} for value in (np.quantile(figures, (0.25, 0.5, 0.75)) if figures.size else [])]
    rules = alt.Chart(rows_of(cuts)).mark_rule(color=WARM, strokeDash=[5, 3]).encode(x="at:Q")
    whole: Any = alt.layer(bars, rules).properties(width=520, height=170)
    return plain(whole.configure_axisY(titleColor=SOFT))


def bar_said(low: float, high: float, count: int, lang: str) -> str:
    """What a bar of a histogram says.

    >>> bar_said(1.0, 2.5, 7, "en")
    '1.00–2.50: 7 units'
    """
    return word("bar_of", lang, low=amount(low), high=amount(high), count=count)


def titled(index: Index, code: str, lang: str, kind: str) -> str:
    """An axis title: the indicator, its unit, and that the axis is logarithmic where it is."""
    unit = unit_said(index.framework.table.indicator[code].unit or "", lang)
    more = [part for part in (unit, word("log_axis", lang) if kind == "log" else None) if part]
    comma = "，" if lang == "zh" else ", "
    return index.framework.label(code, lang) + (f" ({comma.join(more)})" if more else "")
