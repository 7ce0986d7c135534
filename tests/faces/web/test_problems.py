"""Every fault is an answer of one shape, in both languages, with the status that fits."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tidu.core.errors import messages
from tidu.faces.web.problems import BUSY, LOST, Problem
from tidu.faces.web.server import application
from tidu.publish.edition import Edition


def test_the_codes_are_codes_of_the_catalogue() -> None:
    assert set(messages()) >= LOST | BUSY


@pytest.mark.parametrize(
    ("way", "path", "body", "status"),
    [
        ("GET", "unit/x", None, 404),
        ("GET", "contribution/110000?node=none", None, 404),
        ("POST", "build", {"weights": {"output": "much"}}, 422),
        ("POST", "build", {"weight": {}}, 422),
        ("POST", "what-if", {"scenarios": []}, 422),
        ("DELETE", "ranking", None, 405),
    ],
)
def test_every_fault_has_one_shape(cities: Edition, way: str, path: str, body: object, status: int) -> None:
    with TestClient(application(cities)) as client:
        answer = client.request(way, f"/api/v1/{path}", json=body)
    said = Problem.model_validate_json(answer.content)
    assert answer.status_code == status and said.message.zh and said.message.en


def test_a_body_that_is_no_text_is_told(cities: Edition) -> None:
    with TestClient(application(cities)) as client:
        answer = client.post("/api/v1/build", content=b"\xff\xfe", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_shape")


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("ranking?year=" + "9" * 30, "文字过长（至多 20 个字符）", "too long (20"),
        ("compare?unit=110000", "项数太少（至少 2 项）", "too few (2"),
    ],
)
def test_why_a_request_does_not_fit_is_said_in_both_languages(cities: Edition, path: str, zh: str, en: str) -> None:
    with TestClient(application(cities)) as client:
        said = client.get(f"/api/v1/{path}").json()["message"]
    assert zh in said["zh"] and en in said["en"] and "should" not in said["zh"]


def test_a_wrong_method_is_told_with_the_right_one(cities: Edition) -> None:
    with TestClient(application(cities)) as client:
        for own in ("/api/v1/build", "/api/v1/what-if"):
            answer = client.get(own)
            assert (answer.status_code, answer.headers["allow"], answer.json()["code"]) == (405, "POST", "wrong_method")
        assert client.post("/api/v1/about").status_code == 405 and client.get("/api/v1/none").status_code == 404
