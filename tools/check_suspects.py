"""Run the tests for suspect cells and list every hit that nobody has decided.

``python tools/check_suspects.py`` reads the shipped ``cities.csv``,
``provinces.csv``, ``gazetteer.csv`` and ``corrections.toml`` and exits with 1
when

* a declaration does not fit the data (unknown city, figure printed otherwise,
  two declarations for one cell, an action without its value),
* a test hits a cell that is neither corrected nor kept, or
* a hard test still hits after the corrections have been applied.

``--all`` also lists the decided hits, ``--counts`` the declarations by test,
column and status.  The tests are described in
``docs/decisions/0003-suspect-cells.md``; thresholds are the constants below.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "tidu" / "data" / "china"

YEARS = (2020, 2021, 2022, 2023)
STATUSES = frozenset("AEO")
ACTIONS = frozenset({"missing", "value", "multiply", "swap"})
TESTS = frozenset(
    {
        "above_province",
        "city_sum",
        "trade_swap",
        "total_trade",
        "power_of_ten",
        "identical_rows",
        "isolated_jump",
        "base_change",
        "impossible",
        "official_statement",
        "inspection",
        "overruled_kept",
    }
)

Cells = dict[tuple[str, int, str], float]
Key = tuple[str, str, int]
"""Column, city adcode, year."""

# City column: (provincial column, factor to the city unit).  Totals that hold all cities.
PROVINCE_OF = {
    "patents_granted": ("patents_granted", 1.0),
    "inventions_granted": ("inventions_granted", 1.0),
    "sci_expenditure": ("sci_expenditure_100m", 1e4),
    "budget_expenditure": ("budget_expenditure_100m", 1e4),
    "tech_contract_turnover": ("tech_contracts_output_value", 1.0),
}
CITY_ABOVE = 1.001
SUM_ABOVE = 1.005
GDP_SUM_ABOVE = 1.025
"""Provincial GDP is R&D spending over its rounded intensity, hence the wider limit."""
SHARE_SHIFT = 0.025
"""Shift of the share of a province that the listed cities hold, against its other years."""
SHARE_COLUMNS = ("patents_granted", "inventions_granted")

SWAP_GAIN = 1.0
"""Logarithms by which exchanging imports and exports must bring the pair nearer."""
TOTAL_GAIN = math.log(1.5)
"""Logarithms by which taking exports off imports must bring them nearer to the other years."""
TEN_BAND = 1.25
"""A ratio within this factor of 10, 100, ... (or 1/10, ...) is a power of ten."""
TEN_COLUMNS = (
    "gdp",
    "gdp_per_capita",
    "budget_expenditure",
    "sci_expenditure",
    "retail_sales",
    "library_books",
    "exports",
    "patents_granted",
    "inventions_granted",
    "hei_students",
)
REPEAT_FLOOR = 2000
"""A single figure of this size printed in two consecutive years is a repeat."""
REPEAT_COLUMNS = (
    "budget_expenditure",
    "sci_expenditure",
    "retail_sales",
    "exports",
    "patents_granted",
    "hei_students",
)
TWINS = (("exports", 100_000, 100), ("inventions_granted", 1000, 1))
"""Column, size from which one figure in two cities counts, and the rounding that is let pass (1: none)."""

# Column: (against both neighbours, at either end, step that stays, smallest figure looked at).
JUMPS = {
    "gdp": (1.25, 1.35, 1.45, 0.0),
    "gdp_per_capita": (1.25, 1.35, 1.45, 0.0),
    "tertiary_share": (1.2, 1.2, 1.2, 0.0),
    "budget_expenditure": (1.35, 1.6, 1.6, 0.0),
    "sci_expenditure": (2.8, 4.0, 5.0, 2000.0),
    "retail_sales": (1.4, 1.6, 1.6, 0.0),
    "library_books": (1.8, 3.0, 2.5, 30.0),
    "imports": (3.5, 5.0, 8.0, 10000.0),
    "exports": (3.5, 5.0, 8.0, 10000.0),
    "patents_granted": (2.0, 3.0, 3.0, 100.0),
    "inventions_granted": (2.5, 3.5, 4.0, 30.0),
    "hei_students": (1.5, 1.8, 2.0, 2000.0),
}
RESIDENTS_OFF = 0.05
"""Residents (GDP over GDP per head) against the resident population printed for that year or the next to it."""
RESIDENTS_BEND = 0.03
"""Residents of 2021 and 2022 against the mean of the years before and after."""
INVENTION_SHARE_ABOVE = 0.45
INVENTION_SHARE_FLOOR = 100
TURNOVER_TO_GDP_ABOVE = 0.25
EXPORTS_TO_GDP_ABOVE = 1.5


@dataclass(frozen=True)
class Hit:
    """One suspect cell (or one provincial total), and why."""

    test: str
    cells: tuple[Key, ...]
    detail: str
    province: bool = False

    @property
    def where(self) -> str:
        """Column, place and year of the first cell."""
        column, place, year = self.cells[0]
        return f"{column} {place} {year}"


@dataclass
class Tables:
    """The shipped tables, as numbers."""

    cities: Cells
    provinces: Cells
    province_of: dict[str, str]
    names: dict[str, str]

    def get(self, city: str, year: int, column: str) -> float | None:
        """Return a city's figure, or None."""
        return self.cities.get((city, year, column))

    def members(self, province: str) -> list[str]:
        """Return the yearbook cities of a province."""
        return [c for c, p in self.province_of.items() if p == province]


