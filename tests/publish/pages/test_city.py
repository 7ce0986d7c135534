"""A unit's page: rank and range, why, what would move it, honest where a thing cannot be had; levers only."""

from __future__ import annotations

import re
from math import ceil, floor

from tidu import app
from tidu.publish.edition import Edition
from tidu.publish.pages.city import city, city_live, figures, lever, ordered, ranges
from tidu.publish.standing import standing


def test_a_city_finds_its_rank_and_range(cities: Edition) -> None:
    text = city(cities, "zh", "zh/city/330100.html", "330100").body.decode()
    assert "杭州" in text and "Hangzhou" in text and "方法区间" in text
    assert 'href="../../en/city/330100.html"' in text


def test_nodes_stand_under_their_parents(cities: Edition) -> None:
    order = cities.index.framework.downwards()
    assert order[0] == cities.code and set(order) == set(cities.index.nodes)
    assert order.index("output") < order.index("output_scale") < order.index("performance")


def test_nothing_that_is_no_lever_is_advice(cities: Edition) -> None:
    text = city(cities, "en", "en/city/330800.html", "330800").body.decode()
    part = text[text.index('<section aria-labelledby="moves">') : text.index('<section aria-labelledby="figures">')]
    advised = set(re.findall(r"indicator/(\w+)\.html", part))
    levers = {code for code, permit in cities.index.framework.permits.items() if permit.free}
    assert advised and advised <= levers
    assert "Never a lever nor advice: Invention patents granted" in part


def test_the_parts_of_the_gap_and_of_the_change_stand_on_the_page(cities: Edition) -> None:
    found = standing(cities, "330800")
    text = city(cities, "en", "en/city/330800.html", "330800").body.decode()
    assert found.profile.gap is not None and found.change is not None
    for part in found.profile.gap.indicators.values():
        assert f"{part:+,.2f}" in text
    for part in found.change.parts.values():
        assert f"{part:+,.2f}" in text


def test_a_step_is_told_in_the_better_direction(stranger: Edition) -> None:
    moves = {move.code: move for move in standing(stranger, "y").moves}
    assert lever(stranger, moves["a"], "en")["step"] == "+1" and lever(stranger, moves["a"], "en")["points"] == "+12.500"
    assert lever(stranger, moves["b"], "en")["step"] == "-1" and lever(stranger, moves["b"], "en")["points"] == "+6.250"
    shares = [move.step_share for move in ordered(standing(stranger, "x/1").moves)]
    assert None not in shares and shares == sorted(share for share in shares if share is not None)


def test_ranges_and_peers_figures(cities: Edition, stranger: Edition) -> None:
    assert cities.sure is not None
    row = cities.sure.rows("2022")["330800"]
    assert ranges(cities, "330800")["2022"] == (floor(row["best"]), ceil(row["worst"])) and len(ranges(cities, "330800")) == 3
    assert [row["peers"] for row in figures(stranger, standing(stranger, "y"), "en")] == [3.0, 5.0]


def test_a_unit_of_a_stranger_has_a_page(stranger: Edition) -> None:
    text = city(stranger, "en", "en/city/u0.html", "x/1").body.decode()
    assert "x/1" in text and "A target cannot be worked out: How far units moved in" in text and ">None<" not in text


def test_an_index_of_classes_shows_neither_score_nor_rank() -> None:
    spec = {
        "index": {"code": "k", "display": "bands", "bands": [0.4]},
        "indicator": {"a": {"better": "higher"}, "b": {"better": "higher"}},
    }
    made = {"unit": list("vwxyz"), "period": ["2023"] * 5, "a": [1, 2, 3, 4, 5.5], "b": [2, 1, 4, 3, 9]}
    edition = Edition(app.make(spec, made), None)
    text = city(edition, "en", "en/city/z.html", "z").body.decode()
    assert "class" in text and "Score" not in text and ">Rank<" not in text and "100.0" not in text


