"""An address made ready to be read: of one width and script, without spaces, its postcodes apart; of two the registered one."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from tidu.records.places.divisions import data

_CHINESE = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]")
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_REGISTERED = re.compile(
    r"(?:注册地址|注册地|住所地|住所|登记地址)[为是在]?[:,]?(.{4,}?)"
    r"(?=(?:通讯|通信|邮寄|联系|办公|经营|实际|收件)(?:地址|地)|$)"
)
_LABEL = re.compile(r"^(?:通讯地址|通信地址|邮寄地址|联系地址|地址|申请人地址|专利权人地址)[:,]?")
_HOME = re.compile(r"^(?:CN|P\.?R\.?C(?:hina)?)\b[-,;:./]*")


class Wording(NamedTuple):
    """The text to be read, its postcodes, and whether it is written in Latin script."""

    text: str
    postcodes: tuple[str, ...]
    latin: bool


@cache
def _characters() -> dict[int, str]:
    told = data("wording")["characters"]
    return {ord(one): other for one, other in zip(told["written"], told["read"], strict=True)}


def worded(text: str) -> Wording:
    """An address made ready to be read.

    >>> worded("１００１９０　北京市海澱區清華園1號")
    Wording(text='北京市海淀区清华园1号', postcodes=('100190',), latin=False)
    >>> worded("No. 58 Yanta Road, Xi'an").latin
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    chinese = len(_CHINESE.findall(plain))
    if chinese == 0 or chinese * 6 < len(_LATIN.findall(plain)):
        return Wording(plain.strip(), tuple(_POSTCODE.findall(plain)), bool(_LATIN.search(plain)))
    codes = tuple(_POSTCODE.findall(plain))
    plain = _POSTCODE.sub("", plain)
    plain = re.sub(r"\s+", "", plain).translate(_characters())
    plain = plain.replace("【", "(").replace("】", ")").replace("[", "(").replace("]", ")").replace("〔", "(").replace("〕", ")")
    registered = _REGISTERED.search(plain)
    if registered:
        plain = registered.group(1)
    plain = _LABEL.sub("", plain).lstrip(".,;:-/()")
    return Wording(_HOME.sub("", plain), codes, False)