def load_tables() -> Tables:
    """Read cities.csv, provinces.csv and gazetteer.csv."""
    cities = _numbers(DATA / "cities.csv", "adcode")
    provinces = _numbers(DATA / "provinces.csv", "province_adcode")
    with (DATA / "gazetteer.csv").open(encoding="utf-8", newline="") as handle:
        units = list(csv.DictReader(handle))
    listed = {u["adcode"]: u["province_adcode"] for u in units if u["in_city_yearbook"] == "1"}
    names = {u["adcode"]: u["name_zh"] for u in units}
    names |= {u["province_adcode"]: u["province_zh"] for u in units}
    return Tables(cities, provinces, listed, names)


def _numbers(path: Path, key: str) -> Cells:
    """Read the numeric columns of a table keyed by a code and a year."""
    cells: Cells = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            for column, text in row.items():
                if text and column not in (key, "year", "province_zh"):
                    cells[row[key], int(row["year"]), column] = float(text)
    return cells


def above_province(t: Tables) -> Iterator[Hit]:
    """Find cities above their own province."""
    for column, (total_column, factor) in PROVINCE_OF.items():
        for city, province in t.province_of.items():
            for year in YEARS:
                value = t.get(city, year, column)
                total = t.provinces.get((province, year, total_column))
                if value and total and value > CITY_ABOVE * factor * total:
                    ratio = value / factor / total
                    yield Hit("above_province", ((column, city, year),), f"ratio {ratio:.3f}")


def city_sum(t: Tables) -> Iterator[Hit]:
    """Find sums of cities above the provincial total."""
    for province in sorted(set(t.province_of.values())):
        members = t.members(province)
        for year in YEARS:
            for column, (total_column, factor) in PROVINCE_OF.items():
                total = t.provinces.get((province, year, total_column))
                found = sum(t.get(c, year, column) or 0.0 for c in members)
                if total and len(members) > 1 and found > SUM_ABOVE * factor * total:
                    ratio = found / factor / total
                    yield Hit("city_sum", ((column, province, year),), f"{ratio:.3f}", True)
            spent = t.provinces.get((province, year, "rd_expenditure_100m"))
            intensity = t.provinces.get((province, year, "rd_intensity_pct"))
            if spent and intensity:
                ratio = sum(t.get(c, year, "gdp") or 0.0 for c in members)
                ratio /= 100 * spent / intensity
                if ratio > GDP_SUM_ABOVE:
                    yield Hit("city_sum", (("gdp", province, year),), f"{ratio:.3f}", True)


def city_share(t: Tables) -> Iterator[Hit]:
    """Find years in which the listed cities hold another share of the province than usual."""
    for province in sorted(set(t.province_of.values())):
        members = t.members(province)
        for column in SHARE_COLUMNS:
            share = {
                year: sum(t.get(c, year, column) or 0.0 for c in members) / t.provinces[province, year, column] for year in YEARS
            }
            middle = statistics.median(share.values())
            for year in YEARS:
                if abs(share[year] - middle) > SHARE_SHIFT:
                    detail = f"share {share[year]:.3f}, median {middle:.3f}"
                    yield Hit("city_sum", ((column, province, year),), detail, True)


