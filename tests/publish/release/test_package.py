"""The Data Package fits the files, and an outside reader finds what is changed."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from tidu.publish.edition import Edition
from tidu.publish.release.package import package_text, schema, sources_of
from tidu.publish.release.sums import sha256


def judged(folder: Path) -> list[tuple[str, str, int | None, str | None]]:
    """What frictionless says of a release: resource, kind of fault, row, column."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        report = Package(str(folder / "datapackage.json")).validate()
    found: list[tuple[str, str, int | None, str | None]] = []
    for task in report.tasks:
        for fault in task.errors:
            at: Any = fault
            found.append((task.place, fault.type, getattr(at, "row_number", None), getattr(at, "field_name", None)))
    assert not report.errors
    return found


def test_every_file_stands_with_its_hash_and_size(written: Path) -> None:
    told = json.loads((written / "datapackage.json").read_text(encoding="utf-8"))
    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for one in told["resources"]:
        body = (written / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(body), f"sha256:{sha256(body)}"), one["path"]
    names = [one["name"] for one in told["resources"]]
    assert len(set(names)) == len(names)
    files = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert {one["path"] for one in told["resources"]} == files - {"datapackage.json", "ro-crate-metadata.json", "SHA256SUMS"}


def test_an_outside_reader_finds_nothing_wrong_and_then_the_changed_cell(release: Path) -> None:
    assert judged(release) == []
    path = release / "data" / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("y 2,2023,a,30,A", "y 2,2023,a,3O,A", 1), encoding="utf-8")
    found = judged(release)
    assert ("data/indicators.csv", "type-error", 14, "value") in found
    assert ("data/indicators.csv", "hash-count", None, None) in found


def test_columns_have_the_types_of_their_cells(small: Edition) -> None:
    text = "unit,period,a,rank,status,region\n007,2023,1.5,1,A,east\n008,2023,,2,O,\n"
    made = schema("results/scores.csv", text, small)
    assert {one["name"]: one["type"] for one in made["fields"]} == {
        "unit": "string",
        "period": "year",
        "a": "number",
        "rank": "integer",
        "status": "string",
        "region": "string",
    }
    assert made["primaryKey"] == ["unit", "period"]
    assert "O" in next(one for one in made["fields"] if one["name"] == "status")["constraints"]["enum"]
    quarters = schema("x.csv", "period\n2023-Q1\n", small)["fields"][0]
    assert quarters["type"] == "string" and "Q" in quarters["constraints"]["pattern"]


def test_the_shipped_figures_bring_their_licence_and_yearbooks(cities: Edition, small: Edition) -> None:
    told = json.loads(package_text(cities, {}))
    assert "国家统计局" in told["licenses"][0]["title"]
    assert {"title": "中国城市统计年鉴 2024", "version": "2024"} in told["sources"]
    own = json.loads(package_text(small, {}, "CC-BY-4.0", "An office"))
    assert own["licenses"] == [{"name": "CC-BY-4.0"}]
    assert own["contributors"] == [{"title": "An office", "roles": ["publisher"]}]
    assert sources_of(small) == [{"title": "a yearbook (synthetic)"}]
    assert "licenses" not in json.loads(package_text(small, {}))


@pytest.mark.parametrize("licence, name", [("MIT", "MIT"), ("Free to use", "free-to-use")])
def test_a_licence_is_an_identifier_or_its_own_words(small: Edition, licence: str, name: str) -> None:
    told = json.loads(package_text(small, {}, licence))["licenses"][0]
    assert told["name"] == name and told.get("title", licence) == licence
