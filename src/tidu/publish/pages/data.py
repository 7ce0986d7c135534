"""Where the data are: every file of the edition at its address, how to cite it, how to compute it again."""

from __future__ import annotations

from tidu.core.words import dated
from tidu.publish.edition import Edition
from tidu.publish.pages.files import KINDS_OF_UNIT, unit_address, whole
from tidu.publish.pages.gradient import gradient_files
from tidu.publish.pages.render import Content, called, page, text

#: The tables in the order in which they are offered: file and the key of its sentence.
_TABLES = (
    ("results.xlsx", "file_results"),
    ("intervals.csv", "file_intervals"),
    ("scores.csv", "file_scores"),
    ("ranks.csv", "file_ranks"),
    ("status.csv", "file_status"),
    ("raw.csv", "file_raw"),
    ("imputed.csv", "file_imputed"),
    ("treated.csv", "file_treated"),
    ("normalised.csv", "file_normalised"),
    ("weights.csv", "file_weights"),
    ("changes.csv", "file_changes"),
    ("screening.csv", "file_screening"),
    ("indicators.csv", "file_indicators"),
    ("denominators.csv", "file_denominators"),
    ("corrections.csv", "file_corrections"),
    ("audit.json", "file_audit"),
)
_DEFINE = (("index.toml", "file_index"), ("data.csv", "file_data"), ("index-file.schema.json", "file_schema"))


def citation(edition: Edition, lang: str) -> str:
    """How an edition is cited, as a sentence: with the day of the shipped figures, and the mark by which the edition is known."""
    years = ("、" if lang == "zh" else ", ").join(dated(period, lang) for period in edition.index.periods)
    values = {"title": edition.title(lang), "years": years, "hash": edition.mark, "version": edition.sources["tidu"]}
    if edition.shipped:
        return text("cite_shipped", lang, vintage=edition.vintage(lang), day=edition.day, **values)
    return text("cite_other", lang, **values)


def bibtex(edition: Edition) -> str:
    """The same as a BibTeX entry.

    >>> from tidu.app import edition
    >>> bibtex(edition("city-ip-core", draws=0)).splitlines()[1]
    '  title = {{Tidu City IP Development Index (open data), core of three pillars}},'
    """
    lines = [f"@misc{{tidu-{edition.code}-{edition.mark},", f"  title = {{{{{edition.title('en')}}}}},"]
    if edition.shipped:
        lines.append("  author = {{The Tidu authors}},")
    if edition.day is not None:
        lines += [f"  year = {{{edition.day[:4]}}},", f"  date = {{{edition.day}}},"]
    years = ", ".join(dated(period, "en") for period in edition.index.periods)
    lines.append(f"  note = {{Figures of {years}; edition {edition.hash}; tidu {edition.sources['tidu']}}},")
    return "\n".join([*lines, "}"])


def _more(edition: Edition, lang: str) -> list[tuple[str, str, str]]:
    """The files that stand with the pages of the ranking and of indicators."""
    found = []
    if edition.ranked and len(edition.index.periods) > 1:
        found.append(("data/score-change.csv", "score-change.csv", text("file_change", lang, **called(edition, lang))))
    for code in edition.index.framework.leaves:
        said = text("file_of_indicator", lang, name=edition.label(code, lang), **called(edition, lang))
        found.append((f"data/indicator/{code}.csv", f"indicator/{code}.csv", said))
    return found


def data(edition: Edition, lang: str, address: str) -> Content:
    """The page of data files in a language."""
    there = whole(edition)

    def listed(names: tuple[tuple[str, str], ...]) -> list[tuple[str, str, str]]:
        return [(f"data/{name}", name, text(key, lang, **called(edition, lang))) for name, key in names if f"data/{name}" in there]

    first = edition.units[0] if edition.units else None
    return page(
        edition,
        lang,
        address,
        "data.html",
        here="data",
        tables=[*listed(_TABLES), *_more(edition, lang)],
        define=listed(_DEFINE),
        gradient_files=gradient_files(edition) if edition.placed else (),
        first=first,
        kinds=KINDS_OF_UNIT,
        file_of=lambda unit, kind: unit_address(edition, unit, kind),
        cited=citation(edition, lang),
        bibtex=bibtex(edition),
    )
