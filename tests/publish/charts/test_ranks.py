"""The rank-range picture: what stands in it, in both languages, the same bytes twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tidu import app
from tidu.index.intervals import intervals
from tidu.publish.charts import history, rank_ranges, write_svg
from tidu.publish.charts.ranks import history_spec
from tidu.publish.edition import Edition
from tidu.publish.pages.city import ranges


def values_in(part: Any) -> Iterator[list[dict[str, Any]]]:
    """The inline rows of a chart, wherever they stand."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "values" and isinstance(value, list) and value and "rank" in value[0]:
                yield value
            elif key == "datasets":
                yield from value.values()
            else:
                yield from values_in(value)
    elif isinstance(part, list):
        for item in part:
            yield from values_in(item)


@pytest.mark.parametrize(("lang", "name"), [("zh", "北京"), ("en", "Beijing")])
def test_the_picture_names_the_cities_and_says_what_the_bar_is(tmp_path: Path, lang: str, name: str) -> None:
    index = app.make("city-ip-core", years=[2023])
    sure = intervals(index, draws=32)
    chart = rank_ranges(index, sure, n=5, lang=lang)
    text = write_svg(tmp_path / "a.svg", chart).read_text(encoding="utf-8")
    assert name in text and "32" in text and "90%" in text
    rows = next(iter(values_in(chart.to_dict())))
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5]
    first = sure.rows(2023)[index.top(1)[0][0]]
    assert (rows[0]["low"], rows[0]["high"]) == (first["best"], first["worst"])
    again = write_svg(tmp_path / "b.svg", rank_ranges(index, sure, n=5, lang=lang))
    assert again.read_text(encoding="utf-8") == text


def test_a_history_has_a_mark_a_year_with_its_range(rows_with: Callable[..., Any]) -> None:
    index = app.make("city-ip-core")
    chart = history(index, "330800", None, "en", intervals(index, draws=16))
    score, rank = chart.to_dict()["hconcat"]
    rows = rows_with(chart, "period", "score")
    assert [row["period"] for row in rows] == ["2021", "2022", "2023"]
    assert all(row["best"] <= row["rank"] <= row["worst"] for row in rows)
    assert [row["rank"] for row in rows] == [index.rank(period=period)["330800"] for period in index.periods]
    assert len(score["layer"]) == 3 and len(rank["layer"]) == 4
    assert len(history(index, "330800", "output", "en", intervals(index, draws=16)).to_dict()["hconcat"][1]["layer"]) == 3


@pytest.mark.parametrize("unit", ["330800", "110000", "150700"])
def test_a_history_as_values_is_the_chart(cities: Edition, unit: str) -> None:
    chart = history(cities.index, unit, None, "en", cities.sure).to_dict()
    spec = history_spec(cities.index, unit, "en", ranges(cities, unit))
    (rows,) = chart.pop("datasets").values()
    assert list(spec.pop("datasets").values()) == [rows] and "best" in rows[0]
    unnamed = [re.sub(r"data-[0-9a-f]{32}", "rows", json.dumps(one, sort_keys=True)) for one in (chart, spec)]
    assert unnamed[0] == unnamed[1]
