"""Names that only the world tells to be one body: public renames, bodies' own names in English, short forms in common use.

``data/parties/known.csv`` holds them, each with the year, where it is a rename, and where it was made public. Bodies that merged
are not in it, save where the one that stayed changed its name by it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from tidu.records.parties.chinese import parse as chinese
from tidu.records.parties.latin import parse as latin
from tidu.records.parties.wording import worded


@cache
def _table() -> dict[str, str]:
    """Key of a name → key of the body that it is a name of, the first of all that hang together."""
    text = resources.files("tidu.data").joinpath("parties").joinpath("known.csv").read_text(encoding="utf-8")
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            key = above[key]
        return key

    for row in csv.DictReader(text.splitlines()):
        one, other = top(_key(row["name"])), top(_key(row["body"]))
        if one != other:
            above[one] = other
    return {key: top(key) for key in above}


def _key(name: str) -> str:
    """A name without its form, as it is looked up."""
    if worded(name).latin:
        parts = latin(name)
        return " ".join((*parts.words, *(f"({one})" for one in parts.noted)))
    told = chinese(name)
    form = {"有限责任公司": "有限公司", "股份公司": "股份有限公司"}.get(told.form, told.form)
    return told.head.removesuffix(told.form) + form if told.head.endswith(told.form) else told.head


def body(name: str) -> str:
    """The key of the body that a name is known to be of; empty where nothing is known.

    >>> body("浙江工程学院") == body("Zhejiang Sci-Tech University") != ""
    True
    >>> body("虚构大学")
    ''
    """
    return _table().get(_key(name), "")
