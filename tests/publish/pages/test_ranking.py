from __future__ import annotations

import json

import pytest

from tidu import app
from tidu.diagnosis.explanation.change import CAUSES
from tidu.publish.edition import Edition
from tidu.publish.pages.ranking import WIDTH, bars, change_script, changes, climbed, ranking, ranking_address, table
from tidu.publish.pages.render import signed
from tidu.publish.tables import outside


def test_a_bar_holds_its_rank(cities: Edition) -> None:
    for place in bars(cities, "2023").values():
        assert 0 <= place["low"] <= WIDTH and 0 <= place["at"] <= WIDTH and place["low"] + place["width"] <= WIDTH + 1


def test_rows_carry_what_a_reader_filters_by(cities: Edition) -> None:
    first = table(cities, "2023", "en")[0]
    assert first["region"] == "East" and "key36" in first["inside"].split() and "beijing" in first["find"]


def test_the_filter_is_by_the_belts_that_the_index_file_names() -> None:
    edition = app.edition("city-ip-core", changes=["units.belt=province"], draws=0)
    first = table(edition, "2023", "en")[0]
    assert (first["unit"], first["region"]) == ("110000", "Beijing")


def test_every_year_has_its_page(cities: Edition, stranger: Edition) -> None:
    assert ranking_address(cities, "zh", "2023") == "zh/ranking.html"
    assert ranking_address(cities, "zh", "2021") == "zh/ranking-2021.html"
    assert "Ranking 2021" in ranking(cities, "en", "en/ranking-2021.html", "2021").body.decode()
    assert "x/1" in ranking(stranger, "zh", "zh/ranking.html", "2023").body.decode()


def test_a_climb_is_the_difference_of_two_ranks(cities: Edition, stranger: Edition) -> None:
    for row in table(cities, "2022", "en")[:50]:
        before, now = cities.index.rank(period="2021")[row["unit"]], cities.index.rank(period="2022")[row["unit"]]
        assert row["climbed"] == (None if before is None or now is None else before - now)
    assert climbed(cities, "110000", "2021") is None and climbed(stranger, "z", "2023") is None


def test_the_change_of_every_unit_adds_up(stranger: Edition) -> None:
    figures = {"unit": list("xyz") * 2, "period": ["2022"] * 3 + ["2023"] * 3, "a": [1, 2, 5, 2, 2, 6.0], "b": [9, 5, 1, 8, 6, 1.0]}
    spec = {"index": {"code": "two"}, "indicator": {"a": {"better": "higher"}, "b": {"better": "lower"}}}
    edition = Edition(app.make(spec, figures), None)
    rows = changes(edition)
    assert {row["unit"] for row in rows} == {"x", "y", "z"}
    for row in rows:
        assert abs(sum(row[cause] for cause in CAUSES) - (row["score_after"] - row["score_before"])) < 1e-9
    assert b"window.tidu = {" in change_script(edition).body
    assert changes(stranger) == []
    assert 'id="split"' in ranking(edition, "en", "en/ranking.html", "2023").body.decode()
    assert 'id="split"' not in ranking(edition, "en", "en/ranking-2022.html", "2022").body.decode()


def test_the_split_of_changes_prints_as_the_page_of_a_unit_does(cities: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.125 becomes +0.12 in both, and -0.001 no -0.00."""
    row = {"unit": "110000", "change": 0.125, "own": -0.001, "others": 2.675, "coverage": 0.0, "method": -1.5}
    monkeypatch.setattr("tidu.publish.pages.ranking.changes", lambda edition: [row])
    parts = json.loads(change_script(cities).body.decode().removeprefix("window.tidu = ").rstrip(";\n"))["110000"]
    shown = [signed(row[key]) for key in ("change", "own", "others", "coverage", "method")]
    assert [f"{part:+.2f}" for part in parts] == shown == ["+0.12", "+0.00", "+2.67", "+0.00", "-1.50"]


def test_a_rank_outside_its_range_is_marked_and_told(cities: Edition) -> None:
    out = {row["unit"] for row in cities.ranking() if outside(row)}
    text = ranking(cities, "zh", "zh/ranking.html", "2023").body.decode()
    assert out and text.count('class="edge"') == 2 * len(out) and text.count("† 位次") == 1
    assert "15个副省级城市" in text and 'value="sub15"' in text


def test_nobody_climbs_by_the_absence_of_others(cities: Edition) -> None:
    assert cities.index.rank(period="2022")["530600"] == 291 and cities.index.rank()["530600"] == 290
    assert climbed(cities, "530600", "2023") == 0
