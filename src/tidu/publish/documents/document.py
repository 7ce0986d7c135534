"""A document as DOCX in the layout of Chinese official documents (GB/T 9704-2012); type is named, bytes are the same on any day."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import Block, Drawing, Paper, Points, Small, Tiles, leading, widths

#: The type that GB/T 9704 names, by part of the page; Latin letters and digits stand beside it.
FONTS = {"title": "方正小标宋简体", "body": "仿宋_GB2312", "first": "黑体", "second": "楷体_GB2312", "number": "宋体"}
LATIN = {"title": "Times New Roman", "body": "Times New Roman", "first": "Arial", "second": "Times New Roman", "number": "宋体"}
#: Stamped into every document, so that the same content gives the same bytes on any day.
_STAMP = datetime.datetime(2000, 1, 1)
_WIDE = 210.0
#: Pictures are drawn at so many dots to one.
_DOTS = 2.0


def write_docx(path: Path, paper: Paper) -> Path:
    """The path written: the document as DOCX."""
    import docx

    made = _Document(docx.Document(), paper)
    made.write()
    held = io.BytesIO()
    made.file.save(held)
    path.write_bytes(still(held.getvalue()))
    return path


def still(archive: bytes) -> bytes:
    """An archive whose entries all carry one date, so that equal contents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in found.namelist():
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, found.read(name))
    return out.getvalue()


