"""Parties: of all documents of an application those of one, each with its entity and its city.

Applicants and inventors are those of the earliest document, as they filed; assignees and agents those of the latest. What that
document does not say of one of them (its address, its credit code) is taken from another that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.linking.lookups import REGIONS

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

_SAID = (
    "name_standard",
    "type",
    "credit_code",
    "country",
    "address",
    "printed_province",
    "printed_city",
    "printed_county",
)


def choose(bench: Workbench) -> None:
    """Keeps ``party_chosen``: the parties of each application and role in the printed order, from 1."""
    said = ", ".join(f"coalesce(t.{one}, n.{one}) as {one}" for one in ("name", "name_standard", "type", "country", "address"))
    # a source that gives a party a record of its own tells a document a load
    bench.keep(
        "party_told",
        f"""select t.appno, t.role, coalesce(t.seq, 32000) as seq, {said}, t.credit_code, t.printed_province,
        coalesce(t.printed_city, n.city) as printed_city, t.printed_county,
        case when d.day is null then later(null, t.load, 0) else later(d.day, t.load, t.record) end as later,
        case when d.day is null then later(60000, t.load, 0) else later(d.day, t.load, t.record) end as earlier
        from told_party t left join (select person, min(name) as name, min(name_standard) as name_standard, min(type) as type,
        min(country) as country, min(address) as address, min(city) as city from raw_person group by person) n using (person)
        left join document d using (load, record) where t.appno is not null and t.role is not null""",
    )
    bench.keep(
        "party_source",
        "select appno, role, min(earlier) as earlier, max(later) as later, min(later) <> max(later) as several"
        " from party_told group by appno, role",
    )
    own = ", ".join(_SAID)
    latest = ", ".join(f"arg_max({one}, t.later) as {one}" for one in _SAID)
    chosen = "case when role in ('applicant', 'inventor') then t.earlier = s.earlier else t.later = s.later end"
    bench.keep(
        "party_chosen",
        f"""with single as (select appno, role, seq, name, {own} from party_told t semi join (select appno, role
        from party_source where not several) x using (appno, role)),
        several as (select t.*, {chosen} as chosen, s.several from party_told t join party_source s using (appno, role)
        where s.several),
        joined as (select appno, role, min(seq) filter (chosen) as seq, min(name) filter (chosen) as name, {latest}
        from several t group by appno, role, folded(coalesce(name, name_standard)) having bool_or(chosen))
        select appno, role, row_number() over (partition by appno, role order by seq, name, name_standard) as seq, name, {own}
        from (select appno, role, seq, name, {own} from single union all select appno, role, seq, name, {own} from joined)""",
    )


#: The questions that parties ask.
PLACES = """select country, printed_province as province, printed_city as city, printed_county as county, address, credit_code,
year(to_date(a.filing_day)) as year from party_chosen left join (select appno, filing_day from application_told) a using (appno)
where role <> 'agent'"""
NAMES = """select name, name_standard as standard, credit_code, country, type,
place_id(country, printed_province, printed_city, printed_county, address, credit_code, year(to_date(a.filing_day))) as place
from party_chosen left join (select appno, filing_day from application_told) a using (appno) where role <> 'inventor'"""


def parties(bench: Workbench) -> None:
    """Keeps ``party_placed`` and ``modal`` (the city of most filings of an entity), and writes ``party``.

    A party whose place is not told has the city of most filings of its entity, with their share as its confidence. Inventors have
    no entity: a name alone does not tell one. Who is abroad has no city, by the method ``abroad``; Hong Kong, Macao and Taiwan are
    told by the country.
    """
    regions = " ".join(f"when '{land}' then '{code}'" for land, code in REGIONS.items())
    bench.keep(
        "party_placed",
        f"""select c.appno, c.role, c.seq, coalesce(c.name, c.name_standard) as name, w.entity, w."group",
        case when c.role = 'inventor' then 'person' else w.type end as type, c.country,
        coalesce(p.city, case c.country {regions} end) as city,
        coalesce(p.city_then, p.city, case c.country {regions} end) as city_then,
        coalesce(p.method, case when c.country in ({", ".join(f"'{land}'" for land in REGIONS)}) then 'printed' end) as method,
        coalesce(p.confidence, case when c.country in ({", ".join(f"'{land}'" for land in REGIONS)}) then 1.0 end) as confidence
        from (select c.*, place_id(country, printed_province, printed_city, printed_county, address, credit_code,
        year(to_date(a.filing_day))) as place, case when role <> 'inventor' then name_id(name, name_standard, credit_code, country,
        type) end as who from party_chosen c left join (select appno, filing_day from application_told) a using (appno)) c
        left join place p on p.id = c.place left join who w on w.id = c.who""",
    )
    bench.keep(
        "modal",
        """select entity, arg_max(city, (n, city)) as city, arg_max(city_then, (n, city)) as city_then, max(n) / sum(n) as share
        from (select entity, city, min(city_then) as city_then, count(*) as n from party_placed
        where entity is not null and city is not null and role in ('applicant', 'assignee')
        and coalesce(type, '') <> 'person' group by entity, city) group by entity""",
    )
    bench.finish(
        "party",
        """select p.appno, p.role, p.seq, p.name, p.entity, p."group", p.type, p.country,
        coalesce(p.city, m.city) as city, coalesce(p.city_then, m.city_then) as city_then,
        coalesce(p.method, case when m.city is not null then 'modal' when p.country is not null and p.country <> 'CN' then 'abroad'
        else 'unresolved' end) as method, coalesce(p.confidence, m.share, 0) as confidence
        from party_placed p left join modal m on m.entity = p.entity and p.city is null and p.method is null and p.role <> 'agent'
        and coalesce(p.country, 'CN') = 'CN'""",
    )
    told = bench.engine.execute(
        "select role, method, count(*) from linked_party where role <> 'agent' group by all order by all"
    ).fetchall()
    bench.counts["cities"] = {role: {m: n for r, m, n in told if r == role} for role in sorted({r for r, _, _ in told})}
