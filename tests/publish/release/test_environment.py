"""What a release was made with: pinned packages, a bill of materials whose references hold together."""

from __future__ import annotations

import json
import re
from importlib.metadata import version

from tidu.publish.release.environment import parts, python_text, requirements_text, sbom_text


def test_every_package_stands_with_the_version_at_work() -> None:
    lines = requirements_text().splitlines()
    assert lines[0] == f"# tidu=={version('tidu')}" and [line.split("==")[0] for line in lines[1:]] == sorted(
        line.split("==")[0] for line in lines[1:]
    )
    assert f"numpy=={version('numpy')}" in lines and f"pydantic-core=={version('pydantic-core')}" in lines
    assert re.fullmatch(r"\w+ 3\.\d+\.\d+\S*\n", python_text())


def test_tools_of_the_tests_are_no_part_of_it() -> None:
    assert {part.name for part in parts()}.isdisjoint({"pytest", "mypy", "ruff", "hypothesis"})


def test_the_bill_names_every_package_once_and_refers_to_none_that_is_not_there() -> None:
    bill = json.loads(sbom_text("e"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    names = [one["bom-ref"] for one in bill["components"]] + [bill["metadata"]["component"]["bom-ref"]]
    assert len(set(names)) == len(names) == len(bill["dependencies"])
    assert {ref for one in bill["dependencies"] for ref in (one["ref"], *one["dependsOn"])} == set(names)
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])
    assert "timestamp" not in json.dumps(bill)


def test_the_serial_number_is_of_the_edition_and_not_of_chance() -> None:
    numbers = [json.loads(sbom_text(edition))["serialNumber"] for edition in ("e", "e", "f")]
    assert numbers[0] == numbers[1] != numbers[2]
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", numbers[0])
