"""The rows behind a number, on made-up records (synthetic)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, LITTLE, SH, D, event

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.indicators.compute import measured
from tidu.indicators.measure_file import Column, Order
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records
from tidu.indicators.trace import trace


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return Records(open_engine(), put(tmp_path_factory.mktemp("linked"), LITTLE))


def column(code: str, **rule: Any) -> Column:
    one = measure_of(code)
    return Column("x", Rule(2009, 2021, **{"clock": one.clock, **rule}), one)


def test_the_rows_say_what_they_are_and_add_up(records: Records) -> None:
    rows = trace(records, column("filings", counting="fractional_applicant"), HZ, 2010)
    assert [row["key"] for row in rows] == ["1"] and rows[0]["share"] == pytest.approx(2 / 3)
    assert rows[0]["title"] == "甲" and rows[0]["filing"] == "2010-01-01" and rows[0]["granted"] == "2012-05-05"
    assert [who["name"] for who in rows[0]["who"]] == ["company1", "university2", "institute3"]


def test_persons_are_masked(records: Records) -> None:
    rows = trace(records, column("filings"), HZ, 2020)
    assert [who["name"] for who in rows[0]["who"]] == ["李**"]


def test_deals_tell_both_sides_by_the_words_of_their_names(tmp_path: Path) -> None:
    rows = {
        "event": [
            event(
                "1", 1, "pledge", "2020-05-01", contract="P", giver="张三; 虚构甲公司", taker="虚构银行", giver_city=HZ, amount=12.5
            ),
            event("2", 1, "transfer", "2020-06-01", giver="李四", taker="ACME GmbH", giver_city=HZ, taker_city=SH),
        ]
    }
    records = Records(open_engine(), put(tmp_path, rows))
    pledge = trace(records, column("pledge_amount"), HZ, 2020)
    assert pledge == [
        {
            "key": "P",
            "share": 12.5,
            "title": "1",
            "kind": "pledge",
            "day": "2020-05-01",
            "contract": "P",
            "who": [{"name": "张**; 虚构甲公司"}, {"name": "虚构银行"}],
        }
    ]
    moved = trace(records, column("transfers_to_cities"), HZ, 2020)
    assert moved[0]["part"] == SH and [who["name"] for who in moved[0]["who"]] == ["李**", "ACME GmbH"]


def test_contracts_rights_and_lists(tmp_path: Path) -> None:
    rows = {
        "contract": [
            {"number": "c", "class": "service", "signed": D("2020-01-01"), "amount": 5.5, "seller": "虚构公司", "seller_city": HZ}
        ],
        "right": [
            {"number": "t", "kind": "trade_mark", "name": "虚构", "owner": "王五", "city": HZ, "registered": D("2020-02-02")}
        ],
    }
    cases = {"cases": {"key": ["k"], "unit": [HZ], "accepted": [2020], "closed": [None]}}
    records = Records(open_engine(), put(tmp_path, rows), cases)
    sold = trace(records, column("contract_value_sold"), HZ, 2020)
    assert sold == [
        {"key": "c", "share": 5.5, "kind": "service", "day": "2020-01-01", "amount": 5.5, "who": [{"name": "虚构公司"}]}
    ]
    mark = trace(records, column("trade_marks"), HZ, 2020)
    assert mark == [
        {"key": "t", "share": 1.0, "title": "虚构", "kind": "trade_mark", "day": "2020-02-02", "who": [{"name": "王**"}]}
    ]
    assert trace(records, column("cases_accepted"), HZ, 2020) == [{"key": "k", "share": 1.0}]
    assert trace(records, column("contract_value_sold"), "110000", 2020) == []


def test_a_figure_of_a_table_has_no_rows(records: Records) -> None:
    with pytest.raises(UsageError) as error:
        trace(records, Column("x", Rule(2020, 2020), None, "residents"), HZ, 2020)
    assert error.value.code == "no_rows"


@pytest.mark.parametrize("code", ["filings", "in_force", "mean_scope", "transfers_to_cities"])
def test_the_rows_of_every_cell_add_up_to_its_number(code: str, nation: Path) -> None:
    records = Records(open_engine(), nation)
    one = column(code, counting="fractional_applicant")
    panel = measured(records, Order((one,), {}, {})).panel
    seen = 0
    for u, unit in enumerate(panel.units):
        for t, period in enumerate(panel.periods[-3:-1], len(panel.periods) - 3):
            value = float(panel.values[u, t, 0])
            rows = trace(records, one, unit, int(period))
            below = sum(row["weight"] for row in rows) if one.measure is not None and one.measure.mean and rows else 1.0
            total = sum(row["share"] for row in rows) / below
            assert np.isnan(value) or total == pytest.approx(value, rel=1e-9)
            seen += len(rows)
    assert seen
