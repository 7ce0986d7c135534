"""Side by side: the gap of the first two adds up; the page's data hold every unit and add up too, or say that they do not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidu import app
from tidu.publish.edition import Edition
from tidu.publish.pages.compare import (
    additive,
    bars,
    comparable_units,
    compare,
    compare_data,
    compare_live,
    depth,
    first_gap,
    nodes,
)


def data_of(edition: Edition) -> dict[str, Any]:
    text = compare_data(edition, "en").body.decode()
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex(";")])
    return found


def copeland() -> Edition:
    """Five units compared with each other on three indicators (synthetic)."""
    spec = {"index": {"code": "cope"}, "aggregate": {"method": "copeland"}, "indicator": {k: {"better": "higher"} for k in "abc"}}
    figures = {"unit": list("vwxyz"), "period": ["2023"] * 5, "a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 9], "c": [5, 4, 3, 2, 1]}
    return Edition(app.make(spec, figures), None)


def test_an_only_child_stands_for_its_parent(cities: Edition) -> None:
    order = nodes(cities)
    assert order[0] == cities.code and "output_scale" not in order and "inventions_granted" in order and "capital_input" in order
    assert (
        depth(cities, "inventions_granted", order) == 2
        and depth(cities, "output", order) == 1
        and depth(cities, cities.code, order) == 0
    )


def test_the_data_of_the_page_add_up(cities: Edition) -> None:
    found = data_of(cities)
    leaves = [k for k, node in enumerate(found["nodes"]) if node["code"] in cities.index.framework.leaves]
    assert len(found["units"]) == len(cities.units)
    for unit in found["units"][::40]:
        assert abs(sum(unit["parts"][k] for k in leaves) - unit["scores"][0]) < 2e-4
    gap = first_gap(cities)
    assert gap is not None
    one, two = found["units"][:2]
    for k in leaves:
        assert abs(one["parts"][k] - two["parts"][k] - gap.parts[found["nodes"][k]["code"]]) < 2e-4


def test_without_a_script_the_first_two_stand_there(cities: Edition) -> None:
    text, gap = compare(cities, "zh", "zh/compare.html").body.decode(), first_gap(cities)
    assert gap is not None
    assert f"北京比深圳 {gap.total:+.2f} 分" in text and f"{gap.parts['potential']:+.2f}" in text and "<script>" not in text


def test_a_join_by_comparison_shows_the_place_and_adds_up() -> None:
    edition = copeland()
    assert not additive(edition) and "parts" not in data_of(edition)["units"][0]
    gap = first_gap(edition)
    assert gap is not None
    rows = bars(edition, gap)
    assert "place" in [row["code"] for row in rows]
    assert sum(row["value"] for row in rows) == pytest.approx(gap.total)
    assert "place in the set" in compare(edition, "en", "en/compare.html").body.decode()


def test_a_stranger_compares_too(stranger: Edition) -> None:
    assert additive(stranger) and comparable_units(stranger)
    assert [unit["code"] for unit in data_of(stranger)["units"]] == ["z", "y", "x/1"]
    assert data_of(stranger)["units"][2]["slug"] == "x~2F1"


def test_the_picture_shows_the_first_two_and_can_be_given_others(cities: Edition) -> None:
    """The page's script puts rows of its own into the two data sets: of lines first, of dots second."""
    script = compare_live(cities, "en").body.decode()
    spec = json.loads(script[script.index("{") : script.rindex(";")])["pair"]
    lines, dots = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [row["node"] for row in lines] == ["overall", *(cities.label(code, "en") for code in cities.pillars)]
    assert set(lines[0]) == {"node", "one", "two"} and set(dots[0]) == {"node", "who", "score", "said"}
    first = cities.index.score()[cities.units[0]]
    assert lines[0]["one"] == pytest.approx(first, abs=1e-3) and dots[0]["who"] == cities.name(cities.units[0], "en")
    assert all("domain" not in layer["encoding"].get("color", {}).get("scale", {}) for layer in spec["layer"])
    assert 'data-chart="pair"' in compare(cities, "en", "en/compare.html").body.decode()
