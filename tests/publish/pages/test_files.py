"""The data files: every table reads back, a unit's files stand at its code, the index file and the figures rebuild the index."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from tidu import app
from tidu.indicators import shipped
from tidu.publish.edition import Edition
from tidu.publish.pages.files import KINDS_OF_UNIT, correction_rows, files, indicator_rows, unit_address, whole


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_each_unit_has_each_kind_at_its_address(cities: Edition, stranger: Edition) -> None:
    table = files(cities)
    assert {f"city/330800.{kind}" for kind in KINDS_OF_UNIT} <= set(table)
    assert unit_address(stranger, "x/1", "json") == "city/x~2F1.json"
    found = {kind: files(stranger)[unit_address(stranger, "x/1", kind)]() for kind in KINDS_OF_UNIT}
    assert rows(found["csv"].body)[0]["unit"] == "x/1"
    assert json.loads(found["json"].body)["unit"] == "x/1"
    assert found["xlsx"].body[:2] == b"PK" and found["png"].body[1:4] == b"PNG" and b"<svg" in found["svg"].body


@pytest.mark.parametrize("kind", ["cities", "stranger", "coastal"])
def test_every_file_of_the_edition_is_made_and_reads_back(kind: str, request: pytest.FixtureRequest) -> None:
    edition: Edition = request.getfixturevalue(kind)
    for address, maker in whole(edition).items():
        body = maker().body
        if address.endswith(".json"):
            json.loads(body)
        elif address.endswith(".toml"):
            assert tomllib.loads(body.decode())["index"]["code"] == edition.code
        elif address.endswith(".csv"):
            assert rows(body), address
        elif address.endswith(".xlsx"):
            assert body[:2] == b"PK"


def test_the_index_file_and_the_figures_build_the_same_index(cities: Edition, tmp_path: Path) -> None:
    table = whole(cities)
    for name in ("index.toml", "data.csv"):
        (tmp_path / name).write_bytes(table[f"data/{name}"]().body)
    again = app.make(tmp_path / "index.toml", tmp_path / "data.csv")
    assert np.array_equal(again.scores, cities.index.scores, equal_nan=True) and again.units == cities.index.units


def test_a_ranking_is_offered_as_workbook_too(cities: Edition, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(whole(cities)["data/ranking-2023.xlsx"]().body)
    found = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("ranking 2023").to_python()
    assert len(found) == len(cities.ranking("2023")) + 1 and found[1][found[0].index("name_zh")] == "北京"


def test_every_declared_correction_is_listed_for_shipped_figures_only(cities: Edition, stranger: Edition) -> None:
    assert len(correction_rows()) == len(shipped.corrections())
    assert correction_rows()[0]["address"].startswith("data.")
    assert "data/corrections.csv" in whole(cities) and "data/corrections.csv" not in whole(stranger)


def test_an_indicator_s_row_says_how_it_is_made(cities: Edition) -> None:
    found = {row["code"]: row for row in indicator_rows(cities)}
    assert found["inventions_per_10k"]["of"] == "inventions_granted" and found["inventions_per_10k"]["lever"] == 0
    assert list(found) == list(cities.index.framework.leaves)


def test_an_index_of_classes_gives_whole_numbers(cities: Edition) -> None:
    banded = app.make("city-ip-core", changes=["index.display=bands"])
    found = Edition(banded, None)
    assert json.loads(whole(found)["data/ranking-2023.json"]().body)["rows"][0]["band"] == 1
    assert not found.placed and not found.mapped
