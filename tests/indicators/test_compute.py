"""From contributions to a panel, by hand on made-up records (synthetic)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.indicators.conftest import SUPPLIED, made_up, put
from tests.indicators.measures.conftest import HZ, LITTLE, NB, SH, D, applicant

from tidu.engine.choice import open_engine
from tidu.indicators.compute import Measured, measured
from tidu.indicators.measure_file import read_order
from tidu.indicators.measures.definition import ABROAD, UNRESOLVED
from tidu.indicators.measures.records import Records

ORDER = """
[frame]
first = 2009
last = 2021
[measure.filed]
of = "filings"
[measure.models]
of = "filings"
kind = "utility_model"
[measure.stock]
of = "in_force"
[measure.per]
of = "in_force"
per = "residents"
base = "previous"
scale = 10000
[measure.pledged]
of = "pledge_amount"
[measure.of_all]
of = "filings"
kind = "utility_model"
per = "filed"
[measure.growth]
of = "in_force"
growth = "previous"
[measure.on_2012]
of = "in_force"
growth = 2012
scale = 100
[measure.rate]
of = "grant_rate"
[figure.people]
of = "residents"
[table.t]
file = "r.csv"
source = "虚构 yearbook"
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = put(tmp_path_factory.mktemp("linked"), LITTLE)
    (folder / "r.csv").write_text(f"unit,period,residents\n{HZ},2013,8000\n{HZ},2014,\n{SH},2020,0\n", encoding="utf-8")
    (folder / "frame.toml").write_text(ORDER, encoding="utf-8")
    order = read_order(folder / "frame.toml")
    return measured(Records(open_engine(), folder, order.supplied), order)


def cell(found: Measured, unit: str, year: int, column: str) -> tuple[float | None, str]:
    panel = found.panel
    at = panel.units.index(unit), panel.periods.index(str(year)), panel.columns.index(column)
    value = float(panel.values[at])
    assert panel.status is not None
    return (None if np.isnan(value) else value), str(panel.status[at])


def test_nought_between_years_that_have_some_and_missing_outside(found: Measured) -> None:
    assert found.panel.units == (SH, HZ)  # the only cities that occur; NB owns nothing and files nothing first
    assert [cell(found, SH, year, "filed") for year in (2009, 2010, 2015)] == [(None, "O"), (0.0, "A"), (0.0, "A")]
    assert cell(found, HZ, 2021, "filed") == (None, "O")


def test_years_that_may_not_all_be_published_are_provisional(found: Measured) -> None:
    """The last publication is of 2020-09-09: utility models are published at grant, inventions within 18 months."""
    assert found.accounts[0].until == "2020-09-09"
    assert [cell(found, HZ, year, "filed")[1] for year in (2010, 2018, 2019)] == ["A", "A", "P"]
    assert cell(found, HZ, 2020, "filed") == (1.0, "P") == cell(found, HZ, 2020, "models")  # the year itself is not over
    assert [cell(found, HZ, year, "rate")[1] for year in (2010, 2020)] == ["A", "P"]


def test_there_is_no_stock_after_the_records_end(found: Measured) -> None:
    """The last event is of 2021-02-02."""
    assert found.accounts[2].until == "2021-02-02"
    assert cell(found, SH, 2020, "stock") == (1.0, "A") and cell(found, SH, 2021, "stock") == (1.0, "P")
    assert cell(found, HZ, 2020, "stock") == (1.0, "A") and cell(found, HZ, 2021, "stock") == (0.0, "P")


def test_a_ratio_stands_on_the_year_before(found: Measured) -> None:
    assert cell(found, HZ, 2014, "per") == (1.25, "A")
    assert cell(found, HZ, 2013, "per") == (None, "O") and cell(found, SH, 2021, "per") == (None, "O")
    assert found.panel.lineage["per"].endswith("per residents (previous year) × 10000; 虚构 yearbook")