def trade_swap(t: Tables) -> Iterator[Hit]:
    """Find imports and exports printed in exchange."""
    for city in t.province_of:
        for year in YEARS:
            pair = [t.get(city, year, c) for c in ("exports", "imports")]
            others = [[v for y in YEARS if y != year and (v := t.get(city, y, c))] for c in ("exports", "imports")]
            if not all(pair) or min(len(o) for o in others) < 2:
                continue
            out, into = (float(v or 0) for v in pair)
            usual_out, usual_in = (statistics.median(o) for o in others)
            now = abs(math.log(out / usual_out)) + abs(math.log(into / usual_in))
            turned = abs(math.log(into / usual_out)) + abs(math.log(out / usual_in))
            if turned < now - SWAP_GAIN:
                cell = ("exports", city, year)
                yield Hit("trade_swap", (cell,), f"distance {now:.1f} -> {turned:.1f}")


def total_trade(t: Tables) -> Iterator[Hit]:
    """Find total trade printed as imports: nearer to the imports of other years once exports are taken off."""
    for city in t.province_of:
        for year in YEARS:
            into, out = t.get(city, year, "imports"), t.get(city, year, "exports")
            others = [v for y in YEARS if y != year and (v := t.get(city, y, "imports"))]
            if not into or not out or into <= out or len(others) < 2:
                continue
            usual = statistics.median(others)
            now, less = abs(math.log(into / usual)), abs(math.log((into - out) / usual))
            if less < now - TOTAL_GAIN:
                yield Hit("total_trade", (("imports", city, year),), f"distance {now:.2f} -> {less:.2f}")


def power_of_ten(t: Tables) -> Iterator[Hit]:
    """Find figures about 10, 100, ... times the city's other years, or that part of them."""
    for column in TEN_COLUMNS:
        for city in t.province_of:
            for year in YEARS:
                value = t.get(city, year, column)
                others = [v for y in YEARS if y != year and (v := t.get(city, y, column))]
                if not value or value <= 0 or len(others) < 2 or min(others) <= 0:
                    continue
                ratio = value / statistics.median(others)
                k = round(math.log10(ratio))
                if k and abs(math.log(ratio / 10**k)) <= math.log(TEN_BAND):
                    yield Hit("power_of_ten", ((column, city, year),), f"ratio {ratio:.4g}")


def identical_rows(t: Tables) -> Iterator[Hit]:
    """Find rows or long figures printed in two years, or in two cities of one year."""
    for city in t.province_of:
        for year in YEARS[1:]:
            for first, second in (
                ("patents_granted", "inventions_granted"),
                ("exports", "imports"),
            ):
                now = [t.get(city, year, c) for c in (first, second)]
                before = [t.get(city, year - 1, c) for c in (first, second)]
                if None not in now and now == before and max(v or 0 for v in now) > 20:
                    cells = tuple((c, city, y) for y in (year, year - 1) for c in (first, second))
                    yield Hit("identical_rows", cells, f"row of {year - 1} again")
            for column in REPEAT_COLUMNS:
                value = t.get(city, year, column)
                if value and value >= REPEAT_FLOOR and value == t.get(city, year - 1, column):
                    cells = ((column, city, year), (column, city, year - 1))
                    yield Hit("identical_rows", cells, f"{value:.0f} in two years")
    for column, floor, rounded in TWINS:
        for year in YEARS:
            seen: dict[float, str] = {}
            for city in t.province_of:
                value = t.get(city, year, column)
                if value and value >= floor:
                    other = seen.setdefault(value, city)
                    if other != city and (rounded == 1 or value % rounded):
                        cells = ((column, city, year), (column, other, year))
                        yield Hit("identical_rows", cells, f"{value:.0f} in two cities")


def isolated_jump(t: Tables) -> Iterator[Hit]:
    """Find figures far from both neighbours, ends far from the rest, and steps that stay."""
    for column, (inner, end, step, floor) in JUMPS.items():
        for city in t.province_of:
            series = [(y, v) for y in YEARS if (v := t.get(city, y, column)) is not None and v > 0]
            for i, (year, value) in enumerate(series):
                near = [series[j][1] for j in (i - 1, i + 1) if 0 <= j < len(series)]
                if not near or max(value, *near) < floor:
                    continue
                cell = (column, city, year)
                ratios = [value / v for v in near]
                if len(near) == 2:
                    if min(ratios) > inner or max(ratios) < 1 / inner:
                        detail = "against neighbours " + ", ".join(f"{r:.2f}" for r in ratios)
                        yield Hit("isolated_jump", (cell,), detail)
                else:
                    rest = value / statistics.median(v for y, v in series if y != year)
                    lowest, highest = min(ratios[0], rest), max(ratios[0], rest)
                    if lowest > end or highest < 1 / end:
                        yield Hit("isolated_jump", (cell,), f"at the end, {ratios[0]:.2f}")
                if i and not 1 / step <= value / series[i - 1][1] <= step:
                    before = (column, city, series[i - 1][0])
                    detail = f"step {value / series[i - 1][1]:.2f}"
                    yield Hit("isolated_jump", (cell, before), detail)


