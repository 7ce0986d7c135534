"""In which city a party was: what its source prints, what its address says, where it is registered; each with how and how sure.

The city then is that of the year of filing, the city that of the fixed vintage: a county is followed through changes of its unit, a
renamed city through its names. Who is abroad has no city.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from tidu.records.places import chinese, latin
from tidu.records.places.chinese import NOTHING, Told
from tidu.records.places.divisions import COUNTY, MUNICIPALITIES, clipped
from tidu.records.places.lexicon import Lexicon, lexicon
from tidu.records.places.wording import worded

#: The countries that are divisions of China: city by the country alone.
REGIONS = {"HK": "810000", "MO": "820000", "TW": "710000"}
_CODE = re.compile(r"\s*(\d{6})\s*")
_CREDIT = re.compile(r"[0-9A-Z]{2}(\d{6})[0-9A-Z]{10}")
_NOISE = re.compile(r"[;；]?\d+")


class Answer(NamedTuple):
    """Where a party was: city of the vintage and city then (empty where not told), country abroad, method, confidence."""

    city: str
    city_then: str
    country: str
    method: str
    confidence: float


UNRESOLVED = Answer("", "", "", "unresolved", 0.0)


class Question(NamedTuple):
    """What a record says of a party's place; the names of :data:`tidu.records.linking.lookups.PLACE` in their order."""

    country: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    address: str | None = None
    credit_code: str | None = None
    year: int | None = None


def resolve(asked: Question, vintage: int = 2024) -> Answer:
    """The city of a question, by the printed city, else by the address, else by the credit code.

    A printed city that the address contradicts for its year but not for the vintage is one of today (``vendor``): the address tells
    the city then. The digits 3 to 8 of a unified social credit code are the division of registration (GB 32100-2015), which need
    not be where the body works.

    Raises ``places_missing`` where the extra ``places`` is not installed.

    >>> resolve(Question(address="山东省莱芜市莱城区鹏泉东大街81号", year=2010))
    Answer(city='370100', city_then='371200', country='', method='address', confidence=0.97)
    >>> resolve(Question(city="济南市", address="山东省莱芜市莱城区鹏泉东大街81号", year=2010)).method
    'vendor'
    >>> resolve(Question(address="日本东京都港区", year=2010))
    Answer(city='', city_then='', country='JP', method='abroad', confidence=0.97)
    """
    year = clipped(asked.year if asked.year is not None else vintage)
    country = (asked.country or "").upper()
    if country in REGIONS:
        unit = REGIONS[country]
        return Answer(unit, unit, "", "printed", 1.0)
    if country not in ("", "CN"):
        return Answer("", "", country, "abroad", 1.0)
    words = lexicon()
    printed, exact = _printed(asked, year, words)
    address = _read(asked.address, year) if asked.address else NOTHING
    if asked.address and asked.province and not (printed.unit or address.unit or address.country):
        address = _read(_NOISE.sub("", asked.province) + asked.address, year)
    if country != "CN" and (printed.country or (address.country and not printed.unit)):
        return Answer("", "", printed.country or address.country, "abroad", max(printed.confidence, address.confidence))
    if printed.unit:
        return _both(printed, exact, address, asked, year, vintage, words)
    if address.unit:
        return _answer(address, asked.address or "", vintage, words, address.method, address.confidence)
    unit = _registered(asked.credit_code, year, words)
    if unit:
        return Answer(_registered(asked.credit_code, clipped(vintage), words), unit, "", "credit_code", 0.7)
    return UNRESOLVED


def _both(printed: Told, exact: bool, address: Told, asked: Question, year: int, vintage: int, words: Lexicon) -> Answer:
    """The answer where a city is printed: the finer of two that agree, the address where the printed city is of today."""
    text = _columns(asked)
    own = _answer(printed, text, vintage, words, "printed", 1.0 if exact else 0.97)
    stands = exact or printed.division is None or printed.division.stands(year)
    if not address.unit:
        return own if stands else own._replace(method="vendor", confidence=0.85)
    other = _answer(address, asked.address or "", vintage, words, "address", address.confidence)
    if other.city_then == own.city_then:
        finer = address.division is not None and address.division.level == COUNTY
        return (other if finer else own)._replace(method="printed", confidence=0.99)
    if other.city == own.city:
        return other._replace(method="vendor", confidence=0.9)
    return own._replace(confidence=0.7)


def _columns(asked: Question) -> str:
    parts = [_NOISE.sub("", one).strip() for one in (asked.province, asked.city, asked.county) if one]
    glue = ", " if all(one.isascii() for one in parts) else ""
    return glue.join(dict.fromkeys(one for one in (reversed(parts) if glue else parts) if one))


def _printed(asked: Question, year: int, words: Lexicon) -> tuple[Told, bool]:
    """What the printed columns tell, and whether by a code."""
    for text in (asked.county, asked.city, asked.province):
        code = _CODE.fullmatch(text) if text else None
        division = words.table.coded(code.group(1), year) if code else None
        unit = words.table.unit(division, year) if division is not None else ""
        if unit:
            return Told(unit, "", division, "printed", 1.0), True
    text = _columns(asked)
    told = _read(text, year) if text else NOTHING
    if not told.unit and not told.country and asked.city and not asked.city.endswith("市"):
        told = _read(text + "市", year)
    return told, False


def _answer(told: Told, text: str, vintage: int, words: Lexicon, method: str, confidence: float) -> Answer:
    """The answer of what was told of a year: a division is followed to the vintage, a zone is read again there."""
    year = clipped(vintage)
    if told.division is not None:
        city = words.table.unit(told.division, year)
    else:
        city = (_read(text, year).unit if text else "") or words.table.of_code(told.unit, year)
    return Answer(city, told.unit, "", method, round(confidence, 3))


def _registered(code: str | None, year: int, words: Lexicon) -> str:
    """The unit of the division in a credit code: as it stands, else its city, else its municipality."""
    told = _CREDIT.fullmatch(code.strip().upper()) if code else None
    if told is None:
        return ""
    division = told.group(1)
    whole = division[:2] + "0000"
    return (
        words.table.of_code(division, year)
        or words.table.of_code(division[:4] + "00", year)
        or (words.table.of_code(whole, year) if whole in MUNICIPALITIES else "")
    )


@lru_cache(maxsize=100_000)
def _read(text: str, year: int) -> Told:
    asked = worded(text)
    way = latin.read if asked.latin else chinese.read
    return way(asked.text, asked.postcodes, year, lexicon())


def named(found: Mapping[str, object]) -> Question:
    """A question from values by their names, the rest left out.

    >>> named({"address": "海淀区学院路37号", "year": 2015}).year
    2015
    """
    return Question(**{one: found.get(one) for one in Question._fields})  # type: ignore[arg-type]
