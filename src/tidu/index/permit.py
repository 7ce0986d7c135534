"""Which indicators may be a target or advice: what the file says, and where it says nothing, whether one counts filings or grants.

National policy forbids the number of filings and grants as a target (``data/counts.toml`` cites it and holds the words by which
a count is known). What surely is such a count is held whatever the file says; what likely is one is held where the file says
nothing, and ``lever = true`` written in the file overrules that.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tidu.index.spec import FORMULAS, LabelTable
from tidu.index.whole_file import IndexFile

#: What makes a remark of a permit: held as it counts filings or grants; held although the file says lever; let go by the file.
REMARKS = ("held_as_count", "held_all_the_same", "count_let_go")


@dataclass(frozen=True)
class Permit:
    """Whether an indicator may be a target or advice, and by which ``name`` instruments know it as a lever.

    ``said`` is whether the file writes ``lever``, ``denied`` whether it writes ``false``; ``count`` the code or column by which it
    was known as a count of filings or grants, or nothing; ``sure`` whether that is no mere likelihood, so that nothing frees it.
    """

    code: str
    free: bool
    name: str
    said: bool
    count: str | None
    sure: bool = False
    denied: bool = False

    @property
    def remark(self) -> str | None:
        """One of :data:`REMARKS`, or nothing where there is nothing to be said."""
        if self.count is None or self.denied:
            return None
        return "count_let_go" if self.free else "held_all_the_same" if self.said else "held_as_count"


def permits(table: IndexFile) -> dict[str, Permit]:
    """Indicator → its permit, in the file's order.

    >>> item = {"better": "higher"}
    >>> spec = {"index": {"code": "d"}, "indicator": {"patents_granted": item, "r_and_d": item, "tech": {**item, "lever": "deals"}}}
    >>> found = permits(IndexFile.model_validate(spec))
    >>> [(one.free, one.name, one.remark) for one in found.values()]
    [(False, 'patents_granted', 'held_as_count'), (True, 'r_and_d', None), (True, 'deals', None)]
    """
    found = {}
    for code, item in table.indicator.items():
        texts = [*_texts(code, item.label, item.unit), *([] if item.of is None else _texts(item.of, LabelTable(), item.unit))]
        below = () if item.per is None else (item.per,)
        what, by = _counted(table, code, texts, (item.of or code,), below, frozenset())
        count = by if what in ("count", "likely") else None
        name = item.lever if isinstance(item.lever, str) else code
        free = count is None if item.lever is None else item.lever is not False and what != "count"
        found[code] = Permit(code, free, name, item.lever is not None, count, what == "count", item.lever is False)
    return found


def policy(lang: str, short: bool = False) -> str:
    """The policy that forbids counts of filings and grants as targets, with its citation; ``short`` its number only."""
    return str(_words()["policy"][("short_" if short else "") + ("zh" if lang == "zh" else "en")])


def kind(text: str) -> str | None:
    """What a text speaks of: a ``count`` of filings or grants, ``likely`` one, the ``use`` of rights, or nothing of the sort.

    >>> [kind(text) for text in ("每万人口发明专利授权量", "patents_granted", "PCT applications", "授权量")]
    ['count', 'count', 'count', 'count']
    >>> [kind(text) for text in ("专利 件", "每万人口发明专利拥有量", "patents", "商标数")]
    ['likely', 'likely', 'likely', 'likely']
    >>> [kind(text) for text in ("专利转让数", "patent licences", "技术合同额", "发明人数", "research_grants", "patent quality")]
    ['use', 'use', 'use', None, None, 'use']
    """
    found = (_chinese(text), _english(text))
    return next((one for one in ("count", "use", "likely") if one in found), None)


def _chinese(text: str) -> str | None:
    words = _words()
    left = _without(text, words["apart"]["zh"])
    act, counted = "|".join(words["act"]["zh"]), "|".join(words["act"]["counted_zh"])
    if re.search(f"({act})({counted})", left):
        return "count"
    if _any(left, words["use"]["zh"]):
        return "use"
    subject = _any(left, words["subject"]["zh"])
    if _any(left, words["act"]["zh"]) and (subject or _any(left, words["subject"]["broad_zh"])):
        return "count"
    return "likely" if subject else None


def _english(text: str) -> str | None:
    words = _words()
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # patentsPerCapita
    plain = f" {' '.join(re.findall(r'[a-z]+', parted.lower()))} "
    for one in words["apart"]["en"]:
        plain = plain.replace(f" {one} ", " ")

    def has(some: Iterable[str]) -> bool:
        return any(f" {one} " in plain for one in some)

    acts, use = words["act"], has(words["use"]["en"])
    subject = has(words["subject"]["en"]) or has(words["subjects"]["en"])
    if (subject or not use) and has(acts["counted_en"]):
        return "count"
    if use:
        return "use"
    if subject and has(acts["en"]):
        return "count"
    return "likely" if subject else None


def _counted(
    table: IndexFile, code: str, texts: Iterable[str], made_of: Iterable[str], below: Iterable[str], seen: frozenset[str]
) -> tuple[str | None, str]:
    """What something speaks of, and the code or column that says so: its own texts, what it is made of, what it is divided by.

    What is sure goes before the use of rights, and this before what is likely; the use of rights is no count for being divided
    by one.
    """
    own = {kind(text) for text in texts}
    inside = [_column(table, name, seen) for name in made_of if name != code or name in table.column]
    found = [*((one, code) for one in own), *inside]
    for sort in ("count", "use", "likely"):
        for what, name in found:
            if what == sort:
                return what, name
    divided = [_column(table, name, seen) for name in below]
    return next((one for one in divided if one[0] in ("count", "likely")), (None, code))


def _column(table: IndexFile, name: str, seen: frozenset[str]) -> tuple[str | None, str]:
    """What a column speaks of, printed or derived, and the column that says so."""
    if name in seen:
        return None, name
    item = table.column.get(name)
    texts = [name] if item is None else _texts(name, item.label, item.unit)
    made: list[str] = []
    below: list[str] = []
    for formula in FORMULAS if item is not None else ():
        parts = getattr(item, formula)
        parts = () if parts is None else (parts,) if isinstance(parts, str) else parts
        made += parts[:1] if formula in ("ratio", "share") else parts
        below += parts[1:] if formula in ("ratio", "share") else ()
    return _counted(table, name, texts, made, below, seen | {name})


def _texts(code: str, label: LabelTable, unit: str | None) -> list[str]:
    """The texts that name something, its unit behind each."""
    return [f"{text} {unit or ''}" for text in (code, label.zh, label.en) if text]


def _any(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, " ")
    return text


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("tidu.data").joinpath("counts.toml").read_text(encoding="utf-8"))
