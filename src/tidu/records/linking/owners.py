"""Owners: who an application belonged to, from its applicants through every transfer and change of name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.linked import OPEN
from tidu.records.linking.lookups import REGIONS

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

_OWNER = 'name, entity, "group", type, country, city'


def sides(bench: Workbench) -> None:
    """Keeps ``giver`` and ``taker``: the parties of each event one by one, takers with their part of the address."""
    bench.keep(
        "giver",
        """select appno, seq, day, unnest(range(1, len(names) + 1)) as n, unnest(names) as name
        from (select appno, seq, day, parted(giver) as names from event_numbered where giver is not null)""",
    )
    bench.keep(
        "taker",
        """select appno, seq, day, n, name, case when len(addresses) = count then addresses[n] when n = 1 and count = 1 then address
        end as address, country from (select appno, seq, day, unnest(range(1, len(names) + 1)) as n, unnest(names) as name,
        len(names) as count, addresses, address, country from (select appno, seq, day, parted(taker) as names,
        parted(taker_address) as addresses, taker_address as address, taker_country as country
        from event_numbered where taker is not null))""",
    )


#: The questions that the parties of events ask.
PLACES = """select country, null as province, null as city, null as county, address, null as credit_code,
year(to_date(day)) as year from taker where address is not null"""
NAMES = """select name, null as standard, null as credit_code, null as country, null as type, null as place from giver
union all select name, null, null, country, null,
place_id(country, null, null, null, address, null, year(to_date(day))) from taker"""


def events(bench: Workbench) -> None:
    """Writes ``event``: of several who give or take the first is told apart, all stand in the printed text.

    The city of who gives is that of the application's own party of that entity, else the one of most of its filings; of who takes
    that of the printed address, else the one of most of its filings.
    """
    region = " ".join(f"when '{land}' then '{code}'" for land, code in REGIONS.items())
    bench.keep(
        "giver_known",
        """select g.appno, g.seq, g.n, g.name, w.entity, w."group", w.type, coalesce(p.city, m.city) as city
        from giver g left join who w on w.id = name_id(g.name, null, null, null, null)
        left join (select appno, entity, min(city) as city from linked_party where entity is not null and role <> 'agent'
        group by all) p on p.appno = g.appno and p.entity = w.entity left join modal m on m.entity = w.entity""",
    )
    bench.keep(
        "taker_known",
        f"""select t.appno, t.seq, t.n, t.name, w.entity, w."group", w.type, t.country,
        coalesce(p.city, case t.country {region} end, case when coalesce(t.country, 'CN') = 'CN' then m.city end) as city
        from taker t left join who w on w.id = name_id(t.name, null, null, t.country, null)
        left join place p on p.id = place_id(t.country, null, null, null, t.address, null, year(to_date(t.day)))
        left join modal m on m.entity = w.entity""",
    )
    bench.finish(
        "event",
        """select e.appno, e.seq, e.code, e.meaning, e.effective_day, e.published_day, e.contract, e.giver,
        g.entity as giver_entity,
        g."group" as giver_group, g.city as giver_city, e.taker, t.entity as taker_entity, t."group" as taker_group,
        t.city as taker_city, e.taker_country, e.amount from event_numbered e
        left join (select * from giver_known where n = 1) g using (appno, seq)
        left join (select * from taker_known where n = 1) t using (appno, seq)""",
    )
    bench.counts["events_without_application"] = bench.count(
        "select count(*) from linked_event anti join application_told using (appno)"
    )


def owners(bench: Workbench) -> None:
    """Writes ``owner``: intervals of owners, one after the other for each application.

    The applicants own it from the day of filing; of a US patent the assignees printed at grant from that day where no transfer is
    told. A transfer takes away those who give, where they are among the owners, else all, and brings those who take; who gives and
    takes stays. A change of name gives the owner another name and leaves it the same entity. What happened before the filing counts
    on the day of filing.
    """
    _first(bench)
    most = _moves(bench)
    outs = [
        f"select appno, seq, {_OWNER}, from_day, {OPEN} as to_day from owner_first"
        " anti join (select distinct appno from moves) x using (appno)"
    ]
    bench.keep("owner_now_0", f"select appno, seq, {_OWNER}, from_day from owner_first semi join moves using (appno)")
    for at in range(1, most + 1):
        outs += _moved(bench, at)
    bench.finish("owner", " union all ".join(outs))
    bench.counts["owners_unknown"] = bench.count(
        "select count(*) from application_told anti join (select distinct appno from linked_owner) o using (appno)"
    )


def _first(bench: Workbench) -> None:
    start = "coalesce(a.filing_day, a.earliest_priority_day, a.first_publication_day, a.granted_day)"
    bench.keep(
        "owner_first",
        f"""with roles as (select appno, min(role) as role from linked_party where role in ('applicant', 'assignee') group by appno)
        select p.appno, p.seq, p.name, p.entity, p."group", p.type, p.country, p.city, {start} as from_day
        from linked_party p join roles using (appno, role) join application_told a using (appno) where {start} is not null""",
    )


def _moves(bench: Workbench) -> int:
    """Keeps ``moves``: what changes owners or names, in its order in each application; the most that one application has."""
    bench.keep(
        "moves",
        """with told as (select e.appno, e.seq, e.day, e.renames from event_numbered e semi join taker t using (appno, seq)
        where (e.moves or e.renames) and e.day is not null),
        grants as (select a.appno, 0 as seq, a.granted_day as day, false as renames from application_told a
        where a.authority = 'US' and a.granted_day is not null
        and a.appno in (select appno from linked_party where role = 'assignee')
        and a.appno in (select appno from linked_party where role = 'applicant')
        and a.appno not in (select appno from told where not renames))
        select *, row_number() over (partition by appno order by day, seq) as nth,
        count(*) over (partition by appno) as count from (select * from told union all select * from grants)""",
    )
    bench.keep(
        "incoming",
        """select * from (select m.appno, m.nth, t.n, t.name, t.entity, t."group", t.type, t.country, t.city
        from moves m join taker_known t using (appno, seq) where m.seq > 0
        union all select m.appno, m.nth, p.seq, p.name, p.entity, p."group", p.type, p.country, p.city
        from moves m join linked_party p using (appno) where m.seq = 0 and p.role = 'assignee')
        qualify row_number() over (partition by appno, nth, coalesce(entity, name) order by n) = 1""",
    )
    bench.keep("outgoing", "select m.appno, m.nth, g.n, g.name, g.entity from moves m join giver_known g using (appno, seq)")
    return bench.count("select coalesce(max(nth), 0) from moves")


def _moved(bench: Workbench, at: int) -> list[str]:
    """Takes one event of every application that has as many; the queries of the intervals that it closes or leaves open."""
    now, leaving = f"owner_now_{at - 1}", f"owner_leaving_{at}"
    bench.keep(
        leaving,
        f"""with met as (select o.*, m.day, m.renames, g.n, t.entity is not null as takes from {now} o
        join moves m on m.appno = o.appno and m.nth = {at}
        left join (select o.appno, o.seq, min(g.n) as n from {now} o join outgoing g on g.appno = o.appno and g.nth = {at}
        and (g.entity = o.entity or folded(g.name) = folded(o.name)) group by o.appno, o.seq) g
        on g.appno = o.appno and g.seq = o.seq
        left join (select distinct appno, entity from incoming where nth = {at}) t on t.appno = o.appno and t.entity = o.entity)
        select * replace (greatest(day, from_day) as day), case when renames then n is not null
        or (any_met = 0 and count = 1) else (any_met = 0 or n is not null) and not takes end as leaves
        from (select *, count(n) over (partition by appno) as any_met, count(*) over (partition by appno) as count from met)""",
    )
    bench.keep(
        f"owner_after_{at}",
        f"""select appno, seq, {_OWNER}, from_day from {leaving} where not leaves
        union all select l.appno, l.seq, coalesce(i.name, l.name), l.entity, l."group", l.type, l.country, coalesce(l.city, i.city),
        l.day from {leaving} l left join incoming i on i.appno = l.appno and i.nth = {at} and i.n = coalesce(l.n, 1)
        where l.leaves and l.renames
        union all select i.appno, x.top + row_number() over (partition by i.appno order by i.n), i.name, i.entity, i."group",
        i.type, i.country, i.city, x.day from incoming i
        join (select m.appno, coalesce(max(l.day), min(m.day)) as day, coalesce(max(case when l.leaves then 0 else l.seq end), 0)
        as top from moves m left join {leaving} l using (appno)
        where m.nth = {at} and not m.renames group by m.appno) x using (appno)
        anti join (select appno, entity from {leaving} where not leaves and entity is not null) s using (appno, entity)
        where i.nth = {at}""",
    )
    last = f"(select appno from moves where nth = {at} and count = {at}) x using (appno)"
    bench.keep(
        f"owner_kept_{at}", f"select appno, seq, {_OWNER}, from_day, {OPEN} as to_day from owner_after_{at} semi join {last}"
    )
    bench.keep(f"owner_now_{at}", f"select * from owner_after_{at} anti join {last}")
    closed = f"select appno, seq, {_OWNER}, from_day, day as to_day from {leaving} where leaves and from_day < day"
    return [f"select * from owner_kept_{at}", closed]
