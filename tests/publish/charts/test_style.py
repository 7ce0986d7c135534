"""What every chart shares: labels that differ, data in the chart, the same picture twice."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tidu import app
from tidu.publish import charts
from tidu.publish.charts.style import shortened, svg, told_apart, write_svg


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("xy z", min_size=1, max_size=60), max_size=8))
def test_labels_differ_and_fit(labels: dict[str, str]) -> None:
    found = told_apart(labels, 20)
    assert len(set(found.values())) == len(labels)
    assert all(len(shortened(label, 20)) <= 20 for label in labels.values())


def test_a_chart_shows_itself_in_a_notebook_and_is_drawn_the_same_twice(tmp_path: Path) -> None:
    index = app.make("city-ip-core")
    made = [charts.dumbbell(index, "110000", "310000", "en") for _ in range(2)]
    assert "text/html" in made[0]._repr_mimebundle_() and "vega-lite" in made[0].to_dict()["$schema"]
    first = svg(made[0])
    assert first == write_svg(tmp_path / "a.svg", made[1]).read_text(encoding="utf-8")
    assert "Beijing" in first and first.startswith("<svg")
