"""A name made ready to be read: one width, one script, one kind of bracket, numbers as figures; names that it once bore apart."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

_CHINESE = re.compile(r"[㐀-鿿]")
_KANA = re.compile(r"[぀-ヿ]")
_LATIN = re.compile(r"[A-Za-z]")
_OPEN = str.maketrans(dict.fromkeys("[{〔【〈《「『", "(") | dict.fromkeys("]}〕】〉》」』", ")"))
_STRANGE = re.compile(r"[\"'“”‘’`´*#!?。、,，;；:：·・•‧∙.\-‐–—_/\\|~\s]+")
_JAPANESE = "株式会社"
#: Brackets that became spaces: 虚构 中国 有限公司.
_CHINA = re.compile(r"(?<=[㐀-鿿A-Za-z])\s+中国\s+(?=有限|股份|投资|控股)")
_EMPTY = re.compile(r"\(\s*\)")
_FIGURES = {one: at for at, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
#: Numbers that are names: 二六一二厂, 七O七所; an O between figures is a nought.
_NOUGHT = re.compile(r"(?<=[一二三四五六七八九])[Oo0○](?=[一二三四五六七八九])")
_SPELT = re.compile(r"(?<![零〇○一二三四五六七八九十百第])[零〇○一二三四五六七八九]{3,}(?![十百千万])")
_NUMERAL = re.compile(
    r"第([零〇○一二三四五六七八九十百]+|\d+)(?=[^年月日届期])|(?<![零〇○一二三四五六七八九十百])([零〇○一二三四五六七八九十百]{2,})(?=研究|所|院|厂|医院|中学|医|矿)"
)


class Wording(NamedTuple):
    """A name made ready, the names that it says it once bore, and whether it is written in Latin script."""

    text: str
    former: tuple[str, ...]
    latin: bool


@cache
def data(name: str) -> Mapping[str, Any]:
    """A shipped file of parties as nested values: ``wording``, ``forms``, ``latin``, ``known`` or ``groups``."""
    return tomllib.loads(resources.files("tidu.data").joinpath("parties").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _characters() -> dict[int, str]:
    told = data("wording")["characters"]
    return {ord(one): other for one, other in zip(told["written"], told["read"], strict=True)}


@cache
def _former() -> re.Pattern[str]:
    words = "|".join(sorted(data("wording")["former"]["words"].split(), key=len, reverse=True))
    return re.compile(
        rf"\((?:{words})[:为是\s]*([^()]*(?:\([^()]*\)[^()]*)*)\)|[,;\s](?:{words})[:为是]\s*(.+)$|[,;]\s*(?:{words})(..{{3,}})$"
        rf"|\((?:由|自)([^()]{{4,}}?)(?:变更|更名|改制|改名|转制)(?:而来|而成|设立)?\)"
    )


@cache
def _empty() -> re.Pattern[str]:
    words = "|".join(map(re.escape, data("wording")["empty"]["words"].split()))
    return re.compile(rf"\((?:{words})\)|^\s*(?:申请人|专利权人|名称)[:]\s*")


def number(text: str) -> int:
    """A number in Chinese or Arabic figures.

    >>> number("五十八"), number("七〇二"), number("38"), number("十"), number("一百零一")
    (58, 702, 38, 10, 101)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    if not any(one in text for one in "十百"):
        return int("".join(str(_FIGURES[one]) for one in text))
    total, last = 0, 0
    for one in text:
        if one in "十百":
            total += (last or 1) * (10 if one == "十" else 100)
            last = 0
        else:
            last = _FIGURES[one]
    return total + last


def figures(text: str) -> str:
    """A text with its ordinals, and the numbers of institutes, in Arabic figures.

    >>> figures("第五十八研究所"), figures("七O二所"), figures("第一医院"), figures("三一重工"), figures("虚构二六一二塑料厂")
    ('第58研究所', '第702所', '第1医院', '三一重工', '虚构2612塑料厂')
    """
    text = _NUMERAL.sub(lambda found: f"第{number(found.group(1) or found.group(2))}", _NOUGHT.sub("〇", text))
    return _SPELT.sub(lambda found: str(number(found.group())), text)


