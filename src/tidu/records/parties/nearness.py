"""How near two Chinese names are whose keys differ: a misprint, a word left out, a place left out; or too far to be one body.

A misprint in the trade or in a long name is one; in a short name of its own it makes another body, for short names differ by a
character as a rule. What is between is left open.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from tidu.records.parties.chinese import Parts, trades
from tidu.records.parties.regions import NATION, UNIT, Region


class Near(NamedTuple):
    """Whether two names are one body (nothing where it is open), by what, how surely."""

    entity: bool | None
    method: str
    confidence: float


FAR = Near(False, "name", 0.9)


def near(left: Parts, right: Parts, city: str, other_city: str) -> Near:
    """How near two names are whose keys differ.

    >>> from tidu.records.parties.chinese import parse
    >>> near(parse("杭州虚构智能科技有限公司"), parse("杭州虚构智能枓技有限公司"), "", "")
    Near(entity=True, method='misprint', confidence=0.85)
    >>> near(parse("杭州虚构科技有限公司"), parse("杭州虚购科技有限公司"), "", "").entity
    False
    """
    if (
        left.kind != right.kind
        or left.group != right.group
        or left.part != right.part
        or left.noted != right.noted
        or _national(left) != _national(right)
        or _form(left) != _form(right)
        or not left.core
        or not right.core
    ):
        return FAR
    if city and other_city and city != other_city:
        return FAR
    left, right = _placing(left, right), _placing(right, left)
    placed = _placed(left.place, right.place, city, other_city)
    if placed is None:
        return FAR
    if left.core == right.core:
        sure = placed == 1 or (placed > 0 and _telling(left) and _level(left, right) >= UNIT)
        return Near(True if sure else None, "place", 0.9 if placed == 1 else 0.85 if sure else 0.6)
    slip = _slip(left, right)
    if slip.entity and placed < 1:
        return Near(None, slip.method, 0.5)
    return slip


def _telling(parts: Parts) -> bool:
    """Whether a name tells its body by itself within a city; 第一人民医院 does not, each district has one."""
    if parts.kind not in ("company", "partnership", "plant"):
        return len(parts.core) > 5
    return len(parts.core) > 4 or len(parts.own) > 2


def _form(parts: Parts) -> str:
    """The form where it tells bodies apart: a centre is no association; the form of a firm tells its rank only."""
    return parts.form if parts.kind not in ("company", "partnership") else ""


def _placing(parts: Parts, other: Parts) -> Parts:
    """A name whose place was read as its own words (中山), where the other names that place."""
    place = other.place
    if parts.place is not None or place is None or not parts.own.startswith(place.name) or len(parts.own) < len(place.name) + 2:
        return parts
    return parts._replace(own=parts.own.removeprefix(place.name), regions=(*parts.regions, place))


def _placed(left: Region | None, right: Region | None, city: str, other_city: str) -> float | None:
    """1 where two places agree, less where one is left out and the city of that side is the other's; nothing where they differ."""
    if left is None and right is None:
        return 1.0
    if left is not None and right is not None:
        return 1.0 if left.name == right.name else None
    place, told = (left, other_city) if left is not None else (right, city)
    assert place is not None
    if not told:
        return None
    return 0.5 if told in place.codes or (place.level < UNIT and told[:2] in place.codes) else None


def _national(parts: Parts) -> bool:
    return any(one.level == NATION for one in parts.regions)


def _level(left: Parts, right: Parts) -> int:
    """How fine the place is that one of two names leaves out."""
    return max(one.place.level for one in (left, right) if one.place is not None)


def _slip(left: Parts, right: Parts) -> Near:
    """A slip of one character between two names, or of two that changed places."""
    one, other = left.core, right.core
    if abs(len(one) - len(other)) > 1:
        return FAR
    begin = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    # the own names agree as far as they go: the slip stands in the trade
    traded = begin >= min(len(left.own), len(right.own)) and begin >= 2
    if len(one) == len(other):
        at = [place for place in range(begin, len(one)) if one[place] != other[place]]
        changed = len(at) == 2 and at[1] == begin + 1 and one[begin] == other[at[1]] and one[at[1]] == other[begin]
        if not changed and len(at) != 1:
            return FAR
        if (
            left.form.endswith("会社")
            or right.form.endswith("会社")
            or any(told[place].isdigit() for told in (one, other) for place in at)
        ):
            return FAR
        if traded:
            if _worded(one, begin) and _worded(other, begin):
                return FAR
            return Near(True, "misprint", 0.85) if len(one) >= 4 else Near(None, "misprint", 0.5)
        likely = changed or alike(one[begin], other[begin])
    else:
        short, long = sorted((one, other), key=len)
        if short[begin:] != long[begin + 1 :] or long[begin].isdigit():
            return FAR
        if traded:
            if _worded(long, begin) and _worded(short, begin - 1) and not _doubled(long, begin):
                return FAR
            return Near(True, "misprint", 0.8) if len(short) >= 5 else Near(None, "misprint", 0.5)
        likely = _doubled(long, begin)
    own = max(len(left.own), len(right.own))
    if not likely or own < 3 or (left.place is None and right.place is None):
        return FAR
    return Near(None, "misprint", 0.4)


def _doubled(core: str, at: int) -> bool:
    return core[at] in core[max(at - 1, 0) : at] + core[at + 1 : at + 2]


def _worded(core: str, at: int) -> bool:
    """Whether the character at a place of a name is part of a word of trades."""
    return any(core[begin : begin + size] in trades() for size in (2, 3, 4) for begin in range(max(at - size + 1, 0), at + 1))


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """Whether two characters sound alike, tones aside.

    >>> alike("星", "兴"), alike("星", "山")
    (True, False)
    """
    from pypinyin import Style, pinyin

    sounds = [set(pinyin(told, style=Style.NORMAL, heteronym=True)[0]) for told in (one, other)]
    return bool(sounds[0] & sounds[1])
