"""How a list of some vendor or office is laid out: which heading is which canonical column. Profiles are data, one TOML file each.

A profile has ``[list]`` (what it is, what its headings must be, how dates and missing values are written) and one table for each
group of canonical rows that a line makes: ``[patent]``, ``[party.applicant]``, ``[class.ipc]``. In a group a key is a canonical
column and its value the heading, or several headings of which the first that stands is taken; ``split`` parts a cell into
several rows, part by part over all its columns, or over the columns ``each`` alone where the other cells hold for every part.
``only`` names columns without which a row is not made, ``pattern`` what of a cell is taken (the first bracket, or as ``form`` puts
the brackets together), ``joined`` headings whose cells stand one behind the other in a column (what begins with ``'`` is text
between them), ``prefix`` what is put before a column, ``shift`` what is added to a whole number. ``fixed`` holds what the file does
not say, ``values`` says what a cell means (``技术开发`` is ``development``), ``scale`` what a heading's numbers are multiplied by,
``together`` which headings make one column of ``heading: cell`` lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

#: No cell that holds no value has more bytes than this.
NOTHING = 24


@dataclass(frozen=True)
class Group:
    """The canonical rows of one table that a line makes: canonical column → headings, and what is fixed for all of them."""

    table: str
    name: str
    headings: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, str]
    split: str | None = None
    pattern: Mapping[str, str] = field(default_factory=dict)
    each: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    shift: Mapping[str, int] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    numbers: str = "chinese"
    until: str | None = None
    letters: bool = False

    @property
    def known(self) -> set[str]:
        """Every heading that it asks for, folded."""
        named = (*self.headings.values(), *self.together.values(), *self.joined.values(), *((self.until,),) * bool(self.until))
        return {folded(one) for names in named for part in names if part and part[0] != "'" for one in part.split("|")}


@dataclass(frozen=True)
class Profile:
    """A layout of lists: what it is called, the headings that tell it, its groups of rows, how it writes dates.

    ``numbers`` is ``foreign`` where application numbers of any office stand behind their office; ``until`` names the heading of a
    year that tells the century of dates with two digits of the year; ``letters`` says that names of letters (``&eacute;``) stand
    in cells for letters.
    """

    code: str
    title: Mapping[str, str]
    needs: tuple[str, ...]
    groups: tuple[Group, ...]
    dates: tuple[str, ...] = DATES
    missing: tuple[str, ...] = MISSING
    otherwise: str = "gb18030"
    proven: bool = False
    ignored: tuple[str, ...] = ()
    sheet: str | None = None
    example: tuple[str, ...] = ()
    numbers: str = "chinese"
    until: str | None = None
    letters: bool = False

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
        asked = {one for group in self.groups for one in group.known}
        return len((asked | {folded(one) for need in self.needs for one in need.split("|")} | set(self._ignored)) & set(known))

    @property
    def _ignored(self) -> set[str]:
        return {folded(one) for one in self.ignored}


_OPTIONS = ("split", "each", "fixed", "pattern", "values", "scale", "together", "joined", "prefix", "shift", "form", "only")


_BY_COLUMN = ("fixed", "pattern", "values", "together", "joined", "prefix", "shift", "form")


def _profile(code: str, text: str) -> Profile:
    made: dict[str, Any] = tomllib.loads(text)
    head = made.pop("list")
    made.pop("notes", None)
    groups = []
    for table, content in made.items():
        named = all(isinstance(item, dict) and key not in _OPTIONS for key, item in content.items())
        parts: Mapping[str, Any] = content if named else {"": content}
        for name, item in parts.items():
            rest = {key: value for key, value in item.items() if key not in _OPTIONS}
            known = TABLES[table].names
            for key in (*rest, *(key for option in _BY_COLUMN for key in item.get(option, {}))):
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
                    tuple(item.get("each", ())),
                    item.get("values", {}),
                    {folded(key): value for key, value in item.get("scale", {}).items()},
                    {key: tuple(value) for key, value in item.get("together", {}).items()},
                    {key: tuple(value) for key, value in item.get("joined", {}).items()},
                    item.get("prefix", {}),
                    item.get("shift", {}),
                    item.get("form", {}),
                    tuple(item.get("only", ())),
                    head.get("numbers", "chinese"),
                    head.get("until"),
                    head.get("letters", False),
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
