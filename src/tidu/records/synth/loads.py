"""Synthetic applications as a load of a store: the canonical tables, written at once, without a file that was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tidu.engine import named, quoted
from tidu.records.schema import TABLES, TYPES
from tidu.records.synth.draws import Drawn
from tidu.records.synth.nation import Nation

if TYPE_CHECKING:
    import duckdb

#: How many days after the first filing the others of a family are filed, and after that are published.
MEMBER_FILED, MEMBER_OPEN = 320, 230
_OWNERS = "concat_ws('; ', applicant, co_applicant)"
_YEAR = "year(on_day({}))"
_LICENCE = f"contract_number('E', {_YEAR.format('licence')}, city, body, licence)"
_PLEDGE = f"contract_number('P', {_YEAR.format('pledge')}, city, body, pledge)"
#: The events of an application: code, day, contract, who gives, who takes, amount.
EVENTS = (
    ("CF01", "ended", "null", "null", "null", "null"),
    ("TR01", "transfer", "null", _OWNERS, "transfer_taker", "null"),
    ("EE01", "licence", _LICENCE, "applicant", "licence_taker", "thousands(text, 30)"),
    ("PE01", "pledge", _PLEDGE, "applicant", "bank(city + body)", "thousands(city * 31 + body + pledge, 100)"),
    ("PC01", "released", _PLEDGE, "applicant", "bank(city + body)", "null"),
    ("OL01", "open_licence", "null", "applicant", "null", "null"),
)


def cited(engine: duckdb.DuckDBPyConnection, nation: Nation, made: Drawn, found: Drawn) -> None:
    """Makes ``cites``: the citations of a chunk, ``number`` of the citing application, ``cited`` as printed.

    What the nation does not have is a made-up publication of another office.
    """
    at = found["cited"].clip(0)
    engine.register("found", {"number": made["number"][found["citing"]], "to": found["cited"], "type": nation.type(at)})
    engine.execute(
        "create or replace temp table cites as select number, row_number() over (partition by number order by to) as seq,"
        """ case when "to" < 0 then 'US' || cast(6000000 - "to" as varchar) || 'B2'"""
        """ else 'CN' || published_number("to", type) || case when type = 2 then 'U' else 'A' end end as cited from found"""
        """ order by number, "to" """.replace("by to)", 'by "to")')
    )
    engine.unregister("found")


def queries(until: int) -> dict[str, str]:
    """The query of each canonical table over ``told``, ``cites`` and ``deed``: its columns and ``record``, dates as days.

    Args:
        until: the day number up to which records tell.
    """
    family = "'XG' || cast(t.number as varchar)"
    record = "number - (select min(number) from told) + 1 as record"
    status = "case when granted_day is null then '审中' when expiry_day is not null then '失效' else '有效' end"
    domestic = f"""select {record}, appno, 'CN' as authority, kind_name(type) as kind,
    case when type = 8 then 'pct' else 'national' end as route, title, filing as filing_day,
    case when type = 8 then filing - 365 else filing end as earliest_priority_day, published as first_publication_day,
    day_or_null(granted) as granted_day, claims, case when members > 0 then 'XG' || cast(number as varchar) end as family,
    day_or_null(ended) as expiry_day from told"""
    abroad = f"""select record, case office when 'WO' then 'WOPCTCN' || year || serial
    when 'EP' then 'EP' || right(year, 2) || serial else office || year || serial end as appno,
    office as authority, 'invention' as kind,
    case when office = 'WO' then 'international' else 'national' end as route, title, filing_day,
    filing as earliest_priority_day, filing_day + {MEMBER_OPEN} as first_publication_day,
    case when office <> 'WO' and filing_day + 1100 <= {until} then filing_day + 1100 end as granted_day, claims, family,
    cast(null as bigint) as expiry_day from (select {record}, title, claims, filing, 'XG' || cast(number as varchar) as family,
    lpad(cast(number as varchar), 8, '0') as serial, unnest(['WO', 'US', 'EP', 'JP', 'KR'][:members]) as office,
    filing + {MEMBER_FILED} as filing_day, cast(year(on_day(filing + {MEMBER_FILED})) as varchar) as year
    from told where members > 0 and filing + {MEMBER_FILED} + {MEMBER_OPEN} <= {until})"""
    first = f"""select {record}, appno, 'applicant' as role, 1 as seq, applicant as name, applicant_type as type, credit_code,
    country, address, vendor_city as printed_city from told"""
    party = [
        first,
        f"select {record}, appno, 'applicant', 2, co_applicant, co_type, null, 'CN', null, null from told where co_city >= 0",
        f"""select {record}, appno, 'inventor', n, inventor_names[n], 'person', null, null, null, null
        from (select *, unnest(range(1, len(inventor_names) + 1)) as n from told)""",
        f"""select record, m.appno, 'applicant', 1, t.applicant, t.applicant_type, null, t.country, null, null
        from ({abroad}) m join told t on {family} = m.family""",
        f"select {record}, appno, 'agent', 1, agent, null, null, null, null, null from told where agent is not null",
    ]
    own = "letter_of(type, {}, {}) as kind"
    publication = [
        f"""select {record}, appno, 'CN' as authority, published_number as number, 'A' as kind, published as published_day
        from told where type in (1, 8)""",
        f"select {record}, appno, 'CN', published_number, {own.format('true', 'granted')}, granted from told where granted >= 0",
    ]
    symbol = [
        f"""select {record}, appno, 'ipc' as scheme, symbols[n] as symbol, n as seq
        from (select *, unnest(range(1, len(symbols) + 1)) as n from told)""",
        f"select {record}, appno, 'emerging', emerging, 1 from told where emerging is not null",
    ]
    priority = [
        f"""select {record}, appno, 'JP' as authority, cast(year(on_day(filing - 365)) as varchar)
        || lpad(cast(number as varchar), 8, '0') as number, filing - 365 as claimed_day from told where type = 8""",
        f"select record, m.appno, 'CN', t.appno, t.filing from ({abroad}) m join told t on {family} = m.family",
    ]
    citation = [
        f"select {record}, t.appno, c.seq, c.cited, null as literature from cites c join told t using (number)",
        f"""select {record}, appno, 100, null, '虚构学报 ' || cast(year - 3 as varchar) || ', ' || cast(text % 400 as varchar)
        from told where type in (1, 8) and text % 2 = 0""",
    ]
    event = [
        f"""select {record}, appno, {at} as seq, '{code}' as code, {when} as effective_day, {when} + 14 as published_day,
        {contract} as contract, {giver} as giver, {taker} as taker, {amount} as amount
        from told where {when} >= 0"""
        for at, (code, when, contract, giver, taker, amount) in enumerate(EVENTS, 1)
    ]
    classes = "pick(['development', 'transfer', 'licence', 'consulting', 'service'], class_at)"
    return {
        "patent": f"select *, {status} as status, false as provisional from ({domestic} union all {abroad})",
        "party": " union all ".join(party),
        "publication": " union all ".join(publication),
        "class": " union all ".join(symbol),
        "priority": " union all ".join(priority),
        "citation": " union all ".join(citation),
        "event": " union all ".join(event),
        "contract": f"""select (select count(*) from told) + row_number() over (order by serial) as record, number, title,
        {classes} as class, date_diff('day', date '1970-01-01', signed) as signed_day, amount, technical as technical_amount,
        seller, seller_place, buyer, buyer_place, field from deed""",
    }


def written(engine: duckdb.DuckDBPyConnection, folder: Path, until: int) -> None:
    """Writes the canonical tables of ``told``, ``cites`` and ``deed`` into the folder of a load."""
    for name, query in queries(until).items():
        had = {column[0] for column in engine.execute(f"describe {query}").fetchall()}
        columns = ["cast(record as bigint) as record"]
        # rows of one record stand in the order of their keys, so that the same rows are the same bytes
        order = ["record", *TABLES[name].key]
        for one in TABLES[name].columns:
            own = named(one.name)
            if one.kind == "date":
                day = f"cast({named(one.name + '_day')} as integer)" if f"{one.name}_day" in had else "cast(null as integer)"
                columns += [f"on_day({day}) as {own}", f"{day} as {named(one.name + '_day')}"]
            else:
                columns.append(f"cast({own if one.name in had else 'null'} as {TYPES[one.kind]}) as {own}")
        engine.execute(
            f"copy (select {', '.join(columns)} from ({query}) order by {', '.join(map(named, order))})"
            f" to {quoted(str(folder / f'{name}.parquet'))}"
            " (format parquet, compression zstd)"
        )
