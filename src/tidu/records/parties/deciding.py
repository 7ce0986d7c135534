"""Whether two names are of one legal entity, and of one group: by code, by name, by what they say they once bore, by what is known.

Legal entity and group are two levels: a parent and its subsidiary are one group and never one entity. What these rules leave open
is told by ``entity`` none; :mod:`tidu.records.parties.probable` weighs it against the records at hand.
"""

from __future__ import annotations

from typing import NamedTuple

from tidu.records.parties import codes, known, latin
from tidu.records.parties.bridging import bridged
from tidu.records.parties.chinese import parse
from tidu.records.parties.groups import grouped
from tidu.records.parties.keys import Key, key_of
from tidu.records.parties.nearness import near
from tidu.records.parties.regions import UNIT, regions
from tidu.records.parties.shortened import shortened

#: Taiwan, Hong Kong, Macao: namesakes there are other bodies.
_BEYOND = frozenset(("71", "81", "82"))


class Party(NamedTuple):
    """What a record says of a party: its name, its city (six digits, or the country), its unified social credit code."""

    name: str
    city: str = ""
    code: str = ""


class Decision(NamedTuple):
    """Whether two parties are one entity (nothing where it is open) and one group; by which rule, how sure."""

    entity: bool | None
    group: bool
    method: str
    confidence: float


def same(left: Party, right: Party) -> Decision:
    """Whether two parties are one legal entity, and one group.

    >>> same(Party("虚构（杭州）科技有限公司", "330100"), Party("杭州虚构科技股份有限公司", "330100"))
    Decision(entity=True, group=True, method='name', confidence=0.95)
    >>> same(Party("虚构大学"), Party("虚构大学附属医院"))
    Decision(entity=False, group=True, method='part', confidence=0.95)
    """
    one, other = key_of(left.name), key_of(right.name)
    first, second = codes.tidied(left.code), codes.tidied(right.code)
    if codes.valid(first) and codes.valid(second):
        if first == second:
            return Decision(True, True, "credit_code", 0.99)
        if not (one.key == other.key and (one.branch or other.branch)):
            return Decision(False, one.key == other.key or grouped(one, other) > 0, "credit_code", 0.99)
    return by_name(one, other, left.city, right.city)


def by_name(one: Key, other: Key, city: str, other_city: str) -> Decision:
    """What two keys tell, and the cities where they are guarded by them."""
    if one.key == other.key:
        apart = bool(city and other_city and city != other_city)
        if (
            apart
            and not (one.branch or other.branch)
            and (not (one.placed and other.placed) or _elsewhere(one, other, city, other_city))
        ):
            return Decision(False, False, "city", 0.9)
        return Decision(True, True, "name", 0.99 if one.text == other.text else 0.95)
    if one.kind == other.kind == "university" and _seat(one, other, city, other_city):
        return Decision(True, True, "name", 0.9)
    if one.kind == other.kind == "hospital" and _hospital(one, other, city, other_city):
        return Decision(True, True, "place", 0.85)
    names = {key_of(told).key for told in one.former} | {key_of(told).key for told in other.former}
    if one.key in names or other.key in names:
        return Decision(True, True, "former", 0.95)
    if one.kind not in ("", "latin") and one.kind == other.kind:
        told = near(parse(one.text), parse(other.text), city, other_city)
        if told.entity is not False:
            return Decision(told.entity, True, told.method, told.confidence)
    if one.kind != other.kind and "latin" not in (one.kind, other.kind):
        short = shortened(parse(one.text), parse(other.text), city, other_city)
        if short is not None:
            return Decision(short.entity, True, short.method, short.confidence)
    if "latin" in (one.kind, other.kind) and one.kind != other.kind:
        script = _scripts(one, other)
        if script is not False and not (known.body(one.text) and known.body(other.text)):
            return Decision(script, True, "script", 0.85 if script else 0.5)
    sure = grouped(one, other)
    if one.parent == other.parent:
        return Decision(False, True, "part", 0.95)
    return Decision(False, sure > 0, "group" if sure else "name", sure or 0.9)


def _elsewhere(one: Key, other: Key, city: str, other_city: str) -> bool:
    """Whether two names of one key are told apart by their cities: other ones in the names, or across the strait or a border."""
    if (city[:2] in _BEYOND) != (other_city[:2] in _BEYOND):
        return True
    left, right = ({part.name for part in parse(name.text).regions if part.level == UNIT} for name in (one, other))
    return bool(left and right and not left & right)


def _seat(one: Key, other: Key, city: str, other_city: str) -> bool:
    """Whether a university's name with its seat in brackets, and the same without, are of one city."""
    left, right = parse(one.text), parse(other.text)
    if left.core != right.core or left.form != right.form or bool(left.noted) == bool(right.noted) or left.part or right.part:
        return False
    note, told = (left.noted, other_city) if left.noted else (right.noted, city)
    found = regions().at(note[0], 0)
    return bool(found and told in found[1].codes)


def _hospital(one: Key, other: Key, city: str, other_city: str) -> bool:
    """Whether two hospitals' names are one but for the place, and their records give that city."""
    left, right = (name.key.split("|") for name in (one, other))
    if len(left) < 2 or left[1:] != right[1:] or bool(left[0]) == bool(right[0]) or not city or city != other_city:
        return False
    found = regions().at(left[0] or right[0], 0)
    # a district has a first hospital as the city has
    return bool(found and found[1].level == UNIT and city in found[1].codes)


def _scripts(one: Key, other: Key) -> bool | None:
    left, right = (one, other) if other.kind == "latin" else (other, one)
    return bridged(parse(left.text), latin.parse(right.text))
