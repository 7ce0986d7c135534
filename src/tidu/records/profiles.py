"""How a list of some vendor or office is laid out: which heading is which canonical column. Profiles are data, one TOML file each.

A profile has ``[list]`` (what it is, what its headings must be, how dates and missing values are written) and one table for each
group of canonical rows that a line makes: ``[patent]``, ``[party.applicant]``, ``[class.ipc]``. In a group a key is a canonical
column and its value the heading, or several headings of which the first that stands is taken; ``split`` parts a cell into
several rows, part by part over all its columns; ``fixed`` holds what the file does not say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tidu.core.errors import DataError, listing, nearest
from tidu.records.schema import TABLES
from tidu.records.text import folded

#: How dates are written where a profile does not say: year first.
DATES = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S")
#: Cells that hold no value, wherever they stand.
MISSING = ("", "-", "--", "—", "/", "无", "NULL", "null", "None", "nan", "N/A", "0000-00-00", "00000000", "9999-12-31")


@dataclass(frozen=True)
class Group:
    """The canonical rows of one table that a line makes: canonical column → headings, and what is fixed for all of them."""

    table: str
    name: str
    headings: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, str]
    split: str | None
    pattern: Mapping[str, str]


@dataclass(frozen=True)
class Profile:
    """A layout of lists: what it is called, the headings that tell it, its groups of rows, how it writes dates."""

    code: str
    title: Mapping[str, str]
    needs: tuple[str, ...]
    groups: tuple[Group, ...]
    dates: tuple[str, ...] = DATES
    missing: tuple[str, ...] = MISSING
    otherwise: str = "gb18030"
    proven: bool = False
    ignored: tuple[str, ...] = ()

    def place(self, headings: Sequence[str]) -> dict[str, int]:
        """Folded heading → its place in a file, the first of those that stand twice."""
        found: dict[str, int] = {}
        for at, heading in enumerate(headings):
            found.setdefault(folded(heading), at)
        return found

    def fits(self, headings: Sequence[str]) -> int:
        """How many of the file's headings the profile knows; 0 where one that it needs lacks.

        >>> profiles()["cn_list"].fits(["专利名称", "申请人", "申请日", "数据库", "检索关键词"])
        5
        """
        known = self.place(headings)
        if any(not any(folded(one) in known for one in need.split("|")) for need in self.needs):
            return 0
        asked = {folded(one) for group in self.groups for names in group.headings.values() for one in names}
        return len((asked | {folded(one) for need in self.needs for one in need.split("|")} | set(self._ignored)) & set(known))

    @property
    def _ignored(self) -> set[str]:
        return {folded(one) for one in self.ignored}


def _profile(code: str, text: str) -> Profile:
    made: dict[str, Any] = tomllib.loads(text)
    head = made.pop("list")
    groups = []
    for table, content in made.items():
        parts: Mapping[str, Any] = {"": content} if table == "patent" or table == "contract" else content
        for name, item in parts.items():
            rest = {key: value for key, value in item.items() if key not in ("split", "fixed", "pattern")}
            known = TABLES[table].names
            for key in (*rest, *item.get("fixed", {})):
                if key not in known:
                    address = f"{code}.toml {table}.{name}.{key}"
                    raise DataError("profile_column", address=address, key=key, table=table, known=listing(known, 20))
            groups.append(
                Group(
                    table,
                    name,
                    {key: (value,) if isinstance(value, str) else tuple(value) for key, value in rest.items()},
                    item.get("fixed", {}),
                    item.get("split"),
                    item.get("pattern", {}),
                )
            )
    for pattern in (pattern for group in groups for pattern in group.pattern.values()):
        re.compile(pattern)
    own: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in head.items()}
    return Profile(code=code, groups=tuple(groups), **own)


@cache
def profiles() -> dict[str, Profile]:
    """Every shipped profile by code.

    >>> profiles()["cn_list"].title["en"]
    'Chinese patent list without application numbers'
    """
    folder = resources.files("tidu.data").joinpath("readers")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return {item.name[:-5]: _profile(item.name[:-5], item.read_text(encoding="utf-8")) for item in found}


def profile_of(headings: Sequence[str]) -> Profile | None:
    """The profile that knows most of a file's headings, or nothing where none fits.

    >>> profile_of(["城市", "面积"]) is None
    True
    """
    fits = sorted(((one.fits(headings), one.code) for one in profiles().values()), key=lambda item: (-item[0], item[1]))
    return profiles()[fits[0][1]] if fits and fits[0][0] else None


def profile(code: str) -> Profile:
    """A shipped profile by code. Raises ``unknown_reader`` with the nearest."""
    known = profiles()
    if code not in known:
        raise DataError("unknown_reader", address=code, name=code, known=listing(known, 40), did_you_mean=nearest(code, known))
    return known[code]
