"""The parts of a Chinese name of a body: place, name of its own, trade, form, and what part of the body is named behind.

A registered name is place + own name + trade + form (Regulations on Enterprise Name Registration, article 6); the place may stand
in brackets behind the own name. What follows the form is a part of the body: a branch, a faculty, a hospital.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from tidu.records.parties.regions import NATION, Region, regions
from tidu.records.parties.wording import data, worded


class Parts(NamedTuple):
    """A name taken apart.

    ``own`` is the name of its own, ``trade`` the words of its trade, ``kind`` the class of its form (``company``, ``university`` …;
    empty where no form stands: a person, an abbreviation). ``incorporated`` is ``limited``, ``stock``, ``plain`` or empty;
    ``group`` tells whether it calls itself one. ``part`` is what stands behind the form, ``apart`` whether that is a body of its
    own. ``noted`` is what stood in brackets and is no place.
    """

    text: str
    head: str
    regions: tuple[Region, ...]
    own: str
    trade: str
    form: str
    kind: str
    incorporated: str
    group: bool
    part: str
    apart: bool
    noted: tuple[str, ...]
    former: tuple[str, ...]

    @property
    def place(self) -> Region | None:
        """The finest place in the name, the nation aside."""
        return max((one for one in self.regions if one.level > NATION), key=lambda one: one.level, default=None)

    @property
    def core(self) -> str:
        """What tells the body from others: own name, trade."""
        return self.own + self.trade


@cache
def _forms() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {word: kind for kind, one in data("forms")["form"].items() for word in one["words"].split()}
    words = sorted(kinds, key=len, reverse=True)
    return re.compile("|".join(words)), kinds


@cache
def _firm() -> re.Pattern[str]:
    told = data("forms")["form"]
    words = [*told["company"]["words"].split(), *told["partnership"]["words"].split()]
    return re.compile("|".join(sorted((one for one in words if one != "集团"), key=len, reverse=True)))


@cache
def _ranks() -> dict[str, str]:
    return {word: rank for rank, words in data("forms")["rank"].items() for word in words.split()}


@cache
def trades() -> frozenset[str]:
    """The words of trades."""
    return frozenset(data("forms")["trade"]["words"].split())


@cache
def _parts() -> dict[str, re.Pattern[str]]:
    told = data("forms")["part"]
    return {key: re.compile("(?:" + "|".join(words.split()) + ")$") for key, words in told.items()}


_BRACKET = re.compile(r"\(([^()]*)\)")
_BODY = re.compile(r"大学|(?<!科)学院(?!路)|医院|研究院|研究所|科学院")
#: An institute that bears a number of its group is a body of its own.
_NUMBERED = re.compile(r"第\d+(?:研究)?[所院]")


#: 有限公司 with one of its characters misprinted, left out or written twice, at the end of a name.
_FORM_MISPRINTED = re.compile(r"(?:有限公[^司]|有限[^公任责()]司|有[^限]公司(?<=有.公司)|[^有具]限公司|有限公|有限司|有限公司司)$")


@lru_cache(maxsize=200_000)
def parse(name: str) -> Parts:
    """A Chinese name taken apart.

    >>> told = parse("杭州市虚构智能科技有限公司宁波分公司")
    >>> [one.name for one in told.regions], told.own, told.trade, told.form, told.part, told.apart
    (['杭州'], '虚构', '智能科技', '有限公司', '宁波分公司', False)
    >>> parse("虚构（苏州）电子股份有限公司").place.name, parse("虚构大学附属第一医院").apart
    ('苏州', True)
    """
    told = worded(name)
    text = _FORM_MISPRINTED.sub("有限公司", told.text)
    head, part = _split(text)
    found: list[Region] = []
    noted: list[str] = []
    words: list[str] = []
    for one in _BRACKET.findall(head):
        places, rest = _places(one)
        if places and rest == "" and not _BODY.search(head):
            found += places
        elif one in ("集团", "控股") or one in _forms()[1]:
            words.append(one)
        elif one:
            noted.append(one)
    bare = _BRACKET.sub("", head)
    before, rest = _places(bare)
    rest = _zoneless(rest) if before else rest
    form = _form_of(rest) or ""
    body = rest[: len(rest) - len(form)] if form else rest
    if form and not body:
        # place and form alone make the name: 杭州大学; of several places the last does: 上海瑞金医院
        last = _last(bare[: len(bare) - len(form)])
        before, body = before[:-1] if last else [], bare[last : len(bare) - len(form)]
    kind = _forms()[1].get(form, "")
    if any(one in ("有限合伙", "普通合伙", "特殊普通合伙") for one in words):
        kind, form = "partnership", words[-1]
    group = "集团" in form or "集团" in words or body.endswith("集团") or form == "总公司"
    plain = form.replace("集团", "").replace("控股", "") or form
    body = body.removesuffix("集团")
    own, trade = _trade(body, kind)
    return Parts(
        text,
        head,
        (*before, *found),
        own,
        trade,
        form,
        kind,
        _ranks().get(plain, ""),
        group,
        part,
        _apart(part, kind),
        tuple(noted),
        told.former,
    )


def _split(text: str) -> tuple[str, str]:
    """The name of the body and what follows it: the first form of a company that something follows, else that of another body."""
    for found in _firm().finditer(text):
        end = found.end()
        while end < len(text) and text[end] == "(":  # a bracket behind the form belongs to it
            close = text.find(")", end)
            if close < 0:
                break
            end = close + 1
        if end < len(text) and len(text) - end > 1:
            return text[:end], text[end:]
        return text, ""
    for found in _BODY.finditer(text):
        end = found.end()
        if found.start() < 2:
            continue
        behind = text[end:]
        if behind.startswith("("):
            close = behind.find(")")
            if close > 0 and close + 1 < len(behind):
                return text[: end + close + 1], behind[close + 1 :]
            return text, ""
        if len(behind) > 1 and not behind.startswith(("有限", "股份", "院", "校")):
            return text[:end], behind
    return text, ""


def _places(text: str) -> tuple[list[Region], str]:
    """The places that a text begins with, and the rest."""
    found: list[Region] = []
    at = 0
    while told := regions().at(text, at):
        word, region = told
        if at + len(word) > len(text) or (found and found[-1].level > region.level > NATION):
            break
        rest = text[at + len(word) :]
        if (
            rest[:1] in ("市", "省", "区", "县")
            and word[-1] not in "市省区县"
            and len(rest) > 1
            and regions().at(text, at + len(word)) is None
        ):
            rest = rest[1:]
            word += text[at + len(word)]
        found.append(region)
        at += len(word)
    return found, text[at:]


def _last(text: str) -> int:
    """Where the last of the places begins that make up a text; 0 where it is the only one."""
    return next((at for at in range(len(text) - 2, 1, -1) if _places(text[:at])[1] == "" and _places(text[at:])[1] == ""), 0)


_ZONE = re.compile(
    r"(?:工业园区|(?:高新|高技术|高新技术|经济|经济技术)(?:产业)?开发区|高新区|经开区|保税区|自贸区|自由贸易试验区)(?=...)"
)


def _zoneless(rest: str) -> str:
    """What follows a place, without the zone that it begins with; the zone stays where trade words alone follow it."""
    found = _ZONE.match(rest)
    if found is None or any(rest.startswith(trade, found.end()) for trade in trades()):
        return rest
    return rest[found.end() :]


def _form_of(text: str) -> str:
    best = ""
    for found in _forms()[0].finditer(text):
        if found.end() == len(text):
            best = found.group()
    if not best:
        for length in range(min(len(text), 10), 0, -1):
            if text[-length:] in _forms()[1]:
                return text[-length:]
    return best


def _trade(body: str, kind: str) -> tuple[str, str]:
    """The own name and the trade of what stands between place and form; the own name keeps two characters."""
    if kind not in ("company", "partnership", "plant", "office", "institute"):
        return body, ""
    cut = len(body)
    while cut > 2:
        for length in range(min(5, cut - 2), 1, -1):
            if body[cut - length : cut] in trades():
                cut -= length
                break
        else:
            break
    return body[:cut], body[cut:]


def _apart(part: str, kind: str) -> bool:
    """Whether what stands behind the form is a body of its own."""
    if not part:
        return False
    told = _parts()
    if kind == "university" and ("医院" in part or told["independent"].search(part)):
        return True
    if kind == "institute" or _NUMBERED.match(part):
        return not told["branch"].search(part)
    if told["own"].search(part):
        return not told["branch"].search(part)
    if told["branch"].search(part):
        return False
    if kind in ("company", "partnership"):
        return not re.search(r"(?:研究院|研究所|技术中心|研发中心|实验室|工厂|厂|公司|中心|部|处)$", part) or "公司" in part
    place, rest = _places(part)
    if place and re.fullmatch(r"(?:[^学]{0,6})(?:学院|研究院|技术研究院|产业研究院|工业研究院|创新研究院|创新中心|创新港)", rest):
        return True
    return not told["faculty"].search(part)
