"""The crate names every file, and every reference in it leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tidu.publish.edition import Edition
from tidu.publish.release.crate import crate_text


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for inner in value.values():
            yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def graph(text: str) -> dict[str, dict[str, Any]]:
    return {one["@id"]: one for one in json.loads(text)["@graph"]}


def test_references_lead_to_entities_and_entities_are_named_once(written: Path) -> None:
    text = (written / "ro-crate-metadata.json").read_text(encoding="utf-8")
    whole = json.loads(text)
    assert whole["@context"] == "https://w3id.org/ro/crate/1.2/context"
    found = graph(text)
    assert len(found) == len(whole["@graph"])
    assert set(references(whole["@graph"])) - set(found) == {"https://w3id.org/ro/crate/1.2"}
    files = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    parts = {one["@id"] for one in found["./"]["hasPart"]}
    assert parts == files - {"SHA256SUMS", "ro-crate-metadata.json"}


def test_the_action_says_what_was_made_of_what(written: Path) -> None:
    found = graph((written / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    action = found["#build"]
    assert action["@type"] == "CreateAction" and found[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    objects, results = ({one["@id"] for one in action[key]} for key in ("object", "result"))
    assert {"config/index.toml", "data/data.csv", "#index.toml", "#d.csv"} <= objects
    assert "results/scores.csv" in results and not objects & results


def test_the_root_and_the_program_have_what_the_specification_requires(small: Edition) -> None:
    """RO-Crate 1.2, "Direct properties of the Root Data Entity" and "Software used to create files"."""
    found = graph(crate_text(small, {}, {}, day="2026-01-31", licence="MIT"))
    assert {"@type", "name", "description", "datePublished", "license"} <= set(found["./"])
    assert found[found["./"]["identifier"]["@id"]] == {
        "@id": "#edition",
        "@type": "PropertyValue",
        "name": "SHA-256 of index file, figures and version",
        "value": small.hash,
    }
    program = next(one for one in found.values() if one["@type"] == "SoftwareApplication")
    assert {"name", "url", "version"} <= set(program) and found["./"]["mentions"] == {"@id": "#build"}


def test_a_day_a_publisher_and_a_licence_stand_where_they_are_given(small: Edition) -> None:
    bare = graph(crate_text(small, {}, {}))
    assert "datePublished" not in bare["./"] and "publisher" not in bare["./"] and "license" not in bare["./"]
    full = graph(crate_text(small, {}, {"图 1.csv": b""}, day="2026-01-31", by="An office", licence="MIT"))
    assert full["./"]["datePublished"] == "2026-01-31"
    assert full["#publisher"]["name"] == "An office" and full["#licence"]["name"] == "MIT"
    assert full["#%E5%9B%BE%201.csv"]["name"] == "图 1.csv"
