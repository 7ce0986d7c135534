"""What an edition holds, for programs: the same numbers as the library, typed, each with its unit and period."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu import app
from tidu.faces.web.server import application
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def client(cities: Edition) -> Iterator[TestClient]:
    with TestClient(application(cities), base_url="http://tidu/api/v1") as made:
        yield made


def test_the_ranking_is_that_of_the_library(client: TestClient, cities: Edition) -> None:
    rows = client.get("/ranking", params={"year": "2022"}).json()["rows"]
    assert [row["unit"] for row in rows] == [row["unit"] for row in cities.ranking("2022")]
    assert rows[0]["nodes"]["output"] == pytest.approx(100.0)
    assert client.get("/about").json()["hash"] == cities.hash


def test_units_and_indicators_are_described(client: TestClient, cities: Edition) -> None:
    units = client.get("/units").json()["rows"]
    assert len(units) == 297 and sum(row["scored"] for row in units) == len(cities.units)
    rows = {row["code"]: row for row in client.get("/indicators").json()["rows"]}
    assert rows["exports"]["unit"] == "亿元" and rows["exports"]["parent"] == "enterprise_development"
    assert rows["output"]["share"] == pytest.approx(1 / 3) and rows["city-ip-core"]["figures"] == len(cities.units)


def test_scores_of_every_node(client: TestClient, cities: Edition) -> None:
    found = client.get("/scores", params={"year": "2021"}).json()
    own = next(row for row in found["rows"] if row["unit"] == "110000")
    assert own["scores"] == pytest.approx([cities.index.score(node, "2021")["110000"] for node in found["nodes"]])
    assert own["ranks"][-1] == cities.index.rank(None, "2021")["110000"]
    assert any(None in row["scores"] for row in found["rows"])


def test_a_unit_by_code_or_name_and_what_is_not_there(client: TestClient) -> None:
    assert client.get("/unit/330100").json() == client.get("/unit/杭州").json() == client.get("/unit/Hangzhou").json()
    for path, code in (("/unit/999999", "unknown_unit"), ("/ranking?year=1999", "unknown_period"), ("/x", "no_such_address")):
        lost = client.get(path)
        assert (lost.status_code, lost.json()["code"]) == (404, code)


def test_classes_are_not_turned_into_ranks() -> None:
    edition = app.edition("city-ip-core", changes=["index.display=bands"], draws=0)
    with TestClient(application(edition), base_url="http://tidu/api/v1") as client:
        for path in ("/scores", "/profile/330100", "/moves/330100", "/contribution/330100", "/compare?unit=330100&unit=320100"):
            assert client.get(path).json()["code"] == "bands_only", path
        assert client.post("/build", json={}).json()["code"] == "bands_only"
        assert all(row["rank"] is None for row in client.get("/ranking").json()["rows"])
