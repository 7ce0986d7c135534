"""Technology contracts: numbers of sixteen digits, sellers of the nation's own cities."""

from __future__ import annotations

import duckdb

from tidu.records.rules import rules_of
from tidu.records.synth import deeds
from tidu.records.synth.nation import Nation, cities


def test_there_is_one_in_twenty_applications_whatever_the_chunks() -> None:
    assert len(deeds.contracts(Nation(1010, 5, 2014, 2023), 0)["serial"]) == 50
    nation = Nation(1010, 5, 2014, 2023, chunk=300)
    serials = [one for at in range(nation.chunks) for one in deeds.contracts(nation, at)["serial"].tolist()]
    assert serials == list(range(50))


def test_sellers_are_of_the_province() -> None:
    made = deeds.contracts(Nation(20_000, 5, 2014, 2023, "330000"), 0)
    assert {cities()[at].code[:2] for at in made["seller"].tolist()} == {"33"}
    assert len({cities()[at].code[:2] for at in made["buyer"].tolist()}) > 10
    assert (made["technical"] <= made["amount"]).all() and made["technical"].min() >= 1


def test_contracts_break_no_rule(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute(
        "create or replace temp view contract_told as select number, signed::varchar as signed, amount::varchar as amount,"
        " technical::varchar as technical_amount, 'service' as class, seller_place, buyer_place from deed"
    )
    for rule in rules_of("contract"):
        assert engine.sql(f"select count(*) from contract_told where {rule.broken}").fetchall() == [(0,)], rule.code
    assert engine.sql("select count(distinct number), count(*) from deed").fetchall() == [(200, 200)]
