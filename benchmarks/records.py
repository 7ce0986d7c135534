"""Records: how fast lists are read, and measures beside the SQL that one would write by hand, on synthetic records (虚构).

Run as ``python -m benchmarks.records FOLDER [ROWS …]``: makes nations of so many applications in the folder where they lack, links
them, and prints Markdown tables. Each figure is of a process of its own; seconds are CPU seconds (user and system, all
threads) of the call alone, the better of two runs in turn, memory is the peak of the process.
"""

from __future__ import annotations

import datetime
import json
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

FIRST, LAST = 2014, 2024
#: The columns of a long list.
EIGHT = ("标题", "申请号", "申请日", "公开（公告）号", "公开（公告）日", "申请人", "申请人地址", "IPC主分类")
TIDU = (sys.executable, "-m", "tidu")
UNIT = "case when coalesce(city, '') <> '' then city when coalesce(country, 'CN') <> 'CN' then 'abroad' else 'unresolved' end"
_HOLDERS = f"select appno, seq, {UNIT} as unit from party where role = 'applicant'"
_YEARS = f"""select y as period, date_diff('day', date '1970-01-01', make_date(y::int, 12, 31)) as day
    from range({FIRST}, {LAST} + 1) t(y)"""
_CITING = """with d as (select c.appno as citer, c.cited_appno as appno, c.published_day - a.first_publication_day as days, x.family
    from citation c join application a on a.appno = c.cited_appno join application x on x.appno = c.appno
    where c.published_day is not null and a.first_publication_day is not null and c.appno <> c.cited_appno),
    once as (select appno, min(citer) as citer, min(days) as days from d group by appno, family)"""


def _held(where: str, kind: str = "") -> str:
    """The SQL of what is in force, and more, at the end of each year, by the first owner of that day."""
    return f"""with held as (select s.appno, y.period, y.day from state s semi join (select appno from application {kind}) a
    using (appno) join ({_YEARS}) y on s.from_day <= y.day and s.to_day > y.day {where}),
    who as (select h.appno, h.period, coalesce(arg_min({UNIT}, o.seq), 'unresolved') as unit from held h
    left join owner o on o.appno = h.appno and o.from_day <= h.day and o.to_day > h.day group by h.appno, h.period)
    select unit, period, count(*)::double as value from who group by all"""


_PLEDGED = """semi join state p on p.appno = s.appno and p.state = 'pledged' and p.from_day <= y.day and p.to_day > y.day
    where s.state = 'in_force'"""

#: Job → the SQL by hand: unit, year, value; or one row of sums.
BY_HAND = {
    "applications, whole in every city": f"""select coalesce(p.unit, 'unresolved') as unit, year(a.filing) as period,
    count(*)::double as value from application a left join (select distinct appno, unit from ({_HOLDERS})) p using (appno)
    where year(a.filing) between {FIRST} and {LAST} group by all""",
    "applications, shares by applicant": f"""with h as ({_HOLDERS}), n as (select appno, count(*) as n from h group by appno)
    select coalesce(h.unit, 'unresolved') as unit, year(a.filing) as period, sum(coalesce(1.0::double / n.n, 1)) as value
    from application a left join h using (appno) left join n using (appno)
    where year(a.filing) between {FIRST} and {LAST} group by all""",
    "inventions in force, 11 years": _held("where s.state = 'in_force'", "where kind = 'invention'"),
    "patents under pledge, 11 years": _held(_PLEDGED),
    "citations within 5 years": _CITING
    + " select 'all' as unit, 0 as period, count(*)::double as value from once where days <= 1826",
    "generality": _CITING
    + """, s as (select appno as citer, left(symbol, 4) as sub, count(*)::double as k from class where scheme = 'ipc' group by all),
    t as (select *, sum(k) over (partition by citer) as total from s),
    n as (select appno, count(*) as n from once where citer in (select citer from s) group by appno),
    p as (select once.appno, sub, sum(k / total) as share from once join t using (citer) group by all)
    select 'all' as unit, 0 as period, sum(1 - g)::double as value from (select appno, sum(power(share / n, 2)) as g
    from p join n using (appno) group by appno)""",
}


def _measure(code: str, **rule: Any) -> Callable[[Any], dict[tuple[str, int], float]]:
    from tidu.indicators.measures.catalogue import measure_of
    from tidu.indicators.measures.definition import Rule
    from tidu.indicators.measures.sums import collected

    own = measure_of(code)

    def run(records: Any) -> dict[tuple[str, int], float]:
        found = collected(records, own, Rule(FIRST, LAST, **rule))
        return {cell: share / own.scale for cell, share in found.share.items()}

    return run


def _signal(name: str) -> Callable[[Any], dict[tuple[str, int], float]]:
    import narwhals as nw

    from tidu.indicators.measures import signals

    def run(records: Any) -> dict[tuple[str, int], float]:
        pool = signals.Pool(records)
        frame = signals.forward(pool, 5) if name == "forward_5" else signals.generality(pool)
        cells = records.engine.collect(frame.select(value=nw.col(name).cast(nw.Float64).sum()))
        return {("all", 0): cells["value"][0] / (1.0 if name == "forward_5" else 1e9)}

    return run


