"""Names and units of columns, and how derived ones are made, in words."""

from __future__ import annotations

import pytest

from tidu import app
from tidu.publish.columns import column_label, column_unit, derivation, field, unit_said
from tidu.publish.edition import Edition

WAYS = {
    "index": {"code": "ways"},
    "column": {
        "whole": {"sum": ["one", "two"], "unit": "t"},
        "left": {"difference": ["one", "two"]},
        "part": {"share": ["one", "two"]},
        "grown": {"growth": "one"},
        "first": {"coalesce": ["one", "two"]},
    },
    "indicator": {code: {"better": "higher"} for code in ("whole", "left", "part", "grown", "first")},
}
FIGURES = {
    "unit": ["x", "y", "z"] * 2,
    "period": ["2022"] * 3 + ["2023"] * 3,
    "one": [5, 7, 9, 6, 9, 19],
    "two": [1, 2, 4, 3, 2, 5],
}


@pytest.fixture(scope="module")
def ways() -> Edition:
    """An index of one derived column of each kind (synthetic)."""
    return Edition(app.make(WAYS, FIGURES, years=[2023]), None)


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("whole", "one + two", "one + two"),
        ("left", "one − two", "one − two"),
        ("part", "100 × one ÷ two", "100 × one ÷ two"),
        ("grown", "100 × (one ÷ one (1 periods before) − 1)", "100 × (one ÷ one（1 期前） − 1)"),
        ("first", "one; where missing, two", "one；缺时用 two"),
        ("one", "", ""),
    ],
)
def test_a_derived_column_in_words(ways: Edition, name: str, en: str, zh: str) -> None:
    assert (derivation(ways, name, "en"), derivation(ways, name, "zh")) == (en, zh)


def test_a_strangers_columns_take_nothing_from_the_shipped_ones(stranger: Edition, ways: Edition, cities: Edition) -> None:
    assert (
        field(stranger, "gdp") == {} and column_label(stranger, "gdp", "zh") == "gdp" and column_unit(stranger, "gdp", "zh") == ""
    )
    assert column_unit(ways, "whole", "en") == "t"
    assert column_label(cities, "gdp", "zh") == "地区生产总值" and field(cities, "gdp")["sources"]


@pytest.mark.parametrize(
    ("unit", "en"), [("亿元", "100 million yuan"), ("家/万人", "firms/10,000 persons"), ("万件", "10,000 items"), ("斤", "斤")]
)
def test_units_have_english_names(unit: str, en: str) -> None:
    assert unit_said(unit, "en") == en and unit_said(unit, "zh") == unit


def test_every_unit_of_the_shipped_files_has_an_english_name() -> None:
    for name in app.shipped_indices():
        table = app.load(name).table
        said = [unit_said(item.unit or "", "en") for item in (*table.indicator.values(), *table.column.values())]
        assert all(text.isascii() for text in said), name
