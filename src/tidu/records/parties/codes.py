"""Unified social credit codes: eighteen letters of which the last is a check (GB 32100-2015)."""

from __future__ import annotations

import re

#: The letters of a code by their value: no I, O, S, V, Z.
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{LETTERS}]{{2}}\d{{6}}[{LETTERS}]{{10}}")


def tidied(code: str | None) -> str:
    """A code in capital letters without spaces and hyphens; empty where there is none.

    >>> tidied(" 91350200-ma2xre4h00 ")
    '91350200MA2XRE4H00'
    """
    return re.sub(r"[\s-]", "", code).upper() if code else ""


def check_letter(first: str) -> str:
    """The last letter of a code by its first seventeen: weights 3^i modulo 31.

    >>> check_letter("91350200MA2XRE4H0")
    '0'
    """
    total = sum(LETTERS.index(letter) * pow(3, at, 31) for at, letter in enumerate(first))
    return LETTERS[(31 - total % 31) % 31]


def valid(code: str | None) -> bool:
    """Whether a code has the form and the check letter of one.

    >>> valid("91350200MA2XRE4H00"), valid("91350200MA2XRE4H01"), valid("")
    (True, False, False)
    """
    told = tidied(code)
    return _FORM.fullmatch(told) is not None and check_letter(told[:17]) == told[17]
