"""The COINr pair opens in our own import and gives the same scores where the pair can say what the index does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tidu import app
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.publish.edition import Edition
from tidu.publish.release import coin_pair
from tidu.publish.tables import csv_text


def write(index: Index, folder: Path) -> tuple[Path, Path]:
    meta, data = folder / "iMeta.csv", folder / "iData.csv"
    meta.write_text(csv_text(coin_pair.meta_rows(index)), encoding="utf-8")
    data.write_text(csv_text(coin_pair.data_rows(index)), encoding="utf-8")
    return meta, data


def scores(index: Index, nodes: tuple[str, ...]) -> np.ndarray:
    return np.stack([index.scores[:, :, index.framework.nodes[code].place] for code in nodes])


def test_the_rows_say_the_tree(small: Edition) -> None:
    rows = {row["iCode"]: row for row in coin_pair.meta_rows(small.index)}
    assert list(rows) == ["a", "b", "c", "p", "q", "small_1", "region"]
    assert [rows[code]["Level"] for code in ("a", "p", "small_1")] == [1, 2, 3]
    assert [rows[code]["Direction"] for code in ("a", "b")] == [1, -1]
    assert [rows[code]["Weight"] for code in ("p", "q", "a")] == ["0.75", "0.25", "0.5"]
    assert [rows[code]["Parent"] for code in ("a", "p", "small_1")] == ["p", "small_1", ""]
    assert rows["region"]["Type"] == "Group"


def test_figures_are_divided_scaled_and_filled(small: Edition) -> None:
    rows = {(row["uCode"], row["Time"]): row for row in coin_pair.data_rows(small.index)}
    assert float(rows["y 2", "2023"]["a"]) == 9 / 3 * 10
    assert float(rows["z", "2023"]["b"]) == 1.0  # the year before stands in
    assert rows["z", "2022"]["region"] == "west"


def test_the_pair_imports_and_the_steps_laid_beside_it_give_the_same_scores(small: Edition, tmp_path: Path) -> None:
    spec, panel = app.from_coin(*write(small.index, tmp_path))
    beside = {"normalise": {"method": "min_max", "over": "year", "onto": [0, 100]}}
    again = build(Framework.of({**spec, **beside}), panel)
    nodes = ("a", "b", "c", "p", "q")
    np.testing.assert_allclose(scores(again, (*nodes, "small_1")), scores(small.index, (*nodes, "small.1")), rtol=1e-12)


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-full-audited"])
def test_the_index_file_beside_the_pair_reads_idata_and_gives_the_shipped_scores(name: str, tmp_path: Path) -> None:
    index = app.make(name, universe="key36")
    assert coin_pair.reproduces(index)
    _, data = write(index, tmp_path)
    (tmp_path / "index.toml").write_text(coin_pair.pair_spec(index), encoding="utf-8")
    again = app.make(tmp_path / "index.toml", data)
    assert again.framework.table.indicator["inventions_per_10k"].per is None
    places = [again.units.index(unit) for unit in index.units]
    np.testing.assert_allclose(scores(again, index.nodes)[:, places], scores(index, index.nodes), rtol=1e-9)


def test_scores_on_parameters_of_other_years_are_said_not_to_come_out(small: Edition) -> None:
    """The bounds of all years are no part of a pair of one year."""
    changes = ["normalise.over=panel", "index.years=[2022, 2023]"]
    spec, panel = small.index.framework, small.index.panel
    assert coin_pair.reproduces(app.make(spec, panel, changes=changes))
    assert not coin_pair.reproduces(app.make(spec.put(*changes), panel, years=[2022]))
