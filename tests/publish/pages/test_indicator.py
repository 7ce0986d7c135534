"""An indicator's page says what it is made of, what was corrected and what everybody has; its file reads back."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np

from tidu.indicators import shipped
from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.indicator import (
    columns_of,
    corrections,
    coverage,
    formula,
    indicator,
    indicator_live,
    indicators,
    linked,
    printed,
    rows,
)


def test_the_list_leads_to_every_indicator(cities: Edition) -> None:
    text = indicators(cities, "en", "en/indicators.html").body.decode()
    assert all(f'href="../en/indicator/{code}.html"' in text for code in cities.index.framework.leaves)
    assert text.count("<td>no</td>") == 4


def test_a_derived_indicator_is_followed_down_to_the_printed_tables(cities: Edition) -> None:
    assert columns_of(cities, "inventions_per_10k") == (
        "inventions_granted",
        "residents",
        "resident_pop",
        "residents_implied",
        "gdp",
        "gdp_per_capita",
    )
    assert formula(cities, "inventions_per_10k", "zh") == "发明专利授权数 ÷ 常住人口"
    assert [one["table"] for one in printed(cities, "gdp", "en")] == ["2-7", "2-7", "2-7", "2-6"]
    text = indicator(cities, "zh", "zh/indicator/inventions_per_10k.html", "inventions_per_10k").body.decode()
    assert "《中国城市统计年鉴 2024》表 2-17" in text and "只用于衡量" in text and "<svg" in text and " style=" not in text


def test_corrections_are_those_of_its_columns(cities: Edition) -> None:
    own = corrections(cities, columns_of(cities, "gdp_per_capita"))
    assert {one.column for one in own} == {"gdp_per_capita"}
    assert len(own) == sum(one.column == "gdp_per_capita" or one.other == "gdp_per_capita" for one in shipped.corrections())
    text = indicator(cities, "en", "en/indicator/gdp_per_capita.html", "gdp_per_capita").body.decode()
    assert own[0].evidence.split("<")[0][:40] in text


def test_coverage_counts_every_unit_once(cities: Edition) -> None:
    for row in coverage(cities, "gdp_per_capita"):
        assert row["given"] + sum(row["other"].values()) == row["units"] == 297
        assert row["used"] == row["given"] + row["other"].get("I", 0) + row["other"].get("E", 0)


def test_the_file_reads_back(cities: Edition) -> None:
    found = list(csv.DictReader(io.StringIO(addresses(cities)["data/indicator/exports.csv"]().body.decode("utf-8-sig"))))
    k = cities.index.framework.node("exports").place
    own = [row for row in found if row["unit"] == "330800"]
    assert len(found) == 3 * 297
    np.testing.assert_array_equal([float(row["figure"]) for row in own], cities.index.raw[cities.index.units.index("330800"), :, k])


def test_a_stranger_has_pages_without_lineage_or_corrections(stranger: Edition) -> None:
    text = indicator(stranger, "en", "en/indicator/b.html", "b").body.decode()
    assert "nothing of where this column is from" in text and "Declared corrections" not in text and "lower" in text
    assert [(row["unit"], row["rank"], row["percentile"]) for row in rows(stranger, "b")] == [
        ("z", 1, 100.0),
        ("y", 2, 50.0),
        ("x/1", 3, 0.0),
    ]
    assert [bar.name for bar in linked(stranger, "b")] == ["a"]


def test_in_english_units_and_sources_are_english(cities: Edition) -> None:
    text = indicator(cities, "en", "en/indicator/inventions_per_10k.html", "inventions_per_10k").body.decode()
    assert "items/10,000 persons" in text and "China City Statistical Yearbook 2022, 2023, 2024, tables 2-17" in text
    assert "Data of 2023: China City Statistical Yearbook 2024" in text
    zh = indicator(cities, "zh", "zh/indicator/inventions_per_10k.html", "inventions_per_10k").body.decode()
    assert "件/万人" in zh and "中国城市统计年鉴 2022、2023、2024，表 2-17" in zh and "Statistical Yearbook 2022" not in zh


def test_an_indicator_has_a_map_with_its_table_and_is_live(cities: Edition) -> None:
    text = indicator(cities, "zh", "zh/indicator/exports.html", "exports").body.decode()
    assert "点位分布图（未表示国界和领土范围）" in text and "台湾省资料暂缺" in text
    assert 'href="../../zh/indicator/exports.svg"' in text
    script = indicator_live(cities, "zh", "exports").body.decode()
    found = json.loads(script.removeprefix("window.tiduCharts = ").rstrip(";\n"))
    assert list(found) == ["spread", "map"] and f'"to":"../city/{cities.units[0]}.html"' in script.replace('": "', '":"')
    asked = re.findall(r'data-chart="(\w+)" data-spec="([^"]+)"', text)
    assert asked == [(name, "../../zh/indicator/exports.live.js") for name in found]


def test_without_places_an_indicator_has_no_map(stranger: Edition) -> None:
    text = indicator(stranger, "en", "en/indicator/b.html", "b").body.decode()
    assert "data-chart" not in text and json.loads(indicator_live(stranger, "en", "b").body[len("window.tiduCharts = ") : -2]) == {}