class _Document:
    """A document of python-docx and the paper it is written from."""

    def __init__(self, file: Any, paper: Paper) -> None:
        self.file, self.paper, self.style = file, paper, paper.style
        self.zh = paper.lang == "zh"
        self.new = False

    def write(self) -> None:
        """The sheet, the styles, the title, every block, the numbers of pages."""
        self._sheet()
        self._styles()
        self._numbers()
        if self.style.rule:
            self._bands()
        self._line(self.paper.title, "Title")
        if self.paper.below:
            self._line(self.paper.below, "Subtitle")
        lead = leading(self.paper.blocks)
        for at, block in enumerate(self.paper.blocks):
            self._block(block)
            if at in lead:
                self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        known = self.file.core_properties
        known.title, known.author, known.comments, known.last_modified_by = self.paper.title, "", "", ""
        known.created = known.modified = _STAMP
        known.language = "zh-CN" if self.zh else "en"
        known.revision = 1

    # --- the sheet ----------------------------------------------------------------------------------------------------

    def _sheet(self) -> None:
        """A4 and margins; lines stand at a fixed distance, so no grid is laid over them."""
        from docx.oxml.ns import qn
        from docx.shared import Mm

        section, (top, bottom, left, right) = self.file.sections[0], self.style.margins
        section.page_width, section.page_height = Mm(_WIDE), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, (top, bottom, left, right))
        section.header_distance, section.footer_distance = Mm(15), Mm(max(bottom - 12.0, 8.0))
        for old in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(old)
        self.file.settings.odd_and_even_pages_header_footer = True

    def _styles(self) -> None:
        """The built-in styles of body, title and headings, set in the type of the standard."""
        from docx.oxml.ns import qn

        style, zh = self.style, self.zh
        tongue = self.file.styles.element.find(".//{*}lang")
        for key, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
            tongue.set(qn(f"w:{key}"), value)
        self._set("Normal", "body", style.body, pitch=style.pitch, after=0.0 if zh else style.body * 0.35)
        self._set("Title", "title", style.title, pitch=style.title * 1.35, centre=True, bold=not zh, colour=style.rule, after=4)
        self._set("Subtitle", "body", style.body * 0.95, pitch=style.pitch, centre=True, after=style.body * 0.8, soft=True)
        self._set("Heading 1", "first", style.heading, pitch=style.pitch, bold=not zh, colour=style.rule, before=style.body * 0.3)
        self._set("Heading 2", "second", style.body, pitch=style.pitch, bold=not zh, before=style.body * 0.2)
        self._set("Caption", "body", style.small, pitch=style.small * 1.4, soft=True, after=4)

    def _set(
        self,
        name: str,
        part: str,
        size: float,
        *,
        pitch: float,
        before: float = 0.0,
        after: float = 0.0,
        bold: bool = False,
        centre: bool = False,
        colour: bool = False,
        soft: bool = False,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Pt, RGBColor

        found = self.file.styles[name]
        font, form = found.font, found.paragraph_format
        font.size, font.bold, font.italic = Pt(size), bold, False
        font.color.rgb = RGBColor(0x0B, 0x3C, 0x5D) if colour else RGBColor(0x56, 0x61, 0x6C) if soft else RGBColor(0, 0, 0)
        _typed(found.element.get_or_add_rPr(), part)
        if name == "Normal" and self.style.tight:
            _tracked(found.element.get_or_add_rPr(), self.style.tight)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.JUSTIFY if name == "Normal" else None
        form.keep_with_next = name.startswith("Heading")
        for edge in found.element.get_or_add_pPr().findall(f"{{{found.element.nsmap['w']}}}pBdr"):
            found.element.get_or_add_pPr().remove(edge)

    def _numbers(self) -> None:
        """Page numbers between two dashes: at the right of odd pages, at the left of even ones."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        section = self.file.sections[0]
        for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
            footer.is_linked_to_previous = False
            line = footer.paragraphs[0]
            line.alignment = side
            line.paragraph_format.line_spacing = 1.0
            indent = Pt(14)
            if side == WD_ALIGN_PARAGRAPH.RIGHT:
                line.paragraph_format.right_indent = indent
            else:
                line.paragraph_format.left_indent = indent
            for text, field in (("— ", None), ("", "PAGE"), (" —", None)):
                run = line.add_run(text)
                run.font.size = Pt(14 if self.zh else 10)
                _typed(run._element.get_or_add_rPr(), "number")
                if field:
                    _field(run, field)

    def _bands(self) -> None:
        """The three bands of the house above the title."""
        from docx.shared import Pt

        table = self.file.add_table(1, 3)
        for cell, colour in zip(table.rows[0].cells, ("C9A86A", "2F7F86", "0B3C5D"), strict=True):
            _shade(cell, colour)
            line = cell.paragraphs[0]
            line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(5), Pt(0)
        self._gap(8)

    # --- blocks -------------------------------------------------------------------------------------------------------

    def _line(self, text: str, style: str = "Normal") -> Any:
        line = self.file.add_paragraph(text, style=style)
        if self.new:
            line.paragraph_format.page_break_before, self.new = True, False
        return line

    def _gap(self, points: float) -> None:
        """An empty line of so many points: two tables would else grow together."""
        from docx.shared import Pt

        line = self._line("")
        line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(points), Pt(0)

    def _indent(self, line: Any) -> None:
        """Two characters before the first line of a paragraph in Chinese."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        if self.zh:
            form = line._p.get_or_add_pPr()
            found = form.find(qn("w:ind"))
            found = OxmlElement("w:ind") if found is None else found
            found.set(qn("w:firstLineChars"), "200")
            found.set(qn("w:firstLine"), str(round(self.style.body * 40)))
            form.append(found)

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            line = self._line(block.text, f"Heading {block.level - 1}")
            if not self.style.rule:
                self._indent(line)
        elif isinstance(block, Text):
            self._indent(self._line(block.text))
        elif isinstance(block, Small):
            self._line(block.text, "Caption")
        elif isinstance(block, Points):
            for at, (lead, text) in enumerate(block.items, start=1):
                line = self._line("")
                line.add_run(f"{at}. {lead}").bold = True
                line.add_run(f"{'　' if self.zh else '  '}{text}")
                if not self.style.rule:
                    self._indent(line)
        elif isinstance(block, Tiles):
            self._tiles(block)
        elif isinstance(block, Drawing):
            self._drawing(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self.new = True

    def _tiles(self, block: Tiles) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        table = self.file.add_table(2, len(block.items))
        for column, (figure, label) in enumerate(block.items):
            for row, (text, size) in enumerate(((figure, 20.0), (label, self.style.small))):
                cell = table.cell(row, column)
                _shade(cell, "F1EEE7")
                line = cell.paragraphs[0]
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
                line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(size * 1.5), Pt(3)
                run = line.add_run(text)
                run.font.size = Pt(size)
                run.font.color.rgb = RGBColor(0x0B, 0x3C, 0x5D) if row == 0 else RGBColor(0x56, 0x61, 0x6C)
        self._gap(6)

    def _drawing(self, block: Drawing) -> None:
        import vl_convert
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        picture = vl_convert.svg_to_png(block.drawn(), scale=_DOTS)
        line = self._line("")
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing = 1.0
        wide = (_WIDE - self.style.margins[2] - self.style.margins[3]) * block.share
        shape = line.add_run().add_picture(io.BytesIO(picture), width=Mm(wide))
        shape._inline.docPr.set("descr", block.said)
        line.paragraph_format.keep_with_next = True
        self._line(block.said, "Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _table(self, block: Table) -> None:
        """Three lines: above, below the heading, at the end; the heading stands again on every page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm

        if block.caption:
            caption = self._line(block.caption, "Caption")
            caption.paragraph_format.keep_with_next = True
            caption.runs[0].bold = True
        count = len(block.heads)
        table = self.file.add_table(1 + len(block.rows), count)
        table.autofit = False
        whole = _WIDE - self.style.margins[2] - self.style.margins[3]
        wide = widths(block, whole, self.style.table)
        for column, own in zip(table.columns, wide, strict=True):
            column.width = Mm(own)
        for at, texts in enumerate([block.heads, *block.rows]):
            row = table.rows[at]._tr
            cells = row.tc_lst
            for column, text in enumerate(texts):
                cells[column].width = Mm(wide[column])
                line = cells[column].p_lst[0]
                _plain_line(line, text, self.style.table, bold=at == 0, right=column in block.right)
            for key in ("w:cantSplit", "w:tblHeader")[: 2 if at == 0 else 1]:
                mark = OxmlElement(key)
                mark.set(qn("w:val"), "true")
                row.get_or_add_trPr().append(mark)
        edges = OxmlElement("w:tblBorders")
        for side in ("top", "bottom"):
            edges.append(_edge(side, "12"))
        following = [part for part in table._tbl.tblPr if part.tag in (qn("w:tblLayout"), qn("w:tblLook"))]
        following[0].addprevious(edges)  # the order of the schema, on which Word insists
        for cell in table.rows[0].cells:
            form = OxmlElement("w:tcBorders")
            form.append(_edge("bottom", "6"))
            cell._tc.get_or_add_tcPr().append(form)
        self._gap(self.style.small)


def _typed(form: Any, part: str) -> None:
    """Run properties with the type of a part of the page, for Latin and for Chinese letters."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fonts = form.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        form.insert(0, fonts)
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key, family in (("ascii", LATIN[part]), ("hAnsi", LATIN[part]), ("cs", LATIN[part]), ("eastAsia", FONTS[part])):
        fonts.set(qn(f"w:{key}"), family)


def _tracked(form: Any, points: float) -> None:
    """Run properties with letters so many points further apart."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    part = OxmlElement("w:spacing")
    part.set(qn("w:val"), str(round(points * 20)))
    form.find(qn("w:sz")).addprevious(part)


def _field(run: Any, name: str) -> None:
    """A field that the reader's program fills, such as the number of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = name
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _edge(side: str, size: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    part = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "000000")):
        part.set(qn(f"w:{key}"), value)
    return part


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    part = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        part.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(part)


def _plain_line(line: Any, text: str, size: float, *, bold: bool, right: bool) -> None:
    """A line of a table's cell."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    made = Paragraph(line, None)  # type: ignore[arg-type]
    run = made.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    form = made.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    form.line_spacing, form.space_before, form.space_after = Pt(size * 1.35), Pt(1), Pt(1)
