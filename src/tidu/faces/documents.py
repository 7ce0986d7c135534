"""Commands that make documents: a page for a leader, a report, a workbook that computes itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidu.faces.analysis import Source
from tidu.faces.options import Data, Json, Language, Sets, Universe

if TYPE_CHECKING:
    from tidu.publish.documents.paper import Paper
    from tidu.publish.edition import Edition

Folder = Annotated[Path, typer.Option("--out", help="Folder for the results. 结果文件夹。")]
City = Annotated[str | None, typer.Option("--city", help="A unit's code or name; the whole index when left out. 城市代码或名称。")]
Formats = Annotated[str, typer.Option("--format", help="docx, pdf or both with a comma. 文件格式。")]

#: What a document can be written as.
KINDS = ("docx", "pdf")


def brief(
    lang: Language,
    file: Source = "city-ip-core",
    city: City = None,
    pages: Annotated[int, typer.Option("--pages", help="1, or 2 with the unit's card. 一页，或附指标卡两页。")] = 2,
    formats: Formats = "docx,pdf",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    out: Folder = Path("documents"),
    as_json: Json = False,
) -> None:
    """Write a page for a leader: position, causes, actions; with --city a unit's. 一页专报。"""
    from tidu import app as house
    from tidu.publish.documents.brief import brief as unit_brief
    from tidu.publish.documents.index_brief import index_brief

    kinds = _kinds(formats)
    edition = house.edition(file, data, universe=universe, changes=sets or [])
    paper = index_brief(edition, lang.value) if city is None else unit_brief(edition, city, lang.value, pages)
    _written(edition, "brief", city, paper, kinds, out, as_json)


def report(
    lang: Language,
    file: Source = "city-ip-core",
    city: City = None,
    formats: Formats = "docx,pdf",
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    out: Folder = Path("documents"),
    as_json: Json = False,
) -> None:
    """Write the report on the index, or with --city on a unit (GB/T 9704 layout). 分析报告（公文格式）。"""
    from tidu import app as house
    from tidu.publish.documents.city_report import city_report
    from tidu.publish.documents.index_report import index_report

    kinds = _kinds(formats)
    edition = house.edition(file, data, universe=universe, changes=sets or [])
    paper = index_report(edition, lang.value) if city is None else city_report(edition, city, lang.value)
    _written(edition, "report", city, paper, kinds, out, as_json)


def workbook(
    lang: Language,
    file: Source = "city-ip-core",
    year: Annotated[str | None, typer.Option("--year", help="The period; the last one when left out. 年份。")] = None,
    data: Data = None,
    universe: Universe = None,
    sets: Sets = None,
    out: Folder = Path("documents"),
    as_json: Json = False,
) -> None:
    """Write a workbook whose scores and ranks are formulas: change a figure, see the rank. 可重算的工作簿。"""
    from tidu import app as house
    from tidu.publish.live_workbook.sheets import write_live

    edition = house.edition(file, data, universe=universe, changes=sets or [])
    period = edition.index.periods[edition.index.period(year)]
    out.mkdir(parents=True, exist_ok=True)
    path = write_live(out / f"workbook-{period}.{lang.value}.xlsx", edition, period, lang.value)
    _told([path], edition, lang.value, as_json)


def _kinds(formats: str) -> list[str]:
    """The formats asked for. Raises ``document_format``."""
    from tidu.core.errors import UsageError, listing, nearest

    kinds = [part.strip() for part in formats.split(",") if part.strip()]
    for name in kinds or [formats]:
        if name not in KINDS:
            raise UsageError("document_format", name=name, known=listing(KINDS), did_you_mean=nearest(name, KINDS))
    return kinds


def _written(edition: Edition, stem: str, city: str | None, paper: Paper, kinds: list[str], out: Path, as_json: bool) -> None:
    """Writes a paper in its formats and says where."""
    from tidu.publish.documents.document import write_docx
    from tidu.publish.documents.pdf import write_pdf

    name = stem if city is None else f"{stem}-{edition.slugs[edition.index.panel.unit(city)]}"
    out.mkdir(parents=True, exist_ok=True)
    writers = {"docx": write_docx, "pdf": write_pdf}
    paths = [writers[kind](out / f"{name}.{paper.lang}.{kind}", paper) for kind in kinds]
    _told(paths, edition, paper.lang, as_json)


def _told(paths: list[Path], edition: Edition, lang: str, as_json: bool) -> None:
    from tidu.faces import show

    if as_json:
        show.print_json({"written": [str(path) for path in paths], "hash": edition.hash})
        return
    show.print_lines(*(f"{show.word('written', lang)} {path}" for path in paths))
