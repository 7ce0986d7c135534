"""The tables of a release: hand-computed figures, parts that add up, the same texts when built again from the folder."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tidu import app
from tidu.core.errors import ReplayError
from tidu.publish.edition import Edition
from tidu.publish.release.tables import inputs, rebuilt, texts


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_indicator_stands_with_its_denominator_status_and_source(small: Edition) -> None:
    found = texts(small.index, small.sure)
    cells = {(row["unit"], row["period"], row["indicator"]): row for row in rows(found["data/indicators.csv"])}
    assert len(cells) == 3 * 2 * 3
    one = cells["y 2", "2023", "a"]
    assert (one["value"], one["denominator"], one["denominator_value"], one["imputed"], one["source"]) == (
        "30",
        "heads",
        "3",
        "0",
        "s1",
    )
    filled = cells["z", "2023", "b"]
    assert (filled["value"], filled["status"], filled["imputed"], filled["source"]) == ("1", "I", "1", "")
    assert rows(found["data/sources.csv"]) == [{"source": "s1", "title": "a yearbook (synthetic)"}]


def test_the_contributions_of_indicators_add_up_to_the_score(small: Edition) -> None:
    found = texts(small.index, small.sure)
    score = {(row["unit"], row["period"]): float(row["small.1"]) for row in rows(found["results/scores.csv"])}
    total = dict.fromkeys(score, 0.0)
    for row in rows(found["results/contributions.csv"]):
        if row["leaf"] == "1":
            total[row["unit"], row["period"]] += float(row["part"])
    assert total == pytest.approx(score)


def test_a_missing_figure_is_empty_and_a_table_without_rows_keeps_its_heading(stranger: Edition) -> None:
    index = app.make(
        {**stranger.index.framework.spec},
        {"unit": ["x", "y", "z"], "period": ["2023"] * 3, "a": [1.0, 2.0, None], "b": [3.0, 2.0, 1.0]},
    )
    found = texts(index, None)
    assert "results/intervals.csv" not in found and "results/factors.csv" not in found
    assert found["results/changes.csv"] == "unit,name_zh,period,indicator,step,before,after,reason\n"
    missing = [row for row in rows(found["data/indicators.csv"]) if not row["value"]]
    assert [(row["unit"], row["indicator"], row["status"]) for row in missing] == [("z", "a", "O")]


def test_a_folder_gives_the_same_texts_again(small: Edition, written: Path) -> None:
    assert rebuilt(written) == texts(small.index, small.sure)


def test_frozen_parameters_go_with_the_release() -> None:
    index = app.make("city-ip-core", years=[2023], universe="key36")
    assert set(inputs(index)) == {"config/index.toml", "data/data.csv", "config/frozen.toml", "data/frozen.csv"}
    assert "coin/index.toml" in texts(index, None)  # bounds of the year alone are the pair's own


@pytest.mark.parametrize("lost", ["config/run.json", "config/index.toml", "data/data.csv"])
def test_what_a_rebuild_lacks_is_named(release: Path, lost: str) -> None:
    (release / lost).unlink()
    with pytest.raises(ReplayError) as caught:
        rebuilt(release)
    assert caught.value.code == "run_missing" and str(caught.value.file).endswith(lost.rsplit("/", 1)[-1])