def base_change(t: Tables) -> Iterator[Hit]:
    """Find GDP, GDP per head and population that disagree."""
    for city in t.province_of:
        residents: dict[int, float] = {}
        for year in YEARS:
            gdp, head = t.get(city, year, "gdp"), t.get(city, year, "gdp_per_capita")
            if gdp and head:
                residents[year] = 1e4 * gdp / head
            printed = t.get(city, year, "resident_pop")
            if printed and year in residents:
                off = residents[year] / printed - 1
                if abs(off) > RESIDENTS_OFF:
                    cells = (("gdp_per_capita", city, year), ("gdp", city, year))
                    detail = f"residents {residents[year]:.1f}, printed {printed:.0f}"
                    yield Hit("base_change", cells, detail)
        for year, beside in ((2021, 2020), (2022, 2023)):
            printed = t.get(city, beside, "resident_pop")
            if printed and year in residents and abs(residents[year] / printed - 1) > RESIDENTS_OFF:
                cells = (("gdp_per_capita", city, year), ("gdp", city, year))
                detail = f"residents {residents[year]:.1f}, printed for {beside} {printed:.0f}"
                yield Hit("base_change", cells, detail)
        ends = {2021: (t.get(city, 2020, "resident_pop"), residents.get(2022))}
        ends[2022] = (residents.get(2021), residents.get(2023))
        for year, (before, after) in ends.items():
            if year in residents and before and after:
                off = 2 * residents[year] / (before + after) - 1
                if abs(off) > RESIDENTS_BEND:
                    cells = (("gdp_per_capita", city, year), ("gdp", city, year))
                    yield Hit("base_change", cells, f"residents off by {100 * off:.1f} %")


def impossible(t: Tables) -> Iterator[Hit]:
    """Find figures that cannot be, or hardly."""
    for (city, year, column), value in t.cities.items():
        if value < 0 or (value == 0 and column in JUMPS and column != "hei_students"):
            yield Hit("impossible", ((column, city, year),), f"{value:g}")
    for city in t.province_of:
        for year in YEARS:
            all_types = t.get(city, year, "patents_granted")
            inventions = t.get(city, year, "inventions_granted")
            if all_types and inventions:
                share = inventions / all_types
                big = all_types >= INVENTION_SHARE_FLOOR
                if share > 1 or (big and share > INVENTION_SHARE_ABOVE):
                    cells = (
                        ("inventions_granted", city, year),
                        ("patents_granted", city, year),
                    )
                    yield Hit("impossible", cells, f"inventions {100 * share:.0f} % of patents")
            gdp = t.get(city, year, "gdp")
            for column, limit in (
                ("tech_contract_turnover", TURNOVER_TO_GDP_ABOVE),
                ("exports", EXPORTS_TO_GDP_ABOVE),
            ):
                value_ = t.get(city, year, column)
                if gdp and value_ and value_ / 1e4 / gdp > limit:
                    ratio = value_ / 1e4 / gdp
                    yield Hit("impossible", ((column, city, year),), f"{ratio:.2f} of GDP")


HARD = (above_province, city_sum, trade_swap, total_trade, impossible)
SOFT = (city_share, power_of_ten, identical_rows, isolated_jump, base_change)


def load_declarations() -> dict[str, Any]:
    """Read corrections.toml."""
    with (DATA / "corrections.toml").open("rb") as handle:
        return tomllib.load(handle)


def corrected(t: Tables, corrections: list[dict[str, Any]]) -> Tables:
    """Return the tables with the corrections applied."""
    cells = dict(t.cities)
    for c in corrections:
        key = (c["city"], c["year"], c["column"])
        match c["action"]:
            case "missing":
                cells.pop(key, None)
            case "value":
                cells[key] = float(c["value"])
            case "multiply":
                cells[key] = cells[key] * c["factor"]
            case "swap":
                other = (c["city"], c["year"], c["with"])
                cells[key], cells[other] = cells[other], cells[key]
    return Tables(cells, t.provinces, t.province_of, t.names)