def ours(job: str) -> Callable[[Any], dict[tuple[str, int], float]]:
    """The measure of a job."""
    at = list(BY_HAND).index(job)
    return (
        lambda: _measure("filings", counting="whole"),
        lambda: _measure("filings", counting="fractional_applicant"),
        lambda: _measure("in_force", kind="invention"),
        lambda: _measure("pledged_stock"),
        lambda: _signal("forward_5"),
        lambda: _signal("generality"),
    )[at]()


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def alone(folder: Path, job: str, who: str, memory: str) -> None:
    """One job in this process: prints seconds, peak memory and the cells as JSON."""
    if who == "tidu":
        from tidu.engine.choice import open_engine
        from tidu.indicators.measures.records import Records

        run, records = ours(job), Records(open_engine("duckdb", memory=memory), folder)
        started, spent = time.perf_counter(), _spent()
        found = run(records)
    else:
        engine = duckdb.connect()
        engine.execute(f"set memory_limit = '{memory}'; set temp_directory = '{folder.parent / 'spill'}'")
        for path in sorted(folder.glob("*.parquet")):
            engine.execute(f"create view \"{path.stem}\" as select * from read_parquet('{path}')")
        started, spent = time.perf_counter(), _spent()
        found = {(str(unit), int(year)): value for unit, year, value in engine.execute(BY_HAND[job]).fetchall()}
    told = {"cpu": _spent() - spent, "wall": time.perf_counter() - started, "peak": _peak()}
    print(json.dumps(told | {"cells": [[*cell, value] for cell, value in sorted(found.items())]}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _run(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.records", *arguments], capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"failed": done.stderr.splitlines()[-1:]}


def measures(folder: Path, rows: int, memory: str) -> None:
    """Prints the table of measures beside SQL by hand."""
    for job in BY_HAND:
        best: dict[str, dict[str, Any]] = {}
        for _ in range(2):
            for who in ("tidu", "sql"):
                made = _run("alone", str(folder), job, who, memory)
                if who not in best or made.get("cpu", 1e9) < best[who].get("cpu", 1e9):
                    best[who] = made
        for who, made in best.items():
            if "failed" in made:
                print(f"| {job} | {rows:,} | {who} | | | | | {made['failed']} |", flush=True)
                continue
            ratio = "" if who == "tidu" or "failed" in best["tidu"] else f"{best['tidu']['cpu'] / made['cpu']:.2f}"
            note = _same(best["tidu"], made) if ratio else ""
            figures = f"{made['cpu']:.2f} | {made['wall']:.2f} | {made['peak']:.2f} GB"
            print(f"| {job} | {rows:,} | {who} | {figures} | {ratio} | {note} |", flush=True)


def _same(one: dict[str, Any], two: dict[str, Any]) -> str:
    a, b = ({(unit, year): value for unit, year, value in made["cells"]} for made in (one, two))
    apart = max((abs(a.get(cell, 0) - b.get(cell, 0)) / max(1, abs(b.get(cell, 0))) for cell in {*a, *b}), default=0)
    return "equal" if apart < 1e-6 else f"differs by {apart:.1e}"


def panel(folder: Path, rows: int, store: Path) -> None:
    """Prints what the panel of all measures costs: one `tidu measure` over eleven years, read, measured and written."""
    from tidu.indicators.measures.catalogue import measures as catalogue

    tables = folder / "panel"
    tables.mkdir(exist_ok=True)
    lines = ["[frame]", f"first = {FIRST}", f"last = {LAST}"]
    for name in sorted({table for one in catalogue().values() for table in one.supplied}):
        step = [*TIDU, "indicators", "--table", name, "--example", "--out", str(tables / f"{name}.csv")]
        subprocess.run(step, check=True, stdout=subprocess.DEVNULL)
        lines += [f"[supplied.{name}]", f'file = "{name}.csv"']
    found = duckdb.sql(f"select distinct left(symbol, 4) from read_parquet('{store}/linked/class.parquet') order by 1").fetchall()
    for name, head, least in (("fields", "symbol,field", 1), ("industries", "symbol,industry", 13)):
        rows_of = [f"{symbol},{at % 35 + least}" for at, (symbol,) in enumerate(found)]  # synthetic: 35 of each, in turn
        (tables / f"{name}.csv").write_text("\n".join([head, *rows_of]) + "\n")
    more = {"field_filings": 'field = "1"', "field_advantage": 'field = "1"', "inclusive_pledge_share": "threshold = 10000000"}
    for one in catalogue().values():
        lines += [f"[measure.{one.code}]", f'of = "{one.code}"', *([more[one.code]] if one.code in more else [])]
    (tables / "frame.toml").write_text("\n".join(lines) + "\n")
    told = _run("panel", str(tables / "frame.toml"), str(store))
    if "failed" in told:
        print(f"| panel of all measures | {rows:,} | | | | {told['failed']} |", flush=True)
        return
    figures = f"{told['cpu']:.0f} | {told['wall']:.0f} | {told['peak']:.2f} GB"
    print(f"| panel of all measures | {rows:,} | {figures} | {told['note']} |", flush=True)


def panel_alone(frame: Path, store: Path) -> None:
    """One `tidu measure` of a frame, as the only child of this process."""
    options = ["--store", str(store), "--memory", "3GB", "--out", str(frame.with_name("panel.csv")), "--json"]
    started = time.perf_counter()
    done = subprocess.run([*TIDU, "measure", str(frame), *options], check=True, capture_output=True, text=True)
    wall, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = json.loads(done.stdout)["rows"]
    asked = [column for column in rows[0] if f"{column}.status" in rows[0]]
    filled = [column for column in asked if any(row[column] is not None for row in rows)]
    note = f"{len(asked)} measures, {len(filled)} with figures, {len(rows):,} rows"
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": used.ru_maxrss / 1e6, "note": note}))


def reading(folder: Path, rows: int) -> None:
    """Prints how fast a list of one year is read, once in each encoding."""
    for encoding in ("utf-8", "gb18030"):
        made = folder / f"list-{rows}-{encoding}"
        if not made.exists():
            options = ["--rows", str(rows), "--first", "2022", "--last", "2022", "--encoding", encoding]
            subprocess.run([*TIDU, "synth", str(made), *options], check=True, stdout=subprocess.DEVNULL)
        told = _run("read", str(made / "export" / "synthetic-patents-2022.csv"), str(folder / "read"))
        if "failed" in told:
            print(f"| incoPat list, {encoding} | {rows:,} | | | | | {told['failed']} |", flush=True)
            continue
        figures = f"{told['rows']:,} | {told['megabytes']:.0f} MB | {told['cpu']:.1f} | {told['wall']:.1f} | {told['peak']:.2f} GB"
        print(f"| incoPat list, {encoding} | {figures} | {told['rows'] / told['wall']:,.0f} rows/s |", flush=True)


def long_lists(folder: Path, rows: int) -> None:
    """Prints how fast eight columns of ten years' lists are read as one file, in each encoding."""
    years, cut = folder / f"years-{rows}", {encoding: folder / f"cut-{rows}-{encoding}.csv" for encoding in ("utf-8", "gb18030")}
    if not years.exists():
        options = ["--rows", str(rows), "--first", "2013", "--last", "2022"]
        subprocess.run([*TIDU, "synth", str(years), *options], check=True, stdout=subprocess.DEVNULL)
    if not cut["utf-8"].exists():
        columns = ", ".join(f'"{name}"' for name in EIGHT)
        lists = f"read_csv('{years}/export/synthetic-patents-*.csv', header = true, all_varchar = true, quote = '\"')"
        duckdb.connect().execute(f"copy (select {columns} from {lists}) to '{cut['utf-8']}' (header, delimiter ',')")
    if not cut["gb18030"].exists():
        with cut["utf-8"].open(encoding="utf-8") as told, cut["gb18030"].open("w", encoding="gb18030") as out:
            shutil.copyfileobj(told, out, 1 << 24)
    for encoding, path in cut.items():
        told = _run("read", str(path), str(folder / "read"), "incopat")
        figures = f"{told['rows']:,} | {told['megabytes']:,.0f} MB | {told['cpu']:.1f} | {told['wall']:.1f} | {told['peak']:.2f} GB"
        print(f"| 8 columns of ten years, {encoding} | {figures} | {told['rows'] / told['wall']:,.0f} rows/s |", flush=True)


def read_alone(path: Path, store: Path, kind: str | None = None) -> None:
    """One list read into a new store in this process."""
    from tidu.records.load import read
    from tidu.records.store import Store

    shutil.rmtree(store, ignore_errors=True)
    started, spent = time.perf_counter(), _spent()
    account = read([path], Store(store), kind)[0]
    told = {"rows": account.read, "good": account.good, "megabytes": path.stat().st_size / 1e6}
    print(json.dumps(told | {"cpu": _spent() - spent, "wall": time.perf_counter() - started, "peak": _peak()}))
    shutil.rmtree(store)


def main(arguments: list[str]) -> None:
    """Makes what is lacking and prints the tables."""
    if arguments[:1] == ["alone"]:
        alone(Path(arguments[1]), *arguments[2:])
    elif arguments[:1] == ["panel"]:
        panel_alone(Path(arguments[1]), Path(arguments[2]))
    elif arguments[:1] == ["read"]:
        read_alone(Path(arguments[1]), Path(arguments[2]), *arguments[3:])
    else:
        folder, sizes = Path(arguments[0]), [int(one) for one in arguments[1:]] or [1_000_000, 5_000_000]
        print(f"{datetime.date.today()} · {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
        for rows in sizes:
            store = folder / f"nation-{rows}"
            if not (store / "linked").exists():
                subprocess.run([*TIDU, "synth", str(store), "--rows", str(rows), "--as", "loads"], check=True)
                subprocess.run([*TIDU, "link", "--store", str(store)], check=True)
            measures(store / "linked", rows, "2GB")
            panel(folder, rows, store)
        reading(folder, 1_000_000)
        long_lists(folder, 10_000_000)


if __name__ == "__main__":
    main(sys.argv[1:])