def worded(name: str) -> Wording:
    """A name made ready to be read. A Chinese name loses its spaces and points; a Latin one is capital, its words one space apart.

    >>> worded("虚構（蘇州）科技有限公司（原名：虚构软件有限公司）")
    Wording(text='虚构(苏州)科技有限公司', former=('虚构软件有限公司',), latin=False)
    >>> worded("Fictitious  Devices Co., Ltd.")
    Wording(text='FICTITIOUS DEVICES CO LTD', former=(), latin=True)
    """
    plain = unicodedata.normalize("NFKC", name).translate(_OPEN)
    chinese = len(_CHINESE.findall(plain))
    if chinese == 0 and _KANA.search(plain) is None and _LATIN.search(plain):
        return _latin(plain)
    plain = _CHINA.sub("(中国)", plain.translate(_characters()))
    plain = _empty().sub("", plain)
    former = []
    for found in _former().finditer(plain):
        told = _chinese(next((one for one in found.groups() if one), ""))
        if len(told) > 1:
            former.append(told)
    if former:
        plain = _former().sub("", plain)
    text = _chinese(plain)
    if text.startswith(_JAPANESE) and len(text) > len(_JAPANESE):
        text = text.removeprefix(_JAPANESE) + _JAPANESE
    if text.endswith(_JAPANESE):
        text = text.replace("自动车", "汽车")
    for short, whole in data("wording")["academies"].items():
        text = text.replace(short, whole)
    for short, whole in data("wording")["patterns"].items():
        text = re.sub(short, whole, text)
    return Wording(text, tuple(one for one in dict.fromkeys(former) if one != text), False)


def _chinese(text: str) -> str:
    return figures(_EMPTY.sub("", _STRANGE.sub("", text)).upper())


_WAS = re.compile(
    r"\((?:FORMERLY(?: KNOWN AS)?|F/?K/?A|PREVIOUSLY|NEE|OLD NAME)[:.\s]*([^()]+)\)|,?\s+(?:FORMERLY(?: KNOWN AS)?|F/K/A)\s+(.+)$"
)
_FOLDED = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "Ø": "O", "Å": "A", "Æ": "AE", "Œ": "OE", "Ł": "L", "Đ": "D"})


def _latin(plain: str) -> Wording:
    text = plain.upper().translate(_FOLDED)
    text = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    former = [tidy(found.group(1) or found.group(2) or "") for found in _WAS.finditer(text)]
    return Wording(tidy(_WAS.sub("", text)), tuple(one for one in dict.fromkeys(former) if one), True)


def tidy(text: str) -> str:
    """A Latin name of capital letters with its points and commas as spaces, its abbreviations of single letters joined.

    >>> tidy("N.V. PHILIPS' GLOEILAMPENFABRIEKEN"), tidy("AT&T CORP."), tidy("HUAWEI TECH. (CHINA) CO.,LTD")
    ('NV PHILIPS GLOEILAMPENFABRIEKEN', 'AT & T CORP', 'HUAWEI TECH (CHINA) CO LTD')
    """
    text = re.sub(r"\b((?:[A-Z]\.){2,})", lambda found: found.group(1).replace(".", "") + " ", text)
    text = re.sub(r"\b([A-Z])\.(?=[A-Z]\b)", r"\1", text)
    text = text.replace("'S ", "S ").replace("’S ", "S ").replace("'", "").replace("’", "").replace("&", " & ").replace("+", " & ")
    text = re.sub(r"\b([AS])/([AS])\b", r"\1\2", text)
    text = re.sub(r"[^A-Z0-9&()]+", " ", text)
    text = re.sub(r"\(\s*", " (", text)
    text = re.sub(r"\s*\)", ") ", text)
    return " ".join(text.split())
