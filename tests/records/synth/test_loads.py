"""A chunk as a load: every canonical column with its type, and rows that hang together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tidu.engine import quoted
from tidu.records.schema import TABLES, TYPES
from tidu.records.synth.draws import Drawn, day
from tidu.records.synth.loads import EVENTS, queries, written
from tidu.records.synth.nation import Nation


@pytest.fixture(scope="module")
def tables(
    engine: duckdb.DuckDBPyConnection, nation: Nation, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    folder: Path = tmp_path_factory.mktemp("load")
    written(engine, folder, day(nation.until))
    made = duckdb.connect()
    for path in folder.glob("*.parquet"):
        made.execute(f'create view "{path.stem}" as select * from read_parquet({quoted(str(path))})')
    return made


def test_columns_are_those_of_the_canonical_tables(tables: duckdb.DuckDBPyConnection, nation: Nation) -> None:
    for name in queries(day(nation.until)):
        expected = [("record", "BIGINT")]
        for one in TABLES[name].columns:
            expected.append((one.name, TYPES[one.kind]))
            if one.kind == "date":
                expected.append((f"{one.name}_day", "INTEGER"))
        assert [row[:2] for row in tables.execute(f'describe "{name}"').fetchall()] == expected, name


def test_every_row_hangs_on_a_patent_of_its_record(tables: duckdb.DuckDBPyConnection) -> None:
    for name in ("party", "publication", "class", "priority", "citation", "event"):
        lost = tables.execute(f'select count(*) from "{name}" anti join patent using (record, appno)').fetchall()
        assert lost == [(0,)], name
    assert tables.execute("select count(*), count(distinct record) from patent where authority = 'CN'").fetchall() == [(4000, 4000)]
    assert tables.execute("select count(*), count(distinct appno) from patent").fetchall()[0][0] > 4100
    assert tables.execute("select count(*) - count(distinct appno) from patent").fetchall() == [(0,)]


def test_members_abroad_claim_the_first_filing(tables: duckdb.DuckDBPyConnection, facts: Drawn) -> None:
    found = tables.execute(
        "select count(*), count(*) filter (p.number = o.appno and p.claimed = o.filing and m.family = o.family)"
        " from patent m join priority p using (appno) join patent o on o.appno = p.number where m.authority <> 'CN'"
    ).fetchall()[0]
    assert found[0] == found[1] == tables.execute("select count(*) from patent where authority <> 'CN'").fetchall()[0][0] > 100
    assert found[0] <= int(facts["members"].sum())


def test_events_are_as_many_as_were_drawn(tables: duckdb.DuckDBPyConnection, facts: Drawn) -> None:
    told = dict(tables.execute("select code, count(*) from event group by code").fetchall())
    assert told == {code: int((facts[name] >= 0).sum()) for code, name, *_ in EVENTS}


def test_cited_publications_are_printed_by_their_own_letters(tables: duckdb.DuckDBPyConnection) -> None:
    found = tables.execute(
        "select count(*) from citation c left join publication p on p.number || p.kind = substr(c.cited, 3)"
        " where starts_with(c.cited, 'CN') and p.appno is null"
    ).fetchall()
    assert found == [(0,)]
