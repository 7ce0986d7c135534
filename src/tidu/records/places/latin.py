"""An address in Latin script: places by the syllables of their characters and by their other English names.

A name that several cities share tells nothing unless the province or a city beside it decides; Shanxi and Shaanxi are two. A name
before Road, Street or Lu is a street's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tidu.records.places.chinese import NOTHING, Told
from tidu.records.places.deciding import by_postcode
from tidu.records.places.divisions import CITY, COUNTY, PROVINCE, data
from tidu.records.places.lexicon import Lexicon, Sense, province_of

_SUFFIX = {
    "district": "区",
    "qu": "区",
    "county": "县",
    "xian": "县",
    "city": "市",
    "shi": "市",
    "banner": "旗",
    "prefecture": "州",
}
_PROVINCE = frozenset(("province", "sheng", "prov", "autonomous", "municipality"))
_WORD = re.compile(r"[a-z0-9]+|[,;()/]")


class Name(NamedTuple):
    """A name that was found: from which word up to which, and what it may mean."""

    begin: int
    end: int
    senses: tuple[Sense, ...]


def read(text: str, codes: Sequence[str], year: int, lexicon: Lexicon) -> Told:
    """What an address in Latin script tells of a year.

    >>> from tidu.records.places.lexicon import lexicon
    >>> read("Renmin Road, Taizhou, Jiangsu, China", (), 2019, lexicon()).unit
    '321200'
    >>> read("Renmin Road, Taizhou, China", (), 2019, lexicon()).unit
    ''
    >>> read("50 Nanyang Avenue, Singapore 639798", (), 2012, lexicon()).country
    'SG'
    """
    plain = re.sub(r"peoples? s? ?republic of china", "prc", re.sub(r"['’`´‘.-]", " ", text.lower()))
    words = _WORD.findall(plain)
    home = _home(words)
    abroad = "" if home else _abroad(words)
    if abroad:
        return Told("", abroad, None, "address", 0.95)
    names = list(_names(words, year, lexicon))
    return _narrowed(names, codes, year, lexicon) or NOTHING


def _home(words: Sequence[str]) -> bool:
    joined = f" {' '.join(one for one in words if not one.isdigit())} "
    return any(f" {name} " in joined for name in data("latin")["home"]["names"].split("|"))


@cache
def _countries() -> dict[str, str]:
    return {name: code for code, names in data("countries")["en"].items() for name in names.split("|")}


def _abroad(words: Sequence[str]) -> str:
    """The country that the text ends with, else one of four letters or more anywhere behind a comma."""
    plain = [one for one in words if not one.isdigit()]
    letters = [one for one in plain if one.isalpha()]
    for size in (4, 3, 2, 1):
        tail = " ".join(letters[-size:])
        if tail in _countries():
            return _countries()[tail]
    segments = " ".join(plain).replace(";", ",").split(",")
    for part in reversed(segments):
        name = " ".join(one for one in part.split() if one.isalpha())
        if len(name) > 3 and name in _countries():
            return _countries()[name]
    return ""


@cache
def _spelled(year: int, lexicon: Lexicon) -> dict[str, tuple[Sense, ...]]:
    """Spelled names without spaces → what they may mean in a year; the finer the longer its suffix must stand."""
    from pypinyin import lazy_pinyin

    told: dict[str, dict[tuple[str, int], Sense]] = defaultdict(dict)

    def name(spelled: str, sense: Sense) -> None:
        told[spelled].setdefault((sense.unit or sense.province, sense.level), sense)

    for one in lexicon.table.all:
        if len(one.short) > 1 and (one.level == PROVINCE or one.stands(year) or one.level == CITY):
            unit = lexicon.table.unit(one, year)
            spelled = "".join(lazy_pinyin(one.short)).replace("lv", "lu").replace("nv", "nu")
            if one.level == PROVINCE and one.code == "610000":
                spelled = "shaanxi"
            if unit or one.level == PROVINCE:
                name(spelled, Sense(unit[:2] + "0000" if unit else one.province, unit, one.level, one, one.stands(year)))
    for code, names in data("latin")["name"].items():
        unit = lexicon.table.of_code(code, year)
        for other in names.split("|"):
            if unit:
                name(other.replace(" ", ""), Sense(province_of(unit), unit, CITY, None, True))
    for code, names in data("latin")["province"].items():
        for other in names.split("|"):
            name(other.replace(" ", ""), Sense(code, "", PROVINCE, None, True))
    return {spelled: tuple(found.values()) for spelled, found in told.items()}


def _names(words: Sequence[str], year: int, lexicon: Lexicon) -> list[Name]:
    spelled, found, at = _spelled(year, lexicon), list[Name](), 0
    while at < len(words):
        for size in range(min(5, len(words) - at), 0, -1):
            parts = words[at : at + size]
            if not all(one.isalpha() for one in parts):
                continue
            senses = spelled.get("".join(parts))
            if senses and not _street(words, at + size):
                senses = _suffixed(senses, words[at + size] if at + size < len(words) else "")
                if senses:
                    found.append(Name(at, at + size, senses))
                    at += size - 1
                    break
            elif senses:
                at += size - 1
                break
        at += 1
    return found


@cache
def _of_streets(part: str) -> frozenset[str]:
    return frozenset(data("latin")["street"][part].split())


def _street(words: Sequence[str], at: int) -> bool:
    while at < len(words) and words[at] in _of_streets("side"):
        at += 1
    return at < len(words) and words[at] in _of_streets("kind")


def _suffixed(senses: tuple[Sense, ...], after: str) -> tuple[Sense, ...]:
    """What a name may mean before a word: a district only where it says so, a county-level city alone too."""
    if after in _PROVINCE:
        return tuple(one for one in senses if one.level == PROVINCE) or senses
    wanted = _SUFFIX.get(after)
    kept = []
    for one in senses:
        suffix = one.division.name[-1] if one.division is not None else ""
        if wanted in ("区", "县", "旗") and one.level != COUNTY and one.division is not None:
            continue
        if one.level == COUNTY and suffix != (wanted or "市"):
            continue
        kept.append(one)
    return tuple(kept)


def _narrowed(names: Sequence[Name], codes: Sequence[str], year: int, lexicon: Lexicon) -> Told | None:
    """The unit that the names leave; coarser names first, as provinces and cities decide what a shared name means."""
    provinces = {one.province for name in names for one in name.senses if one.level == PROVINCE and not one.unit and _alone(name)}
    sure = {one.unit for name in names for one in name.senses if one.unit and len({x.unit for x in name.senses}) == 1}
    best: tuple[int, int, Sense] | None = None
    for at, name in enumerate(names):
        senses = [one for one in name.senses if one.unit]
        inside = [one for one in senses if one.province in provinces]
        if provinces and not inside and senses:
            continue
        senses = inside or senses
        if len({one.unit for one in senses}) > 1:
            posted = by_postcode(codes, {one.unit for one in senses}, year, lexicon)
            senses = [one for one in senses if one.unit in sure] or [one for one in senses if one.unit == posted]
        units = {one.unit for one in senses}
        if len(units) != 1:
            continue
        level = min(one.level for one in senses)
        key = (level, -at, next(one for one in senses if one.level == level))
        if best is None or key[:2] < best[:2]:
            best = key
    return Told(best[2].unit, "", best[2].division, "alias", 0.9) if best is not None else None


def _alone(name: Name) -> bool:
    return all(one.level == PROVINCE for one in name.senses) or any(not one.unit for one in name.senses)