def test_a_measure_may_stand_over_another(found: Measured) -> None:
    assert cell(found, HZ, 2010, "of_all") == (None, "O")  # no utility model is known before 2020
    assert cell(found, HZ, 2020, "of_all") == (1.0, "P")
    assert cell(found, HZ, 2010, "rate") == (1.0, "A") and cell(found, SH, 2010, "rate") == (None, "O")


def test_growth_has_a_stated_base(found: Measured) -> None:
    assert cell(found, HZ, 2013, "growth") == (0.0, "A") and cell(found, HZ, 2015, "growth") == (-1.0, "A")
    assert cell(found, HZ, 2012, "growth") == (None, "O") and cell(found, HZ, 2016, "growth") == (None, "O")
    assert cell(found, HZ, 2015, "on_2012") == (-100.0, "A") and cell(found, SH, 2015, "on_2012") == (None, "O")
    assert found.panel.lineage["on_2012"].endswith("growth on 2012")


def test_a_figure_is_taken_as_it_is(found: Measured) -> None:
    assert cell(found, HZ, 2013, "people") == (8000.0, "A") and cell(found, HZ, 2014, "people") == (None, "O")
    assert found.panel.lineage["people"] == "figure: residents; 虚构 yearbook"


def test_money_is_counted_in_fen_and_told_in_yuan(found: Measured) -> None:
    assert cell(found, HZ, 2020, "pledged") == (100.25, "A")


def test_the_account_adds_up(found: Measured) -> None:
    one = found.accounts[0]
    assert (one.column, one.rows, one.total, one.unresolved, one.abroad) == ("filed", 4, 4.0, 0.25, 0.25)
    assert np.nansum(found.panel.values[:, :, 0]) + (one.unresolved + one.abroad) * one.total == one.total
    assert found.panel.count is not None and found.panel.count[:, :, 0].sum() == 2
    assert found.panel.name(HZ, "zh") == "杭州" and NB not in found.panel.units


ALL = """
[frame]
first = 2012
last = 2021
counting = "fractional_applicant"
[measure.filings]
of = "filings"
[measure.maintained]
of = "maintained"
years_kept = 5
[measure.high]
of = "high_value_inventions"
[measure.quality]
of = "quality_index_6"
cohort = "field"
[measure.complexity]
of = "field_complexity"
symbols = "all"
[measure.density]
of = "relatedness_density"
symbols = "all"
[measure.advantage]
of = "field_advantage"
field = "6"
[measure.sent]
of = "transfers_to_cities"
[measure.value]
of = "contract_value_sold"
[measure.small]
of = "inclusive_pledge_share"
threshold = 1e7
[measure.cases]
of = "cases_closed"
"""
_FILES = ("award", "emerging", "fields", "cases")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Measured]:
    """The panel of many measures over made-up records, on an engine."""
    folder = put(tmp_path_factory.mktemp("whole"), made_up())
    for name in _FILES:
        columns = SUPPLIED[name]
        rows = [
            ",".join(columns),
            *(",".join("" if c is None else str(c) for c in row) for row in zip(*columns.values(), strict=True)),
        ]
        (folder / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    tables = "".join(f'[supplied.{name}]\nfile = "{name}.csv"\n' for name in _FILES)
    (folder / "frame.toml").write_text(ALL + tables, encoding="utf-8")

    @cache
    def made(engine: str) -> Measured:
        order = read_order(folder / "frame.toml")
        return measured(Records(open_engine(engine, threads=1), folder, order.supplied), order)

    return made


def told(found: Measured) -> Any:
    assert found.panel.status is not None and found.panel.count is not None
    values = np.where(np.isnan(found.panel.values), -1.0, found.panel.values)
    return values.tolist(), found.panel.status.tolist(), found.panel.count.tolist(), [a.told() for a in found.accounts], found.parts


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "spark"])
def test_every_engine_gives_the_same_panel(engine: str, whole: Callable[[str], Measured]) -> None:
    assert told(whole(engine)) == told(whole("duckdb"))


