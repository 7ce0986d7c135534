"""Each unit's two-page brief as PDF: its address, what makes it, and how a page learns that it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tidu.publish.documents.brief import brief
from tidu.publish.documents.pdf import printable, written
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.render import SCRIPT, Content

PDF = "application/pdf"
#: Where the script stands by which a page knows what was put beside it: an interface, briefs.
SERVED = "static/served.js"


def brief_address(edition: Edition, unit: str, lang: str) -> str:
    """Where a unit's brief in a language stands.

    >>> from tidu.app import edition
    >>> [brief_address(edition("city-ip-core", draws=0), "330800", lang) for lang in ("zh", "en")]
    ['city/330800.pdf', 'city/330800.en.pdf']
    """
    return f"city/{edition.slugs[unit]}{'' if lang == LANGUAGES[0] else f'.{lang}'}.pdf"


def able() -> tuple[str, ...]:
    """The languages in which this machine can print: Typst is there and has type for them."""
    return tuple(lang for lang in LANGUAGES if printable(lang))


def briefs(edition: Edition, languages: Sequence[str]) -> dict[str, Callable[[], Content]]:
    """Address → what makes the brief, for every unit with a score in some languages; made when it is asked for.

    Making one raises ``no_chinese_font`` where the machine has no type for it.
    """
    return {brief_address(edition, unit, lang): partial(_made, edition, unit, lang) for lang in languages for unit in edition.units}


def served(languages: Sequence[str], interface: str | None = None) -> Content:
    """The script at :data:`SERVED`: the languages that briefs are there in, and where an interface answers.

    >>> served(["zh"], "/api/v1/").body.decode().strip()
    'window.tiduServed = "/api/v1/"; window.tiduBriefs = ["zh"];'
    """
    named = ", ".join(f'"{lang}"' for lang in languages)
    first = "" if interface is None else f'window.tiduServed = "{interface}"; '
    return Content.text(SCRIPT, f"{first}window.tiduBriefs = [{named}];\n")


def _made(edition: Edition, unit: str, lang: str) -> Content:
    return Content(PDF, written(brief(edition, unit, lang)))
