"""What is said of counts of filings and grants beside every target and every move: they are never one, by national policy."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.core.words import word
from tidu.index.framework import Framework
from tidu.index.permit import policy


@dataclass(frozen=True)
class Count:
    """An indicator that counts filings or grants: ``held`` or let go by the file, whether the file said so, known by which code.

    ``known_by`` is the code of the indicator or column whose words say that it is a count; missing where the file holds it.
    """

    indicator: str
    held: bool
    said: bool
    known_by: str | None


def counts(framework: Framework) -> tuple[Count, ...]:
    r"""The indicators that are no levers, and those that the file lets go although they count filings or grants, in file order.

    >>> text = '[index]\ncode="d"\n[indicator.grants]\nbetter="higher"\n[indicator.deals]\nbetter="higher"'
    >>> counts(Framework.parse(text))
    (Count(indicator='grants', held=True, said=False, known_by='grants'),)
    """
    return tuple(
        Count(code, not permit.free, permit.said, permit.count)
        for code, permit in framework.permits.items()
        if permit.count is not None or not permit.free
    )


def reminder(framework: Framework, lang: str, of: str | None = None, *, short: bool = False) -> tuple[str, ...]:
    """The sentences to stand under any target or move: the rule with its citation, who is held and why, who is let go.

    A file that says nothing of ``lever`` at all is reminded that names do not show every count.

    With ``of`` those about one indicator: none where it is no count or the file itself holds it. ``short`` cites by number.

    >>> framework = Framework.of({"index": {"code": "d"}, "indicator": {"deals": {"better": "higher", "lever": True}}})
    >>> [sentence[:48] for sentence in reminder(framework, "en")]
    ['Counts of filings and grants are never a target ']
    """
    found, join = counts(framework), "、" if lang == "zh" else ", "
    told = [word("counts_never", lang, policy=policy(lang, short))]
    remark = {code: (permit.remark, permit.sure) for code, permit in framework.permits.items()}
    if of is not None:
        found = tuple(one for one in found if one.indicator == of)
        told = told if found and remark[of][0] else []
    for key, what in (
        ("counts_known", ("held_as_count", True)),
        ("counts_held", ("held_as_count", False)),
        ("counts_held_anyway", ("held_all_the_same", True)),
        ("counts_let_go", ("count_let_go", False)),
    ):
        some = [one for one in found if remark[one.indicator] == what]
        if some:
            told.append(word(key, lang, names=join.join(framework.label(one.indicator, lang) for one in some)))
    if of is None and not any(permit.said for permit in framework.permits.values()):
        told.append(word("counts_unsaid", lang))
    return tuple(told)
