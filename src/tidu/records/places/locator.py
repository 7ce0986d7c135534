"""The locator that linking takes: every distinct question of a table answered, a portion at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.places.resolve import Question, resolve

if TYPE_CHECKING:
    import duckdb

#: Questions answered at a time.
PORTION = 50_000


def locate(engine: duckdb.DuckDBPyConnection, asked: str, vintage: int) -> str:
    """The query of answers to a table of questions: ``id``, ``city``, ``city_then``, ``method``, ``confidence``.

    A question without an answer has no row. Who is abroad has a row without a city. The form of question and answer is that of
    :data:`tidu.records.linking.lookups.Locate`.

    Raises ``places_missing`` where the extra ``places`` is not installed.

    >>> from tidu.engine import connect
    >>> engine = connect()
    >>> _ = engine.execute("create table q as select 1 as id, null as country, '江苏' as province, null as city, null as county,"
    ...     " '昆山市花桥镇' as address, null as credit_code, 2015 as year")
    >>> engine.execute(locate(engine, "q", 2024)).fetchall()
    [(1, '320500', '320500', 'address', 0.97)]
    """
    engine.execute(
        f"create or replace table place_answer as select id, '' as city, '' as city_then, '' as method, 0.0::double as confidence"
        f" from {asked} limit 0"
    )
    reader = engine.cursor()
    try:
        reader.execute(f"select id, {', '.join(Question._fields)} from {asked}")
        while rows := reader.fetchmany(PORTION):
            told = [(one[0], resolve(Question(*one[1:]), vintage)) for one in rows]
            kept = [(key, answer) for key, answer in told if answer.method != "unresolved"]
            if kept:
                columns = [[str(key) for key, _ in kept], *([answer[at] for _, answer in kept] for at in (0, 1, 3, 4))]
                engine.execute("insert into place_answer select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)
    finally:
        reader.close()
    return "select id, nullif(city, '') as city, nullif(city_then, '') as city_then, method, confidence from place_answer"
