"""Registers: contracts, rights and firms, the last word of each number, placed by code or by name."""

from __future__ import annotations

from tests.records.linking.conftest import Linking


def test_registers_by_hand(linking: Linking) -> None:
    contract = {
        "number": "2023330100000001",
        "class": "service",
        "signed": "2023-05-06",
        "seller": "虚构甲公司",
        "seller_place": "330106",
    }
    made = linking(
        ("cn_contracts", {"contract": [{**contract, "amount": 1.0, "buyer": "虚构乙公司", "buyer_place": "320500"}]}),
        (
            "cn_contracts",
            {
                "contract": [
                    {**contract, "amount": 2.0, "buyer": "虚构乙公司"},
                    {"record": 2, "class": "licence", "seller": "虚构甲公司"},
                ],
                "right": [
                    {"number": "1", "kind": "trade_mark", "authority": "CN", "owner": "虚构甲公司; 虚构乙公司", "place": "杭州市"},
                    {"record": 2, "number": "1", "kind": "geographical_indication", "owner": "虚构协会", "place": "火星"},
                ],
                "firm": [{"name": "虚构甲公司", "type": "high_tech", "place": "苏州", "since": "2020-01-01"}],
            },
        ),
    )
    assert made.rows("select number, class, amount, seller_entity, seller_city, buyer_city from contract order by number") == [
        ("2023330100000001", "service", 2.0, "虚构甲公司", "330100", None),
        (None, "licence", None, "虚构甲公司", None, None),
    ]
    assert made.rows('select kind, owner_entity, city from "right" order by kind') == [
        ("geographical_indication", "虚构协会", None),
        ("trade_mark", "虚构甲公司", "330100"),
    ]
    assert made.rows("select name, entity, city, type, since from firm") == [
        ("虚构甲公司", "虚构甲公司", "320500", "high_tech", "2020-01-01")
    ]
    counts = {key: value for key, value in made.counts.items() if key.endswith("_without_city")}
    assert counts == {"contract_without_city": 2, "right_without_city": 1, "firm_without_city": 0}
