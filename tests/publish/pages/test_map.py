"""The map: points where they are, area with the score, classes of equal count, no outline; the same numbers in the table."""

from __future__ import annotations

import json
import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.charts.dots import dots
from tidu.publish.edition import Edition
from tidu.publish.pages.map import (
    drawing,
    drawing_address,
    ground,
    map_address,
    map_live,
    map_page,
    nodes,
    rows_of,
    scatter,
    small_map,
    ticks,
)
from tidu.publish.pages.render import live_address


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
def test_ticks_are_even_and_inside(low: float, size: float) -> None:
    found = ticks(low, low + size)
    assert 2 <= len(found) <= 12
    assert all(low - 1e-6 * size <= tick <= low + size + 1e-6 * size for tick in found)
    assert np.allclose(np.diff(found), found[1] - found[0])


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


def test_the_page_shows_no_outline_and_says_so(cities: Edition) -> None:
    assert nodes(cities) == (cities.code, "output", "performance", "potential")
    assert map_address(cities, "zh", "output") == "zh/map-output.html"
    text = map_page(cities, "zh", "zh/map.html", cities.code).body.decode()
    assert "点位分布图（未表示国界和领土范围）" in text and "香港、澳门特别行政区和台湾省资料暂缺" in text
    assert "<path" not in text and "<polygon" not in text
    links = re.findall(r'<a href="\.\./zh/city/(\w+)\.html" aria-label', text)
    assert set(cities.units) <= set(links) <= set(cities.slugs)  # what has a score at this node, those without a rank too


def test_a_stranger_s_places_make_a_map_and_no_places_none(coastal: Edition, stranger: Edition) -> None:
    text = map_page(coastal, "en", "en/map.html", "shore").body.decode()
    assert "Hong Kong" not in text and text.count("<circle") > 24
    assert not stranger.mapped and small_map(stranger, "en") == ([], None) and scatter(stranger, "demo") is None


def test_the_same_map_lies_beside_the_page_as_a_picture_and_live(cities: Edition) -> None:
    page = "en/map-output.html"
    text = map_page(cities, "en", page, "output").body.decode()
    assert f'href="../{drawing_address(page)}"' in text and f'data-spec="../{live_address(page)}"' in text
    picture = drawing(cities, "en", "output").body.decode()
    assert "no boundary or extent of territory" in picture and "Taiwan Province of China: no data yet" in picture
    script = map_live(cities, "en", "output").body.decode()
    spec = json.loads(script.removeprefix("window.tiduCharts = ").rstrip(";\n"))["map"]
    rows = next(rows for rows in spec["datasets"].values() if "said" in rows[0])
    links = {row["to"] for row in rows if "to" in row}
    pages = {unit: f"city/{slug}.html" for unit, slug in cities.slugs.items()}
    assert {pages[unit] for unit in cities.units} <= links <= set(pages.values())
    assert "title" not in spec  # the page says it


def test_without_a_basemap_there_is_no_ground(cities: Edition) -> None:
    _, on = small_map(cities, "zh")
    told = ground(cities, on, "zh")
    assert told["land"] is None and told["credits"] == () and told["kind"].startswith("点位分布图（未表示")
