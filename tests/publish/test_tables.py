"""Rows and CSV: figures, ranks, weights that sum to one, formula cells made harmless."""

from __future__ import annotations

import csv
import io
from math import ceil, floor
from pathlib import Path

import pytest

from tidu import app
from tidu.index.intervals import intervals
from tidu.publish import tables
from tidu.publish.edition import Edition

SPEC = {
    "index": {"code": "demo", "title": {"en": "Demo"}},
    "impute": {"method": "median"},
    "treat": {"method": "winsorise", "when": {"skew": 1.0}},
    "pillar": {"p": {}, "q": {"weight": 3}},
    "indicator": {"a": {"parent": "p", "better": "higher"}, "b": {"parent": "q", "better": "lower"}},
}
TABLE = {"unit": list("uvwxyz"), "period": ["2023"] * 6, "a": [1.0, 2.0, 2.0, 3.0, 3.0, 99.0], "b": [9.0, 5.0, 1.0, None, 4.0, 3.0]}


def test_ranking_is_best_first_and_keeps_the_unscored_last() -> None:
    index = app.make({**SPEC, "impute": {"method": "none"}}, TABLE)
    rows = tables.ranking(index)
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, None]
    assert rows[-1]["unit"] == "x" and rows[-1]["score"] is None
    assert set(rows[0]) == {"rank", "unit", "name_zh", "name_en", "score", "p", "q", "status"}


def test_bands_show_classes_without_ranks_or_scores() -> None:
    rows = tables.ranking(app.make({**SPEC, "index": {"code": "demo", "display": "bands", "bands": [0.2, 0.6]}}, TABLE))
    assert [row["band"] for row in rows] == [1, 1, 2, 2, 3, 3]
    assert all("rank" not in row and "score" not in row for row in rows)


def test_weights_sum_to_one_and_reach_the_leaves() -> None:
    rows = {row["code"]: row for row in tables.weights(app.make(SPEC, TABLE))}
    assert float(rows["p"]["weight"]) + float(rows["q"]["weight"]) == pytest.approx(1)
    assert float(rows["b"]["effective_weight"]) == pytest.approx(0.75)


def test_every_changed_cell_is_recorded_with_its_reason() -> None:
    rows = tables.changes(app.make(SPEC, TABLE))
    assert {(row["unit"], row["indicator"], row["step"], row["reason"]) for row in rows} == {
        ("x", "b", "impute", "median"),
        ("z", "a", "treat", "winsorise high"),
    }


def test_formula_cells_are_made_harmless_and_negative_numbers_are_not() -> None:
    text = tables.csv_text([{"a": "=1+1", "b": "-3.5", "c": "@x", "d": "+cmd"}])
    assert next(iter(csv.DictReader(io.StringIO(text)))) == {"a": "'=1+1", "b": "-3.5", "c": "'@x", "d": "'+cmd"}


def test_steps_are_written_in_their_order(tmp_path: Path) -> None:
    written = tables.write_steps(app.make(SPEC, TABLE), tmp_path)
    assert [path.name for path in written][:6] == [
        "1_raw.csv",
        "2_imputed.csv",
        "3_treated.csv",
        "4_normalised.csv",
        "5_scores.csv",
        "6_ranks.csv",
    ]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "2_imputed.csv").read_text(encoding="utf-8-sig"))))
    assert rows[3]["b"] == "4"  # median of 9 5 1 4 3
    status = list(csv.DictReader(io.StringIO((tmp_path / "status.csv").read_text(encoding="utf-8-sig"))))
    assert status[3]["b"] == "I"


def test_the_range_stands_beside_the_rank_and_p_top_ten_only_among_more_than_ten() -> None:
    index = app.make({**SPEC, "impute": {"method": "none"}}, TABLE)
    rows = tables.ranking(index, intervals=intervals(index, draws=32))
    assert list(rows[0])[:7] == ["rank", "unit", "name_zh", "name_en", "best", "worst", "tie_group"]
    assert all(row["best"] <= row["worst"] for row in rows[:-1])
    assert (rows[-1]["best"], rows[-1]["tie_group"]) == (None, None)  # not scored
    cities = app.make("city-ip-core", years=[2023])
    top = tables.ranking(cities, n=3, intervals=intervals(cities, draws=16))
    assert [0 <= row["top_ten"] <= 1 for row in top] == [True] * 3


def test_a_reading_is_the_mean_of_its_nodes_by_their_weights() -> None:
    spec = {**SPEC, "index": {"code": "demo", "reading": ["q"]}}
    rows = tables.ranking(app.make(spec, TABLE))
    assert [row["reading"] for row in rows] == [row["q"] for row in rows]
    assert min(row["reading_rank"] for row in rows) == 1


def test_ranges_are_whole_ranks_in_every_file(cities: Edition) -> None:
    assert cities.sure is not None
    printed = {row["unit"]: row for row in tables.ranking(cities.index, "2023", None, cities.sure)}
    files = [row for row in tables.interval_rows(cities.index, cities.sure) if row["period"] == "2023"]
    for row in files:
        found, own = cities.sure.rows("2023")[row["unit"]], printed[row["unit"]]
        assert (own["best"], own["worst"]) == (floor(found["best"]), ceil(found["worst"]))
        assert (float(row["best"]), float(row["worst"])) == (own["best"], own["worst"])
