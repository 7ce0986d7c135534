"""A Chinese address read from left to right: every word that names a place narrows what the ones before it left open.

What stands before 路, 街, 道 or a building's word is a street's name and tells nothing; a name without its suffix counts only where
it stands first or behind another place; a later place that fits none of the former is passed over. Words of towns, schools and
postcodes decide where a district's name is borne by several cities. What stays open is not told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tidu.records.places.deciding import by_number, by_postcode, by_town
from tidu.records.places.divisions import CITY, COUNTY, PROVINCE, REGIONS, Division
from tidu.records.places.lexicon import Lexicon, Sense, Word, province_of
from tidu.records.places.misprints import misprint


class Told(NamedTuple):
    """What a text tells: the unit of its year or the country abroad, the finest division, how it was told and how sure."""

    unit: str
    country: str
    division: Division | None
    method: str
    confidence: float


NOTHING = Told("", "", None, "", 0.0)

_STREET = re.compile(
    r"(?:[东西南北中上下前后内外新老大一二三四五六七八九十\d]{0,2}(?:环[东西南北中]?)?"
    r"(?:路(?!桥)|街(?!口)|大道|大街|巷|弄|胡同|大桥|道(?![县外里])|大厦|大楼|酒店|宾馆|饭店|广场|商城|市场|公寓|会馆|花园|国际商务城|人才))"
    r"|(?:市|县|省|区)?(?:人民政府|政府)?驻"
)
_FULL_STREET = re.compile(r"大厦|大楼|商城|酒店|宾馆|饭店|场|(?:人民政府|政府)?驻")
_BRANCH = re.compile(r"市?(?:[^()]{0,4})?(?:分公司|分校|分院|分所|分部|分厂|分行|校区|研究院|研究生院|研究所|学院|工厂|办事处)")
_ADDRESS = re.compile(r"路|街|大道|号|[镇乡村弄室栋幢]|楼|信箱|园区|街道|\d层")
_FIRM = re.compile(r"公司|厂|大学|学院|研究院|研究所|集团|商行|店|社|中心|医院|所$")
_BOUND = frozenset("(),;:-/.、，；：-·驻省")


def read(text: str, codes: Sequence[str], year: int, lexicon: Lexicon) -> Told:
    """What a text that was made ready (:func:`tidu.records.places.wording.worded`) tells of a year.

    >>> from tidu.records.places.lexicon import lexicon
    >>> read("上海市徐汇区乌鲁木齐南路396号", (), 2009, lexicon()).unit
    '310000'
    >>> read("鼓楼区汉口路22号南京大学", (), 2016, lexicon()).unit
    '320100'
    >>> read("市中区建设路88号", (), 2017, lexicon()).unit
    ''
    """
    words = list(lexicon.words(text))
    abroad = _abroad(text, words, lexicon)
    if abroad:
        return Told("", abroad, None, "address", 0.97)
    return _Reading(text, codes, year, lexicon, words).told()


def _abroad(text: str, words: Sequence[Word], lexicon: Lexicon) -> str:
    if not words:
        return ""
    first, last = words[0], words[-1]
    if (
        first.kind == "country"
        and first.begin == 0
        and not _STREET.match(text, first.end)
        and text[first.end : first.end + 1] != "族"
    ):
        return lexicon.countries[first.text]
    if last.kind == "country" and last.end == len(text) and text[last.begin - 1 : last.begin] in (",", ";", "("):
        return lexicon.countries[last.text]
    return ""


class _Reading:
    """One reading: what is left open (``open``), where the last place ended, what was set aside."""

    def __init__(self, text: str, codes: Sequence[str], year: int, lexicon: Lexicon, words: Sequence[Word]) -> None:
        self.text, self.codes, self.year, self.lexicon, self.words = text, codes, year, lexicon, words
        self.open: list[Sense] = []
        self.end = self.after = 0
        self.sure = 0.98
        self.full = self.zone = self.two = False
        self.districts: list[str] = []
        self.aside: list[Word] = []
        self.name = not _ADDRESS.search(text) and bool(_FIRM.search(text))

    def told(self) -> Told:
        for word in self.words:
            self._take(word)
        if self.two:
            return NOTHING
        branch = self._branch() if self.name else None
        if branch is not None:
            return self._answer([branch], 0.88)
        units = {one.unit for one in self.open if one.unit}
        if len(units) == 1 and all(one.unit for one in self.open):
            return self._answer(self.open, self.sure)
        return self._decided(units)

    def _answer(self, senses: Sequence[Sense], sure: float) -> Told:
        best = max(senses, key=lambda one: one.level)
        return Told(best.unit, "", best.division, "alias" if best.level == 0 else "address", sure)

    def _take(self, word: Word) -> None:
        if word.kind == "none":
            self.after = word.end
            return
        if word.kind == "country":
            return
        if word.kind == "institute":
            self.aside.append(word)
            return
        if self._passed_over(word):
            return
        senses = self.lexicon.senses(word.text, self.year)
        if word.kind == "short":
            senses = self._short(word, senses)
            if not senses:
                self.aside.append(word)
                return
        if word.kind == "zone" and senses and senses[0].province in REGIONS and not self._anchored(word):
            return
        self._narrow(word, senses)

    def _passed_over(self, word: Word) -> bool:
        """Whether a word is the beginning of a street, a building, an office of another city or of a longer word."""
        full = word.kind == "full"
        if (_FULL_STREET if full else _STREET).match(self.text, word.end):
            zone = word.kind == "zone" and self.lexicon.senses(word.text, self.year)
            if zone and zone[0].province not in REGIONS:
                self.aside.append(word)
            return True
        if full and len(word.text) == 2:
            return not self._anchored(word) if word.text[1] == "县" else word.begin == 0 or word.begin != self.end
        return False

    def _anchored(self, word: Word) -> bool:
        return word.begin in (0, self.end, self.after) or self.text[word.begin - 1] in _BOUND

    def _short(self, word: Word, senses: tuple[Sense, ...]) -> tuple[Sense, ...]:
        """What a name without its suffix may mean where it stands."""
        if not self._anchored(word):
            return ()
        if self.open:
            fit = tuple(one for one in senses if any(_fits(one, other) for other in self.open))
            deeper = tuple(one for one in fit if one.level > PROVINCE)
            if self.name and not self._bracketed(word):
                deeper = tuple(one for one in deeper if one.level == CITY or word.text in self.lexicon.towns)
            return tuple(one for one in deeper if one.level == CITY) or deeper
        level = min((one.level for one in senses if one.stands), default=min((one.level for one in senses), default=0))
        kept = tuple(one for one in senses if one.level == level)
        if level == COUNTY and (word.text not in self.lexicon.towns or len({one.unit for one in kept}) > 1):
            return ()
        if level > PROVINCE and word.begin in (0, self.after) and word.text in self.lexicon.common and not self._followed(word):
            return ()
        return kept

    def _followed(self, word: Word) -> bool:
        """Whether another place follows a word at once."""
        return any(other.begin == word.end and other.kind == "full" for other in self.words)

    def _bracketed(self, word: Word) -> bool:
        return self.text[word.begin - 1 : word.begin] == "(" and self.text[word.end : word.end + 1] in (")", "市")

    def _narrow(self, word: Word, senses: tuple[Sense, ...]) -> None:
        standing = tuple(one for one in senses if one.stands)
        if not senses:
            return
        if not self.open:
            self._begin(word, standing or senses[:1])
            return
        for found in (standing, senses):
            joined = [_joined(one, other) for one in self.open for other in found if _fits(one, other)]
            if joined:
                self.open = list(dict.fromkeys(joined))
                self._went(word)
                return
        self._conflict(word, standing or senses)

    def _begin(self, word: Word, senses: Sequence[Sense]) -> None:
        self.open = list(senses)
        self.sure = {"full": 0.97, "short": 0.93, "zone": 0.9}[word.kind] - (0.0 if senses[0].stands else 0.05)
        self._went(word)

    def _went(self, word: Word) -> None:
        self.end = word.end
        self.full = self.full or word.kind == "full"
        if word.kind in ("full", "zone"):
            self.districts.append(word.text)

    def _conflict(self, word: Word, senses: Sequence[Sense]) -> None:
        """A place that fits none before it: the finer one next to a city it once lay in, another address, or no matter."""
        if word.kind != "full":
            return
        provinces = {one.province for one in self.open}
        between = self.text[self.end : word.begin]
        near = [one for one in senses if one.province in provinces and one.level == COUNTY]
        if near and not between and word.text[-1] in "县市旗" and self._city_before(word):
            self.open, self.sure = near, 0.9
            self._went(word)
            return
        if self.text[word.begin - 1 : word.begin] in ("与", "和", "及", "、", ";"):
            self.two = any(one.unit for one in senses)
            return
        if not self.full and not _ADDRESS.search(between) and not re.search(r"\d", between) and between:
            self._begin(word, senses)
            self.sure = 0.85

    def _city_before(self, word: Word) -> bool:
        """Whether the word right before is, or in some year was, that of a city or a zone."""
        before = next((one for one in self.words if one.end == word.begin), None)
        return before is not None and any(one.level in (CITY, 0) for one in self.lexicon.senses(before.text, self.year))

    def _branch(self) -> Sense | None:
        """The place of a branch, or one in brackets, in the name of a firm or school."""
        if self.full and self.text and self.words and self.words[0].kind == "full" and self.words[0].begin == 0:
            return None
        found: dict[int, Sense] = {}
        for word in self.words:
            if word.kind in ("full", "short") and word.begin and (self._bracketed(word) or _BRANCH.match(self.text, word.end)):
                senses = [one for one in self.lexicon.senses(word.text, self.year) if one.unit and one.stands]
                if word.kind == "short" and word.text not in self.lexicon.towns:
                    senses = [one for one in senses if one.level != COUNTY]
                level = min((one.level for one in senses), default=0)
                kept = [one for one in senses if one.level == level]
                if len({one.unit for one in kept}) == 1:
                    found[level] = kept[0]
        return found[min(found)] if found else None

    def _decided(self, units: set[str]) -> Told:
        """What decides where the words left several units open, a province alone, or nothing."""
        if len(units) > 1:
            return self._among(units)
        if self.open and not units:
            wrong = misprint(self.text, self.open[0].province, self.year, self.lexicon)
            if wrong is not None:
                return Told(wrong.unit, "", wrong.division, "address", 0.75)
        hints = self._hints()
        if self.open:
            provinces = {one.province for one in self.open}
            hints = [one for one in hints if one.province in provinces]
        if len({one.unit for one in hints}) == 1:
            return self._answer(hints, 0.85)
        return NOTHING

    def _hints(self) -> list[Sense]:
        """The seats of institutes and numbered institutes, zones in the names of streets, cities in the middle of a name."""
        found: list[Sense] = []
        for word in self.aside:
            if word.kind in ("institute", "zone"):
                found += self.lexicon.senses(word.text, self.year)[:1]
        if found:
            return found[:1]
        unit = by_number(self.text, self.year, self.lexicon)
        if unit:
            return [Sense(province_of(unit), unit, 0, None, True)]
        if self.open:
            for word in self.aside:
                found += [one for one in self.lexicon.senses(word.text, self.year) if one.level == CITY and one.stands]
        return found

    def _among(self, units: set[str]) -> Told:
        """One of several units that bear the same district, by a city's word in the tail, a town, a school or a postcode."""
        for word in self.aside:
            fit = {one.unit for one in self.lexicon.senses(word.text, self.year) if one.unit in units and one.level <= CITY}
            if len(fit) == 1:
                return self._one(fit.pop(), 0.85)
        unit = by_town(self.text, self.districts, units, self.year, self.lexicon)
        if not unit:
            unit = by_postcode(self.codes, units, self.year, self.lexicon)
        return self._one(unit, 0.8) if unit else NOTHING

    def _one(self, unit: str, sure: float) -> Told:
        return self._answer([one for one in self.open if one.unit == unit], sure)


def _fits(one: Sense, other: Sense) -> bool:
    return one.province == other.province and (not one.unit or not other.unit or one.unit == other.unit)


def _joined(one: Sense, other: Sense) -> Sense:
    return one if one.level >= other.level and one.unit else other if other.unit else one
