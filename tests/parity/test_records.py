"""Every sample of real records is read with its account balanced, and says what a person reads in it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tidu.records.load import Account, read
from tidu.records.store import Store

pytestmark = pytest.mark.reference
GOLDEN = Path(__file__).parent / "golden"
#: Folder of samples → its files, the golden file, and the records that its notes name as traps, by line or byte.
SAMPLES: dict[str, tuple[str, ...]] = {
    "cnipa_xml": ("*.xml", "*.XML"),
    "cn_list_csv": ("*.csv",),
    "uspto_grant": ("*.xml", "*.txt", "*.greenbook"),
    "uspto_application": ("*.xml",),
    "uspto_assignment": ("*.xml",),
    "uspto_odp_json": ("*.json",),
    "epo_docdb": ("*.xml",),
    "epo_ops": ("*.xml",),
    "wipo_st36": ("*.xml",),
    "wipo_st96": ("*.xml",),
    "espacenet_csv": ("*.csv",),
    "lens_csv": ("*.csv",),
    "wipo_landscape_csv": ("*.csv",),
    "patentsview": ("raw_inventor_a.tsv",),
}
GOLDEN_OF = {"cn_list_csv": "cn_list"}
#: Quarantined on purpose: folder → file → lines.
TRAPS: dict[str, dict[str, tuple[int, ...]]] = {
    # no applicant, so no key
    "cn_list_csv": {"cn_patent_list_2025.csv": (1698, 1704)},
    # the office purges this record (purge-indicator Y)
    "uspto_assignment": {"ad20150727_sample.xml": (65,)},
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> dict[str, tuple[Store, list[Account]]]:
    """Folder of samples → its store and the accounts of its files."""
    made = {}
    for folder, patterns in SAMPLES.items():
        store = Store(tmp_path_factory.mktemp(folder))
        paths = sorted({path for pattern in patterns for path in (evidence / "data" / "patents" / folder).glob(pattern)})
        made[folder] = (store, read(paths, store))
    return made


@pytest.mark.parametrize("folder", SAMPLES)
def test_every_account_balances_and_all_but_the_traps_are_good(folder: str, loaded: dict[str, tuple[Store, list[Account]]]) -> None:
    store, accounts = loaded[folder]
    assert accounts
    for account, load in zip(accounts, store.manifest(), strict=True):
        assert account.balanced and account.read, account.file
        aside = store.loads / load["load"] / "quarantine.parquet"
        lines = tuple(line for (line,) in duckdb.sql(f"select line from read_parquet('{aside}') order by line").fetchall())
        assert lines == TRAPS.get(folder, {}).get(account.file, ()), account.file
        assert account.good + account.repeats >= 0.99 * account.read or lines


def _golden() -> list[tuple[str, dict[str, Any]]]:
    return [
        (folder, record)
        for folder in SAMPLES
        for record in tomllib.loads((GOLDEN / f"{GOLDEN_OF.get(folder, folder)}.toml").read_text(encoding="utf-8"))["record"]
    ]


@pytest.mark.parametrize(("folder", "record"), _golden())
def test_a_record_says_what_a_person_reads(
    folder: str, record: dict[str, Any], loaded: dict[str, tuple[Store, list[Account]]]
) -> None:
    store, accounts = loaded[folder]
    at = next(at for at, account in enumerate(accounts) if account.file == record["file"])
    load = store.loads / store.manifest()[at]["load"]
    con = duckdb.connect()

    def rows(query: str) -> list[tuple[Any, ...]]:
        return con.execute(query).fetchall()

    if "line" in record:
        (number,) = rows(f"select record from '{load}/source.parquet' where line = {record['line']}")[0]
    else:
        (number,) = rows(f"select record from '{load}/patent.parquet' where appno = '{record['appno']}'")[0]
    said: dict[str, Any] = {}
    if (load / "patent.parquet").exists():
        patent = con.sql(f"select * from '{load}/patent.parquet' where record = {number}")
        found_patents = patent.fetchall()
        said = dict(zip(patent.columns, found_patents[0], strict=True)) if found_patents else {}
    if "right" in record:
        own = record["right"]
        columns = ", ".join(f"cast({one} as varchar)" for one in own)
        assert rows(f"select {columns} from '{load}/right.parquet' where record = {number}") == [tuple(own.values())]
    if "parties" in record:
        found = rows(
            f"select appno, role, seq, name, person from '{load}/party.parquet' where record = {number} order by role, seq"
        )
        assert [list(one) for one in found] == record["parties"]
    if "all_events" in record:
        columns = "code, coalesce(cast(effective as varchar), ''), cast(published as varchar), detail"
        found = rows(f"select {columns} from '{load}/event.parquet' where record = {number} order by seq")
        assert [list(one) for one in found][: len(record["all_events"])] == record["all_events"]
    if "family" in record:
        assert said["family"] == record["family"]
    for key in ("appno", "kind", "route", "title", "authority"):
        if key in record:
            assert said[key] == record[key], key
    for key in ("filing", "earliest_priority", "granted", "first_publication"):
        if key in record:
            assert said[key] == date.fromisoformat(record[key]), key
    if "claims" in record:
        assert said["claims"] == record["claims"]
    for role, key in (("applicant", "applicants"), ("assignee", "assignees")):
        if key in record:
            found = rows(
                f"select name, address from '{load}/party.parquet' where record = {number} and role = '{role}' order by seq"
            )
            assert [list(one[: len(own)]) for one, own in zip(found, record[key], strict=True)] == record[key]
    for role, key in (("inventor", "inventors"), ("agent", "agents")):
        if key in record:
            names = [
                name
                for (name,) in rows(
                    f"select name from '{load}/party.parquet' where record = {number} and role = '{role}' order by seq"
                )
            ]
            assert names == record[key]
    if "publication" in record:
        whole = rows(f"select authority, number, kind, published from '{load}/publication.parquet' where record = {number}")
        assert [*whole[0][:3], whole[0][3].isoformat()] == record["publication"]
    if "classes" in record:
        assert [
            one for (one,) in rows(f"select symbol from '{load}/class.parquet' where record = {number} order by scheme, seq")
        ] == record["classes"]
    if "priorities" in record:
        whole = rows(f"select authority, number, claimed from '{load}/priority.parquet' where record = {number} order by all")
        assert [[office, text, day.isoformat()] for office, text, day in whole] == record["priorities"]
    if "citations" in record:
        found = rows(f"select coalesce(cited, literature) from '{load}/citation.parquet' where record = {number} order by seq")
        assert [one for (one,) in found] == record["citations"]
    if "countries" in record:
        found = rows(
            f"select name, country from '{load}/party.parquet' where record = {number} and role <> 'agent' order by name, country"
        )
        assert sorted({tuple(one) for one in found}) == sorted(tuple(one) for one in record["countries"])
    if "publications" in record:
        columns = "authority, number, coalesce(kind, ''), coalesce(cast(published as varchar), '')"
        whole = rows(f"select {columns} from '{load}/publication.parquet' where record = {number} order by published, kind")
        assert [list(one) for one in whole] == record["publications"]
    if "events" in record:
        days = "cast(effective as varchar), cast(published as varchar)"
        columns = f"appno, code, {days}, contract, giver, taker, taker_address, taker_country"
        found = rows(f"select {columns} from '{load}/event.parquet' where record = {number} and contract is not null order by seq")
        assert [list(one) for one in found][: len(record["events"])] == record["events"]
    if "event_count" in record:
        assert rows(f"select count(*) from '{load}/event.parquet' where record = {number}") == [(record["event_count"],)]
