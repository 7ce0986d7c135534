"""Dots at places: area with the score, classes of equal count, colours told apart by lightness; no outline."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.conftest import COAST, PLACED

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish import charts
from tidu.publish.charts.dots import (
    HIGH,
    LARGE,
    SCALE,
    SHADES,
    SMALL,
    WIDTH,
    dot_map,
    dots,
    legend,
    said,
    scores_of,
    shades,
    values_of,
)
from tidu.publish.edition import Edition


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_a_higher_score_is_never_in_a_lower_class(scores: list[float]) -> None:
    found, limits = shades(np.array(scores))
    order = np.argsort(scores, kind="stable")
    assert np.all(np.diff(found[order]) >= 0) and found.min() >= 1 and found.max() <= SHADES
    assert limits == sorted(limits)


def test_every_shown_city_is_a_dot_inside_the_map(cities: Edition) -> None:
    made, on = dots(cities, cities.code, "zh")
    assert len(made) == len(cities.index.units) and on.height <= HIGH
    assert sum(dot.shade == 0 for dot in made) == len(cities.index.units) - cities.index.scored(2023)
    for dot in made:
        assert dot.r <= dot.x <= WIDTH - dot.r and dot.r <= dot.y <= on.height - dot.r
    by_unit = {dot.unit: dot for dot in made}
    assert by_unit["650100"].x < by_unit["110000"].x < by_unit["230100"].x  # 乌鲁木齐 west of 北京 west of 哈尔滨
    assert by_unit["230100"].y < by_unit["440300"].y  # 哈尔滨 north of 深圳


def test_area_goes_with_the_score_and_small_dots_lie_on_top(coastal: Edition) -> None:
    made, _ = dots(coastal, "p", "en")
    radii = [dot.r for dot in made]
    assert radii == sorted(radii, reverse=True) and (radii[0], radii[-1]) == (LARGE, SMALL)
    steps = np.diff(np.square(radii))  # indicator a falls by the same step from place to place; radii are to a tenth
    assert np.allclose(steps, (SMALL**2 - LARGE**2) / 11, atol=2 * 0.05 * 2 * LARGE)


def test_names_do_not_cover_each_other(cities: Edition) -> None:
    made, _ = dots(cities, cities.code, "zh")
    named = [dot for dot in made if dot.named is not None]
    assert 8 <= len(named) <= 14 and len({dot.named for dot in named}) == len(named)


def test_a_dot_says_its_rank_with_its_range(cities: Edition) -> None:
    text = said(cities, cities.code, "en")
    assert re.fullmatch(r"Beijing: rank 1 \(specification range \d+–\d+\), score [\d.]+", text["110000"])
    assert "range" not in said(cities, "output", "en")["110000"]
    unscored = next(unit for unit in cities.index.units if unit not in cities.units)
    assert "not scored" in text[unscored]


def test_the_legend_spans_all_scores_and_its_classes_touch(coastal: Edition) -> None:
    found = legend(coastal, "p", "en", unscored=False)
    assert [shade for shade, _ in found] == [5, 4, 3, 2, 1]
    ends = [[float(end) for end in text.split("–")] for _, text in found]
    assert ends[0][1] == 100.0 and ends[-1][0] == 0.0
    assert all(upper[0] == lower[1] for upper, lower in pairwise(ends))


def lightness(colour: str) -> float:
    """CIE 1976 L* of an sRGB colour (IEC 61966-2-1; CIE 15)."""
    part = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in part)
    return 116.0 * (0.2126 * red + 0.7152 * green + 0.0722 * blue) ** (1 / 3) - 16.0


def test_classes_are_told_apart_by_lightness_alone() -> None:
    assert lightness("#ffffff") == pytest.approx(100.0)
    found = [lightness(colour) for colour in SCALE]
    assert len(found) == SHADES and np.all(np.diff(found) < -9.0)


def test_of_an_indicator_of_which_less_is_better_the_least_is_darkest() -> None:
    less = {**COAST, "indicator": {**COAST["indicator"], "b": {"parent": "q", "better": "lower", "unit": "天"}}}
    edition = Edition(app.make(less, PLACED), None)
    made, _ = dots(edition, "b", "en")
    figures = dict(zip(edition.index.units, values_of(edition, "b"), strict=True))
    assert {figures[dot.unit] for dot in made if dot.shade == SHADES} == {1.0, 2.0}
    assert {figures[dot.unit] for dot in made if dot.shade == 1} == {5.0, 6.0}
    assert said(edition, "b", "en")["s0"] == "s0: 1.00 days, rank 1"
    spans = dict(legend(edition, "b", "en", unscored=False))
    assert spans[5].startswith("1.00–") and spans[1].endswith("–6.00")


def test_the_chart_holds_the_same_dots_and_says_what_it_is(cities: Edition, rows_with: Callable[..., Any]) -> None:
    chart = dot_map(cities, 2022, "output", "zh")
    rows = rows_with(chart, "x", "y", "said")
    made, _ = dots(cities, "output", "zh", period=2022)
    assert [(row["x"], row["y"]) for row in rows] == [(dot.x, dot.y) for dot in made]
    title = chart.to_dict()["title"]
    assert title["text"] == "点位分布图（未表示国界和领土范围）"
    assert title["subtitle"] == ["产出水平 2022", "香港、澳门特别行政区和台湾省资料暂缺。"]
    marks = {layer["mark"]["type"] for layer in chart.to_dict()["layer"]}
    assert marks == {"circle", "text"}  # nothing that could be an outline


def test_an_indicator_s_picture_is_small(cities: Edition) -> None:
    drawn = charts.svg(dot_map(cities, None, "exports", "en", 8, bare=True))
    assert len(drawn) < 90_000 and "Shanghai" in drawn and drawn.count("<path") >= len(cities.units)


def test_dots_lead_where_they_are_told_to(coastal: Edition, rows_with: Callable[..., Any]) -> None:
    rows = rows_with(dot_map(coastal, link=lambda unit: f"city/{unit}.html"), "to")
    assert {row["to"] for row in rows} == {f"city/{unit}.html" for unit in coastal.units}


def test_units_without_a_place_have_no_map(stranger: Edition, classes: Edition) -> None:
    for edition in (stranger, classes):
        with pytest.raises(UsageError) as caught:
            dot_map(edition)
        assert caught.value.code == "no_map"


def test_scores_of_another_period_are_not_those_of_the_last(cities: Edition) -> None:
    assert not np.allclose(scores_of(cities, "output", 2021), scores_of(cities, "output"), equal_nan=True)
