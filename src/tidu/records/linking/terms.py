"""How long a patent lasts: the dated, cited table of ``data/patent_terms.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench


@dataclass(frozen=True)
class Term:
    """A term: of which office and kind, for applications filed from a day on, how many years from filing or grant, by what law."""

    office: str
    kind: str
    filed: date
    years: int
    start: str
    source: str


@cache
def terms() -> tuple[Term, ...]:
    """Every term, of an office and kind in the order of filing dates."""
    told = tomllib.loads(resources.files("tidu.data").joinpath("patent_terms.toml").read_text(encoding="utf-8"))["term"]
    made = (Term(one["office"], one["kind"], one["filed"], one["years"], one.get("from", "filing"), one["source"]) for one in told)
    return tuple(sorted(made, key=lambda one: (one.office, one.kind, one.filed)))


def term_of(office: str, kind: str, filed: date) -> Term | None:
    """The term of an application by its office, kind and filing date, or nothing where none is known.

    >>> term_of("CN", "design", date(2021, 5, 31)).years, term_of("CN", "design", date(2021, 6, 1)).years
    (10, 15)
    >>> term_of("JP", "design", date(2021, 6, 1)) is None
    True
    """
    fitting = [one for one in terms() if (one.office, one.kind) == (office, kind) and one.filed <= filed]
    return fitting[-1] if fitting else None


def place(bench: Workbench) -> None:
    """Keeps ``term``: of every granted application the day on which its statutory term ends, where one is known.

    A term that was adjusted or extended by an event has no day: the notice does not say how long it is.
    """
    rows: list[tuple[object, ...]] = []
    every = terms()
    for at, one in enumerate(every):
        after = every[at + 1] if at + 1 < len(every) else None
        until = after.filed if after and (after.office, after.kind) == (one.office, one.kind) else date(9999, 1, 1)
        rows.append((one.office, one.kind, one.filed, until, one.years, one.start))
    columns = ("office varchar", "kind varchar", "filed date", "until date", "years integer", "start varchar")
    bench.table("terms", columns, rows)
    bench.keep(
        "term",
        """select a.appno, date_diff('day', date '1970-01-01', cast(to_date(case t.start when 'granted' then a.granted_day
        else a.filing_day end) + to_years(t.years) as date)) as day
        from (select * from application_told anti join (select distinct appno from event_meant
        where meaning in ('term_adjusted', 'term_extended')) x using (appno)) a
        join terms t on t.office = a.authority and t.kind = a.kind and to_date(a.filing_day) >= t.filed
        and to_date(a.filing_day) < t.until where a.granted_day is not null""",
    )
    bench.counts["term_unknown"] = bench.count(
        "select count(*) from application_told anti join term using (appno) where granted_day is not null"
    )
