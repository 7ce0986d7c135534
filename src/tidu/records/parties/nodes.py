"""The names of a table of questions as nodes: a credit code, or a key, in its city where the name is not one of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.parties import codes
from tidu.records.parties.candidates import features
from tidu.records.parties.keys import Key, key_of

if TYPE_CHECKING:
    import duckdb

#: Questions read at a time.
PORTION = 50_000
_COLUMNS = {
    "key": "varchar",
    "parent": "varchar",
    "placed": "boolean",
    "branch": "boolean",
    "kind": "varchar",
    "family": "varchar",
    "stem": "varchar",
    "region": "varchar",
    "heads": "boolean",
    "text": "varchar",
    "code": "varchar",
    "told_city": "varchar",
    "former": "varchar[]",
    "own": "varchar",
    "trade": "varchar",
    "core": "varchar",
    "place": "varchar",
    "form": "varchar",
    "block": "varchar",
    "spelt": "varchar[]",
    "shorts": "varchar[]",
}


def keyed(engine: duckdb.DuckDBPyConnection, asked: str) -> None:
    """Makes ``party_asked``: each question with its key, its valid credit code, its city and what it is compared by."""
    listed = ", ".join(f"null::{kind} as {name}" for name, kind in _COLUMNS.items())
    engine.execute(f"create or replace table party_asked as select id, {listed} from {asked} limit 0")
    reader = engine.cursor()
    try:
        reader.execute(
            f"select id, coalesce(name, standard), credit_code, city, country from {asked}"
            " where coalesce(name, standard) is not null"
        )
        while rows := reader.fetchmany(PORTION):
            told = [(str(number), *_row(key_of(name), code, city, country)) for number, name, code, city, country in rows]
            columns = [list(one) for one in zip(*told, strict=True)]
            engine.execute(f"insert into party_asked select {', '.join('unnest(?)' for _ in columns)}", columns)
    finally:
        reader.close()


def _row(key: Key, code: str | None, city: str | None, country: str | None) -> tuple[object, ...]:
    own = codes.tidied(code) if codes.valid(code) else ""
    place = "" if key.branch else city or (country if country not in (None, "CN") else "") or ""
    former = [key_of(one).key for one in key.former]
    told = (
        key.key,
        key.parent,
        key.placed,
        key.branch,
        key.kind,
        key.group,
        key.stem,
        key.place,
        key.heads,
        key.text,
        own,
        place,
        former,
    )
    return (*told, *features(key, place))


def make(engine: duckdb.DuckDBPyConnection, apart: list[str]) -> None:
    """Makes ``party_keyed`` (question → node, with its name) and ``party_node`` (node, number, key, city, whether it is a code).

    A key that bears one code alone is that code's node. Names that people decided are not of one body are nodes of their own.

    Args:
        engine: the engine, on which :func:`keyed` was called.
        apart: the names, made ready, that must not share a node by key alone.
    """
    engine.execute("create or replace table party_apart (text varchar)")
    if apart:
        engine.execute("insert into party_apart select unnest(?)", [apart])
    engine.execute(
        """create or replace table party_code as select key, case when placed then '' else told_city end as guard, min(code) as code
        from party_asked where code <> '' and not branch group by all having count(distinct code) = 1"""
    )
    engine.execute(
        """create or replace table party_keyed as select a.* exclude (code, told_city), a.told_city,
        case when a.placed then '' else a.told_city end as city,
        case when p.text is not null then 'text ' || a.text when a.code <> '' and not branch then 'code ' || a.code
        when c.code is not null then 'code ' || c.code
        when placed or told_city = '' then 'key ' || a.key else 'key ' || a.key || ' @' || told_city end as node
        from party_asked a left join party_apart p on p.text = a.text left join party_code c on c.key = a.key
        and c.guard = case when a.placed then '' else a.told_city end"""
    )
    engine.execute(
        """create or replace table party_node as select *, dense_rank() over (order by node) - 1 as number from
        (select distinct node, key, city, starts_with(node, 'code ') as coded from party_keyed)"""
    )


def renamed_keys(engine: duckdb.DuckDBPyConnection, renamed: str) -> None:
    """Makes ``party_renamed``: the keys of names before and after a change that the records tell."""
    told = [
        (key_of(before).key, key_of(after).key)
        for before, after in engine.execute(f"select before, after from {renamed}").fetchall()
    ]
    engine.execute("create or replace table party_renamed (before varchar, after varchar)")
    if told:
        engine.execute(
            "insert into party_renamed select unnest(?), unnest(?)", [[one for one, _ in told], [one for _, one in told]]
        )
