"""The weights bench at work: its ranks are Python's, its ranges too, its addresses, scenarios and pictures hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.faces.web.conftest import Seen, Site

from tidu.core.stats import rank_high
from tidu.diagnosis.movement.what_if import read_scenarios, what_if
from tidu.index.build import build

Look = Callable[..., Seen]
RANKS = (
    "Array.from(document.querySelectorAll('table.live tbody tr'), row => [row.dataset.unit, Number(row.children[0].textContent)])"
)


def ready(seen: Seen) -> None:
    seen.page.wait_for_selector("#bench[data-ready]")


@pytest.fixture
def bench(site: Site, look: Look) -> Seen:
    seen = look(site.place("file", "zh/bench.html"))
    ready(seen)
    return seen


def python_ranks(site: Site, changes: list[str]) -> dict[str, int]:
    made = build(site.edition.index.framework.put(*changes), site.edition.index.panel)
    return {unit: rank for unit, rank in made.rank(None, site.edition.last).items() if rank is not None}


def test_every_way_ranks_as_python_does(site: Site, bench: Seen) -> None:
    found = bench.page.evaluate(
        """() => { const data = window.tidu.bench, sums = window.tiduSums.Bench(data), weights = {};
        data.nodes.forEach((one, k) => { weights[one.code] = 0.25 + (k * 7 % 11) / 4; });
        return [weights, data.ways.map(way => [way.changes, sums.ranks(way, weights)]), data.units]; }"""
    )
    weights, ways, units = found
    nodes = site.edition.index.framework.nodes
    own = [f"{'indicator' if nodes[code].leaf else 'pillar'}.{code}.weight={value!r}" for code, value in weights.items()]
    assert len(ways) == len(site.edition.alternatives.ways)
    for changes, ranks in ways:
        theirs = {unit: rank for unit, rank in zip(units, ranks, strict=True) if rank is not None}
        assert theirs == python_ranks(site, [*changes, *own]), changes


def test_a_slider_moved_by_keys_ranks_as_python_does(site: Site, bench: Seen) -> None:
    page = bench.page
    page.focus("#w0")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.click("[data-do=all]")
    weight = float(page.evaluate("location.hash").partition("output:")[2].partition("&")[0])
    assert weight > 1.0
    assert dict(page.evaluate(RANKS)) == python_ranks(site, [f"pillar.output.weight={weight}"])
    assert "城市换了位次" in page.inner_text(".results > .told")
    assert f"--set pillar.output.weight={weight}" in page.text_content(".command code")
    page.click("[data-do=reset]")
    assert dict(page.evaluate(RANKS)) == python_ranks(site, ["pillar.output.weight=1"])
    assert page.evaluate("location.hash") == ""


def uniform(seed: int, count: int) -> list[float]:
    """The page's generator (mulberry32), anew."""
    state, found = seed, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t = ((t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        found.append((t ^ (t >> 14)) / 2**32)
    return found


def test_the_ranges_are_those_of_the_same_draws_in_python(site: Site, bench: Seen) -> None:
    lows_highs, codes, units = bench.page.evaluate(
        """() => { const data = window.tidu.bench, weights = {};
        data.nodes.forEach(one => { weights[one.code] = one.weight; });
        return [window.tiduSums.Bench(data).ranges(data.ways[0], weights), data.nodes.map(one => one.code), data.units]; }"""
    )
    index, t = site.edition.index, site.edition.index.period(site.edition.last)
    drawn = 1 + 0.25 * (2 * np.array(uniform(1, 200 * len(codes))).reshape(200, -1) - 1)
    rows = []
    for factors in drawn:
        weight = dict(zip(codes, factors, strict=True))
        scores = {leaf: index.normalised[:, t, k] for k, leaf in enumerate(index.framework.leaves)}
        for node in index.framework.inner:
            own = np.array([weight[child] for child in node.children])
            scores[node.code] = np.column_stack([scores[child] for child in node.children]) @ (own / own.sum())
        rows.append(rank_high(scores[index.framework.code]))
    low, high = np.quantile(np.array(rows), (0.05, 0.95), axis=0)
    places = {unit: u for u, unit in enumerate(index.units)}
    for unit, pair in zip(units, lows_highs, strict=True):
        if pair is not None:
            assert pair == pytest.approx([low[places[unit]], high[places[unit]]], abs=1e-9)


def test_an_address_opens_the_same_setting(site: Site, look: Look) -> None:
    address = site.place("file", "en/bench.html#w=potential:0,exports:2.5&treat=winsorise&normalise=percentile_rank&unit=330100")
    seen = look(address)
    ready(seen)
    seen.page.click("[data-do=all]")
    wanted = [
        "treat.method=winsorise",
        "treat.at_most=5",
        "treat.when={ skew = 2.0, kurtosis = 3.5 }",
        "treat.otherwise=log",
        "normalise.method=percentile_rank",
        "pillar.potential.weight=0",
        "indicator.exports.weight=2.5",
    ]
    assert dict(seen.page.evaluate(RANKS)) == python_ranks(site, wanted)
    assert seen.page.inner_text(".mine b") == "Hangzhou"


def test_weights_of_zero_are_told_and_break_nothing(site: Site, look: Look) -> None:
    seen = look(site.place("file", "en/bench.html#w=output:0,performance:0,potential:0"))
    seen.page.wait_for_function("document.querySelector('.results > .told').textContent !== ''")
    assert "zero" in seen.page.inner_text(".results > .told")
    seen.page.click("[data-do=reset]")
    assert seen.page.locator("table.live tbody tr").count() == 20 and not seen.all()


def test_a_scenario_is_kept_and_its_file_is_one_for_the_command_line(site: Site, bench: Seen, tmp_path: Path) -> None:
    page = bench.page
    page.focus(".weight[data-node=performance] input")
    page.keyboard.press("End")
    page.select_option("[name=aggregate]", "geometric")
    before = page.evaluate(RANKS)
    assert "performance:4" in page.evaluate("location.hash")
    page.click(".scenarios summary")
    page.fill("[name=name]", "多看绩效")
    page.click("[data-do=save]")
    page.click("[data-do=write]")
    path = tmp_path / "bench.toml"
    path.write_text(page.input_value("[name=toml]"), encoding="utf-8")
    scenarios = read_scenarios(path)
    assert list(scenarios) == ["多看绩效"]
    index = site.edition.index
    rows = what_if(index.framework, index.panel, list(scenarios.values()), base=index).rows()
    theirs = {row["unit"]: row["ranks"]["多看绩效"] for row in rows}
    assert all(theirs[unit] == rank for unit, rank in before)
    page.click("[data-do=reset]")
    page.reload()
    ready(bench)
    page.click(".scenarios summary")
    page.fill("[name=toml]", path.read_text(encoding="utf-8"))
    page.click("[data-do=read]")
    assert page.evaluate(RANKS) == before
    with page.expect_download() as waited:
        page.click("[data-do=file]")
    assert waited.value.path().read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    assert not bench.all()


def test_a_scenario_that_the_page_cannot_make_is_named(bench: Seen) -> None:
    bench.page.click(".scenarios summary")
    bench.page.fill("[name=toml]", '[scenario.x]\nchanges = ["treat.method=box_cox"]')
    bench.page.click("[data-do=read]")
    assert "box_cox" in bench.page.inner_text(".results > .told")


def test_the_server_agrees(site: Site, look: Look) -> None:
    seen = look(site.place("http", "en/bench.html#w=output:2&aggregate=geometric"))
    seen.page.wait_for_selector(".agree.agrees, .agree.differs")
    assert seen.page.locator(".agree.agrees").count() == 1 and "same 290 ranks" in seen.page.inner_text(".agree")
    assert not seen.all()


@pytest.mark.parametrize("way", ["file", "http"])
def test_a_chart_becomes_live_and_tells_its_figures(site: Site, look: Look, way: str) -> None:
    """Without a violation of the policy; the picture that was drawn before stays where there is no script."""
    seen = look(site.place(way, "zh/bench.html"))
    page = seen.page
    assert page.locator("figure[data-chart] svg text").count() > 10
    page.click("figure[data-chart] button.wake")
    page.wait_for_selector("figure[data-live=yes]")
    box = page.locator("figure[data-chart] .drawn svg.marks").bounding_box()
    assert box
    cell = page.locator("figure[data-chart] .drawn .mark-rect path").first
    cell.hover(force=True)
    page.wait_for_function("document.querySelector('figure output.told').textContent.includes('北京')")
    assert not seen.all()


def test_the_page_of_a_strangers_index_works(tmp_path: Path, look: Look) -> None:
    """Indicators straight under the root, odd codes, weights that data give (synthetic)."""
    from tidu import app
    from tidu.publish.edition import Edition
    from tidu.publish.site import write_site

    spec = {
        "index": {"code": "demo"},
        "weighting": {"method": "entropy"},
        "aggregate": {"missing": "skip"},
        "indicator": {"a": {"better": "higher"}, "b.c": {"better": "lower"}, "d": {"better": "higher"}},
    }
    figures = {"unit": ["x/1", "y", "z", "w"], "period": ["2023"] * 4, "a": [1.0, 2.0, 5.0, 3.0], "b.c": [9.0, 5.0, 1.0, None]}
    index = app.make(spec, figures | {"d": [1.0, 7.0, 2.0, 2.0]})
    edition = Edition(index, None)
    write_site(edition, tmp_path, only=lambda address: "bench" in address or address.startswith("static/"))
    seen = look(f"{tmp_path.as_uri()}/en/bench.html")
    ready(seen)
    ranks = {unit: rank for unit, rank in index.rank().items() if rank is not None}
    assert dict(seen.page.evaluate(RANKS)) == ranks
    seen.page.focus("#w0")
    seen.page.keyboard.press("End")
    said = seen.page.text_content(".command code").split("--set ")[1:]
    changes = [text.strip(" \\\n'") for text in said]
    made = build(index.framework.put(*changes), index.panel)
    assert dict(seen.page.evaluate(RANKS)) == {unit: rank for unit, rank in made.rank().items() if rank is not None}
    assert not seen.all()
    assert json.loads((tmp_path / "en" / "bench.js").read_text(encoding="utf-8")[14:-2])["bench"]["followed"] is True
