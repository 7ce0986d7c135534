"""The documents of a release: the report as DOCX and PDF, the workbook that computes itself, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tidu.core.errors import TiduError
from tidu.publish.documents.document import write_docx
from tidu.publish.documents.index_report import index_report
from tidu.publish.documents.pdf import write_pdf
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.live_workbook.sheets import write_live


def papers(edition: Edition) -> dict[str, bytes]:
    """Address → bytes of the documents that this machine and this index can make.

    PDF needs type that has the characters, DOCX and PDF the packages of the extra ``report``, the workbook methods that have
    formulas. What cannot be made is left out.
    """
    found: dict[str, bytes] = {}
    for lang in LANGUAGES:
        for name, write in _writers(edition, lang).items():
            body = _written(name, write)
            if body is not None:
                found[f"report/{name}"] = body
    return found


def _writers(edition: Edition, lang: str) -> dict[str, Callable[[Path], Path]]:
    return {
        f"report.{lang}.docx": lambda path: write_docx(path, index_report(edition, lang)),
        f"report.{lang}.pdf": lambda path: write_pdf(path, index_report(edition, lang)),
        f"workbook.{lang}.xlsx": lambda path: write_live(path, edition, None, lang),
    }


def _written(name: str, write: Callable[[Path], Path]) -> bytes | None:
    with TemporaryDirectory() as folder:
        try:
            return write(Path(folder) / name).read_bytes()
        except (TiduError, ModuleNotFoundError):
            return None
