"""The application: pages and files at their addresses, headers on every answer, lost addresses told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu import app
from tidu.faces.web.server import HEADERS, Shelf, application
from tidu.publish.pages.render import Content


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(application(app.edition("city-ip-core", draws=16))) as made:
        yield made


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for address in ("/zh/index.html", "/api/v1/about", "/nothing", "/static/site.css"):
        answer = client.get(address)
        assert all(answer.headers[key] == value for key, value in HEADERS.items()), address


def test_pages_files_and_lost_addresses(client: TestClient) -> None:
    assert client.get("/zh/city/330100.html").status_code == 200
    assert client.get("/zh/").status_code == 200
    assert client.get("/data/ranking-2023.csv").headers["content-type"].startswith("text/csv")
    lost = client.get("/en/city/999999.html")
    assert lost.status_code == 404 and "no such page" in lost.text


def test_the_first_address_leads_to_the_readers_language(client: TestClient) -> None:
    asked = client.get("/", headers={"accept-language": "en-GB"}, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (307, "/en/index.html")
    assert client.get("/", headers={"accept-language": "zh-CN"}, follow_redirects=False).headers["location"] == "/zh/index.html"


def test_an_unchanged_page_is_not_sent_twice(client: TestClient) -> None:
    tag = client.get("/zh/index.html").headers["etag"]
    assert client.get("/zh/index.html", headers={"if-none-match": tag}).status_code == 304


def test_content_is_made_once() -> None:
    calls = []

    def make() -> Content:
        calls.append(1)
        return Content("text/plain", b"x")

    shelf = Shelf({"a": make})
    assert shelf.get("a") is shelf.get("a") and shelf.get("b") is None and len(calls) == 1
