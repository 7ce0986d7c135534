"""Linking at one stroke: the same bytes again, a death that leaves what stood there, an account that adds up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tidu.core.errors import DataError, UsageError
from tidu.records.linked import ACCOUNT, FOLDER, LINKED, folder_of
from tidu.records.linking.link import link, read_linked
from tidu.records.store import Store

#: Synthetic.
ONE = {
    "patent": [
        {"appno": "201010000001", "authority": "CN", "title": "装置", "filing": "2010-01-04", "granted": "2012-05-02"},
        {"record": 2, "appno": "201020000002", "authority": "CN", "title": "方法", "filing": "2010-02-04"},
    ],
    "party": [
        {"appno": "201010000001", "role": "applicant", "seq": 1, "name": "虚构甲公司", "address": "浙江省杭州市虚构路1号"},
        {"record": 2, "appno": "201020000002", "role": "applicant", "seq": 1, "name": "虚构甲公司"},
        {"record": 2, "appno": "201020000002", "role": "inventor", "seq": 1, "name": "张三"},
    ],
    "event": [{"appno": "201010000001", "code": "XX99", "published": "2013-01-01"}],
}
TWO = {"patent": [{"appno": "200910000001", "authority": "CN", "title": "材料", "filing": "2009-01-05"}]}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_linking_again_gives_the_same_bytes_and_every_table_of_the_contract(storing: Callable[..., Store]) -> None:
    store = storing(("incopat", ONE), ("incopat", TWO))
    first = link(store, threads=2)
    before = files(first.folder)
    assert set(before) == {f"{name}.parquet" for name in LINKED} | {ACCOUNT}
    assert files(link(store, threads=1).folder) == before
    assert read_linked(store).counts == first.counts and not list((store.folder / "scratch").iterdir())


def test_the_account_by_hand(storing: Callable[..., Store]) -> None:
    store = storing(("incopat", ONE))
    made = link(store)
    counts = made.counts
    told = {key: counts[key] for key in ("applications", "documents", "events_of_unknown_code", "unknown_codes", "entities")}
    assert told == {"applications": 2, "documents": 2, "events_of_unknown_code": 1, "unknown_codes": {"CN XX99": 1}, "entities": 1}
    assert counts["cities"] == {"applicant": {"address": 1, "modal": 1}, "inventor": {"unresolved": 1}}
    assert counts["states"] == {"in_force": 1} and counts["owner"] == 2
    account = json.loads((made.folder / ACCOUNT).read_text(encoding="utf-8"))
    assert account["methods"] == {"locate": "tidu.records.linking.plain.locate", "identify": "tidu.records.linking.plain.identify"}
    assert account["vintage"] == 2024 and account["loads"] == [store.manifest()[0]["load"]]


def test_loads_that_came_since_are_told(storing: Callable[..., Store]) -> None:
    store = storing(("incopat", ONE))
    made = link(store)
    assert not made.stale(store) and made.stale(storing(("incopat", ONE), ("incopat", TWO)))


def test_a_locator_and_a_linker_are_asked_each_text_once(storing: Callable[..., Store]) -> None:
    asked: dict[str, list[object]] = {}

    def locate(engine: object, questions: str, vintage: int) -> str:
        asked["places"] = engine.execute(f"select address, year from {questions}").fetchall()  # type: ignore[attr-defined]
        return f"select id, '330200' as city, '330203' as city_then, 'alias' as method, 0.7 as confidence from {questions}"

    def identify(engine: object, questions: str, renamed: str) -> str:
        asked["names"] = engine.execute(f"select name, city from {questions}").fetchall()  # type: ignore[attr-defined]
        return f"""select id, 'E1' as entity, 'G1' as "group", 'company' as type from {questions}"""

    made = link(storing(("incopat", ONE)), locate=locate, identify=identify)
    assert asked == {"places": [("浙江省杭州市虚构路1号", 2010)], "names": [("虚构甲公司", "330200")]}
    import duckdb

    found = duckdb.execute(
        f"""select name, entity, "group", city, city_then, method from '{made.folder}/party.parquet' where role = 'applicant'"""
    ).fetchall()
    assert found == [
        ("虚构甲公司", "E1", "G1", "330200", "330203", "alias"),
        ("虚构甲公司", "E1", "G1", "330200", "330203", "modal"),
    ]


def test_an_empty_store_and_one_that_is_not_linked(tmp_path: Path, storing: Callable[..., Store]) -> None:
    with pytest.raises(UsageError) as caught:
        link(Store(tmp_path / "none"))
    assert caught.value.code == "nothing_to_link"
    with pytest.raises(UsageError) as caught:
        read_linked(storing(("incopat", TWO)))
    assert caught.value.code == "not_linked"
    store = storing(("incopat", TWO))
    made = link(store)
    (made.folder / ACCOUNT).write_text('{"form": 9}', encoding="utf-8")
    with pytest.raises(DataError) as wrong:
        read_linked(store)
    assert wrong.value.code == "linked_form"


#: Where the process dies: while tables are made, before they move in, between the moves, and before the old ones are swept away.
MOMENTS = {
    "while tables are made": "links.states.states = die",
    "before they move in": "links._swap = die",
    "between the moves": "Path.rename = lambda own, to: (os.rename(own, to), die())[0]",
    "before the old ones go": "import shutil; real = shutil.rmtree; links.shutil.rmtree = die",
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_is_killed_leaves_whole_tables(moment: str, storing: Callable[..., Store]) -> None:
    store = storing(("incopat", ONE))
    before = files(link(store).folder)
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tidu.records.linking import link as links; from tidu.records.store import Store\n"
        "def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{MOMENTS[moment]}\nlinks.link(Store(Path(sys.argv[1])), vintage=2020)"
    )
    run = subprocess.run([sys.executable, "-c", program, store.folder], capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL
    found = files(folder_of(store.folder))
    assert {name: data for name, data in found.items() if name != ACCOUNT} == {
        name: data for name, data in before.items() if name != ACCOUNT
    }
    vintage = read_linked(store).vintage
    assert vintage == (2020 if moment == "before the old ones go" else 2024)
    assert files(link(store).folder) == before and not (store.folder / (FOLDER + ".before")).exists()
