"""Whether a Latin name is a Chinese one written in Latin script: place and own name as they sound, the trade translated."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tidu.records.parties.chinese import Parts
from tidu.records.parties.latin import LatinParts, full
from tidu.records.parties.wording import data


@cache
def _english() -> dict[str, frozenset[str]]:
    return {word: frozenset(full(one) for one in told.replace("-", "").split()) for word, told in data("latin")["english"].items()}


@lru_cache(maxsize=100_000)
def sounds(text: str) -> re.Pattern[str] | None:
    """The pattern of how a Chinese text is spelt in Latin letters; nothing where a character has no sound.

    >>> bool(sounds("绿重").fullmatch("LVCHONG")), bool(sounds("绿重").fullmatch("LUZHONG")), sounds("A星")
    (True, True, None)
    """
    from pypinyin import Style, pinyin

    if not re.fullmatch(r"[㐀-鿿]+", text):
        return None
    parts = []
    for character in text:
        one = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        spelt = {sound.upper().replace("Ü", "V") for sound in one}
        parts.append(
            "(?:"
            + "|".join(sorted(spelt | {sound.replace("V", "U") for sound in spelt} | {sound.replace("V", "YU") for sound in spelt}))
            + ")"
        )
    return re.compile("".join(parts))


def _places(name: str) -> re.Pattern[str] | None:
    told = data("latin")["place"].get(name)
    return re.compile("|".join(told.split())) if told else sounds(name)


def bridged(chinese: Parts, latin: LatinParts) -> bool | None:
    """Whether two names are one in two scripts: true, false, or nothing where the place alone is left out.

    >>> from tidu.records.parties.chinese import parse as parts
    >>> from tidu.records.parties.latin import parse
    >>> bridged(parts("杭州虚构电子科技有限公司"), parse("Hangzhou Xugou Electronic Technology Co., Ltd."))
    True
    >>> bridged(parts("杭州虚构电子科技有限公司"), parse("Hangzhou Xugou Machinery Co., Ltd."))
    False
    """
    if chinese.part or chinese.group != latin.group:
        return False
    words = [one for told in (*latin.words, *latin.noted) for one in told.split()]
    rest: list[str] | None = words
    place = chinese.place
    found = True
    if any(one.name == "中国" for one in chinese.regions):
        if "CHINA" not in words and "CHINESE" not in words:
            return False
        rest = [one for one in words if one not in ("CHINA", "CHINESE")]
    if place is not None:
        left = _without(rest, _places(place.name))
        found = left is not None
        rest = left if left is not None else rest
        for other in chinese.regions:
            if other.name not in (place.name, "中国"):
                rest = _without(rest, _places(other.name)) or rest
    for own, trade in _cuts(chinese):
        left = _without(rest, sounds(own)) if own else rest
        if left is not None and (own or trade) and _translated(trade, left):
            return True if found else None
    return False


def _cuts(chinese: Parts) -> list[tuple[str, str]]:
    """The own name and the words that are translated, by every cut that leaves words of trades behind."""
    form = "" if chinese.kind in ("company", "partnership") else chinese.form
    core = chinese.core
    cuts = []
    for at in range(len(core), -1, -1):
        if at == len(core) or _segments(core[at:]) is not None:
            cuts.append((core[:at], core[at:] + form))
    return [one for one in cuts if one[0] or len(chinese.regions) > 0]


def _without(words: list[str] | None, pattern: re.Pattern[str] | None) -> list[str] | None:
    """Words without the first run of them that a pattern spells."""
    if words is None or pattern is None:
        return None
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + 5, len(words)) + 1):
            if pattern.fullmatch("".join(words[begin:end])):
                return words[:begin] + words[end:]
    return None


@lru_cache(maxsize=50_000)
def _segments(text: str) -> tuple[str, ...] | None:
    """A text as words that are translated, the longest first; nothing where it does not divide."""
    if not text:
        return ()
    for length in range(min(4, len(text)), 0, -1):
        if text[:length] in _english():
            behind = _segments(text[length:])
            if behind is not None:
                return (text[:length], *behind)
    return None


def _translated(trade: str, words: list[str]) -> bool:
    """Whether words say a trade, each word of it and nothing more."""
    parts = _segments(trade)
    if parts is None:
        return False
    told = set(words)
    known = [_english()[one] for one in parts]
    return all(told & one for one in known) and all(any(word in one for one in known) for word in told)
