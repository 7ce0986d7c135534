"""What is asked once for every distinct text: in which city a place is, which entity a name is of.

Linking itself knows neither. It puts the distinct questions of all tables into one table and takes the answers as a query, so that
whoever knows places or names sees each text once, on the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from tidu.records.linking.workbench import Workbench

#: Given the engine, the name of a table of questions (``id``, ``country``, ``province``, ``city``, ``county``, ``address``,
#: ``credit_code``, ``year``) and the vintage, the query of answers: ``id``, ``city``, ``city_then``, ``method``, ``confidence``.
#: A question that is not answered is unresolved.
Locate = Callable[["duckdb.DuckDBPyConnection", str, int], str]
#: Given the engine, the name of a table of questions (``id``, ``name``, ``standard``, ``credit_code``, ``country``, ``type``,
#: ``city``: where most of its places are) and of a table of names that changed (``before``, ``after``), the query of the answers:
#: ``id``, ``entity``, ``group``, ``type``.
Identify = Callable[["duckdb.DuckDBPyConnection", str, str], str]

MACROS = (
    "create macro whole(x) as coalesce(cast(x as varchar), '') || chr(31)",
    """create macro place_id(country, province, city, county, address, credit_code, year) as
    case when province is not null or city is not null or county is not null or address is not null or credit_code is not null
    then md5_number(whole(country) || whole(province) || whole(city) || whole(county) || whole(address) || whole(credit_code)
    || whole(year)) end""",
    """create macro name_id(name, standard, credit_code, country, type) as case when name is not null or standard is not null
    then md5_number(whole(name) || whole(standard) || whole(credit_code) || whole(country) || whole(type)) end""",
)
#: The columns of a question, in the order in which the macros take them.
PLACE = ("country", "province", "city", "county", "address", "credit_code", "year")
NAME = ("name", "standard", "credit_code", "country", "type")
#: Whose cities are divisions of their own: told by the country alone.
REGIONS = {"HK": "810000", "MO": "820000", "TW": "710000"}


def ask_places(bench: Workbench, askers: str, locate: Locate, vintage: int) -> None:
    """Keeps ``place``: each distinct question of a query of askers (the columns of a question) with its answer."""
    columns = ", ".join(PLACE)
    bench.keep(
        "place_asked",
        f"select id, {', '.join(f'min({one}) as {one}' for one in PLACE)}"
        f" from (select place_id({columns}) as id, {columns} from ({askers})) where id is not null group by id",
    )
    bench.keep("place", f"select id, city, city_then, method, confidence from ({locate(bench.engine, 'place_asked', vintage)})")
    bench.counts["places_asked"] = bench.count("select count(*) from place_asked")
    bench.counts["places_told"] = bench.count("select count(*) from place where city is not null")


def ask_names(bench: Workbench, askers: str, identify: Identify) -> None:
    """Keeps ``who``: each distinct question of a query of askers (the columns of a question and ``place``) with its answer."""
    columns = ", ".join(NAME)
    bench.keep(
        "name_told",
        f"select a.*, p.city as city from (select name_id({columns}) as id, {columns}, place from ({askers})) a"
        " left join place p on p.id = a.place where a.id is not null",
    )
    bench.keep(
        "name_city",
        "select id, arg_max(city, (n, city)) as city from (select id, city, count(*) as n from name_told where city is not null"
        " group by all) group by id",
    )
    bench.keep(
        "name_asked",
        f"select id, {', '.join(f'min(t.{one}) as {one}' for one in NAME)}, min(c.city) as city"
        " from name_told t left join name_city c using (id) group by id",
    )
    bench.keep(
        "renamed",
        "select distinct giver as before, taker as after from event_numbered where renames and giver is not null"
        " and taker is not null and folded(giver) <> folded(taker)",
    )
    bench.keep(
        "who",
        f'select id, entity, coalesce("group", entity) as "group", type from ({identify(bench.engine, "name_asked", "renamed")})',
    )
    bench.counts["names_asked"] = bench.count("select count(*) from name_asked")
    bench.counts["entities"] = bench.count("select count(distinct entity) from who")
