"""Commands that make something to be read: the site as a folder, the site served."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidu.faces import documents
from tidu.faces.analysis import Source, progress
from tidu.faces.options import Clusters, Data, Day, Json, Language, MapNumber, Sets, Universe, language

if TYPE_CHECKING:
    from tidu.publish.edition import Edition

publisher = typer.Typer(
    help="Make a site, documents or a release. 发布网站、文档与数据包。", no_args_is_help=True, rich_markup_mode=None
)
for _command in (documents.brief, documents.report, documents.workbook):
    publisher.command()(_command)
Folder = Annotated[Path, typer.Option("--out", help="Folder for the results. 结果文件夹。")]


@publisher.command()
def site(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    out: Folder = Path("site"),
    map_number: MapNumber = None,
    clusters: Clusters = None,
    briefs: Annotated[bool, typer.Option("--briefs", help="Each city's brief as PDF too; takes minutes. 附各城市专报。")] = False,
    as_json: Json = False,
) -> None:
    """Write the site as a folder that opens without a server. 生成静态网站。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.publish.site import write_site

    edition = house.edition(file, data, universe=universe, changes=sets or [], map_number=map_number, clusters=clusters)
    written = write_site(edition, out, progress(), with_briefs=briefs)
    if as_json:
        show.print_json({"written": str(out), "files": len(written), "hash": edition.hash})
        return
    show.print_lines(f"{show.word('written', lang.value)} {out}/ ({show.word('files', lang.value, count=len(written))})")


@publisher.command()
def release(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    out: Folder = Path("release"),
    map_number: MapNumber = None,
    clusters: Clusters = None,
    pages: Annotated[bool, typer.Option("--site/--no-site", help="Put the site into it. 是否附网站。")] = True,
    documents: Annotated[bool, typer.Option("--report/--no-report", help="Put report and workbook into it. 是否附报告。")] = True,
    day: Day = None,
    by: Annotated[str | None, typer.Option("--by", help="Who publishes. 发布单位。")] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="Licence: a name or SPDX identifier. 许可。")] = None,
    as_sdmx: Annotated[bool, typer.Option("--sdmx", help="Observations as SDMX too (extra sdmx). 附 SDMX。")] = False,
    as_json: Json = False,
) -> None:
    """Write a release: figures, method, results, audit, site, where they come from, hashes of all. 发布包。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.publish.release.bundle import write_release

    edition = house.edition(file, data, universe=universe, changes=sets or [], map_number=map_number, clusters=clusters)
    written = write_release(
        edition,
        out,
        raw=house.input_files(file, data),
        site=(lambda: _packed_site(edition)) if pages else None,
        documents=documents,
        day=day or released(),
        by=by,
        licence=licence,
        as_sdmx=as_sdmx,
    )
    if as_json:
        dated = day or released() or edition.day
        show.print_json({"written": str(out), "files": len(written), "hash": edition.hash, "date": dated})
        return
    show.print_lines(f"{show.word('written', lang.value)} {out}/ ({show.word('files', lang.value, count=len(written))})")
    for line in dating(edition, day, lang.value):
        show.print_lines(line)
    if licence is None and not edition.shipped:
        show.print_lines(show.word("release_unlicensed", lang.value))


def _packed_site(edition: Edition) -> bytes:
    """The site, written into a folder that does not stay, as one file."""
    from tempfile import TemporaryDirectory

    from tidu.publish.release.pack import packed
    from tidu.publish.site import write_site

    with TemporaryDirectory() as folder:
        return packed(write_site(edition, Path(folder), progress()), Path(folder))


def dating(edition: Edition, day: str | None, lang: str) -> list[str]:
    """What is said of a release's day where none was given: that it is the day of the shipped figures, or that there is none."""
    from tidu.faces import show

    if day or released():
        return []
    return [show.word("release_undated", lang) if edition.day is None else show.word("release_dated", lang, day=edition.day)]


def released() -> str | None:
    """The day in the environment variable ``SOURCE_DATE_EPOCH``, as programs that build the same bytes agree on it; or nothing."""
    from datetime import UTC, datetime

    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}" if seconds.isdecimal() else None


def serve(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    map_number: MapNumber = None,
    clusters: Clusters = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on. 监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on. 端口。")] = 8000,
) -> None:
    """Serve the site live, with an interface for programs. 启动网站。"""
    import uvicorn

    from tidu import app as house
    from tidu.faces import show
    from tidu.faces.web.server import application

    edition = house.edition(file, data, universe=universe, changes=sets or [], map_number=map_number, clusters=clusters)
    show.print_lines(show.word("serving", lang.value, address=f"http://{host}:{port}/{lang.value}/index.html"), stderr=True)
    uvicorn.run(application(edition, warm=True), host=host, port=port, log_level="warning")


def mcp(
    lang: Language,
    source: Annotated[
        str,
        typer.Argument(help="A release folder, an index file or the name of a shipped index. 发布包文件夹、指数文件或自带指数名。"),
    ] = "city-ip-core",
    data: Data = None,
    sets: Sets = None,
) -> None:
    """Answer assistants over stdio (Model Context Protocol): read-only questions about an edition. 供智能助手查询。"""
    from tidu.faces.assistant import ask, server

    server(ask(source, data, sets or []), language(lang)).run("stdio")
