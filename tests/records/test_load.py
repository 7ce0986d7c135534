"""Nothing is lost: accounts balance, repeats are told, what was read before is not read again."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidu.core.errors import DataError, UsageError
from tidu.records.load import Account, digest_of, read
from tidu.records.store import Store

HEAD = ["专利名称", "发明人", "申请人", "申请日", "公开日"]
GOOD = [f"一种装置{at}" for at in range(4)]


def written(path: Path, rows: list[list[str]], head: list[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def lines() -> list[list[str]]:
    return [[title, "张三;;李四", "甲公司;乙公司", "2020.1.5", "2021-06-01"] for title in GOOD]


def test_an_account_by_hand(tmp_path: Path) -> None:
    rows = [
        *lines(),
        lines()[0],
        HEAD,
        ["无日期", "张三", "甲公司", "2020-02-30", ""],
        ["短行", "x"],
        ["无人", "", "", "2020-01-01", ""],
    ]
    account = read([written(tmp_path / "a.csv", rows)], Store(tmp_path / "s"))[0]
    assert (account.read, account.good, account.quarantined, account.repeats, account.blank) == (9, 4, 3, 1, 1)
    assert account.balanced and account.kind == "cn_list"
    assert {code: account.reasons[code] for code in ("fields", "filing_unreadable", "no_key")} == {
        "fields": 1,
        "filing_unreadable": 1,
        "no_key": 1,
    }


def test_rows_are_typed_and_say_where_they_stood(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = written(tmp_path / "a.csv", lines())
    read([path], store)
    patent, party, source = (
        duckdb.sql(f"select * from read_parquet('{store.files(name)[0]}')") for name in ("patent", "party", "source")
    )
    assert [str(day) for (day,) in patent.project("filing").fetchall()] == ["2020-01-05"] * 4
    assert patent.project("filing_day").fetchall() == [(18266,)] * 4
    assert party.filter("record = 1").project("role, seq, name").fetchall() == [
        ("applicant", 1, "甲公司"),
        ("applicant", 2, "乙公司"),
        ("inventor", 1, "张三"),
        ("inventor", 2, "李四"),
    ]
    raw = path.read_bytes()
    for line, byte in source.project("line, byte").fetchall():
        assert raw[byte:].decode().startswith(GOOD[line - 2])


def test_good_rows_are_kept_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Some rows are repeats, some wrong and two the heading again; parties stand role by role. Twice gives the same bytes."""
    rows = [
        [f"题{k % 90_000}", "张三", f"公司{k % 90_000}", "2020-02-30" if k % 7 == 0 else "2020-01-05", ""] for k in range(100_000)
    ]
    rows[50:50], rows[70_000:70_000] = [HEAD], [HEAD]
    path = written(tmp_path / "a.csv", rows)
    stores = [Store(tmp_path / name) for name in ("s", "t")]
    kept = []
    for store in stores:
        account = read([path], store)[0]
        assert account.balanced and account.blank == 2 and min(account.good, account.quarantined, account.repeats) > 1000
        for table in ("patent", "party", "source"):
            role = "role" if table == "party" else "''"
            found = duckdb.sql(f"select {role}, record from read_parquet('{store.files(table)[0]}')").fetchall()
            assert found == sorted(found) or found == sorted(found, key=lambda row: (row[0] == "applicant", row[1]))
            assert len({record for _, record in found}) == account.good
        kept.append([store.files(table)[0].read_bytes() for table in ("patent", "party", "source")])
    assert kept[0] == kept[1]


def test_what_was_read_before_is_told_and_not_read_again(tmp_path: Path) -> None:
    store, path = Store(tmp_path / "s"), written(tmp_path / "a.csv", lines())
    first, again = read([path], store)[0], read([path], store)[0]
    assert not first.before and again.before and again.good == first.good and len(store.manifest()) == 1
    more = read([written(tmp_path / "b.csv", [*lines(), ["另一种", "王五", "丙公司", "2019-01-01", ""]])], store)[0]
    assert (more.good, more.repeats) == (1, 4)


