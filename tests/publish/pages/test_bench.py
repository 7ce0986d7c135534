"""The page of the weights bench: its data hold the edition's numbers, its texts are all there, it works without a script."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from tidu import app
from tidu.publish.edition import WEIGHTINGS, Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.bench import SAID, bench, bench_data, bench_live, nodes, shares
from tidu.publish.pages.render import texts


def data(edition: Edition, lang: str = "zh") -> dict[str, object]:
    found: dict[str, object] = json.loads(bench_data(edition, lang).body.decode("utf-8")[len("window.tidu = ") : -2])
    return found


def test_the_first_way_holds_the_editions_own_figures(cities: Edition) -> None:
    found = data(cities)["bench"]
    assert isinstance(found, dict)
    way, u = found["ways"][0], found["units"].index("110000")
    k, start, slope = way["figures"][found["leaves"].index("exports")]
    assert start + slope * found["columns"][k][u] == pytest.approx(cities.index.score("exports")["110000"])
    assert found["ranks"][u] == 1 and found["followed"]


def test_data_are_small_and_the_same_twice(cities: Edition) -> None:
    made = bench_data(cities, "en").body
    assert len(made) < 400_000 and made == bench_data(cities, "en").body


def test_every_text_of_the_script_is_there(cities: Edition) -> None:
    assert set(SAID) <= set(texts())
    said = data(cities)["bench"]["say"]  # type: ignore[index]
    assert said["bench_was"] == "原第 {was} 位"


def test_nodes_stand_after_their_parents_and_shares_add_up(cities: Edition) -> None:
    rows = nodes(cities, cities.alternatives, "en")
    seen = {cities.code}
    for row in rows:
        assert row["parent"] in seen
        seen.add(row["code"])
    for parent in {row["parent"] for row in rows}:
        assert sum(row["share"] for row in rows if row["parent"] == parent) == pytest.approx(1.0)


def test_without_a_script_there_is_a_command_and_a_table(cities: Edition) -> None:
    page = bench(cities, "en", "en/bench.html").body.decode("utf-8")
    assert "tidu what-if city-ip-core --set pillar.output.weight=2" in page
    assert page.count("<noscript>") == 2 and "pillar.potential.weight" in page
    assert len(re.findall(r'type="range"', page)) == sum(not row["alone"] for row in nodes(cities, cities.alternatives, "en"))


def test_ranks_under_all_weights_are_shares(cities: Edition) -> None:
    found = cities.under_all_weights
    assert found is not None
    scored = found.sum(axis=1) > 0
    assert found[scored].sum(axis=1) == pytest.approx(1.0) and np.allclose(found * WEIGHTINGS, np.round(found * WEIGHTINGS))
    first = shares(cities, "en")[0]
    assert first[0] == "Beijing" and first[2] > 0.5 and first[3] == 1


def test_a_strangers_index_has_a_bench_too(stranger: Edition) -> None:
    table = addresses(stranger)
    assert {"zh/bench.html", "en/bench.html", "zh/bench.js"} <= set(table)
    found = data(stranger)["bench"]
    assert found["units"] == ["x/1", "y", "z"] and "FIGURES.csv" in bench(stranger, "zh", "zh/bench.html").body.decode()  # type: ignore[index]


def test_a_unit_with_a_hole_is_not_in_the_table_of_all_weights() -> None:
    spec = {
        "index": {"code": "demo"},
        "aggregate": {"missing": "skip"},
        "indicator": {"a": {"better": "higher"}, "b": {"better": "higher"}},
    }
    figures = {"unit": ["x", "y", "z"], "period": ["2023"] * 3, "a": [1.0, 2.0, 3.0], "b": [3.0, None, 1.0]}
    assert {row[0] for row in shares(Edition(app.make(spec, figures), None), "en")} == {"x", "z"}


def test_the_chart_of_all_weights_comes_by_itself(cities: Edition, stranger: Edition) -> None:
    assert b'"charts"' not in bench_data(cities, "zh").body
    assert bench_live(cities, "zh").body.startswith(b'window.tiduCharts = {"all-weights":{')
    text = bench(cities, "zh", "zh/bench.html").body.decode()
    assert 'data-chart="all-weights" data-spec="../zh/bench.live.js"' in text