def faults(t: Tables, declared: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the declarations themselves."""
    seen: set[Key] = set()
    for kind in ("correction", "kept"):
        for c in declared.get(kind, []):
            where = f"[[{kind}]] {c['column']} {c['name']} {c['year']}"
            cells = [(c["column"], c["city"], c["year"])]
            if c.get("action") == "swap":
                cells.append((c["with"], c["city"], c["year"]))
            for cell in cells:
                if cell in seen:
                    yield f"{where}: {cell[0]} is declared twice"
                seen.add(cell)
            if t.names.get(c["city"]) != c["name"]:
                yield f"{where}: {c['city']} is {t.names.get(c['city'])}"
            if c.get("printed") != t.get(c["city"], c["year"], c["column"]):
                found = t.get(c["city"], c["year"], c["column"])
                yield f"{where}: printed {c.get('printed')}, in cities.csv {found}"
            if "with" in c and c.get("printed_with") != t.get(c["city"], c["year"], c["with"]):
                yield f"{where}: printed_with {c.get('printed_with')}"
            if c.get("test") not in TESTS:
                yield f"{where}: unknown test {c.get('test')}"
            for part in ("reason", "reason_zh", "evidence"):
                if not c.get(part):
                    yield f"{where}: no {part}"
            if kind == "correction":
                if c.get("action") not in ACTIONS or c.get("status") not in STATUSES:
                    yield f"{where}: action {c.get('action')}, status {c.get('status')}"
                need = {"value": "value", "multiply": "factor", "swap": "with"}
                if need.get(c.get("action", ""), "column") not in c:
                    yield f"{where}: {c['action']} without its parameter"
                if (c["action"] == "missing") != (c["status"] == "O"):
                    yield f"{where}: status {c['status']} does not fit {c['action']}"


def open_hits(t: Tables, declared: dict[str, Any]) -> tuple[list[Hit], list[Hit]]:
    """Return the undecided and the decided hits."""
    corrections = declared.get("correction", [])
    after = corrected(t, corrections)
    kept = {(k["column"], k["city"], k["year"]) for k in declared.get("kept", [])}
    totals = {(k["column"], k["province"], k["year"]) for k in declared.get("kept_total", [])}
    changed = {(c["column"], c["city"], c["year"]) for c in corrections}
    changed |= {(c["with"], c["city"], c["year"]) for c in corrections if c["action"] == "swap"}
    still = {(h.test, h.cells[0]) for test in HARD for h in test(after)}

    def decided(hit: Hit) -> bool:
        if hit.province:
            column, province, year = hit.cells[0]
            if hit.cells[0] in totals:
                return True
            touched = any((column, c, year) in changed for c in t.members(province))
            blank = any(t.get(c, year, column) is None for c in t.members(province))
            return (touched or blank) and (hit.test, hit.cells[0]) not in still
        return any(cell in changed or cell in kept for cell in hit.cells)

    undecided: list[Hit] = []
    done: list[Hit] = []
    for test in (*HARD, *SOFT):
        for hit in test(t):
            (done if decided(hit) else undecided).append(hit)
    for test in HARD:
        for hit in test(after):
            safe = kept | totals
            cell_kept = any(cell in safe for cell in hit.cells)
            if not cell_kept and any(cell in changed for cell in hit.cells):
                undecided.append(Hit(f"{hit.test} after correction", hit.cells, hit.detail))
    return undecided, done


def counts(declared: dict[str, Any]) -> Iterator[str]:
    """Yield the declarations by test, column, status and year."""
    for kind in ("correction", "kept"):
        entries = declared.get(kind, [])
        yield f"[[{kind}]] {len(entries)}"
        for part in ("test", "column", "year", "action", "status"):
            found = Counter(str(e[part]) for e in entries if part in e)
            if found:
                line = ", ".join(f"{k} {n}" for k, n in sorted(found.items()))
                yield f"  by {part}: {line}"
    yield f"[[kept_total]] {len(declared.get('kept_total', []))}"


def main(argv: list[str] | None = None) -> int:
    """Print undecided hits and faults; return 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--all", action="store_true", help="list the decided hits too")
    parser.add_argument("--counts", action="store_true", help="count the declarations")
    options = parser.parse_args(argv)
    tables, declared = load_tables(), load_declarations()
    wrong = list(faults(tables, declared))
    undecided, done = open_hits(tables, declared)
    for line in wrong:
        print(f"fault: {line}")
    for hit in undecided:
        name = tables.names[hit.cells[0][1]]
        print(f"undecided: {hit.test}: {hit.where} {name}: {hit.detail}")
    if options.all:
        for hit in done:
            print(f"decided: {hit.test}: {hit.where} {tables.names[hit.cells[0][1]]}: {hit.detail}")
    if options.counts:
        print("\n".join(counts(declared)))
    if not wrong and not undecided:
        print(f"{len(done)} hits, all decided")
    return int(bool(wrong or undecided))


if __name__ == "__main__":
    sys.exit(main())
