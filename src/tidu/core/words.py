"""Words that are shown, Chinese and English side by side in ``data/words.toml``; no label stands in code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def words() -> dict[str, dict[str, str]]:
    """The words: key → language → text."""
    return tomllib.loads(resources.files("tidu.data").joinpath("words.toml").read_text(encoding="utf-8"))


def word(key: str, lang: str, **values: object) -> str:
    """One text in one language, its places filled.

    >>> word("files", "en", count=3)
    'files: 3'
    """
    return words()[key][lang].format(**values)


def both(key: str, **values: object) -> str:
    """One text in both languages, Chinese first.

    >>> both("rank")
    '位次 rank'
    """
    return f"{word(key, 'zh', **values)} {word(key, 'en', **values)}"
