"""Plain answers where nobody better is asked: cities that are printed by name or code, entities by their folded name.

A city is found where the source printed it, where a six-digit code stands, or where an address begins with province and city by
their full names. Names of the shipped gazetteer alone are known, as of its own year. Types follow from what the source says, else
from the words that a name holds (``data/party_types.toml``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from tidu.engine import quoted

if TYPE_CHECKING:
    import duckdb


@cache
def type_words() -> Mapping[str, Mapping[str, str]]:
    """What tells the type of a party: type → ``says`` (a pattern of the source's own word) and ``named`` (one of the name)."""
    text = resources.files("tidu.data").joinpath("party_types.toml").read_text(encoding="utf-8")
    told: Mapping[str, Mapping[str, str]] = tomllib.loads(text)["type"]
    return told


def type_of(said: str, name: str) -> str:
    """The expression of a party's type, from expressions of what its source says and of its name.

    >>> from tidu.engine import connect
    >>> told = [type_of("null", f"'{one}'") for one in ("虚构大学", "虚构科技有限公司", "ACME GmbH", "张三")]
    >>> connect().execute(f"select {', '.join(told)}").fetchall()
    [('university', 'company', 'company', None)]
    """
    types = type_words()
    known = f"case when lower({said}) in ({', '.join(map(quoted, types))}) then lower({said}) end"
    says = " ".join(f"when regexp_matches(lower({said}), {quoted(one['says'])}) then {quoted(code)}" for code, one in types.items())
    named = " ".join(
        f"when regexp_matches(upper({name}), {quoted(one['named'])}) then {quoted(code)}"
        for code, one in types.items()
        if "named" in one
    )
    return f"coalesce({known}, case {says} end, case {named} end)"


def identify(engine: duckdb.DuckDBPyConnection, asked: str, renamed: str) -> str:
    """The query of entities: a name in its folded form is an entity, and its own group; a credit code tells names of one body."""
    del engine, renamed
    return f"""select id, case when credit_code is not null then by_code else folded(coalesce(name, standard)) end as entity,
    cast(null as varchar) as "group", {type_of("type", "coalesce(name, standard)")} as type
    from (select *, min(folded(coalesce(name, standard))) over (partition by credit_code) as by_code from {asked})"""


def locate(engine: duckdb.DuckDBPyConnection, asked: str, vintage: int) -> str:
    """The query of cities by printed names and codes; nothing is known of years, so the city then is that of the gazetteer."""
    del vintage
    with resources.as_file(resources.files("tidu.data").joinpath("china").joinpath("gazetteer.csv")) as path:
        engine.execute(
            "create or replace table gazetteer as select adcode, name_zh, name_short_zh, name_en, province_zh"
            f" from read_csv({quoted(str(path))}, all_varchar = true)"
        )
    engine.execute(
        "create or replace table place_names as select name, min(adcode) as adcode from (select adcode, unnest("
        "[name_zh, name_short_zh, upper(name_en), upper(name_en) || ' CITY']) as name from gazetteer) group by name"
        " having count(distinct adcode) = 1"
    )
    code = r"regexp_extract(coalesce(city, county, address), '^\s*(\d{6})\s*$', 1)"
    begins = (
        r"regexp_extract(regexp_replace(address, '^(中国|\d{6})?\s*', ''),"
        r" '^(?:[^省区市县]{2,8}?(?:省|自治区))?\s*([^省]{1,9}?(?:市|自治州|地区|盟))', 1)"
    )
    return f"""with told as (select id, country,
    coalesce(c1.adcode, c2.adcode, c3.adcode) as coded, coalesce(n1.adcode, n2.adcode, n3.adcode) as printed, a.adcode as begun
    from (select *, nullif({code}, '') as code, nullif({begins}, '') as begins from {asked}) q
    left join gazetteer c1 on c1.adcode = q.code
    left join gazetteer c2 on c2.adcode = left(q.code, 4) || '00'
    left join gazetteer c3 on c3.adcode = left(q.code, 2) || '0000'
    left join place_names n1 on n1.name = upper(q.city)
    left join place_names n2 on n2.name = upper(q.province)
    left join place_names n3 on n3.name = upper(trim(q.address))
    left join place_names a on a.name = q.begins)
    select id, coalesce(coded, printed, begun) as city, coalesce(coded, printed, begun) as city_then,
    case when coded is not null or printed is not null then 'printed' else 'address' end as method,
    case when coded is not null then 1.0 when printed is not null then 0.95 else 0.9 end as confidence
    from told where coalesce(coded, printed, begun) is not null and coalesce(country, 'CN') = 'CN'"""
