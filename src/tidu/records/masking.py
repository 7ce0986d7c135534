"""Names of natural persons masked, for whoever is shown rows of records."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
#: Types whose names are no secret.
OPEN_TYPES = frozenset(("company", "university", "institute", "hospital", "government", "other"))


def masked(name: str | None, kind: str | None) -> str:
    """A name as it may be shown: of a body whole, of a person its first letter alone; who is of unknown type counts as a person.

    Args:
        name: the name as printed.
        kind: the type of the party.

    >>> masked("张三丰", "person"), masked("Smith John", None), masked("虚构大学", "university"), masked(None, None)
    ('张**', 'S**', '虚构大学', '')
    """
    plain = (name or "").strip()
    if not plain or kind in OPEN_TYPES:
        return plain
    found = _HAN.search(plain)
    return (found[0] if found else plain[0]) + "**"
