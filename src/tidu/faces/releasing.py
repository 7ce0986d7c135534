"""Commands on a release: is it whole, does it come out the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.faces.options import Json, Language

releaser = typer.Typer(help="Check a release and rerun it. 核对与重算发布包。", no_args_is_help=True, rich_markup_mode=None)
Folder = Annotated[Path, typer.Argument(help="A folder that `publish release` wrote. 发布包文件夹。")]


@releaser.command()
def verify(folder: Folder, lang: Language, as_json: Json = False) -> None:
    """Compare every file with its hash and name the cell that was changed; leaves with 1 when anything is wrong. 核对。"""
    from tidu.faces import show
    from tidu.faces.options import language
    from tidu.publish.release.check import verify as check

    found = check(folder)
    if as_json:
        faults = [fault.record() for fault in found.faults]
        show.print_json({"sound": found.sound, "files": found.files, "edition": found.edition, "faults": faults})
    elif found.sound:
        show.print_lines(show.word("release_sound", lang.value, count=found.files))
        if found.edition is not None:
            show.print_lines(show.word("release_edition", lang.value, mark=found.edition[:12], hash=found.edition))
    else:
        show.print_lines(*(fault.text(language(lang)) for fault in found.faults))
        show.print_lines(show.word("release_faults", lang.value, count=found.files, faults=len(found.faults)))
    if not found.sound:
        raise typer.Exit(1)


@releaser.command()
def rerun(folder: Folder, lang: Language, as_json: Json = False) -> None:
    """Build the release again from its figures and spec and compare every table, to the byte or to the tolerance. 重算。"""
    from tidu.faces import show
    from tidu.publish.release.check import rerun_release
    from tidu.publish.run_folder import TOLERANCE

    found = rerun_release(folder)
    if as_json:
        show.print_json({"met": found.met, "files": list(found.files), "largest": found.largest, "tolerance": TOLERANCE})
        return
    values = {"count": len(found.files), "tolerance": TOLERANCE, "largest": f"{found.largest:.2g}"}
    show.print_lines(show.word(f"rerun_{found.met}", lang.value, **values))
