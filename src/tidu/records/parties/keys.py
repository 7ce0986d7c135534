"""The key of a name: names with one key are one legal entity, save where a city or a code stands against it.

The key leaves out what does not tell bodies apart: limited or joint stock, the word of a place's level, a province before its city,
a branch or a faculty, the order of place and own name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tidu.records.parties import academy, chinese, known, latin
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
    parts = _told(chinese.parse(name))
    found = known.body(parts.text if parts.apart else name)
    whole = known.body(parts.head)
    parent = whole or _of(parts)
    key = f"{parent}/{_part(parts.part)}" if parts.apart else parent
    hospital = _HOSPITAL.fullmatch(_part(parts.part)) if parts.apart else None
    if hospital is not None:
        own = key_of(hospital[1])  # a hospital with a name of its own is known by it
        return own._replace(parent=parent, stem="", text=parts.text, former=parts.former)
    place = parts.place
    placed = bool(
        found or whole or parts.apart or place is not None or parts.kind not in ("", "company", "partnership", "plant", "hospital")
    )
    return Key(
        found or _read(key),
        _read(parent),
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


def _told(parts: Parts) -> Parts:
    """A name taken apart, an institute of the academy by its name in full."""
    part = ""
    if parts.head == academy.ACADEMY and parts.part:
        part = academy.institute(parts.part)
    elif parts.kind == "institute" and not parts.part and academy.stands_alone(parts.text):
        part = parts.text
    return chinese.parse(academy.ACADEMY + part) if part not in ("", parts.part) else parts


#: Kinds of body that are one of their kind within a city only, where the name tells no place.
_UNPLACED = ("", "company", "partnership", "plant", "hospital")
_HOSPITAL = re.compile(
    r"(?:附属)?((?!附属|第?\d|口腔|儿童|肿瘤|妇|人民|中心|中医|中西医|眼|胸科|精神|传染|综合|护理|康复|整形|心血管|皮肤|医学|临床|骨科|脑)..+医院)"
)


def _of(parts: Parts) -> str:
    """The key of the body that a name begins with."""
    nation = "中国" if any(one.name == "中国" for one in parts.regions) else ""
    place = parts.place.name if parts.place is not None else ""
    family = "company" if parts.kind == "company" else parts.form if parts.kind != "partnership" else "partnership"
    core = parts.own + parts.trade
    if _OF_A_GROUP.match(core):  # 中国华能集团X is 华能集团X
        nation = ""
    became = _INSTITUTE.search(core) if parts.kind == "company" else None
    if became is not None:  # an institute that became a company
        core, family = core[: became.start()], became.group()
    noted = "|".join(one for one in parts.noted if _tells(one, parts))
    return f"{nation}{place}|{core}|{family}|{'集团' if parts.group else ''}|{noted}"


_OF_A_GROUP = re.compile(r"[^集团]{2,4}集团.{2,}")
_INSTITUTE = re.compile(r"(?<=..)(?:研究总院|设计研究院|研究院|研究所|设计院)$")


@lru_cache(maxsize=1)
def _alike() -> dict[int, str]:
    return {ord(one): run[0] for run in data("wording")["alike"]["runs"].split() for one in run[1:]}


def _read(key: str) -> str:
    """A key with characters that are taken for one another in print read as one."""
    return key.translate(_alike())


def _tells(note: str, parts: Parts) -> bool:
    """Whether a bracket tells bodies apart: a campus of a university does not, save those that are universities of their own."""
    if parts.kind != "university":
        return True
    return known.campus_apart(parts.head)


def _part(part: str) -> str:
    """A part that is a body of its own, as it is compared: what stands between a university and its hospital left out."""
    part = re.sub(r"(医院).{1,8}[科部室]$", r"\1", re.sub(r"第(\d+)附属", r"附属第\1", part))
    part = re.sub(r"(?<!研究)所$", "研究所", part)
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
    return Key(
        key,
        key.split("/")[0] if found else key,
        placed,
        False,
        "latin",
        "",
        stem,
        " ".join(parts.noted),
        parts.group,
        parts.text,
        parts.former,
    )
