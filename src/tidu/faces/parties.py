"""The command on who is who: open pairs of names listed, a sheet of them written, decisions read back; two names compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.faces.options import Json, Language

#: Pairs that are shown on a screen.
_SHOWN = 20


def parties(
    lang: Language,
    names: Annotated[list[str] | None, typer.Argument(help="Two names to compare. 要比较的两个名称。")] = None,
    store: Annotated[Path, typer.Option("--store", help="Folder of the records, linked. 已连接的记录库文件夹。")] = Path("records"),
    out: Annotated[Path | None, typer.Option("--out", help="Sheet of open pairs to decide, .csv. 待判定的名称对。")] = None,
    decide: Annotated[Path | None, typer.Option("--decide", help="Sheet with decisions to take in. 读回判定。")] = None,
    who: Annotated[str, typer.Option("--who", help="Who decided, where the sheet does not say. 判定人。")] = "",
    as_json: Json = False,
) -> None:
    """Which names are one legal entity: list what is open, decide it in a sheet, take the decisions in. 判定申请人主体。"""
    from tidu.core.errors import UsageError
    from tidu.faces import show
    from tidu.records.parties import verdicts
    from tidu.records.parties.deciding import Party, same
    from tidu.records.store import MANIFEST

    text = lang.value
    if names:
        if len(names) != 2:
            raise UsageError("parties_two", count=len(names))
        told = same(Party(names[0]), Party(names[1]))
        if as_json:
            show.print_json(told._asdict())
            return
        answer = {True: "one", False: "two", None: "open"}[told.entity]
        show.print_lines(
            show.word(
                f"parties_{answer}", text, method=show.word(f"parties_by_{told.method}", text), confidence=f"{told.confidence:.2f}"
            ),
            show.word("parties_group" if told.group else "parties_no_group", text),
        )
        return
    if not (store / MANIFEST).exists():
        raise UsageError("no_store", folder=str(store))
    decided = None
    if decide is not None:
        from datetime import date

        decided = verdicts.decide(store, decide, who, date.today().isoformat())
    found = verdicts.doubts(store)
    if out is not None:
        verdicts.write_sheet(out, found)
    if as_json:
        kept = [one._asdict() for one in verdicts.read(store)]
        show.print_json(
            {"open": [one._asdict() for one in found], "decisions": kept, "taken": decided, "written": str(out) if out else None}
        )
        return
    if decided is not None:
        show.print_lines(show.word("parties_taken", text, count=decided, store=store))
    if not found:
        show.print_lines(show.word("parties_none", text))
        return
    heads = [show.word(f"parties_{key}", text) for key in ("left", "right", "by", "likely")]
    rows = [[one.left, one.right, show.word(f"parties_by_{one.method}", text), f"{one.probability:.2f}"] for one in found[:_SHOWN]]
    show.print_table(heads, rows, right=[3])
    show.print_lines(show.word("parties_open_count", text, count=len(found), shown=len(rows)))
    if out is not None:
        show.print_lines(show.word("parties_written", text, path=out))
    else:
        show.print_lines(show.word("parties_how", text))
