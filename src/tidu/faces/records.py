"""Commands on records: files read with an account of every one, readers listed, sheets to fill, quarantined records to mend."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces.options import Json, Language

if TYPE_CHECKING:
    from tidu.records.load import Account

Files = Annotated[list[Path] | None, typer.Argument(help="Files, folders, ZIPs. 文件、文件夹或 ZIP。")]
StoreFolder = Annotated[Path, typer.Option("--store", help="Folder of the records. 记录库文件夹。")]


def read(
    lang: Language,
    files: Files = None,
    kind: Annotated[str | None, typer.Option("--as", help="Reader; told from the file if not named. 指定读取器。")] = None,
    store: StoreFolder = Path("records"),
    kinds: Annotated[bool, typer.Option("--kinds", help="List the readers. 列出读取器。")] = False,
    template: Annotated[str | None, typer.Option("--template", help="Write a sheet to fill. 写出空白模板。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="File of the template. 模板文件。")] = None,
    memory: Annotated[str, typer.Option("--memory", help="Most memory of the engine. 引擎内存上限。")] = "1GB",
    as_json: Json = False,
) -> None:
    """Read records of any office: every one is kept, put aside with a reason, a repeat, refused or blank. 读入记录。"""
    from tidu.core.errors import UsageError

    if kinds:
        _kinds(lang.value, as_json)
    elif template is not None:
        _template(template, out, lang.value, as_json)
    elif not files:
        raise UsageError("nothing_to_read")
    else:
        _read(files, store, kind, memory, lang.value, as_json)


def quarantine(
    folder: Annotated[Path, typer.Argument(help="Folder of the records. 记录库文件夹。")],
    out: Annotated[Path, typer.Option("--out", help="Sheet to write: .xlsx or .csv. 表格文件。")],
    lang: Language,
    as_json: Json = False,
) -> None:
    """Write the quarantined records as a sheet with reasons; mend it, then `tidu read` it. 导出隔离记录。"""
    from tidu.core.errors import UsageError
    from tidu.faces import show
    from tidu.faces.options import language
    from tidu.records.quarantine import write
    from tidu.records.store import MANIFEST, Store

    if not (folder / MANIFEST).exists():
        raise UsageError("no_store", folder=str(folder))
    made = write(Store(folder), out, language(lang))
    if as_json:
        show.print_json({"written": [{"file": str(path), "records": count} for path, count in made]})
        return
    for path, count in made:
        show.print_lines(show.word("quarantine_written", lang.value, path=path, count=count))
    show.print_lines(show.word("quarantine_mend", lang.value))


def _kinds(lang: str, as_json: bool) -> None:
    from tidu.faces import show
    from tidu.records.sources import sources
    from tidu.records.template import PREFIX, templates

    found = sorted(sources().items())
    if as_json:
        show.print_json({code: {"title": dict(one.title), "proven": one.proven} for code, one in found})
        return
    state = {True: show.word("proven", lang), False: show.word("unproven", lang)}
    own = {PREFIX + name: show.word("own_template", lang) for name in templates()}
    heads = [show.word(key, lang) for key in ("reader", "name", "tried_on")]
    show.print_table(heads, [[code, one.title[lang], own.get(code, state[one.proven])] for code, one in found])


def _template(name: str, out: Path | None, lang: str, as_json: bool) -> None:
    from tidu.core.errors import UsageError
    from tidu.faces import show
    from tidu.records.template import write

    if out is None:
        raise UsageError("template_needs_out", name=name)
    path = write(name, out, "zh" if lang == "zh" else "en")
    if as_json:
        show.print_json({"written": str(path)})
    else:
        show.print_lines(show.word("template_written", lang, path=path))


def _read(files: Sequence[Path], folder: Path, kind: str | None, memory: str, lang: str, as_json: bool) -> None:
    from tidu.core.errors import DataError, TiduError
    from tidu.records.archives import files as every
    from tidu.records.load import read as load
    from tidu.records.store import Store

    store, accounts, unknown = Store(folder), [], []
    with TemporaryDirectory() as scratch, _bar(lang) as told:
        try:
            for item in every(files, Path(scratch), without=folder):
                try:
                    accounts += load(
                        [item.path], store, kind, memory=memory, progress=told(item.name), names={item.path: item.name}
                    )
                except DataError as error:
                    if item.named or error.code not in ("unknown_records", "list_encoding", "workbook_unreadable"):
                        raise
                    unknown.append(item.name)
        except TiduError:
            if accounts and not as_json:
                _told(accounts, unknown, folder, lang)
            raise
    if not accounts:
        raise DataError("no_records_file", file=str(files[0]))
    if as_json:
        from tidu.faces import show

        show.print_json({"store": str(folder), "files": [asdict(one) for one in accounts], "unknown": unknown})
    else:
        _told(accounts, unknown, folder, lang)


@contextmanager
def _bar(lang: str) -> Iterator[Any]:
    """What to call with a file's name for a function that is told of its records: a bar on a screen, nothing on a pipe."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from tidu.faces import show

    shown = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*shown, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def begun(name: str) -> Any:
            before = bar.tasks[0].completed

            def told(_: str, count: int) -> None:
                bar.update(task, completed=before + count)
                speed = (before + count) / max(bar.tasks[0].elapsed or 0.0, 0.001)
                bar.update(task, rate=show.word("rows_per_second", lang, count=f"{before + count:,}", speed=f"{speed:,.0f}"))

            bar.update(task, description=name)
            return told

        yield begun


#: The columns of an account, in the order of its sum.
_PARTS = ("read", "good", "quarantined", "repeats", "refused", "blank")


def _told(accounts: Sequence[Account], unknown: Sequence[str], folder: Path, lang: str) -> None:
    from tidu.faces import show
    from tidu.records.rules import reasons, severity
    from tidu.records.sources import sources

    heads = [show.word(key, lang) for key in ("file", "reader")] + [show.word(f"records_{key}", lang) for key in _PARTS]
    rows: list[list[Any]] = [[one.file, one.kind, *(getattr(one, key) for key in _PARTS)] for one in accounts]
    if len(rows) > 1:
        rows.append([show.word("records_sum", lang), "", *(sum(row[2 + at] for row in rows) for at in range(len(_PARTS)))])
    show.print_table(heads, rows, right=range(2, 8))
    show.print_lines(show.word("records_equation", lang))
    before = sum(one.before for one in accounts)
    if before:
        show.print_lines(show.word("records_before", lang, count=before))
    counts: dict[str, int] = {}
    for one in accounts:
        for code, count in one.reasons.items():
            counts[code] = counts.get(code, 0) + count
    order = {"error": 0, "warn": 1, "info": 2}
    if counts:
        listed = sorted(counts.items(), key=lambda item: (order[severity(item[0])], -item[1], item[0]))
        told = [[show.word(f"severity_{severity(code)}", lang), count, reasons()[code][lang]] for code, count in listed]
        show.print_table([show.word(key, lang) for key in ("records_severity", "records_count", "reason")], told, right=[1])
    mended = sum(one.mended for one in accounts if not one.before)
    if mended:
        show.print_lines(show.word("records_mended", lang, count=mended))
    unproven = sorted({one.kind for one in accounts if not sources()[one.kind].proven})
    if unproven:
        show.print_lines(show.word("records_unproven", lang, kinds=", ".join(unproven)))
    if unknown:
        show.print_lines(show.word("records_unknown", lang, count=len(unknown), names=", ".join(unknown[:5])))
    if any(one.quarantined for one in accounts):
        show.print_lines(show.word("records_aside", lang, folder=folder))
