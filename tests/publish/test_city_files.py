from __future__ import annotations

import json
from pathlib import Path

from python_calamine import CalamineWorkbook

from tidu.publish.city_files import json_text, unit_record, unit_rows, unit_workbook
from tidu.publish.edition import Edition


def test_every_period_and_node_has_a_row_with_the_index_s_own_numbers(cities: Edition) -> None:
    rows, index = unit_rows(cities, "330800"), cities.index
    assert len(rows) == len(index.periods) * len(index.nodes)
    u = index.units.index("330800")
    for row in rows:
        t, k = index.period(row["period"]), index.framework.node(row["code"]).place
        assert abs(row["score"] - index.scores[u, t, k]) < 1e-9 and row["rank"] == index.ranks[u, t, k]


def test_a_figure_has_its_status_and_source_and_a_node_its_range(cities: Edition) -> None:
    last = [row for row in unit_rows(cities, "330800") if row["period"] == "2023"]
    root, figure = last[0], next(row for row in last if row["code"] == "inventions_granted")
    standing = next(row for row in cities.ranking("2023") if row["unit"] == "330800")
    assert (root["best"], root["worst"], root["status"]) == (standing["best"], standing["worst"], None)
    assert figure["figure"] == 1053.0 and figure["status"] == "A" and "2-17" in figure["source"] and figure["best"] is None


def test_shares_of_indicators_add_up_to_one(cities: Edition) -> None:
    leaves = set(cities.index.framework.leaves)
    shares = [row["share"] for row in unit_rows(cities, "110000") if row["period"] == "2023" and row["code"] in leaves]
    assert abs(sum(shares) - 1.0) < 1e-9


def test_the_record_says_what_edition_it_is_of(stranger: Edition) -> None:
    found = json.loads(json_text(unit_record(stranger, "x/1")))
    assert found["edition"] == stranger.hash and found["unit"] == "x/1"
    assert found["periods"]["2023"]["rank"] == 3 and found["periods"]["2023"]["figures"]["a"]["figure"] == 1.0
    assert found["nodes"]["a"]["parent"] == "demo"


def test_the_workbook_reads_back(stranger: Edition, tmp_path: Path) -> None:
    path = tmp_path / "z.xlsx"
    path.write_bytes(unit_workbook(stranger, "z"))
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("figures 数据").to_python()
    at = rows[0].index("figure")
    assert sorted(row[at] for row in rows[1:]) == [1.0, 5.0]
    assert unit_workbook(stranger, "z") == path.read_bytes()


def test_children_follow_their_parents(cities: Edition) -> None:
    order = cities.index.framework.downwards()
    assert order[0] == cities.code and sorted(order) == sorted(cities.index.nodes)
    for code in order[1:]:
        assert order.index(str(cities.index.framework.node(code).parent)) < order.index(code)
