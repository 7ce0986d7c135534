"""The planner answers as the library does, in both languages, and refuses in words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tidu import app
from tidu.diagnosis.movement.target import target
from tidu.faces.web.server import application
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def edition() -> Edition:
    return app.edition("city-ip-core", draws=0)


@pytest.fixture(scope="module")
def client(edition: Edition) -> TestClient:
    return TestClient(application(edition))


def test_a_plan_is_that_of_the_library(edition: Edition, client: TestClient) -> None:
    found = client.get("/api/v1/target", params={"unit": "330800", "rank": 60, "lang": "en"}).json()
    own = target(edition.index, "330800", rank=60)
    assert (found["reachable"], found["rank"], found["score"], found["effort"]) == (True, own.rank, own.score, own.effort)
    named = [code for row in found["rows"] for code in (row["code"], *(one["code"] for one in row["with"]))]
    assert sorted(named) == sorted(move.lever for move in own.moves)
    assert len(found["rows"]) == len({move.column for move in own.moves}) < len(own.moves)
    assert found["verdict"].startswith("Quzhou can reach rank 60")


def test_what_cannot_be_reached_is_said_so(client: TestClient) -> None:
    found = client.get("/api/v1/target", params={"unit": "330800", "rank": 3}).json()
    assert found["reachable"] is False and found["rank"] > 3 and "达不到第 3 名" in found["verdict"]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [({"unit": "nowhere", "rank": 3}, 404, "unknown_unit"), ({"unit": "330800", "rank": 3, "score": 60}, 422, "target_one_of_two")],
)
def test_refusals_have_a_code_and_a_message(client: TestClient, asked: dict[str, str], status: int, code: str) -> None:
    answer = client.get("/api/v1/target", params=asked)
    assert answer.status_code == status
    assert answer.json()["code"] == code and answer.json()["message"]["zh"] != answer.json()["message"]["en"]


def test_a_rank_below_one_is_no_question(client: TestClient) -> None:
    assert client.get("/api/v1/target", params={"unit": "330800", "rank": 0}).status_code == 422


def test_a_rank_beyond_the_last_is_no_question(edition: Edition, client: TestClient) -> None:
    assert client.get("/api/v1/target", params={"unit": "330800", "rank": len(edition.units) + 1}).status_code == 422


def test_a_score_and_limits_are_those_of_the_library(edition: Edition, client: TestClient) -> None:
    asked = {"unit": "330800", "score": 19, "fix": "tertiary_share", "quantile": 0.8, "years": 1, "effort": "max", "lang": "en"}
    found = client.get("/api/v1/target", params=asked).json()
    own = target(edition.index, "330800", score=19, fixed=["tertiary_share"], quantile=0.8, years=1, effort="max")
    assert (found["wanted_score"], found["wanted_rank"], found["rank"], found["effort"]) == (19, None, own.rank, own.effort)


def test_limits_by_hand_are_those_of_the_library(edition: Edition, client: TestClient) -> None:
    code = next(move.code for move in target(edition.index, "330800", rank=60).moves)
    own = target(edition.index, "330800", rank=60, limits={code: 0.001})
    given = client.get("/api/v1/target", params={"unit": "330800", "rank": 60, "limit": [f"{code}=0.001"]}).json()
    assert (given["effort"], given["score"], given["reachable"]) == (own.effort, own.score, own.reachable)
    for wrong, told in (
        (f"{code}=much", "target_limit"),
        (f"{code}=-1", "target_limit"),
        ("inventions_granted=5", "target_limit_held"),
    ):
        refused = client.get("/api/v1/target", params={"unit": "330800", "rank": 60, "limit": [wrong]})
        assert (refused.status_code, refused.json()["code"]) == (422, told), wrong
