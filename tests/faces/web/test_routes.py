"""The addresses of the interface: every one answers, once made it is the same bytes, and what it does not know it tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu.faces.web.ready import Ready
from tidu.faces.web.routes import router
from tidu.faces.web.server import application
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def client(cities: Edition) -> Iterator[TestClient]:
    with TestClient(application(cities), base_url="http://tidu/api/v1") as made:
        yield made


def test_every_address_answers_twice_the_same_under_one_mark(client: TestClient, cities: Edition) -> None:
    paths = [route.path for route in router(cities, Ready("mark")).routes]  # type: ignore[attr-defined]
    assert len(paths) == len(set(paths)) == 14
    for path in paths:
        asked = {"unit": ["330100", "320100"]} if path == "/compare" else {}
        found, again = (client.get(path.replace("{code}", "330100"), params=asked) for _ in range(2))
        assert found.status_code == 200 and found.content == again.content, path
        assert found.headers["etag"] == again.headers["etag"] and found.headers["content-type"].startswith("application/json")


def test_a_parameter_that_is_not_there_is_told_and_not_passed_over(client: TestClient) -> None:
    answer = client.get("/ranking", params={"yaer": "2022"})
    assert (answer.status_code, answer.json()["address"], answer.json()["did_you_mean"]) == (422, "query.yaer", "year")
