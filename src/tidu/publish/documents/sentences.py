"""The sentences of documents, Chinese and English side by side in ``data/documents.toml``; no sentence stands in code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from tidu.core.errors import TiduError
from tidu.core.words import dated, filled
from tidu.publish.columns import difference_unit
from tidu.publish.edition import Edition
from tidu.publish.standing import measured


@cache
def sentences() -> dict[str, dict[str, str]]:
    """The sentences: key → language → text."""
    return tomllib.loads(resources.files("tidu.data").joinpath("documents.toml").read_text(encoding="utf-8"))


def said(key: str, lang: str, **values: object) -> str:
    """One sentence in one language, its places filled.

    >>> said("published_rank", "en")
    'Rank as published'
    """
    return filled(sentences()[key][lang], lang, values)


def joined(names: Iterable[str], lang: str) -> str:
    """Names one after another.

    >>> joined(["a", "b"], "en"), joined(["甲", "乙"], "zh")
    ('a, b', '甲、乙')
    """
    return ("、" if lang == "zh" else ", ").join(names)


def first_line(error: TiduError, lang: str) -> str:
    """What an error says, without the mend, which is for whoever runs the program."""
    return error.text("zh" if lang == "zh" else "en").splitlines()[0]


def when(period: str, lang: str) -> str:
    """A period in words; a quarter or a month as it stands.

    >>> when("2023", "zh"), when("2023-Q1", "zh"), when("2023", "en")
    ('2023 年', '2023-Q1', '2023')
    """
    return said("year_of", lang, period=period) if period.isdigit() and len(period) == 4 else dated(period, lang)


def called(edition: Edition, lang: str) -> str:
    """What units are called, without a classifier."""
    return said("city" if edition.index.framework.table.units.kind == "city" else "unit", lang)


def kind(edition: Edition, lang: str) -> str:
    """What units are called, with the classifier that Chinese wants."""
    return said("kind_city" if edition.index.framework.table.units.kind == "city" else "kind_unit", lang)


def difference(value: float, unit: str, lang: str) -> str:
    """A difference of two figures with its sign and unit: of percentages it is percentage points.

    >>> difference(2.49, "%", "en"), difference(-2.49, "%", "zh"), difference(3.0, "万元", "zh")
    ('+2.49 percentage points', '−2.49 个百分点', '+3.00 万元')
    """
    return measured(value, difference_unit(unit, lang), "+")


def signed(value: float) -> str:
    """A difference of scores with its sign.

    >>> signed(-0.5), signed(0.25)
    ('−0.50', '+0.25')
    """
    return f"{value:+.2f}".replace("-", "−")
