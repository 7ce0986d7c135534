"""The workbench of linking: an engine, the rows of all loads as views, and every table on the way kept as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidu.engine import connect, named, quoted
from tidu.records.foreign_numbers import MACROS as FOREIGN
from tidu.records.linked import LINKED, OPEN
from tidu.records.schema import TABLES, TYPES, Table
from tidu.records.store import Store

#: What the engine does with names and with the numbers of publications.
MACROS = (
    # a name as it is compared: letters and digits alone, capital, of one width
    r"""create macro folded(x) as nullif(regexp_replace(upper(translate(x,
    'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')), '[\s\p{P}\p{S}]', '', 'g'), '')""",
    # the parts of names that stand side by side
    r"create macro parted(x) as list_filter(list_transform(regexp_split_to_array(x, '\s*[;；]\s*'), lambda y: trim(y)),"
    " lambda y: y <> '')",
    # a publication as office and number, in one form whoever writes it; its kind left out
    r"""create macro publication_number(office, number) as office || case
    when office = 'US' and regexp_matches(number, '^20\d{8}$') then left(number, 4) || '0' || substr(number, 5)
    when office = 'WO' and regexp_matches(number, '^\d{7}$')
    then case when number >= '78' then '19' else '20' end || left(number, 2) || '0' || substr(number, 3)
    when office = 'WO' and regexp_matches(number, '^(19|20)\d{7}$') then left(number, 4) || '0' || substr(number, 5)
    when office = 'EP' and regexp_matches(number, '^\d{1,6}$') then lpad(number, 7, '0')
    when regexp_matches(number, '^0+[1-9]\d*$') then ltrim(number, '0')
    else number end""",
    r"create macro plain_number(x) as regexp_replace(upper(x), '[^A-Z0-9]', '', 'g')",
    r"create macro printed_number(office, number) as case when starts_with(plain_number(number), office)"
    " then substr(plain_number(number), 3) else plain_number(number) end",
    # a publication as it is cited: office, number, letter of its kind
    r"create macro cited_parts(x) as regexp_extract(plain_number(x), '^([A-Z]{2})([A-Z]{0,2}\d+)([A-Z]\d?)?$',"
    " ['office', 'number', 'kind'])",
    # which document of two tells the later word: its day of publication, then its load, then its place in the load
    "create macro later(day, load, record) as (coalesce(day, -50000) + 100000)::hugeint * 10000000000000000"
    " + load::hugeint * 10000000000 + record",
    "create macro to_date(day) as date '1970-01-01' + cast(day as integer)",
)


class Workbench:
    """An engine over the loads of a store; ``folder`` takes what is on the way, ``made`` the finished tables.

    Every canonical table is there as a view ``raw_T``: its columns, ``load`` (the number of its load) and ``record``.
    ``counts`` is the account of what was found.
    """

    def __init__(self, store: Store, folder: Path, memory: str = "1GB", threads: int | None = None) -> None:
        self.folder, self.made = folder / "work", folder / "linked"
        for one in (self.folder, self.made):
            one.mkdir(parents=True)
        self.counts: dict[str, Any] = {}
        self.engine = connect(memory, threads, self.folder / "spill")
        for macro in (*FOREIGN, *MACROS):
            self.engine.execute(macro)
        loads = [(at, one["kind"]) for at, one in enumerate(store.manifest(), 1)]
        self.table("loads", ("load integer", "kind varchar"), loads)
        for name, table in TABLES.items():
            self.engine.execute(f"create view {named('raw_' + name)} as {_rows(table, store.files(name))}")

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Makes a small table of rows that are given."""
        self.engine.execute(f"create or replace table {named(name)} ({', '.join(columns)})")
        if rows:
            self.engine.executemany(f"insert into {named(name)} values ({', '.join('?' * len(columns))})", rows)

    def keep(self, name: str, query: str) -> None:
        """Keeps what a query answers as Parquet, under a name that later queries read."""
        path = self.folder / f"{name}.parquet"
        self.engine.execute("set preserve_insertion_order = false")
        self.engine.execute(f"copy ({query}) to {quoted(str(path))} (format parquet, compression lz4)")
        self.engine.execute(f"create or replace view {named(name)} as select * from read_parquet({quoted(str(path))})")

    def finish(self, name: str, query: str) -> None:
        """Writes a finished table, sorted by all that tells its rows apart, so that the same rows are the same bytes.

        The query gives each date as its day number; an open end is :data:`tidu.records.linked.OPEN` and no date.
        """
        columns = []
        for column in LINKED[name].columns:
            own = named(column.name)
            if column.kind == "date":
                day = named(column.name + "_day")
                columns.append(f"case when {day} <> {OPEN} then to_date({day}) end as {own}")
                columns.append(f"cast({day} as integer) as {day}")
            else:
                columns.append(f"cast({own} as {TYPES[column.kind]}) as {own}")
        path = self.made / f"{name}.parquet"
        key = ", ".join(named(one + "_day" if LINKED[name].column(one).kind == "date" else one) for one in LINKED[name].key)
        self.engine.execute("set preserve_insertion_order = true")
        self.engine.execute(
            f"copy (select {', '.join(columns)} from ({query}) order by {key})"
            f" to {quoted(str(path))} (format parquet, compression zstd)"
        )
        self.engine.execute(f"create or replace view {named('linked_' + name)} as select * from read_parquet({quoted(str(path))})")
        self.counts[name] = self.count(f"select count(*) from {named('linked_' + name)}")

    def count(self, query: str) -> int:
        """The one number that a query answers."""
        return int(self.engine.execute(query).fetchall()[0][0])

    def close(self) -> None:
        """Lets go of the engine."""
        self.engine.close()


def _rows(table: Table, files: Sequence[Path]) -> str:
    """The query of a canonical table over all loads; a table that no load speaks of is empty."""
    if not files:
        columns = [f"cast(null as {TYPES[one.kind]}) as {named(one.name)}" for one in table.columns]
        columns += [f"cast(null as integer) as {named(one.name + '_day')}" for one in table.columns if one.kind == "date"]
        return f"select 0 as load, cast(0 as bigint) as record, {', '.join(columns)} where false"
    listed = ", ".join(quoted(str(file)) for file in files)
    return (
        r"select cast(regexp_extract(filename, '(\d{6,})-[0-9a-f]{12}', 1) as integer) as load, * exclude (filename)"
        f" from read_parquet([{listed}], union_by_name = true, filename = true)"
    )
