"""Other registers, by hand on made-up records (synthetic)."""

from __future__ import annotations

from pathlib import Path

from tests.indicators.conftest import SUPPLIED, put
from tests.indicators.measures.conftest import HZ, NB, Ask, D

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records

ONE = 10**9


def test_rights_count_in_the_year_of_registration(ask: Ask) -> None:
    assert ask("trade_marks") == [(HZ, 2020, "t1", ONE)]
    kinds = ("geographical_indications", "plant_varieties", "layout_designs")
    assert [ask(kind)[0][:2] for kind in kinds] == [(NB, 2021)] * 3
    assert ask("software_copyrights") == [("unresolved", 2021, "s1", ONE)]


def test_a_firm_counts_from_the_year_in_which_it_is_listed(ask: Ask) -> None:
    found = ask("agencies", first=2018, last=2020)
    wanted = {(NB, year, "丙") for year in (2018, 2019, 2020)} | {(HZ, year, "甲") for year in (2019, 2020)}
    assert {row[:3] for row in found} == wanted and len(found) == 5
    assert [row[:2] for row in ask("high_tech_firms")] == [(HZ, 2021), (HZ, 2022)]


def test_rights_stand_until_they_end(tmp_path: Path) -> None:
    rows = [
        {"number": "t1", "kind": "trade_mark", "city": HZ, "registered": D("2019-05-01"), "expiry": D("2021-12-31")},
        {"number": "t2", "kind": "trade_mark", "city": HZ, "registered": D("2020-12-31")},
        {"number": "g1", "kind": "geographical_indication", "city": NB, "registered": D("2019-05-01")},
        {"number": "t3", "kind": "trade_mark", "city": HZ},
    ]
    records = Records(open_engine(), put(tmp_path, {"right": rows}))
    cells = records.engine.collect(measure_of("trade_marks_in_force").make(records, Rule(2018, 2022)))
    found = sorted(zip(cells["key"], cells["period"], strict=True))
    assert found == [("t1", 2019), ("t1", 2020), ("t2", 2020), ("t2", 2021), ("t2", 2022)]  # t1 ended on the last day of 2021


def test_lists_of_the_user(tmp_path: Path) -> None:
    records = Records(open_engine(), put(tmp_path, {}), SUPPLIED)

    def ask(code: str) -> set[tuple[str, int, int]]:
        cells = records.engine.collect(measure_of(code).make(records, Rule(2019, 2020)))
        return set(zip(cells["unit"], cells["period"], cells["share"], strict=True))

    assert ask("cases_accepted") == {(HZ, 2019, ONE), (HZ, 2020, ONE), ("610100", 2020, ONE)}
    assert ask("cases_closed") == {(HZ, 2020, ONE)}
    assert ask("services_abroad") == {(HZ, 2019, ONE), (NB, 2020, ONE)}
    assert ask("indication_users") == {(HZ, 2019, ONE), ("610100", 2019, ONE), (HZ, 2020, ONE)}
    assert ask("indication_value") == {(HZ, 2019, 150), (HZ, 2020, 225)}
