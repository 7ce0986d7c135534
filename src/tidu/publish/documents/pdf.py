"""A document as PDF by Typst: official Chinese type where the machine has it, else a free one; the same bytes on any day."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tidu.core.errors import UsageError
from tidu.publish.documents.page import Heading, Table, Text
from tidu.publish.documents.paper import Block, Drawing, Paper, Points, Small, Tiles, leading, widths

#: The part of the page → families that carry it, the one that GB/T 9704 names first, free ones last.
FAMILIES: dict[str, tuple[str, ...]] = {
    "title": (
        *("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
        *("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC", "AR PL UMing CN"),
    ),
    "body": (
        *("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "FZFangSong-Z02S"),
        *("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC", "AR PL UMing CN"),
    ),
    "first": (
        *("黑体", "SimHei", "STHeiti", "Heiti SC", "FZHei-B01S"),
        *("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei"),
    ),
    "second": (
        *("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "AR PL UKai CN"),
        *("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC"),
    ),
}
#: Latin letters and digits.
LATIN = ("Times New Roman", "Liberation Serif", "Libertinus Serif")
SANS = ("Arial", "Helvetica", "Liberation Sans", "Noto Sans CJK SC", "DejaVu Sans")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def families() -> frozenset[str]:
    """The families of type that this machine has, those inside Typst among them."""
    import typst

    return frozenset(typst.Fonts().families())


def chosen(part: str, have: frozenset[str] | None = None) -> str | None:
    """The family that carries the Chinese of a part of the page; nothing where the machine has none.

    >>> chosen("body", frozenset({"Noto Serif CJK SC", "FangSong"})), chosen("body", frozenset({"DejaVu Sans"}))
    ('FangSong', None)
    """
    known = families() if have is None else have
    return next((family for family in FAMILIES[part] if family in known), None)


def printable(lang: str) -> bool:
    """Whether a document in a language can be printed here: Typst is installed, and for Chinese there is type."""
    if find_spec("typst") is None:
        return False
    return lang != "zh" or all(chosen(part) is not None for part in FAMILIES)


def written(paper: Paper, have: frozenset[str] | None = None) -> bytes:
    """The document as PDF. Raises ``no_chinese_font`` where it holds Chinese and no type can show it."""
    import typst

    text = source(paper, families() if have is None else have)
    made = typst.compile(text.encode("utf-8"), format="pdf", timestamp=0)
    return made if isinstance(made, bytes) else b""


def write_pdf(path: Path, paper: Paper, have: frozenset[str] | None = None) -> Path:
    """The path at which the document is written as PDF. Raises ``no_chinese_font``."""
    path.write_bytes(written(paper, have))
    return path


def source(paper: Paper, have: frozenset[str]) -> str:
    """The document as Typst text. Raises ``no_chinese_font``."""
    fonts = {part: chosen(part, have) for part in FAMILIES}
    sans = fonts["first"] or next((family for family in SANS if family in have), SANS[-1])
    body = "\n".join(_block(block, paper, sans, at in leading(paper.blocks)) for at, block in enumerate(paper.blocks))
    if _CHINESE.search(body + paper.title) and None in fonts.values():
        raise UsageError("no_chinese_font", known=", ".join(FAMILIES["body"]))
    return _head(paper, fonts, have) + body + "\n"


def _head(paper: Paper, fonts: dict[str, str | None], have: frozenset[str]) -> str:
    style, zh = paper.style, paper.lang == "zh"
    top, bottom, left, right = style.margins
    serif, sans = (next((family for family in among if family in have), "Libertinus Serif") for among in (LATIN, SANS))

    def font(part: str) -> str:
        latin = sans if part == "first" else serif
        own = fonts[part]
        covers = f'(name: {quoted(latin)}, covers: "latin-in-cjk")' if zh else quoted(latin)
        return f"({covers}, {quoted(own)})" if own else f"({quoted(latin)},)"

    gap, bold = style.pitch - style.body, "regular" if zh else "bold"
    deep = ", fill: deep" if style.rule else ""
    official = fonts["title"] in FAMILIES["title"][:4]
    language = f'lang: "{paper.lang}"' + (', region: "cn"' if zh else "")
    indent = "first-line-indent: (amount: 2em, all: true), " if zh and not style.rule else ""
    between = gap if zh else gap + style.body * 0.5
    number = (
        "let n = counter(page).get().first(); set text(size: {size}pt); align(if calc.odd(n) {{ right }} else {{ left }}, {text})"
    )
    number = number.format(size=14 if zh else 10, text='pad(x: 1em, "— " + str(n) + " —")')
    band = 'rect(width: 100%, height: 7pt, fill: rgb("#{}"))'
    bands = ", ".join(band.format(colour) for colour in ("c9a86a", "2f7f86", "0b3c5d"))
    above = f"#place(top + left, dx: -{left}mm, dy: -{top}mm, block(width: 210mm, grid(columns: (1fr,) * 3, {bands})))\n"
    title = f'font: {font("title")}, size: {style.title}pt, weight: "{"regular" if official else "bold"}"{deep}'
    lines = [
        '#let deep = rgb("#0b3c5d")',
        '#let soft = rgb("#56616c")',
        f"#set document(title: {quoted(paper.title)}, date: none)",
        f'#set page(paper: "a4", margin: (top: {top}mm, bottom: {bottom}mm, left: {left}mm, right: {right}mm), '
        f"footer-descent: {min(7.0, bottom * 0.3)}mm, footer: context {{ {number} }})",
        f"#set text(font: {font('body')}, size: {style.body}pt, {language}, tracking: {style.tight}pt)",
        "#set text(top-edge: 0.8em, bottom-edge: -0.2em)",
        f"#set par({indent}leading: {gap}pt, spacing: {between}pt, justify: true)",
        f"#show heading: set block(above: {gap + style.body * 0.3}pt, below: {gap}pt, sticky: true)",
        f'#show heading.where(level: 1): set text(font: {font("first")}, size: {style.heading}pt, weight: "{bold}"{deep})',
        f'#show heading.where(level: 2): set text(font: {font("second")}, size: {style.body}pt, weight: "{bold}")',
        f"#let small(body, sticky: false) = block(above: {gap}pt, sticky: sticky, par(first-line-indent: 0pt, leading: 0.45em, "
        f"text(size: {style.small}pt, fill: soft, body)))",
        f"#let cell(body) = par(first-line-indent: 0pt, leading: 0.4em, justify: false, text(size: {style.table}pt, body))",
    ]
    lines += [above] if style.rule else []
    lines.append(f"#align(center, par(first-line-indent: 0pt, leading: {gap * 0.6}pt, text({title}, {quoted(paper.title)})))")
    if paper.below:
        lines.append(
            f"#align(center, par(first-line-indent: 0pt, text(size: {style.body * 0.95}pt, fill: soft, {quoted(paper.below)})))"
        )
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    r"""A text as Typst holds it.

    >>> print(quoted('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _block(block: Block, paper: Paper, sans: str, sticky: bool) -> str:
    """One block as Typst text."""
    if isinstance(block, Heading):
        indent = "#h(2em)" if paper.lang == "zh" and not paper.style.rule else ""
        return f"#heading(level: {block.level - 1}, [{indent}#{quoted(block.text)}])"
    if isinstance(block, Text):
        indent = "first-line-indent: (amount: 2em, all: true), " if paper.lang == "zh" else ""
        line = f"par({indent}{quoted(block.text)})"
        return f"#block(sticky: true, {line})" if sticky else f"#{line}"
    if isinstance(block, Small):
        return f"#small({quoted(block.text)})"
    if isinstance(block, Points):
        return "\n".join(
            f'#par[#text(weight: "bold", {quoted(f"{at}. {lead}")})#h(0.5em)#{quoted(said)}]'
            for at, (lead, said) in enumerate(block.items, start=1)
        )
    if isinstance(block, Tiles):
        tiles = ", ".join(
            f'block(width: 100%, height: 48pt, fill: rgb("#f1eee7"), inset: (x: 4pt, y: 9pt), align(center, stack(spacing: 7pt, '
            f"text(size: 20pt, fill: deep, {quoted(figure)}), text(size: {paper.style.small}pt, fill: soft, {quoted(label)}))))"
            for figure, label in block.items
        )
        return f"#block(above: 12pt, below: 12pt, grid(columns: (1fr,) * {len(block.items)}, gutter: 8pt, {tiles}))"
    if isinstance(block, Drawing):
        drawn = block.drawn().replace('font-family="sans-serif"', f'font-family="{sans}"')
        return (
            f'#figure(image(bytes({quoted(drawn)}), format: "svg", width: {block.share:.0%}, alt: {quoted(block.said)}), '
            f"caption: none)\n#align(center, small({quoted(block.said)}))"
        )
    if isinstance(block, Table):
        return _table(block, paper)
    return "#pagebreak(weak: true)"


def _table(block: Table, paper: Paper) -> str:
    """A table with three lines, its heading again on every page."""
    style = paper.style
    align = ", ".join("right" if at in block.right else "left" for at in range(len(block.heads)))
    wide = ", ".join(f"{size:.2f}mm" for size in widths(block, 210.0 - style.margins[2] - style.margins[3], style.table))
    heads = ", ".join(f"cell(strong({quoted(head)}))" for head in block.heads)
    rows = ",\n".join(", ".join(f"cell({quoted(item)})" for item in row) for row in block.rows)
    caption = f"#small(sticky: true, strong({quoted(block.caption)}))\n" if block.caption else ""
    return (
        f"{caption}#block(breakable: true, table(columns: ({wide},), align: ({align},), stroke: none,\n"
        "inset: (x, y) => (x: 4pt, top: if y == 1 { 5pt } else { 3pt }, bottom: 3pt),\n"
        f"table.hline(stroke: 1pt), table.header({heads}), table.hline(stroke: 0.5pt),\n{rows},\ntable.hline(stroke: 1pt)))"
    )
