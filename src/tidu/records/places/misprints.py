"""A division whose name was misprinted by one character, where its province is known and one name alone is so near."""

from __future__ import annotations

import re
from functools import cache

from tidu.records.places.divisions import CITY, COUNTY, PROVINCE
from tidu.records.places.lexicon import Lexicon, Sense

_NAME = re.compile(r"[^()\d,;]{1,6}?[市县盟州]")


def misprint(text: str, province: str, year: int, lexicon: Lexicon) -> Sense | None:
    """The city or county whose name stands in a text with one character wrong, missing or too many; nothing where several may.

    Only what stands right behind the province is tried, and only names of three characters or more.

    >>> from tidu.records.places.lexicon import lexicon
    >>> misprint("河北省定卅市西关南大街4号", "130000", 2008, lexicon()).unit
    '130600'
    """
    heads = [
        one.end
        for one in lexicon.words(text)
        if any(s.level == 1 and s.province == province for s in lexicon.senses(one.text, year))
    ]
    told = _NAME.match(text, heads[0] if heads else 0)
    if told is None or len(told.group()) < 3:
        return None
    written = told.group()
    found = {
        sense.unit: sense for name, sense in _names(province, year, lexicon) if name[-1] == written[-1] and _near(written, name)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _is(province: str, senses: tuple[Sense, ...]) -> bool:
    return any(one.level == PROVINCE and one.province == province for one in senses)


@cache
def _names(province: str, year: int, lexicon: Lexicon) -> tuple[tuple[str, Sense], ...]:
    return tuple(
        (one.name, Sense(province, one.unit, one.level, one, True))
        for one in lexicon.table.all
        if one.province == province and one.level in (CITY, COUNTY) and one.stands(year) and len(one.name) > 2
    )


def _near(one: str, other: str) -> bool:
    """Whether two names differ by one character that is another, is missing or is too many."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) != 1 or len(short) < 3:
        return False
    at = next((at for at in range(len(short)) if short[at] != long[at]), len(short))
    return short[at:] == long[at + 1 :]
