"""Commands from records to indicators: measures listed, a panel measured, the rows behind a number, figures reconciled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces.options import Json, Language, language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidu.indicators.account import Account

StoreFolder = Annotated[Path, typer.Option("--store", help="Folder of the records, linked. 已连接的记录库文件夹。")]
Engine = Annotated[str, typer.Option("--engine", help="duckdb, polars or spark. 计算引擎。")]
Address = Annotated[str | None, typer.Option("--spark", help="Address of Spark Connect, sc://host:15002. Spark 地址。")]
Memory = Annotated[str, typer.Option("--memory", help="Most memory of DuckDB. DuckDB 内存上限。")]
FrameFile = Annotated[Path, typer.Argument(help="What is measured (TOML); see --template. 测算说明文件。")]
OutFile = Annotated[Path | None, typer.Option("--out", help="Table to write, .csv. 结果表。")]
_TEXTS = ("label", "unit", "definition", "formula", "source", "traps")


def indicators(
    lang: Language,
    code: Annotated[str | None, typer.Argument(help="One measure, with all its texts. 单个指标的详细说明。")] = None,
    store: Annotated[Path | None, typer.Option("--store", help="Say what these records can give. 检查记录库能算哪些。")] = None,
    table: Annotated[str | None, typer.Option("--table", help="Write a table that only you can fill. 写出自备表。")] = None,
    example: Annotated[bool, typer.Option("--example", help="With a few synthetic rows. 带虚构示例行。")] = False,
    out: OutFile = None,
    as_json: Json = False,
) -> None:
    """List the measures: what each is, its unit, what it needs, its traps. 指标目录。"""
    from tidu.faces import show
    from tidu.indicators.measures.catalogue import lacking, measure_of, measures
    from tidu.records.linking.link import read_linked
    from tidu.records.store import Store

    text = language(lang)
    if table is not None:
        _table(table, example, out, text, as_json)
        return
    filled = None if store is None else read_linked(Store(store)).counts
    rows: list[dict[str, Any]] = []
    for one in [measure_of(code)] if code is not None else measures().values():
        wanting = lacking(one, filled, ())
        status = "input_missing" if wanting else "not_checked" if filled is None else "ready"
        said = {key: one.text(key, text) for key in _TEXTS}
        given = {"needs": one.needs, "heeds": sorted(one.heeds), "supplied": one.supplied, "may": one.may, "kinds": one.kinds}
        rows.append({"code": one.code, **said, **given, "over": one.over, "status": status, "lacking": wanting})
    if as_json:
        show.print_json(rows)
    elif code is None:
        heads = [show.word(f"measure_{key}", text) for key in ("code", "label", "unit", "needs", "status")]
        show.print_table(heads, [[r["code"], r["label"], r["unit"], ", ".join(r["needs"]), _status(r, text)] for r in rows])
    else:
        row = rows[0]
        lines = [f"{row['code']}  {row['label']} ({row['unit']})", "", row["definition"]]
        lines += [f"{show.word(f'measure_{key}', text)}: {row[key]}" for key in ("formula", "source", "traps")]
        lists = {key: row[key] for key in ("needs", "heeds", "supplied", "may")} | {
            "kinds": row["kinds"] if "kind" in row["heeds"] else ()
        }
        lines += [f"{show.word(f'measure_{key}', text).capitalize()}: {', '.join(names)}" for key, names in lists.items() if names]
        show.print_lines(*lines, f"{show.word('measure_status', text).capitalize()}: {_status(row, text)}")
    if out is not None and not as_json:
        from tidu.publish.tables import write_csv

        write_csv(out, [{key: row[key] for key in ("code", *_TEXTS, "status")} for row in rows])
        show.print_lines(f"{show.word('written', text)} {out}")


def measure(
    lang: Language,
    frame: FrameFile,
    store: StoreFolder = Path("records"),
    out: OutFile = None,
    parts: Annotated[Path | None, typer.Option("--parts", help="By field or partner city, .csv. 按领域或对方城市的明细。")] = None,
    engine: Engine = "duckdb",
    address: Address = None,
    memory: Memory = "1GB",
    template: Annotated[bool, typer.Option("--template", help="Write an example file instead. 写出示例文件。")] = False,
    as_json: Json = False,
) -> None:
    """Measure cities from linked records: a panel that `tidu build --data` takes. 由记录测算城市指标。"""
    from tidu.engine.choice import open_engine
    from tidu.faces import show
    from tidu.indicators.compute import measured, rows_of
    from tidu.indicators.measure_file import read_order, write_template
    from tidu.indicators.measures.records import Records
    from tidu.publish.tables import write_csv
    from tidu.records.linking.link import read_linked
    from tidu.records.store import Store

    text = language(lang)
    if template:
        _written({"written": str(write_template(frame))}, text, as_json)
        return
    order = read_order(frame)
    linked = read_linked(Store(store))
    running = open_engine(engine, memory=memory, address=address)
    try:
        found = measured(Records(running, linked.folder, order.supplied), order)
    finally:
        running.close()
    rows, accounts = rows_of(found.panel), [one.told() for one in found.accounts]
    files: list[str] = []
    if out is not None:
        files.append(str(write_csv(out, rows)))
        files.append(
            str(write_csv(out.with_name(f"{out.stem}.account.csv"), [row for one in found.accounts for row in one.rows_by_year()]))
        )
    if parts is not None:
        files.append(str(write_csv(parts, found.parts)))
    if as_json:
        told = {"rows": rows, "accounts": accounts, "lineage": found.panel.lineage, "parts": found.parts}
        origin = {"loads": linked.loads, "vintage": linked.vintage, "stale": linked.stale(Store(store))}
        show.print_json({**told, "linked": origin, "written": files or None})
        return
    _accounts(found.accounts, found.panel.lineage, text)
    shape = {"units": len(found.panel.units), "periods": len(found.panel.periods), "vintage": linked.vintage}
    show.print_lines(show.word("measure_shape", text, **shape))
    if linked.stale(Store(store)):
        show.print_lines(show.word("records_link_stale", text, store=store))
    if not found.panel.units:
        show.print_lines(show.word("measure_no_city", text))
    if (found.panel.letters() == "P").any():
        show.print_lines(show.word("measure_provisional", text))
    for file in files:
        show.print_lines(f"{show.word('written', text)} {file}")


def trace(
    lang: Language,
    city: Annotated[str, typer.Argument(help="City by code or name; or unresolved, abroad. 城市代码或名称。")],
    year: Annotated[int, typer.Argument(help="Year. 年份。")],
    column: Annotated[str, typer.Argument(help="A column of the file. 文件中的指标列。")],
    frame: Annotated[Path, typer.Option("--frame", help="What is measured (TOML). 测算说明文件。")],
    store: StoreFolder = Path("records"),
    out: OutFile = None,
    as_json: Json = False,
) -> None:
    """List the rows of the records behind a number; persons are masked. 追溯到记录行。"""
    from tidu.engine.choice import open_engine
    from tidu.faces import show
    from tidu.indicators import shipped
    from tidu.indicators.measure_file import read_order
    from tidu.indicators.measures.definition import ABROAD, UNRESOLVED
    from tidu.indicators.measures.records import Records
    from tidu.indicators.trace import trace as rows_of
    from tidu.publish.tables import write_csv
    from tidu.records.linked import folder_of

    text, order = language(lang), read_order(frame)
    wanted = order.column(column)
    unit = city if city in (ABROAD, UNRESOLVED) or city.isdigit() else shipped.cities().unit(city)
    folder = folder_of(store)
    running = open_engine()
    try:
        found = rows_of(Records(running, folder, order.supplied), wanted, unit, year)
    finally:
        running.close()
    keys = [key for key in _FACTS if any(row.get(key) not in (None, "", []) for row in found)]
    flat = [{key: _flat(row.get(key)) for key in keys} for row in found]
    if out is not None:
        write_csv(out, flat)
    if as_json:
        show.print_json(
            {"unit": unit, "period": year, "column": column, "rows": found, "written": None if out is None else str(out)}
        )
        return
    body = [
        [f"{row[key]:.6g}" if key in ("share", "weight", "amount") and row[key] is not None else row[key] for key in keys]
        for row in flat
    ]
    if body:
        show.print_table([show.word(f"trace_{key}", text) for key in keys], body)
    total = sum(row["share"] for row in found)
    weight = sum(row.get("weight", 0.0) for row in found)
    show.print_lines(show.word("trace_total", text, count=len(found), total=f"{total:,.6g}"))
    if weight:
        show.print_lines(show.word("trace_mean", text, weight=f"{weight:,.6g}", mean=f"{total / weight:,.6g}"))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}")


def reconcile(
    lang: Language,
    file: Annotated[Path, typer.Argument(help="Sources and their order (TOML). 来源与优先次序。")],
    out: OutFile = None,
    top: Annotated[int, typer.Option("--top", help="Differences to print. 显示的差异条数。")] = 20,
    as_json: Json = False,
) -> None:
    """Set several printings of figures side by side; one stands by a stated order, differences are listed. 三口径对照。"""
    from tidu.faces import show
    from tidu.indicators.compute import rows_of
    from tidu.indicators.reconcile import read_sources, reconciled
    from tidu.publish.tables import write_csv

    text, sources = language(lang), read_sources(file)
    found = reconciled(sources)
    files: list[str] = []
    if out is not None:
        stood = [
            dict(zip(("unit", "period", "column", "stands"), (*cell, name), strict=True))
            for cell, name in sorted(found.chosen.items())
        ]
        files = [str(write_csv(out, rows_of(found.panel)))]
        for part, rows in (("sources", stood), ("differences", found.differences)):
            files.append(str(write_csv(out.with_name(f"{out.stem}.{part}.csv"), rows)))
    if as_json:
        told = {"cells": len(found.chosen), "differences": found.differences, "order": sources.order, "orders": sources.orders}
        show.print_json({**told, "tolerance": sources.tolerance, "written": files or None})
        return
    names = [*sources.panels, *(["overlay"] if sources.overlays else [])]
    heads = [show.word(f"reconcile_{key}", text) for key in ("unit", "period", "column")] + names
    heads += [show.word(f"reconcile_{key}", text) for key in ("apart", "stands")]
    body = [
        [row["name" if text == "zh" else "name_en"], row["period"], row["column"]]
        + [_figure(row[name]) for name in names]
        + [f"{row['apart']:.1%}", row["stands"]]
        for row in found.differences[:top]
    ]
    if body:
        show.print_table(heads, body, right=range(3, 4 + len(names)))
    count = {"cells": len(found.chosen), "count": len(found.differences), "tolerance": f"{sources.tolerance:.1%}"}
    show.print_lines(show.word("reconcile_count", text, **count))
    show.print_lines(show.word("reconcile_order", text, order=" > ".join(sources.order)))
    for column, order in sources.orders.items():
        show.print_lines(f"  {column}: {' > '.join(order)}")
    for name in files:
        show.print_lines(f"{show.word('written', text)} {name}")


#: What may be told of a row, in the order of the columns.
_FACTS = ("key", "share", "weight", "part", "title", "kind", "filing", "granted", "day", "contract", "amount", "who")


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:,.6g}"


def _flat(value: Any) -> Any:
    return "; ".join(one["name"] for one in value) if isinstance(value, list) else value


def _table(name: str, example: bool, out: Path | None, lang: str, as_json: bool) -> None:
    """A supplied table, empty or with synthetic rows, written or printed."""
    from tidu.faces import show
    from tidu.indicators.measures.supplied import explained, sheet

    made = sheet(name, example=example)
    if out is not None:
        out.write_bytes(made.encode("utf-8-sig"))
        _written({"written": str(out), "about": explained(name, lang)}, lang, as_json)
    elif as_json:
        show.print_json({"table": name, "about": explained(name, lang), "csv": made})
    else:
        show.print_lines(explained(name, lang), "", made.rstrip("\n"))


def _written(told: dict[str, str], lang: str, as_json: bool) -> None:
    from tidu.faces import show

    if as_json:
        show.print_json(told)
    else:
        show.print_lines(
            f"{show.word('written', lang)} {told['written']}", *(value for key, value in told.items() if key != "written")
        )


def _accounts(accounts: tuple[Account, ...], lineage: Mapping[str, str], lang: str) -> None:
    """Prints what each column was made of, and by which rule."""
    from tidu.faces import show

    heads = [show.word(f"measure_{key}", lang) for key in ("column", "rows", "total", "unresolved", "abroad", "until")]
    body = [
        [one.column, f"{one.rows:,}", f"{one.total:,.6g}", f"{one.unresolved:.1%}", f"{one.abroad:.1%}", one.until or "—"]
        for one in accounts
    ]
    show.print_table(heads, body, right=range(1, 5))
    for one in accounts:
        show.print_lines(f"{one.column} = {lineage[one.column].removeprefix('records: ')}")
        if one.lacking:
            show.print_lines("  " + show.word("measure_lacking", lang, names=", ".join(one.lacking)))
        if one.empty:
            show.print_lines("  " + show.word("measure_empty", lang, names=", ".join(one.empty)))


def _status(row: dict[str, Any], lang: str) -> str:
    from tidu.faces import show

    lacking = ", ".join(row["lacking"])
    return show.word(f"measure_{row['status']}", lang) + (f" ({lacking})" if lacking else "")
