"""Every kind of page as a reader meets it: from a folder and from a server, wide and narrow, in both languages."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from python_calamine import CalamineWorkbook
from tests.faces.web.conftest import UNIT, Seen, Site

from tidu.publish.finding import alike, among

Look = Callable[..., Seen]
OF_NOTE = ("serious", "critical")
HEAVY = 500_000
SHORTER = """document.querySelectorAll('tbody, svg g, ul, ol').forEach(one => {
    while (one.children.length > 12) one.lastChild.remove();
})"""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("way", "width"), [("file", 1280), ("file", 390), ("http", 1280)])
def test_every_kind_of_page_opens_clean(site: Site, look: Look, lang: str, way: str, width: int) -> None:
    """No error in the console, nothing barred by the policy, nothing asked for elsewhere, no page wider than its window.

    And none heavier than 500 KB at first view, before anything is packed.
    """
    wrong = []
    for kind, own in site.kinds.items():
        seen = look("about:blank", width)
        asked: list[str] = []
        seen.page.on("request", lambda one, asked=asked: asked.append(unquote(urlparse(one.url).path).lstrip("/")))
        seen.open(site.place(way, f"{lang}/{own}"))
        seen.page.wait_for_timeout(60)
        wrong += [f"{kind}: {fault}" for fault in seen.all()]
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{kind}: {wide} wide in a window of {width}")
        if seen.page.evaluate("document.documentElement.lang.slice(0, 2)") != lang:
            wrong.append(f"{kind}: not in {lang}")
        files = [site.folder / one for one in asked if way == "http"]  # the folder holds the same bytes
        weight = sum(file.stat().st_size for file in files if file.is_file())
        if way == "http" and not 5_000 < weight <= HEAVY:
            wrong.append(f"{kind}: {weight // 1000} KB at first view")
        seen.page.context.close()
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_page_can_be_read_by_all(site: Site, look: Look, lang: str) -> None:
    """axe finds nothing serious or critical; of long tables it looks at the first rows, as all rows are made alike."""
    wrong = []
    for kind, own in site.kinds.items():
        page = look(site.place("file", f"{lang}/{own}"), 1280 if lang == "zh" else 390).page
        page.evaluate(SHORTER)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        wrong += [f"{kind}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in OF_NOTE]
        page.context.close()
    assert not wrong


def test_the_watch_sees_what_is_barred(site: Site, look: Look) -> None:
    """A page with a style, a script and a picture that the policy bars is not called clean."""
    bad = site.folder / "zh" / "bad.html"
    text = (site.folder / "zh" / "index.html").read_text(encoding="utf-8")
    sins = '<p style="color: red">x</p><script>window.x = 1</script><img src="http://example.invalid/x.png" alt="">'
    bad.write_text(text.replace("</main>", f"{sins}</main>"), encoding="utf-8")
    faults = " ".join(look(bad.as_uri()).all())
    assert all(sign in faults for sign in ("barred: style-src", "barred: script-src", "barred: img-src"))


def test_a_reader_without_scripts_reads_every_page(site: Site, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    for kind, own in site.kinds.items():
        page.goto(site.place("file", f"zh/{own}"))
        assert page.locator("h1").count() == 1, kind
        assert len(page.locator("main").inner_text()) > 150, kind
    context.close()


@pytest.mark.parametrize("typed", ["杭州", "hangzhou", "Hangzhou", "330100"])
def test_a_city_is_found_however_it_is_typed(site: Site, look: Look, typed: str) -> None:
    page = look(site.place("file", "zh/ranking.html")).page
    page.fill("form[data-filter=ranks] input[name=q]", typed)
    assert page.locator("#ranks tbody tr:visible a").all_inner_texts() == ["杭州"]


def test_large_type_is_kept_from_page_to_page(site: Site, look: Look) -> None:
    seen = look(site.place("http", "zh/index.html"))
    plain = seen.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    seen.page.click("button.care")
    seen.page.goto(site.place("http", "en/ranking.html"))
    assert seen.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 1.25 * plain
    assert seen.page.get_attribute("button.care", "aria-pressed") == "true"
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_first_key_leads_past_the_menu(site: Site, look: Look) -> None:
    page = look(site.place("file", "zh/index.html")).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_a_downloaded_workbook_opens(site: Site, look: Look) -> None:
    page = look(site.place("http", f"zh/city/{UNIT}.html")).page
    link = page.locator('a[href$=".xlsx"]').first
    with page.expect_download() as waited:
        link.click()
    book = CalamineWorkbook.from_filelike(BytesIO(waited.value.path().read_bytes()))
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert any("杭州" in cell for cell in cells)


#: Kind of page → its live charts.
LIVE = {"index": 1, "map": 1, "indicator/": 2, "city/": 1, "gradient": 1, "compare": 1, "bench": 1}


def test_every_kind_of_page_that_has_a_live_chart_is_known(site: Site) -> None:
    found = {kind: (site.folder / "en" / own).read_text(encoding="utf-8").count("data-chart=") for kind, own in site.kinds.items()}
    assert {kind: count for kind, count in found.items() if count} == LIVE


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIVE)
def test_a_chart_is_live_when_it_is_asked_for_and_not_before(site: Site, look: Look, kind: str) -> None:
    """From a folder in Chinese by the button, from a server in English by the mouse; the policy holds, axe finds nothing."""
    own = site.kinds[kind]
    for lang, way, width in (("zh", "file", 390), ("en", "http", 1280)):
        seen = look("about:blank", width)
        asked: list[str] = []
        seen.page.on("request", lambda one, asked=asked: asked.append(one.url))
        seen.open(site.place(way, f"{lang}/{own}"))
        seen.page.wait_for_timeout(60)
        assert not [url for url in asked if url.endswith(("vega.js", ".live.js"))]
        for k in range(LIVE[kind]):
            figure = seen.page.locator("figure[data-chart]").nth(k)
            if way == "file":
                figure.locator("button.wake").click()
            else:
                figure.locator(".drawn").hover()
            seen.page.locator("figure[data-live=yes]").nth(k).wait_for()
            assert figure.locator("button.wake").is_hidden() and figure.locator(".drawn svg.marks").count() == 1
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert not seen.all()
        seen.page.evaluate(SHORTER)
        found = Axe().run(seen.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not [(one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in OF_NOTE]
        seen.page.context.close()


@pytest.mark.slow
def test_a_live_dot_tells_itself_and_leads_to_its_city(site: Site, look: Look) -> None:
    seen = look(site.place("http", "en/map.html"))
    page = seen.page
    page.click("figure.map button.wake")
    page.wait_for_selector("figure[data-live=yes]")
    dot = page.locator("figure.map .drawn svg .mark-symbol path").first
    dot.hover(force=True)
    page.locator("figure.map output.told", has_text="Beijing: rank 1 (").wait_for(state="attached")
    assert page.locator(".tip:visible").inner_text().startswith("Beijing: rank 1 (") and not seen.all()
    dot.click(force=True)
    page.wait_for_url("**/en/city/110000.html")


@pytest.mark.slow
def test_the_picture_of_a_comparison_follows_the_choice(site: Site, look: Look) -> None:
    seen = look(site.place("file", "en/compare.html"))
    page = seen.page
    assert page.locator("#pair .drawn svg").count() == 1 and "Quzhou" not in page.inner_text("#pair .drawn")
    page.fill("#chooser [name=q]", "quzhou")
    page.press("#chooser [name=q]", "Enter")
    page.wait_for_selector("#pair figure[data-live=yes]")
    assert all(name in page.text_content("#pair .drawn") for name in ("Beijing", "Shenzhen", "Quzhou"))
    page.locator("#picked li").first.locator("button").click()
    page.wait_for_function("!document.querySelector('#pair .drawn').textContent.includes('Beijing')")
    assert not seen.all()


def test_a_picture_of_others_than_the_chosen_is_not_shown(site: Site, look: Look) -> None:
    page = look(site.place("file", "zh/compare.html") + "#c=330800,330100").page
    assert page.locator("#pair .drawn").is_hidden() or page.get_attribute("#pair figure", "data-live") == "yes"
    page.wait_for_selector("#pair figure[data-live=yes]:not(.stale)", timeout=60_000)
    assert page.locator("#pair .drawn").is_visible() and "衢州" in str(page.text_content("#pair .drawn"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("杭州市", ["杭州"]),
        ("ＨＡＮＧＺＨＯＵ", ["杭州"]),
        ("haerbin", ["哈尔滨"]),
        ("wulumuqi", ["乌鲁木齐"]),
        ("lüliang", ["吕梁"]),
        ("lasa", ["拉萨"]),
        ("重庆市", ["重庆"]),
    ],
)
def test_a_city_is_found_by_its_full_name_and_by_pinyin(site: Site, look: Look, typed: str, found: list[str]) -> None:
    page = look(site.place("file", "zh/ranking.html")).page
    page.fill("form[data-filter=ranks] input[name=q]", typed)
    assert page.locator("#ranks tbody tr:visible th a").all_inner_texts() == found


def test_a_province_finds_its_cities(site: Site, look: Look) -> None:
    page = look(site.place("file", "zh/ranking.html")).page
    page.fill("form[data-filter=ranks] input[name=q]", "浙江")
    names = page.locator("#ranks tbody tr:visible th a").all_inner_texts()
    assert len(names) == 11 and {"杭州", "衢州"} <= set(names)


def test_namesakes_are_offered_and_never_chosen_for_the_reader(site: Site, look: Look) -> None:
    page = look(site.place("file", "en/compare.html")).page
    page.fill("#chooser [name=q]", "suzhou")
    page.press("#chooser [name=q]", "Enter")
    assert page.locator("#fits button").all_inner_texts() == ["Suzhou (Jiangsu)", "Suzhou (Anhui)"]
    page.locator("#fits button").last.click()
    assert "Suzhou (Anhui)" in page.inner_text("#picked") and page.locator("#fits button").count() == 0
    bench = look(site.place("file", "zh/bench.html")).page
    bench.fill("[name=mine]", "xian")
    assert "西安" in bench.inner_text(".mine") and bench.locator(".pinned .fits li").count() == 0
    bench.fill("[name=mine]", "suzhou")
    assert sorted(bench.locator(".pinned .fits button").all_inner_texts()) == ["宿州", "苏州"]


@pytest.mark.parametrize(
    ("page", "part"),
    [("compare", "#c=%"), ("compare", "#c=__proto__,constructor"), ("bench", "#w=__proto__:1"), ("bench", "#w=constructor:0,%:1")],
)
def test_a_broken_link_opens_the_page_as_it_is(site: Site, look: Look, page: str, part: str) -> None:
    seen = look(site.place("file", f"zh/{page}.html") + part)
    shown = seen.page.inner_text("#beside-table thead" if page == "compare" else "table.live tbody")
    assert "北京" in shown and "深圳" in shown and not seen.all()


def test_weights_of_zero_leave_no_table_behind(site: Site, look: Look) -> None:
    page = look(site.place("file", "zh/bench.html") + "#w=output:0,performance:0,potential:0").page
    told = page.inner_text("#bench .told >> nth=0")
    assert site.edition.title("zh") in told and "city-ip-core" not in told
    assert page.locator("table.live tbody tr").count() == 0


def test_a_chart_draws_in_a_browser_without_what_is_new(site: Site, look: Look) -> None:
    """Chromium before 98 has neither Object.hasOwn nor structuredClone."""
    seen = look("about:blank")
    seen.page.add_init_script("delete Object.hasOwn; delete window.structuredClone;")
    seen.open(site.place("file", "zh/gradient.html"))
    assert seen.page.evaluate("typeof Object.hasOwn + typeof window.structuredClone") == "undefinedundefined"
    seen.page.click("figure[data-chart] button.wake")
    seen.page.wait_for_selector("figure[data-live=yes]")
    assert seen.page.locator("figure[data-chart] .drawn svg.marks").get_attribute("role") == "img" and not seen.all()


def test_a_chart_that_cannot_come_says_so(site: Site, look: Look) -> None:
    seen = look("about:blank")
    seen.page.route("**/vega.js", lambda route: route.abort())
    seen.open(site.place("http", "zh/gradient.html"))
    seen.page.click("figure[data-chart] button.wake")
    seen.page.wait_for_selector("figure[data-live=no]")
    assert "静态图" in seen.page.inner_text("figure[data-chart] output.told")
    assert seen.page.locator("figure[data-chart] .drawn svg").count() == 1


def test_a_phone_shows_how_sure_each_rank_is(site: Site, look: Look) -> None:
    for own in ("index", "ranking"):
        page = look(site.place("file", f"zh/{own}.html"), 390).page
        first = page.locator("table.ranks tbody tr").first.locator(".phone")
        box = first.bounding_box()
        assert box is not None and box["x"] + box["width"] <= 390 and "区间" in first.inner_text() and "前十" in first.inner_text()


def test_the_server_finds_what_the_pages_find(site: Site, look: Look) -> None:
    page = look(site.place("file", "zh/ranking.html")).page
    words = [site.edition.find(unit) for unit in sorted(site.edition.paged)]
    typings = [
        "suzhou",
        "Suzhou (Jiangsu)",
        "苏州市",
        "浙江",
        "Xi'an",
        "lv liang",
        "hz",
        "州",
        "330100",
        "ＮＩＮＧＢＯ",
        "none such",
        "市",
    ]
    for typed in typings:
        assert page.evaluate("([list, typed]) => tiduFind.among(list, typed)", [words, typed]) == among(words, typed), typed
    for typed in ("Quzhuo", "Hangzhuo", "ningpo", "Ürümqu", "Zhangjakou", "qz", "苏洲", "3301", "none such"):
        assert page.evaluate("([list, typed]) => tiduFind.alike(list, typed)", [words, typed]) == alike(words, typed), typed


def test_a_page_links_its_brief_where_somebody_makes_it(site: Site, look: Look) -> None:
    for way, seen in (("http", 1), ("file", 0)):
        page = look(site.place(way, f"zh/city/{UNIT}.html")).page
        assert page.locator(f"a[href$='/city/{UNIT}.pdf']:visible").count() == seen


def test_compare_says_of_a_unit_without_a_score_that_it_has_none(site: Site, look: Look) -> None:
    page = look(site.place("file", "en/compare.html")).page
    for typed, name in (("Lhasa", "Lhasa"), ("540100", "Lhasa")):
        page.fill("#chooser [name=q]", typed)
        page.press("#chooser [name=q]", "Enter")
        assert f"{name}: no score" in page.locator("#chooser output").inner_text()
        assert page.locator("#fits a").get_attribute("href") == "../en/city/540100.html"
    page.fill("#chooser [name=q]", "Suzhou (Jiangsu)")
    page.press("#chooser [name=q]", "Enter")
    assert "Suzhou (Jiangsu)" in page.locator("#picked").inner_text() and not page.locator("#fits a").count()


def test_a_filter_that_fits_nothing_says_so(site: Site, look: Look) -> None:
    page = look(site.place("file", "en/ranking.html")).page
    told = page.locator("form[data-filter] output")
    page.fill("form[data-filter] [name=q]", "Atlantis")
    assert told.inner_text().startswith("No city fits.")
    page.fill("form[data-filter] [name=q]", "Suzhou (Jiangsu)")
    assert told.inner_text() == "1 / 297"


def test_the_bench_says_which_range_is_which(site: Site, look: Look) -> None:
    page = look(site.place("file", "en/bench.html")).page
    assert page.locator("table.live thead th").last.inner_text().lower().startswith("weight range")
    page.fill("[name=mine]", "Quzhou")
    page.press("[name=mine]", "Enter")
    page.locator(".mine .of").nth(2).wait_for()
    row = next(row for row in site.edition.ranking() if row["unit"] == "330800")
    said = page.locator(".mine").inner_text()
    assert f"Specification range of the index file: {int(row['best'])}–" in said and "Weight range ±25%: " in said


def test_no_printed_page_ends_with_a_heading(site: Site, look: Look, tmp_path: Path) -> None:
    for own in (site.kinds["city/"], "gradient.html", "data.html"):
        page = look(site.place("file", f"zh/{own}")).page
        headings = {" ".join(text.split()) for text in page.locator("h1:visible, h2:visible, h3:visible").all_inner_texts()}
        page.pdf(path=tmp_path / "page.pdf", format="A4")
        found = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True
        )
        lines = [[" ".join(line.split()) for line in sheet.splitlines() if line.strip()] for sheet in found.stdout.split("\f")]
        assert any(line in headings for sheet in lines for line in sheet), own
        ends = [sheet[-1] for sheet in lines if sheet]
        assert len(ends) > 1 and not [line for line in ends if line in headings or line == "长处 短处"], own
