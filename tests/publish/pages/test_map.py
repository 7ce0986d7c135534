"""The map: points where they are, area with the score, classes of equal count, no outline; the same numbers in the table."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.edition import Edition
from tidu.publish.pages.map import (
    HIGH,
    LARGE,
    SHADES,
    SMALL,
    WIDTH,
    albers,
    dot_map,
    dots,
    legend,
    map_address,
    nodes,
    project,
    rows_of,
    said,
    scatter,
    shades,
    small_map,
    ticks,
)


def test_the_projection_keeps_areas() -> None:
    """A cell of one degree keeps its share of the sphere wherever it lies: cos φ · dφ · dλ."""
    step = 1e-4
    for lon, lat in ((80.0, 20.0), (105.0, 36.0), (130.0, 50.0)):
        x, y = albers(np.array([lon, lon + step, lon]), np.array([lat, lat, lat + step]), (25.0, 47.0), (105.0, 36.0))
        area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        assert abs(area / (np.radians(step) ** 2 * np.cos(np.radians(lat))) - 1.0) < 1e-4


def test_about_the_equator_degrees_stay_degrees() -> None:
    x, y = project(np.array([-10.0, 10.0]), np.array([-5.0, 5.0]))
    assert np.allclose(y, np.radians([-5.0, 5.0])) and np.allclose(x, np.radians([-10.0, 10.0]))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_a_higher_score_is_never_in_a_lower_class(scores: list[float]) -> None:
    found, limits = shades(np.array(scores))
    order = np.argsort(scores, kind="stable")
    assert np.all(np.diff(found[order]) >= 0) and found.min() >= 1 and found.max() <= SHADES
    assert limits == sorted(limits)


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
def test_ticks_are_even_and_inside(low: float, size: float) -> None:
    found = ticks(low, low + size)
    assert 2 <= len(found) <= 12
    assert all(low - 1e-6 * size <= tick <= low + size + 1e-6 * size for tick in found)
    assert np.allclose(np.diff(found), found[1] - found[0])


def test_every_shown_city_is_a_dot_inside_the_map(cities: Edition) -> None:
    made, height = dots(cities, cities.code, "zh")
    assert len(made) == len(cities.index.units) and height <= HIGH
    assert sum(dot.shade == 0 for dot in made) == len(cities.index.units) - cities.index.scored(2023)
    for dot in made:
        assert dot.r <= dot.x <= WIDTH - dot.r and dot.r <= dot.y <= height - dot.r
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


def test_the_scatter_has_a_dot_a_city_and_the_line_of_the_test(coastal: Edition) -> None:
    found = scatter(coastal, "p")
    assert found is not None and len(found.dots) == 12 and found.line is not None
    x1, y1, x2, y2 = found.line
    # indicator a falls in a straight line, so that the line goes through every dot
    for dot in found.dots:
        assert abs(y1 + (y2 - y1) * (dot.x - x1) / (x2 - x1) - dot.y) < 0.3


def test_the_table_says_the_same_as_the_dots(cities: Edition) -> None:
    made, _ = dots(cities, "output", "en")
    rows = rows_of(cities, "output", made)
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == sorted(ranks) and len(rows) == len(made)
    beijing = next(row for row in rows if row["unit"] == "110000")
    assert (beijing["lon"], beijing["lat"], beijing["distance"]) == (116.6, 40.3, 160.0)


def test_a_dot_says_its_rank_with_its_range(cities: Edition) -> None:
    text = said(cities, cities.code, "en")
    assert re.fullmatch(r"Beijing: rank 1 \(specification range \d+–\d+\), score [\d.]+", text["110000"])
    assert "range" not in said(cities, "output", "en")["110000"]
    unscored = next(unit for unit in cities.index.units if unit not in cities.units)
    assert "not scored" in text[unscored]


def test_the_page_shows_no_outline_and_says_so(cities: Edition) -> None:
    assert nodes(cities) == (cities.code, "output", "performance", "potential")
    assert map_address(cities, "zh", "output") == "zh/map-output.html"
    text = dot_map(cities, "zh", "zh/map.html", cities.code).body.decode()
    assert "点位分布图（未表示国界和领土范围）" in text and "香港、澳门特别行政区和台湾省资料暂缺" in text
    assert "<path" not in text and "<polygon" not in text
    links = re.findall(r'<a href="\.\./zh/city/(\w+)\.html" aria-label', text)
    assert sorted(links) == sorted(cities.units)


def test_a_stranger_s_places_make_a_map_and_no_places_none(coastal: Edition, stranger: Edition) -> None:
    text = dot_map(coastal, "en", "en/map.html", "shore").body.decode()
    assert "Hong Kong" not in text and text.count("<circle") > 24
    assert not stranger.mapped and small_map(stranger, "en")[0] == [] and scatter(stranger, "demo") is None


def test_the_legend_spans_all_scores(coastal: Edition) -> None:
    found = legend(coastal, "p", unscored=False)
    assert [shade for shade, _, _ in found] == [5, 4, 3, 2, 1]
    assert found[0][2] == 100.0 and found[-1][1] == 0.0
    assert all(one[1] == other[2] for one, other in pairwise(found))
