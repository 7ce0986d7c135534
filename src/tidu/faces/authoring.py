"""Commands on the index file itself: a new one, what may stand in it, what one says, another tool's read in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.faces.options import Json, Language

importer = typer.Typer(
    help="Read another tool's index definition. 导入其他工具的指数定义。", no_args_is_help=True, rich_markup_mode=None
)


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make. 新建文件夹。")],
    lang: Language,
    units: Annotated[str, typer.Option("--units", help="What is ranked: city, county … 评价对象。")] = "city",
    template: Annotated[str, typer.Option("--template", help="start, cnipa-frame or plan-targets. 模板。")] = "start",
    as_json: Json = False,
) -> None:
    """Make a starting index file and an XLSX template that a person fills without programming. 新建指数。"""
    from tidu.faces import show
    from tidu.publish.template import write_template

    written = write_template(folder, units, template)
    if as_json:
        show.print_json({"written": [str(path) for path in written]})
        return
    show.print_lines(f"{show.word('written', lang.value)} {', '.join(str(path) for path in written)}")
    show.print_lines(show.word("filled_template", lang.value, file=f"{written[0]} --data {written[1]}"))


def methods(
    lang: Language,
    step: Annotated[str | None, typer.Argument(help="impute, treat, normalise, weighting or aggregate. 步骤。")] = None,
    as_json: Json = False,
) -> None:
    """List the methods of each step, what they give, their keys and their source. 方法一览。"""
    from tidu.faces import show
    from tidu.index.catalogue import method_rows

    rows = method_rows(step, lang.value)
    if as_json:
        show.print_json(rows)
        return
    heads = [show.word(key, lang.value) for key in ("step", "method", "meaning", "key", "source")]
    show.print_table(heads, [[row["step"], row["method"], row["meaning"], row["keys"], row["source"]] for row in rows])


def explain_file(
    lang: Language,
    file: Annotated[str, typer.Argument(help="Index file, or the name of a shipped index. 指数文件或内置指数名。")],
    as_json: Json = False,
) -> None:
    """What each key of an index file does, and the effective steps of each node with where each key was written. 解释文件。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.index.catalogue import explain

    found = explain(house.load(file), lang.value)
    if as_json:
        show.print_json(found)
        return
    show.print_table(
        [show.word(key, lang.value) for key in ("key", "value", "meaning")],
        [[row["key"], row["value"], row["meaning"]] for row in found["keys"]],
    )
    show.print_table(
        [show.word(key, lang.value) for key in ("node", "step", "method", "key", "value", "whence")],
        [[row["node"], row["step"], row["method"], row["key"], row["value"], row["whence"]] for row in found["steps"]],
    )


def schema(
    lang: Language,
    out: Annotated[Path | None, typer.Option("--out", help="File to write. 输出文件。")] = None,
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of the index file, for completion in an editor. 指数文件的 JSON Schema。"""
    import json

    from tidu.faces import show
    from tidu.index.schema import json_schema

    if out is not None:
        out.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        show.print_json({"written": str(out)}) if as_json else show.print_lines(f"{show.word('written', lang.value)} {out}")
        return
    show.print_json(json_schema())


@importer.command()
def coin(
    meta: Annotated[Path, typer.Argument(help="iMeta table. 元数据表。")],
    data: Annotated[Path, typer.Argument(help="iData table. 数据表。")],
    lang: Language,
    out: Annotated[Path, typer.Option("--out", help="Folder for the index file and its data. 结果文件夹。")],
    as_json: Json = False,
) -> None:
    """Turn a COINr iMeta/iData pair into an index file and a data table. 导入 COINr。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.publish.template import write_pair

    written = write_pair(*house.from_coin(meta, data), out)
    if as_json:
        show.print_json({"written": [str(path) for path in written]})
        return
    show.print_lines(f"{show.word('written', lang.value)} {', '.join(str(path) for path in written)}")
