"""The test of the gradient as files: one a period and kind, the same bytes for the same seed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tidu import app
from tidu.diagnosis.geography.convergence import provinces
from tidu.diagnosis.geography.gradient import Gradient, gradient
from tidu.publish.documents.gradient_tables import KINDS, convergence_rows, gradient_tables, mobility_rows, write_gradients


@pytest.fixture(scope="module")
def found() -> list[Gradient]:
    index = app.make("city-ip-core")
    return [gradient(index, period, permutations=99) for period in index.periods]


def test_one_file_a_period_and_kind_twice_the_same(found: list[Gradient], tmp_path: Path) -> None:
    series = provinces()
    first, second = (write_gradients(tmp_path / name, found, series) for name in ("one", "two"))
    wanted = {f"{kind}-{year}.csv" for kind in KINDS for year in (2021, 2022, 2023)} | {"mobility.csv", "convergence.csv"}
    assert {path.name for path in first} == wanted
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert all("nan" not in path.read_text(encoding="utf-8-sig").split("\n", 1)[1] for path in first)


def test_files_without_rows_are_not_written(found: list[Gradient], tmp_path: Path) -> None:
    index = app.make("city-ip-full")
    names = {path.name for path in write_gradients(tmp_path, [gradient(index, permutations=99)])}
    assert names == {f"{kind}-2023.csv" for kind in KINDS}


def test_a_file_says_what_the_object_says(found: list[Gradient], tmp_path: Path) -> None:
    write_gradients(tmp_path, found)
    with (tmp_path / "slopes-2022.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["without"], row["node"], row["on"]) == ("", "output", "longitude")]
    whole = found[1].slope("output", "longitude")
    assert whole and float(next(row["slope"] for row in rows if row["sample"] == "all")) == pytest.approx(whole.line.slope)
    assert len(rows) == 8


def test_parts_of_the_inequality_are_all_there(found: list[Gradient]) -> None:
    rows = [row for row in gradient_tables(found[0])["inequality"] if (row["without"], row["node"]) == ("", found[0].root)]
    value = {(row["measure"], row["part"]): row["value"] for row in rows}
    assert value["gini", "within"] + value["gini", "between"] + value["gini", "transvariation"] == pytest.approx(
        value["gini", "total"]
    )
    assert sum(part.count(" and ") for _, part in value) == 6


def test_moves_have_their_counts_in_every_cell(found: list[Gradient]) -> None:
    rows = [row for row in mobility_rows(found[2]) if row["node"] == found[2].root]
    total = {
        around: sum(row[f"n_to_{k}"] for row in rows if row["neighbours"] == around for k in range(1, 5))
        for around in ("all", *"1234")
    }
    assert total["all"] == 2 * rows[0]["units"] == sum(total[k] for k in "1234")


def test_convergence_has_a_row_a_year() -> None:
    rows = convergence_rows(provinces())
    assert sum(row["series"] == "rd_intensity" for row in rows) == 13 and all(row["label_zh"] and row["label_en"] for row in rows)
