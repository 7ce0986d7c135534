"""The command that makes synthetic records: a nation or a province that does not exist, to try everything on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tidu.faces.options import Json, Language


def synth(
    out: Annotated[Path, typer.Argument(help="Folder to write; for loads a folder of records. 输出文件夹。")],
    lang: Language,
    rows: Annotated[int, typer.Option("--rows", help="Applications. 申请件数。")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same records. 随机种子。")] = 1,
    first: Annotated[int, typer.Option("--first", help="First year of filing. 起始申请年份。")] = 2010,
    last: Annotated[int, typer.Option("--last", help="Last year of filing. 终止申请年份。")] = 2024,
    province: Annotated[str | None, typer.Option("--province", help="Only this province, such as 330000. 仅该省份。")] = None,
    form: Annotated[str, typer.Option("--as", help="list, workbook or loads. 列表、工作簿或批次。")] = "list",
    encoding: Annotated[str, typer.Option("--encoding", help="Of lists: utf-8 or gb18030. 列表编码。")] = "utf-8",
    memory: Annotated[str, typer.Option("--memory", help="Most memory of the engine. 引擎内存上限。")] = "1GB",
    as_json: Json = False,
) -> None:
    """Make synthetic records, all labelled so: an office's lists to read, or loads to link. 生成虚构记录。"""
    from tidu.faces import show
    from tidu.records.synth.nation import Nation
    from tidu.records.synth.write import synthesise

    nation = Nation(rows, seed, first, last, province)
    with _bar(rows) as told:
        made = synthesise(nation, out, form, encoding=encoding, memory=memory, progress=told)
    counts = {"applications": made.applications, "contracts": made.contracts}
    if as_json:
        show.print_json({"folder": str(out), "form": made.form, **counts, "files": made.files, "synthetic": True})
        return
    show.print_lines(
        show.word(
            "synth_written",
            lang.value,
            folder=out,
            files=len(made.files),
            **{name: f"{count:,}" for name, count in counts.items()},
        ),
        show.word("synth_next_loads" if made.form == "loads" else "synth_next_list", lang.value, folder=out),
    )


@contextmanager
def _bar(rows: int) -> Iterator[Callable[[int], object] | None]:
    """What to call with the applications that were written so far: a bar on a screen, nothing on a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=rows)
        yield lambda count: bar.update(task, completed=count)
