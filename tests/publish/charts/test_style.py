"""What every chart shares: labels that differ, data in the chart, the same picture twice."""

from __future__ import annotations

import re
from pathlib import Path

import altair as alt
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidu import app
from tidu.publish import charts
from tidu.publish.charts.style import plain, rows_of, shortened, slim, svg, told_apart, write_svg


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("xy z", min_size=1, max_size=60), max_size=8))
def test_labels_differ_and_fit(labels: dict[str, str]) -> None:
    found = told_apart(labels, 20)
    assert len(set(found.values())) == len(labels)
    assert all(len(shortened(label, 20)) <= 20 for label in labels.values())


def test_a_chart_shows_itself_in_a_notebook_and_is_drawn_the_same_twice(tmp_path: Path) -> None:
    index = app.make("city-ip-core")
    made = [charts.dumbbell(index, "110000", "310000", "en") for _ in range(2)]
    assert made[0]._repr_mimebundle_() == {"text/html": made[0]._repr_html_()} and "vega-lite" in made[0].to_dict()["$schema"]
    first = svg(made[0])
    assert first == write_svg(tmp_path / "a.svg", made[1]).read_text(encoding="utf-8")
    assert "Beijing" in first and first.startswith("<svg")


def test_another_renderer_that_a_reader_chose_is_kept() -> None:
    chart = charts.dumbbell(app.make("city-ip-core"), "110000", "310000", "en")
    with alt.renderers.enable("mimetype"):
        kinds = chart._repr_mimebundle_()[0]
    assert any("vegalite" in kind for kind in kinds) and chart._repr_html_().startswith("<svg")
    assert isinstance(chart, alt.LayerChart) and chart.properties(title="x")._repr_html_().startswith("<svg")


def test_two_charts_in_one_page_share_no_name() -> None:
    index = app.make("city-ip-core")
    drawn = [
        svg(chart)
        for chart in (charts.correlation_map(index), charts.acceptability_map(index, np.eye(297)), charts.radar(index, "110000"))
    ]
    named = [set(re.findall(r'\bid="([^"]+)"', text)) for text in drawn]
    assert named[0] and named[1] and not named[0] & named[1] and not named[0] & named[2] and not named[1] & named[2]
    for own, text in zip(named, drawn, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= own


def test_parts_of_a_chart_say_nothing() -> None:
    import altair as alt

    from tidu.publish.charts.style import rows_of, svg

    drawn = svg(alt.Chart(rows_of([{"a": 1, "b": 2}])).mark_point().encode(x="a:Q", y="b:Q"))
    assert "aria-label=" not in drawn


def test_a_slim_chart_fits_a_phone_and_keeps_its_marks() -> None:
    import altair as alt

    rows = [{"name": f"a rather long name of an indicator {k}", "x": k, "kind": "ab"[k % 2]} for k in range(6)]
    bars = alt.Chart(rows_of(rows)).mark_bar().encode(x="x:Q", y="name:N").properties(width=560)
    panels = alt.Chart(rows_of(rows)).mark_point().encode(x="x:Q", y="kind:N", facet="kind:N").properties(width=300)
    cells = alt.layer(
        alt.Chart(rows_of(rows)).mark_rect().encode(x="name:N", y="kind:N"),
        alt.Chart(rows_of(rows)).mark_text(text="9").encode(x="name:N", y="kind:N"),
    ).properties(width=alt.Step(60))
    for chart, mark in ((bars, "mark-rect"), (panels, "mark-symbol"), (cells, "mark-rect")):
        drawn = slim(plain(chart))
        width = re.search(r'<svg[^>]* width="([\d.]+)"', drawn)
        assert width is not None and float(width[1]) <= 330 and mark in drawn
    assert ">9<" in svg(plain(cells)) and ">9<" not in slim(plain(cells))
