"""A chunk as lists: headings that readers know, and the dirt that was drawn."""

from __future__ import annotations

import duckdb
import pytest

from tidu.records.profiles import profile_of
from tidu.records.synth import sheets
from tidu.records.synth.draws import Drawn
from tidu.records.synth.texts import fault_of


def test_every_list_is_told_by_its_headings_and_no_heading_is_unknown() -> None:
    heads = {"incopat": tuple(sheets.PATENTS)}
    names = {"transfers": "cn_transfers", "licences": "cn_licences", "pledges": "cn_pledges"}
    names |= {"open-licences": "cn_open_licence", "contracts": "cn_contracts"}
    heads |= {names[name]: columns for name, (columns, _) in sheets.notices().items()}
    for code, columns in heads.items():
        found = profile_of(columns)
        assert found is not None and found.code == code
        assert found.fits(columns) == len(columns), code


def test_rows_have_as_many_cells_as_headings(engine: duckdb.DuckDBPyConnection) -> None:
    sheets.compose(engine)
    assert len(engine.execute(sheets.patents(2020)).description) == len(sheets.PATENTS)
    for name, (columns, query) in sheets.notices().items():
        assert len(engine.execute(query).description) == len(columns), name


@pytest.mark.parametrize(("fault", "where"), [(1, "not contains(申请号, '.')"), (3, "contains(申请日, '.13.')")])
def test_the_dirt_is_as_drawn(engine: duckdb.DuckDBPyConnection, facts: Drawn, fault: int, where: str) -> None:
    sheets.compose(engine)
    count = int((fault_of(facts) == fault).sum())
    assert engine.sql(f"select count(*) from listed where {where}").fetchall() == [(count,)]


def test_repeats_stand_at_the_end(engine: duckdb.DuckDBPyConnection, facts: Drawn) -> None:
    sheets.compose(engine)
    rows = sum(len(engine.execute(sheets.patents(year)).fetchall()) for year in range(2015, 2023))
    assert rows == 4000 + int((fault_of(facts) == 4).sum()) > 4000


def test_a_pledge_notice_covers_all_patents_of_its_contract(engine: duckdb.DuckDBPyConnection, facts: Drawn) -> None:
    _, query = sheets.notices()["pledges"]
    rows = engine.execute(query).fetchall()
    covered = sum(len(row[0].split("、")) for row in rows if row[1] == "生效")
    assert covered == int((facts["pledge"] >= 0).sum()) > 0
    assert all(row[7] is not None and row[7] > 0 for row in rows if row[1] == "生效")
