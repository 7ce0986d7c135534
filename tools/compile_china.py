"""Compile the tables of ``src/tidu/data/china`` from the evidence folder.

Run from the repository: ``python tools/compile_china.py``.  The evidence folder
is given by the environment variable ``TIDU_REFERENCE`` (default ``../shared``).
Same evidence, same bytes: nothing here reads a clock or a random number.

Written: ``cities.csv``, ``gazetteer.csv``, ``provinces.csv``,
``pct_by_province.csv``, ``published_ranks.csv``, ``datapackage.json``.
Kept by hand, never written here: ``corrections.toml``, ``universes.toml``,
``gaps.csv``, ``README.md``.

City figures are written as printed: corrections are applied by the program when
it loads the table, never here.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from china_columns import CITY_COLUMNS, NAMES_EN, PROVINCE_COLUMNS
from china_datapackage import datapackage

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("TIDU_REFERENCE", ROOT.parent / "shared"))
RAW = REFERENCE / "data" / "raw"
FACTS = REFERENCE / "data" / "facts"
OUT = ROOT / "src" / "tidu" / "data" / "china"
DISTANCES = ROOT / "tools" / "distance_to_coast.csv"

YEARS = range(2020, 2024)

Row = dict[str, str]

REGION4_EN = {"东部": "East", "中部": "Central", "西部": "West", "东北": "Northeast"}
REGION7_EN = {
    "华北": "North China",
    "东北": "Northeast China",
    "华东": "East China",
    "华中": "Central China",
    "华南": "South China",
    "西南": "Southwest China",
    "西北": "Northwest China",
}
SEPARATELY_PLANNED = {"210200", "330200", "350200", "370200", "440300"}
NATION = ("100000", "全国", "China")
# adcode, zh, short zh, en, short name in the fact tables
WITHOUT_DATA = (
    ("710000", "台湾省", "台湾", "Taiwan Province of China"),
    ("810000", "香港特别行政区", "香港", "Hong Kong, China"),
    ("820000", "澳门特别行政区", "澳门", "Macao, China"),
)

PRESS_2025 = "press article on the 2025 edition (quoted; address not held, index year not stated there)"


def read(path: Path) -> list[Row]:
    """Read a CSV file as a list of rows."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a CSV file (UTF-8, LF) and return the number of rows."""
    body = list(rows)
    with (OUT / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(body)
    print(f"{name}: {len(body)} rows")
    return len(body)


def plain(value: str) -> str:
    """Return a figure without binary-fraction noise and without a trailing ``.0``."""
    if value == "":
        return ""
    text = f"{float(value):.12g}"
    if "e" in text:
        text = f"{float(value):.0f}"
    return text


def province_short(name: str) -> str:
    """Return the short form used in the provincial tables (内蒙古自治区 -> 内蒙古)."""
    return name[:3] if name[:3] in ("内蒙古", "黑龙江") else name[:2]


def compile_cities() -> int:
    """Write cities.csv: figures as printed, the columns that the index uses."""
    header = ("adcode", "year", *CITY_COLUMNS)
    panel = read(RAW / "city_yearbook" / "city_panel_2018_2023.csv")
    rows = [r for r in panel if int(r["year"]) in YEARS]
    rows.sort(key=lambda r: (r["adcode"], r["year"]))
    return write("cities.csv", header, ([r[c] for c in header] for r in rows))


GAZETTEER_HEADER = (
    "adcode",
    "name_zh",
    "name_short_zh",
    "name_en",
    "province_adcode",
    "province_zh",
    "province_en",
    "region4",
    "region4_en",
    "region7",
    "region7_en",
    "unit_type",
    "is_provincial_capital",
    "is_sub_provincial",
    "is_separately_planned",
    "coastal_geom",
    "coastal_list_unverified",
    "lon",
    "lat",
    "distance_to_coast_km",
    "in_city_yearbook",
)


def compile_gazetteer(units: list[Row]) -> int:
    """Write gazetteer.csv with the distances and the three rows without data."""
    distance = {r["adcode"]: r["distance_to_coast_km"] for r in read(DISTANCES)}
    rows: list[list[str]] = []
    for unit in units:
        code = unit["adcode"]
        computed = {
            "name_en": unit["name_en"] or NAMES_EN[code],
            "region4_en": REGION4_EN[unit["region4"]],
            "region7_en": REGION7_EN[unit["region7"]],
            "is_separately_planned": str(int(code in SEPARATELY_PLANNED)),
            "lon": f"{float(unit['lon']):.1f}",
            "lat": f"{float(unit['lat']):.1f}",
            "distance_to_coast_km": f"{float(distance[code]):.0f}",
        }
        rows.append([computed.get(column, unit.get(column, "")) for column in GAZETTEER_HEADER])
    for code, name, short, english in WITHOUT_DATA:
        kind = "province" if code == "710000" else "special_administrative_region"
        values = dict.fromkeys(GAZETTEER_HEADER, "")
        values |= {
            "adcode": code,
            "name_zh": name,
            "name_short_zh": short,
            "name_en": english,
            "province_adcode": code,
            "province_zh": name,
            "province_en": english,
            "unit_type": kind,
            "is_provincial_capital": "0",
            "is_sub_provincial": "0",
            "is_separately_planned": "0",
            "in_city_yearbook": "0",
        }
        rows.append([values[column] for column in GAZETTEER_HEADER])
    rows.sort()
    return write("gazetteer.csv", GAZETTEER_HEADER, rows)


def province_codes(units: list[Row]) -> dict[str, tuple[str, str, str]]:
    """Return adcode, full name and English name by the short Chinese name."""
    found = {
        province_short(u["province_zh"]): (
            u["province_adcode"],
            u["province_zh"],
            u["province_en"],
        )
        for u in units
    }
    found["全国"] = NATION
    for code, name, short, english in WITHOUT_DATA:
        found[short] = (code, name, english)
    return found


def compile_provinces(codes: dict[str, tuple[str, str, str]]) -> int:
    """Write provinces.csv: the provincial panel, one row per province and year."""
    wide: dict[tuple[str, str, str], Row] = {}
    for r in read(RAW / "province_panel" / "province_panel_long.csv"):
        if r["indicator"] in PROVINCE_COLUMNS:
            code, name, _ = codes[r["province"]]
            row = wide.setdefault((code, r["year"], name), {})
            row[r["indicator"]] = plain(r["value"])
    header = ("province_adcode", "province_zh", "year", *PROVINCE_COLUMNS)
    rows = ([code, name, year, *(row.get(c, "") for c in PROVINCE_COLUMNS)] for (code, year, name), row in sorted(wide.items()))
    return write("provinces.csv", header, rows)


def compile_pct(codes: dict[str, tuple[str, str, str]]) -> int:
    """Write pct_by_province.csv."""
    rows = []
    for r in read(FACTS / "cnipa_pct_by_province.csv"):
        code, name, english = codes[r["province"]]
        rows.append([code, name, english, r["year"], r["value"], r["source"]])
    rows.sort(key=lambda r: (r[0], r[3]))
    header = ("province_adcode", "province_zh", "province_en", "year", "pct_applications", "source")
    return write("pct_by_province.csv", header, rows)


def compile_ranks(units: list[Row], codes: dict[str, tuple[str, str, str]]) -> int:
    """Write published_ranks.csv: every published rank with the place's adcode."""
    city = {u["name_short_zh"]: u["adcode"] for u in units if u["in_city_yearbook"] == "1"}
    header = (
        "edition",
        "index_year",
        "level",
        "place_zh",
        "adcode",
        "measure",
        "rank",
        "score_0_1",
        "source",
        "status",
    )
    rows = []
    for r in read(FACTS / "published_ranks_cipi.csv"):
        place, level = r["place"], r["level"]
        if level == "city":
            adcode = city[place]
        elif level == "province":
            adcode = codes[place][0]
        else:
            adcode = ""
        source = PRESS_2025 if r["source"] == "seed article" else r["source"]
        fields = (r["measure"], r["rank"], r["score_0_1"], source, r["status"])
        rows.append([r["edition"], r["index_year"], level, place, adcode, *fields])
    return write("published_ranks.csv", header, rows)


def main() -> None:
    """Compile every table."""
    OUT.mkdir(parents=True, exist_ok=True)
    units = read(RAW / "geo" / "gazetteer.csv")
    codes = province_codes(units)
    compile_cities()
    compile_gazetteer(units)
    compile_provinces(codes)
    compile_pct(codes)
    compile_ranks(units, codes)
    (OUT / "datapackage.json").write_text(datapackage(RAW), encoding="utf-8")
    print("datapackage.json")


if __name__ == "__main__":
    main()
