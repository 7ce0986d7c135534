"""The application: pages and files at their addresses, headers on every answer, lost addresses told."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu.faces.web.server import HEADERS, application
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def client(cities: Edition) -> Iterator[TestClient]:
    with TestClient(application(cities)) as made:
        yield made


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for address in ("/zh/index.html", "/api/v1/about", "/nothing", "/api/v1/nothing", "/static/site.css", "/"):
        answer = client.get(address, follow_redirects=False)
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
    again = client.get("/zh/index.html", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_is_packed_for_whom_it_may_be(client: TestClient, cities: Edition) -> None:
    with client.stream("GET", "/zh/ranking.html", headers={"accept-encoding": "gzip"}) as packed:
        body = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip" and packed.headers["vary"] == "Accept-Encoding"
    with client.stream("GET", "/zh/ranking.html", headers={"accept-encoding": "identity"}) as plain:
        assert gzip.decompress(body) == b"".join(plain.iter_raw()) and len(body) < 40_000


def test_the_page_is_told_that_somebody_answers(client: TestClient) -> None:
    assert client.get("/static/served.js").text.startswith('window.tiduServed = "/api/v1/"; window.tiduBriefs = ["')


def test_a_brief_is_made_when_it_is_asked_for(client: TestClient) -> None:
    assert '"en"' in client.get("/static/served.js").text
    answer = client.get("/city/330800.en.pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert client.get("/city/540100.en.pdf").status_code == 404  # a unit without a score has none


def test_a_lost_page_is_whole_at_any_depth(client: TestClient) -> None:
    """Its style and links begin at the server's own root, so that they stand below any address."""
    for address in ("/zh/none.html", "/en/city/none/none/none.html", "/none"):
        lost = client.get(address)
        targets = re.findall(r'(?:href|src)="([^"#]+)"', lost.text)
        assert lost.status_code == 404 and "/static/site.css" in targets and all(target.startswith("/") for target in targets)
        assert all(client.get(target).status_code == 200 for target in set(targets))


def test_a_head_is_a_get_without_its_body(client: TestClient) -> None:
    for address in ("/zh/index.html", "/city/330100.csv", "/api/v1/about", "/nothing"):
        whole, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (whole.status_code, b"") and whole.content
        assert head.headers["content-type"] == whole.headers["content-type"]


def test_a_search_without_scripts_finds(client: TestClient) -> None:
    one = client.get("/en/ranking.html", params={"q": "quzhou"}, follow_redirects=False)
    assert (one.status_code, one.headers["location"]) == (303, "city/330800.html")
    several = client.get("/zh/ranking.html", params={"q": "suzhou"}).text
    assert several.count("data-unit=") == 2 and "“suzhou”：2 个城市" in several
    none = client.get("/en/ranking.html", params={"q": "<b>"}).text
    assert none.count("data-unit=") > 290 and "&lt;b&gt;" in none
