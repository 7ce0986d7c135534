"""The key of a name: names with one key are one legal entity, save where a city or a code stands against it.

The key leaves out what does not tell bodies apart: limited or joint stock, the word of a place's level, a province before its city,
a branch or a faculty, the order of place and own name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tidu.records.parties import chinese, known, latin
from tidu.records.parties.chinese import Parts
from tidu.records.parties.wording import data, worded


class Key(NamedTuple):
    """The key of a name and of its parent: the same where it names no body within another.

    ``placed`` tells whether the name is one of its kind wherever it occurs: it names its place, or is known; ``branch`` whether it
    names a part of the same legal person. ``group`` is the name of a group that the name tells by a shipped pattern; ``stem`` the
    own name by which a group is told, ``place`` the place in the name, ``heads`` whether it calls itself a group.
    """

    key: str
    parent: str
    placed: bool
    branch: bool
    kind: str
    group: str
    stem: str
    place: str
    heads: bool
    text: str
    former: tuple[str, ...]


@lru_cache(maxsize=500_000)
def key_of(name: str) -> Key:
    """The key of a name.

    >>> key_of("杭州市虚构科技有限责任公司").key == key_of("虚构科技（杭州）股份有限公司").key
    True
    >>> told = key_of("虚构大学附属第一医院")
    >>> told.key != told.parent == key_of("虚构大学机械工程学院").key
    True
    """
    text = worded(name)
    if text.latin:
        return _latin(name)
    parts = chinese.parse(name)
    found = known.body(name) if not parts.apart else ""
    whole = known.body(parts.head)
    parent = whole or _of(parts)
    key = f"{parent}/{_part(parts.part)}" if parts.apart else parent
    place = parts.place
    placed = bool(found or whole or parts.apart or place is not None or parts.kind not in ("", "company", "partnership", "plant"))
    return Key(
        found or key,
        parent,
        placed,
        bool(parts.part) and not parts.apart,
        parts.kind,
        _group(parts),
        _stem(parts),
        place.name if place is not None else "",
        parts.group and not parts.part,
        parts.text,
        parts.former,
    )


def _of(parts: Parts) -> str:
    """The key of the body that a name begins with."""
    nation = "中国" if any(one.name == "中国" for one in parts.regions) else ""
    place = parts.place.name if parts.place is not None else ""
    family = "company" if parts.kind == "company" else parts.form if parts.kind != "partnership" else "partnership"
    noted = "|".join(one for one in parts.noted if _tells(one, parts))
    return f"{nation}{place}|{parts.own}{parts.trade}|{family}|{'集团' if parts.group else ''}|{noted}"


def _tells(note: str, parts: Parts) -> bool:
    """Whether a bracket tells bodies apart: a campus of a university does not, save those that are universities of their own."""
    if parts.kind != "university":
        return True
    return any(one in parts.head for one in data("groups")["campus"]["apart"].split())


def _part(part: str) -> str:
    """A part that is a body of its own, as it is compared: what stands between a university and its hospital left out."""
    return re.sub(r"^(?:医学院|医学部|医学中心|上海医学院|湘雅医学院|同济医学院|华西医学中心|药学院)?(附属|第)", r"\1", part)


def _stem(parts: Parts) -> str:
    if parts.kind in ("university", "hospital", "institute"):
        return ""
    return parts.own if len(parts.own) > 1 else ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one["name"], re.compile("|".join(one["words"]))) for one in data("groups")["group"])


def _group(parts: Parts) -> str:
    return next((name for name, pattern in _patterns() if pattern.search(parts.text)), "")


def _latin(name: str) -> Key:
    parts = latin.parse(name)
    found = known.body(name)
    key = found or "latin|" + parts.core + "|" + "|".join(parts.noted) + ("|group" if parts.group else "")
    stem = parts.words[0] if parts.formed and parts.words and len(parts.words[0]) > 3 else ""
    placed = bool(found or parts.noted)
    return Key(key, key, placed, False, "latin", "", stem, " ".join(parts.noted), parts.group, parts.text, parts.former)
