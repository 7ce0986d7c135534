"""Drawn numbers put into words on the engine: names, addresses, titles, symbols, from the dictionaries of ``data/synth.toml``.

Names of bodies, persons and titles all hold 虚构. A body of a city has one name and one credit code wherever it occurs; its address
is written as whoever filed wrote it: in full, without its province, as a zone, in full width, in English, by a street that is
named after another city, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tidu.engine import quoted
from tidu.records.synth.draws import Drawn
from tidu.records.synth.nation import Ints, cities, told

if TYPE_CHECKING:
    import duckdb

#: The letters of a unified social credit code (GB 32100-2015), by their value.
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: The marks of what is wrong with a row of a list, by its draw of ten thousand: bounds of ``fault``, in the order of the data.
FAULTS = ("check_digit_lacking", "check_digit_wrong", "date_wrong", "repeated", "published_early")


def _listed(texts: list[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def fault_of(made: Drawn) -> Ints:
    """What is wrong with each row: 0 where nothing is, else its place in :data:`FAULTS` from 1.

    >>> fault_of({"fault": np.array([0, 501, 9999])}).tolist()
    [1, 2, 0]
    """
    ends = np.rint(np.cumsum([told()["share"]["dirt"][name] for name in FAULTS]) * 10_000)
    at = np.searchsorted(ends, made["fault"], side="right")
    found: Ints = np.where(at < len(FAULTS), at + 1, 0)
    return found


def prepare(engine: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables ``city``, ``field``, ``land`` and the macros of names on an engine."""
    engine.execute(
        "create table city (id bigint, code varchar, name varchar, short varchar, english varchar,"
        " province varchar, province_english varchar, credit bigint)"
    )
    rows = [
        (at, one.code, one.name, one.short, one.english, one.province, one.province_english, _weighed("91" + one.code))
        for at, one in enumerate(cities())
    ]
    engine.executemany("insert into city values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    engine.execute("create table field (id bigint, ipc varchar[], thing varchar, emerging varchar)")
    fields = [(at, one["ipc"], one["thing"], one["emerging"] or None) for at, one in enumerate(told()["field"])]
    engine.executemany("insert into field values (?, ?, ?, ?)", fields)
    engine.execute("create table land (id bigint, country varchar, name varchar, address varchar)")
    lands = [(at, one["country"], one["name"], one["address"]) for at, one in enumerate(told()["abroad"])]
    engine.executemany("insert into land values (?, ?, ?, ?)", lands)
    for macro in _macros():
        engine.execute(f"create macro {macro}")


def _weighed(letters: str, start: int = 0) -> int:
    """The weighted sum of letters of a credit code, the first at a place."""
    return sum(CREDIT.index(letter) * pow(3, start + at, 31) for at, letter in enumerate(letters))


def _macros() -> list[str]:
    name = told()["name"]
    count = len(name["syllables"])
    syllables, given = _listed(list(name["syllables"])), _listed(list(name["given"]))
    serial = " + ".join(f"{pow(3, 10 + at, 31)} * (body // {10 ** (6 - at)} % 10)" for at in range(7))
    wide = "translate(x, '0123456789', '０１２３４５６７８９')"
    return [
        # one of a list by any whole number
        "pick(words, n) as words[1 + cast(n % len(words) as integer)]",
        f"""brand(n) as pick({syllables}, n * 7 + 3) || pick({syllables}, n // {count} * 11 + n)
        || case when n >= {count**2} then pick({syllables}, n // {count**2}) else '' end""",
        f"""body_name(short, n) as case when n = 1 then short || '虚构大学'
        when n % 40 = 6 then short || '虚构' || brand(n) || '研究院'
        when n % 40 = 13 then short || '虚构' || brand(n) || '医院'
        when n % 40 = 25 then short || '虚构' || brand(n) || '学院'
        else short || '虚构' || brand(n) || pick({_listed(name["trades"])}, n * 5 + n // 16)
        || pick({_listed(name["forms"])}, n * 3 + n // 5) end""",
        "body_type(n) as case when n = 1 or n % 40 = 25 then 'university' when n % 40 = 6 then 'institute' when n % 40 = 13"
        " then 'hospital' else 'company' end",
        f"person_name(n) as '虚构' || pick({_listed(list(name['surnames']))}, n) || pick({given}, n // 32)"
        f" || case when n // 640 % 3 = 0 then '' else pick({given}, n // 1920) end",
        f"""credit_code(code, credit, body) as '91' || code || 'XG' || lpad(cast(body as varchar), 7, '0')
        || substr('{CREDIT}', 1 + cast((31 - (credit + {_weighed("XG", 8)} + {serial}) % 31) % 31 as integer), 1)""",
        f"wide(x) as {wide}",
        "inside(province, name) as case when province = name then name else province || name end",
        "bare(province) as regexp_replace(province, '(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$', '')",
        f"street(body) as pick({_listed(name['streets'])}, body) || cast(body % 900 + 1 as varchar) || '号'",
        f"""address_of(province, name, short, english, province_english, body, dirt) as
        case when dirt < 5200 then inside(province, name) || '虚构区' || street(body) when dirt < 7000 then name || street(body)
        when dirt < 7600 then short || pick({_listed(name["zones"])}, body) || street(body)
        when dirt < 8000 then lpad(cast(100000 + body % 700000 as varchar), 6, '0') || ' ' || inside(province, name) || street(body)
        when dirt < 8400 then bare(province) || short || '虚构区' || street(body)
        when dirt < 8800 then wide(inside(province, name) || street(body))
        when dirt < 9200 then name || '南京路' || cast(body % 900 + 1 as varchar) || '号'
        when dirt < 9450 then 'No.' || cast(body % 900 + 1 as varchar) || ' Fictitious Road, ' || english || ', '
        || province_english || ', China' when dirt < 9750 then street(body) || '虚构大厦' when dirt < 9850 then '虚构园区内'
        end""",
        f"""title_of(thing, n) as '虚构的一种' || pick({_listed(name["qualities"])}, n) || thing
        || pick(['装置', '系统', '设备', '方法', '组件', '结构'], n // 10) || cast(n % 9973 as varchar)""",
        """symbol(ipc, n) as pick(ipc, n) || cast(1 + n // 7 % 40 as varchar)
        || '/' || lpad(cast(n // 280 % 50 * 2 as varchar), 2, '0')""",
        "published_number(n, type) as case type when 2 then '2' when 3 then '3' else '1' end || lpad(cast(n as varchar), 8, '0')",
        "kind_name(type) as case type when 2 then 'utility_model' when 3 then 'design' else 'invention' end",
        """letter_of(type, granted, day) as case when not granted then 'A' when day < 14706
        then case type when 2 then 'Y' when 3 then 'D' else 'C' end when type = 2 then 'U' when type = 3 then 'S' else 'B' end""",
        "on_day(n) as case when n >= 0 then date '1970-01-01' + cast(n as integer) end",
        "day_or_null(n) as case when n >= 0 then n end",
        f"bank(n) as pick({_listed(name['banks'])}, n)",
        "thousands(n, least) as round(least * pow(1.35, n % 17) * (1 + n % 7) / 10) * 10000",
        "contract_number(kind, year, city, body, day) as 'XG' || kind || cast(year as varchar)"
        " || lpad(cast(city as varchar), 3, '0') || lpad(cast(body as varchar), 5, '0')"
        " || lpad(cast(day % 1000 as varchar), 3, '0')",
    ]


def compose(engine: duckdb.DuckDBPyConnection, made: Drawn) -> None:
    """Makes ``told``: the drawn facts of a chunk with names, addresses and titles, one row an application, in their order."""
    engine.register("drawn", {**made, "wrong": fault_of(made).astype(np.int64)})
    engine.execute(
        """create or replace temp table told as select d.* exclude (inventors), cast(digits as varchar) as appno,
        case when type in (1, 8) and text % 3 = 0 then field.emerging end as emerging, text % 7 as luck,
        title_of(field.thing, text) as title, published_number(number, type) as published_number,
        case when abroad >= 0 then land.name || '（' || chr(cast(65 + text % 26 as integer)) || '）'
        when person = 1 then person_name(text // 3 + body)
        else body_name(c.short, body) end as applicant,
        case when abroad >= 0 then 'company' when person = 1 then 'person' else body_type(body) end as applicant_type,
        case when abroad >= 0 then land.country else 'CN' end as country,
        case when abroad >= 0 then land.address else address_of(c.province, c.name, c.short, c.english, c.province_english,
        body, dirt) end as address,
        case when abroad < 0 and vendor = 1 then c.name end as vendor_city,
        case when abroad < 0 and person = 0 and body % 5 < 3 then credit_code(c.code, c.credit, body) end as credit_code,
        case when co_city >= 0 then body_name(o.short, co_body) end as co_applicant,
        case when co_city >= 0 then body_type(co_body) end as co_type,
        case when transfer_city >= 0 then body_name(t.short, transfer_body) end as transfer_taker,
        case when licence_city >= 0 then body_name(l.short, licence_body) end as licence_taker,
        case when text % 10 < 7 then '虚构' || brand(city * 3 + text % 8) || '专利代理事务所' end as agent,
        list_transform(range(inventors), lambda x: person_name(text // 5 + body * 31 + x * 977)) as inventor_names,
        case when type = 3 then [] else list_prepend(symbol(field.ipc, text), list_filter(list_sort(list_distinct(
        [symbol(field.ipc, text // 3), symbol(field.ipc, text // 11)][:text % 3])), lambda x: x <> symbol(field.ipc, text))) end
        as symbols
        from drawn d join field on field.id = d.field join city c on c.id = d.city
        left join land on land.id = d.abroad left join city o on o.id = d.co_city
        left join city t on t.id = d.transfer_city left join city l on l.id = d.licence_city order by number"""
    )
    engine.unregister("drawn")
