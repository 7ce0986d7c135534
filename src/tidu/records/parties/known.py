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
from tidu.records.parties.wording import data, worded

#: What CAS stands for behind the name of an institute.
_ACADEMY = ("CHINESE", "ACADEMY", "SCIENCE")


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
        words = parts.words
        if len(words) > 1 and words[0] == "UNIVERSITY" and " OF " not in parts.text:  # as indexes turn it: UNIV SOUTHEAST
            words = (*words[1:], words[0])
        if words[-1:] == ("CAS",) and {"INSTITUTE", "INSTITUTES", "CENTER", "ACADEMY"} & set(words):
            words = (*words[:-1], *_ACADEMY)
        return " ".join((*words, *(f"({one})" for one in parts.noted)))
    told = chinese(name)
    if told.apart:  # an institute of an academy, a hospital of a university: a body of its own
        return f"{told.head}/{told.part}"
    noted = told.kind == "university" and told.form in told.head and not told.head.endswith(told.form)
    if noted and not campus_apart(told.head):  # a campus in brackets is the university
        return told.head[: told.head.rindex(told.form) + len(told.form)]
    form = {"有限责任公司": "有限公司", "股份公司": "股份有限公司", "集团公司": "集团有限公司"}.get(told.form, told.form)
    return told.head.removesuffix(told.form) + form if told.head.endswith(told.form) else told.head


def campus_apart(head: str) -> bool:
    """Whether a bracket in a university's name tells another university, not a campus.

    >>> campus_apart("中国石油大学(华东)"), campus_apart("电子科技大学(沙河校区)")
    (True, False)
    """
    return any(one in head for one in data("groups")["campus"]["apart"].split())


@cache
def parts_of(whole: str) -> tuple[str, ...]:
    """The known parts of a body that are bodies of their own, as they follow its name.

    >>> "半导体研究所" in parts_of("中国科学院"), parts_of("虚构大学")
    (True, ())
    """
    return tuple(sorted(key.removeprefix(whole + "/") for key in _table() if key.startswith(whole + "/")))


def body(name: str) -> str:
    """The key of the body that a name is known to be of; empty where nothing is known.

    >>> body("浙江工程学院") == body("Zhejiang Sci-Tech University") != ""
    True
    >>> body("虚构大学")
    ''
    """
    key = _key(name)
    return _table().get(key) or (_table().get("中国" + key, "") if key.endswith(("有限公司", "集团公司")) else "")
