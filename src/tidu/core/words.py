"""Words that are shown, Chinese and English side by side in ``data/words.toml``; no label stands in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def words() -> dict[str, dict[str, str]]:
    """The words: key → language → text."""
    return tomllib.loads(resources.files("tidu.data").joinpath("words.toml").read_text(encoding="utf-8"))


UNDATED = "0001"
"""The period of figures that name none, as it stands in files: the year 1."""
#: The places in texts where periods stand.
PERIODS = frozenset(("period", "periods", "year", "years", "known"))


def dated(period: str, lang: str) -> str:
    """A period as it is read: figures that name none are undated.

    >>> dated("2023", "en"), dated("0001", "en"), dated("0001", "zh")
    ('2023', 'undated', '未注年份')
    """
    return word("undated", lang) if period == UNDATED else period


def filled(text: str, lang: str, values: Mapping[str, object]) -> str:
    """A text with its places filled; a period that is none is said so, without the word for a year.

    >>> filled("{period} 年：{count} 个", "zh", {"period": "2023", "count": 2}), filled("{period} 年：", "zh", {"period": "0001"})
    ('2023 年：2 个', '未注年份：')
    """
    for key in [key for key, value in values.items() if key in PERIODS and value == UNDATED]:
        text = text.replace(f"{{{key}}} 年", f"{{{key}}}")
    return text.format_map(said(values, lang))


def said(values: Mapping[str, object], lang: str) -> dict[str, object]:
    """The values for the places of a text, a period that is none called so; a unit of the same code is left as it is.

    >>> said({"period": "0001", "unit": "0001"}, "en")
    {'period': 'undated', 'unit': '0001'}
    """
    return {key: dated(UNDATED, lang) if key in PERIODS and value == UNDATED else value for key, value in values.items()}


def word(key: str, lang: str, **values: object) -> str:
    """One text in one language, its places filled.

    >>> word("files", "en", count=3)
    'files: 3'
    """
    return filled(words()[key][lang], lang, values)


def share_text(share: float | None) -> str:
    """A share in whole per cent; one that is neither none nor all is never rounded to either.

    >>> [share_text(share) for share in (0.724, 0.999, 0.002, 1.0, 0.0, None)]
    ['72%', '>99%', '<1%', '100%', '0%', '—']
    """
    if share is None or share != share:
        return "—"
    text = f"{share:.0%}"
    return ">99%" if text == "100%" and share < 1 else "<1%" if text == "0%" and share > 0 else text


def percentile_text(value: float | None) -> str:
    """A percentile without decimals; 100 is the first alone, 0 the last alone.

    >>> [percentile_text(value) for value in (99.65, 100.0, 0.3, 49.5, float("nan"))]
    ['>99', '100', '<1', '50', '—']
    """
    return "—" if value is None or value != value else share_text(value / 100).removesuffix("%")


def both(key: str, **values: object) -> str:
    """One text in both languages, Chinese first.

    >>> both("rank")
    '位次 rank'
    """
    return f"{word(key, 'zh', **values)} {word(key, 'en', **values)}"