def test_secret_patents_are_refused_and_counted_and_not_stored(tmp_path: Path) -> None:
    xml = tmp_path / "a.xml"
    xml.write_text("<cn-patent-document/>", encoding="utf-8")
    account = read([xml], Store(tmp_path / "s"))[0]
    assert (account.read, account.quarantined, account.reasons["no_key"]) == (1, 1, 1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read([tmp_path / "none.csv"], Store(tmp_path / "s"))
    assert caught.value.code == "no_file"


def test_an_account_that_does_not_balance_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines())
    assert not Account("a", "k", digest_of(path), 1, read=2, good=1, quarantined=0, repeats=0, refused=0, blank=0).balanced


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, max_size=7), max_size=6))
def test_any_table_balances(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    account = read([written(folder / "a.csv", rows)], Store(folder / "s"))[0]
    assert account.balanced


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("wrong", [False, True])
def test_any_encoding_and_line_end_gives_the_same_account(encoding: str, end: str, wrong: bool, tmp_path: Path) -> None:
    rows = [HEAD, *lines(), ["=1+1", "@a", "-甲公司", "2020-02-30", ""], *([["短行", "x"]] if wrong else [])]
    path = tmp_path / "a.csv"
    path.write_bytes("".join(",".join(row) + end for row in rows).encode(encoding))
    store = Store(tmp_path / "s")
    account = read([path], store)[0]
    assert (account.read, account.good, account.quarantined) == (5 + wrong, 4, 1 + wrong)
    found = duckdb.sql(
        f"select line, byte, cells[1] from read_parquet('{store.files('quarantine')[0]}') order by record"
    ).fetchall()
    assert [(line, text.split(",")[0]) for line, _, text in found] == [(6, "=1+1"), (7, "短行")][: 1 + wrong]
    assert path.read_bytes()[found[0][1] :].startswith(b"=1+1") if encoding != "utf-16" else found[0][1] == 0


def test_nul_bytes_are_put_aside(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines())
    path.write_bytes(path.read_bytes() + "坏\0行,李四,甲公司,2020-01-05,\n".encode() + b"\0\n")
    account = read([path], Store(tmp_path / "s"))[0]
    assert (account.good, account.quarantined, account.reasons["broken"], account.balanced) == (4, 2, 2, True)


@pytest.mark.parametrize(("mark", "good"), [("", 5), ('"', 4)])
def test_a_line_of_a_hundred_megabytes_is_put_aside_within_little_memory(mark: str, good: int, tmp_path: Path) -> None:
    """With a quote that nothing closes the rest of the file is that one record."""
    path = written(tmp_path / "a.csv", lines())
    with path.open("ab") as file:
        file.write(mark.encode())
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write("\n另一种,王五,丙公司,2019-01-01,\n".encode())
    program = (
        "import sys; from pathlib import Path; from tidu.records.load import read; from tidu.records.store import Store\n"
        "one = read([Path(sys.argv[1])], Store(Path(sys.argv[2])))[0]\n"
        "most = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(one.good, one.quarantined, one.reasons['too_long'], one.balanced, most)"
    )
    run = subprocess.run([sys.executable, "-c", program, path, tmp_path / "s"], capture_output=True, text=True, check=True)
    *told, kilobytes = run.stdout.split()
    assert told == [str(good), "1", "1", "True"] and int(kilobytes) < 1_000_000


def test_a_heading_without_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x," * 5_000 + b"\n1\n")
    for kind, code in ((None, "unknown_records"), ("cn_list", "list_headings")):
        with pytest.raises(DataError) as caught:
            read([path], Store(tmp_path / "s"), kind)
        assert caught.value.code == code


def test_entities_that_swell_and_outer_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    laughs = "".join(f"<!ENTITY l{at} '{f'&l{at - 1};' * 10 if at else 'ha'}'>" for at in range(10))
    path = tmp_path / "a.xml"
    path.write_text(
        f"<!DOCTYPE d [{laughs}<!ENTITY f SYSTEM '{secret.as_uri()}'>]><cn-patent-document><cn-bibliographic-data>"
        "<application-reference><document-id><doc-number>200880114428.1</doc-number><date>20081029</date></document-id>"
        "</application-reference><invention-title>&l9;&f;</invention-title></cn-bibliographic-data></cn-patent-document>",
        encoding="utf-8",
    )
    store = Store(tmp_path / "s")
    account = read([path], store)[0]
    assert account.balanced and account.read == 1
    assert b"hidden" not in b"".join(one.read_bytes() for one in store.folder.rglob("*") if one.is_file())
    assert sum(one.stat().st_size for one in store.folder.rglob("*") if one.is_file()) < 100_000


#: Where the process dies: before anything is kept, before the load is moved in, and when it is in but not yet named.
MOMENTS = {
    "while records are judged": "load._kept = die",
    "before the load moves in": "Store.take = die",
    "before the manifest names it": "os.fsync = die",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_is_killed_leaves_the_loads_before_it_whole(moment: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    first = read([written(tmp_path / "a.csv", lines())], store)[0]
    before = {str(one): one.read_bytes() for one in store.folder.rglob("*") if one.is_file()}
    second = written(tmp_path / "b.csv", [["另一种", "王五", "丙公司", "2019-01-01", ""]])
    program = (
        "import os, signal, sys; from pathlib import Path\nfrom tidu.records import load; from tidu.records.store import Store\n"
        "def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{MOMENTS[moment]}\nload.read([Path(sys.argv[1])], Store(Path(sys.argv[2])))"
    )
    run = subprocess.run([sys.executable, "-c", program, second, store.folder], capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL
    assert {name: Path(name).read_bytes() for name in before} == before
    assert [load["sha256"] for load in store.manifest()] == [first.sha256]
    account = read([second], store)[0]
    assert (account.good, account.before) == (1, False)
    loads = {load["load"] for load in store.manifest()}
    assert {path.name for path in store.loads.iterdir()} == loads and not list(store.scratch().iterdir())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), encoding=st.sampled_from(["utf-8", "gb18030"]))
def test_any_bytes_after_the_heading_balance_or_are_told(
    body: bytes, encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    path = folder / "a.csv"
    path.write_bytes((",".join(HEAD) + "\n").encode(encoding) + body)
    try:
        account = read([path], Store(folder / "s"), "cn_list")[0]
    except DataError as error:
        assert error.code == "list_encoding"
    else:
        assert account.balanced


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('甲a,"\r\n\t=-;0 \0'), max_size=60))
def test_any_text_of_cells_quotes_and_line_ends_balances(body: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("text")
    path = folder / "a.csv"
    path.write_bytes((",".join(HEAD) + "\n" + body).encode())
    account = read([path], Store(folder / "s"), "cn_list")[0]
    assert account.balanced
