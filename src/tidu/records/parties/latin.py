"""A name in Latin script taken apart: the words that tell the body, in full and in order; its form, its places, its group."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from tidu.records.parties.wording import data, worded


class LatinParts(NamedTuple):
    """A Latin name taken apart: text, telling words in full, what stands in brackets, whether it has a form, is a group."""

    text: str
    words: tuple[str, ...]
    noted: tuple[str, ...]
    formed: bool
    group: bool
    former: tuple[str, ...]

    @property
    def core(self) -> str:
        """The telling words in one."""
        return "".join(self.words)


@cache
def _words(section: str, key: str) -> frozenset[str]:
    return frozenset(data("latin")[section][key].split())


_BRACKET = re.compile(r"\(([^()]*)\)")


@lru_cache(maxsize=200_000)
def parse(name: str) -> LatinParts:
    """A Latin name taken apart.

    >>> parse("Fictitious Tech. (China) Co., Ltd.")[1:5]
    (('FICTITIOUS', 'TECHNOLOGY'), ('CHINA',), True, False)
    >>> parse("Müller Werke GmbH & Co. KG").words == parse("MUELLER WERKE GMBH").words
    True
    """
    told = worded(name)
    noted = tuple(one.strip() for one in _BRACKET.findall(told.text) if one.strip())
    tokens = _BRACKET.sub(" ", told.text).split()
    formed = any(one in _words("forms", "words") for one in tokens[1:])
    telling = [
        one
        for at, one in enumerate(tokens)
        if (at == 0 or one not in _words("forms", "words")) and one not in _words("forms", "empty")
    ]
    words = tuple(full(one) for one in telling)
    kept = tuple(one for one in words if one not in _words("forms", "group"))
    group = len(kept) < len(words)
    places = tuple(one for one in noted if one not in _words("forms", "words") and one not in _words("forms", "group"))
    group = group or len(places) < len(noted)
    return LatinParts(told.text, kept or words, places, formed, group, told.former)


def full(word: str) -> str:
    """A word in full and in one spelling of its umlauts.

    >>> full("TECHNOLOGIES"), full("MUELLER"), full("KOELN")
    ('TECHNOLOGY', 'MULLER', 'KOLN')
    """
    told = data("latin")["short"].get(word, word)
    return told.replace("UE", "U").replace("OE", "O").replace("AE", "A") if len(told) > 3 else str(told)
