"""What the columns of figures are called and measured in, and what a derived one is made of, in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from tidu.core.words import word
from tidu.indicators import shipped
from tidu.publish.edition import Edition

#: The ways of deriving a column, by the sign between its parts.
_SIGNS = {"sum": " + ", "difference": " − ", "ratio": " ÷ ", "share": " ÷ "}


@cache
def _printed() -> Mapping[str, Mapping[str, Any]]:
    """Column → its field in the description of the shipped figures."""
    for resource in shipped.package()["resources"]:
        if resource["name"] == "cities":
            return {field["name"]: field for field in resource["schema"]["fields"]}
    return {}


@cache
def _measures() -> Mapping[str, str]:
    """Chinese names of units → English ones, from ``data/measures.toml``."""
    table = tomllib.loads(resources.files("tidu.data").joinpath("measures.toml").read_text(encoding="utf-8"))
    return {entry["zh"]: entry["en"] for entry in table.values()}


def unit_said(unit: str, lang: str) -> str:
    """The unit of an indicator in a language: index files name it in one; a name that is not known stays as it is.

    >>> unit_said("件/万人", "en"), unit_said("件/万人", "zh"), unit_said("kg", "en")
    ('items/10,000 persons', '件/万人', 'kg')
    """
    return "/".join(_measures().get(part, part) for part in unit.split("/")) if lang == "en" else unit


def column_label(edition: Edition, name: str, lang: str) -> str:
    """What a column is called: by the index file, by the description of the shipped figures, else its code.

    >>> from tidu import app
    >>> one = app.edition("city-ip-core", draws=0)
    >>> column_label(one, "residents", "en"), column_label(one, "gdp", "zh")
    ('Residents', '地区生产总值')
    """
    item = edition.index.framework.table.column.get(name)
    own = None if item is None else item.label.zh if lang == "zh" else item.label.en
    told = field(edition, name).get("title", {}).get(lang)
    return own or told or name


def difference_unit(unit: str, lang: str) -> str:
    """The unit of a difference of two figures: percentage points where the figures are in per cent.

    >>> difference_unit("%", "zh"), difference_unit("%", "en"), difference_unit("件", "zh")
    ('个百分点', 'percentage points', '件')
    """
    return word("percentage_points", lang) if unit == "%" else unit


def column_unit(edition: Edition, name: str, lang: str) -> str:
    """What a column is measured in; empty where nobody says.

    >>> from tidu import app
    >>> column_unit(app.edition("city-ip-core", draws=0), "gdp", "en")
    '100 million yuan'
    """
    told = field(edition, name).get("unit", {}).get(lang)
    item = edition.index.framework.table.column.get(name)
    return str(told or unit_said((item.unit if item is not None else None) or "", lang))


def field(edition: Edition, name: str) -> Mapping[str, Any]:
    """The description of a printed column of the shipped figures; empty for any other."""
    return _printed().get(name, {}) if edition.shipped else {}


def printed_in(source: Mapping[str, Any], lang: str) -> str:
    """The publication of a source in a language: its English name where the data say one, else as it is titled.

    >>> printed_in({"title": "中国城市统计年鉴 2024", "title_en": "China City Statistical Yearbook 2024"}, "en")
    'China City Statistical Yearbook 2024'
    """
    return str(source.get("title_en", source["title"]) if lang == "en" else source["title"])


def derivation(edition: Edition, name: str, lang: str) -> str:
    """How a derived column is made, in one line; empty for a printed one.

    >>> from tidu import app
    >>> derivation(app.edition("city-ip-core", draws=0), "residents_implied", "zh")
    '地区生产总值 ÷ 人均地区生产总值 × 10,000'
    """
    item = edition.index.framework.table.column.get(name)
    if item is None:
        return ""
    scale = f" × {item.scale:,g}" if item.scale != 1 else ""
    if item.growth is not None:
        before = f"（{item.lag} 期前）" if lang == "zh" else f" ({item.lag} periods before)"
        return f"100 × ({column_label(edition, item.growth, lang)} ÷ {column_label(edition, item.growth, lang)}{before} − 1){scale}"
    if item.coalesce is not None:
        return word("or_where_missing", lang).join(column_label(edition, part, lang) for part in item.coalesce)
    for kind, sign in _SIGNS.items():
        parts = getattr(item, kind)
        if parts is not None:
            first = "100 × " if kind == "share" else ""
            return first + sign.join(column_label(edition, part, lang) for part in parts) + scale
    return ""
