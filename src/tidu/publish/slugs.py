"""The part of an address, and of a file's name, that stands for a code: its own, and no other's, on every system of files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
#: Names that Windows keeps for devices.
_KEPT = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
#: Letters beyond which a name is shortened.
_MOST = 100


def slugs(codes: Iterable[str]) -> dict[str, str]:
    """Code → its part of an address: itself where it is plain, else with ``~`` and two hex digits for each other byte.

    Codes that differ in capitals alone, which some systems take for one file, and very long ones end in a digest of themselves.
    A code's part depends on the code and its namesakes in capitals, not on its place.

    >>> slugs(["330100", "a/b", "CON", "x", "X"])
    {'330100': '330100', 'a/b': 'a~2Fb', 'CON': '~43ON', 'x': 'x~2d711642', 'X': 'X~4b68ab38'}
    """
    found = {code: _escaped(code) for code in codes}
    folded: dict[str, int] = {}
    for part in found.values():
        folded[part.lower()] = folded.get(part.lower(), 0) + 1
    return {code: _marked(code, part) if folded[part.lower()] > 1 or len(part) > _MOST else part for code, part in found.items()}


def _escaped(code: str) -> str:
    if _PLAIN.fullmatch(code) and not _KEPT.fullmatch(code):
        return code
    made = "".join(letter if _PLAIN.fullmatch(letter) else _bytes(letter) for letter in code)
    return _bytes(made[0]) + made[1:] if _KEPT.fullmatch(made) else made


def _bytes(letter: str) -> str:
    return "".join(f"~{byte:02X}" for byte in letter.encode())


def _marked(code: str, part: str) -> str:
    return f"{part[:_MOST]}~{sha256(code.encode()).hexdigest()[:8]}"
