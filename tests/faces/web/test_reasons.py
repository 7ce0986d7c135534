"""Why, for programs: each answer holds what the library finds, in the period and language asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu import app
from tidu.diagnosis.audit.remarks import remarks
from tidu.diagnosis.explanation.change import change
from tidu.diagnosis.explanation.contribution import gap_parts
from tidu.diagnosis.geography.verdict import verdicts
from tidu.diagnosis.movement.moves import moves
from tidu.faces.web.server import application
from tidu.index.all_weights import under_all_weights
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def client(cities: Edition) -> Iterator[TestClient]:
    with TestClient(application(cities), base_url="http://tidu/api/v1") as made:
        yield made


def test_a_profile_has_its_peers_figures_and_history(client: TestClient) -> None:
    found = client.get("/profile/330800").json()
    assert len(found["peers"]) == 10 and found["nodes"][0]["code"] == "city-ip-core"
    assert set(found["history"]["city-ip-core"]) == {"2021", "2022", "2023"}
    assert any(figure["status"] != "A" or figure["source"] for figure in found["figures"])


def test_contributions_comparisons_and_moves_are_those_of_the_library(client: TestClient, cities: Edition) -> None:
    found = client.get("/contribution/330100", params={"against": "320100"}).json()
    assert found["parts"] == pytest.approx(dict(gap_parts(cities.index, "330100", "320100").parts))
    beside = client.get("/compare", params={"unit": ["330100", "320100", "440300"]}).json()
    assert beside["gaps"]["320100"] == pytest.approx(found["parts"]) and len(beside["units"]) == 3
    rows = client.get("/moves/330100").json()["rows"]
    found = moves(cities.index, "330100")
    assert [row["slope"] for row in rows] == pytest.approx([move.slope for move in found])
    assert [(row["of"], [one["code"] for one in row["fed"]]) for row in rows] == [
        (move.of, [one.code for one in move.fed]) for move in found
    ]
    assert client.get("/compare", params={"unit": ["330100"]}).status_code == 422


def test_a_change_is_split_by_cause_and_adds_up(client: TestClient, cities: Edition) -> None:
    for asked, periods in (({}, ["2022", "2023"]), ({"since": "2021", "node": "output"}, ["2021", "2023"])):
        told = client.get("/change/330800", params=asked).json()
        found = change(cities.index, cities.index, "330800", asked.get("since"), None, asked.get("node"))
        assert told["parts"] == pytest.approx(dict(found.parts)) and told["periods"] == periods
        assert sum(told["parts"].values()) == pytest.approx(told["after"] - told["before"], abs=1e-9)
    assert client.get("/change/330800", params={"year": "2021"}).json()["code"] == "no_earlier_period"


def test_an_audit_says_its_remarks_in_the_language_asked_for(client: TestClient, cities: Edition) -> None:
    assert cities.examined is not None
    own = list(remarks(cities.examined))
    for lang in ("zh", "en"):
        told = client.get("/audit", params={"lang": lang}).json()
        assert [(row["code"], row["said"]) for row in told["rows"]] == [(item.code, item.parts(lang)[1]) for item in own]
    assert client.get("/audit", params={"lang": "fr"}).status_code == 422


def test_the_gradient_of_the_index_and_of_a_pillar(client: TestClient, cities: Edition) -> None:
    found = {item.node: item for item in verdicts(cities.gradients["2022"])}
    for node, asked in ((cities.code, {}), ("output", {"node": "output"})):
        told = client.get("/gradient", params={"year": "2022", "lang": "en", **asked}).json()
        assert (told["node"], told["answer"], told["said"]) == (node, found[node].answer, found[node].text("en"))
        assert [check["holds"] for check in told["checks"]] == [check.holds for check in found[node].checks]
        assert sum(check["holds"] is True for check in told["checks"]) == int(told["said"].split(": ")[1].split(" of ")[0])
    lost = client.get("/gradient", params={"node": "outptu"})
    assert (lost.status_code, lost.json()["did_you_mean"]) == (404, "output")


def test_ranks_under_all_weights_are_shares_of_them(client: TestClient, cities: Edition) -> None:
    told, found = client.get("/acceptability").json(), under_all_weights(cities.index)
    rows = {row["unit"]: row for row in told["rows"]}
    assert list(rows) == sorted(rows, key=lambda unit: (rows[unit]["expected_rank"], unit)) and told["draws"] == 10_000
    for u, unit in enumerate(found.units):
        assert rows[unit]["shares"] == found.acceptability[u].tolist()
        assert sum(rows[unit]["shares"]) == pytest.approx(1)
        assert (rows[unit]["central"] is None) == (rows[unit]["first"] == 0) == (rows[unit]["confidence"] is None)
    first = told["rows"][0]
    assert sum(first["central"].values()) == pytest.approx(1) and set(first["central"]) == set(told["children"])
    assert client.get("/acceptability", params={"node": "exports"}).json()["code"] == "smaa_mean"


def test_where_classes_are_shown_no_score_is_told_and_the_audit_still_is() -> None:
    edition = app.edition("city-ip-core", changes=["index.display=bands"], draws=0)
    with TestClient(application(edition), base_url="http://tidu/api/v1") as client:
        for path in ("/change/330800", "/gradient", "/acceptability"):
            assert client.get(path).json()["code"] == "bands_only", path
        assert client.get("/audit").json()["rows"]
