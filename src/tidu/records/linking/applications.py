"""Applications: of all documents that tell of one, the latest word on what it is and the earliest day of what happened to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tidu.records.numbers import KINDS
from tidu.records.numbers import TYPES as DIGITS
from tidu.records.rules import CHINESE

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

_EPOCH = date(1970, 1, 1)
#: A US number that only a grant has: up to eight digits, of designs, plants and reissues behind their letters.
_US_GRANT = r"^(\d{1,8}|(D|PP|RE)\d{1,7})$"


def gather(bench: Workbench) -> None:
    """Keeps ``application_told``: one row an application, its dates as day numbers; families and states are added later.

    Title, kind, claims and the like are the latest word: that of the document published last, of two of one day that of the later
    load. Priority, first publication and grant are the earliest day told. A grant is dated by what prints its day, else by the
    publication that says it is granted (of China by the kind codes of its time), else by the event of grant. The kind of a Chinese
    application follows from its number, else from the letter of its publication; of a US grant from the number of its publication.
    """
    _stages(bench)
    bench.keep(
        "granting",
        f"""select p.appno, min(p.published_day) as day from publications p left join stages s
        on p.authority = 'CN' and s.letter = p.letter and p.published_day >= s.first and p.published_day < s.until
        where s.meaning = 'granted' or (p.authority = 'EP' and p.letter = 'B')
        or (p.authority = 'US' and regexp_matches(p.number, '{_US_GRANT}') and coalesce(p.letter, 'B') <> 'H')
        group by p.appno""",
    )
    bench.keep(
        "published",
        f"""select appno, min(published_day) as day, min(authority) as authority,
        max(case when authority = 'CN' and letter in ('A', 'B', 'C') then 'invention'
        when authority = 'CN' and letter in ('U', 'Y') then 'utility_model'
        when authority = 'CN' and letter in ('D', 'S') then 'design'
        when authority = 'US' and regexp_matches(number, '^D\\d{{1,6}}$') then 'design'
        when authority = 'US' and regexp_matches(number, '^(RE)?\\d{{1,8}}$') then 'invention' end) as kind,
        count(distinct (load, record)) as documents
        from publications where not starts_with(appno, 'PUBLICATION:') and not starts_with(appno, '{_PATSTAT}')
        group by appno""",
    )
    bench.keep("claimed", "select appno, min(claimed_day) as day from told_priority group by appno")
    bench.keep("told_grant", "select appno, min(day) as day from event_meant where meaning = 'grant' group by appno")
    bench.keep(
        "latest",
        """select appno, arg_max(authority, later) as authority, arg_max(kind, later) as kind, arg_max(route, later) as route,
        arg_max(title, later) as title, arg_max(filing_day, later) as filing_day, min(earliest_priority_day) as priority_day,
        min(first_publication_day) as first_publication_day, min(granted_day) as granted_day, arg_max(claims, later) as claims,
        arg_max(expiry_day, later) as expiry_day, bool_and(coalesce(provisional, false)) as provisional, count(*) as documents,
        min(filing_day) <> max(filing_day) as filing_differs, min(kind) <> max(kind) as kind_differs
        from (select told_patent.* replace (case when kind in ('invention', 'utility_model', 'design') then kind end as kind),
        later(day, load, record) as later from told_patent left join document using (load, record)
        where appno is not null) group by appno""",
    )
    digit = f"""case when regexp_matches(appno, '{CHINESE}')
    then case when length(appno) = 12 then substr(appno, 5, 1) else substr(appno, 3, 1) end end"""
    kinds = " ".join(f"when '{mark}' then '{kind}'" for mark, (kind, _) in DIGITS.items())
    routes = " ".join(f"when '{mark}' then '{route}'" for mark, (_, route) in DIGITS.items())
    bench.keep(
        "application_told",
        f"""with every as (select *, {digit} as digit from (select coalesce(l.appno, p.appno) as appno, l.* exclude (appno),
        p.day as published_day, p.authority as published_by, p.kind as published_kind, p.documents as published
        from latest l full join published p on p.appno = l.appno))
        select e.appno, case when digit is not null then 'CN' else coalesce(e.authority, case when regexp_matches(e.appno,
        '^[A-Z]{{2}}[A-Z0-9]*[0-9]') then left(e.appno, 2) end, published_by) end as authority,
        coalesce(case digit {kinds} end, e.kind, published_kind) as kind,
        coalesce(case digit {routes} end, e.route, case when starts_with(e.appno, 'WOPCT') then 'international'
        when e.appno is not null then 'national' end) as route,
        e.title, e.filing_day,
        coalesce(least(e.priority_day, case when c.day <= coalesce(e.filing_day, c.day) then c.day end), e.filing_day)
        as earliest_priority_day,
        least(e.first_publication_day, e.published_day) as first_publication_day,
        coalesce(e.granted_day, g.day, t.day) as granted_day, e.claims, e.expiry_day,
        coalesce(e.provisional, false) as provisional, coalesce(e.documents, e.published) as documents,
        coalesce(e.filing_differs, false) as filing_differs, coalesce(e.kind_differs, false) as kind_differs
        from every e left join claimed c using (appno) left join granting g using (appno) left join told_grant t using (appno)""",
    )
    counts = bench.engine.execute(
        "select count(*), sum(documents), count(*) filter (filing_differs), count(*) filter (kind_differs),"
        " count(*) filter (kind is null), count(*) filter (filing_day is null), count(*) filter (provisional)"
        " from application_told"
    ).fetchall()[0]
    names = ("applications", "documents", "filing_differs", "kind_differs", "kind_unknown", "filing_unknown", "provisional")
    bench.counts |= {name: int(count or 0) for name, count in zip(names, counts, strict=True)}


#: The mark of a publication that a source numbers by itself.
_PATSTAT = "PATSTAT-P:"


def _stages(bench: Workbench) -> None:
    """Makes ``stages``: what a letter of a Chinese publication says from a day up to another."""
    firsts = [(first - _EPOCH).days for first, _ in KINDS]
    rows = [
        (letter, first, until, meaning)
        for (_, known), first, until in zip(KINDS, firsts, [*firsts[1:], 10**6], strict=True)
        for letter, meaning in known.items()
    ]
    bench.table("stages", ("letter varchar", "first integer", "until integer", "meaning varchar"), rows)


def classes(bench: Workbench) -> None:
    """Writes ``class``: of each scheme the symbols of the latest document that tells any, each once, in the printed order."""
    bench.keep(
        "class_told",
        "select appno, scheme, symbol, seq, later(day, load, record) as later from told_class left join document"
        " using (load, record) where appno is not null and scheme is not null and symbol is not null",
    )
    bench.keep("class_last", "select appno, scheme, max(later) as later from class_told group by appno, scheme")
    bench.finish(
        "class",
        "select appno, scheme, symbol, row_number() over (partition by appno, scheme order by seq, symbol) as seq"
        " from (select appno, scheme, symbol, min(coalesce(seq, 32000)) as seq from class_told join class_last"
        " using (appno, scheme, later) group by appno, scheme, symbol)",
    )
