"""Institutes of an academy by their short forms: the academy or the city left out, the name shortened."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tidu.records.parties import known
from tidu.records.parties.regions import UNIT, regions

#: The academy whose institutes are known by name.
ACADEMY = "中国科学院"
#: A name of fewer characters (生物研究所) may be another's whose city is left out.
_LONG = 8
_END = re.compile(r"(?:研究)?(?:中心|所|院)$")


@cache
def _institutes() -> dict[str, str]:
    """Each institute by its name without the city that it begins with, where that tells it from all others."""
    told = [(_bare(one), one) for one in known.parts_of(ACADEMY)]
    names = [bare for bare, _ in told]
    return {bare: one for bare, one in told if names.count(bare) == 1}


def _bare(name: str) -> str:
    found = regions().at(name, 0)
    return name[len(found[0]) :] if found and found[1].level == UNIT and len(name) - len(found[0]) > 3 else name


@lru_cache(maxsize=10_000)
def institute(part: str) -> str:
    """The name of the institute that a text behind the academy's name means; the text itself where none, or more than one, fits.

    >>> institute("长春光机所"), institute("沈阳金属研究所"), institute("虚构研究所")
    ('长春光学精密机械与物理研究所', '金属研究所', '虚构研究所')
    >>> institute("自动化研究所"), institute("沈阳自动化研究所")
    ('自动化研究所', '沈阳自动化研究所')
    """
    every = known.parts_of(ACADEMY)
    if part in every:
        return part
    bare = _bare(part)
    if bare != part and bare in every and _institutes().get(bare) == bare:
        return bare
    if bare == part and len(part) >= _LONG and part in _institutes():
        return _institutes()[part]
    fits = [one for one in every if _shortens(part, one)]
    return fits[0] if len(fits) == 1 else part


def _shortens(short: str, long: str) -> bool:
    """Whether a text is a name with characters left out: the city whole, the same beginning, the same kind of end."""
    ends = _END.search(short), _END.search(long)
    if ends[0] is None or ends[1] is None or ends[0][0][-1] != ends[1][0][-1]:
        return False
    one, other = short[: ends[0].start()], long[: ends[1].start()]
    places = regions().at(one, 0), regions().at(other, 0)
    if (places[0][0] if places[0] else "") != (places[1][0] if places[1] else ""):
        return False
    if places[0] is None and ends[0][0].startswith("研究"):
        return False  # a name with its form in full and no city is more likely an institute that is not known: 地质研究所
    own, whole = _bare(one + "研究所"), _bare(other + "研究所")
    if len(own) < 5 or own[0] != whole[0]:
        return False
    left = iter(other)
    return all(character in left for character in one)


@lru_cache(maxsize=10_000)
def stands_alone(text: str) -> bool:
    """Whether a text is an institute's name with its city, the academy left out.

    >>> stands_alone("深圳先进技术研究院"), stands_alone("自动化研究所"), stands_alone("深圳虚构研究院")
    (True, False, False)
    """
    found = regions().at(text, 0)
    return bool(found and found[1].level == UNIT and text in known.parts_of(ACADEMY))
