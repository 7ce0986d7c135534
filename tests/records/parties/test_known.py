"""The shipped table of public renames and names in English."""

from __future__ import annotations

import csv
from importlib import resources

from tidu.records.parties.known import body
from tidu.records.parties.wording import worded


def test_names_that_hang_together_are_one_body() -> None:
    assert body("Google Inc.") == body("GOOGLE LLC") == body("谷歌有限责任公司") != ""
    assert body("海信科龙电器股份有限公司") == body("海信家电集团股份有限公司") == body("广东科龙电器股份有限公司")
    assert body("广东科龙电器股份有限公司") != body("青岛海信电器股份有限公司")
    assert body("虚构大学") == body("Fictitious Inc.") == ""


def test_a_name_turned_as_indexes_turn_it_is_no_other_university() -> None:
    assert body("UNIV JINAN") == body("Jinan University") == body("暨南大学") != ""
    assert body("University of Jinan") == body("济南大学") not in ("", body("暨南大学"))
    assert body("电子科技大学（沙河校区）") == body("电子科技大学") != ""
    assert body("China University of Petroleum (Beijing)") != body("China University of Petroleum (East China)")
    assert body("南方电网有限责任公司") == body("中国南方电网有限责任公司") != ""


def test_every_row_has_a_source_and_every_rename_a_year() -> None:
    text = resources.files("tidu.data").joinpath("parties").joinpath("known.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["kind"] for row in rows} == {"rename", "english", "short"}
    for row in rows:
        assert row["source"] and worded(row["name"]).text != worded(row["body"]).text
        assert row["kind"] != "rename" or 1978 <= int(row["year"]) <= 2026
    assert len({(row["kind"], row["name"]) for row in rows}) == len(rows)
