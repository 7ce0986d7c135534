"""The page of the audit: the findings by severity with what to do, then the pictures and tables they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.audit.remarks import Finding, remarks
from tidu.publish.documents.audit_report import blocks
from tidu.publish.documents.page import Heading, Text
from tidu.publish.edition import Edition
from tidu.publish.pages.render import Content, page

SEVERITIES = ("fault", "warning", "note")


def alike(found: Sequence[Finding], severity: str, lang: Language) -> list[tuple[list[tuple[str, str]], str]]:
    """The findings of a severity, those of one kind with one remedy together and first: places and what was found, what to do.

    >>> one = Finding("redundant", "warning", "indicator.a", {"other": "b", "r": 0.97})
    >>> two = Finding("redundant", "warning", "indicator.c", {"other": "d", "r": 0.95})
    >>> [[place for place, _ in places] for places, _ in alike([one, two], "warning", "en")]
    [['indicator.a', 'indicator.c']]
    """
    together: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for item in found:
        if item.severity == severity:
            place, what, mend = item.parts(lang)
            together.setdefault((item.code, mend), []).append((place, what))
    made = [(places, mend) for (_, mend), places in together.items()]
    return sorted(made, key=lambda one: len(one[0]) == 1)


def audit(edition: Edition, lang: str, address: str) -> Content:
    """The page of the audit in a language; where nothing could be measured it says so."""
    tongue: Language = "zh" if lang == "zh" else "en"
    seen = edition.examined
    found = remarks(seen) if seen is not None else ()
    groups = [(kind, word(f"severities_{kind}", tongue), alike(found, kind, tongue)) for kind in SEVERITIES]
    counts = {kind: sum(item.severity == kind for item in found) for kind in SEVERITIES}
    made = blocks(seen, tongue, found) if seen is not None else []
    at = [k for k, block in enumerate(made) if isinstance(block, Heading)]
    after = made[at[1] :] if len(at) > 1 else []  # the first section lists the findings, which stand above as groups
    return page(
        edition,
        lang,
        address,
        "audit.html",
        here="audit",
        seen=seen,
        groups=groups,
        counts=counts,
        subtitle=made[0].text if made and isinstance(made[0], Text) else "",
        contents=[(k + 1, block.text) for k, block in enumerate(after) if isinstance(block, Heading) and block.level == 2],
        blocks=[(type(block).__name__, block) for block in after],
    )
