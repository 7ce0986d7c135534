"""DOCX in the layout of GB/T 9704-2012, read back with python-docx."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from tidu.publish.documents.document import still, write_docx
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import BRIEF, OFFICIAL, Drawing, Paper, Points, Sheet, Small, Tiles, numbered

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
BLOCKS = numbered(
    [
        Heading("总体"),
        Text("正文。"),
        Heading("下级", 3),
        Points([("要点", "说明")]),
        Table(["名", "数"], [["甲", "1"], ["乙", "2"]], right=[1], caption="表"),
        Drawing(lambda: SVG, "图的说明", 0.5),
        Small("注"),
        Sheet(),
        Heading("附表"),
    ],
    "zh",
)
PAPER = Paper("报告", "2023 年", BLOCKS, "zh", OFFICIAL)


def test_the_sheet_the_type_and_the_lines_are_those_of_the_standard(tmp_path: Path) -> None:
    found = docx.Document(str(write_docx(tmp_path / "a.docx", PAPER)))
    section = found.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [37, 35, 28, 26]
    for name, east, size in (
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ):
        style = found.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == east
        assert style.font.size == Pt(size)
    assert found.styles["Normal"].paragraph_format.line_spacing == Pt(28.95)
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer.paragraphs[0]._p.xml and footer.paragraphs[0].text.startswith("— ")


def test_blocks_read_back(tmp_path: Path) -> None:
    found = docx.Document(str(write_docx(tmp_path / "a.docx", PAPER)))
    texts = {paragraph.text: paragraph for paragraph in found.paragraphs}
    assert texts["一、总体"].style.name == "Heading 1" and texts["（一）下级"].style.name == "Heading 2"
    assert texts["二、附表"].paragraph_format.page_break_before
    assert "1. 要点　说明" in texts
    assert texts["正文。"]._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    table = found.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["名", "数"], ["甲", "1"], ["乙", "2"]]
    assert "tblHeader" in table.rows[0]._tr.xml and "tblHeader" not in table.rows[1]._tr.xml
    assert found.inline_shapes[0]._inline.docPr.get("descr") == "图的说明"
    assert found.core_properties.title == "报告"


def test_parts_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    found = docx.Document(str(write_docx(tmp_path / "a.docx", PAPER)))
    marks = [part.tag.rpartition("}")[2] for part in found.tables[0]._tbl.tblPr]
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook"]
    assert [mark for mark in order if mark in marks] == marks
    run = [part.tag.rpartition("}")[2] for part in found.styles["Normal"].element.rPr]
    assert run.index("rFonts") < run.index("color") < run.index("spacing") < run.index("sz")


def test_the_same_paper_gives_the_same_bytes_and_one_date(tmp_path: Path) -> None:
    one, two = (write_docx(tmp_path / name, PAPER) for name in ("a.docx", "b.docx"))
    assert one.read_bytes() == two.read_bytes()
    assert still(one.read_bytes()) == one.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_tiles_and_bands_stand_on_a_brief(tmp_path: Path) -> None:
    found = docx.Document(str(write_docx(tmp_path / "a.docx", Paper("专报", "", (Tiles([("66", "位次")]),), "zh", BRIEF))))
    assert len(found.tables) == 2 and found.tables[1].cell(0, 0).text == "66"
