"""The command line: ``tidu``. Each command is a thin hand on a function of the library; nothing is computed here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces import (
    acting,
    analysis,
    authoring,
    clustering,
    explaining,
    geography,
    measuring,
    parties,
    planning,
    publishing,
    reading,
    records,
    releasing,
    synthetic,
)
from tidu.faces.options import Data, Day, Json, Lang, Language, Out, Sets, Show, Universe, default_lang
from tidu.faces.outline import outline

if TYPE_CHECKING:
    from tidu.index.result import Index


app = typer.Typer(
    name="tidu",
    help="Tidu 梯度: a city's intellectual-property competitiveness, measured, explained, rerunnable.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(authoring.importer, name="import")
app.add_typer(publishing.publisher, name="publish")
app.add_typer(releasing.releaser, name="release")


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version. 版本。")] = False,
) -> None:
    """Tidu 梯度: a city's intellectual-property competitiveness, measured, explained, rerunnable."""
    if version:
        from importlib.metadata import version as of

        typer.echo(f"tidu {of('tidu')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command()
def run(
    lang: Language,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results. 结果文件夹。")] = Path("out"),
    top: Annotated[int, typer.Option("--top", min=1, help="How many cities a table shows. 每表城市数。")] = 20,
    site: Annotated[bool, typer.Option("--site/--no-site", help="Write site and release too. 是否生成网站与发布包。")] = True,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Build the shipped city index in both forms, print rankings and comparison, write results, site and release. 主任务。"""
    from tidu import app as house
    from tidu.faces import reports, show
    from tidu.publish import tables
    from tidu.publish.run_folder import write_run

    main = house.main_job()
    written = 0
    for (name, universe), index in main.indices.items():
        written += len(
            write_run(index, out / f"{name}-{universe}", house.input_hashes(name, None), sure=main.intervals[name, universe])
        )
    tables.write_csv(out / "comparison.csv", _comparison_rows(main.comparison))
    tables.write_csv(out / "gaps.csv", house.gaps())
    pictures = _write_pictures(main, out)
    if not as_json:
        reports.print_main(main, lang.value, top)
        told = show.word("files", lang.value, count=written + 2 + pictures)
        show.print_lines("", f"{show.word('written', lang.value)} {out}/ ({told})")
    edition = house.edition_of(main)
    pages = _write_site_and_release(edition, out, day) if site else []
    if as_json:
        show.print_json(
            {
                "indices": {
                    f"{name}-{universe}": _record(index, None, main.intervals[name, universe])
                    for (name, universe), index in main.indices.items()
                },
                "comparison": _comparison_rows(main.comparison),
                "written": str(out),
                "site": str(out / "site") if pages else None,
                "release": str(out / "release") if pages else None,
            }
        )
    elif pages:
        show.print_lines(f"{show.word('written', lang.value)} {out / 'release'}/ (tidu release verify {out / 'release'})")
        for line in publishing.dating(edition, day, lang.value):
            show.print_lines(line)
        told = show.word("files", lang.value, count=len(pages))
        show.print_lines(f"{show.word('site_written', lang.value)} {out / 'site' / lang.value / 'index.html'} ({told})")


def _write_site_and_release(edition: Any, out: Path, day: str | None) -> list[Path]:
    """The files of the site; the release has them packed."""
    from tidu import app as house
    from tidu.faces.analysis import progress
    from tidu.publish.release.bundle import write_release
    from tidu.publish.release.pack import packed
    from tidu.publish.site import write_site

    base, pages = out / "site", list[Path]()

    def site() -> bytes:
        pages.extend(write_site(edition, base, progress()))
        return packed(pages, base)

    raw = house.input_files("city-ip-core", None)
    write_release(edition, out / "release", raw=raw, day=day or publishing.released(), site=site)
    return pages


def _write_pictures(main: Any, out: Path) -> int:
    from tidu.publish.charts import rank_ranges, write_svg

    for lang in Lang:
        key = ("city-ip-core", "all")
        chart = rank_ranges(main.indices[key], main.intervals[key], lang=lang.value)
        write_svg(out / f"ranking.{lang.value}.svg", chart)
    return len(Lang)


@app.command()
def build(
    lang: Language,
    file: Annotated[
        str, typer.Argument(help="Index file, or the name of a shipped index. 指数文件或内置指数名。")
    ] = "city-ip-core",
    data: Data = None,
    year: Annotated[
        list[str] | None, typer.Option("--year", help="Show this period only, scored as in the whole; may be repeated. 只看该年。")
    ] = None,
    universe: Universe = None,
    only: Show = None,
    sets: Sets = None,
    steps: Annotated[
        Path | None, typer.Option("--steps", help="Folder for one CSV a step and the changed cells. 逐步结果。")
    ] = None,
    out: Out = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many rows to print; 0 = all. 显示行数。")] = 20,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Points behind the range beside each rank; 0 = no range. 方法区间点数。")
    ] = 1024,
    frozen: Annotated[Path | None, typer.Option("--frozen", help="Run folder whose fitted parameters are used. 冻结参数。")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of methods that draw. 随机种子。")] = 0,
    broken_series: Annotated[bool, typer.Option("--broken-series", help="Accept pooled bounds over a break. 接受断点。")] = False,
    as_json: Json = False,
) -> None:
    """Build an index: scores and ranks of every unit, year by year. 构建指数。"""
    from tidu import app as house
    from tidu.faces import show
    from tidu.faces.analysis import progress
    from tidu.faces.reports import range_note, ranking_table
    from tidu.index.policy import series_break
    from tidu.publish.run_folder import rebuild, write_run
    from tidu.publish.tables import ranking, write_steps

    changes = [*(sets or []), *(["index.broken_series=true"] if broken_series else [])]
    fitted = None if frozen is None else rebuild(frozen).frozen
    index = house.make(file, data, years=year, universe=universe, show=only, changes=changes, frozen=fitted, seed=seed)
    sure, refused = house.how_sure(index, draws, seed, progress())
    if steps is not None:
        write_steps(index, steps)
    if out is not None:
        write_run(index, out, house.input_hashes(file, data), seed, sure)
    if as_json:
        show.print_json(_record(index, top or None, sure, refused))
        return
    printed: list[dict[str, Any]] = []
    for period in index.periods:
        rows = ranking(index, period, top or None, sure)
        printed += rows
        heads, body = ranking_table(index, rows, lang.value)
        show.print_table(
            heads, body, f"{index.framework.title(lang.value)} {show.dated(period, lang.value)}", right=[0, *range(3, len(heads))]
        )
        left = int(index.shown.sum()) - index.scored(period)
        if left:
            show.print_lines(show.word("not_scored", lang.value, count=left), "")
    for node, children in index.unreached().items():
        show.print_lines(show.word("not_reached", lang.value, node=node, children=", ".join(children) or "—"))
    odd = series_break(index.framework, index.periods)
    if odd:
        show.print_lines(show.word("series_break", lang.value, codes=", ".join(odd), periods=", ".join(index.periods)))
    if sure is not None:
        show.print_lines(range_note(sure, lang.value, printed))
    elif refused is not None:
        show.print_lines(show.word("no_range", lang.value, why=refused.text(lang.value)))
    read = [index.framework.label(node, lang.value) for node in index.framework.table.index.reading]
    if read:
        names = ("、" if lang is Lang.zh else ", ").join(read)
        show.print_lines(show.word("reading_nodes", lang.value, title=show.word("reading", lang.value), names=names))
    show.print_lines(show.word("status_note", lang.value))
    for folder in (steps, out):
        if folder is not None:
            show.print_lines(f"{show.word('written', lang.value)} {folder}/")


def _record(index: Index, top: int | None, sure: Any = None, refused: Any = None) -> dict[str, Any]:
    from tidu.publish.tables import ranking

    return {
        "index": index.framework.code,
        "title": {"zh": index.framework.title("zh"), "en": index.framework.title("en")},
        "coverage": index.coverage(),
        "weighting": index.facts(),
        "intervals": sure and sure.record(),
        **({} if refused is None else {"no_intervals": refused.record()}),
        "ranking": {period: ranking(index, period, top, sure) for period in index.periods},
    }


def _comparison_rows(found: Any) -> list[dict[str, Any]]:
    fields = (
        "edition",
        "index_year",
        "data_year",
        "universe",
        "place",
        "unit",
        "measure",
        "published",
        "ours",
        "difference",
        "share",
        "why",
    )
    return [{key: getattr(row, key) for key in fields} for row in found.rows]


@app.command()
def coverage(
    lang: Language,
    file: Annotated[
        str, typer.Argument(help="Index file, or the name of a shipped index. 指数文件或内置指数名。")
    ] = "city-ip-core",
    data: Data = None,
    sets: Sets = None,
    broken_series: Annotated[bool, typer.Option("--broken-series", help="Accept pooled bounds over a break. 接受断点。")] = False,
    as_json: Json = False,
) -> None:
    """How many units are listed, seen and scored, and which published indicators have no open data. 覆盖情况。"""
    from tidu import app as house
    from tidu.faces import reports, show

    index = house.make(file, data, changes=[*(sets or []), *(["index.broken_series=true"] if broken_series else [])])
    cities = data is None
    if as_json:
        show.print_json({"coverage": index.coverage(), "gaps": list(house.gaps()) if cities else []})
        return
    reports.print_coverage(index, lang.value)
    if cities:
        reports.print_gaps(lang.value)


@app.command()
def compare(
    lang: Language,
    what: Annotated[str, typer.Argument(help="`published`: every published rank. 已公布名次。")] = "published",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Set our ranks beside every published rank, at data year t and t − 1, in both universes. 与已公布名次对照。"""
    from tidu import app as house
    from tidu.core.errors import UsageError, nearest
    from tidu.faces import reports, show
    from tidu.publish.tables import write_csv

    if what != "published":
        raise UsageError("not_comparable", name=what, did_you_mean=nearest(what, ["published"]))
    found = house.published()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_csv(out / "comparison.csv", _comparison_rows(found))
    if as_json:
        overlaps = [{key: getattr(item, key) for key in item.__dataclass_fields__} for item in found.overlaps]
        show.print_json({"rows": _comparison_rows(found), "overlaps": overlaps, "never_published": found.never_published})
        return
    reports.print_comparison(found, house.make("city-ip-core"), lang.value)


app.command()(authoring.new)
app.command()(authoring.methods)
app.command("explain-file")(authoring.explain_file)
app.command()(authoring.schema)


@app.command()
def rerun(
    folder: Annotated[Path, typer.Argument(help="A folder that `--out` wrote. 结果文件夹。")], lang: Language, as_json: Json = False
) -> None:
    """Replay a run folder and say whether it comes out the same: to the byte, or within the tolerance. 重算核验。"""
    from tidu.faces import show
    from tidu.publish.run_folder import TOLERANCE
    from tidu.publish.run_folder import rerun as replay

    found = replay(folder)
    if as_json:
        show.print_json({"met": found.met, "files": list(found.files), "largest": found.largest, "tolerance": TOLERANCE})
        return
    show.print_lines(
        show.word(f"rerun_{found.met}", lang.value, count=len(found.files), tolerance=TOLERANCE, largest=f"{found.largest:.2g}")
    )


# What comes before an index, what is made of one, and who is told.
app.command()(records.read)
app.command()(records.quarantine)
app.command()(records.link)
app.command()(parties.parties)
app.command()(synthetic.synth)
app.command()(measuring.indicators)
app.command()(measuring.measure)
app.command()(measuring.trace)
app.command()(measuring.reconcile)
app.command()(analysis.uncertainty)
app.command()(analysis.sensitivity)
app.command()(analysis.acceptability)
app.command()(reading.audit)
app.command()(reading.profile)
app.command()(explaining.contribution)
app.command()(explaining.change)
app.command()(geography.gradient)
app.command()(clustering.clusters)
app.command("what-if")(acting.what_if)
app.command()(acting.moves)
app.command()(acting.progress)
app.command()(planning.target)
app.command()(publishing.serve)
app.command()(publishing.mcp)


def main(arguments: list[str] | None = None) -> None:
    """The program: runs a command and leaves with 0 = done, 1 = a rerun differs, 2 = input that does not fit."""
    from tidu.core.errors import ReplayError, TiduError, UsageError

    given = sys.argv[1:] if arguments is None else arguments
    try:
        try:
            outline(app, given)(args=given, prog_name="tidu")
        except OSError as failure:
            why = failure.strerror or str(failure)
            raise UsageError("no_access", file=str(failure.filename or "") or None, why=why) from None
    except TiduError as error:
        lang = _asked_lang(given)
        if "--json" in given:
            from tidu.faces.show import print_json

            print_json({"error": error.record()})
        sys.stderr.write(error.text("zh" if lang == "zh" else "en") + "\n")
        sys.exit(1 if isinstance(error, ReplayError) and error.code in ("run_differs", "run_changed") else 2)


def _asked_lang(arguments: list[str]) -> str:
    for at, text in enumerate(arguments):
        if text == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
        if text.startswith("--lang="):
            return text.removeprefix("--lang=")
    return default_lang()


if __name__ == "__main__":
    main()
