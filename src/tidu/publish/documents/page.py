"""A document as a list of blocks, written as Markdown or as one self-contained HTML page without script or outside address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1b1b1b;
  background: #fff; max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.3; } h2 { font-size: 1.3rem; margin-top: 2.6rem; border-bottom: 1px solid #ccc; }
h3 { font-size: 1.05rem; margin-top: 1.8rem; } p { max-width: 48rem; }
nav ol { columns: 2; max-width: 48rem; } a { color: #0b4f8a; }
.wide { overflow-x: auto; margin: 0.8rem 0 1.4rem; }
table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.2rem 0; }
th, td { padding: 0.22rem 0.6rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #666; vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 9em; } td.n { white-space: nowrap; } .n { text-align: right; }
tr.fault th:first-child { box-shadow: inset 4px 0 #7a1f5c; } tr.warning th:first-child { box-shadow: inset 4px 0 #d98200; }
tr.note th:first-child { box-shadow: inset 4px 0 #5b7fa6; }
tr.fault th, tr.warning th, tr.note th { white-space: nowrap; min-width: 0; }
figure { margin: 1rem 0; overflow-x: auto; } figcaption { font-size: 0.86rem; color: #444; } svg { max-width: none; }
@media print { body { max-width: none; padding: 0; } .wide, figure { overflow: visible; } h2 { break-after: avoid; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 stands in the table of contents."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table of texts: the first column names the row; columns in ``right`` hold numbers; ``kinds`` colours rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    caption: str = ""
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing, SVG text when it is asked for, and what it says in words; Markdown leaves it out.

    ``slim`` draws the same for a phone.
    """

    drawn: Callable[[], str]
    said: str
    slim: Callable[[], str] | None = None


Block = Heading | Text | Table | Picture


def markdown(title: str, blocks: Sequence[Block]) -> str:
    r"""The document as Markdown with pipe tables; pictures are left out.

    >>> print(markdown("T", [Heading("A"), Table(["x", "y"], [["a|b", "1"]], right=[1])]))
    # T
    <BLANKLINE>
    ## A
    <BLANKLINE>
    | x | y |
    |---|---:|
    | a\|b | 1 |
    <BLANKLINE>
    """
    parts = [f"# {_plain(title)}"]
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(f"{'#' * block.level} {_plain(block.text)}")
        elif isinstance(block, Text):
            parts.append(_plain(block.text))
        elif isinstance(block, Table):
            line = "|" + "|".join("---:" if k in block.right else "---" for k in range(len(block.heads))) + "|"
            rows = [f"| {' | '.join(_cell(text) for text in row)} |" for row in (block.heads, *block.rows)]
            if block.caption:
                parts.append(f"**{_plain(block.caption)}**")
            parts.append("\n".join([rows[0], line, *rows[1:]]))
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|").replace("\n", " ")


def html(title: str, blocks: Sequence[Block], lang: str, contents: str) -> str:
    """The document as one HTML page: no script, nothing from outside, tables with scoped headers; ``contents`` heads the list.

    >>> page = html("A <b>", [Heading("One"), Text("x < y")], "en", "Contents")
    >>> "<title>A &lt;b&gt;</title>" in page, "<script" in page, "x &lt; y" in page
    (True, False, True)
    """
    numbered, count = [], 0
    for block in blocks:
        count += isinstance(block, Heading) and block.level == 2
        numbered.append((f"s{count}" if isinstance(block, Heading) and block.level == 2 else "", block))
    links = "".join(f'<li><a href="#{at}">{escape(block.text)}</a></li>' for at, block in numbered if at)  # type: ignore[union-attr]
    body = "\n".join(_DRAWN[type(block)](block, at or str(k)) for k, (at, block) in enumerate(numbered))
    nav = f'<nav aria-label="{escape(contents)}"><ol>{links}</ol></nav>' if count > 1 else ""
    tag = "zh-CN" if lang == "zh" else lang
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n{nav}\n{body}\n</main>\n</body>\n</html>\n"
    )


def _heading(block: Heading, at: str) -> str:
    place = f' id="{at}"' if at.startswith("s") else ""
    return f"<h{block.level}{place}>{escape(block.text)}</h{block.level}>"


def _table(block: Table, at: str) -> str:
    def line(cells: Sequence[str], kind: str) -> str:
        first = f'<th scope="row">{escape(cells[0])}</th>'
        rest = (
            f'<td class="n">{escape(text)}</td>' if k in block.right else f"<td>{escape(text)}</td>" for k, text in cells_of(cells)
        )
        named = f' class="{kind}"' if kind else ""
        return f"<tr{named}>{first}{''.join(rest)}</tr>"

    def cells_of(cells: Sequence[str]) -> list[tuple[int, str]]:
        return list(enumerate(cells))[1:]

    heads = "".join(
        f'<th scope="col"{" class=n" if k in block.right else ""}>{escape(text)}</th>' for k, text in enumerate(block.heads)
    )
    kinds = block.kinds or [""] * len(block.rows)
    rows = "\n".join(line(row, kind) for row, kind in zip(block.rows, kinds, strict=True))
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    said = escape(block.caption or block.heads[0])
    inside = f"<table>{caption}<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    return f'<div class="wide" tabindex="0" role="region" aria-label="{said}">{inside}</div>'


def _picture(block: Picture, at: str) -> str:
    """The drawing with names of its own, so that two of a page do not share a clip."""
    named = re.sub(r'\bid="([\w-]+)"', rf'id="p{at}-\1"', block.drawn())
    named = re.sub(r"url\(#([\w-]+)\)", rf"url(#p{at}-\1)", named)
    said = escape(block.said)
    return f'<figure><div role="img" aria-label="{said}">{named}</div><figcaption>{said}</figcaption></figure>'


_DRAWN: dict[type, Callable[..., str]] = {
    Heading: _heading,
    Text: lambda block, at: f"<p>{escape(block.text)}</p>",
    Table: _table,
    Picture: _picture,
}
