from __future__ import annotations

from typing import Any

import pytest

from tidu.core.errors import Language
from tidu.publish.charts import svg
from tidu.publish.documents.gradient_charts import belt_means, densities, parts, slopes
from tidu.publish.edition import Edition


def values(chart: Any) -> list[dict[str, Any]]:
    """The rows that a chart draws."""
    (found,) = chart.to_dict()["datasets"].values()
    return list(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_picture_is_drawn_with_its_words(cities: Edition, lang: Language) -> None:
    found = cities.gradients["2023"]
    words = {"zh": ("东部", "全部", "人均地区生产总值", "西部"), "en": ("East", "inside East", "GDP per capita", "West")}[lang]
    for make, word in zip((belt_means, slopes, parts, densities), words, strict=True):
        assert word in svg(make(found, lang)), make.__name__


def test_parts_are_the_test_s_own_and_add_up_to_its_slope(cities: Edition) -> None:
    found = cities.gradients["2023"]
    drawn = values(parts(found, "en"))
    whole = found.slope(found.root)
    assert whole is not None and abs(sum(row["part"] for row in drawn) - whole.line.slope) < 1e-3


def test_densities_are_of_the_belts_only(cities: Edition) -> None:
    drawn = values(densities(cities.gradients["2023"], "zh"))
    assert {row["belt"] for row in drawn} == {"东部", "东北", "中部", "西部"}


def test_a_gradient_without_belts_still_has_its_slopes(coastal: Edition) -> None:
    drawn = slopes(coastal.gradients["2024"], "en").to_dict()
    assert "points per 100 km" in str(drawn)


def test_a_slope_is_drawn_as_sure_only_where_its_test_is(cities: Edition) -> None:
    """The picture goes by the permutation test, as the checks do; some interval keeps off zero where the test does not hold."""
    found = cities.gradients["2023"]
    spec = slopes(found, "en").to_dict()
    rows = [row for values in spec["datasets"].values() for row in values if "sure" in row]
    own = [row.line for row in found.slopes if (row.node, row.on) == (found.root, "distance")]
    assert [row["sure"] for row in rows[: len(own)]] == [line.p < 0.05 for line in own]
    assert {row["sure"] for row in rows} == {True, False}
    assert any(row["low"] > 0 or row["high"] < 0 for row in rows if not row["sure"] and "low" in row)
