"""One table of addresses: both languages, every scored unit, files that read back."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from tidu import app
from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses


def test_both_languages_have_the_same_pages(cities: Edition) -> None:
    table = addresses(cities)
    zh = {address[3:] for address in table if address.startswith("zh/")}
    assert zh == {address[3:] for address in table if address.startswith("en/")}
    assert {f"city/{unit}.html" for unit in cities.units} <= zh


def test_the_ranking_reads_back(cities: Edition) -> None:
    table = addresses(cities)
    rows = list(csv.DictReader(io.StringIO(table["data/ranking-2023.csv"]().body.decode("utf-8-sig"))))
    assert rows[0]["unit"] == "110000" and len(rows) == len(cities.ranking())
    found = json.loads(table["data/ranking-2023.json"]().body)
    assert found["rows"][0]["rank"] == 1 and len(found["rows"]) == len(rows)
    assert (found["index"], found["period"], found["edition"]) == (cities.code, "2023", cities.hash)
    assert found["licences"] and found["released"] == cities.day


def test_pages_of_places_are_there_only_with_places(cities: Edition, coastal: Edition, stranger: Edition) -> None:
    placed = {"en/map.html", "en/gradient.html"}
    assert placed <= set(addresses(cities)) and placed <= set(addresses(coastal)) and not placed & set(addresses(stranger))
    assert {"en/map-p.html", "en/map-q.html"} <= set(addresses(coastal))
    assert {"zh/audit.html", "zh/data.html"} <= set(addresses(stranger))


class Chinese(HTMLParser):
    """Texts and told attributes with Chinese letters or stops in them, those marked as Chinese left out."""

    WRITTEN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    EMPTY = ("meta", "link", "input", "br", "img", "option")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: list[str] = []

    def see(self, text: str) -> None:
        if not any(self.open) and self.WRITTEN.search(text):
            self.found.append(text.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        for name in ("aria-label", "title", "placeholder", "content", "data-said", "data-heads"):
            self.see(told.get(name) or "")
        if tag not in self.EMPTY:
            self.open.append((told.get("lang") or "").startswith("zh"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.see(data)


def chinese_in(text: str) -> list[str]:
    """What is Chinese on a page besides the brand and titles of publications that stand behind their English names."""
    seen = Chinese()
    seen.feed(text)
    assert not seen.open
    kept = [re.sub(r"· Tidu 梯度$", "", one) for one in seen.found]
    kept = [re.sub(r"(Hainan Daily|China\.com\.cn|Jiangxi Blue Book) [\u4e00-\u9fff]+", r"\1", one) for one in kept]
    return [one for one in kept if Chinese.WRITTEN.search(one)]


def test_chinese_is_seen_where_it_is_and_not_where_it_is_marked() -> None:
    marked, unmarked = '<b lang="zh-CN">梯度<i>甲</i></b>', '<p aria-label="件">a<br>b</p><p>亿元</p>'
    page = f'{marked}{unmarked}<title>X · Tidu 梯度</title><svg><path d="M1"/></svg>'
    assert chinese_in(page) == ["件", "亿元"]


def test_english_pages_are_in_english(cities: Edition) -> None:
    """Units, sources, evidence, pictures; Chinese are brand, language switch, names beside names, headings as printed."""
    full = app.edition("city-ip-full", draws=0)
    wrong = []
    for edition in (cities, full):
        table, more = addresses(edition), set(full.index.framework.leaves) - set(cities.index.framework.leaves)
        for address, maker in table.items():
            own = address.removeprefix("en/")
            new = edition is cities or own in {f"indicator/{code}.html" for code in more}
            if address.startswith("en/") and own.endswith(".html") and new and (not own.startswith("city/") or "330800" in own):
                wrong += [f"{address}: {one[:80]}" for one in chinese_in(maker().body.decode())]
    assert not wrong


def test_no_page_of_any_kind_shows_an_outline_or_asks_for_one(cities: Edition) -> None:
    for address, maker in addresses(cities).items():
        if "map" in address and address.endswith((".html", ".svg", ".js")):
            text = maker().body.decode()
            assert "geoshape" not in text and 'class="ground"' not in text and "frykit" not in text, address


def test_figures_without_a_year_are_called_undated_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[index]\ncode = "own"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n'
    )
    (tmp_path / "own.csv").write_text("unit,a,b\nu,1,5\nv,2,4\nw,3,1\nx,4,2\n")
    found = addresses(app.edition(tmp_path / "own.toml", tmp_path / "own.csv", draws=8))
    seen = {}
    for name, maker in found.items():
        if name.endswith(".html"):
            seen[name] = " ".join(re.sub(r"<[^>]*>", " ", maker().body.decode()).split())
            assert not re.search(r"\b0001\b", seen[name]), name
    assert "undated" in seen["en/index.html"] and "未注年份" in seen["zh/index.html"]
