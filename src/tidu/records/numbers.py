"""Chinese application numbers: both eras, with and without prefix, dot and check digit; kinds of documents by date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tidu.core.errors import DataError

PatentKind = Literal["invention", "utility_model", "design"]
#: The type digit of a number → kind, and how the application came in.
TYPES: dict[str, tuple[PatentKind, Literal["national", "pct"]]] = {
    "1": ("invention", "national"),
    "2": ("utility_model", "national"),
    "3": ("design", "national"),
    "8": ("invention", "pct"),
    "9": ("utility_model", "pct"),
}
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_OLD = re.compile(r"(8[5-9]|9\d|0[0-3])([12389])(\d{5})(?:\.?([0-9X]))?")
_NEW = re.compile(r"(20\d\d)([12389])(\d{7})(?:\.?([0-9X]))?")
_STANDARD = re.compile(r"([123])0(20\d\d|19\d\d)(\d{9})")


@dataclass(frozen=True)
class ApplicationNumber:
    """A Chinese application number: ``digits`` without check digit (8 or 12), its year, kind, route and check digit.

    ``printed`` says whether the check digit was printed; where it was not, it is computed.
    """

    digits: str
    year: int
    kind: PatentKind
    route: Literal["national", "pct"]
    check: str
    printed: bool

    def __str__(self) -> str:
        """The number as the office prints it, such as 200880114428.1."""
        return f"{self.digits}.{self.check}"


def check_digit(digits: str) -> str:
    """The check digit of 8 or 12 digits: their sum weighted 2–9, 2–5, modulo 11, where 10 is X.

    Source: ZC 0006-2003 (CNIPA, numbering of applications).

    >>> check_digit("200880114428")
    '1'
    """
    rest = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


def application_number(text: str) -> ApplicationNumber:
    """A Chinese application number read from print: ``ZL``/``CN``, spaces and dot may stand or lack, x be small.

    The long form of the new XML (``102015000481495``: kind, year, nine digits) is read too. A missing check digit is computed
    and said to be so. Raises ``application_number`` where the text is none, ``check_digit`` where the printed one is wrong.

    >>> str(application_number("zl 98 1 03456")), application_number("102015000481495").digits
    ('98103456.X', '201510481495')
    """
    plain = re.sub(r"[\s.．]", "", text.upper().translate(_WIDE))
    plain = re.sub(r"^(ZL|CN|ZL CN)", "", plain)
    long = _STANDARD.fullmatch(plain)
    if long:
        plain = long[2] + long[1] + long[3][2:]
    for shape in (_NEW, _OLD):
        found = shape.fullmatch(plain)
        if not found:
            continue
        year = int(found[1]) if len(found[1]) == 4 else (1900 if int(found[1]) > 80 else 2000) + int(found[1])
        digits, kind, right = found[1] + found[2] + found[3], TYPES[found[2]], check_digit(found[1] + found[2] + found[3])
        if found[4] and found[4] != right and not _without_check(year):
            raise DataError("check_digit", address=text, value=found[4], right=right)
        return ApplicationNumber(digits, year, *kind, right, found[4] is not None)
    raise DataError("application_number", address=text)


_WIDE = str.maketrans("０１２３４５６７８９ＸＺＬＣＮ．", "0123456789XZLCN.")


def _without_check(year: int) -> bool:
    """Numbers of 1985 to 1988 had no check digit."""
    return year < 1989


#: What a kind code means from a day on: (first day, code, meaning). Later rows overrule earlier ones.
KINDS: tuple[tuple[date, dict[str, str]], ...] = (
    (
        date(1985, 1, 1),
        {"A": "published", "B": "examined", "U": "examined", "S": "examined", "C": "granted", "Y": "granted", "D": "granted"},
    ),
    (date(1993, 1, 1), {"A": "published", "C": "granted", "Y": "granted", "D": "granted", "U": "published", "S": "published"}),
    (
        date(2010, 4, 7),
        {"A": "published", "B": "granted", "U": "granted", "S": "granted", "C": "granted", "Y": "granted", "D": "granted"},
    ),
)


def stage(kind: str, published: date) -> str:
    """What a Chinese kind code says on its publication day: ``published``, ``examined`` or ``granted``; empty where unknown.

    B alone does not mean granted: before 1993 it was an examined application. Corrections (A8, B9) count as their letter.

    >>> stage("B", date(1990, 1, 1)), stage("B", date(2012, 1, 4)), stage("C", date(2005, 5, 4))
    ('examined', 'granted', 'granted')
    """
    meanings = next((known for first, known in reversed(KINDS) if published >= first), KINDS[0][1])
    return meanings.get(kind[:1].upper(), "")
