"""A document as blocks: texts are escaped, tables have scoped headers, a page asks for nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tidu.publish.documents.page import Heading, Picture, Table, Text, html, markdown

BLOCKS = [
    Text("one & <two>"),
    Heading("First <b>"),
    Table(["name", "n"], [["a|b", "1"], ["<script>", "2"]], right=[1], caption="Cap & tion", kinds=["fault", ""]),
    Heading("Second"),
    Heading("deeper", 3),
    Picture(lambda: '<svg><clipPath id="clip0"></clipPath><g clip-path="url(#clip0)"></g></svg>', "a picture"),
    Picture(lambda: '<svg><clipPath id="clip0"></clipPath><g clip-path="url(#clip0)"></g></svg>', "another"),
]


class Opened(HTMLParser):
    """Counts what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.stack.append(tag)
        self.ids += [value or "" for key, value in attrs if key == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def test_a_page_is_whole_and_closed_to_the_outside() -> None:
    page = html("T <i>", BLOCKS, "zh", "目录")
    parser = Opened()
    parser.feed(page)
    assert parser.stack == [] and len(parser.ids) == len(set(parser.ids))
    assert '<html lang="zh-CN">' in page and "default-src 'none'" in page
    assert "<script" not in page and not re.search(r"(?:src|href)=\"(?!#)", page) and "<b>" not in page and "<i>" not in page
    assert page.count('<th scope="col"') == 2 and page.count('<th scope="row">') == 2
    assert '<a href="#s1">First &lt;b&gt;</a>' in page and 'id="s2"' in page and "deeper</a>" not in page
    assert len(set(re.findall(r"url\(#([\w-]+)\)", page))) == 2
    assert "<tr class='fault'>" in page or '<tr class="fault">' in page


def test_markdown_keeps_the_tables_and_leaves_out_the_pictures() -> None:
    text = markdown("T", BLOCKS)
    assert "| a\\|b | 1 |" in text and "| &lt;script> | 2 |" in text and "svg" not in text
    assert text.startswith("# T\n\none &amp; &lt;two>\n\n## First &lt;b>") and "### deeper" in text and "**Cap &amp; tion**" in text


def test_one_section_needs_no_contents() -> None:
    assert "<nav" not in html("T", [Heading("only")], "en", "Contents")
