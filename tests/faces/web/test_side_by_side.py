"""Live parts of a unit's page and of the comparison: they say what Python says, and stay away where they cannot."""

from __future__ import annotations

from typing import Any

from tidu.diagnosis.explanation.contribution import gap_parts


def test_a_chosen_pair_is_taken_apart_as_python_does(site: Any, look: Any) -> None:
    """From a folder: chosen by pinyin and code, kept in the address, the parts those of the library."""
    seen = look(site.place("file", "zh/compare.html"))
    page = seen.page
    for words in ("quzhou", "330100"):
        page.fill("#chooser [name=q]", words)
        page.press("#chooser [name=q]", "Enter")
    page.select_option("#pairs [name=one]", "330100")
    page.select_option("#pairs [name=two]", "330800")
    own = gap_parts(site.edition.index, "330100", "330800")
    assert f"杭州比衢州 {own.total:+.2f} 分" in page.inner_text("#gap-said")
    shown = page.eval_on_selector_all("#gap-table tbody tr.depth-1", "rows => rows.map(row => row.lastElementChild.textContent)")
    assert shown == [f"{own.parts[node]:+.2f}" for node in site.edition.pillars]
    assert page.url.endswith("#c=110000,440300,330800,330100")
    page.click("#picked li:first-child button")
    assert "北京" not in page.inner_text("#picked") and seen.all() == []


def test_the_address_brings_the_choice_back(site: Any, look: Any) -> None:
    seen = look(site.place("file", "en/compare.html") + "#c=330800,330100,nowhere,330800")
    assert [text.strip() for text in seen.page.locator("#picked li").all_inner_texts()] == ["Quzhou", "Hangzhou"]
    assert seen.all() == []


def test_the_planner_asks_the_server_and_stays_away_without_one(site: Any, look: Any) -> None:
    address = "zh/city/330100.html"
    folder = look(site.place("file", address))
    assert folder.page.locator("#planner").is_hidden() and folder.all() == []
    seen = look(site.place("http", address))
    seen.page.wait_for_selector("#planner:not([hidden])")
    seen.page.fill("#planner [name=rank]", "1")
    with seen.page.expect_response(lambda answer: "/api/v1/target" in answer.url) as asked:
        seen.page.click("#planner button")
    found = asked.value.json()
    assert found["wanted_rank"] == 1 and found["reachable"] is False
    seen.page.wait_for_selector("#plan.not-reached")
    assert seen.page.inner_text("#plan .verdict") == found["verdict"] and seen.all() == []


def test_all_that_an_address_names_are_drawn_at_once(site: Any, look: Any) -> None:
    seen = look(site.place("file", "en/compare.html") + "#c=330800,110000,440300,310000,320500")
    seen.page.wait_for_selector("figure[data-chart=pair][data-live=yes]:not(.stale)", timeout=60_000)
    told = seen.page.inner_text("figure[data-chart=pair] figcaption")
    assert told.startswith("Quzhou, Beijing, Shenzhen, Shanghai and Suzhou (Jiangsu): scores") and "Press" not in told
    labels = seen.page.locator("figure[data-chart=pair] [aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert any("Suzhou (Jiangsu)" in label for label in labels) and seen.all() == []
    plain = look(site.place("file", "en/compare.html")).page
    assert plain.get_attribute("figure[data-chart=pair]", "data-live") is None


def test_a_code_that_no_city_has_and_a_name_spelt_wrongly_are_told(site: Any, look: Any) -> None:
    page = look(site.place("file", "en/compare.html") + "#c=330800,nowhere").page
    assert page.inner_text("#chooser output").startswith("nowhere: no such city Only Quzhou was chosen")
    page.fill("#chooser [name=q]", "Hangzhuo")
    page.press("#chooser [name=q]", "Enter")
    assert "spelt alike" in page.inner_text("#chooser output") and page.inner_text("#fits").strip() == "Hangzhou"
    page.click("#fits button")
    assert "Hangzhou" in page.inner_text("#picked")


def test_of_one_city_alone_it_is_said_which_was_added(site: Any, look: Any) -> None:
    page = look(site.place("file", "en/compare.html") + "#c=330800").page
    assert page.inner_text("#chooser output").startswith("Only Quzhou was chosen; Beijing, first in the ranking, was added.")
    assert not look(site.place("file", "en/compare.html")).page.inner_text("#chooser output")


def test_parts_of_a_change_that_are_nought_are_named(site: Any, look: Any) -> None:
    page = look(site.place("http", "en/ranking.html")).page
    page.click("#split")
    page.locator("p.split span").wait_for(timeout=60_000)
    assert "nought for all cities and not shown: " in page.inner_text("p.split") and "ethod" in page.inner_text("p.split")
    heads = page.locator("#ranks thead th").all_inner_texts()
    assert any("wn figures" in head or "wn data" in head for head in heads) and not any("ethod" in head for head in heads)
