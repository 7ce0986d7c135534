from __future__ import annotations

from pathlib import Path

import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import D

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.indicators.measures.records import Records, last_day


def test_a_table_may_lack_or_lie_in_several_files(tmp_path: Path) -> None:
    records = Records(open_engine(), tmp_path)
    assert records.engine.collect(records.table("firm"))["name"] == []
    for part in ("a", "b"):
        put(tmp_path / part, {"firm": [{"name": part, "type": "high_tech"}]})
        (tmp_path / "firm").mkdir(exist_ok=True)
        (tmp_path / part / "firm.parquet").rename(tmp_path / "firm" / f"{part}.parquet")
    again = Records(records.engine, tmp_path)
    assert sorted(again.engine.collect(again.table("firm"))["name"]) == ["a", "b"]


def test_what_the_user_must_supply_is_named(little: Path) -> None:
    records = Records(open_engine(), little)
    with pytest.raises(UsageError) as error:
        records.given("award")
    assert error.value.code == "input_missing" and error.value.values["name"] == "award"


def test_days_of_years_are_their_last(little: Path) -> None:
    records = Records(open_engine(), little)
    assert records.engine.collect(records.ends([1970, 2000])) == {"period": [1970, 2000], "end": [364, 11322], "then": [364, 11322]}
    assert records.engine.collect(records.ends([2000], 30))["then"] == [364] == [last_day(1970)]


def test_a_frame_is_worked_out_once(little: Path) -> None:
    records, made = Records(open_engine(), little), []

    def make() -> object:
        made.append(1)
        return records.table("firm")

    assert records.once("own", make) is records.once("own", make) and len(made) == 1  # type: ignore[arg-type]


def test_until_when_records_reach_is_told_by_what_dates_a_measure(tmp_path: Path) -> None:
    rows = {
        "application": [{"appno": "1", "first_publication": D("2020-01-01"), "granted": D("2021-01-01")}],
        "event": [
            {"appno": "1", "seq": 1, "effective": D("2030-01-01"), "published": D("2022-02-01")},
            {"appno": "1", "seq": 2, "effective": D("2022-01-01")},
        ],
    }
    records = Records(open_engine(), put(tmp_path, rows))
    found = {dated: records.until(dated) for dated in ("application", "event", "state", "contract", "firm")}
    days = {"application": D("2021-01-01"), "event": D("2022-02-01"), "state": D("2022-02-01")}
    wanted = {dated: (day - D("1970-01-01")).days for dated, day in days.items()}
    assert found == {**wanted, "contract": None, "firm": None}
    assert records.empty("contract") and not records.empty("event")
