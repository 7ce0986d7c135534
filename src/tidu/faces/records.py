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


def link(
    lang: Language,
    store: StoreFolder = Path("records"),
    vintage: Annotated[
        int, typer.Option("--vintage", help="Year whose cities the fixed series is of. 固定口径的城市年份。")
    ] = 2024,
    memory: Annotated[str, typer.Option("--memory", help="Most memory of the engine. 引擎内存上限。")] = "1GB",
    check: Annotated[bool, typer.Option("--check", help="Only say whether records came since. 只检查是否需要重新连接。")] = False,
    as_json: Json = False,
) -> None:
    """Link the records: one row an application, families, events as states, owners in time, cities and entities. 连接记录。"""
    from tidu.core.errors import UsageError
    from tidu.faces import show
    from tidu.records.linking.link import link as join
    from tidu.records.linking.link import read_linked
    from tidu.records.parties import verdicts
    from tidu.records.parties.identifier import Identifier
    from tidu.records.parties.probable import available as weighing
    from tidu.records.places.divisions import available
    from tidu.records.places.locator import locate
    from tidu.records.store import MANIFEST, Store

    if not (store / MANIFEST).exists():
        raise UsageError("no_store", folder=str(store))
    own, placed = Store(store), available()
    if check:
        made = read_linked(own)
    else:
        identify = Identifier(verdicts.read(store), keep=store / verdicts.FOLDER / verdicts.NAMES)
        made = join(own, locate=locate if placed else None, identify=identify, vintage=vintage, memory=memory)
        verdicts.keep_doubts(store, identify.doubts)
    if as_json:
        show.print_json(
            {
                "folder": str(made.folder),
                "stale": made.stale(own),
                "loads": list(made.loads),
                "vintage": made.vintage,
                "methods": made.methods,
                "counts": made.counts,
            }
        )
        return
    if check:
        show.print_lines(show.word("records_link_stale" if made.stale(own) else "records_link_fresh", lang.value, store=store))
        return
    _linked(made.counts, lang.value)
    if not placed:
        show.print_lines(show.word("records_link_plain_places", lang.value))
    if not weighing():
        show.print_lines(show.word("records_link_plain_parties", lang.value))
    if identify.doubts:
        show.print_lines(show.word("records_link_doubts", lang.value, count=len(identify.doubts), store=store))
    show.print_lines(show.word("records_link_written", lang.value, folder=made.folder, vintage=made.vintage))


#: What the account of linking shows, each with what it is a part of.
_LINKED = (
    ("applications", None),
    ("documents", None),
    ("provisional", "applications"),
    ("kind_unknown", "applications"),
    ("filing_unknown", "applications"),
    ("filing_differs", "applications"),
    ("keys_folded", None),
    ("documents_deleted", None),
    ("families", None),
    ("families_extended", None),
    ("twins", None),
    ("entities", None),
    ("class", None),
    ("citations_of_patents", "citation"),
    ("citations_found", "citations_of_patents"),
    ("event", None),
    ("events_of_unknown_code", "event"),
    ("events_untold", "event"),
    ("events_without_day", "event"),
    ("events_without_application", "event"),
    ("owner", None),
    ("owners_unknown", "applications"),
    ("term_unknown", "applications"),
    ("contract", None),
    ("contract_without_city", "contract"),
    ("right", None),
    ("right_without_city", "right"),
    ("firm", None),
    ("firm_without_city", "firm"),
)


def _linked(counts: dict[str, Any], lang: str) -> None:
    """Prints the account of linking: counts with their shares, cities by how they were told, states, unknown codes."""
    from tidu.core.words import share_text
    from tidu.faces import show

    def part(count: int, whole: int | None) -> str:
        return share_text(count / whole) if whole else ""

    rows = [
        [show.word(f"records_linked_{key}", lang), f"{counts[key]:,}", part(counts[key], counts[whole] if whole else None)]
        for key, whole in _LINKED
        if counts[key] or key in ("applications", "event")
    ]
    heads = [show.word(key, lang) for key in ("records_linked", "records_count", "records_share")]
    show.print_table(heads, rows, right=(1, 2))
    cities = [
        [
            show.word(f"records_role_{role}", lang),
            show.word(f"records_city_{method}", lang),
            f"{count:,}",
            part(count, sum(of.values())),
        ]
        for role, of in counts["cities"].items()
        for method, count in of.items()
    ]
    if cities:
        heads = [show.word(key, lang) for key in ("records_role", "records_city", "records_count", "records_share")]
        show.print_table(heads, cities, right=(2, 3))
    states = [[show.word(f"records_state_{state}", lang), f"{count:,}"] for state, count in counts["states"].items()]
    if states:
        show.print_table([show.word(key, lang) for key in ("records_state", "records_intervals")], states, right=[1])
    if counts["unknown_codes"]:
        listed = ", ".join(f"{code} ({count})" for code, count in list(counts["unknown_codes"].items())[:8])
        show.print_lines(show.word("records_link_codes", lang, codes=listed))


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
