"""Tables of points as ranked, named clusters. Every point here is made up (synthetic)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tidu.core.errors import DataError, UsageError
from tidu.indicators.clustering import Points, clustering, published, read_clustering, read_points

RNG = np.random.default_rng(7)


def around(lon: float, lat: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    return lon + RNG.normal(0, 0.02, count), lat + RNG.normal(0, 0.02, count)


def points(shared: int = 0) -> Points:
    """Hong Kong, Shenzhen and Guangzhou, Hangzhou apart; ``shared`` documents join the first two."""
    places = [around(114.2, 22.3, 60), around(114.06, 22.6, 90), around(113.26, 23.13, 80), around(120.2, 30.2, 50)]
    lon, lat = (np.concatenate([one[axis] for one in places]) for axis in (0, 1))
    document = np.arange(len(lon))
    document[60 : 60 + shared] = document[:shared]
    city = np.repeat(["810000", "440300", "440100", "330100"], [60, 90, 80, 50])
    return Points(lon, lat, {"patents": np.ones(len(lon))}, document, city)


def test_a_cluster_is_called_by_its_places_and_crosses_the_border() -> None:
    made = clustering(points(), radius=40.0, least=30, people="inventors")
    assert [one["en"] for one in made.names] == ["Shenzhen–Hong Kong", "Guangzhou", "Hangzhou"]
    assert made.names[0]["zh"] == "深圳—香港"
    assert [one.points for one in made.clusters] == [150, 80, 50] and made.clustered == made.points == 280
    assert sum(one.total for one in made.clusters) == pytest.approx(1.0)


def test_neighbours_that_work_together_are_merged_and_no_others() -> None:
    apart = clustering(points(), radius=10.0, least=30, people="inventors", within=60.0)
    assert (len(apart.clusters), apart.merges) == (4, 0)
    joined = clustering(points(shared=40), radius=10.0, least=30, people="inventors", within=60.0)
    assert (len(joined.clusters), joined.merges, joined.names[0]["en"]) == (3, 1, "Shenzhen–Hong Kong")
    far = clustering(points(shared=40), radius=10.0, least=30, people="inventors", within=5.0)
    assert far.merges == 0


def test_a_cluster_without_cities_is_called_by_its_centre() -> None:
    lon, lat = around(-122.1, 37.4, 20)
    made = clustering(Points(lon, lat, {"patents": np.ones(20)}), radius=10.0, least=10, people="authors")
    assert made.names[0] == {"zh": "37.4°N 122.1°W", "en": "37.4°N 122.1°W"}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    made = clustering(points(), radius=40.0, least=30, people="applicants", source="synthetic 虚构")
    assert read_clustering(made.write(tmp_path / "deep" / "c.json")) == made


def test_a_table_is_read_with_its_metrics_and_documents(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "申请号,城市,经度,纬度,patents,papers\nA,440300,114,22,1,0\nB,,114.1,22.1,0.5,2\nA,X,115,23,1,1\n", encoding="utf-8"
    )
    made = read_points(path)
    assert made.lon.tolist() == [114.0, 114.1, 115.0] and list(made.metrics) == ["patents", "papers"]
    assert made.document is not None and made.document[0] == made.document[2] != made.document[1]
    assert made.city is not None and made.city.tolist() == ["440300", "", "X"]
    plain = tmp_path / "q.csv"
    plain.write_text("lon,lat\n1,2\n", encoding="utf-8")
    assert read_points(plain).metrics["patents"].tolist() == [1.0] and read_points(plain).document is None


@pytest.mark.parametrize(
    ("text", "code", "row"), [("lon,x\n1,2\n", "no_data_column", None), ("lon,lat\n1,2\n1,north\n", "bad_number", 3)]
)
def test_a_table_that_does_not_fit_is_told(tmp_path: Path, text: str, code: str, row: int | None) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_points(path)
    assert error.value.code == code and error.value.row == row


def test_other_faults_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        clustering(points(), radius=1.0, least=1, people="inventor")
    assert error.value.code == "unknown_people" and error.value.did_you_mean == "inventors"
    for read in (read_points, read_clustering):
        with pytest.raises(DataError) as missing:
            read(tmp_path / "none")
        assert missing.value.code == "no_file"
    (tmp_path / "x.json").write_text('{"clusters": [{"a": 1}]}', encoding="utf-8")
    with pytest.raises(DataError) as bad:
        read_clustering(tmp_path / "x.json")
    assert bad.value.code == "not_clusters"


def test_published_lists_have_a_source_and_no_place_twice() -> None:
    for one in published():
        names = [place["en"] for place in one["order"]]
        assert one["source"]["zh"] and one["source"]["en"] and len(names) == len(set(names)) and one["china"] > 20
