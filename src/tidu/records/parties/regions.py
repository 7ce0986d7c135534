"""The places in names of bodies: each word of a place with the code of the city, or of the province, that it names.

Provinces and cities are those of the shipped gazetteer; with the extra ``places`` counties and the names of former years are known
too.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import NamedTuple

from tidu.records.parties.wording import data
from tidu.records.places.divisions import CITY, LAST, PROVINCE, available, divisions

#: Provinces that are cities.
_ALONE = {"110000", "120000", "310000", "500000", "710000", "810000", "820000"}
#: How fine a place is.
NATION, WHOLE, UNIT, PART = 0, 1, 2, 3


class Region(NamedTuple):
    """A place in a name: its name without the word of its level, how fine it is, the codes it may be of (two or six digits)."""

    name: str
    level: int
    codes: tuple[str, ...]


class Regions:
    """The words of places by their first two characters."""

    def __init__(self) -> None:
        """Gathers the words."""
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.names: dict[str, str] = {}

        def add(word: str, short: str, level: int, code: str) -> None:
            if len(word) > 1:
                found[word][level].add(code)
                self.names.setdefault(word, short)

        text = resources.files("tidu.data").joinpath("china").joinpath("gazetteer.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            province, short = row["province_zh"], _bare(row["province_zh"])
            for word in (province, short, short + "省" if province.endswith("省") else short):
                add(word, short, WHOLE, row["adcode"][:2])
            for word in (row["name_zh"], row["name_short_zh"]):
                add(word, row["name_short_zh"], UNIT, row["adcode"])
        if available():
            self._divisions(add)
        common = set(data("groups")["regions"]["common"].split())
        self.words: dict[str, Region] = {}
        for word, levels in found.items():
            if word in common and min(levels) != WHOLE:
                continue
            level = UNIT if levels.get(UNIT, set()) & _ALONE else min(levels)
            self.words[word] = Region(self.names[word], level, tuple(sorted(levels[level])))
        for word in [one for one in self.words if "州" in one or "洲" in one]:  # written for one another: 株州
            self.words.setdefault(word.translate(_RIVER), self.words[word])
        self.words |= {word: Region("中国", NATION, ()) for word in ("中国", "中华", "全国", "中华人民共和国")}
        sizes: dict[str, set[int]] = defaultdict(set)
        for word in self.words:
            sizes[word[:2]].add(len(word))
        self._lengths = {head: tuple(sorted(some, reverse=True)) for head, some in sizes.items()}

    @staticmethod
    def _divisions(add: object) -> None:
        table = divisions()
        assert callable(add)
        for one in table.all:
            unit = table.unit(one, LAST) or one.unit
            if one.level == PROVINCE:
                continue
            level = UNIT if one.level == CITY else PART
            short = table.renamed(one) if level == UNIT else one.short
            if one.name.endswith("新区") and len(one.name) > 3:  # 浦东新区 is 浦东
                short = one.name.removesuffix("新区")
                add(short, short, level, unit)
            add(one.name, short, level, unit)
            if level == UNIT or (len(one.short) > 1 and one.name[-1] in "市县旗" and one.name != "市辖区"):
                add(one.short, short, level, unit)

    def at(self, text: str, begin: int = 0) -> tuple[str, Region] | None:
        """The longest word of a place that begins at a point of a text.

        >>> regions().at("杭州市虚构厂")
        ('杭州市', Region(name='杭州', level=2, codes=('330100',)))
        """
        for length in self._lengths.get(text[begin : begin + 2], ()):
            word = text[begin : begin + length]
            if word in self.words:
                return word, self.words[word]
        return None


_RIVER = str.maketrans("州洲", "洲州")
_ENDS = ("壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市")


def _bare(name: str) -> str:
    return next((name.removesuffix(end) for end in _ENDS if name.endswith(end)), name)


@cache
def regions() -> Regions:
    """The words of places, gathered once."""
    return Regions()
