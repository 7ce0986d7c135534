"""The page of clusters. The points are made up (synthetic)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from tidu.indicators.clustering import Clustering, Points, clustering
from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.clusters import clusters, clusters_file, rows, spots


@pytest.fixture
def found() -> Clustering:
    lon = np.array([116.4] * 5 + [116.0] * 4 + [121.5] * 3)
    lat = np.array([39.9] * 5 + [39.6] * 4 + [31.2] * 3)
    city = np.array(["110000"] * 5 + ["131000"] * 4 + ["310000"] * 3)
    one = Points(lon, lat, {"patents": np.ones(12), "papers": np.arange(12.0)}, city=city)
    return clustering(one, radius=5.0, least=3, people="applicants", source="synthetic <虚构>")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_clusters_stand_in_a_table_and_on_a_map_that_says_what_it_is(cities: Edition, found: Clustering, lang: str) -> None:
    text = clusters(replace(cities, clusters=found), lang, f"{lang}/clusters.html").body.decode()
    for name in found.names:
        assert f">{name[lang]}</th>" in text
    assert "synthetic &lt;虚构&gt;" in text
    assert ("未表示国界" in text and "申请人" in text) if lang == "zh" else ("no boundary" in text and "of applicants" in text)


def test_without_points_the_page_says_what_is_missing_and_what_is_published(cities: Edition) -> None:
    assert cities.clusters is None
    text = clusters(cities, "en", "en/clusters.html").body.decode()
    assert "Input missing" in text and "Shenzhen–Hong Kong–Guangzhou" in text and "tidu clusters points.csv" in text
    assert "data/clusters.csv" not in addresses(cities)


def test_an_edition_of_other_figures_has_the_page_only_with_clusters(stranger: Edition, found: Clustering) -> None:
    assert "zh/clusters.html" not in addresses(stranger)
    made = addresses(replace(stranger, clusters=found))
    assert "zh/clusters.html" in made and "clusters.html" in made["zh/index.html"]().body.decode()


def test_names_on_the_map_do_not_overlap_and_lie_on_it(cities: Edition, found: Clustering) -> None:
    made, around, on = spots(cities, found, "zh")
    assert on is not None and len(around) == 297 and all(0 <= spot.x <= on.width and 0 <= spot.y <= on.height for spot in made)
    assert made[0].r > made[-1].r
    boxes = [spot.at for spot in made if spot.at]
    assert len(boxes) == len(set(boxes)) >= 2


def test_the_file_says_the_same_in_both_languages(cities: Edition, found: Clustering) -> None:
    read = list(csv.DictReader(io.StringIO(clusters_file(replace(cities, clusters=found)).body.decode("utf-8-sig"))))
    assert [row["cluster"] for row in read] == [row["cluster"] for row in rows(found, "zh")]
    assert [row["cluster_en"] for row in read] == [name["en"] for name in found.names]
    assert sum(float(row["patents_share"]) for row in read) == pytest.approx(1.0)
