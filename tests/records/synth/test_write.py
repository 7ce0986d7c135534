"""The whole way: made, read or loaded, linked, measured; what was drawn comes out again, and an index is built on it."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.compute import Measured, measured
from tidu.indicators.measure_file import read_order
from tidu.indicators.measures.records import Records
from tidu.records.linking.link import link
from tidu.records.load import Account, read
from tidu.records.store import Store
from tidu.records.synth import write
from tidu.records.synth.nation import Nation
from tidu.records.synth.write import synthesise

PROVINCE = Nation(1500, 4, 2016, 2020, "330000")
FRAME = """[frame]
first = 2016
last = 2021
[measure.filed]
of = "filings"
[measure.inventions]
of = "filings"
kind = "invention"
[measure.granted]
of = "grants"
kind = "utility_model"
[measure.transferred]
of = "transfers_out"
"""
INDEX = """[index]
code = "synthetic"
title = { zh = "虚构", en = "synthetic" }
[indicator.inventions]
better = "higher"
[indicator.granted]
better = "higher"
[indicator.transferred]
better = "higher"
"""


def truth(folder: Path, column: str, kind: str | None = None) -> Counter[tuple[str, str]]:
    """Counts by city and year as they were drawn."""
    found: Counter[tuple[str, str]] = Counter()
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert "虚构" in row["note"]
            if kind in (None, row["kind"]):
                found[row["unit"], row["period"]] += int(row[column])
    return found


def figures(store: Store, folder: Path) -> Measured:
    link(store, threads=1)
    (folder / "frame.toml").write_text(FRAME, encoding="utf-8")
    engine = open_engine("duckdb")
    try:
        return measured(Records(engine, store.folder / "linked"), read_order(folder / "frame.toml"))
    finally:
        engine.close()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Account], Measured]:
    """The province as lists, read, linked and measured."""
    folder = tmp_path_factory.mktemp("province")
    made = synthesise(PROVINCE, folder / "made")
    store = Store(folder / "store")
    accounts = read([folder / "made" / name for name in made.files], store)
    return folder / "made", accounts, figures(store, folder)


@pytest.mark.slow
def test_lists_balance_and_only_what_was_spoilt_is_put_aside(province: tuple[Path, list[Account], Measured]) -> None:
    folder, accounts, _ = province
    assert all(one.balanced for one in accounts)
    patents = [one for one in accounts if one.kind == "incopat"]
    assert len(patents) == 5 and {one.kind for one in accounts} == {"incopat", "cn_contracts", "cn_licences", "cn_open_licence"} | {
        "cn_pledges",
        "cn_transfers",
    }
    good = sum(one.good for one in patents)
    assert sum(one.read for one in patents) == 1500 + sum(one.repeats for one in patents)
    assert good + sum(one.quarantined for one in patents) == 1500 and sum(one.quarantined for one in patents) > 0
    assert {code for one in accounts for code in one.reasons if one.quarantined} <= {
        "check_digit_wrong",
        "filing_unreadable",
        "check_digit_lacking",
        "publication_before_filing",
    }
    assert sum(truth(folder, "filed").values()) == good


@pytest.mark.slow
def test_what_was_drawn_is_measured_again(province: tuple[Path, list[Account], Measured]) -> None:
    """By year nothing is lost: cities and what has no city add up to what was drawn. No city has more than it was drawn."""
    folder, _, found = province
    panel = found.panel
    for at, (column, part, kind) in enumerate(
        (("filed", "filed", None), ("inventions", "filed", "invention"), ("granted", "granted", "utility_model"))
    ):
        drawn = truth(folder, part, kind)
        told = {
            (unit, period): panel.values[u, t, panel.position(column)]
            for u, unit in enumerate(panel.units)
            for t, period in enumerate(panel.periods)
        }
        lost = found.accounts[at].unresolved
        whole = sum(count for (_, period), count in drawn.items() if period in panel.periods)
        assert found.accounts[at].total == whole and lost < 0.03
        assert all(value <= drawn[cell] for cell, value in told.items() if value == value)


@pytest.mark.slow
def test_an_index_is_built_on_the_measured_columns(province: tuple[Path, list[Account], Measured]) -> None:
    folder, _, found = province
    path = folder.parent / "index.toml"
    path.write_text(INDEX, encoding="utf-8")
    index = build(Framework.load(path), found.panel.select(periods=["2020"]))
    ranks = index.rank(period=2020)
    # the sizes of cities are real, so the capital comes first: china/cities.csv 2023 has it first of the province by far
    assert ranks["330100"] == 1 and len(ranks) == 11


@pytest.mark.slow
def test_loads_measure_what_was_drawn_with_members_abroad(tmp_path: Path) -> None:
    synthesise(PROVINCE, tmp_path / "store", "loads")
    found = figures(Store(tmp_path / "store"), tmp_path)
    drawn = truth(tmp_path / "store", "filed") + truth(tmp_path / "store", "members")
    whole = sum(count for (_, period), count in drawn.items() if period in found.panel.periods)
    assert found.accounts[0].total == whole > 1500


def test_chunks_make_loads_that_go_on_where_they_stopped(tmp_path: Path) -> None:
    nation = Nation(250, 4, 2019, 2020, chunk=100)
    stopped: list[int] = []

    def stop(count: int) -> None:
        stopped.append(count)
        if count == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesise(nation, tmp_path, "loads", progress=stop)
    store = Store(tmp_path)
    assert stopped == [100, 200] and len(store.manifest()) == 2
    first = store.manifest()
    assert synthesise(nation, tmp_path, "loads").files == [one["file"] for one in store.manifest()]
    assert store.manifest()[:2] == first and sum(one["good"] for one in store.manifest()) == 262
    assert all(one["kind"] == "synthetic" for one in store.manifest())
    assert "虚构" in (tmp_path / "synthetic.txt").read_text(encoding="utf-8")


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its place in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    nation = Nation(120, 4, 2019, 2020)
    for name in ("a", "b"):
        synthesise(nation, tmp_path / name)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b") and len(bytes_of(tmp_path / "a")) == 9


@pytest.mark.slow
def test_loads_are_the_same_bytes_whatever_the_memory(tmp_path: Path) -> None:
    """So many rows that several threads write them."""
    nation = Nation(20_000, 4, 2019, 2020)
    for name, memory in (("a", "300MB"), ("b", "1GB"), ("c", "1GB")):
        synthesise(nation, tmp_path / name, "loads", memory=memory)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b") == bytes_of(tmp_path / "c")


@pytest.mark.slow
def test_workbooks_and_gb18030_say_the_same_as_lists(tmp_path: Path) -> None:
    nation = Nation(60, 4, 2020, 2020)
    synthesise(nation, tmp_path / "plain")
    synthesise(nation, tmp_path / "wide", encoding="gb18030")
    synthesise(nation, tmp_path / "book", "workbook")
    name = "export/synthetic-patents-2020"
    plain = (tmp_path / "plain" / f"{name}.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "wide" / f"{name}.csv").read_text(encoding="gb18030") == plain
    accounts = read([tmp_path / "book" / f"{name}.xlsx", tmp_path / "wide" / f"{name}.csv"], Store(tmp_path / "store"))
    assert accounts[0].good == accounts[0].read - accounts[0].repeats - accounts[0].quarantined > 50
    # every row of the second file was said by the first one
    assert accounts[1].good == 0


@pytest.mark.slow
def test_synthetic_records_never_stand_beside_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nation = Nation(30, 4, 2020, 2020)
    synthesise(nation, tmp_path / "one", "loads")
    made = synthesise(nation, tmp_path / "lists")
    read([tmp_path / "lists" / made.files[0]], Store(tmp_path / "two"))
    monkeypatch.setattr(write, "LONGEST", 20)
    for out, form, encoding, code in (
        (tmp_path / "two", "loads", "utf-8", "synth_store"),
        (tmp_path / "lists", "list", "utf-8", "folder_not_empty"),
        (tmp_path / "new", "parquet", "utf-8", "synth_form"),
        (tmp_path / "new", "list", "gbk", "synth_encoding"),
        (tmp_path / "new", "workbook", "utf-8", "synth_workbook"),
    ):
        with pytest.raises(UsageError) as caught:
            synthesise(nation, out, form, encoding=encoding)
        assert caught.value.code == code
    with pytest.raises(UsageError) as caught:
        synthesise(Nation(30, 5, 2020, 2020), tmp_path / "one", "loads")
    assert caught.value.code == "synth_store"
