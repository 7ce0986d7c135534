"""The page of the coast-to-interior gradient: the answer year by year, then everything that it stands on."""

from __future__ import annotations

from functools import partial

from tidu.core.errors import Language
from tidu.diagnosis.geography.convergence import LEAST, Convergence, provinces
from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish import charts
from tidu.publish.charts.dots import said
from tidu.publish.documents.gradient_report import MARKS, blocks
from tidu.publish.documents.gradient_tables import KINDS
from tidu.publish.edition import Edition
from tidu.publish.pages.map import ACROSS, BELOW, LEFT, UP, city_address, scatter
from tidu.publish.pages.render import Content, live_address, page, specs


def series(edition: Edition) -> tuple[Convergence, ...]:
    """The series whose convergence is shown: the index's own where its periods suffice, the shipped provinces'."""
    own = [one.convergence for one in edition.gradients.values() if one.convergence is not None][:1]
    return (*own, *(provinces() if edition.shipped else ()))


def gradient_files(edition: Edition) -> tuple[str, ...]:
    """The addresses of the gradient's tables; moves need two periods, convergence a series of years."""
    periods, kinds = len(edition.index.periods), list(KINDS)
    kinds += ["mobility"] if periods > 1 else []
    kinds += ["convergence"] if edition.shipped or periods >= LEAST else []
    return tuple(f"data/gradient-{kind}.csv" for kind in kinds)


def gradient(edition: Edition, lang: str, address: str) -> Content:
    """The page of the gradient in a language, for an edition that has distances to the coast."""
    tongue: Language = "zh" if lang == "zh" else "en"
    found = edition.gradients[edition.last]
    answers = []
    for period, one in edition.gradients.items():
        answer = verdicts(one)[0]
        checks = [(check.holds, MARKS[check.holds], check.name(tongue), check.beside(tongue)) for check in answer.checks]
        answers.append({"period": period, "kind": answer.answer, "text": answer.text(tongue), "checks": checks})
    made = blocks(found, series(edition), tongue)
    return page(
        edition,
        lang,
        address,
        "gradient.html",
        here="gradient",
        answers=answers,
        checks=made[0],
        blocks=[(type(block).__name__, block) for block in made[1:]],
        scatter=scatter(edition, edition.code),
        live=live_address(address),
        said=said(edition, edition.code, lang),
        known=edition.paged,
        frame=(ACROSS, UP, LEFT, BELOW),
        files=gradient_files(edition),
    )


def gradient_live(edition: Edition, lang: str) -> Content:
    """The script of the page: scores by distance, live, the dots leading to the units."""
    found = edition.gradients[edition.last]
    return specs({"scatter": charts.gradient_scatter(found, None, lang, link=partial(city_address, edition))})
