"""A unit without a score has a page that says why, what it lacks, and where its files are."""

from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.unscored import lacking, reasons, unscored


def test_a_city_without_a_score_has_a_page_in_both_languages(cities: Edition) -> None:
    assert cities.unscored and not set(cities.unscored) & set(cities.units)
    for unit in cities.unscored:
        slug = cities.slugs[unit]
        for lang in ("zh", "en"):
            text = unscored(cities, lang, f"{lang}/city/{slug}.html", unit).body.decode()
            assert cities.name(unit, lang) in text and f"city/{slug}.csv" in text
            assert all(reason for reason in reasons(cities, unit, lang)) and reasons(cities, unit, lang)


def test_what_a_city_lacks_is_what_the_index_lacks(cities: Edition) -> None:
    index, t = cities.index, cities.index.period(cities.last)
    for unit in cities.unscored:
        u = index.units.index(unit)
        for code in lacking(cities, unit):
            node = index.framework.nodes[code]
            assert index.scores[u, t, node.place] != index.scores[u, t, node.place]  # missing
