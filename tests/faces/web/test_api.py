"""The interface for programs: the same numbers as the library, typed, with lost units told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu import app
from tidu.faces.web.server import application
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def edition() -> Edition:
    return app.edition("city-ip-core", draws=16)


@pytest.fixture(scope="module")
def client(edition: Edition) -> Iterator[TestClient]:
    with TestClient(application(edition)) as made:
        yield made


def test_the_ranking_is_that_of_the_library(client: TestClient, edition: Edition) -> None:
    rows = client.get("/api/v1/ranking", params={"year": "2022"}).json()["rows"]
    assert [row["unit"] for row in rows] == [row["unit"] for row in edition.ranking("2022")]
    assert rows[0]["nodes"]["output"] == pytest.approx(100.0)
    assert client.get("/api/v1/about").json()["hash"] == edition.hash


def test_a_unit_and_what_is_not_there(client: TestClient) -> None:
    assert client.get("/api/v1/unit/330100").json()["name_en"] == "Hangzhou"
    assert client.get("/api/v1/unit/999999").status_code == 404
    assert client.get("/api/v1/ranking", params={"year": "1999"}).status_code == 404
