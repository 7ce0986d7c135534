"""The description of the interface is true: whatever it allows is answered in the shape it says, and never with a fault of ours."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tidu import app
from tidu.faces.web.server import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
served = application(app.edition("city-ip-core", draws=0))
schema = schemathesis.openapi.from_asgi("/openapi.json", served)


@pytest.mark.filterwarnings("default")
@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_keep_to_the_description(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)


def test_every_route_says_how_it_fails_and_what_each_field_takes() -> None:
    described = served.openapi()
    for path, ways in described["paths"].items():
        for way in ways.values():
            assert way["description"], path
            assert {"200", "404", "422"} <= set(way["responses"]), path
            for parameter in way.get("parameters", []):
                assert "schema" in parameter, path
