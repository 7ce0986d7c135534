"""The figures that ship with the package: Chinese cities with names, regions, universes and declared corrections."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from tidu.indicators.corrections import Correction, correct, corrections_of
from tidu.indicators.panel import Panel

#: Attributes of a city in the panel, by the column of the gazetteer that gives them.
ATTRIBUTES = {
    "province": "province_adcode",
    "province_zh": "province_zh",
    "province_en": "province_en",
    "region4": "region4",
    "region4_en": "region4_en",
    "region7": "region7",
    "region7_en": "region7_en",
    "coastal": "coastal_geom",
    "coastal_list": "coastal_list_unverified",
    "unit_type": "unit_type",
}


def folder() -> Traversable:
    """The folder of the shipped figures."""
    return resources.files("tidu.data").joinpath("china")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """A shipped CSV file as rows of texts.

    >>> table("gazetteer.csv")[0]["name_en"]
    'Beijing'
    """
    text = folder().joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


@cache
def toml(name: str) -> dict[str, Any]:
    """A shipped TOML file."""
    return tomllib.loads(folder().joinpath(name).read_text(encoding="utf-8"))


def title(column: str, lang: str) -> str:
    """What a printed column of the shipped city figures is called; empty for any other.

    >>> title("gdp", "zh"), title("nothing", "en")
    ('地区生产总值', '')
    """
    fields = next(resource["schema"]["fields"] for resource in package()["resources"] if resource["name"] == "cities")
    return next((str(field["title"][lang]) for field in fields if field["name"] == column and "title" in field), "")


def evidence(text: str, lang: str) -> str:
    """The evidence of a correction in a language: Chinese by the phrases of ``china/evidence.toml`` and the gazetteer's names.

    >>> evidence("printed 2018 to 2023: 45, 42, 52; Hunan 2020: provincial total 9, sum of its listed cities 8", "zh")
    '2018 至 2023 年印刷值：45, 42, 52；湖南 2020 年：全省（区）合计 9，所列各市之和 8'
    """
    if lang != "zh":
        return text
    phrases, places = _phrases()
    parts = []
    for part in text.split("; "):
        for phrase, said in phrases:
            part = phrase.sub(said, part)
        parts.append(places[0].sub(lambda found: places[1][found.group()], part).replace("： ", "："))
    return "；".join(parts)


@cache
def _phrases() -> tuple[list[tuple[re.Pattern[str], str]], tuple[re.Pattern[str], dict[str, str]]]:
    """The phrases with their Chinese words; a pattern of every English place name, and these names in Chinese."""
    named = {row["name_en"]: row["name_short_zh"] for row in table("gazetteer.csv")}
    ending = re.compile("(省|市|自治区|壮族自治区|回族自治区|维吾尔自治区)$")
    named |= {row["province_en"]: ending.sub("", row["province_zh"]) for row in table("gazetteer.csv")}
    longest = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    places = re.compile(rf"(?<![A-Za-z])(?:{longest})(?![A-Za-z])")
    return [(re.compile(phrase), said) for phrase, said in toml("evidence.toml")["phrases"]], (places, named)


def package() -> dict[str, Any]:
    """The data package's description: what each column of each file is and where it was printed."""
    found: dict[str, Any] = json.loads(folder().joinpath("datapackage.json").read_text(encoding="utf-8"))
    return found


def corrections() -> list[Correction]:
    """The declared corrections of the city figures."""
    return corrections_of(toml("corrections.toml"))


@cache
def cities(*, corrected: bool = True) -> Panel:
    """The city figures, 2020–2023, with declared corrections made unless asked as printed.

    Units are adcodes in ascending order; attributes and universes come from the gazetteer.
    Source: 《中国城市统计年鉴》 editions 2021–2024, tables in ``datapackage.json``.
    """
    places = [row for row in table("gazetteer.csv") if row["in_city_yearbook"] == "1"]
    units = tuple(sorted(row["adcode"] for row in places))
    by_code = {row["adcode"]: row for row in places}
    rows = table("cities.csv")
    columns = tuple(name for name in rows[0] if name not in ("adcode", "year"))
    periods = tuple(sorted({row["year"] for row in rows}))
    place = {unit: at for at, unit in enumerate(units)}
    values = np.full((len(units), len(periods), len(columns)), np.nan)
    for row in rows:
        u, t = place[row["adcode"]], periods.index(row["year"])
        for k, name in enumerate(columns):
            if row[name]:
                values[u, t, k] = float(row[name])
    universes = {name: tuple(item["cities"]) for name, item in toml("universes.toml")["universe"].items()}
    panel = Panel.of(
        units,
        periods,
        columns,
        values,
        status=np.where(np.isnan(values), "O", "A"),
        names={unit: {"zh": by_code[unit]["name_short_zh"], "en": by_code[unit]["name_en"]} for unit in units},
        groups={key: tuple(by_code[unit][column] for unit in units) for key, column in ATTRIBUTES.items()},
        universes=universes,
        vintage=package()["vintage"]["zh"],
        lineage={name: _printed(name) for name in columns},
    )
    return correct(panel, corrections()) if corrected else panel


def _printed(column: str) -> str:
    for resource in package()["resources"]:
        if resource["name"] == "cities":
            for field in resource["schema"]["fields"]:
                if field["name"] == column:
                    sources = field.get("sources", [])
                    return "; ".join(str(item.get("title", item)) if isinstance(item, dict) else str(item) for item in sources)
    return ""
