"""Whether one of two Chinese names is the other without its form or trade, or with the form that it bore before.

A bare name (海康威视) says nothing by itself: it is a company's only where the records of both give one city, and it is as long as
no person's name is. A factory that became a company keeps place, own name and trade.
"""

from __future__ import annotations

from tidu.records.parties.chinese import Parts
from tidu.records.parties.nearness import Near
from tidu.records.parties.wording import data

#: A bare name of fewer characters may be a person's.
LEAST = 4
_STOCK = "股份"


def shortened(left: Parts, right: Parts, city: str, other_city: str) -> Near | None:
    """Whether two names are one body, one of them short or of a former form; nothing where neither is.

    >>> from tidu.records.parties.chinese import parse
    >>> shortened(parse("杭州虚构机械厂"), parse("杭州虚构机械有限公司"), "", "")
    Near(entity=True, method='form', confidence=0.85)
    >>> shortened(parse("虚构星辰"), parse("杭州虚构星辰科技有限公司"), "330100", "330100")
    Near(entity=True, method='short', confidence=0.8)
    >>> shortened(parse("虚构星辰"), parse("杭州虚构星辰科技有限公司"), "330100", "440300") is None
    True
    """
    if left.part or right.part or left.noted != right.noted:
        return None
    if {left.kind, right.kind} == {"plant", "company"}:
        plant = left if left.kind == "plant" else right
        firm = right if left.kind == "plant" else left
        kept = firm.core == plant.core + plant.form  # 仪表总厂 and 仪表总厂有限公司
        if not plant.form.endswith("厂") or left.group or right.group or not (kept or (firm.core == plant.core and plant.trade)):
            return None
        if city and other_city and city != other_city:
            return None
        one, other = left.place, right.place
        if one is not None and other is not None:
            return Near(True, "form", 0.85) if one.name == other.name else None
        return Near(True, "form", 0.8) if one is other and city and city == other_city else None
    if {left.kind, right.kind} != {"", "company"} or not city or city != other_city:
        return None
    short, full = (left, right) if left.kind == "" else (right, left)
    return Near(True, "short", 0.8) if short.text in names(full) and not _person(short.text) else None


def names(full: Parts) -> tuple[str, ...]:
    """What a company is called for short: own name, with its trade, with its place, with 股份 where it is listed by its form.

    >>> from tidu.records.parties.chinese import parse
    >>> names(parse("杭州虚构星辰科技股份有限公司"))
    ('虚构星辰', '杭州虚构星辰', '虚构星辰科技', '杭州虚构星辰科技', '虚构星辰股份')
    """
    place = full.place.name if full.place is not None else ""
    told = [full.own, place + full.own, full.core, place + full.core]
    if full.incorporated == "stock":
        told.append(full.own + _STOCK)
    return tuple(dict.fromkeys(one for one in told if len(one) >= LEAST))


def _person(text: str) -> bool:
    """Whether a text of four characters may be a person's name: it begins with a surname of two."""
    return len(text) == LEAST and text[:2] in data("forms")["person"]["double"].split()
