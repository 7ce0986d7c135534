"""Families and twins: which applications protect the same invention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.linking.components import components

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

#: Readers whose family numbers are DOCDB's, by the beginning of their name; of every other reader they are its own.
DOCDB = ("epo_", "patstat", "bigquery")


def families(bench: Workbench) -> None:
    """Keeps ``family``: of each application its simple and its extended family, and in how many offices the simple one has members.

    The simple family is the one that a source numbers (DOCDB's before a vendor's), written behind the name of who numbers it; else
    that of all applications with the same set of priorities, named by the least of them, or the numbered one where they are all
    in one; else the application itself. An application without priorities has itself as the only one. The extended family is what
    hangs together by any shared priority, any number of a source or a simple family; it is named by its least application.
    Offices are counted without WO, where nothing is protected, and are one at least.
    """
    space = "case when " + " or ".join(f"starts_with(loads.kind, '{one}')" for one in DOCDB) + " then 'docdb' else loads.kind end"
    bench.keep(
        "numbered",
        f"""select appno, min(case when family is not null then (case when {space} = 'docdb' then '0' else '1' end)
        || {space} || ':' || family end) as simple, min(case when family_extended is not null then {space} || ':'
        || family_extended end) as extended
        from told_patent join loads using (load) where family is not null or family_extended is not null group by appno""",
    )
    # DOCDB's number of a US application ends in two digits of its year; the kind tells such a number from one of the office's own
    earlier = """case when authority = 'US' and regexp_matches(number, '^\\d{3,10}$')
    and right(number, 2) = right(cast(claimed_year as varchar), 2) then 'US ' || number || ' A'
    when authority = 'WO' then 'WO ' || number || ' W' when authority is null then number else authority || ' ' || number end"""
    bench.keep(
        "earlier",
        f"""select distinct appno, split_part(foreign_key({earlier}, claimed_on), '.', 1) as priority from (
        select distinct t.appno, t.authority,
        regexp_replace(upper(t.number), '^' || coalesce(t.authority, '') || '\\s*', '') as number,
        year(t.claimed) as claimed_year, cast(t.claimed as varchar) as claimed_on
        from told_priority t where t.number is not null)""",
    )
    bench.keep(
        "earlier_key",
        "select e.appno, coalesce(k.key, e.priority) as priority from earlier e left join keys k on k.other = e.priority"
        " where e.priority is not null",
    )
    bench.keep(
        "priorities",
        """with own as (select a.appno, a.appno as priority from application_told a
        semi join earlier_key e on e.priority = a.appno anti join earlier_key x on x.appno = a.appno)
        select appno, string_agg(distinct priority, '|' order by priority) as priorities
        from (select * from earlier_key union all select * from own) group by appno""",
    )
    bench.keep(
        "priority_family",
        """select p.priorities, min(p.appno) as least, min(substr(n.simple, 2)) as numbered, count(distinct n.simple) as numbers
        from priorities p left join numbered n using (appno) group by p.priorities""",
    )
    bench.keep(
        "simple",
        """select a.appno, a.authority, coalesce(substr(n.simple, 2), case when f.numbers = 1 then f.numbered else f.least end,
        a.appno) as family
        from application_told a left join numbered n using (appno) left join priorities p using (appno)
        left join priority_family f using (priorities)""",
    )
    bench.keep("shared", "select family from simple group by family having count(*) > 1")
    components(
        bench,
        "extended",
        "select appno as a, priority as b from earlier_key"
        " union all select appno, '=' || extended from numbered where extended is not null"
        " union all select appno, '~' || family from simple semi join shared using (family)",
    )
    bench.keep(
        "extended_name",
        "select e.least, min(s.appno) as family from extended e join simple s on s.appno = e.node group by e.least",
    )
    bench.keep(
        "offices", "select family, greatest(1, count(distinct nullif(authority, 'WO'))) as offices from simple group by family"
    )
    bench.keep(
        "family",
        """select s.appno, s.family, coalesce(x.family, s.appno) as family_extended, o.offices as family_offices from simple s
        left join extended e on e.node = s.appno left join extended_name x on x.least = e.least
        left join offices o on o.family = s.family""",
    )
    bench.counts["families"] = bench.count("select count(distinct family) from family")
    bench.counts["families_extended"] = bench.count("select count(distinct family_extended) from family")


def twins(bench: Workbench) -> None:
    """Keeps ``twin``: Chinese inventions and utility models filed for one invention on one day, each with the other.

    Two are twins where the first applicant and the title are the same; or where one was given up to avoid double patenting and the
    applicant filed just one of either kind on that day. Several of one title are paired in the order of their numbers.
    """
    bench.keep(
        "candidates",
        """select a.appno, a.kind, a.filing_day, folded(p.name) as name, folded(a.title) as title, g.appno is not null as given
        from application_told a join (select appno, name from party_chosen where role = 'applicant' and seq = 1) p using (appno)
        left join (select distinct appno from event_meant where meaning = 'abandoned_for_twin') g using (appno)
        where a.authority = 'CN' and a.kind in ('invention', 'utility_model') and a.filing_day is not null and not a.provisional""",
    )
    same = "a.name = b.name and a.filing_day = b.filing_day"
    bench.keep(
        "twins_by_title",
        f"""with counted as (select *, row_number() over (partition by kind, filing_day, name, title order by appno) as nth
        from candidates where title is not null)
        select a.appno, b.appno as twin from counted a join counted b on {same} and a.title = b.title and a.nth = b.nth
        where a.kind = 'invention' and b.kind = 'utility_model'""",
    )
    bench.keep(
        "twins_by_event",
        f"""with left_over as (select * from candidates anti join (select appno from twins_by_title union select twin
        from twins_by_title) x using (appno)),
        alone as (select min(appno) as appno, kind, filing_day, name, bool_or(given) as given from left_over
        group by kind, filing_day, name having count(*) = 1)
        select a.appno, b.appno as twin from alone a join alone b on {same}
        where a.kind = 'invention' and b.kind = 'utility_model' and (a.given or b.given)""",
    )
    bench.keep(
        "twin",
        "with pairs as (select * from twins_by_title union all select * from twins_by_event)"
        " select appno, twin from pairs union all select twin, appno from pairs",
    )
    bench.counts["twins"] = bench.count("select count(*) from twin") // 2
