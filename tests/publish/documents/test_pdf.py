"""PDF: text that can be read back, type that is chosen, the same bytes, a clear error without Chinese type."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tidu.core.errors import UsageError
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import BRIEF, OFFICIAL, REPORT_EN, Drawing, Paper, Points, Sheet, Small, Tiles, numbered
from tidu.publish.documents.pdf import FAMILIES, chosen, families, source, write_pdf

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text font-family="sans-serif" y="12">x</text></svg>'
BLOCKS = numbered(
    [
        Tiles([("66", "rank")]),
        Heading('One #not a "mark"'),
        Text("A $text$ with *marks* and \\ [brackets]."),
        Points([("lead", "said")]),
        Drawing(lambda: SVG, "a picture", 0.5),
        Table(["name", "n"], [["a_b", "1"], ["<c>", "2"]], right=[1], caption="Table"),
        Sheet(),
        Small("small"),
    ],
    "en",
)
PAPER = Paper("Title", "below", BLOCKS, "en", REPORT_EN)


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_marks_stay_text_and_every_block_is_there(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", PAPER)
    assert path.read_bytes()[:5] == b"%PDF-"
    if shutil.which("pdftotext"):
        said = text_of(path)
        for part in ("Title", 'One #not a "mark"', "A $text$ with *marks* and \\ [brackets].", "a_b", "<c>", "small"):
            assert part in said
        assert "—2—" in said.replace(" ", "")


def test_the_same_paper_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_pdf(tmp_path / "a.pdf", PAPER).read_bytes() == write_pdf(tmp_path / "b.pdf", PAPER).read_bytes()


def test_type_of_the_standard_comes_before_free_type() -> None:
    free = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
    assert chosen("body", free) == "Noto Serif CJK SC" and chosen("first", free) == "Noto Sans CJK SC"
    assert chosen("body", free | {"仿宋_GB2312"}) == "仿宋_GB2312"
    assert '"仿宋_GB2312"' in source(Paper("题", "", (), "zh", OFFICIAL), free | {"仿宋_GB2312"})
    assert set(FAMILIES) == {"title", "body", "first", "second"}


def test_chinese_without_chinese_type_is_refused_with_the_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_pdf(tmp_path / "a.pdf", Paper("标题", "", (), "zh", BRIEF), frozenset({"DejaVu Sans"}))
    assert caught.value.code == "no_chinese_font" and "Noto Serif CJK SC" in str(caught.value)
    assert not (tmp_path / "a.pdf").exists()
    assert "Title" in source(PAPER, frozenset({"DejaVu Sans"}))


def test_typst_brings_type_of_its_own() -> None:
    assert "Libertinus Serif" in families()