def test_cities_and_what_has_none_add_up_to_all_applications(whole: Callable[[str], Measured]) -> None:
    found = whole("duckdb")
    at = found.panel.columns.index("filings")
    years = {one.year: one for one in found.accounts[at].years}
    filed = [row["filing"].year for row in made_up()["application"]]
    for t, period in enumerate(found.panel.periods):
        one = years[int(period)]
        assert one.total == filed.count(int(period))
        cities = float(np.nansum(found.panel.values[:, t, at]))
        assert cities + one.unresolved + one.abroad == pytest.approx(one.total, abs=1e-9)
    assert not {UNRESOLVED, ABROAD} & set(found.panel.units)


def test_parts_are_told_one_by_one(whole: Callable[[str], Measured]) -> None:
    found = whole("duckdb")
    sent = [row for row in found.parts if row["column"] == "sent"]
    at = found.panel.columns.index("sent")
    assert sent and all(row["part"] != row["unit"] for row in sent)
    assert sum(row["value"] for row in sent) == np.nansum(found.panel.values[:, :, at])


def test_complexity_is_standard_in_each_year(whole: Callable[[str], Measured]) -> None:
    found = whole("duckdb")
    table = found.panel.column("complexity")
    known = [row[~np.isnan(row)] for row in table.T if (~np.isnan(row)).any()]
    assert known and all(row.mean() == pytest.approx(0, abs=1e-9) and row.std() == pytest.approx(1) for row in known)


def test_criteria_that_cannot_be_computed_are_told(tmp_path: Path) -> None:
    rows = {**LITTLE, "class": [], "event": [], "party": [applicant("1", 1, HZ)]}
    (tmp_path / "f.toml").write_text(
        '[frame]\nfirst = 2015\nlast = 2016\n[measure.h]\nof = "high_value_inventions"\n', encoding="utf-8"
    )
    order = read_order(tmp_path / "f.toml")
    one = measured(Records(open_engine(), put(tmp_path / "linked", rows)), order).accounts[0]
    assert one.lacking == ("emerging", "award") and one.rule["criteria"] == "family_abroad+maintained+pledged" and one.empty == ()


def test_cities_may_be_named_or_all_those_of_the_gazetteer(tmp_path: Path) -> None:
    folder = put(tmp_path / "linked", LITTLE)
    for units, count in (('["330100", "330200"]', 2), ('"gazetteer"', 297)):
        (tmp_path / "f.toml").write_text(
            f'[frame]\nfirst = 2010\nlast = 2010\nunits = {units}\n[measure.a]\nof = "filings"\n', encoding="utf-8"
        )
        panel = measured(Records(open_engine(), folder), read_order(tmp_path / "f.toml")).panel
        assert len(panel.units) == count and float(panel.values[panel.units.index("330200"), 0, 0]) == 0.0


def test_the_letter_of_a_denominator_is_passed_on(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "linked",
        {"application": [{"appno": "1", "kind": "design", "filing": D("2020-01-01")}], "party": [applicant("1", 1, HZ)]},
    )
    (tmp_path / "r.csv").write_text(f"unit,period,residents,residents.status\n{HZ},2020,5,E\n", encoding="utf-8")
    text = '[frame]\nfirst = 2020\nlast = 2020\n[measure.a]\nof = "filings"\nper = "residents"\n[table.t]\nfile = "r.csv"\n'
    (tmp_path / "f.toml").write_text(text, encoding="utf-8")
    found = measured(Records(open_engine(), folder), read_order(tmp_path / "f.toml"))
    assert cell(found, HZ, 2020, "a") == (0.2, "E")


def test_a_table_without_rows_gives_no_figures_and_not_nought(tmp_path: Path) -> None:
    text = '[frame]\nfirst = 2010\nlast = 2012\n[measure.cites]\nof = "mean_backward_citations"\n[measure.filed]\nof = "filings"\n'
    (tmp_path / "f.toml").write_text(text, encoding="utf-8")
    found = measured(Records(open_engine(), put(tmp_path / "linked", LITTLE)), read_order(tmp_path / "f.toml"))
    assert found.accounts[0].empty == ("citation",) and found.accounts[0].rows == 0 and found.accounts[1].empty == ()
    assert np.isnan(found.panel.column("cites")).all() and not np.isnan(found.panel.column("filed")).all()