def test_one_unit_alone_has_a_page_without_peers() -> None:
    made = {"unit": ["s", "t", "u"], "period": ["2023"] * 3, "a": [1.0, 2.0, None], "b": [2.0, None, 3.0]}
    spec = {"index": {"code": "solo"}, "indicator": {"a": {"better": "higher"}, "b": {"better": "lower"}}}
    edition = Edition(app.make(spec, made), None)
    assert edition.units == ("s",)
    assert "There are no other scored units" in city(edition, "en", "en/city/s.html", "s").body.decode()


def test_the_course_of_years_is_live_with_its_ranges(cities: Edition) -> None:
    text = city(cities, "en", "en/city/330800.html", "330800").body.decode()
    assert 'data-chart="course" data-spec="../../en/city/330800.live.js"' in text
    script = city_live(cities, "en", "330800").body.decode()
    assert script.startswith('window.tiduCharts = {"course":') and "specification range" in script


def test_a_column_that_feeds_two_indicators_is_one_row_with_both_named(cities: Edition) -> None:
    moves = {move.of: move for move in standing(cities, "330800").moves}
    row = lever(cities, moves["sci_expenditure"], "en")
    assert (row["code"], row["with"]) == ("sci_expenditure", ["sci_expenditure_share"])
    assert row["of_step"].startswith("+") and row["of_step"].endswith(" million yuan")
    alone = lever(cities, moves["gdp_per_capita"], "en")
    assert alone["with"] == [] and alone["of_step"] is None  # the column is the indicator, told once


def test_the_table_of_a_polygon_holds_what_is_drawn(cities: Edition) -> None:
    from tidu.core.words import percentile_text
    from tidu.publish.pages.drawings import polygon
    from tidu.publish.standing import standing

    drawn = polygon(cities, "330800", standing(cities, "330800").profile.peers.units, "zh")
    text = city(cities, "zh", "zh/city/330800.html", "330800").body.decode()
    table = text.partition("<caption>位次百分位")[2].partition("</table>")[0]
    assert drawn is not None
    for axis in drawn.axes:
        cells = "".join(f'<td class="n">{percentile_text(100 * axis.shares[kind])}</td>' for kind in ("unit", "peers", "frontier"))
        assert cells.replace(">9", "&gt;9") in table or cells in table


def test_one_criterion_says_what_stands_out_and_what_is_only_lowest(cities: Edition) -> None:
    found = standing(cities, "330800").profile
    assert found.strengths and not found.weaknesses
    part = (
        city(cities, "en", "en/city/330800.html", "330800")
        .body.decode()
        .partition('<h2 id="strong">')[2]
        .partition("<h3>The peers")[0]
    )
    assert part.count("p &lt; 0.1") + part.count("p < 0.1") == 2 and "standard deviation" not in part
    weak = part.partition("<h3>Weaknesses</h3>")[2]
    assert "None is significantly below the peers" in weak and "not significant against the peers" in weak
    assert "hei_students.html" in weak and "rank 243 of 295" in weak


def test_ranks_of_peers_stand_with_their_ranges(cities: Edition, stranger: Edition) -> None:
    text = city(cities, "en", "en/city/330800.html", "330800").body.decode()
    own = next(row for row in cities.ranking() if row["unit"] == "331100")
    assert f'>Lishui</a> <span class="small">{own["rank"]} ({int(own["best"])}–' in text
    assert text.count("none of their own") == 2
    assert "none of their own" not in city(Edition(stranger.index, None), "en", "en/city/u1.html", "y").body.decode()


def test_a_phone_reads_what_moves_it_and_what_a_target_takes(cities: Edition) -> None:
    text = city(cities, "en", "en/city/330800.html", "330800").body.decode()
    part = text.partition('<h2 id="moves">')[2].partition('<h2 id="figures">')[0]
    for table in re.findall(r"<thead><tr>(.*?)</tr></thead>", part):
        kept = [head for head in re.findall(r'<th scope="col"([^>]*)>', table) if "not-phone" not in head]
        assert len(kept) == 3
