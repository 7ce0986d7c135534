"""Technology contracts by hand on made-up records (synthetic)."""

from __future__ import annotations

from pathlib import Path

from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, SH, Ask, D

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records

ONE = 10**9


def test_technology_contracts_by_seller_and_by_buyer(ask: Ask) -> None:
    assert ask("contracts_sold") == [(HZ, 2020, "c1", ONE), (HZ, 2020, "c2", ONE), ("unresolved", 2020, "c3", ONE)]
    assert {row[0]: row[2] for row in ask("contracts_bought")} == {SH: "c1", HZ: "c2", "abroad": "c3"}
    assert ask("contract_value_sold", internal="exclude") == [(HZ, 2020, "c1", 1025)]
    assert ask("contract_value_bought", kind="licence") == [(HZ, 2020, "c2", 550)]


def test_deals_across_the_border_and_contracts_without_a_number(tmp_path: Path) -> None:
    signed = {"signed": D("2020-01-01"), "amount": 1.005, "technical_amount": 1.0}
    rows = [
        {"seller": "甲", "buyer": "Y", "seller_city": HZ, "buyer_country": "DE", **signed},
        {"number": "n2", "seller": "X", "seller_country": "US", "buyer_city": SH, **signed},
        {"number": "n3", "seller": "X", "seller_country": "US", "buyer_country": "DE", **signed},
    ]
    records = Records(open_engine(), put(tmp_path, {"contract": rows}))

    def ask(code: str) -> list[tuple[str, str, int]]:
        cells = records.engine.collect(measure_of(code).make(records, Rule(2020, 2020)))
        return sorted(zip(cells["unit"], cells["key"], cells["share"], strict=True))

    assert ask("contract_value_sold_abroad") == [(HZ, "甲 → Y", 100), ("abroad", "n3", 100)]
    assert ask("contract_value_bought_abroad") == [(SH, "n2", 100), ("abroad", "n3", 100)]
    assert ask("technical_value_sold")[0] == (HZ, "甲 → Y", 100)
