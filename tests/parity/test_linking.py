"""All samples of real records in one store, linked: what a person reads in the files stands in the linked tables."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tidu.core.errors import DataError
from tidu.records.linking.link import Linked, link
from tidu.records.load import read
from tidu.records.sources import recognised
from tidu.records.store import Store

pytestmark = [pytest.mark.reference, pytest.mark.slow]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Linked:
    store = Store(tmp_path_factory.mktemp("all"))
    for path in sorted((evidence / "data" / "patents").rglob("*.*")):
        if path.suffix in (".md", ".xlsx", ".txt") and not path.name.startswith("pftaps"):
            continue
        try:
            recognised(path, None)
        except DataError:
            continue
        read([path], store)
    return link(store)


def rows(linked: Linked, query: str) -> list[tuple[str, ...]]:
    engine = duckdb.connect()
    for path in linked.folder.glob("*.parquet"):
        engine.execute(f"create view \"{path.stem}\" as select * from read_parquet('{path}')")
    return [tuple(str(one) for one in row) for row in engine.execute(query).fetchall()]


def test_a_grant_of_1976_was_in_force_for_17_years(linked: Linked) -> None:
    """US 3937375 (APN 5184541, series 5): filed 1974-10-29, issued 1976-02-10, three claims."""
    found = rows(linked, "select title, filing, granted, claims, ended from application where appno = 'US05518454'")
    assert found == [("Bumper support for a boat loader", "1974-10-29", "1976-02-10", "3", "1993-02-10")]
    assert rows(linked, """select "from", "to" from state where appno = 'US05518454'""") == [("1976-02-10", "1993-02-10")]


def test_chinese_publications(linked: Linked) -> None:
    """Both documents are A, so neither application is granted by them; the second claims priority of 2007-11-02."""
    columns = "appno, kind, route, filing, earliest_priority, first_publication, granted"
    found = rows(linked, f"select {columns} from application where appno in ('200880114428', '201510481495') order by appno")
    assert found == [
        ("200880114428", "invention", "pct", "2008-10-29", "2007-11-02", "2014-01-01", "None"),
        ("201510481495", "invention", "national", "2015-08-07", "2015-08-07", "2022-10-21", "None"),
    ]
    party = "select name, city, method from party where appno = '201510481495' and role = 'applicant'"
    assert rows(linked, party) == [("北京大基康明医疗设备有限公司", "110000", "printed")]


def test_inventors_then_assignees_at_grant_own_a_patent(linked: Linked) -> None:
    found = rows(linked, """select name, "from", "to" from owner where appno = 'US09832323' order by from_day""")
    assert found == [("Croy, John Charles", "2001-04-10", "2005-02-22"), ("Bluestreak.com", "2005-02-22", "None")]


def test_keys_are_unique_and_what_is_told_of_an_application_is_of_one(linked: Linked) -> None:
    keys = {
        "application": "appno",
        "party": "appno, role, seq",
        "class": "appno, scheme, symbol",
        "citation": "appno, seq",
        "event": "appno, seq",
        "state": "appno, state, from_day",
        "owner": "appno, seq, from_day",
    }
    for table, key in keys.items():
        assert rows(linked, f"select {key} from {table} group by {key} having count(*) > 1") == [], table
    overlap = "a.appno = b.appno and a.state = b.state and a.from_day < b.from_day and a.to_day > b.from_day"
    assert rows(linked, f"select a.appno from state a join state b on {overlap}") == []
    assert (
        rows(
            linked,
            "select appno from citation where cited_appno is not null and cited_appno not in (select appno from application)",
        )
        == []
    )
