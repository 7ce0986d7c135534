"""Commands that make something to be read: the site as a folder, the site served."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.faces import documents
from tidu.faces.analysis import Source, progress
from tidu.faces.options import Data, Json, Language, Sets, Universe

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
    as_json: Json = False,
) -> None:
    """Write the site as a folder that opens without a server. 生成静态网站。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.publish.site import write_site

    edition = house.edition(file, data, universe=universe, changes=sets or [])
    written = write_site(edition, out, progress())
    if as_json:
        show.print_json({"written": str(out), "files": len(written), "hash": edition.hash})
        return
    show.print_lines(f"{show.word('written', lang.value)} {out}/ ({show.word('files', lang.value, count=len(written))})")


def serve(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on. 监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on. 端口。")] = 8000,
) -> None:
    """Serve the site live, with an interface for programs. 启动网站。"""
    import uvicorn

    from tidu import app as house
    from tidu.faces import show
    from tidu.faces.web.server import application

    edition = house.edition(file, data, universe=universe, changes=sets or [])
    show.print_lines(show.word("serving", lang.value, address=f"http://{host}:{port}/{lang.value}/index.html"), stderr=True)
    uvicorn.run(application(edition, warm=True), host=host, port=port, log_level="warning")
