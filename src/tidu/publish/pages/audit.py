"""The page of the audit: the findings by severity with what to do, then the pictures and tables they rest on."""

from __future__ import annotations

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.audit import remarks
from tidu.publish.audit_report import blocks
from tidu.publish.edition import Edition
from tidu.publish.page import Heading
from tidu.publish.pages.render import Content, page

SEVERITIES = ("fault", "warning", "note")


def audit(edition: Edition, lang: str, address: str) -> Content:
    """The page of the audit in a language; where nothing could be measured it says so."""
    tongue: Language = "zh" if lang == "zh" else "en"
    seen = edition.examined
    found = remarks(seen) if seen is not None else ()
    groups = [
        (kind, word(f"severity_{kind}", tongue), [item.parts(tongue) for item in found if item.severity == kind])
        for kind in SEVERITIES
    ]
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
        subtitle=made[0].text if made else "",
        contents=[(k + 1, block.text) for k, block in enumerate(after) if isinstance(block, Heading) and block.level == 2],
        blocks=[(type(block).__name__, block) for block in after],
    )
