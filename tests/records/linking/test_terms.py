"""Terms: by law and filing date, each with its source; a term of unknown length is not closed."""

from __future__ import annotations

from datetime import date

import pytest
from tests.records.linking.conftest import Linking

from tidu.records.linking.terms import term_of, terms


@pytest.mark.parametrize(
    ("office", "kind", "filed", "years", "start"),
    [
        ("CN", "invention", "1986-12-10", 15, "filing"),
        ("CN", "invention", "1986-12-11", 20, "filing"),
        ("CN", "invention", "2015-01-01", 20, "filing"),
        ("CN", "utility_model", "1992-12-31", 8, "filing"),
        ("CN", "utility_model", "1993-01-01", 10, "filing"),
        ("CN", "design", "2021-05-31", 10, "filing"),
        ("CN", "design", "2021-06-01", 15, "filing"),
        ("US", "invention", "1995-06-07", 17, "granted"),
        ("US", "design", "2015-05-13", 15, "granted"),
        ("EP", "invention", "1990-01-01", 20, "filing"),
    ],
)
def test_terms_by_law(office: str, kind: str, filed: str, years: int, start: str) -> None:
    found = term_of(office, kind, date.fromisoformat(filed))
    assert found is not None and (found.years, found.start) == (years, start) and found.source


def test_no_term_before_the_first_or_of_an_office_that_is_not_told() -> None:
    assert term_of("CN", "invention", date(1985, 3, 31)) is None and term_of("KR", "invention", date(2015, 1, 1)) is None
    assert len({(one.office, one.kind, one.filed) for one in terms()}) == len(terms())


def test_terms_close_what_no_event_does_and_are_counted_where_unknown(linking: Linking) -> None:
    rows = [
        {"appno": "201020000001", "authority": "CN", "filing": "2010-02-28", "granted": "2010-12-01"},
        {"appno": "KR1", "authority": "KR", "kind": "invention", "filing": "2010-02-28", "granted": "2012-12-01"},
        {"appno": "US05000001", "authority": "US", "kind": "invention", "filing": "1980-02-29", "granted": "1983-03-01"},
    ]
    made = linking(("incopat", {"patent": rows}))
    assert made.rows('select appno, "to" from state order by appno') == [
        ("201020000001", "2020-02-28"),
        ("KR1", None),
        ("US05000001", "2000-03-01"),
    ]
    assert made.counts["term_unknown"] == 1
