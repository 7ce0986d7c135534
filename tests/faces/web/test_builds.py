"""An index built anew on request is the library's; what would keep the server busy or read its files is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tidu.core.errors import UsageError
from tidu.faces.web.builds import SLOW, Turn, allowed
from tidu.faces.web.server import application
from tidu.index.build import build
from tidu.index.methods import REGISTRIES
from tidu.publish.edition import Edition


@pytest.fixture(scope="module")
def client(cities: Edition) -> Iterator[TestClient]:
    with TestClient(application(cities), base_url="http://tidu/api/v1") as made:
        yield made


def test_weights_and_methods_give_what_the_library_gives(client: TestClient, cities: Edition) -> None:
    asked = {"weights": {"output": 2, "exports": 0}, "changes": ["normalise.method=percentile_rank"], "period": "2022"}
    found = client.post("/build", json=asked).json()
    made = build(cities.index.framework.put(*found["changes"]), cities.index.panel)
    assert found["period"] == "2022" and "pillar.output.weight=2.0" in found["changes"]
    assert {row["unit"]: row["rank"] for row in found["rows"]} == made.rank(None, "2022")
    assert {row["unit"]: row["was"] for row in found["rows"]} == cities.index.rank(None, "2022")


def test_scenarios_name_what_they_turn_round(client: TestClient) -> None:
    asked = {"scenarios": [{"name": "twice", "changes": ["data.440300.2023.exports=+50%"]}]}
    found = client.post("/what-if", json=asked).json()
    assert any(flip["kind"] == "bound" and flip["what"] == "exports" for flip in found["flips"])
    assert all(set(row["ranks"]) == {"twice"} for row in found["rows"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("extends=/etc/passwd", "change_not_served"),
        ("units.fit_on=/etc/passwd", "change_not_served"),
        ("pillar.output.parent=potential", "change_not_served"),
        ("*.method=none", "change_not_served"),
        ("data.110000.2023.exports=1", "change_not_served"),
        ("aggregate.method=kemeny", "method_not_served"),
        ("pillar.output.aggregate.method=benefit_of_the_doubt", "method_not_served"),
        ("treat.method=nothing_such", "unknown_method"),
        ("no change", "bad_change"),
    ],
)
def test_what_is_not_served_is_told(client: TestClient, change: str, code: str) -> None:
    answer = client.post("/build", json={"changes": [change]})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message"]["zh"] and answer.json()["message"]["en"]


def test_the_slow_joins_are_joins() -> None:
    assert set(SLOW) <= set(REGISTRIES["aggregate"])


def test_an_index_file_that_has_a_slow_join_keeps_it(cities: Edition) -> None:
    own = cities.index.framework.put("pillar.output.aggregate.method=benefit_of_the_doubt")
    assert allowed(own, ["pillar.performance.weight=2"]).nodes["performance"].weight == 2


def test_only_so_many_wait() -> None:
    turn = Turn(1)
    with turn.taken(), pytest.raises(UsageError, match="waiting"), turn.taken():
        pass
    with turn.taken():
        pass
