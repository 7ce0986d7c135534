"""Every word of a Chinese address that tells a place, by its meaning: divisions, zones, institutes, countries, words that are none.

A word is found in a text where it begins, the longest first. What a word means hangs on the year: a division that stood then, else
the one that stood nearest in time, in the unit where it lies in that year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from tidu.records.places.divisions import CITY, COUNTY, PROVINCE, REGIONS, Division, Divisions, data, divisions


class Sense(NamedTuple):
    """One thing that a word may mean in a year: a province, or a unit in it; by which division, where it is one.

    ``stands`` tells whether that division stood in the year; ``level`` is 0 for a zone or an institute.
    """

    province: str
    unit: str
    level: int
    division: Division | None
    stands: bool


class Word(NamedTuple):
    """A word that was found in a text: where, what kind (``full``, ``short``, ``zone``, ``institute``, ``none``, ``country``)."""

    begin: int
    end: int
    text: str
    kind: str


#: Peoples in the names of autonomous areas, which are often left out: 恩施土家族苗族自治州 is written 恩施州.
_AUTONOMOUS = re.compile(r"^(.+?)(?:自治州|自治县|自治旗)$")
_SUFFIX = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


class Lexicon:
    """The words by their first two characters; what they mean in a year.

    Raises ``places_missing`` where the extra ``places`` is not installed.
    """

    def __init__(self, table: Divisions) -> None:
        """Gathers the words of the divisions and of the shipped files."""
        self.table = table
        self.kinds: dict[str, str] = {}
        self._named: dict[str, list[Division]] = defaultdict(list)
        self._seats: dict[str, tuple[str, ...]] = {}
        self._until: Mapping[str, Mapping[str, str | int]] = data("zones")["until"]
        self._known: dict[tuple[str, int], tuple[Sense, ...]] = {}
        self.countries: dict[str, str] = {}
        self.common = frozenset(data("wording")["words"]["common"].split())
        self._divisions()
        self._shipped()
        self._lengths: dict[str, tuple[int, ...]] = {}
        sizes: dict[str, set[int]] = defaultdict(set)
        for word in self.kinds:
            sizes[word[:2]].add(len(word))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()}
        #: Shorts that a county-level city bears or once bore: they may stand alone in the name of a firm.
        self.towns = frozenset(one.short for one in table.all if one.level == COUNTY and one.name.endswith("市"))

    def _divisions(self) -> None:
        for one in self.table.all:
            self._name(one.name, "full", one)
            if len(one.short) > 1 and one.short != one.name:
                self._name(one.short, "short", one)
            told = _AUTONOMOUS.match(one.name)
            if told and len(one.short) > 1:
                self._name(one.short + _SUFFIX[one.name[-3:]], "full", one)
            if one.level == CITY and one.name.endswith(("地区", "盟")) and len(one.short) > 1:
                self._name(one.short + "专区", "full", one)
        for word, name in data("wording")["short"].items():
            for one in self._named.get(name, ()):
                self._name(word, "full" if word[-1] in "州盟县省区" else "short", one)

    def _name(self, word: str, kind: str, one: Division) -> None:
        if kind == "full" or word not in self.kinds:
            self.kinds[word] = kind
        if one not in self._named[word]:
            self._named[word].append(one)

    def _shipped(self) -> None:
        zones, bodies = data("zones"), data("institutes")
        for code, words in zones["zone"].items():
            for word in words.split():
                self._seat(word, "zone", (code,))
        for word, codes in zones["between"].items():
            self._seat(word, "zone", tuple(codes))
        for code, words in bodies["seat"].items():
            for word in words.split():
                self._seat(word, "institute", (code,))
        for word in bodies["shared"]["names"].split() + data("wording")["words"]["none"].split():
            self.kinds.setdefault(word, "none")
        for code, words in data("countries")["zh"].items():
            for word in words.split():
                self.kinds.setdefault(word, "country")
                self.countries[word] = code

    def _seat(self, word: str, kind: str, codes: tuple[str, ...]) -> None:
        if word not in self._named or kind == "institute" or codes[0] in REGIONS:
            self.kinds[word] = kind
            self._seats[word] = codes

    def words(self, text: str) -> Iterator[Word]:
        """The words in a text from left to right, none over another, the longest where several begin.

        >>> [one.text for one in lexicon().words("湖南长沙天心区韶山南路22号")]
        ['湖南', '长沙', '天心区', '韶山']
        """
        at, size = 0, len(text) - 1
        while at < size:
            for length in self._lengths.get(text[at : at + 2], ()):
                word = text[at : at + length]
                kind = self.kinds.get(word)
                if kind is not None:
                    yield Word(at, at + length, word, kind)
                    at += length - 1
                    break
            at += 1

    def senses(self, word: str, year: int) -> tuple[Sense, ...]:
        """All that a word may mean in a year, what stood in the year first; one sense a unit and level.

        >>> [(one.unit, one.stands) for one in lexicon().senses("襄樊市", 2016)]
        [('420600', False)]
        """
        key = word, year
        if key not in self._known:
            self._known[key] = self._seated(word, year) if word in self._seats else self._meant(word, year)
        return self._known[key]

    def _seated(self, word: str, year: int) -> tuple[Sense, ...]:
        before = self._until.get(word)
        codes = self._seats[word]
        if before is not None and year <= int(before["year"]):
            codes = (str(before["city"]),)
        units = (self.table.of_code(code, year) for code in codes)
        return tuple(Sense(province_of(unit), unit, 0, None, True) for unit in units if unit)

    def _meant(self, word: str, year: int) -> tuple[Sense, ...]:
        found: dict[tuple[str, str, int], Sense] = {}
        near = sorted(self._named[word], key=lambda one: (max(one.first - year, year - one.last, 0), -one.first))
        for one in near:
            stands = one.stands(year)
            unit = self.table.unit(one, year)
            if not unit and one.level != PROVINCE:
                continue
            province = unit[:2] + "0000" if unit else one.province
            found.setdefault((province, unit, one.level), Sense(province, unit, one.level, one, stands))
        return tuple(found.values())


def province_of(unit: str) -> str:
    """The code of the province of a unit.

    >>> province_of("330100")
    '330000'
    """
    return unit if unit in REGIONS else unit[:2] + "0000"


@cache
def lexicon() -> Lexicon:
    """The words, gathered once.

    Raises ``places_missing`` where the extra ``places`` is not installed.
    """
    return Lexicon(divisions())
