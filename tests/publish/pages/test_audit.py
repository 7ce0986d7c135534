from __future__ import annotations

from html import unescape

from tidu.diagnosis.audit.remarks import remarks
from tidu.publish.edition import Edition
from tidu.publish.pages.audit import SEVERITIES, alike, audit


def test_every_finding_stands_on_the_page_with_what_to_do(cities: Edition) -> None:
    assert cities.examined is not None
    text = unescape(audit(cities, "en", "en/audit.html").body.decode())
    for item in remarks(cities.examined):
        place, what, mend = item.parts("en")
        assert place in text and what in text and mend in text


def test_findings_of_a_kind_stand_together_and_none_is_lost(cities: Edition) -> None:
    assert cities.examined is not None
    found = remarks(cities.examined)
    for severity in SEVERITIES:
        groups = alike(found, severity, "zh")
        assert sum(len(places) for places, _ in groups) == sum(item.severity == severity for item in found)
        sizes = [len(places) > 1 for places, _ in groups]
        assert sizes == sorted(sizes, reverse=True)


def test_pictures_and_tables_follow_and_links_lead_to_them(cities: Edition) -> None:
    import re

    text = audit(cities, "zh", "zh/audit.html").body.decode()
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names)) and text.count("<figure>") >= 3
    assert set(re.findall(r'href="#(a\d+)"', text)) <= set(names)


def test_a_few_figures_make_a_page_too(stranger: Edition) -> None:
    assert "Demo (synthetic)" in audit(stranger, "en", "en/audit.html").body.decode()


def test_the_page_has_the_same_bytes_twice(cities: Edition) -> None:
    assert audit(cities, "en", "en/audit.html").body == audit(cities, "en", "en/audit.html").body
