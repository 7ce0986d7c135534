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


def test_every_row_has_a_source_and_every_rename_a_year() -> None:
    text = resources.files("tidu.data").joinpath("parties").joinpath("known.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["kind"] for row in rows} == {"rename", "english", "short"}
    for row in rows:
        assert row["source"] and worded(row["name"]).text != worded(row["body"]).text
        assert row["kind"] != "rename" or 1978 <= int(row["year"]) <= 2026
    assert len({(row["kind"], row["name"]) for row in rows}) == len(rows)
